"""A mock exam in a browser: what a student does, from the first word to the file that is taken home."""

from __future__ import annotations

import gzip
import json
import re
import zipfile

import pytest
from sites import until
from test_print import pdftotext, sheets  # noqa: F401
from test_study import BLOCKED, FULL, settled, stored

from solvers.site import downloads

PAPER = "bits-dnn-2022s2-endsem"
EXAM, KEY = f"papers/{PAPER}/exam/", f"recomputed:exam:{PAPER}"
CHOICES = "papers/ist-dl-2022-final-a/exam/"
MOST = 4_000  # bytes of the script, compressed
WORDS = "First I thought <b>2</b>,\nthen 5."


def part(page, id_):
    return page.locator(f'.exam-part[data-part="{id_}"]')


def field(page, name):
    return page.locator(f'[name="{name}"]')


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def finish(page):
    press(page, "Finish")
    until(page, "() => [...document.querySelectorAll('.exam-solution')].every(one => one.querySelector('.answer'))")


def write(page):
    field(page, "text 3c").fill(WORDS)
    field(page, "try 3c H").fill("5")


def exported(page):
    with page.expect_download() as download:
        press(page, "Export as a file")
    return download.value.suggested_filename, download.value.path().read_text(encoding="utf-8")


def accept(page, answer=True):
    asked = []
    page.once("dialog", lambda box: (asked.append(box.message), box.accept() if answer else box.dismiss()))
    return asked


# From the overview to the end


def test_a_student_sits_a_paper(visit):
    page = visit(f"papers/{PAPER}/")
    page.get_by_role("link", name="Sit this paper as a mock exam").click()
    page.wait_for_url(f"**/{EXAM}")
    assert page.locator(".exam details, .exam .verdict").count() == 0
    assert not page.get_by_role("link", name="Solution of 3c").is_visible()
    write(page)
    finish(page)
    one = part(page, "3c")
    assert one.locator(".exam-said").inner_text() == f"H = 5\n{WORDS}"  # what is typed is text, not HTML
    assert one.locator("details.answer .answers").is_visible()
    assert one.locator("details.derivation:not([open])").count() == 1
    assert (
        one.locator(".exam-review .marks").all_inner_texts() == one.locator(".exam-solution > .marks").all_inner_texts()
    )
    assert one.get_by_role("link", name="Solution of 3c").is_visible()
    assert not field(page, "text 3c").is_visible()
    assert part(page, "1a").locator(".exam-said").inner_text() == "Nothing written."
    assert page.locator("iframe").count() == 0 and page.locator(".published-key").count() == 0
    assert page.evaluate("document.activeElement.className").startswith("exam")
    assert page.complaints == []
    press(page, "Back to the questions")
    assert field(page, "text 3c").input_value() == WORDS and not one.locator(".exam-review").is_visible()


def test_the_solution_is_that_of_its_page(visit):
    page = visit(EXAM)
    finish(page)
    taken = [one.inner_text() for one in page.locator(".exam-solution .answers").all()]
    links = page.locator(".exam-solution a[href]").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert links and all(link.startswith("http") for link in links)
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")
    assert len(ids) == len(set(ids))
    own = []
    for number in range(1, 5):
        other = visit(f"papers/{PAPER}/q{number}/")
        own += other.locator("details.answer .answers").evaluate_all("all => all.map(one => one.textContent)")
    assert len(own) == len(taken) > 5


def test_what_loses_marks_stands_beside_the_own_answer(visit):
    page = visit(CHOICES)
    finish(page)
    notes = page.locator(".exam-solution > .marks")
    assert notes.count() > 5 and notes.first.is_visible()
    assert page.locator(".exam-solution details .marks").count() == 0
    review = part(page, "part3-p1-1").locator(".exam-review")
    left, right = review.locator(".exam-said").bounding_box(), review.locator("details.answer").bounding_box()
    assert left["x"] + left["width"] <= right["x"] and abs(left["y"] - right["y"]) < 100


def test_ticks_are_kept_and_not_judged(visit):
    page = visit(CHOICES)
    field(page, "tick part1-1 b").check()
    field(page, "tick part1-1 d").check()
    assert page.get_by_role("button", name="Check").count() == 0
    page.reload()
    assert field(page, "tick part1-1 b").is_checked() and not field(page, "tick part1-1 a").is_checked()
    finish(page)
    assert part(page, "part1-1").locator(".exam-said").inner_text() == "Ticked: b, d"
    assert field(page, "tick part1-1 b").is_disabled()


def test_what_was_opened_elsewhere_is_closed_here(visit):
    page = visit(f"papers/{PAPER}/q3/")
    page.get_by_role("button", name="Show all").click()
    settled(page)
    page.goto(page.url.replace("/q3/", "/exam/"))
    finish(page)
    assert page.locator(".exam-solution details.derivation[open]").count() == 0


# Marks


def test_the_reader_marks_and_the_page_only_adds(visit):
    page = visit(EXAM)
    finish(page)
    total = page.locator(".exam-total")
    assert total.inner_text() == "Your marks: 0 of 41; 0 of 12 parts with marks are marked."
    field(page, "marks 1a").fill("2.5")
    field(page, "marks 3c").fill("0")
    assert total.inner_text() == "Your marks: 2.5 of 41; 2 of 12 parts with marks are marked."
    for wrong in ("3.5", "-1", "0.3"):
        field(page, "marks 1b").fill(wrong)
        assert total.inner_text().startswith("Your marks: 2.5 of 41; 2 of 12"), wrong
    page.reload()
    assert field(page, "marks 1a").input_value() == "2.5" and total.inner_text().startswith("Your marks: 2.5 of 41")
    assert field(page, "marks 1a").get_attribute("step") == "0.5"


def test_parts_without_marks_are_told(visit):
    page = visit("papers/uva-dl1-2022-resit/exam/")
    finish(page)
    assert "5 parts bear no marks and are left out." in page.locator(".exam-total").inner_text()
    assert page.get_by_text("This part bears no marks.").count() == 5


# The clock


def test_the_clock_runs_pauses_hides_and_says_when_time_is_over(visit):
    page = visit(EXAM)
    page.clock.install()
    page.reload()
    time, over = page.locator(".exam-time"), page.locator(".exam-over")
    assert field(page, "minutes").input_value() == "150" and time.inner_text() == "2:30:00 left"
    field(page, "minutes").fill("2")
    press(page, "Start")
    page.clock.run_for(61_000)
    assert re.fullmatch(r"0:00:5\d left", time.inner_text())
    press(page, "Pause")
    paused = time.inner_text()
    page.clock.run_for(300_000)
    assert time.inner_text() == paused and over.inner_text() == ""
    press(page, "Go on")
    press(page, "Hide clock")
    assert not time.is_visible()
    page.clock.run_for(64_000)
    assert over.inner_text() == "Time is over. Go on, or finish when you like."
    assert over.evaluate("one => one.tagName") == "OUTPUT"  # said politely
    write(page)  # nothing ends by force
    press(page, "Show clock")
    assert re.fullmatch(r"0:00:\d\d over", time.inner_text())
    finish(page)
    ended = time.inner_text()
    page.clock.run_for(60_000)
    assert time.inner_text() == ended


def test_the_end_of_time_is_said_once(visit):
    page = visit(EXAM)
    page.clock.install()
    page.reload()
    page.evaluate(
        "window.said = 0; new MutationObserver(() => window.said++).observe(document.querySelector('.exam-over'), { childList: true })"
    )
    field(page, "minutes").fill("1")
    press(page, "Start")
    page.clock.run_for(90_000)
    assert page.evaluate("window.said") == 1


def test_the_clock_goes_on_while_the_page_is_closed(visit):
    page = visit(EXAM)
    page.clock.install()
    page.reload()
    press(page, "Start")
    exam = page.url
    page.goto(exam.replace(EXAM, "about/"))
    page.clock.fast_forward(600_000)
    page.goto(exam)
    assert re.fullmatch(r"2:19:[45]\d left", page.locator(".exam-time").inner_text())
    assert page.get_by_role("button", name="Pause").is_visible()


def test_where_no_duration_is_printed_the_reader_types_one(visit):
    page = visit("papers/uva-dl1-2022-resit/exam/")
    minutes = field(page, "minutes")
    assert minutes.input_value() == "" and page.locator(".exam-time").inner_text() == ""
    press(page, "Start")
    assert page.get_by_role("button", name="Start").is_visible()  # the browser asks for the minutes
    assert minutes.evaluate("one => one === document.activeElement")
    minutes.fill("90")
    press(page, "Start")
    assert re.fullmatch(r"1:(30:00|29:59) left", page.locator(".exam-time").inner_text())


# What is stored


def test_everything_is_there_after_a_reload(visit):
    page = visit(EXAM)
    assert stored(page) == {}  # looking at an exam is not sitting it
    write(page)
    assert list(stored(page)) == [KEY]
    page.reload()
    assert field(page, "text 3c").input_value() == WORDS and field(page, "try 3c H").input_value() == "5"
    finish(page)
    page.reload()
    page.locator(".exam-solution details.answer").first.wait_for()
    assert part(page, "3c").locator(".exam-said").inner_text() == f"H = 5\n{WORDS}"
    assert list(stored(page)) == [KEY]


def test_every_paper_keeps_its_own(visit):
    write(visit(EXAM))
    page = visit(CHOICES)
    assert page.locator("textarea").evaluate_all("all => all.every(one => !one.value)")


def test_another_tab_is_followed(visit):
    one, other = visit(EXAM), visit(EXAM)
    write(one)
    until(other, "document.querySelector('[name=\"text 3c\"]').value !== ''")
    assert field(other, "text 3c").input_value() == WORDS


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_an_exam_is_deleted_by_keyboard_after_a_question(visit, key):
    page = visit(EXAM)
    write(page)
    button = page.get_by_role("button", name="Delete this exam")
    asked = accept(page, answer=False)
    button.focus()
    page.keyboard.press(key)
    assert len(asked) == 1 and list(stored(page)) == [KEY]
    accept(page)
    page.keyboard.press(key)
    assert stored(page) == {} and field(page, "text 3c").input_value() == ""
    assert page.locator(".exam-status").inner_text() == "Deleted."
    page.reload()
    assert field(page, "text 3c").input_value() == ""


def test_the_button_that_deletes_everything_deletes_it_too(visit):
    write(visit(EXAM))
    page = visit("about/")
    said = page.locator("[data-forget] + output")
    assert re.fullmatch(r"Stored now: 1 mock exam(, 1 setting)?\.", said.inner_text())  # the theme keeps its palette
    press(page, "Delete all of it")
    assert stored(page) == {} and said.inner_text() == "Nothing is stored now."


@pytest.mark.parametrize("script", [BLOCKED, FULL], ids=["blocked", "full"])
def test_where_nothing_can_be_stored_it_works_and_says_so(visit, script):
    page = visit(EXAM, script=script)
    write(page)
    told = page.get_by_text("what you write is lost when you leave the page")
    assert told.is_visible()
    finish(page)
    assert part(page, "3c").locator(".exam-said").inner_text() == f"H = 5\n{WORDS}"
    assert "> H = 5" in exported(page)[1]
    accept(page)
    press(page, "Delete this exam")
    assert field(page, "text 3c").input_value() == ""
    assert page.complaints == []


def test_where_it_is_stored_nothing_is_said(visit):
    page = visit(EXAM)
    write(page)
    assert not page.locator(".exam-unkept").is_visible()


@pytest.mark.parametrize("text", ["nonsense", "5", "null", "[1]", '{"fields": 3, "spent": "x"}', "{"])
def test_what_another_program_has_stored_breaks_nothing(visit, text):
    page = visit(
        EXAM, script=f"if (!sessionStorage.done) localStorage.setItem('{KEY}', `{text}`); sessionStorage.done = 1"
    )
    write(page)
    assert json.loads(stored(page)[KEY])["fields"]["text 3c"] == WORDS
    assert page.complaints == []


# The file


def test_the_file_holds_answers_marks_and_times(visit):
    page = visit(EXAM)
    page.clock.install(time="2024-05-06T07:08:00Z")
    page.reload()
    press(page, "Start")
    write(page)
    page.clock.run_for(3_723_000)
    finish(page)
    field(page, "marks 3c").fill("1.5")
    name, text = exported(page)
    assert name == f"exam-{PAPER}.md"
    assert "# Mock exam: Deep Neural Network, end-semester test" in text
    assert "- Began: 2024-05-06 07:08 UTC\n- Finished: 2024-05-06 08:10 UTC\n- On the clock: 1:02:0" in text
    assert " of 150 minutes\n- Your marks: 1.5 of 41;" in text
    assert f"## {PAPER}/3c\n\nOwn marks: 1.5 of 3\n\n> H = 5\n> First I thought <b>2</b>,\n> then 5.\n" in text
    assert f"## {PAPER}/1a\n\nOwn marks: – of 3\n\n> Nothing written.\n" in text
    assert text.count("\n## ") == 12


# Without this or that


def test_without_javascript_there_are_the_questions_and_links(visit):
    page = visit(EXAM, java_script_enabled=False)
    assert page.locator(".exam-bar, .exam-end, .exam-own, .exam-review").count() > 20
    for name in (".exam-bar", ".exam-end", ".exam-own", ".exam-review", ".exam textarea", ".exam button"):
        assert not page.locator(name).first.is_visible(), name
    assert part(page, "3c").get_by_text("learnable parameters").is_visible()
    page.get_by_role("link", name="Solution of 3c").click()
    page.wait_for_url("**/q3/#3c")


def test_from_disk_the_solutions_come_as_well(browser, site, tmp_path):
    with zipfile.ZipFile(site / downloads.COPY) as archive:
        archive.extractall(tmp_path)
    context = browser.new_context(offline=True, accept_downloads=True)
    context.set_default_timeout(15_000)
    page = context.new_page()
    complaints = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto((tmp_path / "recomputed" / EXAM / "index.html").as_uri())
    write(page)
    page.reload()
    assert field(page, "text 3c").input_value() == WORDS
    finish(page)
    assert part(page, "3c").locator("details.answer .answers").is_visible()
    assert "> H = 5" in exported(page)[1]
    assert complaints == []
    context.close()


def test_a_solution_page_answers_nobody_else(visit):
    """A page of another site that shows ours in a frame, and one that sends anything else."""
    page = visit(f"papers/{PAPER}/q3/")
    page.evaluate("""() => {
      window.answered = [];
      const source = { postMessage: (message) => window.answered.push(message) };
      for (const [data, origin] of [["recomputed:exam?", "https://elsewhere.example"], ["other", self.origin]]) {
        const event = new MessageEvent("message", { data, origin });
        Object.defineProperty(event, "source", { value: source });
        dispatchEvent(event);
      }
    }""")
    assert page.evaluate("window.answered") == []
    page.evaluate("""() => {
      const event = new MessageEvent("message", { data: "recomputed:exam?", origin: self.origin });
      Object.defineProperty(event, "source", { value: { postMessage: (message) => window.answered.push(message) } });
      dispatchEvent(event);
    }""")
    assert list(page.evaluate("window.answered")[0]["solutions"]) == ["3a", "3b", "3c"]


def test_an_exam_takes_solutions_from_its_own_frames_only(visit):
    page = visit(EXAM)
    page.evaluate("postMessage({ solutions: { '3c': '<p class=\"stray\">x</p>' } }, '*')")
    finish(page)
    assert page.locator(".stray").count() == 0


# Screen, keyboard and paper


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_controls_are_large_enough_and_everything_fits(visit, width):
    page = visit(EXAM, viewport={"width": width, "height": 800})
    press(page, "Start")
    controls = [
        one for one in page.locator(".exam :is(button, textarea, input:not([type=checkbox]))").all() if one.is_visible()
    ]
    assert len(controls) > 15
    assert all(one.bounding_box()["height"] >= 44 for one in controls)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    finish(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert field(page, "marks 3c").bounding_box()["height"] >= 44


def test_every_field_has_a_name_of_its_own_to_hear(visit):
    page = visit(EXAM)
    assert page.get_by_role("group", name="Your answer to 3c").get_by_role("textbox").count() == 2
    assert page.get_by_role("textbox", name="Your answer to 3c", exact=True).count() == 1
    assert page.get_by_role("timer").count() == 1
    finish(page)
    assert page.get_by_role("spinbutton", name="Your marks for 3c of 3").count() == 1


def test_a_field_that_is_reached_by_keyboard_is_not_below_the_clock(visit):
    page = visit(EXAM, viewport={"width": 390, "height": 700})
    for id_ in ("4b", "4a", "3c"):  # upwards, where a field would come to lie under the bar
        field(page, f"text {id_}").focus()
        bar, box = page.locator(".exam-bar").bounding_box(), field(page, f"text {id_}").bounding_box()
        assert box["y"] >= bar["y"] + bar["height"] - 1


def test_the_sheet_has_the_questions_only_until_the_end(visit, sheets):  # noqa: F811
    page = visit(EXAM)
    write(page)
    text = " ".join(sheets(page))
    assert "learnable parameters" in text and "3c · 3 marks" in text
    for said in (
        "First I thought",
        "Solution of",
        "Finish",
        "Hide clock",
        "Nothing written",
        "Your answer",
        "Your marks",
    ):
        assert said not in text, said
    finish(page)
    text = " ".join(sheets(page))
    assert "First I thought" in text and "Your marks: 0 of 41" in text and "Answer" in text
    assert "Export as a file" not in text


def test_the_script_is_small(site):
    assert len(gzip.compress((site / "assets/exam.js").read_bytes(), 9, mtime=0)) <= MOST
