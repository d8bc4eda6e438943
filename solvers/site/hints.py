"""Hints lead to an answer and do not tell it.

A hint may name the givens of its part. A number typed in it must not be one of the answer or of the derivation, and of
several hints the first gives the idea in words: no formula of its own line, no equation. Whether a hint
is worth reading, nobody but its author can say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from solvers.exact import agrees, elements, is_number, to_fraction
from solvers.site.part import Part
from solvers.site.problems import Problem
from solvers.site.source import VALUE, prose

DUE = ("numeric", "symbolic")  # kinds of parts that have a hint
NUMBER = re.compile(
    r"\\[dt]?frac\{(?P<over>\d+)\}\{(?P<under>\d+)\}|(?<![\w./])(?P<upper>\d+)/(?P<lower>\d+)(?![\w/])"
    r"|(?<![\w.])(?P<digits>\d+(?:\.\d+)?|\.\d+)(?![\w]|\.\d)"
)
GROUPED = re.compile(r"(?<=\d)(?:\\,|\{,\}|[\u2009\u202f])(?=\d{3}(?!\d))")
SMALL = re.compile(r"[_^](?:\{[^{}]*\}|.)")  # an index or an exponent


def problems(part: Part) -> list[Problem]:
    """What the hints of a part tell too early, and whether one is missing."""
    return [Problem(part.file, line, f"part {part.record.id}: {text}") for line, text in _found(part)]


def _found(part: Part) -> Iterator[tuple[int, str]]:
    hints = part.section.hints
    if not hints and part.record.kind in DUE:
        yield part.section.line, f"a {part.record.kind} part has a hint; write ??? hint before its solution"
    told = list(_told(part))
    for number, hint in enumerate(hints, start=1):
        text = "\n".join(line for _, line in hint)
        for kind, piece, offset in prose(text):
            line = hint[min(text.count("\n", 0, offset), len(hint) - 1)][0]
            if number == 1 < len(hints) and _is_formula(kind, piece):
                yield line, f"hint 1 of {len(hints)} gives the idea in words; leave {piece!r} to a later one"
            if kind != "comment":
                spoilt = (f"{token} is {label}" for token, label in _spoilers(piece, told))
                yield from ((line, f"hint {number} tells a number: {what}; let it be computed") for what in spoilt)


def _is_formula(kind: str, piece: str) -> bool:
    """A formula on a line of its own, or an equation; the index of a sum, as in i=1, is none."""
    return kind == "display" or (kind == "math" and "=" in SMALL.sub("", piece))


def _told(part: Part) -> Iterator[tuple[str, Any]]:
    """(label, number) of everything the page shows and the question does not give."""
    given = {abs(to_fraction(v)) for value in part.run.givens.values() for v in _numbers(value)}
    for label, value in part.shown.items():
        yield from ((label, v) for v in _numbers(value) if abs(to_fraction(v)) not in given)


def _numbers(value: Any) -> list[Any]:
    """The numbers in a value: itself, or those of a list."""
    return [one for one in [value, *elements(value)] if is_number(one)]


def _spoilers(piece: str, told: list[tuple[str, Any]]) -> Iterator[tuple[str, str]]:
    """Typed numbers of two or more significant digits that are a number of the derivation, rounded or not."""
    for match in NUMBER.finditer(GROUPED.sub("", VALUE.sub(" ", piece))):
        top, bottom = match["over"] or match["upper"], match["under"] or match["lower"]
        if match["digits"]:
            token: Any = Decimal(match["digits"])
            counts = len(match["digits"].replace(".", "").strip("0")) > 1
        elif int(bottom):
            token, counts = Fraction(int(top), int(bottom)), max(len(top), len(bottom)) > 1
        else:
            continue
        label = next((label for label, value in told if counts and _is(value, token)), None)
        if label:
            yield match[0], label


def _is(value: Any, token: Any) -> bool:
    size = abs(to_fraction(value))
    if isinstance(token, Decimal) and token.as_tuple().exponent:
        return bool(agrees(size, token))
    return size == Fraction(token)
