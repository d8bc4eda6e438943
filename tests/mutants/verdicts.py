"""Class `verdicts`: what a record claims (verdict, slips, conventions, unexplained, …) and what a page ticks and decides."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from mutants import keys, workshop
from mutants.report import Mutant
from mutants.workshop import Place
from solvers.site.key import VERDICTS
from solvers.site.locate import places
from solvers.site.options import OPTION
from solvers.site.problems import Problem, shown_path

Change = tuple[int, str, str]  # line, what changes, the key with it changed
REMOVED = object()


def mutants(place: Place) -> Iterator[Mutant]:
    """Every claim of one part's record changed, then the ticks and decisions of its section."""
    file = shown_path(place.key)
    for line, what, text in [*_verdict(place), *_reruns(place), *_labels(place)]:
        found = workshop.problems(place, text)
        yield workshop.verdict(file, line, f"part {place.part}: {what}", found, [f"part {place.part}"])
    yield from _ticks(place)
    yield from _choices(place)


def _verdict(place: Place) -> Iterator[Change]:
    now = _record(place)["verdict"]
    for other in VERDICTS:
        if other != now:
            yield _edit(place, ("verdict",), other)


def _reruns(place: Place) -> Iterator[Change]:
    """Each entry of `replace` and `given` removed and changed, each label of `lands` removed and swapped."""
    record = _record(place)
    for table in ("slips", "conventions", "rounding"):
        entries = record.get(table, [])
        for number, entry in enumerate(entries) if isinstance(entries, list) else [(None, entries)]:
            path = (table,) if number is None else (table, number)
            for name in ("replace", "given"):
                for label in entry.get(name, {}):
                    rest = {other: value for other, value in entry[name].items() if other != label}
                    yield _edit(place, (*path, name), rest or REMOVED, f"without {label}")
                yield from _changed(place, (*path, name))
            for name in ("decimals", "significant"):
                if name in entry:
                    yield from (_edit(place, (*path, name), entry[name] + step) for step in (-1, 1))
                    yield _edit(place, (*path, name), REMOVED)
            yield from _lands(place, (*path, "lands"), entry.get("lands", []), list(_flat(record.get("printed", {}))))


def _lands(place: Place, path: tuple[str | int, ...], lands: list[str], printed: list[str]) -> Iterator[Change]:
    others = [label for label in printed if label not in lands]
    for at, label in enumerate(lands):
        yield _edit(place, path, [*lands[:at], *lands[at + 1 :]], f"without {label}")
        yield from (_edit(place, path, [*lands[:at], new, *lands[at + 1 :]], f"{new} for {label}") for new in others)


def _labels(place: Place) -> Iterator[Change]:
    """Each name that a record lists, removed, and each that it does not list, added."""
    record = _record(place)
    known = {"unexplained": record.get("printed", {}), "unasked": record.get("answer", {}), "asked": record.get("answer", {}),
             "missing": record.get("answer", {})}  # fmt: skip
    for name, table in known.items():
        listed = record.get(name, [])
        for label in _flat(listed) if isinstance(listed, dict) else listed:
            yield _edit(place, (name,), _without(listed, label), f"without {label}")
        if isinstance(listed, list) and listed:
            yield from (
                _edit(place, (name,), [*listed, new], f"and {new}") for new in _flat(table) if new not in listed
            )
        if isinstance(listed, dict) and listed:
            yield from _changed(place, (name,))
            added = [(new, digits) for new, digits in _flat(table).items() if new not in _flat(listed)]
            yield from (_edit(place, (name,), {**_flat(listed), new: digits}, f"and {new}") for new, digits in added)
    right = record.get("computed", [])
    for option in right:
        yield _edit(place, ("computed",), [one for one in right if one != option] or REMOVED, f"without {option}")


def _without(listed: Any, label: str) -> Any:
    rest = {k: v for k, v in _flat(listed).items() if k != label} if isinstance(listed, dict) else [
        one for one in listed if one != label]  # fmt: skip
    return rest or REMOVED


def _changed(place: Place, path: tuple[str | int, ...]) -> Iterator[Change]:
    """The digits, signs, words and operators of a table's values, one at a time."""
    found = places(place.text).get(("parts", place.part, *path))
    if found is None:
        return
    for label, value in _value(place, path).items() if found.start >= 0 else ():
        written = toml(value)
        for at, new in keys.changes(written):
            what = f"{label}: {keys._around(written, at)} -> {keys._around(new, at)}"
            table = {other: Raw(new) if other == label else old for other, old in _value(place, path).items()}
            yield _edit(place, path, table, what)


class Raw(str):
    """TOML that is written as it is."""


def toml(value: Any) -> str:
    """A value in TOML."""
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, dict):
        return "{ " + ", ".join(f'"{name}" = {toml(one)}' for name, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _edit(place: Place, path: tuple[str | int, ...], value: Any, what: str = "") -> Change:
    """The key with the value at a path of the part's record replaced or removed."""
    at = places(place.text)[("parts", place.part, *path)]
    old = place.text[at.start : at.end]
    start = place.text.rindex("\n", 0, at.start) + 1 if value is REMOVED else at.start
    new = "" if value is REMOVED else toml(value)
    name = ".".join(str(piece) for piece in path)
    what = what or (f"{old} -> {new}" if new else f"without {old}")
    return at.line, f"{name}: {what}", place.text[:start] + new + "\n" * old.count("\n") + place.text[at.end :]


def _record(place: Place) -> dict[str, Any]:
    return tomllib.loads(place.text, parse_float=Decimal)["parts"][place.part]


def _value(place: Place, path: tuple[str | int, ...]) -> Any:
    found: Any = _record(place)
    for step in path:
        found = found[step]
    return found


def _flat(table: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in table.items():
        flat |= _flat(value, f"{prefix}{name}.") if isinstance(value, dict) else {f"{prefix}{name}": value}
    return flat


def _ticks(place: Place) -> Iterator[Mutant]:
    """Every tick of an option flipped, in the page."""
    file, content = shown_path(place.page), place.page.read_text(encoding="utf-8")
    rows = content.split("\n")
    for option in place.section.options:
        row = rows[option.line - 1]
        assert OPTION.match(row), row
        flipped = row.replace("[x]", "[ ]", 1) if option.right else row.replace("[ ]", "[x]", 1)
        text = "\n".join([*rows[: option.line - 1], flipped, *rows[option.line :]])
        section = workshop.section_of(place.page, text, place.part)
        found = _judged(place, section) if section else []
        yield workshop.verdict(
            file, option.line, f"part {place.part}: {row.strip()[:40]} -> flipped", found, [f"part {place.part}"]
        )
    place.page.write_text(content, encoding="utf-8")


def _choices(place: Place) -> Iterator[Mutant]:
    """The call of `choices` left out, and each of its decisions left out or negated."""
    fence = place.section.solution
    for call in _calls(fence.body, "choices") if fence else ():
        source = ast.unparse(call)
        whole = [("without choices(…)", "0")]
        for at, keyword in enumerate(call.keywords):
            rest = [*call.keywords[:at], *call.keywords[at + 1 :]]
            negated = ast.keyword(keyword.arg, ast.UnaryOp(ast.Not(), keyword.value))
            whole.append(
                (f"choices without {keyword.arg}", ast.unparse(ast.Call(call.func, [], rest)) if rest else "0")
            )
            whole.append((f"choices: not {keyword.arg}", ast.unparse(ast.Call(call.func, [], [*rest, negated]))))
        for what, new in whole:
            body = _replaced(fence.body, call, new)
            found = _judged(place, workshop.with_solution(place.section, body))
            line = fence.line + call.lineno
            yield workshop.verdict(
                shown_path(place.page),
                line,
                f"part {place.part}: {what} ({source[:60]})",
                found,
                [f"part {place.part}"],
            )


def _calls(body: str, name: str) -> list[ast.Call]:
    calls = [node for node in ast.walk(ast.parse(body)) if isinstance(node, ast.Call)]
    return [call for call in calls if getattr(call.func, "id", "") == name]


def _replaced(body: str, call: ast.Call, new: str) -> str:
    rows = body.split("\n")
    last = (call.end_lineno or call.lineno) - 1
    head = rows[call.lineno - 1].encode()[: call.col_offset].decode()
    tail = rows[last].encode()[call.end_col_offset :].decode()
    empty = [""] * (last - call.lineno + 1)
    return "\n".join([*rows[: call.lineno - 1], head + ("" if new == "0" else new) + tail, *empty, *rows[last + 1 :]])


def _judged(place: Place, section: Any) -> list[Problem]:
    return workshop.judged(place, workshop.paper_with(place, place.text), section)
