"""The same sources give the same bytes, wherever and in whatever order they are read; the same digits count as the same."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sites import ROOT, copy_repository

# Read by Python when it starts: every folder is listed in the opposite order.
BACKWARDS = """
import os, pathlib
listdir, scandir, iterdir = os.listdir, os.scandir, pathlib.Path.iterdir

class Backwards:
    def __init__(self, *path):
        self.entries = sorted(scandir(*path), key=lambda entry: entry.name, reverse=True)
    def __iter__(self): return iter(self.entries)
    def __next__(self):
        if not self.entries: raise StopIteration
        return self.entries.pop(0)
    def __enter__(self): return self
    def __exit__(self, *_): pass
    def close(self): pass

os.listdir = lambda *path: sorted(listdir(*path), reverse=True)
os.scandir = Backwards
pathlib.Path.iterdir = lambda self: iter(sorted(iterdir(self), reverse=True))
"""


def built(repository: Path, folder: Path, environment: dict[str, str], elsewhere: Path) -> Path:
    """Build from another working directory."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "LC_", "LANG"))}
    env |= {
        "NO_MKDOCS_2_WARNING": "1",
        "SOURCE_DATE_EPOCH": "1700000000",
        "PYTHONPATH": str(repository),
    }
    done = subprocess.run([sys.executable, "-m", "mkdocs", "build", "-q", "-f", repository / "mkdocs.yml", "-d", folder],
                          cwd=elsewhere, env={**env, **environment}, capture_output=True, text=True, timeout=600, check=False)  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def test_two_builds_are_the_same_to_the_byte(site, snapshot, tmp_path):
    """Another locale, time zone, hash seed, working directory and folder, files listed backwards, nothing in the cache. Only
    the time of the build is the same for both, since the sitemap names its day."""
    other, start = tmp_path / "a longer name" / "other", tmp_path / "start"
    for folder in (other, start):
        folder.mkdir(parents=True)
    (start / "sitecustomize.py").write_text(BACKWARDS, "utf-8")
    second = built(copy_repository(other, snapshot), tmp_path / "second",
                   {"PYTHONHASHSEED": "2", "TZ": "Asia/Kathmandu", "LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0",
                    "PYTHONPATH": os.pathsep.join([str(start), str(other)])}, start)  # fmt: skip
    here, there = files(site), files(second)
    assert here.keys() == there.keys()
    assert [name for name in here if here[name] != there[name]] == []


def test_the_files_really_are_listed_backwards(tmp_path):
    """What the test above rests on."""
    (tmp_path / "sitecustomize.py").write_text(BACKWARDS, "utf-8")
    for name in "abc":
        (tmp_path / name).touch()
    ask = "import os, pathlib; print([*os.listdir('.')], [e.name for e in os.scandir('.')], [p.name for p in pathlib.Path('.').iterdir()])"
    env = {**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    said = subprocess.run(
        [sys.executable, "-c", ask], cwd=tmp_path, env=env, capture_output=True, text=True, check=True
    ).stdout
    assert said.count("['sitecustomize.py', 'c', 'b', 'a']") == 3


@pytest.mark.parametrize(
    ("texts", "code", "says"),
    [
        ({"a": "1\n2\n", "b": "1\r\n2\r\n"}, 0, "2 environments, the same draws in all"),
        ({"a": "1\n2\n", "b": "1\n3\n"}, 1, "b.txt differs from a.txt:\n  2\n  3"),
        ({"a": "1\n2\n", "b": ""}, 1, "no draws to compare"),
        ({}, 1, "no draws to compare"),
    ],
)
def test_draws_of_other_machines_are_compared(tmp_path, texts, code, says):
    for name, text in texts.items():
        (tmp_path / f"{name}.txt").write_bytes(text.encode())
    ran = subprocess.run(
        [sys.executable, ROOT / "tests" / "digits.py", "--compare", tmp_path],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == code and says in ran.stdout, ran.stdout + ran.stderr
