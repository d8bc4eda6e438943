"""Elementary functions that take what they are given: exact numbers, floats, arrays, symbols.

Exact in, exact out: `sqrt(Fraction(9, 4))` is 3/2, `exp(0)` is 1; where the result is irrational it is a float.
An array is mapped element by element, a sympy expression gives the sympy function. Any other object
may bring a method of the same name (an interval type, say). Nothing here imports numpy or sympy
until it meets one of their values.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from solvers.exact import Shape, is_array, is_number, is_symbolic, map_numbers


def _apply(name: str, scalar: Callable[[Any], Any], x: Any) -> Any:
    """Send x to the scalar function, to every element of an array, or to sympy's function of that name."""
    if is_number(x):
        return scalar(x)
    if is_array(x) or isinstance(x, list | tuple):
        return map_numbers(scalar, x)
    if is_symbolic(x):
        import sympy

        return sympy.log(x, {"log2": 2, "log10": 10}[name]) if name in ("log2", "log10") else getattr(sympy, name)(x)
    if hasattr(x, name):
        return getattr(x, name)()
    raise TypeError(f"{name} of {x!r}: give a number, an array or an expression")


def sqrt(x: Any) -> Any:
    """Square root; exact for the square of a fraction. Raises ValueError below zero."""
    return _apply("sqrt", _sqrt, x)


def _sqrt(x: Any) -> Any:
    if x < 0:
        raise ValueError(f"sqrt of {float(x):g}: give a number of at least 0")
    if isinstance(x, int | Fraction):
        exact = Fraction(x)
        top, bottom = math.isqrt(exact.numerator), math.isqrt(exact.denominator)
        if top * top == exact.numerator and bottom * bottom == exact.denominator:
            return top if bottom == 1 else Fraction(top, bottom)
    return math.sqrt(x)


def exp(x: Any) -> Any:
    """The exponential function; exact at 0."""
    return _apply("exp", lambda v: 1 if _is_exactly(v, 0) else math.exp(v), x)


def ln(x: Any) -> Any:
    """Natural logarithm, base e; exact at 1. Raises ValueError at and below zero."""
    return _apply("log", lambda v: _log(v, math.log, "ln"), x)


def log2(x: Any) -> Any:
    """Logarithm to base 2; exact at powers of 2. Raises ValueError at and below zero."""
    return _apply("log2", lambda v: _log(v, math.log2, "log2", 2), x)


def log10(x: Any) -> Any:
    """Logarithm to base 10; exact at powers of 10. Raises ValueError at and below zero."""
    return _apply("log10", lambda v: _log(v, math.log10, "log10", 10), x)


def _log(x: Any, function: Callable[[Any], float], name: str, base: int = 0) -> Any:
    if x <= 0:
        raise ValueError(f"{name} of {float(x):g}: give a number above 0")
    if _is_exactly(x, 1):
        return 0
    rounded = function(x)
    if base and isinstance(x, int | Fraction) and Fraction(base) ** round(rounded) == x:
        return round(rounded)
    return rounded


def _is_exactly(x: Any, value: int) -> bool:
    return isinstance(x, int | Fraction) and x == value


def tanh(x: Any) -> Any:
    """Hyperbolic tangent; exact at 0."""
    return _apply("tanh", lambda v: 0 if _is_exactly(v, 0) else math.tanh(v), x)


def relu(z: Any) -> Any:
    """The larger of z and 0; exact for an exact z."""
    if is_symbolic(z):
        import sympy

        return sympy.Max(0, z)
    return _apply("relu", lambda v: v if v > 0 else 0, z)


def sigmoid(z: Any) -> Any:
    """The logistic function 1 / (1 + e^-z), without overflow at either end; exactly 1/2 at 0."""
    if is_symbolic(z):
        return 1 / (1 + exp(-z))
    return _apply("sigmoid", _sigmoid, z)


def _sigmoid(z: Any) -> Any:
    if _is_exactly(z, 0):
        return Fraction(1, 2)
    if z >= 0:
        return 1 / (1 + math.exp(-z))
    grown = math.exp(z)
    return grown / (1 + grown)


def floor(x: Any) -> int:
    """The largest integer that is not above x."""
    return math.floor(x)


def dims(*sizes: Any) -> Shape:
    """The shape with these sizes, height × width × channels (H, W, C)."""
    return Shape(sizes)
