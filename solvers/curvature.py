"""Gradient, Hessian and the kind of a stationary point, for functions of two variables."""

from solvers.derivation import derivation
from solvers.symbolic import at, eigenvalues, grad, hess, kind_of_point


@derivation
def second_derivatives(f, x, y):
    """Gradient and Hessian of a function of two variables.

    `f` a sympy expression in the symbols `x` and `y`. Returns both, (2, 1) and (2, 2).
    """
    gradient = grad(f, x, y)  # first derivatives
    hessian = hess(f, x, y)  # second derivatives, a symmetric matrix
    return gradient, hessian


@derivation
def classify(gradient, hessian, x, y, a, b):
    """The kind of the point (a, b) by the second-derivative test (Nocedal & Wright 2006, theorems 2.2 to 2.4).

    `gradient` (2, 1) and `hessian` (2, 2) as expressions in `x` and `y`. Returns the kind in words.
    """
    g = at(gradient, x, y, a, b)  # zero at a stationary point
    H = at(hessian, x, y, a, b)  # curvature there
    lam = eigenvalues(H)  # their signs decide
    kind = kind_of_point(g, lam)
    return kind
