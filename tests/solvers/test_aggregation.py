from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvers.aggregation import aggregate, distinct_results, graph_layer, relabelling_failures

MESSAGES = np.array([[1, 0], [2, 5], [4, 1], [3, 3]], dtype=object)
ADJACENCY = np.array([[0, 1, 1, 0], [1, 0, 1, 0], [1, 1, 0, 1], [0, 0, 1, 0]], dtype=object)
tables = st.lists(st.lists(st.integers(-9, 9), min_size=2, max_size=2), min_size=1, max_size=5)


@given(tables)
def test_each_aggregation_is_that_of_numpy(rows):
    X = np.array(rows)
    assert aggregate("sum", rows).tolist() == X.sum(axis=0).tolist()
    assert list(map(float, aggregate("mean", rows))) == pytest.approx(X.mean(axis=0))
    assert aggregate("maximum", rows).tolist() == X.max(axis=0).tolist()
    assert aggregate("concatenation", rows).tolist() == X.ravel().tolist()
    assert aggregate("weighted sum", rows).tolist() == (np.arange(1, len(X) + 1) @ X).tolist()
    assert aggregate("recurrence", rows).tolist() == (2 ** np.arange(len(X))[::-1] @ X).tolist()


@pytest.mark.parametrize("kind", ["sum", "mean", "maximum"])
def test_these_do_not_see_the_order(kind):
    assert distinct_results(kind, MESSAGES) == 1
    assert relabelling_failures(kind, ADJACENCY, MESSAGES) == 0


@pytest.mark.parametrize("kind", ["concatenation", "weighted sum", "recurrence"])
def test_these_do(kind):
    weights = {"weighted sum": np.arange(1, 5), "recurrence": 2 ** np.arange(4)[::-1]}
    orders = [np.array(order) for order in permutations(MESSAGES.tolist())]
    seen = {tuple(weights[kind] @ order) if kind in weights else tuple(order.ravel()) for order in orders}
    assert distinct_results(kind, MESSAGES) == len(seen) > 1


def test_a_layer_with_sums_is_two_matrix_products():
    assert (graph_layer("sum", ADJACENCY, MESSAGES) == 2 * MESSAGES + ADJACENCY @ MESSAGES).all()


def test_relabelled_nodes_by_permutation_matrices():
    wrong = 0
    for order in permutations(range(4)):
        P = np.eye(4, dtype=int)[list(order)].astype(object)
        after = graph_layer("weighted sum", P @ ADJACENCY @ P.T, P @ MESSAGES)
        wrong += bool((after != P @ graph_layer("weighted sum", ADJACENCY, MESSAGES)).any())
    assert relabelling_failures("weighted sum", ADJACENCY, MESSAGES) == wrong > 0


def test_the_sum_counts_and_the_others_do_not():
    once, twice = [[1]], [[1], [1]]
    differ = {
        kind: aggregate(kind, once).tolist() != aggregate(kind, twice).tolist() for kind in ("sum", "mean", "maximum")
    }
    assert differ == {"sum": True, "mean": False, "maximum": False}


def test_a_sum_of_powers_tells_all_small_multisets_apart():
    # each value by a digit of its own: an injective sum, as in the proof for countable sets
    multisets = {tuple(sorted(values)) for n in (1, 2, 3) for values in product(range(4), repeat=n)}
    sums = {tuple(aggregate("sum", [[10**value] for value in values])) for values in multisets}
    assert len(sums) == len(multisets)


def test_an_unknown_aggregation_is_refused():
    with pytest.raises(ValueError, match="median"):
        aggregate("median", MESSAGES)
