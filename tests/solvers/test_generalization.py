"""The ridge fit against scipy's least squares on the augmented system."""

import numpy as np
import pytest
from scipy.linalg import lstsq

from solvers.generalization import error_on_fresh, error_on_seen, fit_errors, ridge_weights


def draws(points, noise, seed):
    rng = np.random.default_rng(seed)
    x = rng.uniform(0, 1, points)
    return x, np.sin(2 * np.pi * x) + noise * rng.standard_normal(points)


@pytest.mark.parametrize("penalty", [1e-3, 1e-9])
@pytest.mark.parametrize("points", [15, 150])
def test_against_the_augmented_system(points, penalty):
    """Ridge is ordinary least squares with one more row √λ per weight."""
    x, y = draws(points, 0.3, 7)
    X = np.stack([(2 * x - 1) ** power for power in range(11, -1, -1)], axis=1)
    tall = np.vstack([X, np.sqrt(penalty) * np.eye(12)])
    w = lstsq(tall, np.concatenate([y, np.zeros(12)]))[0]
    assert np.allclose(ridge_weights(points, 11, penalty, 0.3, 7), w, rtol=1e-4)
    assert np.isclose(error_on_seen(points, 11, penalty, 0.3, 7), np.mean((X @ w - y) ** 2), rtol=1e-4)
    fresh_x, fresh_y = draws(1000, 0.3, 8)
    fresh = np.mean((np.polyval(w, 2 * fresh_x - 1) - fresh_y) ** 2)
    assert np.isclose(error_on_fresh(points, 11, penalty, 0.3, 7), fresh, rtol=1e-4)


def test_the_example_is_typical():
    """For most draws more data and more regularization lower the error on fresh points."""
    better_data = better_penalty = 0
    for seed in range(40):
        base = fit_errors(15, 11, 1e-3, 0.3, 100 + 2 * seed)[1]
        better_data += fit_errors(150, 11, 1e-3, 0.3, 100 + 2 * seed)[1] < base
        better_penalty += base < fit_errors(15, 11, 1e-9, 0.3, 100 + 2 * seed)[1]
    assert better_data >= 36 and better_penalty >= 36
