"""The second routes: for each part, a computation of its answers that shares no line with the solvers.

    @route("bits-dnn-2022s2-endsem/3c")
    def hidden_size():
        return {"H": …}

The function returns every answer of the part by its label. Comparing them with the digits of the key is not left to it:
`differs` does that, for a number, a list, a word, a `Formula` of the symbols in the key's expression, or a `Near`.
"""

from __future__ import annotations

import inspect
import random
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
ROUTES: dict[str, Callable[[], dict[str, Any]]] = {}
POINTS = 5  # at which a formula is compared
NAMES = {"sqrt": np.sqrt, "exp": np.exp, "log": np.log, "__builtins__": {}}


def route(part: str) -> Callable[[Callable[[], dict[str, Any]]], Callable[[], dict[str, Any]]]:
    """Register a function as the second route of a part, <paper>/<part>; one route for each."""

    def register(function: Callable[[], dict[str, Any]]) -> Callable[[], dict[str, Any]]:
        assert part not in ROUTES, f"{part} has a route already"
        ROUTES[part] = function
        return function

    return register


class Formula:
    """An answer with symbols: a function of numbers that are called as in the key, each from 0.1 to 0.9.

    `choices` gives some of them other values: two bounds, or a list to choose from; a function makes its own.
    """

    def __init__(self, function: Callable[..., Any], **choices: Any):
        self.function, self.choices = function, choices

    def points(self) -> Iterator[dict[str, Any]]:
        """Numbers for every symbol, the same in every run."""
        generator = random.Random(1)
        for _ in range(POINTS):
            yield {name: self._draw(name, generator) for name in inspect.signature(self.function).parameters}

    def _draw(self, name: str, generator: random.Random) -> Any:
        choice = self.choices.get(name, (0.1, 0.9))
        if callable(choice):
            return choice(generator)
        return generator.choice(choice) if isinstance(choice, list) else generator.uniform(*choice)


@dataclass(frozen=True)
class Near:
    """The result of a simulation: a value and how far chance may take it from the truth."""

    value: float
    error: float


def answers() -> dict[str, dict[str, Any]]:
    """<paper>/<part> -> the digits of its answers, for every part whose answer is a number or an expression."""
    found = {}
    for file in sorted(ROOT.glob("docs/papers/*/key.toml")):
        parts = tomllib.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)["parts"]
        for part, record in parts.items():
            if record["kind"] in ("numeric", "symbolic"):
                found[f"{file.parent.name}/{part}"] = record["answer"]
    return found


def differs(value: Any, digits: Any) -> str:
    """How a value of a route differs from the digits of the key; nothing when it agrees."""
    if isinstance(value, Formula):
        return next(filter(None, (_differs_at(value, digits, point) for point in value.points())), "")
    if isinstance(value, dict | tuple | list | np.ndarray) or isinstance(digits, list):
        return _rows_differ(value, digits)
    if isinstance(value, str):
        return "" if value == digits else f"{value!r} is not {digits!r}"
    wanted = Fraction(digits)
    if isinstance(value, Near):
        off, allowed = abs(value.value - wanted), value.error
    else:
        off, allowed = abs(Fraction(value) - wanted), _allowed(value, digits)
    return "" if off <= allowed else f"{value} is {float(off):.3g} away from {digits}, more than {float(allowed):.3g}"


def _allowed(value: Any, digits: Any) -> Fraction:
    """Half a unit of the last decimal; whole numbers and fractions are exact, but for the rounding of floats."""
    if isinstance(digits, Decimal):
        return Fraction(10) ** int(digits.as_tuple().exponent) / 2 + Fraction(1, 10**12)
    return Fraction(1, 10**9) if isinstance(value, float) else Fraction(0)


def _rows_differ(value: Any, digits: Any) -> str:
    if not isinstance(digits, list) or np.shape(value)[:1] != (len(digits),):
        return f"{value} has not the entries of {digits}"
    return next(filter(None, map(differs, value, digits)), "")


def _differs_at(formula: Formula, digits: Any, point: dict[str, Any]) -> str:
    ours, keys = formula.function(**point), eval(str(digits), {**NAMES, **point})
    near = np.allclose(np.asarray(ours, float), np.asarray(keys, float), rtol=1e-6, atol=1e-7)
    return "" if near else f"{ours} is not {digits} = {keys} at {point}"
