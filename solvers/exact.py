"""Exact numbers: decimals read from their text, division that keeps fractions, rounding and agreement by digits.

Glossary
    given     a number as it was written: `Given("0.10")` is the fraction 1/10 and remembers "0.10"
    exact     int, Fraction, or an array of these; every float is inexact
    digits    a Decimal whose written places say how precise it is: 0.50 has two

Nothing here imports numpy or sympy.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any


class Given(Fraction):
    """A decimal number with the text that it was written as; arithmetic on it gives plain fractions."""

    text: str
    from_float, from_decimal = Fraction.from_float, Fraction.from_decimal  # a comparison with a float asks for these

    def __new__(cls, text: str) -> Given:
        exponent = text.lower().partition("e")[2].replace("_", "").strip()
        if len(exponent.lstrip("+-0")) > len(str(LARGEST)):
            raise ValueError(f"{text} is further from 1 than any number here")
        self = super().__new__(cls, text.replace("_", ""))
        self.text = text.replace("_", "")
        return self

    def __copy__(self) -> Given:
        return self

    def __deepcopy__(self, memo: Any) -> Given:
        return self

    def __reduce__(self):
        return (Given, (self.text,))


LARGEST = 400  # powers of ten: the numbers of pages and keys are nearer to 1 than this
EXACT = {int, Fraction, Given, Decimal}
PLAIN = {*EXACT, float}  # the numbers that nearly every value is; `solvers.balls` adds its own


class Shape(tuple):
    """The shape of an array, height first: written 252 × 252 × 64."""


class Choice(tuple):
    """The labels of the options that are right: written a, c."""


def read(text: str) -> int | Given:
    """The exact number that a literal stands for: `read("0.1")` is one tenth, `read("12")` the int 12."""
    try:
        return int(text)
    except ValueError:
        return Given(text)


def divide(a: Any, b: Any) -> Any:
    """a / b; two integers give a fraction (an int when it divides), not a float. Arrays: element by element."""
    if type(a) is int and type(b) is int and b != 0:
        return a // b if a % b == 0 else Fraction(a, b)
    return _each(divide, a, b) if _holds_objects(a, b) else a / b


def power(a: Any, b: Any) -> Any:
    """a ** b; an integer to a negative integer power gives a fraction, not a float. Arrays: element by element."""
    if isinstance(b, Fraction) and b.denominator == 1:
        b = int(b)
    if isinstance(b, int) and abs(b) > 1 and abs(b) * _bits(a) > LARGEST * 1000:
        raise OverflowError("a power with more digits than any number here")
    if type(a) is int and type(b) is int and b < 0:
        return Fraction(a) ** b
    return _each(power, a, b) if _holds_objects(a, b) else a**b


def _bits(value: Any) -> int:
    """How long an exact number is; 0 for 0, 1 and for whatever is not exact."""
    top, bottom = getattr(value, "numerator", 0), getattr(value, "denominator", 0)
    try:
        return max(abs(int(top)), abs(int(bottom)), 1).bit_length() - 1
    except (TypeError, ValueError):  # of an expression
        return 0


# the names that an instrumented program calls for literals, `/` and `**`
HOOKS = {"__divide__": divide, "__power__": power, "__read__": read}


def _holds_objects(*values: Any) -> bool:
    return any(is_array(value) and value.dtype == object for value in values)


def _each(function: Callable[[Any, Any], Any], a: Any, b: Any) -> Any:
    import numpy as np

    return np.vectorize(function, otypes=[object])(a, b)


def is_array(value: Any) -> bool:
    """True for a numpy array, found out without importing numpy."""
    return type(value).__module__ == "numpy" and hasattr(value, "shape") and value.shape != ()


def is_symbolic(value: Any) -> bool:
    """True for a sympy expression or matrix, found out without importing sympy."""
    return _is_of_sympy(type(value))


@lru_cache(maxsize=256)
def _is_of_sympy(kind: type) -> bool:
    return any(base.__module__.startswith("sympy.") for base in kind.__mro__)


def is_number(value: Any) -> bool:
    """True for a real scalar: int, Fraction, float or a numpy scalar; booleans are not numbers."""
    if type(value) in PLAIN:
        return True
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return False
    return isinstance(value, int | float | Fraction | Decimal) or (
        type(value).__module__ == "numpy" and getattr(value, "shape", None) == () and hasattr(value, "item")
    )


def elements(value: Any) -> list[Any]:
    """The scalars of a number, of a nested list or of an array, row by row."""
    if is_array(value):
        return list(value.flat)
    if isinstance(value, list | tuple):
        return [scalar for item in value for scalar in elements(item)]
    return [value]


def is_exact(value: Any) -> bool:
    """True when nothing was rounded on the way: integers, fractions, expressions, words, arrays of these."""
    return not any(_is_rounded(scalar) for scalar in elements(value))


def _is_rounded(scalar: Any) -> bool:
    if type(scalar) in PLAIN:
        return type(scalar) not in EXACT
    if is_symbolic(scalar):
        import sympy

        return bool(scalar.has(sympy.Float))
    return isinstance(scalar, float) or hasattr(scalar, "dtype")


def is_finite(value: Any) -> bool:
    """False when a number, or any element of an array, is NaN or infinite."""
    return all(
        not is_number(scalar) or isinstance(scalar, int | Fraction) or math.isfinite(scalar)
        for scalar in elements(value)
    )


def to_fraction(value: Any) -> Fraction:
    """The exact value of a number; a float is the binary fraction that it stores."""
    return Fraction(value.item() if hasattr(value, "item") else value)


def is_moderate(value: Any) -> bool:
    """Can its digits be written out? True for whatever is no number of a key."""
    if isinstance(value, int):
        return abs(value) < 10**LARGEST
    if isinstance(value, Decimal):
        return value.is_finite() and abs(value.adjusted()) < LARGEST and len(value.as_tuple().digits) < LARGEST
    return True


def half_unit(digits: Decimal | int) -> Fraction:
    """Half a unit of the last written place: 0.50 gives 1/200, 12 gives 1/2, 1.2e3 gives 50."""
    exponent = digits.as_tuple().exponent if isinstance(digits, Decimal) else 0
    return Fraction(10) ** int(exponent) / 2


def agrees(value: Any, digits: Decimal | int) -> bool:
    """True when the value rounds to the digits written: at most half a unit of the last place away.

    An integer without a decimal point is meant exactly: 5 does not agree with 4.9.
    """
    if isinstance(digits, int):
        return bool(value == digits)
    if isinstance(value, float):  # far from a tie floats decide; near one, exact fractions
        off, unit = abs(value - float(digits)), 0.5 * 10.0 ** int(digits.as_tuple().exponent)
        if abs(off - unit) > 1e-6 * unit + 1e-12 * abs(value):
            return off < unit
    return abs(to_fraction(value) - Fraction(digits)) <= half_unit(digits)


def round_half_away(value: Any, decimals: int) -> Fraction:
    """Round one number to so many decimals, a tie away from zero, as a pocket calculator does."""
    scaled = to_fraction(value) * Fraction(10) ** decimals
    whole = math.floor(abs(scaled) + Fraction(1, 2))
    return Fraction(whole if scaled >= 0 else -whole) / Fraction(10) ** decimals


def magnitude(value: Any) -> int:
    """The power of ten of the leading digit: 0.034 gives -2, 120 gives 2; zero gives 0."""
    exact = abs(to_fraction(value))
    if exact == 0:
        return 0
    guess = int((exact.numerator.bit_length() - exact.denominator.bit_length()) * math.log10(2))
    while exact >= Fraction(10) ** (guess + 1):
        guess += 1
    while exact < Fraction(10) ** guess:
        guess -= 1
    return guess


def round_significant(value: Any, significant: int) -> Fraction:
    """Round one number to so many significant digits, a tie away from zero."""
    return round_half_away(value, significant - 1 - magnitude(value))


def map_numbers(function: Callable[[Any], Any], value: Any) -> Any:
    """Apply a function to a number or to every element of an array; leave anything else as it is."""
    if is_array(value):
        import numpy as np

        return np.array([function(scalar) for scalar in value.flat], dtype=object).reshape(value.shape)
    if isinstance(value, list | tuple):
        return type(value)(map_numbers(function, item) for item in value)
    return function(value) if is_number(value) else value


def to_digits(value: Any, decimals: int) -> Decimal:
    """The number as decimal digits with so many places."""
    whole = round_half_away(value, decimals) * Fraction(10) ** decimals
    return Decimal(int(whole)).scaleb(-decimals)


def terminating(value: Fraction | int) -> int | None:
    """The number of decimals that write a fraction exactly, or None when no finite number does."""
    denominator = Fraction(value).denominator
    twos = fives = 0
    while denominator % 2 == 0:
        denominator, twos = denominator // 2, twos + 1
    while denominator % 5 == 0:
        denominator, fives = denominator // 5, fives + 1
    return max(twos, fives) if denominator == 1 else None
