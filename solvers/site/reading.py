"""The text of a page or a key, read in one place, with what is wrong with it before anybody asks what it says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

# What no editor shows: control signs, and the marks that turn the direction of writing, so that a line reads as another.
HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


@dataclass(frozen=True)
class Text:
    """A text with \\n at its line ends; its problems are (line, sentence)."""

    text: str = ""
    problems: tuple[tuple[int, str], ...] = ()

    @property
    def readable(self) -> bool:
        """Is there anything to read, or at least nothing wrong with an empty file?"""
        return bool(self.text or not self.problems)


def read(file: Path) -> Text:
    """The text of a file; empty, with the reason, when it cannot be read."""
    try:
        return of(file.read_bytes())
    except OSError as error:
        return Text("", ((1, f"the file cannot be read: {error.strerror}"),))


@lru_cache(maxsize=1024)
def of(content: bytes) -> Text:
    """The text of a file with this content."""
    try:
        text = content.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return Text("", ((line, f"the file cannot be read as UTF-8 text: {error}"),))
    problems = []
    hidden = HIDDEN.search(text)
    if hidden:
        why = f"here stands the sign U+{ord(hidden[0]):04X}, which nobody can see; take it out"
        problems.append((text.count("\n", 0, hidden.start()) + 1, why))
    if text and not text.endswith("\n"):
        why = "the file ends within a line; if nothing is cut off, end it with a line end"
        problems.append((text.count("\n") + 1, why))
    return Text(text, tuple(problems))
