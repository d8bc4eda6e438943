"""The pages and keys of one docs folder, and what stands where in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from solvers.site import blocks, citations, conventions, reading, topics
from solvers.site.citations import Bibliography
from solvers.site.key import load
from solvers.site.problems import Problem, real_path, shown_path
from solvers.site.records import Paper, Record
from solvers.site.source import Page, Section, find, without_end
from solvers.site.text import Values
from solvers.site.topics import Topic, Topics
from solvers.traces import suggestion


@dataclass
class Project:
    """A docs folder, as it is at one moment; a build that begins later makes a project of its own.

    `preview`: it is built for its author to see, without the deck, the notebooks and the copy of the site.
    """

    docs: Path
    preview: bool = False
    problems: list[Problem] = field(default_factory=list)
    _papers: dict[str, Paper | None] = field(default_factory=dict, repr=False)
    _where: dict[str, dict[str, tuple[Path, Section]]] = field(default_factory=dict, repr=False)
    _givens: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict, repr=False)
    solved: dict[tuple[str, str], Any] = field(default_factory=dict, repr=False)  # as parts.Solved has them
    exported: dict[str, dict[str, Any]] = field(default_factory=dict, repr=False)  # part -> its entry of the data set

    @property
    def papers_folder(self) -> Path:
        return self.docs / "papers"

    @cached_property
    def _folders(self) -> tuple[Path, Path]:
        """Where papers and topics lie, as resolved paths."""
        return self.papers_folder.resolve(), (self.docs / "topics").resolve()

    def topics(self) -> Mapping[str, str]:
        """id -> title of every topic."""
        return self._topics.titles

    def topic_tree(self) -> Topics:
        """Every topic with its branch, as topics.toml has them."""
        return self._topics

    @cached_property
    def _topics(self) -> Topics:
        return topics.load(self.docs / "topics.toml")

    def topic_of(self, file: Path) -> Topic | None:
        """The topic whose page this is."""
        return self.topic_tree().known.get(file.stem) if real_path(file).parent == self._folders[1] else None

    def topic_problems(self) -> list[Problem]:
        """What is wrong with the tree of topics: the file, topics without a page, pages without a topic."""
        tree, name = self.topic_tree(), shown_path(self.docs / "topics.toml")
        found = list(tree.problems)
        if found:
            return found
        pages = {path.stem: path for path in sorted((self.docs / "topics").glob("*.md")) if path.stem != "index"}
        found += [Problem(name, topic.line, f"topic {id_} has no page; write docs/topics/{id_}.md with ``` list topic")
                  for id_, topic in tree.known.items() if id_ not in pages]  # fmt: skip
        found += [Problem(shown_path(path), 1, f"the page of a topic that is not in {name}{suggestion(id_, list(tree.known))}")
                  for id_, path in pages.items() if id_ not in tree.known]  # fmt: skip
        return found

    def bibliography(self) -> Bibliography:
        """The sources that texts may cite."""
        return self._bibliography

    @cached_property
    def _bibliography(self) -> Bibliography:
        return citations.load(self.docs / "bibliography.toml")

    def source_problems(self) -> list[Problem]:
        """What is wrong with the bibliography, and the sources that nothing cites."""
        bibliography = self.bibliography()
        keys = [paper.file for paper in self.papers()]
        labs = sorted((self.docs / "labs").glob("*.py"))
        return [*bibliography.problems, *citations.uncited([*self.pages(), *keys, *labs], bibliography)]

    def conventions(self) -> Mapping[str, str]:
        """id -> title of the conventions that parts may rest on."""
        return self._conventions

    @cached_property
    def _conventions(self) -> Mapping[str, str]:
        return conventions.load(self.docs)

    def assumed(self, paper: Paper) -> list[Problem]:
        """Conventions that a key names and the notation page does not have."""
        known, name = self.conventions(), shown_path(paper.file)
        return [Problem(name, record.line, f"part {record.id}: assumes: {id_!r} is no convention of "
                        f"{conventions.PAGE}{suggestion(id_, list(known))}")
                for record in paper.records.values() for id_ in record.assumes if id_ not in known]  # fmt: skip

    def paper(self, id_: str) -> Paper | None:
        """The paper's key, or None when it has none."""
        if id_ not in self._papers:
            file = self.papers_folder / id_ / "key.toml"
            found = _load(file, reading.read(file), tuple(self.topics().items())) if file.exists() else None
            self._papers[id_] = found
        return self._papers[id_]

    def papers(self) -> list[Paper]:
        """Every paper that has a key, by id."""
        return [paper for id_ in self._ids if (paper := self.paper(id_)) is not None]

    @cached_property
    def _ids(self) -> list[str]:
        """Looked up once: every overview of a paper asks for it."""
        return sorted(file.parent.name for file in self.papers_folder.glob("*/key.toml"))

    def paper_of(self, file: Path) -> Paper | None:
        """The paper that a page belongs to by the folder it lies in."""
        folder = real_path(file).parent
        return self.paper(folder.name) if folder.parent == self._folders[0] else None

    def pages(self, paper: str | None = None) -> list[Path]:
        """The Markdown files of one paper, or of the whole folder."""
        folder = self.papers_folder / paper if paper else self.docs
        return sorted(path for path in folder.rglob("*.md") if not any(p.startswith(".") for p in path.parts))

    def where(self, paper: str) -> dict[str, tuple[Path, Section]]:
        """part id -> (page, section), for the parts that stand on the paper's pages; read once per project."""
        if paper not in self._where:
            placed = ((page, section) for page in self.pages(paper) for section in read_page(page)[0].sections)
            self._where[paper] = {section.part: (page, section) for page, section in placed}
        return self._where[paper]

    def values(self, paper: Paper, record: Record) -> Values:
        """What a text about a part may name, without solving it: its givens, and the digits of its key."""
        key = paper.id, record.id
        if key not in self._givens:
            self._givens[key] = self._read_givens(paper, record)
        return Values(self._givens[key], {**record.lines, **record.answer}, shown_path(paper.file), record.id)

    def _read_givens(self, paper: Paper, record: Record) -> dict[str, Any]:
        page, section = self.where(paper.id).get(record.id, (paper.file, None))
        shown = self.solved.get((shown_path(page), record.id))
        if shown and shown[0] == section and shown[2] and shown[2].run.givens:
            return dict(shown[2].run.givens)
        try:
            return blocks.givens(section, shown_path(page)) if section is not None else {}
        except blocks.BlockError:  # the part's own page says so
            return {}

    def unplaced(self, paper: Paper) -> Iterator[Problem]:
        """Records that no page solves, parts that stand on two pages, and a paper without its overview."""
        key = shown_path(paper.file)
        if not (paper.file.parent / "index.md").exists():
            yield Problem(key, 1, "no index.md beside this key; a paper has an overview with ``` list parts")
        seen: dict[str, Path] = {}
        for page in self.pages(paper.id):
            for section in read_page(page)[0].sections:
                if section.part in seen:
                    text = f"part {section.part} stands on {shown_path(seen[section.part])} already; keep one"
                    yield Problem(shown_path(page), section.line, text)
                seen[section.part] = page
        for id_, record in paper.records.items():
            if id_ not in seen:
                yield Problem(
                    key, record.line, f"part {id_}: no page has it; write ``` part {id_} on a page of this folder"
                )


def read_page(file: Path) -> tuple[Page, int]:
    """The page taken apart, and the number of lines of its front matter."""
    return _read_page(reading.read(file))


@lru_cache(maxsize=4096)
def _read_page(taken: reading.Text) -> tuple[Page, int]:
    """Taken apart once for every content; nobody changes a page that was read."""
    if not taken.readable:
        return Page(problems=list(taken.problems)), 0
    lines = taken.text.removeprefix("\ufeff").split("\n")
    skipped = front_matter(lines)
    page = find(without_end(lines[skipped:]), skipped + 1)
    page.problems += taken.problems
    return page, skipped


def front_matter(lines: list[str]) -> int:
    """How many lines the front matter takes, its fences included."""
    if not lines or lines[0].strip() != "---":
        return 0
    return next((n + 1 for n, line in enumerate(lines[1:], start=1) if line.strip() in ("---", "...")), 0)


@lru_cache(maxsize=512)
def _load(file: Path, _content: reading.Text, topics: tuple[tuple[str, str], ...]) -> Paper:
    return load(file, dict(topics))
