"""Class `pages`: one digit of a built page changed, in a row of numbers or in a box; reading the page back has to find it."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from mutants.report import Mutant
from solvers.site import verify
from solvers.site.project import Project

BOXES = re.compile(r' data-(?:value|known)="([^"]*)"')


def build(root: Path, folder: Path) -> Path:
    """Build the site without its labs, which have numbers of their own."""
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "LABS": "false"}
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "-q", "-d", str(folder)], cwd=root, env=environment, check=True
    )
    return folder


def mutants(docs: Path, site: Path, paper: str, share: float, seed: int) -> Iterator[Mutant | int]:
    """How many digits the pages of a paper have, then what became of a share of them."""
    for file, parts in verify.pages(Project(docs), paper, site):
        text = file.read_text(encoding="utf-8")
        due, held = verify.expected(parts), verify.digits(parts)
        assert not list(verify.compared(file, verify.Reader(text).rows, due, held)), (
            f"{file} differs before anything is changed"
        )
        places = sorted(digits(text))
        yield len(places)
        chosen = random.Random(f"{seed} {file.parent.name}").sample(places, round(share * len(places)))
        for at in sorted(chosen):
            new = str((int(text[at]) + 1) % 10)
            rows = verify.Reader(text[:at] + new + text[at + 1 :]).rows
            line = text.count("\n", 0, at) + 1
            found = [str(one) for one in verify.compared(file, rows, due, held)]
            what = f"…{text[max(0, at - 12) : at]}[{text[at]} -> {new}]{text[at + 1 : at + 8]}…"
            yield Mutant(str(file.relative_to(site)), line, " ".join(what.split()), next(iter(found), ""))


def digits(text: str) -> Iterator[int]:
    """Where the digits of a page's rows and boxes stand."""
    yield from _Finder(text).found
    for box in BOXES.finditer(text):
        yield from (box.start(1) + digit.start() for digit in re.finditer(r"[0-9]", box[1]))


class _Finder(verify.Reader):
    """Notes where the digits of a row stand in the file."""

    def __init__(self, text: str):
        self.found: list[int] = []
        self.pending: list[tuple[object, int]] = []
        self.text, self.starts = text, [0]
        for row in text.split("\n"):
            self.starts.append(self.starts[-1] + len(row) + 1)
        super().__init__(text)
        kept = {id(row) for row in self.rows if row.region}
        self.found = [at for row, at in self.pending if id(row) in kept]

    def handle_data(self, data: str) -> None:
        before = self._row()
        lengths = (len(before.seen), len(before.heard)) if before else None
        super().handle_data(data)
        if before is None or (len(before.seen), len(before.heard)) == lengths:
            return
        line, column = self.getpos()
        start = self.starts[line - 1] + column
        if self.text[start : start + len(data)] == data:
            self.pending += [(before, start + digit.start()) for digit in re.finditer(r"[0-9]", data)]
