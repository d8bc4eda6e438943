"""The command that changes one thing at a time: it finds what it breaks, says what it does not, and its list is current."""

from __future__ import annotations

import ast
import shutil

import pytest
from mutants import code, exempt, givens, keys, solvers, verdicts, workshop
from mutants.report import Mutant, Score
from sites import KEY, PAGE, change, line_of


@pytest.fixture
def place(folder):
    """Part 1a or 1b of the sample site."""

    def found(part):
        return next(one for one in workshop.parts(folder / "docs", []) if one.part == part)

    return found


def test_a_value_changes_in_every_digit_and_its_sign():
    assert [new for _, new in keys.changes("-9.0")] == ["-0.0", "-9.1", "9.0"]
    assert [new for _, new in keys.changes("95")] == ["15", "96", "-95"]
    assert [new for _, new in keys.changes('["7/6", 0]')] == [
        '["8/6", 0]',
        '["7/7", 0]',
        '["7/6", 1]',
        '["7*6", 0]',
        '["-7/6", 0]',
    ]
    assert [new for _, new in keys.changes('"z**2"')] == ['"z**3"', '"a**2"', '"z*2"']


def test_every_digit_of_a_key_is_held(place):
    found = [mutant for part in ("1a", "1b") for mutant in keys.mutants(place(part))]
    assert len(found) > 50
    assert [str(mutant) for mutant in found if not mutant.killed] == []


def test_every_claim_of_a_key_is_held(place):
    found = [mutant for part in ("1a", "1b") for mutant in verdicts.mutants(place(part))]
    assert len([mutant for mutant in found if "verdict: " in mutant.what]) == 12
    assert [str(mutant) for mutant in found if not mutant.killed] == []


def test_a_given_that_no_number_depends_on_survives_until_the_key_holds_it(place, folder):
    change(folder / PAGE, "a, c = 1, 2", "a, c = 1, 2\nsize = 7  # of the picture")
    line = line_of(folder / PAGE, "size = 7")
    assert [(m.line, m.what) for m in givens.mutants(place("1b")) if not m.killed] == [
        (line, "part 1b: size: 7 -> 8"),
        (line, "part 1b: size: 7 -> -7"),
    ]
    change(folder / KEY, "[parts.1b.lines]", "[parts.1b.givens]\nsize = 7\n\n[parts.1b.lines]")
    assert all(mutant.killed for mutant in givens.mutants(place("1b")))


def test_a_value_that_nothing_holds_is_a_survivor_with_its_place(place, monkeypatch):
    monkeypatch.setattr("solvers.site.parts.compare", lambda *_: None)
    mutants = list(keys.mutants(place("1b")))
    line = mutants[0].line
    assert (f"{KEY}:{line}: answer.mean: 1.5 -> 2.5") in [str(mutant) for mutant in mutants if not mutant.killed]


SOURCE = '''def f(a, b=1):
    """Two lines."""
    x = a - b  # the reason stays
    if x < 2 and not b:
        x = pow(x, b)
    return x
'''


def test_a_program_changes_in_one_place_and_keeps_its_comments():
    found = {edit.what: edit.of(SOURCE) for edit in code.edits(SOURCE)}
    assert {"a - b: - -> +", "x < 2: < -> <=", "x < 2: < -> >=", "x < 2 and not b: and -> or", "not b -> (b)", "1 -> 2",
            "arguments swapped: x, b", "deleted: x = pow(x, b)", "condition negated: x < 2 and not b"} <= set(found)  # fmt: skip
    for text in found.values():
        ast.parse(text)
        assert "# the reason stays" in text and "Two lines." in text


def test_a_solver_that_is_changed_is_found_by_a_part_or_a_test(tmp_path):
    """In a process of its own, as the command does it."""
    import multiprocessing

    with multiprocessing.get_context("spawn").Pool(1) as pool:
        said = pool.apply(_try, (str(tmp_path / "copy"),))
    assert said["w - lr * g: - -> +"]
    assert not said["nothing"]


def _try(folder):
    from pathlib import Path

    solvers.copy(exempt.ROOT, Path(folder))
    source = Path("solvers/optimizers.py").read_text(encoding="utf-8")
    tried = [edit for edit in code.edits(source) if edit.what == "w - lr * g: - -> +"][:1]
    tried.append(code.Edit(1, 0, 0, "", "nothing"))
    return {edit.what: solvers.tried("solvers/optimizers.py", edit).said for edit in tried}


def test_the_list_of_exempt_mutants_is_current():
    assert list(exempt.stale()) == []


def test_an_exempt_mutant_whose_line_is_gone_is_an_error(tmp_path):
    one = exempt.entries()[0]
    (tmp_path / one["file"]).parent.mkdir(parents=True)
    shutil.copy(exempt.ROOT / one["file"], tmp_path / one["file"])
    assert list(exempt.stale(tmp_path, [one])) == []
    change(tmp_path / one["file"], one["line"], one["line"] + "  # changed")
    assert "no line reads" in next(exempt.stale(tmp_path, [one]))
    assert "an entry has" in next(exempt.stale(tmp_path, [{**one, "why": ""}]))


def test_a_goal_that_is_missed_is_said():
    score = Score("keys", 1.0)
    score.add([Mutant("a.toml", 1, "1 -> 2", "found"), Mutant("a.toml", 2, "2 -> 3")])
    assert not score.met
    assert str(score) == "keys: 1 of 2 found, 50.00%  (the goal is 100%)"
    assert [str(mutant) for mutant in score.survivors] == ["a.toml:2: 2 -> 3"]
