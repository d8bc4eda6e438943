"""The files of the labs: their cells, what they hold, and their key; all that can be said without a kernel.

A lab is a notebook as text (jupytext's percent format): `# %%` begins a cell of code, `# %% [markdown]` one of text.
"""

from __future__ import annotations

import ast
import os
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from solvers.site import citations, edit, maths, reading
from solvers.site.key import is_digits
from solvers.site.locate import Place, error_line, line_of, places, toml
from solvers.site.problems import Problem, shown_path
from solvers.traces import suggestion

MARK = "# %%"
METADATA = ("description",)  # what the head of a lab has to say beside jupytext's own


@dataclass(frozen=True)
class Cell:
    """One cell: `kind` is code or markdown, `line` that of its first line, `source` without the comment marks."""

    kind: str
    line: int
    source: str


@dataclass
class LabFile:
    """One lab as it is written."""

    file: Path

    @property
    def name(self) -> str:
        return self.file.stem

    @property
    def shown(self) -> str:
        return shown_path(self.file)

    @cached_property
    def text(self) -> str:
        return self.file.read_text(encoding="utf-8", errors="replace")

    @cached_property
    def cells(self) -> list[Cell]:
        return list(_cells(self.text.split("\n")))

    @cached_property
    def head(self) -> dict[str, str]:
        """What jupytext reads as metadata of the notebook; empty for a head that is not YAML."""
        import yaml

        rows = [row.removeprefix("#").removeprefix(" ") for row in self.text.partition(MARK)[0].split("\n")]
        try:
            found = yaml.safe_load("\n".join(row for row in rows if row != "---"))["jupyter"]
            return {name: str(found[name]) for name in METADATA}
        except (yaml.YAMLError, KeyError, TypeError):
            return {}

    def trees(self) -> Iterator[ast.Module]:
        """The code of each cell with the lines of the file. Raises SyntaxError, with such a line."""
        for cell in self.cells:
            if cell.kind == "code":
                yield ast.parse("\n" * (cell.line - 1) + cell.source, self.shown)

    @cached_property
    def labels(self) -> dict[str, int]:
        """label -> line of the `hold` that shows it."""
        return {keyword.arg or "**": keyword.value.lineno for call in self.calls("hold") for keyword in call.keywords}

    def calls(self, name: str) -> Iterator[ast.Call]:
        """The calls of a function or a method of this name."""
        for tree in self.trees():
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and name == getattr(node.func, "attr", getattr(node.func, "id", "")):
                    yield node


@dataclass
class LabKey:
    """The labs' key: lab -> label -> digits, and what is wrong with the file."""

    file: Path
    labs: dict[str, dict[str, Any]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    places: dict[tuple[str | int, ...], Place] = field(default_factory=dict)

    def line(self, *path: str) -> int:
        return line_of(self.places, path)


def labs(docs: Path) -> list[LabFile]:
    """Every lab of a docs folder, by name."""
    return [LabFile(file) for file in sorted((docs / "labs").glob("*.py"))]


def find(docs: Path, id_: str) -> LabFile:
    """The lab of an id such as labs/optimizers. Raises EditError when there is none."""
    known = {f"labs/{lab.name}": lab for lab in labs(docs)}
    if id_ not in known:
        raise edit.EditError(f"no lab {id_!r}{suggestion(id_, list(known))}")
    return known[id_]


def load(docs: Path) -> LabKey:
    """Read and check the labs' key; problems are collected in the result."""
    key = LabKey(docs / "labs" / "key.toml")
    name = shown_path(key.file)
    if not os.path.lexists(key.file):
        key.problems.append(Problem(name, 1, "there is no such file: the labs' numbers are held by it"))
        return key
    taken = reading.read(key.file)
    key.problems += [Problem(name, *problem) for problem in taken.problems]
    try:
        data = toml(taken.text)
    except tomllib.TOMLDecodeError as error:
        key.problems.append(Problem(name, error_line(error), f"not TOML: {error}"))
        return key
    key.places = places(taken.text)
    for lab, table in data.items():
        if not isinstance(table, dict):
            key.problems.append(Problem(name, key.line(lab), f"{lab}: write a table for each lab, [{lab}]"))
            continue
        for label, digits in table.items():
            if not is_digits(digits):
                why = f"{lab}: {label} is {digits!r}; write a number, text or a list of these"
                key.problems.append(Problem(name, key.line(lab, label), why))
        key.labs[lab] = table
    return key


def problems(docs: Path, only: str | None = None) -> list[Problem]:
    """What is wrong with the labs (or one of them) and their key, as far as it can be told without running them."""
    found = labs(docs)
    if not found and not (docs / "labs" / "key.toml").exists():
        return []
    key = load(docs)
    name = shown_path(key.file)
    out = list(key.problems)
    bibliography = citations.load(docs / "bibliography.toml")
    for held in key.labs:
        if held not in {one.name for one in found}:
            out.append(Problem(name, key.line(held), f"[{held}]: there is no docs/labs/{held}.py"))
    for lab in found:
        if only in (None, lab.name):
            out += _problems_of(lab, key, bibliography)
    return out


def _problems_of(lab: LabFile, key: LabKey, bibliography: citations.Bibliography) -> Iterator[Problem]:
    for missing in (name for name in METADATA if name not in lab.head):
        yield Problem(lab.shown, 1, f'its head has no {missing}; write `{missing}: "…"` under `# jupyter:`')
    first = lab.cells[0] if lab.cells else Cell("code", 1, "")
    if first.kind != "markdown" or not first.source.startswith("# "):
        yield Problem(lab.shown, first.line, "a lab begins with a cell of text whose first line is `# Its title`")
    for cell in lab.cells:
        if cell.kind == "markdown":
            for tex, display, line in maths.formulas(cell.source):
                yield from maths.problem(lab.shown, cell.line + line - 1, tex, display)
            for source, _, line in citations.cited(cell.source):
                if source not in bibliography.sources:
                    why = f"[@{source}] cites no source of {bibliography.file}"
                    yield Problem(lab.shown, cell.line + line - 1, why + suggestion(source, list(bibliography.sources)))
        if "TODO" in cell.source:
            yield Problem(lab.shown, cell.line, "this cell still says TODO")
    try:
        labels = lab.labels
        named = [ast.unparse(call.args[0]) for call in lab.calls("Lab") if call.args]
    except SyntaxError as error:
        yield Problem(lab.shown, error.lineno or 1, f"not Python: {error.msg}")
        return
    if named != [repr(lab.name)]:
        yield Problem(lab.shown, 1, f'it needs `lab = Lab("{lab.name}")`, with the name of its file')
    held = key.labs.get(lab.name, {})
    for label, line in labels.items():
        if label == "**":
            yield Problem(lab.shown, line, "hold(**…): write each label out, as hold(steps=steps)")
        elif label not in held and not key.problems:
            yield Problem(lab.shown, line, f"no key holds {label}: python -m solvers accept labs/{lab.name} writes it")
    for label in held:
        if label not in labels:
            why = f"{lab.name}: no hold(…) of {lab.shown} shows {label}; remove the entry, or accept labs/{lab.name}"
            yield Problem(shown_path(key.file), key.line(lab.name, label), why)


def _cells(lines: list[str]) -> Iterator[Cell]:
    starts = [n for n, line in enumerate(lines) if line.startswith(MARK)]
    for start, end in zip(starts, [*starts[1:], len(lines)]):
        kind = "markdown" if "[markdown]" in lines[start] else "code"
        body = lines[start + 1 : end]
        while body and not body[-1].strip():
            body.pop()
        skipped = next((n for n, line in enumerate(body) if line.strip()), len(body))
        body = body[skipped:]
        if kind == "markdown":
            body = [line.removeprefix("#").removeprefix(" ") for line in body]
        yield Cell(kind, start + 2 + skipped, "\n".join(body))
