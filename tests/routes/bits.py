"""Second routes for the papers of BITS Pilani: counting, brute force, finite differences, scipy."""

from __future__ import annotations

from itertools import product

import mpmath
import numpy as np
from routes import Formula, route
from scipy.optimize import minimize_scalar
from scipy.signal import correlate2d
from scipy.spatial.distance import jensenshannon
from scipy.special import expit


def windows(size, window, step=1):
    """How many places a window has along a line, by walking along it."""
    return sum(1 for start in range(0, size, step) if start + window <= size)


def unknowns(*shapes):
    """How many numbers arrays of these shapes hold."""
    return sum(np.empty(shape).size for shape in shapes)


@route("bits-dl-exam-jsd/q6a")
def divergence_of_scipy():
    P, Q = [0, 0, 0.2, 0.3, 0.1, 0.4], [0.3, 0.1, 0.2, 0.1, 0.3, 0]
    return {f"JSD_{name}": jensenshannon(P, Q, base) ** 2 for name, base in (("10", 10), ("e", np.e), ("2", 2))}


@route("bits-dnn-2022s2-endsem/1a")
def shapes_by_walking():
    first = windows(256, 5)
    second = windows(first, 5)
    pooled = windows(second, 2, step=2)
    return {"conv_1": [first, first, 64], "conv_2": [second, second, 128], "pool": [pooled, pooled, 128]}


@route("bits-dnn-2022s2-endsem/1c")
def weights_one_by_one():
    return {"N": sum(1 for _ in product(range(128), range(64), range(5), range(5))) + 128}


@route("bits-dnn-2022s2-endsem/1e")
def filter_row_by_least_squares():
    image = np.array([[3, 0, 3, -3, 0], [-3, 2, 0, 3, -2], [-5, 0, 3, -2, 0]])
    known = np.array([[0, 0, 0], [1, 0, 2], [-1, 1, 0]])

    def seen(kernel):
        return correlate2d(image, kernel, "valid")[0]

    units = [np.vstack([row, np.zeros((2, 3))]) for row in np.eye(3)]
    row = np.linalg.lstsq(np.array([seen(unit) for unit in units]).T, [4, 0, -3] - seen(known), rcond=None)[0]
    return dict(zip("xyz", map(float, row)))


@route("bits-dnn-2022s2-endsem/2a")
def recurrent_weights_as_arrays():
    def lstm(inputs, cell, hidden):
        return unknowns(*[(cell, inputs), (cell, hidden), (cell,)] * 4)

    return {
        "N_projected": lstm(4, 8, 3) + unknowns((3, 8), (1, 3), (1,)),
        "N_hidden": lstm(4, 3, 3) + unknowns((1, 3), (1,)),
        "N_cell": lstm(4, 8, 8) + unknowns((1, 8), (1,)),
    }


@route("bits-dnn-2022s2-endsem/2b")
def recurrent_step_in_numpy():
    everything = np.array([0.5, 0.6, 0.3, 0.4, 1])  # inputs, state, and the 1 of the bias
    h = np.tanh(np.full((2, 5), 0.2) @ everything)
    return {"h_t": h, "y_hat": expit(np.full(3, 0.2) @ [*h, 1])}


@route("bits-dnn-2022s2-endsem/3a")
def convolution_weights_as_arrays():
    flat = len(np.convolve(np.zeros(100), np.zeros(3), "valid")) * 64
    return {
        "trainable": unknowns((64, 1, 3), (64,), (64,), (64,), (128, flat), (128,)),
        "fixed": unknowns((64,), (64,)),
    }


@route("bits-dnn-2022s2-endsem/3b")
def layers_as_arrays():
    sizes = [50, 64, 128, 256, 1]
    return {"total": unknowns(*[(m, n) for m, n in zip(sizes, sizes[1:])], *[(n,) for n in sizes[1:]])}


@route("bits-dnn-2022s2-endsem/3c")
def hidden_size_by_trying():
    (H,) = [H for H in range(1, 100) if unknowns(*[(H, 3), (H, H), (H,)] * 4) == 180]
    return {"H": H}


@route("bits-dnn-2022s2-endsem/4a")
def adam_with_numerical_gradients():
    def loss(w, b):
        p = 1 / (1 + mpmath.exp(-(w * 3.5 + b)))
        return -(mpmath.log(p) + mpmath.log(1 - p)) / 2  # the target is one half

    found = {}
    for name, partial in (("w", (1, 0)), ("b", (0, 1))):
        g = mpmath.diff(loss, (-2, -2), partial)
        found[f"m_{name}"], found[f"v_{name}"] = float(g - 0.9 * g), float(g**2 - 0.99 * g**2)
        found[name] = float(-2 - 0.1 * g / (abs(g) + 1e-8))  # at the first step both corrections give back g and g²
    return found


@route("bits-dnn-2022s2-endsem/4b")
def neuron_in_numpy():
    x, v = np.array([0.65, 0.75, 1]), np.array([0.3, 0.5, 1.75])
    bound = minimize_scalar(lambda z: (expit(z) - 2.5) ** 2 / 2, bounds=(-60, 60), method="bounded").fun
    stepped = v - 2 * (v @ x - 2.5) * x
    return {
        "y_hat": expit(v @ x), "loss": (expit(v @ x) - 2.5) ** 2 / 2, "best": float(bound),
        "factor": (stepped @ x - 2.5) / (v @ x - 2.5),
    }  # fmt: skip


def surface(x, y):
    return x**4 - 32 * x**2 + y**4 - 18 * y**2


def second(place):
    """A second derivative as a function of the point, by differences."""
    return Formula(lambda x, y: float(mpmath.diff(surface, (x, y), place)))


def kind_by_looking_around(x, y):
    around = [surface(x + 1e-3 * np.cos(a), y + 1e-3 * np.sin(a)) - surface(x, y) for a in np.linspace(0, 6.28, 50)]
    return "local maximum" if max(around) < 0 else "local minimum" if min(around) > 0 else "saddle point"


@route("bits-dnn-2022s2-midsem-makeup/5b")
def hessian_by_differences():
    places = [[(2, 0), (1, 1)], [(1, 1), (0, 2)]]

    def at(x, y):
        return [[round(float(mpmath.diff(surface, (x, y), place)), 8) for place in row] for row in places]

    return {
        "hessian": [[second(place) for place in row] for row in places], "H_origin": at(0, 0), "H_other": at(4, 3),
        "origin": kind_by_looking_around(0, 0), "other": kind_by_looking_around(4, 3),
    }  # fmt: skip
