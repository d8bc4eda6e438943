"""A process that is killed while it writes: afterwards stands the old content or the new one, and the next run goes on."""

from __future__ import annotations

import hashlib
import itertools
import os
import signal
import sqlite3
import sys
import time
import zipfile
from pathlib import Path
from random import Random

import pytest
from sites import KEY, PAGE, WARM, change, sample

from solvers.site import archive, edit, rendered, whole
from solvers.site.check import check
from solvers.site.edit import EditError, accept, scaffold
from solvers.site.project import Project

CONTENTS = [str(n) * 200_000 + "\n" for n in range(2)]


def write_text(folder):
    for n in itertools.count():
        whole.replace(folder / "a.txt", CONTENTS[n % 2])


def write_archive(folder):
    for n in itertools.count():
        archive.write(folder / "a.zip", {f"{m}.txt": CONTENTS[n % 2].encode() for m in range(3)})


def write_cache(folder):
    cache = rendered._Cache(folder / ".cache" / "rendered.sqlite")
    for n in itertools.count():
        cache.put(str(n), hashlib.sha256(str(n).encode()).hexdigest() * 50)


def text_is_whole(folder):
    assert (folder / "a.txt").read_text() in CONTENTS


def archive_is_whole(folder):
    with zipfile.ZipFile(folder / "a.zip") as found:
        assert found.testzip() is None
        assert len({found.read(name) for name in found.namelist()}) == 1


def cache_is_whole(folder):
    file = folder / ".cache" / "rendered.sqlite"
    for name, html in rendered._Cache(file).memory.items():
        assert html == hashlib.sha256(name.encode()).hexdigest() * 50
    with sqlite3.connect(file) as found:
        assert found.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def killed(target, folder, seconds):
    """Run the writer and kill it so long after its first file was there."""
    process = WARM.Process(target=target, args=(folder,))
    process.start()
    try:
        begun = time.monotonic()
        while not any(path.is_file() for path in folder.rglob("[a-z]*")) and time.monotonic() - begun < 60:
            time.sleep(0.001)
        time.sleep(seconds)
    finally:
        process.kill()
        process.join()
    assert process.exitcode == -signal.SIGKILL


WRITERS = {
    "a text": (write_text, text_is_whole, "a.txt"),
    "an archive": (write_archive, archive_is_whole, "a.zip"),
    "the cache": (write_cache, cache_is_whole, ".cache/rendered.sqlite"),
}


@pytest.mark.parametrize("target, is_whole, name", WRITERS.values(), ids=WRITERS)
def test_a_writer_that_is_killed_leaves_the_old_or_the_new(tmp_path, target, is_whole, name):
    random = Random(name)
    for _ in range(65):
        killed(target, tmp_path, random.uniform(0, 0.03))
        is_whole(tmp_path)
    assert len(list((tmp_path / name).parent.iterdir())) <= 2  # what is left over does not grow


def die_after(events, action, *arguments):
    """Run an action and end this process, as SIGKILL does, at the so-manieth event of a file after it began to write."""
    counted = itertools.count()
    writes = []

    def hook(event, arguments):
        if event not in ("open", "os.rename", "os.chmod", "os.remove"):
            return
        writes.append(event) if writes or ".half" in str(arguments[0]) else None
        if writes and next(counted) == events:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
    action(*arguments)


def begin_part(folder):
    scaffold(Project(folder / "docs"), "sample", "2c", None)


def accept_part(folder):
    project = Project(folder / "docs")
    part = next(part for part in check(project) if part.record.id == "1b")
    accept(folder / KEY, part)


def at_every_event(folder, action, judge):
    """Kill the action at its first event, then at its second, until it comes to its end; how often it was killed."""
    before = {name: (folder / name).read_bytes() for name in (KEY, PAGE)}
    for events in itertools.count():
        for name, content in before.items():
            (folder / name).write_bytes(content)
        (folder / "docs/papers/sample/q2.md").unlink(missing_ok=True)
        process = WARM.Process(target=die_after, args=(events, action, folder))
        process.start()
        process.join(60)
        judge(before)
        if process.exitcode == 0:
            return events
        assert process.exitcode == -signal.SIGKILL


def test_new_that_is_killed_is_done_by_the_next_new(folder):
    """The page is written before the key: a section without its record is the one that the killed run left."""
    page = folder / "docs/papers/sample/q2.md"
    half = []

    def judge(before):
        key = (folder / KEY).read_text()
        record, section = "[parts.2c]" in key, page.exists()
        assert key.startswith(before[KEY].decode().rstrip("\n"))
        assert section or not record
        half.append(section and not record)
        if record:
            with pytest.raises(EditError, match="exists already"):
                begin_part(folder)
        else:
            begin_part(folder)
        assert page.read_text().count("``` part 2c") == 1
        assert (folder / KEY).read_text().count("[parts.2c]") == 1
        assert "2c" in Project(folder / "docs").paper("sample").records

    assert at_every_event(folder, begin_part, judge) >= 4
    assert any(half)


def test_accept_that_is_killed_leaves_the_old_or_the_new_key(folder):
    change(folder / KEY, "total = 3", "total = 4")
    right = (folder / KEY).read_text().replace("total = 4", "total = 3")
    seen = set()

    def judge(before):
        now = (folder / KEY).read_text()
        assert now in (before[KEY].decode(), right)
        seen.add(now)

    assert at_every_event(folder, accept_part, judge) >= 4
    assert len(seen) == 2


def test_a_section_that_somebody_began_to_fill_is_not_taken_over(folder):
    begin_part(folder)
    key = (folder / KEY).read_text()
    (folder / KEY).write_text(key[: key.index("\n[parts.2c]")])
    change(folder / "docs/papers/sample/q2.md", "TODO: the idea, without a number.", "Add them.")
    with pytest.raises(EditError, match="exists already"):
        begin_part(folder)


def test_a_cache_that_is_no_database_is_begun_anew(tmp_path):
    file = tmp_path / ".cache" / "rendered.sqlite"
    file.parent.mkdir()
    file.write_bytes(b"not a database" * 1000)
    rendered._Cache(file).put("a", "b")
    assert rendered._Cache(file).memory == {"a": "b"}


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real/a.txt").write_text("old")
    (tmp_path / "a.txt").symlink_to("real/a.txt")
    whole.replace(tmp_path / "a.txt", "new")
    assert (tmp_path / "a.txt").is_symlink()
    assert (tmp_path / "real/a.txt").read_text() == "new"


def test_a_key_with_a_mark_of_the_byte_order_is_not_rewritten(tmp_path):
    folder = sample(tmp_path)
    text = "\ufeff" + (folder / KEY).read_text()
    with pytest.raises(EditError, match="edit it by hand"):
        edit.hold(text, ("parts", "1b", "lines"), {"total": 3}, {"total": 4}, {})
    assert Path(folder / KEY).exists()
