"""The blocks of a part: what they compute, and the line of the page for everything that goes wrong in them."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction as F

import numpy as np
import pytest
from sites import ROOT

from solvers.derivation import Intervention, Line, Trace
from solvers.site.blocks import BlockError, rerun, run
from solvers.site.source import find

# The fence of the solution stands in line 10, so its first line is line 11.
START = 11
NOTHING = Intervention()


def section(solution, givens="a, c = 1, 2  # two numbers"):
    text = f"``` part 1a\n{givens}\n```\n``` solution\n{solution}\n```"
    (part,) = find(text.split("\n"), first=START - text[: text.index("``` solution")].count("\n") - 1).sections
    return part


def solve(solution, givens="a, c = 1, 2  # two numbers"):
    return run(section(solution, givens), "q.md")


def again(solution, change=NOTHING, given=(), givens="a, c = 1, 2  # two numbers"):
    """Run a part, and once more with something changed."""
    part = section(solution, givens)
    return rerun(part, "q.md", run(part, "q.md"), change, dict(given))


def values(solution, givens="a, c = 1, 2"):
    return {label: line.value for label, line in solve(solution, givens).lines.items()}


def test_every_named_value_is_a_line():
    result = solve("total = a + c  # add\nmean = total / 2\nanswer(mean=mean)")
    total, mean = result.lines.values()
    assert (total.value, mean.value) == (3, F(3, 2))
    assert (total.reason, mean.reason) == ("add", "")
    assert dict(total.operands) == {"a": 1, "c": 2}
    assert result.givens == {"a": 1, "c": 2}
    assert result.answers == {"mean": "mean"}


PROGRAMS = {
    "a name that starts with an underscore is no line": ("_n = a + c\ny = _n + 1", {"y": 4}),
    "several names in one line": ("x, y = a + 1, c + 1", {"x": 2, "y": 3}),
    "statements in one line": ("x = a; y = c", {"x": 1, "y": 2}),
    "a condition": ("if a > c:\n    y = a\nelse:\n    y = c", {"y": 2}),
    "a conditional expression": ("y = a if a > c else c", {"y": 2}),
    "a comprehension": ("y = sum([v * 2 for v in (a, c)])", {"y": 6}),
    "a lambda": ("y = max((a, c), key=lambda v: -v)", {"y": 1}),
    "a loop": ("s = 0\nfor i in range(3):\n    s = s + c  # again", {"s.0": 2, "s.1": 4, "s.2": 6}),
    "a loop that adds": ("s = 0\nfor i in range(1, 3):\n    s += a", {"s.1": 1, "s.2": 2}),
    "a loop that ends by itself": ("n = 0\nwhile n < 2:\n    n = n + a", {"n.1": 1, "n.2": 2}),
    "exact division": ("y = a / 3 - 1 / 3", {"y": 0}),
    "exact decimals": ("y = 0.1 + 0.2", {"y": F(3, 10)}),
    "a negative power": ("y = c ** -2", {"y": F(1, 4)}),
    "a name twice keeps the last": ("y = a\ny = y + c", {"y": 3}),
    "an array": ("y = [a, c]", {"y": [1, 2]}),
    "words": ("y = 'yes' if a < c else 'no'", {"y": "yes"}),
}


@pytest.mark.parametrize("solution, expected", PROGRAMS.values(), ids=PROGRAMS)
def test_programs(solution, expected):
    last = [*expected][-1].partition(".")[0]
    assert values(f"{solution}\nanswer(y={last})") == expected


def test_lists_of_givens_become_exact_arrays():
    givens = solve("y = v @ v\nanswer(y=y)", "v = [0.1, 2]").givens
    assert isinstance(givens["v"], np.ndarray)
    assert givens["v"].tolist() == [F(1, 10), 2]
    assert values("y = v @ v\nanswer(y=y)", "v = [0.1, 2]") == {"y": F(401, 100)}


def test_the_methods_of_arrays_can_be_called():
    """In a fresh process: numpy imports some of its methods at their first call, and a block imports nothing."""
    program = (
        "from solvers.site.blocks import run\nfrom solvers.site.source import find\n"
        "text = '``` part 1a\\nv = [1, 2]\\n```\\n``` solution\\ny = v.sum() + v.max()\\nanswer(y=y)\\n```'\n"
        "print(run(find(text.split('\\n')).sections[0], 'q.md').value('y'))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "5", done.stderr


def test_a_matrix_of_givens_keeps_its_shape():
    assert solve("y = A @ A\nanswer(y=y)", "A = [[1, 2], [3, 4]]").givens["A"].shape == (2, 2)


def test_a_trace_is_an_item_with_its_lines():
    result = solve('# The neuron\nneuron = sigmoid_neuron.trace(x, 1, 1, 0)\nanswer(y=neuron["y_hat"])', "x = 0")
    (item,) = result.items
    assert (item.name, item.caption, item.line) == ("neuron", "The neuron", START + 1)
    assert isinstance(item.value, Trace)
    assert result.lines["neuron.y_hat"].value == 0.5
    assert result.answers == {"y": "neuron.y_hat"}
    assert result.value("y") == result.value("neuron.y_hat") == 0.5
    assert result.value("x") == 0


CAPTIONS = {
    "above": ("# One\ny = a", "One"),
    "two lines": ("# One\n# and two\ny = a", "One and two"),
    "not directly above": ("# One\n\ny = a", ""),
    "the nearest": ("# One\n\n# Two\ny = a", "Two"),
    "beside is a reason": ("y = a  # why", ""),
}


@pytest.mark.parametrize("solution, caption", CAPTIONS.values(), ids=CAPTIONS)
def test_captions(solution, caption):
    (item,) = solve(f"{solution}\nanswer(y=y)").items
    assert item.caption == caption


ANSWERS = {
    "a name": ("y = a\nanswer(z=y)", {"z": "y"}),
    "a line of a trace": ('n = sigmoid_neuron.trace(a, 1, 1, 0)\nanswer(z=n["z"])', {"z": "n.z"}),
    "the last pass of a loop": ('m = mlp_params.trace(sizes)\nanswer(t=m["total"])', {"t": "m.total.2"}),
    "one pass of a loop": ('m = mlp_params.trace(sizes)\nanswer(t=m["total.1"])', {"t": "m.total.1"}),
    "several": ("x = a\ny = c\nanswer(y=y, x=x)", {"y": "y", "x": "x"}),
}


@pytest.mark.parametrize("solution, answers", ANSWERS.values(), ids=ANSWERS)
def test_answers(solution, answers):
    assert solve(solution, "a, c = 1, 2\nsizes = [2, 3, 1]").answers == answers


def test_what_a_solution_asks_for():
    result = solve('y = a\ntable(n="y")\nlisting("print(1)")\nfigure(network_diagram([["x"], ["h"]]))\nanswer(y=y)')
    assert (result.tables, result.listings) == ([{"n": "y"}], ["print(1)"])
    assert [type(figure).__name__ for figure in result.figures] == ["Diagram"]


def test_a_label_that_is_nowhere_is_answered_by_the_nearest():
    with pytest.raises(KeyError, match="no line 'totl'; did you mean 'total'"):
        solve("total = a\nanswer(t=total)").value("totl")


MISTAKES = {
    "an unknown name": ("y = a + q", START, "unknown name 'q'"),
    "an unknown solver": ("y = a\nz = sigmoid_neurn.trace(a)", START + 1, "unknown name 'sigmoid_neurn'; did you mean 'sigmoid_neuron'?"),
    "a division by zero": ("y = a\nz = a / (c - 2)", START + 1, "ZeroDivisionError"),
    "inside a solver": ("y = a\nz = sigmoid_neuron.trace('x', 1, 1, 1)", START + 1, "in neurons.py:"),
    "too few arguments": ("z = sigmoid_neuron.trace(1)", START, "TypeError: missing a required argument"),
    "a trace without a name": ("sigmoid_neuron.trace(1, 1, 1, 1)", START, "the trace of sigmoid_neuron has no name; assign it"),
    "an unknown line of a trace": ('n = sigmoid_neuron.trace(1, 1, 1, 1)\ny = n["yhat"]', START + 1, "sigmoid_neuron has no line 'yhat'; did you mean"),
    "a syntax error": ("y = a\nz = (a", START + 1, "SyntaxError"),
    "an indentation": ("y = a\n    z = a", START + 1, "SyntaxError: unexpected indent"),
    "a return": ("y = a\nreturn y", START + 1, "SyntaxError: 'return' outside function"),
    "two answers": ("y = a\nanswer(y=y)\nanswer(y=y)", START, "the solution calls answer(…) 2 times; once is due"),
    "an answer by position": ("y = a\nanswer(y)", START + 1, "answer takes labels: answer(w=step['w_t'])"),
    "an answer that is computed": ("y = a\nanswer(y=y + 1)", START + 1, "answer y=y + 1: name the line first, then answer(y=name)"),
    "an answer that is a given": ("y = a\nanswer(\n    y=a,\n)", START + 2, "answer names no line 'a'; there is y"),
    "an answer of an unknown line": ('n = sigmoid_neuron.trace(1, 1, 1, 1)\nanswer(y=n["yhat"])', START + 1, "sigmoid_neuron has no line 'yhat'"),
    "an answer of a hidden name": ("_y = a\nanswer(y=_y)", START + 1, "answer names no line '_y'"),
    "too many lines": ("for i in range(500):\n    y = a\nanswer(y=y)", START + 1, "more than 400 lines"),
    "a table of a value": ("y = a\ntable(n=y)\nanswer(y=y)", START + 1, "table column n: give the label of a line as text"),
    "a figure of a number": ("y = a\nfigure(y)\nanswer(y=y)", START + 1, "figure: 1 is not a Diagram"),
    "a listing of a number": ("y = a\nlisting(y)\nanswer(y=y)", START + 1, "listing: 1 is not a str"),
    "memory": ("y = [0] * 10**15\nanswer(y=y)", START, "MemoryError"),
    "a name that Python gives elsewhere": ("print(a)\ny = a\nanswer(y=y)", START, "unknown name 'print'"),
}  # fmt: skip


@pytest.mark.parametrize("solution, line, says", MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named_with_its_line(solution, line, says):
    with pytest.raises(BlockError) as caught:
        solve(solution)
    assert says in str(caught.value)
    assert caught.value.line == line


def test_a_mistake_in_the_givens_is_named_with_its_line():
    with pytest.raises(BlockError, match="ZeroDivisionError") as caught:
        solve("y = a\nanswer(y=y)", "a = 1\nc = 1 / 0")
    assert caught.value.line == START - 3


def test_the_line_is_that_of_the_page_and_not_of_the_first_page_with_such_a_block():
    """Blocks are compiled once; the same text on another line has other lines."""
    for first in (1, 30):
        (part,) = find(
            ["``` part 1a", "a = 1", "```", "``` solution", "y = a / 0", "answer(y=y)", "```"], first
        ).sections
        with pytest.raises(BlockError) as caught:
            run(part, "q.md")
        assert caught.value.line == first + 4


CHANGES = {
    "a line by a number": ({"total": 10}, {"total": 10, "mean": 5}),
    "a line by an expression": ({"total": "a - c"}, {"total": -1, "mean": F(-1, 2)}),
    "a solver in an expression": ({"total": "sqrt(4 * c ** 2)"}, {"total": 4, "mean": 2}),
    "the last line": ({"mean": 0}, {"total": 3, "mean": 0}),
}


@pytest.mark.parametrize("replace, expected", CHANGES.values(), ids=CHANGES)
def test_a_slip_replaces_a_line_and_the_rest_follows(replace, expected):
    result = again("total = a + c\nmean = total / 2\nanswer(mean=mean)", Intervention(replace))
    assert {label: line.value for label, line in result.lines.items()} == expected
    assert [label for label, line in result.lines.items() if line.replaced] == list(replace)


def test_a_slip_reaches_into_a_trace():
    result = again('n = sigmoid_neuron.trace(a, 1, 1, 0)\nanswer(z=n["y_hat"])', Intervention({"n.z": 0}))
    assert result.value("n.y_hat") == 0.5


def test_a_slip_replaces_a_given():
    assert again("total = a + c\nanswer(t=total)", given={"a": 10}).value("total") == 12


def test_every_line_can_be_rounded():
    result = again("y = a / 3\nz = y * 300\nanswer(z=z)", Intervention({}, decimals=2))
    assert (result.value("y"), result.value("z")) == (F(33, 100), 99)


UNKNOWN = {
    "a line": ({"change": Intervention({"totl": 1})}, "no line 'totl' to replace; did you mean 'total'?"),
    "a line of a trace": (
        {"change": Intervention({"n.yhat": 1})},
        "no line 'yhat' to replace; did you mean 'y_hat'?",
    ),
    "a given": ({"given": {"b": 1}}, "no line 'b' to replace"),
    "an expression": ({"change": Intervention({"total": "a +"})}, "is not an expression"),
    "a name in an expression": ({"change": Intervention({"total": "a + q"})}, "name 'q' is not defined"),
}


@pytest.mark.parametrize("options, says", UNKNOWN.values(), ids=UNKNOWN)
def test_a_slip_that_cannot_be_run_is_an_error(options, says):
    with pytest.raises(BlockError) as caught:
        again('total = a + c\nn = sigmoid_neuron.trace(a, 1, 1, 0)\nanswer(t=total, y=n["y_hat"])', **options)
    assert says in str(caught.value)


def test_a_rerun_leaves_the_run_before_alone():
    part = section("total = a + c\nanswer(t=total)")
    before = run(part, "q.md")
    rerun(part, "q.md", before, Intervention({"total": 7}), {})
    after = run(part, "q.md")
    assert before.value("total") == after.value("total") == 3
    assert all(isinstance(item.value, Line) and not item.value.replaced for item in after.items)
