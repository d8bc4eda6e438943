"""Ways to damage a key, and the other TOML files."""

from __future__ import annotations

import re
from random import Random

from damage import KEY, LOOKALIKES, NUMBER, REPORT, damage, put, spot
from samples import Sample

from solvers.site.locate import places

DEEP = 3000


@damage(("key", "topics", "bibliography"), REPORT)
def byte_order_mark_in_toml(_random: Random, text: str, _sample: Sample) -> str | None:
    return "\ufeff" + text


@damage(("key", "topics", "bibliography"), REPORT)
def deep_toml(random: Random, text: str, _sample: Sample) -> str | None:
    value = random.choice(("[" * DEEP + "]" * DEEP, "{a=" * DEEP + "1" + "}" * DEEP, ".".join("a" * DEEP)))
    return f"{text}x = {value}\n"


@damage(KEY, REPORT)
def huge_number(random: Random, text: str, sample: Sample) -> str | None:
    spans = _values(text, ("answer", "lines"))
    return _put_value(random, text, spans, ("9" * 400, "9" * 5000, "1e400", "1e99999", "1e999999999", "-1e-99999", "0." + "1" * 9999,
                                            '"1e999999999"', '"9/0"', "inf", "nan", "0xff"))  # fmt: skip


@damage(KEY, REPORT)
def wrong_type(random: Random, text: str, _sample: Sample) -> str | None:
    spans = [place for path, place in places(text).items() if place.start >= 0 and _is_field(path)]
    return _put_value(random, text, spans, ("true", "1979-05-27", "{ a = 1 }", "[[]]", "[{}]", "07:32:00", "inf"))


@damage(KEY, REPORT)
def list_of_tables(random: Random, text: str, _sample: Sample) -> str | None:
    match = spot(random, text, re.compile(r"^\[(pa[^\[\]\n]+)\]", re.M))
    return put(text, match, f"[[{match[1]}]]") if match else None


@damage(KEY, REPORT)
def table_of_a_list(random: Random, text: str, _sample: Sample) -> str | None:
    match = spot(random, text, re.compile(r"^\[\[([^\[\]\n]+)\]\]", re.M))
    return put(text, match, f"[{match[1]}]") if match else None


@damage(KEY, REPORT)
def double_record(_random: Random, text: str, _sample: Sample) -> str | None:
    at = text.find("[parts.")
    return text + text[at:]


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
