"""The symbolic steps of a derivation, by sympy: derivatives, solutions, eigenvalues. Exact throughout."""

from __future__ import annotations

from typing import Any

import sympy


def variable(name: str) -> sympy.Symbol:
    """A real variable."""
    return sympy.Symbol(name, real=True)


def positive(name: str) -> sympy.Symbol:
    """A positive real variable."""
    return sympy.Symbol(name, positive=True)


def negative(name: str) -> sympy.Symbol:
    """A negative real variable."""
    return sympy.Symbol(name, negative=True)


def nonnegative(name: str) -> sympy.Symbol:
    """A real variable that is at least 0."""
    return sympy.Symbol(name, nonnegative=True)


def symmetric_matrix(name: str) -> sympy.MatrixSymbol:
    """A symmetric n × n matrix, n not fixed; `matrix_gradient` uses that it equals its transpose."""
    n = sympy.Symbol("n", integer=True, positive=True)
    return sympy.MatrixSymbol(name, n, n)


def vector(name: str) -> sympy.MatrixSymbol:
    """A column vector of length n, n not fixed."""
    return sympy.MatrixSymbol(name, sympy.Symbol("n", integer=True, positive=True), 1)


def half_quadratic(A: Any, x: Any) -> Any:
    """The quadratic form ½ xᵀ A x."""
    return x.T * A * x / 2


def matrix_gradient(f: Any, x: Any, A: Any) -> Any:
    """The gradient of f by the vector x, with Aᵀ = A."""
    return sympy.simplify(f.diff(x).subs(A.T, A)).doit()


def matrix(rows: Any) -> sympy.Matrix:
    """The matrix of these rows, (n, k), or the column of these values, (n, 1): symbols or numbers."""
    return sympy.Matrix(rows)


def transpose(matrix: sympy.Matrix) -> sympy.Matrix:
    """The transpose: rows become columns."""
    return matrix.T


def diff(f: Any, x: Any) -> Any:
    """The derivative of f by x; by the entries of a matrix x it is a matrix of that shape."""
    if isinstance(x, sympy.MatrixBase):
        return x.applyfunc(lambda entry: sympy.diff(f, entry))
    return sympy.diff(f, x)


def grad(f: Any, x: Any, y: Any) -> sympy.Matrix:
    """The gradient of f(x, y), (2, 1)."""
    return sympy.Matrix([sympy.diff(f, x), sympy.diff(f, y)])


def hess(f: Any, x: Any, y: Any) -> sympy.Matrix:
    """The Hessian of f(x, y), (2, 2)."""
    return sympy.hessian(f, (x, y))


def at(expression: Any, x: Any, y: Any, a: Any, b: Any) -> Any:
    """The expression at x = a, y = b."""
    return expression.subs({x: sympy.Rational(str(a)), y: sympy.Rational(str(b))})


def eigenvalues(matrix: sympy.Matrix) -> list[Any]:
    """The eigenvalues, smallest first, each as often as it occurs."""
    return sorted((value for value, times in matrix.eigenvals().items() for _ in range(times)), key=sympy.re)


def solve_for(expression: Any, x: Any) -> Any:
    """The one x at which the expression is zero. Raises ValueError when there is none, or more than one."""
    solutions = sympy.solve(expression, x)
    if len(solutions) != 1:
        raise ValueError(f"{expression} = 0 has {len(solutions)} solutions for {x}, not one")
    return sympy.simplify(solutions[0])


def substitute(expression: Any, x: Any, value: Any) -> Any:
    """The expression with x replaced, simplified."""
    return sympy.simplify(expression.subs(x, value))


def larger_size(a: Any, b: Any) -> Any:
    """The larger of the absolute values of a and b."""
    return sympy.Max(sympy.Abs(a), sympy.Abs(b))


def kind_of_point(gradient: sympy.Matrix, eigenvalues: list[Any]) -> str:
    """What a point is by its gradient and the eigenvalues of its Hessian (Nocedal & Wright 2006, section 2.1).

    "not stationary", "local minimum", "local maximum", "saddle point", or "undecided" when an eigenvalue is zero
    and the others have one sign.
    """
    if any(sympy.simplify(component) != 0 for component in gradient):
        return "not stationary"
    signs = {sympy.sign(sympy.simplify(value)) for value in eigenvalues}
    if signs == {1}:
        return "local minimum"
    if signs == {-1}:
        return "local maximum"
    return "saddle point" if {1, -1} <= signs else "undecided"
