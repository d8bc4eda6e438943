"""What is wrong and where: problems are collected, sorted and shown together, one line each."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

LONGEST = 1500  # signs of one message: what it quotes may be anything


def plain_line(text: str) -> str:
    """A text for a terminal and a log: on one line, no control sign in it, and not endless."""
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " if c.isspace() else ascii(c)[1:-1] for c in text.strip())
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend: the file, its line, and a sentence that says the value, the rule and the fix."""

    file: str
    line: int
    text: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", plain_line(self.text))

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


class ProblemsFound(Exception):
    """Raised by the build with every problem of a page."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


def build_error(problems: Iterable[Problem]) -> Exception:
    """ProblemsFound in the form that the running site generator prints without a traceback.

    MkDocs and ProperDocs end a build cleanly on their own PluginError only.
    """
    bases = tuple(
        module.PluginError
        for name in ("mkdocs.exceptions", "properdocs.exceptions")
        if (module := sys.modules.get(name)) is not None
    )
    if not bases:
        return ProblemsFound(problems)
    if issubclass(bases[-1], bases[0]):
        bases = bases[-1:]
    kind = type("PageProblems", (ProblemsFound, *dict.fromkeys(bases)), {"__str__": Exception.__str__})
    return kind(problems)


def shown_path(path: Path) -> str:
    """The path as a contributor types it: relative to the working directory where that is possible."""
    return _shown(path, os.getcwd())


def real_path(path: Path) -> Path:
    """The path with its links followed, as `resolve` has it, but for a link that leads in a circle, which it keeps."""
    return Path(os.path.realpath(path))


@lru_cache(maxsize=4096)
def _shown(path: Path, folder: str) -> str:
    try:
        there = (
            real_path(path) if path.exists() else real_path(path.parent) / path.name
        )  # a link to nothing is a file here
        return there.relative_to(real_path(Path(folder))).as_posix()
    except ValueError:
        return path.as_posix()
