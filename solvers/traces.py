"""What a run of a derivation leaves: its lines, as data that can be iterated, indexed by name, compared and exported."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from solvers.exact import is_exact


@dataclass(frozen=True)
class Line:
    """One named assignment that ran: name = formula(operands) = value, because of reason."""

    label: str  # the name, with the index of the pass inside a loop: "h.2"
    name: str
    index: tuple[int, ...]
    formula: ast.expr
    operands: Mapping[str, Any]  # name -> value, for the names that the formula reads
    indices: Mapping[str, tuple[int, ...]]  # name -> pass in which that operand was assigned
    value: Any
    reason: str = ""
    replaced: bool = False
    rounded: bool = False  # by an intervention

    @property
    def exact(self) -> bool:
        """True when nothing was rounded on the way to this value."""
        return is_exact(self.value) and not self.rounded

    def export(self) -> dict[str, Any]:
        """The line as plain data: label, formula, value and reason as text."""
        return {
            "label": self.label,
            "formula": ast.unparse(self.formula),
            "value": str(self.value),
            "reason": self.reason,
        }


@dataclass(frozen=True)
class Trace:
    """The lines of one run, in order. `trace["w_t"]` is a value; inside a loop the last pass, or `trace["h.1"]`."""

    name: str
    summary: str
    inputs: Mapping[str, Any]
    lines: tuple[Line, ...]
    result: Any = None
    symbols: Mapping[str, str] = field(default_factory=dict)  # names to show under another name

    def __getitem__(self, label: str) -> Any:
        return self.line(label).value

    def __iter__(self) -> Iterator[Line]:
        return iter(self.lines)

    def __len__(self) -> int:
        return len(self.lines)

    def line(self, label: str) -> Line:
        """The line with this label, or the last one with this name; KeyError lists the known labels."""
        for line in reversed(self.lines):
            if label in (line.label, line.name):
                return line
        raise KeyError(f"{self.name} has no line {label!r}{suggestion(label, self.labels())}")

    def labels(self) -> list[str]:
        """The labels of all lines, in order."""
        return [line.label for line in self.lines]

    def export(self) -> dict[str, Any]:
        """The trace as plain data."""
        return {"name": self.name, "lines": [line.export() for line in self.lines]}


def suggestion(wrong: str, known: list[str]) -> str:
    """The end of an error message about a name: the nearest valid one, or all of them."""
    known = list(dict.fromkeys(known))
    near = max(known, key=lambda name: SequenceMatcher(None, name, wrong).ratio(), default="")
    if near and SequenceMatcher(None, near, wrong).ratio() >= 0.6:
        return f"; did you mean {near!r}?"
    return f"; there is {', '.join(known) or 'none'}"
