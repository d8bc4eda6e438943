"""A choice question on its page: options to tick, and afterwards the verdict and the reason of each."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from solvers.site.part import Part
from solvers.site.text import Values

Keep = Callable[..., str]


def asked(part: Part, values: Values, keep: Keep, judged: bool = True) -> list[str]:
    """The options, each with a box to tick; the button that checks them needs the site's script, and shows up with it."""
    options = part.section.options
    if not options:
        return []
    right = " ".join(option.label for option in options if option.right)
    other = "|".join(" ".join(reading.right) for reading in part.record.readings)
    known = f' data-right="{escape(right)}" data-readings="{escape(other)}"' if judged else ""
    head = f'<fieldset class="options"{known}>'
    out = ["", keep(f'{head}<legend class="twin">Options</legend>', late=False), ""]
    for option in options:
        name = "" if judged else f' name="tick {escape(part.record.id)} {escape(option.label)}" autocomplete="off"'
        box = keep(
            f'<label><input type="checkbox"{name} value="{escape(option.label)}"><span class="letter">{escape(option.label)}</span><span>'
        )
        text = " ".join(values.fill(option.text, solved=False))
        out.append(f"- {box}{text}{keep('</span></label>')}")
    button = '<p class="try" hidden><button type="button" class="md-button">Check</button> <output></output></p>'
    return [*out, "", keep(f"{button if judged else ''}</fieldset>", late=False), ""]


def decided(part: Part, values: Values, keep: Keep) -> list[str]:
    """Every option with its verdict and its reason, then other readings of the question."""
    out: list[str] = []
    for option in part.section.options:
        sign, word = ("✓", "right") if option.right else ("✗", "wrong")
        how = " <span>computed</span>" if option.label in part.run.choices else ""
        verdict = f'<span class="option-{word}"><span aria-hidden="true">{sign}</span> {escape(option.label)} is {word}{how}</span>'
        reason = [f"    {line}" if line.strip() else "" for line in values.fill(option.reason, solved=True)]
        out += [f"- {keep(verdict, late=False)}", "", *reason, ""]
    if out:
        out = ["", keep('<div class="verdicts">', late=False), "", *out, keep("</div>", late=False), ""]
    for reading in part.record.readings:
        lines = values.fill([(reading.line, row) for row in reading.text.split("\n")], solved=True, file=part.key)
        out += [f"**Another reading: {', '.join(reading.right)}.** " + lines[0], *lines[1:], ""]
    return out
