"""What is asked in a part, the same on its page and wherever else it is asked: the question, the givens, the options."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from solvers.site import choices, render
from solvers.site.part import Part
from solvers.site.text import Values

Keep = Callable[..., str]


def stem(part: Part, values: Values, keep: Keep) -> Iterator[str]:
    """The Markdown of the question and its givens."""
    yield from values.fill(part.section.question, solved=False)
    yield from ("", keep(render.givens(part)), "")


def asked(part: Part, values: Values, keep: Keep, judged: bool = True) -> Iterator[str]:
    """The same with the options; where nothing is judged, no tick says what it should be."""
    yield from stem(part, values, keep)
    yield from choices.asked(part, values, keep, judged)
