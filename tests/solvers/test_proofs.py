"""Steps of a proof: what holds passes and is shown, what does not hold or cannot be told is refused."""

import pytest
import sympy

from solvers.dialects import TEX, WORDS
from solvers.formula import Writer
from solvers.functions import exp, tanh
from solvers.proofs import at_least, equal, identical
from solvers.symbolic import nonnegative, positive, variable

x, y = variable("x"), variable("y")
p, q = nonnegative("p"), positive("q")


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ((x + 1) ** 2, x**2 + 2 * x + 1),
        (tanh(x), (exp(x) - exp(-x)) / (exp(x) + exp(-x))),
        (sympy.log(p**2 * q + q), sympy.log(q) + sympy.log(p**2 + 1)),
        (2, sympy.Rational(4, 2)),
        (sympy.Matrix([[x, 0]]).T, sympy.Matrix([x, 0])),
    ],
)
def test_a_step_that_holds_is_its_right_side(left, right):
    assert equal(left, right) == right
    assert getattr(left, "is_Matrix", False) or identical(left, right)


@pytest.mark.parametrize(("left", "right"), [(x**2, x), ((x + y) ** 2, x**2 + y**2), (1, 2), (abs(x), x)])
def test_a_step_that_does_not_hold_is_refused(left, right):
    with pytest.raises(ValueError, match="does not hold: the difference is"):
        equal(left, right)
    assert not identical(left, right)


def test_a_step_between_matrices_that_differ_is_refused():
    with pytest.raises(ValueError, match="does not hold"):
        equal(sympy.Matrix([x, 1]), sympy.Matrix([x, 2]))


@pytest.mark.parametrize(
    ("left", "right"), [(p + q, p), (p * q, 0), ((x - y) ** 2, 0), (x**2 + y**2, 2 * x * y), (q, 0)]
)
def test_an_inequality_that_follows(left, right):
    assert sympy.expand(at_least(left, right) - (left - right)) == 0


@pytest.mark.parametrize(("left", "right"), [(x, 0), (p, q), (-p, 0), (p, 1), (x**3, 0)])
def test_an_inequality_that_does_not_follow(left, right):
    """False, or true for some values only, or not to be told without another step."""
    with pytest.raises(ValueError, match="does not follow: nothing is known of the sign of"):
        at_least(left, right)


def test_what_looks_alike_at_one_point_is_not_identical():
    """The point at which expressions are tried first is no proof: a difference that vanishes there is still seen."""
    assert not identical((x - sympy.Float("0.37")) * x, 0)


def test_a_line_shows_both_sides():
    import ast

    formula = ast.parse("equal(a - b, c)", mode="eval").body
    assert Writer(TEX, {}, {}, None, {}).write(formula) == "a - b = c"
    assert Writer(WORDS, {}, {}, None, {}).write(formula) == "a − b = c"
    formula = ast.parse("at_least(a, 0)", mode="eval").body
    assert Writer(TEX, {}, {}, None, {}).write(formula) == r"a \ge 0"


@pytest.mark.parametrize(
    ("make", "sign"), [(nonnegative, "is_nonnegative"), (positive, "is_positive"), (variable, "is_real")]
)
def test_what_is_known_of_a_symbol(make, sign):
    assert getattr(make("s"), sign)
    assert nonnegative("s").is_zero is None and variable("s").is_nonnegative is None
