"""The commands that read and tell: check, certify, show, draws, verify."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from solvers.site import draws as drawing
from solvers.site import parallel, ranges, render, tally
from solvers.site import verify as verifying
from solvers.site.check import check as checked
from solvers.site.labs import files
from solvers.site.labs import values as values_of
from solvers.site.part import Part
from solvers.site.project import Project
from solvers.site.terminal import Progress, exists, fail, one, report, unknown


def check(project: Project, options: argparse.Namespace) -> int:
    """Recompute parts, or one lab, and compare them with their keys."""
    if (options.id or "").startswith("labs/"):
        return _check_lab(project, options.id)
    progress = Progress()
    jobs = 1 if options.id else options.jobs or parallel.default(project)
    counted, last = parallel.Tally(), None
    if jobs > 1:
        counted = parallel.check_all(project, jobs, progress.tell)
    else:
        for part in checked(project, options.id, progress.tell):  # forgotten one by one: all of them are large
            counted.add(part)
            last = part
    progress.clear()
    if options.id and not exists(project, options.id):
        return fail(unknown(project, options.id))
    if options.id and last is not None and not project.problems:  # of all parts, the build draws
        project.problems += drawing.of(last, options.id.partition("/")[0])[1]
    problems = sorted(set(project.problems))
    for problem in problems:
        print(problem, file=sys.stderr)
    papers = len({paper.id for paper in project.papers()})
    summary = f"{counted.parts} parts, {counted.lines} lines, {papers} papers"
    if problems:
        return fail(f"{summary}: {len(problems)} {'problem' if len(problems) == 1 else 'problems'}")
    labs = len(files.labs(project.docs))
    print(f"{summary}: every number agrees with its key" + (f"; a build compares {labs} labs" if labs else ""))
    return 0


def _check_lab(project: Project, id_: str) -> int:
    """Run one lab, without a kernel, and compare it."""
    lab = files.find(project.docs, id_)
    found = files.problems(project.docs, lab.name)
    if not found:
        values, found = values_of.run(lab)
        found = found or values_of.disagreements(lab, values, files.load(project.docs))
    for problem in sorted(set(found)):
        print(problem, file=sys.stderr)
    if not found:
        print(f"{id_}: {len(values)} numbers agree with the key")
    return 1 if found else 0


def certify(project: Project, options: argparse.Namespace) -> int:
    """Prove every digit of parts in interval arithmetic."""
    from solvers.site.certificates import certify_all  # needs python-flint, which nothing else does

    if options.write and options.ids:
        return fail("certify: --write tells of all parts; leave the ids out")
    progress = Progress()
    parts = [part for id_ in options.ids or [None] for part in checked(project, id_, progress.tell)]
    for id_ in options.ids:
        if not exists(project, id_):
            return fail(unknown(project, id_))
    problems = sorted(set(project.problems))
    if not problems:
        told = certify_all(project.docs, _each(parts, progress), whole=not options.ids)
        problems = sorted(set(told.problems))
    progress.clear()
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        return fail(f"{len(parts)} parts: {len(problems)} {'problem' if len(problems) == 1 else 'problems'}")
    print(f"{len(parts)} parts, {told}")
    if options.write:
        print(tally.write_certified(project, told.figures()))
    return 0


def _each(parts: list[Part], progress: Progress) -> Iterator[Part]:
    for part in parts:
        progress.tell(f"{Path(part.key).parent.name}/{part.record.id}")
        yield part


def show(project: Project, options: argparse.Namespace) -> int:
    """Print the derivation of a part."""
    part = one(project, options.id)
    if part is None:
        return report(project, options.id)
    print(f"{options.id}  {part.record.title}  [{' '.join(render.BADGES[part.record.verdict])}]")
    if part.problems:
        return report(project, options.id)
    for line in render.text_of(part):
        print(line)
    for label, source in part.run.answers.items():
        print(f"answer  {label} = {part.shown[label]}" + ("" if label == source else f"  (line {source})"))
    return 0


def draws(project: Project, options: argparse.Namespace) -> int:
    """Draw new numbers and print them."""
    paper, _, part = options.id.partition("/")
    if options.id and not (exists(project, options.id) if part else project.paper(paper)):
        return fail(unknown(project, options.id))
    problems = []
    for full, solved in drawing.parts_of(project, paper, part):
        taken, found = drawing.of(solved, full.partition("/")[0]) if not solved.problems else ([], solved.problems)
        problems += found
        for line in told(full, solved, taken):
            print(line)
    for problem in sorted(set(problems)):
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def verify(project: Project, options: argparse.Namespace) -> int:
    """Read a built site back and compare its numbers."""
    if not (options.folder / "index.html").is_file():
        return fail(f"{options.folder}: there is no built site; build it first, or name another folder")
    problems = sorted(set(verifying.site(project, options.folder)))
    for problem in problems:
        print(problem, file=sys.stderr)
    if not problems:
        print(f"{options.folder}: its numbers are those of the keys and solvers")
    return 1 if problems else 0


def told(full: str, part: Part, taken: list[Part]) -> Iterator[str]:
    """The draws of a part for the terminal: what was drawn, and what it comes out at."""
    declared = ranges.declared(part.section.givens)
    if not taken and declared.values:
        yield f"{full}: no draws"  # the problems say why
    elif not taken:
        stays = declared.fixed or ("" if ranges.missing(declared, part.run.givens) else "no given is a number")
        yield f"{full}: {f'fixed: {stays}' if stays else 'no new numbers are declared'}"
    else:
        yield f"{full}: {len(taken)} draws"
    for number, drawn in enumerate(taken, start=1):
        given = ", ".join(f"{name} = {drawing.plain(drawn.run.givens[name])}" for name in declared.values)
        answers = ", ".join(f"{label} = {drawing.plain(drawn.shown[label])}" for label in drawn.run.answers)
        yield f"  {number:>2}  {given}  ->  {answers}"
