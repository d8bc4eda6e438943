"""Numerals of an author's text: which may be typed, and which have to come from the computation."""

from __future__ import annotations

import pytest
from sites import KEY, PAGE, ROOT, change, check, line_of, quick

from solvers.site import draws, numerals
from solvers.site.project import Project


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It costs 7 pixels.", ["7"]),
        ("It costs @{n} pixels, or $@{m} + 7$.", ["7"]),
        ("About 0.25 of $3 x$, `x = 12` and <!-- 13 --> nothing else.", ["0.25", "3"]),
        ("GPT-3 reads base 10, $x_{12}$ and $W_3$.", []),
        ("CLIP reads 400 million pairs [@radford2021, section 2.2]. That is 5 times as many.", ["5"]),
        ("1. First.\n2. Second, at 30.", ["30"]),
        ("[question 4](q4.md#4a) is next{: .x4 }.", ["4"]),
        ("The model v2.1 and ReLU6.", []),
        ("−0.5 in place of −5", ["0.5", "5"]),
    ],
)
def test_what_counts_as_typed(text, found):
    assert [numeral for numeral, _ in numerals.typed(text)] == found


@pytest.mark.parametrize(
    ("file", "old", "new", "numeral"),
    [
        (PAGE, "Half of $@{total}$.", "Half of $@{total}$, which is 7.", "7"),
        (PAGE, "It is $@{mean}$.", "It is $1.50$.", "1.50"),
        (PAGE, "total = a + c  # add", "total = a + c  # add, at most 9", "9"),
        (KEY, 'because = "The key is right."', 'because = "The key is right within 5 percent."', "5"),
        (KEY, "The input $x$ is left out", "The input 3.5 is left out", "3.5"),
    ],
)
def test_a_typed_number_is_refused_by_check_and_by_the_build(folder, file, old, new, numeral):
    change(folder / file, old, new)
    for ran in (check(folder), quick(folder, "mkdocs", "build", "--strict")):
        assert ran.code != 0 and f"{numeral} is typed; write the given, line or answer" in ran.text, ran.text
        assert f"{file}:" in ran.text and "Traceback" not in ran.text


def test_the_line_of_a_typed_number_is_named(folder):
    change(folder / PAGE, "Half of $@{total}$.", "Half of $@{total}$,\n\nand then\n37 more.")
    assert f"{PAGE}:{line_of(folder / PAGE, '37 more')}: part 1b: 37 is typed" in check(folder).text


@pytest.mark.parametrize("text", ["Half of 1, 2 or 0.", "Half of what the key prints, 0.0180.", "Half of $w + b$, or 4."])
def test_what_the_key_writes_may_be_typed(folder, text):
    change(folder / PAGE, "The output is $@{y_hat}$,", f"{text} The output is $@{{y_hat}}$,")
    ran = check(folder)
    assert (ran.code == 0) is ("4" not in text), ran.text  # 4 stands nowhere


def test_no_page_of_this_repository_types_a_number():
    typed = [str(problem) for _, part in draws.parts_of(Project(ROOT / "docs")) for problem in numerals.problems(part)]
    assert typed == []
