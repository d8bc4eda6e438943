"""The digits that `accept` writes into a key: for a value that has none yet, and in place of others."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from solvers.exact import (
    is_array,
    is_exact,
    is_number,
    is_symbolic,
    magnitude,
    terminating,
    to_digits,
    to_fraction,
)
from solvers.site.agreement import decimals_of


def propose(value: Any, significant: int = 4) -> Any:
    """The digits that `accept` writes where the key has none: exact where short, else so many significant."""
    if is_array(value) or isinstance(value, list | tuple):
        return [propose(cell, significant) for cell in value]
    if is_symbolic(value):
        if hasattr(value, "tolist") and not hasattr(value, "name"):
            rows = value.tolist()
            return [propose(r[0] if value.shape[1] == 1 else r, significant) for r in rows]
        return str(value)
    if not is_number(value):
        return str(value)
    if is_exact(value):
        exact = to_fraction(value)
        places = terminating(exact)
        if exact.denominator == 1:
            return int(exact)
        if places is None or places > 8:
            return (
                f"{exact.numerator}/{exact.denominator}" if exact.denominator < 1000 else _rounded(exact, significant)
            )
        return to_digits(exact, places)
    return _rounded(value, significant)


def repeat(value: Any, digits: Any) -> Any:
    """The digits that `accept` writes in place of others: the same precision, the computed value."""
    if (is_array(value) or isinstance(value, list | tuple)) and isinstance(digits, list) and len(digits) == len(value):
        return [repeat(cell, wanted) for cell, wanted in zip(value, digits)]
    if is_number(value) and isinstance(digits, Decimal):
        again = to_digits(value, decimals_of(digits))
        return (
            again
            if value == 0 or len(str(abs(again.scaleb(decimals_of(digits))).to_integral())) > 1
            else propose(value)
        )
    return propose(value)


def _rounded(value: Any, significant: int) -> Decimal:
    return to_digits(value, significant - 1 - magnitude(value))
