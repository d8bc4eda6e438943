"""Break one thing of a site: `check` and the build have to fail, and to name the line and the part."""

from __future__ import annotations

import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal

import pytest
from sites import (
    HOME,
    INDEX,
    KEY,
    PAGE,
    ROOT,
    build,
    change,
    check,
    copy_repository,
    copy_solvers,
    line_of,
    sample,
)

from solvers.site.locate import places

TOPICS = "docs/topics.toml"
SLIP = """text = "The input $x$ is left out of the sigmoid."
replace = { "neuron.y_hat" = "sigmoid(w + b)" }
lands = ["y_hat", "neuron.dL_db"]
"""
ADDED = "total = a + c  # add"
UNUSED = """
[parts.1c]
title = "Nowhere"
kind = "concept"
topics = []
verdict = "unkeyed"
because = "No page has this part."
text = "Nothing."
"""


@dataclass(frozen=True)
class Broken:
    """One edit; `at` is a text of the line that the message has to name, in the file after the edit."""

    what: str
    file: str
    old: str
    new: str
    at: tuple[str] | tuple[str, str] | tuple[str, str, int]  # (file,) where any line of it will do
    says: str


CASES = [
    # digits
    Broken("a digit of an answer", KEY, "y_hat = 0.0001234", "y_hat = 0.0001235", (PAGE, "``` solution"), "part 1a: answer y_hat"),
    Broken("a digit of a line", KEY, "dL_dw = -1.750", "dL_dw = -1.751", (PAGE, "neuron = "), "part 1a: line neuron.dL_dw"),
    Broken("a digit of a given", PAGE, "x, y = 3.5", "x, y = 3.6", (PAGE, "neuron = "), "part 1a: line neuron.z"),
    Broken("a digit of a published value", KEY, "neuron.dL_db = -0.482", "neuron.dL_db = -0.483", (KEY, "[[parts.1a.slips]]"),
           "part 1a: the re-run does not land on the printed neuron.dL_db"),
    Broken("a published value that agreed", KEY, "[parts.1b.printed]\nmean = 1.5", "[parts.1b.printed]\nmean = 1.6", (KEY, "[parts.1b]"),
           "part 1b: verdict agrees: does not follow: the published mean 1.6 is not 1.5"),
    Broken("one digit fewer than computed would round to", KEY, "loss = 4.500", "loss = 4.51", (PAGE, "``` solution"), "part 1a: answer loss"),
    Broken("an exact number", KEY, "total = 3", "total = 4", (PAGE, ADDED), "part 1b: line total"),
    Broken("a word", KEY, "total = 3", 'total = "three"', (PAGE, ADDED), "part 1b: line total: 'three' is not a number"),
    # records and sections
    Broken("a section removed", KEY, "[[parts.1a.slips]]", UNUSED + "\n[[parts.1a.slips]]", (KEY, "[parts.1c]"), "part 1c: no page has it"),
    Broken("a part twice on a page", PAGE, "``` part 1b", "``` part 1a", (PAGE, "``` part 1a", 2), "part 1a stands on"),
    Broken("an answer left out of the page", PAGE, ', loss=neuron["loss"]', "", (KEY, "loss = 4.500"), "part 1a: answer.loss: the page leaves"),
    Broken("an answer left out of the key", KEY, "loss = 4.500\n", "", (PAGE, "``` solution"), "part 1a: answer loss = 4.50012"),
    Broken("a line left out of the key", KEY, "total = 3\n", "", (PAGE, ADDED), "part 1b: line total = 3 is not in the key"),
    Broken("a line that is nowhere", KEY, "total = 3", "total = 3\nsum = 3", (KEY, "sum = 3"), "part 1b: lines.sum: the derivation has no such"),
    Broken("a published value of nothing", KEY, "neuron.z = -9\nneuron.dL_db", "neuron.zz = -9\nneuron.dL_db", (KEY, "neuron.zz"),
           "part 1a: printed.neuron.zz: the page has no such answer or line; did you mean 'neuron.z'?"),
    Broken("a line that is an answer", KEY, "neuron.dL_dz = -0.4999", "neuron.y_hat = 0.0001234\nneuron.dL_dz = -0.4999",
           (KEY, "neuron.y_hat = 0"), "part 1a: lines.neuron.y_hat: this line is the answer 'y_hat'"),
    # blocks
    Broken("a block that raises", PAGE, ADDED, "total = a / (c - 2)", (PAGE, "total = a"), "part 1b: ZeroDivisionError"),
    Broken("givens that raise", PAGE, "a, c = 1, 2", "a, c = 1, 2 / 0", (PAGE, "a, c = "), "part 1b: ZeroDivisionError"),
    Broken("givens of a part with a slip that raise", PAGE, "w, b = -2.0, -2.0", "w, b = -2.0, -2.0 / 0", (PAGE, "w, b = "),
           "part 1a: ZeroDivisionError"),
    Broken("a block without an end", PAGE, ADDED, "total = sum(1 for _ in range(10**12))", (PAGE, "total = sum"), "part 1b: ran longer than 1 s"),
    Broken("a while loop without an end", PAGE, ADDED, "total = a + c\nwhile True: _ = sum(range(100_000))", (PAGE, "_ = sum"),
           "part 1b: ran longer than 1 s"),  # it is stopped in its sum, not between two passes, where coverage takes a lock
    Broken("not a number", PAGE, "mean = total / 2", 'mean = float("nan")', (PAGE, "``` solution", 2), "part 1b: mean is nan, where a finite"),
    Broken("infinity", PAGE, ADDED, 'total = float("inf")', (PAGE, "total = float"), "part 1b: total is inf, where a finite number is due"),
    Broken("a syntax error", PAGE, ADDED, "total = a +", (PAGE, "total = a +"), "part 1b: SyntaxError"),
    Broken("an unknown name", PAGE, "sigmoid_neuron.trace", "sigmoid_neurn.trace", (PAGE, "neuron = "), "part 1a: unknown name 'sigmoid_neurn'"),
    Broken("an import", PAGE, ADDED, "import os\n" + ADDED, (PAGE, "import os"), "part 1b: a block calls solvers, it has no 'import'"),
    Broken("an answer that is no line", PAGE, "answer(mean=mean)", "answer(mean=men)", (PAGE, "answer(mean"), "part 1b: unknown name 'men'"),
    Broken("no answer call", PAGE, "answer(mean=mean)", "", (PAGE, ADDED), "part 1b: the solution calls answer(…) 0 times; once is due"),
    Broken("an operand that is no line", PAGE, "mean = total / 2", "_r = float(total)\nmean = _r / 2", (PAGE, "mean = _r"),
           "part 1b: line mean uses _r = 3, which is no line of the derivation"),
    Broken("a table of nothing", PAGE, "answer(mean=mean)", 'table(m="men")\nanswer(mean=mean)', (PAGE, "``` solution", 2),
           "part 1b: table column m: no line 'men'; did you mean 'mean'?"),
    Broken("a table of a value", PAGE, "answer(mean=mean)", "table(m=mean)\nanswer(mean=mean)", (PAGE, "table(m"), "part 1b: table"),
    Broken("a figure of nothing", PAGE, "answer(mean=mean)", "figure(mean)\nanswer(mean=mean)", (PAGE, "figure("), "part 1b: figure"),
    Broken(
        "a figure of a value that is nowhere",
        PAGE,
        "answer(mean=mean)",
        'figure(neuron_diagram(["q"], ["a"], "c", "sigmoid"))\nanswer(mean=mean)',
        (PAGE, "``` solution", 2),
        "part 1b: the figure names 'q', which is no line and no given",
    ),
    Broken("a listing of a number", PAGE, "answer(mean=mean)", "listing(mean)\nanswer(mean=mean)", (PAGE, "listing("), "part 1b: listing"),
    Broken("a number too large to show", PAGE, "mean = total / 2", "mean = 10**5000", (PAGE, "``` solution", 2), "part 1b: answer mean"),
    # what `check` has to see although only the build writes it
    Broken("a given that is a solver", PAGE, "a, c = 1, 2", "a, c = 1, 2\nv = adam", (PAGE,), "part 1b: "),
    Broken("a given that is a table of names", PAGE, "a, c = 1, 2", 'a, c = 1, 2\nv = {"a": 1}', (PAGE,), "part 1b: "),
    Broken("a name that TeX cannot write", PAGE, "a, c = 1, 2", "a, c = 1, 2\nx_ß = 3", (PAGE,), "part 1b: "),
    # formulas
    Broken("bad TeX before the parts", PAGE, "$e^{i}$", "$e^{i$", (PAGE, "$e^{i$"), "TeX: "),
    Broken("bad TeX in a question", PAGE, r"output $\hat{y}$", r"output $\hatt{y}$", (PAGE, r"\hatt"), "TeX: "),
    Broken("bad TeX in a hint", PAGE, "$z = w x + b$", "$z = w x + b}$", (PAGE, "b}$"), "TeX: "),
    Broken("bad TeX in an explanation", PAGE, r"$\sigma$", r"$\frac{1}$", (PAGE, r"\frac{1}"), "TeX: "),
    Broken("bad TeX in an answer", PAGE, "It is $@{mean}$.", r"It is $\left(@{mean}$.", (PAGE, r"\left("), "TeX: "),
    Broken("bad TeX in a displayed formula", PAGE, "Add, then halve.", "Add\n\n    $$\n    \\frac{1\n    $$", (PAGE, "    $$"), "TeX: "),
    Broken("bad TeX in a reason", KEY, "$x = @{x}$", "$x = {@{x}$", (KEY, "[parts.1a]"), "TeX: "),
    Broken("bad TeX in a slip", KEY, "The input $x$ is", r"The input $\\hatt x$ is", (KEY, "[[parts.1a.slips]]"), "TeX: "),
    Broken("bad TeX on another page", HOME, "# Home", "# Home\n\nA $\\frac{1$.", (HOME, "A $"), "TeX: "),
    # fences
    Broken("a misspelt fence", PAGE, "``` part 1b", "``` prat 1b", (PAGE, "``` prat"), "unknown fence 'prat 1b'; did you mean ``` part?"),
    Broken("a misspelt solution", PAGE, "``` solution\ntotal", "``` soluton\ntotal", (PAGE, "soluton"), "unknown fence 'soluton'; did you mean"),
    Broken("a fence that is never closed", PAGE, "answer(mean=mean)\n```", "answer(mean=mean)", (PAGE, "``` solution", 2),
           "the fence ``` solution is never closed"),
    Broken("a fence in a comment", PAGE, "``` part 1b", "<!-- later\n``` part 1b", (PAGE, "``` part 1b"), "a part fence inside a comment"),
    Broken("an indented fence", PAGE, "``` solution\ntotal", "  ``` solution\ntotal", (PAGE, "  ``` solution"), "a solution fence must start at"),
    Broken("a part without its solution", PAGE, "``` solution\ntotal", "``` python\ntotal", (PAGE, "``` part 1b"),
           "part 1b: no solution fence follows"),
    Broken("a solution without its part", INDEX, "``` list parts", "``` solution\nx = 1\n```\n\n``` list parts", (INDEX, "``` solution"),
           "a solution fence outside a part"),
    Broken("a part without a name", PAGE, "``` part 1b", "``` part", (PAGE, "``` part", 2), "a part fence names no part"),
    Broken("a part outside the papers", HOME, "# Home", "# Home\n\n``` part 9z\n```\n\n``` solution\n```", (HOME, "``` part"), "part 9z: no key.toml"),
    Broken("an unknown list", HOME, "``` list counts", "``` list count", (HOME, "``` list"), "unknown list 'count'; did you mean 'counts'?"),
    Broken("the list of a topic on the page of none", HOME, "``` list counts", "``` list topic", (HOME, "``` list"), "stands on the page of a topic"),
    Broken("an unknown part to show", HOME, "``` list counts", "``` show sample/9z", (HOME, "``` show"), "show: there is no part 'sample/9z'"),
    # values in the text
    Broken("an unknown value in a question", PAGE, "mean of @{a}", "mean of @{q}", (PAGE, "@{q}"), "part 1b: @{q}: no such value"),
    Broken("an unknown value in a hint", PAGE, "$x = @{x}$.\n\n```", "$x = @{xx}$.\n\n```", (PAGE, "@{xx}"), "part 1a: @{xx}: no such value"),
    Broken("an unknown value in an explanation", PAGE, "$@{total}$", "$@{totl}$", (PAGE, "@{totl}"), "part 1b: @{totl}: no such value; did you mean"),
    Broken("an unknown value in an answer", PAGE, "It is $@{mean}$", "It is $@{men}$", (PAGE, "@{men}"), "part 1b: @{men}: no such value"),
    Broken("an unknown value in a reason", KEY, "$x = @{x}$", "$x = @{q}$", (KEY, "[parts.1a]"), "part 1a: @{q}: no such value"),
    Broken("an unknown value in a slip", KEY, "The input $x$", "The input @{q}", (KEY, "[[parts.1a.slips]]"), "part 1a: @{q}: no such value"),
    Broken("a computed value in a question", PAGE, "mean of @{a}", "mean @{mean} of @{a}", (PAGE, "@{mean} of"), "part 1b: @{mean} is computed"),
    Broken("a computed value in a hint", PAGE, "Add, then", "Add to @{total}, then", (PAGE, "Add to"), "part 1b: @{total} is computed"),
    # verdicts and slips
    Broken("a slip where all agrees", KEY, 'verdict = "agrees"', 'verdict = "slip"', (KEY, "[parts.1b]"),
           "part 1b: verdict slip: does not follow: every published value agrees"),
    Broken("agreement where values differ", KEY, "[[parts.1a.slips]]\n" + SLIP, "", (KEY, "[parts.1a]"),
           "part 1a: verdict slip: the published y_hat 0.018 is not 0.0001234"),
    Broken("agreement beside a slip", KEY, 'verdict = "slip"', 'verdict = "agrees"', (KEY, "[[parts.1a.slips]]"),
           "part 1a: verdict agrees goes without 'slips'"),
    Broken("a slip that does not land", KEY, "sigmoid(w + b)", "sigmoid(w + 2 * b)", (KEY, "[[parts.1a.slips]]"),
           "part 1a: the re-run does not land on the printed y_hat"),
    Broken("a slip that lands on nothing", KEY, 'lands = ["y_hat"', 'lands = ["yhat"', (KEY, "[[parts.1a.slips]]"), "part 1a: lands on 'yhat', which"),
    Broken("a slip in an unknown line", KEY, '"neuron.y_hat" =', '"neuron.yhat" =', (KEY, "[[parts.1a.slips]]"), "part 1a: the re-run fails"),
    Broken("a slip that cannot be read", KEY, "sigmoid(w + b)", "sigmoid(w + ", (KEY, "[[parts.1a.slips]]"), "part 1a: the re-run fails"),
    Broken("a slip that is no table", KEY, 'replace = { "neuron.y_hat" = "sigmoid(w + b)" }', 'replace = "sigmoid(w + b)"', (KEY, "replace ="),
           "part 1a: slips 1: replace is 'sigmoid(w + b)'; it must be a table"),
    Broken("a slip that lands on a number", KEY, 'lands = ["y_hat", "neuron.dL_db"]', "lands = 5", (KEY, "lands = 5"),
           "part 1a: slips 1: lands is 5; it must be a list"),
    Broken("a slip that lands on a list of numbers", KEY, 'lands = ["y_hat", "neuron.dL_db"]', "lands = [5]", (KEY,), "part 1a: "),
    Broken("a published value that is no number", KEY, "[parts.1b.printed]\nmean = 1.5", '[parts.1b.printed]\nmean = "1,5"', (KEY, "[parts.1b]"),
           "part 1b: verdict agrees: does not follow"),
    Broken("a published value that spells nan", KEY, "[parts.1b.printed]\nmean = 1.5", '[parts.1b.printed]\nmean = "nan"', (KEY,), "part 1b: "),
    # what no computation holds is written twice
    Broken("a published value of an incomplete key", KEY, 'verdict = "agrees"\nbecause = "The key is right."\n\n[parts.1b.answer]\nmean = 1.5\n\n[parts.1b.printed]\nmean = 1.5',
           'verdict = "incomplete"\nmissing = ["mean"]\nbecause = "."\n\n[parts.1b.answer]\nmean = 1.5\n\n[parts.1b.printed]\ntotal = 4', (KEY, "[parts.1b]"),
           "part 1b: verdict incomplete: the published total 4 is not 3, and no slip or convention lands on it"),
    Broken("an incomplete key that lacks something else", KEY, 'verdict = "agrees"\nbecause = "The key is right."\n\n[parts.1b.answer]\nmean = 1.5\n\n[parts.1b.printed]\nmean = 1.5',
           'verdict = "incomplete"\nmissing = ["total"]\nbecause = "."\n\n[parts.1b.answer]\nmean = 1.5', (KEY, "[parts.1b]"),
           "part 1b: missing: total, but the answers that the published key does not print are mean"),
    Broken("an open question that is called unkeyed", KEY, 'verdict = "agrees"\nbecause =', 'verdict = "unkeyed"\nundecided =', (KEY, "undecided ="),
           "part 1b: verdict unkeyed goes without 'undecided'"),
    Broken("another verdict that is called open", KEY, 'verdict = "agrees"', 'verdict = "open"', (KEY, 'verdict = "open"'),
           "part 1b: verdict open needs 'undecided'"),
    Broken("a slip where only a convention explains", KEY, "[[parts.1a.slips]]", "[[parts.1a.conventions]]", (KEY, "[parts.1a]"),
           "part 1a: verdict slip: does not follow: conventions alone explain every published value"),
    Broken("digits that are typed again otherwise", KEY, 'topics = ["adam"]', 'topics = ["adam"]\nunexplained = { y_hat = 0.0181 }', (KEY, "unexplained ="),
           "part 1a: unexplained.y_hat: typed 0.0181 here and 0.0180 under printed; look it up in the published key"),
    Broken("a given that the key holds", KEY, "[parts.1b.lines]", "[parts.1b.givens]\na = 2\n\n[parts.1b.lines]", (KEY, "a = 2"),
           "part 1b: givens.a: the page says 1, the key says 2"),
    Broken("a given that the page does not have", KEY, "[parts.1b.lines]", "[parts.1b.givens]\nd = 2\n\n[parts.1b.lines]", (KEY, "d = 2"),
           "part 1b: givens.d: the page has no such given"),
    Broken("an option that the solution does not decide", KEY, 'topics = ["adam"]', 'topics = ["adam"]\ncomputed = ["a"]', (KEY, "[parts.1a]"),
           "part 1a: computed: a, but the solution decides nothing"),
    Broken("an answer that is neither asked nor unasked", KEY, 'topics = ["adam"]', 'topics = ["adam"]\nunasked = ["loss"]', (KEY, "[parts.1a]"),
           "part 1a: asked: 'asked' and 'unasked' name every answer of the page once, y_hat, loss; here stand loss"),
    Broken("an answer that is asked and unasked", KEY, 'topics = ["adam"]', 'topics = ["adam"]\nunasked = ["loss"]\nasked = ["loss", "y_hat"]', (KEY, "[parts.1a]"),
           "part 1a: asked: 'asked' and 'unasked' name every answer"),
    Broken("a slip that goes on from another number than the printed one", KEY, '"sigmoid(w + b)"', "0.0181", (KEY, "[[parts.1a.slips]]"),
           "part 1a: replaces neuron.y_hat by 0.0181, but the key prints 0.0180"),
    # the topics and the key itself
    Broken("topics that are not TOML", TOPICS, '"Adam"', '"Adam', (TOPICS, '"Adam'), "not TOML"),
    Broken("a topic that is no table", TOPICS, '[optimization.adam]\ntitle = "Adam"', 'adam = "Adam"', (TOPICS, "adam"), "topic adam: write it as a table with a title"),
    Broken("a topic without a title", TOPICS, '"Adam"', "1", (TOPICS, "adam"), "topic adam: its title is 1; it must be text"),
    Broken("a key that is not TOML", KEY, "marks = 3", "marks = = 3", (KEY, "marks = ="), "not TOML"),
    Broken("a field that is not known", KEY, "marks = 3", "makrs = 3", (KEY, "makrs"), "part 1a: unknown field 'makrs'; did you mean 'marks'?"),
    Broken("a field that is missing", KEY, 'because = "The key is right."\n', "", (KEY, "[parts.1b]"), "part 1b: 'because' is missing"),
    Broken("a topic that is not known", KEY, '["adam"]', '["adan"]', (KEY, "adan"), "part 1a: topics: 'adan' is not known; did you mean 'adam'?"),
    Broken("a topic that is a number", KEY, '["adam"]', "[1]", (KEY, "topics = [1]"), "part 1a: topics: 1 must be text"),
    Broken("a verdict that is not known", KEY, 'verdict = "slip"', 'verdict = "slipp"', (KEY, "slipp"), "part 1a: verdict: 'slipp' is not known"),
    Broken("a fact of the wrong kind", KEY, "parts = 2", 'parts = "2"', (KEY, "parts ="), "[paper]: parts is '2'; it must be a whole number"),
    Broken("nan in the key", KEY, "total = 3", "total = nan", (KEY, "total = nan"), "part 1b: lines.total is Decimal('NaN'); write a number"),
]  # fmt: skip


def both(folder, **environment):
    """`check` and the build, at the same time."""
    with ThreadPoolExecutor() as pool:
        return list(pool.map(lambda command: command(folder, **environment), (check, build)))


def assert_refused(ran, place, says):
    """Exit status 1, the place and the sentence on one line, and no traceback."""
    assert ran.code == 1, ran.text
    assert any(place in line and says in line for line in ran.text.splitlines()), f"{place} {says!r} in {ran.text}"
    assert "Traceback" not in ran.text


@pytest.mark.parametrize("case", CASES, ids=[case.what for case in CASES])
def test_a_broken_site_is_refused(case, tmp_path):
    folder = sample(tmp_path)
    change(folder / case.file, case.old, case.new)
    file, *marker = case.at
    place = f"{file}:{line_of(folder / file, *marker)}: " if marker else f"{file}:"
    limit = {"SOLVERS_SECONDS": "1"} if "without an end" in case.what else {}
    for ran in both(folder, **limit):
        assert_refused(ran, place, case.says)


def test_the_site_that_nobody_broke_passes(tmp_path):
    """The control of the controls, with the package under test and with a copy of it."""
    for folder in (sample(tmp_path / "plain"), copy_solvers(sample(tmp_path / "copied"))):
        for ran in both(folder):
            assert ran.code == 0, ran.text


def test_a_digit_of_a_solver_is_refused(tmp_path):
    folder = copy_solvers(sample(tmp_path))
    change(
        folder / "solvers/neurons.py",
        "dL_dz = y_hat - y  # sigmoid and",
        "dL_dz = y_hat - 2 * y  # sigmoid and",
    )
    for ran in both(folder):
        assert_refused(ran, f"{PAGE}:{line_of(folder / PAGE, 'neuron = ')}: ", "part 1a: line neuron.dL_dz")


def test_a_solver_that_raises_is_named(tmp_path):
    folder = copy_solvers(sample(tmp_path))
    file = folder / "solvers/neurons.py"
    change(file, "dL_dz = y_hat - y  # sigmoid and", "dL_dz = y_hat / 0  # sigmoid and")
    for ran in both(folder):
        assert_refused(ran, f"{PAGE}:{line_of(folder / PAGE, 'neuron = ')}: ", "part 1a: ZeroDivisionError")


def test_a_solver_that_cannot_be_imported_is_named(tmp_path):
    folder = copy_solvers(sample(tmp_path))
    change(folder / "solvers/neurons.py", '"""A single neuron:', 'import nowhere\n"""A single neuron:')
    for ran in both(folder):
        assert_refused(
            ran,
            f"{PAGE}:{line_of(folder / PAGE, 'neuron = ')}: ",
            "part 1a: sigmoid_neuron cannot be imported: ModuleNotFoundError",
        )


def test_a_record_removed_is_refused(tmp_path):
    folder = sample(tmp_path)
    key = (folder / KEY).read_text(encoding="utf-8")
    (folder / KEY).write_text(key[: key.index("[parts.1b]")], encoding="utf-8")
    for ran in both(folder):
        assert_refused(ran, f"{PAGE}:{line_of(folder / PAGE, '``` part 1b')}: ", "part 1b has no record")


def test_a_part_on_two_pages_is_refused(tmp_path):
    folder = sample(tmp_path)
    (folder / "docs/papers/sample/q2.md").write_text((folder / PAGE).read_text())
    for ran in both(folder):
        assert_refused(ran, f"docs/papers/sample/q2.md:{line_of(folder / PAGE, '``` part 1b')}: ", "part 1b stands on")


def test_a_page_that_is_not_utf8_is_refused(tmp_path):
    folder = sample(tmp_path)
    text = (folder / PAGE).read_bytes()
    (folder / PAGE).write_bytes(text + b"\xe9\n")
    for ran in both(folder):
        assert_refused(ran, f"{PAGE}:{len(text.splitlines()) + 1}: ", "UTF-8")


def test_a_record_without_a_part_is_refused_where_the_paper_has_no_overview(tmp_path):
    """The overview page of a paper is not what holds the paper together."""
    folder = sample(tmp_path)
    (folder / INDEX).unlink()
    change(folder / KEY, "[[parts.1a.slips]]", UNUSED + "\n[[parts.1a.slips]]")
    for ran in both(folder):
        assert_refused(ran, f"{KEY}:{line_of(folder / KEY, '[parts.1c]')}: ", "part 1c: no page has it")


def test_a_block_that_never_returns_to_python_ends_all_the_same(tmp_path):
    """One giant sum cannot be interrupted; the process ends, and says in which line of the page it was."""
    folder = sample(tmp_path)
    change(folder / PAGE, ADDED, "total = sum(range(10**12))")
    ran = check(folder, SOLVERS_SECONDS="0.1")
    assert ran.code == 1
    assert f'"{PAGE}", line {line_of(folder / PAGE, "10**12")}' in ran.err


def test_all_problems_are_named_at_once(tmp_path):
    folder = sample(tmp_path)
    change(folder / KEY, "loss = 4.500", "loss = 4.501")
    change(folder / KEY, "total = 3", "total = 5")
    change(folder / PAGE, "$e^{i}$", "$e^{i$")
    checked, built = both(folder)
    for ran in (checked, built):
        for place, says in ((line_of(folder / PAGE, "``` solution"), "answer loss"), (line_of(folder / PAGE, ADDED), "line total"),
                            (line_of(folder / PAGE, "$e^{i$"), "TeX")):  # fmt: skip
            assert_refused(ran, f"{PAGE}:{place}: ", says)
    assert checked.err.splitlines()[-1].endswith("3 problems")


def test_problems_of_several_papers_are_named_at_once(tmp_path):
    """On the real keys: one answer of every paper is changed by one unit of its last place."""
    folder = copy_repository(tmp_path)
    expected = []
    for file in sorted(folder.glob("docs/papers/*/key.toml")):
        text = file.read_text(encoding="utf-8")
        found = places(text)
        data = tomllib.loads(text, parse_float=Decimal)
        for path, place in found.items():
            value = data
            for name in path:
                value = value[name]
            if len(path) > 3 and path[2] == "answer" and isinstance(value, int | Decimal):
                unit = Decimal((0, (1,), value.as_tuple().exponent)) if isinstance(value, Decimal) else 1
                file.write_text(f"{text[: place.start]}{value + unit}{text[place.end :]}", encoding="utf-8")
                expected.append(f"{file.relative_to(folder).as_posix()}:{place.line}")
                break
    assert len(expected) > 1
    ran = check(folder)
    assert ran.code == 1
    for place in expected:
        assert place in ran.err
    assert str(ROOT) not in ran.text
