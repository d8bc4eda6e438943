"""What commands say while they work: which part it is, over and over in one row, and only to somebody who watches."""

from __future__ import annotations

import io
import sys

import pytest

from solvers.site.terminal import Progress


class Screen(io.StringIO):
    """A terminal that remembers everything that was sent to it."""

    def isatty(self):
        return True


def shown(sent):
    """What stands in the row in the end: each return goes back to its start and writes over it."""
    row = ""
    for text in sent.split("\r"):
        row = text + row[len(text) :]
    return row


@pytest.fixture
def progress():
    begun = Progress()
    begun.start -= 2  # it runs for two seconds already
    return begun


def test_the_row_names_the_part_and_is_empty_in_the_end(monkeypatch, progress):
    monkeypatch.setattr(sys, "stderr", Screen())
    progress.tell("a-paper/10b")
    progress.tell("a-paper/1")
    assert shown(sys.stderr.getvalue()).rstrip() == "a-paper/1"  # nothing is left of the longer name
    progress.clear()
    assert shown(sys.stderr.getvalue()).strip() == ""


def test_a_command_that_is_done_at_once_says_nothing(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Screen())
    progress = Progress()
    progress.tell("a-paper/1")
    progress.clear()
    assert sys.stderr.getvalue() == ""


def test_nothing_is_said_to_a_file(monkeypatch, progress):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    progress.tell("a-paper/1")
    progress.clear()
    assert sys.stderr.getvalue() == ""
