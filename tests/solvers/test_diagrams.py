import pytest

from solvers.diagrams import block_diagram, graph_diagram, lstm_diagram, network_diagram, neuron_diagram
from solvers.graphs import computation_graph

DIAGRAMS = {
    "network": lambda: network_diagram([["a", "b"], ["c", "d", "e"], ["f"]]),
    "neuron": lambda: neuron_diagram(["x1", "x2"], ["w1", "w2"], "b", "sigmoid"),
    "lstm": lambda: lstm_diagram(10, 20, 20, 2),
    "blocks": lambda: block_diagram("t", ["x", "LayerNorm", "Layer", "+", "y"], skips=[("x", "+")]),
    "graph": lambda: graph_diagram("x**2 + 3*y*x", "graph"),
}


@pytest.mark.parametrize("name", DIAGRAMS)
def test_arrows_join_nodes_that_exist_from_left_to_right(name):
    diagram = DIAGRAMS[name]()
    layers = {node.name: node.layer for node in diagram.nodes}
    assert len(layers) == len(diagram.nodes)
    assert all(layers[arrow.start] < layers[arrow.end] for arrow in diagram.arrows)
    assert {arrow.start for arrow in diagram.arrows} | {arrow.end for arrow in diagram.arrows} == set(layers)


@pytest.mark.parametrize("layers", [[["a"]], [["a", "b"], ["c"]], [["a", "b"], ["c", "d", "e"], ["f", "g"]]], ids=str)
def test_a_network_is_fully_connected(layers):
    diagram = network_diagram(layers)
    assert len(diagram.nodes) == sum(map(len, layers))
    pairs = {(f"{k}.{a}", f"{k + 1}.{b}") for k in range(len(layers) - 1) for a in layers[k] for b in layers[k + 1]}
    assert {(arrow.start, arrow.end) for arrow in diagram.arrows} == pairs


def test_a_neuron_has_its_weights_and_its_bias_on_the_arrows():
    diagram = DIAGRAMS["neuron"]()
    labels = {arrow.start: arrow.label for arrow in diagram.arrows if arrow.label}
    assert labels == {"x1": "w1", "x2": "w2", "one": "b"}
    assert "2 inputs" in diagram.title and "sigmoid" in diagram.title


def test_an_lstm_shows_every_dimension():
    diagram = lstm_diagram(10, 20, 30, 2)
    assert all(str(size) in diagram.title for size in (10, 20, 30, 2))
    assert all(any(f"({size})" in node.text for node in diagram.nodes) for size in (10, 20, 30, 2))


def test_every_value_at_a_graph_is_a_line_of_its_trace():
    formula = "x**2 + 3*y*x"
    labels = {f"graph.{label}" for label in computation_graph(formula).trace(x=2, y=5).labels()}
    shown = {label for node in graph_diagram(formula, "graph").nodes for _, label in node.values if label}
    assert shown == labels


def test_a_chain_joins_neighbours_and_writes_what_leaves_each():
    diagram = block_diagram("t", [("x", "3×3"), "Conv", ("z_1", "2×2"), "ReLU", "y_hat"])
    assert [(a.start, a.end, a.text) for a in diagram.arrows] == [
        ("0", "1", "3×3"), ("1", "2", ""), ("2", "3", "2×2"), ("3", "4", ""),
    ]  # fmt: skip
    assert [node.shape for node in diagram.nodes] == ["symbol", "box", "symbol", "box", "symbol"]


def test_a_skip_names_its_blocks_by_text_or_number():
    blocks = ["x", "Layer", "+", "Layer", "+", "y"]
    skips = [("x", 2), (2, 4, "same"), (0, "y")]
    found = [(a.start, a.end, a.text) for a in block_diagram("t", blocks, skips).arrows if a.skip]
    assert found == [("0", "2", ""), ("2", "4", "same"), ("0", "5", "")]


@pytest.mark.parametrize(
    "blocks, skips, why",
    [
        (["x"], [], "at least two blocks"),
        (["x", "A", "y"], [("x", "z")], "'z' is no block; the blocks are x, A, y"),
        (["x", "A", "A", "y"], [("x", "A")], "'A' stands twice; give its number"),
        (["x", "A", "y"], [("x", "A")], "passes no block"),
        (["x", "A", "y"], [("y", "x")], "passes no block"),
    ],
)
def test_a_skip_that_cannot_be_drawn_is_refused(blocks, skips, why):
    with pytest.raises(ValueError, match=why):
        block_diagram("t", blocks, skips)
