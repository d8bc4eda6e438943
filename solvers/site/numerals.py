"""No number is typed where the computation could supply it: the numerals of an answer, an explanation, a slip are held against this.

A numeral may stand as it is when it is

    counting    0, 1 or 2: limits, the unit, halves, squares and pairs are words of the language
    the key's   a number of the published digits, of a slip's replacement or given, or of an expression that the key holds
    the code's  in a comment of a solution, a number that its code is called with
    cited       a figure of a source, in a sentence that cites it
    a name      as in GPT-3, or base 10
    an index    of a formula, or the number of a list's item

Everything else is written `@{name}`, and comes from a given, a line or an answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from solvers.exact import elements
from solvers.site.citations import CITATION
from solvers.site.part import Part
from solvers.site.problems import Problem
from solvers.site.records import Record
from solvers.site.source import VALUE, Fence, prose

COUNTING = {"0", "1", "2"}
NUMERAL = re.compile(r"(?<![\w@#.])\d+(?:\.\d+)?(?![\w])")
TYPED = re.compile(r"(?<![\w])\d+(?:\.\d+)?")
# A link's address, an attribute, an item's number, a name with a number, an index: `_{12}`, `_3`.
ASIDE = re.compile(r"\]\([^)]*\)|\{:[^}]*\}|^\s*\d+\.\s|\b[A-Z][A-Za-z]*-\d+\b|\bbase \d+|_\{[^{}]*\}|_\d", re.M)
COMMENT = re.compile(r"(?:^|\s)#\s*(.*)$")
SENTENCE = re.compile(r"(?<=[.!?:])\s+(?=[A-Z0-9$@(*])")

Lines = Sequence[tuple[int, str]]


def problems(part: Part) -> Iterator[Problem]:
    """Every numeral of a part's answer, explanation and texts on its key that is typed and may not be."""
    record, section = part.record, part.section
    known = COUNTING | _of_key(record)
    for lines in (section.answer, section.explanation, section.marks, *(option.reason for option in section.options)):
        yield from _typed(lines, known, part.file, record.id)
    yield from _typed(_comments(section.solution), known | _of_code(section.solution), part.file, record.id)
    told = [(record.line, record.because), (record.line, record.text)]
    told += [(again.line, again.text) for again in (*record.reruns, *record.readings)]
    for line, text in told:
        yield from _typed([(line, text)], known, part.key, record.id)


def _comments(fence: Fence | None) -> Lines:
    """The captions and reasons of a solution, which the page shows."""
    rows = enumerate(fence.body.split("\n"), start=fence.line + 1) if fence is not None else ()
    return [(line, COMMENT.search(row)[1]) for line, row in rows if COMMENT.search(row)]


def _of_code(fence: Fence | None) -> set[str]:
    """The numbers that the code itself is called with."""
    rows = fence.body.split("\n") if fence is not None else []
    return {number for row in rows for number in TYPED.findall(COMMENT.sub("", row))}


def _typed(lines: Lines, known: set[str], file: str, part: str) -> Iterator[Problem]:
    text = "\n".join(line for _, line in lines)
    for numeral, at in typed(text):
        if numeral not in known:
            row = lines[min(text.count("\n", 0, at), len(lines) - 1)][0]
            yield Problem(file, row, f"part {part}: {numeral} is typed; write the given, line or answer that it is as "
                                     "@{name}, or cite the source that says it")  # fmt: skip


def typed(text: str) -> Iterator[tuple[str, int]]:
    """(numeral, offset) of every numeral in Markdown text that is neither a value nor cited, named or an index."""
    blank = "".join(_blanked(kind, piece) for kind, piece, _ in prose(text))
    for start, end in _sentences(blank):
        if not CITATION.search(blank, start, end):
            yield from ((match[0], start + match.start()) for match in NUMERAL.finditer(blank[start:end]))


def _blanked(kind: str, piece: str) -> str:
    """A piece with what is no numeral of the author's taken out; its length stays."""
    if kind in ("code", "comment"):
        return re.sub(r"[^\n]", " ", piece)
    for pattern in (VALUE, ASIDE):
        piece = pattern.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), piece)
    return piece


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in SENTENCE.finditer(text):
        yield start, match.start()
        start = match.end()
    yield start, len(text)


def _of_key(record: Record) -> set[str]:
    """The numbers that the key itself writes: as printed, in replacements, in expressions."""
    values: list[Any] = [*record.printed.values()]
    values += [value for value in (*record.answer.values(), *record.lines.values()) if _is_expression(value)]
    for again in record.reruns:
        values += [*again.replace.values(), *again.given.values()]
    return {number.lstrip("-") for value in values for cell in elements(value) for number in TYPED.findall(str(cell))}


def _is_expression(value: Any) -> bool:
    return any(isinstance(cell, str) for cell in elements(value))
