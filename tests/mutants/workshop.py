"""A copy of the docs to break: one part's record and section are judged at a time, by the engine's own functions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from mutants.report import Mutant
from solvers.site import blocks
from solvers.site.check import text_problems
from solvers.site.key import load
from solvers.site.parts import solve
from solvers.site.problems import Problem, shown_path
from solvers.site.project import Project, read_page
from solvers.site.records import Paper
from solvers.site.runs import Run
from solvers.site.source import Section

HEADER = re.compile(r"^\[{1,2}(?:paper|parts(?:\.([\w-]+))?)\b[^=,]*\]\s*(?:#.*)?$")


@dataclass(frozen=True)
class Place:
    """One part where it stands: the page with its section, and the key's text with all other parts blanked."""

    paper: str
    part: str
    page: Path
    section: Section
    key: Path
    text: str

    @property
    def id(self) -> str:
        return f"{self.paper}/{self.part}"


def parts(docs: Path, papers: list[str]) -> list[Place]:
    """Every part that stands on a page, of all papers or of some."""
    project = Project(docs)
    return [
        Place(paper.id, id_, page, section, paper.file, only(paper.file.read_text(encoding="utf-8"), id_))
        for paper in project.papers()
        if not papers or paper.id in papers
        for id_, (page, section) in project.where(paper.id).items()
        if id_ in paper.records
    ]


def only(text: str, part: str) -> str:
    """A key with the records of all other parts blanked: lines keep their numbers, and it is read sooner."""
    rows, kept = [], True
    for row in text.split("\n"):
        header = HEADER.match(row)
        kept = header[1] in (None, part) if header else kept
        rows.append(row if kept else "")
    return "\n".join(rows)


def problems(place: Place, text: str, run: bool = False) -> list[Problem]:
    """What `check` says of a part whose record has this text; `run` computes its blocks anew."""
    return judged(place, paper_with(place, text), place.section, run)


def paper_with(place: Place, text: str) -> Paper:
    """The paper as the engine reads it from a key with this text; the file is put back."""
    whole = place.key.read_bytes()
    try:
        place.key.write_text(text, encoding="utf-8")
        return load(place.key, topics(place.key.parents[2]))
    finally:
        place.key.write_bytes(whole)


def judged(place: Place, paper: Paper, section: Section, run: bool = True) -> list[Problem]:
    """What `check` says of a section of a page."""
    compute = blocks.run
    try:
        blocks.run = compute if run else _run_once
        part = solve(section, paper, shown_path(place.page))
    finally:
        blocks.run = compute
    found = [*paper.problems, *Project(place.key.parents[2]).assumed(paper)]
    if part is not None:
        found += part.problems or text_problems(part)
    return found


_runs: dict[tuple[str, int], tuple[Section, Run]] = {}


def _run_once(section: Section, file: str) -> Run:
    """A part's blocks do not depend on its record: what they compute is kept while the record changes."""
    key = (file, id(section))
    if key not in _runs:
        _runs.clear()
        _runs[key] = (section, _compute(section, file))
    return _runs[key][1]


_compute = blocks.run


@lru_cache(maxsize=4)
def topics(docs: Path) -> dict[str, str]:
    return dict(Project(docs).topics())


def with_givens(section: Section, body: str) -> Section:
    return replace(section, givens=replace(section.givens, body=body))


def with_solution(section: Section, body: str) -> Section:
    assert section.solution is not None
    return replace(section, solution=replace(section.solution, body=body))


def section_of(page: Path, content: str, part: str) -> Section | None:
    """The section of a page with another text."""
    page.write_text(content, encoding="utf-8")
    return next((one for one in read_page(page)[0].sections if one.part == part), None)


def verdict(file: str, line: int, what: str, found: list[Problem], names: Iterator[str] | list[str]) -> Mutant:
    """A mutant is found when a problem stands at its line, names that line, or names one of `names` in words."""
    wanted = [re.compile(rf"(?<![\w.]){re.escape(name)}(?![\w])") for name in names]
    at = re.compile(rf"{re.escape(file)}:{line}(?!\d)")
    for one in found:
        if (one.file, one.line) == (file, line) or at.search(one.text) or any(name.search(one.text) for name in wanted):
            return Mutant(file, line, what, str(one))
    return Mutant(file, line, what, note=f"said: {found[0]}" if found else "")
