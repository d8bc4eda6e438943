"""A solved part as HTML: one row per line, the same in words for those who do not see it, marks that do not need colour."""

from __future__ import annotations

import re
from html import unescape

import pytest
import sympy
from sites import KEY, PAGE, change

from solvers.dialects import WORDS, write_value
from solvers.exact import Choice, Shape
from solvers.site import maths, published, render
from solvers.site.key import VERDICTS

DISPLAY = "\\displaystyle "
x = sympy.Symbol("x")


@pytest.fixture
def parts(solved, monkeypatch):
    """The parts of the sample site, with every formula left as its TeX: what KaTeX makes of it is tested elsewhere."""
    monkeypatch.setattr(maths, "to_html", lambda tex, *_, **__: f"[{tex.removeprefix(DISPLAY)}]")
    return lambda: solved()[0]


def cells(html):
    """Each row: (id, the formulas, the reason, the words)."""
    found = []
    for row in re.findall(r"<li.*?</li>", html, re.S):
        name = re.search(r'<li id="([^"]*)"', row)
        why = re.search(r'class="why">(.*?)</span>', row)
        words = re.search(r'class="twin">(.*?)</span>', row)
        formulas = re.findall(r'<span class="(?:sym|num|val)">\[(.*?)\]</span>', row)
        found.append((name and name[1], formulas, why and why[1], unescape(words[1])))
    return found


def test_a_line_is_symbols_numbers_and_value(parts):
    assert cells(render.derivation(parts()["1b"])) == [
        ("1b.total", [r"\text{total} = a + c", "= 1 + 2", "= 3"], "add", "total = a + c = 1 + 2 = 3"),
        (
            "1b.mean",
            [r"\text{mean} = \frac{\text{total}}{2}", r"= \frac{3}{2}", "= 1.5"],
            "halve",
            "mean = total / 2 = 3 / 2 = 1.5",
        ),
    ]


def test_a_trace_stands_under_its_caption_and_summary(parts):
    html = render.derivation(parts()["1a"])
    assert html.startswith('<p class="steps-caption"><strong>The neuron</strong> <span>Sigmoid neuron with one input')
    assert [name for name, *_ in cells(html)] == [
        f"1a.neuron.{n}" for n in ("z", "y_hat", "loss", "dL_dz", "dL_dw", "dL_db")
    ]


def test_exact_is_equal_and_rounded_is_about(parts):
    rows = {name: (formulas[-1], words) for name, formulas, _, words in cells(render.derivation(parts()["1a"]))}
    assert rows["1a.neuron.z"][0] == "= -9"
    assert rows["1a.neuron.y_hat"][0] == r"\approx 0.0001234"
    assert rows["1a.neuron.loss"][0] == r"\approx 4.500"  # the zeros of the key are shown
    assert rows["1a.neuron.loss"][1].endswith("≈ 4.500")


def test_exact_digits_that_are_cut_are_about(parts, folder):
    change(folder / PAGE, "mean = total / 2", "mean = total / 8")
    for table in ("answer", "printed"):
        change(folder / KEY, f"[parts.1b.{table}]\nmean = 1.5", f"[parts.1b.{table}]\nmean = 0.38")
    assert cells(render.derivation(parts()["1b"]))[1][1][-1] == r"\approx 0.38"


def test_an_operand_is_written_with_the_digits_of_its_line(parts):
    rows = {name: words for name, _, _, words in cells(render.derivation(parts()["1a"]))}
    assert "= 0.0001234 − 0.5 ≈ −0.4999" in rows["1a.neuron.dL_dz"]


def test_a_prefix_keeps_the_ids_of_two_pages_apart(parts):
    html = render.derivation(parts()["1b"], prefix="sample.")
    assert [name for name, *_ in cells(html)] == ["sample.1b.total", "sample.1b.mean"]


def test_every_formula_has_its_words(parts):
    for part in parts().values():
        for html in (
            render.derivation(part),
            render.answers(part),
            render.givens(part),
            published.table(part),
        ):
            rows, cells = html.count('class="maths">'), html.count('<span aria-hidden="true">')
            assert rows + cells == html.count('class="twin">') - len(re.findall("[✓✗]<|>agreement<", html))


def test_what_is_written_by_hand_cannot_break_the_page(parts, folder):
    change(folder / PAGE, "total = a + c  # add", "# <b>first\ntotal = a + c  # add <script>")
    html = render.derivation(parts()["1b"])
    assert "<script>" not in html and "<b>" not in html
    assert "add &lt;script&gt;" in html and "&lt;b&gt;first" in html


def test_answers(parts):
    (_, _, _, words), (_, _, _, loss) = cells(render.answers(parts()["1a"]))
    assert (words, loss) == ("y hat ≈ 0.0001234", "loss L ≈ 4.500")
    assert [words for *_, words in cells(render.answers(parts()["1b"]))] == ["mean = 1.5"]


def test_givens(parts):
    assert [words for *_, words in cells(render.givens(parts()["1a"]))] == [
        "x = 3.5",
        "y = 0.5",
        "w = −2.0",
        "b = −2.0",
    ]


def test_published_values_stand_beside_ours(parts):
    html = published.table(parts()["1a"])
    rows = re.findall(r'<tr class="(same|differs)">(.*?)</tr>', html)
    written = [(kind, re.findall(r'class="twin">(.*?)<', row)) for kind, row in rows]
    assert written == [
        ("differs", ["y hat", "0.0180", "0.0001234", "differs"]),
        ("same", ["z", "−9", "−9", "agrees"]),
        ("differs", ["d L by d b", "−0.482", "−0.4999", "differs"]),
    ]
    assert html.count("✗") == 2 and html.count("✓") == 1


@pytest.mark.parametrize(
    "digits, like, shown",
    [
        ("b", Choice(["a"]), "b"),
        (["b", "c"], Choice(["a"]), "b, c"),
        ([3, 4], Shape((3, 5)), "3 by 4"),
        (["2*x", 1], [x, 1], "[2·x, 1]"),
        ([["2*x", 1], [0, "x"]], sympy.Matrix([[x, 1], [0, x]]), "Matrix([[2·x, 1], [0, x]])"),
        ("about one", 1, "about one"),
    ],
    ids=["an option", "two options", "a shape", "a list of expressions", "a matrix of them", "words for a number"],
)
def test_published_digits_are_written_as_the_kind_of_value_that_they_stand_for(digits, like, shown):
    assert write_value(published.digits_shown(digits, like, {"x": x}), WORDS) == shown


def test_a_re_run_is_called_what_its_record_calls_it(parts, folder):
    change(folder / KEY, "mean = 1.5\n\n[parts.1b.lines]", "mean = 3\n\n[parts.1b.lines]")
    change(
        folder / KEY,
        'verdict = "agrees"\nbecause = "The key is right."',
        'verdict = "convention"\nbecause = "It says 3."',
    )
    with (folder / KEY).open("a", encoding="utf-8") as key:
        key.write('\n[[parts.1b.conventions]]\ntext = "The sum."\nreplace = { mean = "total" }\nlands = ["mean"]\n')
    found = parts()
    assert [published.lead(part, part.reruns[0][0]) for part in found.values()] == ["The slip", "The convention"]


def test_nothing_published_is_no_table(parts, folder):
    change(folder / KEY, "[parts.1b.printed]\nmean = 1.5\n", "")
    change(folder / KEY, '"agrees"', '"unkeyed"')
    assert published.table(parts()["1b"]) == ""


def test_a_slip_shows_what_was_changed_and_what_it_lands_on(parts):
    part = parts()["1a"]
    ((rerun, run),) = part.reruns
    rows = cells(published.rerun_lines(part, run, rerun.lands))
    assert [words for *_, words in rows] == [
        "y hat = sigma(w + b) ≈ 0.0180",
        "d L by d b = d L by d z ≈ −0.482",
    ]
    assert [why for _, _, why, _ in rows] == ["as printed", "as printed"]


def test_a_table_has_a_column_per_label(parts, folder):
    change(folder / PAGE, "a, c = 1, 2", "a, c = 1, 2\nv = [1, 0.5]")
    change(folder / PAGE, "answer(mean=mean)", 'table(v="v")\nanswer(mean=mean)')
    html = render.tables(parts()["1b"])
    assert re.findall(r'<td>.*?class="twin">(.*?)</span></td>', html) == ["1", "0.5"]
    assert re.findall(r'<th>.*?class="twin">(.*?)</span></th>', html) == ["v"]


@pytest.mark.parametrize("verdict", VERDICTS)
def test_a_verdict_is_told_in_words_and_by_an_icon(verdict):
    html = render.badge(verdict)
    icon, words = render.BADGES[verdict]
    assert f'<span aria-hidden="true">{icon}</span> {words}</span>' in html
    assert f"verdict-{verdict}" in html


def test_no_two_verdicts_have_the_same_words():
    assert len({words for _, words in render.BADGES.values()}) == len(VERDICTS)


def test_the_derivation_in_words(parts):
    assert list(render.text_of(parts()["1b"])) == [
        "  total = a + c = 1 + 2 = 3    (add)",
        "  mean = total / 2 = 3 / 2 = 1.5    (halve)",
    ]
    first, caption, line, *_ = render.text_of(parts()["1a"])
    assert first == ""
    assert caption.startswith("The neuron. Sigmoid neuron with one input")
    assert line == "  z = w · x + b = −2.0 · 3.5 + (−2.0) = −9    (weighted input)"


def test_code_is_coloured_and_safe():
    html = render.code("x = '<b>'  # c")
    assert 'class="highlight"' in html
    assert "&lt;b&gt;" in html and "<b>" not in html
