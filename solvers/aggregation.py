"""How a graph network gathers the messages of neighbours, tried in every order. Exact numbers."""

from itertools import permutations

from solvers.arrays import array
from solvers.exact import divide


def aggregate(kind, messages):
    """Gather messages (n, d) into one vector.

    `kind`: "sum", "mean", "maximum"; or, to compare, "concatenation", "weighted sum" (the first message once, the second
    twice, …) and "recurrence" (the state is doubled before the next message is added). Raises ValueError for any other.
    """
    rows = [array(list(row)) for row in messages]
    if kind == "sum":
        return sum(rows)
    if kind == "mean":
        return array([divide(value, len(rows)) for value in sum(rows)])
    if kind == "maximum":
        return array([max(column) for column in zip(*rows)])
    if kind == "concatenation":
        return array([value for row in rows for value in row])
    if kind == "weighted sum":
        return sum(place * row for place, row in enumerate(rows, start=1))
    if kind == "recurrence":
        state = 0 * rows[0]
        for row in rows:
            state = 2 * state + row
        return state
    raise ValueError(
        f"aggregation {kind!r} is not known; give sum, mean, maximum, concatenation, weighted sum or recurrence"
    )


def distinct_results(kind, messages):
    """How many different results an aggregation has over all orders of its messages: 1 when it is invariant."""
    return len({tuple(aggregate(kind, order)) for order in permutations(messages.tolist())})


def graph_layer(kind, adjacency, features):
    """One layer of message passing: twice the node's own features, and those of its neighbours aggregated, (n, d).

    `adjacency` (n, n) of zeros and ones, every node with a neighbour; neighbours are read in the order of their numbers.
    """
    rows = []
    for own, links in zip(features, adjacency):
        rows.append(2 * own + aggregate(kind, [row for row, linked in zip(features, links) if linked]))
    return array([list(row) for row in rows])


def relabelling_failures(kind, adjacency, features):
    """For how many orders of the nodes the layer's output is not that of the old order, reordered: 0 when equivariant."""
    before = graph_layer(kind, adjacency, features)
    failures = 0
    for order in map(list, permutations(range(len(features)))):
        after = graph_layer(kind, adjacency[order][:, order], features[order])
        failures += after.tolist() != before[order].tolist()
    return failures
