"""One update of an optimizer, from plain gradient descent to Adam."""

from solvers.derivation import derivation
from solvers.functions import sqrt


@derivation
def sgd(w, g, lr):
    """One step of stochastic gradient descent (Goodfellow et al. 2016, Algorithm 8.1).

    `w` parameter, `g` the gradient there, on a random batch, `lr` the learning rate η. Scalars, arrays of one shape or
    symbols. Returns the new parameter.
    """
    w_t = w - lr * g  # against the gradient, in proportion to it
    return w_t


@derivation
def momentum(w, g, lr, beta1, m=0, dampening=0):
    """One step of gradient descent with momentum: the heavy ball of Polyak (1964) when `dampening` is 0.

    `m` the velocity after the step before (zero at first), `beta1` its decay, `dampening` the share of the new gradient
    that is left out: with `beta1` there the velocity is a running mean. Scalars, arrays or symbols. Returns the new parameter.
    """
    m_t = beta1 * m + (1 - dampening) * g  # a part of the old velocity is kept
    w_t = w - lr * m_t  # the step follows the velocity, not the gradient alone
    return w_t


def momentum_path(w, curvature, lr, beta1, dampening, steps):
    """The parameters that momentum visits on the loss ½ a w², from rest at `w`; with `beta1` 0 it is gradient descent.

    `curvature` a, so that the gradient is a w. Returns a list of `steps` + 1 numbers, exact for exact ones.
    """
    path, m = [w], 0
    for _ in range(steps):
        m = beta1 * m + (1 - dampening) * curvature * path[-1]
        path.append(path[-1] - lr * m)
    return path


@derivation
def adam(w, g, lr, beta1, beta2, eps, m=0, v=0, t=1):
    """One bias-corrected Adam update (Kingma & Ba 2015, Algorithm 1; ε outside the root).

    `w` parameter, `g` its gradient, `m` and `v` the moments after step t - 1 (zero before the first step).
    Scalars, or arrays of one shape. Returns the parameter after step t.
    """
    m_t = beta1 * m + (1 - beta1) * g  # first moment: running mean of the gradient
    v_t = beta2 * v + (1 - beta2) * g**2  # second moment: running mean of its square
    m_hat = m_t / (1 - beta1**t)  # undo the bias towards the zero start
    v_hat = v_t / (1 - beta2**t)  # the same for the second moment
    w_t = w - lr * m_hat / (sqrt(v_hat) + eps)  # step against the gradient, scaled by its size
    return w_t
