"""Plots of a part: their labels and numbers checked, their texts filled, their drawing kept by its content.

matplotlib is imported (by `canvas`) only to draw a plot that the cache does not hold; `check` never draws.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import fields, replace
from html import escape
from importlib.metadata import version
from itertools import count
from typing import Any

from solvers.exact import elements, is_number
from solvers.plots import MARKERS, STYLES, Panels, Plot
from solvers.site import text
from solvers.site.part import Part
from solvers.site.rendered import rendered
from solvers.site.source import VALUE

DRAWING = 1  # raise it when `canvas` draws differently
TEXTS = {"title", "alt", "x_label", "y_label", "caption", "name", "text", "names", "categories"}
NUMBERS = {"x", "y", "heights", "at", "low", "high"}
GROUPS = ("bands", "bars", "contours", "curves", "points", "marks")
POINTS, CELLS, BYTES = 1000, 40_000, 30_000  # what a plot may hold, and how large its drawing may be
INDEX = re.compile(r"(?<=[^\s_^])([_^])(\{[^{}]*\}|[^\s_^{},;:()=]+)")


def draw(figure: Plot | Panels, part: Part) -> str:
    """A figure with one drawing for each plot. Raises ValueError like `check`."""
    plots = [filled(one, part) for one in _plots(figure)]
    caption = fill(figure.caption, part)
    cells = "".join(_panel(one) for one in plots)
    foot = f"<figcaption>{html(caption)}</figcaption>" if caption else ""
    return f'<figure class="drawn plot">{cells}{foot}</figure>'


def check(figure: Plot | Panels, part: Part) -> None:
    """Raise ValueError for a label that the part does not have and for numbers that cannot be drawn."""
    fill(figure.caption, part)
    for one in _plots(figure):
        filled(one, part)


def _plots(figure: Plot | Panels) -> tuple[Plot, ...]:
    return figure.plots if isinstance(figure, Panels) else (figure,)


def _panel(plot: Plot) -> str:
    def render() -> str:
        from solvers.site.canvas import svg

        return svg(plot)

    kept = replace(plot, caption="")
    drawing = rendered(f"matplotlib {version('matplotlib')} {DRAWING}", repr(kept), render)
    if len(drawing.encode()) > BYTES:
        raise ValueError(f"plot {plot.title!r}: its drawing takes {len(drawing.encode())} bytes, more than {BYTES}")
    return f'<div class="panel"><p class="plot-title">{html(plot.title)}</p>{drawing}{_key(plot)}</div>'


def _key(plot: Plot) -> str:
    """What each line, marker and filling means, below the drawing where it hides nothing."""
    rows: dict[str, str] = {}
    classes = looks(plot)
    for group, shape in (("bands", '<path class="{}" d="M0 1h30v10h-30z"/>'), ("bars", '<path class="{}" d="M8 1h14v10h-14z"/>'),
                         ("contours", '<path class="{}" d="M0 6h30"/>'), ("curves", '<path class="{}" d="M0 6h30"/>')):  # fmt: skip
        for number, item in enumerate(getattr(plot, group)):
            rows[item.name] = rows.get(item.name, "") + shape.format(classes[group, number])
    for number, item in enumerate(plot.points):
        look = classes["points", number]
        rows[item.name] = rows.get(item.name, "") + f'<path class="{look}" d="M15 6{marker(look)}"/>'
    named = [(name, shapes) for name, shapes in rows.items() if name]
    if not named:
        return ""
    swatch = '<svg viewBox="0 0 30 12" width="30" height="12" aria-hidden="true">{}</svg>'
    return f'<ul class="plot-key">{"".join(f"<li>{swatch.format(shapes)}{html(name)}</li>" for name, shapes in named)}</ul>'


def looks(plot: Plot) -> dict[tuple[str, int], str]:
    """(group, number) -> the classes that the style sheet draws: one colour per name, one pattern per curve."""
    colours: dict[str, int] = {}
    fresh = count()
    found: dict[tuple[str, int], str] = {}
    for group in ("curves", "points", "bars", "bands", "contours"):
        for number, item in enumerate(getattr(plot, group)):
            name = item.name or f"{group}.{number}"
            colour = colours[name] if name in colours else colours.setdefault(name, next(fresh) % 6)
            pattern = {"curves": lambda i, n: f"line {i.style or STYLES[n % len(STYLES)]}", "bands": lambda *_: "band",
                       "points": lambda i, n: f"marks {i.marker or MARKERS[n % len(MARKERS)]}",
                       "bars": lambda _, n: f"bar b{n % 3}", "contours": lambda *_: "line contour"}[group]  # fmt: skip
            found[group, number] = f"{pattern(item, number)} c{colour}"
    return found


def marker(look: str) -> str:
    """A marker as a path around the current point."""
    shapes = {"cross": "m-3.5-3.5l7 7m0-7l-7 7", "plus": "m-4 0h8m-4-4v8", "square": "m-3-3h6v6h-6z",
              "ring": "m-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0z", "triangle": "m0-4l4 7h-8z"}  # fmt: skip
    return next((path for name, path in shapes.items() if name in look.split()), "h0")


# Filling and checking


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
            changes[name] = fill(value, part) if isinstance(value, str) else tuple(fill(one, part) for one in value)
        elif name in NUMBERS and isinstance(value, str):
            found = tuple(_numbers(value, part))
            changes[name] = _single(value, found) if "text" in {f.name for f in fields(item)} else found
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
    given = {name: value for name in NUMBERS if (value := getattr(item, name, None)) is not None}
    if getattr(item, "categories", ()):
        given["at"] = tuple(range(len(item.categories)))
    rows = {name: value if isinstance(value, tuple) else (value,) for name, value in sorted(given.items())}
    lengths = {name: len(row) for name, row in rows.items()}
    if 0 in lengths.values():
        yield "it has no points"
    elif len(set(lengths.values())) > 1:
        yield f"its numbers have different lengths: {', '.join(f'{n} {k}' for n, k in lengths.items())}"
    if hasattr(item, "marker") and max(lengths.values()) > POINTS:
        yield f"more than {POINTS} points; draw fewer of them"
    for name, row in rows.items():
        bad = [value for value in row if not math.isfinite(value)]
        if bad:
            yield f"{name} holds {bad[0]:g}, where a finite number is due"
        low = [value for value in row if value <= 0]
        if low and ("x" if name in ("x", "at") else "y") in plot.log and not getattr(item, "categories", ()):
            yield f"{name} holds {low[0]:g} on a logarithmic axis"


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


# Texts


def pieces(words: str) -> list[tuple[str, str]]:
    """A text as ("", text), ("_", index) and ("^", power) pieces."""
    parts = INDEX.split(words)
    found = [("", parts[0])]
    for sign, inside, rest in zip(parts[1::3], parts[2::3], parts[3::3]):
        found += [(sign, inside.strip("{}")), ("", rest)]
    return [piece for piece in found if piece[1]]


def html(words: str) -> str:
    """A text as HTML, with its indices and powers."""
    tags = {"": "{}", "_": "<sub>{}</sub>", "^": "<sup>{}</sup>"}
    return "".join(tags[sign].format(escape(piece)) for sign, piece in pieces(words))


def spoken(words: str) -> str:
    """A text for those who hear it: x_1 is x 1, 10^−3 stays."""
    return "".join(f" {piece}" if sign == "_" else f"^{piece}" if sign else piece for sign, piece in pieces(words))
