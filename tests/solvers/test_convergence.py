import math
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from solvers.convergence import (
    _count,
    best_learning_rate,
    best_rate,
    gradient_descent_steps,
    momentum_steps,
    quadratic_rate,
    quadratic_step,
    step_ratio,
)
from solvers.symbolic import positive, symmetric_matrix, vector

lr, low, high, kappa = (positive(name) for name in ("lr", "lambda_min", "lambda_max", "kappa"))


@st.composite
def spectra(draw):
    """A random symmetric positive definite matrix with its smallest and largest eigenvalue."""
    n = draw(st.integers(2, 5))
    seed = draw(st.integers(0, 10**6))
    rows = np.random.default_rng(seed).normal(size=(n, n))
    A = rows @ rows.T + 0.1 * np.eye(n)
    values = np.linalg.eigvalsh(A)
    return A, float(values[0]), float(values[-1])


def radius(matrix):
    return float(np.max(np.abs(np.linalg.eigvals(matrix))))


@cache
def optimum():
    """The best learning rate and its rate, as expressions."""
    slow, fast = 1 - lr * low, 1 - lr * high
    lr_star = best_learning_rate(lr, slow, fast)
    return lr_star, best_rate(slow, lr, lr_star, low, high, kappa)


# one step


def test_a_step_is_one_product_with_the_matrix():
    A, x = symmetric_matrix("A"), vector("x")
    assert sympy.simplify(quadratic_step(A, x, lr) - (x - lr * A * x)) == sympy.ZeroMatrix(*x.shape)
    assert quadratic_step.trace(A, x, lr)["gradient"] == A * x


# the rate against the spectral radius of I - lr A


@given(spectra(), st.floats(0.01, 2))
def test_the_rate_is_the_spectral_radius(spectrum, share):
    A, smallest, largest = spectrum
    eta = share / largest
    rate = radius(np.eye(len(A)) - eta * A)
    assert float(quadratic_rate(eta, smallest, largest)) == pytest.approx(rate, abs=1e-9)
    assert float(quadratic_rate.trace(eta, smallest, largest)["rho"]) == pytest.approx(rate, abs=1e-9)


@given(spectra(), st.floats(0.05, 1.9))
def test_the_rate_is_what_many_steps_shrink_by(spectrum, share):
    A, smallest, largest = spectrum
    eta = share / largest
    x = np.ones(len(A)) + np.linalg.eigh(A)[1] @ np.ones(len(A))  # a part of every eigenvector
    for _ in range(1500):
        before = np.linalg.norm(x)
        x = x - eta * A @ x
        x, shrunk = x / np.linalg.norm(x), np.linalg.norm(x) / before
    rate = float(quadratic_rate(eta, smallest, largest))
    assert shrunk <= rate + 1e-9
    assert shrunk == pytest.approx(rate, abs=2e-3)


@pytest.mark.parametrize(
    "eta, expected",
    [(Fraction(0), 1), (Fraction(1, 4), Fraction(3, 4)), (Fraction(1, 2), 1), (Fraction(1), 3)],
    ids=["no step", "best for the steepest direction", "border of divergence", "divergence"],
)
def test_rates_at_the_edges_are_exact(eta, expected):
    # eigenvalues 1 and 4
    rate = quadratic_rate.trace(eta, 1, 4)["rho"]
    assert Fraction(int(rate.p), int(rate.q)) == expected


# the best learning rate


@given(spectra())
def test_the_best_learning_rate_beats_every_other(spectrum):
    A, smallest, largest = spectrum
    best, _ = optimum()
    eta = float(best.subs({low: smallest, high: largest}))
    rate = lambda value: radius(np.eye(len(A)) - value * A)  # noqa: E731
    assert all(rate(eta) <= rate(value) + 1e-12 for value in np.linspace(0, 2 / largest, 101))
    found = minimize_scalar(rate, bounds=(0, 2 / largest), method="bounded", options={"xatol": 1e-12})
    assert rate(eta) == pytest.approx(found.fun, abs=1e-6)


@given(spectra())
def test_the_best_rate_depends_on_the_condition_number_alone(spectrum):
    A, smallest, largest = spectrum
    best, rho = optimum()
    eta = float(best.subs({low: smallest, high: largest}))
    assert rho.free_symbols == {kappa}
    expected = radius(np.eye(len(A)) - eta * A)
    assert abs(float(rho.subs(kappa, largest / smallest))) == pytest.approx(expected, abs=1e-9)


def test_an_ideal_condition_needs_one_step():
    _, rho = optimum()
    assert rho.subs(kappa, 1) == 0


def test_a_hopeless_condition_stands_still():
    _, rho = optimum()
    assert sympy.limit(rho, kappa, sympy.oo) == 1


# momentum against the companion matrix of the heavy ball


def heavy_ball(condition, eta, beta):
    """The larger spectral radius over both ends of the spectrum 1 to condition."""
    return max(radius(np.array([[1 + beta - eta * value, -beta], [1, 0]])) for value in (1.0, condition))


@pytest.mark.parametrize("condition", [2, 10, 100, 2500], ids=str)
def test_both_rates_are_spectral_radii(condition):
    trace = step_ratio.trace(float(condition))
    root = math.sqrt(condition)
    ball = heavy_ball(condition, 4 / (root + 1) ** 2, ((root - 1) / (root + 1)) ** 2)
    # the best constants give a double eigenvalue, which a computer splits by the root of its precision
    assert trace["rho_m"] == pytest.approx(ball, abs=1e-6)
    descent = radius(np.eye(2) - 2 / (1 + condition) * np.diag([1.0, condition]))
    assert trace["rho_gd"] == pytest.approx(descent, abs=1e-12)


@pytest.mark.parametrize("condition", [4.0, 30.0], ids=str)
def test_no_other_constants_of_the_heavy_ball_are_better(condition):
    best = step_ratio.trace(condition)["rho_m"]
    grid = [(eta, beta) for eta in np.linspace(0.01, 2, 60) for beta in np.linspace(0, 0.99, 60)]
    others = [heavy_ball(condition, eta, beta) for eta, beta in grid]
    assert best <= min(others) + 1e-9
    assert best == pytest.approx(min(others), abs=0.05)


@given(st.floats(1.01, 1e8))
def test_momentum_never_takes_more_steps(condition):
    assert 0 < step_ratio(condition) < 1


def test_for_a_large_condition_number_the_ratio_is_one_over_its_root():
    for condition in (1e6, 1e8):
        assert step_ratio(condition) * math.sqrt(condition) == pytest.approx(1, rel=1e-2)


def test_a_square_condition_number_has_exact_rates():
    trace = step_ratio.trace(9)
    assert (trace["rho_gd"], trace["rho_m"]) == (Fraction(4, 5), Fraction(1, 2))
    assert trace["ratio"] == pytest.approx(math.log(0.8) / math.log(0.5))


@pytest.mark.parametrize("condition", [1, Fraction(1, 2)], ids=str)
def test_a_condition_number_of_at_most_one_is_refused(condition):
    with pytest.raises(ValueError, match="ln of"):
        step_ratio(condition)


# steps, counted


def count_steps(condition, delta, eta, beta):
    """Steps of the heavy ball in two dimensions, as matrix products; beta 0 is gradient descent."""
    A = np.diag([1.0, float(condition)])
    before = now = np.ones(2)
    for number in range(1, 10_000):
        before, now = now, now - eta * A @ now + beta * (now - before)
        if np.linalg.norm(now) <= delta * math.sqrt(2):
            return number
    return None


@pytest.mark.parametrize("condition", [2, 10, 100], ids=str)
def test_steps_are_those_of_a_run_with_matrices(condition):
    deltas = [0.5, 1e-2, 1e-6]
    root = math.sqrt(condition)
    descent = [count_steps(condition, delta, 2 / (1 + condition), 0) for delta in deltas]
    constants = 4 / (root + 1) ** 2, ((root - 1) / (root + 1)) ** 2
    ball = [count_steps(condition, delta, *constants) for delta in deltas]
    assert gradient_descent_steps(condition, deltas).tolist() == descent
    assert momentum_steps(condition, deltas).tolist() == ball


@given(st.integers(2, 60), st.integers(1, 12))
def test_gradient_descent_needs_as_many_steps_as_its_rate_says(condition, places):
    # at the best learning rate both coordinates shrink alike, so the count is a logarithm rounded up
    rho = Fraction(condition - 1, condition + 1)
    delta = Fraction(1, 10**places)
    (steps,) = gradient_descent_steps(condition, [delta])
    expected = math.log(delta) / math.log(rho)
    assert abs(steps - expected) < 1 + 1e-6
    assert steps >= expected - 1e-6


@pytest.mark.parametrize("condition", [25, 100], ids=str)
def test_for_small_errors_the_counts_have_the_asymptotic_ratio(condition):
    deltas = [1e-10, 1e-40, 1e-80]
    ratios = momentum_steps(condition, deltas) / gradient_descent_steps(condition, deltas)
    errors = [abs(float(found) / step_ratio(float(condition)) - 1) for found in ratios]
    assert errors == sorted(errors, reverse=True)
    assert errors[-1] < 0.05


def test_each_error_has_its_count_and_smaller_errors_take_longer():
    steps = gradient_descent_steps(10, [Fraction(1, 10), Fraction(1, 100), Fraction(1, 1000)])
    assert steps.shape == (3,)
    assert steps[0] < steps[1] < steps[2]


def test_a_large_error_is_reached_with_the_first_step():
    assert gradient_descent_steps(10, [1]).tolist() == [1]


# the heavy ball is no descent method: its first step can lead away, its second comes back
def test_momentum_may_start_by_growing():
    root = math.sqrt(10)
    first = np.ones(2) - 4 / (root + 1) ** 2 * np.array([1.0, 10.0])
    assert np.linalg.norm(first) > math.sqrt(2)
    assert momentum_steps(10, [1]).tolist() == [2]


@pytest.mark.parametrize("steps", [gradient_descent_steps, momentum_steps], ids=lambda s: s.__name__)
def test_an_error_that_is_not_reached_is_named(steps):
    with pytest.raises(ValueError, match=r"no error of 1e-12 within 10000 steps"):
        steps(10**9, [1e-12])


def test_a_method_may_take_9999_steps_and_not_10000():
    """The step that reaches the error is counted by the method itself."""

    def reaching(last):
        taken = iter(range(1, 20_000))
        return lambda point, previous: [0.0, 0.0] if next(taken) == last else point

    assert _count(reaching(9999), 0.1) == 9999
    with pytest.raises(ValueError, match="10000"):
        _count(reaching(10_000), 0.1)
