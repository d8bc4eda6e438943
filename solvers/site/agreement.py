"""Does a computed value agree with the digits that a key writes, and how is it shown?

Digits in a key are an int (exact), a decimal (half a unit of the last place), text (a fraction, an expression
or a word, by what was computed) or a list of these (a vector, a matrix).
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from solvers.exact import (
    Choice,
    Given,
    Shape,
    agrees,
    half_unit,
    is_array,
    is_exact,
    is_finite,
    is_moderate,
    is_number,
    is_symbolic,
    magnitude,
    power,
    read,
    to_digits,
    to_fraction,
)
from solvers.instrument import exact_code, expression


class Disagreement(ValueError):
    """Why a value and its digits differ, in words."""


def parse(digits: Any, like: Any, names: Mapping[str, Any]) -> Any:
    """Read the text of a key as the kind of thing that was computed; numbers and lists come back as they are.

    Raises Disagreement for text that cannot be read as that.
    """
    if not isinstance(digits, str):
        return digits
    if is_number(like):
        try:
            number = Fraction(digits.replace(" ", "")) if "/" in digits else Decimal(digits)
        except (ValueError, ArithmeticError):
            number = Decimal("nan")
        if isinstance(number, Decimal) and not is_moderate(number):
            raise Disagreement(f"{digits!r} is not a number; write 0.50, 7 or '7/6'")
        return number
    if is_symbolic(like):
        return parse_expression(digits, like, names)
    return digits


def parse_expression(text: str, like: Any, names: Mapping[str, Any]) -> Any:
    """Read an expression with the symbols of the computed one and of the part's givens; nothing else is evaluated."""
    import sympy

    functions = {
        name: getattr(sympy, name) for name in ("sqrt", "log", "exp", "tanh", "pi", "Abs", "Max", "Min", "Matrix")
    }
    symbols = {str(s): s for s in getattr(like, "free_symbols", ())}
    known = {**functions, **{n: v for n, v in names.items() if is_symbolic(v)}, **symbols}
    try:
        tree = expression(text, "expression")
    except SyntaxError as error:
        raise Disagreement(str(error.msg)) from None
    for node in ast.walk(tree):
        transposed = isinstance(node, ast.Attribute) and node.attr == "T"
        if not transposed and isinstance(
            node, ast.Attribute | ast.Lambda | ast.Subscript | ast.ListComp | ast.GeneratorExp
        ):
            raise Disagreement(f"{text!r} is not a plain expression")
        if isinstance(node, ast.Name) and node.id not in known:
            raise Disagreement(
                f"{text!r} names {node.id!r}, which the answer {like} does not; it has {sorted(symbols)}"
            )
    hooks = {
        "__divide__": lambda a, b: sympy.sympify(a) / b,
        "__power__": power,
        "__read__": lambda t: sympy.Rational(read(t)),
    }
    try:
        return sympy.sympify(eval(exact_code(tree, text, "expression"), {**known, **hooks, "__builtins__": {}}))
    except Exception as error:
        raise Disagreement(f"{text!r} cannot be read: {error}") from None


def compare(value: Any, digits: Any, names: Mapping[str, Any]) -> None:
    """Raise Disagreement unless the value agrees with the digits."""
    if isinstance(value, Choice):
        return _compare_choice(value, digits)
    if is_array(value) or isinstance(value, list | tuple):
        return _compare_rows(list(value), digits, names)
    if isinstance(digits, list):
        if is_symbolic(value) and hasattr(value, "tolist"):
            rows = value.tolist()
            return _compare_rows([row[0] for row in rows] if value.shape[1] == 1 else rows, digits, names)
        raise Disagreement(f"the key has a list of {len(digits)}, computed is the single value {value}")
    if not is_finite(value):
        raise Disagreement(f"computed {value}, where a finite number is due")
    wanted = parse(digits, value, names)
    if is_symbolic(value):
        return _compare_symbolic(value, wanted, digits)
    if is_number(value):
        return _compare_number(value, wanted)
    if str(value) != wanted:
        raise Disagreement(f"computed {str(value)!r}, the key says {wanted!r}")
    return None


def _compare_number(value: Any, wanted: Any) -> None:
    if isinstance(wanted, Fraction):
        if not is_exact(value) or to_fraction(value) != wanted:
            raise Disagreement(f"computed {plain(value)}, the key says exactly {wanted}")
        return
    if not is_number(wanted) or isinstance(wanted, float):
        raise Disagreement(f"computed the number {plain(value)}, the key says {wanted!r}")
    if not agrees(value, wanted):
        off = abs(to_fraction(value) - Fraction(wanted))
        allowed = half_unit(wanted) if isinstance(wanted, Decimal) else Fraction(0)
        shows = to_digits(value, decimals_of(wanted))
        raise Disagreement(
            f"would show {shows}, computed {plain(value)}, the key says {wanted} ± {float(allowed):g}: "
            f"off by {scalar_text(off, 3)}"
        )


def _compare_symbolic(value: Any, wanted: Any, digits: Any) -> None:
    import sympy

    wanted = sympy.sympify(Fraction(wanted) if isinstance(wanted, Decimal) else wanted)
    try:
        if _differ_at_a_point(value, wanted):
            raise Disagreement(f"computed {value}, the key says {digits}; the difference is {value - wanted}, not 0")
        difference = sympy.simplify(sympy.expand(value - wanted).doit())
    except Disagreement:
        raise
    except (TypeError, ValueError):
        raise Disagreement(f"computed {value}, the key says {digits}, which is another kind of thing") from None
    if difference != 0 and not getattr(difference, "is_ZeroMatrix", False):
        raise Disagreement(f"computed {value}, the key says {digits}; the difference is {difference}, not 0")


def _differ_at_a_point(a: Any, b: Any) -> bool:
    """Do two scalar expressions differ at one point? Cheap, where proving that they never do is dear; False when in doubt."""
    symbols = sorted(getattr(a - b, "free_symbols", ()), key=str) if getattr(a, "is_Matrix", False) is False else None
    if symbols is None or any(not symbol.is_Symbol or symbol.is_integer for symbol in symbols):
        return False
    difference = (a - b).subs({symbol: 0.37 + 0.29 * place for place, symbol in enumerate(symbols)}).evalf()
    return bool(difference.is_Float and difference.is_finite and abs(difference) > 1e-6)


def _compare_choice(ticked: Choice, wanted: Any) -> None:
    wanted = wanted if isinstance(wanted, list) else [wanted]
    if sorted(ticked) != sorted(map(str, wanted)):
        raise Disagreement(
            f"the page ticks {', '.join(ticked) or 'nothing'}, the key says {', '.join(map(str, wanted))}"
        )


def _compare_rows(rows: list[Any], digits: Any, names: Mapping[str, Any]) -> None:
    if not isinstance(digits, list):
        raise Disagreement(f"computed a vector or matrix of {len(rows)}, the key says {digits!r}")
    if len(rows) != len(digits):
        raise Disagreement(f"computed {len(rows)} entries, the key has {len(digits)}")
    for place, (cell, wanted) in enumerate(zip(rows, digits), start=1):
        try:
            compare(cell, wanted, names)
        except Disagreement as error:
            raise Disagreement(f"entry {place}: {error}") from None


def decimals_of(digits: Decimal | int) -> int:
    """The number of written decimals; negative for digits such as 1.2e3."""
    return -int(digits.as_tuple().exponent) if isinstance(digits, Decimal) else 0


def shown(value: Any, digits: Any) -> Any:
    """What the page writes for a value that agrees with its digits: the digits, as fractions where text says so."""
    if isinstance(value, Choice):
        return value
    if is_array(value) or isinstance(value, list | tuple):
        cells = [shown(cell, wanted) for cell, wanted in zip(value, digits)]
        return Shape(cells) if isinstance(value, Shape) else cells
    if is_number(value) and isinstance(digits, str):
        return Fraction(digits.replace(" ", "")) if "/" in digits else Decimal(digits)
    return digits if is_number(value) else value


def equals_shown(value: Any, what: Any) -> bool:
    """True when the digits shown are the whole value: the page writes `=`, otherwise `≈`."""
    if isinstance(what, list | Shape):
        return all(equals_shown(cell, part) for cell, part in zip(value, what))
    if is_number(value) and is_number(what):
        return is_exact(value) and to_fraction(value) == Fraction(what)
    return is_exact(value)


def plain(value: Any) -> str:
    """A number for a message: exact when short, else twelve significant digits."""
    if isinstance(value, Given):
        return value.text
    if isinstance(value, int | Fraction) and max(abs(value.numerator), value.denominator) < 10**18:
        return str(value)
    return scalar_text(value) if is_number(value) else str(value)


def scalar_text(value: Any, significant: int = 12) -> str:
    """So many significant digits of any number, however large."""
    try:
        return f"{float(value):.{significant}g}"
    except OverflowError:
        return f"about 10^{magnitude(value)}"


def short(value: Any) -> str:
    """A value for a message, cut to one short line."""
    if is_number(value) and (not isinstance(value, int) or abs(value) > 10**18):
        return scalar_text(value)
    text = " ".join(str(value).split())
    return text if len(text) <= 60 else f"{text[:57]}…"
