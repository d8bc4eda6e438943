"""Which solver stands in which module: the names that a page's blocks may use, found without importing any."""

from __future__ import annotations

import ast
import importlib
from functools import lru_cache
from pathlib import Path
from typing import Any

import solvers

CORE = {
    "__init__",
    "__main__",
    "exact",
    "derivation",
    "instrument",
    "formula",
    "dialects",
    "notation",
    "traces",
    "balls",
}


@lru_cache(maxsize=1)
def names() -> dict[str, str]:
    """name -> module, for every public function and class of the solver modules."""
    found: dict[str, str] = {}
    for file in sorted(Path(solvers.__file__).parent.glob("*.py")):
        if file.stem not in CORE:
            tree = ast.parse(file.read_text(encoding="utf-8"), str(file))
            for node in tree.body:
                if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                    found[node.name] = f"solvers.{file.stem}"
    return found


def get(name: str) -> Any:
    """The solver itself; its module is imported now if it was not."""
    return getattr(importlib.import_module(names()[name]), name)
