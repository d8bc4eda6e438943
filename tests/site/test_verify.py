"""A built site is read back: one digit changed in its files is found, and named with its row."""

from __future__ import annotations

import pytest
from sites import run, sample

from solvers.site import verify
from solvers.site.project import Project

FILE = "site/papers/sample/q1/index.html"


@pytest.fixture
def built(tmp_path, monkeypatch):
    sample(tmp_path)
    monkeypatch.chdir(tmp_path)
    ran = run(tmp_path, "mkdocs", "build")
    assert ran.code == 0, ran.text
    return tmp_path


def problems(folder):
    return [str(problem) for problem in verify.site(Project(folder / "docs"), folder / "site")]


def test_a_built_site_is_that_of_its_keys(built):
    assert problems(built) == []


BROKEN = {
    "words of a row": ("≈ −1.750</span>", "≈ −1.751</span>", "1a.neuron.dL_dw: the page"),
    "a box": ('data-value="4.500"', 'data-value="4.501"', "4.501"),
    "what a box knows": ("key:0:0.0180", "key:0:0.0181", "key:0:0.0181"),
    "words of an answer": ("y hat ≈ 0.0001234</span>", "y hat ≈ 0.0001235</span>", "ul answers: the page has"),
    "a printed value": (">0.0180</span></td>", ">0.0170</span></td>", "table published: the page has"),
}


@pytest.mark.parametrize("old, new, says", BROKEN.values(), ids=BROKEN)
def test_a_changed_digit_is_found(built, old, new, says):
    file = built / FILE
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert any(FILE in problem and says in problem for problem in problems(built)), problems(built)


def test_a_changed_formula_is_found(built):
    file = built / FILE
    text = file.read_text(encoding="utf-8")
    at = text.index('<span class="mord">4.500</span>')
    file.write_text(text[:at] + text[at:].replace("4.500", "4.600", 1), encoding="utf-8")
    found = problems(built)
    assert any("due is" in problem for problem in found) and any("digits that are seen" in problem for problem in found)


def test_a_row_that_is_written_wrong_twice_is_found_by_the_key(built):
    """The writers of formulas and of words agree, and what is due is wrong as well: the key still says otherwise."""
    rows = verify.Reader(
        '<ol class="steps"><li id="1b.total"><span aria-hidden="true">3</span><span class="twin">total = 4</span></li></ol>'
    ).rows
    found = [str(problem) for problem in verify.compared(built / FILE, rows, rows, {"1b.total": 3})]
    assert len(found) == 1 and "1b.total: the page ends with 'total = 4', the key says 3" in found[0]


def test_the_titles_of_the_navigation_are_no_rows():
    title = '<li><span aria-hidden="true"></span><span class="twin">Paper 2022</span></li>'
    assert verify.Reader(f"<nav><ul>{title}</ul></nav>").rows == []
    assert len(verify.Reader(f"<ul>{title}</ul>").rows) == 1


def test_rows_that_are_missing_and_pages_that_are_missing(built):
    text = (built / FILE).read_text(encoding="utf-8")
    start = text.index('<li id="1b.total"')
    (built / FILE).write_text(text[:start] + text[text.index("</li>", start) + 5 :], encoding="utf-8")
    assert any("1b" in problem or "rows" in problem for problem in problems(built))
    (built / FILE).unlink()
    assert any("there is no such page; build the site first" in problem for problem in problems(built))


def test_the_command(built):
    good = run(built, "solvers", "verify")
    assert (good.code, good.out.strip()) == (0, "site: its numbers are those of the keys and solvers")
    text = (built / FILE).read_text(encoding="utf-8")
    (built / FILE).write_text(text.replace('data-value="4.500"', 'data-value="4.600"'), encoding="utf-8")
    bad = run(built, "solvers", "verify")
    assert bad.code == 1 and FILE in bad.err
    assert run(built, "solvers", "verify", "nowhere").code == 1


@pytest.mark.parametrize(
    "heard, number",
    [
        ("N = 1 968 129", 1968129),
        ("x ≈ −9.5·10^-7", "-0.00000095"),
        ("r = 7/6", "7/6"),
        ("total 4 = 44 608 + 257 = 44 865", 44865),
    ],
)
def test_the_number_that_a_row_ends_with(heard, number):
    from fractions import Fraction

    assert verify._last(heard) == Fraction(number)


def test_what_ends_with_a_word_has_none():
    assert verify._last("z = the largest") is None
