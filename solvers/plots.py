"""Plots as data: curves, points, bars, bands, regions, contours and marks. How they are drawn is the site's business.

Where numbers are due, a text is the label of a line, a given or an answer: what is drawn is then what the page shows.
Texts (titles, names, captions, the description `alt`) are plain; `@{label}` in them is filled with the digits shown,
and x_1, x_{t−1}, 10^−3 are set with their index or power.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from solvers.exact import elements

Numbers = tuple[float | str, ...] | str  # numbers, some of them as labels, or the label of a vector
Place = float | str | None
Grid = tuple[tuple[float, ...], ...]

STYLES = ("solid", "dashed", "dotted", "dashdot", "longdash")  # also the order in which curves take them
MARKERS = ("dot", "cross", "square", "ring", "plus", "triangle")


@dataclass(frozen=True)
class Curve:
    """A line through points; `steps`: each value holds until the next x."""

    name: str
    x: Numbers
    y: Numbers
    style: str = ""
    steps: bool = False


@dataclass(frozen=True)
class Points:
    """Single points, each with the same marker."""

    name: str
    x: Numbers
    y: Numbers
    marker: str = ""


@dataclass(frozen=True)
class Bars:
    """Bars over named categories, or over the positions `at`, `width` wide."""

    name: str
    heights: Numbers
    categories: tuple[str, ...] = ()
    at: Numbers = ()
    width: float = 0.8


@dataclass(frozen=True)
class Band:
    """The area between two curves."""

    name: str
    x: Numbers
    low: Numbers
    high: Numbers


@dataclass(frozen=True)
class Regions:
    """A class at each point of a grid: row 0 is the lowest y, column 0 the lowest x, `extent` is (x0, x1, y0, y1)."""

    grid: tuple[tuple[int, ...], ...]
    extent: tuple[float, ...]
    names: tuple[str, ...]


@dataclass(frozen=True)
class Contours:
    """Lines of equal height of a grid, placed as in `Regions`."""

    name: str
    grid: Grid
    extent: tuple[float, ...]
    levels: tuple[float, ...]
    labelled: bool = True


@dataclass(frozen=True)
class Mark:
    """A line across the plot at one x or one y, or a point where both are given, with its text."""

    text: str
    x: Place = None
    y: Place = None


@dataclass(frozen=True)
class Plot:
    """What one pair of axes shows, and what it shows in words."""

    title: str
    alt: str
    x_label: str = ""
    y_label: str = ""
    curves: tuple[Curve, ...] = ()
    points: tuple[Points, ...] = ()
    bars: tuple[Bars, ...] = ()
    bands: tuple[Band, ...] = ()
    regions: Regions | None = None
    contours: tuple[Contours, ...] = ()
    marks: tuple[Mark, ...] = ()
    log: str = ""
    x_limits: tuple[float, ...] = ()
    y_limits: tuple[float, ...] = ()
    equal: bool = False
    caption: str = ""


@dataclass(frozen=True)
class Panels:
    """Several plots in one figure."""

    plots: tuple[Plot, ...]
    caption: str = ""


def plot(title: str, *, alt: str, x: str = "", y: str = "", curves: Sequence[Curve] = (),
         points: Sequence[Points] = (), bars: Sequence[Bars] = (), bands: Sequence[Band] = (),
         regions: Regions | None = None, contours: Sequence[Contours] = (), marks: Sequence[Mark] = (),
         log: str = "", xlim: Sequence[Any] = (), ylim: Sequence[Any] = (), equal: bool = False,
         caption: str = "") -> Plot:  # fmt: skip
    """A plot. `x`, `y` name the axes; `log` is "x", "y" or "xy"; `equal`: one unit is as long on both axes."""
    if log not in ("", "x", "y", "xy"):
        raise ValueError(f"plot: log={log!r}; write 'x', 'y' or 'xy'")
    given = {Curve: curves, Points: points, Bars: bars, Band: bands, Contours: contours, Mark: marks}
    items = {kind: tuple(some) if isinstance(some, list | tuple) else (some,) for kind, some in given.items()}
    for kind, some in (*items.items(), (Regions, () if regions is None else (regions,))):
        for item in some:
            if not isinstance(item, kind):
                raise ValueError(f"plot {title!r}: {item!r} stands where a list of {kind.__name__} is due")
    return Plot(title, alt, x, y, *(items[kind] for kind in (Curve, Points, Bars, Band)), regions,
                items[Contours], items[Mark], log, _row(xlim), _row(ylim), equal, caption)  # fmt: skip


def panels(*plots: Plot, caption: str = "") -> Panels:
    """Plots side by side, under each other on a narrow screen."""
    if not plots or not all(isinstance(one, Plot) for one in plots):
        raise ValueError("panels: give plots: panels(plot(…), plot(…))")
    return Panels(plots, caption)


def curve(name: str, x: Any, y: Any, style: str = "", steps: bool = False) -> Curve:
    """A line through the points (x, y); `y` may be a function of x. `style`: solid, dashed, dotted, dashdot, longdash."""
    _known("style", style, STYLES)
    return Curve(name, _numbers(x), _values(y, x), style, steps)


def scatter(name: str, x: Any, y: Any, marker: str = "") -> Points:
    """Points (x, y); `marker`: dot, cross, square, ring, plus, triangle."""
    _known("marker", marker, MARKERS)
    return Points(name, _numbers(x), _values(y, x), marker)


def bars(name: str, at: Any, heights: Any, width: float = 0.8) -> Bars:
    """Bars over categories (a list of words) or over positions; series over the same categories stand side by side."""
    if isinstance(at, list | tuple) and at and all(isinstance(one, str) for one in at):
        return Bars(name, _numbers(heights), categories=tuple(at), width=float(width))
    return Bars(name, _numbers(heights), at=_numbers(at), width=float(width))


def histogram(name: str, values: Any, start: Any, stop: Any, bins: int, density: bool = False) -> Bars:
    """How many values lie in each of `bins` equal bins from `start` to `stop` (the last one closed), or their density."""
    width = (float(stop) - float(start)) / bins
    edges = [float(start) + width * k for k in range(bins + 1)]
    inside = [float(v) for v in _scalars(values) if edges[0] <= float(v) <= float(stop)]
    counts = [0] * bins
    for value in inside:
        counts[min(bisect_right(edges, value) - 1, bins - 1)] += 1
    scale = len(inside) * width if density and inside else 1
    middles = tuple(edge + width / 2 for edge in edges[:-1])
    return Bars(name, tuple(count / scale for count in counts), at=middles, width=width)


def band(name: str, x: Any, low: Any, high: Any) -> Band:
    """The area between `low` and `high` (each values, or a function of x); a curve of the same name shares its colour."""
    return Band(name, _numbers(x), _values(low, x), _values(high, x))


def regions(grid: Any, extent: Sequence[Any], names: Sequence[str]) -> Regions:
    """Which class 0, 1, … holds at each point of a grid over (x0, x1, y0, y1); row 0 is the lowest y."""
    rows = tuple(tuple(int(cell) for cell in row) for row in _rows(grid))
    return Regions(rows, _row(extent), tuple(names))


def contours(name: str, grid: Any, extent: Sequence[Any], levels: Sequence[Any], labelled: bool = True) -> Contours:
    """Lines of the grid's points at the heights `levels`, over (x0, x1, y0, y1); `labelled` writes each height on its line."""
    return Contours(
        name, tuple(tuple(float(cell) for cell in row) for row in _rows(grid)), _row(extent), _row(levels), labelled
    )


def mark(text: str, x: Any = None, y: Any = None) -> Mark:
    """A vertical line at x, a horizontal one at y, or a point at both; x and y are labels of lines, or numbers."""
    if x is None and y is None:
        raise ValueError(f"mark {text!r}: give x=, y= or both: the label of a line, or a number")
    return Mark(text, *(value if value is None or isinstance(value, str) else float(value) for value in (x, y)))


def span(start: Any, stop: Any, count: int = 200) -> list[float]:
    """`count` numbers from start to stop, evenly spaced, both ends included."""
    first, last = float(start), float(stop)
    return [first + (last - first) * k / (count - 1) for k in range(count)]


def _known(what: str, word: str, words: Sequence[str]) -> None:
    if word and word not in words:
        raise ValueError(f"{what} {word!r} is unknown; the known ones are {', '.join(words)}")


def _row(values: Sequence[Any]) -> tuple[float, ...]:
    return tuple(float(value) for value in _scalars(values))


def _rows(grid: Any) -> list[Any]:
    return grid.tolist() if hasattr(grid, "tolist") else list(grid)


def _numbers(values: Any) -> Numbers:
    if isinstance(values, str):
        return values
    return tuple(value if isinstance(value, str) else float(value) for value in _scalars(values))


def _scalars(values: Any) -> list[Any]:
    """The numbers of anything that can be gone through: a list, a range, an array."""
    return elements(list(values) if hasattr(values, "__iter__") and not hasattr(values, "flat") else values)


def _values(values: Any, x: Any) -> Numbers:
    """Numbers, or those of a function at each x."""
    if not isinstance(values, Callable):
        return _numbers(values)
    if isinstance(x, str):
        raise ValueError("a function needs its x as numbers, not as a label")
    return tuple(float(values(value)) for value in _scalars(x))
