"""``` check: steps on a page outside the papers, each an equality or an inequality that sympy finds to hold.

    ``` check
    x = variable("x")
    slope = equal(diff(tanh(x), x), 1 - tanh(x)**2)  # the derivative of tanh
    ```

Every line is either a name for a symbol or expression, or a step; only the steps are shown. No number is computed here,
so there is nothing for a key to hold.
"""

from __future__ import annotations

import ast

from solvers.derivation import Line
from solvers.site import blocks, sandbox
from solvers.site.runs import BlockError, Run
from solvers.site.source import Fence, Section

STEPS = ("equal", "at_least")


def is_step(line: Line) -> bool:
    """Is this line a call of `equal` or `at_least`?"""
    return isinstance(line.formula, ast.Call) and getattr(line.formula.func, "id", "") in STEPS


def steps(fence: Fence, file: str) -> list[Line]:
    """The steps of a fence after they were checked. Raises BlockError with the page's line when one does not hold."""
    nothing = Fence("part", "", "", fence.line, fence.line)
    solution = Fence("solution", "", fence.body, fence.line, fence.end)
    section = Section("", fence.line, nothing, solution=solution, answer=[(fence.line, "")])
    with sandbox.part():
        run: Run = blocks.run(section, file)
    found = [line for item in run.items for _, line in item.labelled() if is_step(line)]
    if not found:
        raise BlockError(
            fence.line, "a check fence has no step; write name = equal(left, right) or at_least(left, right)"
        )
    return found
