"""A built site read back: what stands in its files is compared with what the keys and solvers give once more.

Every row of numbers is on its page twice, as a formula to see and in words to hear, written by two writers. Both must
have the same digits, and the words, the boxes for own answers and their order must be those of a part that is solved now.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from solvers.site import published, render, tries
from solvers.site.part import Part
from solvers.site.parts import solve
from solvers.site.problems import Problem, shown_path
from solvers.site.project import Project, read_page

HOLDERS, REGIONS = ("li", "td", "th"), ("ul", "ol", "table")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
NAMED = re.compile(r"(?<=∇)2")  # ∇² is a name, and heard as one
MANTISSA = re.compile(r"(?<![\d.])1·10\^")  # heard as 1·10^-8, seen as a power alone
STEPS = "ol steps"  # here a formula may name what the words say with a number: a square, a half, an inverse
LAST = re.compile(r"(-?\d+(?:\s\d{3})*(?:\.\d+|/\d+)?)(?:·10\^(-?\d+))?$")  # 1 968 128, 7/6, 9.5·10^-7
BOX = ("data-value", "data-exact", "data-known")


@dataclass
class Row:
    """A row, a cell or a box: its line in the file, the list or table it is in, what is seen and what is heard."""

    line: int
    region: str
    name: str = ""
    seen: str = ""
    heard: str = ""
    box: tuple[str, ...] = ()

    @property
    def written(self) -> tuple[object, ...]:
        return self.name, self.seen, self.heard, self.box

    @property
    def digits(self) -> tuple[list[str], list[str]]:
        """The digits that are seen and those that are heard, sorted: a fraction is set from below."""
        seen, heard = NAMED.sub("", self.seen), MANTISSA.sub("10^", self.heard)
        return sorted(filter(str.isdigit, seen)), sorted(filter(str.isdigit, heard))


@dataclass
class _Open:
    tag: str
    classes: str
    hidden: bool
    row: Row | None = None


class Reader(HTMLParser):
    """The rows of a page that are written twice, in its order."""

    def __init__(self, text: str):
        super().__init__()
        self.rows: list[Row] = []
        self.open: list[_Open] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        known = dict(attributes)
        row = self._row()
        if "data-value" in known and row is not None:
            row.box = tuple(known.get(name) if name in known else None for name in BOX)  # type: ignore[misc]
        if tag in VOID:
            return
        classes = known.get("class") or ""
        # The navigation has no numbers; its titles alone are heard.
        holds = tag in HOLDERS and not any(one.tag == "nav" for one in self.open)
        new = Row(self.getpos()[0], self._region(), known.get("id") or "") if holds else None
        self.open.append(_Open(tag, classes, known.get("aria-hidden") == "true", new))

    def handle_endtag(self, tag: str) -> None:
        while self.open:
            closed = self.open.pop()
            if closed.row is not None and (closed.row.heard or closed.row.box):
                self.rows.append(closed.row)
            if closed.tag == tag:
                return

    def handle_data(self, data: str) -> None:
        row = self._row()
        if row is None:
            return
        if any("twin" in one.classes.split() for one in self.open):
            row.heard += data
        elif any(one.hidden for one in self.open):
            row.seen += data

    def _row(self) -> Row | None:
        return next((one.row for one in reversed(self.open) if one.row is not None), None)

    def _region(self) -> str:
        return next((f"{one.tag} {one.classes}".strip() for one in reversed(self.open) if one.tag in REGIONS), "")


def site(project: Project, folder: Path) -> Iterator[Problem]:
    """What differs in a built site."""
    solved = {file: parts for paper in project.papers() for file, parts in pages(project, paper.id, folder)}
    for file, parts in solved.items():
        yield from (problem for part in parts for problem in part.problems)
        yield from page(file, parts)
    for file in sorted(folder.rglob("*.html")):
        if file not in solved:
            yield from twins(file, Reader(file.read_text(encoding="utf-8")).rows)


def pages(project: Project, paper: str, folder: Path) -> Iterator[tuple[Path, list[Part]]]:
    """The built pages of a paper with their parts, solved now."""
    known = project.paper(paper)
    for source in project.pages(paper) if known else ():
        found = [solve(section, known, shown_path(source)) for section in read_page(source)[0].sections]
        parts = [part for part in found if part is not None]
        if parts:
            yield folder / source.relative_to(project.docs).with_suffix("") / "index.html", parts


def page(file: Path, parts: list[Part]) -> Iterator[Problem]:
    """The rows of one page against those of its parts, list by list."""
    if not file.is_file():
        yield Problem(shown_path(file), 1, "there is no such page; build the site first")
        return
    yield from compared(file, Reader(file.read_text(encoding="utf-8")).rows, expected(parts), digits(parts))


def compared(file: Path, found: list[Row], due: list[Row], held: dict[str, Any]) -> Iterator[Problem]:
    """Rows that were read against rows that were written now; what is a number against the key; formulas against words."""
    for region in dict.fromkeys(row.region for row in due):
        mine, wanted = ([row for row in rows if row.region == region] for rows in (found, due))
        yield from _compared(shown_path(file), mine, wanted)
    for row in found:
        if row.name in held and _last(row.heard) != Fraction(held[row.name]):
            yield Problem(
                shown_path(file),
                row.line,
                f"{row.name}: the page ends with {row.heard!r}, the key says {held[row.name]}",
            )
    yield from twins(file, [row for row in found if row.region != STEPS])


def digits(parts: list[Part]) -> dict[str, Any]:
    """id of a row -> the number that the key holds for its line."""
    found = {}
    for part in parts:
        answers = {
            source: part.record.answer[label]
            for label, source in part.run.answers.items()
            if label in part.record.answer
        }
        rows = {**part.record.lines, **answers}
        found |= {
            f"{part.record.id}.{label}": value for label, value in rows.items() if isinstance(value, int | Decimal)
        }
    return found


def _last(heard: str) -> Fraction | None:
    """The number that a row ends with."""
    number = LAST.search(heard.replace("−", "-"))
    if number is None:
        return None
    return Fraction(re.sub(r"\s", "", number[1])) * Fraction(10) ** int(number[2] or 0)


def expected(parts: list[Part]) -> list[Row]:
    """The rows of parts that are solved now."""
    return [row for part in parts for row in Reader(_written(part)).rows]


def _written(part: Part) -> str:
    reruns = [published.rerun_lines(part, run, rerun.lands) for rerun, run in part.reruns]
    return "\n".join([render.givens(part), tries.boxes(part), render.answers(part), render.derivation(part),
                      render.tables(part), published.table(part), *reruns])  # fmt: skip


def _compared(file: str, found: list[Row], due: list[Row]) -> Iterator[Problem]:
    for row, wanted in zip(found, due):
        if row.written != wanted.written:
            shown, right = (" | ".join(map(str, (one.heard, one.seen, *one.box))) for one in (row, wanted))
            yield Problem(file, row.line, f"{wanted.name or wanted.region}: the page has {shown!r}, due is {right!r}")
            return
    if len(found) != len(due):
        yield Problem(file, 1, f"{due[0].region}: the page has {len(found)} rows, due are {len(due)}")


def twins(file: Path, rows: list[Row]) -> Iterator[Problem]:
    """Rows whose formula and words have different digits."""
    for row in rows:
        seen, heard = row.digits
        if row.heard and seen != heard:
            what = f"{row.name or row.region}: the digits that are seen, {row.seen!r}, are not those that are heard, {row.heard!r}"
            yield Problem(shown_path(file), row.line, what)
