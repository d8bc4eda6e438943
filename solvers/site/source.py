"""Find what a page's author wrote: fences, parts, hints and values in the text. Nothing is run here.

Glossary
    fence    ``` kind argument … ```; the kinds of this site are `part`, `solution`, `list`, `show`, `check` and `exam`
    section  what belongs to one part: its `part` fence, question, options, hints, then what answers it: the `solution`
             fence or `!!! answer`, and after that the explanation and `!!! marks`
    lines    1-based numbers of the file, front matter included
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches

from solvers.site.options import OPTION, Option, split

KINDS = ("part", "solution", "list", "show", "check", "exam")
LANGUAGES = ("python", "text", "toml", "console", "markdown", "yaml", "bash", "json", "pycon", "diff")

FENCE = re.compile(r"^(?P<before>[\s>*+\-]*)(?P<marks>`{3,}|~{3,})[ \t]*(?P<info>[^`]*)$")
HINT = re.compile(r"^(\?\?\?\+?|!!!)[ \t]+hint\b")
ANSWER, MARKS = re.compile(r"^!!![ \t]+answer\b"), re.compile(r"^!!![ \t]+marks\b")
HEADING = re.compile(r"^#{1,2}[ \t]")
VALUE = re.compile(r"@\{([^{}\n]*)\}")
PROSE = re.compile(
    r"(?P<comment><!--(?:[^<]|<(?!!--))*?-->)|(?P<code>(?<!`)(`+)(?!`).+?(?<!`)\3(?!`))|(?P<display>\$\$.+?\$\$)"
    r"|(?P<math>(?<![\\$])\$(?=[^\s$])[^$\n]*?(?<=[^\s\\])\$(?!\d))",
    re.S,
)


@dataclass(frozen=True)
class Fence:
    """One fenced block: `kind` is the first word after the marks, `argument` the rest."""

    kind: str
    argument: str
    body: str
    line: int  # of the opening marks
    end: int  # of the closing marks


class Fenced(tuple):
    """A (number, line) inside a fence of another language: no heading and no hint begins there."""


@dataclass
class Section:
    """One part as it stands on the page; text is a list of (line number, line)."""

    part: str
    line: int
    givens: Fence
    question: list[tuple[int, str]] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    hints: list[list[tuple[int, str]]] = field(default_factory=list)
    solution: Fence | None = None
    answer: list[tuple[int, str]] = field(default_factory=list)
    explanation: list[tuple[int, str]] = field(default_factory=list)
    marks: list[tuple[int, str]] = field(default_factory=list)
    asked: bool = True  # while the page is read: the question is not over

    @property
    def answered(self) -> bool:
        """Is there anything that answers it?"""
        return bool(self.solution or self.answer or self.options)

    @property
    def at(self) -> int:
        """The line to name when something is wrong with the answer."""
        return self.solution.line if self.solution else self.line

    def texts(self) -> Iterator[tuple[list[tuple[int, str]], bool]]:
        """Every text of the author, and whether it may name computed values."""
        yield self.question, False
        yield from ((option.text, False) for option in self.options)
        yield from ((hint, False) for hint in self.hints)
        yield from ((option.reason, True) for option in self.options)
        yield from ((self.answer, True), (self.explanation, True), (self.marks, True))


@dataclass
class Page:
    """A page taken apart: sections, and free text with the fences that stand outside a part."""

    items: list[Section | Fence | tuple[int, str]] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)

    @property
    def sections(self) -> list[Section]:
        return [item for item in self.items if isinstance(item, Section)]


def without_end(lines: list[str]) -> list[str]:
    """Without the blank lines at the end: generators add and remove some, and the last part of a page stays the same."""
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    return lines[:end]


def find(lines: list[str], first: int = 1) -> Page:
    """Take a page apart; `first` is the file's line number of lines[0]. Problems are (line, text) pairs."""
    page = Page()
    section: Section | None = None
    for item in _scan(lines, first, page.problems):
        if isinstance(item, Fence) and item.kind == "part":
            section = Section(item.argument, item.line, item)
            page.items.append(section)
        elif isinstance(item, Fence) and item.kind == "solution":
            _attach(section, item, page.problems)
        elif section is None or _ends(item, section):
            section = None
            page.items.append(item)
        elif isinstance(item, Fence):
            page.problems.append((item.line, f"a {item.kind!r} fence inside part {section.part}; move it out of it"))
        else:
            section.asked = section.asked and not _answers(item)
            (section.question if section.asked else section.explanation).append(item)
    for part in page.sections:
        if not part.part:
            page.problems.append((part.line, "a part fence names no part; write ``` part 4a"))
        part.question, part.hints = _indented_blocks(part.question, HINT)
        part.question, part.options = split(part.question, page.problems)
        part.answer, part.explanation = _block(part.explanation, ANSWER)
        part.marks, part.explanation = _block(part.explanation, MARKS)
        if not part.answered:
            why = "no solution fence follows; add ``` solution, or !!! answer, or options as - [x] a. text"
            page.problems.append((part.line, f"part {part.part}: {why}"))
    return page


def _attach(section: Section | None, fence: Fence, problems: list[tuple[int, str]]) -> None:
    if section is None:
        problems.append((fence.line, "a solution fence outside a part; begin the part with ``` part <id>"))
    elif section.solution is not None:
        problems.append((fence.line, f"part {section.part}: a second solution fence; one block solves a part"))
    else:
        section.solution, section.asked = fence, False


def _answers(item: tuple[int, str]) -> bool:
    """Does the answer in words, or what loses marks, begin on this line? Then the question is over."""
    return not isinstance(item, Fenced) and bool(ANSWER.match(item[1]) or MARKS.match(item[1]))


def _ends(item: object, section: Section) -> bool:
    """A heading of level 1 or 2 after what answers it ends a part."""
    text = isinstance(item, tuple) and not isinstance(item, Fenced)
    ended = not section.asked or any(OPTION.match(line) for _, line in section.question)
    return text and ended and bool(HEADING.match(item[1]))


def _scan(lines: list[str], first: int, problems: list[tuple[int, str]]) -> Iterator[Fence | tuple[int, str]]:
    """Fences of this site, and every other line; fences of other languages pass through line by line."""
    position, comment = 0, False
    while position < len(lines):
        line, number = lines[position], position + first
        opening = FENCE.match(line)
        if opening is None:
            comment = _in_comment(line, comment)
            yield number, line
            position += 1
            continue
        kind, _, argument = opening["info"].strip().partition(" ")
        close = _closing(lines, position, opening["marks"])
        problem = _misplaced(kind, argument, opening["before"], comment, close)
        if problem:
            problems.append((number, problem))
        end = len(lines) - 1 if close is None else close
        if kind in KINDS and not problem:
            yield Fence(kind, argument.strip(), "\n".join(lines[position + 1 : end]), number, end + first)
        else:
            yield from (Fenced((at + first, lines[at])) for at in range(position, end + 1))
        position = end + 1


def _closing(lines: list[str], opening: int, marks: str) -> int | None:
    pattern = re.compile(rf"^[\s>*+\-]*{re.escape(marks[0])}{{{len(marks)},}}\s*$")
    return next((at for at in range(opening + 1, len(lines)) if pattern.match(lines[at])), None)


def _misplaced(kind: str, argument: str, before: str, comment: bool, close: int | None) -> str | None:
    ours = kind in KINDS
    if close is None:
        return f"the fence ``` {kind} is never closed; end it with ``` on a line of its own"
    if not ours:
        stray = [word for word in re.findall(r"\w+", argument) if word.lower() in KINDS]
        if kind.lower() in LANGUAGES and not stray:
            return None
        if not kind:
            return None
        near = get_close_matches(kind.strip("{.}").lower(), [*KINDS, *LANGUAGES], 1)
        meant = stray[0].lower() if stray else near[0] if near else None
        return f"unknown fence {(kind + ' ' + argument).strip()!r}" + (
            f"; did you mean ``` {meant}?" if meant else f"; the kinds are {', '.join(KINDS)}"
        )
    if comment:
        return f"a {kind} fence inside a comment is never run; take it out of <!-- … -->"
    if before:
        return f"a {kind} fence must start at the beginning of its line"
    return None


def _in_comment(line: str, comment: bool) -> bool:
    bare = re.sub(r"`[^`]*`", "", line)
    for mark in re.findall(r"<!--|-->", bare):
        comment = mark == "<!--"
    return comment


def _block(
    lines: list[tuple[int, str]], opening: re.Pattern[str]
) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """What stands in the blocks that such a line opens, and the rest."""
    rest, blocks = _indented_blocks(lines, opening)
    return [line for block in blocks for line in block], rest


def _indented_blocks(
    lines: list[tuple[int, str]], opening: re.Pattern[str]
) -> tuple[list[tuple[int, str]], list[list[tuple[int, str]]]]:
    """Split off the blocks that such a line opens and indentation continues; their text loses the indentation."""
    rest: list[tuple[int, str]] = []
    blocks: list[list[tuple[int, str]]] = []
    inside = False
    for item in lines:
        number, line = item
        if opening.match(line) and not isinstance(item, Fenced):
            inside = True
            blocks.append([])
        elif inside and (line.startswith(("    ", "\t")) or not line.strip()):
            blocks[-1].append((number, line.removeprefix("\t") if line.startswith("\t") else line[4:]))
        else:
            inside = False
            rest.append(item)
    return rest, blocks


def prose(text: str) -> Iterator[tuple[str, str, int]]:
    """(kind, text, offset) of the pieces of Markdown text: text, code, math, display or comment."""
    at = 0
    for match in PROSE.finditer(text):
        if match.start() > at:
            yield "text", text[at : match.start()], at
        yield match.lastgroup or "code", match.group(), match.start()
        at = match.end()
    if at < len(text):
        yield "text", text[at:], at
