import copy
import math
import pickle
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np
import pytest
import sympy
from hypothesis import assume, given
from hypothesis import strategies as st

from solvers.exact import (
    Given,
    Shape,
    agrees,
    divide,
    elements,
    half_unit,
    is_array,
    is_exact,
    is_finite,
    is_moderate,
    is_number,
    is_symbolic,
    magnitude,
    map_numbers,
    power,
    read,
    round_half_away,
    round_significant,
    terminating,
    to_digits,
    to_fraction,
)

fractions = st.fractions(min_value=-10_000, max_value=10_000, max_denominator=5_000)
floats = st.floats(min_value=-1e6, max_value=1e6)
decimals = st.decimals(min_value=-10_000, max_value=10_000, places=3)


# givens

LITERALS = [
    ("tenth", "0.1", Fraction(1, 10)),
    ("trailing zero", "0.50", Fraction(1, 2)),
    ("negative", "-2.25", Fraction(-9, 4)),
    ("scientific", "1e-8", Fraction(1, 100_000_000)),
    ("no leading digit", ".5", Fraction(1, 2)),
    ("underscores", "1_000.5", Fraction(2001, 2)),
    ("integer", "12", 12),
    ("negative integer", "-3", -3),
]


@pytest.mark.parametrize("text, value", [row[1:] for row in LITERALS], ids=[row[0] for row in LITERALS])
def test_a_literal_is_read_from_its_text(text, value):
    assert read(text) == value
    assert isinstance(read(text), int if isinstance(value, int) else Given)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-1000, max_value=1000))
def test_a_given_is_its_decimal_and_keeps_the_text(number):
    made = Given(str(number))
    assert made == Fraction(number)
    assert made.text == str(number)


def test_what_is_not_a_number_is_not_read():
    with pytest.raises(ValueError, match="abc"):
        read("abc")


@pytest.mark.parametrize("made", [Given("0.50") + 1, -Given("0.50"), Given("0.50") * Given("2.0")], ids=str)
def test_arithmetic_on_givens_leaves_the_text_behind(made):
    assert type(made) is Fraction


# a given goes to a forked process and into arrays that are copied
def test_a_given_compares_with_a_float():
    assert Given("0.1") < 0.2
    assert min(0.2, Given("0.1")) == Given("0.1")
    assert Given("0.5") == 0.5


@pytest.mark.parametrize(
    "copied",
    [lambda g: pickle.loads(pickle.dumps(g)), copy.copy, copy.deepcopy],
    ids=["pickle", "copy", "deepcopy"],
)
def test_a_copy_of_a_given_is_equal_and_keeps_its_text(copied):
    made = copied(Given("0.50"))
    assert made == Fraction(1, 2)
    assert made.text == "0.50"


# division and powers


@given(st.integers(-1000, 1000), st.integers(-1000, 1000).filter(bool))
def test_dividing_integers_is_exact(a, b):
    quotient = divide(a, b)
    assert quotient * b == a
    assert isinstance(quotient, int) == (a % b == 0)


@given(st.integers(-20, 20), st.integers(-6, 6))
def test_an_integer_power_is_exact(a, b):
    assume(a or b >= 0)
    assert power(a, b) == Fraction(a) ** b
    assert is_exact(power(a, b))


# an exponent that is a whole fraction comes out of an earlier line, 1/2 - 3/2 say
@given(st.integers(-20, 20).filter(bool), st.integers(-6, 6))
def test_a_whole_fraction_as_exponent_is_exact_too(a, b):
    assert is_exact(power(a, Fraction(b)))
    assert power(a, Fraction(b)) == Fraction(a) ** b


@pytest.mark.parametrize(
    "a, b, expected",
    [(1.5, 2, 0.75), (3, 2.0, 1.5), (Fraction(1, 3), 2, Fraction(1, 6)), (True, 2, 0.5)],
    ids=["float", "float below", "fraction", "not an integer"],
)
def test_other_divisions_are_those_of_python(a, b, expected):
    assert divide(a, b) == expected


def test_a_root_as_power_is_a_float():
    assert power(2, Fraction(1, 2)) == pytest.approx(math.sqrt(2))


@pytest.mark.parametrize("compute", [lambda: divide(1, 0), lambda: power(0, -1)], ids=["1 / 0", "0 ** -1"])
def test_division_by_zero_is_not_hidden(compute):
    with pytest.raises(ZeroDivisionError):
        compute()


# kinds of value

x = sympy.Symbol("x")
KINDS = [  # id, value, number, exact, array, symbolic
    ("int", 3, True, True, False, False),
    ("fraction", Fraction(1, 3), True, True, False, False),
    ("given", Given("0.1"), True, True, False, False),
    ("float", 0.1, True, False, False, False),
    ("decimal", Decimal("0.1"), True, True, False, False),
    ("numpy float", np.float64(0.1), True, False, False, False),
    ("numpy float32", np.float32(0.1), True, False, False, False),
    ("array without dimensions", np.array(0.1), True, False, False, False),
    ("bool", True, False, True, False, False),
    ("numpy bool", np.bool_(True), False, False, False, False),
    ("word", "saddle", False, True, False, False),
    ("none", None, False, True, False, False),
    ("exact array", np.array([1, Fraction(1, 2)], dtype=object), False, True, True, False),
    ("mixed array", np.array([1, 0.5], dtype=object), False, False, True, False),
    ("float array", np.array([1.0]), False, False, True, False),
    ("list", [1, [2, Fraction(1, 2)]], False, True, False, False),
    ("list with a float", [1, [2, 0.5]], False, False, False, False),
    ("symbol", x, False, True, False, True),
    ("sympy integer", sympy.Integer(2), False, True, False, True),
    ("sympy matrix", sympy.Matrix([[x, 1]]), False, True, False, True),
]
IDS = [row[0] for row in KINDS]


@pytest.mark.parametrize("value, expected", [(row[1], row[2]) for row in KINDS], ids=IDS)
def test_numbers(value, expected):
    assert is_number(value) is expected


@pytest.mark.parametrize("value, expected", [(row[1], row[3]) for row in KINDS], ids=IDS)
def test_exact_values(value, expected):
    assert is_exact(value) is expected


@pytest.mark.parametrize("value, expected", [(row[1], row[4]) for row in KINDS], ids=IDS)
def test_arrays(value, expected):
    assert is_array(value) is expected


@pytest.mark.parametrize("value, expected", [(row[1], row[5]) for row in KINDS], ids=IDS)
def test_expressions(value, expected):
    assert is_symbolic(value) is expected


# a float hides in the coefficients of an expression: "every float is inexact"
def test_an_expression_with_a_float_is_not_exact():
    assert not is_exact(0.3 * x)


@pytest.mark.parametrize(
    "value, expected",
    [
        (1.5, True),
        (float("nan"), False),
        (float("inf"), False),
        (np.array([1.0, np.nan]), False),
        ([1, [2, float("-inf")]], False),
        ("saddle", True),
        (Fraction(1, 3), True),
        (10**400, True),  # too large for a float, and finite
    ],
    ids=["float", "nan", "inf", "nan in an array", "inf in a list", "word", "fraction", "huge integer"],
)
def test_finite_values(value, expected):
    assert is_finite(value) is expected


@pytest.mark.parametrize(
    "value, expected",
    [
        (-(10**399), True),
        (10**400, False),
        (Decimal("1e-399"), True),
        (Decimal("1e400"), False),
        (Decimal("1e-400"), False),
        (Decimal("0." + "1" * 400), False),
        (Decimal("Infinity"), False),
        (Decimal("NaN"), False),
        ("saddle", True),
    ],
    ids=["long", "too long", "small", "too large", "too small", "too many digits", "infinite", "no number", "word"],
)
def test_numbers_whose_digits_can_be_written_out(value, expected):
    assert is_moderate(value) is expected


@pytest.mark.parametrize(
    "value, expected",
    [
        (3, [3]),
        ([1, [2, 3]], [1, 2, 3]),
        (np.array([[1, 2], [3, 4]]), [1, 2, 3, 4]),
        ((1, np.array([2, 3])), [1, 2, 3]),
        ([], []),
    ],
    ids=["scalar", "nested", "matrix row by row", "array in a tuple", "empty"],
)
def test_elements(value, expected):
    assert elements(value) == expected


@given(floats)
def test_a_float_is_the_binary_fraction_that_it_stores(value):
    numerator, denominator = value.as_integer_ratio()
    for number in (value, np.float64(value)):
        assert to_fraction(number) == Fraction(numerator, denominator)


def test_a_shape_is_a_tuple():
    assert Shape((2, 3)) == (2, 3)


def test_numbers_are_mapped_where_they_stand():
    mapped = map_numbers(lambda v: v + 1, np.array([[1, 2], [3, 4]]))
    assert mapped.tolist() == [[2, 3], [4, 5]]
    assert map_numbers(lambda v: v + 1, [1, ("a", 2)]) == [2, ("a", 3)]
    assert map_numbers(lambda v: v + 1, Shape((1, 2))) == Shape((2, 3))
    assert map_numbers(lambda v: v + 1, True) is True
    assert map_numbers(lambda v: v + 1, "word") == "word"


def test_an_empty_array_is_mapped_to_an_empty_array():
    assert map_numbers(lambda v: v + 1, np.array([])).shape == (0,)


# rounding


@given(decimals, st.integers(-2, 4))
def test_rounding_is_that_of_decimal_half_up(number, places):
    expected = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    assert round_half_away(Fraction(number), places) == Fraction(expected)
    assert to_digits(Fraction(number), places) == expected


@given(floats, st.integers(0, 5))
def test_rounding_moves_a_float_by_at_most_half_a_unit(number, places):
    rounded = round_half_away(number, places)
    assert abs(rounded - to_fraction(number)) <= Fraction(1, 2 * 10**places)
    assert (rounded * 10**places).denominator == 1


@pytest.mark.parametrize(
    "value, places, expected",
    [
        (Fraction(1, 2), 0, 1),
        (Fraction(-1, 2), 0, -1),
        (Fraction(5, 2), 0, 3),  # Python's round gives 2
        (Fraction("0.125"), 2, Fraction("0.13")),
        (Fraction("-0.125"), 2, Fraction("-0.13")),
        (2.675, 2, Fraction("2.67")),  # the float lies just below the tie
        (0.5, 0, 1),
        (15, -1, 20),
    ],
    ids=["1/2", "-1/2", "5/2", "0.125", "-0.125", "2.675 as float", "0.5 as float", "tens"],
)
def test_ties_go_away_from_zero(value, places, expected):
    assert round_half_away(value, places) == expected


@given(fractions, st.integers(1, 6))
def test_significant_digits_are_those_of_decimal(number, digits):
    assume(number)
    # 60 digits are more than a denominator of 5000 can confuse with a tie; ties themselves terminate
    long = Decimal(number.numerator) / Decimal(number.denominator)
    expected = long.quantize(Decimal(1).scaleb(long.adjusted() - digits + 1), ROUND_HALF_UP)
    assert round_significant(number, digits) == Fraction(expected)


@pytest.mark.parametrize(
    "value, digits, expected",
    [
        (0, 3, 0),
        (9.996, 3, 10),
        (0.0005, 1, Fraction("0.0005")),
        (-1234, 2, -1200),
        (Fraction(2, 3), 2, Fraction("0.67")),
    ],
    ids=["zero", "carry into a new digit", "small", "large", "thirds"],
)
def test_significant_digits_at_the_edges(value, digits, expected):
    assert round_significant(value, digits) == expected


@given(st.floats(min_value=5e-324, max_value=1e308))
def test_the_magnitude_brackets_the_number(number):
    exact, found = Fraction(number), magnitude(number)
    assert Fraction(10) ** found <= exact < Fraction(10) ** (found + 1)
    assert magnitude(-number) == found


@pytest.mark.parametrize(
    "value, expected",
    [
        (0, 0),
        (1, 0),
        (10, 1),
        (Fraction("9.99"), 0),
        (Fraction(1, 10), -1),
        (Fraction("0.034"), -2),
        (120, 2),
    ],
    ids=str,
)
def test_magnitudes_next_to_powers_of_ten(value, expected):
    assert magnitude(value) == expected


@given(st.fractions(min_value=-50, max_value=50, max_denominator=700))
def test_a_terminating_fraction_ends_after_so_many_places(number):
    # by trial: the first power of ten that makes it whole; 2^9 < 700 needs no more than nine
    by_trial = next((k for k in range(12) if (number * 10**k).denominator == 1), None)
    assert terminating(number) == by_trial


# agreement


@pytest.mark.parametrize(
    "digits, half",
    [("0.50", Fraction(1, 200)), ("12", Fraction(1, 2)), ("1.2e3", 50), ("1e-8", Fraction(1, 2 * 10**8))],
    ids=str,
)
def test_half_a_unit_of_the_last_written_place(digits, half):
    assert half_unit(Decimal(digits)) == half


def test_half_a_unit_of_an_integer():
    assert half_unit(12) == Fraction(1, 2)


AGREEMENT = [
    ("0.05 is not 0.06", 0.06, Decimal("0.05"), False),
    ("0.05 is not 0.04", 0.04, Decimal("0.05"), False),
    ("inside", 0.0549, Decimal("0.05"), True),
    ("tie above", Fraction("0.055"), Decimal("0.05"), True),
    ("tie below", Fraction("0.045"), Decimal("0.05"), True),
    ("just past the tie", Fraction("0.0550001"), Decimal("0.05"), False),
    ("a zero more is more precise", 0.504, Decimal("0.50"), True),
    ("a zero more rejects", 0.506, Decimal("0.50"), False),
    ("one place", 0.506, Decimal("0.5"), True),
    ("an integer is exact", 4.9, 5, False),
    ("an integer", 5, 5, True),
    ("an integer as float", 5.0, 5, True),
    ("an integer with a decimal point", 4.96, Decimal("5.0"), True),
    ("scientific", 1.249e3, Decimal("1.2e3"), True),
    ("scientific, outside", 1.251e3, Decimal("1.2e3"), False),
    ("sign", -0.5, Decimal("0.5"), False),
]


@pytest.mark.parametrize("value, digits, expected", [r[1:] for r in AGREEMENT], ids=[r[0] for r in AGREEMENT])
def test_agreement(value, digits, expected):
    assert agrees(value, digits) is expected


@given(st.one_of(fractions, floats), st.integers(0, 5))
def test_a_number_agrees_with_its_own_digits_and_not_with_their_neighbours(number, places):
    digits = to_digits(number, places)
    unit = Decimal(1).scaleb(-places)
    assert agrees(number, digits)
    scaled = to_fraction(number) * 10**places
    tie = (scaled - Fraction(1, 2)).denominator == 1
    # of a tie both neighbours are half a unit away: the digits one step nearer to zero agree as well
    nearer = digits - unit if number > 0 else digits + unit
    farther = digits + unit if number > 0 else digits - unit
    assert not agrees(number, farther) or (number == 0 and tie)
    assert agrees(number, nearer) is tie
