"""What matplotlib draws, written as bare SVG: shapes and texts with the class that each artist carries as its gid.

Colours, dashes and fonts are the style sheet's. No ids, dates or styles are written, so the same plot is the same text
in every build, and any number of plots stand on one page.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from html import escape
from pathlib import Path as File
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.backend_bases import RendererBase
from matplotlib.ft2font import FT2Font
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from solvers.site.figures.looks import marker, pieces

SUBSCRIPT = '<tspan class="sub" dy="4">{}</tspan>'
SUPERSCRIPT = '<tspan class="sub" dy="-5">{}</tspan>'


def number(value: float) -> str:
    """A coordinate to a tenth."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def text(x: float, y: float, words: str, look: str, anchor: str = "") -> str:
    """A text whose line begins (or has its `anchor`) at a place."""
    back, out = "", []
    for sign, piece in pieces(words):
        inside = escape(piece)
        if sign:
            out.append((SUBSCRIPT if sign == "_" else SUPERSCRIPT).format(inside))
        else:
            out.append(f'<tspan dy="{back}">{inside}</tspan>' if back else inside)
        back = {"_": "-4", "^": "5"}.get(sign, "")
    where = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text class="{look}" x="{number(x)}" y="{number(y)}"{where}>{"".join(out)}</text>'


def width_of(words: str, size: float) -> float:
    """About how wide a text is; an index or a power is set smaller."""
    total, font = 0.0, _font()
    for sign, piece in pieces(words):
        font.set_size(size * (0.75 if sign else 1), 72)
        font.set_text(piece)
        total += font.get_width_height()[0] / 64
    return total


@lru_cache(maxsize=1)
def _font() -> FT2Font:
    """The font of the site's kind that comes with matplotlib; only the room that words take is read from it."""
    return FT2Font(str(File(mpl.get_data_path(), "fonts", "ttf", "STIXGeneral.ttf")))


class Renderer(RendererBase):
    """Collects the elements; `tolerance` is how far a line may be moved to save points."""

    def __init__(self, width: float, height: float, tolerance: float):
        super().__init__()
        self.width, self.height, self.tolerance = width, height, tolerance
        self.looks: list[str] = []
        self.out: list[str] = []
        self.box = ""

    def finish(self) -> str:
        """Everything that was drawn."""
        self._clip(None)
        return "".join(self.out)

    def flipy(self) -> bool:
        """y grows downwards."""
        return True

    def get_canvas_width_height(self) -> tuple[float, float]:
        """The size of the drawing."""
        return self.width, self.height

    def open_group(self, s: str, gid: str | None = None) -> None:
        """An artist begins; without a class of its own it has that of the artist around it."""
        self.looks.append(gid or (self.looks[-1] if self.looks else ""))

    def close_group(self, s: str) -> None:
        """An artist ends."""
        self.looks.pop()

    def get_text_width_height_descent(self, s: str, prop: Any, ismath: Any) -> tuple[float, float, float]:
        """The room of a text, the same on every machine."""
        size = prop.get_size_in_points()
        return width_of(s, size), 0.9 * size, 0.2 * size

    def draw_text(self, gc: Any, x: float, y: float, s: str, prop: Any, angle: float, ismath: Any = False, mtext: Any = None) -> None:  # fmt: skip
        """A text, anchored as it is aligned, so that another font than the one measured does no harm."""
        self._clip(None)
        look, side = self.looks[-1] or "tick", "left"
        if mtext is not None and not angle:
            side = mtext.get_horizontalalignment()
        room = width_of(s, prop.get_size_in_points())
        anchor, x = {"center": ("middle", x + room / 2), "right": ("end", x + room)}.get(side, ("", x))
        written = text(x, y, s, look, anchor)
        if angle:
            written = written.replace("<text", f'<text transform="rotate({number(-angle)} {number(x)} {number(y)})"', 1)
        self.out.append(written)

    def draw_path(self, gc: Any, path: Path, transform: Any, rgbFace: Any = None) -> None:
        """A line or an area; those of the plot are cut off at its frame."""
        look = self.looks[-1] or "frame"
        lines = "".join(_line(*piece, self.tolerance) for piece in _polylines(path, transform + self._down()))
        if lines:
            self._clip(gc.get_clip_rectangle() if look != "frame" else None)
            self.out.append(f'<path class="{look}" d="{lines}"/>')

    def draw_markers(self, gc: Any, marker_path: Path, marker_trans: Any, path: Path, trans: Any, rgbFace: Any = None) -> None:  # fmt: skip
        """Points with the marker that their class names, and the ticks of the axes."""
        self._clip(None)
        look = self.looks[-1]
        shape = marker(look)
        if not look:
            start, end = marker_trans.transform(marker_path.vertices[:2]) * (1, -1)
            shape = "".join(f"{sign}{number(x)} {number(y)}" for sign, (x, y) in zip("ml", (start, end - start)))
        places = (trans + self._down()).transform(path.vertices)
        body = "".join(f"M{number(x)} {number(y)}{shape}" for x, y in places)
        self.out.append(f'<path class="{look or "frame"}" d="{body}"/>')

    def draw_image(self, *_arguments: Any) -> None:
        """No plot holds a picture."""
        raise NotImplementedError

    def _down(self) -> Affine2D:
        return Affine2D().scale(1, -1).translate(0, self.height)

    def _clip(self, rectangle: Any) -> None:
        """Open or close the box outside which nothing is seen; what follows stays in it while it is the same."""
        box = ""
        if rectangle is not None:
            sides = (rectangle.x0, self.height - rectangle.y1, rectangle.width, rectangle.height)
            x, y, w, h = (number(side) for side in sides)
            box = f'<svg x="{x}" y="{y}" width="{w}" height="{h}" viewBox="{x} {y} {w} {h}">'
        if box != self.box:
            self.out += ["</svg>"] * bool(self.box) + [box] * bool(box)
            self.box = box


def _polylines(path: Path, transform: Any) -> Iterator[tuple[np.ndarray, bool]]:
    """The polylines of a path in the drawing's coordinates, and whether each is closed."""
    points: list[Any] = []
    closed = False
    for vertices, code in path.iter_segments(transform, simplify=False, curves=False):
        if code == Path.MOVETO:
            if len(points) > 1:
                yield np.array(points), closed
            points, closed = [vertices[-2:]], False
        elif code == Path.CLOSEPOLY:
            closed = True
        else:
            points.append(vertices[-2:])
    if len(points) > 1:
        yield np.array(points), closed


def _line(points: np.ndarray, closed: bool, tolerance: float) -> str:
    places = [f"{number(x)} {number(y)}" for x, y in thinned(points, tolerance)]
    fresh = [place for k, place in enumerate(places) if k == 0 or place != places[k - 1]]
    return "M" + "L".join(fresh) + "z" * closed


def thinned(points: np.ndarray, tolerance: float) -> np.ndarray:
    """The points without which a polyline would lie further than the tolerance from where it was (Douglas & Peucker)."""
    keep = np.zeros(len(points), dtype=bool)
    keep[[0, -1]] = True
    stretches = [(0, len(points) - 1)]
    while stretches:
        first, last = stretches.pop()
        if last - first < 2:
            continue
        along = points[last] - points[first]
        between = points[first + 1 : last] - points[first]
        length = float(np.hypot(*along))
        off = abs(along[0] * between[:, 1] - along[1] * between[:, 0]) / length if length else np.hypot(*between.T)
        far = first + 1 + int(np.argmax(off))
        if off[far - first - 1] > tolerance:
            keep[far] = True
            stretches += [(first, far), (far, last)]
    return points[keep]
