"""Own answers: what people type is read as the number that they mean, and what is said of it follows from the key."""

from __future__ import annotations

import json
import re
from fractions import Fraction

import pytest
import quickjs
from sites import KEY, ROOT, change

from solvers.site import tries

SCRIPT = ROOT / "docs/assets/answer.js"


@pytest.fixture(scope="module")
def script():
    """The functions of the script, without a page: `read` gives fractions as text, `judge` what is said."""
    engine = quickjs.Context()
    engine.eval("const document = { querySelectorAll: () => [], addEventListener: () => {} };")
    engine.eval(SCRIPT.read_text(encoding="utf-8"))
    engine.eval("function read(text) { return ownAnswer.read(text).map((one) => one.n + '/' + one.d).join(' '); }")
    engine.eval(
        "function judge(...all) { const { kind, rerun } = ownAnswer.judge(...all); return rerun ? kind + ' ' + rerun : kind; }"
    )

    def call(name, *arguments):
        return engine.eval(f"{name}({', '.join(json.dumps(one) for one in arguments)}).slice(0)")

    return call


READ = {
    "0.5": "1/2", ".5": "1/2", "5.": "5", "1/2": "1/2", "5e-1": "1/2", "5E-1": "1/2", "50 %": "1/2", "50%": "1/2", "0,5": "1/2", ",5": "1/2",
    "+0.5": "1/2", " 0.5 ": "1/2", "= 0.5": "1/2", "H = 5": "5", "≈ 0.5": "1/2", "x=-0.5": "-1/2",
    "-2": "-2", "−2": "-2", "–2": "-2", "—2": "-2", "‐2": "-2", "‑2": "-2", "－2": "-2", "- 2": "-2", "-1/2": "-1/2", "1/-2": "-1/2",
    "1 / 2": "1/2", "1⁄2": "1/2", "0.5/2": "1/4", "-7 / 6": "-7/6", "1/3%": "100/3",
    "44 865": "44865", "44\u2009865": "44865", "44\u00a0865": "44865", "44\u202f865": "44865", "126 170 113": "126170113",
    "0.143 136 38": "14313638/100000000", "1 234,5": "2469/2", "44865": "44865", "0": "0", "-0": "0", "007": "7",
    "1,234,567": "1234567", "1.234.567": "1234567", "1,234.5": "2469/2", "1.234,5": "2469/2", "0,500": "1/2", "1.234": "1234/1000",
    "2×10^-3": "1/500", "2 × 10^−3": "1/500", "2·10^-3": "1/500", "2*10^-3": "1/500", "2*10**-3": "1/500", "2x10^-3": "1/500", "2 x 10^{-3}": "1/500",
    "2×10^(-3)": "1/500", "2×10⁻³": "1/500", "10^-3": "1/1000", "-10^-3": "-1/1000", "10⁻³": "1/1000", "1.5e3": "1500", "2,5e-3": "1/400", "5e−1": "1/2",
    "2×10^3": "2000", "1e+2": "100", "1e300": str(10**300), "123456789012345678901": "123456789012345678901", "2 e-3": "1/500",
}  # fmt: skip
UNREAD = (
    "abc", "", ".", "-", "1 2", "44 86", "1/0", "1/2/3", "1.2.3", "1,2,3", "--1", "1-2", "e5", "10^", "1e999999999", "5 5", "NaN", "Infinity",
    "0x10", "½%%", "%", "1e5e5", "(5)", "5;5", "1_000", "1 234 5", "/", "2/", "/2", "9" * 61,
)  # fmt: skip


@pytest.mark.parametrize("text", READ)
def test_what_people_type_is_the_number_that_they_mean(script, text):
    assert [Fraction(one) for one in script("read", text).split()] == [Fraction(READ[text])]


@pytest.mark.parametrize("text", UNREAD)
def test_what_is_no_number_is_not_guessed(script, text):
    assert script("read", text) == ""


def test_a_comma_before_three_digits_may_be_either(script):
    """Right for those who group by commas and for those who write decimals with one."""
    assert {Fraction(one) for one in script("read", "44,865").split()} == {Fraction(44865), Fraction("44.865")}
    assert script("judge", "44,865", "44865", True, "") == "right"
    assert script("judge", "44,865", "44.87", False, "") == "right"
    assert script("judge", "44,866", "44865", True, "") == "other"


# (key's digits, exact): {what is said: what is typed}
SAID = {
    ("0.5995", False): {
        "right": "0.5995 0,5995 .5995 0.59950 0.599501 0.59945 0.59955 59.95% 5.995e-1 5995/10000",
        "rounded": "0.600 0.60 0.5992 0.5998 60% 0.5996",
        "other": "0.6 0.5991 0.5999 0.5 -0.5995 5.995 0",
    },
    ("-1.900", False): {"right": "-1.900 -1.9 −1.9 -1.9005 -19/10", "rounded": "-1.902", "other": "-2 1.9 -1.95 -1.91"},
    ("0.002499", False): {"right": "2.499e-3 2.499×10⁻³ 0.0024986662", "rounded": "0.0025 0.002501", "other": "0.002 0.003 0.00251"},
    ("9.537E-7", False): {"right": "9.537e-7 0.0000009537 0.0000009536743", "rounded": "9.54e-7 9.5e-7", "other": "1e-6 9.53e-6"},
    ("5", True): {"right": "5 5.0 5/1 10/2 05 500%", "other": "4.9 4 5.1 5.0001 5.4 -5 4.99999999999999999999"},
    ("44865", True): {"right": "44865 44 865 44,865", "rounded": "4.49e4 4.5e4", "other": "44864 44866 45000 4e4"},
    ("126170113", True): {"right": "126170113 126,170,113", "rounded": "1.26e8 1.3×10^8", "other": "1e8 126170112"},
    ("0", True): {"right": "0 0.0 -0 0% 0/7", "other": "0.1 1e-300"},
    ("7/6", True): {"right": "7/6 14/12 1.17 1.167 1.1666667 1,17", "rounded": "1.2", "other": "1.16 1.1667/2 6/7 1"},
    ("-0.5", True): {"right": "-0.5 -1/2 -.50 -50%", "other": "-0.53 0.5 -1/3"},
    ("1.125", True): {"right": "1.125 9/8 1,125", "rounded": "1.13 1.1251 1.12 1.1", "other": "1 1.2 1.14"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("key", "kind", "text"),
    [
        (key, kind, text)
        for key, table in SAID.items()
        for kind, line in table.items()
        for text in line.replace("44 865", "44\u2009865").split(" ")
    ],
)
def test_what_is_said_follows_from_the_digits(script, key, kind, text):
    assert script("judge", text, *key, "") == kind


def test_nothing_typed_and_what_is_no_number_are_told_apart(script):
    assert script("judge", "  ", "5", True, "") == "empty"
    assert script("judge", "five", "5", True, "") == "unread"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0.0180", "key 0"),
        ("0.018", "key 0"),
        ("0.018021", "key 0"),  # closer than half a unit of the printed digits
        ("0.0181", "other"),
        ("0.42", "slip 1"),
        ("0.423", "other"),  # two digits are met exactly or not at all
        ("3", "convention 2"),
        ("3.2", "other"),
        ("14/3", "key"),
        ("4.667", "key"),
        ("0.499", "rounded 3"),  # rounding on the way is no mistake of its own
        ("0.5001", "right"),  # the right value is asked for first
    ],
)
def test_who_arrives_at_a_wrong_value(script, text, said):
    known = "key:0:0.0180 slip:1:0.42 convention:2:3 key::14/3 rounding:3:0.499 slip:4:0.50012"
    assert script("judge", text, "0.500", False, known) == said


def values(html):
    """(value, exact, known) of every box."""
    found = re.findall(r'data-value="([^"]*)"( data-exact)? data-known="([^"]*)"', html)
    return [(value, bool(exact), known) for value, exact, known in found]


def test_a_box_for_every_number_that_is_asked_for(solved):
    parts, problems = solved()
    assert not problems
    html = tries.boxes(parts["1a"])
    assert [value for value, _, _ in values(html)] == ["0.0001234", "4.500"]
    assert values(html)[0] == ("0.0001234", False, "key:0:0.0180")
    assert values(tries.boxes(parts["1b"])) == [("1.5", True, "")]
    assert '<span class="twin">y hat</span>' in html and "katex" in html
    assert "to 4 digits" in html and " hidden>" in html


def test_a_slip_tells_also_what_follows_from_it(solved):
    """The loss after the slip of the sample is not printed, but whoever makes that slip arrives there."""
    parts, _ = solved()
    known = values(tries.boxes(parts["1a"]))[1][2]
    (_, run), value = parts["1a"].reruns[0], known.rpartition(":")[2]
    assert known.startswith("slip:0:") and abs(run.value("loss") - float(value)) <= 0.0005


def test_no_box_for_a_value_that_the_question_does_not_name(folder, solved):
    change(folder / KEY, 'topics = ["adam"]', 'topics = ["adam"]\nunasked = ["loss"]\nasked = ["y_hat"]')
    parts, problems = solved()
    assert not problems
    assert [value for value, _, _ in values(tries.boxes(parts["1a"]))] == ["0.0001234"]


def test_an_unasked_value_that_no_answer_has_is_refused(folder, solved):
    change(folder / KEY, 'topics = ["adam"]', 'topics = ["adam"]\nunasked = ["lost"]')
    assert any("unasked.lost: the page has no such answer; did you mean 'loss'?" in one for one in solved()[1])


def test_no_box_where_something_else_than_numbers_is_asked_for(folder, solved):
    change(folder / KEY, 'kind = "numeric"          # a comment', 'kind = "concept"          # a comment')
    assert tries.boxes(solved()[0]["1a"]) == ""


def test_a_part_with_a_negative_value_has_keys_for_it(folder, solved):
    """The keys for decimals of a telephone have no minus."""
    assert 'inputmode="decimal"' in tries.boxes(solved()[0]["1a"])
    change(folder / "docs/papers/sample/q1.md", "a, c = 1, 2", "a, c = 1, -4")
    for old, new in (("[parts.1b.answer]\nmean = 1.5", "[parts.1b.answer]\nmean = -1.5"), ("total = 3", "total = -3"),
                     ("[parts.1b.printed]\nmean = 1.5", "[parts.1b.printed]\nmean = -1.5")):  # fmt: skip
        change(folder / KEY, old, new)
    parts, problems = solved()
    assert not problems
    assert 'inputmode="text"' in tries.boxes(parts["1b"])


def test_every_value_of_the_site_is_right_in_its_own_box(site, script):
    """And none that the key prints, or that a slip leads to, is taken for right."""
    looked = 0
    for page in sorted(site.rglob("*.html")):
        for value, exact, known in values(page.read_text(encoding="utf-8")):
            looked += 1
            assert script("judge", value, value, exact, known) == "right", page
            for entry in known.split():
                kind, _, digits = entry.split(":")
                assert script("judge", digits, value, exact, known).split()[0] in (kind, "key"), (page, entry)
    assert looked > 20


def test_the_search_tells_no_value(site):
    index = (site / "search/search_index.json").read_text(encoding="utf-8")
    assert "data-value" not in index and "to 4 digits" not in index


def test_the_script_keeps_to_itself():
    """No request, no storage, one name beside those of the other scripts."""
    script = SCRIPT.read_text(encoding="utf-8")
    assert not re.search(r"https?:|fetch\(|import|XMLHttpRequest|Storage|innerHTML|eval", script)
    others = "\n".join(one.read_text(encoding="utf-8") for one in SCRIPT.parent.glob("*.js") if one != SCRIPT)
    name = re.compile(r"^(?:function|const|let|class) (\w+)", re.M)
    assert not set(name.findall(script)) & set(name.findall(others))
