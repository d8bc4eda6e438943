"""Run a block so that it ends, and so that nothing it does can be seen by the next one.

A block may call solvers and compute; it may not import, define, delete, catch or reach into attributes that start
with an underscore, so it has no way to patch a solver. What a solver itself may leave behind in the process
(numpy's error state and print options, the random generators, the warning filters) is put back after each part.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import ctypes
import decimal
import faulthandler
import os
import random
import sys
import threading
import time
import warnings
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

# Before numpy is imported: sums of one thread have one order on every machine, and small matrices are done sooner.
for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ.setdefault(name, "1")

SECONDS = float(os.environ.get("SOLVERS_SECONDS", "10"))

BUILTINS = {
    name: getattr(builtins, name)
    for name in (
        *("abs", "all", "any", "bool", "dict", "enumerate", "float", "int", "len", "list", "locals", "map", "max"),
        *("min", "range", "reversed", "round", "set", "sorted", "str", "sum", "tuple", "zip"),
    )
}

# what a block may ask of a value; none of these changes it
ATTRIBUTES = {
    *("trace", "T", "shape", "size", "ndim", "sum", "mean", "max", "min", "dot", "tolist"),
    *("items", "keys", "values", "count", "index", "split", "join"),
}

FORBIDDEN: dict[type, str] = {
    ast.Import: "import", ast.ImportFrom: "import", ast.FunctionDef: "def", ast.AsyncFunctionDef: "def",
    ast.ClassDef: "class", ast.Global: "global", ast.Nonlocal: "nonlocal", ast.Delete: "del", ast.Try: "try",
    ast.With: "with", ast.Raise: "raise", ast.Assert: "assert",
}  # fmt: skip


class TimeLimit(BaseException):
    """A block ran longer than it may; not an Exception, so that no solver catches it."""


def objections(nodes: Iterable[ast.AST]) -> Iterator[tuple[int, str]]:
    """(line of the block, what it may not do)."""
    for node in nodes:
        word = FORBIDDEN.get(type(node))
        if word:
            yield node.lineno, f"a block calls solvers, it has no {word!r}; put the computation into solvers/"
        elif isinstance(node, ast.Attribute) and not (node.attr in ATTRIBUTES and isinstance(node.ctx, ast.Load)):
            yield node.lineno, f"a block cannot reach or change the attribute {node.attr!r}"
        elif isinstance(node, ast.Name) and node.id.startswith("__"):
            yield node.lineno, f"a block cannot use the name {node.id!r}"
        elif isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
            yield node.lineno, "a block names values, it does not change them in place"


@lru_cache(maxsize=1)
def _numpy() -> Any:
    """numpy, imported before a solver needs it: a state that was not seen cannot be put back.

    Its methods import parts of numpy when they are first called, which inside a block they could not.
    """
    import numpy as np

    warm = np.arange(2)
    for name in ("sum", "mean", "max", "min"):
        getattr(warm, name)()
        getattr(warm.astype(object), name)()
    return np


@contextlib.contextmanager
def unchanged() -> Iterator[None]:
    """Put back what computations can leave behind in the process."""
    np = _numpy()
    errors, printing, seeds = np.geterr(), np.get_printoptions(), np.random.get_state()
    seed, decimals = random.getstate(), decimal.getcontext().copy()
    with warnings.catch_warnings():
        try:
            yield
        finally:
            random.setstate(seed)
            decimal.setcontext(decimals)
            np.seterr(**errors)
            np.set_printoptions(**printing)
            np.random.set_state(seeds)


class _Watchdog:
    """One thread that interrupts the block of another when its time is up; works in any thread, on any system."""

    def __init__(self) -> None:
        self.wake = threading.Condition()
        self.target: int | None = None
        self.deadline = 0.0
        self.idle = False
        self.thread: threading.Thread | None = None

    def start(self, seconds: float) -> None:
        with self.wake:
            self.target, self.deadline = threading.get_ident(), time.monotonic() + seconds
            if self.thread is None or not self.thread.is_alive():
                self.thread = threading.Thread(target=self._watch, daemon=True)
                self.thread.start()
            elif self.idle:  # else it wakes at an earlier deadline and finds the new one
                self.wake.notify()

    def stop(self) -> None:
        with self.wake:
            self.target = None

    def _watch(self) -> None:
        with self.wake:
            while True:
                left = self.deadline - time.monotonic()
                if self.target is None and left <= 0:
                    self.idle = True
                    self.wake.wait()
                    self.idle = False
                elif left > 0:
                    self.wake.wait(left)
                else:
                    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self.target), ctypes.py_object(TimeLimit))
                    self.target = None


_watchdog = _Watchdog()


@contextlib.contextmanager
def part(seconds: float = 4 * SECONDS) -> Iterator[None]:
    """Around all runs of one part: nothing that they leave behind in the process outlives it.

    When a part takes this long the whole process ends, with the traceback of the block. That is for code that never
    returns to Python (one giant power, say), which nothing can interrupt.
    """
    with contextlib.suppress(RuntimeError, ValueError, OSError, AttributeError):
        faulthandler.dump_traceback_later(seconds, exit=True, file=sys.__stderr__)
    try:
        with unchanged():
            yield
    finally:
        faulthandler.cancel_dump_traceback_later()


def run(code: Any, namespace: dict[str, Any]) -> None:
    """Execute compiled code; TimeLimit when it takes longer than SECONDS."""
    _numpy()
    _watchdog.start(SECONDS)
    try:
        exec(code, namespace)
    finally:
        _watchdog.stop()
