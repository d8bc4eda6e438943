"""Overfitting made visible: a polynomial fitted to noisy points, and its error on points that it has not seen."""

from math import pi

import numpy as np

from solvers.derivation import derivation
from solvers.functions import drawn, inexact


@derivation
def fit_errors(points, degree, penalty, noise, seed):
    """Mean squared errors of a ridge polynomial on its own points and on fresh ones (Bishop 2006, section 1.1).

    `points`: how many are fitted; `degree` of the polynomial; `penalty` λ ≥ 0 on the squared weights; `noise` standard deviation around
    sin 2πx on [0, 1]; `seed` of the draws. Returns the two errors.
    """
    seen = error_on_seen(points, degree, penalty, noise, seed)  # on the points that were fitted
    fresh = error_on_fresh(points, degree, penalty, noise, seed)  # on points that were not
    return seen, fresh


def ridge_weights(points, degree, penalty, noise, seed):
    """The weights of smallest squared error plus penalty, (degree + 1,), highest power first."""
    x, y = _sample(points, noise, seed)
    X = _powers(x, degree)
    return _eliminated(X.T @ X + inexact(penalty) * np.eye(degree + 1, dtype=int), X.T @ y)


def error_on_seen(points, degree, penalty, noise, seed):
    """Mean squared error on the points that the polynomial was fitted to."""
    x, y = _sample(points, noise, seed)
    return np.mean((_powers(x, degree) @ ridge_weights(points, degree, penalty, noise, seed) - y) ** 2)


def error_on_fresh(points, degree, penalty, noise, seed, fresh=1000):
    """Mean squared error on so many points of another draw."""
    x, y = _sample(fresh, noise, seed + 1)
    return np.mean((_powers(x, degree) @ ridge_weights(points, degree, penalty, noise, seed) - y) ** 2)


def _sample(points, noise, seed):
    rng = np.random.default_rng(int(seed))
    x = drawn(rng.uniform(0, 1, points))
    return x, np.sin(2 * pi * x) + inexact(noise) * drawn(rng.standard_normal(points))


def _eliminated(A, b):
    """The solution of A x = b for a positive definite A, by Gaussian elimination: its pivots are all positive."""
    rows = np.column_stack([A, b])
    for place, row in enumerate(rows):
        rows[place] = row / row[place]
        others = np.arange(len(rows)) != place
        rows[others] = rows[others] - np.outer(rows[others, place], rows[place])
    return rows[:, -1]


def _powers(x, degree):
    return np.vander(2 * x - 1, degree + 1)
