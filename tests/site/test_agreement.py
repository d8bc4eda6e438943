"""A value agrees when it rounds to the digits written: half a unit of the last place, in exact arithmetic."""

from __future__ import annotations

import math
from decimal import Decimal as D
from fractions import Fraction as F

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from solvers.exact import Given, to_digits
from solvers.site.agreement import Disagreement, compare, decimals_of, equals_shown, parse, plain, shown
from solvers.site.proposals import propose, repeat

x, y = sympy.symbols("x y")
VECTOR = np.array([F(1, 2), 0.25], dtype=object)
MATRIX = np.array([[1, 2], [3, 4]], dtype=object)

AGREE = {
    "the digits": (0.05, D("0.05")),
    "less than half a unit above": (0.0549999, D("0.05")),
    "less than half a unit below": (0.0450001, D("0.05")),
    "half a unit, exactly": (F(1, 8), D("0.12")),
    "half a unit, from the other side": (F(1, 8), D("0.13")),
    "written zeros": (0.5, D("0.500")),
    "a power of ten": (1249, D("1.2e3")),
    "a negative number": (-0.4999, D("-0.50")),
    "an int": (7, 7),
    "a whole fraction": (F(14, 2), 7),
    "a whole float": (7.0, 7),
    "a given": (Given("0.10"), D("0.1")),
    "a numpy number": (np.float64(0.25), D("0.25")),
    "a fraction": (F(7, 6), "7/6"),
    "a fraction not in lowest terms": (F(7, 6), "14/12"),
    "a fraction with spaces": (F(-7, 6), "-7 / 6"),
    "a decimal as text": (0.25, "0.25"),
    "a vector": (VECTOR, [D("0.5"), D("0.25")]),
    "a list": ([1, 2], [1, 2]),
    "a shape": ((252, 252, 64), [252, 252, 64]),
    "a matrix": (MATRIX, [[1, 2], [3, 4]]),
    "words among numbers": (["–", 0.5], ["–", D("0.5")]),
    "a word": ("local maximum", "local maximum"),
    "an expression": (2 * x + 2 * y, "2*(x + y)"),
    "an expression with functions": (sympy.sqrt(x**2), "sqrt(x**2)"),
    "an exact decimal in an expression": (x / 10, "0.1*x"),
    "a division in an expression": (x / 3, "1/3*x"),
    "a number for an expression": (sympy.Integer(3), 3),
    "a decimal for an expression": (sympy.Rational(1, 4), D("0.25")),
    "a symbolic matrix": (sympy.Matrix([[x, 0], [0, y]]), [["x", 0], ["0", "y"]]),
    "a symbolic column": (sympy.Matrix([x, y]), ["x", "y"]),
}

DISAGREE = {
    "one unit": (0.06, D("0.05"), "would show 0.06, computed 0.06, the key says 0.05 ± 0.005: off by 0.01"),
    "just more than half a unit": (F(1251, 10000), D("0.12"), "off by 0.0051"),
    "an int is meant exactly": (4.9, 5, "would show 5, computed 4.9, the key says 5 ± 0: off by 0.1"),
    "a float is no fraction": (7 / 6, "7/6", "the key says exactly 7/6"),
    "another fraction": (F(7, 6), "7/5", "computed 7/6, the key says exactly 7/5"),
    "a sign": (-0.5, D("0.50"), "off by 1"),
    "not a number": (float("nan"), D("0.5"), "computed nan, where a finite number is due"),
    "infinity": (float("inf"), 5, "computed inf, where a finite number is due"),
    "a decimal comma": (0.5, "0,5", "'0,5' is not a number; write 0.50, 7 or '7/6'"),
    "a division by zero": (F(1, 2), "1/0", "'1/0' is not a number"),
    "a text that spells nan": (0.5, "nan", "nan"),
    "a text that spells infinity": (0.5, "inf", "inf"),
    "too few entries": (VECTOR, [D("0.5")], "computed 2 entries, the key has 1"),
    "one entry": (VECTOR, [D("0.5"), D("0.26")], "entry 2: would show 0.25"),
    "an entry of a row": (MATRIX, [[1, 2], [3, 5]], "entry 2: entry 2: would show 4"),
    "a number for a vector": (VECTOR, D("0.5"), "computed a vector or matrix of 2, the key says"),
    "a list for a number": (0.5, [D("0.5")], "the key has a list of 1, computed is the single value 0.5"),
    "another word": (
        "local maximum",
        "local minimum",
        "computed 'local maximum', the key says 'local minimum'",
    ),
    "a number for a word": ("local maximum", 5, "computed 'local maximum', the key says 5"),
    "a flat list for a matrix": (MATRIX, [1, 2], "entry 1: computed a vector or matrix of 2, the key says 1"),
    "another expression": (2 * x, "3*x", "computed 2*x, the key says 3*x; the difference is -x, not 0"),
    "an unknown name": (2 * x, "2*z", "'2*z' names 'z', which the answer 2*x does not; it has ['x']"),
    "an attribute": (2 * x, "x.is_real", "'x.is_real' is not a plain expression"),
    "a lambda": (2 * x, "(lambda: x)()", "is not a plain expression"),
    "a subscript": (2 * x, "x[0]", "is not a plain expression"),
    "a builtin": (2 * x, "open('f')", "names 'open'"),
    "a broken expression": (2 * x, "2*x +", "2*x +"),
    "a call that is missing its sign": (2 * x, "2(x)", "2(x)"),
    "a symbolic matrix of another shape": (
        sympy.Matrix([x, y]),
        [["x"], ["y"], ["0"]],
        "computed 2 entries, the key has 3",
    ),
    "a number for a symbolic matrix": (sympy.Matrix([x, y]), 5, "5"),
}


@pytest.mark.parametrize("value, digits", AGREE.values(), ids=AGREE)
def test_agree(value, digits):
    compare(value, digits, {})


@pytest.mark.filterwarnings("ignore::SyntaxWarning")  # of Python, for 2(x)
@pytest.mark.parametrize("value, digits, why", DISAGREE.values(), ids=DISAGREE)
def test_disagree(value, digits, why):
    with pytest.raises(Disagreement) as caught:
        compare(value, digits, {})
    assert why in str(caught.value)


def test_the_symbols_of_the_givens_may_be_named():
    compare(sympy.Integer(0), "x - x", {"x": x})


def test_a_given_number_may_not_stand_for_its_name():
    """The key holds the result, not a second computation of it."""
    with pytest.raises(Disagreement):
        compare(2 * x, "n*x", {"n": 2})


NUMBERS = st.one_of(
    st.integers(-(10**6), 10**6),
    st.fractions(-(10**6), 10**6, max_denominator=999),
    st.floats(-1e6, 1e6, allow_subnormal=False),
)


@given(NUMBERS)
def test_what_accept_writes_agrees(value):
    compare(value, propose(value), {})


@given(NUMBERS, st.integers(1, 6))
def test_what_accept_writes_in_place_of_other_digits_agrees_and_has_as_many(value, places):
    written = repeat(value, D(1).scaleb(-places))
    compare(value, written, {})
    if abs(value) * 10**places >= 10:  # of a smaller value nothing would be left
        assert decimals_of(written) == places


@given(st.floats(-1e6, 1e6, allow_subnormal=False), st.integers(1, 6))
def test_one_unit_more_disagrees(value, places):
    """The guard of the guard: digits that are one unit off never pass, whatever the value."""
    written = to_digits(value, places)
    compare(value, written, {})
    for unit in (D(1).scaleb(-places), -D(1).scaleb(-places)):
        off = abs(F(value) - F(written + unit)) * 2 / F(abs(unit))
        if off > 1:  # at exactly half a unit both neighbours agree
            with pytest.raises(Disagreement):
                compare(value, written + unit, {})


@given(st.integers(-(10**5), 10**5), st.integers(0, 12), st.sampled_from([-1, 1]), st.sampled_from([-1, 0, 1]))
def test_the_edge_is_exactly_half_a_unit(whole, places, side, ulp):
    """Floats at the edge and right beside it: decided by their exact binary value, not by another rounding."""
    digits = D(whole).scaleb(-places)
    half = F(1, 2 * 10**places)
    value = float(F(digits) + side * half)
    value = math.nextafter(value, ulp * math.inf) if ulp else value
    if abs(F(value) - F(digits)) <= half:
        compare(value, digits, {})
    else:
        with pytest.raises(Disagreement):
            compare(value, digits, {})


SHOWN = {
    "digits": (0.12345, D("0.123"), D("0.123"), False),
    "exact digits": (F(1, 8), D("0.125"), D("0.125"), True),
    "rounded exact number": (F(1, 8), D("0.13"), D("0.13"), False),
    "an int": (7, 7, 7, True),
    "a float is never exact": (0.5, D("0.5"), D("0.5"), False),
    "a fraction": (F(7, 6), "7/6", F(7, 6), True),
    "a decimal as text": (0.25, "0.25", D("0.25"), False),
    "a word": ("yes", "yes", "yes", True),
    "a vector": (VECTOR, [D("0.5"), D("0.25")], [D("0.5"), D("0.25")], False),
    "an exact vector": ([1, F(1, 2)], [1, "1/2"], [1, F(1, 2)], True),
    "an expression": (2 * x, "x + x", 2 * x, True),
}


@pytest.mark.parametrize("value, digits, expected, exact", SHOWN.values(), ids=SHOWN)
def test_shown(value, digits, expected, exact):
    what = shown(value, digits)
    assert what == expected
    assert equals_shown(value, what) is exact


PROPOSED = {
    "an int": (7, 7),
    "a short decimal": (F(1, 8), D("0.125")),
    "a fraction": (F(7, 6), "7/6"),
    "a fraction of many digits": (F(1, 1009), D("0.0009911")),
    "a float": (0.123456, D("0.1235")),
    "a large float": (123456.7, D("1.235e5")),
    "zero": (0.0, D("0.000")),
    "a vector": ([1, 0.5], [1, D("0.5000")]),
    "an expression": (2 * x, "2*x"),
    "a column": (sympy.Matrix([x, 2]), ["x", "2"]),
    "a symbolic matrix": (sympy.Matrix([[x, 0], [0, y]]), [["x", "0"], ["0", "y"]]),
    "a word": ("yes", "yes"),
}


@pytest.mark.parametrize("value, expected", PROPOSED.values(), ids=PROPOSED)
def test_propose(value, expected):
    written = propose(value)
    assert written == expected
    assert str(written) == str(expected)  # a Decimal's places count
    compare(value, written, {"x": x, "y": y})


DECIMALS = {"0.50": 2, "12.": 0, "1.2e3": -2, "1e-8": 8}


@pytest.mark.parametrize("text, places", DECIMALS.items(), ids=DECIMALS)
def test_decimals_of(text, places):
    assert decimals_of(D(text)) == places


PLAIN = {
    "a given": (Given("0.10"), "0.10"),
    "an int": (12, "12"),
    "a fraction": (F(7, 6), "7/6"),
    "a long fraction": (F(1, 3**50), "1.3929555691e-24"),
    "a float": (0.1 + 0.2, "0.3"),
    "a word": ("yes", "yes"),
}


@pytest.mark.parametrize("value, text", PLAIN.values(), ids=PLAIN)
def test_plain(value, text):
    assert plain(value) == text


def test_parse_leaves_numbers_and_lists_alone():
    assert parse(D("0.5"), 0.5, {}) == D("0.5")
    assert parse(["x"], 0.5, {}) == ["x"]
    assert parse("yes", "no", {}) == "yes"
