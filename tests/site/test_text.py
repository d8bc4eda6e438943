"""Values in an author's text: in words in a sentence, as TeX in a formula, never in code, never too early."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sites import KEY, PAGE, change, line_of

from solvers.exact import Shape
from solvers.site.plaintext import plain
from solvers.site.text import in_text, of


@pytest.fixture
def values(folder, solved):
    """The sample part 1a, filled from; its givens are exact, and one of its lines carries a TeX name."""
    return of(solved()[0]["1a"])


FILLED = {
    "a given": ("x is @{x}.", "x is 3.5."),
    "a negative given": ("@{w}", "−2.0"),
    "in a formula": ("$x = @{x}$", "$x = 3.5$"),
    "negative in a formula": ("$@{w}$", "$-2.0$"),
    "in a displayed formula": ("$$ @{x} $$", "$$ 3.5 $$"),
    "spaces": ("@{ x }", "3.5"),
    "twice": ("@{x} and @{x}", "3.5 and 3.5"),
    "in code": ("`@{x}`", "`@{x}`"),
    "in a comment": ("<!-- @{nothing} -->", "<!-- @{nothing} -->"),
    "braces without a sign": ("{x} and { x }", "{x} and { x }"),
    "an address": ("a@b.c", "a@b.c"),
    "TeX with braces": (r"$\frac{1}{@{x}}$", r"$\frac{1}{3.5}$"),
    "TeX with macros of Jinja": (r"$\{{x}\}$ {# no #}", r"$\{{x}\}$ {# no #}"),
    "no value": ("nothing", "nothing"),
}


@pytest.mark.parametrize("text, expected", FILLED.values(), ids=FILLED)
def test_fill(values, text, expected):
    assert values.fill([(7, text)], solved=False) == [expected]
    assert values.problems == []


COMPUTED = {
    "an answer": ("@{loss}", "4.500"),
    "a line": ("@{neuron.z}", "−9"),
    "a line in a formula": ("$@{neuron.dL_dw}$", "$-1.750$"),
}


@pytest.mark.parametrize("text, expected", COMPUTED.values(), ids=COMPUTED)
def test_computed_values_appear_after_the_solution_only(values, text, expected):
    assert values.fill([(7, text)], solved=True) == [expected]
    assert values.problems == []
    values.fill([(7, text)], solved=False)
    (problem,) = values.problems
    assert problem.line == 7
    assert "is computed; the question and its hints may name givens only" in problem.text


def test_an_unknown_value_is_answered_by_the_nearest(values):
    assert values.fill([(7, "@{los}")], solved=True) == [""]
    (problem,) = values.problems
    assert str(problem) == f"{PAGE}:7: part 1a: @{{los}}: no such value; did you mean 'loss'?"


def test_a_question_is_not_told_the_names_of_what_is_computed(values):
    values.fill([(7, "@{los}")], solved=False)
    (problem,) = values.problems
    assert "loss" not in problem.text


LINES = {
    "lines in a row": ([(7, "a"), (8, "b @{q}")], 8),
    "a formula over lines": ([(7, "a"), (8, "$$"), (9, "@{q}"), (10, "$$")], 9),
    "lines with a gap": ([(7, "a"), (12, "b @{q}")], 12),
    "the first line": ([(7, "@{q}")], 7),
}


@pytest.mark.parametrize("lines, expected", LINES.values(), ids=LINES)
def test_a_problem_has_the_line_of_its_value(values, lines, expected):
    """Text from which an answer or a hint was taken has a gap in its numbers."""
    values.fill(lines, solved=False)
    assert [problem.line for problem in values.problems] == [expected]


def test_the_number_of_lines_stays(values):
    assert values.fill([(7, "a"), (8, "@{x}"), (9, "")], solved=False) == ["a", "3.5", ""]


def test_a_problem_in_a_text_of_the_key_names_the_key(folder, solved):
    change(folder / KEY, "where $x = @{x}$", "where $x = @{q}$")
    (problem,) = solved()[1]
    assert problem.startswith(f"{KEY}:{line_of(folder / KEY, '[parts.1a]')}: part 1a: @{{q}}")


WORDS = {"a vector": ([1, 2], "(1, 2)"), "a number": (0.5, "0.5"), "a word": ("yes", "yes")}


@pytest.mark.parametrize("value, expected", WORDS.values(), ids=WORDS)
def test_in_text(value, expected):
    assert in_text(value) == expected


@pytest.mark.parametrize(
    ("digits", "expected"),
    [
        ("1e-9", "10⁻⁹"),
        ("-1e-9", "−10⁻⁹"),
        ("2.5e-9", "2.5 × 10⁻⁹"),
        ("1.1e-9", "1.1 × 10⁻⁹"),
        ("3.21e12", "3.21 × 10¹²"),
        ("0.5", "0.5"),
    ],
)
def test_powers_of_ten_in_a_sentence(digits, expected):
    assert in_text(Decimal(digits)) == expected


def test_a_shape_in_a_sentence():
    assert in_text(Shape((252, 252, 64))) == "252 × 252 × 64"


@pytest.mark.parametrize(
    "written, read",
    [
        ("a <!-- not for readers --> b", "a b"),
        ("`Conv2D` of *two* [layers](../layers.md)", "Conv2D of two layers"),
        ("$w_i * x_i$ and\n\n``` solution\nx = 1\n```", "$w_i * x_i$ and x = 1"),
    ],
    ids=["a comment", "marks", "a formula and a fence"],
)
def test_a_program_reads_the_words_without_the_marks(written, read):
    assert plain(written) == read
