"""Residual blocks that add or subtract their branch: one block exactly, and small networks trained with either sign."""

from functools import lru_cache

import numpy as np

from solvers.derivation import derivation
from solvers.functions import drawn, relu, sqrt


@derivation
def adding_block(x, W_1, b_1, W_2, b_2):
    """A residual block ReLU(x + F(x)) whose branch F ends in a linear layer (He et al. 2016, section 3.2 and figure 2).

    `x` (D,), `W_1` (H, D), `b_1` (H,), `W_2` (D, H), `b_2` (D,). Returns the branch and the output, both (D,).
    """
    h = relu(W_1 @ x + b_1)  # first layer of the branch
    F = W_2 @ h + b_2  # its last layer is linear: F takes either sign
    out = relu(x + F)  # the ReLU comes after the sum
    return F, out


@derivation
def subtracting_block(x, W_1, b_1, W_2, b_2):
    """The same block with a minus: ReLU(x - F(x)).

    Arguments and results as in `adding_block`.
    """
    h = relu(W_1 @ x + b_1)  # first layer of the branch
    F = W_2 @ h + b_2  # its last layer
    out = relu(x - F)  # the branch is subtracted
    return F, out


def residual_weights(features, hidden, blocks, seed):
    """Random weights (W_1, b_1, W_2, b_2) of so many blocks, drawn symmetrically around 0."""
    rng = np.random.default_rng(seed)
    shapes = ((hidden, features), (hidden,), (features, hidden), (features,))
    return [[drawn(rng.standard_normal(shape)) / sqrt(shape[-1]) for shape in shapes] for _ in range(blocks)]


def last_layers_negated(weights):
    """The same weights with the sign of every branch's last layer turned."""
    return [[W_1, b_1, -W_2, -b_2] for W_1, b_1, W_2, b_2 in weights]


def residual_output(weights, x, sign, ends=False):
    """Output of the stacked blocks ReLU(x ± F(x)); `ends`: F ends in a ReLU. `x` (n, D); returns (n, D)."""
    for block in weights:
        x = _block(block, x, sign, ends)[-1]
    return x


def residual_task(sizes, seed):
    """Inputs ≥ 0, as they come out of a ReLU, and targets made by a network of adding blocks with other weights.

    `sizes`: features, hidden units of a branch, blocks, examples.
    """
    features, hidden, blocks, examples = map(int, sizes)
    x = abs(drawn(np.random.default_rng([seed, 1]).standard_normal((examples, features))))
    return x, residual_output(residual_weights(features, hidden, blocks, [seed, 2]), x, 1)


def residual_loss(weights, x, target, sign, ends=False):
    """Half the mean squared error of the stacked blocks, and its gradient by every weight."""
    passes, inner = [], x
    for block in weights:
        passes.append((block, inner, *_block(block, inner, sign, ends)))
        inner = passes[-1][-1]
    g = (inner - target) / target.size
    gradient = []
    for (W_1, _b_1, W_2, _b_2), before, h, f, _branch, out in reversed(passes):
        g = g * (out > 0)  # through the ReLU after the sum
        g_f = sign * g * (f > 0) if ends else sign * g
        g_h = (g_f @ W_2) * (h > 0)
        gradient.insert(0, [g_h.T @ before, g_h.sum(0), g_f.T @ h, g_f.sum(0)])
        g = g + g_h @ W_1  # identity path and branch
    return float(((inner - target) ** 2).mean() / 2), gradient


def residual_training(weights, task, sign, lr, steps, ends=False):
    """The loss before every step of plain gradient descent and after the last one, (steps + 1,)."""
    x, target = task
    lr, losses = float(lr), []
    for _ in range(steps):
        loss, gradient = residual_loss(weights, x, target, sign, ends)
        losses.append(loss)
        weights = [[w - lr * g for w, g in zip(block, slopes)] for block, slopes in zip(weights, gradient)]
    return np.array([*losses, residual_loss(weights, x, target, sign, ends)[0]])


def residual_run(sizes, lr, steps, seed, sign, ends=False, turned=False, start=None):
    """The losses of one training on the task of `seed`, from the weights of seed `start` (the task's own when None).

    `sizes` as in `residual_task`; `turned`: the sign of every branch's last layer is turned before training.
    """
    start = seed if start is None else start
    return _run(tuple(map(int, sizes)), float(lr), steps, seed, sign, ends, turned, start)


@lru_cache(maxsize=64)
def _run(sizes, lr, steps, seed, sign, ends, turned, start):
    weights = residual_weights(*sizes[:3], start)
    weights = last_layers_negated(weights) if turned else weights
    weights = [[part.astype(float) for part in block] for block in weights]
    task = [part.astype(float) for part in residual_task(sizes, seed)]
    return residual_training(weights, task, sign, lr, steps, ends)


def losses_that_differ(sizes, lr, steps, seed):
    """At how many steps plus, and minus with turned last layers, have different losses, if only in the last bit."""
    plus, turned = (residual_run(sizes, lr, steps, seed, sign, turned=sign < 0) for sign in (1, -1))
    return int(np.count_nonzero(plus != turned))


def median_end(sizes, lr, steps, seed, starts, sign):
    """The median of the losses after training from so many random starts."""
    return float(np.median([residual_run(sizes, lr, steps, seed, sign, start=k)[-1] for k in range(starts)]))


def one_way_end(sizes, lr, steps, seed, sign):
    """The loss after training when every branch ends in a ReLU."""
    return float(residual_run(sizes, lr, steps, seed, sign, ends=True)[-1])


def one_way_floor(sizes, seed, sign):
    """What half the mean squared error cannot fall below when features can only rise (sign 1) or only fall (-1)."""
    x, target = residual_task(sizes, seed)
    return (np.maximum(sign * (x - target), 0) ** 2).mean() / 2


def mirrored_outputs(sizes, seed):
    """Outputs of a network x - ReLU(W x + b) with a linear first and last layer, and of its mirror image with plus.

    The mirror image has the first layer, every W and the last layer negated, so that it carries -x where the other
    carries x. No ReLU stands on the identity path. Weights and inputs are random. Returns both outputs, (examples,).
    """
    features, hidden, blocks, examples = map(int, sizes)
    rng = np.random.default_rng(seed)
    u, first = rng.standard_normal((examples, features)), rng.standard_normal((hidden, features))
    branches = [(rng.standard_normal((hidden, hidden)), rng.standard_normal(hidden)) for _ in range(blocks)]
    last = rng.standard_normal(hidden)
    x, mirror = u @ first.T, u @ -first.T
    for W, b in branches:
        x, mirror = x - np.maximum(x @ W.T + b, 0), mirror + np.maximum(mirror @ -W.T + b, 0)
    return x @ last, mirror @ -last


def outputs_that_differ(sizes, seed):
    """How many of the outputs of `mirrored_outputs` differ, if only in the last bit."""
    minus, mirror = mirrored_outputs(sizes, seed)
    return int(np.count_nonzero(minus != mirror))


def _block(block, x, sign, ends):
    """Hidden layer, last layer, branch and output of one block."""
    W_1, b_1, W_2, b_2 = block
    h = np.maximum(x @ W_1.T + b_1, 0)
    f = h @ W_2.T + b_2
    branch = np.maximum(f, 0) if ends else f
    return h, f, branch, np.maximum(x + sign * branch, 0)
