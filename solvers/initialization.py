"""The variance of initial weights that keeps signals at their size, and the interval that has this variance."""

from solvers.derivation import derivation


@derivation
def xavier_variance(d_x, d_y):
    """The variance of the weights by Glorot & Bengio (2010, eq. 12), for units that are linear near zero.

    `d_x` inputs and `d_y` outputs of the layer, numbers or symbols. Returns the variance.
    """
    forward = 1 / d_x  # d_x · Var(w) = 1 keeps the variance of what goes forward
    backward = 1 / d_y  # d_y · Var(w) = 1 keeps that of the gradients going back
    variance = 2 / (1 / forward + 1 / backward)  # the compromise: the harmonic mean of both
    return variance


@derivation
def kaiming_variance(d_x):
    """The variance of the weights behind a ReLU by He et al. (2015, eq. 10).

    `d_x` inputs of the layer, a number or a symbol. Weights and inputs are independent, the weights symmetric around
    zero. Returns the variance.
    """
    kept = 1 / 2  # E(relu(z)²) = E(z²) / 2 when z is symmetric around zero
    variance = 1 / (kept * d_x)  # kept · d_x · Var(w) = 1 keeps the size of what goes forward
    return variance


@derivation
def uniform_variance(a):
    """The variance of the uniform distribution on [-a, a]; `a` a number or an expression."""
    length = a - (-a)  # the density is 1 over this
    square = (a**3 - (-a) ** 3) / 3  # the integral of w² from -a to a
    variance = square / length  # the mean is 0, so this is E(w²)
    return variance


def relu_layer_square(d_x, d_y, variance, batch, seed):
    """E(z²) of a layer with normal weights that is fed by the ReLU of standard normal numbers; drawn at random.

    `d_x` inputs, `d_y` units, weights of this `variance`, `batch` examples, `seed` of the generator. Returns the mean
    of z² over units and examples; before the ReLU it was 1.
    """
    import numpy as np

    draw = np.random.default_rng(seed)
    x = np.maximum(draw.normal(size=(d_x, batch)), 0)
    W = draw.normal(scale=float(variance) ** 0.5, size=(d_y, d_x))
    return float(np.mean((W @ x) ** 2))
