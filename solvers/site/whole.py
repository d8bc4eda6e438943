"""Write files so that whoever reads them, whenever, finds the old content or the new one: beside, then in its place.

A process that is killed while it writes leaves a file called `.<name>.half` behind. Nothing reads it, and the next writer of
the same file takes it over.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def replace(file: Path, content: str | bytes) -> None:
    """Write a file whole or not at all; text as UTF-8 with the line ends that it has."""
    with half(file) as beside:
        beside.write_bytes(content.encode() if isinstance(content, str) else content)


@contextmanager
def half(file: Path) -> Iterator[Path]:
    """A path beside the file to write to; it takes the file's place when the block ends well, and goes when it does not.

    A file that is a link stays one: what it leads to is replaced.
    """
    file = Path(os.path.realpath(file))
    beside = file.with_name(f".{file.name}.half")
    try:
        yield beside
        _to_disk(beside)
        os.chmod(beside, file.stat().st_mode & 0o7777 if file.exists() else 0o644)
        os.replace(beside, file)
    finally:
        beside.unlink(missing_ok=True)


def _to_disk(file: Path) -> None:
    """Or a machine that loses its power could have the new name and no content."""
    with file.open("rb+") as written:
        os.fsync(written.fileno())
