"""How does the time of a build grow with the papers? `python tests/scale.py` measures it, which takes a while.

Seconds are processor time of the command and of all that it starts (user and system), so that what else runs on the
machine hardly enters them; megabytes are the peak of its largest process. What is measured, for sites as `copies` makes
them and without the labs, which are executed once however many papers there are:

    inert    the same pages with nothing executed and without the hook: the floor
    clean    `mkdocs build` with no cache
    warm     `mkdocs build` once more
    edit     under `mkdocs serve`, from the change of a page until the server answers with it
    check    `python -m solvers check` in one process, and in two

`python tests/scale.py 39 --only check "check in two"` measures so much of one more size. The figures go to docs/about/speed.json,
beside those of other sizes, and docs/about/speed.md is written from them (`--page`: only that).
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from importlib.metadata import version
from pathlib import Path
from typing import Any

import copies

ROOT = copies.ROOT
DATA, PAGE = ROOT / "docs" / "about" / "speed.json", ROOT / "docs" / "about" / "speed.md"
LIBRARIES = ("mkdocs", "mkdocs-material", "Markdown", "numpy", "sympy")
ENVIRONMENT = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "LABS": "false", "PYTHONPATH": str(ROOT)}
BUILD, CHECK = ["mkdocs", "build", "-q"], ["solvers", "check", "--jobs"]


def measured(folder: Path, *arguments: str) -> dict[str, float]:
    """Processor seconds and peak megabytes of one command."""
    with tempfile.TemporaryFile() as told:
        started = time.perf_counter()
        command = [sys.executable, "-m", *arguments]
        process = subprocess.Popen(command, cwd=folder, env=ENVIRONMENT, stdout=told, stderr=told)
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            told.seek(0)
            raise SystemExit(f"{' '.join(arguments)} failed in {folder}:\n{told.read().decode()[-3000:]}")
    size = 1024 if sys.platform != "darwin" else 1024**2
    return {"seconds": round(usage.ru_utime + usage.ru_stime, 2), "clock": round(time.perf_counter() - started, 1),
            "megabytes": round(usage.ru_maxrss / size)}  # fmt: skip


def edit(folder: Path, port: int = 8765) -> dict[str, float]:
    """The same under a server, from the change of a page until it is served; memory is that of the whole session."""
    page, address = (
        folder / "docs/papers/bits-dl-exam-jsd/q6.md",
        f"http://127.0.0.1:{port}/recomputed/papers/bits-dl-exam-jsd/q6/",
    )
    command = [sys.executable, "-m", "mkdocs", "serve", "-q", "--dev-addr", f"127.0.0.1:{port}"]
    process = subprocess.Popen(
        command, cwd=folder, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    before = page.read_text("utf-8")
    try:
        _until(address, "</html>")
        time.sleep(2)
        used, started = _used(process.pid), time.perf_counter()
        page.write_text(before.rstrip() + "\n\nA sentence that nobody wrote before.\n", "utf-8")
        _until(address, "A sentence that nobody wrote before.")
        clock = time.perf_counter() - started
        seconds, megabytes = _used(process.pid) - used, _peak(process.pid)
    finally:
        process.terminate()
        process.wait()
        page.write_text(before, "utf-8")
    return {"seconds": round(seconds, 2), "clock": round(clock, 1), "megabytes": round(megabytes)}


def _until(address: str, text: str, limit: float = 900) -> None:
    end = time.monotonic() + limit
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=limit) as answer:
                if text in answer.read().decode("utf-8"):
                    return
        except OSError:
            pass
        time.sleep(0.05)
    raise SystemExit(f"{address} does not show {text!r}")


def _used(process: int) -> float:
    """Processor seconds of a running process (Linux)."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _peak(process: int) -> float:
    """Peak resident megabytes of a running process (Linux)."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def site(sites: Path, times: int, only: list[str]) -> dict:
    """Everything of one size, or only the measures named; `check` alone needs no floor."""
    folder, floor = sites / f"x{times}", sites / f"inert-x{times}"
    for path, executed in ((folder, True), (floor, False)):
        if not path.exists() and (executed or "inert" in only):
            copies.many(path, times, executed)
        for old in (path / "site", path / ".cache"):
            shutil.rmtree(old, ignore_errors=True)
    found = {"times": times, "pages": len([*(folder / "docs").rglob("*.md")])}
    for name, action in {
        "inert": lambda: measured(floor, *BUILD), "clean": lambda: measured(folder, *BUILD),
        "warm": lambda: measured(folder, *BUILD), "edit": lambda: edit(folder),
        "check": lambda: measured(folder, *CHECK, "1"), "check in two": lambda: measured(folder, *CHECK, "2"),
    }.items():  # fmt: skip
        if name not in only:
            continue
        found[name] = action()
        print(times, name, found[name], file=sys.stderr, flush=True)
    return found


def machine() -> dict[str, str]:
    """On what it was measured."""
    versions = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return {"date": datetime.datetime.now(datetime.UTC).date().isoformat(),
            "machine": f"{platform.system()} on {platform.machine()}, {os.cpu_count()} cores shared with other programs",
            "versions": f"Python {platform.python_version()}, {versions}"}  # fmt: skip


WHAT = {
    "inert": "Build with nothing executed, the floor", "clean": "Clean build", "warm": "Build once more",
    "edit": "One page edited under a server", "check": "`check`, one process", "check in two": "`check`, two processes",
}  # fmt: skip
TEXT = """---
title: How fast it is
description: The time and the memory that a build and a check of this site take, and how they grow with the number of papers.
---

# How fast it is

How much does it cost to compute every number again, and does it stay affordable with more papers? This page is written by `python tests/scale.py`,
which makes sites of several times the papers of this one and measures them. The data: <a href="../speed.json">speed.json</a>.

{plots}

{table}

Measured on {date}: {machine}; {versions}.

- **Seconds are processor time**, of a command and all that it starts. Other programs ran at the same time, so seconds of the clock tell more of them.
  `check` in two processes counts the time of both together, and beside it stands the clock. It runs after `check` in one, and takes the formulas from
  the cache.
- **Megabytes** are the peak of the largest process.
- **The floor** is the same pages with their blocks shown as code, their formulas as text and nothing written to take along. It is the same generator
  with the same theme, so what it takes nobody can save here.
- **A clean build** has no cache: it draws and solves twelve sets of new numbers for every part that offers them, and sets every formula. Built once more,
  the new numbers and the formulas come from the cache of the last build; the numbers of the pages are computed again.
- **An edit** is timed from the change of a page until the server answers with it. All pages are built again, without what is left out of a preview.
- **The labs are left out.** They are executed once, however many papers there are.

The copies of a paper have other givens where a part offers new numbers, those of its draws, and digits to match; from the thirteenth copy on they begin
again. Formulas in a text differ in every copy. Words, symbols and the code of solutions are the same, so real papers cost somewhat more: other symbols for the
algebra system, other blocks to compile.
"""


def write_page() -> None:
    """The page with a table and the plots of what was measured last."""
    data = json.loads(DATA.read_text("utf-8"))
    sizes, parts = data["sizes"], data["parts"]
    head = " | ".join(f"{size['times']} × ({size['times'] * parts} parts, {size['pages']} pages)" for size in sizes)
    rows = [f"| | {head} |", f"|---|{'---:|' * len(sizes)}"]
    for name, words in WHAT.items():
        cells = [size.get(name) for size in sizes]
        rows.append(f"| {words} | {' | '.join(_cell(name, one) if one else 'not measured' for one in cells)} |")
    PAGE.write_text(TEXT.format(plots=_plots(sizes, parts), table="\n".join(rows), **data), "utf-8")


def _cell(name: str, measured: dict[str, float]) -> str:
    clock = f" ({measured['clock']:.1f} s by the clock)" if name == "check in two" else ""
    return f"{measured['seconds']:.1f} s{clock}, {measured['megabytes']} MB"


def _plots(sizes: list[dict[str, Any]], parts: int) -> str:
    from solvers import plots
    from solvers.site.figures import plotting

    def one(unit: str, title: str, y: str) -> Any:
        curves = []
        for name, words in WHAT.items():
            known = [(size["times"] * parts, size[name][unit]) for size in sizes if name in size and "clean" in size]
            if name != "check in two" and len(known) > 1:
                curves.append(plots.curve(words.replace("`", ""), *zip(*known)))
        alt = f"{title} over the number of parts; every figure stands in the table below."
        return plots.plot(title, alt=alt, x="parts", y=y, curves=curves)

    shown = plots.panels(one("seconds", "Processor time", "seconds"), one("megabytes", "Peak memory", "megabytes"))
    return plotting.draw(shown, None)  # no label of a part is named


def _parts() -> int:
    """Those of the real papers."""
    from solvers.site.project import Project

    return sum(len(paper.records) for paper in Project(ROOT / "docs").papers())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("times", type=int, nargs="*", default=[1, 3, 10], help="sizes (default: 1 3 10)")
    parser.add_argument("--sites", type=Path, help="a folder that keeps the sites for another run")
    parser.add_argument("--page", action="store_true", help="measure nothing, write the page from what was measured")
    parser.add_argument("--only", nargs="+", default=list(WHAT), choices=list(WHAT), help="measure only these")
    options = parser.parse_args()
    if not options.page:
        with tempfile.TemporaryDirectory() as folder:
            found = [site(options.sites or Path(folder), times, options.only) for times in options.times]
        before = json.loads(DATA.read_text("utf-8"))["sizes"] if DATA.exists() else []
        sizes = [size for size in before if size["times"] not in options.times] + found
        sizes.sort(key=lambda size: size["times"])
        DATA.write_text(json.dumps({**machine(), "parts": _parts(), "sizes": sizes}, indent=1) + "\n", "utf-8")
    write_page()


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))  # before tests/, whose folder `solvers` is not the package
    main()
