"""The built site: complete, the same every time, small, free of third parties, and its search spoils nothing."""

from __future__ import annotations

import gzip
import html as escaping
import json
import re
from html.parser import HTMLParser
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from solvers.site.check import check
from solvers.site.project import Project, read_page

LIMIT = 100_000  # bytes of a compressed page

# A host of these in an address that a browser fetches would mean that a reader is sent to a third party.
THIRD = ("unpkg", "googleapis", "gstatic", "jsdelivr", "cdnjs", "api.github.com", "cloudflare", "polyfill")
FETCHED = {"link": "href", "script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src", "audio": "src", "embed": "src",
           "object": "data", "track": "src", "use": "href", "image": "href", "input": "src", "form": "action"}  # fmt: skip


def pages(site):
    return sorted(site.rglob("*.html"))


class Reader(HTMLParser):
    """Addresses that a page fetches or links to, its ids, classes, and the text inside and outside its reveals."""

    def __init__(self, text):
        super().__init__()
        self.fetched, self.links, self.ids, self.inline = [], [], [], []
        self.attributes, self.hidden, self.shown = set(), [], []
        self.depth = 0
        self.tag = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.tag = tag
        self.attributes |= {f"{name}={value}" if value else name for name, value in attrs}
        self.attributes |= {f"class={one}" for one in (values.get("class") or "").split()}
        if values.get("id"):
            self.ids.append(values["id"])
        if tag == "a" and values.get("href"):
            self.links.append(values["href"])
        elif tag in FETCHED and values.get(FETCHED[tag]):
            rel = (values.get("rel") or "").split()
            if tag != "link" or not {"canonical", "alternate", "next", "prev", "edit", "license"} & set(rel):
                self.fetched.append(values[FETCHED[tag]])
        for name in ("srcset", "poster", "background", "ping"):
            self.fetched += [part.split()[0] for part in (values.get(name) or "").split(",") if part.strip()]
        self.inline.append(values.get("style") or "")
        if tag == "details" or self.depth:
            self.depth += tag == "details"

    def handle_endtag(self, tag):
        self.depth -= tag == "details"

    def handle_data(self, data):
        if self.tag in ("script", "style") and not self.depth:
            self.inline.append(data)
        (self.hidden if self.depth else self.shown).append(data)


@pytest.fixture(scope="module")
def read(site):
    """Every page, parsed once."""
    return {page.relative_to(site).as_posix(): Reader(page.read_text(encoding="utf-8")) for page in pages(site)}


def test_blocks_written_are_blocks_run_are_parts_shown(site, snapshot):
    """Three counts of three different things, that have to be one number."""
    docs = snapshot / "docs"
    project = Project(docs)
    written = sum(
        len(re.findall(r"^``` solution\b", page.read_text(encoding="utf-8"), re.M)) for page in docs.rglob("*.md")
    )
    parts = list(check(project))
    ran = sum(1 for part in parts if any(label != "right" for label in part.run.lines))
    shown = sum(page.read_text(encoding="utf-8").count('class="part-footer"') for page in pages(site))
    again = sum(len(re.findall(r"^``` show\b", page.read_text(encoding="utf-8"), re.M)) for page in docs.rglob("*.md"))
    assert written == ran > 0
    assert len(parts) == shown - again > 0


def test_every_page_has_the_parts_that_were_written_on_it(site, snapshot):
    for page in (snapshot / "docs/papers").rglob("*.md"):
        found, _ = read_page(page)
        if found.sections:
            address = page.relative_to(snapshot / "docs").with_suffix("") / "index.html"
            html = (site / address).read_text(encoding="utf-8")
            assert [section.part for section in found.sections] == re.findall(r'<h2 id="([^"]+)">', html)


def test_every_reveal_is_closed_but_those_that_are_shown_open(read):
    """A student opens a solution; none is open when a page of a paper is loaded."""
    for name, page in read.items():
        if name.startswith("papers/"):
            assert "open" not in page.attributes, name


def test_no_id_stands_twice_on_a_page(read):
    for name, page in read.items():
        assert sorted(page.ids) == sorted(set(page.ids)), name


def test_every_link_inside_the_site_leads_somewhere(read, site):
    """Also those in finished HTML, which the generator does not look into."""
    targets = {name: set(page.ids) for name, page in read.items()}
    for name, page in read.items():
        for link in page.links:
            address = urlsplit(urljoin(f"http://site/{name}", link))
            if address.netloc != "site" or name == "404.html":
                continue
            path = unquote(address.path.lstrip("/"))
            path = f"{path}index.html" if path.endswith("/") or not path else path
            assert (site / path).is_file(), f"{name}: {link}"
            if address.fragment and not address.fragment.startswith(":~:") and path in targets:
                assert unquote(address.fragment) in targets[path] or address.fragment.startswith("__"), (
                    f"{name}: {link}"
                )


def test_no_page_names_a_path_of_the_machine_that_built_it(site, snapshot):
    for file in site.rglob("*"):
        if file.suffix in (".html", ".json", ".xml"):
            assert str(snapshot) not in file.read_text(encoding="utf-8"), file


def local(address):
    """True when a browser that fetches this address asks the site itself, or nobody."""
    parts = urlsplit(address.strip())
    return parts.scheme in ("", "data") and not parts.netloc


def test_no_page_fetches_anything_from_elsewhere(read):
    for name, page in read.items():
        assert [address for address in page.fetched if not local(address)] == [], name
        for text in page.inline:
            assert [address for address in re.findall(r"url\(\s*['\"]?([^'\")]+)", text) if not local(address)] == [], (
                name
            )


def test_no_page_links_to_a_host_that_serves_scripts_or_fonts(read):
    for name, page in read.items():
        for address in [*page.fetched, *page.links]:
            host = urlsplit(address).netloc
            assert not any(third in host for third in THIRD), f"{name}: {address}"


def test_no_style_sheet_fetches_anything_from_elsewhere(site):
    sheets = list(site.rglob("*.css"))
    assert sheets
    for sheet in sheets:
        text = sheet.read_text(encoding="utf-8")
        fetched = re.findall(r"url\(\s*['\"]?([^'\")]+)", text) + re.findall(r"@import\s+['\"]([^'\"]+)", text)
        assert [address for address in fetched if not local(address)] == [], sheet


def test_every_file_that_is_fetched_is_there(read, site):
    """Fonts of the style sheets as well: a font that is missing is a request that fails."""
    for name, page in read.items():
        for address in page.fetched:
            if name != "404.html" and not address.startswith("data:"):
                path = urlsplit(urljoin(f"http://site/{name}", address)).path.lstrip("/")
                assert (site / unquote(path)).exists(), f"{name}: {address}"
    for sheet in site.rglob("*.css"):
        for address in re.findall(r"url\(\s*['\"]?([^'\")]+)", sheet.read_text(encoding="utf-8")):
            if not address.startswith(("data:", "#")):
                assert (sheet.parent / unquote(urlsplit(address).path)).exists(), f"{sheet}: {address}"


def test_the_theme_is_not_told_to_ask_third_parties(read):
    """Its script counts the stars of a repository where it finds a `source` component, and fetches Mermaid where it finds a
    diagram of that kind."""
    for name, page in read.items():
        assert "data-md-component=source" not in page.attributes, name
        assert "class=mermaid" not in page.attributes, name
        assert "class=md-source__facts" not in page.attributes, name


def test_the_pages_need_no_script_of_their_own(read):
    """Maths is set and figures are drawn when the site is built: what is left is the theme's, and small files of ours."""
    always = ["storage.js", "site.js", "answer.js", "study.js", "print.js", "reach.js"]
    for name, page in read.items():
        scripts = [address for address in page.fetched if urlsplit(address).path.endswith(".js")]
        ours = [address.rpartition("/")[2] for address in scripts if "assets/javascripts/" not in address]
        assert [one for one in ours if one in always] == always, name
        assert {*ours} <= {*always, "new-numbers.js", "exam.js", "solutions.js"}, name


def index_of(site):
    return json.loads((site / "search/search_index.json").read_text(encoding="utf-8"))["docs"]


def words(text):
    return " ".join(re.sub(r"<[^>]+>", " ", escaping.unescape(text)).split())


def test_the_search_finds_the_questions(site, snapshot):
    entries = [entry for entry in index_of(site) if entry["location"].startswith("papers/")]
    text = words(" ".join(entry["title"] + " " + entry["text"] for entry in entries))
    assert "Adam" in text
    answers = json.loads((site / "answers.json").read_text(encoding="utf-8"))["parts"]
    locations = {entry["location"] for entry in entries}
    for part in answers.values():
        assert part["title"] in text
        assert part["url"] in locations


def test_the_search_spoils_nothing(site, read):
    """No line of a hint, an answer, a derivation or a published key can be found: pages of papers are asked, since the list of
    errata is public by intention."""
    entries = [entry for entry in index_of(site) if entry["location"].startswith("papers/")]
    text = words(" ".join(entry["text"] for entry in entries))
    looked = 0
    for name, page in read.items():
        if not name.startswith("papers/"):
            continue
        shown = words(" ".join(page.shown))
        for piece in page.hidden:
            piece = " ".join(piece.split())
            if len(piece) >= 20 and piece not in shown:
                looked += 1
                assert piece not in text, f"{name}: {piece}"
    assert looked > 100


def test_the_search_index_carries_no_leftovers(site):
    text = (site / "search/search_index.json").read_text(encoding="utf-8")
    assert "kept:" not in text and "@{" not in text and "katex" not in text


def test_no_page_is_large(site):
    sizes = {
        page.relative_to(site).as_posix(): len(gzip.compress(page.read_bytes(), 9, mtime=0)) for page in pages(site)
    }
    assert {name: size for name, size in sizes.items() if size > LIMIT} == {}


def test_the_test_of_sizes_would_see_a_large_page(site):
    largest = max(len(gzip.compress(page.read_bytes(), 9, mtime=0)) for page in pages(site))
    assert 10_000 < largest <= LIMIT


def test_nothing_of_the_sources_is_published(site):
    """But the labs, which a reader may download."""
    assert not list(site.rglob("*.toml")) and not list(site.rglob("*.part"))
    assert all(file.parent.parent == site / "labs" for file in site.rglob("*.py"))


def test_every_figure_is_told_in_words(site):
    for page in pages(site):
        for svg in re.findall(r"<svg[^>]*>", page.read_text(encoding="utf-8")):
            if 'role="img"' in svg:
                assert re.search(r'aria-label="[^"]{10,}"', svg), page


def test_every_page_says_what_it_is(read, site):
    for page in pages(site):
        text = page.read_text(encoding="utf-8")
        assert text.count("<h1") == 1 or page.name == "404.html", page
        assert re.search(r'<html lang="en"', text), page
        assert re.search(r'<meta name="viewport"', text), page
