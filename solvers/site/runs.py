"""What one run of a part leaves, as data: givens, items in the author's order, answers, tables, figures, listings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from solvers.traces import Line, Trace, suggestion


class BlockError(Exception):
    """A block that cannot be run, with the line of the page."""

    def __init__(self, line: int, text: str):
        super().__init__(text)
        self.line = line


@dataclass(frozen=True)
class Item:
    """A line or a trace that a solution made, under its name, with the comment above it as caption."""

    name: str
    value: Line | Trace
    caption: str
    line: int

    def labelled(self) -> Iterator[tuple[str, Line]]:
        """(label on the page, line), for one line or for each of a trace."""
        if isinstance(self.value, Line):
            yield self.name, self.value
        else:
            yield from ((f"{self.name}.{line.label}", line) for line in self.value)


@dataclass
class Run:
    """What one part computed."""

    givens: dict[str, Any] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)  # label of the answer -> label of its line
    tables: list[dict[str, str]] = field(default_factory=list)  # column title -> label of a line or a given
    figures: list[Any] = field(default_factory=list)
    listings: list[str] = field(default_factory=list)  # programs that are part of the answer
    choices: dict[str, bool] = field(default_factory=dict)  # option -> is it right, as computed

    @cached_property
    def lines(self) -> dict[str, Line]:
        """Every line by its label on the page."""
        return {label: line for item in self.items for label, line in item.labelled()}

    def value(self, label: str) -> Any:
        """The value of a line, of an answer or of a given; KeyError suggests the nearest label."""
        lines = self.lines
        label = self.answers.get(label, label)
        if label in lines:
            return lines[label].value
        if label in self.givens:
            return self.givens[label]
        raise KeyError(f"no line {label!r}{suggestion(label, [*self.answers, *lines, *self.givens])}")
