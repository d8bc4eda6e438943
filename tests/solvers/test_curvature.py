from fractions import Fraction
from itertools import product

import pytest
import sympy
from hypothesis import assume, given
from hypothesis import strategies as st

from solvers.curvature import classify, second_derivatives

x, y = sympy.symbols("x y", real=True)
small = st.integers(-4, 4)


def kind(f, a, b):
    gradient, hessian = second_derivatives(f, x, y)
    return classify(gradient, hessian, x, y, a, b)


def directions():
    """A grid of directions; the axis of any narrow cone of a form with coefficients up to 4 lies on it."""
    return [(p, q) for p, q in product(range(-8, 9), repeat=2) if (p, q) != (0, 0)]


def by_sampling(changes):
    """What a point is by how much the function changes from it to its neighbours."""
    if all(change > 0 for change in changes):
        return "local minimum"
    if all(change < 0 for change in changes):
        return "local maximum"
    return "saddle point" if min(changes) < 0 < max(changes) else "undecided"


@given(small, small, small, small, small)
def test_quadratic_forms_are_classified_as_their_neighbours_say(a, b, c, m, n):
    f = a * (x - m) ** 2 + b * (x - m) * (y - n) + c * (y - n) ** 2
    changes = [a * p * p + b * p * q + c * q * q for p, q in directions()]
    assert kind(sympy.expand(f), m, n) == by_sampling(changes)


@given(small, small, small, st.lists(small, min_size=4, max_size=4))
def test_higher_terms_do_not_change_the_kind(a, b, c, cubic):
    assume(4 * a * c != b * b)  # otherwise the higher terms decide
    f = a * x**2 + b * x * y + c * y**2 + sum(k * x**i * y ** (3 - i) for i, k in enumerate(cubic))
    near = [(Fraction(p, 10**4), Fraction(q, 10**4)) for p, q in directions()]
    value = lambda p, q: (  # noqa: E731
        a * p * p + b * p * q + c * q * q + sum(k * p**i * q ** (3 - i) for i, k in enumerate(cubic))
    )
    assert kind(f, 0, 0) == by_sampling([value(p, q) for p, q in near])


@given(small, small, small, small, small, st.integers(-3, 3), st.integers(-3, 3))
def test_with_a_slope_a_point_is_not_stationary(a, b, c, d, e, m, n):
    f = a * x**2 + b * x * y + c * y**2 + d * x + e * y
    slope = (2 * a * m + b * n + d, b * m + 2 * c * n + e)
    assert (kind(f, m, n) == "not stationary") is (slope != (0, 0))


NAMED = [
    ("bowl", x**2 + y**2, 0, 0, "local minimum"),
    ("dome", -(x**2) - 3 * y**2, 0, 0, "local maximum"),
    ("saddle", x**2 - y**2, 0, 0, "saddle point"),
    ("product", x * y, 0, 0, "saddle point"),
    ("monkey saddle is degenerate", x**3 - 3 * x * y**2, 0, 0, "undecided"),
    ("fourth powers are degenerate", x**4 + y**4, 0, 0, "undecided"),
    ("valley", x**2, 0, 5, "undecided"),
    ("constant", sympy.Integer(3), 1, 2, "undecided"),
    ("slope", x + y**2, 0, 0, "not stationary"),
    ("beside the minimum", (x - 1) ** 2 + y**2, 0, 0, "not stationary"),
    ("fractions", (x - sympy.Rational(1, 3)) ** 2 + y**2, Fraction(1, 3), 0, "local minimum"),
    ("double well, middle", (x**2 - 1) ** 2 + y**2, 0, 0, "saddle point"),
    ("double well, right", (x**2 - 1) ** 2 + y**2, 1, 0, "local minimum"),
    ("gaussian", sympy.exp(-(x**2) - y**2), 0, 0, "local maximum"),
]


@pytest.mark.parametrize("f, a, b, expected", [row[1:] for row in NAMED], ids=[row[0] for row in NAMED])
def test_points_by_name(f, a, b, expected):
    assert kind(f, a, b) == expected


# x ln x - x - 2x ln y + 4y: both derivatives vanish at (4, 2), one as ln 4 - 2 ln 2
# the Hessian there is [1/4, -1; -1, 2], with the determinant -1/2
def test_a_gradient_that_vanishes_by_a_rule_of_logarithms():
    u, v = sympy.symbols("u v", positive=True)
    f = u * sympy.log(u) - u - 2 * u * sympy.log(v) + 4 * v
    gradient, hessian = second_derivatives(f, u, v)
    assert classify(gradient, hessian, u, v, 4, 2) == "saddle point"


def test_a_trace_shows_every_step():
    gradient, hessian = second_derivatives.trace(x**2 * y, x, y).result
    assert list(gradient) == [2 * x * y, x**2]
    assert hessian == sympy.Matrix([[2 * y, 2 * x], [2 * x, 0]])
    trace = classify.trace(gradient, hessian, x, y, 0, 1)
    assert trace.labels() == ["g", "H", "lam", "kind"]
    # by hand at (0, 1): gradient 0, Hessian diag(2, 0)
    assert trace["lam"] == [0, 2]
    assert trace.result == "undecided"
