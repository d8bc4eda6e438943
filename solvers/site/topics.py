"""The tree of topics that parts may have, in one file: branches, and on each its topics with their other names."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from solvers.site import reading
from solvers.site.locate import Place, line_of, read
from solvers.site.problems import Problem, shown_path


@dataclass(frozen=True)
class Topic:
    """One topic: its id, its title, the title of its branch, and the names that people also search for."""

    id: str
    title: str
    branch: str
    also: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class Topics:
    """The topics by id in the order of the file, and what is wrong with it."""

    known: Mapping[str, Topic] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """id -> title."""
        return {id_: topic.title for id_, topic in self.known.items()}


def load(file: Path) -> Topics:
    """Read topics.toml; a file that does not exist has no topics."""
    return _load(file, reading.read(file)) if os.path.lexists(file) else Topics()


@lru_cache(maxsize=8)
def _load(file: Path, content: reading.Text) -> Topics:
    name = shown_path(file)
    data, found, wrong = read(name, content)
    known: dict[str, Topic] = {}
    problems = list(wrong)
    for item in _read(data, found):
        if isinstance(item, Topic) and item.id not in known:
            known[item.id] = item
        elif isinstance(item, Topic):
            why = f"topic {item.id} stands under {known[item.id].branch!r} already; keep one"
            problems.append(Problem(name, item.line, why))
        else:
            problems.append(Problem(name, *item))
    return Topics(known, tuple(problems))


def _read(data: Mapping[str, Any], found: Mapping[tuple[str | int, ...], Place]) -> Iterator[Topic | tuple[int, str]]:
    """Every topic of the tree, and (line, text) for what is none."""
    for branch, table in data.items():
        line = line_of(found, (branch,))
        if not isinstance(table, Mapping):
            yield line, f"{branch} = {table!r}: write a branch [branch] with a title, and its topics as [branch.topic]"
            continue
        if not isinstance(table.get("title"), str):
            yield line, f"branch {branch}: its title is {table.get('title')!r}; it must be text"
        for id_, topic in table.items():
            if id_ != "title":
                yield _topic(id_, topic, str(table.get("title", branch)), line_of(found, (branch, id_)))


def _topic(id_: str, topic: Any, branch: str, line: int) -> Topic | tuple[int, str]:
    if not isinstance(topic, Mapping):
        return line, f"topic {id_}: write it as a table with a title"
    unknown = [name for name in topic if name not in ("title", "also")]
    if unknown:
        return line, f"topic {id_}: unknown field {unknown[0]!r}; allowed are title, also"
    also = topic.get("also", [])
    if not isinstance(topic.get("title"), str):
        return line, f"topic {id_}: its title is {topic.get('title')!r}; it must be text"
    if not isinstance(also, list) or not all(isinstance(name, str) for name in also):
        return line, f"topic {id_}: also is {also!r}; it must be a list of texts"
    return Topic(id_, topic["title"], branch, tuple(also), line)
