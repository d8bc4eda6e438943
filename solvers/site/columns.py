"""A line of a derivation as (symbols, numbers, value), in TeX or in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from solvers.dialects import TEX, Dialect, write_value
from solvers.exact import elements, is_array
from solvers.formula import Writer
from solvers.site.agreement import equals_shown
from solvers.site.checks import is_step
from solvers.site.part import Part
from solvers.traces import Line, Trace


def columns(part: Part, label: str, line: Line, symbols: Mapping[str, str], dialect: Dialect) -> tuple[str, str, str]:
    """A line as (name = symbols, = numbers, = value) in a dialect; what says nothing new is empty."""
    if is_step(line):
        return symbolic(line, symbols, dialect), "", ""
    shown = {name: part.digits_of.get(id(value), value) for name, value in line.operands.items()
             if not (isinstance(value, str) and "\n" in value)}  # fmt: skip
    shown = {name: _inside_shown(value, part) for name, value in shown.items()}
    name = dialect.name(symbols.get(line.name, line.name), line.index)
    formula = symbolic(line, symbols, dialect)
    numbers = Writer(dialect, line.operands, line.indices, shown, symbols).write(line.formula)
    what = part.shown.get(label, line.value)
    value = write_value(what, dialect)
    relation = "=" if equals_shown(line.value, what) else r"\approx" if dialect is TEX else "≈"
    if formula == value or formula == numbers == value:
        return f"{name} = {value}", "", ""
    if formula == name:  # a gradient is called ∇f, and its formula says no more than that
        formula = numbers
    middle = "" if numbers in (formula, value) else f"= {numbers}"
    return f"{name} = {formula}", middle, f"{relation} {value}"


_written: dict[Any, tuple[Any, str]] = {}


def symbolic(line: Line, symbols: Mapping[str, str], dialect: Dialect) -> str:
    """A line's formula in symbols; written once for all pages that trace the same line of a solver."""
    arrays = tuple(name for name, value in line.operands.items() if is_array(value) or isinstance(value, list))
    key = (id(line.formula), id(dialect), arrays, tuple(line.indices.items()), tuple(symbols.items()))
    if key not in _written:  # the formula is kept with its text, so that no other takes over its id
        text = Writer(dialect, line.operands, line.indices, None, symbols).write(line.formula)
        _written[key] = (line.formula, text)
    return _written[key][1]


def _inside_shown(value: Any, part: Part) -> Any:
    """A trace shows its lines, and an array made of lines its elements, each with its own digits."""
    if isinstance(value, Trace):
        return {
            name: part.digits_of.get(id(line.value), line.value) for line in value for name in (line.label, line.name)
        }
    if is_array(value) and any(id(cell) in part.digits_of for cell in elements(value)):
        cells = [part.digits_of.get(id(cell), cell) for cell in value.flat]
        return (
            cells if value.ndim == 1 else [cells[i : i + value.shape[1]] for i in range(0, len(cells), value.shape[1])]
        )
    return value
