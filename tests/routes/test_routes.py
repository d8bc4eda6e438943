"""Every numeric or symbolic part has a second route, and the route agrees with the key; one digit more and it does not."""

from __future__ import annotations

import ast
import re
from decimal import Decimal
from pathlib import Path

import bits
import ist
import numpy as np
import pytest
import uva
import uva_sheet
from routes import ROUTES, Formula, Near, answers, differs, route

pytestmark = pytest.mark.filterwarnings("ignore:the matrix subclass:PendingDeprecationWarning")

ANSWERS = answers()
WITHOUT: dict[str, str] = {}  # part -> why it has no second route; at most one in twenty
MODULES = [bits, ist, uva, uva_sheet]


def missing(parts, routes, excused):
    """The parts that have neither a route nor an excuse."""
    return sorted(set(parts) - set(routes) - set(excused))


def test_every_part_has_a_route_or_an_excuse():
    assert missing(ANSWERS, ROUTES, WITHOUT) == []
    assert set(ROUTES) - set(ANSWERS) == set(), "routes of parts that are not there"
    assert not set(WITHOUT) - set(ANSWERS) and not set(WITHOUT) & set(ROUTES)
    assert len(WITHOUT) <= len(ANSWERS) / 20 and all(WITHOUT.values())


@pytest.fixture(scope="module")
def found():
    cache = {}
    return lambda part: cache.setdefault(part, ROUTES[part]())


@pytest.mark.parametrize("part", ROUTES)
def test_the_second_route_leads_to_the_same_answers(part, found):
    assert set(found(part)) == set(ANSWERS[part])
    for label, digits in ANSWERS[part].items():
        assert differs(found(part)[label], digits) == "", label


def another(value, digits):
    """Ways to change one number, word or expression a little, each entry of a list in its turn."""
    if isinstance(value, Formula):
        return [f"({digits}) + 0.001", f"1.02 * ({digits}) - 0.01"]
    if isinstance(digits, list):
        pairs = enumerate(zip(value, digits))
        return [[*digits[:n], new, *digits[n + 1 :]] for n, (cell, held) in pairs for new in another(cell, held)]
    if isinstance(digits, Decimal):
        unit = Decimal((0, (1,), digits.as_tuple().exponent))
        return [digits + 2 * unit, digits - 2 * unit]  # a value near half a unit agrees with two neighbours
    if isinstance(digits, int):
        return [digits + 1, digits - 1]
    if re.fullmatch(r"-?\d+(/\d+)?", digits):
        return [digits + "1"]
    return [f"no {digits}"]


@pytest.mark.parametrize("part", ROUTES)
def test_a_route_contradicts_every_other_key(part, found):
    for label, digits in ANSWERS[part].items():
        for wrong in another(found(part)[label], digits):
            assert differs(found(part)[label], wrong), f"{label} = {wrong}"


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_no_route_knows_a_solver_or_a_key(module):
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not [name for name in imported if name.split(".")[0] == "solvers"]
    named = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert not named & {"open", "answers", "import_module", "__import__", "eval", "exec"}


def test_a_missing_route_is_named():
    assert missing({"paper/1a": {}, "paper/1b": {}, "paper/1c": {}}, {"paper/1a": None}, {"paper/1b": "why"}) == [
        "paper/1c"
    ]


def test_a_part_has_one_route():
    with pytest.raises(AssertionError, match="has a route already"):
        route("bits-dnn-2022s2-endsem/3c")(lambda: {})


AGREE = [
    (0.4649, Decimal("0.465")), (5, 5), (5.0, 5), (7 / 6, "7/6"), (np.array([1.0, 2.0]), [1, 2]), ("AI", "AI"),
    (Near(1.05, 0.1), 1), (Formula(lambda x, y: y + x), "x + y"), ([[0.25]], [[Decimal("0.25")]]), (Formula(lambda x: 1), 1),
]  # fmt: skip
DIFFER = [
    (0.4644, Decimal("0.465")), (5.01, 5), (6, 5), (1.1666, "7/6"), ([1.0], [1, 2]), (1.0, [1]), ("AI", "is"),
    (Near(1.15, 0.1), 1), (Formula(lambda x, y: y - x), "x + y"), ([[0.25]], [[Decimal("0.26")]]), (Formula(lambda x: x), 1),
]  # fmt: skip


@pytest.mark.parametrize("value, digits", AGREE, ids=repr)
def test_what_agrees(value, digits):
    assert differs(value, digits) == ""


@pytest.mark.parametrize("value, digits", DIFFER, ids=repr)
def test_what_differs(value, digits):
    assert differs(value, digits)
