"""Second routes for the questions of the UvA paper: counting, differences, simulation, eigenvalues."""

from __future__ import annotations

import math
from itertools import combinations_with_replacement

import mpmath
import numpy as np
from routes import Formula, Near, route
from scipy.optimize import minimize_scalar

PAPER = "uva-dl1-2022-resit/"
SIZES = [1, 2, 3, 4, 6]


def monomials(inputs):
    """How many products of at most two inputs there are: pairs of inputs, one more of which stands for 1."""
    return len(list(combinations_with_replacement(range(inputs + 1), 2)))


@route(PAPER + "2e")
def parameters_by_enumeration():
    return {
        "one_layer": Formula(lambda N, M: N * monomials(M), N=SIZES, M=SIZES),
        "two_layers": Formula(lambda H, M, N: H * monomials(M) + N * monomials(H), N=SIZES, M=SIZES, H=SIZES),
    }


def slope_of_the_layer(variable):
    """The derivative of g · y by one number, by differences; what the key does not name is fixed."""

    def by_differences(g, b_1, lamda, A_11, A_12, x_1, x_2):
        def loss(x, b, c):
            vector, matrix = (x, x_2), ((A_11, A_12), (A_12, 0.7))
            form = sum(matrix[i][j] * vector[i] * vector[j] for i in (0, 1) for j in (0, 1))
            return g * (lamda * form + b * x + 0.4 * x_2 + c)

        return float(mpmath.diff(loss, (x_1, b_1, 0.2), variable))

    return Formula(by_differences)


@route(PAPER + "2g-given")
def gradients_by_differences():
    return {"dL_dx1": slope_of_the_layer((1, 0, 0)), "dL_db1": slope_of_the_layer((0, 1, 0)),
            "dL_dc": slope_of_the_layer((0, 0, 1))}  # fmt: skip


class Layer:
    """An encoder layer of random linear maps on random tokens, simulated in columns, (features, tokens)."""

    def __init__(self, features=400, tokens=300, seed=5):
        generator = np.random.default_rng(seed)
        self.x, self.g = generator.normal(size=(2, features, tokens))
        self.maps = generator.normal(scale=features**-0.5, size=(2, features, features))

    def forward(self, behind):
        """The output, and the standard deviations that the two LayerNorms divide by; they stand behind the sums or before the maps."""
        flow, deviations = self.x, []
        for W in self.maps:
            inner = flow + W @ flow if behind else flow
            deviations.append(inner.std(axis=0))
            normal = (inner - inner.mean(axis=0)) / deviations[-1]
            flow = normal if behind else flow + W @ normal
        return flow, deviations

    def backward(self, behind):
        """The gradient by the input from the random gradient by the output, the deviations held fixed and the means ignored."""
        flow = self.g
        for W, deviation in zip(self.maps[::-1], self.forward(behind)[1][::-1]):
            flow = (flow + W.T @ flow) / deviation if behind else flow + W.T @ flow / deviation
        return flow


def simulated(values):
    """Mean and variance; chance is of the order of one percent of the variance, and of the root of it over the number of tokens."""
    return {"mean": Near(float(values.mean()), 0.02), "variance": Near(float(values.var()), 0.06 * float(values.var()))}


@route(PAPER + "6a")
def post_norm_forward_simulated():
    return simulated(Layer().forward(behind=True)[0])


@route(PAPER + "6b")
def pre_norm_forward_simulated():
    return simulated(Layer().forward(behind=False)[0])


@route(PAPER + "6c")
def post_norm_backward_simulated():
    return simulated(Layer().backward(behind=True))


@route(PAPER + "6d")
def pre_norm_backward_simulated():
    return simulated(Layer().backward(behind=False))


def random_matrix(generator):
    """Symmetric, 3 × 3; a matrix so that * multiplies matrices, as in the key."""
    rows = [[generator.uniform(-1, 1) for _ in range(3)] for _ in range(3)]
    return np.asmatrix(rows) + np.asmatrix(rows).T


def random_column(generator):
    return np.asmatrix([[generator.uniform(-1, 1)] for _ in range(3)])


@route(PAPER + "9a")
def step_along_differences():
    def stepped(x, lr, A):
        def form(point):
            return (point.T * A * point)[0, 0] / 2

        slopes = [(form(x + unit.T) - form(x - unit.T)) / 2 for unit in np.asmatrix(np.eye(3))]  # exact for a parabola
        return x - lr * np.asmatrix(slopes).T

    return {"x_1": Formula(stepped, x=random_column, A=random_matrix)}


def rate(lr, eigenvalues):
    """The largest factor by which a step of gradient descent multiplies an error: a spectral radius."""
    return abs(np.linalg.eigvals(np.eye(len(eigenvalues)) - lr * np.diag(eigenvalues))).max()


def best_rate(eigenvalues):
    """The learning rate of the smallest rate, and that rate, by search."""
    top = 2 / max(eigenvalues)
    found = minimize_scalar(
        lambda lr: rate(lr, eigenvalues), bounds=(0, top), method="bounded", options={"xatol": 1e-12}
    )
    return found.x, found.fun


@route(PAPER + "9c")
def learning_rate_by_search():
    return {
        "lr_star": Formula(lambda lambda_min, lambda_max: best_rate([lambda_min, lambda_max])[0], lambda_max=(1, 3))
    }


@route(PAPER + "9d")
def rate_by_search():
    return {"rho_kappa": Formula(lambda kappa: best_rate([0.5, 0.5 * kappa])[1], kappa=(1.5, 9))}


@route(PAPER + "9e")
def ratio_of_spectral_radii():
    """Steps are counted by the logarithm of the rate; that of momentum is a radius of the step's matrix, at Polyak's constants."""
    lr, beta = 4 / (1 + 2) ** 2, ((2 - 1) / (2 + 1)) ** 2
    steps = [np.array([[1 + beta - lr * eigenvalue, -beta], [1, 0]]) for eigenvalue in np.linspace(1, 4, 31)]
    momentum = max(abs(np.linalg.eigvals(step)).max() for step in steps)
    return {"ratio": math.log(best_rate([1, 4])[1]) / math.log(momentum)}
