"""Class `keys`: every digit, sign and word of every value under answer, lines and printed, and of the labs' key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from mutants import workshop
from mutants.report import Mutant
from mutants.workshop import Place
from solvers.site.labs import files, values
from solvers.site.locate import places
from solvers.site.problems import shown_path

TABLES = ("answer", "lines", "printed")
NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
OPERATORS = {"+": "-", "-": "+", "/": "*"}


def changes(value: str) -> Iterator[tuple[int, str]]:
    """(where, the value with one thing changed): digits, signs, and in text letters and operators."""
    for digit in re.finditer(r"\d", value):
        yield digit.start(), value[: digit.start()] + _next(value, digit.start()) + value[digit.end() :]
    for piece in re.finditer(r'"[^"]*"|[^"]+', value):
        for at, new, length in _in_text(piece[0]) if piece[0].startswith('"') else _signs(piece[0]):
            start = piece.start() + at
            yield start, value[:start] + new + value[start + length :]


def _next(value: str, at: int) -> str:
    """The next digit; a leading 9 becomes 1, since a leading 0 would only be a mistake in the notation."""
    leads = not re.search(r"[\d.]$", value[:at]) and value[at + 1 : at + 2].isdigit()
    new = (int(value[at]) + 1) % 10
    return "1" if leads and new == 0 else str(new)


def _signs(text: str) -> Iterator[tuple[int, str, int]]:
    for number in NUMBER.finditer(text):
        if float(number[0]) == 0:
            continue
        negative = text[: number.start()].endswith("-")
        yield (number.start() - 1, "", 1) if negative else (number.start(), "-", 0)


def _in_text(text: str) -> Iterator[tuple[int, str, int]]:
    for word in re.finditer(r"[A-Za-z]+", text):
        letter = word[0][0]
        yield word.start(), "a" if letter in "zZ" else chr(ord(letter) + 1), 1
    for sign in re.finditer(r"(?<!\*)[-+/](?!\*)", text):
        yield sign.start(), OPERATORS[sign[0]], 1
    for power in re.finditer(r"\*+", text):
        yield power.start(), "+" if power[0] == "*" else "*", len(power[0])
    if re.match(r'"[\d.]*[1-9]', text):
        yield 1, "-", 0


def mutants(place: Place) -> Iterator[Mutant]:
    """Every value of one part's record, changed."""
    file = shown_path(place.key)
    for path, at in places(place.text).items():
        if path[:2] != ("parts", place.part) or path[2:3] not in [(t,) for t in TABLES] or at.start < 0:
            continue
        label = ".".join(map(str, path[3:]))
        for line, what, text in _changed(place.text, at.start, at.end):
            found = workshop.problems(place, text)
            yield workshop.verdict(file, line, f"{path[2]}.{label}: {what}", found, [f"part {place.part}: {path[2]}.{label}"]
                                   if path[2] != "printed" else [label, f"unexplained.{label}"])  # fmt: skip


def _changed(text: str, start: int, end: int) -> Iterator[tuple[int, str, str]]:
    value = text[start:end]
    for where, new in changes(value):
        line = text.count("\n", 0, start + where) + 1
        yield line, f"{_around(value, where)} -> {_around(new, where)}", text[:start] + new + text[end:]


def _around(value: str, at: int) -> str:
    """The value; of a long one what stands around the change."""
    value = " ".join(value.split()) if len(value) <= 60 else f"…{value[max(0, at - 15) : at + 15]}…"
    return value or "nothing"


def lab_mutants(docs: Path, name: str) -> Iterator[Mutant]:
    """Every value of one lab's table, changed; the lab runs once."""
    lab = files.find(docs, f"labs/{name}")
    shown, failed = values.run(lab)
    assert not failed, failed
    key = docs / "labs" / "key.toml"
    text = key.read_text(encoding="utf-8")
    for path, at in places(text).items():
        if path[0] == name and len(path) == 2 and at.start >= 0:
            for line, what, changed in _changed(text, at.start, at.end):
                key.write_text(changed, encoding="utf-8")
                loaded = files.load(docs)
                found = [*loaded.problems, *files.problems(docs, name), *values.disagreements(lab, shown, loaded)]
                yield workshop.verdict(shown_path(key), line, f"{name}.{path[1]}: {what}", found, [str(path[1])])
    key.write_text(text, encoding="utf-8")
