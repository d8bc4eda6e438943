"""Which solvers compute in floats: what comes out of them as a whole number is not proved by being whole.

Read from the source: a function does when it, or a function of this package that it calls, names `float`, a function of
`math` that rounds, or one of numpy that does more than build arrays.
"""

from __future__ import annotations

import ast
import builtins
import inspect
import textwrap
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import FunctionType, ModuleType
from typing import Any

from solvers.derivation import Derivation

EXACT = {
    "math": {"floor", "ceil", "isqrt", "gcd", "lcm", "comb", "prod", "factorial"},
    "numpy": {
        "array",
        "ndarray",
        "full",
        "rot90",
        "stack",
        "zeros",
        "ones",
        "eye",
        "roll",
        "shape",
        "arange",
        "where",
        "outer",
        "maximum",
        "concatenate",
        "column_stack",
        "vander",
        "exp",
        "log",
        "sin",
        "tanh",
        "sum",
        "mean",
        "max",
        "argmax",
        "random",
    },
}  # of numpy what works on arrays of any numbers
DRAWS = {"normal", "standard_normal", "uniform", "choice"}  # random floats
TRUSTED = {"solvers.exact", "solvers.functions"}  # their floats are guesses that exact arithmetic then decides


def calls_floats(expression: ast.AST, names: Mapping[str, Any]) -> bool:
    """Does a formula, or a function that it calls, compute in floats?"""
    return any(_floats(value) for value in _reached(expression, names))


def _reached(tree: ast.AST, names: Mapping[str, Any]) -> Iterator[Any]:
    """The objects that a piece of source reads from its surroundings; of a module, the one that it asks it for."""
    drawn = {id(inner) for node in ast.walk(tree) if _is_drawn(node) for inner in ast.walk(node)}
    for node in ast.walk(tree):
        if id(node) in drawn:
            continue
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            owner = names.get(node.value.id)
            if isinstance(owner, ModuleType) or node.attr in DRAWS:
                yield (getattr(owner, "__name__", ""), node.attr)
        elif isinstance(node, ast.Name):
            yield names.get(node.id, getattr(builtins, node.id, None))


def _is_drawn(node: ast.AST) -> bool:
    """Is it `drawn(…)`, whose random floats are data?"""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "drawn"


def _floats(value: Any) -> bool:
    if isinstance(value, tuple):
        return value[1] in DRAWS or value[1] not in EXACT.get(value[0], {value[1]})
    function = value.function if isinstance(value, Derivation) else inspect.unwrap(value) if callable(value) else None
    if isinstance(function, FunctionType) and function.__module__.startswith("solvers."):
        return function.__module__ not in TRUSTED and _function_floats(function)
    return value is float


@lru_cache(maxsize=1024)
def _function_floats(function: FunctionType) -> bool:
    _function_floats_running.add(function)
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
        return any(
            _floats(value)
            for value in _reached(tree, function.__globals__)
            if not (isinstance(value, FunctionType) and value in _function_floats_running)
        )
    finally:
        _function_floats_running.discard(function)


_function_floats_running: set[FunctionType] = set()  # a function that calls itself is asked once
