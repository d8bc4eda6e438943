"""What a draw of new numbers has to meet: `# where a < b`, over givens, answers and lines of the derivation."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from solvers.exact import HOOKS
from solvers.instrument import exact_code, expression
from solvers.site import sandbox
from solvers.site.runs import BlockError


@lru_cache(maxsize=256)
def names(condition: str) -> frozenset[str]:
    """The givens, answers and lines that a condition speaks of."""
    tree = expression(condition, "a condition")
    read = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    stored = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return frozenset(read - stored - {*sandbox.BUILTINS})


def met(condition: str, known: Mapping[str, Any], line: int) -> bool:
    """Does a draw meet a condition? Raises BlockError for one that cannot be computed."""
    for objection in _objections(condition):
        raise BlockError(line, f"where: {objection}")
    unknown = sorted(names(condition) - {*known})
    if unknown:
        raise BlockError(line, f"where: no given, answer or line {unknown[0]!r}")
    try:
        return bool(eval(_code(condition), {**known, **HOOKS, "__builtins__": sandbox.BUILTINS}))
    except Exception as error:
        raise BlockError(line, f"where: {condition!r} cannot be computed: {type(error).__name__}: {error}") from None


# Thousands of draws are held against one condition.


@lru_cache(maxsize=256)
def _objections(condition: str) -> tuple[str, ...]:
    return tuple(text for _, text in sandbox.objections(ast.walk(expression(condition, "a condition"))))


@lru_cache(maxsize=256)
def _code(condition: str) -> Any:
    return exact_code(expression(condition, "a condition"), condition, "a condition")
