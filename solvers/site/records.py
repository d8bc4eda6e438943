"""What a key says, as data: a paper, its records, their re-runs and readings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from solvers.site.problems import Problem


@dataclass(frozen=True)
class Rerun:
    """A slip or a convention: the derivation run again with something changed, landing on printed digits."""

    text: str
    replace: Mapping[str, Any]
    given: Mapping[str, Any]
    lands: tuple[str, ...]
    line: int
    decimals: int | None = None
    significant: int | None = None


@dataclass(frozen=True)
class Reading:
    """Another defensible set of right options, and under which reading of the question."""

    right: tuple[str, ...]
    text: str
    line: int


@dataclass(frozen=True)
class Record:
    """What the key says of one part."""

    id: str
    line: int
    title: str
    kind: str
    topics: tuple[str, ...]
    verdict: str
    because: str
    marks: str = ""
    text: str = ""
    answer: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[str, Any] = field(default_factory=dict)
    printed: Mapping[str, Any] = field(default_factory=dict)
    slips: tuple[Rerun, ...] = ()
    conventions: tuple[Rerun, ...] = ()
    rounding: Rerun | None = None
    unexplained: tuple[str, ...] = ()
    unasked: tuple[str, ...] = ()  # values of the answer that the question does not name: no box to type them into
    assumes: tuple[str, ...] = ()  # conventions that the answer rests on
    readings: tuple[Reading, ...] = ()
    givens: Mapping[str, Any] = field(default_factory=dict)  # those that no number of the key depends on
    retyped: Mapping[str, Any] = field(default_factory=dict)  # the digits of `unexplained`, typed a second time
    asked: tuple[str, ...] = ()  # beside `unasked`: the answers that the question names
    computed: tuple[str, ...] = ()  # the options that the solution decides
    missing: tuple[str, ...] = ()  # answers that an incomplete key leaves out
    places: Mapping[tuple[str, str], int] = field(default_factory=dict)  # (table, label) -> line

    @property
    def reruns(self) -> tuple[Rerun, ...]:
        return self.conventions + self.slips + ((self.rounding,) if self.rounding else ())

    def line_of(self, table: str, label: str) -> int:
        return self.places.get((table, label), self.line)


@dataclass
class Paper:
    """One paper's key: its own facts, its records by part id, and what is wrong with the file."""

    id: str
    file: Path
    facts: Mapping[str, Any] = field(default_factory=dict)
    records: dict[str, Record] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
