"""The linear autoencoder against the singular value decomposition."""

from fractions import Fraction

import numpy as np
import pytest

from solvers.arrays import array
from solvers.codes import check_unit, mean_squared_distance, one_number_code, outer

U = array([Fraction(48, 100), Fraction(6, 10), Fraction(64, 100)])
X = array([[Fraction(v, 10) for v in row] for row in ([12, 15, 16], [24, 30, 32], [-36, -45, -48], [16, 15, 13])])


def test_against_the_length_of_what_is_left():
    """By Pythagoras the error is the squared length of the examples less that of their codes."""
    data, u = X.astype(float), U.astype(float)
    assert np.isclose(float(one_number_code(X, U)), ((data**2).sum() - ((data @ u) ** 2).sum()) / len(data))


def test_no_direction_is_much_better():
    """The best direction of all is the first singular vector; the given one comes within a tenth of its error."""
    data = X.astype(float)
    best = (np.linalg.svd(data, compute_uv=False)[1:] ** 2).sum() / len(data)
    assert best <= float(one_number_code(X, U)) <= 1.1 * best


def test_a_direction_of_another_length():
    with pytest.raises(ValueError, match="the squares of u sum to 2"):
        one_number_code(X, array([1, 1, 0]))
    check_unit(U)


def test_products_and_distances():
    a, b = array([1, 2]), array([3, 5])
    assert outer(a, b).tolist() == np.outer([1, 2], [3, 5]).tolist()
    assert mean_squared_distance(outer(a, b), outer(b, a)) == Fraction(1 + 1, 2)
