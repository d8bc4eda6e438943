"""New numbers where the answer is not a number: a choice, a sentence, an expression."""

from __future__ import annotations

import json
import re

import pytest
from sites import KEY, PAGE, change

from solvers.site import draws, variants
from solvers.site.project import Project

CHOICE = """What is the mean?

- [x] a. The middle.

    Right: here it is $@{mean}$.

- [ ] b. The sum.

    No, that is $@{total}$.
"""


def _key(folder, kind="", answer=""):
    """Another kind of question, or another answer, in the record of part 1b."""
    rest = '"\ntopics = []\nverdict = "agrees"'
    if kind:
        change(folder / KEY, 'kind = "numeric' + rest, f'kind = "{kind}{rest}')
    if answer:
        both = "[parts.1b.answer]\n{0}\n\n[parts.1b.printed]\n{0}"
        change(folder / KEY, both.format("mean = 1.5"), both.format(answer))


def _drawn(folder, solved, ranges):
    """Part 1b with ranges for its givens: the part, its draws, the problems."""
    change(folder / PAGE, "a, c = 1, 2", f"a, c = 1, 2\n{ranges}")
    parts, problems = solved()
    assert not problems
    return parts["1b"], *draws.of(parts["1b"], "sample")


def test_every_draw_of_a_choice_says_which_option_is_right_and_why(folder, solved):
    change(folder / PAGE, "What is the mean of @{a} and @{c}?", CHOICE)
    change(folder / PAGE, "answer(mean=mean)", "choices(a=2 * mean == total)")
    change(folder / PAGE, "!!! answer\n    It is $@{mean}$.", "")
    _key(folder, kind="mcq")
    _key(folder, answer='right = ["a"]')
    change(folder / KEY, "total = 3", "total = 3\nmean = 1.5")
    change(folder / KEY, 'because = "The key is right."', 'because = "The key is right."\ncomputed = ["a"]')
    _, taken, problems = _drawn(folder, solved, "# vary a in 1..9; c in 1..9")
    assert not problems and len(taken) == draws.COUNT
    for drawn in taken:
        total = drawn.run.givens["a"] + drawn.run.givens["c"]
        said = re.sub("<[^>]+>", "", variants.slots(drawn, Project(folder / "docs"))["answer"])
        assert "a is right." in said and "b is wrong." in said
        assert f"No, that is \\({total}\\)" in said


def _asks_for_what_never_changes(folder):
    change(folder / PAGE, "answer(mean=mean)", "rest = total - 2 * mean\nanswer(rest=rest)")
    change(folder / PAGE, "It is $@{mean}$.", "Nothing is left.")
    _key(folder, answer="rest = 0")
    change(folder / KEY, "total = 3", "total = 3\nmean = 1.5")


def test_a_draw_may_come_out_at_the_same_answer_when_the_question_asks_for_words(folder, solved):
    _asks_for_what_never_changes(folder)
    _key(folder, kind="concept")
    _, taken, problems = _drawn(folder, solved, "# vary a in 1..9; c in 1..9")
    assert not problems and len(taken) == draws.COUNT
    assert all(drawn.shown["mean"] != 1.5 for drawn in taken)


def test_a_draw_of_asked_numbers_may_not(folder, solved):
    _asks_for_what_never_changes(folder)
    _, _, problems = _drawn(folder, solved, "# vary a in 1..9; c in 1..9")
    assert "the paper's own answer" in str(problems[0])


def test_every_piece_of_a_draw_names_its_form_even_where_nothing_is_asked_for_in_a_box(folder, solved):
    _key(folder, kind="concept")
    _, taken, _ = _drawn(folder, solved, "# vary a in 1..9; c in 1..9")
    written = variants.script_of("sample/1b", [variants.slots(drawn, Project(folder / "docs")) for drawn in taken])
    data = json.loads(written[written.index("{") : written.rindex("}") + 1])
    pieces = [
        piece for draw in data["draws"] for slot in draw for piece in slot.split("|")
    ]  # as the page's script reads it
    assert all(data["forms"][int(piece.split(" ")[0])] is not None for piece in pieces)
    assert {data["forms"][int(draw[data["slots"].index("tries")])] for draw in data["draws"]} == {""}


@pytest.mark.parametrize(("divisor", "digits"), [("7", "0.429"), ("(a + 4)", "0.600")])
def test_what_the_key_rounds_is_rounded_in_every_draw(folder, solved, divisor, digits):
    change(folder / PAGE, "mean = total / 2", f"mean = total / {divisor}")
    _key(folder, answer=f"mean = {digits}")
    _, taken, problems = _drawn(folder, solved, "# vary a in 1..9; c in 1..9")
    assert not problems
    for drawn in taken:
        a, c = drawn.run.givens["a"], drawn.run.givens["c"]
        shown = float(str(drawn.shown["mean"]))  # a fraction such as 5/7 would be no float
        assert abs(shown - (a + c) / (7 if divisor == "7" else a + 4)) < 0.0051


def test_what_the_key_writes_as_a_fraction_stays_one(folder, solved):
    change(folder / PAGE, "mean = total / 2", "mean = total / 7")
    _key(folder, answer='mean = "3/7"')
    _, taken, _ = _drawn(folder, solved, "# vary a in 1..5; c in 1..9")
    sevenths = [drawn for drawn in taken if (drawn.run.givens["a"] + drawn.run.givens["c"]) % 7]
    assert sevenths and all(str(drawn.shown["mean"]).endswith("/7") for drawn in sevenths)
