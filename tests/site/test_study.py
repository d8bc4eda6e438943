"""What a student leaves in the browser: open reveals, opened answers, solved parts; and the ways to a part."""

from __future__ import annotations

import gzip
import json
import re

import pytest
from sites import until

PAPER = "bits-dnn-2022s2-endsem"
PAGE = f"papers/{PAPER}/q4/"
TOPIC = "topics/neuron/"
MOST = 15_000  # bytes of our own scripts, compressed

# What a browser does that lets a site store nothing, and one whose storage is full.
BLOCKED = (
    "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('denied', 'SecurityError'); } })"
)
FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }"

OURS = "details.hint, details.answer, details.derivation, details.published-key"


def opened(page):
    """The kinds of the reveals that are open, by their place among those of the page."""
    return page.locator("details.reveal").evaluate_all(
        "all => all.map((one, i) => one.open ? i : -1).filter(i => i >= 0)"
    )


def settled(page):
    """Wait until the browser has told the page of every reveal that has changed."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")


def stored(page):
    return page.evaluate(
        "Object.fromEntries(Object.entries(localStorage).filter(([key]) => key.startsWith('recomputed:')))"
    )


def solve(page, part):
    page.locator(f'button.solved[data-part="{part}"]').click()


def row(page, part):
    return page.locator(f'.seen[data-part="{part}"]')


# Show all, hide all


def test_one_button_opens_all_but_the_code_and_closes_all(visit):
    page = visit()
    button = page.get_by_role("button", name="Show all")
    button.click()
    assert page.locator("details.reveal:not([open])").count() == page.locator("details.code").count() > 0
    assert page.locator("details.code[open]").count() == 0
    page.get_by_role("button", name="Hide all").click()
    assert opened(page) == []
    assert page.get_by_role("status").first.inner_text() == "Everything is closed."
    assert page.complaints == []


def test_the_button_says_what_it_would_do(visit):
    page = visit()
    page.get_by_role("button", name="Show all").click()
    page.locator("details.answer > summary").first.click()
    page.get_by_role("button", name="Show all").click()
    assert page.locator(OURS).evaluate_all("all => all.every(one => one.open)")


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_the_button_is_used_by_keyboard(visit, key):
    page = visit()
    page.get_by_role("button", name="Show all").focus()
    page.keyboard.press(key)
    assert page.locator(OURS).evaluate_all("all => all.every(one => one.open)")
    assert page.get_by_role("button", name="Hide all").evaluate("one => one === document.activeElement")


def test_all_is_shown_from_anywhere_by_a_key(visit):
    page = visit()
    assert page.get_by_role("button", name="Show all").get_attribute("aria-keyshortcuts") == "Alt+A"
    page.keyboard.press("Alt+a")
    assert len(opened(page)) == page.locator(OURS).count()
    page.keyboard.press("Control+Alt+a")
    page.keyboard.press("a")
    assert len(opened(page)) == page.locator(OURS).count()
    page.keyboard.press("Alt+a")
    assert opened(page) == []


def test_the_key_leaves_a_field_of_text_alone(visit):
    page = visit()
    page.locator(".md-search__input").focus()
    page.keyboard.press("Alt+a")
    assert opened(page) == []


@pytest.mark.parametrize("path", ["", TOPIC, "about/", f"papers/{PAPER}/"])
def test_only_pages_of_parts_have_the_button(visit, path):
    page = visit(path)
    assert page.locator("[data-all]").count() == 0
    page.keyboard.press("Alt+a")
    assert page.complaints == []


# What is kept


def test_what_was_open_is_open_after_a_reload(visit):
    page = visit()
    for kind in ("hint", "derivation", "code"):
        page.locator(f"details.{kind} > summary").first.click()
    page.locator("details.published-key > summary").last.click()
    settled(page)
    before = opened(page)
    assert len(before) == 4
    page.reload()
    assert opened(page) == before
    page.locator("details.hint > summary").first.click()
    settled(page)
    page.reload()
    assert opened(page) == before[1:]


def test_what_was_closed_on_the_home_page_stays_closed(visit):
    """Its part is open when the page is loaded; that alone does not mean that the reader has opened its answer."""
    page = visit("")
    settled(page)
    assert stored(page) == {}
    page.locator("details.answer > summary").click()
    settled(page)
    page.reload()
    assert page.locator("details.answer[open]").count() == 0
    assert page.locator("details.derivation[open]").count() == 1


def test_every_page_keeps_its_own_state(visit):
    page = visit()
    page.get_by_role("button", name="Show all").click()
    settled(page)
    assert opened(visit(f"papers/{PAPER}/q3/")) == []
    assert [key for key in stored(page) if key.startswith("recomputed:open ")] == [f"recomputed:open /{PAGE}"]
    names = json.loads(stored(page)[f"recomputed:open /{PAGE}"])
    assert len(names) == page.locator(OURS).count()
    assert f"{PAPER}/4a answer 1" in names and f"{PAPER}/4a hint 2" in names


def test_printing_is_not_reading(visit, tmp_path):
    """The theme opens every reveal for the printer and closes it again."""
    page = visit()
    page.pdf(path=tmp_path / "page.pdf")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    until(page, "document.querySelectorAll('details.reveal:not([open])').length === 0")
    settled(page)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    until(page, "document.querySelectorAll('details.reveal[open]').length === 0")
    settled(page)
    assert stored(page) == {}


def test_what_is_opened_before_printing_is_kept(visit, tmp_path):
    page = visit()
    page.locator("details.hint > summary").first.click()
    page.pdf(path=tmp_path / "page.pdf")
    settled(page)
    page.reload()
    assert opened(page) == [0]


@pytest.mark.parametrize("script", [BLOCKED, FULL], ids=["blocked", "full"])
def test_where_nothing_can_be_stored_everything_works_until_the_page_is_left(visit, script):
    page = visit(script=script)
    page.get_by_role("button", name="Show all").click()
    assert len(opened(page)) == page.locator(OURS).count()
    solve(page, f"{PAPER}/4a")
    button = page.locator("button.solved").first
    assert button.get_attribute("aria-pressed") == "true"
    solve(page, f"{PAPER}/4a")
    assert button.get_attribute("aria-pressed") == "false"
    assert page.complaints == []
    page.reload()
    assert opened(page) == []
    page.goto(page.url.replace(PAGE, TOPIC))
    assert page.locator(".seen:not([hidden])").count() == 0
    page.get_by_role("button", name="Random part of this topic").click()
    page.wait_for_url("**/papers/**")
    assert page.locator("h1").count() == 1


def test_the_search_finds_a_question_also_where_nothing_can_be_stored(visit):
    """The theme reads what is stored before it starts; without assets/storage.js it would not start."""
    page = visit("", script=BLOCKED)
    page.keyboard.press("/")
    page.keyboard.type("Adam", delay=20)
    page.locator(".md-search-result__link").first.wait_for()
    assert page.complaints == []


def test_the_watch_over_blocked_storage_sees_a_page_that_breaks(visit):
    """The control of the tests above: a script that reads what is stored and does not expect a refusal."""
    page = visit(script=BLOCKED)
    page.evaluate("setTimeout(() => localStorage.getItem('a'))")
    settled(page)
    assert page.complaints == ["denied"]


@pytest.mark.parametrize("text", ["nonsense", "5", "null", "[1]", '"text"', "{"])
def test_what_another_program_has_stored_breaks_nothing(visit, text):
    script = "for (const name of ['solved', 'opened', 'open /%s']) localStorage.setItem('recomputed:' + name, `%s`)"
    page = visit(script=script % (PAGE, text))
    assert opened(page) == []
    solve(page, f"{PAPER}/4a")
    assert page.locator("button.solved").first.get_attribute("aria-pressed") == "true"
    assert page.complaints == []


# Addresses


LINE = "4a.neuron.z"


def seen_on_screen(page, name):
    box = page.locator(f'[id="{name}"]')
    until(page, "name => { const one = document.getElementById(name).getBoundingClientRect();"
                           " return one.height > 0 && one.top >= 0 && one.bottom <= innerHeight; }", name)  # fmt: skip
    return box.is_visible()


def test_an_address_of_a_line_opens_its_derivation_only(visit):
    page = visit(f"{PAGE}#{LINE}")
    assert seen_on_screen(page, LINE)
    assert page.locator("details.reveal[open]").count() == 1
    assert page.locator("details.derivation").first.evaluate("one => one.open")


def test_an_address_that_changes_in_the_page_opens_what_it_names(visit):
    page = visit()
    page.evaluate(f"location.hash = '{LINE}'")
    assert seen_on_screen(page, LINE)
    page.evaluate("location.hash = '4b'")
    assert seen_on_screen(page, "4b")
    page.locator("details.derivation > summary").first.click()
    page.evaluate(f"location.hash = '{LINE}'")
    assert seen_on_screen(page, LINE)


def test_a_line_is_opened_without_the_help_of_the_browser(visit):
    """New versions of it would open the reveals around a line by themselves; here they are told of no new address."""
    page = visit()
    page.evaluate(
        f"""() => {{
          history.replaceState(null, "", "#{LINE}");
          dispatchEvent(new HashChangeEvent("hashchange"));
        }}"""
    )
    assert seen_on_screen(page, LINE)


def test_an_address_of_a_part_is_seen_also_when_reveals_above_it_are_kept_open(visit):
    visit().get_by_role("button", name="Show all").click()
    page = visit(f"{PAGE}#4b")
    assert len(opened(page)) == page.locator(OURS).count()
    assert seen_on_screen(page, "4b")


@pytest.mark.parametrize("hash_", ["%", "nothing-here", ""])
def test_an_address_of_nothing_opens_nothing(visit, hash_):
    page = visit(f"{PAGE}#{hash_}")
    assert opened(page) == []
    assert page.complaints == []


# Solved parts and the lists of the topics


def test_a_part_is_marked_as_solved_and_no_longer(visit):
    page = visit()
    button = page.get_by_role("button", name="Solved").first
    assert button.get_attribute("aria-pressed") == "false"
    button.click()
    page.reload()
    assert [one.get_attribute("aria-pressed") for one in page.get_by_role("button", name="Solved").all()][:2] == [
        "true",
        "false",
    ]
    page.get_by_role("button", name="Solved").first.focus()
    page.keyboard.press("Space")
    assert page.get_by_role("button", name="Solved").first.get_attribute("aria-pressed") == "false"
    page.reload()
    assert page.locator("button.solved[aria-pressed=true]").count() == 0


def test_a_topic_shows_what_was_opened_and_solved(visit):
    page = visit()
    topic = visit(TOPIC)
    assert topic.locator(".seen:not([hidden])").count() == 0
    page.locator("details.hint > summary").first.click()
    settled(page)
    assert row(topic, f"{PAPER}/4a").is_hidden()
    page.locator("details.answer > summary").first.click()
    row(topic, f"{PAPER}/4a").get_by_text("Answer opened").wait_for()  # the other tab hears of it
    page.locator("details.answer > summary").first.click()
    solve(page, f"{PAPER}/4b")
    row(topic, f"{PAPER}/4b").get_by_text("Solved").wait_for()
    topic.reload()
    assert row(topic, f"{PAPER}/4a").inner_text() == "Answer opened"  # also after it was closed
    solve(page, f"{PAPER}/4a")
    row(topic, f"{PAPER}/4a").get_by_text("Solved").wait_for()
    assert topic.complaints == []


def test_the_way_back_to_a_topic_shows_what_was_done_meanwhile(visit):
    page = visit(TOPIC)
    page.locator('article a[href$="q4/#4a"]').last.click()
    page.wait_for_url("**/q4/#4a")
    solve(page, f"{PAPER}/4a")
    page.go_back()
    assert row(page, f"{PAPER}/4a").inner_text() == "Solved"


# A random part


@pytest.mark.parametrize("path", ["", "papers/"], ids=["home", "papers"])
def test_a_random_part_of_the_site(visit, site, address, path):
    page = visit(path)
    page.wait_for_load_state("networkidle")
    assert not [url for url in page.requests if url.endswith("answers.json")]  # it is asked for on click only
    urls = {part["url"] for part in json.loads((site / "answers.json").read_text(encoding="utf-8"))["parts"].values()}
    page.get_by_role("button", name="Random part").click()
    page.wait_for_url("**/papers/*/*/#*")
    assert page.url.removeprefix(address) in urls
    assert [url for url in page.requests if url.endswith("answers.json")] == [f"{address}answers.json"]


def test_another_number_leads_to_another_part(visit):
    found = set()
    for number in ("0", "0.5", "0.999999"):
        page = visit("", script=f"Math.random = () => {number}")
        page.get_by_role("button", name="Random part").click()
        page.wait_for_url("**/papers/*/*/#*")
        found.add(page.url)
    assert len(found) == 3


def test_a_list_that_cannot_be_loaded_is_told(visit):
    page = visit("")
    page.route("**/answers.json", lambda route: route.abort())
    page.get_by_role("button", name="Random part").click()
    page.get_by_text("The list of parts could not be loaded.").wait_for()


@pytest.mark.parametrize("number", ["0", "0.999999"])
def test_a_random_part_of_a_topic_is_one_that_is_not_solved(visit, number):
    page = visit(TOPIC, script=f"Math.random = () => {number}")
    parts = page.locator(".seen").evaluate_all("all => all.map(one => one.dataset.part)")
    assert len(parts) > 2
    left = parts[1]
    marked = json.dumps({part: 1 for part in parts if part != left})
    page.evaluate("marked => localStorage.setItem('recomputed:solved', marked)", marked)
    page.get_by_role("button", name="Random part of this topic that I have not solved").click()
    page.wait_for_url(f"**/papers/{left.partition('/')[0]}/*/#{left.partition('/')[2]}")


def test_a_topic_that_is_all_solved_says_so(visit):
    page = visit(TOPIC)
    page.evaluate(
        """() => localStorage.setItem("recomputed:solved", JSON.stringify(
             Object.fromEntries([...document.querySelectorAll(".seen")].map(one => [one.dataset.part, 1]))))"""
    )
    page.get_by_role("button", name="Random part of this topic").click()
    page.get_by_text("You have marked every part of this topic as solved.").wait_for()
    assert page.url.endswith(TOPIC)


# What is stored, and gone


def test_all_that_is_stored_is_said_and_deleted(visit):
    page = visit()
    page.locator("details.answer > summary").first.click()
    solve(page, f"{PAPER}/4a")
    settled(page)
    page.locator("label[title='Switch to dark']").click()
    page.evaluate("localStorage.setItem('another-site', '1')")
    about = visit("about/")
    said = about.locator(".study output")
    assert (
        said.inner_text() == "Stored now: 1 part marked as solved, 1 opened answer, 1 page with its reveals, 1 setting."
    )
    about.get_by_role("button", name="Delete all of it").click()
    assert said.inner_text() == "Nothing is stored now."
    assert about.evaluate("Object.keys(localStorage)") == ["another-site"]
    page.reload()
    assert opened(page) == []
    assert page.locator("button.solved[aria-pressed=true]").count() == 0


def test_about_says_when_nothing_can_be_stored(visit):
    about = visit("about/", script=BLOCKED)
    assert about.locator(".study output").inner_text() == "This browser does not let this site store anything."
    about.get_by_role("button", name="Delete all of it").click()
    assert about.complaints == []


# Everyone


@pytest.mark.parametrize("path", ["", PAGE, TOPIC, "about/", "papers/"])
def test_without_javascript_nothing_is_offered_that_does_nothing(visit, path):
    page = visit(path, java_script_enabled=False)
    assert page.locator(".study, .solved, .seen").count() > 0
    for one in page.locator(".study, .solved, .seen").all():
        assert one.is_hidden()


@pytest.mark.parametrize("path", ["", PAGE, TOPIC, "about/"])
@pytest.mark.parametrize("width", [390, 1280])
def test_every_button_is_as_large_as_a_finger(visit, path, width):
    page = visit(path, viewport={"width": width, "height": 800})
    boxes = [one.bounding_box() for one in page.locator(".study button, button.solved").all()]
    assert boxes
    assert all(box["width"] >= 44 and box["height"] >= 44 for box in boxes)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_focus_is_seen_on_every_button(visit):
    page = visit()
    for one in (page.locator(".study button").first, page.locator("button.solved").first):
        page.keyboard.press("Tab")  # from now on the reader uses the keyboard
        one.focus()
        assert one.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_solved_stands_out_from_the_ground(visit, scheme):
    page = visit(TOPIC, color_scheme=scheme)
    colours = page.evaluate(
        """() => {
          const sign = document.querySelector(".seen");
          localStorage.setItem("recomputed:solved", JSON.stringify({ [sign.dataset.part]: 1 }));
          dispatchEvent(new Event("storage"));
          return [sign, document.body].map((one, i) => getComputedStyle(one)[i ? "backgroundColor" : "color"].match(/[\\d.]+/g).map(Number));
        }"""
    )
    light, dark = sorted(
        (sum(w * (v / 255) ** 2.2 for v, w in zip(c, (0.2126, 0.7152, 0.0722))) for c in colours), reverse=True
    )
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_paper_shows_no_buttons(visit):
    page = visit()
    page.emulate_media(media="print")
    assert not page.locator(".study").first.is_visible() and not page.locator("button.solved").first.is_visible()


def test_our_scripts_are_small_on_every_page(site):
    ours = {file.name: len(gzip.compress(file.read_bytes(), 9, mtime=0)) for file in (site / "assets").glob("*.js")}
    used = set()
    for page in site.rglob("*.html"):
        loaded = re.findall(r'<script src="[^"]*assets/([\w.-]+\.js)"', page.read_text(encoding="utf-8"))
        assert sum(ours[name] for name in loaded) <= MOST, page
        used |= {*loaded}
    assert used == {*ours}


SPECIAL = {
    "papers/bits-dnn-2022s2-endsem/q1/": ["new-numbers.js", "solutions.js"],
    "papers/bits-dnn-2022s2-endsem/exam/": ["exam.js"],
    "topics/adam/": [],
}


@pytest.mark.parametrize("page, loaded", SPECIAL.items(), ids=SPECIAL)
def test_a_page_loads_no_script_for_what_it_does_not_have(site, page, loaded):
    html = (site / page / "index.html").read_text(encoding="utf-8")
    assert [name for name in ("new-numbers.js", "exam.js", "solutions.js") if f"assets/{name}" in html] == loaded
