"""The answer key of a paper: what each part's page must show and what the published key prints, digit for digit.

`load` checks the whole file and collects every problem; nothing is computed here. A value is an int (exact), a
decimal (its written places are the precision), text or a list of these: see `agreement`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from solvers.exact import is_moderate
from solvers.site import reading
from solvers.site.locate import Place, error_line, line_of, places, toml
from solvers.site.problems import Problem, shown_path
from solvers.site.records import Paper, Reading, Record, Rerun

KINDS = ("numeric", "symbolic", "concept", "mcq", "proof", "code", "diagram")

# What a verdict asks of its record: the tables that it needs, and those that it rules out. Where no computation can
# tell one verdict from another, each has a field of its own, so that a verdict that was changed alone does not pass.
JUDGED = ("missing", "undecided")
VERDICTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "agrees": (("printed",), ("slips", "conventions", "rounding", "unexplained", *JUDGED)),
    "rounding": (("printed", "rounding"), ("slips", "conventions", *JUDGED)),
    "convention": (("printed", "conventions"), ("slips", "rounding", "unexplained", *JUDGED)),
    "slip": (("printed",), ("rounding", *JUDGED)),
    "incomplete": (("missing",), ("rounding", "undecided")),
    "open": (("undecided",), ("rounding", "missing", "because")),
    "unkeyed": ((), ("printed", "slips", "conventions", "rounding", "unexplained", *JUDGED)),
}

PAPER = {"title": str, "short": str, "institution": str, "course": str, "year": str, "parts": int, "marks": str,
         "minutes": int, "notes": str}  # fmt: skip
PART = {"title": str, "marks": (str, int, Decimal), "kind": str, "topics": list, "verdict": str, "because": str,
        "text": str, "answer": dict, "lines": dict, "printed": dict, "slips": list, "conventions": list,
        "rounding": dict, "unexplained": dict, "unasked": list, "assumes": list, "readings": list, "givens": dict,
        "asked": list, "computed": list, "missing": list, "undecided": str}  # fmt: skip
RERUN = {"text": str, "replace": dict, "given": dict, "decimals": int, "significant": int, "lands": list}
READING = {"right": list, "text": str}
ROUNDING = {"decimals": int, "significant": int, "text": str}
REQUIRED = {"paper": ("title", "short", "institution", "course", "year"),
            "part": ("title", "kind", "topics", "verdict", "because"),
            "rerun": ("text", "lands"), "rounding": ("text",), "reading": ("right", "text")}  # fmt: skip


def load(file: Path, topics: Mapping[str, str]) -> Paper:
    """Read and check a key.toml; `topics` are the valid topic names. Problems are collected in the result."""
    paper = Paper(file.parent.name, file)
    reader = _Reader(paper, topics)
    taken = reading.read(file)
    paper.problems += [Problem(shown_path(file), *problem) for problem in taken.problems]
    if not taken.readable:
        return paper
    try:
        data = toml(taken.text)
    except tomllib.TOMLDecodeError as error:
        reader.problem(error_line(error), f"not TOML: {error}")
        return paper
    reader.places = places(taken.text)
    reader.read(data)
    return paper


class _Reader:
    def __init__(self, paper: Paper, topics: Mapping[str, str]):
        self.paper, self.topics = paper, topics
        self.places: dict[tuple[str | int, ...], Place] = {}

    def problem(self, line: int, text: str) -> None:
        self.paper.problems.append(Problem(shown_path(self.paper.file), line, text))

    def at(self, *path: str | int) -> int:
        return line_of(self.places, path)

    def read(self, data: dict[str, Any]) -> None:
        self.fields(data, {"paper": dict, "parts": dict}, ("paper", "parts"), (), "the file")
        facts = data.get("paper") if isinstance(data.get("paper"), dict) else {}
        self.fields(facts, PAPER, REQUIRED["paper"], ("paper",), "[paper]")
        self.paper.facts = facts
        minutes = facts.get("minutes")
        if isinstance(minutes, int) and not 1 <= minutes <= 600:
            self.problem(self.at("paper", "minutes"), f"[paper]: minutes is {minutes}; it must be from 1 to 600")
        parts = data.get("parts") if isinstance(data.get("parts"), dict) else {}
        if isinstance(facts.get("parts"), int) and len(parts) > facts["parts"]:
            text = f"parts = {facts['parts']}, but there are {len(parts)} records; count the paper's parts again"
            self.problem(self.at("paper", "parts"), f"[paper]: {text}")
        for id_, part in parts.items():
            before = len(self.paper.problems)
            if not isinstance(part, dict):
                self.problem(self.at("parts", id_), f"part {id_}: write its record as a table, [parts.{id_}]")
                continue
            required = [name for name in REQUIRED["part"] if name != "because" or "undecided" not in part]
            self.fields(part, PART, tuple(required), ("parts", id_), f"part {id_}")
            if len(self.paper.problems) == before:
                record = self.record(id_, part)
                if record.kind in KINDS and record.verdict in VERDICTS:  # or nothing could be written for it
                    self.paper.records[id_] = record

    def fields(self, table: Mapping[str, Any], allowed: Mapping[str, Any], required: tuple[str, ...],
               path: tuple[str | int, ...], what: str) -> None:  # fmt: skip
        for name, value in table.items():
            if name not in allowed:
                near = get_close_matches(name, allowed, 1)
                fix = f"did you mean {near[0]!r}?" if near else f"allowed are {', '.join(allowed)}"
                self.problem(self.at(*path, name), f"{what}: unknown field {name!r}; {fix}")
            elif not (isinstance(value, allowed[name]) and is_moderate(value)) or isinstance(value, bool):
                kinds = allowed[name] if isinstance(allowed[name], tuple) else (allowed[name],)
                named = {str: "text", dict: "a table", list: "a list", int: "a whole number"}
                words = " or ".join(named.get(kind, "a number") for kind in kinds)
                self.problem(self.at(*path, name), f"{what}: {name} is {value!r}; it must be {words}")
            elif allowed[name] is list and name not in ("slips", "conventions", "readings"):
                for item in value:
                    if not isinstance(item, str):
                        self.problem(self.at(*path, name), f"{what}: {name}: {item!r} must be text")
        for name in required:
            if name not in table:
                self.problem(self.at(*path), f"{what}: {name!r} is missing")

    def record(self, id_: str, part: dict[str, Any]) -> Record:
        path = ("parts", id_)
        places: dict[tuple[str, str], int] = {}
        tables = {}
        for table in ("answer", "lines", "printed", "givens", "unexplained"):
            tables[table] = self.labels(id_, table, part.get(table, {}))
            for label in tables[table]:
                places[table, label] = self.at(*path, table, *label.split("."))
        self.choice(id_, "kind", part["kind"], KINDS)
        self.choice(id_, "verdict", part["verdict"], tuple(VERDICTS))
        for topic in part["topics"]:
            self.choice(id_, "topics", topic, tuple(self.topics))
        self.obligations(id_, part)
        for label in set(tables["answer"]) & set(tables["lines"]):
            self.problem(places["lines", label], f"part {id_}: {label} stands in answer and in lines; keep one")
        return Record(
            id=id_, line=self.at(*path), title=part["title"], kind=part["kind"], topics=tuple(part["topics"]),
            verdict=part["verdict"], because=part.get("undecided", part.get("because", "")).strip(), marks=str(part.get("marks", "")),
            text=part.get("text", "").strip(), **{t: v for t, v in tables.items() if t != "unexplained"}, retyped=tables["unexplained"],
            slips=self.reruns(id_, "slips", part), conventions=self.reruns(id_, "conventions", part),
            rounding=self.rounding(id_, part), unexplained=tuple(tables["unexplained"]), places=places,
            unasked=tuple(part.get("unasked", ())), assumes=tuple(part.get("assumes", ())), readings=self.readings(id_, part),
            asked=tuple(part.get("asked", ())), computed=tuple(part.get("computed", ())), missing=tuple(part.get("missing", ())),
        )  # fmt: skip

    def choice(self, id_: str, name: str, value: Any, allowed: tuple[str, ...]) -> None:
        if value not in allowed:
            near = get_close_matches(str(value), allowed, 1)
            fix = f"did you mean {near[0]!r}?" if near else f"allowed are {', '.join(allowed)}"
            self.problem(self.at("parts", id_, name), f"part {id_}: {name}: {value!r} is not known; {fix}")

    def obligations(self, id_: str, part: dict[str, Any]) -> None:
        needs, forbids = VERDICTS.get(part["verdict"], ((), ()))
        for name in needs:
            if not part.get(name):
                self.problem(self.at("parts", id_, "verdict"), f"part {id_}: verdict {part['verdict']} needs {name!r}")
        for name in forbids:
            if name in part:
                self.problem(
                    self.at("parts", id_, name), f"part {id_}: verdict {part['verdict']} goes without {name!r}"
                )

    def labels(self, id_: str, table: str, values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
        """Nested tables flattened to dotted labels, each value checked."""
        flat: dict[str, Any] = {}
        for name, value in values.items():
            label = f"{prefix}{name}"
            if isinstance(value, Mapping):
                flat |= self.labels(id_, table, value, f"{label}.")
            elif is_digits(value):
                flat[label] = value
            else:
                self.problem(
                    self.at("parts", id_, table, *label.split(".")),
                    f"part {id_}: {table}.{label} is {value!r}; write a number, text or a list of these",
                )
        return flat

    def readings(self, id_: str, part: dict[str, Any]) -> tuple[Reading, ...]:
        found = []
        for number, entry in enumerate(part.get("readings", ())):
            path = ("parts", id_, "readings", number)
            what = f"part {id_}: readings {number + 1}"
            if not isinstance(entry, dict):
                self.problem(self.at(*path), f"{what}: write it as a table, [[parts.{id_}.readings]]")
                continue
            before = len(self.paper.problems)
            self.fields(entry, READING, REQUIRED["reading"], path, what)
            if len(self.paper.problems) == before:
                found.append(Reading(tuple(entry["right"]), entry["text"].strip(), self.at(*path)))
        return tuple(found)

    def reruns(self, id_: str, table: str, part: dict[str, Any]) -> tuple[Rerun, ...]:
        found = []
        for number, entry in enumerate(part.get(table, ())):
            path = ("parts", id_, table, number)
            what = f"part {id_}: {table} {number + 1}"
            if not isinstance(entry, dict):
                self.problem(self.at(*path), f"{what}: write it as a table, [[parts.{id_}.{table}]]")
                continue
            before = len(self.paper.problems)
            self.fields(entry, RERUN, REQUIRED["rerun"], path, what)
            if len(self.paper.problems) > before:
                continue
            for field_name in ("replace", "given"):
                for name, change in entry.get(field_name, {}).items():
                    if isinstance(change, dict):
                        full = f"{name}.{next(iter(change), '')}"
                        self.problem(self.at(*path, field_name), f'{what}: write the label in quotes: "{full}" = …')
            if not any(entry.get(name) for name in ("replace", "given", "decimals", "significant")):
                self.problem(
                    self.at(*path), f"{what}: it changes nothing; give 'replace', 'given', 'decimals' or 'significant'"
                )
            found.append(self.rerun(entry, self.at(*path)))
        return tuple(found)

    def rounding(self, id_: str, part: dict[str, Any]) -> Rerun | None:
        entry = part.get("rounding")
        if entry is None:
            return None
        path = ("parts", id_, "rounding")
        before = len(self.paper.problems)
        self.fields(entry, ROUNDING, REQUIRED["rounding"], path, f"part {id_}: rounding")
        if len(self.paper.problems) > before:
            return None
        if "decimals" not in entry and "significant" not in entry:
            self.problem(self.at(*path), f"part {id_}: rounding: give 'decimals' or 'significant'")
        printed = tuple(self.labels(id_, "printed", part.get("printed", {})))
        return self.rerun({**entry, "lands": printed}, self.at(*path))

    def rerun(self, entry: Mapping[str, Any], line: int) -> Rerun:
        return Rerun(
            text=str(entry.get("text", "")).strip(), replace=entry.get("replace", {}), given=entry.get("given", {}),
            lands=tuple(entry.get("lands", ())), line=line,
            decimals=entry.get("decimals"), significant=entry.get("significant"),
        )  # fmt: skip


def is_digits(value: Any) -> bool:
    """True for what a key may hold: a number, text, or a list of these."""
    if isinstance(value, list):
        return bool(value) and all(is_digits(cell) for cell in value)
    return isinstance(value, int | str | Decimal) and not isinstance(value, bool) and is_moderate(value)
