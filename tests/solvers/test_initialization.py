from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import uniform

from solvers.initialization import kaiming_variance, relu_layer_square, uniform_variance, xavier_variance
from solvers.symbolic import positive

sizes = st.integers(1, 2000)


def xavier(d_x, d_y):
    return xavier_variance.trace(d_x, d_y)["variance"]


def kaiming(d_x):
    return kaiming_variance.trace(d_x)["variance"]


@given(sizes, sizes)
def test_xavier_balances_both_directions(d_x, d_y):
    variance = xavier(d_x, d_y)
    assert variance * (d_x + d_y) == 2
    # the gain forward exceeds 1 by what the gain backward falls short of it
    assert d_x * variance - 1 == 1 - d_y * variance


def test_with_equal_sides_xavier_keeps_both_variances():
    assert xavier(50, 50) * 50 == 1
    assert float(xavier_variance(50, 30)) == pytest.approx(2 / 80)


@pytest.mark.parametrize("bound", [0.1, 1.0, 3.7])
def test_the_variance_of_an_interval_is_that_of_scipy_and_of_the_integral(bound):
    assert uniform_variance.trace(bound)["variance"] == pytest.approx(uniform(-bound, 2 * bound).var())
    assert uniform_variance(bound) == pytest.approx(quad(lambda w: w**2 / (2 * bound), -bound, bound)[0])


# the interval that belongs to a variance: its square is three times the variance
@given(sizes, sizes)
def test_the_intervals_of_the_sheet_in_numbers(d_x, d_y):
    assert uniform(-((6 / (d_x + d_y)) ** 0.5), 2 * (6 / (d_x + d_y)) ** 0.5).var() == pytest.approx(xavier(d_x, d_y))
    right, printed = 6**0.5 / d_x**0.5, 2 * 3**0.5 / d_x**0.5
    assert uniform(-right, 2 * right).var() == pytest.approx(float(kaiming(d_x)))
    assert uniform(-printed, 2 * printed).var() == pytest.approx(2 * float(kaiming(d_x)))
    assert uniform_variance(printed) == pytest.approx(4 / d_x)


def test_the_relu_keeps_half_of_the_mean_square():
    normal = lambda z: np.exp(-z * z / 2) / np.sqrt(2 * np.pi)  # noqa: E731
    kept = quad(lambda z: max(z, 0) ** 2 * normal(z), -10, 10)[0]
    assert kaiming_variance.trace(7)["kept"] == Fraction(1, 2)
    assert kept == pytest.approx(0.5, abs=1e-9)
    assert kaiming(7) == Fraction(2, 7)


# drawn at random: 300 units × 300 examples, whose mean squares scatter by about 3 per cent
@pytest.mark.parametrize("seed", range(3))
def test_a_layer_behind_a_relu_keeps_its_mean_square(seed):
    assert relu_layer_square(400, 300, kaiming(400), 300, seed) == pytest.approx(1, abs=0.12)
    # with the variance of the printed interval it doubles, for the same draw exactly
    twice = relu_layer_square(400, 300, 2 * kaiming(400), 300, seed)
    assert twice == pytest.approx(2 * relu_layer_square(400, 300, kaiming(400), 300, seed))


@pytest.mark.parametrize("bound, growth", [(6**0.5, 1), (12**0.5, 2)], ids=["right", "printed"])
def test_uniform_weights_in_a_deep_relu_network(bound, growth):
    draw = np.random.default_rng(5)
    width, layers = 800, 6
    z = draw.normal(size=(width, 40))
    for _ in range(layers):
        W = draw.uniform(-bound / width**0.5, bound / width**0.5, size=(width, width))
        z = W @ np.maximum(z, 0)
    assert np.log2(np.mean(z**2)) == pytest.approx(layers * np.log2(growth), abs=0.8)


def test_linear_units_forwards_and_backwards():
    draw = np.random.default_rng(6)
    d_x, d_y = 300, 100
    W = draw.normal(scale=float(xavier(d_x, d_y)) ** 0.5, size=(d_y, d_x))
    x, g = draw.normal(size=(d_x, 500)), draw.normal(size=(d_y, 500))
    assert np.var(W @ x) == pytest.approx(1.5, rel=0.05)
    assert np.var(W.T @ g) == pytest.approx(0.5, rel=0.05)


def test_symbols_stay_exact():
    d = positive("d_x")
    assert kaiming(d) == 2 / d
    assert uniform_variance.trace(d)["variance"] == d**2 / 3
