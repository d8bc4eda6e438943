"""What a pull request changes, told from data that a stranger hands in: real changes are named, hostile data does no harm."""

from __future__ import annotations

import ast
import copy
import io
import json
import re
import stat
import subprocess
import sys
import zipfile

import pytest
from markdown_it import MarkdownIt
from sites import ROOT, change, copy_repository, run

from solvers.site.changes import comment, compare, reading
from solvers.site.changes.reading import Refused

PAPER = "docs/papers/bits-dnn-2022s2-endsem"
PART = {
    "title": "A part", "url": "papers/p/q1/#1", "marks": "3", "kind": "numeric", "topics": ["adam"], "verdict": "agrees",
    "because": "It is right.", "answer": {"w": "0.5"}, "printed": {"w": "0.5"}, "slips": [],
}  # fmt: skip
MEASURES = {
    "seconds": {"check": 2.0, "build": 40.0},
    "bytes": {"pages": 1000, "scripts": 1000, "styles": 1000, "search": 1000, "copy": 1000, "all": 5_000_000},
}


def data(**parts):
    """A data set of copies of the part, each with what differs."""
    return {"parts": {f"p/{name.strip('_')}": {**copy.deepcopy(PART), **changed} for name, changed in parts.items()}}


def archive(entries):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as out:
        for name, text in entries.items():
            out.writestr(name, text)
    return content.getvalue()


def told(old, new):
    return comment.told(compare.changes(old, new))


# Real changes of the real repository


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """Copy the repository, change it, and export its data without building the site."""

    def export(edit=None):
        folder = copy_repository(tmp_path_factory.mktemp("repository"))
        if edit:
            edit(folder)
        (folder / "out").mkdir()
        code = (
            "from pathlib import Path; from solvers.site import export; from solvers.site.project import Project; "
            "export.write(Project(Path('docs')), Path('out'))"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=folder, env={"PYTHONPATH": str(folder)}, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return folder / "out/answers.json"

    return export


@pytest.fixture(scope="module")
def main(exported):
    return exported()


def differences(main, other):
    ran = run(ROOT, "solvers", "compare", str(main), str(other))
    assert ran.code == 0, ran.text
    return ran.out


def test_the_real_data_keeps_to_the_schema(main):
    assert len(reading.data(main.read_bytes(), "answers")["parts"]) > 80


def test_nothing_changed_is_said(main, exported):
    count = len(json.loads(main.read_text(encoding="utf-8"))["parts"])
    assert differences(main, exported()) == (
        f"Nothing changed: all {count} parts have the same numbers, verdicts and words.\n"
    )


def test_a_digit_of_the_key_is_told(main, exported):
    def edit(folder):
        key = folder / PAPER / "key.toml"
        text = key.read_text(encoding="utf-8")
        start = text.index("[parts.4a.answer]")
        old = re.search(r"(?m)^(\w+) = (\d[\d.]*)", text[start:])
        edit.label, edit.was = old[1], old[2]
        edit.now = old[2][:-1] + ("1" if old[2][-1] != "1" else "2")
        key.write_text(text[:start] + text[start:].replace(old[0], f"{old[1]} = {edit.now}", 1), encoding="utf-8")

    text = differences(main, exported(edit))
    assert "**Numbers: 1**" in text
    assert f"bits-dnn-2022s2-endsem/4a  {edit.label}: {edit.was} -> {edit.now}\n" in text
    assert "**No verdict changed.**" in text and "added" not in text and "lost" not in text


def test_a_verdict_is_told(main, exported):
    def edit(folder):
        key = folder / PAPER / "key.toml"
        text = key.read_text(encoding="utf-8")
        start = text.index("[parts.4a]")
        old = re.search(r'(?m)^verdict = "(\w+)"', text[start:])
        edit.was = old[1]
        key.write_text(text[:start] + text[start:].replace(old[0], 'verdict = "incomplete"', 1), encoding="utf-8")

    text = differences(main, exported(edit))
    assert f"**Verdicts: 1**\n\n```text\nbits-dnn-2022s2-endsem/4a  {edit.was} -> incomplete\n" in text
    assert "**No number changed**" in text


def test_a_part_that_goes_and_one_that_comes_are_told(main, exported):
    """Renamed in the key and on its page."""

    def edit(folder):
        key = folder / PAPER / "key.toml"
        text = key.read_text(encoding="utf-8")
        key.write_text(text.replace("[parts.4a", "[parts.4z").replace("[[parts.4a", "[[parts.4z"), encoding="utf-8")
        change(folder / PAPER / "q4.md", "``` part 4a", "``` part 4z")

    text = differences(main, exported(edit))
    assert "**Parts added: 1**\n\n```text\nbits-dnn-2022s2-endsem/4z\n```" in text
    assert "**Parts lost: 1**\n\n```text\nbits-dnn-2022s2-endsem/4a\n```" in text


# Each kind of change


def test_everything_that_a_part_has_is_compared():
    """A field that nobody compares would change in silence."""
    schema = json.loads((ROOT / "solvers/site/changes/answers.schema.json").read_text(encoding="utf-8"))
    compared = {*compare.KEYS, *compare.SAID, "verdict", "options"}
    assert set(schema["$defs"]["part"]["properties"]) == compared


CHANGES = {
    "a number": ({"answer": {"w": "0.6"}}, "p/a  w: 0.5 -> 0.6"),
    "a number that comes": ({"answer": {"w": "0.5", "b": "[x]"}}, "p/a  b: none -> [x]"),
    "a number that goes": ({"answer": {}}, "p/a  w: 0.5 -> none"),
    "a list": ({"answer": {"w": ["1", ["2", "3"]]}}, "p/a  w: 0.5 -> [1, [2, 3]]"),
    "a digit": ({"answer": {"w": "0.50"}}, "p/a  w: 0.5 -> 0.50"),
    "what the key prints": ({"printed": {"w": "0.4"}}, "p/a  w (published key): 0.5 -> 0.4"),
    "a verdict": ({"verdict": "slip"}, "p/a  agrees -> slip"),
    "an option": ({"options": {"a": {"text": "x", "right": True, "reason": ""}}}, "p/a  option a: none -> right"),
    "a title": ({"title": "Another"}, "p/a  title"),
    "words": ({"because": "x", "topics": []}, "p/a  topics, because"),
    "a slip": ({"slips": [{"text": "x", "lands": {"w": "1"}}]}, "p/a  slips"),
}


@pytest.mark.parametrize("changed, line", CHANGES.values(), ids=CHANGES)
def test_a_change_is_one_line(changed, line):
    new = data(a=changed, b={})
    assert reading.data(json.dumps(new).encode(), "answers") == new
    text = told(data(a={}, b={}), new)
    assert f"\n{line}\n" in text
    assert text.count("p/a") == 1 and "p/b" not in text


def test_an_option_that_turns_is_told():
    def options(right):
        return {"options": {"a": {"text": "x", "right": right, "reason": "y"}}}

    assert "p/a  option a: right -> wrong" in told(data(a=options(True)), data(a=options(False)))


def test_many_changes_are_counted_and_cut():
    old = {"parts": {f"p/{number}": PART for number in range(500)}}
    new = {"parts": {f"p/{number}": {**PART, "verdict": "slip"} for number in range(500)}}
    text = told(old, new)
    assert "**Verdicts: 500**" in text and "... and 400 more" in text
    assert text.count("agrees -> slip") == comment.MOST_LINES


def test_a_comment_that_is_too_long_ends_politely():
    text = comment.cut("```text\n" + "a line\n" * 20_000 + "```\n")
    assert len(text) < 65_000
    assert text.endswith("a line\n```\n\nThe rest was too long for a comment.")
    assert comment.cut("short") == "short"


def test_speed_and_size():
    new = copy.deepcopy(MEASURES)
    new["seconds"].update(check=2.4, build=80)
    new["bytes"].update(pages=1100, all=4_000_000)
    text = comment.measured(MEASURES, new)
    assert "| check | 2.0 s | 2.4 s | same |" in text
    assert "| build | 40.0 s | 80.0 s | +100.0 % |" in text
    assert "| pages | 1.0 kB | 1.1 kB | +10.0 % |" in text
    assert "| whole site | 5.00 MB | 4.00 MB | -20.0 % |" in text
    assert "| scripts | 1.0 kB | 1.0 kB | same |" in text
    assert "not compared" in comment.measured(None, new)


# Hostile text


HOSTILE = {
    "HTML": "<img src=x onerror=alert(1)>",
    "a comment": "--><!-- x",
    "a link": "[click](https://elsewhere.example)",
    "an address": "https://elsewhere.example",
    "an image": "![x](https://elsewhere.example/a.png)",
    "a table": "| a | b |",
    "a heading": "# heading",
    "an issue": "closes #1",
    "a long one": "9" * 500,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_what_looks_like_markup_stays_text(text):
    """Read by a Markdown parser of another's making: nothing but paragraphs, bold words and blocks of code."""
    new = reading.data(json.dumps(data(a={"answer": {"w": text}})).encode(), "answers")
    tokens = MarkdownIt().parse(told(data(a={}), new))
    blocks = {token.type.removesuffix("_open").removesuffix("_close") for token in tokens}
    assert blocks == {"paragraph", "inline", "fence"}
    spans = {child.type for token in tokens for child in token.children or ()}
    assert spans <= {"text", "strong_open", "strong_close"}
    (line,) = [token.content for token in tokens if token.type == "fence"]
    assert line.startswith(f"p/a  w: 0.5 -> {text[:100]}") and line.count("\n") == 1 and len(line) <= 161


REFUSED_VALUES = {
    "a mention": "@octocat",
    "a backtick": "```\n# out",
    "one backtick": "`",
    "a new line": "1\n```",
    "a null": "1\0",
    "an escape of a terminal": "\x1b[31m",
    "a turned direction": "1\u202e2",
    "an isolate": "1\u2066",
    "nothing visible": "1\u200b2",
    "a mark of byte order": "\ufeff1",
    "half a sign": "\ud800",
    "too long": "1" * 501,
    "a number": 0.5,
    "nothing": None,
    "an object": {"a": "b"},
    "a list too deep": [[[["1"]]]],
    "a list too long": ["1"] * 201,
}


@pytest.mark.parametrize("value", REFUSED_VALUES.values(), ids=REFUSED_VALUES)
@pytest.mark.parametrize("key", ["answer", "printed"])
def test_a_value_that_is_none_is_refused(value, key):
    with pytest.raises(Refused) as refused:
        reading.data(json.dumps(data(a={key: {"w": value}})).encode(), "answers")
    assert re.fullmatch(r"answers\.json breaks a rule of its schema: [A-Za-z]+", str(refused.value))


@pytest.mark.parametrize("value", REFUSED_VALUES.values(), ids=REFUSED_VALUES)
def test_what_the_schema_would_let_through_is_made_harmless_all_the_same(value):
    """The second wall: should the schema fail, no line ends its block, and no sign is invisible."""
    if isinstance(value, str):
        shown = comment.plain(f"p/a  w: {value}")
        assert shown.isprintable() and "`" not in shown and len(shown) <= comment.LONGEST


REFUSED_NAMES = ["", "a b", "<b>", "`w`", "w\n", "@w", "w\u202e", "-w", "w" * 101, "[w](x)", "é"]


@pytest.mark.parametrize("name", REFUSED_NAMES)
def test_a_name_that_is_none_is_refused(name):
    for broken in (
        data(a={"answer": {name: "1"}}),
        data(a={"options": {name: {"text": "", "right": True, "reason": ""}}}),
        {"parts": {f"p/{name}": PART}},
        {"parts": {f"{name}/1": PART}},
        data(a={"verdict": name}),
        data(a={"topics": [name]}),
    ):
        with pytest.raises(Refused):
            reading.data(json.dumps(broken).encode(), "answers")


SHAPES = {
    "a list": [],
    "a text": "x",
    "nothing": None,
    "no parts": {},
    "parts in a list": {"parts": []},
    "more than parts": {"parts": {}, "more": 1},
    "a part without an answer": {"parts": {"p/a": {name: PART[name] for name in PART if name != "answer"}}},
    "a part with more": {"parts": {"p/a": {**PART, "more": 1}}},
    "too many parts": {"parts": {f"p/{number}": {} for number in range(3001)}},
    "an option that is not right nor wrong": data(a={"options": {"a": {"text": "", "right": 1, "reason": ""}}}),
    "a text too long": data(a={"because": "x" * 10_001}),
    "too many values": data(a={"answer": {f"w{number}": "1" for number in range(201)}}),
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_a_shape_that_is_none_is_refused(shape):
    with pytest.raises(Refused):
        reading.data(json.dumps(shape).encode(), "answers")


GOOD = json.dumps(data(a={})).encode()
BYTES = {
    "nothing": (b"", "not JSON"),
    "not UTF-8": (GOOD.replace(b"A part", b"\xff\xfe"), "not UTF-8"),
    "cut off": (GOOD[:-5], "not JSON"),
    "a name twice": (GOOD.replace(b'"verdict": "agrees"', b'"verdict": "agrees", "verdict": "slip"'), "not JSON"),
    "a part twice": (b'{"parts": {"p/a": 1, "p/a": 2}}', "not JSON"),
    "not a number": (b'{"parts": NaN}', "not JSON"),
    "infinity": (b'{"parts": -Infinity}', "not JSON"),
    "a number of many digits": (b'{"parts": ' + b"9" * 10_000 + b"}", "not JSON"),
    "nested without end": (b"[" * 1_000_000, "nested too deeply"),
    "objects without end": (b'{"parts":' * 300_000, "nested too deeply"),
    "a million entries": (json.dumps({"parts": {f"p/{number}": 0 for number in range(10**6)}}).encode(), "too large"),
    "entries as many as fit": (json.dumps({"parts": {f"p/{n}": 0 for n in range(250_000)}}).encode(), "maxProperties"),
    "huge strings": (json.dumps(data(a={"because": "x" * 5_000_000})).encode(), "too large"),
}


@pytest.mark.parametrize("content, reason", BYTES.values(), ids=BYTES)
def test_bytes_that_are_no_data_are_refused_with_a_reason(content, reason):
    with pytest.raises(Refused, match=reason):
        reading.data(content, "answers")


@pytest.mark.parametrize(
    "seconds", ["1e999", "-1", "NaN", '"1"', "true", "null", "[1]", "1e6"], ids=lambda text: text.strip('"')
)
def test_a_time_that_is_none_is_refused(seconds):
    text = json.dumps(MEASURES).replace("40.0", seconds)
    assert seconds in text
    with pytest.raises(Refused):
        reading.data(text.encode(), "measures")
    assert reading.data(json.dumps(MEASURES).encode(), "measures") == MEASURES


# Hostile archives


ENTRIES = {"answers.json": GOOD, "measures.json": json.dumps(MEASURES).encode()}


def linked():
    """An entry that an unpacking program would make a symbolic link to another file."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as out:
        info = zipfile.ZipInfo("answers.json")
        info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        out.writestr(info, "/etc/passwd")
        out.writestr("measures.json", ENTRIES["measures.json"])
    return content.getvalue()


def lying():
    """An entry that unpacks to more than it says of itself."""
    whole = archive({**ENTRIES, "measures.json": b"0" * 1_000_000})
    true, false = (1_000_000).to_bytes(4, "little"), (100).to_bytes(4, "little")
    assert whole.count(true) == 2
    return whole.replace(true, false)


def twice():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as out, pytest.warns(UserWarning, match="Duplicate"):
        out.writestr("answers.json", GOOD)
        out.writestr("answers.json", GOOD)
    return content.getvalue()


ARCHIVES = {
    "no archive": (b"hello", "damaged"),
    "nothing": (b"", "damaged"),
    "cut off": (archive(ENTRIES)[:-30], "damaged"),
    "a way out": (archive({**ENTRIES, "../../evil.json": b"{}"}), "other files"),
    "the root": (archive({"/answers.json": GOOD, "measures.json": b"{}"}), "other files"),
    "one missing": (archive({"answers.json": GOOD}), "other files"),
    "a name twice": (twice, "other files"),
    "many entries": (archive({f"{number}.json": b"" for number in range(10_000)}), "other files"),
    "a bomb": (archive({**ENTRIES, "answers.json": b" " * 500_000_000}), "answers.json is too large"),
    "a bomb that lies": (lying, "damaged|too large"),
    "a link": (linked, "not JSON"),
    "too large": (b"PK" + b"0" * 2_000_000, "too large"),
    "a wrong sum": (archive(ENTRIES).replace(b"PK\x03\x04", b"PK\x03\x05", 1), "damaged"),
}


@pytest.mark.parametrize("content, reason", ARCHIVES.values(), ids=ARCHIVES)
def test_an_archive_that_means_harm_is_refused(content, reason, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Refused, match=reason):
        reading.archive(content() if callable(content) else content)
    assert list(tmp_path.parent.glob("*.json")) == list(tmp_path.iterdir()) == []


def test_a_good_archive_is_read():
    assert reading.archive(archive(ENTRIES)) == {"answers": data(a={}), "measures": MEASURES}


# What it rests on


def test_the_trusted_code_imports_nothing_of_the_engine():
    """Only the standard library, the library that knows schemas, and its own modules."""
    files = [*(ROOT / "solvers/site/changes").glob("*.py"), ROOT / "solvers/__init__.py"]
    assert len(files) == 6
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [node.module] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                assert name == "jsonschema" or name.startswith("solvers.site.changes") or name.split(".")[0] in (
                    sys.stdlib_module_names
                ), f"{file.name}: {name}"  # fmt: skip


def test_a_file_that_is_refused_is_told_by_the_command(tmp_path):
    (tmp_path / "a.json").write_bytes(GOOD)
    (tmp_path / "b.json").write_bytes(b"[]")
    ran = run(ROOT, "solvers", "compare", str(tmp_path / "a.json"), str(tmp_path / "b.json"))
    assert ran.code == 1 and "b.json: answers.json breaks a rule of its schema: type" in ran.err
    ran = run(ROOT, "solvers", "compare", str(tmp_path / "a.json"), str(tmp_path / "c.json"))
    assert ran.code == 1 and "there is no such file" in ran.err
