"""What quadratic layers can do one after the other, and one of them alone that no linear layer can."""

from itertools import product

import sympy

from solvers.arrays import array
from solvers.derivation import derivation
from solvers.quadratic_layer import quadratic_layer


@derivation
def stacked_quadratic(lam, a, b, c, p, q, r, x):
    """Two quadratic layers of one input and one output, the second on the first, no activation between; all symbols.

    Returns the coefficient of x⁴.
    """
    y_1 = lam * a * x**2 + b * x + c  # first layer
    y_2 = lam * p * y_1**2 + q * y_1 + r  # second layer
    top = coefficient(y_2, x, 4)  # not zero: no quadratic function
    return top


def coefficient(expression, x, power):
    """The coefficient of x^power in a polynomial."""
    return sympy.expand(expression).coeff(x, power)


def third_difference(layers, depth, lam, relu):
    """Largest |f(t + 3) − 3f(t + 2) + 3f(t + 1) − f(t)|, t from −4 to 4, of the first `depth` layers: 0 up to degree 2.

    `layers` (n, 3): a, b, c of y = λ a x² + b x + c; `relu` 1 puts a ReLU between neighbouring layers. Exact.
    """

    def f(value):
        for number, (a, b, c) in enumerate(layers[:depth]):
            value = max(value, 0) if relu and number else value
            value = lam * a * value**2 + b * value + c
        return value

    return max(abs(f(t + 3) - 3 * f(t + 2) + 3 * f(t + 1) - f(t)) for t in range(-4, 5))


@derivation
def corners_of_square(A, b, c, lam):
    """One quadratic output at the inputs 00, 01, 10, 11, and how far these four are from a plane.

    `A` (2, 2), `b` (2,), `c` a number. Returns both; the second is 0 for every affine function.
    """
    y = at_corners(A, b, c, lam)
    twist = y[0] - y[1] - y[2] + y[3]  # 0 for every affine function
    return y, twist


def at_corners(A, b, c, lam):
    """The output of one quadratic unit at the four corners of the unit square, in the order 00, 01, 10, 11."""
    inputs = [array(corner) for corner in product((0, 1), repeat=2)]
    return array([quadratic_layer(x, [A], [b], [c], lam)[0] for x in inputs])
