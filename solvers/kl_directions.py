"""The two directions of the Kullback–Leibler divergence when one Gaussian is fitted to a distribution with two modes.

KL(p ‖ q) in closed form and by proof, KL(q ‖ p) by minimization; natural logarithms. The mixture p has two normal
components with the weights `weights` and the means `means`, both (2,), and one standard deviation `sd`.
"""

import numpy as np

from solvers.arrays import array
from solvers.derivation import derivation
from solvers.functions import ln
from solvers.proofs import equal


def _nodes(count):
    """Nodes and weights of the trapezoidal rule for a standard normal variable: smooth integrands to many digits."""
    nodes = np.linspace(-8, 8, count)
    return nodes, np.exp(-(nodes**2) / 2) / np.exp(-(nodes**2) / 2).sum()


COARSE, COARSE_MASSES = _nodes(161)  # for the slopes, while a minimum is looked for
FINE, FINE_MASSES = _nodes(1601)  # for a divergence, whose integrand bends sharply between two modes
WIDTHS = (0.6, 2, 6)  # standard deviations to start from, in those of a component
STEPS = 200  # at most


@derivation
def moment_matching(M, V, m, v):
    """The q = N(m, v) that minimizes KL(p ‖ q) has mean and variance of p (Bishop 2006, section 10.7).

    `M`, `V` mean and variance of p, of whatever shape; `m`, `v` symbols of q. The entropy of p does not depend on q, so
    the cross-entropy −∫ p ln q is minimized. Returns what any q costs beyond the one with m = M and v = V.
    """
    spread = equal(V + M**2 - 2 * m * M + m**2, V + (M - m) ** 2)  # mean of (x − m)² under p, that of x² being V + M²
    cross = ln(v) / 2 + spread / (2 * v)  # −∫ p ln q, but for the constant ln(2π) / 2
    lowest = ln(V) / 2 + 1 / 2  # the same for m = M and v = V
    excess = equal(cross - lowest, ((M - m) ** 2 / v + V / v - 1 - ln(V / v)) / 2)  # ln t ≤ t − 1: zero only there
    return excess


@derivation
def mixture_moments(weights, means, sd):
    """Mean and variance of a mixture of normals with one standard deviation (law of total variance)."""
    M = sum(w * mu for w, mu in zip(weights, means))  # mean of the means
    V = sd**2 + sum(w * mu**2 for w, mu in zip(weights, means)) - M**2  # within the modes, and between them
    return M, V


def forward_kl(weights, means, sd, m, s):
    """KL(p ‖ q) from the mixture p to q = N(m, s²), in nats, by quadrature over each component of p.

    `m`, `s` numbers, or (n,) for n fits. Returns a number or (n,).
    """
    m, s = (np.atleast_1d(np.asarray(value, dtype=float))[:, None] for value in (m, s))
    total = 0
    for w, mu in zip(weights, means):
        x = float(mu) + float(sd) * FINE
        log_q = -(((x - m) / s) ** 2) / 2 - np.log(s * np.sqrt(2 * np.pi))
        total = total + float(w) * ((_log_mixture(x, weights, means, sd)[0] - log_q) * FINE_MASSES).sum(axis=1)
    return total[0] if len(total) == 1 else array(total.tolist())


def reverse_kl(weights, means, sd, m, s):
    """KL(q ‖ p) from q = N(m, s²) to the mixture p, in nats, by quadrature. Arguments as in `forward_kl`."""
    m, s = (np.atleast_1d(np.asarray(value, dtype=float))[:, None] for value in (m, s))
    log_p = _log_mixture(m + s * FINE, weights, means, sd)[0]
    total = -0.5 - np.log(s[:, 0] * np.sqrt(2 * np.pi)) - (log_p * FINE_MASSES).sum(axis=1)
    return total[0] if len(total) == 1 else array(total.tolist())


def reverse_kl_fits(weights, means, sd):
    """The local minima of KL(q ‖ p) over q = N(m, s²), by gradient descent from many means and standard deviations.

    Two rows, a column per minimum, the lowest first: m and s. Raises ValueError when a start has not settled.
    """
    grid = np.meshgrid(np.linspace(min(means) - 5 * sd, max(means) + 5 * sd, 10).astype(float), np.log(WIDTHS))
    m, log_s = (axis.ravel() for axis in grid)
    m, s = _descended(m, log_s + np.log(float(sd)), weights, means, sd)
    _, first = np.unique(np.round(m, 5), return_index=True)
    ends = sorted((reverse_kl(weights, means, sd, m[i], s[i]), float(m[i]), float(s[i])) for i in first)
    return array([list(row) for row in zip(*(end[1:] for end in ends))])


def mixture_density(x, weights, means, sd):
    """Density of the mixture at every x, (n,)."""
    return np.exp(_log_mixture(np.array(x, float), weights, means, sd)[0])


def normal_density(x, m, s):
    """Density of N(m, s²) at every x, (n,)."""
    return np.exp(-(((np.array(x, float) - float(m)) / float(s)) ** 2) / 2) / (float(s) * np.sqrt(2 * np.pi))


def _descended(m, log_s, weights, means, sd):
    """Means and standard deviations where gradient descent on KL(q ‖ p) settles, each step scaled by the curvature."""
    variance = float(sd) ** 2
    for _ in range(STEPS):
        s = np.exp(log_s)
        slope = _log_mixture(m[:, None] + s[:, None] * COARSE, weights, means, sd)[1] * COARSE_MASSES
        bend = (slope * COARSE).sum(axis=1) / s  # mean second derivative of ln p (Stein's identity)
        step_m = slope.sum(axis=1) / np.maximum(2 * abs(bend), 0.1 / variance)
        step_s = (1 + s**2 * bend) / (2 + 2 * s**2 / variance)
        m, log_s = m + step_m, log_s + step_s
        if max(abs(step_m).max(), abs(step_s).max()) < 1e-9:
            return m, np.exp(log_s)
    raise ValueError(f"not every start has settled after {STEPS} steps: take modes that lie further apart")


def _log_mixture(x, weights, means, sd):
    """ln p and its derivative by x, at every x."""
    away = (x - np.array(means, float).reshape(-1, *(1,) * np.ndim(x))) / float(sd)
    logs = -(away**2) / 2 + np.log(np.array(weights, float)).reshape(-1, *(1,) * np.ndim(x))
    top = logs.max(axis=0)
    each = np.exp(logs - top)
    total = each.sum(axis=0)
    slope = -(away * each).sum(axis=0) / total / float(sd)
    return top + np.log(total) - np.log(float(sd) * np.sqrt(2 * np.pi)), slope
