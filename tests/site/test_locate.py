"""The places of entries in a TOML file, held against what `tomllib` reads from the same text."""

from __future__ import annotations

import tomllib
from decimal import Decimal

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st
from sites import KEY_TEXT, ROOT

from solvers.site.locate import keys, line_of, places, value_end

KEYS = sorted((ROOT / "docs/papers").glob("*/key.toml"))


def read(text):
    return tomllib.loads(text, parse_float=Decimal)


def at(data, path):
    for name in path:
        data = data[name]
    return data


def leaves(value, path=()):
    """Every path at which a value stands, the entries of inline tables and lists not included."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, (*path, name))
    elif isinstance(value, list) and value and all(isinstance(entry, dict) for entry in value):
        for number, entry in enumerate(value):
            yield from leaves(entry, (*path, number))
    else:
        yield path


def assert_all_found(text):
    """Every value is found, and the text of its span reads as that value; so does its line begin with its name."""
    data, found = read(text), places(text)
    lines = text.split("\n")
    for path, place in found.items():
        if place.start >= 0:
            assert read(f"value = {text[place.start : place.end]}")["value"] == at(data, path), path
            assert str(path[-1]) in lines[place.line - 1]
            assert text.count("\n", 0, place.start) + 1 == place.line
    spans = {path for path, place in found.items() if place.start >= 0}
    for path in leaves(data):
        assert any(path[:length] in spans for length in range(1, len(path) + 1)), path


@pytest.mark.parametrize("file", KEYS, ids=[file.parent.name for file in KEYS])
def test_every_entry_of_every_key_is_found(file):
    assert_all_found(file.read_text(encoding="utf-8"))


def test_the_sample_key_is_found():
    assert_all_found(KEY_TEXT)


LAYOUTS = {
    "a comment behind": "a = 1  # [b] = 2",
    "a hash in text": 'a = "one # two"  # three',
    "brackets in text": "a = [ \"]\", '[' ] # ]",
    "a list over lines": "a = [\n  1,  # one ]\n  2,\n]\nb = 3",
    "an inline table": 'a = { "x.y" = "z", w = [1, 2] }\nb = 3',
    "text over lines": 'a = """one\n[b]\nc = 2\n"""\nd = 4',
    "text over lines with quotes": 'a = """say "so" twice"""\nd = 4',
    "text that ends with a quote": 'a = """say "so""""\nd = 4',
    "literal text over lines": "a = '''one\n[b]\n\\'''\nd = 4",
    "an escaped quote": 'a = "one \\" # two"\nb = 2',
    "an escaped end of line": 'a = """one \\\n   two"""\nb = 2',
    "dotted keys": "[t]\na.b.c = 1\na.b.d = 2",
    "quoted keys": '["t.u".\'v\']\n"a.b".c = 1',
    "spaces": "[ t . u ]\n  a   =   1\n\tb\t=\t2",
    "tables in a list": "[[t]]\na = 1\n[[t]]\na = 2\n[u]\nb = 3",
    "a table below a table in a list": "[[t]]\na = 1\n[t.u]\nb = 2\n[[t]]\n[t.u]\nb = 3",
    "no newline at the end": "[t]\na = 1",
    "nothing": "",
    "dates and words": "a = 2024-01-01\nb = true\nc = inf",
    "a blank list": "a = []\nb = {}",
}


@pytest.mark.parametrize("text", LAYOUTS.values(), ids=LAYOUTS)
def test_layouts(text):
    assert_all_found(text)


NAMES = st.text(alphabet="ab1-_", min_size=1, max_size=3)
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-9, max_value=9).map(str)
WORDS = st.text(alphabet="a [#]=.{}'é", max_size=8)
VALUES = st.recursive(
    st.one_of(
        st.integers(-99, 99).map(str),
        NUMBERS,
        WORDS.map(lambda text: f'"{text}"'),
        WORDS.filter(lambda text: "'" not in text).map(lambda text: f"'{text}'"),
        WORDS.map(lambda text: f'"""\n{text}\n[x]\ny = 1"""'),
    ),
    lambda inner: st.lists(inner, max_size=3).flatmap(
        lambda cells: st.sampled_from(
            [f"[{', '.join(cells)}]", f"[\n  {' ,# ]'.join(f'{cell}{chr(10)}' for cell in cells)}]"]
        )
    ),
    max_leaves=4,
)


@st.composite
def documents(draw):
    """Small documents: a few tables, each with a few entries, comments and blank lines in between."""
    lines = []
    for table in draw(st.lists(NAMES, max_size=3, unique=True)):
        repeat = draw(st.sampled_from([1, 1, 2]))
        header = (
            f"[[{table}]]"
            if repeat == 2
            else draw(st.sampled_from([f"[{table}]", f'["{table}"]', f"  [ {table} ] # [z]"]))
        )
        for _ in range(repeat):
            lines.append(header)
            for name in draw(st.lists(NAMES, max_size=3, unique=True)):
                key = draw(st.sampled_from([name, f'"{name}"', f"{name}.in", f"'{name}.q'"]))
                space = draw(st.sampled_from([" ", "", "  "]))
                lines.append(f"{key}{space}={space}{draw(VALUES)}{draw(st.sampled_from(['', '  # a = [1', '   ']))}")
                lines += draw(st.sampled_from([[], ["", "# c = 3"]]))
    return "\n".join(lines)


@given(documents())
def test_whatever_tomllib_reads_is_found(text):
    try:
        read(text)
    except tomllib.TOMLDecodeError:
        reject()  # a name that was used twice
    assert_all_found(text)


LINES = {
    ("parts", "1a"): "[parts.1a]",
    ("parts", "1a", "marks"): "marks = 3",
    ("parts", "1a", "answer"): "[parts.1a.answer]",
    ("parts", "1a", "answer", "loss"): "loss = 4.500",
    ("parts", "1a", "lines", "neuron", "dL_dz"): "neuron.dL_dz",
    (
        "parts",
        "1a",
        "lines",
        "neuron",
        "nothing",
    ): "neuron.z = -9",  # the nearest around it: where `neuron` begins
    ("parts", "1a", "slips", 0, "lands"): "lands =",
    ("parts", "1a", "slips"): "[[parts.1a.slips]]",
    ("parts", "1a", "rounding"): "[parts.1a]",
    ("nothing",): "# The sample paper",
}


@pytest.mark.parametrize("path, text", LINES.items(), ids=[".".join(map(str, path)) for path in LINES])
def test_line_of(path, text):
    lines = KEY_TEXT.split("\n")
    start = lines.index("[parts.1a.lines]") if "lines" in path else 0
    expected = next(n for n, line in enumerate(lines, start=1) if n > start and line.startswith(text))
    assert line_of(places(KEY_TEXT), path) == expected


DOTTED = {"a.b": ("a", "b"), ' "a.b" . c': ("a.b", "c"), "'x'.\"y\"": ("x", "y"), "4a": ("4a",)}


@pytest.mark.parametrize("text, expected", DOTTED.items(), ids=DOTTED)
def test_keys(text, expected):
    assert keys(text) == expected


ENDS = {
    "1 # c\n": "1",
    "[1, 2] \n3": "[1, 2]",
    '"a # b"': '"a # b"',
    "{ a = [1] }\n": "{ a = [1] }",
    "[\n1\n] # ]\n": "[\n1\n]",
}


@pytest.mark.parametrize("text, value", ENDS.items(), ids=ENDS)
def test_value_end(text, value):
    assert text[: value_end(text, 0)] == value
