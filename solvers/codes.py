"""A linear autoencoder with one number as code: projection on a direction and back."""

from solvers.arrays import array
from solvers.derivation import derivation
from solvers.exact import divide


@derivation
def one_number_code(X, u):
    """Codes, reconstructions and error of a linear autoencoder with tied weights and one hidden unit.

    `X` (n, d): a row per example; `u` (d,): the weights, of length 1. The best u is the first principal direction (Bishop 2006,
    section 12.4.2). Returns the mean squared error. Raises ValueError when u has another length.
    """
    check_unit(u)
    code = X @ u  # encoder: one number per example
    X_hat = outer(code, u)  # decoder: back along the same direction
    error = mean_squared_distance(X, X_hat)  # how far the reconstructions are off
    return error


def outer(a, b):
    """Every product of an element of a and one of b, (n, d)."""
    return array([[p * q for q in b] for p in a])


def mean_squared_distance(A, B):
    """The squared distance of the rows of two arrays (n, d), as a mean over the rows."""
    return divide(sum(value**2 for value in (A - B).flat), len(A))


def check_unit(u):
    """Raise ValueError unless the squares of u sum to 1."""
    length = sum(value * value for value in u)
    if length != 1:
        raise ValueError(f"the squares of u sum to {length}: give a direction of length 1")
