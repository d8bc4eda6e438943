"""How a formula and a value look: as TeX on a page, or in words for a screen reader and the terminal.

A dialect says how a fraction, a power or a matrix is written; `Written` carries how tightly a text binds, so that
whoever puts it into a larger formula knows when parentheses are due.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from solvers.exact import PLAIN, Choice, Given, Shape, is_array, is_number, is_symbolic, terminating, to_digits
from solvers.notation import SYMBOLS, tex_name, word_name
from solvers.templates import FUNCTIONS

ADD, MULTIPLY, NEGATE, POWER, ATOM = range(1, 6)
Written = tuple[str, int]  # the text and how tightly it binds


class Tex:
    """The dialect that a page shows."""

    minus, times, odot, plus = "-", r" \cdot ", r" \odot ", " + "
    name = staticmethod(tex_name)
    template = 0

    def paren(self, text: str) -> str:
        return rf"\left({text}\right)"

    def fraction(self, top: Written, bottom: Written) -> Written:
        return rf"\frac{{{top[0]}}}{{{bottom[0]}}}", POWER

    def power(self, base: str, exponent: str) -> str:
        return f"{base}^{{{exponent}}}"

    def juxtapose(self, left: str, right: str) -> str:
        return rf"{left}\,{right}"

    def call(self, name: str, arguments: list[str]) -> str:
        words = name.replace("_", r"\ ")
        return rf"\operatorname{{{words}}}\left({', '.join(arguments)}\right)"

    def sum(self, term: str) -> str:
        return rf"\sum_i {term}"

    def indexed(self, base: str, index: str) -> str:
        return rf"{{{base}}}_{{{index}}}"

    def matrix(self, rows: list[list[str]]) -> str:
        return r"\begin{bmatrix}" + r" \\ ".join(" & ".join(row) for row in rows) + r"\end{bmatrix}"

    def words(self, text: str) -> str:
        escaped = re.sub(r"([%#&_$])", r"\\\1", text)
        return rf"\text{{{escaped}}}"

    def symbolic(self, value: Any) -> str:
        import sympy

        names = {
            symbol: tex_name(symbol.name)
            for symbol in value.atoms(sympy.Symbol)
            if "_" in symbol.name or symbol.name in SYMBOLS
        }
        return sympy.latex(value, mat_delim="[", symbol_names=names)

    def decimal(self, mantissa: str, exponent: int | None) -> str:
        grouped = group(mantissa, r"\,")
        if exponent is None:
            return grouped
        return f"10^{{{exponent}}}" if mantissa == "1" else rf"{grouped} \times 10^{{{exponent}}}"


class Words:
    """The dialect for screen readers and the terminal: linear, with names instead of symbols."""

    minus, times, odot, plus = "−", " · ", " · ", " + "
    name = staticmethod(word_name)
    template = 1

    def paren(self, text: str) -> str:
        return f"({text})"

    def fraction(self, top: Written, bottom: Written) -> Written:
        return f"{wrap(self, top, MULTIPLY)} / {wrap(self, bottom, POWER)}", MULTIPLY

    def power(self, base: str, exponent: str) -> str:
        return f"{base}^{exponent}" if exponent.isalnum() else f"{base}^({exponent})"

    def juxtapose(self, left: str, right: str) -> str:
        return f"{left} · {right}"

    def call(self, name: str, arguments: list[str]) -> str:
        return f"{name.replace('_', ' ')}({', '.join(arguments)})"

    def sum(self, term: str) -> str:
        return f"the sum over i of {term}"

    def indexed(self, base: str, index: str) -> str:
        return f"{base} {index}"

    def matrix(self, rows: list[list[str]]) -> str:
        return "[" + "; ".join(", ".join(row) for row in rows) + "]"

    def words(self, text: str) -> str:
        return text

    def symbolic(self, value: Any) -> str:
        return str(value).replace("**", "^").replace("*", "·").replace("lamda", "lambda")  # a keyword of Python

    def decimal(self, mantissa: str, exponent: int | None) -> str:
        return group(mantissa.replace("-", "−"), " ") + ("" if exponent is None else f"·10^{exponent}")


TEX, WORDS = Tex(), Words()
Dialect = Tex | Words


def group(mantissa: str, space: str) -> str:
    """Group the whole part of a number in threes when it has five digits or more."""
    sign, digits = ("", mantissa) if mantissa[:1].isdigit() else (mantissa[:1], mantissa[1:])
    whole, dot, places = digits.partition(".")
    if len(whole) > 4 and whole.isdigit():
        whole = f"{int(whole):,}".replace(",", space)
    return sign + whole + dot + places


def write_value(value: Any, dialect: Dialect = TEX, column: bool = False) -> str:
    """A value as it is shown: digits as written, a fraction, a matrix, an expression, a word."""
    return value_written(value, dialect, column)[0]


def value_written(value: Any, dialect: Dialect, column: bool = False) -> Written:
    """A value and how tightly its text binds."""
    if type(value) in PLAIN:
        return _number(value, dialect)
    if isinstance(value, str):
        return dialect.words(value), ATOM
    if isinstance(value, bool):
        return dialect.words("yes" if value else "no"), ATOM
    if is_symbolic(value):
        loose = bool(getattr(value, "is_Add", False) or getattr(value, "is_Mul", False))
        return dialect.symbolic(value), ADD if loose else POWER if getattr(value, "is_Pow", False) else ATOM
    if isinstance(value, Choice):
        return dialect.words(", ".join(value)), ATOM
    if isinstance(value, Shape):
        pattern = FUNCTIONS["dims"][dialect.template]
        return filled(pattern, [value_written(size, dialect)[0] for size in value]), MULTIPLY
    if is_array(value) or isinstance(value, list | tuple):
        rows = [list(row) if is_array(row) or isinstance(row, list | tuple) else [row] for row in value]
        flat = all(len(row) == 1 for row in rows) and not any(is_array(r) or isinstance(r, list) for r in value)
        if flat and not column:
            rows = [[row[0] for row in rows]]
        return dialect.matrix([[value_written(cell, dialect)[0] for cell in row] for row in rows]), ATOM
    if not is_number(value) and not hasattr(value, "item"):
        raise ValueError(
            f"a {type(value).__name__} cannot be written as a value; compute numbers of it in a named function"
        )
    return _number(value, dialect)


def _number(value: Any, dialect: Dialect) -> Written:
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, Given):
        return _decimal_text(value.text, dialect)
    if isinstance(value, Fraction) and value.denominator != 1:
        places = terminating(value)
        if places is None or places > 6:
            top, binding = dialect.fraction((str(abs(value.numerator)), ATOM), (str(value.denominator), ATOM))
            return (dialect.minus if value < 0 else "") + top, NEGATE if value < 0 else binding
        return _decimal_text(f"{to_digits(value, places):f}", dialect)
    if isinstance(value, Decimal):
        if value and (value.adjusted() < -4 or value.as_tuple().exponent > 0):
            return _decimal_text(f"{value:e}", dialect)
        return _decimal_text(f"{value:f}", dialect)
    if is_number(value) and not isinstance(value, float):
        return _decimal_text(str(int(value)), dialect)
    return _decimal_text(f"{float(value):.6g}", dialect)


@lru_cache(maxsize=4096)  # the same digits stand on the page, in its words, on a card and in a notebook
def _decimal_text(text: str, dialect: Dialect) -> Written:
    mantissa, _, exponent = text.lower().partition("e")
    written = dialect.decimal(mantissa, int(exponent) if exponent and int(exponent) else None)
    return written, NEGATE if mantissa.startswith("-") else MULTIPLY if exponent else ATOM


def filled(pattern: str, texts: list[str], tight: Mapping[str, str] | None = None) -> str:
    """A template with its arguments; `{*, }` stands for all of them with ", " between."""
    match = re.search(r"\{\*(.*?)\}", pattern)
    if match:
        return pattern[: match.start()] + match[1].join(texts) + pattern[match.end() :]
    return pattern.format(*texts, **(tight or {}))


def wrap(dialect: Dialect, written: Written, least: int, signed: bool = False) -> str:
    """The text, in parentheses when it binds less tightly than its place asks, or opens with a sign there."""
    text, binding = written
    return dialect.paren(text) if binding < least or (signed and text.startswith(dialect.minus)) else text
