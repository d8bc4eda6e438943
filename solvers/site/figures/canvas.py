"""A plot whose numbers and texts are known, placed by matplotlib and written by `svg.Renderer`.

Only `plotting` imports this module, and only for a plot that was not drawn before.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from textwrap import wrap
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter
from matplotlib.transforms import Bbox

from solvers.plots import Mark, Plot
from solvers.site.figures.looks import BYTES, looks, spoken
from solvers.site.figures.scales import plain, scales
from solvers.site.figures.svg import Renderer, text, width_of

WIDTH, HEIGHT, FONT, LINE, EDGE = 440.0, 290.0, 14.0, 18.0, 4.0  # of the drawing; of a text; free room around it
TOLERANCES = (0.15, 0.5, 1.5)  # the first with which the drawing is small enough
POINTS, MARKS = 3, 4  # what is drawn over what


def svg(plot: Plot) -> str:
    """The drawing of a plot."""
    for tolerance in TOLERANCES:
        drawing = _svg(plot, tolerance)
        if len(drawing.encode()) <= BYTES:
            break
    return drawing


def _svg(plot: Plot, tolerance: float) -> str:
    with mpl.rc_context():
        mpl.rcdefaults()  # nobody's own settings
        mpl.rcParams.update({"font.size": FONT, "xtick.direction": "in", "ytick.direction": "in", "xtick.major.pad": 6})
        axes = Figure(figsize=(WIDTH / 72, HEIGHT / 72), dpi=72).add_subplot()
        _series(axes, plot)
        scales(axes, plot)
        renderer = Renderer(WIDTH, HEIGHT, tolerance)
        rows = _layout(axes, plot, renderer)
        axes.draw(renderer)
        words = "".join([*_axis_names(axes, plot, renderer), *_mark_texts(axes, plot, renderer, rows)])
    height = renderer.height
    return (
        f'<svg viewBox="0 0 {WIDTH:g} {height:g}" width="{WIDTH:g}" height="{height:g}" role="img" '
        f'aria-label="{escape(spoken(plot.alt))}"><title>{escape(spoken(plot.title))}</title>{renderer.finish()}{words}</svg>'
    )


# What is drawn


def _series(axes: Axes, plot: Plot) -> None:
    """Every item of the plot as an artist that carries its class."""
    found = {(look.group, look.number): look.classes for look in looks(plot)}
    if plot.regions is not None:
        _regions(axes, plot)
    for k, item in enumerate(plot.bands):
        axes.fill_between(item.x, item.low, item.high, gid=found["bands", k])
    _bars(axes, plot, found)
    for k, item in enumerate(plot.contours):
        lines = axes.contour(*_grid(item), levels=item.levels, colors="k")
        lines.set_gid(found["contours", k])
        for label in axes.clabel(lines, fmt=plain, inline_spacing=3, fontsize=FONT) if item.labelled else ():
            label.set_gid("level halo")
    for k, item in enumerate(plot.curves):
        axes.plot(item.x, item.y, drawstyle="steps-post" if item.steps else "default", gid=found["curves", k])
    for k, item in enumerate(plot.points):
        axes.plot(item.x, item.y, linestyle="", marker="o", gid=found["points", k], zorder=POINTS)
    for item in plot.marks:
        if item.y is None:
            axes.axvline(item.x, gid="mark", zorder=POINTS)
        elif item.x is None:
            axes.axhline(item.y, gid="mark", zorder=POINTS)
        else:
            axes.plot([item.x], [item.y], linestyle="", marker="o", gid="marks spot", zorder=MARKS)


def _bars(axes: Axes, plot: Plot, found: dict[tuple[str, int], str]) -> None:
    """Series over the same categories stand side by side."""
    grouped = [item for item in plot.bars if item.categories]
    for k, item in enumerate(plot.bars):
        width, places = item.width, np.array(item.at)
        if item.categories:
            width /= len(grouped)
            places = np.arange(len(item.categories)) + (grouped.index(item) - (len(grouped) - 1) / 2) * width
        axes.bar(places, item.heights, width=width, gid=found["bars", k])
    if grouped:
        names = grouped[0].categories
        letters = max(4, int((WIDTH - 60) / len(names) / 7))  # to a line
        axes.xaxis.set_major_locator(FixedLocator(range(len(names))))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda _, k: "\n".join(wrap(names[k], letters))))
        axes.tick_params(axis="x", length=0)


def _grid(item: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    z = np.array(item.grid, dtype=float)
    return np.linspace(*item.extent[:2], z.shape[1]), np.linspace(*item.extent[2:], z.shape[0]), z


def _regions(axes: Axes, plot: Plot) -> None:
    """The area of each class, without the steps of the grid, and its name where there is most room."""
    assert plot.regions is not None
    x, y, z = _grid(plot.regions)
    shares = np.array([_blurred(_blurred(z == k)) for k in range(len(plot.regions.names))] + [np.zeros_like(z)])
    taken = np.zeros(z.shape, dtype=bool)
    for item in plot.points:
        columns, rows = (
            (np.interp(p, g, np.arange(len(g)))).round().astype(int) for p, g in ((item.x, x), (item.y, y))
        )
        taken[rows, columns] = True
    for k, name in enumerate(plot.regions.names):
        if (z == k).any():
            lead = shares[k] - np.delete(shares, k, axis=0).max(axis=0)
            axes.contourf(x, y, lead, levels=[0, 2], colors="k").set_gid(f"region c{k % 6}")
            row, column = _middle((z == k) & ~taken if ((z == k) & ~taken).any() else z == k)
            axes.text(x[column], y[row], name, ha="center", va="center", gid="name halo", zorder=MARKS)


def _blurred(mask: np.ndarray) -> np.ndarray:
    """The share of a class around each point of the grid."""
    z = mask.astype(float)
    for axis in (0, 1):
        wide = np.pad(z, [(2, 2) if k == axis else (0, 0) for k in (0, 1)], mode="edge")
        z = sum(w * np.take(wide, range(k, k + z.shape[axis]), axis) for k, w in enumerate((1, 4, 6, 4, 1))) / 16
    return z


def _middle(mask: np.ndarray) -> tuple[int, int]:
    """The cell with most room around it, counting more to the sides, where a text is long."""
    left = inner = mask
    while inner.any():
        left = inner
        wide = np.pad(left, 2)
        near = [wide[2:-2, k : k + left.shape[1]] for k in range(5)] + [wide[1:-3, 2:-2], wide[3:-1, 2:-2]]
        inner = np.logical_and.reduce(near)
    cells = np.argwhere(left)
    row, column = cells[np.argmin(((cells - cells.mean(axis=0)) ** 2).sum(axis=1))]
    return int(row), int(column)


# Room and texts


def _layout(axes: Axes, plot: Plot, renderer: Renderer) -> list[list[Mark]]:
    """Give the axes all the room that the texts leave; what comes back are the rows of texts above the frame."""
    left = right = bottom = 30.0
    rows: list[list[Mark]] = []
    for _ in range(3):
        over = LINE * (bool(plot.y_label) + len(rows))
        top = EDGE + over + (5 if over else 0)
        width, height = WIDTH - left - right, HEIGHT
        if plot.equal:
            (x0, x1), (y0, y1) = axes.get_xlim(), axes.get_ylim()
            height = round(min(width * (y1 - y0) / (x1 - x0), WIDTH - 60) + top + bottom)
            width = min(width, (height - top - bottom) * (x1 - x0) / (y1 - y0))
        renderer.height = float(height)
        axes.figure.set_size_inches(WIDTH / 72, height / 72)
        axes.set_position((left / WIDTH, bottom / height, width / WIDTH, (height - top - bottom) / height))
        frame = axes.get_window_extent(renderer)
        found = (axis.get_tightbbox(renderer) for axis in (axes.xaxis, axes.yaxis))
        ink = Bbox.union([frame, *(box for box in found if box is not None)])
        left += EDGE - ink.x0
        right = EDGE + max(0.0, ink.x1 - frame.x1)
        bottom += EDGE + (LINE if plot.x_label else 0) - ink.y0
        rows = _rows(axes, [item for item in plot.marks if item.y is None])
    return rows


def _rows(axes: Axes, marks: list[Mark]) -> list[list[Mark]]:
    """The texts of vertical lines in as few rows as keep them apart."""
    rows: list[list[Mark]] = []
    for item in sorted(marks, key=lambda m: m.x):
        row = next((row for row in rows if _over(axes, row[-1])[1] + 10 < _over(axes, item)[0]), None)
        if row is None:
            rows.append([item])
        else:
            row.append(item)
    return rows


def _over(axes: Axes, item: Mark) -> tuple[float, float]:
    """Where the text above a vertical line begins and ends: over its line, but inside the drawing."""
    line = axes.transData.transform((item.x, axes.get_ylim()[0]))[0]
    half = width_of(item.text, FONT) / 2
    middle = min(max(line, EDGE + half), WIDTH - EDGE - half)
    return middle - half, middle + half


def _axis_names(axes: Axes, plot: Plot, renderer: Renderer) -> Iterator[str]:
    if plot.y_label:
        yield text(EDGE, EDGE + 10, plot.y_label, "axis-name")
    if plot.x_label:
        yield text(axes.get_window_extent(renderer).x1, renderer.height - EDGE, plot.x_label, "axis-name", "end")


def _mark_texts(axes: Axes, plot: Plot, renderer: Renderer, rows: list[list[Mark]]) -> Iterator[str]:
    """Those of vertical lines above the frame, those of horizontal lines and of points beside them."""
    frame = axes.get_window_extent(renderer)
    for number, row in enumerate(rows):
        y = renderer.height - frame.y1 - 6 - LINE * number
        yield from (text(sum(_over(axes, item)) / 2, y, item.text, "mark-text", "middle") for item in row)
    taken: list[tuple[float, float, float]] = []  # end, base line and width of the texts inside the frame
    for item in plot.marks:
        if item.y is not None:
            x, y = axes.transData.transform((axes.get_xlim()[1] if item.x is None else item.x, item.y))
            room, y = width_of(item.text, FONT), renderer.height - y
            ends = (
                (x + 8 + room, x - 8) if item.x is not None else (x - 2, x - 14 - max((t[2] for t in taken), default=0))
            )
            places = [(end, y + off) for end in ends for off in (-8, 16)]
            fits = [p for p in places if _free(p, room, taken) and LINE <= p[1] <= renderer.height - frame.y0
                    and p[0] - room >= EDGE and p[0] <= WIDTH - 2]  # fmt: skip
            end, base = (fits or places)[0]
            taken.append((end, base, room))
            yield text(end, base, item.text, "mark-text halo", "end")


def _free(place: tuple[float, float], room: float, taken: list[tuple[float, float, float]]) -> bool:
    end, base = place
    return all(abs(base - y) >= LINE - 2 or end < x - width or x < end - room for x, y, width in taken)
