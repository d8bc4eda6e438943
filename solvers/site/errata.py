"""The list of errata: what a published key prints, what comes out here, and the slip between them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from solvers.dialects import TEX, write_value
from solvers.exact import agrees
from solvers.notation import tex_name
from solvers.site.linking import cell, link, ordered
from solvers.site.project import Project
from solvers.site.records import Paper, Record
from solvers.site.text import Values


def listed(project: Project, page: Path, badge: Callable[[str], str]) -> list[str]:
    out: list[str] = []
    for paper in project.papers():
        entries = [entry for record in ordered(project, paper) for entry in _erratum(project, page, paper, record)]
        if entries:
            out += ["", f"## {paper.facts.get('short', paper.id)}", "", *entries]
    return out or ["No slip has been found."]


def _erratum(project: Project, page: Path, paper: Paper, record: Record) -> list[str]:
    if record.verdict not in ("slip", "incomplete", "open"):
        return []
    values = project.values(paper, record)
    lines = [
        f"### {record.id} · {record.title}",
        "",
        f"[{paper.id}/{record.id}]({link(project, page, paper, record.id)})",
        "",
    ]
    rows, before = [], ""
    for label, printed in record.printed.items():
        ours = record.answer.get(label, record.lines.get(label))
        if ours is not None and not _same(ours, printed):
            how = cell(_how(record, label, values))
            told = "The same." if how == before else how
            rows.append(f"| ${_symbol(label)}$ | ${_digits(printed)}$ | ${_digits(ours)}$ | {told} |")
            before = how
    if rows:
        lines += ["| value | published | recomputed | the slip |", "|---|---|---|---|", *rows, ""]
    return [*lines, *_filled(record.because, values).split("\n"), ""]


def _filled(text: str, values: Values) -> str:
    """A text of the key with its values; what it cannot fill, the part's own page reports."""
    return "\n".join(values.fill([(1, row) for row in text.split("\n")], solved=True))


def _how(record: Record, label: str, values: Values) -> str:
    for rerun in record.slips:
        if label in rerun.lands:
            return f"{_filled(rerun.text, values)} **Reproduced from the slip.**"
    for rerun in record.conventions:
        if label in rerun.lands:
            return f"{_filled(rerun.text, values)} **Right under that convention.**"
    return "Could not be reconstructed." if label in record.unexplained else ""


def _same(ours: Any, printed: Any) -> bool:
    """True when the two write the same digits; the engine compares values, this only leaves rows out."""
    if isinstance(ours, list) and isinstance(printed, list):
        return len(ours) == len(printed) and all(_same(a, b) for a, b in zip(ours, printed))
    if isinstance(ours, int | Decimal) and isinstance(printed, int | Decimal):
        return agrees(ours, printed)
    return ours == printed


def _symbol(label: str) -> str:
    pieces = label.split(".")
    names = [piece for piece in pieces if not piece.isdigit()]
    return tex_name(names[-1], tuple(int(piece) for piece in pieces if piece.isdigit()))


def _digits(value: Any) -> str:
    if isinstance(value, str):
        return (
            _fraction(value) or rf"\text{{{value.replace('_', ' ')}}}"
            if not any(c in value for c in "*^")
            else _expression(value)
        )
    if isinstance(value, list):
        cells = [_digits(cell) for cell in value]
        return r"\left[" + r",\ ".join(cells) + r"\right]"
    return write_value(value, TEX)


def _fraction(text: str) -> str | None:
    top, slash, bottom = text.partition("/")
    sign, top = ("-", top[1:]) if top.startswith("-") else ("", top)
    return rf"{sign}\frac{{{top}}}{{{bottom}}}" if slash and top.isdigit() and bottom.isdigit() else None


def _expression(text: str) -> str:
    return text.replace("**", "^").replace("*", r"\,")
