"""Computation graphs: a formula taken apart into operations, its value forwards, its derivatives backwards.

The derivation is written by differentiating the operations, one rule each, and then runs like any other; so its
lines are the forward values v and, from the end to the start, the derivatives of f by them.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import Any

from solvers import functions
from solvers.derivation import Derivation
from solvers.instrument import instrument

# operation -> derivative of the result by each argument, in terms of the arguments a, b and the result v
RULES = {
    "+": ("1", "1"),
    "-": ("1", "-1"),
    "*": ("{b}", "{a}"),
    "/": ("1 / {b}", "-{a} / {b}**2"),
    "neg": ("-1",),
    "exp": ("{v}",),
    "ln": ("1 / {a}",),
    "tanh": ("1 - {v}**2",),
    "sigmoid": ("{v} * (1 - {v})",),
}
FUNCTIONS = ("exp", "ln", "tanh", "sigmoid")
OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}


@dataclass(frozen=True)
class Node:
    """One operation: its name, what it does, and the names or numbers that it takes."""

    name: str
    operation: str
    arguments: tuple[str, ...]
    formula: str


class ComputationGraph(Derivation):
    """The nodes of a formula; `graph(x=2, y=2)` or `graph.trace(x=2, y=2)` evaluates it, forwards and backwards."""

    def __init__(self, formula: str):
        self.inputs: list[str] = []
        self.nodes: list[Node] = []
        self.formula = formula
        self._begin(ast.parse(formula.replace("^", "**"), mode="eval").body, "f")
        source = self._source()
        namespace = {**vars(functions)}
        exec(source, namespace)
        super().__init__(namespace["graph"])
        self.__dict__["program"] = instrument(source, "<computation graph>", function=True)
        self.__doc__ = self.summary = "Forward values, then derivatives from the end to the start (reverse mode)."

    def _begin(self, tree: ast.expr, name: str) -> None:
        if not isinstance(tree, ast.BinOp | ast.UnaryOp | ast.Call):
            raise ValueError(f"{ast.unparse(tree)}: a graph has at least one operation")
        called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and id(node) not in called and re.fullmatch(r"f|v\d+", node.id):
                raise ValueError(f"{node.id} is the name of a node; call the variable something else")
        self._visit(tree, name)

    def _visit(self, node: ast.expr, name: str = "") -> str:
        """Add the nodes of an expression, operands first; the name or number that stands for its value."""
        match node:
            case ast.Name(id=variable):
                self.inputs += [variable] if variable not in self.inputs else []
                return variable
            case ast.Constant(value=int() | float() as number):
                return repr(number)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return self._add("neg", [self._visit(operand)], "-{a}", name)
            case ast.BinOp(left=left, op=ast.Pow(), right=ast.Constant(value=int() | float() as power)):
                return self._add("**", [self._visit(left), repr(power)], "{a} ** {b}", name)
            case ast.BinOp(left=left, op=operator, right=right) if type(operator) in OPERATORS:
                sign = OPERATORS[type(operator)]
                return self._add(sign, [self._visit(left), self._visit(right)], f"{{a}} {sign} {{b}}", name)
            case ast.Call(func=ast.Name(id=called), args=[argument]) if called in FUNCTIONS:
                return self._add(called, [self._visit(argument)], f"{called}({{a}})", name)
        raise ValueError(f"{ast.unparse(node)}: a graph has +, -, *, /, powers by a number and {', '.join(FUNCTIONS)}")

    def _add(self, operation: str, arguments: list[str], pattern: str, name: str) -> str:
        name = name or f"v{len(self.nodes) + 1}"
        formula = pattern.format(a=arguments[0], b=arguments[-1])
        self.nodes.append(Node(name, operation, tuple(arguments), formula))
        return name

    def _source(self) -> str:
        """The straight-line program: every node's value, then every derivative of f."""
        lines = [f"def graph({', '.join(self.inputs)}):"]
        lines += [f"    {node.name} = {node.formula}" for node in self.nodes]
        names = [node.name for node in reversed(self.nodes) if node.name != "f"] + self.inputs
        lines += [f"    {derivative(name)} = {self._chain(name)}" for name in names]
        lines += [f"    return f, {', '.join(derivative(name) for name in self.inputs)}"]
        return "\n".join(lines) + "\n"

    def _chain(self, name: str) -> str:
        """The sum over the nodes that use this one: their derivative times their slope in it."""
        terms = []
        for user in self.nodes:
            for argument, slope in zip(user.arguments, self._slopes(user)):
                if argument == name:
                    terms.append(slope if user.name == "f" else _times(derivative(user.name), slope))
        return " + ".join(terms)

    def _slopes(self, user: Node) -> list[str]:
        """The derivative of a node by each of its arguments."""
        if user.operation == "**":
            base, power = user.arguments
            lower = {"1": "", "2": f" * {base}", "0": f" * {base}"}
            less = int(power) - 1 if power.isdigit() else f"({power} - 1)"
            return [power + lower.get(power, f" * {base}**{less}")]
        places = {"a": user.arguments[0], "b": user.arguments[-1], "v": user.name}
        return [rule.format(**places) for rule in RULES[user.operation]]


def _times(derivative_: str, slope: str) -> str:
    if slope in ("1", "-1"):
        return slope.replace("1", derivative_)
    return f"{derivative_} * ({slope})" if re.search(r" [-+/] |^-", slope) else f"{derivative_} * {slope}"


def derivative(name: str) -> str:
    """The name of the derivative of f by a node: of v1 it is v1_bar, the adjoint."""
    return f"{name}_bar" if re.fullmatch(r"v\d+", name) else f"df_d{name}"


def computation_graph(formula: Any) -> ComputationGraph:
    """The graph of a formula: text such as "x**2 + 3*y", or a sympy expression. The result is called f."""
    return ComputationGraph(str(formula))
