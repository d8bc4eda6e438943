"""Everything that the build demands, without building: what the command line, the tests and a failed build share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from solvers.site import checks, citations, exam, listings, maths, numerals, render
from solvers.site.figures import drawing
from solvers.site.labs import files
from solvers.site.part import Part
from solvers.site.parts import no_record, solve
from solvers.site.problems import Problem, real_path, shown_path
from solvers.site.project import Project, read_page
from solvers.site.records import Paper
from solvers.site.runs import BlockError
from solvers.site.source import Fence, Page
from solvers.site.text import of as values_of


def check(
    project: Project, only: str | None = None, progress: Callable[[str], None] = lambda _: None
) -> Iterator[Part]:
    """Solve every part (or the one with this full id), collecting all problems in `project.problems`."""
    beside_pages(project, only)
    for paper, page in pages(project, only):
        yield from check_page(project, paper, page, only, progress)


def beside_pages(project: Project, only: str | None = None) -> None:
    """What is checked of the topics, the sources, the labs and the keys, before any page."""
    if only is None:
        project.problems += project.topic_problems()
        project.problems += project.source_problems()
        project.problems += files.problems(project.docs)
    for paper in project.papers():
        if only and only.partition("/")[0] != paper.id:
            continue
        project.problems += paper.problems
        project.problems += project.unplaced(paper)
        project.problems += project.assumed(paper)
        project.problems += citations.unknown(paper.file, project.bibliography())


def pages(project: Project, only: str | None = None) -> list[tuple[str, Path]]:
    """(paper, page) of the pages to check, each without the rest; the paper is "" for a page that belongs to none."""
    ids = [paper.id for paper in project.papers()]
    found = [(id_, page) for id_ in ids if not only or only.partition("/")[0] == id_ for page in project.pages(id_)]
    folders = {(project.papers_folder / id_).resolve() for id_ in ids}
    free = [page for page in project.pages() if real_path(page).parent not in folders] if only is None else []
    return [*found, *(("", page) for page in free)]


def check_page(
    project: Project, paper: str, page: Path, only: str | None = None, progress: Callable[[str], None] = lambda _: None
) -> Iterator[Part]:
    """Solve the parts of one page; its problems are collected in `project.problems`."""
    known = project.paper(paper) if paper else None
    if known is None:
        _check_free_page(project, page)
    else:
        yield from _check_page(project, known, page, only, progress)


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
        if (only and f"{paper.id}/{section.part}" != only) or not section.answered:
            continue
        progress(f"{paper.id}/{section.part}")
        missing = no_record(section, paper, name)
        project.problems += [missing] if missing else []
        part = solve(section, paper, name)
        if part is not None:
            project.problems += part.problems
            project.problems += text_problems(part)
            yield part
    project.problems += unfinished(page, found, paper)
    _check_rest(project, page, found)


def _check_rest(project: Project, page: Path, found: Page) -> None:
    """What stands outside the parts of a page: lists, parts shown from elsewhere, formulas."""
    name = shown_path(page)
    if found.problems and not found.items:
        return
    project.problems += maths.problems_of(page)
    project.problems += citations.unknown(page, project.bibliography())
    for fence in found.items:
        if isinstance(fence, Fence):
            try:
                check_fence(fence, project, page)
            except BlockError as error:
                project.problems.append(Problem(name, error.line, str(error)))
            except ValueError as error:
                project.problems.append(Problem(name, fence.line, str(error)))
    project.problems += topic_page(project, page, found)


def check_fence(fence: Fence, project: Project, page: Path) -> None:
    """Raise ValueError for a list or a part that does not exist, and for a step that does not hold."""
    if fence.kind == "check":
        checks.steps(fence, shown_path(page))
    elif fence.kind == "list":
        listings.write(fence.argument, project, page, lambda verdict: verdict)
    elif fence.kind == "exam":
        exam.pages(fence, project, page)
    else:
        paper, _, part = fence.argument.partition("/")
        if project.paper(paper) is None or part not in project.where(paper):
            raise ValueError(f"show: there is no part {fence.argument!r}; write ``` show <paper>/<part>")


def topic_page(project: Project, page: Path, found: Page) -> list[Problem]:
    """The page of a topic lists its parts."""
    lists = [item.argument for item in found.items if isinstance(item, Fence) and item.kind == "list"]
    if project.topic_of(page) is None or "topic" in lists:
        return []
    return [Problem(shown_path(page), 1, "the page of a topic lists the parts that use it; add ``` list topic")]


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


def unfinished(page: Path, found: Page, paper: Paper) -> list[Problem]:
    """Places that a scaffold left for the author to fill."""
    name, key = shown_path(page), shown_path(paper.file)
    problems = []
    for section in found.sections:
        record = paper.records.get(section.part)
        if record and "TODO" in record.title + record.because + record.text:
            problems.append(Problem(key, record.line, f"part {record.id}: its record still says TODO"))
        fences = [fence for fence in (section.givens, section.solution) if fence is not None]
        lines = [line for text, _ in section.texts() for line in text]
        lines += [(fence.line + n, row) for fence in fences for n, row in enumerate(fence.body.split("\n"), start=1)]
        left = sorted(line for line, text in lines if "TODO" in text)
        problems += [Problem(name, left[0], f"part {section.part}: the page still says TODO")] if left else []
    return problems


def text_problems(part: Part) -> list[Problem]:
    """Values that the part's text names and nothing holds, and TeX that cannot be set."""
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
                section.at,
                f"part {part.record.id}: {error}",
            )
        )
    values.problems += numerals.problems(part)
    for lines, solved in section.texts():
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
        *((again.line, again.text) for again in (*record.reruns, *record.readings)),
    ]
