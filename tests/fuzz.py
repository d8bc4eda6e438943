"""Damaged pages, keys and slips: `python tests/fuzz.py --cases 100000 --seed 1`.

Every case is made from the seed and its number alone. A run that was ended goes on where it was (`--from` says otherwise).
What the engine does wrong is written to build/fuzz/, with the file that led to it and the command that repeats it.
"""

from __future__ import annotations

import argparse
import faulthandler
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "build" / "fuzz"
HANGS = 60  # seconds without an answer, then the process is ended


@dataclass
class Told:
    """How one case went."""

    number: int
    name: str
    what: str  # the sample and its file
    seconds: float
    wrong: str = ""
    content: bytes = b""


@dataclass
class Tally:
    """What a run has seen so far."""

    start: float = field(default_factory=time.monotonic)
    seen: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    wrong: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    slowest: Told | None = None

    def add(self, told: Told) -> None:
        self.seen[told.name] += 1
        self.wrong[told.name] += bool(told.wrong)
        if self.slowest is None or told.seconds > self.slowest.seconds:
            self.slowest = told

    def report(self) -> str:
        total, passed = sum(self.seen.values()), time.monotonic() - self.start
        rows = [f"{name:<24}{count:>8}{self.wrong[name] or '':>8}" for name, count in sorted(self.seen.items())]
        slow = f"slowest: case {self.slowest.number}, {self.slowest.name}, {self.slowest.what}, {self.slowest.seconds:.2f} s"
        head = f"{'class':<24}{'cases':>8}{'wrong':>8}"
        return "\n".join(
            [head, *rows, slow if total else "", f"{total} cases in {passed:.0f} s: {total / passed:.1f} a second"]
        )


def work(pipe: Connection, seed: int, numbers: range, only: str) -> None:
    """Run cases and tell how each went; first that it begins, so that one that ends the process is known."""
    os.environ["SOLVERS_SECONDS"] = "2"
    sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "fuzzing")]
    sys.path = [path for path in sys.path if path != str(ROOT / "tests")]  # its folder `solvers` is not the package
    import cases
    import samples

    from solvers.site import rendered

    rendered.in_memory()
    faulthandler.disable()
    known = list(samples.samples())
    home = Path(tempfile.mkdtemp(prefix="fuzz-", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None))
    os.chdir(home)
    try:
        for number in numbers:
            random = Random(f"{seed}/{number}")
            case = None
            while case is None:
                case = cases.draw(random, random.choice(known), only or random.choice(cases.names()))
            told = Told(number, case.name, f"{case.sample.id} {case.file}".strip(), 0.0, content=case.content)
            pipe.send(told)
            start = time.monotonic()
            told.wrong = cases.judge(case, home / str(number))
            if told.wrong and case.rerun:
                told.content = repr(case.rerun).encode()
            told.seconds = time.monotonic() - start
            pipe.send(told)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def main() -> int:
    """Run the cases; 1 when something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.split(":")[0])
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--from", type=int, dest="first", help="the first case (default: where a run was ended, or 0)")
    parser.add_argument("--class", dest="only", default="", help="only this class of cases")
    options = parser.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    mark = OUT / f"seed-{options.seed}.next"
    first = options.first
    if first is None:
        first = int(mark.read_text()) if mark.exists() and not options.only else 0
        print(f"from case {first}", flush=True)
    tally = Tally()
    while first < options.cases:
        first = _stretch(options, first, tally, mark)
    mark.unlink(missing_ok=True)
    print(tally.report() if tally.seen else "nothing to do")
    return 1 if any(tally.wrong.values()) else 0


def _stretch(options: argparse.Namespace, first: int, tally: Tally, mark: Path) -> int:
    """Cases in one process until all are done or it ends; the number to go on with."""
    here, there = multiprocessing.Pipe(duplex=False)
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=work, args=(there, options.seed, range(first, options.cases), options.only))
    process.start()
    there.close()
    running: Told | None = None
    try:
        while first < options.cases:
            told = here.recv() if here.poll(HANGS if running else 600) else None
            if told is None:
                raise EOFError
            if running is None or told.number != running.number:
                running = told
                continue
            running, first = None, told.number + 1
            _note(options, told, tally)
            if first % 200 == 0 and not options.only:
                mark.write_text(str(first))
    except EOFError:
        if running is None:
            raise SystemExit("the cases could not be begun") from None
        running.wrong, running.seconds = f"ended its process, or took longer than {HANGS} s", HANGS
        _note(options, running, tally)
        first = running.number + 1
    finally:
        process.kill()
        process.join()
    return first


def _note(options: argparse.Namespace, told: Told, tally: Tally) -> None:
    tally.add(told)
    if told.wrong:
        only = f' --class "{options.only}"' if options.only else ""
        command = f"python tests/fuzz.py --seed {options.seed} --from {told.number} --cases {told.number + 1}{only}"
        (OUT / f"{options.seed}-{told.number}.input").write_bytes(told.content)
        text = f"{told.name}: {told.what}\n{told.wrong}\n\n{command}\n"
        (OUT / f"{options.seed}-{told.number}.txt").write_text(text, encoding="utf-8", errors="replace")
        print(f"{told.number} {told.name}: {told.what}: {told.wrong.splitlines()[0][:200]}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
