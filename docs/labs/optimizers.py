# ---
# jupyter:
#   description: "Gradient descent, momentum and Adam on one ill-conditioned bowl, and what happens to each when the bowl is turned."
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
# # Three optimizers on one bowl
#
# An exam asks for one or two updates by hand. Here the same updates run until they arrive, on the smallest problem that tells the three
# methods apart: a quadratic bowl $f(x) = \frac{1}{2} x^\top A x$ that is much steeper along one axis than along the other. Its minimum
# is the origin, so the distance to the origin is the error.

# %%
import math

import numpy as np
from matplotlib import pyplot as plt

from solvers.convergence import gradient_descent_steps, momentum_steps, quadratic_rate
from solvers.optimizers import adam
from solvers.site.labs import Lab

lab = Lab("optimizers")
flat, steep = 1, 50  # the eigenvalues of A
bowl, start = np.diag([flat, steep]), np.array([1.0, 1.0])
error, limit = 1e-3, 1000  # run until the distance is this part of the first one
lab.hold("The bowl", condition_number=steep // flat)


# %% [markdown]
# ## The three methods
#
# Gradient descent steps against the gradient. Momentum (the heavy ball) adds a part of its last step [@polyak1964]. Adam is the solver of
# this site [@kingma2015, Algorithm 1], called once per step: it divides each coordinate of the averaged gradient by the root of its
# averaged square.


# %%
def gradient_descent(A, x):
    lr = 2 / (flat + steep)  # the best one for these eigenvalues
    for _ in range(limit):
        x = x - lr * A @ x
        yield x


def momentum(A, x):
    low, high = math.sqrt(flat), math.sqrt(steep)
    lr, beta = 4 / (high + low) ** 2, ((high - low) / (high + low)) ** 2  # the best pair
    before = x
    for _ in range(limit):
        x, before = x - lr * A @ x + beta * (x - before), x
        yield x


def adam_run(A, x, lr=0.1, beta1=0.9, beta2=0.999, eps=1e-8):
    m = v = np.zeros(2)
    for t in range(1, limit + 1):
        g = A @ x
        x = adam(x, g, lr, beta1, beta2, eps, m, v, t).astype(float)
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
        yield x


def path(method, A, x):
    """Every point from the start until the distance is small enough."""
    points, small = [x], error * np.linalg.norm(x)
    for point in method(A, x):
        points.append(point)
        if np.linalg.norm(point) <= small:
            return np.array(points)
    raise ValueError("it did not arrive")


# %%
methods = {"gradient descent": gradient_descent, "momentum": momentum, "Adam": adam_run}
paths = {name: path(method, bowl, start) for name, method in methods.items()}
steps = {name: len(points) - 1 for name, points in paths.items()}
lab.hold(
    "Steps until the distance is a thousandth of the first one",
    gradient_descent=steps["gradient descent"],
    momentum=steps["momentum"],
    Adam=steps["Adam"],
)

# %%
fig, ax = plt.subplots()
for name, points in paths.items():
    ax.semilogy(np.linalg.norm(points, axis=1) / np.linalg.norm(start), label=name)
ax.set(xlabel="step", ylabel="distance / first distance")
ax.legend()
lab.figure(
    fig,
    "Distance to the minimum against steps, on a logarithmic scale. Gradient descent falls on a straight line and arrives after "
    "{gradient_descent} steps, momentum after {momentum}, Adam after {Adam} with a dip and a rise on the way.",
)

# %% [markdown]
# ## What the theory says
#
# Along an eigenvector with eigenvalue $\lambda$ a step of gradient descent multiplies the error by $1 - \eta\lambda$. At the best learning
# rate the two factors have the same size $\rho$ and opposite signs, so the distance is exactly $\rho^n$ times the first one, and the
# number of steps follows from a logarithm. The counts of momentum and of gradient descent also come from the solvers that the exam pages use.

# %%
rho = quadratic_rate(2 / (flat + steep), flat, steep)
lab.hold(
    "Predicted, and counted by the solvers",
    rho=abs(rho),
    predicted_gradient_descent=math.ceil(math.log(error) / math.log(abs(rho))),
    counted_gradient_descent=gradient_descent_steps(steep / flat, [error])[0],
    counted_momentum=momentum_steps(steep / flat, [error])[0],
)

# %% [markdown]
# ## Turn the bowl
#
# Adam looks like the safe choice: no eigenvalue enters its settings. But each coordinate is scaled by itself, and above the coordinates
# *are* the eigenvectors: whatever the sizes of the gradients, the first step is the learning rate in each of them. Turn the bowl and the
# starting point by an eighth of a circle. Nothing changes but the coordinates in which the same problem is written.

# %%
angle = math.pi / 4
turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
turned = {name: path(method, turn @ bowl @ turn.T, turn @ start) for name, method in methods.items()}
lab.hold("The first step of Adam", first_step=paths["Adam"][1] - start)
lab.hold(
    "Steps in the turned bowl",
    turned_gradient_descent=len(turned["gradient descent"]) - 1,
    turned_momentum=len(turned["momentum"]) - 1,
    turned_Adam=len(turned["Adam"]) - 1,
)

# %%
fig, axes = plt.subplots(2, 3, figsize=(5.2, 4), sharex=True, sharey=True)
circle = np.linspace(0, 2 * math.pi, 60)
for row, (title, basis, runs) in enumerate((("as it was", np.eye(2), paths), ("turned", turn, turned))):
    for column, (name, points) in enumerate(runs.items()):
        ax = axes[row, column]
        for level in (0.2, 1.2, 4):
            axis = np.sqrt(2 * level / np.array([flat, steep]))
            ax.plot(
                *(basis @ (axis[:, None] * [np.cos(circle), np.sin(circle)])),
                "C5-",
                linewidth=0.5,
            )
        ax.plot(*points[:40].T, color=f"C{column}", linestyle="-", linewidth=1)
        ax.plot(*points[0], "o", color=f"C{column}")
        ax.set(xlim=(-1.8, 1.8), ylim=(-2.2, 2.2), xticks=[-1, 0, 1], yticks=[-2, -1, 0, 1, 2])
        if row == 0:
            ax.set_title(name)
    axes[row, 0].set_ylabel(title)
lab.figure(
    fig,
    "The first forty steps in the plane, over rings of equal height, in a panel for each method and bowl. In the bowl as it was Adam "
    "walks straight to the minimum along the diagonal and needs {Adam} steps; in the turned bowl it swings across the valley and needs "
    "{turned_Adam}. Gradient descent zigzags in both and needs {turned_gradient_descent}, momentum {turned_momentum}.",
)

# %% [markdown]
# !!! note "What to take along"
#     Gradient descent and momentum do not know which coordinates they work in: their counts are the same in both bowls. Adam does. Its
#     good result above was owed to a bowl that happened to stand along the axes.
