import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from solvers.arrays import array
from solvers.radiance import transmittance, volume_rendering

densities = st.lists(st.floats(0, 4), min_size=1, max_size=6)
RAY = ([0.5, 1.5, 2.5, 3.5, 4.5], [1, 1, 1, 1, 1], [0, 0.1, 3, 3, 0.5], [0.2, 0.2, 0.9, 0.8, 0.1])


def rendered(t, delta, sigma, c):
    return volume_rendering.trace(*(array(list(values)) for values in (t, delta, sigma, c)))


def integral(delta, sigma, values):
    """∫ T(s) σ(s) v(s) ds with piecewise constant σ and v, by quadrature (the continuous form of the model)."""
    edges = np.concatenate([[0], np.cumsum(delta)])

    def thickness(s):
        return sum(d * max(0, min(s, b) - a) for d, a, b in zip(sigma, edges, edges[1:]))

    return sum(
        quad(lambda s, d=d, v=v: np.exp(-thickness(s)) * d * v, a, b)[0]
        for d, v, a, b in zip(sigma, values, edges, edges[1:])
    )


@given(densities)
def test_a_ray_is_the_integral_over_its_pieces(sigma):
    n = len(sigma)
    delta, c, t = [0.5 + 0.1 * i for i in range(n)], [0.1 * i for i in range(n)], list(range(n))
    ray = rendered(t, delta, sigma, c)
    assert float(ray["colour"]) == pytest.approx(integral(delta, sigma, c), abs=1e-6)
    assert float(ray["depth"]) == pytest.approx(integral(delta, sigma, t), abs=1e-6)
    assert float(ray["total"]) == pytest.approx(1 - np.exp(-np.dot(delta, sigma)), abs=1e-9)


@given(densities)
def test_weights_are_shares(sigma):
    ray = rendered(range(len(sigma)), [1] * len(sigma), sigma, [1] * len(sigma))
    assert min(ray["w"]) >= 0
    assert ray["total"] <= 1 + 1e-12
    assert float(ray["passed"]) == pytest.approx(float(np.prod([1 - a for a in ray["alpha"]])), abs=1e-12)


def test_the_ray_of_the_page_is_what_photons_do():
    t, delta, sigma, c = map(np.array, RAY)
    drawn = np.random.default_rng(0).exponential(size=200_000)  # optical depth at which each photon stops
    place = np.searchsorted(np.cumsum(sigma * delta), drawn)
    stopped = place < len(t)
    ray = rendered(*RAY)
    assert np.append(c, 0)[place].mean() == pytest.approx(float(ray["colour"]), abs=0.005)
    assert np.append(t, 0)[place].mean() == pytest.approx(float(ray["depth"]), abs=0.01)
    assert 1 - stopped.mean() == pytest.approx(float(ray["passed"]), abs=0.0005)


def test_nothing_is_seen_in_empty_space_and_through_a_wall():
    assert rendered([1, 2], [1, 1], [0, 0], [1, 1])["colour"] == 0
    wall = rendered([1, 2], [1, 1], [800, 5], [0.25, 1])
    assert float(wall["colour"]) == 0.25


def test_light_is_what_the_pieces_before_let_pass():
    assert transmittance([0.5, 0.25, 1]).tolist() == [1, 0.5, 0.375]
