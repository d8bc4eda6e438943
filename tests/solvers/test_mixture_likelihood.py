import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from solvers.mixture_likelihood import mostly_noise


@given(st.floats(0.001, 1), st.integers(0, 10**6))
def test_a_mixture_loses_no_more_likelihood(share, seed):
    x = np.random.default_rng(seed).normal(size=200)
    good, noise = norm.pdf(x), norm.pdf(x, scale=50)
    lost = np.mean(np.log(good) - np.log(share * good + (1 - share) * noise))
    assert lost <= mostly_noise(share, 1, 1, 1)[1] + 1e-9


def test_the_bound_is_reached_by_noise_far_away():
    x = np.linspace(-3, 3, 50)
    mixed = 0.01 * norm.pdf(x) + 0.99 * norm.pdf(x, loc=1000)
    assert np.mean(np.log(norm.pdf(x)) - np.log(mixed)) == pytest.approx(mostly_noise(0.01, 1, 1, 1)[1])


def test_the_numbers_of_the_page():
    noise, nats, per_value = mostly_noise(Fraction(1, 100), 32, 32, 3)
    assert noise == Fraction(99, 100)
    assert nats == pytest.approx(math.log(100))
    assert per_value == pytest.approx(math.log(100) / np.zeros((32, 32, 3)).size)
