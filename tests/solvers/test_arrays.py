from fractions import Fraction

import numpy as np
import pytest
import sympy
from hypothesis import assume, given
from hypothesis import strategies as st

from solvers.arrays import array, entry, filled, quarter_turn, same_array, solve_linear
from solvers.exact import Given


def test_an_array_keeps_its_elements_exact():
    made = array([[Given("0.1"), 1], [2, Fraction(1, 3)]])
    assert made.shape == (2, 2)
    assert made.dtype == object
    assert made[0, 0].text == "0.1"
    assert sum(made.flat) == Fraction(1, 10) + 3 + Fraction(1, 3)


@pytest.mark.parametrize("rows", [[[1, 2], [3]], [[1], [2, 3]]], ids=str)
def test_rows_of_different_lengths_are_refused(rows):
    with pytest.raises(ValueError, match=r"different lengths|inhomogeneous"):
        array(rows)


@pytest.mark.parametrize("rows, columns, shape", [(2, 3, (2, 3)), (4, 0, (4,)), (1, 1, (1, 1))], ids=str)
def test_filled(rows, columns, shape):
    made = filled(rows, columns, Fraction(1, 3))
    assert made.shape == shape
    assert all(cell == Fraction(1, 3) for cell in made.flat)


square = st.integers(1, 4).flatmap(
    lambda n: st.tuples(
        st.lists(st.lists(st.integers(-5, 5), min_size=n, max_size=n), min_size=n, max_size=n),
        st.lists(st.fractions(min_value=-9, max_value=9, max_denominator=7), min_size=n, max_size=n),
    )
)


@given(square)
def test_a_solution_put_back_gives_the_right_hand_side(system):
    A, x = system
    assume(sympy.Matrix(A).det() != 0)
    b = [sum(cell * unknown for cell, unknown in zip(row, x)) for row in A]
    assert solve_linear(A, b).tolist() == x
    by_numpy = np.linalg.solve(np.array(A, float), np.array(b, float))
    assert solve_linear(A, b).astype(float) == pytest.approx(by_numpy)


@given(square, st.data())
def test_a_singular_matrix_is_refused(system, data):
    A, b = system
    weights = data.draw(st.lists(st.integers(-2, 2), min_size=len(A) - 1, max_size=len(A) - 1))
    A[-1] = [sum(w * row[column] for w, row in zip(weights, A)) for column in range(len(A))]
    with pytest.raises(ValueError, match="singular"):
        solve_linear(A, b)


def test_a_zero_pivot_needs_a_row_exchange():
    assert solve_linear(array([[0, 1], [1, 0]]), array([3, 5])).tolist() == [5, 3]


def test_the_givens_are_left_as_they_were():
    A, b = array([[2, 1], [1, 3]]), array([1, 2])
    solve_linear(A, b)
    assert A.tolist() == [[2, 1], [1, 3]]
    assert b.tolist() == [1, 2]


def test_entries_are_counted_from_one():
    assert [entry(array([5, 6, 7]), n) for n in (1, 2, 3)] == [5, 6, 7]


def test_a_quarter_turn():
    """Against the clock: the last column becomes the first row. Four of them are none."""
    assert quarter_turn([[1, 2, 3], [4, 5, 6]]).tolist() == [[3, 6], [2, 5], [1, 4]]
    matrix = [[1, 2], [3, 4], [5, 6]]
    assert quarter_turn(quarter_turn(quarter_turn(quarter_turn(matrix)))).tolist() == matrix


def test_arrays_that_are_the_same():
    assert same_array([[1, 2]], array([[1, 2]]))
    assert not same_array([[1, 2]], [[1, 3]])
    assert not same_array([[1, 2]], [[1], [2]])
