"""Docs folders of one part each, cut out of the real pages and keys: what the cases damage."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from solvers.site.check import check
from solvers.site.citations import cited
from solvers.site.project import Project, front_matter, read_page
from solvers.site.records import Paper, Record
from solvers.site.source import Section

ROOT = Path(__file__).resolve().parents[2]
OF_PART = re.compile(r"""^[ \t]*\[\[?parts\.("[^"]+"|[^.\]]+)""")
TOPICS, SOURCES, NOTATION = "topics.toml", "bibliography.toml", "about/notation.md"


@dataclass(frozen=True)
class Sample:
    """A docs folder as name -> content. `key` and `page` are the names of the two files that make its part."""

    id: str
    key: str
    page: str
    files: dict[str, bytes] = field(repr=False)


@lru_cache(maxsize=1)
def real() -> Project:
    """The real docs folder."""
    return Project(ROOT / "docs")


def samples(ids: tuple[str, ...] = ()) -> Iterator[Sample]:
    """A sample of every part, or of these."""
    project = real()
    for paper in project.papers():
        for id_, (page, section) in project.where(paper.id).items():
            if not ids or f"{paper.id}/{id_}" in ids:
                yield _sample(project, paper, paper.records[id_], page, section)


def _sample(project: Project, paper: Paper, record: Record, page: Path, section: Section) -> Sample:
    folder = f"papers/{paper.id}"
    key, text = _record(paper.file.read_text(encoding="utf-8"), record.id), _section(page, section)
    sources = dict.fromkeys(key for key, _, _ in (*cited(text), *cited(key)))
    files = {
        f"{folder}/key.toml": key,
        f"{folder}/{page.name}": text,
        TOPICS: _topics(project, record),
        SOURCES: _sources(project, sources),
        NOTATION: _notation(project, record),
        **{f"topics/{topic}.md": f"# {topic}\n\n``` list topic\n```\n" for topic in record.topics},
    }
    files.setdefault(f"{folder}/index.md", "# The paper\n\n``` list parts\n```\n")
    made = {name: content.encode() for name, content in files.items()}
    return Sample(f"{paper.id}/{record.id}", f"{folder}/key.toml", f"{folder}/{page.name}", made)


def _record(text: str, id_: str) -> str:
    """The head of a key and the tables of one part."""
    kept, current = [], ""
    for line in text.splitlines(keepends=True):
        header = OF_PART.match(line)
        current = header[1].strip('"') if header else current
        kept += [line] if current in ("", id_) else []
    return "".join(kept).rstrip("\n") + "\n"


def _section(page: Path, section: Section) -> str:
    """The front matter of a page and one of its parts."""
    lines = page.read_text(encoding="utf-8").split("\n")
    after = [other.line for other in read_page(page)[0].sections if other.line > section.line]
    end = after[0] - 1 if after else len(lines)
    return "\n".join([*lines[: front_matter(lines)], "", *lines[section.line - 1 : end]]).rstrip("\n") + "\n"


def _topics(project: Project, record: Record) -> str:
    tables = [f"[a.{topic}]\ntitle = {_text(project.topics()[topic])}\n" for topic in record.topics]
    return "\n".join(['[a]\ntitle = "A branch"\n', *tables])


def _sources(project: Project, keys: dict[str, None]) -> str:
    known = project.bibliography().sources
    rows = [(s.key, _text(s.cite), _text(s.text), _text(s.url)) for s in map(known.__getitem__, keys)]
    return "\n".join("[{}]\ncite = {}\ntext = {}\nurl = {}\n".format(*row) for row in rows) or "# none\n"


def _notation(project: Project, record: Record) -> str:
    known = project.conventions()
    return "\n".join(["# Notation\n", *(f"## {known[id_]} {{: #{id_} }}\n" for id_ in record.assumes)])


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def write(sample: Sample, folder: Path) -> Path:
    """The docs folder on disk."""
    for name, content in sample.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def cost(folder: Path) -> float:
    """Seconds of the processor that checking takes once everything is imported."""
    for _ in range(2):
        start, project = time.process_time(), Project(folder)
        list(check(project))
    assert not project.problems, project.problems
    return time.process_time() - start
