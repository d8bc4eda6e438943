"""Plots of a part as figures of its page, each drawing kept by its content.

matplotlib is imported (by `canvas`) only to draw a plot that the cache does not hold; `check` never draws.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from solvers.plots import Panels, Plot
from solvers.site.figures.looks import BYTES, html, looks, marker
from solvers.site.figures.plotdata import fill, filled
from solvers.site.part import Part
from solvers.site.rendered import rendered

GROUPS = ("bands", "bars", "contours", "curves", "points")  # from the back to the front
SWATCHES = {
    "bands": "M0 1h30v10h-30z",
    "bars": "M8 1h14v10h-14z",
    "contours": "M0 6h30",
    "curves": "M0 6h30",
    "points": "M15 6",
}


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
        from solvers.site.figures.canvas import svg

        return svg(plot)

    drawing = rendered(_drawn_by(), repr(replace(plot, caption="")), render)
    if len(drawing.encode()) > BYTES:
        raise ValueError(f"plot {plot.title!r}: its drawing takes {len(drawing.encode())} bytes, more than {BYTES}")
    return f'<div class="panel"><p class="plot-title">{html(plot.title)}</p>{drawing}{_key(plot)}</div>'


@lru_cache(maxsize=1)
def _drawn_by() -> str:
    """matplotlib and our own modules: a change of any of them draws anew."""
    sources = [
        Path(__file__).with_name(name).read_bytes()
        for name in ("plotting.py", "looks.py", "canvas.py", "scales.py", "svg.py")
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
