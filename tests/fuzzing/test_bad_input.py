"""What damaged pages and keys did to the engine once, one test for each, and some hundred cases of `tests/fuzz.py`."""

from __future__ import annotations

import re
import time
from pathlib import Path

import cases
import pytest
import samples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from solvers.exact import Given, power
from solvers.site import locate, reading
from solvers.site.agreement import Disagreement, compare
from solvers.site.check import check
from solvers.site.citations import cited
from solvers.site.key import load
from solvers.site.maths import formulas
from solvers.site.problems import LONGEST, Problem
from solvers.site.project import Project, read_page
from solvers.site.source import prose

IDS = ("bits-dnn-2022s2-endsem/4a", "ist-dl-2022-final-a/part3-p1-4", "uva-dl1-2022-resit/1a", "uva-dl1-2022-resit/9c")


@pytest.fixture
def sample():
    return next(samples.samples((IDS[0],)))


@pytest.fixture
def told(sample, tmp_path, monkeypatch):
    """The problems of the sample with one file changed."""
    monkeypatch.chdir(tmp_path)

    def ask(name="", content=b"", make=None):
        docs = samples.write(sample, tmp_path / "docs")
        if make is not None:
            (docs / name).unlink()
            make(docs / name)
        elif name:
            (docs / name).write_bytes(content)
        project = Project(docs)
        list(check(project))
        return [str(problem) for problem in sorted(set(project.problems))]

    return ask


def test_a_sample_has_no_problem(told):
    assert told() == []


MADE = {
    "a folder": lambda file: file.mkdir(),
    "a link to itself": lambda file: file.symlink_to(file),
    "a link to nothing": lambda file: file.symlink_to(file.with_name("nothing")),
}


@pytest.mark.parametrize("which", ["key", "page"])
@pytest.mark.parametrize("make", MADE.values(), ids=MADE)
def test_a_file_that_is_none_is_a_problem_of_its_place(told, sample, make, which):
    name = getattr(sample, which)
    found = told(name, make=make)
    assert any(line.startswith("docs/") and "part 4a" in line for line in found)
    if which == "page":
        assert any(line.startswith(f"docs/{name}:1: the file cannot be read: ") for line in found)


@pytest.mark.parametrize("name", [samples.TOPICS, samples.SOURCES])
def test_a_folder_in_the_place_of_a_list_is_a_problem(told, name):
    assert any(
        line.startswith(f"docs/{name}:1: the file cannot be read: ") for line in told(name, make=MADE["a folder"])
    )


@pytest.mark.parametrize("sign", ["\0", "\x1b", "\u202e", "\u2066"], ids=ascii)
@pytest.mark.parametrize("which", ["key", "page"])
def test_a_sign_that_nobody_sees_is_told_with_its_line(told, sample, sign, which):
    name = getattr(sample, which)
    lines = sample.files[name].decode().split("\n")
    at = (
        next(n for n, line in enumerate(lines) if "title = " in line or line.startswith("$"[:0] + "What"))
        if which == "key"
        else len(lines) - 2
    )
    lines[at] = lines[at][:-1] + sign + lines[at][-1:]
    found = told(name, "\n".join(lines).encode())
    assert any(line.startswith(f"docs/{name}:{at + 1}: ") and f"U+{ord(sign):04X}" in line for line in found)


@pytest.mark.parametrize("which", ["key", "page"])
def test_a_file_that_ends_within_a_line_is_told(told, sample, which):
    name = getattr(sample, which)
    content = sample.files[name]
    last = content.count(b"\n")
    assert any(line.startswith(f"docs/{name}:{last}: the file ends within a line") for line in told(name, content[:-3]))


@pytest.mark.parametrize("ending", [b"\r\n", b"\r"])
@pytest.mark.parametrize("which", ["key", "page"])
def test_other_line_ends_change_nothing(told, sample, ending, which):
    name = getattr(sample, which)
    assert told(name, sample.files[name].replace(b"\n", ending)) == []


def test_a_verdict_that_is_none_keeps_the_part_off_its_page(sample, tmp_path):
    content = sample.files[sample.key].replace(b'verdict = "', b'verdict = "x')
    case = cases.Case("a verdict", sample, sample.key, content, cases.REPORT)
    assert content != sample.files[sample.key]
    assert cases.judge(case, tmp_path / "docs") == ""


@pytest.mark.parametrize("marks", ["inf", "-inf", "nan", "1e999999999"])
def test_marks_without_end_are_refused(told, sample, marks):
    text = re.sub(r"(?m)^marks = \d+$", f"marks = {marks}", sample.files[sample.key].decode())
    line = text.split("\n").index(f"marks = {marks}") + 1
    assert any(f"docs/{sample.key}:{line}: part 4a: marks is" in one for one in told(sample.key, text.encode()))


def test_a_byte_order_mark_before_a_page_changes_nothing(told, sample):
    assert told(sample.page, b"\xef\xbb\xbf" + sample.files[sample.page]) == []


DEEP = {
    "lists": "x = " + "[" * 3000 + "]" * 3000,
    "tables": "x = " + "{a=" * 3000 + "1" + "}" * 3000,
    "names": ".".join("a" * 3000) + " = 1",
    "digits": "x = " + "9" * 5000,
}


@pytest.mark.parametrize("entry", DEEP.values(), ids=DEEP)
def test_toml_that_python_cannot_read_is_told_with_its_line(tmp_path, entry):
    file = tmp_path / "key.toml"
    file.write_text(f"# a comment\n{entry}\n")
    assert [problem.line for problem in load(file, {}).problems][:1] == [2]
    _, _, problems = locate.read("list.toml", file.read_bytes())
    assert [problem.line for problem in problems] == [2]


@pytest.mark.parametrize("digits", ["1e400", "1e999999999", "1e-999999999", "0." + "1" * 9999, "9" * 401])
def test_digits_that_nobody_can_write_are_refused(tmp_path, sample, digits):
    file = tmp_path / "key.toml"
    file.write_text(
        f"[parts.a]\ntitle = 't'\nkind = 'numeric'\ntopics = []\nverdict = 'unkeyed'\nbecause = 'b'\n[parts.a.answer]\nx = {digits}\n"
    )
    found = [problem for problem in load(file, {}).problems if "answer.x is" in problem.text]
    assert [problem.line for problem in found] == [8]


@pytest.mark.parametrize("digits", ["1e999999999", "-1e-999999999"])
def test_text_of_a_key_that_is_an_endless_number_is_refused_at_once(digits):
    start = time.process_time()
    with pytest.raises(Disagreement, match="is not a number"):
        compare(1, digits, {})
    assert time.process_time() - start < 1


@pytest.mark.parametrize("literal", ["1e999999999", "1e-999999999", "1E+99999"])
def test_a_literal_that_is_endless_is_refused_at_once(literal):
    with pytest.raises(ValueError, match="further from 1"):
        Given(literal)


def test_a_literal_of_many_places_is_still_exact():
    assert Given("1e-300") * 10**300 == 1


@pytest.mark.parametrize("base, exponent", [(9, 9**9), (9, -(9**9)), (Given("0.5"), 10**9)])
def test_a_power_that_never_ends_is_refused_at_once(base, exponent):
    with pytest.raises(OverflowError, match="more digits"):
        power(base, exponent)


def test_powers_of_one_and_nothing_may_be_as_high_as_they_like():
    assert [power(1, 10**9), power(-1, 10**9 + 1), power(0, 10**9)] == [1, -1, 0]


def test_an_expression_of_a_key_may_not_run_for_ever(tmp_path):
    import sympy

    x = sympy.Symbol("x")
    for text in ("x*9**9**9", "x + 1e999999999", "x*(9/1)**9**9"):
        with pytest.raises(Disagreement, match="cannot be read"):
            compare(x, text, {})


@pytest.mark.parametrize("sign", ["<!--", "`", "$", "[@", "@{", "(", "*"])
def test_a_line_of_one_sign_takes_no_time(sign):
    start = time.process_time()
    text = f"a\n{sign * 20_000}\nb\n"
    assert "".join(piece for _, piece, _ in prose(text)) == text
    assert cited(text) == () and all(line == 2 for _, _, line in formulas(text))
    assert time.process_time() - start < 3  # at every length of the line anew it would take minutes


def test_a_message_is_one_plain_line():
    assert Problem("a.md", 1, "a\nb\x1b[31m\u202ec").text == "a b\\x1b[31m\\u202ec"
    assert len(Problem("a.md", 1, "9" * 10**6).text) < LONGEST + 10


def test_a_page_that_is_not_utf8_names_the_line(tmp_path):
    (tmp_path / "a.md").write_bytes(b"one\ntwo \xff\n")
    assert [line for line, _ in read_page(tmp_path / "a.md")[0].problems] == [2]
    assert reading.read(tmp_path / "nowhere.md").problems[0][0] == 1


@pytest.fixture(scope="module")
def few():
    return list(samples.samples(IDS))


@pytest.mark.parametrize("name", cases.names())
def test_the_engine_stands_bad_input(name, few, tmp_path_factory):
    """Hypothesis makes the random choices, so that a case that fails is made as small as can be."""

    @settings(max_examples=8, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(st.randoms(use_true_random=False), st.sampled_from(few))
    def stands(random, sample):
        case = cases.draw(random, sample, name)
        folder = tmp_path_factory.mktemp("docs")
        if case is not None:
            assert cases.judge(case, folder / "docs", 120) == "", case.content.decode("utf-8", "replace") or case.rerun

    stands()


@pytest.mark.parametrize(
    "content, problem", [(b"a = 1\n", Problem("nowhere/a.md", 1, "x")), (b"a\n", Problem("a.md", 9, "x"))]
)
def test_a_misplaced_problem_is_seen(tmp_path, monkeypatch, content, problem):
    monkeypatch.chdir(tmp_path)
    Path("a.md").write_bytes(content)
    assert cases.misplaced(problem).startswith("no such")


def test_a_damage_that_is_not_told_is_seen(tmp_path, sample):
    case = cases.Case("white space", sample, sample.page, sample.files[sample.page] + b"\n", cases.REPORT)
    assert cases.judge(case, tmp_path / "docs") == "nothing is told"


def test_a_traceback_is_seen(tmp_path, sample, monkeypatch):
    monkeypatch.setattr(cases, "check", lambda project: 1 / 0)
    case = cases.Case("anything", sample, sample.page, b"")
    assert cases.judge(case, tmp_path / "docs").startswith("traceback: ZeroDivisionError")
