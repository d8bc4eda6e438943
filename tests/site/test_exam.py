"""A paper as a mock exam: the questions of its pages, nothing that answers them, and what a page of that kind must not be."""

from __future__ import annotations

import json
import re
import tomllib
import zipfile

import pytest
from sites import INDEX, KEY, build, change, check
from test_site import Reader, words
from words import KEY as WORDS_KEY
from words import with_words

from solvers.site import downloads

EXAM = "docs/papers/sample/exam.md"
TEXT = "---\ntitle: Mock exam\nsearch:\n  exclude: true\n---\n\n# Mock exam\n\n``` exam\n```\n"
PART = re.compile(
    r'<div class="exam-part" data-part="([^"]+)">(.*?)(?=<div class="exam-part"|<div class="exam-end")', re.S
)
ASKED = re.compile(r'<h3 [^\n]*</h3>(.*?)<div class="exam-own"', re.S)


@pytest.fixture
def offered(folder):
    """The sample site with a mock exam."""
    (folder / EXAM).write_text(TEXT, encoding="utf-8")
    return folder


def built(folder, page="papers/sample/exam"):
    ran = build(folder)
    assert ran.code == 0, ran.text
    return (folder / "site" / page / "index.html").read_text(encoding="utf-8")


def papers(site):
    """Of every paper: its id and the HTML of its exam."""
    found = {
        file.parent.parent.name: file.read_text(encoding="utf-8") for file in site.glob("papers/*/exam/index.html")
    }
    assert found
    return found


def solutions_of(site, paper):
    """The HTML of the other pages of a paper."""
    files = sorted((site / "papers" / paper).glob("*/index.html"))
    return [file.read_text(encoding="utf-8") for file in files if file.parent.name != "exam"]


# On every paper


def test_every_paper_offers_its_exam_on_its_overview(site, snapshot):
    keys = {file.parent.name for file in snapshot.glob("docs/papers/*/key.toml")}
    assert set(papers(site)) == keys
    for paper in keys:
        overview = (site / "papers" / paper / "index.html").read_text(encoding="utf-8")
        assert re.search(r'<a class="md-button" href="(?:\./)?exam/">Sit this paper as a mock exam</a>', overview), (
            paper
        )


def test_an_exam_asks_every_part_once_in_the_order_of_the_pages(site, snapshot):
    for paper, html in papers(site).items():
        asked = [part for part, _ in PART.findall(html)]
        pages = sorted((site / "papers" / paper).glob("*/index.html"))
        placed = [id_ for page in pages for id_ in re.findall(r'<h2 id="([^"]+)">.*?</h2>\s*<p class="part-meta">',
                                                              page.read_text(encoding="utf-8"))]  # fmt: skip
        assert asked == [id_ for id_ in placed if not id_.startswith("cheatsheet-")], paper
        assert len(asked) == len(set(asked)) > 0


def test_a_question_is_the_same_html_as_on_its_page(site):
    """Up to what judges an answer: the verdict of the options and the button below them."""
    looked = 0
    for paper, html in papers(site).items():
        pages = "".join(file.read_text(encoding="utf-8") for file in (site / "papers" / paper).glob("*/index.html"))
        for part, inside in PART.findall(html):
            asked = re.sub(r' name="tick [^"]+" autocomplete="off"', "", ASKED.search(inside)[1]).strip()
            asked = asked.removesuffix("</fieldset>").strip()
            own = re.search(rf'<h2 id="{re.escape(part)}">.*?<p class="part-meta">.*?</p>(.*?)<details', pages, re.S)[1]
            own = re.sub(r' data-right="[^"]*" data-readings="[^"]*"', "", own)
            own = re.sub(r'^\s*<p class="part-assumes">.*?</p>', "", own, flags=re.S)
            own = re.sub(
                r'<div data-new="[^"]*">|</div>(?=\s*(<fieldset|<div data-new|<p class="new-numbers))', "", own
            )
            assert " ".join(own.split()).startswith(" ".join(asked.split())), f"{paper}/{part}"
            looked += 1
    assert looked > 60


def given_away(html, pages):
    """How many pieces of hints, answers and workings were looked for in an exam, and those that stand in it."""
    text, pieces = words(html), set()
    for page in map(Reader, pages):
        shown = words(" ".join(page.shown))
        pieces |= {
            piece for piece in (" ".join(one.split()) for one in page.hidden) if len(piece) >= 20 and piece not in shown
        }
    return len(pieces), sorted(piece for piece in pieces if piece in text)


def test_an_exam_holds_nothing_that_answers_it(site):
    for paper, html in papers(site).items():
        judged = r'data-(right|readings|value|known|exact)\b|class="reveal|class="verdict|<details'
        assert not re.search(judged, html), paper
        looked, found = given_away(html, solutions_of(site, paper))
        assert looked > 10 and found == [], paper


def test_an_answer_in_an_exam_would_be_seen(site):
    pages = solutions_of(site, "bits-dnn-2022s2-endsem")
    html = papers(site)["bits-dnn-2022s2-endsem"]
    hint = re.search(r'<summary>Hint 1 of \d</summary>\s*(?:<div data-new="[^"]*">\s*)?<p>([^<]{20,})', pages[-1])[1]
    assert given_away(html.replace("</h1>", f"</h1><p>{hint}</p>"), pages)[1] != []


def test_an_exam_is_no_page_of_solutions(site):
    """Not for the search, the data set, the notebooks, the cards and the search engines."""
    index = json.loads((site / "search/search_index.json").read_text(encoding="utf-8"))["docs"]
    assert not [entry["location"] for entry in index if "/exam/" in entry["location"]]
    assert any("/q4/" in entry["location"] for entry in index)
    assert not [part["url"] for part in json.loads((site / "answers.json").read_text(encoding="utf-8"))["parts"].values()
                if "/exam/" in part["url"]]  # fmt: skip
    assert not list(site.rglob("exam.ipynb"))
    with zipfile.ZipFile(site / downloads.DECK) as deck:
        assert all(b"exam/#" not in deck.read(name) for name in deck.namelist())
    for html in papers(site).values():
        assert "application/ld+json" not in html and 'class="notebook' not in html


def test_the_fields_of_an_exam_have_names_of_their_own(site):
    for paper, html in papers(site).items():
        names = re.findall(r'<(?:input|textarea)[^>]* name="([^"]+)"', html)
        names = [name for name in names if name != "query" and not name.startswith("__")]
        assert len(names) == len(set(names)) > 2, paper
        assert len(re.findall(r'<textarea name="text ', html)) == len(PART.findall(html))


def test_the_clock_has_the_minutes_of_the_key(site, snapshot):
    for paper, html in papers(site).items():
        facts = tomllib.loads((snapshot / f"docs/papers/{paper}/key.toml").read_text(encoding="utf-8"))["paper"]
        assert re.search(r'name="minutes"[^>]* value="([^"]*)"', html)[1] == str(facts.get("minutes", ""))
        assert ("states no duration" in html) == ("minutes" not in facts)


# On a small one


def test_an_exam_in_full(offered):
    html = built(offered)
    assert [part for part, _ in PART.findall(html)] == ["1a", "1b"]
    assert "2 parts, 3 marks in all." in html and "1 part bears no marks." in html
    assert re.search(r'<h2 id="question-1">Question 1', html) and "Some text before the first part" in html
    assert re.search(r'<h3 id="exam-1a">1a · 3 marks', html) and re.search(r'<h3 id="exam-1b">1b<', html)
    assert re.search(r'name="marks 1a" min="0" max="3" step="0.5"', html) and 'name="marks 1b"' not in html
    assert 'name="try 1a y_hat"' in html and "to 4 digits" in html
    assert "0.0001234" not in html and "Weigh the input" not in html and "A sigmoid neuron" not in html


def test_the_overview_without_an_exam_offers_none(folder):
    assert "mock exam" not in built(folder, "papers/sample")


def test_what_is_not_solved_yet_and_another_total_are_told(offered):
    change(offered / KEY, "parts = 2", 'parts = 5\nmarks = "20"\nminutes = 90')
    html = " ".join(built(offered).split())
    assert (
        "The paper prints a total of 20. 1 part bears no marks. 3 more parts of this paper are not solved here yet."
        in html
    )
    assert "The paper allows 90 minutes for all of its parts." in html
    assert 'value="90"' in html


def test_the_ticks_of_an_exam_say_nothing(folder):
    with_words(folder)
    (folder / "docs/papers/words/exam.md").write_text(TEXT, encoding="utf-8")
    html = built(folder, "papers/words/exam")
    assert html.count('<fieldset class="options">') == 1
    assert re.findall(r'name="(tick [^"]+)"', html) == ["tick 1a a", "tick 1a b", "tick 1a c"]
    assert "Check</button>" not in html and "Count the places" not in html


def test_the_pages_of_an_exam_can_be_named(offered):
    second = offered / "docs/papers/sample/appendix.md"
    text = (offered / "docs/papers/sample/q1.md").read_text(encoding="utf-8")
    first, rest = text.split("``` part 1b")
    (offered / "docs/papers/sample/q1.md").write_text(first, encoding="utf-8")
    second.write_text("# Appendix\n\n``` part 1b" + rest, encoding="utf-8")
    assert [part for part, _ in PART.findall(built(offered))] == ["1b", "1a"]
    change(offered / EXAM, "``` exam\n", "``` exam q* app*\n")
    assert [part for part, _ in PART.findall(built(offered))] == ["1a", "1b"]
    change(offered / EXAM, "``` exam q* app*\n", "``` exam q*\n")
    assert [part for part, _ in PART.findall(built(offered))] == ["1a"]


@pytest.mark.parametrize(
    "file, old, new, says",
    [
        (EXAM, "``` exam\n", "``` exam z*\n", "exam.md:9: exam: no page with parts is called 'z*'; there is q1"),
        (EXAM, "  exclude: true", "  boost: 2", "the search leads to solutions, not to this page"),
        (EXAM, "search:\n  exclude: true\n", "", "the search leads to solutions, not to this page"),
        (INDEX, "``` list parts", "``` exam", "index.md:3: ``` exam stands in exam.md of a paper"),
        ("docs/index.md", "``` list counts", "``` exam", "index.md:3: ``` exam stands in exam.md of a paper"),
        (KEY, "parts = 2", "parts = 2\nminutes = 0", "key.toml:9: [paper]: minutes is 0; it must be from 1 to 600"),
        (KEY, "parts = 2", 'parts = 2\nminutes = "2 hours"', "minutes is '2 hours'; it must be a whole number"),
    ],
    ids=[
        "no such page",
        "other search",
        "no search",
        "on an overview",
        "on no paper",
        "no minutes",
        "minutes in words",
    ],
)
def test_what_cannot_be_an_exam_is_refused(offered, file, old, new, says):
    change(offered / file, old, new)
    for ran in (check(offered), build(offered)):
        assert ran.code == 1
        assert says in ran.text


def test_a_question_that_fails_stops_the_exam(offered):
    change(offered / WORDS_KEY.replace("words", "sample"), "y_hat = 0.0001234", "y_hat = 0.0001235")
    assert build(offered).code == 1
