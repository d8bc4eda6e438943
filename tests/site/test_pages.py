"""The pages and keys of this repository: every part checks clean, every value of every key is held, nothing is left out."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import replace
from decimal import Decimal

import pytest
from sites import ROOT

from solvers.site.check import check
from solvers.site.parts import solve
from solvers.site.project import Project
from solvers.site.render import BADGES

PROJECT = Project(ROOT / "docs")
KEYS = sorted((ROOT / "docs/papers").glob("*/key.toml"))
IDS = [
    f"{file.parent.name}/{part}"
    for file in KEYS
    for part in tomllib.loads(file.read_text(encoding="utf-8"), parse_float=Decimal).get("parts", {})
]
FIELDS = ["title", "url", "marks", "kind", "topics", "verdict", "because", "answer", "printed", "slips"]


def solved(id_):
    """One part of this repository, solved."""
    paper_id, _, part = id_.partition("/")
    paper = PROJECT.paper(paper_id)
    page, section = PROJECT.where(paper_id)[part]
    return section, paper, page.relative_to(ROOT).as_posix()


def test_there_are_parts():
    assert IDS


@pytest.mark.parametrize("id_", IDS)
def test_every_part_checks_clean(id_):
    project = Project(ROOT / "docs")
    parts = list(check(project, id_))
    assert [str(problem) for problem in project.problems] == []
    assert len(parts) == 1


def test_everything_else_checks_clean():
    """Free pages, fences, formulas, records without a part."""
    project = Project(ROOT / "docs")
    assert len(list(check(project))) == len(IDS)
    assert [str(problem) for problem in project.problems] == []


@pytest.mark.parametrize("file", KEYS, ids=[file.parent.name for file in KEYS])
def test_every_record_is_on_one_page_and_every_part_has_a_record(file):
    project = Project(ROOT / "docs")
    paper = project.paper(file.parent.name)
    assert paper.problems == []
    assert set(project.where(paper.id)) == set(paper.records)
    assert list(project.unplaced(paper)) == []


def another(digits):
    """Digits that say something else: one unit of the last place more, another word, another entry."""
    if isinstance(digits, list):
        return [*digits[:-1], another(digits[-1])]
    if isinstance(digits, int):
        return digits + 1
    if isinstance(digits, Decimal):
        return digits + 2 * Decimal((0, (1,), digits.as_tuple().exponent))  # two units: at a tie one of them agrees
    if re.fullmatch(r"-?\d+/\d+", digits):
        return digits + "0"
    if re.search(r"[*+]|\*\*|\bMax\b|/|^-?\d+$", digits):
        return f"2 + ({digits})"
    return f"not {digits}"


@pytest.mark.parametrize("id_", IDS)
def test_no_value_of_a_key_can_be_changed_unseen(id_):
    """Every answer and every line of every part, one at a time, a little off: the check names it. So does it name
    a published value that agreed."""
    section, paper, file = solved(id_)
    record = paper.records[section.part]
    reported = solve(section, paper, file)
    assert reported.problems == []
    unnoticed = []
    for table in ("answer", "lines", "printed"):
        for label, digits in getattr(record, table).items():
            if table == "printed" and (not reported.agrees[label] or record.verdict in ("open", "incomplete")):
                continue  # what differs anyway, or is not held against anything
            wrong = replace(record, **{table: {**getattr(record, table), label: another(digits)}})
            broken = replace_record(paper, wrong)
            problems = solve(section, broken, file).problems
            if not any(label in problem.text for problem in problems):
                unnoticed.append(f"{table}.{label} = {another(digits)}: {[str(problem) for problem in problems]}")
    assert unnoticed == []


@pytest.mark.parametrize("id_", IDS)
def test_no_entry_of_a_key_can_be_left_out_or_added_unseen(id_):
    section, paper, file = solved(id_)
    record = paper.records[section.part]
    unnoticed = []
    for table in ("answer", "lines"):
        held = getattr(record, table)
        for label in held:
            fewer = replace(record, **{table: {name: value for name, value in held.items() if name != label}})
            if not any(label in p.text for p in solve(section, replace_record(paper, fewer), file).problems):
                unnoticed.append(f"{table} without {label}")
        more = replace(record, **{table: {**held, "nowhere": 1}})
        if not any("nowhere" in p.text for p in solve(section, replace_record(paper, more), file).problems):
            unnoticed.append(f"{table} with nowhere")
    assert unnoticed == []


def replace_record(paper, record):
    return replace(paper, records={**paper.records, record.id: record})


@pytest.mark.parametrize("id_", IDS)
def test_every_slip_is_needed_and_does_what_it_says(id_):
    """Without the change the derivation does not land on the printed digits: what explains them is the slip."""
    section, paper, file = solved(id_)
    part = solve(section, paper, file)
    for rerun, run in part.reruns:
        assert rerun.lands
        assert any(not part.agrees[label] for label in rerun.lands)
        assert (
            any(line.replaced for line in run.lines.values())
            or rerun.given
            or rerun.decimals is not None
            or rerun.significant is not None
        )


@pytest.fixture(scope="module")
def answers(site):
    return json.loads((site / "answers.json").read_text(encoding="utf-8"))


def test_answers_json_has_exactly_the_parts_of_the_keys(answers, snapshot):
    ids = [
        f"{file.parent.name}/{part}"
        for file in sorted(snapshot.glob("docs/papers/*/key.toml"))
        for part in tomllib.loads(file.read_text(encoding="utf-8")).get("parts", {})
    ]
    assert list(answers) == ["parts"]
    assert list(answers["parts"]) == ids


def test_answers_json_has_its_fields(answers):
    for id_, part in answers["parts"].items():
        assert list(part)[: len(FIELDS)] == FIELDS and set(part) <= {*FIELDS, "text", "options"}, id_
        assert part["answer"] or part.get("text"), id_
        for option in part.get("options", {}).values():
            assert list(option) == ["text", "right", "reason"] and all(
                map(str.strip, (option["text"], option["reason"]))
            )
        assert part["verdict"] in BADGES
        assert isinstance(part["topics"], list) and isinstance(part["marks"], str)
        assert "@{" not in json.dumps(part, ensure_ascii=False), id_
        for slip in part["slips"]:
            assert list(slip) == ["text", "lands"]
            assert set(slip["lands"]) <= set(part["printed"])


def test_answers_json_holds_digits_as_text(answers, snapshot):
    def texts(value):
        return [text for cell in value for text in texts(cell)] if isinstance(value, list) else [value]

    for id_, part in answers["parts"].items():
        for table in ("answer", "printed"):
            for label, value in part[table].items():
                assert all(isinstance(text, str) for text in texts(value)), f"{id_} {table}.{label}"


def test_every_address_of_answers_json_leads_to_its_part(answers, site):
    for id_, part in answers["parts"].items():
        page, _, anchor = part["url"].partition("#")
        html = (site / page / "index.html").read_text(encoding="utf-8")
        assert anchor == id_.partition("/")[2]
        assert re.search(rf'<h2 id="{re.escape(anchor)}">', html), id_


def test_answers_json_is_the_same_from_the_command_line(answers, snapshot, tmp_path):
    from sites import quick

    ran = quick(snapshot, "solvers", "export", str(tmp_path))
    assert ran.code == 0, ran.text
    assert json.loads((tmp_path / "answers.json").read_text(encoding="utf-8")) == answers
