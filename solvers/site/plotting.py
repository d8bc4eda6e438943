"""Plots of a part as figures of its page, each drawing kept by its content.

matplotlib is imported (by `canvas`) only to draw a plot that the cache does not hold; `check` never draws.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape
from importlib.metadata import version
from pathlib import Path
from typing import Any

from solvers.plots import MARKERS, STYLES, Panels, Plot
from solvers.site.part import Part
from solvers.site.plotdata import fill, filled
from solvers.site.rendered import rendered

GROUPS = ("bands", "bars", "contours", "curves", "points")  # from the back to the front
BYTES = 30_000  # how large a drawing may be
SWATCHES = {
    "bands": "M0 1h30v10h-30z",
    "bars": "M8 1h14v10h-14z",
    "contours": "M0 6h30",
    "curves": "M0 6h30",
    "points": "M15 6",
}
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

    drawing = rendered(_drawn_by(), repr(replace(plot, caption="")), render)
    if len(drawing.encode()) > BYTES:
        raise ValueError(f"plot {plot.title!r}: its drawing takes {len(drawing.encode())} bytes, more than {BYTES}")
    return f'<div class="panel"><p class="plot-title">{html(plot.title)}</p>{drawing}{_key(plot)}</div>'


@lru_cache(maxsize=1)
def _drawn_by() -> str:
    """matplotlib and our own modules: a change of any of them draws anew."""
    sources = [
        Path(__file__).with_name(name).read_bytes() for name in ("plotting.py", "canvas.py", "scales.py", "svg.py")
    ]
    return f"matplotlib {version('matplotlib')} {hashlib.blake2b(b''.join(sources), digest_size=8).hexdigest()}"


def _key(plot: Plot) -> str:
    """What each line, marker and filling means, below the drawing where it hides nothing."""
    found = looks(plot)
    swatches = dict.fromkeys((look.name for look in found), "")
    for look in sorted(found, key=lambda look: GROUPS.index(look.group)):
        swatches[look.name] += f'<path class="{look.classes}" d="{SWATCHES[look.group]}{marker(look.classes)}"/>'
    rows = "".join(
        f'<li><svg viewBox="0 0 30 12" width="30" height="12" aria-hidden="true">{shapes}</svg><span>{html(name)}</span></li>'
        for name, shapes in swatches.items()
        if name
    )
    return f'<ul class="plot-key">{rows}</ul>' if rows else ""


@dataclass(frozen=True)
class Look:
    """How an item is drawn: the classes of the style sheet."""

    group: str
    number: int
    name: str
    classes: str


def looks(plot: Plot) -> list[Look]:
    """One colour per name, one dash, marker or filling per item of a kind."""
    colours: dict[str, int] = {}
    found = []
    for group in ("curves", "points", "bars", "bands", "contours"):
        for number, item in enumerate(getattr(plot, group)):
            colour = colours.setdefault(item.name or f"{group}.{number}", len(colours))
            found.append(Look(group, number, item.name, f"{_pattern(group, number, item)} c{colour % 6}"))
    return found


def _pattern(group: str, number: int, item: Any) -> str:
    if group == "curves":
        return f"line {item.style or STYLES[number % len(STYLES)]}"
    if group == "points":
        return f"marks {item.marker or MARKERS[number % len(MARKERS)]}"
    if group == "bars":
        return f"bar b{(number if item.categories else number + 2) % 3}"
    return {"bands": "band", "contours": "line contour"}[group]


def marker(look: str) -> str:
    """A marker as a path around the current point."""
    if "marks" not in look.split():
        return ""
    shapes = {"cross": "m-3.5-3.5l7 7m0-7l-7 7", "plus": "m-4 0h8m-4-4v8", "square": "m-3-3h6v6h-6z",
              "ring": "m-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0z", "triangle": "m0-4l4 7h-8z"}  # fmt: skip
    return next((path for name, path in shapes.items() if name in look.split()), "h0")


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
