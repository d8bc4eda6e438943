"""Change files for a contributor: expected digits in a key, a record and a section for a new part.

Comments and layout stay; a file is replaced whole or not at all, and only when the result can be read.
"""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from solvers.exact import is_finite
from solvers.site.agreement import compare
from solvers.site.locate import places
from solvers.site.part import Part
from solvers.site.problems import shown_path
from solvers.site.project import Project
from solvers.site.proposals import propose, repeat
from solvers.site.whole import replace


class EditError(Exception):
    """A change that cannot be made, with the way out."""


def read(file: Path) -> str:
    """The text of a file with its own line ends."""
    with file.open(encoding="utf-8", newline="") as source:
        return source.read()


def accept(file: Path, part: Part) -> str:
    """Write the computed digits of a part where the key has none or others; the change as a diff.

    Raises EditError, and changes nothing, when the result would not read back as meant.
    """
    before = read(file)
    values = part.run.lines
    for label, line in values.items():
        if not is_finite(line.value):
            raise EditError(f"part {part.record.id}: {label} is {line.value}: nothing is accepted until it is finite")
    answered = set(part.run.answers.values())
    after = _hold(before, part, "answer", {label: values[source].value for label, source in part.run.answers.items()})
    rest = {label: line.value for label, line in values.items() if label not in answered}
    after = _hold(after, part, "lines", rest)
    if after != before:
        replace(file, after)
    name = shown_path(file)
    return "\n".join(difflib.unified_diff(before.splitlines(), after.splitlines(), name, name, lineterm="", n=1))


def _hold(text: str, part: Part, table: str, wanted: dict[str, Any]) -> str:
    """The file's text with one table of the part's record brought up to date."""
    held = getattr(part.record, table)
    return hold(text, ("parts", part.record.id, table), held, wanted, part.run.givens)


def hold(
    text: str, path: tuple[str, ...], held: Mapping[str, Any], wanted: dict[str, Any], names: Mapping[str, Any]
) -> str:
    """The text of a key with one table brought up to date; the lines that agree stay as they are.

    `held` is what the table holds now, `wanted` the values by label, `names` what an expression among them may name.
    """
    meant: dict[str, Any] = dict(held)
    for label in [label for label in held if label not in wanted]:
        text = _without(text, (*path, *label.split(".")))
        del meant[label]
    for label, value in wanted.items():
        if label in held and not _agrees(value, held[label], names):
            meant[label] = repeat(value, held[label])
            place = places(text)[(*path, *label.split("."))]
            text = text[: place.start] + toml(meant[label]) + text[place.end :]
    missing = {label: propose(value) for label, value in wanted.items() if label not in held}
    text = _with(text, path, missing) if missing else text
    try:
        as_meant = _read(text, path) == {**meant, **missing}
    except tomllib.TOMLDecodeError:  # a mark of the byte order, say
        as_meant = False
    if not as_meant:
        what = f"part {path[1]}: " if path[0] == "parts" else ""
        raise EditError(f"{what}[{'.'.join(path)}] could not be rewritten; edit it by hand")
    return text


def _read(text: str, path: tuple[str, ...]) -> dict[str, Any]:
    """One table of the file, flattened to dotted labels."""
    table: Any = tomllib.loads(text, parse_float=Decimal)
    for name in path:
        table = table.get(name, {})

    def flat(values: dict[str, Any], prefix: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in values.items():
            found |= flat(value, f"{prefix}{name}.") if isinstance(value, dict) else {f"{prefix}{name}": value}
        return found

    return flat(table, "")


def _with(text: str, path: tuple[str, ...], values: dict[str, Any]) -> str:
    """The text with new entries at the end of a table, which is begun where it does not exist."""
    known = places(text)
    ending = "\r\n" if "\r\n" in text else "\n"
    rows = "".join(f"{label} = {toml(value)}{ending}" for label, value in values.items())
    inside = [place for key, place in known.items() if key[: len(path)] == path]
    if inside:
        last = max(max(place.end, _line_start(text, place.line)) for place in inside)
        at = text.find("\n", last)
        at = len(text) if at < 0 else at + 1
        return _ending(text[:at], ending) + rows + text[at:]
    order = ("printed",) if path[2] == "answer" else ()
    record = [
        p
        for k, p in known.items()
        if k[:2] == path[:2] and (len(k) < 3 or k[2] not in ("slips", "conventions", "rounding", *order))
    ]
    last = max(max(place.end, _line_start(text, place.line)) for place in record)
    at = text.find("\n", last)
    at = len(text) if at < 0 else at + 1
    head = ".".join(name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else f'"{name}"' for name in path)
    return f"{_ending(text[:at], ending)}{ending}[{head}]{ending}{rows}{text[at:]}"


def _without(text: str, path: tuple[str, ...]) -> str:
    place = places(text)[path]
    start, end = _line_start(text, place.line), text.find("\n", place.end)
    return text[:start] + (text[end + 1 :] if end >= 0 else "")


def _line_start(text: str, line: int) -> int:
    return len("".join(text.splitlines(keepends=True)[: line - 1]))


def _ending(text: str, ending: str) -> str:
    return text if text.endswith("\n") else f"{text}{ending}"


def _agrees(value: Any, digits: Any, names: Mapping[str, Any]) -> bool:
    try:
        compare(value, digits, names)
    except Exception:
        return False
    return True


def toml(value: Any) -> str:
    """Digits as a key writes them."""
    if isinstance(value, list):
        return f"[{', '.join(toml(cell) for cell in value)}]"
    if isinstance(value, Decimal):
        text = f"{value:f}" if value.as_tuple().exponent <= 0 and value.adjusted() > -7 else f"{value:e}"
        return (
            text if "." in text or "e" in text else f"{text}e0"
        )  # 1756e0 has the precision of its last digit, 1756.0 has more
    return str(value) if isinstance(value, int) else json.dumps(str(value), ensure_ascii=False)


RECORD = """
[parts.{key}]
title = "TODO: the question in a few words"
marks = 1
kind = "numeric"          # numeric, symbolic, concept, mcq, proof, code or diagram
topics = []               # names from docs/topics.toml
verdict = "unkeyed"       # what the published digits say of the key: see docs/about/verdicts.md
because = "TODO: one or two sentences that give the reason."

[parts.{key}.answer]      # filled by: python -m solvers accept {paper}/{part}
"""

SECTION = """
``` part {part}
x = 1.5  # TODO: the numbers of the question, each once
# vary x in 0.5..4 step 0.5
```

TODO: the question in your own words; write a given as $x = @{{x}}$.

??? hint
    TODO: the idea, without a number.

``` solution
y = 2 * x  # TODO: call solvers; every named value is a line of the derivation
answer(y=y)
```

TODO: why it is so, in a sentence or two.
"""


def scaffold(project: Project, paper: str, part: str, page: str | None) -> list[tuple[str, int]]:
    """Append a record and a section for a new part; (file, line) of each. Raises EditError when it exists."""
    folder = project.papers_folder / paper
    key = folder / "key.toml"
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.-]*", part) or not re.fullmatch(r"[a-z0-9][a-z0-9-]*", paper):
        raise EditError(f"{paper}/{part}: ids are letters, digits, '-' and (in a part) '.'")
    if not key.exists():
        known = ", ".join(p.id for p in project.papers())
        raise EditError(
            f"{shown_path(key)} does not exist; the papers are {known}. Begin a paper by copying a small one"
        )
    record = project.paper(paper)
    begun = _begun(project, paper, part)
    if record and (part in record.records or (part in project.where(paper) and begun is None)):
        raise EditError(f"part {paper}/{part} exists already")
    number = re.search(r"\d+", part)
    file = begun or folder / (page or f"q{number[0] if number else part}.md")
    quoted = part if re.fullmatch(r"[A-Za-z0-9-]+", part) else f'"{part}"'
    before = _without_section(read(file), part) if begun else None
    page_text, page_line = _appended(file, SECTION.format(part=part), f"# {file.stem}\n", before)
    key_text, key_line = _appended(key, RECORD.format(key=quoted, paper=paper, part=part), "")
    old = read(file) if file.exists() else None
    replace(file, page_text)
    try:
        replace(key, key_text)
    except BaseException:  # both files or neither
        replace(file, old) if old is not None else file.unlink(missing_ok=True)
        raise
    return [(shown_path(file), page_line), (shown_path(key), key_line)]


def _begun(project: Project, paper: str, part: str) -> Path | None:
    """The page on which a `new` that was killed left its section, with no record in the key; None where nothing was left."""
    page, _ = project.where(paper).get(part, (None, None))
    return page if page is not None and _without_section(read(page), part) != read(page) else None


def _without_section(text: str, part: str) -> str:
    """A page without the section that `new` wrote at its end, if nobody has changed that yet."""
    section = SECTION.format(part=part)
    return text.removesuffix(section).removesuffix(section.replace("\n", "\r\n"))


def _appended(file: Path, text: str, heading: str, before: str | None = None) -> tuple[str, int]:
    """The file's text (or this one) with more at its end, and the line at which that begins."""
    if before is None:
        before = read(file) if file.exists() else heading
    ending = "\r\n" if "\r\n" in before else "\n"
    before = before.rstrip("\r\n") + ending
    return before + text.replace("\n", ending), before.count("\n") + 2
