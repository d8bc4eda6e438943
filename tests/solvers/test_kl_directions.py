import math
from fractions import Fraction

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, optimize

from solvers.arrays import array
from solvers.kl_directions import (
    forward_kl,
    mixture_density,
    mixture_moments,
    moment_matching,
    normal_density,
    reverse_kl,
    reverse_kl_fits,
)
from solvers.symbolic import positive, variable

WEIGHTS, MEANS, SD = array([Fraction(7, 10), Fraction(3, 10)]), array([Fraction(-3, 2), Fraction(7, 2)]), Fraction(1, 2)

X = np.linspace(-40, 40, 40_001)


def log_normal(x, m, s):
    return -(((x - m) / s) ** 2) / 2 - math.log(s * math.sqrt(2 * math.pi))


def log_p(x, sd=0.5):
    return np.logaddexp(math.log(0.7) + log_normal(x, -1.5, sd), math.log(0.3) + log_normal(x, 3.5, sd))


def integral(values):
    return integrate.simpson(values, x=X)


def forward(m, s, sd=0.5):
    return integral(np.exp(log_p(X, sd)) * (log_p(X, sd) - log_normal(X, m, s)))


def reverse(m, s, sd=0.5):
    return integral(np.exp(log_normal(X, m, s)) * (log_normal(X, m, s) - log_p(X, sd)))


@given(st.floats(-3, 4), st.floats(0.3, 3))
def test_both_divergences_are_their_integrals(m, s):
    assert forward_kl(WEIGHTS, MEANS, SD, m, s) == pytest.approx(forward(m, s), rel=1e-7)
    assert reverse_kl(WEIGHTS, MEANS, SD, m, s) == pytest.approx(reverse(m, s), rel=1e-6)


def test_several_fits_at_once():
    m, s = array([0, 1]), array([1, 2])
    for divergence in (forward_kl, reverse_kl):
        assert divergence(WEIGHTS, MEANS, SD, m, s).tolist() == pytest.approx(
            [divergence(WEIGHTS, MEANS, SD, a, b) for a, b in zip(m, s)]
        )


def test_moments_and_densities_are_those_of_the_mixture():
    trace = mixture_moments.trace(WEIGHTS, MEANS, SD)
    M, V = trace["M"], trace["V"]
    assert M == 0
    assert Fraction(11, 2) == V
    assert integral(X * mixture_density(X, WEIGHTS, MEANS, SD)) == pytest.approx(float(M), abs=1e-8)
    assert integral(X**2 * mixture_density(X, WEIGHTS, MEANS, SD)) == pytest.approx(float(V))
    assert normal_density([0.3], 1, 2)[0] == pytest.approx(math.exp(log_normal(0.3, 1, 2)))


def test_no_normal_has_a_smaller_forward_divergence_than_that_with_the_moments():
    found = optimize.minimize(lambda t: forward(t[0], math.exp(t[1])), [1.0, 0.0], method="Nelder-Mead")
    assert found.x[0] == pytest.approx(0, abs=1e-3)
    assert math.exp(found.x[1]) == pytest.approx(math.sqrt(5.5), abs=1e-3)
    assert found.fun == pytest.approx(forward_kl(WEIGHTS, MEANS, SD, 0, math.sqrt(5.5)), abs=1e-6)


@pytest.mark.parametrize("sd", [0.5, 1.5])
def test_every_start_of_the_reverse_fits_ends_where_another_minimizer_does(sd):
    fits = reverse_kl_fits(WEIGHTS, MEANS, sd)
    for m, s in fits.T:
        found = optimize.minimize(lambda t: reverse(t[0], math.exp(t[1]), sd), [m + 0.1, math.log(s) - 0.1], tol=1e-10)
        assert found.x[0] == pytest.approx(m, abs=1e-4)
        assert math.exp(found.x[1]) == pytest.approx(s, abs=1e-4)


def test_the_two_reverse_fits_are_all_there_are_on_a_grid():
    fits = reverse_kl_fits(WEIGHTS, MEANS, SD)
    m, s = np.linspace(-4, 6, 201), np.exp(np.linspace(-2, 1.5, 141))
    heights = np.array([[reverse_kl(WEIGHTS, MEANS, SD, a, b) for a in m] for b in s])
    inner = heights[1:-1, 1:-1]
    rows, columns = slice(1, -1), slice(1, -1)
    around = [np.roll(heights, (i, j), (0, 1))[rows, columns] for i in (-1, 0, 1) for j in (-1, 0, 1) if i or j]
    lowest = np.argwhere(np.all([inner < other for other in around], axis=0))
    assert sorted(round(m[j + 1], 2) for _, j in lowest) == pytest.approx(sorted(fits[0].tolist()), abs=0.06)


def test_two_modes_far_apart_and_one_fit_where_they_overlap():
    assert reverse_kl_fits(WEIGHTS, MEANS, SD).shape == (2, 2)
    assert reverse_kl_fits(WEIGHTS, MEANS, Fraction(3, 2)).shape == (2, 1)


def test_starts_that_do_not_settle_are_told(monkeypatch):
    monkeypatch.setattr("solvers.kl_directions.STEPS", 3)
    with pytest.raises(ValueError, match="not every start has settled after 3 steps"):
        reverse_kl_fits(WEIGHTS, MEANS, SD)


def test_moment_matching_holds_in_numbers():
    M, m, V, v = variable("M"), variable("m"), positive("V"), positive("v")
    excess = moment_matching(M, V, m, v)
    assert excess.subs({m: M, v: V}) == 0
    cost = sympy.lambdify((M, V, m, v), excess)
    for q_m, q_v in ((1, 2), (-3, 0.5), (0, 5.5)):
        beyond = forward(q_m, math.sqrt(q_v)) - forward(0, math.sqrt(5.5))
        assert cost(0, 5.5, q_m, q_v) == pytest.approx(beyond, abs=1e-7)


def test_moments_of_a_mixture_away_from_the_origin():
    """By the second moment of each component, with a mean that is neither 0 nor 1."""
    weights, means, sd = [Fraction(1, 4), Fraction(3, 4)], [2, 6], 3
    second = sum(w * (mu**2 + sd**2) for w, mu in zip(weights, means))
    assert mixture_moments(weights, means, sd) == (5, second - 25) == (5, 12)


def test_the_forward_divergence_of_one_normal_from_another():
    """In closed form: ln(s/σ) + (σ² + (μ − m)²) / 2s² − 1/2."""
    expected = math.log(2 / 1.5) + (1.5**2 + (3 - 1) ** 2) / (2 * 2**2) - 0.5
    assert forward_kl([1], [3], 1.5, 1, 2) == pytest.approx(expected, rel=1e-9)


def test_the_lowest_minimum_comes_first():
    """Modes of unequal weight: the heavier one costs less, ln(1/w) where they hardly meet."""
    m, s = reverse_kl_fits([0.2, 0.8], [-6, 6], 1)
    costs = [reverse_kl([0.2, 0.8], [-6, 6], 1, float(a), float(b)) for a, b in zip(m, s)]
    assert costs == sorted(costs)
    assert float(m[0]) == pytest.approx(6, abs=1e-3) and costs[0] == pytest.approx(math.log(1 / 0.8), abs=1e-3)
