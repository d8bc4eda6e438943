"""Class `solvers`: a module of the package changed in one place; the parts that use it and its own tests have to notice.

A mutant is a file in a copy of the repository. It is tried in a fork of a process that has the libraries loaded, first
by the parts whose blocks come to the module, then by the module's tests, which stop at their first failure.
"""

from __future__ import annotations

import ast
import contextlib
import itertools
import linecache
import os
import select
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from mutants.code import Edit, edits
from mutants.report import Mutant

LONGEST = 90.0  # seconds; a mutant that takes longer does not end, which is noticed
LIBRARIES = (
    "numpy",
    "sympy",
    "scipy.stats",
    "scipy.integrate",
    "scipy.optimize",
    "scipy.special",
    "scipy.signal",
    "hypothesis",
    "pytest",
)


def modules(root: Path, engine: bool) -> list[Path]:
    """The files of the subjects, or of the engine: the core that the subjects stand on, and solvers/site."""
    from solvers.site.catalogue import CORE

    files = sorted((root / "solvers").glob("*.py"))
    if engine:
        return [file for file in files if file.stem in CORE] + sorted((root / "solvers" / "site").rglob("*.py"))
    return [file for file in files if file.stem not in CORE]


def every(root: Path, files: list[Path]) -> list[tuple[str, Edit]]:
    """(file, edit) of every mutant."""
    return [(str(file.relative_to(root)), edit) for file in files for edit in edits(file.read_text(encoding="utf-8"))]


def copy(root: Path, folder: Path) -> None:
    """The process becomes the one that forks: everything is imported from a copy of the repository."""
    for name in ("docs", "solvers", "tests"):
        shutil.copytree(root / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "mkdocs.yml"):
        shutil.copy(root / name, folder)
    os.chdir(folder)
    for name in [name for name in sys.modules if name.split(".")[0] == "solvers"]:
        del sys.modules[name]
    sys.path[:] = [str(folder), *(path for path in sys.path if path not in ("", str(root)))]
    for name in (*LIBRARIES, "solvers.site.check"):
        with contextlib.suppress(ImportError):
            __import__(name)
    _uses()


_times = itertools.count(1_000_000_000, 10)


def tried(file: str, edit: Edit) -> Mutant:
    """Write one mutant, fork, and hear what the parts and the tests say."""
    path = Path(file)
    source, stamp = path.read_text(encoding="utf-8"), path.stat().st_mtime
    path.write_text(edit.of(source), encoding="utf-8")
    os.utime(path, (stamp, next(_times)))  # or bytecode of the mutant before would pass for this one's
    try:
        said = _in_a_fork(file)
    finally:
        path.write_text(source, encoding="utf-8")
        os.utime(path, (stamp, stamp))
    return Mutant(file, edit.line, edit.what, said)


def _in_a_fork(file: str) -> str:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _be_the_child(file, writing)
    os.close(writing)
    said, ended = b"", time.monotonic() + LONGEST
    while True:
        ready, _, _ = select.select([reading], [], [], max(0, ended - time.monotonic()))
        more = os.read(reading, 65536) if ready else b""
        said += more
        if not more:
            break
    os.close(reading)
    if not ready:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    text = said.decode(errors="replace")
    if not ready:
        return f"{file}: did not end within {LONGEST:g} s"
    return text if status == 0 or text else f"{file}: the process ended with {status}"


def _be_the_child(file: str, writing: int) -> None:
    """Try the mutant, write the message, and leave without a trace of this process."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
    os.setpgid(0, 0)
    try:
        linecache.clearcache()
        _forget(file)
        said = _by_the_parts(file) or _by_the_tests(file)
    except BaseException as error:
        said = f"{file}: {type(error).__name__}: {error}"
    os.write(writing, said.encode()[:4000])
    os._exit(0)


def _forget(file: str) -> None:
    """Import the package anew where the mutant is loaded already."""
    if _module(file) in sys.modules:
        for name in [name for name in sys.modules if name.split(".")[0] == "solvers"]:
            del sys.modules[name]


def _module(file: str) -> str:
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _by_the_parts(file: str) -> str:
    from solvers.site.parts import solve
    from solvers.site.project import Project

    if file.startswith("solvers/site/"):
        from solvers.site.check import everything

        return next(map(str, everything(Path("docs"))), "")
    project, reached = Project(Path("docs")), _reached(_module(file))
    for paper_id, part in reached:
        paper = project.paper(paper_id)
        page, section = project.where(paper_id)[part]
        solved = solve(section, paper, str(page)) if paper else None
        if solved is None or solved.problems:
            return str(solved.problems[0]) if solved else f"{paper_id}/{part}: has no record any more"
    return ""


@lru_cache(maxsize=1)
def _uses() -> dict[tuple[str, str], set[str]]:
    """part -> the modules that its blocks come to, directly or through others; found before anything is changed."""
    from solvers.site import blocks
    from solvers.site.project import Project

    project = Project(Path("docs"))
    found = {}
    for paper in project.papers():
        for id_, (page, section) in project.where(paper.id).items():
            if id_ in paper.records:
                found[paper.id, id_] = _closed(set(blocks.solvers_used(section, str(page))))
    return found


def _reached(module: str) -> list[tuple[str, str]]:
    core = not any(module in modules for modules in _uses().values())
    return [part for part, modules in _uses().items() if module in modules or core]


def _closed(found: set[str]) -> set[str]:
    """The modules with all that they import."""
    wanted = set(found)
    while wanted:
        wanted = {name for module in wanted for name in _imports(module)} - found
        found |= wanted
    return found


@lru_cache(maxsize=256)
def _imports(module: str) -> frozenset[str]:
    tree = ast.parse(Path(f"{module.replace('.', '/')}.py").read_text(encoding="utf-8"))
    names = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    return frozenset(
        name for name in names if name.startswith("solvers.") and Path(f"{name.replace('.', '/')}.py").exists()
    )


def _by_the_tests(file: str) -> str:
    """The first failure of the module's own tests."""
    import pytest

    listener = _Listener()
    tests = [str(path) for path in _tests_of(file)]
    if not tests:
        return ""
    code = pytest.main(["-x", "-q", "--no-header", "-p", "no:cacheprovider", "-W", "ignore", *tests], [listener])
    return listener.failed or ("" if code == 0 else f"{tests[0]}: pytest ends with {int(code)}")


def _tests_of(file: str) -> Iterator[Path]:
    folder, stem = ("site", Path(file).stem) if file.startswith("solvers/site/") else ("solvers", Path(file).stem)
    yield from (path for path in [Path("tests", folder, f"test_{stem}.py")] if path.exists())


class _Listener:
    """Hears of the first failure; random inputs are not made small, which takes long and is read by nobody."""

    failed = ""

    def pytest_runtest_logreport(self, report) -> None:
        if report.failed and not self.failed:
            self.failed = f"{report.nodeid}: {str(report.longrepr).strip().splitlines()[-1][:200]}"

    def pytest_collectreport(self, report) -> None:
        if report.failed and not self.failed:
            self.failed = f"{report.nodeid}: {str(report.longrepr).strip().splitlines()[-1][:200]}"

    def pytest_pycollect_makemodule(self) -> None:
        from hypothesis import Phase, settings

        settings.register_profile(
            "mutation", settings.get_profile("reproducible"), phases=(Phase.explicit, Phase.generate)
        )
        settings.load_profile("mutation")
