"""MkDocs, ProperDocs and Zensical build the same parts from the same mkdocs.yml, and all of them refuse a broken page."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from sites import KEY, MATERIAL, PAGE, change, copy_repository, copy_solvers, line_of, run, sample

# Each writes into the folder `site` beside mkdocs.yml. ProperDocs wants its configuration named; Zensical keeps pages of
# other builds in .cache and has to be told to forget them.
COMMANDS = {
    "mkdocs": ("mkdocs", "build"),
    "properdocs": ("properdocs", "build", "-f", "mkdocs.yml"),
    "zensical": ("zensical", "build", "--clean"),
}
PART = re.compile(r'(?:<h2 id="[^"]+">[^\n]*</h2>\s*)?<p class="part-meta">.*?<p class="part-footer">.*?</p>', re.S)
EXAM = re.compile(r'<div class="exam-bar".*<output class="exam-status">', re.S)
ROW = re.compile(r'<li id="[^"]+"><span class="maths".*?<span class="twin">([^<]{20,})</span>', re.S)


def build_all(folders, **environment):
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(folders, pool.map(lambda name: run(folders[name], *COMMANDS[name], **environment), folders)))


@pytest.fixture(scope="module")
def built(snapshot, tmp_path_factory):
    """The site of this repository by all three, each in a copy of its own; without the labs, which take longer."""
    folders = {name: copy_repository(tmp_path_factory.mktemp(name), snapshot) for name in COMMANDS}
    for name, ran in build_all(folders, LABS="false").items():
        assert ran.code == 0, f"{name}: {ran.text}"
    return {name: folder / "site" for name, folder in folders.items()}


def sections(site):
    """(page, the HTML of its parts) for every page that has some."""
    found = {}
    for file in sorted(site.rglob("*.html")):
        parts = PART.findall(file.read_text(encoding="utf-8"))
        if parts:
            found[file.relative_to(site).as_posix()] = parts
    return found


def same_by_design(html):
    """Zensical takes `data-search-exclude` off a page after it has obeyed it; nothing else differs."""
    return html.replace(' data-search-exclude=""', "").replace(" data-search-exclude", "")


@pytest.mark.parametrize("name", ["properdocs", "zensical"])
def test_the_parts_are_the_same_html(built, name):
    expected, found = sections(built["mkdocs"]), sections(built[name])
    assert list(found) == list(expected)
    differ = [
        f"{page} {number}"
        for page, parts in expected.items()
        for number, (part, other) in enumerate(zip(parts, found[page], strict=True), start=1)
        if same_by_design(part) != same_by_design(other)
    ]
    assert differ == []


@pytest.mark.parametrize("name", ["properdocs", "zensical"])
def test_buttons_and_signs_of_the_reader_are_the_same_html(built, name):
    def study(site):
        pages = {file.relative_to(site).as_posix(): file.read_text(encoding="utf-8") for file in site.rglob("*.html")}
        found = {
            page: re.findall(r'<p class="study".*?</p>|<span class="seen".*?</span>', html)
            for page, html in pages.items()
        }
        return {page: [same_by_design(one) for one in some] for page, some in found.items() if some}

    expected = study(built["mkdocs"])
    assert {"index.html", "about/index.html", "papers/index.html", "topics/neuron/index.html"} < set(expected)
    assert study(built[name]) == expected


@pytest.mark.parametrize("name", ["properdocs", "zensical"])
def test_a_mock_exam_is_the_same_html_and_in_no_search(built, name):
    exams = sorted(file.relative_to(built["mkdocs"]) for file in built["mkdocs"].glob("papers/*/exam/index.html"))
    assert len(exams) > 3
    for file in exams:
        html = [(built[one] / file).read_text(encoding="utf-8") for one in ("mkdocs", name)]
        found = [EXAM.findall(text)[0] for text in html]
        assert found[0] == found[1], file
    for index in (*built[name].glob("search.json"), *built[name].glob("search/search_index.json")):
        assert "/exam/" not in index.read_text(encoding="utf-8") and "/q4/" in index.read_text(encoding="utf-8")


def test_the_comparison_sees_every_part(built, snapshot):
    pages = [page.read_text(encoding="utf-8") for page in snapshot.glob("docs/**/*.md")]
    fences = sum(len(re.findall(r"^``` (?:part|show) ", page, re.M)) for page in pages)
    assert sum(map(len, sections(built["mkdocs"]).values())) == fences > 0


@pytest.mark.parametrize("name", COMMANDS)
def test_nothing_is_left_unfilled(built, name):
    for page in built[name].rglob("*.html"):
        html = page.read_text(encoding="utf-8")
        said = re.sub(
            r'(?s)<pre.*?</pre>|data-clipboard-text="[^"]*"', "", html
        )  # a solution is shown as it was written
        assert "<!--kept:" not in html and "@{" not in said and "\x02" not in html, page


@pytest.mark.parametrize("name", COMMANDS)
def test_every_generator_builds_every_page(built, name, snapshot):
    pages = {
        path.relative_to(snapshot / "docs").with_suffix("").as_posix() for path in (snapshot / "docs").rglob("*.md")
    }
    expected = {"index.html" if page == "index" else f"{page.removesuffix('/index')}/index.html" for page in pages}
    assert {path.relative_to(built[name]).as_posix() for path in built[name].rglob("index.html")} == expected


def test_the_search_of_zensical_holds_no_spoiler(built):
    """It has a search of its own; the reveals stay out of that one, too."""
    text = (built["zensical"] / "search.json").read_text(encoding="utf-8")
    assert "Adam" in text
    rows = [row for parts in sections(built["mkdocs"]).values() for row in ROW.findall("".join(parts))]
    assert len(rows) > 50
    topics = "".join(page.read_text(encoding="utf-8") for page in (built["mkdocs"] / "topics").rglob("*.html"))
    assert [row for row in rows if row in text and row not in topics] == []  # a topic may state the formula of a part


BROKEN = {
    "a digit of the key": (KEY, "total = 3", "total = 4", (PAGE, "total = a"), "part 1b: line total"),
    "a block that raises": (
        PAGE,
        "total = a + c",
        "total = a / 0",
        (PAGE, "total = a"),
        "part 1b: ZeroDivisionError",
    ),
    "TeX": (PAGE, "$e^{i}$", "$e^{i$", (PAGE, "$e^{i$"), "TeX: "),
}


@pytest.mark.parametrize("file, old, new, at, says", BROKEN.values(), ids=BROKEN)
def test_a_broken_page_is_refused_by_all(tmp_path, file, old, new, at, says):
    folders = {name: sample(tmp_path / name, MATERIAL, "[search]") for name in COMMANDS}
    for folder in folders.values():
        change(folder / file, old, new)
    page, marker = at
    for name, ran in build_all(folders).items():
        assert ran.code == 1, f"{name}: {ran.text}"
        place = f"{page}:{line_of(folders[name] / page, marker)}: "
        assert any(place in line and says in line for line in ran.text.splitlines()), f"{name}: {ran.text}"


def test_the_page_that_nobody_broke_is_built_by_all(tmp_path):
    folders = {name: sample(tmp_path / name, MATERIAL, "[search]") for name in COMMANDS}
    for name, ran in build_all(folders).items():
        assert ran.code == 0, f"{name}: {ran.text}"
        assert len(PART.findall((folders[name] / "site/papers/sample/q1/index.html").read_text(encoding="utf-8"))) == 2


def test_zensical_sees_a_solver_that_changed_when_it_is_told_to_forget(tmp_path):
    """Its pages are cached by their own text: without --clean it would show the numbers of the old solver."""
    folder = copy_solvers(sample(tmp_path, MATERIAL, "[search]"))
    assert run(folder, *COMMANDS["zensical"]).code == 0
    change(folder / "solvers/neurons.py", "dL_dw = dL_dz * x  # chain", "dL_dw = dL_dz * w  # chain")
    ran = run(folder, *COMMANDS["zensical"])
    assert ran.code == 1
    assert f"{PAGE}:{line_of(folder / PAGE, 'neuron = ')}: part 1a: line neuron.dL_dw" in ran.text


@pytest.fixture(scope="module")
def one_lab(snapshot, tmp_path_factory):
    """This site with one of its labs, by ProperDocs and Zensical."""
    folders = {name: copy_repository(tmp_path_factory.mktemp(name), snapshot) for name in ("properdocs", "zensical")}
    for folder in folders.values():
        for lab in folder.glob("docs/labs/*.py"):
            if lab.stem != "optimizers":
                lab.unlink()
                for file in (folder / "mkdocs.yml", folder / "docs/labs/index.md"):
                    text = file.read_text(encoding="utf-8")
                    file.write_text(
                        re.sub(rf"(?m)^ *- (labs/{lab.stem}\.py|\[.*\({lab.stem}\.py\)).*\n", "", text),
                        encoding="utf-8",
                    )
        key = (folder / "docs/labs/key.toml").read_text(encoding="utf-8")
        (folder / "docs/labs/key.toml").write_text(key[: key.index("[convergence]")], encoding="utf-8")
    for name, ran in build_all(folders).items():
        assert ran.code == 0, f"{name}: {ran.text}"
    return {name: folder / "site" for name, folder in folders.items()}


def test_properdocs_executes_a_lab_as_mkdocs_does(one_lab, site):
    def article(root):
        text = (root / "labs/optimizers/index.html").read_text(encoding="utf-8")
        return text[text.index("<h1") : text.index("</article>")]

    assert article(one_lab["properdocs"]) == article(site)


def test_zensical_runs_no_plugin_and_publishes_the_source_of_a_lab_instead(one_lab, snapshot):
    """No page of numbers that nobody computed: its entry in the navigation, and the list of labs, lead to the source."""
    labs = one_lab["zensical"] / "labs"
    assert (labs / "optimizers.py").read_bytes() == (snapshot / "docs/labs/optimizers.py").read_bytes()
    assert sorted(path.name for path in labs.iterdir()) == ["index.html", "optimizers.py"]
    assert 'href="optimizers.py"' in (labs / "index.html").read_text(encoding="utf-8")
