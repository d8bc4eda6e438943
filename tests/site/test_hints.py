"""Hints: each rule broken once on the sample site, which has to refuse it; and what the rules must not refuse."""

from __future__ import annotations

import re

import pytest
from sites import KEY, PAGE, change, check, line_of, sample
from test_negative_controls import Broken, assert_refused, both
from test_pages import IDS, solved

from solvers.site.parts import solve

HINT = "Add, then halve."
TWO = "Add the two.\n\n??? hint\n    Halve."
CASES = [
    Broken("a hint with the answer", PAGE, HINT, "It is 1.5.", (PAGE, "It is 1.5"), "part 1b: hint 1 tells a number: 1.5 is mean"),
    Broken("a hint with the answer in a formula", PAGE, HINT, "Write $m = 1.50$.", (PAGE, "Write $m"), "part 1b: hint 1 tells a number: 1.50 is mean"),
    Broken("a hint with the answer in code", PAGE, HINT, "Write `1.5`.", (PAGE, "Write `1.5"), "part 1b: hint 1 tells a number: 1.5 is mean"),
    Broken("a second hint with the answer", PAGE, HINT, TWO.replace("Halve.", "You get 1.5."), (PAGE, "You get"), "part 1b: hint 2 tells a number: 1.5 is mean"),
    Broken("a hint with a line of the derivation", PAGE, "Weigh the input:", "It is -1.750 here:", (PAGE, "It is -1.750"), "part 1a: hint 1 tells a number: 1.750 is neuron.dL_dw"),
    Broken("a hint with a line, rounded", PAGE, "Weigh the input:", "About −0.50, so 1.75:", (PAGE, "About"), "part 1a: hint 1 tells a number: 1.75 is neuron.dL_dw"),
    Broken("a first hint with an equation", PAGE, HINT, TWO.replace("the two", "the two, $s = a + c$"), (PAGE, "Add the two"), "part 1b: hint 1 of 2 gives the idea in words"),
    Broken("a first hint with a formula of its own line", PAGE, HINT, TWO.replace("the two.", "the two:\n\n    $$a + c$$"), (PAGE, "$$a"), "part 1b: hint 1 of 2 gives the idea in words"),
    Broken("a numeric part without a hint", PAGE, f"??? hint\n    {HINT}\n", "", (PAGE, "``` part 1b"), "part 1b: a numeric part has a hint"),
]  # fmt: skip
ALLOWED = [
    "With @{a} and @{c}, add and halve.",  # givens by name
    "There are 2 of them: add 1 and 2.",  # counting numbers, and givens as typed
    "The sum is 3 in all.",  # one digit tells nothing that counting does not
    "Add the 12 months of 2024, then halve.",  # numbers that nothing here computes
    TWO.replace("Halve.", "Then $m = (a + c) / 2$."),  # a later hint may give the formula
    TWO.replace("the two.", r"them: $\\sum_{i=1}^{2}$."),  # an index is no equation
    "Look at part 1.5b, or at 11.5 and 1.57.",  # other numbers that contain the digits
    "Add, then halve. <!-- 1.5 -->",
]


@pytest.mark.parametrize("case", CASES, ids=[case.what for case in CASES])
def test_a_hint_that_tells_too_much_is_refused(case, tmp_path):
    folder = sample(tmp_path)
    change(folder / case.file, case.old, case.new)
    file, *marker = case.at
    for ran in both(folder):
        assert_refused(ran, f"{file}:{line_of(folder / file, *marker)}: ", case.says)


@pytest.mark.parametrize("hint", ALLOWED)
def test_a_hint_that_leads_is_left_alone(hint, tmp_path):
    folder = sample(tmp_path)
    change(folder / PAGE, HINT, hint)
    ran = check(folder)
    assert ran.code == 0, ran.text


@pytest.mark.parametrize("written", ["7/6", r"$\frac{17}{12}$", "17/12", r"$\tfrac{17}{12}$"])
def test_fractions_count_from_two_digits(written, tmp_path):
    """7/6 is no value of this part; 17/12 is one."""
    folder = sample(tmp_path)
    change(folder / PAGE, "mean = total / 2  # halve", "mean = total * 17 / 36  # a part of it")
    change(folder / KEY, "[parts.1b.answer]\nmean = 1.5", "[parts.1b.answer]\nmean = '17/12'")
    change(folder / KEY, "[parts.1b.printed]\nmean = 1.5", "[parts.1b.printed]\nmean = '17/12'")
    change(folder / PAGE, HINT, f"See {written}.")
    ran = check(folder)
    assert (ran.code == 0) is ("17" not in written), ran.text


def test_another_kind_of_part_needs_no_hint(tmp_path):
    folder = sample(tmp_path)
    change(folder / PAGE, f"??? hint\n    {HINT}\n", "")
    change(folder / KEY, 'title = "A mean"\nkind = "numeric"', 'title = "A mean"\nkind = "concept"')
    ran = check(folder)
    assert ran.code == 0, ran.text


@pytest.mark.parametrize("id_", IDS)
def test_no_hint_of_this_repository_could_take_up_an_answer_unseen(id_):
    """Each shown decimal of each part, written into its last hint: refused, unless the question gives it."""
    section, paper, file = solved(id_)
    part = solve(section, paper, file)
    assert part.problems == []
    told = [str(value) for value in part.shown.values() if re.fullmatch(r"-?\d+\.\d*[1-9]\d*[1-9]", str(value))]
    for digits in told[:3] if section.hints else []:
        line, text = section.hints[-1][-1]
        section.hints[-1][-1] = (line, f"{text} It is {digits}.")
        problems = [problem.text for problem in solve(section, paper, file).problems]
        section.hints[-1][-1] = (line, text)
        given = digits.lstrip("-") in section.givens.body
        assert given or any(f"tells a number: {digits.lstrip('-')}" in text for text in problems), digits
