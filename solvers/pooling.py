"""Pooling layers: the largest or the mean value under each place of a window."""

from solvers.arrays import array
from solvers.exact import divide


def max_pool(image, window, stride):
    """The largest value under every place of a square window, rows and columns (h, w).

    `image` (H, W); `window` its side, `stride` its step, both in pixels; no padding. Raises ValueError when it does not fit.
    """
    return _pool(image, window, stride, max)


def mean_pool(image, window, stride):
    """The mean of the values under every place of a square window; arguments and errors as in `max_pool`."""
    return _pool(image, window, stride, lambda values: divide(sum(values), len(values)))


def _pool(image, window, stride, reduce):
    height, width = len(image), len(image[0])
    if window > min(height, width):
        raise ValueError(f"a window of {window} does not fit into {height} × {width}: there is no output")
    rows, columns = range(0, height - window + 1, stride), range(0, width - window + 1, stride)
    return array([[reduce(_under(image, top, left, window)) for left in columns] for top in rows])


def _under(image, top, left, window):
    """The values under the window with this upper left corner, row by row."""
    return [image[top + i][left + j] for i in range(window) for j in range(window)]
