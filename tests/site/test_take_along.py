"""What is taken along: the table against the data set, the deck as Anki would read it, the copy of the site opened from disk."""

from __future__ import annotations

import csv
import io
import json
import posixpath
import re
import sqlite3
import zipfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from sites import BARE, KEY, MATERIAL, PAGE, ROOT, change, copy_solvers, quick, run, sample, until
from test_site import Reader

from solvers.site import deck, downloads, export, pack, take_along
from solvers.site.cells import Site
from solvers.site.problems import ProblemsFound
from solvers.site.project import Project

GUIDS = {"OKMqN#eH/?": "sample/1a", "pVR0VKg_KS": "sample/1b"}
SITE = Site("Sample", "https://sample.example", "https://github.com/sample/sample")


@pytest.fixture(scope="module")
def unpacked(site, tmp_path_factory):
    """The copy of the site, as a reader unpacks it."""
    folder = tmp_path_factory.mktemp("a reader's disk")
    with zipfile.ZipFile(site / downloads.COPY) as archive:
        archive.extractall(folder)
    return folder / "recomputed"


# The table


def table(file):
    return list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"), newline="")))


def test_the_table_says_what_the_data_set_says(site):
    parts = json.loads((site / "answers.json").read_text(encoding="utf-8"))["parts"]
    rows = table(site / "answers.csv")
    assert [row["id"] for row in rows] == list(parts)
    for row, part in zip(rows, parts.values()):
        assert {name: row[name] for name in ("title", "marks", "kind", "verdict", "url")} == {
            name: part[name] for name in ("title", "marks", "kind", "verdict", "url")
        }
        assert row["topics"].split("; ") == part["topics"] or not part["topics"]
        assert row["words"] == part.get("text", "")
        for label, digits in part["answer"].items():
            assert isinstance(digits, list) or f"{label} = {digits}" in row["answer"].split("; ")
        right = [label for label, option in part.get("options", {}).items() if option["right"]]
        assert all(label in row["answer"].partition(";")[0] for label in right)


def test_a_row_in_full(folder):
    export.write_table(Project(folder / "docs"), folder)
    assert table(folder / "answers.csv")[0] == {
        "id": "sample/1a", "paper": "A sample paper", "title": "A sigmoid neuron", "marks": "3", "kind": "numeric",
        "topics": "adam", "verdict": "slip", "answer": "y_hat = 0.0001234; loss = 4.500", "words": "",
        "url": "papers/sample/q1/#1a",
    }  # fmt: skip


def test_commas_quotes_lines_and_lists_stay_in_their_cell(folder):
    change(
        folder / KEY,
        "[parts.1b.answer]\nmean = 1.5",
        'text = "One, \\"two\\"\\nthree"\n[parts.1b.answer]\nmean = [1, [2.50]]',
    )
    export.write_table(Project(folder / "docs"), folder)
    row = table(folder / "answers.csv")[1]
    assert row["answer"] == "mean = [1, [2.50]]"
    assert len(table(folder / "answers.csv")) == 2


def documented(text, heading):
    section = text.split(f"## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"(?m)^\| `(\w+)` \|", section)


def fields(data):
    return {name for part in data["parts"].values() for name in part}


def undocumented(text, data):
    """Fields that the page does not explain, and fields that it explains and nobody writes."""
    wrong = fields(data) ^ set(documented(text, "answers.json"))
    return wrong | (set(export.COLUMNS) ^ set(documented(text, "answers.csv")))


def test_the_page_documents_every_field_that_there_is(site):
    text = (ROOT / "docs/about/data.md").read_text(encoding="utf-8")
    data = json.loads((site / "answers.json").read_text(encoding="utf-8"))
    assert undocumented(text, data) == set()
    assert documented(text, "answers.csv") == list(export.COLUMNS)
    next(iter(data["parts"].values()))["mood"] = "good"
    assert undocumented(text, data) == {"mood"}
    assert undocumented(text.replace("| `url` |", "| `address` |"), data) == {"mood", "url", "address"}


def test_the_example_is_an_entry_of_the_data_set(site):
    html = (site / "about/data/index.html").read_text(encoding="utf-8")
    parts = json.loads((site / "answers.json").read_text(encoding="utf-8"))["parts"]
    shown = "".join(Reader(html).shown)
    example = json.JSONDecoder().raw_decode(shown[shown.index('{\n "parts"') :])[0]["parts"]
    assert len(example) == 1 and example.items() <= parts.items()


# The deck


def notes(file, folder):
    """guid -> fields, as Anki reads them."""
    with zipfile.ZipFile(file) as archive:
        (folder / "collection.db").write_bytes(archive.read("collection.anki2"))
    connection = sqlite3.connect(folder / "collection.db")
    try:
        rows = connection.execute("select guid, flds, mod from notes").fetchall()
        cards = connection.execute("select count(*), count(distinct did) from cards").fetchone()
        models, decks = (json.loads(text) for text in connection.execute("select models, decks from col").fetchone())
    finally:
        connection.close()
    assert cards == (len(rows), 1)
    assert str(deck.MODEL) in models and str(deck.DECK) in decks
    return {guid: dict(zip(deck.FIELDS, text.split("\x1f")), mod=mod) for guid, text, mod in rows}


def test_the_deck_has_a_card_for_every_part(site, tmp_path):
    parts = json.loads((site / "answers.json").read_text(encoding="utf-8"))["parts"]
    cards = {card["Part"]: card for card in notes(site / downloads.DECK, tmp_path).values()}
    assert set(cards) == set(parts)
    for id_, card in cards.items():
        assert card["Question"] and card["Answer"] and card["Verdict"]
        assert f"https://recomputed.github.io/recomputed/{parts[id_]['url']}" in card["Page"]
        text = " ".join(str(value) for value in card.values())
        assert "@{" not in text and "kept:" not in text and "[@" not in text, id_
        assert "$" not in re.sub(r"\\\(.*?\\\)|\\\[.*?\\\]|<code>.*?</code>", "", text, flags=re.S), id_
        for label, option in parts[id_].get("options", {}).items():
            assert f"<strong>{label}.</strong>" in card["Question"], id_
            assert f"{label} is {'right' if option['right'] else 'wrong'}" in card["Answer"], id_


def made(folder, name="deck.apkg"):
    return deck.write(Project(folder / "docs"), folder / name, SITE)


def test_a_card_in_full(folder, tmp_path):
    card = next(iter(notes(made(folder), tmp_path).values()))
    assert card["Part"] == "sample/1a" and card["Title"] == "A sigmoid neuron (3 marks)"
    assert r"A neuron reads <span class=" in card["Question"] and r"\(x = 3.5\)" in card["Question"]
    assert r"\approx 0.0001234\)" in card["Answer"]
    assert "0.0001234" not in card["Question"]
    assert card["Page"].startswith('<a href="https://sample.example/papers/sample/q1/#1a">')


def test_the_same_parts_make_the_same_bytes(folder, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    first = made(folder).read_bytes()
    assert made(folder, "again.apkg").read_bytes() == first
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000001")
    assert made(folder, "later.apkg").read_bytes() != first


def test_a_newer_deck_updates_the_cards_that_a_reader_has(folder, tmp_path, monkeypatch):
    """Anki knows a note by its guid, and takes it over when it is newer."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    before = notes(made(folder), tmp_path)
    change(folder / KEY, 'title = "A sigmoid neuron"', 'title = "Another title"')
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000500")
    after = notes(made(folder), tmp_path)
    assert list(before) == list(after)
    assert all(after[guid]["mod"] > before[guid]["mod"] for guid in before)
    assert next(card["Title"] for card in after.values()) == "Another title (3 marks)"


def test_the_ids_of_the_deck_are_never_changed(folder, tmp_path):
    """Digits on record: with others, a reader's cards would be there twice."""
    assert (deck.DECK, deck.MODEL, deck.SEED) == (1846302917, 1295740386, "recomputed")
    assert {guid: card["Part"] for guid, card in notes(made(folder), tmp_path).items()} == GUIDS


def test_a_part_that_disagrees_is_on_no_card(folder):
    change(folder / KEY, "[parts.1b.answer]\nmean = 1.5", "[parts.1b.answer]\nmean = 1.6")
    with pytest.raises(ProblemsFound):
        made(folder)
    assert not (folder / "deck.apkg").exists()


# The copy


def broken(folder):
    """Links and files of the pages in a folder that lead to no file, as a browser without a server resolves them."""
    found = []
    for page in folder.rglob("*.html"):
        name = page.relative_to(folder).as_posix()
        read = Reader(page.read_text(encoding="utf-8"))
        for link in [*read.links, *read.fetched]:
            address = urlsplit(link)
            if address.scheme or address.netloc or not address.path:
                continue
            path = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(address.path)))
            if not (folder / path).is_file():
                found.append(f"{name}: {link}")
    return found


def test_every_link_of_the_copy_leads_to_a_file(site, unpacked):
    assert broken(unpacked) == []
    assert (
        len(list(unpacked.rglob("*.html"))) == len(list(site.rglob("*.html"))) - 1
    )  # not the page of a server's error
    assert len(broken(site)) > 1000  # as it is published, links lead to folders


def test_the_copy_changes_links_and_nothing_else_of_a_page(site, unpacked):
    for page in unpacked.rglob("*.html"):
        ours, theirs = page.read_text(encoding="utf-8"), (site / page.relative_to(unpacked)).read_text(encoding="utf-8")
        assert Reader(ours).shown == Reader(theirs).shown or page.parent.name == "take-along"
        assert Reader(ours).hidden == Reader(theirs).hidden


def test_the_copy_is_the_same_from_the_command_line(site, snapshot, tmp_path):
    ran = quick(snapshot, "solvers", "pack", str(site), str(tmp_path / "recomputed.zip"))
    assert ran.code == 0, ran.text
    assert (tmp_path / "recomputed.zip").read_bytes() == (site / downloads.COPY).read_bytes()


def test_what_is_no_site_is_not_packed(folder):
    ran = quick(folder, "solvers", "pack", "docs", "docs.zip")
    assert ran.code == 1 and "there is no built site" in ran.text
    assert not (folder / "docs.zip").exists()


LINKS = {
    "a folder": ("../q4/", "../q4/index.html"),
    "a folder without its stroke": ("../q4", "../q4/index.html"),
    "home": ("../../..", "../../../index.html"),
    "this page": ("./", "./index.html"),
    "nothing but a place": ("", ""),
    "a file": ("q1.ipynb", "q1.ipynb"),
    "another site": ("https://x.example/a/", "https://x.example/a/"),
    "a file that stays behind": ("../../../sitemap.xml", "https://s.example/sitemap.xml"),
}


@pytest.mark.parametrize("link, expected", LINKS.values(), ids=LINKS)
def test_a_link_as_a_page_on_disk_needs_it(link, expected):
    taken = {"index.html", "papers/x/q1/index.html", "papers/x/q1/q1.ipynb", "papers/x/q4/index.html"}
    assert pack.Pages(taken, "https://s.example").link(link, "papers/x/q1/index.html") == expected


def test_only_tags_are_rewritten():
    pages = pack.Pages({"index.html", "a/index.html"}, "")
    html = (
        """<a class="x>y" href='a/?q=1#b'>a/</a><!-- <a href="a/"> --><script>"<a href='a/'>"</script><p title="a/">"""
    )
    assert pages.changed("index.html", html.encode()).decode() == html.replace("'a/?", "'a/index.html?")


def test_the_sizes_on_the_page_are_those_of_the_files(site, unpacked):
    html = (site / downloads.PAGE).read_text(encoding="utf-8")
    told = {path: text for _, path, text in downloads.SIZE.findall(html)}
    assert told == {one.path: downloads.size_of(site / one.path) for one in downloads.files(0)}
    assert "–" not in told.values()
    in_copy = (unpacked / downloads.PAGE).read_text(encoding="utf-8")
    assert {path: text for _, path, text in downloads.SIZE.findall(in_copy)} == told | {downloads.COPY: "this copy"}


def test_an_archive_has_one_date_and_one_order(site):
    with zipfile.ZipFile(site / downloads.COPY) as archive:
        names = archive.namelist()
        assert names == sorted(names)
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not any(name.endswith((".map", "404.html", ".zip")) for name in names)


def test_a_site_without_a_search_is_packed_as_well(tmp_path):
    folder = sample(tmp_path, MATERIAL)
    (folder / "site").mkdir()
    (folder / "site/index.html").write_text('<a href="./">x</a>', encoding="utf-8")
    written = take_along.write(Project(folder / "docs"), folder / "site", SITE)
    with zipfile.ZipFile(written[-1]) as archive:
        assert archive.read("recomputed/index.html") == b'<a href="./index.html">x</a>'
        assert "recomputed/assets/from-disk.js" not in archive.namelist()


def missing(request):
    """The browser itself gives up the icon of a page whose address changes."""
    return [] if request.failure == "net::ERR_ABORTED" else [f"failed: {request.url}: {request.failure}"]


@pytest.fixture
def disk(browser, unpacked):
    """Open a page of the copy in a browser that has no network, and note what goes wrong."""
    context = browser.new_context(offline=True)
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.complaints, page.requests = [], []
    page.on("console", lambda said: page.complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("requestfailed", lambda request: page.complaints.extend(missing(request)))
    page.on("request", lambda request: page.requests.append(request.url))
    page.goto((unpacked / "index.html").as_uri())
    yield page
    context.close()


def test_the_copy_opens_from_disk_and_its_links_work(disk, unpacked):
    disk.locator(".md-content a[href$='papers/index.html']").first.click()
    disk.wait_for_url("**/papers/index.html")
    disk.locator(".md-content table a[href*='bits-dnn-2022s2-endsem']").first.click()
    disk.wait_for_url("**/bits-dnn-2022s2-endsem/index.html")
    disk.locator(".md-content table a[href$='q4/index.html#4a']").first.click()
    disk.wait_for_url("**/q4/index.html#4a")
    disk.locator("details.answer > summary").first.click()
    assert disk.locator("details.answer .katex").first.is_visible()
    loaded = disk.evaluate(
        "document.fonts.ready.then(() => [...document.fonts].filter(f => f.status == 'loaded').map(f => f.family))"
    )
    assert "KaTeX_Main" in loaded and any("STIX" in family for family in loaded)
    assert disk.complaints == []
    assert all(address.startswith(("file:", "data:", "about:")) for address in disk.requests)


def test_the_copy_offers_new_numbers(disk, unpacked):
    disk.goto((unpacked / "papers/bits-dnn-2022s2-endsem/q4/index.html").as_uri())
    control = disk.locator('.new-numbers[data-part$="/4a"]')
    control.locator("[data-another]").click()
    until(disk, "document.querySelector('.new-numbers output').textContent.startsWith('Numbers 1 of 12')")
    assert disk.locator('[data-new="4a question"] .givens .katex').first.is_visible()
    assert "?4a=1" in disk.url
    assert disk.complaints == []
    assert all(address.startswith(("file:", "data:", "about:")) for address in disk.requests)


def test_the_search_of_the_copy_finds_a_page_and_leads_there(disk):
    disk.locator(".md-search__input").click()
    disk.keyboard.type("Adam", delay=20)
    result = disk.locator(".md-search-result__link", has_text="Adam").first
    result.wait_for(state="visible")
    address = urlsplit(result.get_attribute("href")).path
    assert address.endswith("/index.html") and Path(unquote(address)).is_file()
    result.click()
    disk.wait_for_url("**/index.html?h=adam*")
    assert disk.locator("h1").count() == 1
    assert disk.complaints == []


def test_without_its_file_the_copy_could_not_search(disk, unpacked):
    """What the test above would see: a page from disk starts no worker by itself, and the theme stops there."""
    text = (unpacked / "index.html").read_text(encoding="utf-8")
    bare = unpacked / "bare.html"
    bare.write_text(text.replace('<script src="assets/from-disk.js"></script>', ""), encoding="utf-8")
    assert bare.read_text(encoding="utf-8") != text
    disk.goto(bare.as_uri())
    bare.unlink()
    assert not disk.locator(".md-search__input").is_visible()


# A server, which builds again while its author waits

SERVE = """
import sys
from pathlib import Path
from mkdocs.commands.build import build
from mkdocs.config import load_config

def built(command):
    config = load_config("mkdocs.yml", site_dir=command)
    if not Path(command).exists():
        config.plugins.on_startup(command=command, dirty=False)
    build(config)

built("build")
built("serve")
for file, old, new in zip(sys.argv[1::3], sys.argv[2::3], sys.argv[3::3]):
    text = Path(file).read_text(encoding="utf-8")
    assert old in text, old
    Path(file).write_text(text.replace(old, new, 1), encoding="utf-8")
built("serve")
"""
BEFORE = 'built("build")\nbuilt("serve")\n'
NOT_HERE = "left out of this preview"


def served(folder, *changes, first=True):
    """Build, serve, and serve again after the changes (file, old, new), all in one process; or make the changes first."""
    folder.mkdir(exist_ok=True)
    sample(folder, BARE)
    config = (folder / "mkdocs.yml").read_text(encoding="utf-8")
    (folder / "mkdocs.yml").write_text(f"{config}hooks: [{ROOT}/solvers/site/hook.py]\n", encoding="utf-8")
    (folder / "docs/take-along.md").write_text("# Take along\n\n``` list downloads\n```\n", encoding="utf-8")
    (folder / "serve.py").write_text(SERVE if first else SERVE.replace(BEFORE, ""), encoding="utf-8")
    if changes:
        copy_solvers(folder)
        change(folder / "mkdocs.yml", f"{ROOT}/solvers/site/hook.py", "solvers/site/hook.py")
    ran = run(folder, "serve", *(text for one in changes for text in one))
    assert ran.code == 0, ran.text


def test_a_server_leaves_out_what_is_taken_along_and_says_so(tmp_path):
    served(tmp_path)
    files = {kind: {path.relative_to(tmp_path / kind).as_posix() for path in (tmp_path / kind).rglob("*")}
             for kind in ("build", "serve")}  # fmt: skip
    made = {"papers/sample/q1/q1.ipynb", downloads.DECK, downloads.COPY}
    assert files["build"] - files["serve"] == made
    assert files["serve"] - files["build"] == set()
    for page, offered in {
        "take-along": {"recomputed.apkg", "recomputed.zip"},
        "papers/sample/q1": {"q1.ipynb"},
    }.items():
        whole, preview = ((tmp_path / kind / page / "index.html").read_text(encoding="utf-8") for kind in files)
        assert {name for name in offered if re.search(f'href="[^"]*{name}"', whole)} == offered
        assert NOT_HERE not in whole
        assert not re.search(r'href="[^"]*\.(apkg|zip|ipynb)"', preview)
        assert preview.count(NOT_HERE) == len(offered)
    told = dict(re.findall(r'data-file="([^"]+)">([^<]*)<', (tmp_path / "serve" / downloads.PAGE).read_text("utf-8")))
    assert told.keys() == {"answers.csv", "answers.json"} and "–" not in told.values()


def test_a_server_reads_everything_anew_when_it_builds_again(tmp_path):
    """A page, a key, a solver and the engine change: no project of an earlier build says anything of them."""
    served(
        tmp_path,
        (PAGE, "a, c = 1, 2", "a, c = 1, 4"),
        (KEY, "[parts.1b.answer]\nmean = 1.5", "[parts.1b.answer]\nmean = 2.5"),
        (KEY, "[parts.1b.printed]\nmean = 1.5", "[parts.1b.printed]\nmean = 2.5"),
        (KEY, "total = 3", "total = 5"),
        ("docs/topics.toml", 'title = "Adam"', 'title = "Adam, again"'),
        ("solvers/neurons.py", "dL_dw = dL_dz * x  #", "dL_dw = dL_dz * x  # newly said:"),
        ("solvers/site/export.py", '"kind": record.kind,', '"kind": f"very {record.kind}",'),
    )
    data = json.loads((tmp_path / "serve/answers.json").read_text(encoding="utf-8"))["parts"]
    assert data["sample/1b"]["answer"] == {"mean": "2.5"}
    assert {part["kind"] for part in data.values()} == {"very numeric"}
    page = (tmp_path / "serve/papers/sample/q1/index.html").read_text(encoding="utf-8")
    assert "What is the mean of 1 and 4?" in page and "Adam, again" in page and "newly said:" in page


CHANGES = {
    "a given": [(PAGE, "a, c = 1, 2", "a, c = 1, 4"), (KEY, "[parts.1b.answer]\nmean = 1.5", "[parts.1b.answer]\nmean = 2.5"),
                (KEY, "[parts.1b.printed]\nmean = 1.5", "[parts.1b.printed]\nmean = 2.5"), (KEY, "total = 3", "total = 5")],
    "digits": [(KEY, "loss = 4.500", "loss = 4.50")],
    "a title": [(KEY, 'title = "', 'title = "Another ')],
    "a text": [(PAGE, "What is the mean of", "Which is the mean of")],
    "a line above": [(PAGE, "``` part", "A sentence.\n\n``` part")],
    "a topic": [("docs/topics.toml", 'title = "Adam"', 'title = "Adam, again"')],
    "a solver's words": [("solvers/neurons.py", "dL_dw = dL_dz * x  #", "dL_dw = dL_dz * x  # newly said:")],
}  # fmt: skip


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
def test_what_a_server_builds_again_is_what_it_would_build_anew(tmp_path, changes):
    """It keeps the parts that it has solved; a site made without them is the same, byte for byte."""
    kept, anew = tmp_path / "kept", tmp_path / "anew"
    served(kept, *changes)
    served(anew, *changes, first=False)
    files = [{file.relative_to(site): file.read_bytes() for file in (site / "serve").rglob("*") if file.is_file()}
             for site in (kept, anew)]  # fmt: skip
    assert files[0].keys() == files[1].keys() and len(files[0]) > 5
    assert [name for name, content in files[0].items() if _undated(content) != _undated(files[1][name])] == []


def _undated(content):
    """A site map and its packed twin tell the time of the build."""
    return b"" if content.startswith(b"\x1f\x8b") else content


COUNTED = """
from solvers.site import parts
solve = parts.solve
def counting(section, paper, file):
    print("solved", section.part)
    return solve(section, paper, file)
parts.solve = counting
"""


def test_a_server_solves_again_what_has_changed_only(tmp_path):
    served(tmp_path)
    script = (tmp_path / "serve.py").read_text(encoding="utf-8").replace("\nfor file", f"\n{COUNTED}\nfor file")
    (tmp_path / "serve.py").write_text(script, encoding="utf-8")
    ran = run(tmp_path, "serve", PAGE, "a, c = 1, 2", "c, a = 2, 1")
    assert ran.code == 0, ran.text
    assert re.findall("solved (.*)", ran.text) == ["1b"]


def test_a_build_solves_every_part_once(tmp_path):
    """For its page, its notebook, its card, its new numbers and the mock exam."""
    sample(tmp_path, BARE)
    config = (tmp_path / "mkdocs.yml").read_text(encoding="utf-8")
    (tmp_path / "mkdocs.yml").write_text(f"{config}hooks: [{ROOT}/solvers/site/hook.py]\n", encoding="utf-8")
    exam = "---\nsearch: {exclude: true}\n---\n\n# Mock exam\n\n``` exam\n```\n"
    (tmp_path / "docs/papers/sample/exam.md").write_text(exam, encoding="utf-8")
    with (tmp_path / PAGE).open("a", encoding="utf-8") as page:
        page.write("\n\n\n")
    (tmp_path / "once.py").write_text(SERVE.partition("\nbuilt(")[0] + COUNTED + 'built("build")\n', encoding="utf-8")
    ran = run(tmp_path, "once")
    assert ran.code == 0, ran.text
    assert sorted(re.findall("solved (.*)", ran.text)) == ["1a", "1b"]
    assert (tmp_path / "build/papers/sample/exam/index.html").is_file()
