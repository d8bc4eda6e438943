"""Diagrams as SVG, drawn while the site is built: layers from left to right, values from the lines of the part.

Colours come from the page (currentColor and classes), so a drawing reads in light and dark and on paper.
"""

from __future__ import annotations

import re
from html import escape
from typing import Any

from solvers.diagrams import Arrow, Diagram, Node
from solvers.dialects import WORDS, write_value
from solvers.notation import word_name
from solvers.plots import Panels, Plot
from solvers.site.figures import chains, plotdata, plotting
from solvers.site.part import Part

STEP_X, STEP_Y, RADIUS, MARGIN = 132, 92, 21, 62
Point = tuple[float, float]


def draw(figure: Diagram | Plot | Panels, part: Part) -> str:
    """A figure with the drawing; its description names every value that is written in it."""
    if isinstance(figure, Plot | Panels):
        return plotting.draw(figure, part)
    diagram = figure
    if diagram.chain:
        fill = lambda words: plotdata.fill(words, part)  # noqa: E731
        body, width, height = chains.chain(diagram, fill, _name)
        return _figure(diagram, body, width, height, chains.words(diagram, fill))
    places = _places(diagram)
    width = max(x for x, _ in places.values()) + MARGIN
    height = max(y for _, y in places.values()) + MARGIN + 14
    body = "".join(_arrow(arrow, places, part, diagram) for arrow in diagram.arrows)
    body += "".join(_node(node, places[node.name], part) for node in diagram.nodes)
    return _figure(diagram, body, width, height, escape(_description(diagram, part)))


def _figure(diagram: Diagram, body: str, width: float, height: float, words: str) -> str:
    return (
        f'<figure class="drawn"><svg viewBox="0 0 {width:g} {height:g}" width="{width:g}" role="img" aria-label="{words}">'
        f"<title>{escape(diagram.title)}</title>{body}</svg></figure>"
    )


def _places(diagram: Diagram) -> dict[str, Point]:
    """Layers are columns; a node sits as high as those that lead to it, with room between neighbours."""
    layers: dict[int, list[Node]] = {}
    for node in diagram.nodes:
        layers.setdefault(node.layer, []).append(node)
    heights: dict[str, float] = {}
    for layer in sorted(layers):
        heights |= _spread(layers[layer], {n.name: _pull(n.name, diagram, heights, ends=False) for n in layers[layer]})
    first = layers[min(layers)]
    heights |= _spread(first, {n.name: _pull(n.name, diagram, heights, ends=True) for n in first})
    top = min(heights.values())
    return {n.name: (MARGIN + STEP_X * n.layer, MARGIN + heights[n.name] - top) for n in diagram.nodes}


def _spread(nodes: list[Node], wanted: dict[str, float]) -> dict[str, float]:
    """Heights near the wanted ones, at least a step apart, their middle where it was wanted."""
    found: dict[str, float] = {}
    last = None
    for node in sorted(nodes, key=lambda n: wanted[n.name]):
        last = wanted[node.name] if last is None else max(wanted[node.name], last + STEP_Y)
        found[node.name] = last
    shift = (sum(wanted.values()) - sum(found.values())) / len(nodes)
    return {name: height + shift for name, height in found.items()}


def _pull(name: str, diagram: Diagram, heights: dict[str, float], ends: bool) -> float:
    """The mean height of the nodes that lead to this one, or (`ends`) of those that it leads to."""
    near = [a.end if ends else a.start for a in diagram.arrows if name == (a.start if ends else a.end)]
    known = [heights[other] for other in near if other in heights]
    return sum(known) / len(known) if known else heights.get(name, 0)


def _node(node: Node, place: Point, part: Part) -> str:
    x, y = place
    texts = [(prefix, _value(label, part)) for prefix, label in node.values if label]
    if node.shape == "box":
        half = _half(node)
        outline = f'<rect x="{x - half:g}" y="{y - 17:g}" width="{2 * half:g}" height="34" rx="4"/>'
    else:
        outline = f'<circle cx="{x:g}" cy="{y:g}" r="{RADIUS}"/>'
    written = "".join(
        f'<text class="{"gradient" if prefix else "value"}" x="{x:g}" y="{y + RADIUS + 14 + 14 * row:g}">{escape(_with(prefix, text))}</text>'
        for row, (prefix, text) in enumerate(texts)
    )
    return f'<g class="node">{outline}<text x="{x:g}" y="{y:g}" dy="0.35em">{_name(node.text)}</text>{written}</g>'


def _with(prefix: str, text: str) -> str:
    return f"{prefix} {text}" if prefix else text


def _arrow(arrow: Arrow, places: dict[str, Point], part: Part, diagram: Diagram) -> str:
    (x1, y1), (x2, y2) = places[arrow.start], places[arrow.end]
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
    dx, dy = (x2 - x1) / length, (y2 - y1) / length
    room = {node.name: _room(node, dx, dy) for node in diagram.nodes}
    x1, y1, x2, y2 = (
        x1 + dx * room[arrow.start],
        y1 + dy * room[arrow.start],
        x2 - dx * room[arrow.end],
        y2 - dy * room[arrow.end],
    )
    left, right = (x2 - 7 * dx - 3.5 * dy, y2 - 7 * dy + 3.5 * dx), (x2 - 7 * dx + 3.5 * dy, y2 - 7 * dy - 3.5 * dx)
    head = f"M{left[0]:.1f} {left[1]:.1f}L{x2:.1f} {y2:.1f}L{right[0]:.1f} {right[1]:.1f}"
    text = ""
    words = [_value(arrow.label, part)] if arrow.label else []
    words += [plotdata.fill(arrow.text, part)] if arrow.text else []
    if words:
        middle = f'x="{(x1 + x2) / 2:.1f}" y="{(y1 + y2) / 2 - 6:.1f}"'
        text = f'<text class="value" {middle}>{escape(" ".join(words))}</text>'
    return f'<path class="arrow" d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}{head}"/>{text}'


def _room(node: Node, dx: float, dy: float) -> float:
    """How far from a node's middle its outline is, in the direction of an arrow."""
    if node.shape != "box":
        return RADIUS + 2
    return 2 + min(_half(node) / abs(dx) if dx else 1e9, 17 / abs(dy) if dy else 1e9)


def _half(node: Node) -> float:
    """Half the width of a box."""
    return 10 + 4.2 * len(node.text)


def _value(label: str, part: Part) -> str:
    """The value of a line or a given, as the page writes it. Raises ValueError for a label that is neither."""
    if label in part.shown:
        return write_value(part.shown[label], WORDS)
    if label in part.run.givens:
        return write_value(part.run.givens[label], WORDS)
    raise ValueError(f"the figure names {label!r}, which is no line and no given")


def _name(text: str) -> str:
    """A name with its subscript: x_1 is an x with a small 1; (·)^4 has its 4 raised."""
    base, caret, power = text.partition("^")
    if caret:
        return f'{escape(base)}<tspan class="sub" dy="-0.4em">{escape(power)}</tspan>'
    match = re.fullmatch(r"([^_\s]+)_([^_\s]+)(.*)", text)
    if text in ("y_hat", "-"):
        return {"y_hat": "ŷ", "-": "−"}[text]
    if match is None:
        return escape(text)
    sub = f'<tspan class="sub" dy="0.3em">{escape(match[2])}</tspan>'
    rest = f'<tspan dy="-0.3em">{escape(match[3])}</tspan>' if match[3] else ""
    return f"{escape(match[1])}{sub}{rest}"


def _description(diagram: Diagram, part: Part) -> str:
    def values(node: Node) -> str:
        found = [(prefix, _value(label, part)) for prefix, label in node.values if label]
        return "".join(f", {'derivative' if prefix else 'value'} {text}" for prefix, text in found)

    nodes = "; ".join(
        f"{word_name(node.name)}{values(node)}" for node in diagram.nodes if any(label for _, label in node.values)
    )
    weights = "; ".join(f"{word_name(a.label)} = {_value(a.label, part)}" for a in diagram.arrows if a.label)
    return ". ".join(text for text in (diagram.title, nodes, weights) if text)


def check(figure: Any, part: Part) -> None:
    """Raise ValueError when a figure names a value that the part does not have, or cannot be drawn."""
    (plotting.check if isinstance(figure, Plot | Panels) else draw)(figure, part)
