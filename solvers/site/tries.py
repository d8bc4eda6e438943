"""Boxes below a question: type your own value, and the site's script compares it at the digits that are asked for.

A box carries what the script needs in data attributes, as digits of the key:

    data-value  the value that is asked for, "-1.900", "5" or "7/6"
    data-exact  these digits are the whole value; otherwise they are good to half a unit of the last place
    data-known  wrong values with a history, "key:0:0.0180 slip:0:0.42": who arrives there, by which of the part's
                re-runs (its text stands in the section on the published key), at which digits
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from html import escape
from typing import Any

from solvers.exact import agrees, is_finite, is_number
from solvers.notation import tex_name, word_name
from solvers.site.agreement import equals_shown
from solvers.site.part import Part
from solvers.site.proposals import propose, repeat
from solvers.site.records import Rerun
from solvers.site.render import both

BOX = (
    '<li><label><span class="try-symbol">{symbol}</span><span class="try-digits">{precision}</span>'
    '<input type="text" inputmode="{keyboard}" autocomplete="off"'
    ' autocapitalize="off" spellcheck="false" maxlength="60"'
    ' data-value="{value}"{exact} data-known="{known}"></label> <output aria-live="polite"></output></li>'
)
UNJUDGED = (
    '<li><label><span class="try-symbol">{symbol}</span><span class="try-digits">{precision}</span>'
    '<input type="text" name="try {id} {label}" inputmode="{keyboard}" autocomplete="off"'
    ' autocapitalize="off" spellcheck="false" maxlength="60"></label></li>'
)
BUTTON = '<p class="try"><button type="submit" class="md-button">Check</button></p>'


def boxes(part: Part) -> str:
    """A box for every number that the question asks for; hidden until the script that judges them shows them."""
    asked = _asked(part)
    if not asked:
        return ""
    keyboard = _keyboard(part, asked)
    rows = "".join(_box(part, label, keyboard) for label in asked)
    return f'<form class="tries" aria-label="Your answer to {escape(part.record.id)}" novalidate hidden><ul>{rows}</ul>{BUTTON}</form>'


def unjudged(part: Part) -> str:
    """The same boxes where nothing is compared: they carry a name and no value."""
    asked = _asked(part)
    if not asked:
        return ""
    keyboard = _keyboard(part, asked)
    rows = "".join(_unjudged(part, label, keyboard) for label in asked)
    return f'<div class="tries"><ul>{rows}</ul></div>'


def _asked(part: Part) -> list[str]:
    return [label for label in part.run.answers if _is_asked(part, label)] if part.record.kind == "numeric" else []


def _keyboard(part: Part, asked: list[str]) -> str:
    # A telephone's decimal keys have neither a minus nor a slash. All boxes of a part have the same keys, so that these
    # do not tell which value needs them.
    plain = all(_digits(part.shown[label])[0] != "-" and "/" not in _digits(part.shown[label]) for label in asked)
    return "decimal" if plain else "text"


def _is_asked(part: Part, label: str) -> bool:
    return is_number(_value(part, label)) and is_number(part.shown[label]) and label not in part.record.unasked


def _value(part: Part, label: str) -> Any:
    return part.run.lines[part.run.answers[label]].value


def _box(part: Part, label: str, keyboard: str) -> str:
    return BOX.format(
        symbol=both(tex_name(label), word_name(label)),
        precision=_precision(part, label),
        keyboard=keyboard,
        value=_digits(part.shown[label]),
        exact=" data-exact" if _is_exact(part, label) else "",
        known=escape(" ".join(known(part, label))),
    )


def _unjudged(part: Part, label: str, keyboard: str) -> str:
    symbol = both(tex_name(label), word_name(label))
    return UNJUDGED.format(symbol=symbol, precision=_precision(part, label), keyboard=keyboard,
                           id=escape(part.record.id), label=escape(label))  # fmt: skip


def _is_exact(part: Part, label: str) -> bool:
    digits = part.shown[label]
    return not isinstance(digits, Decimal) or equals_shown(_value(part, label), digits)


def _precision(part: Part, label: str) -> str:
    return "" if _is_exact(part, label) else f"to {len(part.shown[label].as_tuple().digits)} digits"


def known(part: Part, label: str) -> Iterator[str]:
    """Wrong values that somebody arrives at: what the key prints, then what its slips lead to without being printed."""
    yield from _printed(part, label)
    for number, (rerun, run) in enumerate(part.reruns):
        if rerun not in part.record.slips or label in rerun.lands or not _is_a_rule(rerun):
            continue
        value = run.value(label)
        if is_number(value) and is_finite(value) and not _same(part, label, value):
            yield f"slip:{number}:{_digits(_rounded(value, part.shown[label]))}"


def _printed(part: Part, label: str) -> Iterator[str]:
    """The key's own value, where it differs, under the name of the answer or of its line."""
    for name in (label, part.run.answers[label]):
        digits = part.record.printed.get(name)
        if digits is None or part.agrees[name] or isinstance(digits, list):
            continue
        number = next((n for n, (rerun, _) in enumerate(part.reruns) if name in rerun.lands), None)
        if number is None:
            yield f"key::{_digits(digits)}"
        else:
            yield f"{_kind(part, part.reruns[number][0])}:{number}:{_digits(digits)}"
        return


def _kind(part: Part, rerun: Rerun) -> str:
    if rerun in part.record.conventions:
        return "convention"
    return "rounding" if rerun is part.record.rounding else "key"


def _is_a_rule(rerun: Rerun) -> bool:
    """A slip that others can make as well: another formula or given, not just a number taken from the key."""
    return bool(rerun.given) or all(isinstance(change, str) for change in rerun.replace.values())


def _same(part: Part, label: str, value: Any) -> bool:
    digits = part.shown[label]
    return value == digits if isinstance(digits, Fraction) else agrees(value, digits)


def _rounded(value: Any, digits: Any) -> Any:
    """A wrong value at the precision of the right one."""
    again = repeat(value, digits)
    return propose(value) if isinstance(again, Decimal) and not again else again


def _digits(value: Any) -> str:
    return "".join(str(value).split())
