import math
from fractions import Fraction

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from solvers.arrays import array
from solvers.exact import Given
from solvers.optimizers import adam, momentum, sgd

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


# gradient descent and momentum


@given(size, size, rate)
def test_sgd_lowers_a_quadratic_whose_curvature_allows_the_rate(w, target, lr):
    after = sgd.trace(w, w - target, lr)["w_t"]
    assert after == sgd(w, w - target, lr)
    assert abs(after - target) == pytest.approx((1 - lr) * abs(w - target), abs=1e-9)


# unrolled, the velocity is a decaying sum of all gradients
@given(st.lists(size, min_size=1, max_size=6), decay, st.floats(0, 0.9))
def test_the_velocity_is_a_decaying_sum(gradients, beta1, dampening):
    w, m = 0.0, 0.0
    for g in gradients:
        trace = momentum.trace(w, g, 0.1, beta1, m, dampening)
        assert trace["w_t"] == momentum(w, g, 0.1, beta1, m, dampening)
        w, m = trace["w_t"], trace["m_t"]
    ages = range(len(gradients) - 1, -1, -1)
    assert m == pytest.approx((1 - dampening) * sum(beta1**age * g for age, g in zip(ages, gradients)), abs=1e-9)


def path(w, curvature, lr, beta1, dampening, steps):
    """The parameters visited on the loss ½ a w², from rest."""
    visited, m = [w], 0
    for _ in range(steps):
        trace = momentum.trace(visited[-1], curvature * visited[-1], lr, beta1, m, dampening)
        m = trace["m_t"]
        visited.append(trace["w_t"])
    return visited


def matrix_powers(w, curvature, lr, beta1, dampening, steps):
    """The same path by powers of the matrix that one step applies to (w, m)."""
    share = (1 - dampening) * curvature
    step = np.array([[1 - lr * share, -lr * beta1], [share, beta1]], dtype=float)
    return [(np.linalg.matrix_power(step, t) @ [w, 0])[0] for t in range(steps + 1)]


@given(size, st.floats(0.1, 3), rate, decay, st.floats(0, 0.9))
def test_the_path_by_powers_of_a_matrix(w, curvature, lr, beta1, dampening):
    expected = matrix_powers(w, curvature, lr, beta1, dampening, 6)
    assert path(w, curvature, lr, beta1, dampening, 6) == pytest.approx(expected, rel=1e-6, abs=1e-6)


# the sheet's running mean visits the points of the heavy ball when the learning rate makes up for the factor
@given(st.fractions(-4, 4, max_denominator=9), st.fractions(0, Fraction(9, 10), max_denominator=10))
def test_dampening_is_a_smaller_learning_rate(w, beta1):
    lr = Fraction(1, 10)
    heavy = path(w, 2, lr, beta1, 0, 5)
    assert path(w, 2, lr / (1 - beta1), beta1, beta1, 5) == heavy


def test_without_momentum_the_path_is_gradient_descent():
    assert path(4, 2, Fraction(1, 10), 0, 0, 3) == [4 * Fraction(8, 10) ** t for t in range(4)]


# the sheet's last line: v in place of its correction, eps under the root
PRINTED = {"w_t": "w - lr * m_hat / sqrt(v_t + eps)"}


@given(size.filter(lambda g: abs(g) > 0.1), rate, decay, st.sampled_from([0.9, 0.99, 0.999]))
def test_without_the_correction_the_first_step_is_too_long(g, lr, beta1, beta2):
    printed = adam.trace(0.0, g, lr, beta1, beta2, 0, replace=PRINTED)["w_t"]
    assert abs(printed) == pytest.approx(lr / math.sqrt(1 - beta2))
    assert abs(adam(0.0, g, lr, beta1, beta2, 0)) == pytest.approx(lr)


# with equal gradients the moments are g and (1 - β₂ᵗ) g², so the excess dies out like 1 / sqrt(1 - β₂ᵗ)
@pytest.mark.parametrize("t", [1, 10, 1000])
def test_how_much_longer_the_printed_steps_are(t):
    m = v = 0.0
    for _ in range(t - 1):
        m, v = 0.9 * m + 0.1 * 2, 0.999 * v + 0.001 * 4
    arguments = (0.0, 2.0, 0.1, 0.9, 0.999, 0, m, v, t)
    printed = adam.trace(*arguments, replace=PRINTED)["w_t"]
    assert printed / adam(*arguments) == pytest.approx(1 / math.sqrt(1 - 0.999**t))


@given(size, size, size, st.floats(0, 9), st.integers(1, 9))
def test_the_symbolic_step_is_the_step(w, g, m, v, t):
    names = sympy.symbols("w g m t", real=True), sympy.Symbol("v", nonnegative=True)
    (sw, sg, sm, s_t), sv = names
    step = adam.trace(sw, sg, 0.1, 0.9, 0.999, 1e-2, sm, sv, s_t)["w_t"]
    found = float(step.subs({sw: w, sg: g, sm: m, sv: v, s_t: t}))
    assert found == pytest.approx(adam(w, g, 0.1, 0.9, 0.999, 1e-2, m, v, t), rel=1e-6, abs=1e-6)


def test_momentum_begins_at_rest_and_keeps_the_whole_gradient():
    trace = momentum.trace(5, 3, Fraction(1, 10), Fraction(1, 2))
    assert (trace["m_t"], trace["w_t"]) == (3, Fraction(47, 10)) == (3, momentum(5, 3, Fraction(1, 10), Fraction(1, 2)))


def test_adam_begins_at_its_first_step_from_rest():
    """Undone by the correction, the first moments are the gradient and its square."""
    trace = adam.trace(5, 3, Fraction(1, 10), Fraction(9, 10), Fraction(99, 100), 0)
    assert (trace["m_hat"], trace["v_hat"]) == (3, 9)
