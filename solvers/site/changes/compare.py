"""What differs between two data sets of the site: numbers, verdicts, parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

NONE = "none"
KEYS = {"answer": "", "printed": " (published key)"}
SAID = ("title", "marks", "kind", "topics", "because", "slips", "text", "url")  # what else a part has


@dataclass(frozen=True)
class Changes:
    """Lines of text by what has changed; the lines hold text of the data."""

    parts: int  # how many were compared
    numbers: tuple[str, ...]
    verdicts: tuple[str, ...]
    added: tuple[str, ...]
    lost: tuple[str, ...]
    rest: tuple[str, ...]

    def __bool__(self) -> bool:
        return any((self.numbers, self.verdicts, self.added, self.lost, self.rest))


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Changes:
    """From one data set to another; both keep to the schema."""
    before, after = old["parts"], new["parts"]
    both = [id_ for id_ in after if id_ in before]

    def lines(of: Any) -> tuple[str, ...]:
        return tuple(f"{id_}  {line}" for id_ in both for line in of(before[id_], after[id_]))

    return Changes(
        parts=len(both),
        numbers=lines(_numbers),
        verdicts=lines(_verdict),
        added=tuple(id_ for id_ in after if id_ not in before),
        lost=tuple(id_ for id_ in before if id_ not in after),
        rest=lines(_rest),
    )


def _numbers(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for key, of in KEYS.items():
        for label in dict.fromkeys([*old[key], *new[key]]):
            was, now = old[key].get(label), new[key].get(label)
            if was != now:
                yield f"{label}{of}: {_shown(was)} -> {_shown(now)}"


def _verdict(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    if old["verdict"] != new["verdict"]:
        yield f"{old['verdict']} -> {new['verdict']}"
    ticks, marks = old.get("options", {}), new.get("options", {})
    for label in dict.fromkeys([*ticks, *marks]):
        was, now = _tick(ticks.get(label)), _tick(marks.get(label))
        if was != now:
            yield f"option {label}: {was} -> {now}"


def _tick(option: Mapping[str, Any] | None) -> str:
    return NONE if option is None else "right" if option["right"] else "wrong"


def _rest(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    names = [name for name in SAID if old.get(name) != new.get(name)]
    if _words(old, new) != _words(new, old):
        names.append("options")
    if names:
        yield ", ".join(names)


def _words(part: Mapping[str, Any], other: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The words of the options that the other has as well."""
    shared = part.get("options", {}).keys() & other.get("options", {}).keys()
    return [(part["options"][label]["text"], part["options"][label]["reason"]) for label in sorted(shared)]


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_shown, value))}]"
    return NONE if value is None else value
