"""Data from a stranger, read as if it were meant to do harm: an archive that is never unpacked to disk, JSON under a schema.

What is refused is told in words of our own, never in words of the data.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import jsonschema

LARGEST_ARCHIVE = 2_000_000  # bytes; the real one has about 25,000
LARGEST = {"answers": 4_000_000, "measures": 4_000}  # bytes of each file; answers.json has about 90,000
NAMES = {f"{kind}.json": kind for kind in LARGEST}


class Refused(Exception):
    """This data is not read; the reason."""


def archive(content: bytes) -> dict[str, Any]:
    """The data sets in an archive, by kind."""
    return {kind: data(text, kind) for kind, text in unpacked(content).items()}


def unpacked(content: bytes) -> dict[str, bytes]:
    """The files of an archive by kind, in memory: no name in it ever becomes a path."""
    if len(content) > LARGEST_ARCHIVE:
        raise Refused("the archive is too large")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as source:
            names = [entry.filename for entry in source.infolist()]
            if sorted(names) != sorted(NAMES):
                raise Refused("the archive holds other files than answers.json and measures.json")
            return {NAMES[entry.filename]: _read(source, entry) for entry in source.infolist()}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError, zlib.error):
        raise Refused("the archive is damaged") from None


def _read(source: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """At most so many bytes, whatever the archive says of itself: what unpacks to more is not unpacked."""
    most = LARGEST[NAMES[entry.filename]]
    with source.open(entry) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise Refused(f"{NAMES[entry.filename]}.json is too large")
    return content


def data(content: bytes, kind: str) -> Any:
    """One data set that keeps to its schema."""
    name = f"{kind}.json"
    if len(content) > LARGEST[kind]:
        raise Refused(f"{name} is too large")
    try:
        read = json.loads(content.decode("utf-8"), object_pairs_hook=_once, parse_constant=_finite)
        error = next(_validator(kind).iter_errors(read), None)
    except UnicodeDecodeError:
        raise Refused(f"{name} is not UTF-8") from None
    except RecursionError:
        raise Refused(f"{name} is nested too deeply") from None
    except ValueError:  # not JSON, or more digits than Python turns into a number
        raise Refused(f"{name} is not JSON, or not of the plain kind") from None
    if error is not None:
        raise Refused(f"{name} breaks a rule of its schema: {error.validator}")
    return read


def _once(pairs: list[tuple[str, Any]]) -> Mapping[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a name stands twice")
    return made


def _finite(_name: str) -> Any:
    raise ValueError("not a number of JSON")


@lru_cache
def _validator(kind: str) -> Any:
    schema = json.loads(Path(__file__).with_name(f"{kind}.schema.json").read_text(encoding="utf-8"))
    return jsonschema.Draft202012Validator(schema)
