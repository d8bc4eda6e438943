"""Turn source into code that reports every named assignment while it runs.

    name = expression   # reason

becomes, in effect, `name = record(statement, locals(), lambda: expression)`. Three more changes keep exact
numbers exact: decimal literals are read from their text, `/` and `**` on integers give fractions.
The recorder that the code talks to is passed in when it runs, so one compiled program serves every run.
"""

from __future__ import annotations

import ast
import io
import tokenize
from dataclasses import dataclass, field
from functools import lru_cache
from types import CodeType

from solvers.exact import Given, read

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


@dataclass
class Program:
    """Instrumented code with its statements; `loops` maps each loop to the names assigned inside it."""

    code: CodeType
    statements: list[Statement] = field(default_factory=list)
    loops: list[frozenset[str]] = field(default_factory=list)
    returns: list[str] | None = None


def comments(source: str, first_line: int = 1) -> dict[int, str]:
    """The comment on each line of the source, without its `#`."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {
        token.start[0] + first_line - 1: token.string.lstrip("#").strip()
        for token in tokens
        if token.type == tokenize.COMMENT
    }


def operands(expression: ast.expr) -> tuple[str, ...]:
    """The names that an expression reads from outside itself, in order of appearance, each once."""
    bound = {
        name.id
        for node in ast.walk(expression)
        if isinstance(node, ast.comprehension)
        for name in ast.walk(node.target)
        if isinstance(name, ast.Name)
    }
    called = {id(node.func) for node in ast.walk(expression) if isinstance(node, ast.Call)}
    names = [
        node for node in ast.walk(expression) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    ]
    names.sort(key=lambda node: (node.lineno, node.col_offset))
    return tuple(dict.fromkeys(n.id for n in names if n.id not in bound and id(n) not in called))


class _Exact(ast.NodeTransformer):
    """Literals read from their text; division and powers that keep fractions."""

    def __init__(self, source: str):
        self.source = source

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        if not isinstance(node.value, float):
            return node
        text = ast.get_source_segment(self.source, node) or repr(node.value)
        return _call("__read__", ast.Constant(text), at=node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        number = node.operand
        if isinstance(node.op, ast.USub) and isinstance(number, ast.Constant) and isinstance(number.value, float):
            text = ast.get_source_segment(self.source, number) or repr(number.value)
            return _call("__read__", ast.Constant(f"-{text}"), at=node)
        return self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        if isinstance(node.op, ast.Div | ast.Pow):
            name = "__divide__" if isinstance(node.op, ast.Div) else "__power__"
            return _call(name, node.left, node.right, at=node)
        return node


class _Recording(ast.NodeTransformer):
    """Wrap named assignments and mark the passes of loops."""

    def __init__(self, source: str, exact: _Exact, remarks: dict[int, str], offset: int):
        self.source, self.exact, self.remarks, self.offset = source, exact, remarks, offset
        self.statements: list[Statement] = []
        self.loops: list[frozenset[str]] = []

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return node  # a function inside a derivation is not part of its lines

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        if not isinstance(node.target, ast.Name):
            return self.exact.generic_visit(node)
        current = ast.copy_location(ast.Name(node.target.id, ast.Load()), node.target)
        total = ast.copy_location(ast.BinOp(current, node.op, node.value), node)
        return self.visit_Assign(ast.copy_location(ast.Assign([node.target], total), node))

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        target = node.targets[0]
        if len(node.targets) != 1 or not isinstance(target, ast.Name) or target.id.startswith("_"):
            return self.exact.visit(node)
        reason = " ".join(self.remarks.get(n, "") for n in range(node.lineno, (node.end_lineno or 0) + 1)).strip()
        statement = Statement(
            target.id, node.value, operands(node.value), reason, node.lineno + self.offset
        )
        self.statements.append(statement)
        nothing = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
        compute = ast.Lambda(nothing, self.exact.visit(_copy(node.value)))
        scope = _call("locals", at=node)
        number = ast.Constant(len(self.statements) - 1)
        node.value = _call(RECORD, number, scope, compute, at=node)
        return node

    def visit_For(self, node: ast.For) -> list[ast.AST]:
        return self._loop(node, _index_name(node))

    def visit_While(self, node: ast.While) -> list[ast.AST]:
        return self._loop(node, None)

    def _loop(self, node: ast.For | ast.While, index: str | None) -> list[ast.AST]:
        inside = frozenset(
            n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
        ) - {index}
        number = ast.Constant(len(self.loops))
        self.loops.append(inside)
        if isinstance(node, ast.For):
            node.iter = self.exact.visit(node.iter)
        else:
            node.test = self.exact.visit(node.test)
        node.body = [visited for child in node.body for visited in _as_list(self.visit(child))]
        current = ast.Name(index, ast.Load()) if index else ast.Constant(None)
        node.body.insert(0, ast.Expr(_call(PASS, number, current, at=node)))
        return [node, ast.Expr(_call(DONE, number, at=node))]

    def generic_visit(self, node: ast.AST) -> ast.AST:
        if isinstance(node, ast.If | ast.Module | ast.With):
            return super().generic_visit(node)
        return self.exact.visit(node)


def instrument(source: str, filename: str, first_line: int = 1, function: bool = False) -> Program:
    """Compile source (a block, or one function) so that it reports to a recorder.

    `first_line` is the line of `filename` at which the source starts, so that tracebacks point into the file.
    """
    offset = first_line - 1
    module = ast.parse(source, filename)
    body = module.body
    returns = None
    recording = _Recording(source, _Exact(source), comments(source), offset)
    if function:
        definition = module.body[0]
        assert isinstance(definition, ast.FunctionDef)
        definition.decorator_list = []
        body = definition.body
        returns = _returned_names(definition)
    body[:] = [visited for child in body for visited in _as_list(recording.visit(child))]
    ast.increment_lineno(module, offset)
    ast.fix_missing_locations(module)
    code = compile(module, filename, "exec")
    return Program(code, recording.statements, recording.loops, returns)


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
    return compile(ast.fix_missing_locations(_Exact(source.strip()).visit(_copy(tree))), what, "eval")


def literal(source: str) -> int | Given | None:
    """The exact number that a literal spells, or None when the source is not one."""
    try:
        return read(source)
    except ValueError:
        return None


def _returned_names(definition: ast.FunctionDef) -> list[str]:
    names: list[str] = []
    for node in ast.walk(definition):
        if isinstance(node, ast.Return) and node.value is not None:
            parts = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
            for part in parts:
                if not isinstance(part, ast.Name):
                    raise TypeError(
                        f"{definition.name} returns {ast.unparse(part)!r}: a derivation returns names of its "
                        "lines, so give the expression a name first"
                    )
                names.append(part.id)
    return names


def _index_name(node: ast.For) -> str | None:
    called = node.iter.func.id if isinstance(node.iter, ast.Call) and isinstance(node.iter.func, ast.Name) else ""
    if called == "range" and isinstance(node.target, ast.Name):
        return node.target.id
    if called == "enumerate" and isinstance(node.target, ast.Tuple) and isinstance(node.target.elts[0], ast.Name):
        return node.target.elts[0].id
    return None


def _call(name: str, *arguments: ast.expr, at: ast.AST | None = None) -> ast.Call:
    call = ast.Call(ast.Name(name, ast.Load()), list(arguments), [])
    return ast.fix_missing_locations(ast.copy_location(call, at)) if at is not None else call


def _as_list(visited: ast.AST | list[ast.AST] | None) -> list[ast.AST]:
    return visited if isinstance(visited, list) else [] if visited is None else [visited]


def _copy(node: ast.AST) -> ast.AST:
    import copy

    return copy.deepcopy(node)
