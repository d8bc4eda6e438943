import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.spatial.distance import jensenshannon

from solvers.adversarial import best_on_grid, gan_value, optimal_discriminator, pushforward, value_over_noise
from solvers.arrays import array


@st.composite
def games(draw):
    """Data over two to five values and a generator that makes them of noise, with every value possible."""
    n = draw(st.integers(2, 5))
    counts = draw(st.lists(st.integers(1, 6), min_size=n, max_size=n))
    G = list(range(1, n + 1)) + draw(st.lists(st.integers(1, n), max_size=4))
    noise = draw(st.lists(st.integers(1, 6), min_size=len(G), max_size=len(G)))
    p_z = array([Fraction(c, sum(noise)) for c in noise])
    return array([Fraction(c, sum(counts)) for c in counts]), p_z, G


def floats(values):
    return np.array([float(v) for v in values])


@given(games())
def test_the_best_discriminator_is_found_by_minimizing(game):
    p_data, p_z, G = game
    p_g = pushforward(p_z, G, len(p_data))
    D = optimal_discriminator.trace(p_data, p_g)["D_star"]
    for d, p, q in zip(floats(D), floats(p_data), floats(p_g)):
        found = minimize_scalar(
            lambda t, p=p, q=q: -p * math.log(t) - q * math.log(1 - t), bounds=(1e-6, 1 - 1e-6), method="bounded"
        )
        assert d == pytest.approx(found.x, abs=1e-4)


@given(games())
def test_the_value_there_is_twice_the_divergence_less_log_4(game):
    p_data, p_z, G = game
    p_g = pushforward(p_z, G, len(p_data))
    D = optimal_discriminator(p_data, p_g)
    V = gan_value.trace(D, p_data, p_g)["V"]
    assert pytest.approx(2 * jensenshannon(floats(p_data), floats(p_g)) ** 2 - math.log(4), abs=1e-9) == V
    assert -math.log(4) - 1e-12 <= V
    assert pytest.approx(value_over_noise(D, p_data, p_z, G), abs=1e-12) == V
    assert V - 0.01 <= best_on_grid(p_data, p_g, 199) <= V + 1e-12


@given(games())
def test_a_learned_distribution_gives_minus_log_4(game):
    p_data, _, _ = game
    D = optimal_discriminator(p_data, p_data)
    assert set(D) == {Fraction(1, 2)}
    assert gan_value(D, p_data, p_data) == pytest.approx(-math.log(4))


@given(games(), st.floats(0.05, 0.95))
def test_no_constant_discriminator_does_better(game, guess):
    p_data, p_z, G = game
    p_g = pushforward(p_z, G, len(p_data))
    best = gan_value(optimal_discriminator(p_data, p_g), p_data, p_g)
    assert gan_value(array([guess] * len(p_data)), p_data, p_g) <= best + 1e-12


def test_pushforward_counts_the_noise():
    quarter = [Fraction(1, 4)] * 4
    assert pushforward(quarter, [1, 2, 3, 3], 3).tolist() == [Fraction(1, 4), Fraction(1, 4), Fraction(1, 2)]
    assert sum(pushforward(quarter, [2, 2, 2, 2], 3)) == 1
