"""Diagrams as data: nodes in layers, arrows between them. How they are drawn is the site's business."""

from __future__ import annotations

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
    """An arrow from one node to another; `label` names a line or a given whose value is written on it."""

    start: str
    end: str
    label: str = ""


@dataclass(frozen=True)
class Diagram:
    """What to draw, and what it shows, for those who cannot see it."""

    title: str
    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]


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
