"""The verdict on a published key: its slips and conventions re-run, and the claim held against the two columns of digits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from solvers.derivation import DerivationError, Intervention
from solvers.exact import read
from solvers.site import blocks
from solvers.site.agreement import Disagreement, compare, short
from solvers.site.part import Part
from solvers.site.problems import Problem
from solvers.site.records import Rerun
from solvers.site.runs import BlockError, Run
from solvers.traces import suggestion


def hold(part: Part) -> Iterator[Problem]:
    """Run every slip and convention of a part, keep the runs, and yield what does not follow."""
    landed: set[str] = set()
    for rerun in part.record.reruns:
        try:
            changed = rerun_part(part, rerun)
        except (BlockError, DerivationError, ValueError) as error:
            yield _problem(part, rerun.line, f"the re-run fails: {error}")
            continue
        part.reruns.append((rerun, changed))
        for label in rerun.lands:
            missed = _missed(part, label, rerun, changed)
            if missed:
                yield _problem(part, rerun.line, missed)
            else:
                landed.add(label)
    for text in _unfounded(part, landed):
        yield _problem(part, part.record.line, f"verdict {part.record.verdict}: {text}")


def _problem(part: Part, line: int, text: str) -> Problem:
    return Problem(part.key, line, f"part {part.record.id}: {text}")


def _missed(part: Part, label: str, rerun: Rerun, changed: Run) -> str:
    """Why a re-run does not land on a printed label; nothing when it does."""
    record = part.record
    if label not in record.printed:
        return f"lands on {label!r}, which the published key does not print{suggestion(label, list(record.printed))}"
    if rerun is record.rounding and part.agrees[label]:
        return ""
    try:
        compare(changed.value(label), record.printed[label], part.run.givens)
    except (Disagreement, KeyError) as error:
        return f"the re-run does not land on the printed {label}: {error.args[0]}"
    return ""


def _unfounded(part: Part, landed: set[str]) -> Iterator[str]:
    """The verdict is a claim; here is what speaks against it."""
    record = part.record
    differ = [label for label, agrees in part.agrees.items() if not agrees]
    unexplained = [label for label in differ if label not in landed and label not in record.unexplained]
    if record.verdict == "agrees" and differ:
        yield f"does not follow: the published {_differences(part, differ)}"
    if record.verdict in ("slip", "convention", "rounding") and not differ:
        yield "does not follow: every published value agrees with the page"
    if record.verdict == "slip" and differ and not (record.slips or record.unexplained or unexplained):
        yield "does not follow: conventions alone explain every published value; the verdict is convention"
    if record.verdict != "agrees" and unexplained:
        yield (f"the published {_differences(part, unexplained)}, and no slip or convention lands on it; add one, "
               "or repeat it under 'unexplained' to say that it could not be reconstructed")  # fmt: skip
    for label in record.unexplained:
        if label not in differ or label in landed:
            why = "a slip lands on it" if label in landed else "it agrees, or is not printed"
            yield f"{label} is listed as unexplained, but {why}"


def _differences(part: Part, labels: list[str]) -> str:
    return ", ".join(
        f"{label} {short(part.record.printed[label])} is not {short(part.shown.get(label, part.run.value(label)))}"
        for label in labels
    )


def rerun_part(part: Part, rerun: Rerun) -> Run:
    """The part's blocks again, with the givens, the lines or the rounding of a slip."""
    change = Intervention({k: _replacement(v) for k, v in rerun.replace.items()}, rerun.decimals, rerun.significant)
    return blocks.rerun(part.section, part.file, part.run, change, {k: _replacement(v) for k, v in rerun.given.items()})


def _replacement(value: Any) -> Any:
    """A number of the key as an exact number; text is an expression."""
    if isinstance(value, list):
        import numpy as np

        return np.array([_replacement(cell) for cell in value], dtype=object)
    return value if isinstance(value, str) else read(str(value))
