"""Class `givens`: every number of a `part` fence with its last digit changed, and with its sign flipped."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mutants import workshop
from mutants.report import Mutant
from mutants.workshop import Place
from solvers.site.problems import shown_path


def mutants(place: Place) -> Iterator[Mutant]:
    file, body, first = shown_path(place.page), place.section.givens.body, place.section.givens.line + 1
    paper = workshop.paper_with(place, place.text)
    for line, name, what, changed in changes(body):
        found = workshop.judged(place, paper, workshop.with_givens(place.section, changed))
        yield workshop.verdict(
            file, line + first - 1, f"part {place.part}: {name}: {what}", found, [f"part {place.part}"]
        )


def changes(body: str) -> Iterator[tuple[int, str, str, str]]:
    """(line, the given, what changes, the block with it changed) for every number of the givens."""
    rows = body.split("\n")
    for statement in ast.parse(body).body:
        negated = {id(node.operand) for node in ast.walk(statement)
                   if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)}  # fmt: skip
        name = ast.unparse(statement.targets[0]) if isinstance(statement, ast.Assign) else ast.unparse(statement)
        for node in ast.walk(statement):
            if not isinstance(node, ast.Constant) or type(node.value) not in (int, float):
                continue
            row, start, end = rows[node.lineno - 1], node.col_offset, node.end_col_offset or 0
            assert row.isascii() or row[:end].isascii(), "positions count bytes"
            for before, old, new in _changed(row, start, end, id(node) in negated, node.value):
                changed = [*rows[: node.lineno - 1], row[:before] + new + row[end:], *rows[node.lineno :]]
                yield node.lineno, name, f"{old} -> {new}", "\n".join(changed)


def _changed(row: str, start: int, end: int, negative: bool, value: float) -> Iterator[tuple[int, str, str]]:
    """(where it begins, what stood there, what stands there now)."""
    number = row[start:end]
    yield start, number, number[:-1] + str((int(number[-1]) + 1) % 10)
    if negative and value:
        minus = row.rindex("-", 0, start)
        yield minus, row[minus:end], number
    elif value:
        yield start, number, f"-{number}"
