import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import approx_fprime
from scipy.special import expit

from solvers.neurons import linear_neuron, perceptron_error, sigmoid_neuron, squared_error_neuron

value = st.floats(-3, 3)
target = st.floats(0, 1)


# losses written another way: cross-entropy of a logit is softplus(z) - y z


def cross_entropy(weights, x, y):
    z = weights[0] * x + weights[1]
    return np.logaddexp(0, z) - y * z


def squared_error(weights, x, y):
    return 0.5 * (expit(np.dot(weights[:-1], x) + weights[-1]) - y) ** 2


def linear_error(weights, x, y):
    return 0.5 * (np.dot(weights[:-1], x) + weights[-1] - y) ** 2


def central(function, at, step=1e-5):
    return (function(at + step) - function(at - step)) / (2 * step)


@given(value, target, value, value)
def test_cross_entropy_of_a_sigmoid_neuron(x, y, w, b):
    trace = sigmoid_neuron.trace(x, y, w, b)
    assert trace["y_hat"] == pytest.approx(expit(w * x + b))
    assert trace["loss"] == pytest.approx(cross_entropy([w, b], x, y), abs=1e-9)


@given(value, target, value, value)
def test_its_gradient_against_finite_differences(x, y, w, b):
    ours = sigmoid_neuron(x, y, w, b)
    assert ours == pytest.approx(approx_fprime([w, b], cross_entropy, 1e-7, x, y), abs=1e-5)
    by_hand = (
        central(lambda v: cross_entropy([v, b], x, y), w),
        central(lambda v: cross_entropy([w, v], x, y), b),
    )
    assert ours == pytest.approx(by_hand, abs=1e-7)


@given(value, target, value, value)
def test_the_lines_of_a_trace_give_the_called_result(x, y, w, b):
    trace = sigmoid_neuron.trace(x, y, w, b)
    assert (trace["dL_dw"], trace["dL_db"]) == sigmoid_neuron(x, y, w, b)


def test_a_perfect_prediction_has_no_gradient():
    trace = sigmoid_neuron.trace(3, Fraction(1, 2), 0, 0)
    assert (trace["dL_dw"], trace["dL_db"]) == (0, 0)
    assert trace.line("dL_dw").exact
    assert trace["loss"] == pytest.approx(math.log(2))


# the logarithm of a saturated prediction has no value: the solver says so instead of printing infinity
@pytest.mark.parametrize("z", [800, -800], ids=str)
def test_a_saturated_prediction_has_no_cross_entropy(z):
    with pytest.raises(ValueError, match="ln of 0"):
        sigmoid_neuron(1.0, 0.5, float(z), 0.0)


pair = st.tuples(value, value)


@given(pair, target, pair, value)
def test_squared_error_of_a_sigmoid_neuron(x, y, w, b):
    loss, dL_dz = squared_error_neuron(*x, y, *w, b)
    assert loss == pytest.approx(squared_error([*w, b], x, y))
    # the bias is added to z, so its derivative is the one by z
    assert dL_dz == pytest.approx(approx_fprime([*w, b], squared_error, 1e-7, x, y)[-1], abs=1e-5)
    assert dL_dz == pytest.approx(central(lambda v: squared_error([*w, v], x, y), b), abs=1e-8)


@pytest.mark.parametrize("z, y_hat", [(800.0, 1.0), (-800.0, 0.0)], ids=["far right", "far left"])
def test_a_saturated_sigmoid_learns_nothing_from_the_squared_error(z, y_hat):
    trace = squared_error_neuron.trace(0.0, 0.0, 0.25, 1.0, 1.0, z)
    assert trace["y_hat"] == y_hat
    assert trace["loss"] == (y_hat - 0.25) ** 2 / 2
    assert trace["dL_dz"] == 0


@given(pair, value, pair, value, st.floats(0, 1))
def test_one_step_of_a_linear_neuron_is_taken(x, y, w, b, lr):
    loss, factor, loss_next = linear_neuron(*x, y, *w, b, lr)
    start = np.array([*w, b])
    error = float(np.dot(w, x) + b - y)
    stepped = start - lr * error * np.array([*x, 1.0])
    assert loss == pytest.approx(linear_error(start, x, y), abs=1e-12)
    assert loss_next == pytest.approx(linear_error(stepped, x, y), abs=1e-9)
    # the error after the step is the factor times the error before
    assert np.dot(stepped[:2], x) + stepped[2] - y == pytest.approx(factor * error, abs=1e-9)


@given(pair, value, pair, value)
def test_the_gradient_of_that_step_against_finite_differences(x, y, w, b):
    error = linear_neuron.trace(*x, y, *w, b, 0.1)["error"]
    numeric = approx_fprime([*w, b], linear_error, 1e-7, x, y)
    assert [error * v for v in (*x, 1.0)] == pytest.approx(list(numeric), abs=1e-4)


@pytest.mark.parametrize(
    "lr, grows", [(Fraction(1, 7), False), (Fraction(2, 6), False), (Fraction(1, 2), True)], ids=str
)
def test_the_error_grows_past_two_over_the_squared_length(lr, grows):
    # the input (1, 2) with the 1 of the bias has squared length 6: at 2/6 the error only changes its sign
    loss, factor, loss_next = linear_neuron.trace(1, 2, 5, 1, 1, 0, lr).result
    assert (loss_next > loss) is grows
    assert factor == 1 - 6 * lr


def test_the_perceptron_rests_when_it_is_right():
    """Rosenblatt's rule w ← w + (y − ŷ) x / 2 for y = +1 and the sign of z as ŷ."""
    for z in (-3, -0.5, 0, 0.5, 3):
        y_hat = 1 if z > 0 else -1
        assert perceptron_error(z) == -(1 - y_hat) / 2
