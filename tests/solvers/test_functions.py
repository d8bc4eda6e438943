import math
from fractions import Fraction

import numpy as np
import pytest
import scipy.special
import sympy
from hypothesis import given
from hypothesis import strategies as st

from solvers.exact import Shape
from solvers.functions import dims, exp, floor, ln, log2, log10, relu, sigmoid, sqrt, tanh

REFERENCE = {  # ours, an independent route, where it is defined
    "sqrt": (sqrt, lambda v: v**0.5, st.floats(0, 1e12)),
    "exp": (exp, np.exp, st.floats(-700, 700)),
    "ln": (ln, np.log, st.floats(1e-300, 1e300)),
    "log2": (log2, lambda v: np.log(v) / np.log(2), st.floats(1e-300, 1e300)),
    "log10": (log10, lambda v: np.log(v) / np.log(10), st.floats(1e-300, 1e300)),
    "tanh": (tanh, lambda v: 2 * scipy.special.expit(2 * v) - 1, st.floats(-400, 400)),
    "sigmoid": (sigmoid, scipy.special.expit, st.floats(-800, 800)),
    "relu": (relu, lambda v: (v + abs(v)) / 2, st.floats(0.01, 800)),
}


@pytest.mark.parametrize("name", REFERENCE)
@given(data=st.data())
def test_floats_against_an_independent_route(name, data):
    ours, reference, domain = REFERENCE[name]
    value = data.draw(domain)
    assert ours(value) == pytest.approx(float(reference(value)), rel=1e-12, abs=1e-15)
    assert isinstance(ours(value), float)


@pytest.mark.parametrize("name", REFERENCE)
def test_an_array_is_mapped_element_by_element(name):
    ours, reference, _ = REFERENCE[name]
    values = np.array([[0.25, 1.5], [2.0, 3.75]])
    mapped = ours(values)
    assert mapped.shape == (2, 2)
    assert mapped.astype(float) == pytest.approx(reference(values))
    assert ours([0.25, [1.5]]) == [pytest.approx(reference(0.25)), [pytest.approx(reference(1.5))]]


@pytest.mark.parametrize("name", REFERENCE)
def test_a_sympy_expression_gives_a_sympy_expression(name):
    ours, reference, _ = REFERENCE[name]
    x = sympy.Symbol("x", positive=True)
    assert float(ours(x).subs(x, sympy.Rational(3, 4))) == pytest.approx(float(reference(0.75)))


EXACT = [
    ("sqrt of a square", sqrt, 49, 7),
    ("sqrt of a fraction", sqrt, Fraction(9, 4), Fraction(3, 2)),
    ("sqrt of zero", sqrt, 0, 0),
    ("sqrt of a huge square", sqrt, 10**60, 10**30),
    ("exp of zero", exp, 0, 1),
    ("ln of one", ln, 1, 0),
    ("ln of one as fraction", ln, Fraction(1), 0),
    ("log2 of one", log2, 1, 0),
    ("log10 of one", log10, 1, 0),
    ("tanh of zero", tanh, Fraction(0), 0),
    ("sigmoid of zero", sigmoid, 0, Fraction(1, 2)),
    ("relu below zero", relu, Fraction(-1, 3), 0),
    ("relu at zero", relu, 0, 0),
    ("relu above zero", relu, Fraction(1, 3), Fraction(1, 3)),
]


@pytest.mark.parametrize("function, value, expected", [r[1:] for r in EXACT], ids=[r[0] for r in EXACT])
def test_exact_in_exact_out(function, value, expected):
    assert function(value) == expected
    assert isinstance(function(value), int | Fraction)


@given(st.fractions(min_value=0, max_value=1000))
def test_the_square_root_of_a_squared_fraction_is_exact(root):
    assert sqrt(root**2) == root
    assert not isinstance(sqrt(root**2), float)


@pytest.mark.parametrize("value", [2, Fraction(1, 2), 10**40 + 1], ids=str)
def test_an_irrational_root_is_a_float(value):
    assert isinstance(sqrt(value), float)
    assert sqrt(value) ** 2 == pytest.approx(float(value))


@pytest.mark.parametrize("function", [sqrt, exp, ln, tanh, sigmoid], ids=lambda f: f.__name__)
def test_a_float_stays_a_float_at_the_special_points(function):
    assert isinstance(function(1.0), float)
    assert isinstance(function(0.0) if function not in (ln,) else 0.0, float)


@pytest.mark.parametrize("z, limit", [(800, 1.0), (-800, 0.0), (800.0, 1.0), (-800.0, 0.0)], ids=str)
def test_sigmoid_does_not_overflow(z, limit):
    assert sigmoid(z) == limit


@given(st.floats(-700, 700))
def test_sigmoid_and_its_mirror_image_sum_to_one(z):
    assert sigmoid(z) + sigmoid(-z) == pytest.approx(1, abs=1e-15)


@given(st.floats(-700, -40))
def test_the_lower_tail_of_sigmoid_keeps_its_digits(z):
    assert sigmoid(z) == pytest.approx(math.exp(z), rel=1e-12)


@given(st.fractions(min_value=-100, max_value=100))
def test_floor_is_the_largest_integer_not_above(value):
    assert floor(value) <= value < floor(value) + 1
    assert isinstance(floor(value), int)


def test_dims_is_a_shape():
    assert dims(252, 252, 64) == (252, 252, 64)
    assert isinstance(dims(1, 2, 3), Shape)


@pytest.mark.parametrize(
    "function, value, named",
    [
        (sqrt, -2.5, "sqrt of -2.5"),
        (ln, 0, "ln of 0"),
        (ln, -3, "ln of -3"),
        (log2, 0, "log2 of 0"),
        (log10, -0.5, "log10 of -0.5"),
        (sqrt, np.array([4, -9]), "sqrt of -9"),
        (ln, [1, 0], "ln of 0"),
    ],
    ids=["sqrt", "ln of 0", "ln", "log2", "log10", "in an array", "in a list"],
)
def test_outside_the_domain_the_value_is_named(function, value, named):
    with pytest.raises(ValueError, match=named):
        function(value)


@pytest.mark.parametrize("function", [sqrt, exp, ln, log2, log10, tanh, sigmoid], ids=lambda f: f.__name__)
def test_a_word_is_refused_by_name(function):
    with pytest.raises(TypeError, match="'word'"):
        function("word")


class Doubling:
    """A number type of somebody else, with methods of its own."""

    def sqrt(self):
        return "root"

    def log(self):
        return "logarithm"


def test_another_type_may_bring_its_own_method():
    assert sqrt(Doubling()) == "root"
    assert ln(Doubling()) == "logarithm"
    with pytest.raises(TypeError, match="exp of"):
        exp(Doubling())


def test_what_comes_out_whole_is_an_int():
    assert [type(value) for value in (sqrt(4), sqrt(Fraction(9)), log2(8), log10(1000))] == [int] * 4
    assert type(log2(9)) is float
