"""What a solution block asks its page for: answer(…), choices(…), table(…), figure(…), listing(…)."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from solvers.derivation import DerivationError, Line, suggestion
from solvers.diagrams import Diagram
from solvers.plots import Panels, Plot
from solvers.site.runs import BlockError, Run

NAMES = ("answer", "table", "figure", "listing", "choices")


def hooks(result: Run) -> dict[str, Any]:
    """The functions that a block finds under these names; each keeps what it is given in the result."""
    return {
        "answer": _unused,
        "choices": _decided(result.choices),
        "table": _columns(result.tables),
        "figure": _kept(result.figures, "figure", Diagram, Plot, Panels),
        "listing": _kept(result.listings, "listing", str),
    }


def answers(calls: list[ast.Call], start: int, result: Run) -> dict[str, str]:
    """Which line each keyword of `answer(...)` names: a name, or trace["label"]."""
    found: dict[str, str] = {}
    lines = result.lines
    for call in calls:
        if call.args:
            raise BlockError(call.lineno + start - 1, "answer takes labels: answer(w=step['w_t'])")
        for keyword in call.keywords:
            at = keyword.value.lineno + start - 1
            label = _reference(keyword.value)
            if label is None:
                text = ast.unparse(keyword.value)
                raise BlockError(
                    at, f"answer {keyword.arg}={text}: name the line first, then answer({keyword.arg}=name)"
                )
            found[keyword.arg or ""] = _resolve(label, lines, at)
    if len(calls) > 1:
        raise BlockError(start, f"the solution calls answer(…) {len(calls)} times; once is due")
    return found


def _reference(node: ast.expr) -> str | None:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and isinstance(node.slice, ast.Constant):
        return f"{node.value.id}.{node.slice.value}"
    return None


def _resolve(label: str, lines: Mapping[str, Line], at: int) -> str:
    if label in lines:
        return label
    last = [known for known in lines if known.rpartition(".")[0] == label and known.rpartition(".")[2].isdigit()]
    if last:
        return last[-1]
    raise BlockError(at, f"answer names no line {label!r}{suggestion(label, list(lines))}")


def _unused(*_values: Any, **_labels: Any) -> None:
    """`answer` is read from the source of the block, so that each answer points at its line."""


def _columns(tables: list[dict[str, str]]) -> Any:
    def table(**columns: str) -> None:
        for title, label in columns.items():
            if not isinstance(label, str):
                raise DerivationError(f"table column {title}: give the label of a line as text, {title}='step.m_t'")
        tables.append(columns)

    return table


def _decided(choices: dict[str, bool]) -> Any:
    def decide(**options: Any) -> None:
        for label, right in options.items():
            if str(right) not in ("True", "False"):
                raise DerivationError(f"choices: {label} is {right!r}; give a comparison, which is true or false")
            choices[label] = bool(right)

    return decide


def _kept(kept: list[Any], what: str, *kinds: type) -> Any:
    def keep(value: Any) -> None:
        if not isinstance(value, kinds):
            raise DerivationError(f"{what}: {value!r} is not a {' or '.join(kind.__name__ for kind in kinds)}")
        kept.append(value)

    return keep
