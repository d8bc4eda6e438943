"""answers.json: every part, its digits as text, as the key writes them."""

from __future__ import annotations

import json
import os

import pytest
from sites import KEY, PAGE, change

from solvers.site import export
from solvers.site.project import Project


@pytest.fixture
def data(folder):
    return lambda: export.data(Project(folder / "docs"))["parts"]


def test_a_part_in_full(data):
    assert data()["sample/1a"] == {
        "title": "A sigmoid neuron",
        "url": "papers/sample/q1/#1a",
        "marks": "3",
        "kind": "numeric",
        "topics": ["adam"],
        "verdict": "slip",
        "because": "The key leaves the input out, where $x = 3.5$ is given.",
        "answer": {"y_hat": "0.0001234", "loss": "4.500"},
        "printed": {"y_hat": "0.0180", "neuron.z": "-9", "neuron.dL_db": "-0.482"},
        "slips": [
            {
                "text": "The input $x$ is left out of the sigmoid.",
                "lands": {"y_hat": "0.0180", "neuron.dL_db": "-0.482"},
            }
        ],
    }


def test_parts_stand_in_the_order_of_the_key(data):
    assert list(data()) == ["sample/1a", "sample/1b"]


def test_the_own_words_of_an_answer_are_there_when_it_has_some(data, folder):
    change(folder / KEY, "[parts.1b.answer]", 'text = "It is $@{mean}$."\n\n[parts.1b.answer]')
    assert data()["sample/1b"]["text"] == "It is $1.5$."
    assert "text" not in data()["sample/1a"]


def test_a_convention_is_among_the_slips(data, folder):
    change(folder / KEY, "[[parts.1a.slips]]", "[[parts.1a.conventions]]")
    change(folder / KEY, '"slip"', '"convention"')
    assert len(data()["sample/1a"]["slips"]) == 1


def test_a_part_that_is_on_no_page_links_to_its_paper(data, folder):
    change(folder / PAGE, "``` part 1b", "``` part 1x")
    assert data()["sample/1b"]["url"] == "papers/sample/#1b"


DIGITS = {
    "zeros": ("1.500", "1.500"),
    "a power of ten": ("1.5e0", "1.5"),
    "an int": ("3", "3"),
    "a fraction": ('"3/2"', "3/2"),
    "a small number": ("1.50e-8", "0.0000000150"),
    "a list": ("[1, [2.50]]", ["1", ["2.50"]]),
}


@pytest.mark.parametrize("written, expected", DIGITS.values(), ids=DIGITS)
def test_digits_are_text(data, folder, written, expected):
    change(folder / KEY, "[parts.1b.answer]\nmean = 1.5", f"[parts.1b.answer]\nmean = {written}")
    assert data()["sample/1b"]["answer"]["mean"] == expected


def test_the_file_is_what_was_meant(folder):
    file = export.write(Project(folder / "docs"), folder)
    text = file.read_text(encoding="utf-8")
    assert file.name == "answers.json"
    assert json.loads(text) == export.data(Project(folder / "docs"))
    assert text.endswith("}\n")


def test_a_failure_leaves_the_old_file_and_nothing_beside_it(folder, monkeypatch):
    project = Project(folder / "docs")
    (folder / "answers.json").write_text("old", encoding="utf-8")
    before = sorted(path.name for path in folder.iterdir())

    def fail(*_arguments):
        raise OSError("no space left")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError):
        export.write(project, folder)
    assert (folder / "answers.json").read_text(encoding="utf-8") == "old"
    assert sorted(path.name for path in folder.iterdir()) == before
