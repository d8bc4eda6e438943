"""What the lists share: the cells of a table, the addresses of parts and pages, the order of a paper's parts."""

from __future__ import annotations

import os
from pathlib import Path

from solvers.site.project import Project
from solvers.site.records import Paper, Record
from solvers.site.source import prose


def cell(text: str) -> str:
    """A text for one cell of a Markdown table: on one line, and its bars are not column borders."""
    pieces = [
        piece.replace("|", r"\vert ") if kind in ("math", "display") else piece.replace("|", r"\|")
        for kind, piece, _ in prose(" ".join(text.split()))
    ]
    return "".join(pieces)


def link(project: Project, page: Path, paper: Paper, id_: str) -> str:
    """The address of a part's Markdown section, relative to the page."""
    file, _ = project.where(paper.id).get(id_, (paper.file.parent / "index.md", None))
    return f"{address(file, page)}#{id_}"


def address(file: Path, page: Path) -> str:
    """A Markdown file as a page links it; nothing when it is the page itself."""
    return "" if file == page else os.path.relpath(file, page.parent).replace(os.sep, "/")


def ordered(project: Project, paper: Paper) -> list[Record]:
    """The records in the order of the pages, then of the sections."""
    placed = list(project.where(paper.id))
    return sorted(paper.records.values(), key=lambda r: placed.index(r.id) if r.id in placed else len(placed))
