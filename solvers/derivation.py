"""A derivation: a plain function whose named assignments are the lines of its working.

    @derivation
    def mean(a, b):
        total = a + b       # add
        average = total / 2 # halve
        return average

`mean(1, 2)` is an ordinary call. `mean.trace(1, 2)` runs the same source and keeps every line with its formula,
the numbers that went in, the value and the reason. `replace={"total": "a - b"}` re-runs it with that line
changed and lets the rest follow; `decimals=2` or `significant=3` rounds every line on the way.
"""

from __future__ import annotations

import ast
import builtins
import functools
import inspect
import textwrap
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from solvers import functions
from solvers.exact import (
    HOOKS,
    elements,
    map_numbers,
    round_half_away,
    round_significant,
)
from solvers.instrument import (
    DONE,
    PASS,
    RECORD,
    Program,
    Statement,
    exact_code,
    expression,
    instrument,
    operands,
)
from solvers.traces import Line, Trace, suggestion

# what a replacement may call beside the solver's own functions
PLAIN_FUNCTIONS = {
    name: getattr(builtins, name) for name in ("abs", "len", "list", "max", "min", "range", "round", "sum", "zip")
}
LONGEST = 400  # lines of one trace; a simulation is called, not traced


class DerivationError(Exception):
    """A trace that cannot be made as asked: an unknown line, a replacement that fails."""


@dataclass(frozen=True)
class Intervention:
    """What a re-run changes: lines by label (a value, or an expression as text) and rounding of every line."""

    replace: Mapping[str, Any] = field(default_factory=dict)
    decimals: int | None = None
    significant: int | None = None

    def rounded(self, value: Any) -> Any:
        """The value after rounding, or as it is when every line keeps its precision."""
        if self.decimals is not None:
            return map_numbers(lambda v: round_half_away(v, self.decimals), value)
        if self.significant is not None:
            return map_numbers(lambda v: round_significant(v, self.significant), value)
        return value

    def inside(self, name: str) -> Intervention:
        """The part of this intervention that concerns the trace called `name`."""
        prefix = name + "."
        inner = {k.removeprefix(prefix): v for k, v in self.replace.items() if k.startswith(prefix)}
        return Intervention(inner, self.decimals, self.significant)


# What a run in another arithmetic makes of a value before it is kept: f(formula, names around it, value).
watching: ContextVar[Callable[..., Any]] = ContextVar("watching", default=lambda _formula, _names, value: value)


class Recorder:
    """Collects the lines of one run of a program."""

    def __init__(self, program: Program, intervention: Intervention, names: Mapping[str, Any]):
        self.program, self.intervention, self.names = program, intervention, names
        self.lines: list[Line] = []
        self.used: set[str] = set()
        self.passes: list[list[int]] = []  # [loop number, index] of each loop that is running
        self.latest: dict[str, tuple[int, ...]] = {}

    def hooks(self) -> dict[str, Any]:
        """The names that an instrumented program calls."""
        return {RECORD: self.record, PASS: self.begin_pass, DONE: self.end_loop, **HOOKS}

    def begin_pass(self, loop: int, index: int | None) -> None:
        if not self.passes or self.passes[-1][0] != loop:
            self.passes.append([loop, 0])
        self.passes[-1][1] = self.passes[-1][1] + 1 if index is None else index

    def end_loop(self, loop: int) -> None:
        if self.passes and self.passes[-1][0] == loop:
            self.passes.pop()

    def record(self, number: int, scope: Mapping[str, Any], compute: Callable[[], Any]) -> Any:
        statement = self.program.statements[number]
        index = tuple(current for _, current in self.passes)
        label = ".".join([statement.name, *map(str, index)])
        formula, names = statement.expression, statement.operands
        replaced = next((key for key in (label, statement.name) if key in self.intervention.replace), None)
        if replaced is None:
            value = watching.get()(formula, self.names, compute())
        else:
            self.used.add(replaced)
            formula, value = self._replacement(label, self.intervention.replace[replaced], scope)
            names = operands(formula)
        shown = self.intervention.rounded(value)
        inputs = {name: scope[name] for name in names if name in scope}
        indices = {name: self._index_of(name, index) for name in names}
        if not index and self._starts_a_loop(statement):
            return shown
        self.latest[statement.name] = index
        rounded = shown is not value and _differ(shown, value)
        line = Line(
            label,
            statement.name,
            index,
            formula,
            inputs,
            indices,
            shown,
            statement.reason,
            replaced is not None,
            rounded,
        )
        self.keep(line, statement)
        return shown

    def keep(self, line: Line, statement: Statement) -> None:
        if len(self.lines) == LONGEST:
            raise DerivationError(f"{line.label}: more than {LONGEST} lines; call the function, trace fewer passes")
        self.lines.append(line)

    def _starts_a_loop(self, statement: Statement) -> bool:
        """`total = 0` before a loop that adds to it is where the loop starts, not a line of the working."""
        literal = isinstance(statement.expression, ast.Constant)
        return literal and any(
            statement.name in loop.names and statement.line < loop.line for loop in self.program.loops
        )

    def _index_of(self, name: str, index: tuple[int, ...]) -> tuple[int, ...]:
        """The pass that an operand comes from: assigned in this pass, carried over, or set before the loop."""
        if self.latest.get(name):
            return self.latest[name]
        for depth, (loop, current) in enumerate(self.passes):
            if name in self.program.loops[loop].names:
                carried = any(s.name == name for s in self.program.statements)
                return (*index[:depth], current - 1 if carried else current)
        return ()

    def _replacement(self, label: str, change: Any, scope: Mapping[str, Any]) -> tuple[ast.expr, Any]:
        if not isinstance(change, str):
            return ast.Constant(change), change
        what = f"replacement of {label}"
        try:
            tree = expression(change, what)
            for node in ast.walk(tree):
                name = getattr(node, "attr", getattr(node, "id", ""))
                if isinstance(node, ast.Attribute) or name.startswith("__"):
                    raise TypeError(f"{name!r} has no place in a replacement")
            known = {**vars(functions), **self.names, **self.hooks(), **scope, "__builtins__": PLAIN_FUNCTIONS}
            return tree.body, eval(exact_code(tree, change, what), known)
        except Exception as error:
            raise DerivationError(f"{what} by {change!r}: {type(error).__name__}: {error}") from error

    def check_all_used(self, name: str) -> None:
        known = [line.name for line in self.lines] + [line.label for line in self.lines]
        for label in self.intervention.replace:
            if label not in self.used:
                raise DerivationError(f"{name}: no line {label!r} to replace{suggestion(label, known)}")


def _differ(a: Any, b: Any) -> bool:
    return any(x != y for x, y in zip(elements(a), elements(b)))


# A page's block that is running collects the traces made in it, and hands down its intervention.
collecting: ContextVar[Any] = ContextVar("collecting", default=None)


class Derivation:
    """A function with a `trace`; calling it is calling the function."""

    def __init__(self, function: Callable[..., Any]):
        functools.update_wrapper(self, function)
        self.function = function
        self.signature = inspect.signature(function)
        self.summary = (inspect.getdoc(function) or "").split("\n\n")[0].replace("\n", " ")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.function(*args, **kwargs)

    @functools.cached_property
    def program(self) -> Program:
        try:
            lines, first = inspect.getsourcelines(self.function)
        except OSError:
            raise TypeError(f"{self.__name__} has no source file: a derivation is read from its source") from None
        source = textwrap.dedent("".join(lines))
        return instrument(source, inspect.getsourcefile(self.function) or "<derivation>", first, function=True)

    def trace(self, *args: Any, replace: Mapping[str, Any] | None = None, decimals: int | None = None,
              significant: int | None = None, symbols: Mapping[str, str] | None = None, **kwargs: Any) -> Trace:  # fmt: skip
        """Run the function and keep its lines; see the module for `replace`, `decimals` and `significant`.

        `symbols` maps names of this derivation to the names that a page shows in their place.
        Raises DerivationError for a replacement that names no line or cannot be computed.
        """
        outer = collecting.get()
        if outer is None:
            return self._run(Intervention(replace or {}, decimals, significant), args, kwargs, symbols)
        name, intervention = outer.claim(self.__name__)
        trace = self._run(intervention, args, kwargs, symbols)
        outer.add(name, trace)
        return trace

    def _run(self, change: Intervention, args: Any, kwargs: Any, symbols: Mapping[str, str] | None) -> Trace:
        bound = self.signature.bind(*args, **kwargs)
        given, named = bound.args, bound.kwargs  # defaults are left to the exact source
        bound.apply_defaults()
        recorder = Recorder(self.program, change, self.function.__globals__)
        namespace = {**recorder.names, **recorder.hooks()}
        exec(self.program.code, namespace)
        result = namespace[self.__name__](*given, **named)
        recorder.check_all_used(self.__name__)
        return Trace(self.__name__, self.summary, dict(bound.arguments), tuple(recorder.lines), result, symbols or {})


def derivation(function: Callable[..., Any]) -> Derivation:
    """Make a plain function traceable. Raises TypeError for a generator or a function without source."""
    odd = inspect.isgeneratorfunction(function) or inspect.iscoroutinefunction(function)
    if odd or function.__name__ == "<lambda>":
        raise TypeError(f"{function.__name__}: a derivation is a plain function")
    return Derivation(function)
