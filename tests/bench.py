"""What does a solution page cost? Run `python tests/bench.py` (make bench); it takes some minutes.

Every figure is processor time, the median of interleaved runs of whole processes on copies of real pages, so the
ratios hold on a machine whose speed drifts; single seconds do not carry over to another machine.

    executed   the page as it is: run, traced, compared with its key, rendered
    inert      the same page without the extension: its blocks are shown as Python, its formulas stay text
    notebook   the same blocks as notebooks that mkdocs-jupyter executes; this one in seconds of the clock, since a
               kernel is a process that others wait for
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import copies

ROOT = copies.ROOT
PAPER = ROOT / "docs" / "papers" / "bits-dnn-2022s2-endsem"
PAGES_OF_A_PAPER = 5
PARTS_OF_A_PAPER = 12


class Site:
    """A site of copies of one real paper: its overview and its four solution pages, key and all."""

    def __init__(self, folder: Path, pages: int, kind: str):
        self.folder, self.pages, self.kind = folder / f"{kind}-{pages}", pages, kind
        docs = self.folder / "docs"
        docs.mkdir(parents=True)
        (docs / "index.md").write_text("# Home\n")
        shutil.copytree(ROOT / "docs" / "assets", docs / "assets")
        self.surroundings(docs)
        for number in range(pages // PAGES_OF_A_PAPER):
            paper = docs / "papers" / f"paper-{number}"
            shutil.copytree(PAPER, paper)
            for page in [] if kind == "executed" else sorted(paper.glob("*.md")):
                source = page.read_text("utf-8")
                page.write_text(copies.plain_blocks(source), "utf-8")
                if kind == "notebook" and "``` solution" in source:
                    page.with_suffix(".ipynb").write_text(json.dumps(notebook(source)))
                    page.unlink()
        (self.folder / "mkdocs.yml").write_text(self.configuration(), "utf-8")

    def surroundings(self, docs: Path) -> None:
        """What parts link to, the same however many pages there are, and the same pages where nothing is executed."""
        if self.kind == "executed":
            shutil.copy(ROOT / "docs" / "topics.toml", docs)
            (docs / "bibliography.toml").write_text(cited_sources(), "utf-8")
        for page in [*(ROOT / "docs" / "topics").glob("*.md"), *(ROOT / "docs" / "about").glob("*.md")]:
            copy = docs / page.relative_to(ROOT / "docs")
            copy.parent.mkdir(exist_ok=True)
            fence = "\n``` list topic\n```\n" if page.parent.name == "topics" and self.kind == "executed" else ""
            whole = page.name in ("notation.md", "sources.md") and self.kind == "executed"
            copy.write_text(
                page.read_text("utf-8") if whole else f"# {page.stem}\n{'' if page.stem == 'index' else fence}", "utf-8"
            )

    def configuration(self) -> str:
        text = (ROOT / "mkdocs.yml").read_text("utf-8")
        text = copies.elsewhere(text[: text.index("\nnav:")], self.kind == "executed")
        # the labs are executed once, whatever the pages
        text = re.sub(r"  - mkdocs-jupyter:.*\n(      .*\n)*", "", text)
        text = re.sub(r"\nwatch:\n  - .*", "", text)
        if self.kind == "notebook":
            text = text.replace(
                "plugins:\n  - search",
                "plugins:\n  - search\n  - mkdocs-jupyter:\n      execute: true\n      cache: false\n      allow_errors: false",
            )
        return text

    def build(self) -> None:
        shutil.rmtree(self.folder / "site", ignore_errors=True)
        run([sys.executable, "-m", "mkdocs", "build"], self.folder)

    def check(self) -> None:
        run([sys.executable, "-m", "solvers", "check"], self.folder)

    def cold(self) -> None:
        shutil.rmtree(self.folder / ".cache", ignore_errors=True)


def cited_sources() -> str:
    """The entries of the bibliography that the copied pages cite; `check` refuses the others."""
    files = [*PAPER.glob("*.*"), ROOT / "docs" / "about" / "notation.md"]
    text = "".join(file.read_text("utf-8") for file in files)
    entries = re.split(r"(?m)^(?=\[)", (ROOT / "docs" / "bibliography.toml").read_text("utf-8"))[1:]
    return "".join(entry for entry in entries if f"@{entry[1:].partition(']')[0]}" in text)


def notebook(source: str) -> dict:
    """The page's text as Markdown cells, its blocks as code cells that call the same solvers."""
    known = catalogue_names()
    cells: list[dict] = []
    for piece in re.split(r"(?ms)^(``` (?:part|solution)\b.*?^```)$", source.split("---", 2)[2]):
        if not piece.startswith("``` "):
            cells.append({"cell_type": "markdown", "metadata": {}, "source": piece})
            continue
        body = "\n".join(piece.split("\n")[1:-1])
        names = {node.id for node in ast.walk(ast.parse(body)) if isinstance(node, ast.Name)}
        imports = "\n".join(f"from {known[name]} import {name}" for name in sorted(names & known.keys()))
        body = re.sub(r"(?m)^answer\(", "dict(", re.sub(r"(?m)^(figure|listing|table)\(.*\)$", "", body))
        cells.append(
            {
                "cell_type": "code",
                "metadata": {},
                "source": f"{imports}\n{body}",
                "outputs": [],
                "execution_count": None,
            }
        )
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {"nbformat": 4, "nbformat_minor": 4, "metadata": {"kernelspec": kernel}, "cells": cells}


def catalogue_names() -> dict[str, str]:
    sys.path.insert(0, str(ROOT))  # before tests/, whose folder `solvers` is not the package
    from solvers.site import catalogue

    return catalogue.names()


def run(command: list[str], folder: Path) -> None:
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed in {folder}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def seconds(action: Callable[[], None]) -> float:
    """Processor time of the processes that an action starts: what other programs do at the same time hardly enters it."""
    before = os.times()
    action()
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def interleaved(actions: dict[str, Callable[[], None]], rounds: int) -> dict[str, float]:
    """The median time of each action, all of them taking turns."""
    times: dict[str, list[float]] = {name: [] for name in actions}
    for number in range(rounds):
        for name, action in actions.items():
            times[name].append(seconds(action))
            print(f"\rround {number + 1} of {rounds}: {name:<40}", end="", file=sys.stderr, flush=True)
    print(f"\r{'':<60}\r", end="", file=sys.stderr)
    return {name: statistics.median(values) for name, values in times.items()}


def peak_megabytes(command: list[str], folder: Path) -> float:
    """Peak resident memory of one command, as the operating system counts it."""
    code = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], capture_output=True, check=True); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code, *command], cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    return int(done.stdout) / (1024 if sys.platform != "darwin" else 1024**2)


def row(what: str, value: str, goal: str = "") -> None:
    print(f"{what:<64} {value:>12}   {goal}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=5, help="runs of each figure (default 5)")
    parser.add_argument("--few", type=int, default=20)
    parser.add_argument("--many", type=int, default=200)
    parser.add_argument("--no-notebooks", action="store_true", help="leave the slow comparison out")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), options)


def measure(folder: Path, options: argparse.Namespace) -> None:
    few, many = options.few, options.many
    sites = {f"{kind} {n}": Site(folder, n, kind) for kind in ("executed", "inert") for n in (few, many)}
    for site in sites.values():
        site.cold()
    cold = {n: seconds(sites[f"executed {n}"].build) for n in (few, many)}
    builds = interleaved({name: site.build for name, site in sites.items()}, options.rounds)
    page = {kind: (builds[f"{kind} {many}"] - builds[f"{kind} {few}"]) / (many - few) for kind in ("executed", "inert")}
    start = {kind: builds[f"{kind} {few}"] - few * page[kind] for kind in ("executed", "inert")}
    row(
        f"build of {few} pages, executed / inert (s)", f"{builds[f'executed {few}']:.2f} / {builds[f'inert {few}']:.2f}"
    )
    row(
        f"build of {many} pages, executed / inert (s)",
        f"{builds[f'executed {many}']:.2f} / {builds[f'inert {many}']:.2f}",
    )
    row("one more page, executed / inert (ms)", f"{1000 * page['executed']:.0f} / {1000 * page['inert']:.0f}")
    row("one more page, ratio", f"{page['executed'] / page['inert']:.2f}", "at most 2")
    row("start-up, executed minus inert (s)", f"{start['executed'] - start['inert']:.2f}", "at most 1.5")
    row(f"build of {few} / {many} pages with a cold maths cache (s)", f"{cold[few]:.2f} / {cold[many]:.2f}")
    checks(folder, options, sites)
    if not options.no_notebooks:
        notebooks(folder, options, sites[f"executed {few}"])


def checks(folder: Path, options: argparse.Namespace, sites: dict[str, Site]) -> None:
    command = [sys.executable, "-m", "solvers", "check"]
    actions: dict[str, Callable[[], None]] = {"real": lambda: run(command, ROOT)}
    actions |= {str(n): sites[f"executed {n}"].check for n in (options.few, options.many)}
    times = interleaved(actions, options.rounds)
    row("check of the repository (s)", f"{times['real']:.2f}", "under 2 for 21 parts")
    row("peak memory of check (MB)", f"{peak_megabytes(command, ROOT):.0f}", "under 300")
    row(
        "peak memory of the build (MB)",
        f"{peak_megabytes([sys.executable, '-m', 'mkdocs', 'build', '-d', str(folder / 'out')], ROOT):.0f}",
        "under 300",
    )
    few, many = times[str(options.few)], times[str(options.many)]
    parts = [n // PAGES_OF_A_PAPER * PARTS_OF_A_PAPER for n in (options.few, options.many)]
    row(f"check of {parts[0]} / {parts[1]} parts (s)", f"{few:.2f} / {many:.2f}")
    row("check, one more part (ms)", f"{1000 * (many - few) / (parts[1] - parts[0]):.1f}")


def notebooks(folder: Path, options: argparse.Namespace, ours: Site) -> None:
    theirs = Site(folder, options.few, "notebook")
    clock: dict[str, list[float]] = {"executed": [], "notebooks": []}
    for _ in range(max(1, options.rounds // 2)):
        for name, site in (("executed", ours), ("notebooks", theirs)):
            start = time.perf_counter()
            site.build()
            clock[name].append(time.perf_counter() - start)
    here, there = (statistics.median(clock[name]) for name in ("executed", "notebooks"))
    row(f"{options.few} pages as notebooks by mkdocs-jupyter / by us (s)", f"{there:.1f} / {here:.2f}")
    row("ratio", f"{there / here:.1f}", "at least 15")


if __name__ == "__main__":
    main()
