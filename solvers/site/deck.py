"""All parts as a deck of cards for Anki: the question in front, the answer and the verdict behind.

The ids of the deck, of its kind of note and of every note are fixed, so that importing a newer deck updates the cards that a
reader has, and keeps what Anki knows of them. Anki takes a note over when it was changed later: a deck bears the time of
its build (SOURCE_DATE_EPOCH, where that is set, and then two builds are the same to the byte).
"""

from __future__ import annotations

import os
import tempfile
import time
import zipfile
from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import escape
from importlib.metadata import version
from pathlib import Path
from typing import Any

from solvers.dialects import TEX, write_value
from solvers.notation import tex_name
from solvers.site import archive, cells, notebooks, render, text
from solvers.site.cells import Site
from solvers.site.part import Part
from solvers.site.project import Project
from solvers.site.records import Paper
from solvers.site.rendered import rendered

# Never to be changed: they are how Anki knows the deck and the kind of note again.
DECK, MODEL, SEED = 1_846_302_917, 1_295_740_386, "recomputed"
FIELDS = ("Part", "Paper", "Title", "Question", "Answer", "Verdict", "Page")
FRONT = '<p class="where">{{Paper}} · {{Part}}</p><h2>{{Title}}</h2>{{Question}}'
BACK = '{{FrontSide}}<hr id="answer">{{Answer}}{{Verdict}}<p class="where">{{Page}}</p>'
STYLE = """.card { max-width: 38em; margin: 0 auto; padding: 0 1em; font: 1.1em/1.5 Georgia, serif; text-align: left; }
.where { font: .75em/1.5 system-ui, sans-serif; opacity: .8; }
table { border-collapse: collapse; } td, th { padding: .2em .6em; border: 1px solid; }
pre { overflow-x: auto; font-size: .85em; }"""
MARKDOWN = ["attr_list", "tables", "pymdownx.arithmatex", "pymdownx.highlight", "pymdownx.superfences"]
SETTINGS = {"pymdownx.arithmatex": {"generic": True}, "pymdownx.highlight": {"use_pygments": False}}


def write(project: Project, file: Path, site: Site) -> Path:
    """Write the deck. Raises ProblemsFound when a part has some."""
    import genanki

    model = genanki.Model(MODEL, "Recomputed part", fields=[{"name": name} for name in FIELDS], css=STYLE,
                          templates=[{"name": "Part", "qfmt": FRONT, "afmt": BACK}])  # fmt: skip
    deck = genanki.Deck(DECK, "Recomputed", f"Worked solutions, recomputed. Texts CC BY 4.0. {site.address}".strip())
    for fields, tags in _cards(project, site):
        guid = genanki.guid_for(SEED, fields[0])
        deck.add_note(genanki.Note(model, fields, guid=guid, tags=tags, due=len(deck.notes)))
    return _write(genanki.Package(deck), file)


def _write(package: Any, file: Path) -> Path:
    """The library's archive bears the time at which a file was written; ours does not."""
    made = float(os.environ.get("SOURCE_DATE_EPOCH") or int(time.time()))
    with tempfile.TemporaryDirectory() as folder:
        package.write_to_file(f"{folder}/deck.apkg", timestamp=made)
        with zipfile.ZipFile(f"{folder}/deck.apkg") as written:
            entries = {name: written.read(name) for name in written.namelist()}
    return archive.write(file, entries)


def _cards(project: Project, site: Site) -> Iterator[tuple[list[str], list[str]]]:
    """The fields and the tags of every part, in the order of the pages."""
    for paper in project.papers():
        for page in project.pages(paper.id):
            _, parts = notebooks.solved(project, page, paper)
            writer = cells.Writer(project, page, paper, site)
            yield from (_card(part, paper, writer) for part in parts.values())


def _card(part: Part, paper: Paper, writer: cells.Writer) -> tuple[list[str], list[str]]:
    record, values, id_ = part.record, text.of(part), f"{paper.id}/{part.record.id}"

    def fill(lines: Sequence[tuple[int, str]], solved: bool = True) -> str:
        return writer.plain(values.fill(lines, solved)).strip()

    because = fill([(record.line, record.because)])
    verdict = f"**{render.BADGES[record.verdict][1]}.** {because}"
    address = f"{writer.address(writer.page)}#{record.id}"
    page = f'<a href="{escape(address)}">{escape(address)}</a>' if writer.site.address else ""
    marks = f" ({record.marks} {'mark' if record.marks == '1' else 'marks'})" if record.marks else ""
    programs = "".join(f"<pre><code>{escape(program)}</code></pre>" for program in part.run.listings)
    answer = html("\n\n".join(filter(None, cells.answer(part, fill)))) + programs
    fields = [id_, escape(str(paper.facts.get("title", paper.id))), inline(record.title) + marks,
              html(_question(part, fill)), answer, html(verdict), page]  # fmt: skip
    return fields, [f"paper::{paper.id}", *(f"topic::{topic}" for topic in record.topics), f"verdict::{record.verdict}"]


def _question(part: Part, fill: cells.Fill) -> str:
    """What is asked, the given numbers, the options."""
    given = [f"${tex_name(name)} = {write_value(value, TEX)}$" for name, value in part.run.givens.items()
             if tex_name(name) != write_value(value, TEX) and str(value) != name]  # fmt: skip
    options = "\n".join(f"- **{option.label}.** {fill(option.text, False)}" for option in part.section.options)
    return "\n\n".join(
        filter(None, [fill(part.section.question, False), f"Given: {', '.join(given)}" if given else "", options])
    )


def html(markdown: str) -> str:
    r"""Markdown as HTML, its formulas as \( … \), which Anki renders; kept from build to build."""
    return rendered(_renderer(), markdown, lambda: converted(markdown))


def converted(markdown: str) -> str:
    """The same, made anew."""
    return _converter().reset().convert(markdown)


@lru_cache(maxsize=1)
def _converter() -> Any:
    from markdown import Markdown

    return Markdown(extensions=MARKDOWN, extension_configs=SETTINGS)


@lru_cache(maxsize=1)
def _renderer() -> str:
    """All that the HTML depends on beside the text."""
    versions = " ".join(version(package) for package in ("Markdown", "pymdown-extensions"))
    return f"card {versions} {MARKDOWN} {SETTINGS}"


def inline(markdown: str) -> str:
    """A title: without the paragraph around it."""
    return html(markdown).removeprefix("<p>").removesuffix("</p>")
