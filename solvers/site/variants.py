"""New numbers on a page: every draw of a part as the HTML that takes the place of the paper's own, one file for each part.

A file holds forms, pieces of HTML with gaps, and for every draw the numbers that go into them, so that it stays small:

    {"slots": ["question", …], "forms": ["<p>… ¤ …</p>", …], "draws": [["0 3.5 0.5|1 2", …], …]}

A draw has a text for every slot: its pieces between `|`, each the number of its form and what fills the gaps. The file is a
script, because a page that was opened from disk may load scripts only. Formulas are left as TeX, which the browser sets.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import shutil
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from solvers.site import cells, citations, deck, draws, maths, notebooks, ranges, render, sources, text, tries, whole
from solvers.site.blocks import solvers_used
from solvers.site.cells import LINK
from solvers.site.part import Part
from solvers.site.problems import ProblemsFound
from solvers.site.project import Project
from solvers.site.records import Paper

FOLDER, KATEX = "new-numbers", "assets/katex/katex.min.js"
GAP = "¤"
NUMBER = re.compile(r"\d+(?:\.\d+)?")
PIECES = re.compile(r"(?<=</li>)|(?<=</p>)|(?<=</tr>)")


def offered(part: Part) -> bool:
    """Does this part have new numbers?"""
    return bool(ranges.declared(part.section.givens).values)


def slot(part: Part, name: str) -> str:
    """The start of an element whose content other numbers replace."""
    return f'<div data-new="{escape(part.record.id)} {name}">'


def control(part: Part, paper: str) -> str:
    """What asks for new numbers; hidden until the script that brings them shows it."""
    full = escape(f"{paper}/{part.record.id}")
    again = '<button type="button" class="md-button" data-back hidden>Back to the paper’s numbers</button>'
    return (f'<p class="new-numbers" data-part="{full}" data-count="{draws.COUNT}" data-search-exclude hidden>'
            f'<button type="button" class="md-button" data-another>New numbers</button> {again} <output aria-live="polite"></output></p>')  # fmt: skip


def write(project: Project, folder: Path) -> list[Path]:
    """Write the new numbers of every part into the built site. Raises ProblemsFound when a part has too few."""
    written, problems = [], []
    for paper in project.papers():
        for page in project.pages(paper.id):
            for part in notebooks.solved(project, page, paper)[1].values():
                if offered(part):
                    made, found = _script(part, paper, project)
                    problems += found
                    written.append(_put(folder / FOLDER / paper.id / f"{part.record.id}.js", made))
    if problems:
        raise ProblemsFound(problems)
    if written:
        (folder / KATEX).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(maths.KATEX, folder / KATEX)
    return written


def _put(file: Path, content: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    whole.replace(file, content)
    return file


def _script(part: Part, paper: Paper, project: Project) -> tuple[str, list]:
    """The file of one part, from the last build where nothing that it follows from has changed."""
    kept = Path.cwd() / ".cache" / FOLDER / paper.id / f"{part.record.id}.json"
    follows = _follows_from(part, project)
    try:
        known = json.loads(kept.read_text(encoding="utf-8"))
        if known["follows"] == follows:
            return known["script"], []
    except (OSError, ValueError, TypeError, KeyError):
        pass
    taken, problems = draws.of(part, paper.id)
    if problems:
        return "", problems
    script = script_of(f"{paper.id}/{part.record.id}", [slots(drawn, project) for drawn in taken])
    with contextlib.suppress(OSError):  # a folder that cannot be written: the next build draws again
        _put(kept, json.dumps({"follows": follows, "script": script}))
    return script, []


def _follows_from(part: Part, project: Project) -> str:
    """A hash of everything that decides the draws: the part's text and record, the sources cited, the code, the versions.

    Not where on its page the part stands, and not its explanation, which no draw shows: an author edits both all the time.
    """
    section = part.section
    options = [(option.label, option.right, _texts(option.text), _texts(option.reason)) for option in section.options]
    texts = [_texts(lines) for lines in (section.question, *section.hints, section.answer)]
    blocks = [section.givens.body, section.solution.body if section.solution else ""]
    cited = list(citations.used(part, project.bibliography()))
    code = sources.behind(solvers_used(section, part.file))
    decisive = [section.part, blocks, texts, options, part.record, part.file, part.key, cited, code]
    return hashlib.sha256(repr(decisive).encode()).hexdigest()  # repr: a line that moves between two blocks is a change


def _texts(lines: Sequence[tuple[int, str]]) -> list[str]:
    return [text for _, text in lines]


def slots(part: Part, project: Project) -> dict[str, str]:
    """slot -> its HTML, for one draw."""
    values, bibliography = text.of(part), project.bibliography()

    def plain(lines: Sequence[tuple[int, str]], solved: bool = True) -> str:
        return LINK.sub(r"\1", citations.plain("\n".join(values.fill(lines, solved)), bibliography))

    def html(lines: Sequence[tuple[int, str]], solved: bool = False) -> str:
        return deck.converted(plain(lines, solved))

    section = part.section
    with render.as_tex():
        made = {"question": html(section.question) + render.givens(part), "tries": tries.boxes(part)}
        made |= {f"hint-{number}": html(hint) for number, hint in enumerate(section.hints, start=1)}
        words = [(part.record.line, row) for row in part.record.text.split("\n")]
        programs = "".join(render.code(program) for program in part.run.listings)
        options = deck.converted("\n\n".join(cells.decided(part, plain)))
        made["answer"] = html(section.answer, True) + options + html(words, True) + programs + render.answers(part)
        made["working"] = render.derivation(part) + render.tables(part)
    return made


def script_of(full: str, drawn: Sequence[dict[str, str]]) -> str:
    """The file for the draws of the part with this full id."""
    names = list(drawn[0])
    pieces = [[_pieces(draw[name]) for name in names] for draw in drawn]
    forms = _Forms(gaps for draw in pieces for slot in draw for gaps in slot)
    made = [["|".join(forms.filled(*gaps) for gaps in slot) for slot in draw] for draw in pieces]
    data = json.dumps({"slots": names, "forms": forms.texts, "draws": made}, ensure_ascii=False, separators=(",", ":"))
    return f"newNumbers({json.dumps(full)},{data});\n"


def _pieces(html: str) -> list[tuple[str, list[str]]]:
    """The pieces of a slot, each with its gaps; of an empty slot one empty piece, since a draw names at least one form."""
    return [_gaps(piece) for piece in PIECES.split(html) if piece] or [("", [])]


def _gaps(html: str) -> tuple[str, list[str]]:
    """A piece with gaps for its numbers, and these."""
    return NUMBER.sub(GAP, html), NUMBER.findall(html)


class _Forms:
    """The distinct pieces; a number that is the same wherever a piece stands is part of it."""

    def __init__(self, found: Iterator[tuple[str, list[str]]]):
        occurrences: dict[str, list[list[str]]] = {}
        for html, numbers in found:
            occurrences.setdefault(html, []).append(numbers)
        self.place = {html: place for place, html in enumerate(occurrences)}
        self.open = {html: [len(set(column)) > 1 for column in zip(*rows)] for html, rows in occurrences.items()}
        self.texts = [_closed(html, self.open[html], rows[0]) for html, rows in occurrences.items()]

    def filled(self, html: str, numbers: list[str]) -> str:
        """One piece as a draw names it: its form, and the numbers for the gaps that are left."""
        left = [number for number, is_open in zip(numbers, self.open[html]) if is_open]
        return " ".join([str(self.place[html]), *left])


def _closed(html: str, is_open: list[bool], numbers: list[str]) -> str:
    texts = html.split(GAP)
    between = [GAP if stays else number for stays, number in zip(is_open, numbers)]
    return texts[0] + "".join(gap + rest for gap, rest in zip(between, texts[1:]))
