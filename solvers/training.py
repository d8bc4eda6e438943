"""Faults in the set-up of a training: a bounded last layer, one fixed spread for all weights, a large learning rate.

Two derivations by hand, and a small tanh network in numpy that is trained with each fault and without.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from solvers.arrays import array
from solvers.derivation import derivation
from solvers.exact import divide
from solvers.functions import exp, ln, sqrt

GRID = (
    2**16
)  # data and weights are multiples of 1/GRID, so that rounding errors of a machine do not add up to other runs


@derivation
def bounded_logits(classes):
    """The best that a softmax over logits in [-1, 1] can do, the target at 1 and all others at -1.

    `classes` K. Returns the largest probability of the target, the smallest loss, and the loss of guessing, with ln.
    """
    p_best = exp(1) / (exp(1) + (classes - 1) * exp(-1))  # no other logits in the range favour the target more
    L_best = -ln(p_best)  # negative log-likelihood of that probability
    L_guess = ln(classes)  # all classes equally likely
    return p_best, L_best, L_guess


@derivation
def initial_spread(sizes, sigma):
    """What weights of one standard deviation σ do to the size of a signal, layer by layer.

    `sizes` of all layers. A layer multiplies the mean square of the signal by the number of its inputs times σ², and
    that of a gradient on its way back by the number of its outputs times σ²; a tanh can only make both smaller. s and r
    are the roots of these. Returns the standard deviation of the logits for inputs of standard deviation 1, at most.
    """
    s = 1
    for _layer, (inputs, outputs) in enumerate(zip(sizes, sizes[1:]), start=1):
        s = s * sqrt(inputs) * sigma  # what is left of the signal's standard deviation on its way forward
        r = sqrt(outputs) * sigma  # factor of the gradient's on its way back
    return s


def glorot_spreads(sizes):
    """Standard deviations of all layers' weights by Glorot & Bengio (2010, equation 12), one number per layer."""
    return array([sqrt(divide(2, inputs + outputs)) for inputs, outputs in zip(sizes, sizes[1:])])


def scaled_spreads(sizes, std, originals):
    """Spreads with which layers of other sizes multiply a variance as `std` does in layers of `originals` inputs."""
    return [float(std) * (wide / inputs) ** 0.5 for inputs, wide in zip(sizes, originals)]


def made_images(pixels, classes, examples, held_out, seed):
    """Made data in two sets, to train and held out: (x, labels) each, x (n, pixels) of mean 0 and variance 1 overall.

    Ten hidden factors, one of them brightness, are mixed into all pixels, with noise: pixels go together, as in
    photographs.
    """
    rng = np.random.default_rng(seed)
    mix, centres = rng.standard_normal((10, pixels)), 1.5 * rng.standard_normal((classes, 10))
    labels = np.arange(examples + held_out) % classes
    factors = centres[labels] + rng.standard_normal((len(labels), 10))
    factors[:, 0] = 5 * rng.standard_normal(len(labels))
    x = factors @ mix + rng.standard_normal((len(labels), pixels)) / 2
    x = on_grid((x - x.mean()) / x.std())
    return (x[:examples], labels[:examples]), (x[examples:], labels[examples:])


def on_grid(values):
    """The values rounded to multiples of 1/GRID."""
    return np.round(values * GRID) / GRID


def log_softmax(z):
    """The logarithm of the softmax along the last axis."""
    z = z - z.max(axis=-1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))


def split(flat, sizes):
    """Views of one vector as weight (outputs, inputs) and bias of every layer."""
    layers, start = [], 0
    for inputs, outputs in zip(sizes, sizes[1:]):
        end = start + inputs * outputs
        layers.append((flat[start:end].reshape(outputs, inputs), flat[end : end + outputs]))
        start = end + outputs
    return layers


def start_weights(sizes, spreads, seed):
    """All weights and biases in one vector: normal with the given spread per layer, biases 0."""
    rng = np.random.default_rng(seed)
    flat = np.zeros(sum((inputs + 1) * outputs for inputs, outputs in zip(sizes, sizes[1:])))
    for (W, _b), spread in zip(split(flat, sizes), spreads):
        W[:] = float(spread) * rng.standard_normal(W.shape)
    return on_grid(flat)


def activations(flat, sizes, x, bounded):
    """Input, hidden layers and logits; tanh after every hidden layer, and after the last one when `bounded`."""
    layers = [x]
    for depth, (W, b) in enumerate(split(flat, sizes), start=2):
        z = layers[-1] @ W.T + b
        layers.append(np.tanh(z) if bounded or depth < len(sizes) else z)
    return layers


def classifier_loss(flat, sizes, x, labels, bounded):
    """Mean negative log-likelihood of the labels, and its gradient by all weights as one vector."""
    layers, places = activations(flat, sizes, x, bounded), np.arange(len(labels))
    logs = log_softmax(layers[-1])
    d = np.exp(logs)
    d[places, labels] -= 1
    d /= len(labels)
    if bounded:
        d *= 1 - layers[-1] ** 2
    gradient = np.empty_like(flat)
    for depth, (W, _b), (dW, db) in reversed(list(zip(range(len(sizes)), split(flat, sizes), split(gradient, sizes)))):
        dW[:], db[:] = d.T @ layers[depth], d.sum(axis=0)
        if depth:
            d = (d @ W) * (1 - layers[depth] ** 2)
    return float(-logs[places, labels].mean()), gradient


def train_classifier(flat, sizes, data, lr, bounded, steps, batch):
    """Train with Adam (Kingma & Ba 2015, its default constants) on batches taken in order.

    `data` (x, labels). Returns the loss of every step's batch before the step, (steps,), and the trained weights.
    """
    x, labels = data
    m, v, losses = np.zeros_like(flat), np.zeros_like(flat), []
    for t in range(1, steps + 1):
        rows = slice((t - 1) * batch % len(labels), (t - 1) * batch % len(labels) + batch)
        loss, g = classifier_loss(flat, sizes, x[rows], labels[rows], bounded)
        losses.append(loss)
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g**2
        flat = on_grid(flat - float(lr) * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8))
    return np.array(losses), flat


def judged(flat, sizes, data, bounded):
    """Mean loss and accuracy of trained weights on `data` (x, labels)."""
    x, labels = data
    logs = log_softmax(activations(flat, sizes, x, bounded)[-1])
    return float(-logs[np.arange(len(labels)), labels].mean()), float((logs.argmax(axis=1) == labels).mean())


@dataclass(frozen=True)
class Training:
    """One training: the loss of every step's batch, and loss and accuracy on held-out data afterwards."""

    losses: np.ndarray
    loss: float
    accuracy: float


def trained(start, sizes, data, lr, bounded, steps, batch):
    """Train from the vector `start` on the first set of `data` and judge on the second; returns a `Training`."""
    losses, flat = train_classifier(start, sizes, data[0], lr, bounded, steps, batch)
    return Training(losses, *judged(flat, sizes, data[1], bounded))


def fault_runs(small, plan, sizes, sigma, lr, lr_usual, seed):
    """Five trainings of a small network: repaired, with a last tanh, a narrow start, a large step, and with all three.

    `small` its sizes; `plan` examples, held-out examples, batch and steps; `sizes`, `sigma` and `lr` of the network
    that it stands for: a narrow start shrinks the signal of each layer as `sigma` does there; `lr_usual` of the others.
    """
    key = [tuple(map(int, small)), tuple(map(int, plan)), tuple(map(int, sizes)), float(sigma), float(lr)]
    return _fault_runs(*key, float(lr_usual), int(seed))


@lru_cache(maxsize=4)
def _fault_runs(small, plan, sizes, sigma, lr, lr_usual, seed):
    examples, held_out, batch, steps = plan
    data = made_images(small[0], small[-1], examples, held_out, seed)
    good = start_weights(small, glorot_spreads(small), seed)
    narrow = start_weights(small, scaled_spreads(small, sigma, sizes), seed)
    cases = [
        (good, lr_usual, False),
        (good, lr_usual, True),
        (narrow, lr_usual, False),
        (good, lr, False),
        (narrow, lr, True),
    ]
    return [trained(start, small, data, rate, bounded, steps, batch) for start, rate, bounded in cases]


def fault_losses(small, plan, sizes, sigma, lr, lr_usual, seed):
    """The held-out losses of the five trainings of `fault_runs`."""
    return np.array([run.loss for run in fault_runs(small, plan, sizes, sigma, lr, lr_usual, seed)])


def fault_accuracies(small, plan, sizes, sigma, lr, lr_usual, seed):
    """The held-out accuracies of the five trainings of `fault_runs`."""
    return np.array([run.accuracy for run in fault_runs(small, plan, sizes, sigma, lr, lr_usual, seed)])


def mean_losses(training, size):
    """The training losses averaged over every `size` steps in a row."""
    return training.losses[: len(training.losses) // size * size].reshape(-1, size).mean(axis=1)
