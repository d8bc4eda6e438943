"""Ball arithmetic: a number as an interval that is proved to hold its real value (Johansson 2017, the library Arb).

    with arithmetic(128):
        exp(Fraction(1, 2))     # a Ball: 1.6487… ± 1e-38

Exact numbers stay exact; where a function of `solvers.functions` would round, it gives a Ball. A float has no error
bound, so whatever a float enters is a float again: a computation whose result is a Ball met none on its way.
"""

from __future__ import annotations

import math
import operator
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from numbers import Rational
from types import SimpleNamespace
from typing import Any

from flint import arb, ctx, fmpq

from solvers import exact, functions


class Undecided(ArithmeticError):
    """A question that the intervals leave open at this precision: which number is larger, say."""


def enclosure(number: Any) -> arb:
    """The interval of a Ball, or one that holds an exact number."""
    if isinstance(number, Ball):
        return number.interval
    value = Fraction(number)
    return arb(fmpq(int(value.numerator), int(value.denominator)))


def _arithmetic(operation: Callable[[Any, Any], Any]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """An operator of Ball, and the same with the Ball on its right side."""

    def apply(left: Any, right: Any) -> Any:
        other = right if isinstance(left, Ball) else left
        if isinstance(other, float):
            return operation(float(left), float(right))
        if not isinstance(other, Ball | Rational):
            return NotImplemented
        return _finite(operation(enclosure(left), enclosure(right)), operation.__name__)

    return apply, lambda self, other: apply(other, self)


def _comparison(holds: Callable[[Any, Any], bool], fails: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    """A comparison of Ball: arb says yes only of what is certain, so its opposite is asked as well."""

    def compare(self: Ball, other: Any) -> Any:
        if not isinstance(other, Ball | Rational | float):
            return NotImplemented
        a, b = self.interval, enclosure(other)
        if self is other:
            a = b = arb(0)  # whatever the number is
        if holds(a, b):
            return True
        if fails(a, b):
            return False
        raise Undecided(f"{self} or {other}: which is larger cannot be told from these intervals")

    return compare


class Ball:
    """A real number, known to lie in `interval`. Comparisons that the interval does not decide raise Undecided."""

    __slots__ = ("interval",)

    def __init__(self, interval: arb):
        self.interval = interval

    __add__, __radd__ = _arithmetic(operator.add)
    __sub__, __rsub__ = _arithmetic(operator.sub)
    __mul__, __rmul__ = _arithmetic(operator.mul)
    __truediv__, __rtruediv__ = _arithmetic(operator.truediv)
    __pow__, __rpow__ = _arithmetic(operator.pow)
    __lt__ = _comparison(operator.lt, operator.ge)
    __le__ = _comparison(operator.le, operator.gt)
    __gt__ = _comparison(operator.gt, operator.le)
    __ge__ = _comparison(operator.ge, operator.lt)
    __eq__ = _comparison(operator.eq, operator.ne)
    __ne__ = _comparison(operator.ne, operator.eq)
    __hash__ = object.__hash__

    def larger(self, other: Any) -> Any:
        """The larger of two numbers, also when nobody can tell which of them that is."""
        return max(float(self), other) if isinstance(other, float) else Ball(self.interval.max(enclosure(other)))

    def exp(self) -> Ball:  # numpy calls these for every element of an array of objects
        return TABLE.exp(self)

    def log(self) -> Ball:
        return TABLE.log(self)

    def sqrt(self) -> Ball:
        return TABLE.sqrt(self)

    def sin(self) -> Ball:
        return Ball(self.interval.sin())

    def tanh(self) -> Ball:
        return TABLE.tanh(self)

    def __neg__(self) -> Ball:
        return Ball(-self.interval)

    def __abs__(self) -> Ball:
        return Ball(abs(self.interval))

    def __float__(self) -> float:
        return float(self.interval.mid())  # leaves the balls: what comes of it is a float and proves nothing

    def __floor__(self) -> int:
        whole = self.interval.floor().unique_fmpz()
        if whole is None:
            raise Undecided(f"the whole part of {self} cannot be told from this interval")
        return int(whole)

    def __repr__(self) -> str:
        return self.interval.str(20)


def _function(compute: Callable[[arb], arb]) -> Callable[[Any], Any]:
    """A function of the table: a Ball for a Ball and for an exact number, a float for a float."""

    def apply(x: Any) -> Any:
        if isinstance(x, float):
            return float(compute(arb(x)).mid())
        return _finite(compute(enclosure(x)), compute.__name__)

    return apply


def _finite(result: arb, name: str) -> Ball:
    if not result.is_finite():
        raise Undecided(f"{name}: the interval reaches to where there is no value")
    return Ball(result)


def _log2(x: arb) -> arb:
    return x.log() / arb.const_log2()


def _log10(x: arb) -> arb:
    return x.log() / arb.const_log10()


TABLE = SimpleNamespace(exp=_function(arb.exp), log=_function(arb.log), sqrt=_function(arb.sqrt),
                        tanh=_function(arb.tanh), log2=_function(_log2), log10=_function(_log10))  # fmt: skip


def _near(number: Any) -> Any:
    """A Ball around an exact number; a float was rounded by nobody knows how much, and stays one."""
    return number if isinstance(number, Ball | float) else Ball(enclosure(number))


@contextmanager
def arithmetic(bits: int) -> Iterator[None]:
    """Inside, the functions of `solvers.functions` give Balls of so many bits, and π is one."""
    before = ctx.prec, functions.real, functions.near
    circles = [module for name, module in list(sys.modules.items())
               if name.startswith("solvers.") and getattr(module, "pi", None) is math.pi]  # fmt: skip
    exact.PLAIN.add(Ball)
    ctx.prec, functions.real, functions.near = bits, TABLE, _near
    try:
        for module in circles:
            module.pi = Ball(arb.pi())
        yield
    finally:
        ctx.prec, functions.real, functions.near = before
        exact.PLAIN.discard(Ball)
        for module in circles:
            module.pi = math.pi
