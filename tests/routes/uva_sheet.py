"""Second routes for the cheat sheet of the UvA paper: minimization, quadrature, enumeration, other forms of a method."""

from __future__ import annotations

import math

import mpmath
import numpy as np
from routes import Formula, route
from scipy import integrate, stats
from scipy.optimize import brentq, minimize_scalar
from scipy.signal import lfilter
from scipy.spatial.distance import jensenshannon
from scipy.special import expit, logit

PAPER = "uva-dl1-2022-resit/cheatsheet-"


def lowest(function, start, end):
    """Where a function of one number is smallest."""
    return minimize_scalar(function, bounds=(start, end), method="bounded", options={"xatol": 1e-11}).x


@route(PAPER + "sgd")
def nearby_point_of_smallest_slope():
    """The step minimizes the linear model of the loss plus the squared length of the step over 2η."""
    return {"w_t": Formula(lambda w, g, eta: minimize_scalar(lambda u: g * u + (u - w) ** 2 / (2 * eta)).x)}


@route(PAPER + "momentum")
def heavy_ball_in_positions():
    """Polyak's form without a velocity: the last step goes on, β₁ times as long."""

    def position(w, eta, beta1, m, g):
        before = w + eta * m
        return w - eta * g + beta1 * (w - before)

    velocity = Formula(lambda beta1, m, g: 1 - position(1, 1, beta1, m, g))
    return {"m_t": velocity, "w_t": Formula(position)}


@route(PAPER + "adam")
def adam_as_filters():
    """The averages as recursive filters, the corrections as what is left of a filter that is fed with ones."""

    def mean(beta, value, state):
        return lfilter([1 - beta], [1, -beta], [value], zi=[beta * state])[0][0]

    def position(w, eta, beta1, m, g, t, beta2, v, epsilon):
        seen_1, seen_2 = (lfilter([1 - beta], [1, -beta], np.ones(t))[-1] for beta in (beta1, beta2))
        return w - eta * mean(beta1, g, m) / seen_1 / (math.sqrt(mean(beta2, g * g, v) / seen_2) + epsilon)

    return {"w_t": Formula(position, t=[1, 2, 5, 30])}


@route(PAPER + "sigmoid-derivative")
def slope_of_the_sigmoid():
    steepest = lowest(lambda x: -expit(x) * expit(-x), -3, 4)
    difference = float(mpmath.diff(lambda x: 1 / (1 + mpmath.exp(-x)), steepest))
    slope = Formula(lambda s: float(mpmath.diff(lambda x: 1 / (1 + mpmath.exp(-x)), logit(s))))
    return {"slope": slope, "largest": difference}


@route(PAPER + "tanh-derivative")
def slope_of_tanh():
    def slope(x):
        return float(mpmath.diff(mpmath.tanh, x))

    largest = max(slope(x) for x in np.linspace(-3, 3, 601))
    return {"slope": Formula(lambda h: slope(math.atanh(h))), "largest": round(largest, 8)}


@route(PAPER + "relu-derivative")
def slopes_from_the_left():
    """The sheet counts zero to the flat side, so every slope is taken from the left."""
    return {"slope": [round((max(x, 0) - max(x - 1e-6, 0)) / 1e-6, 6) for x in (-2, 0, 2)]}


@route(PAPER + "elu")
def slopes_of_elu():
    def elu(x, alpha):
        return x if x > 0 else alpha * mpmath.expm1(x)

    def slope(x, alpha, direction=0):
        return float(mpmath.diff(lambda z: elu(z, alpha), x, direction=direction))

    return {
        "right": Formula(lambda alpha, x: slope(x, alpha)),
        "left": Formula(lambda alpha, x: slope(x, alpha), x=(-3, -0.1)),
        "jump": Formula(lambda alpha: slope(0, alpha, 1) - slope(0, alpha, -1)),
    }


def half_width(variance):
    """Of the interval around 0 on which a uniform variable has this variance."""
    return brentq(lambda a: stats.uniform(-a, 2 * a).var() - variance, 1e-9, 1e3, xtol=1e-14)


def xavier(d_x, d_y):
    """The variance at which what the signal gains and what the gradient gains average to 1."""
    return brentq(lambda V: (d_x * V + d_y * V) / 2 - 1, 0, 1e3, xtol=1e-14)


def kaiming(d_x):
    """The variance at which the mean square after ReLU and layer is the variance before; by quadrature."""
    kept = integrate.quad(lambda z: z**2 * stats.norm.pdf(z), 0, 40)[0]  # of a standard normal variable's square
    return brentq(lambda V: d_x * V * kept - 1, 0, 1e3, xtol=1e-14)


@route(PAPER + "xavier-normal")
def xavier_by_balance():
    return {"variance": Formula(xavier)}


@route(PAPER + "xavier-uniform")
def xavier_interval_of_scipy():
    return {"a": Formula(lambda d_x, d_y: half_width(xavier(d_x, d_y)))}


@route(PAPER + "kaiming-normal")
def kaiming_by_quadrature():
    return {"variance": Formula(kaiming)}


@route(PAPER + "kaiming-uniform")
def kaiming_interval_of_scipy():
    return {"a": Formula(lambda d_x: half_width(kaiming(d_x)))}


def coin(mu, V):
    """Two equally likely values with this mean and variance."""
    return mu + np.sqrt(V) * np.array([1, -1])


@route(PAPER + "variance-sum")
def sum_of_two_coins():
    return {"V_sum": Formula(lambda V_X, V_Y: np.add.outer(coin(0.3, V_X), coin(-2, V_Y)).var())}


@route(PAPER + "variance-product")
def product_of_two_coins():
    product = Formula(lambda mu_X, V_X, mu_Y, V_Y: np.outer(coin(mu_X, V_X), coin(mu_Y, V_Y)).var())
    return {"by_variances": product, "by_moments": product}


@route(PAPER + "elbo")
def bound_by_entropies():
    evidence = np.dot([0.5, 0.5], [0.8, 0.2])
    posterior = np.array([0.4, 0.1]) / evidence
    gap = stats.entropy([0.6, 0.4], posterior)
    tried = [np.log(evidence) - stats.entropy([k / 100, 1 - k / 100], posterior) for k in range(1, 100)]
    broken = sum(1 for bound in tried if bound > np.log(evidence) + 1e-12)
    return {"ELBO": np.log(evidence) - gap, "log_evidence": np.log(evidence), "gap": gap, "broken": broken}


@route(PAPER + "kl")
def divergence_of_scipy():
    q, p = [1 / 2, 1 / 8, 1 / 8, 1 / 8, 1 / 8], [1 / 16, 1 / 16, 1 / 8, 1 / 4, 1 / 2]
    still, moved = stats.norm(0, 1), stats.norm(1, 1)
    integral = integrate.quad(lambda x: still.pdf(x) * (still.logpdf(x) - moved.logpdf(x)), -12, 12)[0]
    return {"KL": stats.entropy(q, p, base=2), "KL_reverse": stats.entropy(p, q, base=2), "integral": integral}


@route(PAPER + "gan-value")
def best_discriminator_by_search():
    p_data, noise, made = [0.5, 0.3, 0.2], [0.25] * 4, [0, 1, 2, 2]
    p_g = np.bincount(made, weights=noise)

    def best(p, q):
        return lowest(lambda d: -p * math.log(d) - q * math.log(1 - d), 1e-9, 1 - 1e-9)

    def value(p, q):
        found = [best(a, b) for a, b in zip(p, q)]
        return np.dot(p, np.log(found)) + np.dot(q, np.log1p(np.negative(found)))

    D = [best(a, b) for a, b in zip(p_data, p_g)]
    over_noise = sum(p * math.log(1 - D[x]) for p, x in zip(noise, made)) + sum(
        p * math.log(d) for p, d in zip(p_data, D)
    )
    by_divergence = 2 * jensenshannon(p_data, p_g) ** 2 - math.log(4)
    return {"V": value(p_data, p_g), "V_noise": over_noise, "V_JSD": by_divergence, "V_learned": value(p_data, p_data)}


@route(PAPER + "batchnorm-mean")
def centre_of_smallest_squares():
    return {"mu": Formula(lambda S, m: minimize_scalar(lambda mu: m * mu**2 - 2 * S * mu).x)}


def likeliest_variance(Q, m):
    """The variance of the normal density under which m deviations with the sum of squares Q are likeliest."""
    return math.exp(minimize_scalar(lambda u: m * u + Q * math.exp(-u), bracket=(-2, 2), tol=1e-12).x)


@route(PAPER + "batchnorm-variance")
def variance_of_the_largest_likelihood():
    return {"V": Formula(likeliest_variance), "sigma": Formula(lambda Q, m: likeliest_variance(Q, m) ** 0.5)}


@route(PAPER + "batchnorm-normalize")
def normalized_by_solving():
    """How many hypotenuses of √V and √ε fit into the distance from the mean."""
    return {
        "x_hat": Formula(
            lambda x, mu, V, eps: brentq(lambda t: t * math.hypot(V**0.5, eps**0.5) + mu - x, -99, 99, xtol=1e-14)
        )
    }


@route(PAPER + "batchnorm-affine")
def line_through_two_points():
    """Scale and shift: the line through (0, β) and (1, γ + β)."""
    return {
        "y": Formula(lambda gamma, x_hat, beta: np.polynomial.Polynomial.fit([0, 1], [beta, gamma + beta], 1)(x_hat))
    }
