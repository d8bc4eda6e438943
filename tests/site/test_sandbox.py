"""A block ends, cannot change a solver, and leaves nothing behind that another page could see."""

from __future__ import annotations

import ast
import decimal
import random
import re
import sys
import threading
import time
import warnings

import numpy as np
import pytest
from sites import KEY, PAGE, change, check, copy_solvers, line_of, run, sample

from solvers.site import sandbox

REFUSED = {
    "import": "import os",
    "import from": "from os import path",
    "def": "def f():\n    return 1",
    "async def": "async def f():\n    return 1",
    "class": "class A:\n    pass",
    "global": "global a",
    "del": "del a",
    "try": "try:\n    x = a\nexcept ValueError:\n    x = c",
    "with": "with a:\n    x = 1",
    "raise": "raise ValueError(1)",
    "assert": "assert a",
    "set an attribute": "adam.function = a",
    "set an attribute in a tuple": "x, adam.function = a, c",
    "add to an attribute": "adam.function += a",
    "delete an attribute": "del adam.function",
    "loop over an attribute": "for adam.function in (a, c):\n    x = a",
    "read a private attribute": "x = adam.__globals__",
    "read a private attribute in an f-string": "x = f'{adam.__globals__}'",
    "a private name": "x = __builtins__",
    "set an element": "v = [a]\nv[0] = c",
    "delete an element": "v = [a]\ndel v[0]",
    "setattr": "setattr(adam, 'function', a)",
    "getattr": "x = getattr(adam, '__globals__')",
    "eval": "x = eval('a')",
    "exec": "exec('import os')",
    "open": "x = open('f')",
    "the import function": "x = __import__('os')",
    "vars": "x = vars(adam)",
    "globals": "x = globals()",
    "print": "print(a)",
    "change what a solver is made of": "x = adam.program.statements.clear()",
    "change what a solver loops over": "x = adam.program.loops.append(a)",
}


@pytest.mark.parametrize("block", REFUSED.values(), ids=REFUSED)
def test_what_a_block_may_not_do(folder, solved, block):
    change(folder / PAGE, "total = a + c  # add", block + "\ntotal = a + c  # add")
    _, problems = solved()
    first = line_of(folder / PAGE, block.split("\n")[0])
    lines = range(first, first + block.count("\n") + 1)
    refusals = ("a block calls", "a block cannot", "a block names", "unknown name", "SyntaxError")
    starts = tuple(f"{PAGE}:{line}: part 1b: {text}" for line in lines for text in refusals)
    assert any(problem.startswith(starts) for problem in problems), problems


def test_the_solvers_that_a_block_tried_to_change_are_as_before(folder, solved):
    """Whatever is refused or not: the next part that calls the solver gets the same lines."""
    from solvers.neurons import sigmoid_neuron

    before = [line.label for line in sigmoid_neuron.trace(1, 1, 1, 1)]
    change(
        folder / PAGE,
        "total = a + c  # add",
        "_x = sigmoid_neuron.program.statements.clear()\ntotal = a + c  # add",
    )
    solved()
    try:
        assert [line.label for line in sigmoid_neuron.trace(1, 1, 1, 1)] == before
    finally:
        vars(sigmoid_neuron).pop("program", None)  # a cached property: made anew


OUTSIDE = {
    "in a line of a trace": "\"neuron.y_hat\" = \"open('written', 'w').write('1')\"",
    "by an import": "\"neuron.y_hat\" = \"__import__('pathlib').Path('written').touch()\"",
    "through an attribute": "\"neuron.y_hat\" = \"sigmoid.__globals__['__builtins__']['open']('written', 'w')\"",
}


@pytest.mark.parametrize("replacement", OUTSIDE.values(), ids=OUTSIDE)
def test_the_replacement_of_a_slip_may_do_no_more_than_a_block(folder, solved, replacement):
    """A key is data: its expressions compute, and reach nothing outside."""
    change(folder / KEY, '"neuron.y_hat" = "sigmoid(w + b)"', replacement)
    _, problems = solved()
    assert any("part 1a: the re-run fails" in problem for problem in problems), problems
    assert not (folder / "written").exists()


ALLOWED = [
    "x = adam.trace",
    "v = [a]\nx = v[0]",
    "x = A.T",
    "x = max(a, c)",
    "x = 'a' if a else 'b'",
    "for i in (1, 2):\n    x = i",
    "x = f'{a}'",
]


@pytest.mark.parametrize("block", ALLOWED)
def test_what_a_block_may_do(block):
    assert list(sandbox.objections(ast.walk(ast.parse(block)))) == []


TRACES = {
    "print options of numpy": (lambda: np.set_printoptions(precision=2), np.get_printoptions),
    "errors of numpy": (lambda: np.seterr(all="raise"), np.geterr),
    "seed of numpy": (lambda: np.random.seed(0), lambda: str(np.random.get_state())),
    "seed": (lambda: random.seed(0), random.getstate),
    "filters of warnings": (lambda: warnings.filterwarnings("error"), lambda: list(warnings.filters)),
    "precision of decimals": (
        lambda: setattr(decimal.getcontext(), "prec", 3),
        lambda: decimal.getcontext().prec,
    ),
}


@pytest.fixture
def as_before():
    """Put back by hand what the guard under test did not."""
    errors, options, seed, context = (
        np.geterr(),
        np.get_printoptions(),
        random.getstate(),
        decimal.getcontext().copy(),
    )
    state = np.random.get_state()
    with warnings.catch_warnings():
        yield
    np.seterr(**errors)
    np.set_printoptions(**options)
    np.random.set_state(state)
    random.setstate(seed)
    decimal.setcontext(context)


@pytest.mark.parametrize("leave, look", TRACES.values(), ids=TRACES)
def test_what_a_part_leaves_behind_is_put_back(as_before, leave, look):
    before = look()
    with sandbox.part():
        leave()
        assert look() != before
    assert look() == before


@pytest.mark.parametrize("leave, look", TRACES.values(), ids=TRACES)
def test_it_is_put_back_after_an_error_as_well(as_before, leave, look):
    before = look()
    with pytest.raises(ZeroDivisionError), sandbox.part():
        leave()
        raise ZeroDivisionError
    assert look() == before


LEAK = '''"""Leaves things behind."""


def leak(x):
    import random
    import warnings

    import numpy as np

{body}
    return x


def witness(x):
    """Everything that another part could have changed, as one word."""
    import random
    import warnings

    import numpy as np

    return f"{{np.array([1 / 3])}} {{np.geterr()['over']}} {{random.getrandbits(128) == {{bits}}}} " + str(
        any(kind == "error" and not name for kind, _, _, name, _ in warnings.filters)
    )
'''
BODIES = {
    "quiet": "    pass",
    "loud": "\n".join(
        [
            "    np.set_printoptions(precision=2)",
            '    np.seterr(all="raise")',
            "    random.seed(0)",
            '    warnings.filterwarnings("error")',
        ]
    ),
}
FIRST = """# Question 0

``` part 0a
n = 1
```

What remains?

``` solution
y = leak(n)
answer(y=y)
```
"""
FIRST_RECORD = """
[parts.0a]
title = "What remains"
kind = "concept"
topics = []
verdict = "unkeyed"
because = "Nobody published one."

[parts.0a.answer]
y = 1
"""


def leaking(folder, body):
    """The sample site with a page in front of the other, whose solver leaves things behind; the second page looks."""
    random.seed(0)
    bits = random.getrandbits(128)
    copy_solvers(sample(folder))
    source = LEAK.format(body=BODIES[body], bits="bits").replace("{bits}", str(bits))
    (folder / "solvers/leaks.py").write_text(source, encoding="utf-8")
    (folder / "docs/papers/sample/q0.md").write_text(FIRST, encoding="utf-8")
    change(folder / KEY, "parts = 2", "parts = 3")
    with (folder / KEY).open("a", encoding="utf-8") as key:
        key.write(FIRST_RECORD)
    change(folder / PAGE, "answer(mean=mean)", "seen = witness(a)\nanswer(mean=mean)")
    change(folder / KEY, "total = 3", 'total = 3\nseen = "[0.33333333] warn False False"')
    return folder


@pytest.fixture
def seeded(monkeypatch):
    """`random` starts elsewhere than at seed 0, so that one that was seeded can be told from one that was not."""
    state = random.getstate()
    yield
    random.setstate(state)


def test_one_page_does_not_change_another(tmp_path, seeded):
    """The first page of a build imports numpy, changes what it can, and the second page is the same to the byte."""
    pages = {}
    for body in BODIES:
        folder = leaking(tmp_path / body, body)
        checked, built = run(folder, "solvers", "check"), run(folder, "mkdocs", "build")
        assert checked.code == 0, checked.text
        assert built.code == 0, built.text
        pages[body] = (folder / "site/papers/sample/q1/index.html").read_bytes()
    assert b"0.33333333" in pages["quiet"]
    assert pages["quiet"] == pages["loud"]


def test_without_the_guard_one_page_does_change_another(tmp_path, seeded):
    """The control of the test above."""
    folder = leaking(tmp_path, "loud")
    change(folder / "solvers/site/sandbox.py", "with unchanged():", "with contextlib.nullcontext():")
    ran = run(folder, "solvers", "check")
    assert ran.code == 1
    assert "part 1b: line seen: computed '[0.33] raise" in ran.text


def code(text):
    return compile(text, "page.md", "exec")


@pytest.fixture
def short(monkeypatch):
    monkeypatch.setattr(sandbox, "SECONDS", 0.05)
    monkeypatch.setattr(sandbox, "_watchdog", sandbox._Watchdog())  # the other still sleeps through the usual time


@pytest.mark.parametrize(
    "text", ["while True: pass", "x = sum(1 for _ in range(10**12))", "x = [i for i in iter(int, 1)]"]
)
def test_a_block_without_an_end_is_stopped(short, text):
    with pytest.raises(sandbox.TimeLimit):
        sandbox.run(code(text), {})


def test_a_block_that_catches_everything_is_stopped(short):
    """A solver may say `except Exception`; the limit is none."""
    with pytest.raises(sandbox.TimeLimit):
        sandbox.run(code("while True:\n    try:\n        while True: pass\n    except Exception: pass"), {})


def test_the_limit_of_one_block_does_not_reach_the_next(short):
    with pytest.raises(sandbox.TimeLimit):
        sandbox.run(code("while True: pass"), {})
    for _ in range(20):
        sandbox.run(code("x = 1"), {})
    end = time.monotonic() + 0.15
    while time.monotonic() < end:  # a late interruption would arrive here
        pass


def test_the_limit_works_in_any_thread(short):
    caught = []

    def work():
        try:
            sandbox.run(code("while True: pass"), {})
        except sandbox.TimeLimit:
            caught.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(20)
    assert caught == [True]


def test_blocks_have_few_builtins():
    assert not {
        "open",
        "eval",
        "exec",
        "__import__",
        "getattr",
        "setattr",
        "print",
        "input",
        "compile",
        "vars",
        "globals",
        "type",
        "object",
    } & set(sandbox.BUILTINS)


def test_the_time_is_read_from_the_environment(tmp_path):
    folder = sample(tmp_path)
    change(folder / PAGE, "total = a + c  # add", "total = sum(1 for _ in range(10**12))")
    ran = check(folder, SOLVERS_SECONDS="0.2")
    assert re.search(r"part 1b: ran longer than 0.2 s and was stopped", ran.text)


def test_this_process_was_not_touched():
    """The tests above changed much; the modules of the engine are still those that were imported."""
    assert sys.modules["solvers.site.sandbox"] is sandbox
