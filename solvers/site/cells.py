"""What a notebook holds: the text of its page as Markdown cells, its blocks as code cells, word for word."""

from __future__ import annotations

import json
import os
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from solvers.site import citations, published, ranges, render, rows, text
from solvers.site.blocks import solvers_used
from solvers.site.edit import toml
from solvers.site.part import Part
from solvers.site.project import Project
from solvers.site.records import Paper
from solvers.site.source import Page, Section, prose

LINK = re.compile(r"\[([^\[\]]*)\]\((?![a-z]+:)([^)#\s]*)(#[^)\s]*)?\)(\{:[^}]*\})?")
FOLDED = {"cellView": "form", "jupyter": {"source_hidden": True}, "tags": ["hide-input"]}
LICENCE = "Texts [CC BY 4.0](https://creativecommons.org/licenses/by/4.0/), code MIT"
HOW = """**To run it** (Python 3.11 or newer):

```sh
{clone}python -m pip install {folder} jupyterlab
jupyter lab
```

Run the cells from top to bottom. A solution shows its working and compares every number with the digits in the folded
cell `%%key`; one that differs stops it. Change a given and run the part again: the working follows, and nothing is compared."""

Fill = Callable[..., str]  # (lines of the page, may they name computed values) -> text


@dataclass(frozen=True)
class Site:
    """What a notebook says of where it comes from; each may be empty."""

    name: str = ""
    address: str = ""
    repository: str = ""
    ending: str = "/"  # of a page's address: "/" or ".html"


@dataclass(frozen=True)
class Cell:
    """One cell: "markdown" or "code"."""

    id: str
    kind: str
    source: str
    metadata: Mapping[str, Any] = field(default_factory=dict)


class Writer:
    """Writes the cells of one page."""

    def __init__(self, project: Project, page: Path, paper: Paper, site: Site):
        self.project, self.page, self.paper, self.site = project, page, paper, site
        self.bibliography = project.bibliography()

    def cells(self, found: Page, parts: Mapping[str, Part]) -> list[Cell]:
        """All cells, in the order of the page: text that stands outside the parts, the parts, the sources."""
        first = next(at for at, item in enumerate(found.items) if isinstance(item, Section))
        own = self.plain([item[1] for item in found.items[:first] if isinstance(item, tuple)]).strip()
        made = [Cell("title", "markdown", self.title(own)), Cell("set-up", "code", _set_up(parts.values()))]
        between: list[str] = []
        for item in [*found.items[first:], None]:
            if isinstance(item, tuple):
                between.append(item[1])
                continue
            if any(line.strip() for line in between):
                made.append(Cell(f"text-{len(made)}", "markdown", self.plain(between)))
            between = []
            if isinstance(item, Section) and item.part in parts:
                made += self.part(parts[item.part])
        used = {s.key: s for part in parts.values() for s in citations.used(part, self.bibliography)}
        if used:
            lines = [f"- {rows.plain(source.text)} <{source.url}>" for source in used.values()]
            made.append(Cell("sources", "markdown", "\n".join(["## Sources", "", *lines])))
        return made

    def title(self, own: str) -> str:
        facts, site = self.paper.facts, self.site
        own = own if re.search(r"(?m)^# ", own) else f"# {facts['title']}\n\n{own}"
        where = " · ".join(facts[name] for name in ("title", "institution", "course", "year"))
        address = f"The page: <{self.address(self.page)}>" if site.address else ""
        clone = f"git clone {site.repository}\n" if site.repository else ""
        folder = f"./{site.repository.rpartition('/')[2]}" if site.repository else "."
        owner = f", by the {site.name} contributors" if site.name else ""
        return _paragraphs([own, where, address, HOW.format(clone=clone, folder=folder), f"{LICENCE}{owner}."])

    def part(self, part: Part) -> Iterator[Cell]:
        """The question with its givens and hints, the solution with its key, the answer."""
        section, record, values = part.section, part.record, text.of(part)

        def fill(lines: Sequence[tuple[int, str]], solved: bool = True) -> str:
            return self.plain(values.fill(lines, solved)).strip()

        name = re.sub(r"[^A-Za-z0-9_-]", "-", record.id)
        marks = f"{record.marks} {'mark' if record.marks == '1' else 'marks'}" if record.marks else ""
        options = "\n".join(f"- [ ] {option.label}. {fill(option.text, False)}" for option in section.options)
        question = [f"## {record.id} · {record.title}", marks, fill(section.question, False), options]
        yield Cell(f"{name}-question", "markdown", _paragraphs(question))
        if section.givens.body.strip():
            yield Cell(f"{name}-givens", "code", f"%%part {record.id}\n{ranges.without(section.givens.body)}")
        if section.hints:
            count = len(section.hints)
            hints = [_details(f"Hint {number} of {count}", [fill(hint, False)])
                     for number, hint in enumerate(section.hints, start=1)]  # fmt: skip
            yield Cell(f"{name}-hints", "markdown", _paragraphs(hints))
        if section.solution is not None:
            yield Cell(f"{name}-key", "code", f"%%key {record.id}\n{_key(part)}", FOLDED)
            yield Cell(f"{name}-solution", "code", f"%%solution {record.id}\n{section.solution.body}")
        after = [_details("Answer", answer(part, fill)), _details("Why", _why(part, fill)),
                 _details("Published key", _published(part, fill))]  # fmt: skip
        yield Cell(f"{name}-answer", "markdown", _paragraphs(after))

    def plain(self, lines: Sequence[str]) -> str:
        """An author's Markdown without what only the site understands: citations, comments, links to its pages."""
        pieces = []
        for kind, piece, _ in prose(citations.plain("\n".join(lines), self.bibliography)):
            if kind != "comment":
                pieces.append(LINK.sub(self.linked, piece) if kind == "text" else piece)
        return "".join(pieces)

    def linked(self, match: re.Match[str]) -> str:
        """A link to a page of the site, by its whole address; without one, only the text."""
        if not self.site.address:
            return match[1]
        page = self.page.parent / match[2] if match[2] else self.page
        return f"[{match[1]}]({self.address(page)}{match[3] or ''})"

    def address(self, page: Path) -> str:
        """The whole address of a page, or of another file of the docs folder."""
        path = os.path.relpath(os.path.normpath(page), self.project.docs).replace(os.sep, "/")
        if path.endswith(".md"):
            path = path.removesuffix(".md") + self.site.ending
            path = path.removesuffix("index" + self.site.ending)
        return f"{self.site.address}/{path}"


def _set_up(parts: Iterable[Part]) -> str:
    used: dict[str, set[str]] = {}
    for part in parts:
        for module, names in solvers_used(part.section, part.file).items():
            used.setdefault(module, set()).update(names)
    return "\n".join(["%load_ext solvers.site.magics", *(_import(module, used[module]) for module in sorted(used))])


def _import(module: str, names: Iterable[str]) -> str:
    line = f"from {module} import {', '.join(sorted(names))}"
    if len(line) <= 100:
        return line
    inside = textwrap.fill(", ".join(sorted(names)) + ",", 96, initial_indent="    ", subsequent_indent="    ")
    return f"from {module} import (\n{inside}\n)"


def _key(part: Part) -> str:
    """The page's own givens and the digits of the key, as TOML."""
    given = part.section.givens.body
    lines = [f"givens = '''\n{given}\n'''" if "'''" not in given else f"givens = {json.dumps(given)}"]
    for name, table in (("answer", part.record.answer), ("lines", part.record.lines)):
        entries = [f"{_quoted(label)} = {toml(digits)}" for label, digits in table.items()]
        lines += ["", f"[{name}]", *entries] if entries else []
    return "\n".join(lines)


def _quoted(label: str) -> str:
    return json.dumps(label) if "." in label else label


def answer(part: Part, fill: Fill) -> Iterator[str]:
    """The answer as Markdown: in words, the options with their reasons, the values."""
    section, record = part.section, part.record
    yield fill(section.answer)
    yield from decided(part, fill)
    yield fill([(record.line, record.text)])
    yield ", ".join(rows.answers(part))


def decided(part: Part, fill: Fill) -> Iterator[str]:
    """The options of a choice question with their reasons, and other readings of it."""
    for option in part.section.options:
        yield f"**{option.label} is {'right' if option.right else 'wrong'}.** {fill(option.reason)}"
    for reading in part.record.readings:
        yield f"**Another reading: {', '.join(reading.right)}.** {fill([(reading.line, reading.text)])}"


def _why(part: Part, fill: Fill) -> Iterator[str]:
    yield fill(part.section.explanation)
    if part.section.marks:
        yield f"**What loses marks.** {fill(part.section.marks)}"


def _published(part: Part, fill: Fill) -> Iterator[str]:
    record = part.record
    yield f"**{render.BADGES[record.verdict][1]}.** {fill([(record.line, record.because)])}"
    yield rows.printed(part)
    for rerun in record.reruns:
        yield f"**{published.lead(part, rerun)}.** {fill([(rerun.line, rerun.text)])}"
    if record.unexplained:
        symbols = ", ".join(f"${published.symbol(part, label)[0]}$" for label in record.unexplained)
        yield f"Could not be reconstructed: {symbols}."


def _details(summary: str, texts: Iterable[str]) -> str:
    """Folded; nothing when there is no text."""
    body = _paragraphs(texts)
    return f"<details><summary>{summary}</summary>\n\n{body}\n\n</details>" if body else ""


def _paragraphs(texts: Iterable[str]) -> str:
    return "\n\n".join(text for text in texts if text.strip())
