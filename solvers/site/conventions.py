"""The conventions that answers rest on: the headings with an id of the notation page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from solvers.site import reading

PAGE = "about/notation.md"
HEADING = re.compile(r"^#{2,4} (.+?) \{: *#([\w-]+) *\}", re.M)


def load(docs: Path) -> Mapping[str, str]:
    """id -> title of every convention; none when there is no such page."""
    file = docs / PAGE
    return _load(reading.read(file).text)


@lru_cache(maxsize=8)
def _load(text: str) -> Mapping[str, str]:
    return {id_: title for title, id_ in HEADING.findall(text)}
