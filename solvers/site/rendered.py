"""Renderings that depend on nothing but their text: formulas and coloured code, kept from build to build.

No number is computed here, so no change of a solver, a key or a page can make an entry stale: another text is another
entry. The file lies in `.cache/` of the working directory; without write access everything is rendered anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path


def rendered(what: str, text: str, render: Callable[[], str]) -> str:
    """What `render` makes of the text, from the cache where it is known; `what` names the renderer and its version."""
    name = hashlib.blake2b(f"{what} {text}".encode(), digest_size=20).hexdigest()
    cache = _cache()
    html = cache.memory.get(name)
    if html is None:
        html = render()
        cache.put(name, html)
    return html


class _Cache:
    """Entries by hash, in memory and in one file; a file that cannot be used is done without."""

    def __init__(self, file: Path | None):
        self.memory: dict[str, str] = {}
        self.file: sqlite3.Connection | None = None
        if file is None:
            return
        with contextlib.suppress(sqlite3.Error, OSError):
            file.parent.mkdir(exist_ok=True)
            try:
                self._open(file)
            except sqlite3.OperationalError:  # locked by another build, or not to be written
                raise
            except sqlite3.DatabaseError:  # no database any more: begin a new one
                self.file, self.memory = None, {}
                file.unlink()
                self._open(file)

    def _open(self, file: Path) -> None:
        self.file = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        self.file.execute("PRAGMA synchronous = OFF")
        self.file.execute("CREATE TABLE IF NOT EXISTS entry (name TEXT PRIMARY KEY, html TEXT)")
        self.memory = dict(self.file.execute("SELECT name, html FROM entry"))

    def put(self, name: str, html: str) -> None:
        self.memory[name] = html
        if self.file is not None:
            with contextlib.suppress(sqlite3.Error):
                self.file.execute("INSERT OR REPLACE INTO entry VALUES (?, ?)", (name, html))


_files = True


def in_memory() -> None:
    """From now on leave no file behind: for a notebook, which runs in a folder of its reader's."""
    global _files
    _files = False
    _cache.cache_clear()


def reopen() -> None:
    """For a process that another one has forked: two of them may not share one open file of the cache."""
    _cache.cache_clear()


@lru_cache(maxsize=1)
def _cache() -> _Cache:
    return _Cache(Path.cwd() / ".cache" / "rendered.sqlite" if _files else None)
