"""Lists that write themselves from the keys."""

from __future__ import annotations

import pytest
from sites import HOME, INDEX, KEY, PAGE, change

from solvers.site import errata, listings
from solvers.site.key import VERDICTS
from solvers.site.project import Project


@pytest.fixture
def listed(folder):
    """The lines of a list, as it stands on a page."""

    def write(what, page=HOME):
        lines = listings.write(what, Project(folder / "docs"), folder / page, lambda verdict: f"<{verdict}>")
        return [line for line in "\n".join(lines).split("\n") if line]

    return write


def test_papers(listed):
    assert listed("papers")[2:] == ["| [A sample paper](papers/sample/index.md) | 2024 | 2 of 2 | 1 |"]


def test_parts(listed):
    assert listed("parts", INDEX) == [
        "Nowhere · Testing · 2024",
        "| part | question | marks | topics | published key |",
        "|---|---|---|---|---|",
        "| [1a](q1.md#1a) | A sigmoid neuron | 3 | Adam | <slip> |",
        "| [1b](q1.md#1b) | A mean |  |  | <agrees> |",
    ]


REST = {
    2: None,
    3: "1 more part of this paper is not solved here yet.",
    7: "5 more parts of this paper are not solved here yet.",
}


@pytest.mark.parametrize("count, sentence", REST.items(), ids=[f"{count} parts" for count in REST])
def test_parts_says_how_many_are_missing(listed, folder, count, sentence):
    change(folder / KEY, "parts = 2", f"parts = {count}")
    last = listed("parts", INDEX)[-1]
    assert last == sentence if sentence else last.startswith("| [1b]")


def test_parts_stand_in_the_order_of_the_pages(listed, folder):
    text = (folder / PAGE).read_text(encoding="utf-8")
    start, second = text.index("``` part 1a"), text.index("``` part 1b")
    (folder / PAGE).write_text(text[:start] + text[second:] + "\n" + text[start:second], encoding="utf-8")
    assert [row[:5] for row in listed("parts", INDEX)[3:]] == ["| [1b", "| [1a"]


def test_parts_stands_beside_a_key_only(listed):
    with pytest.raises(ValueError, match=r"stands on the index\.md of a paper"):
        listed("parts")


def test_errata_shows_both_values_and_the_slip(listed):
    rows = listed("errata")
    assert rows[:2] == ["## Sample", "### 1a · A sigmoid neuron"]
    assert "[sample/1a](papers/sample/q1.md#1a)" in rows
    slip = "The input $x$ is left out of the sigmoid. **Reproduced from the slip.**"
    assert rf"| $\hat{{y}}$ | $0.0180$ | $0.0001234$ | {slip} |" in rows
    assert not any("$-9$" in row for row in rows)  # what agrees is left out
    assert rows[-1] == "The key leaves the input out, where $x = 3.5$ is given."


def test_errata_leaves_out_what_is_right(listed):
    assert not any("1b" in row for row in listed("errata"))


def test_errata_says_what_could_not_be_reconstructed(listed, folder):
    change(folder / KEY, "neuron.z = -9\nneuron.dL_db", "neuron.z = -8\nneuron.dL_db")
    change(folder / KEY, "[parts.1a.answer]", "unexplained = { neuron.z = -8 }\n\n[parts.1a.answer]")
    assert "| $z$ | $-8$ | $-9$ | Could not be reconstructed. |" in listed("errata")


def test_a_text_over_several_lines_stays_one_row(listed, folder):
    change(
        folder / KEY,
        '"The input $x$ is left out of the sigmoid."',
        '"""The input $x$ is\nleft out of the sigmoid."""',
    )
    assert all(row.endswith("|") for row in listed("errata") if row.startswith("|"))
    assert not any(row.startswith("left out") for row in listed("errata"))


def test_a_title_with_a_bar_does_not_split_its_cell(listed, folder):
    """Of KL(P || Q), say; in Markdown a bar in a table is written with a backslash."""
    change(folder / KEY, '"A mean"', '"KL(P || Q)"')
    assert listed("parts", INDEX)[-1].replace(r"\|", "").count("|") == 6


def test_a_slip_with_a_bar_does_not_split_its_row(listed, folder):
    change(folder / KEY, '"The input $x$ is left out of the sigmoid."', '"Read as $P(A|B)$."')
    assert all(row.replace(r"\|", "").count("|") == 5 for row in listed("errata") if row.startswith("| $"))


def test_without_a_slip_errata_says_so(listed, folder):
    text = (folder / KEY).read_text(encoding="utf-8")
    text = text[: text.index("[[parts.1a.slips]]")] + text[text.index("[parts.1b]") :]
    text = text.replace('"slip"', '"agrees"').replace("y_hat = 0.0180\n", "").replace("neuron.dL_db = -0.482\n", "")
    (folder / KEY).write_text(text, encoding="utf-8")
    assert listed("errata") == ["No slip has been found."]


def test_counts(listed):
    rows = listed("counts")
    assert [row for row in rows if row.startswith("- ")] == [
        "- **1** papers",
        "- **2** parts solved",
        "- **8** values recomputed at every build",
        "- **1** of 2 published keys with a slip",
    ]


def test_counts_leave_unkeyed_parts_out_of_the_keys(listed, folder):
    change(folder / KEY, '"agrees"', '"unkeyed"')
    change(folder / KEY, "[parts.1b.printed]\nmean = 1.5\n", "")
    assert "- **1** of 1 published keys with a slip" in listed("counts")


def test_verdicts_counts_every_verdict(listed):
    rows = listed("verdicts")[2:]
    assert [row.split(" | ")[0] for row in rows] == [f"| <{verdict}>" for verdict in VERDICTS]
    assert sum(int(row.split(" | ")[1].strip(" |")) for row in rows) == 2


UNKNOWN = {"part": "did you mean 'parts'?", "xyz": "there is papers, parts, errata, counts, verdicts"}


@pytest.mark.parametrize("what, says", UNKNOWN.items(), ids=UNKNOWN)
def test_an_unknown_list_is_answered_by_the_nearest(listed, what, says):
    with pytest.raises(ValueError) as caught:
        listed(what)
    assert str(caught.value).startswith(f"unknown list {what!r}; ")
    assert says in str(caught.value)


DIGITS = {
    "a fraction": ("7/6", r"\frac{7}{6}"),
    "a negative fraction": ("-7/6", r"-\frac{7}{6}"),
    "a word": ("local maximum", r"\text{local maximum}"),
    "a name": ("not_finite", r"\text{not finite}"),
    "a vector": ([1, 2], r"\left[1,\ 2\right]"),
    "an int": (7, "7"),
}


@pytest.mark.parametrize("value, tex", DIGITS.values(), ids=DIGITS)
def test_digits_of_the_key_as_tex(value, tex):
    assert errata._digits(value) == tex
