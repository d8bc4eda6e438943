"""Ways to damage a page or a key, each with what has to follow.

A damage is a function (random, content, sample) -> content, or None where it finds nothing to damage. What follows is one of

    REPORT   some problem is told: the meaning is gone
    NOTHING  no problem, and the part means what it meant: white space, line ends
    ANY      either; what is told has a place, and the command line and the page tell the same
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from samples import Sample

REPORT, NOTHING, ANY = "report", "nothing", "any"
Apply = Callable[[Random, str, Sample], "str | bytes | None"]


@dataclass(frozen=True)
class Damage:
    """One way: of which file (key, page, topics.toml, bibliography.toml), and what has to follow."""

    name: str
    of: tuple[str, ...]
    follows: str
    apply: Apply


DAMAGES: list[Damage] = []
KEY, PAGE, BOTH = ("key",), ("page",), ("key", "page")
ALL = ("key", "page", "topics", "bibliography")

TOKEN = re.compile(r"\w+|[^\w\s]|[ \t]+")
NUMBER = re.compile(r"(?<![\w.])\d+(\.\d+)?(?![\w.])")
FENCE = re.compile(r"^(`{3,}|~{3,}).*$", re.M)
LOOKALIKES = str.maketrans("aceopxyi", "асеорхуі")
HIDDEN = ("\u202e", "\u2066", "\u202a", "\u2069")
CONTROLS = ("\0", "\x01", "\x07", "\x08", "\x1b", "\x7f", "\x85")
DEEP = 3000
EXPRESSIONS = (
    "9**9**9", "9**9**9**9", "1e999999999", "10**400", "1/0", "0**-1", "(" * 300 + "1" + ")" * 300, "-" * 5000 + "1",
    "[" * 500 + "]" * 500, "(lambda f: f(f))(lambda f: f(f))", "__import__('os')", "x.__class__", "", " ", "x :=", "sum",
    "sum(i for i in range(10**9))", "max()", "'" * 3, "é", "\u202e1", "None", "True", "{}", "...", "'a' * 3", "[1, [2]]",
    "nan", "1_0", "0x1p3", "1j", "b''", "lambda: 0", "yield", "await x", "*x", "1;2", "1\n2", "range", "print(1)",
)  # fmt: skip


def damage(of: tuple[str, ...], follows: str) -> Callable[[Apply], Apply]:
    """Register a way."""

    def add(apply: Apply) -> Apply:
        DAMAGES.append(Damage(apply.__name__, of, follows, apply))
        return apply

    return add


def spot(random: Random, text: str, pattern: re.Pattern[str]) -> re.Match[str] | None:
    """One of the matches."""
    found = list(pattern.finditer(text))
    return random.choice(found) if found else None


def put(text: str, match: re.Match[str], new: str) -> str:
    """The text with a match replaced."""
    return text[: match.start()] + new + text[match.end() :]


@damage(ALL, ANY)
def swap_tokens(random: Random, text: str, _sample: Sample) -> str | None:
    tokens = TOKEN.findall(text) if len(text) < 3 else re.findall(r"\w+|[^\w]", text)
    for _ in range(random.randint(1, 3)):
        a, b = random.randrange(len(tokens)), random.randrange(len(tokens))
        tokens[a], tokens[b] = tokens[b], tokens[a]
    return "".join(tokens)


@damage(ALL, ANY)
def delete_token(random: Random, text: str, _sample: Sample) -> str | None:
    match = spot(random, text, TOKEN)
    return put(text, match, "") if match else None


@damage(ALL, ANY)
def double_token(random: Random, text: str, _sample: Sample) -> str | None:
    match = spot(random, text, TOKEN)
    return put(text, match, match[0] * random.choice((2, 3, 50))) if match else None


@damage(ALL, ANY)
def delete_lines(random: Random, text: str, _sample: Sample) -> str | None:
    lines = text.split("\n")
    at = random.randrange(len(lines))
    del lines[at : at + random.choice((1, 1, 1, 2, 5))]
    return "\n".join(lines)


@damage(ALL, ANY)
def move_line(random: Random, text: str, _sample: Sample) -> str | None:
    lines = text.split("\n")
    line = lines.pop(random.randrange(len(lines)))
    lines.insert(random.randint(0, len(lines)), line)
    return "\n".join(lines)


@damage(ALL, ANY)
def random_bytes(random: Random, text: str, _sample: Sample) -> bytes | None:
    content = bytearray(text.encode())
    for _ in range(random.randint(1, 4)):
        content[random.randrange(len(content))] = random.randrange(256)
    return bytes(content)


@damage(ALL, ANY)
def nasty_word(random: Random, text: str, _sample: Sample) -> str | None:
    match = spot(random, text, re.compile(r"\w+"))
    return put(text, match, random.choice((*EXPRESSIONS, "9" * 5000, "1e400", "1e-400", "inf"))) if match else None


@damage(ALL, ANY)
def long_line(random: Random, text: str, _sample: Sample) -> str | None:
    match = spot(random, text, re.compile(r"$", re.M))
    return (
        put(text, match, random.choice(("x", " ", "`", "$", "[@", "@{", "*", "(", "<!--")) * 20_000) if match else None
    )


@damage(ALL, REPORT)
def cut_in_a_line(random: Random, text: str, _sample: Sample) -> bytes | None:
    content = text.encode()
    end = random.randrange(1, len(content))
    return content[:end] if content[end - 1 : end] != b"\n" and content[end : end + 1] != b"\n" else None


@damage(BOTH, ANY)
def cut_at_a_line(random: Random, text: str, _sample: Sample) -> str | None:
    lines = text.splitlines(keepends=True)
    return "".join(lines[: random.randrange(len(lines))])


@damage(BOTH, REPORT)
def empty(_random: Random, _text: str, _sample: Sample) -> str | None:
    return ""


@damage(ALL, REPORT)
def wrong_encoding(random: Random, text: str, _sample: Sample) -> bytes | None:
    name = random.choice(("utf-16", "utf-32", "utf-16-le", "latin-1", "cp1252"))
    content = text.encode(name, errors="replace")
    try:
        return None if content.decode("utf-8") and name in ("latin-1", "cp1252") else content
    except UnicodeDecodeError:
        return content


@damage(ALL, REPORT)
def control_sign(random: Random, text: str, _sample: Sample) -> str | None:
    at = random.randint(0, len(text))
    return text[:at] + random.choice(CONTROLS + HIDDEN) + text[at:]


@damage(ALL, NOTHING)
def other_line_ends(random: Random, text: str, _sample: Sample) -> str | None:
    return text.replace("\n", random.choice(("\r\n", "\r")))


@damage(ALL, NOTHING)
def white_space_at_the_end(random: Random, text: str, _sample: Sample) -> str | None:
    match = spot(random, text, re.compile(r"(?<=[^\s\\])$", re.M))
    return put(text, match, random.choice((" ", "\t", "  \t "))) if match else None


@damage(ALL, NOTHING)
def more_blank_lines(random: Random, text: str, _sample: Sample) -> str | None:
    match = spot(random, text, re.compile(r"^\n", re.M))
    return put(text, match, "\n" * random.randint(2, 9)) if match else None
