import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvers.arrays import array
from solvers.exact import Given
from solvers.optimizers import adam

size = st.floats(-10, 10)
rate = st.floats(1e-4, 1.0)
decay = st.floats(0.1, 0.999)


def algorithm_1(w, gradients, lr, beta1, beta2, eps):
    """Kingma & Ba 2015, Algorithm 1, as a plain loop: the parameter and both moments after every step."""
    m = v = 0.0
    history = []
    for t, g in enumerate(gradients, start=1):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        w = w - lr * (m / (1 - beta1**t)) / (math.sqrt(v / (1 - beta2**t)) + eps)
        history.append((w, m, v))
    return history


@given(size, st.lists(size, min_size=1, max_size=8), rate, decay, decay)
def test_steps_follow_algorithm_1(w, gradients, lr, beta1, beta2):
    m = v = 0.0
    for t, (g, (w_after, m_after, v_after)) in enumerate(
        zip(gradients, algorithm_1(w, gradients, lr, beta1, beta2, 1e-8)), start=1
    ):
        trace = adam.trace(w, g, lr, beta1, beta2, 1e-8, m=m, v=v, t=t)
        assert trace["w_t"] == pytest.approx(w_after, rel=1e-9, abs=1e-12)
        assert trace["w_t"] == adam(w, g, lr, beta1, beta2, 1e-8, m=m, v=v, t=t)
        w, m, v = trace["w_t"], trace["m_t"], trace["v_t"]
        assert (m, v) == pytest.approx((m_after, v_after))


# unrolled, the moments are weighted sums of all gradients: another formula for the same thing
@given(st.lists(size, min_size=2, max_size=6), decay, decay)
def test_moments_are_weighted_sums_of_the_gradients(gradients, beta1, beta2):
    m = v = 0.0
    for t, g in enumerate(gradients, start=1):
        trace = adam.trace(0.0, g, 0.1, beta1, beta2, 1e-8, m=m, v=v, t=t)
        m, v = trace["m_t"], trace["v_t"]
    weights = [(1 - beta1) * beta1 ** (len(gradients) - k) for k in range(1, len(gradients) + 1)]
    assert m == pytest.approx(sum(a * g for a, g in zip(weights, gradients)), abs=1e-12)
    # the bias correction divides by the sum of the weights
    assert trace["m_hat"] == pytest.approx(np.average(gradients, weights=weights), abs=1e-9)


@given(size, size.filter(lambda g: abs(g) > 1e-3), rate, decay, decay)
def test_the_first_step_has_the_length_of_the_learning_rate(w, g, lr, beta1, beta2):
    assert w - adam(w, g, lr, beta1, beta2, 0) == pytest.approx(math.copysign(lr, g), rel=1e-6, abs=1e-12)


def test_without_gradient_nothing_moves():
    trace = adam.trace(Given("0.3"), 0, Given("0.1"), Given("0.9"), Given("0.99"), Given("1e-8"))
    assert trace["w_t"] == Fraction(3, 10)
    assert trace["v_hat"] == 0
    assert trace.line("w_t").exact


# the gradient is 0, the memory of earlier ones is not
def test_without_gradient_the_momentum_still_moves():
    # by hand: m = 0.5·4 = 2, m_hat = 2/(1 - 1/4) = 8/3; v = 0.5·8 = 4, v_hat = 16/3; 1 - 8/3 / sqrt(16/3)
    assert adam(1, 0, 1, 0.5, 0.5, 0, m=4, v=8, t=2) == pytest.approx(1 - (8 / 3) / math.sqrt(16 / 3))


def test_without_gradient_and_without_eps_there_is_no_step():
    with pytest.raises(ZeroDivisionError):
        adam(1.0, 0.0, 0.1, 0.9, 0.99, 0)


# eps outside the root: with a gradient of its size it halves the step; inside the root it would not
def test_eps_stands_outside_the_root():
    assert adam(0.0, 1e-3, 1.0, 0.9, 0.99, 1e-3) == pytest.approx(-0.5)


@given(
    st.fractions(-5, 5, max_denominator=20),
    st.fractions(-5, 5, max_denominator=20),
    st.fractions(-5, 5, max_denominator=20),
    st.integers(1, 6),
)
def test_traced_moments_are_exact_fractions(w, g, m, t):
    half, v = Fraction(1, 2), Fraction(9, 4)
    trace = adam.trace(w, g, Fraction(1, 10), half, half, 0, m=m, v=v, t=t)
    assert trace["m_t"] == (m + g) / 2
    assert trace["v_t"] == (v + g * g) / 2
    assert trace["m_hat"] == (m + g) / 2 / (1 - Fraction(1, 2**t))
    assert all(trace.line(label).exact for label in ("m_t", "v_t", "m_hat", "v_hat"))


def test_the_first_step_is_exact_because_the_root_is():
    trace = adam.trace(1, Given("-0.3"), Given("0.1"), Given("0.9"), Given("0.99"), 0)
    assert trace["w_t"] == Fraction(11, 10)
    assert trace.line("w_t").exact


@given(st.lists(st.tuples(size, size), min_size=1, max_size=4))
def test_arrays_are_updated_element_by_element(pairs):
    w, g = ([float(pair[i]) for pair in pairs] for i in (0, 1))
    updated = adam(array(w), array(g), 0.1, 0.9, 0.99, 1e-8)
    assert updated.tolist() == pytest.approx([adam(a, b, 0.1, 0.9, 0.99, 1e-8) for a, b in pairs])
