"""A folder that is no whole site does not take the place of the one that is published."""

from __future__ import annotations

import json
import re
import shutil

import pytest
from sites import change, quick

from solvers.site import downloads, measures, smoke

NAMED = "papers/bits-dnn-2022s2-endsem/q4/index.html"


@pytest.fixture
def built(site, tmp_path):
    """A copy of the site to break, without what the look at it does not need."""
    return shutil.copytree(site, tmp_path / "site", ignore=shutil.ignore_patterns("*.map", "*.ipynb", "lunr"))


def test_the_real_site_is_whole(site, tmp_path):
    assert smoke.problems(site) == []
    assert smoke.problems(site, site / "answers.json") == []
    assert smoke.problems(site, tmp_path / "nothing is published yet") == []


@pytest.mark.parametrize("name", smoke.NEEDED)
def test_a_file_that_is_missing_or_empty(built, name):
    (built / name).write_bytes(b"")
    assert smoke.problems(built) == [f"{name} is missing or empty"]
    (built / name).unlink()
    assert smoke.problems(built) == [f"{name} is missing or empty"]


def test_an_empty_folder(tmp_path):
    assert len(smoke.problems(tmp_path)) == len(smoke.NEEDED)


def without(file, pattern):
    text = file.read_text(encoding="utf-8")
    assert re.search(pattern, text)
    file.write_text(re.sub(pattern, "", text, flags=re.S), encoding="utf-8")


def fewer(file, keep):
    data = json.loads(file.read_text(encoding="utf-8"))
    data["parts"] = dict(list(data["parts"].items())[: int(keep * len(data["parts"]))])
    file.write_text(json.dumps(data), encoding="utf-8")


def fewer_docs(file):
    data = json.loads(file.read_text(encoding="utf-8"))
    data["docs"] = data["docs"][:5]
    file.write_text(json.dumps(data), encoding="utf-8")


BROKEN = {
    "a page cut off": (lambda s: without(s / NAMED, "</html>"), f"{NAMED} is cut off"),
    "a page of nothing": (lambda s: (s / NAMED).write_text("<html></html>"), f"{NAMED} is cut off"),
    "a page without its policy": (lambda s: without(s / NAMED, "Content-Security-Policy"), "no content-security policy"),
    "a page that is gone": (lambda s: (s / NAMED).unlink(), "sitemap.xml names"),
    "a script that is gone": (lambda s: (s / "assets/site.js").unlink(), "site.js, which is not there"),
    "a style sheet that is gone": (lambda s: (s / "assets/site.css").unlink(), "site.css, which is not there"),
    "a map of nothing": (lambda s: (s / "sitemap.xml").write_text("<urlset></urlset>"), "names no page"),
    "a search of nothing": (lambda s: (s / "search/search_index.json").write_text('{"docs": []}'), "or is empty"),
    "a search that is cut off": (lambda s: (s / "search/search_index.json").write_text('{"docs": ['), "or is empty"),
    "a search of a few pages": (lambda s: fewer_docs(s / "search/search_index.json"), "index.json knows"),
    "no data": (lambda s: (s / "answers.json").write_text('{"parts": {}}'), "has no part"),
    "data cut off": (lambda s: (s / "answers.json").write_text('{"parts": {'), "has no part"),
    "a part without a place": (lambda s: without(s / NAMED, 'id="4a"'), "bits-dnn-2022s2-endsem/4a is not at"),
    "a copy cut off": (lambda s: (s / downloads.COPY).write_bytes(b"PK\3\4"), "cannot be unpacked"),
}  # fmt: skip


@pytest.mark.parametrize("damage, says", BROKEN.values(), ids=BROKEN)
def test_a_broken_folder_is_noticed(built, damage, says):
    damage(built)
    assert any(says in problem for problem in smoke.problems(built)), smoke.problems(built)


def test_a_site_that_lost_many_parts_is_noticed(built, site):
    fewer(built / "answers.json", 0.95)
    assert smoke.problems(built, site / "answers.json") == []
    fewer(built / "answers.json", 0.9)
    (problem,) = smoke.problems(built, site / "answers.json")
    assert re.fullmatch(r"answers\.json has \d+ parts, the published one \d+", problem)


def test_the_command(site, snapshot, built):
    ran = quick(snapshot, "solvers", "smoke", str(site), "--published", str(site / "answers.json"))
    assert (ran.code, ran.out) == (0, f"{site}: a whole site\n"), ran.text
    (built / "sitemap.xml").unlink()
    ran = quick(snapshot, "solvers", "smoke", str(built))
    assert (ran.code, ran.out, ran.err) == (1, "", f"{built}: sitemap.xml is missing or empty\n")


def test_the_measures_are_those_of_the_files(tmp_path):
    for name, size in {"index.html": 10, "a/index.html": 5, "a.js": 7, "a.css": 3, "search/search_index.json": 11,
                       downloads.COPY: 100, "a.png": 1}.items():  # fmt: skip
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x" * size)
    ran = quick(
        tmp_path.parent,
        "solvers",
        "--docs",
        str(tmp_path),
        "measure",
        str(tmp_path),
        "--check",
        "2.04",
        "--build",
        "40",
    )
    assert ran.code == 0, ran.text
    written = json.loads((tmp_path / measures.FILE).read_text(encoding="utf-8"))
    assert written["seconds"] == {"check": 2.0, "build": 40.0}
    assert written["bytes"] == {"pages": 15, "scripts": 7, "styles": 3, "search": 11, "copy": 100, "all": 137}
    from solvers.site.changes import reading

    assert reading.data((tmp_path / measures.FILE).read_bytes(), "measures") == written
    change(tmp_path / measures.FILE, '"copy": 100', '"copy": 1')
    assert measures.sizes(tmp_path)["copy"] == 100  # a file that stands there already is not counted
