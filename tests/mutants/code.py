"""Mutants of a Python file, as text: one operator, constant, condition, call or statement changed; comments stay."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

ARITHMETIC = {ast.Add: ("+", "-"), ast.Sub: ("-", "+"), ast.Mult: ("*", "/"), ast.Div: ("/", "*"), ast.Pow: ("**", "*"),
              ast.FloorDiv: ("//", "/"), ast.Mod: ("%", "*")}  # fmt: skip
COMPARISONS = {ast.Lt: ("<", "<=", ">="), ast.LtE: ("<=", "<", ">"), ast.Gt: (">", ">=", "<="), ast.GtE: (">=", ">", "<"),
               ast.Eq: ("==", "!="), ast.NotEq: ("!=", "=="), ast.Is: ("is", "is not"), ast.IsNot: ("is not", "is"),
               ast.In: ("in", "not in"), ast.NotIn: ("not in", "in")}  # fmt: skip
SYMMETRIC = ("max", "min", "maximum", "minimum")  # the order of their arguments says nothing


@dataclass(frozen=True)
class Edit:
    """One replacement in a text: from start to end, counted in bytes."""

    line: int
    start: int
    end: int
    new: str
    what: str

    def of(self, source: str) -> str:
        text = source.encode()
        return (text[: self.start] + self.new.encode() + text[self.end :]).decode()


def edits(source: str) -> list[Edit]:
    """Every change that is tried, in the order of the file."""
    found = list(_Finder(source).everything())
    return sorted(
        {(edit.start, edit.end, edit.new): edit for edit in found}.values(), key=lambda edit: (edit.start, edit.new)
    )


class _Finder:
    def __init__(self, source: str):
        self.text = source.encode()
        self.tree = ast.parse(source)
        self.starts = [0]
        for row in self.text.split(b"\n"):
            self.starts.append(self.starts[-1] + len(row) + 1)

    def everything(self) -> Iterator[Edit]:
        skipped = {id(inner) for node in _not_code(self.tree) for inner in ast.walk(node)}
        for node in ast.walk(self.tree):
            if id(node) in skipped:
                continue
            for kind, change in CHANGES.items():
                if isinstance(node, kind):
                    yield from change(self, node)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield from self.returns(node)

    def at(self, node: ast.AST) -> tuple[int, int]:
        return self.starts[node.lineno - 1] + node.col_offset, self.starts[node.end_lineno - 1] + node.end_col_offset

    def written(self, node: ast.AST) -> str:
        start, end = self.at(node)
        return self.text[start:end].decode()

    def edit(self, start: int, end: int, new: str, line: int, what: str = "") -> Edit:
        old = " ".join(self.text[start:end].decode().split())
        return Edit(line, start, end, new, what or f"{old[:60]} -> {new[:60]}")

    def node(self, node: ast.AST, new: str, what: str = "") -> Edit:
        return self.edit(*self.at(node), new, node.lineno, what)

    def between(self, left: ast.AST, right: ast.AST, old: str, new: str) -> Iterator[Edit]:
        """The operator between two operands; comments between them are not looked at."""
        start, end = self.at(left)[1], self.at(right)[0]
        gap = re.sub(rb"#[^\n]*", lambda comment: b" " * len(comment[0]), self.text[start:end])
        found = re.search(rb"\s+".join(re.escape(word.encode()) for word in old.split()), gap)
        if found:
            line = self.text.count(b"\n", 0, start + found.start()) + 1
            what = f"{self.written(left)[-25:]} {old} {self.written(right)[:25]}: {old} -> {new}"
            yield self.edit(start + found.start(), start + found.end(), new, line, " ".join(what.split()))

    def arithmetic(self, node: ast.BinOp) -> Iterator[Edit]:
        old, new = ARITHMETIC.get(type(node.op), ("", ""))
        if old:
            yield from self.between(node.left, node.right, old, new)

    def augmented(self, node: ast.AugAssign) -> Iterator[Edit]:
        old, new = ARITHMETIC.get(type(node.op), ("", ""))
        if old:
            yield from self.between(node.target, node.value, f"{old}=", f"{new}=")

    def comparison(self, node: ast.Compare) -> Iterator[Edit]:
        for left, op, right in zip([node.left, *node.comparators], node.ops, node.comparators):
            old, *others = COMPARISONS[type(op)]
            for new in others:
                yield from self.between(left, right, old, new)

    def boolean(self, node: ast.BoolOp) -> Iterator[Edit]:
        old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        for left, right in zip(node.values, node.values[1:]):
            yield from self.between(left, right, old, new)

    def unary(self, node: ast.UnaryOp) -> Iterator[Edit]:
        if isinstance(node.op, ast.USub | ast.Not):
            yield self.node(node, f"({self.written(node.operand)})")

    def constant(self, node: ast.Constant) -> Iterator[Edit]:
        if isinstance(node.value, bool):
            yield self.node(node, str(not node.value))
        elif isinstance(node.value, int | float):
            yield from (
                self.node(node, f"({value})" if value < 0 else str(value)) for value in (node.value + 1, node.value - 1)
            )

    def condition(self, node: ast.If | ast.While | ast.IfExp) -> Iterator[Edit]:
        test = self.written(node.test)
        yield self.node(node.test, f"(not ({test}))", f"condition negated: {' '.join(test.split())[:60]}")

    def filters(self, node: ast.comprehension) -> Iterator[Edit]:
        for test in node.ifs:
            yield self.node(test, f"(not ({self.written(test)}))", f"filter negated: {self.written(test)[:60]}")

    def call(self, node: ast.Call) -> Iterator[Edit]:
        if getattr(node.func, "attr", getattr(node.func, "id", "")).lower() in SYMMETRIC:
            return
        plain = [one for one in node.args if not isinstance(one, ast.Starred)]
        for first, second in zip(plain, plain[1:]):
            a, b = self.written(first), self.written(second)
            if a != b:
                between = self.text[self.at(first)[1] : self.at(second)[0]].decode()
                what = f"arguments swapped: {a[:30]}, {b[:30]}"
                yield self.edit(self.at(first)[0], self.at(second)[1], b + between + a, first.lineno, what)

    def statement(self, node: ast.stmt) -> Iterator[Edit]:
        if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            yield self.node(node, "pass", f"deleted: {' '.join(self.written(node).split())[:60]}")

    def returns(self, function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[Edit]:
        """The value of another line is returned, or nothing."""
        names = [
            (node.lineno, node.id)
            for node in ast.walk(function)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        ]
        for node in ast.walk(function):
            if isinstance(node, ast.Return) and node.value is not None:
                now = self.written(node.value)
                before = [name for line, name in sorted(names) if line < node.lineno and name != now]
                new = before[-1] if before else "None"
                if now != new:
                    yield self.node(node.value, new, f"return {' '.join(now.split())[:40]} -> return {new}")


CHANGES = {
    ast.BinOp: _Finder.arithmetic, ast.AugAssign: _Finder.augmented, ast.Compare: _Finder.comparison, ast.BoolOp: _Finder.boolean,
    ast.UnaryOp: _Finder.unary, ast.Constant: _Finder.constant, ast.If | ast.While | ast.IfExp: _Finder.condition,
    ast.comprehension: _Finder.filters, ast.Call: _Finder.call,
    ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Expr | ast.Raise | ast.Assert | ast.Continue | ast.Break: _Finder.statement,
}  # fmt: skip


def _not_code(tree: ast.Module) -> Iterator[ast.AST]:
    """Annotations, decorators and f-strings: they change no value, or have no place of their own."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield from node.decorator_list
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns:
            yield node.returns
        if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation:
            yield node.annotation
        if isinstance(node, ast.JoinedStr):
            yield node
