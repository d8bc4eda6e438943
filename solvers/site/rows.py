"""A part as Markdown with TeX between dollar signs: the lines, tables and answers that a notebook shows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from solvers.dialects import TEX, write_value
from solvers.exact import Choice, elements
from solvers.notation import tex_name
from solvers.site import published, render
from solvers.site.agreement import equals_shown
from solvers.site.columns import columns
from solvers.site.linking import cell
from solvers.site.part import Part
from solvers.traces import Trace

SPECIAL = re.compile(r"([\\*_<>\[\]$#])")


def derivation(part: Part) -> str:
    """Every line, numbered: symbols = substituted numbers = value, and the reason."""
    return "\n".join(_derivation(part)).strip()


def _derivation(part: Part) -> Iterator[str]:
    number = 0
    for item in part.run.items:
        trace = item.value if isinstance(item.value, Trace) else None
        if trace is None and isinstance(item.value.value, Choice):  # the options show it
            continue
        head = f"**{plain(item.caption)}**" if item.caption else ""
        head = " ".join(filter(None, (head, plain(trace.summary) if trace else "")))
        yield from ("", head, "") if head else ()
        for label, line in item.labelled():
            number += 1
            cells = columns(part, label, line, trace.symbols if trace else {}, TEX)
            shown = " ".join(rf"$\displaystyle {text}$" for text in cells if text)
            yield f"{number}. {shown}" + (f" — *{plain(line.reason)}*" if line.reason else "")


def plain(text: str) -> str:
    """A comment or a docstring as Markdown: only the `names` in it are code."""
    pieces = re.split(r"(`[^`]+`)", text)
    return "".join(piece if piece.startswith("`") else SPECIAL.sub(r"\\\1", piece) for piece in pieces)


def answers(part: Part) -> list[str]:
    """The asked values, each as a formula."""
    shown = []
    for label, source in part.run.answers.items():
        value, what = part.run.lines[source].value, part.shown[label]
        if not isinstance(value, Choice):
            relation = "=" if equals_shown(value, what) else r"\approx"
            shown.append(f"${tex_name(label)} {relation} {write_value(what, TEX)}$")
    return shown


def tables(part: Part) -> Iterator[str]:
    """Every `table(...)` of the solution."""
    for table in part.run.tables:
        values = [elements(part.shown.get(label, part.run.givens.get(label))) for label in table.values()]
        heads = [f"${render.label_tex(title)}$" for title in table]
        yield _table(heads, [[f"${write_value(one, TEX)}$" for one in row] for row in zip(*values)])


def printed(part: Part) -> str:
    """The digits of the published key beside ours."""
    rows = []
    for label, digits in part.record.printed.items():
        theirs = published.digits_shown(digits, part.run.value(label), part.run.givens)
        same = part.agrees[label]
        ours = theirs if same else part.shown[label]
        values = [f"${write_value(value, TEX)}$" for value in (theirs, ours)]
        rows.append([f"${published.symbol(part, label)[0]}$", *values, "✓ agrees" if same else "✗ differs"])
    return _table(["value", "published", "recomputed", ""], rows) if rows else ""


def _table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cell(text) for text in line)} |" for line in lines)
