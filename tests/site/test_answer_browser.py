"""Own answers in a browser: a value is typed and judged before anything is opened, by mouse, by keyboard, or not at all."""

from __future__ import annotations

import pytest

Q3, Q4 = "papers/bits-dnn-2022s2-endsem/q3/", "papers/bits-dnn-2022s2-endsem/q4/"


def tries_of(page, part):
    """The boxes of a part: those that follow its heading."""
    return page.locator(f'h2[id="{part}"] ~ form.tries, [data-new="{part} tries"] > form.tries').first


def said(form, number=0):
    return form.locator("output").nth(number)


def type_and_check(form, text, number=0):
    form.locator("input").nth(number).fill(text)
    form.get_by_role("button", name="Check").click()


def test_a_value_is_judged_before_anything_is_opened(visit):
    page = visit(Q3)
    form = tries_of(page, "3b")
    form.get_by_role("button", name="Check").click()
    assert said(form).inner_text() == "Type a number first."
    for text, words in {
        "four": "Type a number, such as 0.5, 1/2 or 5e-1.",
        "44864": "Not yet.",
        "44,865": "Right.",
        "44 865": "Right.",
        "4.49×10⁴": "Right, but rounded too early.",
        "44705": "That is what the published key prints. No slip that we tried explains it.",
    }.items():
        type_and_check(form, text)
        assert said(form).inner_text() == words
    assert page.locator("details.reveal[open]").count() == 0
    assert page.complaints == []


def test_a_value_that_a_slip_gives_names_the_slip_with_its_formulas(visit):
    page = visit(Q3)
    form = tries_of(page, "3c")
    type_and_check(form, "2")
    assert said(form).inner_text().startswith("That is what the published key prints:")
    assert "with the 3 at the square" in said(form).inner_text()
    assert "The slip." not in said(form).inner_text()
    assert said(form).locator(".katex").first.is_visible()
    assert page.locator("details.published-key .rerun strong").count()  # the page keeps its own
    form.locator("input").fill("5")
    assert said(form).inner_text() == ""  # what was said of another value is gone


def test_a_convention_is_no_slip(visit):
    form = tries_of(visit(Q3), "3a")
    type_and_check(form, "819712")
    assert said(form).inner_text().startswith("That is what the published key prints, under another convention:")
    assert "padding" in said(form).inner_text()


def test_a_slip_is_also_known_by_what_follows_from_it(visit):
    form = tries_of(visit(Q4), "4a")
    type_and_check(form, "-0.1687", 2)
    assert (
        said(form, 2)
        .inner_text()
        .startswith("That is what a slip of the published key leads to: The input is left out")
    )


def test_every_box_of_a_part_is_judged_by_itself(visit):
    form = tries_of(visit(Q4), "4a")
    for number, text in enumerate(["−1.9", "-2.079", "-0.17", "", "0,03061"]):
        form.locator("input").nth(number).fill(text)
    form.get_by_role("button", name="Check").click()
    words = [said(form, number).inner_text() for number in range(6)]
    assert words == [
        "Right.",
        "That is what the published key prints. No slip that we tried explains it.",
        "Right, but rounded too early.",
        "",
        "Right.",
        "",
    ]


def test_a_value_is_typed_and_checked_by_keyboard_only(visit):
    page = visit(Q3)
    form = tries_of(page, "3c")
    form.locator("input").focus()
    page.keyboard.type("5")
    page.keyboard.press("Enter")
    assert said(form).inner_text() == "Right."
    assert page.url.endswith(Q3)  # nothing was sent
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Check"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Shift+Tab")
    page.keyboard.type("6")
    assert said(form).inner_text() == ""
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert said(form).inner_text() == "Not yet."


def test_a_box_is_named_by_its_symbol_and_speaks_politely(visit):
    page = visit(Q4)
    form = tries_of(page, "4a")
    assert form.get_by_role("textbox", name="m w to 4 digits").count() == 1
    assert said(form).get_attribute("aria-live") == "polite"
    assert form.locator(".try-symbol .katex").first.is_visible()
    assert tries_of(visit(Q3), "3c").locator("input").get_attribute("inputmode") == "decimal"


def test_without_javascript_nothing_is_offered_and_nothing_is_lost(visit):
    page = visit(Q3, java_script_enabled=False)
    assert page.locator("form.tries").count() == 3
    assert not page.locator("form.tries").first.is_visible()
    page.locator("details.published-key > summary").nth(2).click()
    assert page.get_by_text("with the 3 at the square").is_visible()


def test_with_storage_blocked_a_value_is_judged(visit):
    block = "Object.defineProperty(window, 'localStorage', { get() { throw new Error('blocked'); } });"
    form = tries_of(visit(Q3, script=block), "3c")
    type_and_check(form, "5")
    assert said(form).inner_text() == "Right."


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_boxes_are_large_enough_and_fit(visit, width):
    """44 px high, and what is said of a long slip stays inside the screen."""
    page = visit(Q4, viewport={"width": width, "height": 800})
    form = tries_of(page, "4a")
    type_and_check(form, "0.04437", 2)
    for one in [*form.locator("input").all(), form.locator("button")]:
        assert one.bounding_box()["height"] >= 44
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    left = {one.bounding_box()["x"] for one in form.locator("input").all()}
    assert len(left) == 1 and left.pop() < 480  # below one another, beside their symbols


def test_paper_has_no_boxes(visit):
    page = visit(Q4)
    page.emulate_media(media="print")
    assert not tries_of(page, "4a").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_said_can_be_read(visit, scheme):
    page = visit(Q3, color_scheme=scheme)
    form = tries_of(page, "3c")
    type_and_check(form, "2")
    colours = form.evaluate(
        """form => {
          const light = colour => colour.match(/[\\d.]+/g).slice(0, 3).map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
            .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
          const ground = light(getComputedStyle(form.querySelector('input')).backgroundColor);
          return ['output', 'input', '.try-symbol'].map(name => light(getComputedStyle(form.querySelector(name)).color))
            .map(one => [one, ground].sort((x, y) => y - x)).map(([a, b]) => (a + 0.05) / (b + 0.05));
        }"""
    )
    assert min(colours) >= 4.5
