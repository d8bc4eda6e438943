"""What `python -m solvers certify` says: every part proved, and the lines that floats alone compute held to their list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from solvers.site import reading
from solvers.site.certify import Proof, certify
from solvers.site.locate import line_of, read
from solvers.site.part import Part
from solvers.site.problems import Problem, shown_path
from solvers.traces import suggestion

FILE = "uncertified.toml"


@dataclass
class Certificate:
    """The sum over all parts that were looked at, in numbers."""

    exact: int = 0
    enclosed: int = 0
    digits: int = 0
    excused: int = 0
    problems: list[Problem] = field(default_factory=list)

    def figures(self) -> dict[str, int]:
        return {"exact": self.exact, "enclosed": self.enclosed, "digits": self.digits, "excused": self.excused}

    def __str__(self) -> str:
        return (
            f"{self.exact + self.enclosed} numbers proved: {self.exact} exactly, {self.enclosed} by intervals "
            f"({self.digits} digits); {self.excused} computed in floats alone, as {FILE} says"
        )


def certify_all(docs: Path, parts: Iterable[Part], whole: bool) -> Certificate:
    """Prove parts that check clean. `whole`: these are all parts, so a part that the list names must be among them."""
    listed = _List(docs / FILE)
    total = Certificate(problems=listed.problems)
    seen = []
    for part in parts:
        id_ = f"{Path(part.key).parent.name}/{part.record.id}"
        seen.append(id_)
        proof = certify(part)
        total.exact, total.enclosed = total.exact + proof.exact, total.enclosed + proof.enclosed
        total.digits += proof.digits
        total.excused += sum(proof.left.values())
        total.problems += proof.problems or listed.compared(id_, part, proof)
    total.problems += listed.unknown(seen) if whole else []
    return total


class _List:
    """The lines that are excused, from the file: part -> their labels."""

    def __init__(self, file: Path):
        self.name = shown_path(file)
        data, places, wrong = read(self.name, reading.read(file) if file.exists() else b"")
        self.problems: list[Problem] = list(wrong)
        self.lines: dict[str, list[str]] = {}
        self.at: dict[str, int] = {}
        for number, entry in enumerate(data.get("floats", [])):
            if not str(entry.get("because", "")).strip():
                line = line_of(places, ("floats", number))
                self.problems.append(Problem(self.name, line, "say because of what these lines are not proved"))
            for part, labels in entry.get("lines", {}).items():
                self.lines.setdefault(part, []).extend(labels)
                self.at[part] = line_of(places, ("floats", number, "lines", part))

    def compared(self, id_: str, part: Part, proof: Proof) -> list[Problem]:
        """What is computed in floats and not listed, and what is listed and proved."""
        listed, found = self.lines.get(id_, []), []
        for label in proof.left:
            if label not in listed:
                text = f"line {label} is computed in floats, which proves no digit. Use the functions of solvers.functions, "
                text += f"or list {id_} {label} in {self.name} with the reason"
                item = next(item.line for item in part.run.items if label in dict(item.labelled()))
                found.append(Problem(part.file, item, f"part {part.record.id}: {text}"))
        for label in listed:
            if label not in proof.left:
                known = suggestion(label, list(proof.left)) if label not in part.run.lines else "; it is proved"
                found.append(Problem(self.name, self.at[id_], f"{id_} {label}: take this line off the list{known}"))
        return found

    def unknown(self, seen: list[str]) -> list[Problem]:
        return [Problem(self.name, self.at[id_], f"there is no part {id_}{suggestion(id_, seen)}")
                for id_ in self.lines if id_ not in seen]  # fmt: skip
