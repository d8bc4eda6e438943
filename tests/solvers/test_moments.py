from fractions import Fraction

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from solvers.moments import (
    independent,
    mean_and_variance,
    variance_of_product,
    variance_of_sum,
    variance_product_rule,
    variance_sum_rule,
)
from solvers.symbolic import positive, variable

number = st.fractions(-4, 4, max_denominator=6)


@st.composite
def variables(draw):
    """A random variable with two to four exact values."""
    n = draw(st.integers(2, 4))
    counts = draw(st.lists(st.integers(0, 5), min_size=n, max_size=n).filter(any))
    return draw(st.lists(number, min_size=n, max_size=n)), [Fraction(c, sum(counts)) for c in counts]


@st.composite
def joints(draw):
    """Two variables with any joint distribution."""
    X = draw(st.lists(number, min_size=2, max_size=3))
    Y = draw(st.lists(number, min_size=2, max_size=3))
    counts = draw(st.lists(st.integers(0, 4), min_size=len(X) * len(Y), max_size=len(X) * len(Y)).filter(any))
    rows = [counts[i * len(Y) : (i + 1) * len(Y)] for i in range(len(X))]
    return X, Y, [[Fraction(c, sum(counts)) for c in row] for row in rows]


def moments(X, P):
    trace = mean_and_variance.trace(X, P)
    return trace["mu"], trace["V"]


@given(variables())
def test_mean_and_variance_are_those_of_numpy(variable):
    X, P = variable
    mu, V = moments(X, P)
    xs, ps = np.array(X, dtype=float), np.array(P, dtype=float)
    assert float(mu) == pytest.approx(np.average(xs, weights=ps))
    assert sum(p * x * x for x, p in zip(X, P)) - mu**2 == V
    assert float(V) == pytest.approx(np.average((xs - float(mu)) ** 2, weights=ps))


@given(variables(), variables())
def test_both_rules_are_exact_for_independent_variables(first, second):
    (X, P), (Y, Q) = first, second
    (mu_X, V_X), (mu_Y, V_Y) = moments(X, P), moments(Y, Q)
    J = independent(P, Q)
    assert variance_of_sum(X, Y, J) == V_X + V_Y
    assert variance_of_sum(X, Y, J) == variance_sum_rule(mu_X, V_X, mu_Y, V_Y, 0)
    by_moments, by_variances = variance_product_rule(mu_X, V_X, mu_Y, V_Y)
    assert variance_of_product(X, Y, J) == by_moments == by_variances


@given(joints())
def test_the_sum_rule_needs_the_covariance_in_general(example):
    X, Y, J = example
    P, Q = [sum(row) for row in J], [sum(column) for column in zip(*J)]
    (mu_X, V_X), (mu_Y, V_Y) = moments(X, P), moments(Y, Q)
    cov = sum(J[i][k] * (x - mu_X) * (y - mu_Y) for i, x in enumerate(X) for k, y in enumerate(Y))
    assert variance_of_sum(X, Y, J) == V_X + V_Y + 2 * cov
    assert variance_of_sum(X, Y, J) == variance_sum_rule(mu_X, V_X, mu_Y, V_Y, cov)


def test_a_variable_and_itself():
    X, P = [0, 1, 3], [Fraction(1, 2), Fraction(3, 10), Fraction(1, 5)]
    diagonal = [[P[0], 0, 0], [0, P[1], 0], [0, 0, P[2]]]
    assert variance_of_sum(X, X, diagonal) == 4 * moments(X, P)[1]


# T·T² = T³ = T for T in {-1, 0, 1}: covariance E(T³) − E(T)E(T²) = 0, yet the product rule is wrong
def test_covariance_zero_is_not_enough_for_the_product():
    third = Fraction(1, 3)
    joint = [[0, third], [third, 0], [0, third]]
    assert variance_of_product([-1, 0, 1], [0, 1], joint) == Fraction(2, 3)
    assert variance_product_rule(0, Fraction(2, 3), Fraction(2, 3), Fraction(2, 9))[1] == Fraction(4, 9)
    assert variance_of_sum([-1, 0, 1], [0, 1], joint) == Fraction(2, 3) + Fraction(2, 9)


def test_both_forms_are_one_polynomial():
    a, b, p, q = variable("a"), variable("b"), positive("p"), positive("q")
    by_moments, by_variances = variance_product_rule(a, p, b, q)
    assert sympy.expand(by_moments - by_variances) == 0
    assert sympy.expand(variance_sum_rule(a, p, b, q, 0) - p - q) == 0


def test_continuous_variables_by_simulation():
    draw = np.random.default_rng(3)
    X, Y = draw.normal(2, 1.5, 400_000), draw.uniform(-1, 3, 400_000)
    V_X, V_Y = Fraction(9, 4), Fraction(16, 12)
    by_moments, _ = variance_product_rule(2, V_X, 1, V_Y)
    assert np.var(X * Y) == pytest.approx(float(by_moments), rel=0.02)
    assert np.var(X + Y) == pytest.approx(float(variance_sum_rule(2, V_X, 1, V_Y, 0)), rel=0.02)
