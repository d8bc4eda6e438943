"""Ball arithmetic: the ball holds the value that mpmath finds at a far higher precision, and doubt is said aloud."""

import math
import operator
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy
from flint import arb, ctx
from hypothesis import assume, given
from hypothesis import strategies as st

from solvers import functions, gaussians
from solvers.balls import Ball, Undecided, arithmetic, enclosure
from solvers.class_bounds import decimal
from solvers.exact import is_exact, is_number
from solvers.functions import drawn, exp, floor, inexact, largest, ln, log2, log10, sigmoid, sqrt, tanh

FRACTIONS = st.fractions(min_value=Fraction(1, 50), max_value=20, max_denominator=50)
FUNCTIONS = {
    exp: mpmath.exp, ln: mpmath.log, sqrt: mpmath.sqrt, tanh: mpmath.tanh, log10: mpmath.log10,
    log2: lambda x: mpmath.log(x, 2), sigmoid: lambda x: 1 / (1 + mpmath.exp(-x)),
}  # fmt: skip
OPERATORS = [operator.add, operator.sub, operator.mul, operator.truediv, operator.pow]


def precisely(x):
    return mpmath.mpf(x.numerator) / x.denominator


def holds(ball, value):
    """Is the value inside the ball, as decimal digits that were rounded far below its radius?"""
    if not isinstance(ball, Ball):
        return mpmath.almosteq(value, precisely(Fraction(ball)), 1e-150)
    with arithmetic(500):
        return bool(
            ball.interval.contains(arb(mpmath.nstr(value, 140)))
        )  # a power of exp(20) is too long for a fraction


@pytest.fixture
def balls():
    with arithmetic(64), mpmath.workdps(200):
        yield


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
@given(FRACTIONS)
def test_a_function_encloses_its_value(function, x):
    with arithmetic(64), mpmath.workdps(200):
        ball = function(x)
        if isinstance(ball, Ball):  # where the value is rational it is exact
            assert holds(ball, FUNCTIONS[function](precisely(x)))
            assert ball.interval.rad() < 1e-9


@pytest.mark.parametrize("operation", OPERATORS, ids=lambda f: f.__name__)
@given(FRACTIONS, FRACTIONS)
def test_an_operation_encloses_its_value(operation, x, y):
    assume(x != 1)
    with arithmetic(64), mpmath.workdps(200):
        a, b = mpmath.log(precisely(x)) + 4, precisely(y)
        assert holds(operation(ln(x) + 4, y), operation(a, b))
        if operation is not operator.pow:  # a fraction to any power is a float in Python, whatever the power is
            assert holds(operation(y, ln(x) + 4), operation(b, a))
        assert holds(operation(ln(x) + 4, exp(y)), operation(a, mpmath.exp(b)))
        assert holds(-abs(ln(x)), -abs(mpmath.log(precisely(x))))


def test_what_is_exact_stays_exact(balls):
    assert [exp(0), sqrt(Fraction(9, 4)), log2(8), tanh(0)] == [1, Fraction(3, 2), 3, 0]
    assert is_exact(sqrt(4)) and not is_exact(sqrt(2)) and is_number(sqrt(2))


def test_a_comparison_answers_only_when_it_is_certain(balls):
    assert sqrt(2) < Fraction(3, 2) <= exp(1) and sqrt(2) != 1 and sqrt(2) > 1.4
    root = sqrt(2)
    assert root == root and not root < root  # the same number
    for question in (operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne):
        with pytest.raises(Undecided, match="which is larger cannot be told"):
            question(sqrt(2) * sqrt(2), 2)
    assert floor(exp(1)) == 2
    with pytest.raises(Undecided):
        floor(sqrt(2) * sqrt(2))


def test_the_larger_of_two_needs_no_answer(balls):
    assert holds(largest([sqrt(2) ** 2, 1, 2]), mpmath.mpf(2))
    assert largest([1, 3, 2]) == 3


def test_where_there_is_no_value_there_is_no_ball(balls):
    for wrong in (lambda: 1 / (sqrt(2) ** 2 - 2), lambda: ln(sqrt(2) ** 2 - 2)):
        with pytest.raises(Undecided):
            wrong()


def test_a_float_takes_the_proof_away(balls):
    for value in (sqrt(2) + 0.5, 0.5 * sqrt(2), exp(0.5), inexact(0.5), float(sqrt(2)), largest([sqrt(2), 0.5])):
        assert type(value) is float
    assert float(sqrt(2)) == math.sqrt(2)


def test_numbers_that_were_drawn_are_data(balls):
    values = np.random.default_rng(0).normal(size=3)
    assert all(holds(ball, mpmath.mpf(float(value))) for ball, value in zip(drawn(values), values))
    assert [type(value) for value in inexact([1, Fraction(1, 2)])] == [Ball, Ball]


def test_arrays_of_balls_take_the_functions_of_numpy(balls):
    values = inexact(np.array([1, 2]))
    for name, mp in {
        "exp": mpmath.exp,
        "log": mpmath.log,
        "sqrt": mpmath.sqrt,
        "sin": mpmath.sin,
        "tanh": mpmath.tanh,
    }.items():
        assert all(holds(ball, mp(x)) for ball, x in zip(getattr(np, name)(values), (1, 2)))
    assert holds((values @ values) ** sqrt(2), mpmath.mpf(5) ** mpmath.sqrt(2))
    assert holds(values.mean(), mpmath.mpf(3) / 2)


def test_more_bits_make_smaller_balls():
    radii = []
    for bits in (64, 128, 256):
        with arithmetic(bits):
            radii.append(float(exp(1).interval.rad()))
    assert radii[0] > 1e15 * radii[1] > 1e50 * radii[2] > 0


def test_afterwards_everything_is_as_before():
    bits = ctx.prec
    with pytest.raises(ZeroDivisionError), arithmetic(100):
        assert isinstance(gaussians.pi, Ball)
        raise ZeroDivisionError
    assert (ctx.prec, functions.real, functions.near, gaussians.pi) == (bits, math, float, math.pi)
    assert type(exp(1)) is float and not is_number(Ball(enclosure(1)))


@given(FRACTIONS, FRACTIONS)
def test_an_expression_without_symbols_has_the_value_of_sympy(x, y):
    a, b = sympy.Rational(x.numerator, x.denominator), sympy.Rational(y.numerator, y.denominator)
    for expression in (1 + sympy.exp(a - b) * b, 2 / (sympy.E + sympy.exp(b)), a * b**2):
        assert float(decimal(expression)) == pytest.approx(float(expression), rel=1e-12)


def test_a_ball_is_neither_added_to_nor_compared_with_what_is_no_number(balls):
    assert sqrt(2) != "1" and sqrt(2) != None  # noqa: E711 (the question is asked of the ball)
    for wrong in (lambda: sqrt(2) + "1", lambda: "1" * sqrt(2), lambda: sqrt(2) < "1"):
        with pytest.raises(TypeError):
            wrong()
