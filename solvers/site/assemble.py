"""Put a page together: run its parts and write the anatomy of each, the same for every part, as Markdown.

HTML that is finished goes through `keep`, which stores it and returns a placeholder, so that the Markdown parser
never reads it. An author's text stays Markdown.
"""

from __future__ import annotations

from solvers.site import (
    checks,
    citations,
    listings,
    maths,
    notebooks,
    numerals,
    reading,
    render,
    study,
)
from solvers.site.anatomy import anatomy
from solvers.site.check import check_fence, topic_page, unfinished
from solvers.site.context import Context
from solvers.site.exam import write as mock_exam
from solvers.site.part import Part
from solvers.site.parts import no_record, solve_once
from solvers.site.problems import Problem, shown_path
from solvers.site.runs import BlockError
from solvers.site.source import Fence, find, without_end


def page(lines: list[str], skipped: int, context: Context) -> tuple[list[str], list[Problem]]:
    """The Markdown of a page with its parts solved and its lists filled, and every problem found on the way."""
    found = find(without_end(lines), skipped + 1)
    unclean = reading.read(context.file).problems
    problems = [Problem(context.name, line, why) for line, why in (*found.problems, *unclean)]
    paper = context.project.paper_of(context.file)
    if context.file.name == "index.md" or context.project.topic_of(context.file):
        problems += context.project.topic_problems()
    problems += context.project.topic_tree().problems
    bibliography = context.project.bibliography()
    problems += [*bibliography.problems, *citations.unknown(context.file, bibliography)]
    if paper is not None:
        problems += paper.problems
        problems += context.project.assumed(paper)
        problems += citations.unknown(paper.file, bibliography)
        problems += unfinished(context.file, found, paper)
    overview = context.file.parent / "index.md"
    if paper is not None and (context.file == overview or not overview.exists()):
        problems += context.project.unplaced(paper)
    out: list[str] = []
    solved: dict[str, Part] = {}
    for item in found.items:
        if isinstance(item, tuple):
            out.append(item[1])
        elif isinstance(item, Fence):
            out += _fence(item, context, problems)
        elif paper is None:
            why = f"part {item.part}: no key.toml beside this page; pages of a paper lie in docs/papers/<paper>/"
            problems.append(Problem(context.name, item.line, why))
        elif item.answered:
            missing = no_record(item, paper, context.name)
            problems += [missing] if missing else []
            part = solve_once(context.project.solved, item, paper, context.name)
            if part is not None:
                out += [] if solved else ["", context.keep(study.show_all()), ""]
                solved[item.part] = part
                out += _part(part, paper.id, context, problems)
    problems += maths.problems_of(context.file)
    problems += topic_page(context.project, context.file, found)
    if solved and not problems:
        out += ["", context.keep(notebooks.link(context.file, context.project.preview)), ""]
    return citations.fill(out, citations.linked(bibliography, context.to(citations.PAGE))), problems


def _fence(fence: Fence, context: Context, problems: list[Problem]) -> list[str]:
    try:
        if fence.kind == "show":
            return _show(fence, context, problems)
        if fence.kind == "check":
            return ["", context.keep(render.checked(checks.steps(fence, context.name))), ""]
        if fence.kind == "exam":
            return mock_exam(fence, context.project, context.file, context.keep, problems)
        return listings.write(fence.argument, context.project, context.file, render.badge)
    except BlockError as error:
        problems.append(Problem(context.name, error.line, str(error)))
    except ValueError as error:
        problems.append(Problem(context.name, fence.line, str(error)))
    return []


def _show(fence: Fence, context: Context, problems: list[Problem]) -> list[str]:
    """A part of a paper's page on another page, its answer and derivation open."""
    check_fence(fence, context.project, context.file)
    paper_id, _, id_ = fence.argument.partition("/")
    paper = context.project.paper(paper_id)
    assert paper is not None
    file, section = context.project.where(paper_id)[id_]
    part = solve_once(context.project.solved, section, paper, shown_path(file))
    if part is None or part.problems:
        problems += part.problems if part else paper.problems
        return []
    return list(anatomy(part, paper_id, context, problems, opened=True))


def _part(part: Part, paper: str, context: Context, problems: list[Problem]) -> list[str]:
    if part.problems:
        problems += part.problems
        return []
    problems += numerals.problems(part)
    heading = f"## {part.record.id} · {part.record.title} {{: #{part.record.id} }}"
    try:
        return [heading, "", *anatomy(part, paper, context, problems)]
    except ValueError as error:  # TeX, a formula or a figure that cannot be made
        problems.append(Problem(part.file, part.section.at, f"part {part.record.id}: {error}"))
        return []
