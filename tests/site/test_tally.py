"""The page of figures: what it counts, what it reads, and that it says so when nothing was measured."""

from __future__ import annotations

import json
import re

import pytest
from sites import KEY, PAGE, change, run, sample

from solvers.site import tally
from solvers.site.project import Project


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    return sample(tmp_path)


def figures(folder):
    rows = tally.listed(Project(folder / "docs"), folder / "docs" / "about.md", str)
    return dict(row.strip("| ").split(" | ") for row in rows if row.startswith("| "))


def test_counts_are_those_of_the_key_and_the_pages(folder):
    change(folder / PAGE, "a, c = 1, 2\n", "a, c = 1, 2\n# vary a in 1..9; c in 1..9\n")
    told = figures(folder)
    assert {name: told[name] for name in ("papers", "parts solved", "slips run again", "draws of new numbers")} == {
        "papers": "1", "parts solved": "2", "slips run again": "1", "draws of new numbers": "12"}  # fmt: skip
    assert told["lines compared with the key"] == told["numbers in these lines"] == "8"  # three answers, five lines


def test_what_no_command_measured_is_said(folder):
    told = figures(folder)
    for name in ("numbers proved exactly", "second routes to an answer", "branches and lines that the tests take"):
        assert told[name] == "not measured in this build"
    assert told["planted mistakes that the tests find"] == "not measured in this build"
    assert told["sources of"] == "1970-01-02"


def test_certify_leaves_figures_until_a_number_changes(folder):
    listed = folder / "docs" / "uncertified.toml"
    listed.write_text("")
    ran = run(folder, "solvers", "certify", "--write")
    assert ran.code == 0, ran.text
    proved = int(re.search(r"(\d+) exactly, (\d+) by", ran.out)[1])
    assert figures(folder)["numbers proved exactly"] == str(proved) != "0"
    assert figures(folder)["numbers excused"] == "0"
    change(folder / KEY, "loss = 4.500", "loss = 4.50")
    assert figures(folder)["numbers proved exactly"] == "not measured in this build"


def test_figures_of_some_parts_are_not_written(folder):
    ran = run(folder, "solvers", "certify", "--write", "sample/1b")
    assert ran.code == 1 and "leave the ids out" in ran.err and not (folder / "build").exists()


def test_coverage_mutation_and_routes_are_read(folder):
    (folder / "build").mkdir()
    (folder / "build/coverage.json").write_text(json.dumps({"totals": {"percent_covered": 96.04}}))
    (folder / "build/mutation.json").write_text(json.dumps({"sign": {"killed": 7, "total": 9, "survivors": []}}))
    (folder / "tests/routes").mkdir(parents=True)
    (folder / "tests/routes/some.py").write_text(
        '@route("sample/1a")\ndef a(): ...\n\n\n@route("sample/1b")\ndef b(): ...\n'
    )
    told = figures(folder)
    assert told["branches and lines that the tests take"] == "96.0 %"
    assert told["planted mistakes that the tests find: sign"] == "7 of 9"
    assert told["second routes to an answer"] == "2"


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"totals": {}}'])
def test_a_file_cut_short_is_no_figure(folder, text):
    (folder / "build").mkdir()
    for name in ("coverage", "mutation", "certify"):
        (folder / f"build/{name}.json").write_text(text)
    told = figures(folder)
    assert told["branches and lines that the tests take"] == told["numbers excused"] == "not measured in this build"
    assert told["planted mistakes that the tests find"] == "not measured in this build"


def test_without_a_repository_there_is_no_date(folder, monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    monkeypatch.setenv("PATH", str(folder))  # no git
    assert "sources of" not in figures(folder)


def test_the_page_is_the_same_at_every_build(folder):
    assert figures(folder) == figures(folder)
    assert tally.fingerprint(Project(folder / "docs")) == tally.fingerprint(Project(folder / "docs"))
