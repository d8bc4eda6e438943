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

from solvers.site.locate import places

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


@damage(("key", "topics", "bibliography"), REPORT)
def byte_order_mark_in_toml(_random: Random, text: str, _sample: Sample) -> str | None:
    return "\ufeff" + text


@damage(PAGE, NOTHING)
def byte_order_mark(_random: Random, text: str, _sample: Sample) -> str | None:
    return "\ufeff" + text


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


@damage(PAGE, ANY)
def tabs(random: Random, text: str, _sample: Sample) -> str | None:
    match = spot(random, text, re.compile(r"^    ", re.M))
    return put(text, match, "\t") if match else None


@damage(("key", "topics", "bibliography"), REPORT)
def deep_toml(random: Random, text: str, _sample: Sample) -> str | None:
    value = random.choice(("[" * DEEP + "]" * DEEP, "{a=" * DEEP + "1" + "}" * DEEP, ".".join("a" * DEEP)))
    return f"{text}x = {value}\n"


@damage(PAGE, ANY)
def deep_text(random: Random, text: str, _sample: Sample) -> str | None:
    match = spot(random, text, re.compile(r"^", re.M))
    sign = random.choice(("> ", "- ", "(", "[", "    ", "-", "a[", "not ", "{", "**", "$", "\\frac{"))
    return put(text, match, sign * random.choice((50, DEEP))) if match else None


@damage(KEY, REPORT)
def huge_number(random: Random, text: str, sample: Sample) -> str | None:
    spans = _values(text, ("answer", "lines"))
    return _put_value(random, text, spans, ("9" * 400, "9" * 5000, "1e400", "1e99999", "1e999999999", "-1e-99999", "0." + "1" * 9999,
                                            '"1e999999999"', '"9/0"', "inf", "nan", "0xff"))  # fmt: skip


@damage(PAGE, ANY)
def huge_given(random: Random, text: str, _sample: Sample) -> str | None:
    match = spot(random, text, NUMBER)
    return (
        put(text, match, random.choice(("1e999999999", "1e-999999999", "9" * 5000, "9**9**9**9", "10**400", "1e308")))
        if match
        else None
    )


@damage(KEY, REPORT)
def wrong_type(random: Random, text: str, _sample: Sample) -> str | None:
    spans = [place for path, place in places(text).items() if place.start >= 0 and _is_field(path)]
    return _put_value(random, text, spans, ("true", "1979-05-27", "{ a = 1 }", "[[]]", "[{}]", "07:32:00", "inf"))


@damage(KEY, REPORT)
def list_of_tables(random: Random, text: str, _sample: Sample) -> str | None:
    match = spot(random, text, re.compile(r"^\[([^\[\]\n]+)\]", re.M))
    return put(text, match, f"[[{match[1]}]]") if match else None


@damage(KEY, REPORT)
def table_of_a_list(random: Random, text: str, _sample: Sample) -> str | None:
    match = spot(random, text, re.compile(r"^\[\[([^\[\]\n]+)\]\]", re.M))
    return put(text, match, f"[{match[1]}]") if match else None


@damage(KEY, REPORT)
def double_record(_random: Random, text: str, _sample: Sample) -> str | None:
    at = text.find("[parts.")
    return text + text[at:]


@damage(PAGE, REPORT)
def double_part(_random: Random, text: str, _sample: Sample) -> str | None:
    at = text.find("``` part")
    return text + "\n" + text[at:]


@damage(("key", "topics", "bibliography"), REPORT)
def double_entry(random: Random, text: str, _sample: Sample) -> str | None:
    spans = [place for place in places(text).values() if place.start >= 0]
    place = random.choice(spans) if spans else None
    start = text.rfind("\n", 0, place.start) + 1 if place else 0
    return text[: place.end] + "\n" + text[start : place.end] + text[place.end :] if place else None


@damage(KEY, REPORT)
def misspelt_field(random: Random, text: str, _sample: Sample) -> str | None:
    match = spot(random, text, re.compile(r"^(title|short|kind|topics|verdict|because|lands|course|year)(?= =)", re.M))
    return put(text, match, random.choice((match[1][:-1], match[1] + "s", f'"{match[1]} "'))) if match else None


@damage(KEY, REPORT)
def other_digits(random: Random, text: str, _sample: Sample) -> str | None:
    numbers = [place for place in _values(text, ("answer", "lines")) if NUMBER.fullmatch(text[place.start : place.end])]
    if not numbers:
        return None
    place = random.choice(numbers)
    digits = text[place.start : place.end]
    at = random.choice([n for n, sign in enumerate(digits) if sign.isdigit()])
    if at == 0 and digits != "0":
        return text[: place.start] + "1" + digits + text[place.end :]
    new = str((int(digits[at]) + random.randint(2, 8)) % 10)
    return text[: place.start] + digits[:at] + new + digits[at + 1 :] + text[place.end :]


@damage(KEY, REPORT)
def lookalike_in_a_key(random: Random, text: str, _sample: Sample) -> str | None:
    found = re.compile(r"^(\[\[?parts\.[^\]\n]*[aceopxyi]|[\w.]*[aceopxyi][\w.]*(?= = ))", re.M)
    match = spot(random, text, found)
    return put(text, match, match[0].translate(LOOKALIKES)) if match else None


@damage(PAGE, REPORT)
def lookalike_in_a_fence(random: Random, text: str, _sample: Sample) -> str | None:
    match = spot(random, text, re.compile(r"^``` (part .*|solution)$", re.M))
    new = match[0].translate(LOOKALIKES) if match else ""
    return put(text, match, new) if match and new != match[0] else None


@damage(PAGE, REPORT)
def fence_never_closed(random: Random, text: str, _sample: Sample) -> str | None:
    match = spot(random, text, re.compile(r"^```\n", re.M))
    return put(text, match, "") if match else None


@damage(PAGE, REPORT)
def fence_in_something(random: Random, text: str, _sample: Sample) -> str | None:
    match = spot(random, text, re.compile(r"^``` (part|solution).*\n(.*\n)*?```\n", re.M))
    if not match:
        return None
    if random.random() < 0.3:
        return put(text, match, f"<!--\n{match[0]}-->\n")
    sign = random.choice(("> ", "- ", "    ", "\t", " ", "* ", "1. ", "+ > "))
    return put(text, match, re.sub(r"^", sign, match[0].rstrip("\n"), flags=re.M) + "\n")


def _values(text: str, tables: tuple[str, ...]) -> list:
    return [p for path, p in places(text).items() if p.start >= 0 and len(path) > 3 and path[2] in tables]


def _is_field(path: tuple) -> bool:
    return path[0] == "paper" or (
        path[0] == "parts" and (len(path) == 3 or path[2] in ("slips", "conventions", "rounding"))
    )


def _put_value(random: Random, text: str, spans: list, values: tuple[str, ...]) -> str | None:
    if not spans:
        return None
    place = random.choice(spans)
    return text[: place.start] + random.choice(values) + text[place.end :]
