"""The faulty set-up: bounds by brute force, shrinking signals by simulation, the trainer by finite differences."""

import itertools
import math

import numpy as np
import pytest
from scipy import optimize
from scipy.special import log_softmax as scipy_log_softmax

from solvers import optimizers, training
from solvers.training import (
    GRID,
    activations,
    bounded_logits,
    classifier_loss,
    fault_accuracies,
    fault_losses,
    fault_runs,
    glorot_spreads,
    initial_spread,
    judged,
    log_softmax,
    made_images,
    mean_losses,
    on_grid,
    scaled_spreads,
    split,
    start_weights,
    train_classifier,
    trained,
)

SIZES, PLAN, THEIRS = [256, 32, 32, 10], [640, 500, 32, 80], [3072, 512, 256, 10]
SETUP = (THEIRS, 0.01, 0.1, 0.001)
TINY = [4, 5, 3, 3]


@pytest.mark.parametrize("classes", [2, 3, 10])
def test_the_bound_by_search(classes):
    def loss(z):
        return -scipy_log_softmax(z)[0]

    found = optimize.minimize(loss, np.zeros(classes), bounds=[(-1, 1)] * classes)
    p_best, L_best, L_guess = bounded_logits(classes)
    assert L_best == pytest.approx(found.fun, abs=1e-6)
    assert p_best == pytest.approx(math.exp(-found.fun), abs=1e-6)
    assert L_guess == pytest.approx(loss(np.zeros(classes)))
    corners = [-scipy_log_softmax(corner)[0] for corner in itertools.product((-1.0, 1.0), repeat=min(classes, 3))]
    assert classes > 3 or min(corners) == pytest.approx(L_best)


# 3072 · 10⁻⁴ · 512 · 10⁻⁴ · 256 · 10⁻⁴ = 402653184 · 10⁻¹²
def test_the_shrinking_signal_exactly_and_by_simulation():
    trace = initial_spread.trace(THEIRS, 0.01)
    assert float(trace.result) ** 2 == pytest.approx(402653184e-12, rel=1e-12)
    rng = np.random.default_rng(0)
    linear = tanh = rng.standard_normal((20, 3072))
    back = rng.standard_normal((20, 10))
    weights = [0.01 * rng.standard_normal((outputs, inputs)) for inputs, outputs in zip(THEIRS, THEIRS[1:])]
    for W, name in zip(weights, ("s.1", "s.2", "s.3")):
        linear, tanh = linear @ W.T, np.tanh(tanh) @ W.T if name != "s.1" else linear @ W.T
        assert (linear**2).mean() == pytest.approx(float(trace[name]) ** 2, rel=0.2)
        assert (tanh**2).mean() <= (linear**2).mean() * 1.05
    for W, name in zip(reversed(weights), ("r.3", "r.2", "r.1")):
        before, back = back, back @ W
        assert (back**2).mean() / (before**2).mean() == pytest.approx(float(trace[name]) ** 2, rel=0.2)


def test_the_spreads_balance_both_directions():
    rng = np.random.default_rng(5)
    for spread, inputs, outputs in zip(glorot_spreads(THEIRS), THEIRS, THEIRS[1:]):
        W = float(spread) * rng.standard_normal((outputs, inputs))
        ahead = ((rng.standard_normal((50, inputs)) @ W.T) ** 2).mean()
        back = ((rng.standard_normal((50, outputs)) @ W) ** 2).mean()
        assert (ahead + back) / 2 == pytest.approx(1, rel=0.1)


def test_a_narrow_start_shrinks_as_the_large_network_does():
    for spread, inputs, wide in zip(scaled_spreads(SIZES, 0.01, THEIRS), SIZES, THEIRS):
        assert spread**2 * inputs == pytest.approx(0.01**2 * wide)


def test_log_softmax_against_scipy():
    z = np.random.default_rng(1).standard_normal((5, 7)) * 300
    assert np.allclose(log_softmax(z), scipy_log_softmax(z, axis=1))


@pytest.mark.parametrize("bounded", [False, True])
def test_the_gradient_is_the_slope_of_the_loss(bounded):
    rng = np.random.default_rng(2)
    x, labels = rng.standard_normal((6, 4)), rng.integers(0, 3, 6)
    flat = rng.standard_normal(len(start_weights(TINY, [1, 1, 1], 0)))
    loss, gradient = classifier_loss(flat, TINY, x, labels, bounded)
    slope = optimize.approx_fprime(flat, lambda w: classifier_loss(w, TINY, x, labels, bounded)[0], 1e-7)
    assert np.allclose(gradient, slope, atol=1e-5)
    logits = activations(flat, TINY, x, bounded)[-1]
    assert loss == pytest.approx(-np.mean([scipy_log_softmax(z)[y] for z, y in zip(logits, labels)]))
    assert judged(flat, TINY, (x, labels), bounded)[1] == np.mean(logits.argmax(1) == labels)


def test_the_weights_lie_in_the_vector_layer_by_layer():
    flat = np.arange(4 * 5 + 5 + 5 * 3 + 3 + 3 * 3 + 3)
    layers = split(flat, TINY)
    assert [(W.shape, b.shape) for W, b in layers] == [((5, 4), (5,)), ((3, 5), (3,)), ((3, 3), (3,))]
    assert np.concatenate([np.concatenate([W.ravel(), b]) for W, b in layers]).tolist() == flat.tolist()


def test_training_takes_the_steps_of_adam():
    rng = np.random.default_rng(3)
    x, labels = rng.standard_normal((4, 4)), np.array([0, 1, 2, 0])
    start = start_weights(TINY, glorot_spreads(TINY), 3)
    _, flat = train_classifier(start, TINY, (x, labels), 0.01, False, 4, 2)
    w, m, v = start, 0, 0
    for t, rows in ((1, slice(0, 2)), (2, slice(2, 4)), (3, slice(0, 2)), (4, slice(2, 4))):
        g = classifier_loss(w, TINY, x[rows], labels[rows], False)[1]
        w_next = optimizers.adam(w, g, 0.01, 0.9, 0.999, 1e-8, m, v, t)
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        w = np.array(w_next, dtype=float)
    assert np.abs(flat - w).max() < 5 / GRID  # but for the rounding to the grid


def test_made_images_are_balanced_standardized_and_on_the_grid():
    (x, labels), (held, held_labels) = made_images(256, 10, 640, 500, 0)
    both = np.concatenate([x, held])
    assert x.shape == (640, 256) and held.shape == (500, 256)
    assert abs(both.mean()) < 1e-6 and both.std() == pytest.approx(1, abs=1e-6)
    assert np.bincount(labels).tolist() == [64] * 10 and np.bincount(held_labels).tolist() == [50] * 10
    assert (both * GRID == np.round(both * GRID)).all()
    assert (on_grid(both) == both).all()


@pytest.mark.parametrize("seed", range(4))
def test_the_repaired_network_is_best_and_all_faults_together_are_worst(seed):
    accuracy = fault_accuracies(SIZES, PLAN, *SETUP, seed)
    assert accuracy[0] > max(accuracy[1:])
    assert accuracy[4] < min(accuracy[:4])
    bound = bounded_logits(10)[1]
    runs, losses = fault_runs(SIZES, PLAN, *SETUP, seed), fault_losses(SIZES, PLAN, *SETUP, seed)
    for bounded in (1, 4):
        assert losses[bounded] > bound and runs[bounded].losses.min() > bound


def test_with_more_training_only_the_large_learning_rate_keeps_the_accuracy_down():
    accuracy = fault_accuracies(SIZES, [640, 500, 32, 400], *SETUP, 0)
    assert accuracy[0] - accuracy[1] < 0.05 and accuracy[0] - accuracy[2] < 0.05
    assert accuracy[0] - accuracy[3] > 0.15 and accuracy[0] - accuracy[4] > 0.15


# what another processor or library rounds differently must not change a digit: noise of a few units of the last place
def test_runs_do_not_depend_on_rounding(monkeypatch):
    steady = fault_runs(SIZES, PLAN, *SETUP, 0)
    rng = np.random.default_rng(4)

    def noisy(flat, sizes, x, labels, bounded):
        loss, gradient = classifier_loss(flat, sizes, x, labels, bounded)
        return loss, gradient * (1 + 2e-15 * rng.standard_normal(gradient.shape))

    monkeypatch.setattr("solvers.training.classifier_loss", noisy)
    again = training._fault_runs.__wrapped__(tuple(SIZES), tuple(PLAN), tuple(THEIRS), 0.01, 0.1, 0.001, 0)
    for one, other in zip(steady, again):
        assert (one.losses == other.losses).all()
        assert (one.loss, one.accuracy) == (other.loss, other.accuracy)


def test_mean_losses_average_in_a_row():
    run = fault_runs(SIZES, PLAN, *SETUP, 0)[0]
    assert mean_losses(run, 5).tolist() == pytest.approx([sum(run.losses[k : k + 5]) / 5 for k in range(0, 80, 5)])


def test_a_training_is_judged_on_the_other_set():
    data = made_images(4, 3, 12, 9, 0)
    start = start_weights(TINY, glorot_spreads(TINY), 0)
    losses, flat = train_classifier(start, TINY, data[0], 0.01, False, 6, 4)
    run = trained(start, TINY, data, 0.01, False, 6, 4)
    assert run.losses.tolist() == losses.tolist()
    assert (run.loss, run.accuracy) == judged(flat, TINY, data[1], False)
    assert run.loss == pytest.approx(classifier_loss(flat, TINY, *data[1], False)[0])


# a tanh beyond 0.99 has less than a fiftieth of its slope left
def test_one_step_at_the_large_rate_saturates_the_first_hidden_layer_of_the_whole_network():
    data = made_images(3072, 10, 64, 50, 0)
    start = start_weights(THEIRS, [0.01] * 3, 0)
    share = {}
    for lr in (0.1, 0.001):
        _, flat = train_classifier(start, THEIRS, data[0], lr, True, 1, 64)
        share[lr] = (abs(activations(flat, THEIRS, data[1][0], True)[1]) > 0.99).mean()
    assert share[0.1] > 0.9 and share[0.001] < 0.2
