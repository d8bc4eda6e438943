"""Write a formula of the code as TeX or as words, with its symbols or with the numbers that went in.

The order of terms is the author's: nothing is simplified, reordered or evaluated. A `Dialect` says how a fraction,
a power or a matrix looks; the walk over the expression is the same for both dialects and both columns.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from solvers.dialects import ADD, ATOM, MULTIPLY, NEGATE, POWER, Dialect, Written, filled, value_written, wrap
from solvers.exact import Given, elements, is_array
from solvers.notation import tex_name
from solvers.templates import FUNCTIONS


class FormulaError(ValueError):
    """An expression that has no notation: give its parts names, or write it another way."""


@dataclass(frozen=True)
class Writer:
    """Writes one formula; with `shown` (name -> value to show) it writes numbers where it knows them."""

    dialect: Dialect
    operands: Mapping[str, Any]  # what the names stood for, to tell arrays from numbers
    indices: Mapping[str, tuple[int, ...]]
    shown: Mapping[str, Any] | None = None
    rename: Mapping[str, str] = ()  # type: ignore[assignment]

    def write(self, node: ast.expr) -> str:
        """The whole formula. Raises FormulaError for an expression without notation."""
        return self.node(node)[0]

    def node(self, node: ast.expr) -> Written:
        method: Callable[[Any], Written] | None = getattr(self, f"_{type(node).__name__}", None)
        if method is None:
            raise FormulaError(f"{ast.unparse(node)!r} has no notation; give its parts names of their own")
        return method(node)

    def _Name(self, node: ast.Name) -> Written:
        if self.shown is not None and node.id in self.shown:
            return value_written(self.shown[node.id], self.dialect)
        name = dict(self.rename).get(node.id, node.id)
        tex = tex_name(name, self.indices.get(node.id, ()))
        binding = POWER if tex.startswith(r"\frac") or "^" in tex else ATOM
        return self.dialect.name(name, self.indices.get(node.id, ())), binding

    def _Constant(self, node: ast.Constant) -> Written:
        return value_written(Given(repr(node.value)) if isinstance(node.value, float) else node.value, self.dialect)

    def _UnaryOp(self, node: ast.UnaryOp) -> Written:
        if not isinstance(node.op, ast.USub):
            raise FormulaError(f"{ast.unparse(node)!r} has no notation")
        return self.dialect.minus + wrap(self.dialect, self.node(node.operand), MULTIPLY, signed=True), NEGATE

    def _BinOp(self, node: ast.BinOp) -> Written:
        left, right = self.node(node.left), self.node(node.right)
        d = self.dialect
        match node.op:
            case ast.Add():
                return left[0] + d.plus + wrap(d, right, MULTIPLY, signed=True), ADD
            case ast.Sub():
                return f"{left[0]} {d.minus} {wrap(d, right, MULTIPLY, signed=True)}", ADD
            case ast.Div():
                return d.fraction(left, right)
            case ast.FloorDiv():
                return FUNCTIONS["floor"][d.template].format(d.fraction(left, right)[0]), ATOM
            case ast.Pow():
                return d.power(wrap(d, left, ATOM, signed=True), right[0]), POWER
            case ast.MatMult():
                return self._matmul(node), MULTIPLY
            case ast.Mult():
                return self._product(node, left, right), MULTIPLY
        raise FormulaError(f"{ast.unparse(node)!r} has no notation")

    def _product(self, node: ast.BinOp, left: Written, right: Written) -> str:
        first = left[0] if left[1] == NEGATE else wrap(self.dialect, left, MULTIPLY)
        second = wrap(self.dialect, right, MULTIPLY, signed=True)
        if self.is_vector(node.left) and self.is_vector(node.right):
            return first + self.dialect.odot + second
        if self.shown is None and not (second[:1].isdigit() or isinstance(node.right, ast.Constant)):
            return self.dialect.juxtapose(first, second)
        return first + self.dialect.times + second

    def _matmul(self, node: ast.BinOp) -> str:
        sides = []
        for side in (node.left, node.right):
            known = isinstance(side, ast.Name) and self.shown is not None and side.id in self.shown
            written = (
                value_written(self.shown[side.id], self.dialect, column=side is node.right)
                if known
                else self.node(side)
            )
            sides.append(wrap(self.dialect, written, MULTIPLY))
        return self.dialect.juxtapose(*sides)

    def is_vector(self, node: ast.expr) -> bool:
        """True when the expression stands for an array, as far as its names tell."""
        if isinstance(node, ast.Name):
            return is_array(self.operands.get(node.id)) or isinstance(self.operands.get(node.id), list)
        if isinstance(node, ast.BinOp):
            return self.is_vector(node.left) or self.is_vector(node.right)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id != "sum":
            return any(self.is_vector(argument) for argument in node.args)
        return False

    def _Call(self, node: ast.Call) -> Written:
        if not isinstance(node.func, ast.Name):
            raise FormulaError(f"{ast.unparse(node)!r} has no notation; call a named function")
        if node.keywords or any(isinstance(argument, ast.Starred) for argument in node.args):
            raise FormulaError(f"{ast.unparse(node)!r} has no notation; give plain arguments")
        if node.func.id == "sum":
            if len(node.args) != 1:
                raise FormulaError(f"{ast.unparse(node)!r} has no notation; a sum starts at 0")
            return self._sum(node.args[0])
        arguments = [self.node(argument) for argument in node.args]
        template = FUNCTIONS.get(node.func.id)
        if template is None:
            return self.dialect.call(node.func.id, [a[0] for a in arguments]), ATOM
        texts = [a[0] for a in arguments]
        tight = {f"w{n}": wrap(self.dialect, a, ATOM) for n, a in enumerate(arguments)}
        pattern = template[self.dialect.template]
        try:
            return filled(pattern, texts, tight), POWER if node.func.id == "exp" else ATOM
        except IndexError:
            raise FormulaError(f"{ast.unparse(node)!r} has too few arguments for its notation") from None

    def _sum(self, argument: ast.expr) -> Written:
        if isinstance(argument, ast.GeneratorExp):
            return self._sum_over(argument)
        if self.shown is not None and isinstance(argument, ast.Name) and argument.id in self.shown:
            return self._add([value_written(cell, self.dialect) for cell in elements(self.shown[argument.id])])
        inner = self.node(argument)
        term = (
            self.dialect.indexed(inner[0], "i")
            if isinstance(argument, ast.Name)
            else wrap(self.dialect, inner, MULTIPLY)
        )
        return self.dialect.sum(term), ADD

    def _sum_over(self, argument: ast.GeneratorExp) -> Written:
        generator = argument.generators[0]
        zipped = isinstance(generator.iter, ast.Call) and getattr(generator.iter.func, "id", "") == "zip"
        plain = zipped or isinstance(generator.iter, ast.Name)
        if len(argument.generators) != 1 or generator.ifs or not plain:
            raise FormulaError(
                f"{ast.unparse(argument)!r} has no notation; sum over names or zip(names), without a filter"
            )
        targets = generator.target.elts if isinstance(generator.target, ast.Tuple) else [generator.target]
        sources = generator.iter.args if isinstance(generator.iter, ast.Call) else [generator.iter]
        pairs = [(t.id, s.id) for t, s in zip(targets, sources) if isinstance(t, ast.Name) and isinstance(s, ast.Name)]
        if self.shown is None:
            names = {
                target: self.dialect.indexed(self.node(source)[0], "i") for (target, _), source in zip(pairs, sources)
            }
            inner = Writer(_Renamed(self.dialect, names), {}, {}, None, {t: t for t in names})
            return self.dialect.sum(wrap(self.dialect, inner.node(argument.elt), MULTIPLY)), ADD
        columns = [elements(self.shown.get(source, [])) for _, source in pairs]
        terms = []
        for row in zip(*columns):
            values = {**self.shown, **{target: cell for (target, _), cell in zip(pairs, row)}}
            terms.append(Writer(self.dialect, self.operands, self.indices, values, self.rename).node(argument.elt))
        return self._add(terms)

    def _add(self, terms: list[Written]) -> Written:
        if not terms:
            return "0", ATOM
        first, *rest = terms
        return self.dialect.plus.join([first[0], *(wrap(self.dialect, t, MULTIPLY, signed=True) for t in rest)]), ADD

    def _Subscript(self, node: ast.Subscript) -> Written:
        if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
            return self._line_of_trace(node, node.slice.value)
        if self.shown is not None and isinstance(node.value, ast.Name) and node.value.id in self.shown:
            return value_written(self.shown[node.value.id][self._index(node.slice)], self.dialect)
        return self.dialect.indexed(self.node(node.value)[0], self.node(node.slice)[0]), ATOM

    def _index(self, node: ast.expr) -> int:
        """The number that an index stands for. Raises FormulaError when the operands do not give one."""
        try:
            code = compile(ast.Expression(node), "<index>", "eval")
            return int(eval(code, {"__builtins__": {}}, dict(self.operands)))
        except Exception:
            raise FormulaError(f"the index {ast.unparse(node)!r} is no whole number") from None

    def _line_of_trace(self, node: ast.Subscript, label: str) -> Written:
        """`conv["N"]` is the N of conv; with numbers, that line's digits."""
        trace = ast.unparse(node.value)
        if self.shown is not None and isinstance(self.shown.get(trace), dict):
            return value_written(self.shown[trace][label], self.dialect)
        return self.dialect.indexed(self.dialect.name(label), self.dialect.words(trace.replace("_", " "))), ATOM

    def _List(self, node: ast.List) -> Written:
        rows = [[self.node(cell)[0] for cell in row.elts] if isinstance(row, ast.List) else [self.node(row)[0]]
                for row in node.elts]  # fmt: skip
        flat = not any(isinstance(row, ast.List) for row in node.elts)
        return self.dialect.matrix([[row[0] for row in rows]] if flat else rows), ATOM

    _Tuple = _List


class _Renamed:
    """A dialect that writes some names in a way of their own (the summand of a sum)."""

    def __init__(self, dialect: Dialect, names: Mapping[str, str]):
        self.dialect, self.names = dialect, names

    def __getattr__(self, attribute: str) -> Any:
        return getattr(self.dialect, attribute)

    def name(self, name: str, index: tuple[int, ...] = ()) -> str:
        return self.names.get(name) or self.dialect.name(name, index)
