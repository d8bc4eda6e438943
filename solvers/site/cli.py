"""`python -m solvers check | certify | show | accept | new | draws | export | pack`: thin commands around the engine."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from solvers.site import draws, notebooks, pack, parallel, render, take_along, variants
from solvers.site.check import check
from solvers.site.edit import EditError, accept, scaffold
from solvers.site.labs import files
from solvers.site.labs import values as values_of
from solvers.site.part import Part
from solvers.site.problems import Problem, ProblemsFound
from solvers.site.project import Project
from solvers.traces import suggestion


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when all is well, 1 when something disagrees, 2 for a command that cannot be read."""
    options = _parser().parse_args(arguments)
    project = Project(options.docs)
    if not project.docs.is_dir():
        return _fail(f"{options.docs}: there is no such docs folder; run this where mkdocs.yml lies, or give --docs")
    try:
        return options.command(project, options)
    except EditError as error:
        return _fail(str(error))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m solvers", description=__doc__.split(":")[1].strip())
    parser.add_argument("--docs", type=Path, default=Path("docs"), help="the docs folder (default: docs)")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser("check", help="recompute every part without building the site; list all problems")
    command.add_argument(
        "id", nargs="?", help="one part only, as <paper>/<part>, or one lab, as labs/<name>, which is run"
    )
    command.add_argument(
        "--jobs", type=_jobs, metavar="N", help="how many processes (default: one, for a large site one for each core)"
    )
    command.set_defaults(command=_check)
    command = commands.add_parser("certify", help="prove every digit of parts in interval arithmetic")
    command.add_argument("ids", nargs="*", metavar="id", help="some parts only, as <paper>/<part>")
    command.set_defaults(command=_certify)
    command = commands.add_parser("show", help="print the derivation of a part")
    command.add_argument("id", help="<paper>/<part>")
    command.set_defaults(command=_show)
    command = commands.add_parser(
        "accept", help="write the computed digits of a part or a lab into its key.toml; print the diff"
    )
    command.add_argument("id", help="<paper>/<part>, or labs/<name>")
    command.set_defaults(command=_accept)
    command = commands.add_parser("new", help="add a record to a paper's key and a section to a page")
    command.add_argument("paper")
    command.add_argument("part")
    command.add_argument("--page", help="file name in the paper's folder (default: by the part's number, as q4.md)")
    command.set_defaults(command=_new)
    command = commands.add_parser("draws", help="draw the new numbers of a part, of a paper or of all; print them")
    command.add_argument("id", nargs="?", default="", help="<paper>/<part>, or <paper>")
    command.set_defaults(command=_draws)
    command = commands.add_parser(
        "export", help="write the data set, the notebooks, the deck and the copy to take along into a built site"
    )
    command.add_argument("folder", type=Path, nargs="?", default=Path("site"))
    command.set_defaults(command=_export)
    command = commands.add_parser("pack", help="write a built site as one zip that opens from disk")
    command.add_argument("folder", type=Path)
    command.add_argument("file", type=Path)
    command.set_defaults(command=_pack)
    return parser


def _jobs(text: str) -> int:
    if not text.isdigit() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of processes")
    return int(text)


def _check(project: Project, options: argparse.Namespace) -> int:
    if (options.id or "").startswith("labs/"):
        return _check_lab(project, options.id)
    progress = _Progress()
    jobs = 1 if options.id else options.jobs or parallel.default(project)
    tally, last = parallel.Tally(), None
    if jobs > 1:
        tally = parallel.check_all(project, jobs, progress.tell)
    else:
        for part in check(project, options.id, progress.tell):  # forgotten one by one: all of them are large
            tally.add(part)
            last = part
    progress.clear()
    if options.id and not _exists(project, options.id):
        return _fail(_unknown(project, options.id))
    if options.id and last is not None and not project.problems:  # of all parts, the build draws
        project.problems += draws.of(last, options.id.partition("/")[0])[1]
    problems = sorted(set(project.problems))
    for problem in problems:
        print(problem, file=sys.stderr)
    papers = len({paper.id for paper in project.papers()})
    summary = f"{tally.parts} parts, {tally.lines} lines, {papers} papers"
    if problems:
        return _fail(f"{summary}: {len(problems)} {'problem' if len(problems) == 1 else 'problems'}")
    labs = len(files.labs(project.docs))
    print(f"{summary}: every number agrees with its key" + (f"; a build compares {labs} labs" if labs else ""))
    return 0


def _certify(project: Project, options: argparse.Namespace) -> int:
    from solvers.site.certificates import certify_all  # needs python-flint, which nothing else does

    progress = _Progress()
    parts = [part for id_ in options.ids or [None] for part in check(project, id_, progress.tell)]
    for id_ in options.ids:
        if not _exists(project, id_):
            return _fail(_unknown(project, id_))
    problems = sorted(set(project.problems))
    if not problems:
        told = certify_all(project.docs, _each(parts, progress), whole=not options.ids)
        problems = sorted(set(told.problems))
    progress.clear()
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        return _fail(f"{len(parts)} parts: {len(problems)} {'problem' if len(problems) == 1 else 'problems'}")
    print(f"{len(parts)} parts, {told}")
    return 0


def _each(parts: list[Part], progress: _Progress) -> Iterator[Part]:
    for part in parts:
        progress.tell(f"{Path(part.key).parent.name}/{part.record.id}")
        yield part


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


def _show(project: Project, options: argparse.Namespace) -> int:
    part = _one(project, options.id)
    if part is None:
        return _report(project, options.id)
    print(f"{options.id}  {part.record.title}  [{' '.join(render.BADGES[part.record.verdict])}]")
    if part.problems:
        return _report(project, options.id)
    for line in render.text_of(part):
        print(line)
    for label, source in part.run.answers.items():
        print(f"answer  {label} = {part.shown[label]}" + ("" if label == source else f"  (line {source})"))
    return 0


def _one(project: Project, id_: str) -> Part | None:
    return next(iter(list(check(project, id_))), None)


def _report(project: Project, id_: str) -> int:
    if not _exists(project, id_):
        return _fail(_unknown(project, id_))
    for problem in sorted(set(project.problems)):
        print(problem, file=sys.stderr)
    return 1


def _accept(project: Project, options: argparse.Namespace) -> int:
    if options.id.startswith("labs/"):
        diff, found = values_of.accept(project.docs, files.find(project.docs, options.id))
        for problem in found:
            print(problem, file=sys.stderr)
        if not found:
            print(diff or f"{options.id}: nothing to change, the key holds what is computed")
        return 1 if found else 0
    part = _one(project, options.id)
    if part is None:
        return _report(project, options.id)
    if not part.run.items:
        return _report(project, options.id)
    paper = project.paper(options.id.partition("/")[0])
    assert paper is not None
    diff = accept(paper.file, part)
    print(diff or f"{options.id}: nothing to change, the key holds what is computed")
    return 0


def _new(project: Project, options: argparse.Namespace) -> int:
    for file, line in scaffold(project, options.paper, options.part, options.page):
        print(Problem(file, line, "written"))
    print(f"next: write the question and the solution, then python -m solvers accept {options.paper}/{options.part}")
    return 0


def _export(project: Project, options: argparse.Namespace) -> int:
    if not options.folder.is_dir():
        return _fail(f"{options.folder}: there is no such folder; build the site first, or name another")
    try:
        new_numbers = variants.write(project, options.folder)
        for file in [*new_numbers, *take_along.write(project, options.folder, notebooks.site_of(project))]:
            print(file)
    except ProblemsFound as error:
        return _fail(str(error))
    return 0


def _pack(project: Project, options: argparse.Namespace) -> int:
    if not (options.folder / "index.html").is_file():
        return _fail(f"{options.folder}: there is no built site; build it first, or name another folder")
    print(pack.write(options.folder, options.file, notebooks.site_of(project).address))
    return 0


def _draws(project: Project, options: argparse.Namespace) -> int:
    paper, _, part = options.id.partition("/")
    if options.id and not (_exists(project, options.id) if part else project.paper(paper)):
        return _fail(_unknown(project, options.id))
    problems = []
    for full, solved in draws.parts_of(project, paper, part):
        taken, found = draws.of(solved, full.partition("/")[0]) if not solved.problems else ([], solved.problems)
        problems += found
        for line in draws.told(full, solved, taken):
            print(line)
    for problem in sorted(set(problems)):
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def _exists(project: Project, id_: str) -> bool:
    """Is there a record or a section of this id, sound or not?"""
    paper_id, _, part = id_.partition("/")
    paper = project.paper(paper_id)
    return paper is not None and (part in paper.records or part in project.where(paper_id))


def _unknown(project: Project, id_: str) -> str:
    known = [f"{p.id}/{part}" for p in project.papers() for part in (p.records or project.where(p.id))]
    return f"no part {id_!r}{suggestion(id_, known)}"


def _fail(text: str) -> int:
    print(text, file=sys.stderr)
    return 1


class _Progress:
    """Says which part is being recomputed once a command takes longer than a second, on a terminal."""

    def __init__(self) -> None:
        self.start, self.width = time.monotonic(), 0

    def tell(self, what: str) -> None:
        if sys.stderr.isatty() and time.monotonic() - self.start > 1:
            print(f"\r{what:<{self.width}}", end="", file=sys.stderr, flush=True)
            self.width = len(what)

    def clear(self) -> None:
        if self.width:
            print(f"\r{' ' * self.width}\r", end="", file=sys.stderr)
