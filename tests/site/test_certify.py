"""Every digit is proved, or listed with the reason why not; whatever could be wrong with a digit is noticed."""

from __future__ import annotations

import ast
import tomllib
from dataclasses import replace
from decimal import Decimal

import pytest
from sites import KEY, PAGE, ROOT, change, line_of, run, sample

from solvers.exact import elements, is_number
from solvers.site import catalogue
from solvers.site.certificates import certify_all
from solvers.site.certify import certify
from solvers.site.check import check
from solvers.site.floats import DRAWS, calls_floats
from solvers.site.project import Project

LIST = "docs/uncertified.toml"


@pytest.fixture(scope="module")
def parts():
    return list(check(Project(ROOT / "docs")))


@pytest.fixture(scope="module")
def certificate(parts):
    return certify_all(ROOT / "docs", parts, whole=True)


def test_every_digit_of_the_repository_is_proved_or_listed(certificate):
    assert [str(problem) for problem in certificate.problems] == []
    proved = certificate.exact + certificate.enclosed
    assert certificate.enclosed > 300 and certificate.digits > 1300
    assert proved / (proved + certificate.excused) > 0.94


def test_nineteen_of_twenty_lines_are_proved(parts):
    lines = [line for part in parts for line in part.run.lines.values() if any(map(is_number, elements(line.value)))]
    listed = tomllib.loads((ROOT / LIST).read_text(encoding="utf-8"))["floats"]
    left = [label for entry in listed for labels in entry["lines"].values() for label in labels]
    assert 0 < len(left) / len(lines) < 0.05


def one_more(digits, sign):
    """One unit of the last place more or less; of a list, in its last number."""
    if isinstance(digits, list):
        last = max(place for place, cell in enumerate(digits) if not isinstance(cell, str))
        return [*digits[:last], one_more(digits[last], sign), *digits[last + 1 :]]
    return digits + sign * (Decimal((0, (1,), digits.as_tuple().exponent)) if isinstance(digits, Decimal) else 1)


@pytest.mark.parametrize("id_", ["bits-dnn-2022s2-endsem/4a", "bits-dl-exam-jsd/q6a", "uva-dl1-2022-resit/8b"])
@pytest.mark.parametrize("sign", [1, -1])
def test_no_digit_can_be_off_by_one_in_the_last_place(parts, id_, sign):
    part = next(part for part in parts if f"{part.key.split('/')[-2]}/{part.record.id}" == id_)
    assert certify(part).problems == []
    unnoticed = []
    for table in ("answer", "lines"):
        held = getattr(part.record, table)
        for label, digits in held.items():
            wrong = replace(part.record, **{table: {**held, label: one_more(digits, sign)}})
            found = certify(replace(part, record=wrong)).problems
            if not any(f"{table}.{label}: " in problem.text for problem in found):
                unnoticed.append(label)
    assert unnoticed == []


@pytest.fixture
def certified(folder):
    """Check and certify the sample site: what check says, then what certify says."""

    def tell():
        project = Project(folder / "docs")
        found = list(check(project))
        told = certify_all(project.docs, found, whole=True)
        return [str(problem) for problem in project.problems], [str(problem) for problem in sorted(told.problems)]

    return tell


def test_the_sample_is_proved(certified):
    assert certified() == ([], [])


def add_line(folder, line, digits):
    """One more line in part 1b, with its digits in the key."""
    change(folder / PAGE, "total = a + c  # add", f"total = a + c  # add\n{line}")
    change(folder / KEY, "total = 3", f"total = 3\n{line.split(' = ')[0]} = {digits}")


@pytest.mark.parametrize(
    "line, digits, told",
    [
        # in floats both are 0, the real values are 1 and 8
        ("small = exp(40) + a - exp(40)", "0.0", "lies in [1.0"),
        ("small = (exp(40) + 4 * c - exp(40)) * 1", "0.0", "which does not round to the 0.0 of the key"),
        ("half = 5 / 2", "2e0", "exactly 5/2, which rounds to 3, a tie away from zero; the key writes 2"),
        ("half = 9 / 40", "0.22", "exactly 9/40, which rounds to 23/100"),
        ("half = sqrt(2) * sqrt(2) / 16", "0.13", "which does not decide the last digit of 0.13: write fewer digits in the key"),
    ],
    ids=["cancellation", "cancellation inside", "tie", "tie of decimals", "tie that no precision decides"],
)  # fmt: skip
def test_what_floats_hide_is_reported(folder, certified, line, digits, told):
    add_line(folder, line, digits)
    checked, found = certified()
    assert checked == []
    name = line.split(" = ")[0]
    assert len(found) == 1
    assert found[0].startswith(f"{KEY}:{line_of(folder / KEY, f'{name} = ')}: part 1b: lines.{name}: ")
    assert told in found[0]


def test_what_only_floats_can_compute_is_reported_at_its_line(folder, certified):
    """The real value does not exist: √2 squared is 2, but in floats a little more."""
    add_line(folder, "gap = 1 / (sqrt(2)**2 - 2)", "2.2518e15")
    checked, found = certified()
    assert checked == []
    assert len(found) == 1
    assert found[0].startswith(f"{PAGE}:{line_of(folder / PAGE, 'gap = ')}: part 1b: not computed in balls: ")


def test_precision_is_raised_until_the_digit_is_decided(folder):
    add_line(folder, "small = exp(700) + a - exp(700)", "1.00")  # 1010 bits are lost
    part = next(part for part in check(Project(folder / "docs")) if part.record.id == "1b")
    assert certify(part).problems == []


def test_a_tie_away_from_zero_is_proved(folder, certified):
    add_line(folder, "half = 9 / 40", "0.23")
    assert certified() == ([], [])


def test_a_whole_number_that_floats_decide_is_not_proved(folder, certified):
    add_line(folder, "broken = losses_that_differ([2, 3, 1, 4], 0.1, 2, 0)", "0")
    checked, found = certified()
    assert checked == []
    line = line_of(folder / PAGE, "broken = ")
    assert found == [
        f"{PAGE}:{line}: part 1b: line broken is computed in floats, which proves no digit. Use the functions of "
        f"solvers.functions, or list sample/1b broken in {LIST} with the reason"
    ]


def test_nothing_that_rests_on_floats_is_proved(folder, certified):
    add_line(folder, "rest = broken + 1", "1")
    change(
        folder / PAGE, "rest = broken + 1", "broken = losses_that_differ([2, 3, 1, 4], 0.1, 2, 0)\nrest = broken + 1"
    )
    change(folder / KEY, "total = 3\n", "total = 3\nbroken = 0\n")
    checked, found = certified()
    assert checked == []
    assert [problem.split(": ")[2].split(" is ")[0] for problem in found] == ["line broken", "line rest"]


@pytest.mark.parametrize(
    "name, floats",
    {
        "adam": False,  # a derivation in exact arithmetic
        "shift_defect": False,  # whole random numbers
        "weighted_fit_counts": False,  # draws are data, and the fit takes whatever numbers it is given
        "gradient_descent_steps": False,
        "recall_at": False,
        "losses_that_differ": True,  # float(…), three calls away
        "made_codes": True,  # np.cos
        "simulated_features": True,  # draws that are used as floats
        "soft_recall_fit_counts": True,  # astype(float)
    }.items(),
)
def test_which_solvers_compute_in_floats(name, floats):
    names = {name: catalogue.get(name)}
    assert calls_floats(ast.parse(f"{name}(x)"), names) is floats


def test_float_is_seen_in_a_block():
    assert calls_floats(ast.parse("floor(float(x))"), {})
    assert not calls_floats(ast.parse("x + 1"), {"x": 0.5})


def test_only_what_a_generator_draws_is_called_drawn():
    """Whatever stands in `drawn(…)` counts as exact, so a computation must not hide there."""
    calls = [
        node
        for file in (ROOT / "solvers").glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "drawn"
    ]
    assert calls
    assert [ast.unparse(call) for call in calls if getattr(call.args[0].func, "attr", "") not in DRAWS] == []


def listed(folder, text):
    (folder / LIST).write_text(text, encoding="utf-8")


def test_the_list_excuses_a_line_and_no_other(folder, certified):
    add_line(folder, "broken = losses_that_differ([2, 3, 1, 4], 0.1, 2, 0)", "0")
    listed(folder, '[[floats]]\nbecause = "A training."\n[floats.lines]\n"sample/1b" = ["broken"]\n')
    assert certified() == ([], [])


@pytest.mark.parametrize(
    "lines, told",
    [
        ('"sample/1b" = ["total"]', f"{LIST}:4: sample/1b total: take this line off the list; it is proved"),
        ('"sample/1b" = ["totals"]', f"{LIST}:4: sample/1b totals: take this line off the list; there is none"),
        ('"sample/1c" = ["total"]', f"{LIST}:4: there is no part sample/1c; did you mean 'sample/1a'?"),
    ],
    ids=["a proved line", "no such line", "no such part"],
)
def test_the_list_holds_nothing_that_it_need_not(folder, certified, lines, told):
    listed(folder, f'[[floats]]\nbecause = "A training."\n[floats.lines]\n{lines}\n')
    assert certified()[1] == [told]


def test_the_list_gives_reasons(folder, certified):
    listed(folder, '\n[[floats]]\nbecause = " "\n')
    assert certified()[1] == [f"{LIST}:2: say because of what these lines are not proved"]
    listed(folder, "[[floats]\n")
    assert certified()[1][0].startswith(f"{LIST}:1: not TOML: ")


def test_the_command_says_what_was_proved(tmp_path):
    folder = sample(tmp_path)
    ran = run(folder, "solvers", "certify")
    assert ran.code == 0, ran.text
    assert ran.out.startswith(
        "2 parts, 8 numbers proved: 3 exactly, 5 by intervals (20 digits); 0 computed in floats alone"
    )
    assert run(folder, "solvers", "certify", "sample/1b").out.startswith("1 parts, 2 numbers proved: 2 exactly")
    unknown = run(folder, "solvers", "certify", "sample/1x")
    assert unknown.code == 1 and "no part 'sample/1x'" in unknown.text


def test_the_command_fails_on_what_is_not_proved(tmp_path):
    folder = sample(tmp_path)
    add_line(folder, "small = exp(40) + a - exp(40)", "0.0")
    ran = run(folder, "solvers", "certify")
    assert ran.code == 1
    assert f"{KEY}:" in ran.err and "lines.small: lies in [1.0" in ran.err and "2 parts: 1 problem" in ran.err
