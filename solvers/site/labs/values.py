"""The values of a lab: run without a kernel, compared with the key, written into it."""

from __future__ import annotations

import difflib
import runpy
import traceback
from pathlib import Path
from typing import Any

from solvers.site import edit, whole
from solvers.site.labs.files import LabFile, LabKey, load
from solvers.site.labs.lab import Lab, NotHeld, held
from solvers.site.problems import Problem, shown_path


def run(lab: LabFile) -> tuple[dict[str, Any], list[Problem]]:
    """Run a lab in this process, without a kernel: its values by label, compared with nothing; or what it raised."""
    Lab.recorder = {}
    try:
        runpy.run_path(str(lab.file), run_name="__main__")
        return Lab.recorder, []
    except Exception as error:
        inside = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(lab.file)]
        line = (inside[-1].lineno if inside else getattr(error, "lineno", None)) or 1
        return {}, [Problem(lab.shown, line, f"{type(error).__name__}: {error}")]
    finally:
        Lab.recorder = None


def disagreements(lab: LabFile, values: dict[str, Any], key: LabKey) -> list[Problem]:
    """Where the values that a lab shows differ from its key, and which of the key it does not show."""
    out = []
    table = key.labs.get(lab.name, {})
    for label, value in values.items():
        try:
            held(lab.name, label, value, table)
        except NotHeld as error:
            out.append(Problem(lab.shown, lab.labels.get(label, 1), advised(lab, str(error))))
    for label in table:
        if label not in values:
            why = f"{lab.name}: {lab.shown} did not show {label}"
            out.append(Problem(shown_path(key.file), key.line(lab.name, label), why))
    return out


def advised(lab: LabFile, why: str) -> str:
    """What disagrees, and the way out."""
    return f"{why}. Mend the lab or the solver; if they are right: python -m solvers accept labs/{lab.name}"


def accept(docs: Path, lab: LabFile) -> tuple[str, list[Problem]]:
    """Run a lab and write its values where the key has none or others: the change as a diff, or what went wrong."""
    key = load(docs)
    values, out = run(lab)
    if out or (key.problems and key.file.exists()):
        return "", [*out, *key.problems]
    before = edit.read(key.file) if key.file.exists() else ""
    after = before
    if lab.name not in key.labs:
        after = f"{before.rstrip()}\n\n[{lab.name}]\n".lstrip()
    after = edit.hold(after, (lab.name,), key.labs.get(lab.name, {}), values, {})
    if after != before:
        whole.replace(key.file, after)
    name = shown_path(key.file)
    return "\n".join(difflib.unified_diff(before.splitlines(), after.splitlines(), name, name, lineterm="", n=1)), []
