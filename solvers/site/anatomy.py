"""The anatomy of a part, the same for every part, as Markdown: question, hints, answer, working, published key."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path
from urllib.parse import urlencode

from solvers.site import (
    asking,
    choices,
    citations,
    published,
    ranges,
    render,
    study,
    text,
    tries,
    variants,
)
from solvers.site.blocks import solvers_used
from solvers.site.context import Context, Keep
from solvers.site.conventions import PAGE as CONVENTIONS
from solvers.site.figures import drawing
from solvers.site.linking import address
from solvers.site.part import Part
from solvers.site.problems import Problem
from solvers.site.text import Values

# kind of a part -> what its working is called
WORKING = {"concept": "Why", "mcq": "Why", "proof": "Proof"}


def anatomy(part: Part, paper: str, context: Context, problems: list[Problem], opened: bool = False) -> Iterator[str]:
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
    page = "" if part.file == context.name else address(Path(part.file).resolve(), context.file.resolve())
    return [
        "",
        f"{context.keep(study.solved(full))} [{full}]({page}#{part.record.id}) [Report a mistake]({report}){{: rel=nofollow }}",
        "{: .part-footer }",
        "",
    ]
