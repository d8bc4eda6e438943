"""Where a problem has to stand, how it has to read, and how long a case may take."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from solvers.site.problems import Problem

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


class Slow(BaseException):
    """A case took too long."""


def misplaced(problem: Problem) -> str:
    """Why a problem cannot be found by its reader: no file, no such line, not one plain line of text."""
    file = Path(problem.file)
    text = str(problem)
    if not (file.exists() or file.is_symlink() or file.parent.is_dir()):
        return f"no such file: {text}"
    if not 1 <= problem.line <= count(file):
        return f"no such line of {count(file)}: {text}"
    if CONTROL.search(problem.text) or not problem.text.strip():
        return f"not one plain line: {text!r}"
    return f"a message of {len(problem.text)} characters: {text[:300]}" if len(problem.text) > 2000 else ""


def count(file: Path) -> int:
    """The number of lines of a file as editors count them."""
    try:
        text = file.read_bytes().decode("utf-8-sig", errors="replace")
    except OSError:
        return 1
    lines = re.split(r"\r\n|\r|\n", text)
    return max(1, len(lines))


@contextmanager
def limit(seconds: float) -> Iterator[None]:
    """Raise Slow in a block that takes longer."""

    def stop(*_: object) -> None:
        raise Slow

    old = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)
