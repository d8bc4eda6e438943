"""The labels, texts and numbers of a plot: values are put in, and what cannot be drawn is said, without drawing it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

from solvers.exact import elements, is_number
from solvers.plots import Mark, Plot
from solvers.site import text
from solvers.site.part import Part
from solvers.site.source import VALUE

TEXTS = {"title", "alt", "x_label", "y_label", "caption", "name", "text", "names", "categories"}
NUMBERS = {"x", "y", "heights", "at", "low", "high"}
GROUPS = ("bands", "bars", "contours", "curves", "points", "marks")
POINTS, CELLS = 800, 40_000  # what one plot may hold


def filled(plot: Plot, part: Part) -> Plot:
    """The plot with values for its labels and in its texts. Raises ValueError with what is wrong."""
    try:
        full = _filled(plot, part)
        changes: dict[str, Any] = {
            group: tuple(_filled(item, part) for item in getattr(plot, group)) for group in GROUPS
        }
        if plot.regions is not None:
            changes["regions"] = _filled(plot.regions, part)
        full = replace(full, **changes)
        for problem in problems(full):
            raise ValueError(problem)
    except ValueError as error:
        raise ValueError(f"plot {plot.title!r}: {error}") from None
    return full


def _filled(item: Any, part: Part) -> Any:
    changes: dict[str, Any] = {}
    for name in (field.name for field in fields(item)):
        value = getattr(item, name)
        if name in TEXTS:
            changes[name] = tuple(fill(one, part) for one in value) if isinstance(value, tuple) else fill(value, part)
        elif name in NUMBERS and isinstance(value, str):
            found = tuple(_numbers(value, part))
            changes[name] = _single(value, found) if isinstance(item, Mark) else found
        elif name in NUMBERS and isinstance(value, tuple):
            changes[name] = tuple(_single(v, _numbers(v, part)) if isinstance(v, str) else v for v in value)
    return replace(item, **changes)


def _numbers(label: str, part: Part) -> list[float]:
    """The numbers of a line, a given or an answer, with the digits that the page shows."""
    values = elements(_find(label, part))
    if not all(is_number(value) for value in values):
        raise ValueError(f"{label!r} is no number and no vector of numbers")
    return [float(value) for value in values]


def _single(label: str, values: Any) -> float:
    if len(values) != 1:
        raise ValueError(f"{label!r} names {len(values)} numbers where one is due")
    return values[0]


def _find(label: str, part: Part) -> Any:
    """The value shown for a label. Raises ValueError, which suggests the nearest one, when there is none."""
    values = text.of(part)
    value = values.find(label, 0, solved=True)
    for problem in values.problems:
        raise ValueError(problem.text.removeprefix(f"part {part.record.id}: "))
    return value


def fill(words: str, part: Part) -> str:
    """A plain text with its values. Raises ValueError for a label that is unknown, and for TeX."""
    if not isinstance(words, str):
        raise ValueError(f"{words!r} stands where a text is due")
    if "$" in words:
        raise ValueError(f"the text {words!r} is plain: write x_1 or 10^−3, without $")
    return VALUE.sub(lambda match: text.in_text(_find(match[1].strip(), part)), words)


def problems(plot: Plot) -> Iterator[str]:
    """Why a filled plot cannot be drawn."""
    if not plot.title.strip() or not plot.alt.strip():
        yield "a plot needs a title, and in alt= what it shows"
    if plot.regions is None and not any(getattr(plot, group) for group in GROUPS if group != "marks"):
        yield "nothing to draw"
    for limits in (plot.x_limits, plot.y_limits):
        if limits and not (len(limits) == 2 and all(map(math.isfinite, limits)) and limits[0] < limits[1]):
            yield f"limits {limits} are not two increasing numbers"
    for group in GROUPS:
        for item in getattr(plot, group):
            yield from (f"{group[:-1]} {getattr(item, 'name', '') or getattr(item, 'text', '')!r}: {why}"
                        for why in _item_problems(item, plot))  # fmt: skip
    if sum(len(item.x) for item in plot.points) > POINTS:
        yield f"more than {POINTS} points; draw fewer of them"
    if len({item.categories for item in plot.bars}) > 1:
        yield "all bars of a plot stand over the same categories, or over positions"
    if plot.regions is not None:
        yield from (f"regions: {why}" for why in _grid_problems(plot.regions))
        classes = {cell for row in plot.regions.grid for cell in row}
        if not classes <= set(range(len(plot.regions.names))):
            yield f"regions: the grid holds {sorted(classes)}, and there are {len(plot.regions.names)} names"


def _item_problems(item: Any, plot: Plot) -> Iterator[str]:
    if hasattr(item, "grid"):
        yield from _grid_problems(item)
        if not item.levels or list(item.levels) != sorted(set(item.levels)):
            yield "levels are numbers in increasing order"
        return
    if isinstance(item, Mark):
        yield from _outside(item, plot)
    given = {name: value for name in NUMBERS if (value := getattr(item, name, None)) is not None}
    if getattr(item, "categories", ()):
        given["at"] = tuple(range(len(item.categories)))
    rows = {name: value if isinstance(value, tuple) else (value,) for name, value in sorted(given.items())}
    lengths = {name: len(row) for name, row in rows.items()}
    if 0 in lengths.values():
        yield "it has no points"
    elif len(set(lengths.values())) > 1:
        yield f"its numbers have different lengths: {', '.join(f'{n} {k}' for n, k in lengths.items())}"
    for name, row in rows.items():
        bad = [value for value in row if not math.isfinite(value)]
        if bad:
            yield f"{name} holds {bad[0]:g}, where a finite number is due"
        low = [value for value in row if value <= 0]
        if low and ("x" if name in ("x", "at") else "y") in plot.log and not getattr(item, "categories", ()):
            yield f"{name} holds {low[0]:g} on a logarithmic axis"


def _outside(item: Mark, plot: Plot) -> Iterator[str]:
    for name, place, limits in (("x", item.x, plot.x_limits), ("y", item.y, plot.y_limits)):
        if place is not None and len(limits) == 2 and not limits[0] <= place <= limits[1]:
            yield f"{name} = {place:g} lies outside {limits}"


def _grid_problems(item: Any) -> Iterator[str]:
    widths = {len(row) for row in item.grid}
    if len(item.grid) < 2 or len(widths) != 1 or widths < {2}:
        yield "the grid is no table of at least two rows and two columns"
    elif len(item.grid) * len(item.grid[0]) > CELLS:
        yield f"the grid has more than {CELLS} points"
    if not all(math.isfinite(cell) for row in item.grid for cell in row):
        yield "the grid holds what is no finite number"
    extent = item.extent
    if not (len(extent) == 4 and all(map(math.isfinite, extent)) and extent[0] < extent[1] and extent[2] < extent[3]):
        yield f"the extent {extent} is not (x0, x1, y0, y1) with x0 < x1 and y0 < y1"
