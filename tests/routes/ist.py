"""Second routes for the paper of IST Lisbon: scipy and numpy, gradients by differences."""

from __future__ import annotations

import mpmath
import numpy as np
from routes import route
from scipy.signal import convolve2d, correlate2d
from scipy.special import softmax

W_Y = np.array([[0, -1], [1, 0], [2, -1]])
AUTHORS = ("Mark Twain", "Albert Einstein", "GPT-3")


@route("ist-dl-2022-final-a/part3-p1-1")
def shapes_of_arrays():
    image, kernel, hidden = np.zeros((3, 3)), np.zeros((2, 2)), np.zeros((4, 9))
    z = correlate2d(image, kernel, "valid")
    column = image.reshape(-1, 1)
    return {
        "x_conv": image.shape, "z_1_conv": z.shape, "h_1_conv": np.maximum(z, 0).shape,
        "z_out_conv": (np.zeros((1, z.size)) @ z.reshape(-1, 1)).size, "N_1_conv": kernel.size + 1, "N_out_conv": z.size + 1,
        "x_full": column.shape, "z_1_full": (hidden @ column).shape, "h_1_full": np.maximum(hidden @ column, 0).shape,
        "z_out_full": (np.zeros((1, 4)) @ hidden @ column).size, "N_1_full": hidden.size + len(hidden), "N_out_full": 4 + 1,
    }  # fmt: skip


@route("ist-dl-2022-final-a/part3-p1-2")
def network_in_scipy():
    x, K = np.eye(3) + np.fliplr(np.eye(3)) - np.diag([0, 1, 0]), np.array([[-1, -2], [1, 2]])
    z = convolve2d(x, K[::-1, ::-1], "valid")
    h = np.where(z > 0, z, 0)
    return {"z_1": z, "h_1": h, "z_out": float(np.dot([1, 2, 3, 4], h.flatten("F")) - 5)}


@route("ist-dl-2022-final-a/part3-p1-3")
def step_along_numerical_gradients():
    def loss(*parameters):
        z = mpmath.fdot(parameters, [1, 0, 0, 1, 1])  # the last input belongs to the bias
        return mpmath.log(1 + mpmath.exp(-z))  # the loss of a positive example

    start = (1, 2, 3, 4, -5)
    new = [w - float(mpmath.diff(loss, start, tuple(row))) for w, row in zip(start, np.eye(5, dtype=int).tolist())]
    return {"w_new": new[:4], "b_new": new[4]}


@route("ist-dl-2022-final-a/part3-p2-1")
def recurrence_in_numpy():
    h = np.zeros(2)
    for x in ([0, 1, 1], [1, 0, -1], [0, -1, 0]):
        h = np.clip(np.dot([[0, -1, 2], [1, -2, 0]], x) + h, 0, None)
    return {"h_3": h, "z": W_Y @ h, "author": AUTHORS[softmax(W_Y @ h).argmax()]}


@route("ist-dl-2022-final-a/part3-p2-2")
def attention_of_scipy():
    S = np.array([[1, 0], [0, 1], [1, 3]])
    p = softmax(np.einsum("td,d->t", S, [2, -1]) * 2**-0.5)
    c = np.average(S, axis=0, weights=p)
    best = AUTHORS[np.einsum("kd,d->k", W_Y, c).argmax()]
    return {"p": p, "c": c, "z": W_Y @ c, "word": ("AI", "is", "conscious")[p.argmax()], "author": best}
