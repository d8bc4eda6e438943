"""Run one part of a page: its givens, then its solution, in a namespace of its own.

The result is data: givens, lines and traces in the author's order, and what `answer(...)`, `table(...)` and
`figure(...)` asked for. An intervention re-runs the same blocks with givens or lines replaced.
"""

from __future__ import annotations

import ast
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from solvers import derivation, exact
from solvers.derivation import DerivationError, Intervention, Line, Recorder, Trace
from solvers.exact import Choice
from solvers.instrument import Program, instrument
from solvers.site import calls, catalogue, sandbox
from solvers.site.runs import BlockError, Item, Run
from solvers.site.source import Section


def run(section: Section, file: str) -> Run:
    """Run the blocks of a part. Raises BlockError with the page's line, whatever went wrong."""
    return _solved(section, file, givens(section, file), Intervention())


def rerun(section: Section, file: str, before: Run, change: Intervention, given: Mapping[str, Any]) -> Run:
    """Run a part again with lines or givens changed. Raises BlockError like `run`."""
    return _solved(section, file, givens(section, file, given) if given else before.givens, change)


def givens(section: Section, file: str, given: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The givens of a part, some of them replaced. Raises BlockError like `run`."""
    with _errors(section.givens.line, file):
        block = _block(section.givens.body, file, section.givens.line + 1)
        namespace = _namespace(block, {})
        recorder = Recorder(block.program, Intervention(given or {}), namespace)
        sandbox.run(block.program.code, {**namespace, **recorder.hooks()})
        recorder.check_all_used("givens")
        return {line.name: _given(line.name, line.value) for line in recorder.lines}


def _solved(section: Section, file: str, given: dict[str, Any], change: Intervention) -> Run:
    result = Run(given)
    if section.solution is not None:
        with _errors(section.solution.line, file):
            block = _block(section.solution.body, file, section.solution.line + 1)
            _solve(block, result, change)
            if section.options:
                _tick(section, result)
            result.answers |= calls.answers(block.answers, section.solution.line + 1, result)
    elif section.options:
        _tick(section, result)
    return result


def _tick(section: Section, result: Run) -> None:
    """The options that are right, as one more answer: the key holds it, and the published ticks are compared with it."""
    if any(item.name == "right" for item in result.items):
        raise BlockError(section.at, "'right' names the options that are right; give the line another name")
    ticked = Choice(option.label for option in section.options if option.right)
    line = Line("right", "right", (), ast.Constant(", ".join(ticked)), {}, {}, ticked)
    result.items.append(Item("right", line, "", section.options[0].line))
    result.answers["right"] = "right"


def _given(name: str, value: Any) -> Any:
    """A list of numbers becomes an array of exact numbers. Raises DerivationError for what is no given."""
    if not name.isascii():
        raise DerivationError(f"given {name}: names are written with plain letters; `notation` gives them symbols")
    if isinstance(value, list | tuple) and all(exact.is_number(v) for v in exact.elements(value)):
        import numpy as np

        return np.array(value, dtype=object)
    if not (exact.is_number(value) or exact.is_array(value) or exact.is_symbolic(value) or isinstance(value, str)):
        raise DerivationError(f"given {name} is {type(value).__name__}; write a number, a list of numbers or a word")
    return value


def _solve(block: _Block, result: Run, change: Intervention) -> None:
    namespace = _namespace(block, result.givens)
    recorder = _BlockRecorder(block.program, change, {**namespace, **result.givens})
    recorder.captions = block.captions
    token = derivation.collecting.set(recorder)
    try:
        sandbox.run(block.program.code, {**namespace, **result.givens, **calls.hooks(result), **recorder.hooks()})
    finally:
        derivation.collecting.reset(token)
    recorder.check_all_used("solution")
    result.items = recorder.items


class _BlockRecorder(Recorder):
    """Records a block: its own assignments are lines, the traces that it makes are items of their own."""

    def __init__(self, *args: Any):
        super().__init__(*args)
        self.items: list[Item] = []
        self.pending = ""
        self.captions: dict[int, str] = {}

    def record(self, number: int, scope: Mapping[str, Any], compute: Any) -> Any:
        self.pending = ".".join([self.program.statements[number].name, *(str(i) for _, i in self.passes)])
        return super().record(number, scope, compute)

    def claim(self, solver: str) -> tuple[str, Intervention]:
        """Called by a trace that begins: its name on the page, and what to change in it."""
        if not self.pending:
            raise DerivationError(f"the trace of {solver} has no name; assign it: step = {solver}.trace(…)")
        name, self.pending = self.pending, ""
        self.used |= {key for key in self.intervention.replace if key.startswith(f"{name}.")}
        return name, self.intervention.inside(name)

    def add(self, name: str, trace: Trace) -> None:
        self.made = (name, trace)

    def keep(self, line: Line, statement: Any) -> None:
        value = line.value
        if not isinstance(value, Trace):
            super().keep(line, statement)
        caption = self.captions.get(statement.line, "")
        self.items.append(Item(line.label, value if isinstance(value, Trace) else line, caption, statement.line))


def solvers_used(section: Section, file: str) -> dict[str, list[str]]:
    """module -> the names that a part's blocks take from it."""
    known = catalogue.names()
    fences = [fence for fence in (section.givens, section.solution) if fence is not None]
    names = {name for fence in fences for name in _block(fence.body, file, fence.line + 1).wanted if name in known}
    modules: dict[str, list[str]] = {}
    for name in sorted(names):
        modules.setdefault(known[name], []).append(name)
    return dict(sorted(modules.items()))


@dataclass(frozen=True)
class _Block:
    """A block ready to run: its program, and the names that it takes from elsewhere with the line of each."""

    program: Program
    wanted: dict[str, int]
    captions: dict[int, str]
    answers: list[ast.Call]


@lru_cache(maxsize=1024)
def _block(source: str, file: str, first_line: int) -> _Block:
    """Parse and instrument a block once; every re-run shares it."""
    try:
        tree = ast.parse(source, file)
    except SyntaxError as error:
        raise BlockError((error.lineno or 1) + first_line - 1, f"SyntaxError: {error.msg}") from None
    nodes = list(ast.walk(tree))
    for line, objection in sandbox.objections(nodes):
        raise BlockError(line + first_line - 1, objection)
    names = [node for node in nodes if isinstance(node, ast.Name)]
    stored = {name.id for name in names if isinstance(name.ctx, ast.Store)}
    stored |= {node.arg for node in nodes if isinstance(node, ast.arg)}  # of a lambda
    wanted = {name.id: name.lineno + first_line - 1 for name in reversed(names) if name.id not in stored}
    try:
        program = instrument(_one_target_each(source, tree), file, first_line)
    except SyntaxError as error:  # what only the compiler finds, a return outside a function say
        raise BlockError(error.lineno or first_line, f"SyntaxError: {error.msg}") from None
    asked = [node for node in nodes if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "answer"]
    return _Block(program, wanted, _captions(source, first_line), asked)


def _one_target_each(source: str, tree: ast.Module) -> str:
    """`x, y = 3.5, 0.5` is two assignments of one value each; they stay on their line."""
    rows = [row.encode() for row in source.split("\n")]  # positions in a tree count bytes
    for node in tree.body:
        target = node.targets[0] if isinstance(node, ast.Assign) else None
        value = node.value if isinstance(node, ast.Assign) else None
        pairs = isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts)
        if pairs and node.lineno == node.end_lineno:
            row = rows[node.lineno - 1]
            halves = [_slice(row, name) + b" = " + _slice(row, part) for name, part in zip(target.elts, value.elts)]
            rows[node.lineno - 1] = row[: node.col_offset] + b"; ".join(halves) + row[node.end_col_offset :]
    return b"\n".join(rows).decode()


def _slice(row: bytes, node: ast.expr) -> bytes:
    return row[node.col_offset : node.end_col_offset]


def _namespace(block: _Block, givens: Mapping[str, Any]) -> dict[str, Any]:
    """The solvers that a block names, and nothing else. Raises BlockError for a name that is nowhere."""
    known = catalogue.names()
    namespace: dict[str, Any] = {"__builtins__": sandbox.BUILTINS}
    for name, line in block.wanted.items():
        if name in givens or name in sandbox.BUILTINS or name in calls.NAMES:
            continue
        if name not in known:
            near = get_close_matches(name, [*known, *givens, *calls.NAMES], 1)
            raise BlockError(line, f"unknown name {name!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
        try:
            namespace[name] = catalogue.get(name)
        except Exception as error:
            raise BlockError(line, f"{name} cannot be imported: {type(error).__name__}: {error}") from error
    return namespace


def _captions(body: str, start: int) -> dict[int, str]:
    """line of a statement -> the comment lines directly above it."""
    found: dict[int, str] = {}
    above: list[str] = []
    for line, text in enumerate(body.split("\n"), start=start):
        if text.lstrip().startswith("#"):
            above.append(text.strip().lstrip("#").strip())
        elif above:
            found[line] = " ".join(above)
            above = []
    return found


@contextmanager
def _errors(line: int, file: str) -> Iterator[None]:
    """Whatever a block raises becomes one BlockError at the line of the page."""
    try:
        yield
    except BlockError:
        raise
    except (DerivationError, KeyError) as error:
        raise BlockError(_page_line(error, file) or line, str(error.args[0])) from error
    except sandbox.TimeLimit as error:
        at = _page_line(error, file) or line
        raise BlockError(at, f"ran longer than {sandbox.SECONDS:g} s and was stopped; does it end?") from None
    except Exception as error:
        at = _page_line(error, file) or line
        raise BlockError(at, f"{type(error).__name__}: {error}{_where(error, file)}") from error


def _page_line(error: BaseException, file: str) -> int | None:
    frames = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == file]
    return frames[-1] if frames else None


def _where(error: BaseException, file: str) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    last = frames[-1] if frames else None
    inside = last is not None and last.filename != file and "/solvers/" in last.filename.replace("\\", "/")
    return f" (in {last.filename.replace(chr(92), '/').rpartition('/')[2]}:{last.lineno})" if inside and last else ""
