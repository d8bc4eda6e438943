"""The loader of a key: every problem of the file at once, each with its line."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from sites import KEY_TEXT, change, line_of

from solvers.site.key import KINDS, VERDICTS, load

TOPICS = {"adam": "Adam"}


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "sample" / "key.toml"
    file.parent.mkdir()
    file.write_text(KEY_TEXT, encoding="utf-8")
    return file


def problems(file):
    return [(problem.line, problem.text) for problem in load(file, TOPICS).problems]


def test_a_key_is_read_as_it_is_written(file):
    paper = load(file, TOPICS)
    assert paper.problems == []
    assert (paper.id, paper.facts["parts"], list(paper.records)) == ("sample", 2, ["1a", "1b"])
    record = paper.records["1a"]
    assert (record.title, record.marks, record.topics, record.verdict) == (
        "A sigmoid neuron",
        "3",
        ("adam",),
        "slip",
    )
    assert record.answer == {"y_hat": D("0.0001234"), "loss": D("4.500")}
    assert str(record.answer["loss"]) == "4.500"  # the places are the precision
    assert record.lines["neuron.z"] == -9
    assert record.printed["neuron.dL_db"] == D("-0.482")
    (slip,) = record.slips
    assert (slip.replace, slip.lands) == ({"neuron.y_hat": "sigmoid(w + b)"}, ("y_hat", "neuron.dL_db"))
    assert record.reruns == (slip,)
    assert record.line == line_of(file, "[parts.1a]")
    assert record.line_of("answer", "loss") == line_of(file, "loss = 4.500")
    assert record.line_of("printed", "neuron.dL_db") == line_of(file, "neuron.dL_db")
    assert record.line_of("answer", "nothing") == record.line


MISTAKES = {
    # what the file is
    "not TOML": ("parts = 2", "parts = ", "parts = ", "not TOML"),
    "not TOML in the last line": ("total = 3", "total = 3\nrest =", "rest =", "not TOML"),
    "a name twice": ("parts = 2", "parts = 2\nparts = 2", None, "not TOML"),
    "a table that is not known": ("[parts.1b.lines]", "[part.1b.lines]", "[part.1b", "the file: unknown field 'part'; did you mean 'parts'?"),
    "no [paper]": ("[paper]", "[parts.1c]", None, "the file: 'paper' is missing"),
    "a fact that is missing": ('short = "Sample"\n', "", "[paper]", "[paper]: 'short' is missing"),
    "a fact that is not known": ("parts = 2", "count = 2", "count = 2", "[paper]: unknown field 'count'"),
    "a number for text": ('year = "2024"', "year = 2024", "year =", "[paper]: year is 2024; it must be text"),
    "text for a number": ("parts = 2", 'parts = "2"', "parts =", "[paper]: parts is '2'; it must be a whole number"),
    "a word for a number": ("parts = 2", "parts = true", "parts =", "[paper]: parts is True; it must be a whole number"),
    # what a record is
    "a record that is no table": ("[parts.1b]", "[parts]\n1c = 3\n[parts.1b]", "1c = 3", "part 1c: write its record as a table, [parts.1c]"),
    "a field that is not known": ("marks = 3", "mark = 3", "mark = 3", "part 1a: unknown field 'mark'; did you mean 'marks'?"),
    "a field far from any": ("marks = 3", "q = 3", "q = 3", "part 1a: unknown field 'q'; allowed are title, marks"),
    "a field that is missing": ('kind = "numeric"\n', "", "[parts.1b]", "part 1b: 'kind' is missing"),
    "marks of words": ("marks = 3", "marks = [3]", "marks =", "part 1a: marks is [3]; it must be text or a whole number or a number"),
    "a reading without its text": ("[parts.1b.answer]", '[[parts.1b.readings]]\nright = ["a"]\n\n[parts.1b.answer]', "[[parts.1b.readings", "part 1b: readings 1: 'text' is missing"),
    "a reading that is no table": ("[parts.1b.answer]", 'readings = ["a"]\n\n[parts.1b.answer]', "readings =", "part 1b: readings 1: write it as a table"),
    "conventions that are numbers": ('because = "The key is right."', 'because = "The key is right."\nassumes = [1]', "assumes", "part 1b: assumes: 1 must be text"),
    "a kind that is not known": ('kind = "numeric"  ', 'kind = "numerics" ', "numerics", "part 1a: kind: 'numerics' is not known; did you mean"),
    "a verdict that is not known": ('"agrees"', '"agreed"', "agreed", "part 1b: verdict: 'agreed' is not known; did you mean 'agrees'?"),
    "a topic that is not known": ('["adam"]', '["adam", "sgd"]', "sgd", "part 1a: topics: 'sgd' is not known; allowed are adam"),
    "a label in two tables": ("neuron.dL_dz = -0.4999", "loss = 4.51\nneuron.dL_dz = -0.4999", "loss = 4.51", "part 1a: loss stands in answer and"),
    # digits
    "nan": ("total = 3", "total = nan", "total =", "part 1b: lines.total is Decimal('NaN'); write a number, text or a list"),
    "infinity": ("total = 3", "total = -inf", "total =", "part 1b: lines.total is Decimal('-Infinity'); write a number"),
    "true": ("total = 3", "total = true", "total =", "part 1b: lines.total is True; write a number, text or a list"),
    "a date": ("total = 3", "total = 2024-01-01", "total =", "part 1b: lines.total is datetime.date(2024, 1, 1); write"),
    "an empty list": ("total = 3", "total = []", "total =", "part 1b: lines.total is []; write a number"),
    "nan in a list": ("total = 3", "total = [1, [nan]]", "total =", "part 1b: lines.total is [1, [Decimal('NaN')]]; write"),
    "nan below a name": ("neuron.dL_dw = -1.750", "neuron.dL_dw = nan", "dL_dw", "part 1a: lines.neuron.dL_dw is"),
    # slips, conventions, rounding
    "slips in one table": ("[[parts.1a.slips]]", "[parts.1a.slips]", "[parts.1a.slips]", "part 1a: slips is {"),
    "slips of numbers": ('because = "The key is right."', 'because = "."\nconventions = [1]', "conventions", "part 1b: conventions 1: write it as a table"),
    "a slip without text": ('text = "The input $x$ is left out of the sigmoid."\n', "", "[[parts.1a.slips]]", "part 1a: slips 1: 'text' is missing"),
    "a slip that lands nowhere": ('lands = ["y_hat", "neuron.dL_db"]\n', "", "[[parts.1a.slips]]", "part 1a: slips 1: 'lands' is missing"),
    "a slip that changes nothing": ('replace = { "neuron.y_hat" = "sigmoid(w + b)" }\n', "", "[[parts.1a.slips]]", "part 1a: slips 1: it changes nothing"),
    "a slip of unknown fields": ("replace = {", "replaces = {", "replaces", "part 1a: slips 1: unknown field 'replaces'; did you mean 'replace'?"),
    "a slip with a text to replace": ('replace = { "neuron.y_hat" = "sigmoid(w + b)" }', 'replace = "w"', "replace =", "slips 1: replace is 'w'; it must be a table"),
    "a slip with names that are not in quotes": (
        '"neuron.y_hat" = "sigmoid(w + b)"',
        'neuron.y_hat = "sigmoid(w + b)"',
        "replace =",
        "part 1a: slips 1: write the label in quotes",
    ),
    "a slip with a number given": ("replace = {", "given = 1\nreplace = {", "given = 1", "part 1a: slips 1: given is 1; it must be a table"),
    "a slip that lands on text": ('lands = ["y_hat", "neuron.dL_db"]', 'lands = "y_hat"', "lands =", "part 1a: slips 1: lands is 'y_hat'; it must be a list"),
    "a slip that lands on a number": ('lands = ["y_hat", "neuron.dL_db"]', "lands = 5", "lands =", "part 1a: slips 1: lands is 5; it must be a list"),
    "a slip rounded to text": ("replace = {", 'decimals = "2"\nreplace = {', "decimals", "part 1a: slips 1: decimals is '2'; it must be a whole number"),
    "rounding to nothing": ('"agrees"', '"rounding"\nrounding = { text = "t" }', "rounding = {", "part 1b: rounding: give 'decimals' or 'significant'"),
    "rounding without text": ('"agrees"', '"rounding"\nrounding = { decimals = 2 }', "rounding = {", "part 1b: rounding: 'text' is missing"),
    "rounding to a word": ('"agrees"', '"rounding"\nrounding = 2', "rounding = 2", "part 1b: rounding is 2; it must be a table"),
}  # fmt: skip


@pytest.mark.parametrize("old, new, marker, says", MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named_with_its_line(file, old, new, marker, says):
    change(file, old, new)
    found = problems(file)
    named = [line for line, text in found if says in text]
    assert named, found
    if marker is not None:  # a field that is missing has no line of its own
        assert named[0] == line_of(file, marker.strip("\n")), found


def test_the_message_names_the_file_as_it_is_typed(file):
    change(file, "marks = 3", "mark = 3")
    (problem,) = load(file, TOPICS).problems
    assert str(problem).startswith("sample/key.toml:12: part 1a: unknown field 'mark'")


def test_all_mistakes_are_named_at_once(file):
    for old, new in (
        ("parts = 2", 'parts = "2"'),
        ("marks = 3", "mark = 3"),
        ("total = 3", "total = nan"),
        ('"agrees"', '"agreed"'),
    ):
        change(file, old, new)
    assert len(problems(file)) == 4


def test_a_record_with_a_mistake_leaves_the_others_alone(file):
    change(file, "marks = 3", "mark = 3")
    assert list(load(file, TOPICS).records) == ["1b"]


NEEDS = [(verdict, name) for verdict, (needs, _) in VERDICTS.items() for name in needs]
FORBIDS = [(verdict, name) for verdict, (_, forbids) in VERDICTS.items() for name in forbids]
TABLES = {
    "printed": "",
    "slips": '[[parts.1b.slips]]\ntext = "t"\nreplace = { total = 4 }\nlands = ["mean"]\n',
    "conventions": '[[parts.1b.conventions]]\ntext = "t"\nreplace = { total = 4 }\nlands = ["mean"]\n',
    "rounding": '[parts.1b.rounding]\ntext = "t"\ndecimals = 1\n',
}


FIELDS = {
    "unexplained": "\nunexplained = { mean = 1.5 }",
    "missing": '\nmissing = ["mean"]',
    "undecided": '\nundecided = "."',
}


@pytest.mark.parametrize("verdict, name", NEEDS, ids=[f"{verdict} needs {name}" for verdict, name in NEEDS])
def test_what_a_verdict_needs(file, verdict, name):
    change(file, '"agrees"', f'"{verdict}"')
    change(file, "[parts.1b.printed]\nmean = 1.5\n", "")
    which = 2 if verdict == "slip" else 1  # part 1a claims a slip as well
    assert (
        line_of(file, f'verdict = "{verdict}"', which),
        f"part 1b: verdict {verdict} needs {name!r}",
    ) in problems(file)


@pytest.mark.parametrize("verdict, name", FORBIDS, ids=[f"{verdict} without {name}" for verdict, name in FORBIDS])
def test_what_a_verdict_rules_out(file, verdict, name):
    change(file, '"agrees"', f'"{verdict}"' + FIELDS.get(name, ""))
    if name in TABLES:
        file.write_text(file.read_text(encoding="utf-8") + TABLES[name], encoding="utf-8")
    assert f"part 1b: verdict {verdict} goes without {name!r}" in [text for _, text in problems(file)]


def test_every_verdict_and_kind_can_be_written(file):
    for kind in KINDS:
        file.write_text(KEY_TEXT.replace('kind = "numeric"          #', f'kind = "{kind}" #'), encoding="utf-8")
        assert problems(file) == []


ODD = {
    "not UTF-8": (b"\xff", "cannot be read as UTF-8 text"),
    "empty": (b"", "the file: 'paper' is missing"),
    "a mark of the byte order": (b"\xef\xbb\xbf" + KEY_TEXT.encode(), "not TOML"),
}


@pytest.mark.parametrize("content, says", ODD.values(), ids=ODD)
def test_an_odd_file_is_a_problem_and_no_crash(file, content, says):
    file.write_bytes(content)
    line, text = problems(file)[0]
    assert line == 1
    assert says in text


def test_a_file_of_windows_keeps_its_line_numbers(file):
    file.write_bytes(KEY_TEXT.replace("total = 3", "total = nan").replace("\n", "\r\n").encode())
    ((line, _),) = problems(file)
    assert line == line_of(file, "total = nan")


def test_text_that_looks_like_tables_moves_no_line(file):
    change(file, 'because = "The key is right."', 'because = """The key\n[parts.9z]\nmarks = nan\nis right."""')
    change(file, "total = 3", "total = nan")
    ((line, _),) = problems(file)
    assert line == line_of(file, "total = nan")
