"""Sources: one bibliography, cited in texts as `[@key]` or `[@key, section 4]`.

A citation without a source is an error, and so is a source that nothing cites.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from solvers.site import reading
from solvers.site.locate import line_of, read
from solvers.site.part import Part
from solvers.site.problems import Problem, shown_path
from solvers.site.source import prose
from solvers.traces import suggestion

CITATION = re.compile(
    r"\[(@[\w-]+[^\]@]{0,120}(?:;\s*@[\w-]+[^\]@]{0,120})*)\]"
)  # [@a], [@a, section 2], [@a; @b, eq. 1]
FENCED = re.compile(r"(?ms)^[ \t]*(`{3,}+|~{3,}+).*?^[ \t]*\1[`~]*[ \t]*$")
FIELDS = ("cite", "text", "url")
PAGE = "about/sources.md"


@dataclass(frozen=True)
class Source:
    """One entry: how a text names it, the full reference, an address."""

    key: str
    cite: str
    text: str
    url: str
    line: int


@dataclass(frozen=True)
class Bibliography:
    """The sources by key, and what is wrong with the file."""

    file: str = ""
    sources: Mapping[str, Source] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def load(file: Path) -> Bibliography:
    """Read bibliography.toml; a file that does not exist has no sources."""
    return _load(file, reading.read(file)) if os.path.lexists(file) else Bibliography(shown_path(file))


@lru_cache(maxsize=8)
def _load(file: Path, content: reading.Text) -> Bibliography:
    name = shown_path(file)
    data, found, not_toml = read(name, content)
    sources, problems = {}, list(not_toml)
    for key, entry in data.items():
        line = line_of(found, (key,))
        wrong = _wrong(entry)
        if wrong:
            problems.append(Problem(name, line, f"source {key}: {wrong}"))
        else:
            sources[key] = Source(key, *(entry[name] for name in FIELDS), line)
    return Bibliography(name, sources, tuple(problems))


def _wrong(entry: object) -> str:
    if not isinstance(entry, Mapping):
        return f"write it as a table with {', '.join(FIELDS)}"
    unknown = [name for name in entry if name not in FIELDS]
    if unknown:
        return f"unknown field {unknown[0]!r}; allowed are {', '.join(FIELDS)}"
    bad = [name for name in FIELDS if not isinstance(entry.get(name), str) or not entry[name].strip()]
    return f"{bad[0]} is {entry.get(bad[0])!r}; it must be text" if bad else ""


@lru_cache(maxsize=1024)
def cited(text: str) -> tuple[tuple[str, str, int], ...]:
    """(key, place in the source, line) of every citation in Markdown text; code is passed over."""
    return tuple(_cited(text)) if "[@" in text else ()


def _cited(text: str) -> Iterator[tuple[str, str, int]]:
    blanked = FENCED.sub(lambda match: "\n" * match.group().count("\n"), text)
    for kind, piece, offset in prose(blanked):
        if kind == "text":
            for match in CITATION.finditer(piece):
                line = blanked.count("\n", 0, offset + match.start()) + 1
                yield from ((key, place, line) for key, place in _each(match[1]))


def _each(inside: str) -> Iterator[tuple[str, str]]:
    """(key, place in the source) of every source that one pair of brackets names."""
    for one in inside.split(";"):
        key, _, place = " ".join(one.split()).removeprefix("@").partition(",")
        yield key.strip(), place.strip()


def unknown(file: Path, bibliography: Bibliography) -> list[Problem]:
    """Citations of one page or key that name no source."""
    known = list(bibliography.sources)
    return [Problem(shown_path(file), line, f"[@{key}] cites no source of {bibliography.file}{suggestion(key, known)}")
            for key, _, line in cited(reading.read(file).text)
            if key not in bibliography.sources]  # fmt: skip


def uncited(files: Iterable[Path], bibliography: Bibliography) -> list[Problem]:
    """Sources that no page and no key cites."""
    if not bibliography.sources:
        return []
    used = {key for file in files for key, _, _ in cited(reading.read(file).text)}
    return [Problem(bibliography.file, source.line, f"source {key}: nothing cites it; cite it as [@{key}] or take it out")
            for key, source in bibliography.sources.items() if key not in used]  # fmt: skip


def used(part: Part, bibliography: Bibliography) -> list[Source]:
    """The sources that a part cites, in the order of its text."""
    record = part.record
    texts = ["\n".join(line for _, line in lines) for lines, _ in part.section.texts()]
    texts += [record.text, record.because, *(rerun.text for rerun in record.reruns)]
    keys = dict.fromkeys(key for text in texts if "[@" in text for key, _, _ in cited(text))
    return [bibliography.sources[key] for key in keys if key in bibliography.sources]


def fill(lines: Sequence[str], write: Callable[[str, str], str]) -> list[str]:
    """The lines with each citation in parentheses, its sources as `write(key, place)` has them; code is left as it is."""
    if not any("[@" in line for line in lines):
        return list(lines)
    text = "\n".join(lines)
    pieces = []
    for kind, piece, _ in prose(text):
        if kind == "text":
            piece = CITATION.sub(lambda match: f"({'; '.join(write(*one) for one in _each(match[1]))})", piece)
        pieces.append(piece)
    return "".join(pieces).split("\n")


def plain(text: str, bibliography: Bibliography) -> str:
    """A text for the data set: citations as (authors year, place)."""

    def write(key: str, place: str) -> str:
        source = bibliography.sources.get(key)
        return ", ".join(filter(None, (source.cite if source else key, place)))

    return "\n".join(fill(text.split("\n"), write))


def linked(bibliography: Bibliography, page: str) -> Callable[[str, str], str]:
    """Writes a citation as a link to the list of sources; `page` is its address from the text."""

    def write(key: str, place: str) -> str:
        source = bibliography.sources.get(key)
        if source is None:
            return key
        rest = f", {place}" if place else ""
        return f"[{source.cite}]({page}#{key}){rest}"

    return write
