"""`accept` and `new` change what they must, keep the rest to the byte, and never leave half a file."""

from __future__ import annotations

import os
import stat
import tomllib
from decimal import Decimal
from fractions import Fraction as F

import pytest
from sites import KEY, KEY_TEXT, PAGE, change, line_of

from solvers.site import edit
from solvers.site.agreement import compare
from solvers.site.check import check
from solvers.site.key import load
from solvers.site.project import Project
from solvers.site.proposals import propose, repeat


@pytest.fixture
def accepted(folder):
    """Accept a part: the diff, and the text of the key afterwards."""

    def accept(id_):
        project = Project(folder / "docs")
        (part,) = check(project, f"sample/{id_}")
        return edit.accept(folder / KEY, part), (folder / KEY).read_text(encoding="utf-8")

    return accept


def changed(text):
    """The lines that differ from the sample key: (what went, what came)."""
    before, after = KEY_TEXT.split("\n"), text.split("\n")
    return [line for line in before if line not in after], [line for line in after if line not in before]


def test_what_agrees_is_left_alone(accepted, folder):
    before = (folder / KEY).stat().st_mtime_ns
    diff, text = accepted("1a")
    assert (diff, text) == ("", KEY_TEXT)
    assert (folder / KEY).stat().st_mtime_ns == before


DRIFT = {
    "an answer": ("y_hat = 0.0001234  #", "y_hat = 0.0001239  #", "1a"),
    "an answer keeps its number of digits": ("loss = 4.500", "loss = 4.6000", "1a"),
    "a line": ("neuron.dL_dw = -1.750", "neuron.dL_dw = -1.751", "1a"),
    "an exact number": ("total = 3", "total = 4", "1b"),
    "a word where a number is due": ("total = 3", 'total = "drei"', "1b"),
    "a list where a number is due": ("total = 3", "total = [3]", "1b"),
}


@pytest.mark.parametrize("right, wrong, part", DRIFT.values(), ids=DRIFT)
def test_only_what_drifted_is_changed(accepted, folder, solved, right, wrong, part):
    change(folder / KEY, right, wrong)
    before = (folder / KEY).read_text(encoding="utf-8").split("\n")
    diff, text = accepted(part)
    after = text.split("\n")
    assert len(after) == len(before)
    assert [old.split("  #")[0] for old, new in zip(before, after) if old != new] == [wrong.split("  #")[0]]
    assert solved()[1] == []
    assert diff.startswith(f"--- {KEY}\n+++ {KEY}\n@@ ")
    assert sum(line.startswith("-") and not line.startswith("---") for line in diff.split("\n")) == 1
    assert sum(line.startswith("+") and not line.startswith("+++") for line in diff.split("\n")) == 1


WRITTEN = {
    "an int": 7,
    "a fraction": F(7, 6),
    "a short decimal": F(1, 8),
    "a float": 0.123456,
    "a small float": 1.23456e-9,
    "a very small float": 1.23456e-30,
    "a large float": 123456.7,
    "a very large float": 1.23456e30,
    "zero": 0.0,
    "a negative float": -0.5,
    "a large fraction": F(10**9, 7),
    "a vector": [1, 0.5, F(1, 3)],
    "a word with quotes": 'a "b" \\ c',
}


@pytest.mark.parametrize("value", WRITTEN.values(), ids=WRITTEN)
def test_what_is_written_reads_back_and_agrees(value):
    """As TOML, with the places that were meant: 1.235e5 is not 123500.0."""
    text = edit.toml(propose(value))
    read = tomllib.loads(f"value = {text}", parse_float=Decimal)["value"]
    compare(value, read, {})


def test_every_number_of_a_list_keeps_its_own_precision():
    written = [Decimal("0.30"), Decimal("2.4"), 7]
    assert repeat([F(1, 3), 2.449, 8], written) == [Decimal("0.33"), Decimal("2.4"), 8]
    assert repeat([F(1, 3), 2.449], written) == propose([F(1, 3), 2.449])  # of another length


def test_digits_of_another_size_are_not_rounded_to_nothing(accepted, folder, solved):
    change(folder / KEY, "loss = 4.500", "loss = 4.5e3")
    accepted("1a")
    assert solved()[1] == []


def test_a_comment_behind_a_value_stays(accepted, folder):
    change(folder / KEY, "y_hat = 0.0001234  #", "y_hat = 0.0001239  #")
    _, text = accepted("1a")
    assert text == KEY_TEXT


def test_what_is_missing_is_added_to_its_table(accepted, folder, solved):
    change(folder / KEY, "loss = 4.500\n", "")
    change(folder / KEY, "neuron.dL_dw = -1.750\n", "")
    _, text = accepted("1a")
    data = tomllib.loads(text)["parts"]["1a"]
    assert data["answer"] == {"y_hat": 0.0001234, "loss": 4.5}
    assert data["lines"]["neuron"]["dL_dw"] == -1.75
    assert solved()[1] == []
    assert changed(text) == ([], [])  # the order of a table may be another, its lines are the same


def test_a_table_that_is_missing_is_begun(accepted, folder, solved):
    change(folder / KEY, "\n[parts.1b.lines]\ntotal = 3\n", "")
    _, text = accepted("1b")
    assert tomllib.loads(text)["parts"]["1b"]["lines"] == {"total": 3}
    assert solved()[1] == []


def test_both_tables_are_begun_before_the_slips(accepted, folder, solved):
    text = (folder / KEY).read_text(encoding="utf-8")
    start, end = text.index("[parts.1a.answer]"), text.index("[parts.1a.printed]")
    text = text[:start] + "text = 'Two numbers.'\n\n" + text[end:]
    start, end = text.index("[parts.1a.lines]"), text.index("[[parts.1a.slips]]")
    (folder / KEY).write_text(text[:start] + text[end:], encoding="utf-8")
    _, text = accepted("1a")
    assert solved()[1] == []
    assert text.index("[parts.1a.answer]") < text.index("[[parts.1a.slips]]")
    assert text.index("[parts.1a.lines]") < text.index("[[parts.1a.slips]]") < text.index("[parts.1b]")


def test_what_no_line_has_any_more_is_taken_out(accepted, folder, solved):
    change(folder / KEY, "total = 3\n", "total = 3  # add\nold.line = [\n  1,\n  2,\n]  # gone\n")
    _, text = accepted("1b")
    assert text == KEY_TEXT.replace("total = 3\n", "total = 3  # add\n")
    assert solved()[1] == []


def test_the_published_digits_and_the_verdict_are_never_touched(accepted, folder):
    change(folder / KEY, "[parts.1b.printed]\nmean = 1.5", "[parts.1b.printed]\nmean = 1.7")
    diff, text = accepted("1b")
    assert diff == ""
    assert "mean = 1.7" in text


def test_a_part_with_an_id_that_needs_quotes(accepted, folder, solved):
    for file in (KEY, PAGE):
        text = (folder / file).read_text(encoding="utf-8")
        (folder / file).write_text(
            text.replace("parts.1b", 'parts."1.b"').replace("part 1b", "part 1.b"), encoding="utf-8"
        )
    change(folder / KEY, "total = 3", "total = 4")
    _, text = accepted("1.b")
    assert text == KEY_TEXT.replace("parts.1b", 'parts."1.b"')


def test_text_that_looks_like_a_table_is_no_table(accepted, folder):
    odd = 'because = """The key\n[parts.1b.lines]\ntotal = 4\nis right."""'
    change(folder / KEY, 'because = "The key is right."', odd)
    with (folder / KEY).open("a", encoding="utf-8") as key:
        key.write("# the end\n")
    change(folder / KEY, "total = 3\n", "total = 5\n")
    _, text = accepted("1b")
    assert text == KEY_TEXT.replace('because = "The key is right."', odd) + "# the end\n"


def test_the_line_ends_of_a_file_stay(accepted, folder):
    """A key that was written on Windows: one line changes, not every line."""
    (folder / KEY).write_bytes(KEY_TEXT.replace("total = 3", "total = 4").replace("\n", "\r\n").encode())
    accepted("1b")
    assert (folder / KEY).read_bytes() == KEY_TEXT.replace("\n", "\r\n").encode()


def test_the_rights_of_a_file_stay(accepted, folder):
    change(folder / KEY, "total = 3", "total = 4")
    (folder / KEY).chmod(0o640)
    accepted("1b")
    assert stat.S_IMODE((folder / KEY).stat().st_mode) == 0o640


def files(folder):
    return sorted(path.name for path in (folder / KEY).parent.iterdir())


FAILURES = {"replace": "replace", "sync": "fsync", "rights": "chmod"}


@pytest.mark.parametrize("name", FAILURES.values(), ids=FAILURES)
def test_a_failure_leaves_the_file_as_it_was_and_nothing_beside_it(accepted, folder, monkeypatch, name):
    change(folder / KEY, "total = 3", "total = 4")
    before, beside = (folder / KEY).read_bytes(), files(folder)

    def fail(*_arguments, **_options):
        raise OSError("no space left")

    monkeypatch.setattr(os, name, fail)
    with pytest.raises(OSError, match="no space left"):
        accepted("1b")
    assert (folder / KEY).read_bytes() == before
    assert files(folder) == beside


def test_an_interruption_leaves_the_file_as_it_was(folder, monkeypatch):
    def interrupt(*_arguments):
        raise KeyboardInterrupt

    before, beside = (folder / KEY).read_bytes(), files(folder)
    monkeypatch.setattr(os, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        edit.replace(folder / KEY, "half")
    assert (folder / KEY).read_bytes() == before
    assert files(folder) == beside


def test_what_would_not_read_back_is_refused(accepted, folder, monkeypatch):
    """The guard behind `accept`: were the digits written wrongly, the file would stay as it is."""
    change(folder / KEY, "total = 3", "total = 4")
    before = (folder / KEY).read_bytes()
    monkeypatch.setattr(edit, "toml", lambda _value: "5")
    with pytest.raises(edit.EditError, match=r"part 1b: \[parts\.1b\.lines\] could not be rewritten"):
        accepted("1b")
    assert (folder / KEY).read_bytes() == before


def new(folder, paper="sample", part="2c", page=None):
    return edit.scaffold(Project(folder / "docs"), paper, part, page)


def test_a_new_part_can_be_read_at_once(folder):
    """But for its TODOs: the loader and the page find it, and `check` asks for its digits only."""
    change(folder / KEY, "parts = 2", "parts = 3")
    before = (folder / KEY).read_text(encoding="utf-8")
    (page, page_line), (key, key_line) = new(folder)
    assert (page, key) == ("docs/papers/sample/q2.md", KEY)
    assert (folder / KEY).read_text(encoding="utf-8").startswith(before)
    assert line_of(folder / KEY, "[parts.2c]") == key_line
    assert line_of(folder / page, "``` part 2c") == page_line
    assert load(folder / KEY, {"adam": "Adam"}).problems == []


def test_a_new_part_is_complete_after_accept(folder):
    """The way that the documentation describes: new, then accept, then check; only its TODOs are left."""
    change(folder / KEY, "parts = 2", "parts = 3")
    new(folder)
    from solvers.site.cli import main

    assert main(["accept", "sample/2c"]) == 0
    project = Project(folder / "docs")
    parts = [part.record.id for part in check(project)]
    assert [problem.text for problem in project.problems] == [
        "part 2c: its record still says TODO",
        "part 2c: the page still says TODO",
    ]
    assert parts == ["1a", "1b", "2c"]


PAGES = {"2c": "q2.md", "12": "q12.md", "q6a": "q6.md", "bonus": "qbonus.md", "1c": "q1.md"}


@pytest.mark.parametrize("part, page", PAGES.items(), ids=PAGES)
def test_a_new_part_stands_on_the_page_of_its_number(folder, part, page):
    assert new(folder, part=part)[0][0] == f"docs/papers/sample/{page}"


def test_a_new_part_follows_what_stands_on_its_page(folder):
    before = (folder / PAGE).read_text(encoding="utf-8")
    new(folder, part="1c")
    assert (folder / PAGE).read_text(encoding="utf-8").startswith(before)


def test_a_page_can_be_named(folder):
    assert new(folder, page="other.md")[0][0] == "docs/papers/sample/other.md"


def test_a_part_with_a_dot_is_quoted(folder):
    new(folder, part="2.1")
    assert '[parts."2.1"]' in (folder / KEY).read_text(encoding="utf-8")
    assert tomllib.loads((folder / KEY).read_text(encoding="utf-8"))["parts"]["2.1"]["kind"] == "numeric"


REFUSED = {
    "a part that exists": ("sample", "1a", "part sample/1a exists already"),
    "a paper that does not exist": (
        "nowhere",
        "1a",
        "docs/papers/nowhere/key.toml does not exist; the papers are sample",
    ),
    "a part that is no name": ("sample", "1 a", "ids are letters, digits"),
    "a part that is a path": ("sample", "../x", "ids are letters, digits"),
    "a paper that is a path": ("../sample", "1c", "ids are letters, digits"),
    "a paper that is empty": ("", "1c", "ids are letters, digits"),
}


@pytest.mark.parametrize("paper, part, says", REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_new_is_refused_and_nothing_is_written(folder, paper, part, says):
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(edit.EditError) as caught:
        new(folder, paper, part)
    assert says in str(caught.value)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_a_part_that_stands_on_a_page_only_is_refused(folder):
    change(folder / KEY, "[parts.1b]", "[parts.1x]")
    with pytest.raises(edit.EditError, match="exists already"):
        new(folder, part="1b")


def test_a_failure_between_the_two_files_leaves_neither_half(folder, monkeypatch):
    """The page is written, then the key fails: each file is whole, and the page does not stay without its record."""
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    real, calls = os.replace, []

    def second_fails(*arguments):
        calls.append(arguments)
        if len(calls) == 2:
            raise OSError("no space left")
        real(*arguments)

    monkeypatch.setattr(os, "replace", second_fails)
    with pytest.raises(OSError):
        new(folder)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
