"""Steps of a proof that sympy checks while they are written down: an equality, an inequality.

A proof is a derivation whose lines are such steps. What a step uses without proof stands in its comment, with its source.
"""

from __future__ import annotations

from typing import Any

from solvers.exact import is_array


def equal(left: Any, right: Any) -> Any:
    """The step left = right: the right side, after sympy has found that the difference simplifies to zero.

    Numbers, expressions or matrices of one shape. Raises ValueError with the difference when it does not vanish.
    """
    import sympy

    difference = _vanishing(sympy.expand(_expression(left) - _expression(right)))
    if difference != 0 and not getattr(difference, "is_zero_matrix", False):
        raise ValueError(f"the step {left} = {right} does not hold: the difference is {difference}")
    return right


def at_least(left: Any, right: Any) -> Any:
    """The step left ≥ right: the difference, after sympy has found it non-negative by what it knows of the symbols.

    Raises ValueError when it is negative somewhere, or when sympy cannot tell: then the step needs another one before it.
    """
    import sympy

    difference = sympy.expand(sympy.sympify(left) - sympy.sympify(right))
    if not (difference.is_nonnegative or sympy.factor(difference).is_nonnegative):
        raise ValueError(f"the step {left} >= {right} does not follow: nothing is known of the sign of {difference}")
    return difference


def identical(left: Any, right: Any) -> bool:
    """Are two scalar expressions equal everywhere? Refuted by one point, or else proved by sympy."""
    import sympy

    difference = sympy.expand(sympy.sympify(left) - sympy.sympify(right))
    point = {symbol: 0.37 + 0.29 * place for place, symbol in enumerate(sorted(difference.free_symbols, key=str))}
    there = difference.subs(point).evalf()
    if there.is_Float and there.is_finite and abs(there) > 1e-6:
        return False
    return bool(_vanishing(difference) == 0)


def _expression(value: Any) -> Any:
    """What sympy makes of a number, an expression, or an array of either."""
    import sympy

    return sympy.Matrix(value) if is_array(value) else sympy.sympify(value)


def _vanishing(difference: Any) -> Any:
    """The difference as simple as sympy can make it, hyperbolic functions as exponentials if that helps."""
    import sympy

    if all(_numerator_vanishes(entry) for entry in getattr(difference, "flat", lambda: [difference])()):
        return sympy.Integer(0)
    simple = sympy.simplify(difference)
    return simple if simple == 0 else sympy.simplify(simple.rewrite(sympy.exp))


def _numerator_vanishes(expression: Any) -> bool:
    """Is it zero as one fraction, multiplied out? Much quicker than simplifying, and enough for most steps."""
    import sympy

    return sympy.expand(sympy.fraction(sympy.together(expression.rewrite(sympy.tanh, sympy.exp)))[0]) == 0
