"""The topics that parts may have: id = title, in one file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from solvers.site.locate import line_of, places
from solvers.site.problems import Problem, shown_path


@dataclass(frozen=True)
class Topics:
    """The titles by id, and what is wrong with the file."""

    titles: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def load(file: Path) -> Topics:
    """Read topics.toml; a file that does not exist has no topics."""
    return _load(file, file.read_bytes()) if file.exists() else Topics()


@lru_cache(maxsize=8)
def _load(file: Path, content: bytes) -> Topics:
    name = shown_path(file)
    try:
        text = content.decode("utf-8")
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return Topics(problems=(Problem(name, error_line(error), f"not TOML: {error}"),))
    found = places(text)
    wrong = {topic: title for topic, title in data.items() if not isinstance(title, str)}
    problems = tuple(
        Problem(name, line_of(found, (topic,)), f"topic {topic}: its title is {title!r}; it must be text")
        for topic, title in wrong.items()
    )
    return Topics({topic: title for topic, title in data.items() if topic not in wrong}, problems)


def error_line(error: Exception) -> int:
    """The line that a TOML error names, or 1."""
    words = str(error).partition("(at line ")[2].split(",")[0]
    return int(words) if words.isdigit() else 1
