"""Diagrams as data: nodes in layers, arrows between them. How they are drawn is the site's business."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from solvers.graphs import ComputationGraph, computation_graph, derivative


@dataclass(frozen=True)
class Node:
    """A node in layer 0, 1, … from the left. `values` are (words, label of a line) pairs written beside it."""

    name: str
    text: str
    layer: int
    values: tuple[tuple[str, str], ...] = ()
    shape: str = "circle"


@dataclass(frozen=True)
class Arrow:
    """An arrow from one node to another; `label` names a line or a given whose value is written on it.

    `text` is written as it stands, with values for its `@{label}`; a `skip` leads around the nodes between.
    """

    start: str
    end: str
    label: str = ""
    text: str = ""
    skip: bool = False


@dataclass(frozen=True)
class Diagram:
    """What to draw, and what it shows, for those who cannot see it. A `chain` has one node per layer."""

    title: str
    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]
    alt: str = ""
    chain: bool = False


def network_diagram(layers: list[list[str]]) -> Diagram:
    """A fully connected network: one list of names for every layer."""
    nodes = [
        Node(f"{depth}.{name}", name, depth, shape="box" if len(name.partition("_")[0]) > 3 else "circle")
        for depth, names in enumerate(layers)
        for name in names
    ]
    arrows = [
        Arrow(f"{depth}.{left}", f"{depth + 1}.{right}")
        for depth, (lefts, rights) in enumerate(zip(layers, layers[1:]))
        for left in lefts
        for right in rights
    ]
    sizes = ", ".join(f"{' and '.join(names)}" for names in layers)
    return Diagram(f"Fully connected layers: {sizes}", tuple(nodes), tuple(arrows))


def neuron_diagram(inputs: list[str], weights: list[str], bias: str, activation: str) -> Diagram:
    """One neuron: its inputs with their weights, the bias on an input of 1, the activation."""
    nodes = [Node(name, name, 0, (("", name),)) for name in inputs] + [Node("one", "1", 0)]
    nodes += [
        Node("sum", "Σ", 1),
        Node("activation", "σ" if activation == "sigmoid" else activation, 2),
        Node("y_hat", "y_hat", 3),
    ]
    arrows = [Arrow(name, "sum", weight) for name, weight in zip(inputs, weights)]
    arrows += [Arrow("one", "sum", bias), Arrow("sum", "activation"), Arrow("activation", "y_hat")]
    return Diagram(f"A neuron with {len(inputs)} inputs and the activation {activation}", tuple(nodes), tuple(arrows))


def lstm_diagram(inputs: int, hidden: int, cell: int, outputs: int) -> Diagram:
    """An LSTM layer and its output layer, with the dimensions that the question gives."""
    nodes = (
        Node("x", f"x_t  ({inputs})", 0, shape="box"),
        Node("h0", f"h_t−1  ({hidden})", 0, shape="box"),
        Node("c0", f"c_t−1  ({cell})", 0, shape="box"),
        Node("lstm", "LSTM", 1, shape="box"),
        Node("c", f"c_t  ({cell})", 2, shape="box"),
        Node("h", f"h_t  ({hidden})", 2, shape="box"),
        Node("y", f"y_t  ({outputs})", 3, shape="box"),
    )
    arrows = (
        Arrow("x", "lstm"),
        Arrow("h0", "lstm"),
        Arrow("c0", "lstm"),
        Arrow("lstm", "c"),
        Arrow("lstm", "h"),
        Arrow("h", "y"),
    )
    title = f"LSTM with input of dimension {inputs}, hidden state {hidden}, cell state {cell}, output {outputs}"
    return Diagram(title, nodes, arrows)


def block_diagram(
    title: str, blocks: Sequence[str | tuple[str, str]], skips: Sequence[tuple[Any, ...]] = (), alt: str = ""
) -> Diagram:
    """A chain of blocks, each a text or (text, what is written on the arrow that leaves it).

    A "+" is the sum ⊕, a symbol such as "x" or "z_out" a value between the blocks, anything else a box. A skip is
    (from, to) or (from, to, text): it leaves behind the block `from`, goes around those between and enters `to`; a
    block is named by its text, or by its number from 0 where that text stands twice.
    """
    pairs = [(block, "") if isinstance(block, str) else block for block in blocks]
    if len(pairs) < 2:
        raise ValueError(f"block_diagram {title!r}: a chain has at least two blocks")
    nodes = [
        Node(str(k), "+" if text in ("+", "⊕") else text, k, shape=_shape(text)) for k, (text, _) in enumerate(pairs)
    ]
    arrows = [Arrow(str(k), str(k + 1), text=out) for k, (_, out) in enumerate(pairs[:-1])]
    texts = [node.text for node in nodes]
    for start, end, *text in skips:
        first, last = _number(title, texts, start), _number(title, texts, end)
        if last < first + 2:
            raise ValueError(f"block_diagram {title!r}: the skip from {start!r} to {end!r} passes no block")
        arrows.append(Arrow(str(first), str(last), text="".join(text), skip=True))
    return Diagram(title, tuple(nodes), tuple(arrows), alt, chain=True)


def _shape(text: str) -> str:
    if text in ("+", "⊕"):
        return "sum"
    return "symbol" if re.fullmatch(r"\w(_hat)?(_\S+)?", text) else "box"


def _number(title: str, texts: list[str], block: Any) -> int:
    """Which block is meant. Raises ValueError for one that is not there, or there twice."""
    found = [k for k, text in enumerate(texts) if block in (k, text) or (text == "+" and block == "⊕")]
    if len(found) != 1:
        why = "stands twice; give its number" if found else f"is no block; the blocks are {', '.join(texts)}"
        raise ValueError(f"block_diagram {title!r}: {block!r} {why}")
    return found[0]


def graph_diagram(formula: Any, trace: str) -> Diagram:
    """The computation graph of a formula; at every node its value and the derivative of f by it, from the lines of `trace`."""
    graph: ComputationGraph = computation_graph(formula)
    depth = dict.fromkeys(graph.inputs, 0)
    nodes = [Node(name, name, 0, (("", ""), ("∂", f"{trace}.{derivative(name)}"))) for name in graph.inputs]
    arrows = []
    for node in graph.nodes:
        depth[node.name] = 1 + max((depth[a] for a in node.arguments if a in depth), default=0)
        constants = [a for a in node.arguments if a not in depth]
        text = {"**": f"(·)^{constants[0]}" if constants else "^", "*": f"{constants[0]} ·" if constants else "·"}.get(
            node.operation, node.operation
        )
        values = [("", f"{trace}.{node.name}")] + (
            [("∂", f"{trace}.{derivative(node.name)}")] if node.name != "f" else []
        )
        nodes.append(Node(node.name, text, depth[node.name], tuple(values)))
        arrows += [Arrow(a, node.name) for a in node.arguments if a in depth]
    return Diagram(f"Computation graph of {formula}", tuple(nodes), tuple(arrows))
