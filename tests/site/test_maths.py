"""TeX becomes HTML while the site is built, bad TeX is an error with its line, and a cache never decides anything."""

from __future__ import annotations

import pytest

from solvers.site import maths, rendered


@pytest.fixture(autouse=True)
def fresh(tmp_path, monkeypatch):
    """A cache of its own, in a working directory of its own."""
    monkeypatch.chdir(tmp_path)
    rendered._cache.cache_clear()
    yield
    rendered._cache.cache_clear()


def test_a_formula_has_html_for_eyes_and_mathml_for_ears():
    html = maths.to_html(r"\frac{1}{2}")
    assert '<span class="katex-html" aria-hidden="true">' in html
    assert "<math " in html
    assert r'<annotation encoding="application/x-tex">\frac{1}{2}</annotation>' in html


def test_a_formula_of_a_row_has_html_only():
    html = maths.to_html("x", output="html")
    assert "katex-html" in html
    assert "<math" not in html


def test_display_and_inline_differ():
    assert "katex-display" in maths.to_html("x", display=True)
    assert "katex-display" not in maths.to_html("x")


BAD = {
    "an unknown command": (r"\hatt x", r"Undefined control sequence: \hatt"),
    "an open group": (r"\frac{1", "Unexpected end of input"),
    "a group too many": ("x}", "Expected 'EOF', got '}'"),
    "an open bracket": (r"\left( x", r"Expected '\right'"),
    "an environment": (r"\begin{aligned} x", "Expected & or"),
    "text that is no maths": ("a % b", "comment"),
    "two powers": ("x^2^3", "Double superscript"),
}


@pytest.mark.parametrize("tex, says", BAD.values(), ids=BAD)
def test_bad_tex_is_an_error_with_its_reason(tex, says):
    with pytest.raises(maths.MathsError) as caught:
        maths.to_html(tex)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


GOOD = [
    "x",
    "",
    "é",
    r"\text{größer}",
    r"\$5",
    "a < b & c",
    '"',
    "'",
    "\\\\",
    "∑ → ≈",
    r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}",
]


@pytest.mark.parametrize("tex", GOOD)
def test_good_tex_passes(tex):
    if tex == "a < b & c":
        with pytest.raises(maths.MathsError):  # a bare & belongs into an environment
            maths.to_html(tex)
    else:
        assert maths.to_html(tex)


def test_tex_cannot_break_out_of_the_page():
    assert "<script" not in maths.to_html(r"\text{<script>alert(1)</script>}")


def test_the_cache_gives_what_katex_gave(tmp_path):
    first = maths.to_html("x^2")
    assert list((tmp_path / ".cache").glob("rendered.sqlite"))
    rendered._cache.cache_clear()
    assert maths.to_html("x^2") == first


def test_a_cached_formula_is_not_set_again(monkeypatch):
    first = maths.to_html("x^2")
    rendered._cache.cache_clear()
    monkeypatch.setattr(maths, "_typeset", lambda *_: pytest.fail("set again"))
    assert maths.to_html("x^2") == first


def test_display_inline_and_output_have_entries_of_their_own():
    forms = {
        maths.to_html("x", display, output)
        for display in (False, True)
        for output in ("html", "mathml", "htmlAndMathml")
    }
    assert len(forms) == 6


def test_another_katex_has_entries_of_its_own(monkeypatch):
    maths.to_html("x")
    monkeypatch.setattr(maths, "_version", lambda: "another")
    monkeypatch.setattr(maths, "_typeset", lambda *_: "set by another")
    assert maths.to_html("x") == "set by another"


def test_another_text_is_another_entry():
    assert rendered.rendered("r", "a", lambda: "A") == "A"
    assert rendered.rendered("r", "b", lambda: "B") == "B"
    assert rendered.rendered("s", "a", lambda: "C") == "C"
    assert rendered.rendered("r", "a", lambda: pytest.fail("rendered again")) == "A"


DAMAGE = {
    "no database": lambda file: file.write_bytes(b"not a database" * 100),
    "an empty file": lambda file: file.write_bytes(b""),
    "a folder": lambda file: file.mkdir(),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_without_a_usable_cache_every_formula_is_set_anew(tmp_path, damage):
    expected = maths.to_html("x")
    (file,) = (tmp_path / ".cache").glob("rendered.sqlite")
    rendered._cache().file.close()
    rendered._cache.cache_clear()
    file.unlink()
    damage(file)
    assert maths.to_html("x") == expected


def test_a_file_in_the_place_of_the_cache_folder_is_done_without(tmp_path):
    (tmp_path / ".cache").write_text("in the way")
    assert maths.to_html("x")


def test_bad_tex_is_not_cached(tmp_path):
    for _ in range(2):
        with pytest.raises(maths.MathsError):
            maths.to_html(r"\frac{1")


FORMULAS = {
    "inline": ("a $x$ b", [("x", False, 1)]),
    "display": ("a\n\n$$\nx + y\n$$", [("x + y", True, 3)]),
    "on its line": ("a\n\nb $x$ and\n$y$", [("x", False, 3), ("y", False, 4)]),
    "in code": ("`$x$`", []),
    "in a fence": ("```\n$x$\n```\n$y$", [("y", False, 4)]),
    "in a longer fence": ("````\n```\n$x$\n```\n````\n$y$", [("y", False, 6)]),
    "in an indented fence": ("- a\n\n    ```\n    $x$\n    ```\n\n$y$", [("y", False, 7)]),
    "in a fence of tildes": ("~~~\n$x$\n~~~\n$y$", [("y", False, 4)]),
    "in a fence closed by more": ("```\n$x$\n`````\n$y$", [("y", False, 4)]),
    "a dollar in a fence": ("``` python\nprice = '$5'\n```\n\n$y$ costs $6", [("y", False, 5)]),
    "in a comment": ("<!-- $x$ -->", []),
    "money": ("$5 or $6", []),
    "in a table": ("| $x$ | $y$ |", [("x", False, 1), ("y", False, 1)]),
}


@pytest.mark.parametrize("text, expected", FORMULAS.values(), ids=FORMULAS)
def test_formulas(text, expected):
    assert list(maths.formulas(text)) == expected


def test_problems_of_a_page(tmp_path):
    page = tmp_path / "q.md"
    page.write_text("---\ntitle: T\n---\n\n$\\frac{1$\n\n$@{x} + 1$\n\n$$\n\\hatt x\n$$\n", encoding="utf-8")
    assert [str(problem).split(": ")[0] for problem in maths.problems_of(page)] == ["q.md:5", "q.md:9"]
