"""Ways to damage a page."""

from __future__ import annotations

import re
from random import Random

from damage import ANY, LOOKALIKES, NOTHING, NUMBER, PAGE, REPORT, damage, put, spot
from samples import Sample

DEEP = 3000


@damage(PAGE, NOTHING)
def byte_order_mark(_random: Random, text: str, _sample: Sample) -> str | None:
    return "\ufeff" + text


@damage(PAGE, ANY)
def tabs(random: Random, text: str, _sample: Sample) -> str | None:
    match = spot(random, text, re.compile(r"^    ", re.M))
    return put(text, match, "\t") if match else None


@damage(PAGE, ANY)
def deep_text(random: Random, text: str, _sample: Sample) -> str | None:
    match = spot(random, text, re.compile(r"^", re.M))
    sign = random.choice(("> ", "- ", "(", "[", "    ", "-", "a[", "not ", "{", "**", "$", "\\frac{"))
    return put(text, match, sign * random.choice((50, DEEP))) if match else None


@damage(PAGE, ANY)
def huge_given(random: Random, text: str, _sample: Sample) -> str | None:
    match = spot(random, text, NUMBER)
    return (
        put(text, match, random.choice(("1e999999999", "1e-999999999", "9" * 5000, "9**9**9**9", "10**400", "1e308")))
        if match
        else None
    )


@damage(PAGE, REPORT)
def double_part(_random: Random, text: str, _sample: Sample) -> str | None:
    at = text.find("``` part")
    return text + "\n" + text[at:]


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
