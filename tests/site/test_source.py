"""Finding fences, parts, hints and values in a page: nothing is run, every line keeps its number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvers.site.project import front_matter, read_page
from solvers.site.source import Fence, find, prose

PART = "``` part 1a\nx = 1\n```\n\nQuestion.\n\n``` solution\ny = x\n```\n\nWhy."


def page(text, first=1):
    return find(text.split("\n"), first)


def problems(text):
    return [(line, problem.split(";")[0]) for line, problem in page(text).problems]


def test_a_part_is_taken_apart_and_every_line_keeps_its_number():
    found = page(PART, first=11)
    (section,) = found.sections
    assert (section.part, section.line) == ("1a", 11)
    assert section.givens == Fence("part", "1a", "x = 1", 11, 13)
    assert section.solution == Fence("solution", "", "y = x", 17, 19)
    assert section.question == [(14, ""), (15, "Question."), (16, "")]
    assert section.explanation == [(20, ""), (21, "Why.")]
    assert found.problems == []


FENCES = {
    "backticks": ("``` part 1a\n```", ["part"]),
    "tildes": ("~~~ part 1a\n~~~", ["part"]),
    "no space": ("```part 1a\n```", ["part"]),
    "longer marks": ("````` part 1a\nx = 1\n`````", ["part"]),
    "a longer end": ("``` part 1a\n`````", ["part"]),
    "space after the end": ("``` part 1a\n```   ", ["part"]),
    "ours inside a longer one": ("```` markdown\n``` part 1a\n```\n````", []),
    "ours inside tildes": ("~~~ text\n``` part 1a\n```\n~~~", []),
    "two in a row": ("``` list papers\n```\n``` list counts\n```", ["list", "list"]),
    "another language": ("``` python\nx = 1\n```", []),
    "a language with options": ('``` python title="a" hl_lines="1"\nx = 1\n```', []),
    "a language in another case": ("``` Python\nx = 1\n```", []),
    "no language": ("```\nx = 1\n```", []),
    "inline code": ("Write ``` `part` ``` here.", []),
    "three marks in one line": ("```part 1a```", []),
    "two marks": ("`` part 1a\n``", []),
}


@pytest.mark.parametrize("text, kinds", FENCES.values(), ids=FENCES)
def test_fences(text, kinds):
    found = page(text)
    fences = [item for item in found.items if isinstance(item, Fence)]
    assert [s.givens.kind for s in found.sections] + [f.kind for f in fences] == kinds
    about_fences = [text for _, text in found.problems if "no solution fence" not in text]
    assert about_fences == []


def test_the_argument_is_what_follows_the_kind():
    (fence,) = page("```  show   a-paper/1a  \n```").items
    assert (fence.kind, fence.argument) == ("show", "a-paper/1a")


def test_the_body_is_every_line_between_the_marks():
    (section,) = page("```` part 1a\nx = 1\n```\n\n  y = 2\n````\n\n``` solution\n```").sections
    assert section.givens.body == "x = 1\n```\n\n  y = 2"
    assert section.solution.body == ""


MISTAKES = {
    "never closed": ("text\n\n``` part 1a\nx = 1", [(3, "the fence ``` part is never closed")]),
    "closed by other marks": ("``` list counts\n~~~", [(1, "the fence ``` list is never closed")]),
    "closed by fewer marks": ("```` list counts\n```", [(1, "the fence ``` list is never closed")]),
    "a language that is never closed": ("``` python\nx = 1", [(1, "the fence ``` python is never closed")]),
    "misspelt": ("``` lsit counts\n```", [(1, "unknown fence 'lsit counts'")]),
    "misspelt language": ("\n``` pyhton\n```", [(2, "unknown fence 'pyhton'")]),
    "kind after a language": ("``` python part 1a\n```", [(1, "unknown fence 'python part 1a'")]),
    "attributes": ("``` { .part }\n```", [(1, "unknown fence '{ .part }'")]),
    "in a comment": ("<!--\n``` list counts\n```\n-->", [(2, "a list fence inside a comment is never run")]),
    "after a comment": ("<!-- a -->\n``` list counts\n```", []),
    "after a comment of several lines": ("<!--\na -->\n``` list counts\n```", []),
    "after a comment in code": ("`<!--` is how one begins\n``` list counts\n```", []),
    "indented": ("    ``` list counts\n    ```", [(1, "a list fence must start at the beginning of its line")]),
    "in a quotation": ("> ``` list counts\n> ```", [(1, "a list fence must start at the beginning of its line")]),
    "in an item": ("- ``` list counts\n  ```", [(1, "a list fence must start at the beginning of its line")]),
    "solution without part": ("``` solution\n```", [(1, "a solution fence outside a part")]),
    "two solutions": (PART + "\n\n``` solution\n```", [(13, "part 1a: a second solution fence")]),
    "part without solution": ("``` part 1a\n```\n\n``` part 1b\n```", [(1, "part 1a: no solution fence follows"),
                                                                   (4, "part 1b: no solution fence follows")]),
    "part without a name": ("``` part\n```\n``` solution\n```", [(1, "a part fence names no part")]),
    "list inside a part": ("``` part 1a\n```\n``` list counts\n```\n``` solution\n```", [(3, "a 'list' fence inside part 1a")]),
}  # fmt: skip


@pytest.mark.parametrize("text, expected", MISTAKES.values(), ids=MISTAKES)
def test_mistakes_are_named_with_their_line(text, expected):
    assert problems(text) == expected


SUGGESTIONS = {
    "prat 1a": "part",
    "soluton": "solution",
    "lists x": "list",
    "shwo x": "show",
    "pyton": "python",
    "text solution": "solution",
}


@pytest.mark.parametrize("written, meant", SUGGESTIONS.items(), ids=SUGGESTIONS)
def test_a_misspelt_fence_is_answered_by_the_nearest(written, meant):
    ((_, problem),) = page(f"``` {written}\n```").problems
    assert problem.endswith(f"did you mean ``` {meant}?")


ENDS = {
    "level 1": ("# Next", True),
    "level 2": ("## Next", True),
    "level 3": ("### Next", False),
    "a hash in text": ("#hash", False),
}


@pytest.mark.parametrize("heading, ends", ENDS.values(), ids=ENDS)
def test_a_heading_after_the_solution_ends_a_part(heading, ends):
    found = page(f"{PART}\n\n{heading}\n\nAfter.")
    inside = [line for _, line in found.sections[0].explanation]
    assert ("After." not in inside) == ends
    assert ((15, "After.") in found.items) == ends


def test_a_heading_in_the_question_belongs_to_it():
    (section,) = page("``` part 1a\n```\n\n## Data\n\n``` solution\n```").sections
    assert (4, "## Data") in section.question


def test_a_heading_in_a_code_block_ends_nothing():
    (section,) = page(f"{PART}\n\n``` python\n# a comment\n```\n\nAfter.").sections
    assert (17, "After.") in section.explanation


HINTS = {
    "closed": ("??? hint\n    One.", ["One."]),
    "open": ("???+ hint\n    One.", ["One."]),
    "admonition": ("!!! hint\n    One.", ["One."]),
    "with a title": ('??? hint "First"\n    One.', ["One."]),
    "blank line inside": ("??? hint\n    One.\n\n    Two.", ["One.\n\nTwo."]),
    "tabs": ("??? hint\n\tOne.", ["One."]),
    "deeper lines keep the rest": ("??? hint\n    - a\n        - b", ["- a\n    - b"]),
    "two": ("??? hint\n    One.\n\n??? hint\n    Two.", ["One.", "Two."]),
    "a program inside": (
        "??? hint\n    One.\n\n    ``` python\n    x = 1\n    ```",
        ["One.\n\n``` python\nx = 1\n```"],
    ),
    "text between": ("??? hint\n    One.\n\nText.\n\n??? hint\n    Two.", ["One.", "Two."]),
    "not a hint": ("??? hints\n    One.", []),
}


@pytest.mark.parametrize("text, expected", HINTS.values(), ids=HINTS)
def test_hints_are_taken_out_of_the_question(text, expected):
    (section,) = page(f"``` part 1a\n```\n\n{text}\n\n``` solution\n```").sections
    assert ["\n".join(line for _, line in hint).strip("\n") for hint in section.hints] == expected
    assert all("hint" not in line or not expected for _, line in section.question)


def test_a_line_of_a_hint_keeps_its_number():
    (section,) = page("``` part 1a\n```\n\n??? hint\n    One.\n\n    Two.\n\n``` solution\n```").sections
    assert [number for number, line in section.hints[0] if line] == [5, 7]


def test_an_answer_is_taken_out_of_the_explanation():
    (section,) = page(f"{PART}\n\n!!! answer\n    It is so.\n\nMore.").sections
    assert [(n, line) for n, line in section.answer if line] == [(14, "It is so.")]
    assert [line for _, line in section.explanation if line] == ["Why.", "More."]


FRONT = {
    "none": ("# T", 0),
    "usual": ("---\ntitle: T\n---\n# T", 3),
    "ended by dots": ("---\ntitle: T\n...\n# T", 3),
    "never ended": ("---\ntitle: T", 0),
    "a rule later on": ("text\n\n---\n\n---", 0),
    "empty page": ("", 0),
}


@pytest.mark.parametrize("text, lines", FRONT.values(), ids=FRONT)
def test_front_matter(text, lines):
    assert front_matter(text.split("\n")) == lines


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["unix", "windows"])
def test_a_file_keeps_its_line_numbers(tmp_path, end):
    file = tmp_path / "q.md"
    file.write_bytes(f"---\ntitle: T\n---\n\n{PART}".replace("\n", end).encode())
    found, skipped = read_page(file)
    assert skipped == 3
    assert found.sections[0].line == 5
    assert found.sections[0].solution.body == "y = x"


PROSE = {
    "text": ("a b", [("text", "a b")]),
    "math": ("a $x$ b", [("text", "a "), ("math", "$x$"), ("text", " b")]),
    "display": ("$$\nx\n$$", [("display", "$$\nx\n$$")]),
    "code": ("a `$x$` b", [("text", "a "), ("code", "`$x$`"), ("text", " b")]),
    "code of two marks": ("``a ` b``", [("code", "``a ` b``")]),
    "comment": ("a <!-- $x --> b", [("text", "a "), ("comment", "<!-- $x -->"), ("text", " b")]),
    "escaped dollar": (r"costs \$5 or \$6", [("text", r"costs \$5 or \$6")]),
    "money": ("costs $5 or $6", [("text", "costs $5 or $6")]),
    "a dollar before a digit": ("$5 and x$2", [("text", "$5 and x$2")]),
    "spaces inside": ("a $ x $ b", [("text", "a $ x $ b")]),
    "not over lines": ("a $x\ny$ b", [("text", "a $x\ny$ b")]),
    "a value in math": ("$@{x}$", [("math", "$@{x}$")]),
}


@pytest.mark.parametrize("text, pieces", PROSE.values(), ids=PROSE)
def test_prose(text, pieces):
    assert [(kind, piece) for kind, piece, _ in prose(text)] == pieces


@given(st.text(alphabet="a $`\\\n<!->@{}2", max_size=60))
def test_prose_loses_nothing(text):
    at = 0
    for _, piece, offset in prose(text):
        assert offset == at
        at += len(piece)
    assert "".join(piece for _, piece, _ in prose(text)) == text


@given(
    st.lists(
        st.sampled_from(
            [
                "``` part 1a",
                "``` solution",
                "```",
                "~~~",
                "text",
                "# H",
                "??? hint",
                "    in",
                "",
                "<!--",
                "-->",
                "``` python",
            ]
        )
    )
)
def test_no_line_is_lost_or_counted_twice(lines):
    """Whatever is written: each line number stands in one place only, and fences cover those between their marks."""
    found = find(lines)
    seen = []
    for item in found.items:
        if isinstance(item, tuple):
            seen.append(item[0])
        elif isinstance(item, Fence):
            seen += range(item.line, item.end + 1)
        else:
            fences = [item.givens, *([item.solution] if item.solution else [])]
            seen += [n for fence in fences for n in range(fence.line, fence.end + 1)]
            texts = [item.question, item.explanation, item.answer, *item.hints]
            seen += [n for text in texts for n, _ in text]
    assert len(seen) == len(set(seen))
    assert set(seen) <= set(range(1, len(lines) + 1))
    hidden = {n for n, line in enumerate(lines, start=1) if n not in seen}
    openers = {n for n in hidden if lines[n - 1] == "??? hint"}
    if not found.problems:
        assert hidden == openers
