"""How large a built site is, and how long it took: measures.json, which pull requests are compared by."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from solvers.site import downloads
from solvers.site.whole import replace

FILE = "measures.json"
KINDS = {"pages": ".html", "scripts": ".js", "styles": ".css"}


def write(folder: Path, seconds: Mapping[str, float]) -> Path:
    """Write the file into a built site."""
    file = folder / FILE
    told = {"seconds": {name: round(value, 1) for name, value in seconds.items()}, "bytes": sizes(folder)}
    replace(file, json.dumps(told, indent=1) + "\n")
    return file


def sizes(folder: Path) -> dict[str, int]:
    """Bytes by kind of file, as they lie on disk."""
    files = {path: path.stat().st_size for path in folder.rglob("*") if path.is_file() and path.name != FILE}
    made = {kind: sum(size for path, size in files.items() if path.suffix == end) for kind, end in KINDS.items()}
    made["search"] = files.get(folder / "search/search_index.json", 0)
    made["copy"] = files.get(folder / downloads.COPY, 0)
    return made | {"all": sum(files.values())}
