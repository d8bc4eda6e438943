"""What is written twice on purpose: no computation holds it, so that a digit that drifted would show nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

from solvers.exact import elements, is_number, to_fraction
from solvers.site.part import Part
from solvers.site.problems import Problem
from solvers.traces import suggestion


def unequal(part: Part) -> Iterator[Problem]:
    """Where the two writings differ."""
    yield from _givens(part)
    yield from _unexplained(part)
    yield from _replaced(part)
    yield from _named(part)


def _problem(part: Part, table: str, label: str, text: str) -> Problem:
    name = f"{table}.{label}" if label else table
    return Problem(part.key, part.record.line_of(table, label), f"part {part.record.id}: {name}: {text}")


def _givens(part: Part) -> Iterator[Problem]:
    """A given that no number depends on: a value that only a text or a figure shows, or the number of points tried."""
    for label, digits in part.record.givens.items():
        if label not in part.run.givens:
            yield _problem(
                part, "givens", label, f"the page has no such given{suggestion(label, list(part.run.givens))}"
            )
        elif not _same(part.run.givens[label], digits):
            yield _problem(
                part,
                "givens",
                label,
                f"the page says {_written(part.run.givens[label])}, the key says {_written(digits)}",
            )


def _unexplained(part: Part) -> Iterator[Problem]:
    """Digits that nothing reproduces were copied by hand: they are typed a second time, from the published key."""
    for label, digits in part.record.retyped.items():
        printed = part.record.printed.get(label, digits)
        if not _same(printed, digits):
            text = (
                f"typed {_written(digits)} here and {_written(printed)} under printed; look it up in the published key"
            )
            yield _problem(part, "unexplained", label, text)


def _replaced(part: Part) -> Iterator[Problem]:
    """A slip that goes on from a number that the key prints takes that number."""
    names = {source: label for label, source in part.run.answers.items()}
    for rerun in part.record.reruns:
        for label, value in rerun.replace.items():
            printed = part.record.printed.get(label, part.record.printed.get(names.get(label, "")))
            if printed is not None and not isinstance(value, str) and not _same(printed, value):
                text = f"replaces {label} by {_written(value)}, but the key prints {_written(printed)}"
                yield Problem(part.key, rerun.line, f"part {part.record.id}: {text}")


def _named(part: Part) -> Iterator[Problem]:
    """Answers and options that the record lists by name."""
    record, answers = part.record, part.run.answers
    if record.asked or record.unasked:
        twice = [label for label in record.asked if label in record.unasked]
        if twice or {*record.asked, *record.unasked} != set(answers):
            text = f"'asked' and 'unasked' name every answer of the page once, {_listed(answers)}"
            yield _problem(part, "asked", "", f"{text}; here stand {_listed([*record.asked, *record.unasked])}")
    if set(record.computed) != set(part.run.choices):
        text = f"{_listed(record.computed)}, but the solution decides {_listed(part.run.choices)}"
        yield _problem(part, "computed", "", text)
    left = [label for label in answers if label not in record.printed]
    if record.missing and set(record.missing) != set(left):
        text = f"{_listed(record.missing)}, but the answers that the published key does not print are {_listed(left)}"
        yield _problem(part, "missing", "", text)


def _listed(labels: Iterable[str]) -> str:
    return ", ".join(labels) or "nothing"


def _same(one: Any, other: Any) -> bool:
    """The same numbers and words, exactly, in the same order."""
    left, right = elements(one), elements(other)
    return len(left) == len(right) and all(_plain(a) == _plain(b) for a, b in zip(left, right))


def _plain(value: Any) -> Any:
    if is_number(value):
        return to_fraction(value)
    try:
        return Fraction(value) if isinstance(value, str) and "/" in value else str(value)
    except (ValueError, ZeroDivisionError):
        return str(value)


def _written(value: Any) -> str:
    cells = [str(getattr(cell, "text", cell)) for cell in elements(value)]
    return cells[0] if len(cells) == 1 and not isinstance(value, list | tuple) else f"({', '.join(cells)})"
