import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from solvers.quadratic_stack import at_corners, coefficient, corners_of_square, stacked_quadratic, third_difference
from solvers.symbolic import variable

whole = st.integers(-4, 4)
triples = st.tuples(whole, whole, whole)


@given(triples, triples, whole)
def test_the_leading_coefficient_is_that_of_composed_polynomials(first, second, lam):
    symbols = [variable(name) for name in ("lamda", "a", "b", "c", "p", "q", "r", "x")]
    top = stacked_quadratic(*symbols)
    numbers = dict(zip(symbols, [lam, *first, *second]))
    inner = np.poly1d([lam * first[0], first[1], first[2]])
    outer = np.poly1d([lam * second[0], second[1], second[2]])
    assert (
        int(top.subs(numbers)) == round(outer(inner).coeffs[-5])
        if len(outer(inner).coeffs) > 4
        else top.subs(numbers) == 0
    )


def test_the_stack_has_degree_four_and_no_more():
    symbols = [variable(name) for name in ("lamda", "a", "b", "c", "p", "q", "r", "x")]
    y_2 = stacked_quadratic.trace(*symbols)["y_2"]
    assert sympy.Poly(y_2, symbols[-1]).degree() == 4
    assert coefficient(y_2, symbols[-1], 5) == 0
    assert coefficient((symbols[0] + 1) ** 3, symbols[0], 2) == 3


@given(triples, whole, st.integers(0, 1))
def test_one_layer_has_no_third_difference(first, lam, relu):
    assert third_difference([first], 1, lam, relu) == 0


@given(triples, triples, st.integers(1, 3))
def test_third_differences_of_two_layers_against_numpy(first, second, lam):
    t = np.arange(-4, 9)  # nine differences of thirteen values
    inner = lam * first[0] * t**2 + first[1] * t + first[2]
    for relu, value in ((0, inner), (1, np.maximum(inner, 0))):
        y = lam * second[0] * value**2 + second[1] * value + second[2]
        expected = np.abs(np.diff(y[:12], 3)).max()
        assert third_difference([first, second], 2, lam, relu) == expected


@given(triples, triples)
def test_linear_layers_collapse_without_an_activation(first, second):
    assert third_difference([first, second], 2, 0, 0) == 0


def test_with_a_relu_between_they_do_not():
    assert third_difference([[0, 1, 0], [0, 1, 0]], 2, 0, 1) > 0


# exclusive or


def test_one_quadratic_unit_is_exclusive_or():
    y, twist = corners_of_square(np.array([[0, -1], [-1, 0]]), np.array([1, 1]), 0, 1)
    assert y.tolist() == [a ^ b for a in (0, 1) for b in (0, 1)]
    assert twist == -2


@given(st.lists(whole, min_size=3, max_size=3))
def test_no_affine_unit_is(numbers):
    *b, c = numbers
    y = at_corners(np.array([[3, 1], [1, 2]]), np.array(b), c, 0)
    assert y.tolist() == [c, c + b[1], c + b[0], c + b[0] + b[1]]
    assert corners_of_square(np.array([[3, 1], [1, 2]]), np.array(b), c, 0)[1] == 0


def test_the_best_affine_fit_of_exclusive_or_misses_every_corner_by_a_half():
    X = np.array([[1, a, b] for a in (0, 1) for b in (0, 1)])
    fit = X @ np.linalg.lstsq(X, np.array([0, 1, 1, 0]), rcond=None)[0]
    assert fit == pytest.approx([0.5] * 4)
