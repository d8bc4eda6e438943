"""Put a page together: run its parts and write the anatomy of each, the same for every part, as Markdown.

HTML that is finished goes through `keep`, which stores it and returns a placeholder, so that the Markdown parser
never reads it. An author's text stays Markdown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from urllib.parse import urlencode

from solvers.site import (
    asking,
    checks,
    choices,
    citations,
    listings,
    maths,
    notebooks,
    numerals,
    published,
    ranges,
    render,
    study,
    text,
    tries,
    variants,
)
from solvers.site.blocks import solvers_used
from solvers.site.check import check_fence, topic_page, unfinished
from solvers.site.conventions import PAGE as CONVENTIONS
from solvers.site.exam import write as mock_exam
from solvers.site.figures import drawing
from solvers.site.part import Part
from solvers.site.parts import no_record, solve, solve_once
from solvers.site.problems import Problem, shown_path
from solvers.site.project import Project
from solvers.site.runs import BlockError
from solvers.site.source import Fence, find
from solvers.site.text import Values

# kind of a part -> what its working is called
WORKING = {"concept": "Why", "mcq": "Why", "proof": "Proof"}

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

    @cached_property
    def _resolved(self) -> tuple[Path, Path]:
        """The docs folder and this page, links followed."""
        return self.project.docs.resolve(), self.file.resolve()

    def to(self, page: str) -> str:
        """The address of another page of the docs folder, from this one."""
        docs, here = self._resolved
        return listings.address(docs / page, here)


def page(lines: list[str], skipped: int, context: Context) -> tuple[list[str], list[Problem]]:
    """The Markdown of a page with its parts solved and its lists filled, and every problem found on the way."""
    found = find(lines, skipped + 1)
    problems = [Problem(context.name, line, why) for line, why in found.problems]
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
        if not context.project.preview:
            notebooks.remember(context.file, found, solved)
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
    part = solve(section, paper, shown_path(file))
    if part is None or part.problems:
        problems += part.problems if part else paper.problems
        return []
    return list(_anatomy(part, paper_id, context, problems, opened=True))


def _part(part: Part, paper: str, context: Context, problems: list[Problem]) -> list[str]:
    if part.problems:
        problems += part.problems
        return []
    problems += numerals.problems(part)
    heading = f"## {part.record.id} · {part.record.title} {{: #{part.record.id} }}"
    try:
        return [heading, "", *_anatomy(part, paper, context, problems)]
    except ValueError as error:  # TeX, a formula or a figure that cannot be made
        problems.append(Problem(part.file, part.section.at, f"part {part.record.id}: {error}"))
        return []


def _anatomy(part: Part, paper: str, context: Context, problems: list[Problem], opened: bool = False) -> Iterator[str]:
    values, section, keep = text.of(part), part.section, context.keep
    prefix, varied = f"{paper}." if opened else "", not opened and variants.offered(part)

    def slot(name: str, lines: list[str]) -> list[str]:
        if not varied:
            return lines
        return ["", keep(variants.slot(part, name), late=False), "", *lines, "", keep("</div>", late=False), ""]

    yield from ("", *_meta(part, context), "")
    yield from slot("question", [*asking.stem(part, values, keep)])
    yield from choices.asked(part, values, keep)
    if not opened:
        yield from slot("tries", ["", keep(tries.boxes(part)), ""])
    yield from ("", keep(variants.control(part, paper)) if varied else "", "")
    for number, hint in enumerate(section.hints, start=1):
        text_of_hint = slot(f"hint-{number}", values.fill(hint, solved=False))
        yield from _details("hint", f"Hint {number} of {len(section.hints)}", text_of_hint, keep)
    programs = [line for program in part.run.listings for line in ("", keep(render.code(program)), "")]
    answer = [
        *values.fill(section.answer, solved=True),
        "",
        *choices.decided(part, values, keep),
        *_own_text(part, values),
        *programs,
        "",
        keep(render.answers(part)),
    ]
    yield from _details("answer", "Answer", slot("answer", answer), keep, opened)
    working = _working(part, values, context, prefix)
    if working:
        word = WORKING.get(part.record.kind, "Derivation")
        yield from _details("derivation", word, slot("working", working), keep, opened)
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


def _working(part: Part, values: Values, context: Context, prefix: str) -> list[str]:
    """The lines and figures, why it is so, what loses marks, the sources and the code; a concept begins with the why."""
    keep, section = context.keep, part.section
    figures = [keep(drawing.draw(figure, part)) for figure in part.run.figures]
    blocks = [keep(render.derivation(part, prefix=prefix)), keep(render.tables(part)), *figures]
    lines = [line for block in blocks if block for line in (block, "")]
    why = [*values.fill(section.explanation, solved=True), ""]
    out = [*why, *lines] if part.record.kind in ("concept", "mcq") else [*lines, *why]
    if section.marks:
        out += [keep('<div class="marks"><p>What loses marks</p>', late=False), ""]
        out += [*values.fill(section.marks, solved=True), "", keep("</div>", late=False), ""]
    out += _sources(part, context)
    if section.solution is not None:
        out += _details("code", "Code", [keep(_code(part))], keep)
    return out if any(line.strip() for line in out) else []


def _sources(part: Part, context: Context) -> list[str]:
    """The full references of what a part cites, in the order of its text."""
    found = citations.used(part, context.project.bibliography())
    if not found:
        return []
    title = "Sources" if len(found) > 1 else "Source"
    rows = "".join(f'<li>{escape(s.text)} <a href="{escape(s.url)}" rel="external">{escape(s.url.partition("://")[2])}</a></li>'
                   for s in found)  # fmt: skip
    return [context.keep(f'<div class="sources"><p>{title}</p><ul>{rows}</ul></div>'), ""]


def _code(part: Part) -> str:
    """The part's own blocks as a program: the imports that they need, the givens, the solution."""
    section = part.section
    used = solvers_used(section, part.file).items()
    imports = "\n".join(f"from {module} import {', '.join(names)}" for module, names in used)
    solution = section.solution.body if section.solution else ""
    return render.code("\n\n".join(filter(None, (imports, ranges.without(section.givens.body), solution))))


def _published(part: Part, values: Values, keep: Keep) -> list[str]:
    record = part.record
    lines = ["", keep(f"<p>{render.badge(record.verdict)}</p>"), "",
             *_of_key(part, values, record.line, record.because), "", keep(published.table(part)), ""]  # fmt: skip
    for rerun, run in part.reruns:
        story = _of_key(part, values, rerun.line, f"**{published.lead(part, rerun)}.** {rerun.text}")
        lines += ["", keep('<div class="rerun">', late=False), "", *story, "", keep("</div>", late=False), ""]
        lines += [keep(published.rerun_lines(part, run, rerun.lands)), ""]
    if record.unexplained:
        symbols = ", ".join(f"${published.symbol(part, label)[0]}$" for label in record.unexplained)
        lines += ["", f"Could not be reconstructed: {symbols}. No slip that we tried lands on the printed digits.", ""]
    return lines


def _meta(part: Part, context: Context) -> list[str]:
    """Marks, topics and conventions, each with its page, and the verdict."""
    record, keep = part.record, context.keep
    topics, conventions = context.project.topics(), context.project.conventions()
    cells = [keep(f"<span>{record.marks} {'mark' if record.marks == '1' else 'marks'}</span>")] if record.marks else []
    cells += [f"[{topics.get(topic, topic)}]({context.to(f'topics/{topic}.md')})" for topic in record.topics]
    lines = [f"{' '.join(cells)} {keep(render.badge(record.verdict))}", "{: .part-meta }"]
    if record.assumes:
        page = context.to(CONVENTIONS)
        links = ", ".join(f"[{conventions.get(id_, id_)}]({page}#{id_})" for id_ in record.assumes)
        lines += ["", f"Convention{'s' if len(record.assumes) > 1 else ''}: {links}", "{: .part-assumes }"]
    return lines


def _footer(part: Part, paper: str, context: Context) -> list[str]:
    full = f"{paper}/{part.record.id}"
    query = urlencode({"template": "wrong-answer.yml", "title": f"[{full}] ", "part": full})
    report = f"{context.repository.rstrip('/')}/issues/new?{query}"
    address = "" if part.file == context.name else listings.address(Path(part.file).resolve(), context.file.resolve())
    return [
        "",
        f"{context.keep(study.solved(full))} [{full}]({address}#{part.record.id}) [Report a mistake]({report}){{: rel=nofollow }}",
        "{: .part-footer }",
        "",
    ]
