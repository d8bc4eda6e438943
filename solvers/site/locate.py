"""Where in a TOML file does an entry stand? `tomllib` reads values but forgets their places."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from solvers.site import reading
from solvers.site.problems import Problem

Path = tuple[str | int, ...]

BARE_OR_QUOTED = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
DOTTED = rf"{BARE_OR_QUOTED}(?:[ \t]*\.[ \t]*{BARE_OR_QUOTED})*"
HEADER = re.compile(rf"[ \t]*(\[\[?)[ \t]*({DOTTED})[ \t]*\]\]?[ \t]*(?:#.*)?\r?$", re.M)
ENTRY = re.compile(rf"[ \t]*({DOTTED})[ \t]*=[ \t]*", re.M)
TOKEN = re.compile(
    r'"""(?:[^\\]|\\.)*?"""(?:"{0,2})|\'\'\'.*?\'\'\'(?:\'{0,2})|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|#[^\n]*|[\[\]{}\n]|[^"\'#\[\]{}\n]+',
    re.S,
)


TOO_DEEP = "tables or lists within one another, deeper than anything that a key says"


@dataclass(frozen=True)
class Place:
    """An entry's line, and where its value starts and ends in the text; a table header has no value."""

    line: int
    start: int = -1
    end: int = -1


def read(file: str, content: bytes | reading.Text) -> tuple[dict[str, Any], dict[Path, Place], tuple[Problem, ...]]:
    """The entries of a TOML file and their places; none, and the problem, when it is no TOML."""
    taken = content if isinstance(content, reading.Text) else reading.of(content)
    problems = tuple(Problem(file, *problem) for problem in taken.problems)
    try:
        return toml(taken.text, float), places(taken.text), problems
    except tomllib.TOMLDecodeError as error:
        return {}, {}, (*problems, Problem(file, error_line(error), f"not TOML: {error}"))


def toml(text: str, number: Callable[[str], Any] = Decimal) -> dict[str, Any]:
    """The entries of a TOML file, decimals as `number` reads them. Raises TOMLDecodeError, whatever is wrong."""
    try:
        data = tomllib.loads(text, parse_float=number)
        repr(data)  # what goes through a value goes as deep as this
        return data
    except RecursionError:
        raise tomllib.TOMLDecodeError(f"{TOO_DEEP} (at line {_deepest(text)}, column 1)") from None
    except tomllib.TOMLDecodeError:
        raise
    except ValueError as error:  # what Python refuses to read: a whole number of thousands of digits
        number_ = re.search(r"\d{4000,}", text.replace("_", ""))
        line = text.count("\n", 0, number_.start()) + 1 if number_ else 1
        raise tomllib.TOMLDecodeError(f"{error} (at line {line}, column 1)") from None


def _deepest(text: str) -> int:
    """The line with the most brackets and dots, which is where a value goes too deep."""
    rows = text.split("\n")
    return 1 + max(range(len(rows)), key=lambda n: sum(map(rows[n].count, "[{.")))


def error_line(error: Exception) -> int:
    """The line that a TOML error names, or 1."""
    words = str(error).partition("(at line ")[2].split(",")[0]
    return int(words) if words.isdigit() else 1


def places(text: str) -> dict[Path, Place]:
    """The place of every table header and entry, by its path: ("parts", "4a", "answer", "w")."""
    found: dict[Path, Place] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    at, line, counted = 0, 1, 0
    while at < len(text):
        line, counted = line + text.count("\n", counted, at), at
        header, entry = HEADER.match(text, at), ENTRY.match(text, at)
        if header:
            table = _numbered(keys(header[2]), counts)
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            for length in range(1, len(table) + 1):
                found.setdefault(table[:length], Place(line))
            at = header.end()
        elif entry:
            path = (*table, *keys(entry[1]))
            for length in range(len(table) + 1, len(path)):
                found.setdefault(path[:length], Place(line))
            at = value_end(text, entry.end())
            found.setdefault(path, Place(line, entry.end(), at))
        newline = text.find("\n", at)
        at = len(text) if newline < 0 else newline + 1
    return found


def _numbered(path: Path, counts: dict[Path, int]) -> Path:
    """A table below a list of tables belongs to the last of them."""
    full: Path = ()
    for number, key in enumerate(path, start=1):
        full = (*full, key)
        if full in counts and number < len(path):
            full = (*full, counts[full])
    return full


def value_end(text: str, start: int) -> int:
    """Where the value that begins at `start` ends: before a comment or the line's end, brackets closed."""
    depth, end = 0, start
    for token in TOKEN.finditer(text, start):
        if token[0] == "\n" and depth == 0:
            break
        if not token[0].startswith("#"):
            depth += (token[0] in "[{") - (token[0] in "]}")
            end = token.end() if token[0].strip() else end
        elif depth == 0:
            break
    return start + len(text[start:end].rstrip())


def line_of(found: dict[Path, Place], path: Path) -> int:
    """The line of an entry, or of the nearest table around it; 1 when nothing is known."""
    for length in range(len(path), 0, -1):
        if path[:length] in found:
            return found[path[:length]].line
    return 1


def keys(dotted: str) -> Path:
    """The parts of a dotted key, without their quotes."""
    return tuple(part.strip("\"'") for part in re.findall(BARE_OR_QUOTED, dotted))
