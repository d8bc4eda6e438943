# ---
# jupyter:
#   description: "The convergence rate of gradient descent and momentum, measured against learning rate and condition number and compared with the derived law."
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # How fast, measured and predicted
#
# The exams derive the best learning rate of gradient descent on a quadratic and the rate $\rho = (\kappa - 1) / (\kappa + 1)$ that it gives.
# Here both are measured: how fast a run shrinks its error for every learning rate, and how many steps it needs as the condition
# number $\kappa$ grows.

# %%
import math

import numpy as np
from matplotlib import pyplot as plt

from solvers.convergence import (
    gradient_descent_steps,
    momentum_steps,
    quadratic_rate,
    step_ratio,
)
from solvers.site.labs import Lab

lab = Lab("convergence")

# %% [markdown]
# ## The rate against the learning rate
#
# A step multiplies the error by $1 - \eta\lambda$ along each eigenvector, and the worst direction decides:
# $\rho(\eta) = \max(|1 - \eta\lambda_{\min}|, |1 - \eta\lambda_{\max}|)$. To measure it, run gradient descent on a dense symmetric matrix,
# not on a diagonal one, from a random point, and compare two late distances.

# %%
eigenvalues = np.array([1.0, 2.0, 5.0, 10.0])
basis, _ = np.linalg.qr(np.random.default_rng(1).normal(size=(4, 4)))
A = basis @ np.diag(eigenvalues) @ basis.T


def measured_rate(lr, steps=200, late=100):
    """The factor per step late in a run; rescaled on the way, so that nothing overflows."""
    x, log_factor = np.random.default_rng(2).normal(size=4), 0.0
    for step in range(steps):
        x = x - lr * A @ x
        size = np.linalg.norm(x)
        x, log_factor = x / size, log_factor + math.log(size) * (step >= late)
    return math.exp(log_factor / (steps - late))


def predicted_rate(lr):
    return abs(float(quadratic_rate(float(lr), eigenvalues[0], eigenvalues[-1])))


# %%
chosen = [0.05, 0.1, 0.15, 0.18, 0.19, 0.21]
lab.hold(
    "Rate per step; above one the run diverges",
    learning_rate=chosen,
    measured=[measured_rate(lr) for lr in chosen],
    predicted=[predicted_rate(lr) for lr in chosen],
)

# %%
best = 2 / (eigenvalues[0] + eigenvalues[-1])
condition = eigenvalues[-1] / eigenvalues[0]
lab.hold(
    "The best learning rate, and the one above which nothing converges",
    best_learning_rate=best,
    measured_at_the_best=measured_rate(best, steps=2000, late=1000),
    law_at_the_best=(condition - 1) / (condition + 1),
    last_learning_rate=2 / eigenvalues[-1],
)

# %%
fig, ax = plt.subplots()
rates = np.linspace(0.005, 0.215, 85)
ax.plot(rates, [predicted_rate(lr) for lr in rates], label="predicted")
dots = rates[4::8]
ax.plot(dots, [measured_rate(lr) for lr in dots], "o", color="C1", label="measured")
ax.axhline(1, color="C5", linewidth=1, linestyle=":")
ax.set(xlabel="learning rate η", ylabel="factor per step ρ")
ax.legend()
lab.figure(
    fig,
    "The factor per step against the learning rate: it falls on a straight line to {law_at_the_best} at the best learning rate "
    "{best_learning_rate}, then rises ten times as steeply and passes one at {last_learning_rate}. Measured dots lie on the predicted line.",
)

# %% [markdown]
# The two straight pieces are the flattest and the steepest direction. Left of the corner the flattest one is too slow, right of it the steepest
# one swings too far: a little too large a learning rate costs far more than one that is a little too small.

# %% [markdown]
# ## Steps against the condition number
#
# At the best settings gradient descent needs about $\frac{1}{2} \kappa \ln(1/\delta)$ steps for an error $\delta$ and momentum about
# $\frac{1}{2} \sqrt{\kappa} \ln(1/\delta)$. The solvers count the steps of real runs.

# %%
kappas = [10, 30, 100, 300, 1000]
delta = 1e-6
plain = [int(gradient_descent_steps(kappa, [delta])[0]) for kappa in kappas]
heavy = [int(momentum_steps(kappa, [delta])[0]) for kappa in kappas]
lab.hold(
    "Steps until the error is a millionth of the first one",
    condition_number=kappas,
    gradient_descent=plain,
    momentum=heavy,
    ratio=[m / g for g, m in zip(plain, heavy)],
    predicted_ratio=[float(step_ratio(kappa)) for kappa in kappas],
)

# %%
slope = np.polynomial.polynomial.polyfit
logs = np.log(kappas)
lab.hold(
    "Exponents: the slopes in a doubly logarithmic plot",
    exponent_of_gradient_descent=slope(logs, np.log(plain), 1)[1],
    exponent_of_momentum=slope(logs, np.log(heavy), 1)[1],
)

# %%
fig, ax = plt.subplots()
ax.loglog(kappas, plain, marker="o", label="gradient descent")
ax.loglog(kappas, heavy, marker="s", label="momentum")
ax.set(xlabel="condition number κ", ylabel="steps", xticks=kappas, xticklabels=map(str, kappas), yticks=[10, 100, 1000],
       yticklabels=["10", "100", "1000"])  # fmt: skip
ax.minorticks_off()
ax.legend()
lab.figure(
    fig,
    "Steps against the condition number, both axes logarithmic: two straight lines. At condition number {condition_number[4]} gradient "
    "descent needs {gradient_descent[4]} steps and momentum {momentum[4]}; the slopes are {exponent_of_gradient_descent} and "
    "{exponent_of_momentum}.",
)

# %% [markdown]
# ## Why momentum is a little late
#
# Momentum needs more steps than the ratio of the rates predicts. At Polyak's constants [@polyak1964] the two roots of its recursion coincide along the
# extreme eigenvectors, so the error is not $\rho^n$ but $(a + b n) \rho^n$: the factor $n$ costs a few more steps. Divide the steps by those
# that $\rho^n$ alone would need, and the excess fades as $\delta$ becomes smaller.

# %%
kappa = 100
deltas = [1e-3, 1e-6, 1e-12, 1e-24, 1e-48]
rate = (math.sqrt(kappa) - 1) / (math.sqrt(kappa) + 1)
counted = [int(steps) for steps in momentum_steps(kappa, deltas)]
lab.hold(
    "Steps of momentum by the error that is asked for",
    digits_of_the_error=[round(-math.log10(delta)) for delta in deltas],
    counted=counted,
    by_the_rate_alone=[math.log(delta) / math.log(rate) for delta in deltas],
    excess=[steps * math.log(rate) / math.log(delta) for steps, delta in zip(counted, deltas)],
)

# %% [markdown]
# !!! note "What to take along"
#     A rate is a statement about late steps. The root in $\sqrt{\kappa}$ is real and visible after a handful of steps; the constant in front of
#     it is not what the rate alone says.
