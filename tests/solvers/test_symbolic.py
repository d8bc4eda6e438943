from fractions import Fraction

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from solvers.exact import Given
from solvers.symbolic import (
    at,
    diff,
    eigenvalues,
    grad,
    half_quadratic,
    hess,
    kind_of_point,
    larger_size,
    matrix,
    matrix_gradient,
    positive,
    solve_for,
    substitute,
    symmetric_matrix,
    transpose,
    variable,
    vector,
)

x, y = variable("x"), variable("y")
small = st.integers(-4, 4)
polynomials = st.dictionaries(st.tuples(st.integers(0, 3), st.integers(0, 3)), small, min_size=1, max_size=6)


def expression(terms):
    return sympy.Add(*(c * x**i * y**j for (i, j), c in terms.items()))


def evaluate(terms, a, b):
    return sum(c * a**i * b**j for (i, j), c in terms.items())


# symbols


def test_symbols_know_what_they_stand_for():
    assert x.is_real and not x.is_positive
    assert positive("lr").is_positive
    A, v = symmetric_matrix("A"), vector("x")
    assert A.shape[0] == A.shape[1] == v.shape[0]
    assert v.shape[1] == 1


# derivatives against finite differences, exact where the differences are


@given(polynomials, small, small)
def test_first_derivatives_against_differences(terms, a, b):
    f, h = expression(terms), Fraction(1, 10**6)
    gradient = grad(f, x, y)
    by_x = (evaluate(terms, a + h, b) - evaluate(terms, a - h, b)) / (2 * h)
    by_y = (evaluate(terms, a, b + h) - evaluate(terms, a, b - h)) / (2 * h)
    assert [float(v) for v in at(gradient, x, y, a, b)] == pytest.approx([float(by_x), float(by_y)], abs=1e-6)
    assert diff(f, x) == gradient[0]


@given(polynomials, small, small)
def test_second_derivatives_against_differences(terms, a, b):
    h = Fraction(1, 10**6)
    hessian = at(hess(expression(terms), x, y), x, y, a, b)
    middle = evaluate(terms, a, b)
    by_xx = (evaluate(terms, a + h, b) - 2 * middle + evaluate(terms, a - h, b)) / h**2
    by_yy = (evaluate(terms, a, b + h) - 2 * middle + evaluate(terms, a, b - h)) / h**2
    corners = [evaluate(terms, a + s * h, b + t * h) * s * t for s in (1, -1) for t in (1, -1)]
    by_xy = sum(corners) / (4 * h**2)
    expected = [[float(by_xx), float(by_xy)], [float(by_xy), float(by_yy)]]
    assert np.array(hessian, dtype=float) == pytest.approx(np.array(expected), abs=1e-6)
    assert hessian == hessian.T


@pytest.mark.parametrize(
    "f, numeric",
    [
        (sympy.exp(x * y), lambda a, b: np.exp(a * b)),
        (sympy.log(x**2 + y**2 + 1), lambda a, b: np.log(a**2 + b**2 + 1)),
        (sympy.tanh(x) * y**2, lambda a, b: np.tanh(a) * b**2),
        (x / (1 + sympy.exp(-y)), lambda a, b: a / (1 + np.exp(-b))),
    ],
    ids=["exp", "ln", "tanh", "sigmoid"],
)
def test_derivatives_of_other_functions_against_differences(f, numeric):
    a, b, h = 0.75, -0.5, 1e-4
    by_x = (numeric(a + h, b) - numeric(a - h, b)) / (2 * h)
    by_y = (numeric(a, b + h) - numeric(a, b - h)) / (2 * h)
    assert [float(v) for v in at(grad(f, x, y), x, y, a, b)] == pytest.approx([by_x, by_y], abs=1e-7)
    by_xx = (numeric(a + h, b) - 2 * numeric(a, b) + numeric(a - h, b)) / h**2
    assert float(at(hess(f, x, y), x, y, a, b)[0, 0]) == pytest.approx(by_xx, abs=1e-6)


# the derivative of the double sum Σ gᵢ wᵢⱼ xⱼ by wᵢⱼ is gᵢ xⱼ: by hand, entry by entry
def test_the_derivative_by_a_matrix_is_a_matrix_of_its_shape():
    cells = [[variable(f"w_{i}{j}") for j in range(3)] for i in range(2)]
    W, g, v = matrix(cells), matrix([2, y]), matrix([x, 3, -1])
    total = sum(g[i] * cells[i][j] * v[j] for i in range(2) for j in range(3))
    assert (transpose(g) @ (W @ v))[0].equals(total)
    assert diff(total, W) == sympy.Matrix([[2 * x, 6, -2], [x * y, 3 * y, -y]])


def test_rows_and_columns_are_exchanged():
    rows = [[1, x, 3], [4, 5, y]]
    assert transpose(matrix(rows)).tolist() == [list(column) for column in zip(*rows)]
    assert matrix([x, y]).shape == (2, 1)


# at a point


@given(polynomials, st.fractions(-3, 3, max_denominator=9), st.fractions(-3, 3, max_denominator=9))
def test_a_value_at_a_point_is_exact(terms, a, b):
    found = at(expression(terms), x, y, a, b)
    assert Fraction(int(found.p), int(found.q)) == evaluate(terms, a, b)


def test_a_decimal_is_taken_as_written():
    assert at(x + y, x, y, Given("0.1"), 0.2) == sympy.Rational(3, 10)


# both at once: x = y, y = x would go wrong one after the other
def test_both_variables_are_replaced_at_once():
    assert at(x - y, x, y, 2, 5) == -3


# matrices


@given(st.lists(small, min_size=6, max_size=6))
def test_eigenvalues_are_those_of_numpy_smallest_first(cells):
    a, b, c, d, e, f = cells
    matrix = [[a, b, c], [b, d, e], [c, e, f]] if f % 2 else [[a, b], [b, d]]
    if len(matrix) == 3:
        matrix[2] = [0, 0, f]  # the third root of a cubic has no short form
        matrix[0][2] = matrix[1][2] = 0
    found = [float(v) for v in eigenvalues(sympy.Matrix(matrix))]
    assert found == pytest.approx(list(np.linalg.eigvalsh(np.array(matrix, dtype=float))), abs=1e-9)


def test_a_double_eigenvalue_stands_twice():
    assert eigenvalues(sympy.Matrix([[2, 0], [0, 2]])) == [2, 2]


def test_complex_eigenvalues_are_kept():
    assert set(eigenvalues(sympy.Matrix([[0, -1], [1, 0]]))) == {sympy.I, -sympy.I}


symmetric = st.integers(1, 4).flatmap(
    lambda n: st.tuples(
        st.lists(st.lists(small, min_size=n, max_size=n), min_size=n, max_size=n),
        st.lists(small, min_size=n, max_size=n),
    )
)


@given(symmetric)
def test_the_quadratic_form_is_the_double_sum(case):
    rows, point = case
    A = np.array(rows) + np.array(rows).T
    n = range(len(point))
    expected = Fraction(int(sum(A[i][j] * point[i] * point[j] for i in n for j in n)), 2)
    (value,) = half_quadratic(sympy.Matrix(A), sympy.Matrix(point))
    assert Fraction(int(value.p), int(value.q)) == expected


def test_the_gradient_of_the_quadratic_form_is_a_product():
    A, v = symmetric_matrix("A"), vector("x")
    assert matrix_gradient(half_quadratic(A, v), v, A) == A * v


# that product is right: the other half of the argument, by numbers
@given(symmetric)
def test_that_product_against_differences(case):
    rows, point = case
    numbers = np.array(rows, float) + np.array(rows, float).T
    form = lambda p: p @ numbers @ p / 2  # noqa: E731
    steps = np.eye(len(point)) * 1e-4
    differences = [(form(point + step) - form(point - step)) / 2e-4 for step in steps]
    assert list(numbers @ point) == pytest.approx(differences, abs=1e-6)


# equations


@given(small.filter(bool), st.fractions(-5, 5, max_denominator=9))
def test_the_solution_put_back_gives_zero(slope, intercept):
    solution = solve_for(slope * x + sympy.Rational(str(intercept)), x)
    assert substitute(slope * x + sympy.Rational(str(intercept)), x, solution) == 0


@pytest.mark.parametrize(
    "equation, number", [(x**2 - 1, 2), (x**2 + 1, 0), (sympy.exp(x), 0)], ids=["two", "none real", "none"]
)
def test_an_equation_without_a_single_solution_is_refused(equation, number):
    with pytest.raises(ValueError, match=f"has {number} solutions for x, not one"):
        solve_for(equation, x)


def test_a_substitution_is_simplified():
    assert substitute((x**2 - 1) / (x + 1), x, y) == y - 1


@given(st.integers(-50, 50), st.integers(-50, 50))
def test_the_larger_size(a, b):
    assert larger_size(a, b) == max(abs(a), abs(b))
    assert larger_size(x, y).subs({x: a, y: b}) == max(abs(a), abs(b))


# kinds of points

flat, steep = sympy.Matrix([0, 0]), sympy.Matrix([0, 1])
KINDS = [
    ("not stationary", steep, [1, 1], "not stationary"),
    ("minimum", flat, [1, 3], "local minimum"),
    ("maximum", flat, [-3, -1], "local maximum"),
    ("saddle", flat, [-1, 3], "saddle point"),
    ("flat in one direction", flat, [0, 3], "undecided"),
    ("flat downwards", flat, [-3, 0], "undecided"),
    ("flat everywhere", flat, [0, 0], "undecided"),
    ("irrational saddle", flat, [(3 - sympy.sqrt(17)) / 2, (3 + sympy.sqrt(17)) / 2], "saddle point"),
    ("saddle with a flat direction", flat, [-1, 0, 2], "saddle point"),
    ("double eigenvalue", flat, [2, 2], "local minimum"),
]


@pytest.mark.parametrize("gradient, values, kind", [row[1:] for row in KINDS], ids=[row[0] for row in KINDS])
def test_kinds_of_points(gradient, values, kind):
    assert kind_of_point(gradient, [sympy.sympify(value) for value in values]) == kind


# sympy leaves log(4) - 2 log(2) as it is, though it is zero
def test_a_zero_that_is_not_written_as_zero_is_stationary():
    gradient = sympy.Matrix([sympy.log(4) - 2 * sympy.log(2), 0])
    assert kind_of_point(gradient, [sympy.Integer(1), sympy.Integer(2)]) == "local minimum"
