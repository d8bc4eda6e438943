"""New numbers: ranges beside the givens, the draws that follow from them, the files that hold them."""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction

import pytest
from sites import PAGE, ROOT, change, check, copy_solvers, line_of, quick, run, sample
from test_negative_controls import Broken

from solvers.exact import elements, is_number, to_fraction
from solvers.site import draws, looking, ranges, variants
from solvers.site.agreement import compare
from solvers.site.project import Project
from solvers.site.source import Fence

GIVENS = "a, c = 1, 2\n"
VARIED = f"{GIVENS}# vary a in 1..9; c in 1..9\n# where a < c\n"
MOST = 12_000  # bytes of one part's file, compressed


def fence(*rows):
    return Fence("part", "1a", "\n".join(rows), 10, 99)


def texts(values):
    return [str(getattr(value, "text", value)) for value in values]


# Ranges


@pytest.mark.parametrize(
    ("written", "values"),
    [
        ("x in 1..4", ["1", "2", "3", "4"]),
        ("x in 0.5..2 step 0.5", ["0.5", "1.0", "1.5", "2.0"]),
        ("x in -1..1 step 1", ["-1", "0", "1"]),
        ("x in 10..30 step 10", ["10", "20", "30"]),
        ("x in {0.2, 0.50, -3}", ["0.2", "0.50", "-3"]),
        ("x in {1/3, 2/3}", ["1/3", "2/3"]),
        ("x in {relu, tanh}", ["relu", "tanh"]),
        ("x in {1e-8, 1e-6}", ["1e-8", "1e-6"]),
        ("x in {[0, 1], [1, 0]}", ["[0, 1]", "[1, 0]"]),
    ],
)
def test_a_range_is_read_as_it_is_written(written, values):
    assert texts(ranges.declared(fence("x = 1", f"# vary {written}")).values["x"]) == values


def test_declarations_stand_on_lines_of_their_own_and_are_not_shown():
    body = "x, y = 1, 2  # the input\n# vary x in 1..3; y in {4, 5}\n# where x < y"
    found = ranges.declared(fence(body))
    assert list(found.values) == ["x", "y"]
    assert found.where == ((13, "x < y"),)
    assert ranges.without(body) == "x, y = 1, 2  # the input"


CASES = [
    Broken("a range of a given that is not there", PAGE, GIVENS, GIVENS + "# vary d in 1..9\n", (PAGE, "# vary"), "part 1b: vary: no given 'd'"),
    Broken("a range without a step", PAGE, GIVENS, GIVENS + "# vary a in 0.5..9\n", (PAGE, "# vary"), "part 1b: vary: 0.5..9 has decimals; say the step"),
    Broken("a range that its steps miss", PAGE, GIVENS, GIVENS + "# vary a in 1..9 step 3\n", (PAGE, "# vary"), "part 1b: vary: 1..9 is not reached in whole steps of 3"),
    Broken("a range that is none", PAGE, GIVENS, GIVENS + "# vary a from 1 to 9\n", (PAGE, "# vary"), "part 1b: vary: 'a from 1 to 9' is no range"),
    Broken("a range of words that is code", PAGE, GIVENS, GIVENS + "# vary a in {open('x')}\n", (PAGE, "# vary"), "is no value; write numbers"),
    Broken("a value that is none", PAGE, GIVENS, GIVENS + "# vary a in {1, 2 +}\n", (PAGE, "# vary"), "part 1b: vary: '2 +' is no value"),
    Broken("a value that cannot be", PAGE, GIVENS, GIVENS + "# vary a in {1, 2/0}\n", (PAGE, "# vary"), "part 1b: vary: '2/0' is no value: ZeroDivisionError"),
    Broken("a list that cannot be", PAGE, GIVENS, GIVENS + "# vary a in {1, -[2]}\n", (PAGE, "# vary"), "part 1b: vary: '-[2]' is no value: TypeError"),
    Broken("numbers too large to work with", PAGE, GIVENS, GIVENS + "# vary a in 1e-999999..1e999999 step 1e-999999\n", (PAGE, "# vary"), "so large or so small"),
    Broken("a range to infinity", PAGE, GIVENS, GIVENS + "# vary a in 1..Infinity\n", (PAGE, "# vary"), "so large or so small"),
    Broken("a range between no numbers", PAGE, GIVENS, GIVENS + "# vary a in one..9\n", (PAGE, "# vary"), "part 1b: vary: one 9 are no numbers"),
    Broken("a set that is not closed", PAGE, GIVENS, GIVENS + "# vary a in {1, 2\n", (PAGE, "# vary"), "part 1b: vary: '{1, 2' is no range; write 0.5..5"),
    Broken("steps of nothing", PAGE, GIVENS, GIVENS + "# vary a in 1..9 step 0\n", (PAGE, "# vary"), "part 1b: vary: 1..9 is not reached in whole steps of 0"),
    Broken("a given varied twice", PAGE, GIVENS, GIVENS + "# vary a in 1..9\n# vary a in 1..8\n", (PAGE, "# vary", 2), "part 1b: vary: a is varied twice"),
    Broken("one value", PAGE, GIVENS, GIVENS + "# vary a in {3}\n", (PAGE, "# vary"), "part 1b: vary: a has one value only"),
    Broken("fixed without a reason", PAGE, GIVENS, GIVENS + "# fixed:\n", (PAGE, "# fixed"), "part 1b: fixed: say why the numbers stay"),
    Broken("fixed and varied", PAGE, GIVENS, GIVENS + "# fixed: so\n# vary a in 1..9\n", (PAGE, "# fixed"), "part 1b: fixed: a part is either fixed or varied"),
    Broken("a condition on nothing", PAGE, GIVENS, GIVENS + "# where a < c\n", (PAGE, "# where"), "part 1b: where: nothing is varied"),
    Broken("a condition that is none", PAGE, GIVENS, GIVENS + "# vary a in 1..9\n# where a <\n", (PAGE, "# where"), "part 1b: where: 'a <' is no condition"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_a_declaration_that_cannot_be_is_refused(case, folder):
    change(folder / case.file, case.old, case.new)
    at = line_of(folder / case.file, *case.at[1:])
    for ran in (check(folder), quick(folder, "mkdocs", "build", "--strict")):
        assert ran.code != 0
        assert f"{case.file}:{at}: " in ran.text and case.says in ran.text, ran.text
        assert "Traceback" not in ran.text


# Draws


def drawn(folder, part="1b"):
    """The part as it stands on the sample page, with its draws and what is wrong with them."""
    project = Project(folder / "docs")
    own = dict(draws.parts_of(project, "sample", part))[f"sample/{part}"]
    assert not own.problems, own.problems
    return own, *draws.of(own, "sample")


def test_twelve_draws_that_differ_and_meet_the_conditions(folder):
    change(folder / PAGE, GIVENS, VARIED)
    _, taken, problems = drawn(folder)
    givens = [(draw.run.givens["a"], draw.run.givens["c"]) for draw in taken]
    assert problems == [] and len(set(givens)) == len(givens) == 12
    assert all(a < c and (a, c) != (1, 2) for a, c in givens)
    means = [Fraction(a + c, 2) for a, c in givens]
    assert [to_fraction(draw.shown["mean"]) for draw in taken] == means
    assert Fraction(3, 2) not in means  # the paper's own answer, which (0, 3) would have as well


def test_the_draws_are_the_same_in_every_process(folder):
    change(folder / PAGE, GIVENS, VARIED)
    printed = {run(folder, "solvers", "draws", "sample/1b", PYTHONHASHSEED=seed).out for seed in ("0", "1", "77")}
    assert len(printed) == 1
    assert printed.pop().count("->") == 12


@pytest.mark.parametrize(
    ("declared", "says"),
    [
        ("# vary a in 1..3; c in 1..3", "vary: 7 of 12 draws ("),  # nine pairs; (1, 2) is the paper's, (2, 1) its mean
        ("# vary a in 1..9; c in 1..9\n# where a == c + 20", "0 of 12 draws"),
        ("# vary a in 1..9; c in 1..9\n# where mean == 4", "do not meet the conditions"),
        ("# vary a in 1000001..1000099", "need longer numbers than the paper's"),
        ("# vary a in 1..9\n# where sum(b) == 1", "where: no given, answer or line 'b'"),
        ("# vary a in 1..9\n# where a.__class__ == 1", "where: a block cannot"),
        ("# vary a in 1..9\n# where 1 / (a - c) > 0", "where: '1 / (a - c) > 0' cannot be computed: ZeroDivisionError"),
    ],
)  # fmt: skip
def test_ranges_that_do_not_do(folder, declared, says):
    change(folder / PAGE, GIVENS, f"{GIVENS}{declared}\n")
    _, _, problems = drawn(folder)
    line = line_of(folder / PAGE, "# where" if says.startswith("where") else "# vary")
    assert [(problem.file, problem.line) for problem in problems] == [(PAGE, line)]
    assert says in problems[0].text


def test_a_range_that_reaches_what_cannot_be_solved_names_the_draw(folder):
    change(folder / PAGE, GIVENS, f"{GIVENS}# vary c in 0..12\n")
    change(folder / PAGE, "mean = total / 2  # halve", "mean = total / 2 + 0 / c  # halve")
    own = drawn(folder)
    assert "vary: c = 0 cannot be solved: ZeroDivisionError" in own[2][0].text and "narrow the range" in own[2][0].text


def test_numbers_that_are_not_finite_are_not_taken(folder):
    change(folder / PAGE, GIVENS, f"{GIVENS}# vary a in 1..9\n")
    change(folder / PAGE, "mean = total / 2  #", "mean = total / 2 + (0 if a < 4 else float(10) ** 308 * 1000)  #")
    _, taken, problems = drawn(folder)
    assert len(taken) == 2 and "6 come out at no finite number" in problems[0].text


def test_an_array_takes_a_new_value_in_every_place(folder):
    change(folder / PAGE, GIVENS, "a = [1, 2]\nc = 2\n# vary a in 1..9\n# where sum(a) > 5\n")
    change(folder / PAGE, "total = a + c  # add", "total = a[0] + a[1]  # add")
    change(folder / PAGE, "@{a} and @{c}?", "$@{a}$?")
    _, taken, problems = drawn(folder)
    assert problems == []
    assert all(draw.run.givens["a"].shape == (2,) and sum(draw.run.givens["a"]) > 5 for draw in taken)
    assert len({str(draw.run.givens["a"]) for draw in taken}) == 12


def test_the_cells_of_an_array_are_equally_precise_wherever_the_papers_has_a_dash_or_a_zero():
    own = dict(draws.parts_of(Project(ROOT / "docs"), "bits-dl-exam-jsd", "q6a"))["bits-dl-exam-jsd/q6a"]
    taken, problems = draws.of(own, "bits-dl-exam-jsd")
    rounded = [digits for draw in taken for label in ("ten.r_P", "ten.t_P", "ten.r_Q", "ten.t_Q")
               for value, digits in zip(elements(draw.run.lines[label].value), elements(draw.shown[label]), strict=True)
               if isinstance(value, float)]  # fmt: skip
    assert problems == [] and len(rounded) > 50
    assert all(len(digits.as_tuple().digits) >= 7 for digits in rounded)


def test_the_terminal_shows_numbers_as_a_reader_writes_them(folder):
    change(folder / PAGE, GIVENS, "a, c = 1, 2\n# vary a in 1.5..9.5 step 1; c in {1/2, 3}\n")
    printed = run(folder, "solvers", "draws", "sample/1b").out
    assert "sample/1b: 12 draws" in printed and re.search(r"a = [1-9]\.5, c = (0\.5|3)  ->  mean = \d", printed)


def test_the_terminal_shows_arrays_without_the_names_of_types():
    project = Project(ROOT / "docs")
    paper, part = "bits-dl-exam-jsd", "q6a"
    own = dict(draws.parts_of(project, paper, part))[f"{paper}/{part}"]
    first = next(
        row for row in looking.told(f"{paper}/{part}", own, draws.of(own, paper)[0][:1]) if row.startswith("   1")
    )
    assert re.search(r"P = \[[\d., ]+\], Q = \[[\d., ]+\]", first) and "Given" not in first and "Decimal" not in first


def test_a_part_whose_drawing_fails_is_not_called_fixed(folder):
    change(folder / PAGE, GIVENS, "a, c = 1, 2\n# vary a in 1..9; c in 1..9\n# where a == c + 20\n")
    ran = run(folder, "solvers", "draws", "sample/1b")
    assert "fixed" not in ran.text and "sample/1b: no draws" in ran.out
    assert ran.code == 1 and "0 of 12 draws" in ran.err


def test_check_of_one_part_draws_and_the_build_of_all_does(folder):
    change(folder / PAGE, GIVENS, f"{GIVENS}# vary a in 1..3; c in 1..3\n")
    alone = check(folder, "sample/1b")
    assert alone.code == 1 and "of 12 draws" in alone.text
    config = (folder / "mkdocs.yml").read_text("utf-8")
    (folder / "mkdocs.yml").write_text(f"{config}hooks: [{ROOT}/solvers/site/hook.py]\n", "utf-8")
    built = run(folder, "mkdocs", "build", "--strict")
    assert built.code != 0 and f"{PAGE}:{line_of(folder / PAGE, '# vary')}: part 1b: vary: " in built.text
    assert "Traceback" not in built.text


# Files


def read_script(text):
    """A part's file read as a browser does: draws as slot -> HTML."""
    full, data = re.fullmatch(r'newNumbers\((".*?"),(\{.*\})\);\n', text, re.S).groups()
    data = json.loads(data)

    def html(slot):
        pieces = [piece.split(" ") for piece in slot.split("|")]
        return "".join(filled(data["forms"][int(form)], numbers) for form, *numbers in pieces)

    def filled(form, numbers):
        assert form.count("¤") == len(numbers), (form, numbers)
        for number in numbers:
            form = form.replace("¤", number, 1)
        return form

    return json.loads(full), [dict(zip(data["slots"], map(html, draw), strict=True)) for draw in data["draws"]]


def test_a_file_gives_back_every_draw_to_the_letter(folder):
    change(folder / PAGE, GIVENS, VARIED)
    _, taken, _ = drawn(folder)
    wanted = [variants.slots(draw, Project(folder / "docs")) for draw in taken]
    full, found = read_script(variants.script_of("sample/1b", wanted))
    assert full == "sample/1b" and found == wanted
    assert all(f"mean of {draw.run.givens['a']} and {draw.run.givens['c']}" in slots["question"]
               for draw, slots in zip(taken, found))  # fmt: skip


def test_a_slot_that_is_empty_comes_back_empty():
    wanted = [{"question": f"<p>{number}</p>", "tries": ""} for number in (1, 2)]  # a part that has no boxes
    full, found = read_script(variants.script_of("sample/1b", wanted))
    assert full == "sample/1b" and found == wanted


def write(folder):
    built = folder / "built"
    built.mkdir(exist_ok=True)
    for file in variants.write(Project(folder / "docs"), built):
        assert file.is_file()
    return {file.stem: file.read_text("utf-8") for file in sorted(built.glob("new-numbers/*/*.js"))}


def test_what_has_not_changed_is_not_drawn_again(folder, monkeypatch):
    change(folder / PAGE, GIVENS, VARIED)
    first = write(folder)
    monkeypatch.setattr(draws, "of", lambda *_: pytest.fail("drawn again"))
    assert write(folder) == first


def test_what_no_draw_shows_does_not_draw_again(folder, monkeypatch):
    change(folder / PAGE, GIVENS, VARIED)
    first = write(folder)
    change(folder / PAGE, "``` part 1b", "A sentence above.\n\n``` part 1b")
    with (folder / PAGE).open("a", encoding="utf-8") as page:
        page.write("\nA sentence that explains.\n")
    monkeypatch.setattr(draws, "of", lambda *_: pytest.fail("drawn again"))
    assert write(folder) == first


def test_a_line_that_moves_between_the_blocks_is_a_change(folder):
    project = Project(folder / "docs")
    part = dict(draws.parts_of(project))["sample/1b"]

    def name(givens, solution):
        section = replace(part.section, givens=replace(part.section.givens, body=givens),
                          solution=replace(part.section.solution, body=solution))  # fmt: skip
        return variants._follows_from(replace(part, section=section), project)

    assert name("a = 1\nb = 2", "c = 3") == name("a = 1\nb = 2", "c = 3")
    assert name("a = 1\nb = 2", "c = 3") != name("a = 1", "b = 2\nc = 3")


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (PAGE, "a < c", "a > c"),
        (PAGE, "What is the mean of", "What is half the sum of"),
        (PAGE, "total / 2  # halve", "(a + c) / 2  # halve"),
        (PAGE, "Add, then halve.", "Halve the sum."),
        (
            "docs/papers/sample/key.toml",
            'because = "The key is right."',
            'because = "It is right."\ntext = "So it is."',
        ),
    ],
)
def test_a_change_of_what_decides_a_draw_is_seen(folder, file, old, new):
    change(folder / PAGE, GIVENS, VARIED)
    first = write(folder)
    change(folder / file, old, new)
    assert write(folder)["1b"] != first["1b"]


def test_a_changed_solver_is_seen_and_others_do_not_matter(tmp_path):
    folder = copy_solvers(sample(tmp_path))
    change(folder / PAGE, "w, b = -2.0, -2.0", "w, b = -2.0, -2.0\n# vary x in 0.5..2 step 0.1")
    code = "import sys; from pathlib import Path; from solvers.site.project import Project; from solvers.site import draws, variants\n"
    once = code + "variants.write(Project(Path('docs')), Path('built'))"
    again = code + "draws.of = lambda *_: sys.exit('drawn again')\nvariants.write(Project(Path('docs')), Path('built'))"

    def python(program):
        environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.run(
            [sys.executable, "-c", program], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )

    def changed(file):
        file.write_text(file.read_text("utf-8") + "# changed\n", "utf-8")

    assert python(once).returncode == 0
    changed(folder / "solvers/optimizers.py")
    assert python(again).returncode == 0  # part 1a calls a neuron, no optimizer
    changed(folder / "solvers/functions.py")
    assert "drawn again" in python(again).stderr  # which the neuron imports


# The repository's own parts


@pytest.fixture(scope="module")
def own_parts():
    return dict(draws.parts_of(Project(ROOT / "docs")))


def test_every_part_with_numbers_has_new_ones_or_says_why_not(own_parts):
    silent = [full for full, part in own_parts.items()
              if ranges.missing(ranges.declared(part.section.givens), part.run.givens)]  # fmt: skip
    assert silent == []


def test_every_draw_of_every_part_agrees_with_the_digits_that_it_shows(own_parts):
    wrong, count = [], 0
    for full, part in own_parts.items():
        taken, problems = draws.of(part, full.partition("/")[0])
        wrong += map(str, problems)
        for draw in taken:
            count += 1
            for label, line in draw.run.lines.items():
                for value, digits in zip(elements(line.value), elements(draw.shown[label]), strict=True):
                    if is_number(value):
                        compare(value, digits, {})
    assert wrong == [] and count >= 12 * 30


def test_the_files_of_the_site_are_small(site):
    files = sorted(site.glob("new-numbers/*/*.js"))
    sizes = {str(file.relative_to(site)): len(gzip.compress(file.read_bytes(), 6)) for file in files}
    assert sizes and {name: size for name, size in sizes.items() if size > MOST} == {}
    assert all(len(read_script(file.read_text("utf-8"))[1]) == 12 for file in files)
