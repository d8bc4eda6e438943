"""Choice questions, answers in words, citations, conventions, topics and checked steps: what a page shows, and what is refused."""

from __future__ import annotations

import gzip
import json
import re
from html.parser import HTMLParser

import pytest
from sites import ROOT, build, change, check, copy_solvers, line_of, quick, sample
from test_negative_controls import Broken, assert_refused, both
from words import BIBLIOGRAPHY, KEY, NOTATION, PAGE, SOURCES, TOPIC, TREE, with_words

TICKED = "- [x] a. The filter fits"
CASES = [
    # options
    Broken("a tick too many", PAGE, "- [ ] b.", "- [x] b.", (PAGE, "- [x] b."), "part 1a: option b is ticked, but the computation finds it wrong"),
    Broken("a tick too few", PAGE, TICKED, "- [ ] a. The filter fits", (PAGE, "- [ ] a."), "part 1a: option a is not ticked, but the computation finds it right"),
    Broken("a tick that the key does not have", PAGE, "- [x] c.", "- [ ] c.", (PAGE, "``` solution"), "part 1a: answer right (line right): the page ticks a, the key says a, c"),
    Broken("a right option missing in the key", KEY, 'right = ["a", "c"]', 'right = ["a"]', (PAGE, "``` solution"), "the page ticks a, c, the key says a"),
    Broken("a published tick that differs", KEY, 'right = ["c", "a"]', 'right = ["b"]', (KEY, "[parts.1a]"), "part 1a: verdict agrees: does not follow"),
    Broken("no right options in the key", KEY, 'right = ["a", "c"]\n', "", (PAGE, "``` solution"), "part 1a: answer right = "),
    Broken("an option without a reason", PAGE, "\n    One for each filter.\n", "", (PAGE, "- [x] c."), "option c has no reason"),
    Broken("an option without a letter", PAGE, "- [x] c. There", "- [x] There", (PAGE, "- [x] There"), "an option begins with its letter"),
    Broken("a letter twice", PAGE, "- [x] c.", "- [x] b.", (PAGE, "- [x] b."), "option b stands here twice"),
    Broken("a computed value in an option", PAGE, "two maps.", "@{conv.n_out} maps.", (PAGE, "- [x] c."), "part 1a: @{conv.n_out} is computed"),
    Broken("an unknown value in a reason", PAGE, "It is @{conv.n_out} wide", "It is @{conv.n} wide", (PAGE, "conv.n}"), "part 1a: @{conv.n}: no such value"),
    Broken("a computed option that is not there", PAGE, "b=conv", "z=conv", (PAGE, "``` solution"), "part 1a: choices names no option 'z'"),
    Broken("a computed option that is no comparison", PAGE, 'b=conv["n_out"] == 5', "b=5", (PAGE, "b=5"), "part 1a: choices: b is 5; give a comparison"),
    Broken("a line named as the ticks", PAGE, "conv = conv_layer", "right = 1\nconv = conv_layer", (PAGE, "``` solution"), "part 1a: 'right' names the options"),
    Broken("a reading of an option that is not there", KEY, 'right = ["a"]\ntext', 'right = ["z"]\ntext', (KEY, "[[parts.1a.readings]]"), "part 1a: a reading names no option 'z'"),
    Broken("an unknown value in a reading", KEY, "$n = @{size}$", "$n = @{sise}$", (KEY, "[[parts.1a.readings]]"), "part 1a: @{sise}: no such value"),
    Broken("bad TeX in an option", PAGE, r"$5 \times 5$", r"$5 \tims 5$", (PAGE, r"\tims"), "TeX"),
    # answers in words
    Broken("nothing that answers", PAGE, "!!! answer\n    Because.\n", "", (PAGE, "``` part 1c"), "part 1c: no solution fence follows"),
    Broken("an unknown value in what loses marks", PAGE, "Forgetting the filters.", "Forgetting @{filtres}.", (PAGE, "filtres"), "part 1a: @{filtres}: no such value"),
    Broken("a computed claim that drifted", KEY, "mean = 1.5", "mean = 1.4", (PAGE, "mean = (a"), "part 1b: line mean"),
    Broken("a numeric part in words", KEY, 'title = "Words alone"\nkind = "concept"', 'title = "Words alone"\nkind = "numeric"', (PAGE, "``` part 1c"),
           "part 1c: no solution fence follows; a numeric part computes its answer"),
    Broken("a numeric part that names no answer", KEY, 'title = "What a mean is"\nkind = "concept"', 'title = "What a mean is"\nkind = "numeric"', (PAGE, "mean = (a"),
           "part 1b: the solution calls answer(…) 0 times"),
    # citations
    Broken("a citation without a source", PAGE, "[@lovelace1843].", "[@lovelace1842].", (PAGE, "lovelace1842"), "[@lovelace1842] cites no source of docs/bibliography.toml; did you mean 'lovelace1843'?"),
    Broken("a citation without a source in a key", KEY, "[@lovelace1843, note G]", "[@babbage, note G]", (KEY, "babbage"), "[@babbage] cites no source"),
    Broken("a source without an address", BIBLIOGRAPHY, 'url = "https://sources.example/notes"\n', "", (BIBLIOGRAPHY, "[lovelace1843]"), "source lovelace1843: url is None; it must be text"),
    Broken("a source with a field too many", BIBLIOGRAPHY, "url =", 'isbn = "1"\nurl =', (BIBLIOGRAPHY, "[lovelace1843]"), "source lovelace1843: unknown field 'isbn'"),
    Broken("a source that is no table", BIBLIOGRAPHY, "[lovelace1843]", 'babbage1837 = "an engine"\n[lovelace1843]', (BIBLIOGRAPHY, "babbage1837"), "source babbage1837: write it as a table with "),
    Broken("a bibliography that is not TOML", BIBLIOGRAPHY, "url =", "url = =", (BIBLIOGRAPHY, "url ="), "not TOML"),
    # conventions
    Broken("a convention that is not there", KEY, 'assumes = ["shapes"]', 'assumes = ["shape"]', (KEY, "[parts.1a]"), "part 1a: assumes: 'shape' is no convention of about/notation.md; did you mean 'shapes'?"),
    Broken("a convention that was renamed", NOTATION, "#shapes", "#dimensions", (KEY, "[parts.1a]"), "part 1a: assumes: 'shapes' is no convention"),
    # topics
    Broken("a topic without a page", TREE, '[optimization.adam]', '[optimization.sgd]\ntitle = "SGD"\n\n[optimization.adam]', (TREE, "[optimization.sgd]"), "topic sgd has no page; write docs/topics/sgd.md"),
    Broken("a topic in two branches", TREE, '[optimization.adam]', '[speed]\ntitle = "Speed"\n\n[speed.adam]\ntitle = "Adam"\n\n[optimization.adam]', (TREE, "[speed.adam]"), "topic adam stands under 'Optimization' already"),
    Broken("a branch without a title", TREE, 'title = "Optimization"\n', "", (TREE, "[optimization"), "branch optimization: its title is None"),
    Broken("a topic with a field too many", TREE, 'title = "Adam"', 'title = "Adam"\nalias = "x"', (TREE, "[optimization.adam]"), "topic adam: unknown field 'alias'"),
    Broken("other names that are no list", TREE, 'title = "Adam"', 'title = "Adam"\nalso = "x"', (TREE, "[optimization.adam]"), "topic adam: also is 'x'; it must be a list"),
    Broken("the page of a topic without its list", TOPIC, "``` list topic\n```\n", "", (TOPIC, "# Adam"), "the page of a topic lists the parts that use it"),
    # steps
    Broken("a step that does not hold on a topic's page", TOPIC, "(x - 1) * (x + 1)", "(x - 1) * (x + 2)", (TOPIC, "factor ="), "the step x**2 - 1 = "),
    Broken("a step that does not hold in a proof", PAGE, "x**2 + 2*x + 1)", "x**2 + x + 1)", (PAGE, "square ="), "part 1d: "),
    Broken("a check without a step", TOPIC, "factor = equal(x**2 - 1, (x - 1) * (x + 1))  # a difference of squares\n", "", (TOPIC, "``` check"), "a check fence has no step"),
    Broken("a check with an unknown name", TOPIC, "equal(", "equals(", (TOPIC, "factor ="), "unknown name 'equals'; did you mean 'equal'?"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[case.what for case in CASES])
def test_a_broken_site_is_refused(case, tmp_path):
    folder = with_words(sample(tmp_path))
    change(folder / case.file, case.old, case.new)
    file, *marker = case.at
    place = f"{file}:{line_of(folder / file, *marker)}: "
    for ran in both(folder):
        assert_refused(ran, place, case.says)


def test_the_site_that_nobody_broke_passes(tmp_path):
    for ran in both(with_words(sample(tmp_path))):
        assert ran.code == 0, ran.text


def test_a_source_that_nothing_cites_is_refused_by_check(tmp_path):
    """It belongs to no page, so the build of a page that is in order does not look for it; `check` and CI do."""
    folder = with_words(sample(tmp_path))
    with (folder / BIBLIOGRAPHY).open("a") as file:
        file.write('\n[babbage1837]\ncite = "Babbage 1837"\ntext = "C. Babbage."\nurl = "https://sources.example/b"\n')
    ran = check(folder)
    assert_refused(
        ran,
        f"{BIBLIOGRAPHY}:{line_of(folder / BIBLIOGRAPHY, '[babbage1837]')}: ",
        "source babbage1837: nothing cites it",
    )


def test_a_citation_in_code_is_no_citation(tmp_path):
    folder = with_words(sample(tmp_path))
    change(folder / PAGE, "Therefore.", "Write `[@nobody]`.\n\n``` text\n[@nobody]\n```")
    assert check(folder).code == 0


def test_a_page_of_a_topic_that_is_not_in_the_tree_is_refused(tmp_path):
    folder = with_words(sample(tmp_path))
    (folder / "docs/topics/adan.md").write_text("# Adan\n")
    assert_refused(
        check(folder),
        "docs/topics/adan.md:1: ",
        "the page of a topic that is not in docs/topics.toml; did you mean 'adam'?",
    )


class Page(HTMLParser):
    """The text of a page, and the attributes of every tag of one kind."""

    def __init__(self, html: str):
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def all(self, tag, **wanted):
        return [a for t, a in self.tags if t == tag and all(a.get(k.rstrip("_")) == v for k, v in wanted.items())]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = with_words(sample(tmp_path_factory.mktemp("words")))
    ran = build(folder)
    assert ran.code == 0, ran.text
    return folder / "site"


def page(built, name):
    return Page((built / name / "index.html").read_text(encoding="utf-8"))


def test_options_are_boxes_with_labels(built):
    question = page(built, "papers/words/q1")
    (options,) = question.all("fieldset")
    assert options["data-right"] == "a c" and options["data-readings"] == "a"
    assert [box["value"] for box in question.all("input", type="checkbox")] == ["a", "b", "c"]
    assert len(question.all("label")) == 3
    assert "The filter fits 6 minus 3 plus 1 times." in question.text


def test_every_option_has_its_verdict_and_reason(built):
    text = page(built, "papers/words/q1").text
    for words in (
        "a is right computed That is 4 times.",
        "b is wrong computed It is 4 wide.",
        "c is right One for each filter.",
    ):
        assert words in text
    assert "Another reading: a. When only one may be ticked" in text


def test_an_answer_in_words_has_its_rhythm(built):
    """Answer, why, what loses marks, sources; conventions and topics are links."""
    html = (built / "papers/words/q1/index.html").read_text(encoding="utf-8")
    question = Page(html)
    assert re.findall(r"<summary>(.*?)</summary>", html) == [
        *("Hint 1 of 1", "Answer", "Why", "Code", "Published key"),
        *("Answer", "Why", "Code"),
        *("Answer", "Why"),
        *("Answer", "Proof", "Code"),
    ]
    assert "What loses marks Forgetting the filters." in question.text
    assert question.text.count("A. A. Lovelace: Notes. 1843.") == 2  # part 1a cites it in its key, 1b in its text
    links = {a.get("href") for a in question.all("a")}
    assert {"../../../about/sources/#lovelace1843", "../../../about/notation/#shapes", "../../../topics/adam/"} <= links


def test_a_heading_ends_a_part_in_words(built):
    html = (built / "papers/words/q1/index.html").read_text(encoding="utf-8")
    after = html[html.index("After the parts") :]
    assert "Nothing belongs to part 1c here." in after[: after.index("1d ·")]


def test_the_list_of_sources_says_who_cites_them(built):
    sources = page(built, "about/sources")
    assert (
        "Lovelace 1843. A. A. Lovelace: Notes. 1843. sources.example/notes . Cited in Question 1 , Words ."
        in sources.text
    )
    assert sources.all("p", id="lovelace1843")


def test_a_topic_lists_its_parts_and_shows_its_steps(built):
    topic = page(built, "topics/adam")
    assert "1a Sample A sigmoid neuron 3" in topic.text and "1a Words Which shape 2" in topic.text
    assert "checked" in topic.text and "a difference of squares" in topic.text


def test_the_tree_of_topics_counts_its_parts(built):
    assert "Optimization Adam (2 parts)" in page(built, "topics").text


def test_the_data_set_has_words_and_options(built):
    assert quick(built.parent, "solvers", "export", "site").code == 0
    parts = json.loads((built / "answers.json").read_text(encoding="utf-8"))["parts"]
    assert parts["words/1a"]["answer"] == {"right": ["a", "c"]}
    assert parts["words/1a"]["because"] == "The key ticks the same, see (Lovelace 1843, note G)."
    assert parts["words/1a"]["options"]["b"] == {
        "text": "The output is $5 \\times 5$.",
        "right": False,
        "reason": "It is 4 wide.",
    }
    assert parts["words/1b"]["text"] == "The sum, shared out: here 1.5."
    assert parts["words/1c"]["text"] == "Because."


def test_accept_writes_the_ticks(tmp_path):
    folder = with_words(sample(tmp_path))
    change(folder / KEY, '[parts.1a.answer]\nright = ["a", "c"]\n', "")
    ran = quick(folder, "solvers", "accept", "words/1a")
    assert ran.code == 0 and '+right = ["a", "c"]' in ran.out, ran.text
    assert check(folder).code == 0


def test_a_changed_solver_changes_what_an_option_is(tmp_path):
    folder = copy_solvers(with_words(sample(tmp_path)))
    change(
        folder / "solvers/convolution.py",
        "n_out = (size + 2 * padding - kernel) // stride + 1",
        "n_out = (size + 2 * padding - kernel) // stride + 2",
    )
    assert_refused(
        check(folder),
        f"{PAGE}:{line_of(folder / PAGE, TICKED)}: ",
        "option a is ticked, but the computation finds it wrong",
    )


def test_the_scripts_are_small_and_ask_nobody():
    script = "".join(file.read_text() for file in sorted((ROOT / "docs/assets").glob("*.js")))
    assert len(gzip.compress(script.encode())) < 15_000
    assert not re.search(r"https?:|\bimport\b|XMLHttpRequest|\beval\(|WebSocket|sendBeacon", script)
    assert (
        len(re.findall(r"fetch\(", script)) == 1
    )  # the list of parts of this site, when a reader asks for a random one


def test_sources_page_name():
    """The engine links to the page that lists the sources; it has to be the one that is there."""
    assert (ROOT / SOURCES).is_file()
