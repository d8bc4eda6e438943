"""Every page with parts as a Jupyter notebook beside its HTML. `cells` writes what is in it, `magics` runs it.

A notebook holds no output; running it recomputes the page. The same page gives the same bytes: the ids are names of the
cells, and nothing tells when or where it was made.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from solvers.site import cells, downloads
from solvers.site.cells import Site
from solvers.site.part import Part
from solvers.site.parts import solve_once
from solvers.site.problems import ProblemsFound, shown_path
from solvers.site.project import Project, read_page
from solvers.site.records import Paper
from solvers.site.source import Page
from solvers.site.whole import replace


def site(config: Mapping[str, Any]) -> Site:
    """From the configuration of the site generator."""
    name, address, repository = (config.get(key) or "" for key in ("site_name", "site_url", "repo_url"))
    folders = str(config.get("use_directory_urls", True)).lower() != "false"
    return Site(name, address.rstrip("/"), repository.rstrip("/"), "/" if folders else ".html")


def site_of(project: Project) -> Site:
    """From the mkdocs.yml beside the docs folder, where there is one."""
    import yaml

    file = project.docs.resolve().parent / "mkdocs.yml"
    return site(yaml.load(file.read_text(encoding="utf-8"), yaml.BaseLoader)) if file.exists() else Site()


def solved(project: Project, page: Path, paper: Paper) -> tuple[Page, dict[str, Part]]:
    """A page and its parts, as they were built, or else solved now. Raises ProblemsFound when a part has some."""
    found, _ = read_page(page)
    parts = {section.part: part for section in found.sections if section.answered
             if (part := solve_once(project.solved, section, paper, shown_path(page))) is not None}  # fmt: skip
    problems = [*paper.problems, *(problem for part in parts.values() for problem in part.problems)]
    if problems:
        raise ProblemsFound(problems)
    return found, parts


def link(file: Path, preview: bool = False) -> str:
    """The line at the end of a page. Plain HTML: the generator knows no such file yet."""
    if preview:
        return f'<p class="part-footer notebook">This page as a Jupyter notebook: {downloads.LEFT_OUT}</p>'
    name = f"{file.parent.name}-{file.stem}.ipynb"
    return (f'<p class="part-footer notebook"><a href="{file.stem}.ipynb" download="{name}">'
            "Download this page as a Jupyter notebook</a></p>")  # fmt: skip


def write(project: Project, folder: Path, site: Site) -> list[Path]:
    """Write the notebook of every page with parts beside its HTML. Raises ProblemsFound when a part has some."""
    written = []
    for paper in project.papers():
        for page in project.pages(paper.id):
            found, parts = solved(project, page, paper)
            if parts:
                file = _place(page.relative_to(project.docs), folder)
                file.parent.mkdir(parents=True, exist_ok=True)
                made = cells.Writer(project, page, paper, site).cells(found, parts)
                replace(file, _json(made))
                written.append(file)
    return written


def _place(page: Path, folder: Path) -> Path:
    """Where the page's `link` leads: q4/q4.ipynb beside q4/index.html, q4.ipynb beside q4.html."""
    plain = page.stem == "index" or (folder / page.with_suffix(".html")).exists()
    return folder / (page.parent if plain else page.with_suffix("")) / f"{page.stem}.ipynb"


def _json(made: list[cells.Cell]) -> str:
    """Format 4.5. `v4.new_code_cell` would validate every cell against the schema, which takes longer than all the rest;
    the tests validate every notebook instead.
    """
    from nbformat import from_dict, v4

    ran: dict[str, dict[str, Any]] = {"code": {"execution_count": None, "outputs": []}, "markdown": {}}
    found = [{"cell_type": cell.kind, "id": cell.id, "metadata": cell.metadata, "source": cell.source.strip("\n"), **ran[cell.kind]}
             for cell in made]  # fmt: skip
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return v4.writes(from_dict({"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": found})) + "\n"
