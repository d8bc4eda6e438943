import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import softmax

from solvers.arrays import array
from solvers.attention import attention_pooling

values = st.floats(-3, 3)


@st.composite
def queries(draw):
    T, d = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    return draw(arrays(float, d, elements=values)), draw(arrays(float, (T, d), elements=values))


@given(queries())
def test_weights_and_mean_by_hand(query):
    q, S = query
    scores = [sum(a * b for a, b in zip(q, key)) / math.sqrt(len(q)) for key in S]
    weights = softmax(scores)
    mean = [sum(w * state[i] for w, state in zip(weights, S)) for i in range(len(q))]
    p, c = attention_pooling(q, S)
    assert list(p) == pytest.approx(list(weights), abs=1e-12)
    assert list(c) == pytest.approx(mean, abs=1e-12)


@given(queries())
def test_the_mean_stays_between_the_smallest_and_the_largest_value(query):
    q, S = query
    p, c = attention_pooling(q, S)
    assert min(p) > 0 and sum(p) == pytest.approx(1)
    assert all(low - 1e-12 <= v <= high + 1e-12 for low, v, high in zip(S.min(axis=0), c, S.max(axis=0)))


@given(queries(), st.randoms(use_true_random=False))
def test_the_order_of_the_keys_does_not_matter(query, random):
    q, S = query
    order = random.sample(range(len(S)), len(S))
    p, c = attention_pooling(q, S)
    again, mean = attention_pooling(q, S[order])
    assert list(again) == pytest.approx([p[i] for i in order])
    assert list(mean) == pytest.approx(list(c), abs=1e-12)


def test_a_query_of_zeros_takes_the_plain_mean_exactly():
    trace = attention_pooling.trace(array([0, 0, 0, 0]), array([[3, 0, 0, 1], [0, 6, 0, 1], [0, 0, 9, 1]]))
    p, c = trace["p"], trace["c"]
    assert list(p) == [Fraction(1, 3)] * 3
    assert list(c) == [1, 2, 3, 1]


def test_one_state_gets_all_the_attention():
    p, c = attention_pooling(array([5, -2]), array([[7, 8]]))
    assert (list(p), list(c)) == ([1], [7, 8])


# query (2, -1) over the states (1, 0), (0, 1), (1, 3): two scores are equal, so the weights have a closed form
def test_a_case_with_a_closed_form():
    trace = attention_pooling.trace(array([2, -1]), array([[1, 0], [0, 1], [1, 3]]))
    first = 1 / (1 + 2 * math.exp(-3 / math.sqrt(2)))
    other = (1 - first) / 2
    assert trace["k"].tolist() == [2, -1, -1]
    assert list(trace["p"]) == pytest.approx([first, other, other], abs=1e-14)
    assert list(trace["c"]) == pytest.approx([first + other, 4 * other], abs=1e-14)
    assert [f"{v:.3f}" for v in trace["p"]] == ["0.807", "0.097", "0.097"]


def test_a_query_of_another_length_is_refused():
    with pytest.raises(ValueError):
        attention_pooling(np.ones(3), np.ones((4, 2)))
