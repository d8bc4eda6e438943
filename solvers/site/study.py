"""What docs/assets/study.js brings to life: buttons and signs. All are hidden until that script runs, so that no page
offers what it cannot do."""

from __future__ import annotations

from html import escape


def show_all() -> str:
    """The button above the parts of a page."""
    return _button('data-all aria-keyshortcuts="Alt+A" title="Alt+A"', "Show all")


def solved(part: str) -> str:
    """The toggle in the footer of a part, named <paper>/<part>."""
    return (
        f'<button type="button" class="solved" data-part="{escape(part)}" aria-pressed="false" hidden>Solved</button>'
    )


def seen(part: str) -> str:
    """The place in the row of a part for what its reader has done with it."""
    return f'<span class="seen" data-part="{escape(part)}" hidden></span>'


def random_part() -> str:
    """A button that goes to a part of any paper."""
    return _button('data-random="all"', "Random part")


def random_of_topic() -> str:
    """The same, among the parts that the page lists and the reader has not solved."""
    return _button('data-random="topic"', "Random part of this topic that I have not solved")


def forget() -> str:
    """A button that deletes what the browser stores; beside it, what that is."""
    return _button("data-forget", "Delete all of it")


def _button(attributes: str, words: str) -> str:
    button = f'<button type="button" class="md-button" {attributes}>{words}</button>'
    return f'<p class="study" data-search-exclude hidden>{button} <output></output></p>'
