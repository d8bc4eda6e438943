"""New numbers for a part: givens drawn from the declared ranges, solved by the part's own blocks.

The draws of a part are the same at every build: they follow from the part's name and its ranges. A draw is refused where
it meets a condition of its author's, repeats another, comes out at the paper's own answer, or leads to numbers that are
longer than a person likes to work with. A draw that fails is an error of its ranges.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from solvers.derivation import Intervention
from solvers.dialects import WORDS, write_value
from solvers.exact import Choice, elements, is_array, is_exact, is_finite, is_number, magnitude
from solvers.site import agreement, blocks, conditions, proposals, ranges, sandbox
from solvers.site.part import Part
from solvers.site.parts import solve
from solvers.site.problems import Problem, shown_path
from solvers.site.project import Project, read_page
from solvers.site.ranges import Ranges
from solvers.site.runs import BlockError, Run
from solvers.traces import Line

COUNT = 12  # draws of a part
TRIES, SOLVED = 20_000, 25 * COUNT  # givens that are drawn, and of these solved, before giving up
DIGITS = 6  # a number that is written with more is too long, unless the paper's own are longer
LARGE, SMALL = 6, -4  # powers of ten, unless the paper's own numbers go further


class Refused(Exception):
    """Why a draw is not taken."""


@dataclass(frozen=True)
class _Limits:
    """How long and how large the paper's own numbers are, and with them those of a draw may be."""

    digits: int
    large: int
    small: int


def of(part: Part, paper: str) -> tuple[list[Part], list[Problem]]:
    """The draws of a part that agrees with its key; too few of them are a problem."""
    declared = ranges.declared(part.section.givens)
    if not declared.values:
        return [], []
    limits, refused = _limits(part), Counter[str]()
    taken: list[Part] = []
    try:
        for tried, given in enumerate(_givens(part, declared, f"{paper}/{part.record.id}", refused)):
            if len(taken) == COUNT or tried == SOLVED:
                break
            try:
                taken.append(_drawn(part, given, declared, limits))
            except Refused as why:
                refused[str(why)] += 1
    except BlockError as error:
        return [], [_problem(part, error.line, str(error))]
    if len(taken) == COUNT:
        return taken, []
    reasons = "; ".join(f"{count} {why}" for why, count in refused.most_common(3)) or "the ranges hold no more"
    text = f"vary: {len(taken)} of {COUNT} draws ({reasons}); widen the ranges"
    return taken, [_problem(part, declared.line, text)]


def parts_of(project: Project, paper: str = "", part: str = "") -> Iterator[tuple[str, Part]]:
    """(full id, part) of every part, solved: of the whole site, of one paper, or one part alone."""
    for found in project.papers():
        for page in project.pages(found.id) if paper in ("", found.id) else []:
            for section in read_page(page)[0].sections:
                solved = (
                    solve(section, found, shown_path(page)) if section.answered and part in ("", section.part) else None
                )
                if solved is not None:
                    yield f"{found.id}/{section.part}", solved


def _problem(part: Part, line: int, text: str) -> Problem:
    return Problem(part.file, line, f"part {part.record.id}: {text}")


def _givens(part: Part, declared: Ranges, name: str, refused: Counter[str]) -> Iterator[dict[str, Any]]:
    """Givens that differ from the paper's and from each other and meet the conditions on givens alone."""
    source, own = random.Random(name), {key: str(part.run.givens[key]) for key in declared.values}
    seen = {str(own)}
    for _ in range(TRIES):
        given = {key: _pick(values, part.run.givens[key], source) for key, values in declared.values.items()}
        text = str({key: str(_array(value)) for key, value in given.items()})
        if text in seen:
            refused["repeat another, or the paper's own numbers"] += 1
            continue
        seen.add(text)
        known = {**part.run.givens, **{key: _array(value) for key, value in given.items()}}
        if all(
            conditions.met(condition, known, line)
            for line, condition in declared.where
            if conditions.names(condition) <= {*known}
        ):
            yield given
        else:
            refused["do not meet the conditions"] += 1


def _pick(values: tuple[Any, ...], own: Any, source: random.Random) -> Any:
    """One value; for an array one for every place, or a whole list where the values are lists."""
    if is_array(own) and not isinstance(values[0], list | tuple):
        return _shaped(own.shape, values, source)
    return values[int(source.random() * len(values))]


def _shaped(shape: tuple[int, ...], values: tuple[Any, ...], source: random.Random) -> Any:
    if not shape:
        return values[int(source.random() * len(values))]
    return [_shaped(shape[1:], values, source) for _ in range(shape[0])]


def _array(value: Any) -> Any:
    import numpy as np

    return np.array(value, dtype=object) if isinstance(value, list | tuple) else value


def _drawn(part: Part, given: Mapping[str, Any], declared: Ranges, limits: _Limits) -> Part:
    """The part with other givens. Raises Refused, and BlockError where the ranges reach what cannot be solved."""
    change = {name: repr(value) if isinstance(value, str) else value for name, value in given.items()}
    try:
        with sandbox.part():
            run = blocks.rerun(part.section, part.file, part.run, Intervention(), change)
    except BlockError as error:
        told = ", ".join(f"{name} = {plain(_array(value))}" for name, value in given.items())
        raise BlockError(declared.line, f"vary: {told} cannot be solved: {error}; narrow the range, "
                                        "or add # where with a condition") from None  # fmt: skip
    if not all(is_finite(line.value) for line in run.lines.values()):
        raise Refused("come out at no finite number")
    known = {**run.givens, **{label: run.value(label) for label in (*run.answers, *run.lines)}}
    for line, condition in declared.where:
        if not conditions.names(condition) <= {*run.givens} and not conditions.met(condition, known, line):
            raise Refused("do not meet the conditions")
    bare = replace(part.record, printed={}, slips=(), conventions=(), rounding=None, unexplained=(), verdict="unkeyed")
    drawn = Part(part.section, bare, run, part.file, part.key, shown=_shown(part, run))
    told_apart_by = part.run.answers if part.record.kind == "numeric" else part.run.lines  # else the answer is in words
    if all(str(drawn.shown.get(label)) == str(part.shown[label]) for label in told_apart_by):
        raise Refused("come out at the paper's own answer")
    if not all(_workable(number, limits) for number in _numbers(drawn)):
        raise Refused("need longer numbers than the paper's")
    return drawn


def _shown(part: Part, run: Run) -> dict[str, Any]:
    """What the page writes for every line and answer: as precise as for the paper's own numbers."""
    shown = {}
    for label, line in run.lines.items():
        shown[label] = _written(line.value, part.record.lines.get(label), part.run.lines.get(label))
    for label, source in run.answers.items():
        own = part.run.lines.get(source)
        shown[source] = shown[label] = _written(run.lines[source].value, part.record.answer.get(label), own)
    return shown


def _written(value: Any, digits: Any, own: Line | None) -> Any:
    if isinstance(value, Choice):
        return value
    precision = max((_precision(cell) for cell in elements(digits)), default=0)
    return agreement.shown(value, _digits(value, precision, _is_rounded(digits, own)))


def _digits(value: Any, precision: int, rounded: bool) -> Any:
    """As many significant digits as the longest in the key; exact where that is short and the key does not round."""
    if is_array(value) or isinstance(value, list | tuple):
        return [_digits(cell, precision, rounded) for cell in value]
    if not is_number(value) or not precision:
        return proposals.propose(value)
    proposed = proposals.propose(value, max(3, precision))
    return proposals.propose(float(value), max(3, precision)) if rounded and isinstance(proposed, str) else proposed


def _precision(digits: Any) -> int:
    return len(digits.as_tuple().digits) if isinstance(digits, Decimal) else 0


def _is_rounded(digits: Any, own: Line | None) -> bool:
    """Does the key round a number of the paper that is exact?"""
    pairs = zip(elements(digits), elements(own.value)) if own else ()
    return any(_precision(cell) and is_number(value) and is_exact(value) and str(proposals.propose(value)) != str(cell)
               for cell, value in pairs)  # fmt: skip


def _numbers(part: Part) -> Iterator[Any]:
    """Every number that is written in a derivation."""
    return (number for value in part.shown.values() for number in elements(value) if is_number(number))


def _limits(part: Part) -> _Limits:
    numbers = list(_numbers(part))
    powers = [magnitude(number) for number in numbers if number]
    return _Limits(max([DIGITS, *map(_length, numbers)]), max([LARGE, *powers]), min([SMALL, *powers]))


def _length(number: Any) -> int:
    """How many digits it takes to write a number."""
    if isinstance(number, Fraction) and number.denominator != 1:
        return len(f"{abs(number.numerator)}{number.denominator}")
    return len(str(abs(number)).replace(".", "").strip("0").split("E")[0])


def _workable(number: Any, limits: _Limits) -> bool:
    return _length(number) <= limits.digits and (not number or limits.small <= magnitude(number) <= limits.large)


def plain(value: Any) -> str:
    """A value as a reader writes it: every number of an array in its own digits."""
    return agreement.short(write_value(value, WORDS))
