"""`check` in many processes, page by page: the same problems and the same counts as in one.

Every process reads the docs folder for itself and is handed a few pages at a time; what it tells is data: counts and
problems, and which part it begins. A process that ends under a part (a crash, a computation that never returns to
Python) is thereby a problem of that part, and another one takes the pages that are left.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from solvers.site import check, rendered
from solvers.site.part import Part
from solvers.site.problems import Problem, shown_path
from solvers.site.project import Project

WORTH_IT = 300  # parts or pages: fewer are checked before a second process has started
AT_ONCE = 4  # pages of one paper that are handed over together, so that few processes read its key

Pages = list[tuple[str, Path]]


@dataclass
class Tally:
    """What was checked, in numbers."""

    parts: int = 0
    lines: int = 0

    def add(self, part: Part) -> None:
        self.parts += 1
        self.lines += len(part.run.lines)


@dataclass
class _Worker:
    """A process, the pages that it has not finished yet, and the part that it began last."""

    process: Any
    pipe: Connection
    pages: Pages = field(default_factory=list)
    part: str = ""


def default(project: Project) -> int:
    """How many processes `check` takes where nobody says: one for each core, for a small site one."""
    parts = sum(len(paper.records) for paper in project.papers())
    return cores() if max(parts, len(project.pages())) > WORTH_IT else 1


def cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def check_all(
    project: Project, jobs: int, progress: Callable[[str], None] = lambda _: None, method: str | None = None
) -> Tally:
    """Check everything in so many processes; the problems are collected in `project.problems`.

    `method` is how a process starts: "fork", "spawn" or "forkserver"; the default is that of the system.
    """
    context, tally, heaps = multiprocessing.get_context(method), Tally(), _heaps(check.pages(project))
    workers = [_started(context, project.docs, heaps.pop()) for _ in range(min(jobs, len(heaps)))]
    try:
        check.beside_pages(project)  # while they work
        while workers:
            ready = wait([worker.pipe for worker in workers])
            for worker in [worker for worker in workers if worker.pipe in ready]:
                try:
                    _take(worker.pipe.recv(), worker, project, tally, progress)
                    if not worker.pages and heaps:
                        worker.pages = heaps.pop()
                        worker.pipe.send(worker.pages)
                    ended = not worker.pages
                except (EOFError, OSError):
                    project.problems.append(_lost(worker))
                    heaps += [worker.pages[1:]] if worker.pages[1:] else []
                    ended = True
                if ended:
                    workers.remove(worker)
                    with contextlib.suppress(OSError):
                        worker.pipe.send([])  # no more: it ends
                    worker.pipe.close()
                    if heaps:
                        workers.append(_started(context, project.docs, heaps.pop()))
    finally:
        for worker in workers:
            worker.process.kill()
    return tally


def _heaps(pages: Pages) -> list[Pages]:
    """The pages in heaps, to be taken from the end; last, and so first, the pages whose lists read every key."""
    heaps: dict[tuple[str, int], Pages] = {}
    for number, (paper, page) in enumerate(pages):
        heaps.setdefault((paper, number // AT_ONCE if paper else 0), []).append((paper, page))
    return list(heaps.values())


def _take(told: tuple[Any, ...], worker: _Worker, project: Project, tally: Tally, progress: Callable) -> None:
    """What a process tells: ("part", id) when it begins one, ("page", its tally, its problems) when it has done one."""
    if told[0] == "part":
        worker.part = told[1]
        progress(worker.part)
        return
    tally.parts += told[1].parts
    tally.lines += told[1].lines
    project.problems += told[2]
    worker.pages, worker.part = worker.pages[1:], ""


def _lost(worker: _Worker) -> Problem:
    worker.process.join()
    where = f"part {worker.part.partition('/')[2]}" if worker.part else "before its first part"
    text = f"{where}: the process that computed it ended (exit status {worker.process.exitcode}); nothing after it on this page was checked"
    return Problem(shown_path(worker.pages[0][1]), 1, text)


def _started(context: Any, docs: Path, pages: Pages) -> _Worker:
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(theirs, ours, docs, pages), daemon=True)
    process.start()
    theirs.close()  # else its end would not be seen
    return _Worker(process, ours, pages)


def _work(pipe: Connection, other: Connection, docs: Path, pages: Pages) -> None:
    """The life of a process: pages until there are no more."""
    other.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started this one ends it
    rendered.reopen()
    project = Project(docs)
    while pages:
        for paper, page in pages:
            project.problems, tally = [], Tally()
            for part in check.check_page(project, paper, page, progress=lambda id_: pipe.send(("part", id_))):
                tally.add(part)
            pipe.send(("page", tally, project.problems))
        try:
            pages = pipe.recv()
        except EOFError:
            return
