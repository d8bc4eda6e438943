"""The sites that the measurements are made on: copies that check clean, have other numbers, and are folded up when many."""

import importlib
import sys
from types import SimpleNamespace

import pytest
from sites import ROOT

sys.path.append(str(ROOT / "tests"))
copies = importlib.import_module("copies")


def test_formulas_of_a_copy_are_those_of_no_other(tmp_path):
    text = "A $x$ and\n\n$$\ny\n$$\n\n``` solution\ncost = 'a $5$ bill'\n```\n\nCode: `$z$`.\n"
    first, second = (copies.told_apart(text, number) for number in (1, 2))
    assert r"$x \kern1sp$" in first
    assert r"$x \kern2sp$" in second
    assert "y \\kern1sp\n$$" in first
    assert "'a $5$ bill'" in first
    assert "`$z$`" in first


def test_every_paper_of_the_navigation_gets_its_copies():
    papers = sorted(file.parent for file in (ROOT / "docs" / "papers").glob("*/key.toml"))
    text = copies.with_copies((ROOT / "mkdocs.yml").read_text("utf-8"), papers, 3)
    for paper in papers:
        assert f"- papers/{paper.name}/index.md" in text
        assert f"- papers/{paper.name}-copy-2/index.md" in text
        assert f"papers/{paper.name}-copy-3/" not in text


@pytest.mark.parametrize("pages, folded", [(200, False), (201, True)])
def test_the_navigation_of_a_large_site_leaves_out_what_is_folded_up(monkeypatch, pages, folded):
    from solvers.site import hook

    monkeypatch.setattr(hook.extension, "refresh", lambda: None)
    monkeypatch.setattr(hook.extension, "engine", lambda _: SimpleNamespace(begin=lambda *_: None))
    config = SimpleNamespace(theme={"features": ["toc.follow"]})
    for _ in range(2):  # a server builds again
        hook.on_files(SimpleNamespace(documentation_pages=lambda: [None] * pages), config)
    assert config.theme["features"] == ["toc.follow", *(["navigation.prune"] if folded else [])]
