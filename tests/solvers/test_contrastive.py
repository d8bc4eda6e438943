import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq, minimize

from solvers.contrastive import contrastive_floor, device_shortcut, hard_negative_share

temperatures = st.floats(0.05, 2)


def mean_loss(Z, W, tau):
    """InfoNCE of the views Z against the views W, averaged over the anchors."""
    Z, W = (V / np.linalg.norm(V, axis=1, keepdims=True) for V in (Z, W))
    logits = Z @ W.T / tau
    top = logits.max(axis=1)
    return float(np.mean(np.log(np.exp(logits - top[:, None]).sum(axis=1)) + top - np.diag(logits)))


def simplex(n):
    """n unit vectors at equal angles."""
    return np.eye(n) - 1 / n


@given(st.integers(2, 12), st.integers(2, 12), temperatures, st.integers(0, 10**6))
def test_no_embedding_is_below_the_floor(n, d, tau, seed):
    Z, W = np.random.default_rng(seed).normal(size=(2, n, d))
    floor = contrastive_floor(tau, n - 1)[0] if n > 2 else math.log(1 + math.exp(-2 / tau))
    assert mean_loss(Z, W, tau) >= floor - 1e-9
    assert mean_loss(Z, Z, tau) >= floor - 1e-9


@given(st.integers(3, 40), temperatures)
def test_a_simplex_reaches_it(n, tau):
    assert mean_loss(simplex(n), simplex(n), tau) == pytest.approx(contrastive_floor(tau, n - 1)[0], abs=1e-9)


@pytest.mark.parametrize("tau", [0.2, 0.5, 1.0])
def test_a_search_over_embeddings_ends_at_the_floor(tau):
    n, d = 4, 3
    start = np.random.default_rng(1).normal(size=2 * n * d)
    found = minimize(lambda v: mean_loss(*v.reshape(2, n, d), tau), start)
    assert found.fun == pytest.approx(contrastive_floor(tau, n - 1)[0], abs=1e-4)


@pytest.mark.parametrize("K", [3, 255, 65535], ids=str)
def test_half_of_the_softmax_is_a_loss_of_ln_2(K):
    tau = brentq(lambda value: contrastive_floor(value, K)[0] - math.log(2), 0.01, 5)
    assert contrastive_floor.trace(tau, K)["tau_half"] == pytest.approx(tau)


def test_more_negatives_ask_for_a_lower_temperature():
    halves = [contrastive_floor(1.0, K)[1] for K in (2, 10, 100, 10**4, 10**6, 10**8)]
    assert halves == sorted(halves, reverse=True)


@given(temperatures, st.floats(-1, 1), st.integers(2, 300), st.floats(-1, 1))
def test_the_share_is_that_of_the_gradient(tau, s, K, positive):
    def loss(similarities):
        logits = np.concatenate([[positive], similarities]) / tau
        return float(np.log(np.exp(logits - logits.max()).sum()) + logits.max() - logits[0])

    at, h = np.zeros(K), 1e-5
    at[0] = s

    def slope(place):
        step = np.zeros(K)
        step[place] = h
        return (loss(at + step) - loss(at - step)) / (2 * h)

    hard, easy = slope(0), slope(1)
    whole = hard + (K - 1) * easy
    if whole > 1e-3:
        assert hard_negative_share(tau, s, K) == pytest.approx(hard / whole, rel=1e-3, abs=1e-5)


def test_the_share_of_the_hardest_grows_as_the_temperature_falls():
    shares = [hard_negative_share(tau, 0.5, 255) for tau in (1, 0.5, 0.2, 0.1, 0.07, 0.05)]
    assert shares == sorted(shares)


def test_a_device_that_shows_leaves_fewer_candidates():
    guess, leak = device_shortcut(4096, 32)
    uniform = np.full(4096, 1 / 4096)
    own = np.where(np.arange(4096) < 128, 1 / 128, 0)
    assert guess == pytest.approx(-np.log(uniform[5]))
    assert leak == pytest.approx(-np.log(own[5]))
    assert device_shortcut.trace(4096, 32)["gain"] == pytest.approx(math.log(32))


def test_batch_normalization_on_a_device_ties_its_samples_together():
    # values of one feature that have nothing to do with one another; after normalization on the device they sum to 0
    drawn = np.random.default_rng(0).normal(size=(2000, 2, 4))  # trials, devices, samples
    normalized = drawn - drawn.mean(axis=2, keepdims=True)
    normalized /= normalized.std(axis=2, keepdims=True)
    same = np.mean(normalized[:, 0, 0] * normalized[:, 0, 1])
    other = np.mean(normalized[:, 0, 0] * normalized[:, 1, 0])
    assert same == pytest.approx(-1 / 3, abs=0.1)
    assert other == pytest.approx(0, abs=0.1)
