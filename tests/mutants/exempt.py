"""Mutants that change nothing, from exempt.toml: each with its file, the text of its line, the change, and the reason."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from mutants.report import Mutant

FILE = Path(__file__).with_name("exempt.toml")
ROOT = FILE.parents[2]
FIELDS = {"file", "line", "change", "why"}


@lru_cache(maxsize=1)
def entries(file: Path = FILE) -> list[dict[str, str]]:
    return tomllib.loads(file.read_text(encoding="utf-8")).get("mutant", [])


def covers(mutant: Mutant) -> bool:
    """Is there a reason for this survivor?"""
    return any(
        (one["file"], one["change"]) == (mutant.file, mutant.what) and one["line"] == _row(mutant) for one in entries()
    )


def stale(root: Path = ROOT, known: list[dict[str, str]] | None = None) -> Iterator[str]:
    """Entries that are not whole, or whose line is in its file no longer."""
    for one in entries() if known is None else known:
        rows = [row.strip() for row in (root / one.get("file", "?")).read_text(encoding="utf-8").split("\n")] if (
            root / one.get("file", "?")).is_file() else []  # fmt: skip
        if set(one) != FIELDS or not all(one.values()):
            yield f"{one}: an entry has {', '.join(sorted(FIELDS))}"
        elif one["line"] not in rows:
            yield f"{one['file']}: no line reads {one['line']!r} any more; remove its entry from {FILE.name}"


def _row(mutant: Mutant) -> str:
    file = ROOT / mutant.file
    return file.read_text(encoding="utf-8").split("\n")[mutant.line - 1].strip() if file.is_file() else ""
