"""Activation functions that are no elementary functions, and the derivatives of all of them."""

from solvers.derivation import derivation
from solvers.exact import map_numbers
from solvers.functions import exp, sigmoid, tanh
from solvers.symbolic import diff


@derivation
def sigmoid_derivative(x):
    """The slope of the logistic function at x, from its value there (Bishop 2006, eq. 4.88).

    `x` a number, an array (element by element) or an expression. Returns the slope, at most 1/4.
    """
    s = sigmoid(x)  # the value at x
    slope = s * (1 - s)  # the slope needs the value only
    return slope


@derivation
def tanh_derivative(x):
    """The slope of the hyperbolic tangent at x, from its value there (Bishop 2006, eq. 5.60).

    `x` a number, an array (element by element) or an expression. Returns the slope, at most 1.
    """
    h = tanh(x)  # the value at x
    slope = 1 - h**2  # the slope needs the value only
    return slope


def relu_derivative(x):
    """The slope of max(0, x): 1 above zero, 0 below, and 0 at zero by convention (Goodfellow et al. 2016, section 6.3).

    `x` a number or an array. Returns as many slopes.
    """
    return map_numbers(lambda v: 1 if v > 0 else 0, x)


def elu(x, alpha):
    """The exponential linear unit: x above zero, α(eˣ - 1) elsewhere (Clevert et al. 2016).

    `x` a number, an array, or a symbol whose sign is known; `alpha` α > 0, minus the value far to the left.
    """
    if hasattr(x, "shape"):
        return map_numbers(lambda v: elu(v, alpha), x)
    return x if x > 0 else alpha * (exp(x) - 1)


@derivation
def elu_derivative(x, alpha):
    """The slope of the exponential linear unit on one side of zero (Clevert et al. 2016).

    `x` a symbol whose sign is known, `alpha` α > 0, a number or a symbol. Returns the slope as an expression.
    """
    value = elu(x, alpha)  # the unit on this side of zero
    slope = diff(value, x)
    return slope
