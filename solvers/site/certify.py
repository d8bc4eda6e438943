"""Prove every digit of a part: the same blocks and the same solvers, run again in ball arithmetic.

A float that rounds to the key's digits may still be wrong in its last place. A ball holds the real value for certain:
when the whole ball lies within half a unit of the last written place, the digits are proved. Exact numbers are
compared exactly. What floats alone compute is listed in `docs/uncertified.toml` with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from solvers import derivation
from solvers.balls import Ball, Undecided, arithmetic, enclosure
from solvers.derivation import Line
from solvers.exact import elements, half_unit, is_exact, is_number, is_symbolic, map_numbers, round_half_away
from solvers.site import blocks, sandbox
from solvers.site.agreement import decimals_of
from solvers.site.floats import calls_floats
from solvers.site.part import Part
from solvers.site.problems import Problem
from solvers.site.runs import BlockError, Run

BITS = (64, 128, 256, 512, 1024, 2048, 4096)  # of precision, until every digit is decided


@dataclass
class Proof:
    """What was proved of one part, in numbers; `left` are the lines that floats alone compute."""

    exact: int = 0
    enclosed: int = 0
    digits: int = 0  # of the enclosed numbers
    left: dict[str, int] = field(default_factory=dict)  # label -> how many numbers of it
    problems: list[Problem] = field(default_factory=list)


class Open(Exception):
    """The enclosure does not decide a digit, or decides that it is wrong."""


def certify(part: Part) -> Proof:
    """Prove the digits of a part that checks clean."""
    with sandbox.part():
        for bits in BITS:
            proof = _attempt(part, bits, last=bits == BITS[-1])
            if proof is not None:
                return proof
    raise AssertionError


def _attempt(part: Part, bits: int, last: bool) -> Proof | None:
    """The proof at one precision; None when more bits could decide more."""
    with arithmetic(bits):
        try:
            run = run_in_balls(part)
        except BlockError as error:
            if isinstance(error.__cause__, Undecided) and not last:
                return None
            told = f"part {part.record.id}: not computed in balls: {error}"
            return Proof(problems=[Problem(part.file, error.line, told)])
        proof = Proof()
        for label, table, digits, line in _shown(part, run):
            try:
                _hold(proof, label, line, digits)
            except Undecided as error:
                if not last:
                    return None
                proof.problems.append(_problem(part, table, label, str(error)))
            except Open as error:
                proof.problems.append(_problem(part, table, label, str(error)))
        return proof


def run_in_balls(part: Part) -> Run:
    """The blocks of a part, run where functions give balls and what floats decide becomes a float."""
    token = derivation.watching.set(_tainted)
    try:
        return blocks.run(part.section, part.file)
    finally:
        derivation.watching.reset(token)


def _tainted(expression: Any, names: Any, value: Any) -> Any:
    """A whole number that comes out of floats, as a float: no line may rest on it as if it were proved."""
    if any(type(scalar) in (int, Fraction) for scalar in elements(value)) and calls_floats(expression, names):
        return map_numbers(float, value)
    return value


def _shown(part: Part, run: Run) -> list[tuple[str, str, Any, Line]]:
    """(label of the line, table of the key, its digits there, line), for every line that shows numbers."""
    answered = {source: label for label, source in part.run.answers.items()}
    found = []
    for label, line in run.lines.items():
        table, name = ("answer", answered[label]) if label in answered else ("lines", label)
        digits = getattr(part.record, table)[name]
        if any(is_number(scalar) or not is_exact(scalar) for scalar in elements(line.value)):
            found.append((label, table, digits, line))
    return found


def _hold(proof: Proof, label: str, line: Line, digits: Any) -> None:
    for value, written in _pairs(line.value, digits):
        if isinstance(value, float) or is_symbolic(value):  # an expression with floats in it
            proof.left[label] = proof.left.get(label, 0) + 1
        elif isinstance(value, Ball):
            _enclosed(value, written)
            proof.enclosed += 1
            proof.digits += len(Decimal(written).as_tuple().digits)
        else:
            _exactly(value, written)
            proof.exact += 1


def _pairs(value: Any, digits: Any) -> list[tuple[Any, Any]]:
    """Every number of a line beside its digits."""
    if isinstance(digits, list):
        return [pair for cell, written in zip(value, digits) for pair in _pairs(cell, written)]
    return [(value, digits)] if is_number(value) or not is_exact(value) else []


def _exactly(value: Any, written: Any) -> None:
    """Raise Open unless an exact number is what is written, or is rounded to it as a pocket calculator rounds."""
    if isinstance(written, Decimal):
        shown = round_half_away(value, decimals_of(written))
        if shown != Fraction(written):
            raise Open(f"exactly {value}, which rounds to {shown}, a tie away from zero; the key writes {written}")
    elif Fraction(str(written).replace(" ", "")) != value:
        raise Open(f"exactly {value}; the key writes {written}")


def _enclosed(ball: Ball, written: Any) -> None:
    """Raise Open when the ball proves another digit, Undecided when it leaves the digit open."""
    digits = Decimal(written) if isinstance(written, str) and "/" not in written else written
    if not isinstance(digits, Decimal):
        raise Undecided(f"lies in {ball}; no ball proves the exact {written}: write decimals in the key")
    off, allowed = abs(ball.interval - enclosure(Fraction(digits))), enclosure(half_unit(digits))
    if off < allowed:
        return
    if off > allowed:
        raise Open(f"lies in {ball}, which does not round to the {digits} of the key")
    raise Undecided(f"lies in {ball}, which does not decide the last digit of {digits}: write fewer digits in the key")


def _problem(part: Part, table: str, label: str, text: str) -> Problem:
    named = next((name for name, source in part.run.answers.items() if source == label), label)
    return Problem(part.key, part.record.line_of(table, named), f"part {part.record.id}: {table}.{named}: {text}")
