"""What the commands share: finding a part by its id, and what they say of problems and of their progress."""

from __future__ import annotations

import sys
import time

from solvers.site.check import check
from solvers.site.part import Part
from solvers.site.project import Project
from solvers.traces import suggestion


def exists(project: Project, id_: str) -> bool:
    """Is there a record or a section of this id, sound or not?"""
    paper_id, _, part = id_.partition("/")
    paper = project.paper(paper_id)
    return paper is not None and (part in paper.records or part in project.where(paper_id))


def unknown(project: Project, id_: str) -> str:
    """What is said of an id that there is not, with what comes near it."""
    known = [f"{p.id}/{part}" for p in project.papers() for part in (p.records or project.where(p.id))]
    return f"no part {id_!r}{suggestion(id_, known)}"


def fail(text: str) -> int:
    """Say why a command ends, on standard error; its exit status."""
    print(text, file=sys.stderr)
    return 1


def report(project: Project, id_: str) -> int:
    """Say what is wrong with a part; the exit status."""
    if not exists(project, id_):
        return fail(unknown(project, id_))
    for problem in sorted(set(project.problems)):
        print(problem, file=sys.stderr)
    return 1


class Progress:
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


def one(project: Project, id_: str) -> Part | None:
    """A part, recomputed and compared; None when there is none that can be."""
    return next(iter(list(check(project, id_))), None)
