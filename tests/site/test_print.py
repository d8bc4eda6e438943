"""A page on paper: with everything, or the questions only. Read back from a PDF with poppler's pdftotext."""

from __future__ import annotations

import html
import os
import re
import shutil
import subprocess

import pytest
from test_site import Reader

PAGES = ("papers/uva-dl1-2022-resit/q1", "papers/bits-dnn-2022s2-endsem/q4", "papers/ist-dl-2022-final-a/part1")


@pytest.fixture(scope="module")
def pdftotext():
    path = shutil.which("pdftotext")
    if path is None:
        if os.environ.get("BROWSER_REQUIRED") == "1":
            pytest.fail("no pdftotext: install poppler-utils")
        pytest.skip("no pdftotext (Debian, Ubuntu: apt-get install poppler-utils)")
    return path


@pytest.fixture
def opened(browser, site):
    """A page of the site; the style sheets and scripts are found from disk as well."""
    context = browser.new_context(offline=True)
    yield lambda path, query="": _open(context, (site / path / "index.html").as_uri() + query)
    context.close()


def _open(context, address):
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto(address)
    page.evaluate("document.fonts.ready")
    return page


@pytest.fixture
def sheets(pdftotext, tmp_path):
    def read(page):
        """The text of every sheet."""
        file = tmp_path / "page.pdf"
        page.pdf(path=file, format="A4")
        done = subprocess.run([pdftotext, "-layout", file, "-"], capture_output=True, encoding="utf-8", check=True)
        return [" ".join(sheet.split()) for sheet in done.stdout.split("\f")]

    return read


def titles(page):
    return [" ".join(text.replace("¶", "").split()) for text in page.locator("h2").all_inner_texts()]


def test_a_page_prints_with_its_answers(opened, sheets):
    text = " ".join(sheets(opened(PAGES[0])))
    assert "a is wrong" in text or "a is right" in text
    assert "Print questions only" not in text and "Check" not in text


@pytest.mark.parametrize("path", PAGES)
def test_the_questions_print_without_anything_that_answers_them(opened, sheets, path, site):
    page = opened(path, "?print=questions")
    printed = sheets(page)
    text = " ".join(printed)
    for said in ("Hint 1", "Derivation", "is right", "is wrong", "Published key", "Report a mistake", "Jupyter"):
        assert said not in text, said
    hidden = [" ".join(one.split()) for one in Reader((site / path / "index.html").read_text(encoding="utf-8")).hidden]
    shown = " ".join(" ".join(Reader((site / path / "index.html").read_text(encoding="utf-8")).shown).split())
    assert not [one for one in hidden if len(one) > 30 and one not in shown and one in text]
    assert all(html.unescape(title) in text for title in titles(page) if not re.search(r"[^\w ·,:\-]", title))


def split_questions(page, printed):
    """Questions whose heading is on another sheet than their last option."""
    found = []
    for title, last in page.evaluate(
        """[...document.querySelectorAll('fieldset.options')].map((options) => {
          let at = options; while (at && at.tagName !== 'H2') at = at.previousElementSibling;
          return [at.innerText.replace('¶', ''), [...options.querySelectorAll('label')].pop().innerText]; })"""
    ):
        words = re.findall(r"[A-Za-z]{4,}(?: [A-Za-z]{2,})*", " ".join(last.split()))
        phrase = max(words, key=len)
        heading = " ".join(title.split())
        if not any(heading in sheet and phrase in sheet for sheet in printed):
            found.append(heading)
    return found


def test_no_question_is_split_over_two_sheets(opened, sheets):
    page = opened(PAGES[0], "?print=questions")
    printed = sheets(page)
    assert len(printed) > 2
    assert split_questions(page, printed) == []


def test_the_test_of_splits_sees_one(opened, sheets):
    """Without the rules, and with a question moved to the end of its sheet."""
    page = opened(PAGES[0], "?print=questions")
    page.evaluate(
        "rules => { const sheet = new CSSStyleSheet(); sheet.replaceSync(rules); document.adoptedStyleSheets = [sheet]; }",
        "* { break-inside: auto !important; break-after: auto !important; } fieldset { padding-top: 55vh !important; }",
    )
    assert split_questions(page, sheets(page)) != []


def test_the_button_prints_the_questions_and_then_everything_again(opened):
    page = opened(PAGES[1])
    page.evaluate(
        "window.print = () => { window.asked = document.documentElement.dataset.print; window.dispatchEvent(new Event('afterprint')); }"
    )
    button = page.get_by_role("button", name="Print questions only")
    assert button.bounding_box()["height"] >= 43.5
    button.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("window.asked") == "questions"
    assert page.evaluate("document.documentElement.dataset.print") is None


def test_the_switch_shows_everything_on_a_screen(opened):
    page = opened(PAGES[1], "?print=questions")
    assert page.locator("details.answer > summary").first.is_visible()


def test_a_page_without_questions_has_no_button(opened):
    assert opened("about").locator(".print-tools").count() == 0
