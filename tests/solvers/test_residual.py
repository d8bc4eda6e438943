"""Residual blocks with plus and minus: exact blocks by hand, gradients by finite differences, both signs trained."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvers.arrays import array
from solvers.residual import (
    adding_block,
    last_layers_negated,
    losses_that_differ,
    median_end,
    mirrored_outputs,
    one_way_end,
    one_way_floor,
    outputs_that_differ,
    residual_loss,
    residual_output,
    residual_run,
    residual_task,
    residual_training,
    residual_weights,
    subtracting_block,
)

SIZES = [6, 12, 2, 48]
number = st.integers(-5, 5)


def matrix(rows, columns):
    return st.lists(st.lists(number, min_size=columns, max_size=columns), min_size=rows, max_size=rows).map(array)


def row(length):
    return st.lists(number, min_size=length, max_size=length).map(array)


# W₁x + b₁ = (1, 1), F = (3, -3): x + F = (5, -2), x - F = (-1, 4)
def test_a_block_by_hand():
    arguments = [array(a) for a in ([2, 1], [[1, -1], [0, 2]], [0, -1], [[1, 1], [-2, 0]], [1, -1])]
    assert [list(v) for v in adding_block(*arguments)] == [[3, -3], [5, 0]]
    assert [list(v) for v in subtracting_block(*arguments)] == [[3, -3], [0, 4]]


@given(row(3), matrix(4, 3), row(4), matrix(3, 4), row(3))
def test_a_minus_goes_into_the_last_layer_exactly(x, W_1, b_1, W_2, b_2):
    assert list(adding_block(x, W_1, b_1, W_2, b_2)[1]) == list(subtracting_block(x, W_1, b_1, -W_2, -b_2)[1])


@pytest.mark.parametrize("ends", [False, True])
@pytest.mark.parametrize("sign", [1, -1])
def test_the_gradient_is_the_slope_of_the_loss(sign, ends):
    x, target = residual_task([3, 4, 2, 5], 1)
    weights = residual_weights(3, 4, 2, 2)
    loss, gradient = residual_loss(weights, x, target, sign, ends)
    out = residual_output(weights, x, sign, ends)
    assert loss == pytest.approx(sum((o - t) ** 2 for o, t in zip(out.flat, target.flat)) / (2 * target.size))
    for block, slopes in zip(weights, gradient):
        for w, slope in zip(block, slopes):
            for place in np.ndindex(w.shape):
                losses = []
                for step in (1e-6, -2e-6):
                    w[place] += step
                    losses.append(residual_loss(weights, x, target, sign, ends)[0])
                w[place] += 1e-6
                assert slope[place] == pytest.approx((losses[0] - losses[1]) / 2e-6, rel=1e-4, abs=1e-8)


@pytest.mark.parametrize("seed", range(4))
def test_both_signs_train_alike_to_the_last_bit(seed):
    assert losses_that_differ(SIZES, 0.2, 100, seed) == 0
    assert len(set(residual_run(SIZES, 0.2, 100, seed, 1))) > 90  # and they do train


def test_turning_twice_is_nothing():
    weights = residual_weights(3, 4, 2, 5)
    again = last_layers_negated(last_layers_negated(weights))
    assert all((a == b).all() for one, two in zip(weights, again) for a, b in zip(one, two))


def test_both_signs_end_alike_over_tasks_and_starts():
    ends = {
        sign: [residual_run(SIZES, 0.2, 60, task, sign, start=100 + task)[-1] for task in range(60)] for sign in (1, -1)
    }
    medians = {sign: np.median(values) for sign, values in ends.items()}
    first = np.median([residual_run(SIZES, 0.2, 0, task, 1, start=100 + task)[0] for task in range(60)])
    assert 0.6 < medians[1] / medians[-1] < 1.7
    assert max(medians.values()) < first / 5


@pytest.mark.parametrize("sign", [1, -1])
def test_a_relu_at_the_end_of_the_branch_leaves_one_direction(sign):
    for seed in range(5):
        x, _ = residual_task(SIZES, seed)
        moved = residual_output(residual_weights(6, 12, 2, seed), x, sign, ends=True) - x
        assert (sign * moved >= 0).all()
        assert (sign * moved > 0).any()
        assert one_way_end(SIZES, 0.2, 60, seed, sign) >= one_way_floor(SIZES, seed, sign)


# one feature at 1, target 3 in one example and 0 in the other: rising reaches only the first, falling only the second
def test_the_floor_by_hand(monkeypatch):
    task = (np.ones((2, 1)), np.array([[3.0], [0.0]]))
    monkeypatch.setattr("solvers.residual.residual_task", lambda sizes, seed: task)
    assert one_way_floor(SIZES, 0, 1) == (0 + 1) / 2 / 2
    assert one_way_floor(SIZES, 0, -1) == (4 + 0) / 2 / 2


def test_the_mirror_image_carries_the_negative():
    for seed in range(5):
        assert outputs_that_differ(SIZES, seed) == 0
    minus, _ = mirrored_outputs(SIZES, 0)
    assert len(set(minus)) == 48


def test_training_goes_down_the_slope():
    task, weights = residual_task(SIZES, 3), residual_weights(6, 12, 2, 4)
    losses, w = [], weights
    for _ in range(4):
        loss, gradient = residual_loss(w, *task, -1)
        losses.append(loss)
        w = [[a - 0.1 * g for a, g in zip(block, slopes)] for block, slopes in zip(w, gradient)]
    assert residual_training(weights, task, -1, 0.1, 3).tolist() == losses
    assert losses == sorted(losses, reverse=True)


def test_the_median_lies_in_the_middle():
    ends = sorted(residual_run(SIZES, 0.2, 60, 0, 1, start=start)[-1] for start in range(5))
    assert median_end(SIZES, 0.2, 60, 0, 5, 1) == ends[2]
