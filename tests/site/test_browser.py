"""The site in a browser: a student reads a question, opens a hint, the answer and the derivation; nobody else is asked.

Skipped without a Chromium or Chrome (the run says so at its end), unless BROWSER_REQUIRED=1.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sites import ROOT, until

PAGE = "papers/bits-dnn-2022s2-endsem/q4/"
WIDTHS = (390, 320)


@pytest.mark.parametrize("required", [False, True], ids=["skipped", "required"])
def test_a_run_without_a_browser_says_so(tmp_path, required):
    """In a run of its own, that finds no browser: it is told at the end, or fails where one is required."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("BROWSER")}
    env |= {"PATH": str(tmp_path)} | ({"BROWSER_REQUIRED": "1"} if required else {})
    test = f"{Path(__file__)}::test_maths_is_set_in_its_own_font"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", test]
    ran = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert ran.returncode == int(required), ran.stdout
    assert ("1 browser tests did not run, because no Chromium or Chrome was found" in ran.stdout) is not required
    assert "no browser: none of chromium" in ran.stdout


def every_page(site):
    return sorted(path.parent.relative_to(site).as_posix().removeprefix(".") for path in site.rglob("index.html"))


def test_every_page_opens_fits_every_screen_and_asks_this_site_only(visit, site, address):
    """With everything open; boxes that scroll by themselves may hold wide formulas."""
    page = visit("", viewport={"width": 1280, "height": 800})
    wide = []
    for path in every_page(site):
        page.goto(f"{address}{path}/" if path else address)
        assert page.locator("h1").count() == 1, path
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            needed = page.evaluate("document.documentElement.scrollWidth")
            wide += [f"{path}: {needed} of {width}"] if needed > width else []
    page.wait_for_load_state("networkidle")
    assert wide == []
    assert page.complaints == []
    assert [url for url in page.requests if not url.startswith((address, "data:", "blob:"))] == []


def test_the_measure_of_width_sees_what_is_too_wide(visit):
    """The control of the test above."""
    page = visit(viewport={"width": 390, "height": 800})
    page.evaluate(
        "document.querySelector('article h1').innerHTML = '<span style=\"display: inline-block; width: 500px\">wide</span>'"
    )
    assert page.evaluate("document.documentElement.scrollWidth") > 390


def test_the_watch_over_requests_sees_one_that_leaves(visit):
    """The control of the test above; the request is stopped before it leaves."""
    page = visit()
    page.evaluate("new Image().src = 'http://elsewhere.example/pixel.png'")
    page.wait_for_load_state("networkidle")
    assert any("elsewhere.example" in url for url in page.requests)
    assert page.complaints


def test_a_question_is_read_before_anything_is_told(visit):
    page = visit()
    assert page.get_by_text("Carry out one iteration of Adam").is_visible()
    assert page.locator("details.reveal[open]").count() == 0
    for kind in ("hint", "answer", "derivation", "published-key"):
        reveal = page.locator(f"details.{kind}").first
        assert reveal.locator("> summary").is_visible()
        assert not reveal.locator("> :not(summary)").first.is_visible()


def test_a_reveal_opens_by_click_and_closes_again(visit):
    page = visit()
    answer = page.locator("details.answer").first
    answer.locator("> summary").click()
    assert answer.locator(".answers").is_visible()
    assert page.locator("details.reveal[open]").count() == 1
    answer.locator("> summary").click()
    assert not answer.locator(".answers").is_visible()


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_a_reveal_opens_by_keyboard(visit, key):
    page = visit()
    derivation = page.locator("details.derivation").first
    summary = derivation.locator("> summary")
    summary.focus()
    assert summary.evaluate("one => one === document.activeElement")
    page.keyboard.press(key)
    assert derivation.locator(".steps").first.is_visible()


def test_reveals_are_reached_in_order_by_the_tab_key(visit):
    page = visit()
    page.locator("details.hint > summary").first.focus()
    reached = []
    for _ in range(12):
        reached.append(page.evaluate("document.activeElement.parentElement.className"))
        page.keyboard.press("Tab")
    kinds = [name.split()[1] for name in reached if name.startswith("reveal")]
    assert kinds[:5] == ["hint", "hint", "answer", "derivation", "published-key"]


def test_without_javascript_everything_can_be_read(visit):
    page = visit(java_script_enabled=False)
    assert page.get_by_text("Carry out one iteration of Adam").is_visible()
    for kind, inside in (
        ("hint", "p"),
        ("answer", ".answers"),
        ("derivation", ".steps"),
        ("published-key", ".published"),
    ):
        reveal = page.locator(f"details.{kind}").first
        reveal.locator("> summary").click()
        assert reveal.locator(inside).first.is_visible(), kind
        assert reveal.locator(inside).first.inner_text().strip()
    assert page.locator("details.answer .katex").first.is_visible()


def test_maths_is_set_in_its_own_font(visit):
    page = visit()
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    page.evaluate("document.fonts.ready")
    assert page.evaluate("document.fonts.check('16px KaTeX_Main')")
    assert page.evaluate(
        "[...document.fonts].some(font => font.family.includes('KaTeX_Main') && font.status === 'loaded')"
    )
    family = page.locator("details.answer .katex").first.evaluate("one => getComputedStyle(one).fontFamily")
    assert family.startswith(("KaTeX_Main", '"KaTeX_Main"'))


def test_the_fonts_come_from_this_site(visit, address):
    page = visit()
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    page.evaluate("document.fonts.ready")
    fonts = [url for url in page.requests if url.endswith((".woff2", ".woff", ".ttf"))]
    assert fonts
    assert all(url.startswith(address) for url in fonts)


@pytest.mark.parametrize("name", ["4a", "4b"])
def test_an_address_leads_to_its_part(visit, name):
    page = visit(f"{PAGE}#{name}")
    heading = page.locator(f'h2[id="{name}"]')
    until(page, f"Math.abs(document.getElementById('{name}').getBoundingClientRect().top) < innerHeight")
    top = heading.evaluate("one => one.getBoundingClientRect().top")
    assert 0 <= top < page.viewport_size["height"] / 2


def test_a_list_of_parts_leads_to_a_part(visit):
    page = visit("papers/bits-dnn-2022s2-endsem/")
    page.locator('article a[href$="q4/#4a"]').click()
    page.wait_for_url("**/q4/#4a")
    assert page.locator('h2[id="4a"]').is_visible()


def test_the_search_finds_a_question_and_no_answer(visit):
    page = visit("")
    page.keyboard.press("/")
    page.keyboard.type("Adam", delay=20)
    page.locator(".md-search-result__link").first.wait_for()
    assert "Adam" in page.locator(".md-search-result__list").inner_text()
    assert page.complaints == []


def test_what_a_screen_reader_gets_is_the_words(visit):
    """Formulas of rows are for eyes only; their words are in the tree of accessible names, the formulas are not."""
    page = visit()
    derivation = page.locator("details.derivation").first
    derivation.locator("> summary").click()
    tree = derivation.locator(".steps").first.aria_snapshot()
    first = derivation.locator(".steps .twin").first.inner_text()
    assert first in tree.replace("\n", " ")


CHOICES = "papers/ist-dl-2022-final-a/part1/"


def options_of(page, number=0):
    return page.locator("fieldset.options").nth(number)


def test_a_choice_is_ticked_and_checked_before_the_answer_is_opened(visit):
    page = visit(CHOICES)
    options = options_of(page)
    said = options.locator("output")
    options.get_by_role("button", name="Check").click()
    assert said.inner_text() == "Tick an option first."
    options.locator("label").nth(1).click()
    options.get_by_role("button", name="Check").click()
    assert said.inner_text() == "Not yet."
    options.locator("label").nth(1).click()
    options.locator("label").nth(0).click()
    assert said.inner_text() == ""  # what was said of other ticks is gone
    options.get_by_role("button", name="Check").click()
    assert said.inner_text() == "Right."
    assert page.locator("details.reveal[open]").count() == 0
    assert page.complaints == []


def test_a_choice_is_made_by_keyboard(visit):
    page = visit(CHOICES)
    options = options_of(page)
    options.locator("input").first.focus()
    page.keyboard.press("Space")
    assert options.locator("input").first.is_checked()
    for _ in range(options.locator("input").count()):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "BUTTON"
    page.keyboard.press("Enter")
    assert options.locator("output").inner_text() == "Right."


def test_another_reading_is_told_apart(visit):
    """Where the question can be read in two ways, the second is neither right nor wrong."""
    page = visit("papers/uva-dl1-2022-resit/q1/")
    for options in page.locator("fieldset.options").all():
        readings = (options.get_attribute("data-readings") or "").split("|")
        for reading in filter(None, readings):
            for box in options.locator("input").all():
                box.set_checked(box.get_attribute("value") in reading.split())
            options.get_by_role("button", name="Check").click()
            assert options.locator("output").inner_text().startswith("Right under another reading")
    assert page.locator('fieldset.options:not([data-readings=""])').count() > 0


def test_without_javascript_a_choice_still_ticks_and_its_answer_is_there(visit):
    page = visit(CHOICES, java_script_enabled=False)
    options = options_of(page)
    options.locator("label").first.click()
    assert options.locator("input").first.is_checked()
    assert not options.get_by_text("Check", exact=True).is_visible()  # it could not do anything
    answer = page.locator("details.answer").first
    answer.locator("> summary").click()
    assert answer.get_by_text("a is right").is_visible()
