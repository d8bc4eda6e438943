"""Products of factors against finite differences through the recursions themselves."""

import math

import pytest

from solvers.memory import surviving_gradient, surviving_slopes


@pytest.mark.parametrize(("w", "f", "T"), [(0.5, 0.99, 20), (1.1, 0.9, 5), (0.9, 1.0, 30)])
def test_against_finite_differences(w, f, T):
    """A linear unit h ← w h + 1 and a cell c ← f c + 0.3, both started a little apart."""

    def run(start, factor, inflow):
        for _ in range(T):
            start = factor * start + inflow
        return start

    rnn, lstm = surviving_gradient(w, f, T)
    assert math.isclose(rnn, run(1.5, w, 1) - run(0.5, w, 1), rel_tol=1e-9, abs_tol=1e-15)
    assert math.isclose(lstm, run(1.5, f, 0.3) - run(0.5, f, 0.3), rel_tol=1e-9)


@pytest.mark.parametrize("layers", [1, 5, 20])
def test_sigmoids_in_a_row_at_their_steepest(layers):
    """With weights of size 1 and biases that keep the weighted inputs at 0, by the difference quotient of the network."""

    def network(z):
        for _ in range(layers):
            z = math.tanh(z / 2) / 2  # σ(z) − ½ without cancellation
        return z

    step = 1e-3
    slope = (network(step) - network(-step)) / (2 * step)
    assert math.isclose(slope, surviving_slopes(0.25, layers), rel_tol=1e-5)
