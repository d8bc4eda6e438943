"""Small arrays of exact numbers, for the givens of a part and for the solvers that need matrices."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np


def array(values: Sequence[Any]) -> np.ndarray:
    """An array that keeps its elements exact (dtype object). Raises ValueError for rows of different lengths."""
    made = np.array(values, dtype=object)
    if any(isinstance(cell, list) for cell in made.flat):
        raise ValueError(f"{values}: the rows have different lengths")
    return made


def quarter_turn(matrix: Any) -> np.ndarray:
    """The matrix turned by 90 degrees against the clock: (m, n) becomes (n, m)."""
    return np.rot90(array([list(row) for row in matrix]))


def same_array(a: Any, b: Any) -> bool:
    """Do two arrays have one shape and equal elements? Compared exactly."""
    a, b = array([list(row) for row in a]), array([list(row) for row in b])
    return a.shape == b.shape and bool((a == b).all())


def filled(rows: int, columns: int, value: Any) -> np.ndarray:
    """A rows × columns matrix with one value everywhere; `columns` 0 gives a vector of length `rows`."""
    return np.full((rows, columns) if columns else rows, value, dtype=object)


def entry(values: Sequence[Any], number: int) -> Any:
    """The entry of a vector with this number, counted from 1."""
    return values[number - 1]


def solve_linear(A: Any, b: Any) -> np.ndarray:
    """The solution x of A x = b in exact fractions, by Gaussian elimination with row exchanges.

    `A` (n, n), `b` (n,), exact numbers. Raises ValueError when A is singular.
    """
    rows = [[Fraction(cell) for cell in row] + [Fraction(right)] for row, right in zip(A, b)]
    n = len(rows)
    for column in range(n):
        pivot = next((r for r in range(column, n) if rows[r][column] != 0), None)
        if pivot is None:
            raise ValueError("A is singular: the equations have no single solution")
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [cell / rows[column][column] for cell in rows[column]]
        for r in range(n):
            if r != column:
                rows[r] = [cell - rows[r][column] * own for cell, own in zip(rows[r], rows[column])]
    return np.array([row[n] for row in rows], dtype=object)
