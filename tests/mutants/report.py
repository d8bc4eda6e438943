"""What became of the mutants, as data: the score of each class, and every survivor with its place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Mutant:
    """One change: where, what was written there, what stands there now, and what the checks said."""

    file: str
    line: int
    what: str
    said: str = ""  # the message that names the place; empty for a survivor
    note: str = ""  # of a survivor: what was said instead

    @property
    def killed(self) -> bool:
        return bool(self.said)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}" + (f"  [{self.note}]" if self.note else "")


@dataclass
class Score:
    """Killed and total of one class; `exempt` are those that a list gives a reason for."""

    name: str
    goal: float
    killed: int = 0
    exempt: int = 0
    total: int = 0
    sampled_from: int = 0  # how many there were before a sample was taken
    survivors: list[Mutant] = field(default_factory=list)

    def add(self, mutants: Iterable[Mutant]) -> None:
        from mutants import exempt

        for mutant in mutants:
            known = not mutant.killed and exempt.covers(mutant)
            self.total += 1
            self.killed += mutant.killed
            self.exempt += known
            self.survivors += [] if mutant.killed or known else [mutant]

    @property
    def share(self) -> float:
        """Killed of those that can be killed."""
        due = self.total - self.exempt
        return self.killed / due if due else 1.0

    @property
    def met(self) -> bool:
        return self.share >= self.goal

    def __str__(self) -> str:
        sample = f", a sample of {self.sampled_from}" if self.sampled_from > self.total else ""
        exempt = f", {self.exempt} exempt" if self.exempt else ""
        verdict = "" if self.met else f"  (the goal is {self.goal:.0%})"
        return f"{self.name}: {self.killed} of {self.total} found{exempt}{sample}, {self.share:.2%}{verdict}"

    def as_data(self) -> dict[str, Any]:
        return {
            "killed": self.killed, "exempt": self.exempt, "total": self.total, "of": max(self.sampled_from, self.total),
            "goal": self.goal, "survivors": [asdict(mutant) for mutant in self.survivors],
        }  # fmt: skip
