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
from functools import reduce
from typing import Any

from solvers.exact import Shape, elements, is_array, is_number, is_symbolic, map_numbers

# What computes an irrational value, and what a number is that only has to be near; `solvers.balls` puts its own here.
real: Any = math
near: Callable[[Any], Any] = float


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
    return real.sqrt(x)


def exp(x: Any) -> Any:
    """The exponential function; exact at 0."""
    return _apply("exp", lambda v: 1 if _is_exactly(v, 0) else real.exp(v), x)


def ln(x: Any) -> Any:
    """Natural logarithm, base e; exact at 1. Raises ValueError at and below zero."""
    return _apply("log", lambda v: _log(v, "ln"), x)


def log2(x: Any) -> Any:
    """Logarithm to base 2; exact at powers of 2. Raises ValueError at and below zero."""
    return _apply("log2", lambda v: _log(v, "log2", 2), x)


def log10(x: Any) -> Any:
    """Logarithm to base 10; exact at powers of 10. Raises ValueError at and below zero."""
    return _apply("log10", lambda v: _log(v, "log10", 10), x)


def _log(x: Any, name: str, base: int = 0) -> Any:
    if x <= 0:
        raise ValueError(f"{name} of {float(x):g}: give a number above 0")
    if _is_exactly(x, 1):
        return 0
    if base and isinstance(x, int | Fraction):
        whole = round(math.log(x, base))
        if Fraction(base) ** whole == x:
            return whole
    return {"ln": real.log, "log2": real.log2, "log10": real.log10}[name](x)


def _is_exactly(x: Any, value: int) -> bool:
    return isinstance(x, int | Fraction) and x == value


def tanh(x: Any) -> Any:
    """Hyperbolic tangent; exact at 0."""
    return _apply("tanh", lambda v: 0 if _is_exactly(v, 0) else real.tanh(v), x)


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
        return 1 / (1 + real.exp(-z))
    grown = real.exp(z)
    return grown / (1 + grown)


def inexact(x: Any) -> Any:
    """A number as a float, an array or list as an array of floats: for long computations, where fractions would grow."""
    if not (is_array(x) or isinstance(x, list | tuple)):
        return near(x)
    import numpy as np

    if near is float:
        return np.array(x, dtype=float)
    return np.vectorize(near, otypes=[object])(np.array(x, dtype=object))


def largest(values: Any) -> Any:
    """The largest of some numbers, whichever of them it is."""
    return reduce(lambda a, b: a.larger(b) if hasattr(a, "larger") else max(a, b), elements(values))


def drawn(x: Any) -> Any:
    """Random floats of a generator: data, so each is exactly the binary fraction that was drawn."""
    return inexact(x if near is float else map_numbers(Fraction, x))


def floor(x: Any) -> int:
    """The largest integer that is not above x."""
    return math.floor(x)


def dims(*sizes: Any) -> Shape:
    """The shape with these sizes, height × width × channels (H, W, C)."""
    return Shape(sizes)
