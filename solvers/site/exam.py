"""A paper as a mock exam: all of its questions as they stand on their pages, with room for own answers and nothing that
answers them. What its reader does there, docs/assets/exam.js keeps; until that runs, only the questions and links are shown.

The fence stands in exam.md beside the key. Its argument names pages, or patterns of their names; without one, all are taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from fnmatch import fnmatch
from html import escape
from pathlib import Path

from solvers.site import tries
from solvers.site.asking import asked
from solvers.site.part import Part
from solvers.site.parts import Solved, solve_once
from solvers.site.problems import Problem, shown_path
from solvers.site.project import Project, front_matter, read_page
from solvers.site.records import Paper, Record
from solvers.site.source import Fence, Section
from solvers.site.text import of as values_of

Keep = Callable[..., str]
NAME = "exam.md"
CLOCK = (
    '<div class="exam-bar" role="group" aria-label="Clock" hidden>'
    '<label>Minutes <input type="number" name="minutes" min="1" max="600" required autocomplete="off" value="{minutes}"></label>'
    '<button type="button" class="md-button" data-do="clock">Start</button>'
    '<span class="exam-time" role="timer"></span>'
    '<button type="button" class="md-button" data-do="hide">Hide clock</button>'
    '<output class="exam-over"></output></div><p class="exam-unkept" role="status" hidden></p>'
)
END = (
    '<div class="exam-end" role="group" aria-label="The end of the exam" hidden>'
    '<button type="button" class="md-button" data-do="finish">Finish</button>'
    '<button type="button" class="md-button" data-do="export">Export as a file</button>'
    '<button type="button" class="md-button" data-do="delete">Delete this exam</button>'
    '<output class="exam-total"></output><output class="exam-status"></output></div>'
)
OWN = (
    '<div class="exam-own" role="group" aria-label="Your answer to {id}" hidden>{boxes}'
    '<label>Your answer to {id}<textarea name="text {id}" rows="5" autocomplete="off"></textarea></label></div>'
    '<div class="exam-review" hidden><div><p class="exam-label">Your answer</p><p class="exam-said"></p></div>'
    '<div class="exam-solution"></div><p class="exam-mark">{mark}</p></div>'
)
MARK = (
    '<label>Your marks for {id} <input type="number" name="marks {id}" min="0" max="{marks}" step="0.5"'
    ' inputmode="decimal" autocomplete="off"> of {marks}</label>'
)


def pages(fence: Fence, project: Project, file: Path) -> list[Path]:
    """The pages of the exam, in its order. Raises ValueError where it cannot be one."""
    paper = project.paper_of(file)
    if paper is None or file.name != NAME:
        raise ValueError(f"``` exam stands in {NAME} of a paper, beside its key.toml")
    if not _unsearched(file):
        raise ValueError(
            "the search leads to solutions, not to this page; add to its front matter: search: {exclude: true}"
        )
    known = list(dict.fromkeys(page for page, _ in project.where(paper.id).values()))
    found: list[Path] = []
    for pattern in fence.argument.split() or ["*"]:
        matching = [page for page in known if fnmatch(page.stem, pattern)]
        if not matching:
            raise ValueError(
                f"exam: no page with parts is called {pattern!r}; there is {', '.join(p.stem for p in known)}"
            )
        found += [page for page in matching if page not in found]
    return found


def _unsearched(file: Path) -> bool:
    """Does the front matter keep the page out of the index of the search?"""
    import yaml

    lines = file.read_text(encoding="utf-8").split("\n")
    meta = yaml.safe_load("\n".join(lines[1 : max(1, front_matter(lines) - 1)])) or {}
    search = meta.get("search")
    return isinstance(search, dict) and search.get("exclude") is True


def write(fence: Fence, project: Project, file: Path, keep: Keep, problems: list[Problem]) -> list[str]:
    """The Markdown of the exam. Raises ValueError where it cannot be one."""
    placed = pages(fence, project, file)
    paper = project.paper_of(file)
    assert paper is not None
    sections = {page: [s for s in read_page(page)[0].sections if s.part in paper.records] for page in placed}
    records = [paper.records[section.part] for found in sections.values() for section in found]
    title = escape(str(paper.facts.get("title", paper.id)), quote=True)
    head = f'<div class="exam" tabindex="-1" data-paper="{escape(paper.id)}" data-title="{title}">'
    clock = CLOCK.format(minutes=paper.facts.get("minutes", ""))
    out = ["", *_introduction(paper, records), "", keep(head, late=False), "", keep(clock), ""]
    for page, found in sections.items():
        out += [*_stem(page), ""]
        for section in found:
            out += _part(section, paper, page, project.solved, keep, problems)
    return [*out, "", keep(END), "", keep("</div>", late=False), ""]


def _introduction(paper: Paper, records: list[Record]) -> Iterator[str]:
    """How much there is to do, and how long the paper allows."""
    marks, facts = sum(Decimal(record.marks) for record in records if record.marks), paper.facts
    without = sum(not record.marks for record in records)
    rest = facts.get("parts", 0) - len(paper.records)
    yield f"{_many(len(records), 'part')}, {_many(marks, 'mark')} in all."
    if facts.get("marks", str(marks)) != str(marks):
        yield f"The paper prints a total of {facts['marks']}."
    if without:
        yield f"{_many(without, 'part')} {'bears' if without == 1 else 'bear'} no marks."
    if rest > 0:
        yield f"{_many(rest, 'more part')} of this paper {'is' if rest == 1 else 'are'} not solved here yet."
    if "minutes" in facts:
        yield f"The paper allows {facts['minutes']} minutes{' for all of its parts' if rest > 0 else ''}."
    else:
        yield "Our copy of the paper states no duration."


def _many(count: int | Decimal, one: str) -> str:
    return f"{count} {one if count == 1 else f'{one}s'}"


def _stem(page: Path) -> Iterator[str]:
    """What a page says before its first part, its title one level lower."""
    yield ""
    for item in read_page(page)[0].items:
        if not isinstance(item, tuple):
            return
        yield f"#{item[1]}" if item[1].startswith("# ") else item[1]


def _part(section: Section, paper: Paper, page: Path, known: Solved, keep: Keep, problems: list[Problem]) -> list[str]:
    part = solve_once(known, section, paper, shown_path(page)) if section.answered else None
    if part is None or part.problems:  # the part's own page says so, too
        problems += part.problems if part else []
        return []
    id_, marks, values = part.record.id, part.record.marks, values_of(part)
    told = f" · {_many(Decimal(marks), 'mark')}" if marks else ""
    out = [keep(f'<div class="exam-part" data-part="{escape(id_)}">', late=False), "",
           f"### {id_}{told} {{: #exam-{id_} }}", "", *asked(part, values, keep, judged=False), "",
           keep(_own(part)), "", f"[Solution of {id_}]({page.name}#{id_})", "{: .exam-link }", "",
           keep("</div>", late=False), ""]  # fmt: skip
    problems += values.problems
    return out


def _own(part: Part) -> str:
    """Room for the own answer, and for what is seen after it: the answer again, the solution, the own marks."""
    id_, marks = escape(part.record.id), part.record.marks
    mark = MARK.format(id=id_, marks=marks) if marks else "This part bears no marks."
    return OWN.format(id=id_, boxes=tries.unjudged(part), mark=mark)
