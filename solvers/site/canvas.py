"""A plot as SVG: matplotlib places it, a renderer of our own writes it.

The renderer writes bare shapes with the class that each artist carries as its gid, so that colours, dashes and fonts
are the style sheet's. It writes no ids, dates or styles: the same plot is the same text in every build.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from html import escape
from pathlib import Path as File
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font
from matplotlib.path import Path
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, MaxNLocator, NullFormatter, NullLocator
from matplotlib.transforms import Affine2D, Bbox

from solvers.dialects import group
from solvers.plots import Mark, Plot, Regions
from solvers.site.plotting import looks, marker, pieces, spoken

WIDTH, HEIGHT, FONT, LINE = 440.0, 290.0, 14.0, 18.0
EDGE, INSIDE = 8.0, 3  # free room around the drawing; the order in which marks are drawn over the rest
Point = tuple[float, float]


def svg(plot: Plot) -> str:
    """The drawing of a plot whose texts and numbers are filled."""
    with mpl.rc_context():
        mpl.rcdefaults()  # nobody's own settings
        mpl.rcParams.update(
            {"font.size": FONT, "axes.unicode_minus": True, "xtick.direction": "in", "ytick.direction": "in"}
        )
        axes = Figure(figsize=(WIDTH / 72, HEIGHT / 72), dpi=72).add_subplot()
        _series(axes, plot)
        _scales(axes, plot)
        renderer = _Renderer()
        height, rows = _layout(axes, plot, renderer)
        renderer.height = height
        axes.draw(renderer)
        words = _words(axes, plot, renderer, rows)
    label = escape(spoken(plot.alt))
    return (
        f'<svg viewBox="0 0 {WIDTH:g} {height:g}" width="{WIDTH:g}" height="{height:g}" role="img" aria-label="{label}">'
        f"<title>{escape(spoken(plot.title))}</title>{renderer.text()}{words}</svg>"
    )


# What is drawn


def _series(axes: Axes, plot: Plot) -> None:
    """Every item of the plot as an artist that carries its class."""
    found = looks(plot)
    if plot.regions is not None:
        _regions(axes, plot.regions)
    for number, item in enumerate(plot.bands):
        axes.fill_between(item.x, item.low, item.high, gid=found["bands", number])
    _bars(axes, plot, found)
    for number, item in enumerate(plot.contours):
        lines = axes.contour(*_grid(item), levels=item.levels, colors="k")
        lines.set_gid(found["contours", number])
        if item.labelled:
            for text in axes.clabel(lines, fmt=_plain, inline_spacing=3, fontsize=FONT - 2):
                text.set_gid("level halo")
    for number, item in enumerate(plot.curves):
        style = "steps-post" if item.steps else "default"
        axes.plot(item.x, item.y, drawstyle=style, gid=found["curves", number])
    for number, item in enumerate(plot.points):
        axes.plot(item.x, item.y, linestyle="", marker="o", gid=found["points", number], zorder=INSIDE)
    for item in plot.marks:
        _mark(axes, item)


def _mark(axes: Axes, item: Mark) -> None:
    if item.y is None:
        axes.axvline(item.x, gid="mark", zorder=INSIDE)
    elif item.x is None:
        axes.axhline(item.y, gid="mark", zorder=INSIDE)
    else:
        axes.plot([item.x], [item.y], linestyle="", marker="o", gid="mark marks spot", zorder=INSIDE + 1)


def _bars(axes: Axes, plot: Plot, found: dict[tuple[str, int], str]) -> None:
    grouped = [item for item in plot.bars if item.categories]
    for number, item in enumerate(plot.bars):
        width, places = item.width, np.array(item.at)
        if item.categories:
            width /= len(grouped)
            shift = (grouped.index(item) - (len(grouped) - 1) / 2) * width
            places = np.arange(len(item.categories)) + shift
        axes.bar(places, item.heights, width=width, gid=found["bars", number])
    if grouped:
        axes.xaxis.set_major_locator(FixedLocator(range(len(grouped[0].categories))))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda _, k: grouped[0].categories[k]))
        axes.tick_params(axis="x", length=0)


def _grid(item: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    z = np.array(item.grid, dtype=float)
    return np.linspace(*item.extent[:2], z.shape[1]), np.linspace(*item.extent[2:], z.shape[0]), z


def _regions(axes: Axes, item: Regions) -> None:
    """A filling for each class, a line between classes, the name where the class has most room around it."""
    x, y, z = _grid(item)
    for number, name in enumerate(item.names):
        mask = z == number
        if not mask.any():
            continue
        axes.contourf(x, y, mask, levels=[0.5, 1.5], colors="k").set_gid(f"region c{number % 6}")
        if (z > number).any():
            axes.contour(x, y, z <= number, levels=[0.5], colors="k").set_gid("border")
        row, column = _middle(mask)
        axes.text(x[column], y[row], name, ha="center", va="center", gid="name halo")


def _middle(mask: np.ndarray) -> tuple[int, int]:
    """The cell that stays longest when the edge of the region is taken off again and again."""
    left = mask
    while True:
        inner = np.pad(left, 1)
        inner = inner[1:-1, 1:-1] & inner[:-2, 1:-1] & inner[2:, 1:-1] & inner[1:-1, :-2] & inner[1:-1, 2:]
        if not inner.any():
            break
        left = inner
    cells = np.argwhere(left)
    row, column = cells[np.argmin(((cells - cells.mean(axis=0)) ** 2).sum(axis=1))]
    return int(row), int(column)


# Scales, ticks and room


def _scales(axes: Axes, plot: Plot) -> None:
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.patch.set_visible(False)
    axes.margins(x=0.02, y=0.05)
    if plot.regions or plot.contours:
        axes.margins(0)
    elif plot.bars:
        axes.set_ylim(bottom=None if "y" in plot.log else min(0, axes.get_ylim()[0]))
    for name, axis, limits in (("x", axes.xaxis, plot.x_limits), ("y", axes.yaxis, plot.y_limits)):
        if name in plot.log:
            getattr(axes, f"set_{name}scale")("log")
        if limits:
            getattr(axes, f"set_{name}lim")(*limits)
        if not isinstance(axis.get_major_locator(), FixedLocator):
            _ticks(axis, name, plot)


def _ticks(axis: Any, name: str, plot: Plot) -> None:
    low, high = sorted(axis.get_view_interval())
    if name in plot.log:
        decades = np.log10(high / low)
        axis.set_major_locator(LogLocator(subs=(1, 2, 5) if decades < 2 else (1,), numticks=6))
        axis.set_minor_locator(NullLocator() if decades > 6 else LogLocator(subs=range(2, 10), numticks=99))
        axis.set_minor_formatter(NullFormatter())
    else:
        values = [value for item in (*plot.curves, *plot.points) for value in getattr(item, name)]
        values += [value for item in plot.bars for value in item.at] if name == "x" else []
        whole = bool(values) and all(value == int(value) for value in values)
        axis.set_major_locator(MaxNLocator(nbins=6, integer=whole, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: _plain(value)))


def _plain(value: float) -> str:
    """A number at a tick: −0.5, 1 000, 10^−3."""
    value = float(f"{value:.10g}")
    text = f"{value:.6g}"
    if value and not 1e-3 <= abs(value) < 1e5:
        mantissa, _, exponent = f"{value:.6e}".partition("e")
        mantissa = mantissa.rstrip("0").rstrip(".")
        power = f"10^{int(exponent)}"
        text = power if mantissa == "1" else f"{mantissa}·{power}"
    return group(text, " ").replace("-", "−")


def _layout(axes: Axes, plot: Plot, renderer: _Renderer) -> tuple[float, list[list[Mark]]]:
    """Give the axes all the room that the texts leave; the height, and the rows of texts above the frame."""
    upright = [item for item in plot.marks if item.y is None]
    left = right = bottom = 30.0
    height, rows = HEIGHT, []
    for _ in range(3):
        top = EDGE + LINE * (bool(plot.y_label) + len(rows)) + (4 if plot.y_label or rows else 0)
        width = WIDTH - left - right
        if plot.equal:
            (x0, x1), (y0, y1) = axes.get_xlim(), axes.get_ylim()
            height = min(width * (y1 - y0) / (x1 - x0), WIDTH) + top + bottom
            width = (height - top - bottom) * (x1 - x0) / (y1 - y0)
        height = float(round(height))
        axes.figure.set_size_inches(WIDTH / 72, height / 72)
        axes.set_position((left / WIDTH, bottom / height, width / WIDTH, (height - top - bottom) / height))
        renderer.height = height
        box = axes.get_position()
        ink = _ink(axes, renderer)
        left += EDGE - ink.x0
        right += ink.x1 - (WIDTH - EDGE) if not plot.equal else 0
        right = max(right, EDGE)
        bottom += EDGE + (LINE if plot.x_label else 0) - ink.y0
        del box
        rows = _rows(axes, upright, renderer)
    return height, rows


def _ink(axes: Axes, renderer: _Renderer) -> Bbox:
    boxes = [axes.get_window_extent(renderer)]
    for axis in (axes.xaxis, axes.yaxis):
        found = axis.get_tightbbox(renderer)
        boxes += [found] if found is not None else []
    return Bbox.union(boxes)


def _rows(axes: Axes, marks: list[Mark], renderer: _Renderer) -> list[list[Mark]]:
    """The texts of vertical lines in as few rows as keep them apart."""
    rows: list[list[Mark]] = []
    for item in sorted(marks, key=lambda m: m.x):
        start, _ = _reach(axes, item, renderer)
        row = next((row for row in rows if _reach(axes, row[-1], renderer)[1] + 10 < start), None)
        if row is None:
            rows.append([item])
        else:
            row.append(item)
    return rows


def _reach(axes: Axes, item: Mark, renderer: _Renderer) -> Point:
    """Where the text above a vertical line begins and ends: over its line, but inside the drawing."""
    middle = axes.transData.transform((item.x, axes.get_ylim()[0]))[0]
    half = renderer.width(item.text, FONT) / 2
    middle = min(max(middle, EDGE + half), WIDTH - EDGE - half)
    return middle - half, middle + half


def _words(axes: Axes, plot: Plot, renderer: _Renderer, rows: list[list[Mark]]) -> str:
    """The names of the axes and the texts of the marks."""
    frame = axes.get_window_extent(renderer)
    height = renderer.height
    top = height - frame.y1
    out = []
    if plot.y_label:
        out.append(_text(EDGE, EDGE + 11, plot.y_label, "axis-name"))
    if plot.x_label:
        out.append(_text(frame.x1, height - EDGE, plot.x_label, "axis-name", "end"))
    for number, row in enumerate(rows):
        y = top - 6 - LINE * number
        for item in row:
            start, end = _reach(axes, item, renderer)
            out.append(_text((start + end) / 2, y, item.text, "mark-text", "middle"))
    taken: list[float] = []
    for item in plot.marks:
        if item.y is not None:
            x = item.x if item.x is not None else axes.get_xlim()[1]
            px, py = axes.transData.transform((x, item.y))
            py = height - py
            if item.x is not None:
                flip = px + 8 + renderer.width(item.text, FONT) > WIDTH - 4
                out.append(_text(px + (-8 if flip else 8), py - 8, item.text, "mark-text halo", "end" if flip else ""))
            else:
                below = any(abs(py - other) < LINE for other in taken) or py - top < LINE
                taken.append(py)
                out.append(_text(frame.x1 - 2, py + (15 if below else -5), item.text, "mark-text halo", "end"))
    return "".join(out)


# Writing


def _n(value: float) -> str:
    text = f"{value:.1f}"
    return text.removesuffix(".0") if text != "-0.0" else "0"


def _text(x: float, y: float, words: str, look: str, anchor: str = "") -> str:
    sizes = {"": "{}", "_": '<tspan class="sub" dy="4">{}</tspan>', "^": '<tspan class="sub" dy="-5">{}</tspan>'}
    back, out = "", []
    for sign, piece in pieces(words):
        inside = escape(piece)
        out.append(f'<tspan dy="{back}">{inside}</tspan>' if back and not sign else sizes[sign].format(inside))
        back = {"_": "-4", "^": "5"}.get(sign, "")
    where = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text class="{look}" x="{_n(x)}" y="{_n(y)}"{where}>{"".join(out)}</text>'


@lru_cache(maxsize=1)
def _font() -> FT2Font:
    """The Times-like font that comes with matplotlib; only the room that words take is read from it."""
    return FT2Font(str(File(mpl.get_data_path(), "fonts", "ttf", "STIXGeneral.ttf")))


class _Renderer(RendererBase):
    """Writes what the axes draw as SVG elements; the innermost gid is the class."""

    def __init__(self) -> None:
        super().__init__()
        self.height = HEIGHT
        self.looks: list[str] = []
        self.out: list[str] = []
        self.box = ""

    def text(self) -> str:
        self._clip("")
        return "".join(self.out)

    def flipy(self) -> bool:
        return True

    def get_canvas_width_height(self) -> Point:
        return WIDTH, self.height

    def open_group(self, s: str, gid: str | None = None) -> None:
        self.looks.append(gid or (self.looks[-1] if self.looks else ""))

    def close_group(self, s: str) -> None:
        self.looks.pop()

    def width(self, words: str, size: float) -> float:
        """How wide a text is; an index or a power is set smaller."""
        total = 0.0
        for sign, piece in pieces(words):
            font = _font()
            font.set_size(size * (0.75 if sign else 1), 72)
            font.set_text(piece)
            total += font.get_width_height()[0] / 64
        return total

    def get_text_width_height_descent(self, s: str, prop: Any, ismath: Any) -> tuple[float, float, float]:
        size = prop.get_size_in_points()
        return self.width(s, size), 0.9 * size, 0.2 * size

    def draw_text(
        self, gc: Any, x: float, y: float, s: str, prop: Any, angle: float, ismath: Any = False, mtext: Any = None
    ) -> None:
        self._clip("")
        look = self.looks[-1] or "tick"
        side = mtext.get_horizontalalignment() if mtext is not None and not angle else "left"
        if side != "left":
            whole = self.width(s, prop.get_size_in_points())
            anchor, x = ("middle", x + whole / 2) if side == "center" else ("end", x + whole)
            self.out.append(_text(x, y, s, look, anchor))
            return
        turned = _text(x, y, s, look)
        turn = f' transform="rotate({_n(-angle)} {_n(x)} {_n(y)})"' if angle else ""
        self.out.append(turned.replace("<text", f"<text{turn}", 1))

    def draw_path(self, gc: Any, path: Path, transform: Any, rgbFace: Any = None) -> None:
        look = self.looks[-1] or "frame"
        lines = self._lines(path, transform, 3.0 if look == "border" else 0.15)
        if lines:
            rectangle = gc.get_clip_rectangle() if look not in ("frame", "") else None
            self._clip(rectangle)
            self.out.append(f'<path class="{look}" d="{lines}"/>')

    def draw_markers(
        self, gc: Any, marker_path: Path, marker_trans: Any, path: Path, trans: Any, rgbFace: Any = None
    ) -> None:
        look = self.looks[-1]
        places = (trans + self._down()).transform(path.vertices)
        if look:
            self._clip(None)
            shape = marker(look)
            self.out.append(f'<path class="{look}" d="{"".join(f"M{_n(x)} {_n(y)}{shape}" for x, y in places)}"/>')
            return
        tick = marker_trans.transform(marker_path.vertices) * (1, -1)
        step = tick[1] - tick[0]
        body = "".join(f"M{_n(x + tick[0][0])} {_n(y + tick[0][1])}l{_n(step[0])} {_n(step[1])}" for x, y in places)
        self.out.append(f'<path class="frame" d="{body}"/>')

    def draw_image(self, *_arguments: Any) -> None:
        raise NotImplementedError("a plot holds no pictures")

    def _down(self) -> Affine2D:
        return Affine2D().scale(1, -1).translate(0, self.height)

    def _clip(self, rectangle: Any) -> None:
        """Open or close the box outside which nothing is seen; what follows stays in it while it is the same."""
        box = ""
        if rectangle is not None and rectangle != "":
            x, y, w, h = rectangle.x0, self.height - rectangle.y1, rectangle.width, rectangle.height
            place = f"{_n(x)} {_n(y)} {_n(w)} {_n(h)}"
            box = f'<svg x="{_n(x)}" y="{_n(y)}" width="{_n(w)}" height="{_n(h)}" viewBox="{place}">'
        if box != self.box:
            self.out += ["</svg>"] * bool(self.box) + [box] * bool(box)
            self.box = box

    def _lines(self, path: Path, transform: Any, tolerance: float) -> str:
        out = []
        for points, closed in _pieces(path, transform + self._down()):
            kept = _thinned(points, tolerance)
            rounded = [(_n(x), _n(y)) for x, y in kept]
            fresh = [place for k, place in enumerate(rounded) if k == 0 or place != rounded[k - 1]]
            out.append("M" + "L".join(f"{x} {y}" for x, y in fresh) + "z" * closed)
        return "".join(out)


def _pieces(path: Path, transform: Any) -> Iterator[tuple[np.ndarray, bool]]:
    """The polylines of a path, in the drawing's coordinates."""
    points: list[Any] = []
    closed = False
    for vertices, code in path.iter_segments(transform, simplify=False, curves=False):
        if code == Path.MOVETO:
            if len(points) > 1:
                yield np.array(points), closed
            points, closed = [vertices[-2:]], False
        elif code == Path.CLOSEPOLY:
            closed = True
        elif code != Path.STOP:
            points.append(vertices[-2:])
    if len(points) > 1:
        yield np.array(points), closed


def _thinned(points: np.ndarray, tolerance: float) -> np.ndarray:
    """The points without which a polyline would be further than the tolerance from where it was."""
    keep = np.zeros(len(points), dtype=bool)
    keep[[0, -1]] = True
    stretches = [(0, len(points) - 1)]
    while stretches:
        first, last = stretches.pop()
        if last - first < 2:
            continue
        start, along = points[first], points[last] - points[first]
        between = points[first + 1 : last] - start
        length = float(np.hypot(*along))
        off = np.abs(along[0] * between[:, 1] - along[1] * between[:, 0]) / length if length else np.hypot(*between.T)
        far = int(np.argmax(off))
        if off[far] > tolerance:
            middle = first + 1 + far
            keep[middle] = True
            stretches += [(first, middle), (middle, last)]
    return points[keep]
