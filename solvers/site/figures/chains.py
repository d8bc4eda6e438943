"""A chain of blocks as SVG: lying where it fits a narrow screen, else standing; skips go around it in lanes of their own."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from solvers.diagrams import Arrow, Diagram, Node

WIDEST = 420.0  # a chain that is longer than this stands
TALL, GAP, LANE, EDGE, RADIUS = 34.0, 34.0, 26.0, 12.0, 12.0
Fill = Callable[[str], str]


def chain(diagram: Diagram, fill: Fill, name: Callable[[str], str]) -> tuple[str, float, float]:
    """(elements, width, height). `fill` puts values into a text, `name` writes a text with its index."""
    arrows = [Arrow(a.start, a.end, a.label, fill(a.text), a.skip) for a in diagram.arrows]
    drawing = _Chain(diagram.nodes, arrows, name, lying=True)
    if drawing.length > WIDEST:
        drawing = _Chain(diagram.nodes, arrows, name, lying=False)
    return drawing.draw()


class _Chain:
    """Places along the chain (`at`) and lanes beside it; `_xy` turns both into a lying or a standing drawing."""

    def __init__(self, nodes: tuple[Node, ...], arrows: list[Arrow], name: Callable[[str], str], lying: bool):
        self.nodes, self.name, self.lying = nodes, name, lying
        self.links = {a.start: a for a in arrows if not a.skip}
        self.skips = sorted((a for a in arrows if a.skip), key=lambda a: int(a.end) - int(a.start))
        self.lanes = self._lanes()
        self.at: list[float] = []
        place = EDGE
        for node in nodes:
            self.at.append(place + self.half(node))
            place += 2 * self.half(node) + self._gap(node)
        self.length = self.at[-1] + self.half(nodes[-1]) + EDGE
        widest = max(TALL / 2 if lying else self.across(node) for node in nodes)
        beside = (
            max((_wide(a.text) for a in self.skips), default=0) if not lying else 16.0 * any(a.text for a in self.skips)
        )
        self.depth = widest + LANE * (max(self.lanes, default=-1) + 1)
        self.middle = EDGE + self.depth + (beside if self.skips else 0)
        written = max((_wide(a.text) for a in self.links.values()), default=0)
        self.breadth = self.middle + max(widest, (24 if written else 0) if lying else 8 + written) + EDGE

    def half(self, node: Node) -> float:
        """Half of what a node takes of the chain's length."""
        return self.across(node) if self.lying else RADIUS if node.shape != "box" else TALL / 2

    def across(self, node: Node) -> float:
        """Half the width of a node."""
        return RADIUS if node.shape == "sum" else _wide(node.text) / 2 + (10 if node.shape == "box" else 3)

    def _gap(self, node: Node) -> float:
        text = self.links[node.name].text if node.name in self.links else ""
        branch = any(a.start == node.name for a in self.skips)
        return max(GAP, _wide(text) + 16) if self.lying else GAP + (10 if branch and text else 0)

    def _lanes(self) -> list[int]:
        """The lane of each skip: the innermost in which no other skip runs beside it."""
        lanes: list[int] = []
        for k, arrow in enumerate(self.skips):
            taken = {lanes[j] for j, other in enumerate(self.skips[:k])
                     if int(other.start) < int(arrow.end) and int(arrow.start) < int(other.end)}  # fmt: skip
            lanes.append(next(lane for lane in range(len(self.skips)) if lane not in taken))
        return lanes

    def _xy(self, along: float, aside: float) -> str:
        x, y = (along, self.middle - aside) if self.lying else (self.middle - aside, along)
        return f"{x:.1f} {y:.1f}"

    def draw(self) -> tuple[str, float, float]:
        """(elements, width, height)."""
        body = "".join(self._link(k) for k in range(len(self.nodes) - 1))
        body += "".join(self._skip(arrow, lane) for arrow, lane in zip(self.skips, self.lanes))
        body += "".join(self._node(node, at) for node, at in zip(self.nodes, self.at))
        size = (self.length, self.breadth) if self.lying else (self.breadth, self.length)
        return body, *size

    def _head(self, along: float, aside: float, inward: bool = False) -> str:
        """An arrow head at a place, along the chain or towards it."""
        back = [(along - 7, aside - 3.5), (along - 7, aside + 3.5)]
        if inward:
            back = [(along - 3.5, aside + 7), (along + 3.5, aside + 7)]
        return f"M{self._xy(*back[0])}L{self._xy(along, aside)}L{self._xy(*back[1])}"

    def _link(self, number: int) -> str:
        node, after = self.nodes[number], self.nodes[number + 1]
        start, end = self.at[number] + self.half(node) + 1, self.at[number + 1] - self.half(after) - 2
        text = self.links[node.name].text
        line = f'<path class="arrow" d="M{self._xy(start, 0)}L{self._xy(end, 0)}{self._head(end, 0)}"/>'
        return line + (self._written((start + end) / 2, -20 if self.skips else 9, text) if self.lying
                       else self._written((start + end) / 2 + 5, -9, text, "start"))  # fmt: skip

    def _skip(self, arrow: Arrow, lane: int) -> str:
        first, last = int(arrow.start), int(arrow.end)
        leaves = self.at[first] + self.half(self.nodes[first]) + 9
        enters = self.at[last]
        node = self.nodes[last]
        edge = (RADIUS if node.shape != "box" else TALL / 2) if self.lying else self.across(node)
        out = max(TALL / 2 if self.lying else self.across(n) for n in self.nodes) + LANE * (lane + 1) - 6
        line = "L".join(self._xy(*place) for place in ((leaves, 0), (leaves, out), (enters, out), (enters, edge + 2)))
        x, y = self._xy(leaves, 0).split()
        text = self._written((leaves + enters) / 2, out + 6, arrow.text, "middle" if self.lying else "end")
        return f'<path class="arrow" d="M{line}{self._head(enters, edge + 2, True)}"/><circle class="branch" cx="{x}" cy="{y}" r="2.5"/>{text}'

    def _written(self, along: float, aside: float, text: str, anchor: str = "middle") -> str:
        x, y = self._xy(along, aside).split()
        return f'<text class="value" text-anchor="{anchor}" x="{x}" y="{y}">{self.name(text)}</text>' if text else ""

    def _node(self, node: Node, at: float) -> str:
        x, y = (float(number) for number in self._xy(at, 0).split())
        if node.shape == "sum":
            arms = f'<path class="plus" d="M{x - 6:g} {y:g}h12M{x:g} {y - 6:g}v12"/>'
            return f'<g class="node"><circle cx="{x:g}" cy="{y:g}" r="{RADIUS:g}"/>{arms}</g>'
        half = self.across(node)
        box = f'<rect x="{x - half:.1f}" y="{y - TALL / 2:g}" width="{2 * half:.1f}" height="{TALL:g}" rx="4"/>'
        box = box if node.shape == "box" else ""
        return f'<g class="node">{box}<text x="{x:g}" y="{y:g}" dy="0.35em">{self.name(node.text)}</text></g>'


def _wide(text: str) -> float:
    """About how wide a text is: an index is set small."""
    base, _, index = text.partition("_")
    return 8.3 * len(base) + 5.5 * len(index)


def words(diagram: Diagram, fill: Fill) -> str:
    """The chain in words, for those who do not see it."""
    if diagram.alt:
        return escape(fill(diagram.alt))
    texts = {node.name: "sum" if node.shape == "sum" else node.text.replace("_", " ") for node in diagram.nodes}
    out = {a.start: f" (gives {fill(a.text)})" for a in diagram.arrows if a.text and not a.skip}
    line = ", then ".join(f"{texts[node.name]}{out.get(node.name, '')}" for node in diagram.nodes)
    skips = "".join(f"; a skip from {texts[a.start]} to {texts[a.end]}" for a in diagram.arrows if a.skip)
    return escape(f"{diagram.title}: {line}{skips}")
