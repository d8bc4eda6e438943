"""The files that a reader may take along: their list on a page, and their sizes, which are known when the site is built."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from solvers.site import export
from solvers.site.project import Project

DECK, COPY = "take-along/recomputed.apkg", "take-along/recomputed.zip"
PAGE = "take-along/index.html"
LEFT_OUT = "made by <code>make site</code>, left out of this preview."
SIZE = re.compile(r'(<span class="size" data-file="([^"]+)">)([^<]*)(?=</span>)')


@dataclass(frozen=True)
class Download:
    """One file: its address in the site, and what is in it."""

    path: str
    text: str


def files(parts: int) -> tuple[Download, ...]:
    """Everything that is offered, for a site with so many parts."""
    return (
        Download(COPY, "The whole site. Unpack it and open `index.html`: no network is needed, and the search works."),
        Download(DECK, f"{parts} cards for [Anki](https://apps.ankiweb.net/), one for each part."),
        Download("answers.csv", f"The data set as a table of {parts} rows, for a spreadsheet."),
        Download("answers.json", "The data set in full, for a program."),
    )


def listed(project: Project, page: Path, _badge: Callable[[str], str]) -> list[str]:
    """The table of downloads. The links are HTML: the generator knows none of the files yet."""
    above = "../" * (
        len(page.resolve().relative_to(project.docs.resolve()).with_suffix("").parts) - (page.stem == "index")
    )
    rows = ["| file | size | what it is |", "|---|---|---|"]
    for one in files(sum(len(paper.records) for paper in project.papers())):
        name = Path(one.path).name
        if project.preview and one.path in (DECK, COPY):
            rows.append(f"| {name} | – | {one.text} It is {LEFT_OUT} |")
            continue
        link = f'<a href="{above}{one.path}" download>{name}</a>'
        rows.append(f'| {link} | <span class="size" data-file="{one.path}">–</span> | {one.text} |')
    return rows


def example(project: Project, page: Path, _badge: Callable[[str], str]) -> list[str]:
    """One part as the data set has it, as an object and as a row: the shortest that has every kind of entry."""
    parts = export.data(project)["parts"]
    if not parts:
        return []
    id_ = min(parts, key=lambda id_: (-len([x for x in parts[id_].values() if x]), len(json.dumps(parts[id_]))))
    paper = project.paper(id_.partition("/")[0])
    row = export.row_of(id_, parts[id_], str(paper.facts.get("title", paper.id)) if paper else "")
    full = json.dumps({"parts": {id_: parts[id_]}}, ensure_ascii=False, indent=1)
    cells = "\n".join(f"{name}: {value}" for name, value in row.items())
    return ["In `answers.json`:", "", "``` json", full, "```", "",
            "The same part in `answers.csv`, a column per line:", "", "``` text", cells, "```"]  # fmt: skip


def sized(html: str, size: Callable[[str, str], str]) -> str:
    """A page with the sizes filled in; `size` is asked for each path, and told what stands there."""
    return SIZE.sub(lambda match: match[1] + size(match[2], match[3]), html)


def size_of(file: Path) -> str:
    """In words: 12 kB, 3.4 MB."""
    if not file.is_file():
        return "–"
    count = file.stat().st_size
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{max(1, round(count / 1e3))} kB"
