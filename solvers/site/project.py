"""The pages and keys of one docs folder, and `check`: everything that the build demands, without building."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from solvers.site import blocks, maths
from solvers.site.key import Paper, Record, load
from solvers.site.parts import Part, no_record, solve
from solvers.site.problems import Problem, shown_path
from solvers.site.source import Fence, Page, Section, find
from solvers.site.text import Values
from solvers.site.text import of as values_of


@dataclass
class Project:
    """A docs folder. Keys are read once per content: a changed file is read again."""

    docs: Path
    problems: list[Problem] = field(default_factory=list)

    @property
    def papers_folder(self) -> Path:
        return self.docs / "papers"

    def topics(self) -> dict[str, str]:
        """id -> title of every topic."""
        file = self.docs / "topics.toml"
        return _topics(file, file.read_bytes()) if file.exists() else {}

    def paper(self, id_: str) -> Paper | None:
        """The paper's key, or None when it has none."""
        file = self.papers_folder / id_ / "key.toml"
        return _load(file, file.read_bytes(), tuple(self.topics().items())) if file.exists() else None

    def papers(self) -> list[Paper]:
        """Every paper that has a key, by id."""
        files = sorted(self.papers_folder.glob("*/key.toml"))
        return [paper for file in files if (paper := self.paper(file.parent.name)) is not None]

    def paper_of(self, file: Path) -> Paper | None:
        """The paper that a page belongs to by the folder it lies in."""
        inside = file.resolve().parent.parent == self.papers_folder.resolve()
        return self.paper(file.resolve().parent.name) if inside else None

    def pages(self, paper: str | None = None) -> list[Path]:
        """The Markdown files of one paper, or of the whole folder."""
        folder = self.papers_folder / paper if paper else self.docs
        return sorted(path for path in folder.rglob("*.md") if not any(p.startswith(".") for p in path.parts))

    def where(self, paper: str) -> dict[str, tuple[Path, Section]]:
        """part id -> (page, section), for the parts that stand on the paper's pages."""
        return {s.part: (page, s) for page in self.pages(paper) for s in read_page(page)[0].sections}

    def values(self, paper: Paper, record: Record) -> Values:
        """What a text about a part may name, without solving it: its givens, and the digits of its key."""
        page, section = self.where(paper.id).get(record.id, (paper.file, None))
        try:
            givens = blocks.givens(section, shown_path(page)) if section is not None else {}
        except blocks.BlockError:  # the part's own page says so
            givens = {}
        return Values(givens, {**record.lines, **record.answer}, shown_path(paper.file), record.id)

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
    try:
        lines = file.read_text(encoding="utf-8").split("\n")
    except UnicodeDecodeError as error:
        return Page(problems=[(1, f"the page is not UTF-8 text: {error}")]), 0
    skipped = front_matter(lines)
    return find(lines[skipped:], skipped + 1), skipped


def front_matter(lines: list[str]) -> int:
    """How many lines the front matter takes, its fences included."""
    if not lines or lines[0].strip() != "---":
        return 0
    return next((n + 1 for n, line in enumerate(lines[1:], start=1) if line.strip() in ("---", "...")), 0)


def check(
    project: Project, only: str | None = None, progress: Callable[[str], None] = lambda _: None
) -> Iterator[Part]:
    """Solve every part (or the one with this full id), collecting all problems in `project.problems`."""
    for paper in project.papers():
        if only and only.partition("/")[0] != paper.id:
            continue
        project.problems += paper.problems
        project.problems += project.unplaced(paper)
        for page in project.pages(paper.id):
            yield from _check_page(project, paper, page, only, progress)
    known = {paper.id for paper in project.papers()}
    for page in project.pages() if only is None else []:
        if page.resolve().parent.name not in known or page.resolve().parent.parent != project.papers_folder.resolve():
            _check_free_page(project, page)


def everything(docs: Path) -> list[Problem]:
    """Every problem of a docs folder: what a build that fails on one page says of all of them."""
    project = Project(docs)
    for _ in check(project):
        pass
    return project.problems


def _check_page(
    project: Project, paper: Paper, page: Path, only: str | None, progress: Callable[[str], None]
) -> Iterator[Part]:
    name = shown_path(page)
    found, _ = read_page(page)
    project.problems += [Problem(name, line, text) for line, text in found.problems]
    for section in found.sections:
        if (only and f"{paper.id}/{section.part}" != only) or section.solution is None:
            continue
        progress(f"{paper.id}/{section.part}")
        missing = no_record(section, paper, name)
        project.problems += [missing] if missing else []
        part = solve(section, paper, name)
        if part is not None:
            project.problems += part.problems
            project.problems += text_problems(part)
            yield part
    _check_rest(project, page, found)


def _check_rest(project: Project, page: Path, found: Page) -> None:
    """What stands outside the parts of a page: lists, parts shown from elsewhere, formulas."""
    name = shown_path(page)
    if found.problems and not found.items:
        return
    project.problems += maths.problems_of(page)
    for fence in found.items:
        if isinstance(fence, Fence):
            try:
                check_fence(fence, project, page)
            except ValueError as error:
                project.problems.append(Problem(name, fence.line, str(error)))


def check_fence(fence: Fence, project: Project, page: Path) -> None:
    """Raise ValueError for a list or a part that does not exist."""
    from solvers.site import listings

    if fence.kind == "list":
        listings.write(fence.argument, project, page, lambda verdict: verdict)
    else:
        paper, _, part = fence.argument.partition("/")
        if project.paper(paper) is None or part not in project.where(paper):
            raise ValueError(f"show: there is no part {fence.argument!r}; write ``` show <paper>/<part>")


def _check_free_page(project: Project, page: Path) -> None:
    name = shown_path(page)
    found, _ = read_page(page)
    project.problems += [Problem(name, line, text) for line, text in found.problems]
    project.problems += [
        Problem(
            name, s.line, f"part {s.part}: no key.toml beside this page; pages of a paper lie in docs/papers/<paper>/"
        )
        for s in found.sections
    ]
    _check_rest(project, page, found)


def text_problems(part: Part) -> list[Problem]:
    """Values that the part's text names and nothing holds, and TeX that cannot be set."""
    from solvers.site import drawing, render

    if part.problems:
        return []
    values = values_of(part)
    section = part.section
    try:
        list(render.text_of(part))
        for figure in part.run.figures:
            drawing.check(figure, part)
    except ValueError as error:
        values.problems.append(
            Problem(
                part.file,
                section.solution.line if section.solution else section.line,
                f"part {part.record.id}: {error}",
            )
        )
    for lines, solved in ((section.question, False), *((hint, False) for hint in section.hints),
                          (section.answer, True), (section.explanation, True)):  # fmt: skip
        values.fill(lines, solved)
    for line, written in _texts_of_key(part):
        values.fill([(line, row) for row in written.split("\n")], True, part.key)
        for tex, display, _ in maths.formulas(written):
            values.problems += maths.problem(part.key, line, tex, display)
    return values.problems


def _texts_of_key(part: Part) -> list[tuple[int, str]]:
    record = part.record
    return [
        (record.line, record.because),
        (record.line, record.text),
        *((rerun.line, rerun.text) for rerun in record.reruns),
    ]


@lru_cache(maxsize=64)
def _load(file: Path, _content: bytes, topics: tuple[tuple[str, str], ...]) -> Paper:
    return load(file, dict(topics))


@lru_cache(maxsize=8)
def _topics(_file: Path, content: bytes) -> dict[str, str]:
    return tomllib.loads(content.decode("utf-8"))
