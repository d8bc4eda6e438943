"""Turn source into code that reports every named assignment while it runs.

    name = expression   # reason

becomes, in effect, `name = record(statement, locals(), lambda: expression)`. Three more changes keep exact
numbers exact: decimal literals are read from their text, `/` and `**` on integers give fractions.
The recorder that the code talks to is passed in when it runs, so one compiled program serves every run.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from types import CodeType

RECORD, PASS, DONE = "__record__", "__pass__", "__done__"
EXACT = {"__divide__", "__power__", "__read__"}


@dataclass(frozen=True)
class Statement:
    """One named assignment of a program."""

    name: str
    expression: ast.expr
    operands: tuple[str, ...]  # the names that the expression reads, in order of appearance
    reason: str  # the comment at the end of the line
    line: int  # in the file that the source came from


@dataclass(frozen=True)
class Loop:
    """One loop of a program: the names assigned inside it, but for indices, and the line at which it starts."""

    names: frozenset[str]
    line: int


@dataclass
class Program:
    """Instrumented code with its statements and its loops, both by number."""

    code: CodeType
    statements: list[Statement] = field(default_factory=list)
    loops: list[Loop] = field(default_factory=list)


BLOCKS = ("body", "handlers", "cases", "orelse", "finalbody")


def statements(tree: ast.Module) -> Iterator[ast.stmt]:
    """Every statement of a program, those inside loops, branches and functions included."""
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, ast.stmt):
            yield node
        for block in BLOCKS:
            waiting += getattr(node, block, None) or []


def comments(tree: ast.Module, source: str) -> dict[int, str]:
    """The comment at the end of each line that ends a statement, without its `#`."""
    ends: dict[int, int] = {}
    for statement in statements(tree):
        line, column = statement.end_lineno or 0, statement.end_col_offset or 0
        ends[line] = max(column, ends.get(line, 0))
    rows = source.encode().split(b"\n")  # positions in a tree count bytes
    rest = {line: rows[line - 1][column:].decode().strip() for line, column in ends.items()}
    return {line: text.lstrip("#").strip() for line, text in rest.items() if text.startswith("#")}


def operands(expression: ast.expr) -> tuple[str, ...]:
    """The names that an expression reads from outside itself, in order of appearance, each once."""
    bound: set[str] = set()
    called: set[int] = set()
    names: list[ast.Name] = []
    for node in ast.walk(expression):
        if isinstance(node, ast.Name):
            names.append(node)
        elif isinstance(node, ast.Call):
            called.add(id(node.func))
        elif isinstance(node, ast.comprehension):
            bound |= {name.id for name in ast.walk(node.target) if isinstance(name, ast.Name)}
    names.sort(key=lambda name: (name.lineno, name.col_offset))
    return tuple(dict.fromkeys(n.id for n in names if n.id not in bound and id(n) not in called))


class _Exact(ast.NodeTransformer):
    """Literals read from their text; division and powers that keep fractions."""

    def __init__(self, source: str):
        self.rows = source.encode().split(b"\n")  # positions in a tree count bytes

    def text(self, node: ast.expr) -> str:
        return self.rows[node.lineno - 1][node.col_offset : node.end_col_offset].decode()

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        if not isinstance(node.value, float):
            return node
        return _call("__read__", ast.copy_location(ast.Constant(self.text(node)), node), at=node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        number = node.operand
        if isinstance(node.op, ast.USub) and isinstance(number, ast.Constant) and isinstance(number.value, float):
            return _call("__read__", ast.copy_location(ast.Constant(f"-{self.text(number)}"), node), at=node)
        return self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        if isinstance(node.op, ast.Div | ast.Pow):
            name = "__divide__" if isinstance(node.op, ast.Div) else "__power__"
            return _call(name, node.left, node.right, at=node)
        return node


class _Recording(ast.NodeTransformer):
    """Wrap named assignments and mark the passes of loops."""

    def __init__(self, exact: _Exact, remarks: dict[int, str], written: ast.Module):
        self.exact, self.remarks = exact, remarks
        # the expressions as the author wrote them: those of the tree that is compiled are changed
        self.written = {
            _place(node.value): node.value
            for node in statements(written)
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value
        }
        self.statements: list[Statement] = []
        self.loops: list[Loop] = []

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return node  # a function inside a derivation is not part of its lines

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        if not isinstance(node.target, ast.Name):
            return self.exact.generic_visit(node)
        current = ast.copy_location(ast.Name(node.target.id, ast.Load()), node.target)
        total = ast.copy_location(ast.BinOp(current, node.op, node.value), node)
        self.written[_place(total)] = copy.deepcopy(total)
        return self.visit_Assign(ast.copy_location(ast.Assign([node.target], total), node))

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        target = node.targets[0]
        if len(node.targets) != 1 or not isinstance(target, ast.Name) or target.id.startswith("_"):
            return self.exact.visit(node)
        reason = " ".join(self.remarks.get(n, "") for n in range(node.lineno, (node.end_lineno or 0) + 1)).strip()
        written = self.written[_place(node.value)]
        self.statements.append(Statement(target.id, written, operands(written), reason, node.lineno))
        nothing = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
        compute = ast.copy_location(ast.Lambda(nothing, self.exact.visit(node.value)), node)
        scope = _call("locals", at=node)
        number = ast.copy_location(ast.Constant(len(self.statements) - 1), node)
        node.value = _call(RECORD, number, scope, compute, at=node)
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is None or not isinstance(node.target, ast.Name):
            return node
        plain = ast.copy_location(ast.Assign([node.target], node.value), node)
        return self.visit_Assign(plain)

    def visit_For(self, node: ast.For) -> list[ast.AST]:
        return self._loop(node, _index_name(node))

    def visit_While(self, node: ast.While) -> list[ast.AST]:
        return self._loop(node, None)

    def _loop(self, node: ast.For | ast.While, index: str | None) -> list[ast.AST]:
        stored = {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        indices = {_index_name(inner) for inner in ast.walk(node) if isinstance(inner, ast.For)}
        number = ast.copy_location(ast.Constant(len(self.loops)), node)
        self.loops.append(Loop(frozenset(stored - indices), node.lineno))
        if isinstance(node, ast.For):
            node.iter = self.exact.visit(node.iter)
        else:
            node.test = self.exact.visit(node.test)
        node.body, node.orelse = self._all(node.body), self._all(node.orelse)
        current = ast.copy_location(ast.Name(index, ast.Load()) if index else ast.Constant(None), node)
        begin, end = _call(PASS, number, current, at=node), _call(DONE, number, at=node)
        node.body.insert(0, ast.copy_location(ast.Expr(begin), node))
        return [node, ast.copy_location(ast.Expr(end), node)]

    def _all(self, block: list[ast.stmt]) -> list[ast.AST]:
        return [visited for child in block for visited in _as_list(self.visit(child))]

    def generic_visit(self, node: ast.AST) -> ast.AST:
        """A branch is recorded inside; whatever else a statement holds only becomes exact."""
        if not any(getattr(node, block, None) for block in BLOCKS):
            return self.exact.visit(node)
        for name, value in ast.iter_fields(node):
            if name in BLOCKS and isinstance(value, list):
                setattr(node, name, self._all(value))
            elif isinstance(value, ast.expr):
                setattr(node, name, self.exact.visit(value))
        return node


def instrument(source: str, filename: str, first_line: int = 1, function: bool = False) -> Program:
    """Compile source (a block, or one function) so that it reports to a recorder.

    `first_line` is the line of `filename` at which the source starts, so that tracebacks point into the file.
    """
    placed = "\n" * (first_line - 1) + source  # every node then knows its line in the file
    module = ast.parse(placed, filename)
    remarks = comments(module, placed)
    recording = _Recording(_Exact(placed), remarks, ast.parse(placed, filename))
    body = module.body
    if function:
        definition = module.body[0]
        assert isinstance(definition, ast.FunctionDef)
        definition.decorator_list = []
        recording.exact.visit(definition.args)
        _check_returns(definition)
        body = definition.body
    body[:] = recording._all(body)
    code = compile(module, filename, "exec")
    return Program(code, recording.statements, recording.loops)


@lru_cache(maxsize=1024)
def expression(source: str, what: str) -> ast.Expression:
    """Parse one expression, exact like a program; SyntaxError names `what` it stands for."""
    try:
        tree = ast.parse(source.strip(), what, "eval")
    except SyntaxError as error:
        raise SyntaxError(f"{what}: {source!r} is not an expression: {error.msg}") from None
    return tree


@lru_cache(maxsize=1024)
def exact_code(tree: ast.Expression, source: str, what: str) -> CodeType:
    """Compile a parsed expression with exact literals, division and powers."""
    return compile(ast.fix_missing_locations(_Exact(source.strip()).visit(copy.deepcopy(tree))), what, "eval")


def _check_returns(definition: ast.FunctionDef) -> None:
    """Raise TypeError unless the function returns names of its lines."""
    for node in _own(definition):
        if isinstance(node, ast.Return) and node.value is not None:
            parts = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
            for part in parts:
                if not isinstance(part, ast.Name):
                    raise TypeError(
                        f"{definition.name} returns {ast.unparse(part)!r}: a derivation returns names of its "
                        "lines, so give the expression a name first"
                    )


def _own(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function without those of functions inside it."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            yield from _own(child)


def _index_name(node: ast.For) -> str | None:
    called = node.iter.func.id if isinstance(node.iter, ast.Call) and isinstance(node.iter.func, ast.Name) else ""
    if called == "range" and isinstance(node.target, ast.Name):
        return node.target.id
    if called == "enumerate" and isinstance(node.target, ast.Tuple) and isinstance(node.target.elts[0], ast.Name):
        return node.target.elts[0].id
    return None


def _call(name: str, *arguments: ast.expr, at: ast.AST) -> ast.Call:
    return ast.copy_location(ast.Call(ast.copy_location(ast.Name(name, ast.Load()), at), list(arguments), []), at)


def _place(node: ast.expr) -> tuple[int | None, ...]:
    return node.lineno, node.col_offset, node.end_lineno, node.end_col_offset


def _as_list(visited: ast.AST | list[ast.AST] | None) -> list[ast.AST]:
    return visited if isinstance(visited, list) else [] if visited is None else [visited]
