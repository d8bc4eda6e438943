import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import expit

from solvers.arrays import array, filled
from solvers.recurrent import relu_rnn, rnn_step, sigmoid_output, state_rows, tanh_rnn

values = st.floats(-2, 2)
sizes = st.tuples(st.integers(1, 4), st.integers(1, 4))


@st.composite
def layers(draw):
    D, H = draw(sizes)
    shapes = [(D,), (H,), (H, D), (H, H), (H,)]
    return [draw(arrays(float, shape, elements=values)) for shape in shapes]


@given(layers())
def test_a_step_is_that_of_every_unit_alone(layer):
    x, h, W_x, W_h, b = layer
    expected = []
    for unit in range(len(h)):
        z = b[unit]
        for i in range(len(x)):
            z += W_x[unit][i] * x[i]
        for j in range(len(h)):
            z += W_h[unit][j] * h[j]
        expected.append((math.exp(z) - math.exp(-z)) / (math.exp(z) + math.exp(-z)))
    assert list(rnn_step(*layer)) == pytest.approx(expected, abs=1e-12)
    assert list(rnn_step.trace(*layer)["h_t"]) == list(rnn_step(*layer))


@given(layers())
def test_a_state_has_the_shape_of_the_state_and_stays_between_minus_one_and_one(layer):
    h_t = rnn_step(*layer)
    assert h_t.shape == layer[1].shape
    assert all(-1 <= v <= 1 for v in h_t)


def test_the_weighted_input_is_exact_and_the_state_is_not():
    zero, tenths = filled(3, 0, 0), filled(3, 2, Fraction(1, 10))
    trace = rnn_step.trace(array([1, 2]), zero, tenths, filled(3, 3, 1), zero)
    assert trace["z"].tolist() == [Fraction(3, 10)] * 3
    assert trace.line("z").exact
    assert not trace.line("h_t").exact


def test_nothing_in_nothing_out():
    trace = rnn_step.trace(*[filled(2, columns, 0) for columns in (0, 0, 2, 2, 0)])
    assert trace["h_t"].tolist() == [0, 0]
    assert trace.line("h_t").exact


def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(ValueError):
        rnn_step(np.ones(3), np.ones(2), np.ones((2, 2)), np.ones((2, 2)), np.ones(2))


@given(layers(), values)
def test_the_output_is_a_logistic_regression_on_the_state(layer, b):
    _, h, _, _, w = layer
    assert sigmoid_output(h, w, b) == pytest.approx(expit(np.sum(w * h) + b))
    assert sigmoid_output.trace(h, w, b)["y_hat"] == sigmoid_output(h, w, b)


@pytest.mark.parametrize("b, limit", [(800.0, 1.0), (-800.0, 0.0)], ids=str)
def test_a_saturated_output(b, limit):
    assert sigmoid_output(np.zeros(2), np.zeros(2), b) == limit


# a whole sequence


@given(layers(), st.integers(1, 4), st.integers(0, 2**32 - 1))
def test_a_sequence_is_one_step_after_the_other(layer, T, seed):
    x, h, W_x, W_h, b = layer
    X = np.random.default_rng(seed).uniform(-2, 2, (T, len(x)))
    S, rectified = tanh_rnn(X, h, W_x, W_h, b), relu_rnn(X, h, W_x, W_h, b)
    state, other = h, h
    for t in range(T):
        state = rnn_step(X[t], state, W_x, W_h, b)
        other = np.maximum(np.dot(W_x, X[t]) + np.dot(W_h, other) + b, 0)
        assert list(S[t]) == pytest.approx(list(state), abs=1e-12)
        assert list(rectified[t]) == pytest.approx(list(other), abs=1e-12)


@pytest.mark.parametrize("network", [relu_rnn, tanh_rnn], ids=["relu", "tanh"])
def test_the_lines_of_a_sequence_are_numbered_from_one(network):
    X, zero, one = array([[1, 2], [3, -9]]), filled(2, 0, 0), array([[1, 0], [0, 1]])
    trace = network.trace(X, zero, one, one, zero)
    assert trace["h.1"].tolist() == trace["S"].tolist()[0]
    assert trace["h.2"].tolist() == trace["S"].tolist()[1]


# integers, so every line is exact: the second step of this one ends at zero in both components
def test_a_rectified_sequence_of_integers():
    trace = relu_rnn.trace(
        array([[2, 1], [-3, -1]]), array([0, 0]), array([[1, 0], [1, 1]]), array([[1, 0], [0, 1]]), array([0, 0])
    )
    assert trace["S"].tolist() == [[2, 3], [0, 0]]
    assert trace["z.2"].tolist() == [-1, -1]
    assert trace.line("S").exact


def test_states_as_rows():
    assert state_rows([array([1, 2]), array([3, 4])]).tolist() == [[1, 2], [3, 4]]
