"""Put a page together: run its parts and write the anatomy of each, the same for every part, as Markdown.

HTML that is finished goes through `keep`, which stores it and returns a placeholder, so that the Markdown parser
never reads it. An author's text stays Markdown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import urlencode

from solvers.site import drawing, listings, maths, published, render, text
from solvers.site.blocks import solvers_used
from solvers.site.check import check_fence, unfinished
from solvers.site.key import Rerun
from solvers.site.parts import Part, no_record, solve
from solvers.site.problems import Problem, shown_path
from solvers.site.project import Project
from solvers.site.source import Fence, find
from solvers.site.text import Values

Keep = Callable[..., str]  # (html, late=True): late HTML is unseen by the generator's plugins


@dataclass
class Context:
    """Where a page stands: the project, its file, the repository's address, and how finished HTML is kept."""

    project: Project
    file: Path
    repository: str
    keep: Keep

    @property
    def name(self) -> str:
        return shown_path(self.file)


def page(lines: list[str], skipped: int, context: Context) -> tuple[list[str], list[Problem]]:
    """The Markdown of a page with its parts solved and its lists filled, and every problem found on the way."""
    found = find(lines, skipped + 1)
    problems = [Problem(context.name, line, why) for line, why in found.problems]
    paper = context.project.paper_of(context.file)
    problems += context.project.topic_problems()
    if paper is not None:
        problems += paper.problems
        problems += unfinished(context.file, found, paper)
    overview = context.file.parent / "index.md"
    if paper is not None and (context.file == overview or not overview.exists()):
        problems += context.project.unplaced(paper)
    out: list[str] = []
    for item in found.items:
        if isinstance(item, tuple):
            out.append(item[1])
        elif isinstance(item, Fence):
            out += _fence(item, context, problems)
        elif paper is None:
            why = f"part {item.part}: no key.toml beside this page; pages of a paper lie in docs/papers/<paper>/"
            problems.append(Problem(context.name, item.line, why))
        elif item.solution is not None:
            missing = no_record(item, paper, context.name)
            problems += [missing] if missing else []
            part = solve(item, paper, context.name)
            out += _part(part, paper.id, context, problems) if part else []
    problems += maths.problems_of(context.file)
    return out, problems


def _fence(fence: Fence, context: Context, problems: list[Problem]) -> list[str]:
    try:
        if fence.kind == "show":
            return _show(fence, context, problems)
        return listings.write(fence.argument, context.project, context.file, render.badge)
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
    part = solve(section, paper, shown_path(file))
    if part is None or part.problems:
        problems += part.problems if part else paper.problems
        return []
    return list(_anatomy(part, paper_id, context, problems, opened=True))


def _part(part: Part, paper: str, context: Context, problems: list[Problem]) -> list[str]:
    if part.problems:
        problems += part.problems
        return []
    heading = f"## {part.record.id} · {part.record.title} {{: #{part.record.id} }}"
    try:
        return [heading, "", *_anatomy(part, paper, context, problems)]
    except ValueError as error:  # TeX, a formula or a figure that cannot be made
        assert part.section.solution is not None
        problems.append(Problem(part.file, part.section.solution.line, f"part {part.record.id}: {error}"))
        return []


def _anatomy(part: Part, paper: str, context: Context, problems: list[Problem], opened: bool = False) -> Iterator[str]:
    values, section, keep = text.of(part), part.section, context.keep
    prefix = f"{paper}." if opened else ""
    yield from ("", keep(_meta(part, context)), "")
    yield from values.fill(section.question, solved=False)
    yield from ("", keep(render.givens(part)), "")
    for number, hint in enumerate(section.hints, start=1):
        yield from _details("hint", f"Hint {number} of {len(section.hints)}", values.fill(hint, solved=False), keep)
    programs = [line for program in part.run.listings for line in ("", keep(render.code(program)), "")]
    answer = [
        *values.fill(section.answer, solved=True),
        "",
        *_own_text(part, values),
        *programs,
        "",
        keep(render.answers(part)),
    ]
    yield from _details("answer", "Answer", answer, keep, opened)
    yield from _details("derivation", "Derivation", _derivation(part, values, keep, prefix), keep, opened)
    if part.record.printed or part.record.verdict != "unkeyed":
        yield from _details("published-key", "Published key", _published(part, values, keep), keep, opened)
    else:
        yield from ("", *_of_key(part, values, part.record.line, part.record.because), "")
    yield from _footer(part, paper, context)
    problems += values.problems


def _details(kind: str, summary: str, lines: list[str], keep: Keep, opened: bool = False) -> list[str]:
    """A native reveal, closed; its text stays out of the search index so that no result spoils it."""
    state = " open" if opened else ""
    head = f'<details class="reveal {kind}" data-search-exclude{state}><summary>{summary}</summary>'
    return ["", keep(head, late=False), "", *lines, "", keep("</details>", late=False), ""]


def _own_text(part: Part, values: Values) -> list[str]:
    return _of_key(part, values, part.record.line, part.record.text) if part.record.text else []


def _of_key(part: Part, values: Values, line: int, text: str) -> list[str]:
    """A text of the key with its values."""
    return values.fill([(line, row) for row in text.split("\n")], solved=True, file=part.key)


def _derivation(part: Part, values: Values, keep: Keep, prefix: str) -> list[str]:
    figures = [keep(drawing.draw(figure, part)) for figure in part.run.figures]
    blocks = [keep(render.derivation(part, prefix=prefix)), keep(render.tables(part)), *figures]
    spaced = [line for block in blocks for line in (block, "")]
    return [
        *spaced,
        *values.fill(part.section.explanation, solved=True),
        "",
        *_details("code", "Code", [keep(_code(part))], keep),
    ]


def _code(part: Part) -> str:
    """The part's own blocks as a program: the imports that they need, the givens, the solution."""
    section = part.section
    assert section.solution is not None
    used = solvers_used(section, part.file).items()
    imports = "\n".join(f"from {module} import {', '.join(names)}" for module, names in used)
    return render.code(f"{imports}\n\n{section.givens.body}\n\n{section.solution.body}")


def _published(part: Part, values: Values, keep: Keep) -> list[str]:
    record = part.record
    lines = ["", keep(f"<p>{render.badge(record.verdict)}</p>"), "",
             *_of_key(part, values, record.line, record.because), "", keep(published.table(part)), ""]  # fmt: skip
    for rerun, run in part.reruns:
        lines += ["", *_of_key(part, values, rerun.line, _lead(part, rerun) + rerun.text), ""]
        lines += [keep(published.rerun_lines(part, run, rerun.lands)), ""]
    if record.unexplained:
        symbols = ", ".join(f"${published.symbol(part, label)[0]}$" for label in record.unexplained)
        lines += ["", f"Could not be reconstructed: {symbols}. No slip that we tried lands on the printed digits.", ""]
    return lines


def _lead(part: Part, rerun: Rerun) -> str:
    if rerun in part.record.conventions:
        return "**The convention.** "
    return "**Rounding.** " if rerun is part.record.rounding else "**The slip.** "


def _meta(part: Part, context: Context) -> str:
    record = part.record
    titles = context.project.topics()
    facts = [f"{record.marks} {'mark' if record.marks == '1' else 'marks'}"] if record.marks else []
    facts += [titles.get(topic, topic) for topic in record.topics]
    cells = "".join(f"<span>{escape(fact)}</span>" for fact in facts)
    return f'<p class="part-meta">{cells}{render.badge(record.verdict)}</p>'


def _footer(part: Part, paper: str, context: Context) -> list[str]:
    full = f"{paper}/{part.record.id}"
    query = urlencode({"template": "wrong-answer.yml", "title": f"[{full}] ", "part": full})
    report = f"{context.repository.rstrip('/')}/issues/new?{query}"
    address = "" if part.file == context.name else listings.address(Path(part.file).resolve(), context.file.resolve())
    return [
        "",
        f"[{full}]({address}#{part.record.id}) [Report a mistake]({report}){{: rel=nofollow }}",
        "{: .part-footer }",
        "",
    ]
