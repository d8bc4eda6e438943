"""Pooling against numpy's sliding windows, which know nothing of our loops."""

from fractions import Fraction

import numpy as np
import pytest

from solvers.pooling import max_pool, mean_pool

CASES = [(r, c, window, stride) for r, c in ((2, 3), (5, 4), (6, 6)) for window in (1, 2) for stride in (1, 2, 3)]


@pytest.mark.parametrize(("rows", "columns", "window", "stride"), CASES)
def test_every_window(rows, columns, window, stride):
    image = np.random.default_rng(rows * columns).integers(-9, 10, (rows, columns))
    windows = np.lib.stride_tricks.sliding_window_view(image, (window, window))[::stride, ::stride]
    assert np.array_equal(max_pool(image.tolist(), window, stride).astype(int), windows.max(axis=(2, 3)))
    assert np.allclose(mean_pool(image.tolist(), window, stride).astype(float), windows.mean(axis=(2, 3)), atol=1e-12)


def test_means_stay_exact():
    assert mean_pool([[1, 2], [4, 6]], 2, 1).tolist() == [[Fraction(13, 4)]]


def test_a_window_that_does_not_fit():
    with pytest.raises(ValueError, match="a window of 3 does not fit into 2 × 3"):
        max_pool([[1, 2, 3], [4, 5, 6]], 3, 1)
