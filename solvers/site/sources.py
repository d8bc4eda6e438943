"""What decides a result beside a page and its key: the sources that compute it, and the versions of Python and the libraries.

A result may be kept from build to build only under a name that covers all of it. The engine counts whole; of the solvers
those that a part calls, with everything that they import.
"""

from __future__ import annotations

import ast
import hashlib
import platform
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
LIBRARIES = ("numpy", "scipy", "sympy", "mpmath", "Markdown", "pymdown-extensions", "Pygments", "quickjs")


def behind(modules: Iterable[str], package: Path = PACKAGE) -> str:
    """A hash of the engine and of these modules ("solvers.optimizers"), with all that they import from the package."""
    wanted = closed(engine(package), package) | closed(frozenset(modules), package)
    named = [f"{name} {_hash(name, package)}" for name in sorted(wanted)]
    return hashlib.sha256("\n".join([*_versions(), *named]).encode()).hexdigest()


@lru_cache(maxsize=8)
def engine(package: Path = PACKAGE) -> frozenset[str]:
    """Every module of the engine."""
    return frozenset(_name(file, package) for file in package.joinpath("site").rglob("*.py"))


@lru_cache(maxsize=256)
def closed(modules: frozenset[str], package: Path = PACKAGE) -> frozenset[str]:
    """The modules, and those of the package that they import, directly or not."""
    known, found, waiting = set(_files(package)), set(), set(modules)
    while waiting:
        found |= waiting
        waiting = {name for module in waiting for name in imported(module, package) if name in known} - found
    return frozenset(found & known)


@lru_cache(maxsize=512)
def imported(module: str, package: Path = PACKAGE) -> frozenset[str]:
    """The names that a module's import statements may mean as modules, wherever in it they stand."""
    return frozenset(_imported(ast.parse(_source(module, package))))


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@lru_cache(maxsize=8)
def _files(package: Path) -> dict[str, Path]:
    return {_name(file, package): file for file in package.rglob("*.py")}


def _source(module: str, package: Path) -> bytes:
    file = _files(package).get(module)
    return file.read_bytes() if file else b""


@lru_cache(maxsize=512)
def _hash(module: str, package: Path) -> str:
    """Made once: after a change this module is imported anew with the rest of the engine."""
    return hashlib.sha256(_source(module, package)).hexdigest()


def _name(file: Path, package: Path) -> str:
    parts = [package.name, *file.relative_to(package).with_suffix("").parts]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@lru_cache(maxsize=1)
def _versions() -> list[str]:
    return [
        f"Python {platform.python_version()} {platform.machine()}",
        *(f"{name} {_version(name)}" for name in LIBRARIES),
    ]


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "none"
