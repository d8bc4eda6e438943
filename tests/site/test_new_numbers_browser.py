"""New numbers as a student asks for them: question, boxes, hints, answer and working change together."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlparse

import pytest
from sites import ROOT, until

from solvers.site import draws, variants
from solvers.site.project import Project

PAPER = "bits-dnn-2022s2-endsem"
PAGE = f"papers/{PAPER}/q4/"
PART, OTHER = "4a", "4b"
BLOCKED = (
    "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('denied', 'SecurityError'); } })"
)
WHOLE = """part => [...document.querySelectorAll(`[data-new^="${part} "]`)].map(slot => slot.innerHTML)"""
# The theme adds to the code what follows its width.
TEXTS = """part => [...document.querySelectorAll(`[data-new^="${part} "]`)].map(slot => slot.textContent)"""

# Ask for every draw of every part of a page, and note what no reader should see.
EVERY = r"""async () => {
  const complaints = [], twins = {};
  for (const control of document.querySelectorAll(".new-numbers")) {
    const full = control.dataset.part, id = full.split("/")[1], said = control.querySelector("output");
    const slots = [...document.querySelectorAll(`[data-new^="${id} "]`)];
    twins[full] = [];
    for (let number = 1; number <= Number(control.dataset.count); number++) {
      control.querySelector("[data-another]").click();
      const begun = Date.now();
      while (!said.textContent.startsWith(`Numbers ${number} of`) && Date.now() - begun < 10000)
        await new Promise(done => setTimeout(done, 2));
      const text = slots.map(slot => slot.textContent).join("\n");
      for (const wrong of ["¤", "undefined", "NaN", "\\(", "\\[", "@{"])
        if (text.includes(wrong)) complaints.push(`${full} ${number}: ${wrong}`);
      if (!said.textContent.startsWith(`Numbers ${number} of`)) complaints.push(`${full} ${number}: ${said.textContent}`);
      if (slots.some(slot => slot.querySelector(".katex-error"))) complaints.push(`${full} ${number}: TeX`);
      const answer = slots.find(slot => slot.dataset.new.endsWith(" answer"));
      twins[full].push([...answer.querySelectorAll(".answers .twin")].map(twin => twin.textContent));
    }
  }
  return [complaints, twins];
}"""


def ask(page, part=PART):
    control = page.locator(f'.new-numbers[data-part$="/{part}"]')
    said = control.locator("output")
    before = said.text_content()
    control.locator("[data-another]").click()
    until(
        page,
        "([part, before]) => document.querySelector(`.new-numbers[data-part$='/${part}'] output`).textContent !== before",
        [part, before],
    )
    return said.text_content()


def texts(page, part, slot, inner):
    return page.locator(f'[data-new="{part} {slot}"] {inner}').all_text_contents()


def test_one_press_changes_question_boxes_hints_answer_and_working_together(visit):
    page = visit(PAGE)
    before = page.evaluate(WHOLE, PART)
    others = page.evaluate(WHOLE, OTHER)
    assert ask(page).startswith("Numbers 1 of 12")
    after = page.evaluate(WHOLE, PART)
    changed = [old != new for old, new in zip(before, after, strict=True)]
    assert changed[0] and changed[1] and changed[-1] and changed[-2]  # question, boxes, answer, working
    assert page.evaluate(WHOLE, OTHER) == others
    given = dict(re.findall(r"(\w+) = (\S+)", " ".join(texts(page, PART, "question", ".givens .twin"))))
    first = texts(page, PART, "working", ".steps .twin")[0]
    assert given["x"] in first and given["w"] in first and given["b"] in first  # z = w x + b
    second = ask(page)
    assert second.startswith("Numbers 2 of 12") and page.evaluate(WHOLE, PART) != after
    assert page.complaints == []


def test_the_address_names_the_draw_and_brings_it_back(visit):
    page = visit(PAGE)
    ask(page)
    ask(page)
    shown = page.evaluate(WHOLE, PART)
    assert parse_qs(urlparse(page.url).query) == {PART: ["2"]} and urlparse(page.url).fragment == PART
    again = visit(f"{PAGE}?{PART}=2#{PART}")
    until(again, "document.querySelector('.new-numbers output').textContent !== ''")
    assert again.evaluate(WHOLE, PART) == shown
    report = again.locator(f'a[rel="nofollow"][href*="{PART}"]').first.get_attribute("href")
    assert parse_qs(urlparse(report).query)["part"] == [f"{PAPER}/{PART}?{PART}=2"]


@pytest.mark.parametrize("number", ["0", "13", "x", "1.5"])
def test_an_address_of_no_draw_shows_the_papers_numbers_and_says_so(visit, number):
    page = visit(f"{PAGE}?{PART}={number}")
    assert "There are 12 draws" in page.locator(f'.new-numbers[data-part$="/{PART}"] output').text_content()
    assert page.locator('script[src*="katex.min.js"]').count() == 0


def test_back_gives_the_papers_own_page_again(visit):
    page = visit(PAGE)
    before = page.evaluate(TEXTS, PART)
    key = page.locator("details.published-key").first
    assert key.is_visible()
    ask(page)
    assert key.is_hidden()  # it speaks of the paper's numbers
    page.get_by_role("button", name="Back to the paper’s numbers").first.click()
    assert page.evaluate(TEXTS, PART) == before and key.is_visible()
    assert urlparse(page.url).query == ""


def test_what_was_opened_for_other_numbers_is_closed(visit):
    page = visit(PAGE)
    page.locator("details.answer").first.locator("summary").click()
    ask(page)
    assert page.locator("details.reveal[open]").count() == 0


def test_the_boxes_judge_by_the_numbers_that_are_shown(visit):
    page = visit(PAGE)
    own = page.locator(f'[data-new="{PART} tries"] input').first.get_attribute("data-value")
    ask(page)
    box = page.locator(f'[data-new="{PART} tries"] input').first
    box.fill(own)
    box.press("Enter")
    said = page.locator(f'[data-new="{PART} tries"] output').first
    assert said.text_content().startswith("Not yet")
    answer = texts(page, PART, "answer", ".answers .twin")[0]
    box.fill(answer.split()[-1])
    box.press("Enter")
    assert said.text_content().strip() == "Right."


def test_nothing_is_fetched_before_it_is_asked_for_and_then_from_this_site_only(visit, address):
    page = visit(PAGE)
    assert not [url for url in page.requests if "new-numbers/" in url or "katex.min.js" in url]
    ask(page)
    fetched = [url.removeprefix(address) for url in page.requests if "new-numbers/" in url or "katex.min.js" in url]
    assert sorted(fetched) == ["assets/katex/katex.min.js", f"new-numbers/{PAPER}/{PART}.js"]
    ask(page)
    assert len([url for url in page.requests if "new-numbers/" in url]) == 1


def test_with_the_keyboard_alone(visit):
    page = visit(PAGE)
    button = page.locator(f'.new-numbers[data-part$="/{PART}"] [data-another]')
    button.focus()
    page.keyboard.press("Enter")
    until(page, "document.querySelector('.new-numbers output').textContent !== ''")
    assert button.evaluate("one => one === document.activeElement") and button.text_content() == "Another one"
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert button.evaluate("one => one === document.activeElement")
    assert page.locator(".new-numbers output").first.get_attribute("aria-live") == "polite"


def test_a_file_that_does_not_come_is_told(visit):
    page = visit(PAGE)
    page.route("**/new-numbers/**", lambda route: route.abort())
    before = page.evaluate(WHOLE, PART)
    assert ask(page) == "The new numbers could not be loaded."
    assert page.evaluate(WHOLE, PART) == before
    page.unroute("**/new-numbers/**")
    assert ask(page).startswith("Numbers 1 of 12")


def test_where_nothing_can_be_stored(visit):
    page = visit(PAGE, script=BLOCKED)
    assert ask(page).startswith("Numbers 1 of 12")


def test_without_scripts_nothing_is_offered_and_nothing_is_lost(visit):
    page = visit(PAGE, java_script_enabled=False)
    assert page.locator(".new-numbers").first.is_hidden()
    assert page.locator(f'[data-new="{PART} question"]').is_visible()


def test_a_narrow_screen_holds_other_numbers_too(visit):
    page = visit(PAGE, viewport={"width": 390, "height": 800})
    ask(page)
    for reveal in page.locator("details.reveal:not([hidden]) > summary").all():
        reveal.click()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box = page.locator(".new-numbers button").first.bounding_box()
    assert box["height"] >= 44


@pytest.fixture(scope="module")
def wanted():
    """full id -> what the answers of every draw read aloud, by Python."""
    project = Project(ROOT / "docs")
    made = {}
    for full, part in draws.parts_of(project):
        drawn, _ = draws.of(part, full.partition("/")[0])
        answers = [variants.slots(draw, project)["answer"].partition('<ul class="answers">')[2] for draw in drawn]
        made |= {full: [re.findall(r'<span class="twin">(.*?)</span>', answer) for answer in answers]} if drawn else {}
    return made


def test_every_draw_of_every_part_is_rendered(visit, site, wanted):
    pages = sorted(
        {file.parent for file in site.glob("papers/*/*/index.html") if "new-numbers" in file.read_text("utf-8")}
    )
    seen = {}
    for folder in pages:
        page = visit(f"{folder.relative_to(site)}/")
        page.set_default_timeout(120_000)
        complaints, twins = page.evaluate(EVERY)
        assert complaints == [] and page.complaints == []
        seen |= twins
        page.close()
    assert seen.keys() == wanted.keys() and len(seen) >= 1
    unescaped = {full: [[text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").replace("&#x27;", "'")
                         for text in draw] for draw in found] for full, found in wanted.items()}  # fmt: skip
    assert seen == unescaped
