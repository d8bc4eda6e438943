"""A part that ran, as data: its section, its record, the run, and what its page shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from solvers.exact import agrees, is_exact, is_number
from solvers.site.agreement import Disagreement, compare
from solvers.site.problems import Problem
from solvers.site.records import Record, Rerun
from solvers.site.runs import Run
from solvers.site.source import Section


@dataclass
class Part:
    """A part that ran, with what its page shows. `shown` maps label -> digits, for lines and for answers."""

    section: Section
    record: Record
    run: Run
    file: str
    key: str  # the key file, as a contributor types it
    shown: dict[str, Any] = field(default_factory=dict)
    reruns: list[tuple[Rerun, Run]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @cached_property
    def digits_of(self) -> dict[int, Any]:
        """What to write for an inexact value wherever it enters another formula: the digits of its own line."""
        known = {}
        for label, line in self.run.lines.items():
            if label in self.shown and (not is_exact(line.value) or not is_number(line.value)):
                known[id(line.value)] = self.shown[label]
        return known

    @cached_property
    def agrees(self) -> dict[str, bool]:
        """For every published label: does its value agree with ours at its own digits?"""
        return {label: self._agrees(label, digits) for label, digits in self.record.printed.items()}

    def _agrees(self, label: str, digits: Any) -> bool:
        value = self.run.value(label)
        if is_number(value) and isinstance(digits, int | Decimal):
            return agrees(value, digits)
        try:
            compare(value, digits, self.run.givens)
        except Disagreement:
            return False
        return True
