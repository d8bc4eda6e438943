import math
from fractions import Fraction

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from solvers.activations import elu, elu_derivative, relu_derivative, sigmoid_derivative, tanh_derivative
from solvers.arrays import array
from solvers.functions import relu, sigmoid, tanh
from solvers.symbolic import negative, positive, variable

points = st.floats(-8, 8)
x = variable("x")


def central(f, at, h=1e-5):
    return (f(at + h) - f(at - h)) / (2 * h)


@pytest.mark.parametrize("f, slope", [(sigmoid, sigmoid_derivative), (tanh, tanh_derivative)], ids=["sigmoid", "tanh"])
@given(at=points)
def test_slopes_are_difference_quotients(f, slope, at):
    assert slope(at) == pytest.approx(central(f, at), abs=1e-9)


@pytest.mark.parametrize(
    "f, slope",
    [(1 / (1 + sympy.exp(-x)), sigmoid_derivative), (sympy.sinh(x) / sympy.cosh(x), tanh_derivative)],
    ids=["sigmoid", "tanh"],
)
def test_slopes_are_those_of_sympy(f, slope):
    difference = sympy.diff(f, x) - slope(x)
    assert sympy.simplify(difference.rewrite(sympy.exp)) == 0


def test_the_slopes_are_exact_and_largest_at_zero():
    assert sigmoid_derivative(0) == Fraction(1, 4)
    assert tanh_derivative(0) == 1
    grid = np.linspace(-6, 6, 241)
    assert max(sigmoid_derivative(v) for v in grid) <= 0.25
    assert max(tanh_derivative(v) for v in grid) <= 1


# tanh x = 2σ(2x) − 1, so its slope is 4σ'(2x)
@given(points)
def test_tanh_is_a_stretched_sigmoid(at):
    assert tanh_derivative(at) == pytest.approx(4 * sigmoid_derivative(2 * at), abs=1e-12)


def test_arrays_are_mapped_element_by_element():
    at = array([-1.0, 0.0, 2.0])
    assert sigmoid_derivative(at).tolist() == pytest.approx([sigmoid_derivative(v) for v in at])
    assert tanh_derivative.trace(at)["slope"].tolist() == pytest.approx([tanh_derivative(v) for v in at])


@given(points.filter(lambda v: abs(v) > 1e-3))
def test_the_relu_has_this_slope_away_from_zero(at):
    assert relu_derivative(at) == pytest.approx(central(relu, at), abs=1e-9)
    assert relu_derivative(array([at, 0])).tolist() == [relu_derivative(at), 0]


def test_the_relu_has_no_slope_at_zero_and_the_convention_is_zero():
    h = Fraction(1, 1000)
    assert ((relu(0) - relu(-h)) / h, (relu(h) - relu(0)) / h) == (0, 1)
    assert relu_derivative(0) == 0


def test_relu_of_symbols():
    assert relu(positive("p")) == positive("p")
    assert relu(negative("n")) == 0
    assert relu(x).subs(x, -3) == 0


@pytest.mark.parametrize("alpha", [1, 0.3, 2.5])
@given(at=points.filter(lambda v: abs(v) > 1e-3))
def test_the_slope_of_the_elu_is_a_difference_quotient(alpha, at):
    symbol = (positive if at > 0 else negative)("x")
    slope = float(sympy.sympify(elu_derivative(symbol, alpha)).subs(symbol, at))
    assert slope == pytest.approx(central(lambda v: elu(v, alpha), at), abs=1e-8)


def test_the_slope_of_the_elu_is_continuous_only_for_alpha_one():
    for alpha in (0.5, 1, 2):
        left, right = -elu(-1e-7, alpha) / 1e-7, elu(1e-7, alpha) / 1e-7
        assert right - left == pytest.approx(1 - alpha, abs=1e-6)


def test_the_elu_is_continuous_and_bounded_below():
    assert elu(0, 3) == 0
    assert elu(-50, 3) == pytest.approx(-3)
    assert elu(array([-1.0, 2.0]), 1).tolist() == pytest.approx([math.expm1(-1), 2])


def test_the_elu_of_a_symbol_without_sign_is_refused():
    with pytest.raises(TypeError):
        elu(x, 1)
