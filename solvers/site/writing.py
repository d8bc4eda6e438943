"""The commands that write: accept, new, export, pack."""

from __future__ import annotations

import argparse
import sys

from solvers.site import edit, notebooks, take_along, variants
from solvers.site import pack as zipped
from solvers.site.labs import files
from solvers.site.labs import values as values_of
from solvers.site.problems import Problem, ProblemsFound
from solvers.site.project import Project
from solvers.site.terminal import fail, one, report


def accept(project: Project, options: argparse.Namespace) -> int:
    """Write computed digits into a key; print the diff."""
    if options.id.startswith("labs/"):
        diff, found = values_of.accept(project.docs, files.find(project.docs, options.id))
        for problem in found:
            print(problem, file=sys.stderr)
        if not found:
            print(diff or f"{options.id}: nothing to change, the key holds what is computed")
        return 1 if found else 0
    part = one(project, options.id)
    if part is None:
        return report(project, options.id)
    if not part.run.items:
        return report(project, options.id)
    paper = project.paper(options.id.partition("/")[0])
    assert paper is not None
    diff = edit.accept(paper.file, part)
    print(diff or f"{options.id}: nothing to change, the key holds what is computed")
    return 0


def new(project: Project, options: argparse.Namespace) -> int:
    """Start a part: a record in the key, a section in the page."""
    for file, line in edit.scaffold(project, options.paper, options.part, options.page):
        print(Problem(file, line, "written"))
    print(f"next: write the question and the solution, then python -m solvers accept {options.paper}/{options.part}")
    return 0


def export(project: Project, options: argparse.Namespace) -> int:
    """Write what is taken along into a built site."""
    if not options.folder.is_dir():
        return fail(f"{options.folder}: there is no such folder; build the site first, or name another")
    try:
        new_numbers = variants.write(project, options.folder)
        for file in [*new_numbers, *take_along.write(project, options.folder, notebooks.site_of(project))]:
            print(file)
    except ProblemsFound as error:
        return fail(str(error))
    return 0


def pack(project: Project, options: argparse.Namespace) -> int:
    """Write a built site as one zip."""
    if not (options.folder / "index.html").is_file():
        return fail(f"{options.folder}: there is no built site; build it first, or name another folder")
    print(zipped.write(options.folder, options.file, notebooks.site_of(project).address))
    return 0
