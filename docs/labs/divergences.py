# ---
# jupyter:
#   description: "Two bumps move apart: the Kullback–Leibler divergence grows without bound, the Jensen–Shannon divergence saturates at one bit."
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
# # Two bumps part
#
# The exam computes the Jensen–Shannon divergence of two given distributions. Here two bumps of the same shape move apart, and both
# divergences follow the distance $d$ between them: one tells how far, the other soon only that they have parted.

# %%
import math

import numpy as np
from matplotlib import pyplot as plt

from solvers.divergences import jensen_shannon, kl_is_finite, log_ratio, weighted
from solvers.site.labs import Lab

lab = Lab("divergences")
grid = np.linspace(-9, 15, 481)


def bump(center):
    """A normal distribution with variance one on the grid, as probabilities."""
    density = np.exp(-((grid - center) ** 2) / 2)
    return density / density.sum()


def kl(P, Q):
    return float(sum(weighted(P, log_ratio(P, Q, "e"))))


def js(P, Q):
    return float(jensen_shannon(P, Q, 2))


# %%
distances = np.array([0.5, 1, 2, 3, 4, 6])
still = bump(0)
lab.hold(
    "Divergences by distance",
    distance=distances,
    KL_in_nats=[kl(still, bump(d)) for d in distances],
    half_the_square=distances**2 / 2,
    JS_in_bits=[js(still, bump(d)) for d in distances],
)

# %% [markdown]
# ## Why half the square
#
# For two normal densities with variance one, $\ln p(x)/q(x) = \frac{1}{2}(x - d)^2 - \frac{1}{2}x^2 = \frac{1}{2} d^2 - x d$. Its mean under $p$,
# where $x$ has mean zero, is $\text{KL} = \frac{1}{2} d^2$ nats. The grid of probabilities gives the same to all digits shown.
#
# The Jensen–Shannon divergence [@lin1991] compares each bump with their mean $m$. While $d$ is small, it grows like a quarter of that,
# $\frac{1}{8} d^2$ nats. Far apart, $m$ is half of $p$ wherever $p$ lives: each logarithm is $\ln 2$, which is one bit.

# %%
near, far = 0.1, 8.0
lab.hold(
    "The two ends of the curve",
    near_distance=near,
    JS_near=js(still, bump(near)),
    eighth_of_the_square_in_bits=near**2 / 8 / math.log(2),
    far_distance=far,
    JS_far=js(still, bump(far)),
    JS_far_in_nats=js(still, bump(far)) * math.log(2),
)

# %%
fig, axes = plt.subplots(1, 2, figsize=(5.2, 2.8))
many = np.linspace(0.125, 6, 48)
axes[0].semilogy(many, [kl(still, bump(d)) for d in many], label="KL in nats")
axes[0].semilogy(many, [js(still, bump(d)) for d in many], label="JS in bits")
axes[0].set(xlabel="distance d", title="the divergences")
axes[0].legend()
axes[1].plot(grid[100:361:2], still[100:361:2], label="still")
axes[1].plot(grid[100:361:2], bump(3)[100:361:2], label="moved")
axes[1].plot(grid[100:361:2], ((still + bump(3)) / 2)[100:361:2], label="their mean")
axes[1].set(xlabel="x", title="bumps three apart", yticks=[])
axes[1].margins(y=0.3)  # room for the legend above the curves
axes[1].legend(fontsize=8, loc="upper right")
lab.figure(
    fig,
    "Left: the divergences against the distance, on a logarithmic scale. The Kullback–Leibler divergence, a parabola, "
    "reaches {KL_in_nats[5]} nats at distance {distance[5]}; the Jensen–Shannon divergence rises to {JS_in_bits[3]} bits at distance "
    "{distance[3]} and then flattens at one bit. "
    "Right: the two bumps at distance {distance[3]} with their mean, which covers both.",
)

# %% [markdown]
# ## What a learner feels
#
# A generator that is trained on a divergence moves by its slope in $d$. The slope of the parabola is $d$ itself. The slope of the
# Jensen–Shannon divergence vanishes when the bumps have parted: it says that something is wrong, but not which way to go. This is why a
# perfect discriminator leaves a generator without a gradient [@goodfellow2014, section 3].

# %%
h = 1e-4


def slope(divergence, d):
    """The derivative in d by a central difference."""
    return (divergence(still, bump(d + h)) - divergence(still, bump(d - h))) / (2 * h)


slopes = [slope(js, d) for d in many]
lab.hold(
    "Slopes by distance",
    at_distance=distances,
    slope_of_KL=[slope(kl, d) for d in distances],
    slope_of_JS=[slope(js, d) for d in distances],
)
lab.hold(
    "Where the Jensen–Shannon divergence is steepest",
    steepest_at=many[int(np.argmax(slopes))],
    steepest_slope=max(slopes),
)

# %%
fig, ax = plt.subplots(figsize=(5.2, 2.6))
ax.plot(many, slopes, label="slope of JS")
ax.set(xlabel="distance d", ylabel="bits per unit")
lab.figure(
    fig,
    "The slope of the Jensen–Shannon divergence against the distance: it rises from zero to {steepest_slope} bits per unit near distance "
    "{steepest_at} and falls back to {slope_of_JS[5]} at distance {distance[5]}.",
)

# %% [markdown]
# ## Bumps that end
#
# A normal bump never quite ends, so its Kullback–Leibler divergence is finite at every distance. Take bumps that do end, eight cells wide, and
# move one cell at a time: the Kullback–Leibler divergence is infinite from the first cell on, the Jensen–Shannon divergence grows in equal
# steps and stands still once nothing overlaps.

# %%
cells, width = 20, 8
block = [np.array([1 / width if start <= i < start + width else 0 for i in range(cells)]) for start in range(11)]
shifts = [0, 1, 2, 4, 8, 10]
lab.hold(
    "Blocks by the number of cells they have moved",
    shift=shifts,
    JS_of_blocks=[js(block[0], block[shift]) for shift in shifts],
    KL_of_blocks=[kl_is_finite(block[0], block[shift])[1] for shift in shifts],
)

# %% [markdown]
# !!! note "What to take along"
#     A divergence that is bounded is safe to compute and poor to follow. The unbounded one points home from any distance, as long as
#     the other distribution leaves nothing out.
