"""Every link of the built site leads somewhere, in its pages, its data, its notebooks and the copy to take along."""

from __future__ import annotations

import json
import re

import links
import pytest
from sites import ROOT

ADDRESS = "https://sample.example/somewhere/"
GOOD = {
    "index.html": '<link href="a/site.css"><a href="p/#one">x</a> <a href="https://other.example/">o</a> <img srcset="a/x.png 2x">',
    "404.html": '<a href="/somewhere/.">home</a> <a href="/somewhere/p/">p</a>',
    "p/index.html": '<p id="one"></p> <a href="../">home</a> <a href="#one">here</a> <script src="../a/s.js"></script>',
    "a/site.css": 'p { background: url("x.png") } b { background: url(data:image/png;base64,AA) }',
    "a/x.png": "",
    "a/s.js": "",
    "data.json": json.dumps({"parts": {"1": {"url": "p/#one"}}}),
    "search/search_index.json": json.dumps({"docs": [{"location": ""}, {"location": "p/#one", "text": "url"}]}),
    "p/p.ipynb": json.dumps({"cells": [{"cell_type": "markdown", "source": [f"[x]({ADDRESS}p/#one) $a[1](2)$"]}]}),
    "sitemap.xml": f"<url><loc>{ADDRESS}p/</loc></url>",
}
BREAKS = [
    ("index.html", "p/#one", "p/#two", "index.html: p/#two: p/index.html has no anchor 'two'"),
    ("index.html", "p/#one", "q/", "index.html: q/: there is no q/index.html"),
    ("index.html", "p/#one", "p", "index.html: p: p is a folder: add a slash"),
    ("index.html", "a/x.png", "a/y.png", "index.html: a/y.png: there is no a/y.png"),
    ("404.html", "/somewhere/p/", "/somewhere/q/", "404.html: /somewhere/q/: there is no q/index.html"),
    ("p/index.html", '"#one"', '"#two"', "p/index.html: #two: p/index.html has no anchor 'two'"),
    ("p/index.html", "../a/s.js", "../a/t.js", "p/index.html: ../a/t.js: there is no a/t.js"),
    ("a/site.css", "x.png", "y.png", "a/site.css: y.png: there is no a/y.png"),
    ("data.json", "p/#one", "p/#two", "data.json: ./p/#two: p/index.html has no anchor 'two'"),
    ("search/search_index.json", "p/#one", "q/", "search/search_index.json: ../q/: there is no q/index.html"),
    ("p/p.ipynb", "p/#one", "p/#two", f"p/p.ipynb: {ADDRESS}p/#two: p/index.html has no anchor 'two'"),
    ("sitemap.xml", "p/", "q/", f"sitemap.xml: {ADDRESS}q/: there is no q/index.html"),
]


def broken(texts):
    return links.broken({name: text.encode() for name, text in texts.items()}, ADDRESS)


def test_a_site_whose_links_hold():
    assert broken(GOOD) == []


@pytest.mark.parametrize(("name", "old", "new", "told"), BREAKS, ids=[told for *_, told in BREAKS])
def test_a_link_that_breaks_is_told(name, old, new, told):
    assert GOOD[name].count(old) == 1
    assert broken({**GOOD, name: GOOD[name].replace(old, new)}) == [told]


@pytest.fixture(scope="module")
def address():
    return re.search(r"site_url: &site (\S+)", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"))[1]


def test_every_link_of_the_site_leads_somewhere(site, address):
    assert links.broken(links.files_of(site), address) == []


def test_every_link_of_the_copy_to_take_along_leads_somewhere(site):
    files = links.files_of_zip(site / "take-along/recomputed.zip")
    assert sum(name.endswith(".html") for name in files) > 50
    assert links.broken(files, links.BASE) == []  # what is left out of the copy is linked where it is published
    del files["errata/index.html"]
    assert any(told.endswith("there is no errata/index.html") for told in links.broken(files, links.BASE))


def test_a_page_that_is_lost_on_the_way_is_noticed(site, address):
    files = links.files_of(site)
    del files["errata/index.html"]
    assert any(told.endswith("there is no errata/index.html") for told in links.broken(files, address))


# Outside: nothing here asks the network


def answers(*given):
    left = list(given)
    return lambda _: left.pop(0)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["alive"], "alive"),
        (["gone: status 404", "alive"], "alive"),
        (["unclear: slow", "unclear: slow", "alive"], "alive"),
        (["gone: status 404"] * 3, "gone: status 404"),
        (["gone: status 404", "unclear: slow", "gone: status 404"], "unclear: slow"),
    ],
)
def test_only_what_is_gone_at_every_attempt_is_gone(given, told):
    assert links.persisting("https://some.example/", answers(*given), lambda _: None) == told


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (403, "alive"),
        (429, "alive"),
        (404, "gone: status 404"),
        (410, "gone: status 410"),
        (503, "unclear: status 503"),
    ],
)
def test_what_a_publisher_refuses_to_a_program_is_alive(monkeypatch, status, told):
    def refuse(request, timeout):
        raise links.HTTPError(request.full_url, status, "no", {}, None)

    monkeypatch.setattr(links, "urlopen", refuse)
    assert links.answer("https://some.example/") == told


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        (links.socket.gaierror(links.socket.EAI_NONAME, "unknown"), "gone"),
        (OSError("refused"), "unclear"),
        (TimeoutError(), "unclear"),
    ],
)
def test_a_name_that_is_unknown_is_gone_and_a_network_in_trouble_is_not(monkeypatch, reason, told):
    def fail(request, timeout):
        raise links.URLError(reason)

    monkeypatch.setattr(links, "urlopen", fail)
    assert links.answer("https://some.example/").partition(":")[0] == told


def test_the_summary_names_what_is_gone_and_fails_for_nothing_else(tmp_path, capsys):
    (tmp_path / "page.md").write_text("[a](https://a.example/x), [b](https://b.example/y).")
    assert links.external(tmp_path, lambda address: "alive" if "a.example" in address else "unclear: slow") == 0
    assert "unclear: slow: https://b.example/y" in capsys.readouterr().out
    assert links.external(tmp_path, lambda address: "gone: status 404") == 1
    assert "2 addresses outside: 0 answer, 2 gone" in capsys.readouterr().out
