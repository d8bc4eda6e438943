"""How the items and texts of a plot look: the classes of the style sheet, markers, indices and powers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import Any

from solvers.plots import MARKERS, STYLES, Plot

BYTES = 30_000  # how large a drawing may be
INDEX = re.compile(r"(?<=[^\s_^])([_^])(\{[^{}]*\}|[^\s_^{},;:()=]+)")


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
