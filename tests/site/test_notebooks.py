"""Notebooks: made from the pages, the same every time, and each runs to the same numbers as its page."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from sites import KEY, PAGE, ROOT, build, change, quick, run, sample

from solvers.site import notebooks, render
from solvers.site.check import check
from solvers.site.project import Project

# What a reader has not installed: `pip install` of this package brings numpy and sympy, Jupyter brings IPython.
SITE_ONLY = "mkdocs properdocs zensical markdown pymdownx quickjs yaml nbformat nbclient matplotlib scipy"
PAGES = [page for paper in Project(ROOT / "docs").papers() for page in Project(ROOT / "docs").pages(paper.id)
         if "\n``` part " in page.read_text(encoding="utf-8")]  # fmt: skip
NAMES = [page.relative_to(ROOT / "docs").with_suffix("").as_posix() for page in PAGES]


def execute(files, folder, blocked=SITE_ONLY):
    """What every code cell of some notebooks gave, from one process that runs them all."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "SOLVERS_"))}
    environment |= {"PYTHONPATH": str(ROOT), "IPYTHONDIR": str(folder / "ipython"), "BLOCKED": blocked, "NO_COLOR": "1"}
    done = subprocess.run([sys.executable, ROOT / "tests/site/notebook_runner.py", *files], cwd=folder, env=environment,
                          capture_output=True, encoding="utf-8", timeout=300, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def read(file):
    return nbformat.read(file, 4)


def source(notebook, id_):
    return next(cell.source for cell in notebook.cells if cell.id == id_)


def edit(file, id_, old, new):
    """Change a cell of a notebook, as its reader would."""
    notebook = read(file)
    cell = next(cell for cell in notebook.cells if cell.id == id_)
    assert cell.source.count(old) == 1, cell.source
    cell.source = cell.source.replace(old, new)
    nbformat.write(notebook, file)


def markdown(ran, id_):
    return "\n".join(output.get("text/markdown", "") for output in ran["cells"][id_]["outputs"])


# The notebooks of this repository


@pytest.fixture(scope="module")
def exported(snapshot, tmp_path_factory):
    """name of a page -> its notebook, from the command line."""
    folder = tmp_path_factory.mktemp("notebooks")
    ran = run(snapshot, "solvers", "export", str(folder))
    assert ran.code == 0, ran.text
    return {name: folder / name / f"{name.rpartition('/')[2]}.ipynb" for name in NAMES}


@pytest.fixture(scope="module")
def ran(exported, tmp_path_factory):
    """name of a page -> what its notebook gave."""
    folder = tmp_path_factory.mktemp("reader")
    results = dict(zip(exported, execute(exported.values(), folder)))
    assert [path.name for path in folder.iterdir() if path.name != "ipython"] == []  # it leaves no file behind
    return results


@pytest.fixture(scope="module")
def parts(snapshot):
    """<paper>/<part> -> the part as its page has it."""
    project = Project(snapshot / "docs")
    return {
        f"{paper.id}/{part.record.id}": part
        for paper in project.papers()
        for part in check(project)
        if Path(part.file).parent.name == paper.id
    }


@pytest.mark.parametrize("name", NAMES)
def test_every_notebook_runs_from_top_to_bottom(ran, name):
    assert [cell["error"] for cell in ran[name]["cells"].values() if cell["error"]] == []
    assert ran[name]["seconds"] < 10


def test_every_solution_shows_the_lines_of_its_page(ran, parts):
    seen = 0
    for name, result in ran.items():
        for id_, cell in result["cells"].items():
            part = parts.get(f"{name.split('/')[1]}/{id_.removesuffix('-solution')}")
            if not id_.endswith("-solution") or not part.run.items:
                continue
            seen += 1
            ticks = "  right = " if part.section.options else "none"  # the text has a line for them
            lines = [line for line in render.text_of(part) if not line.startswith(ticks)]
            words = "\n".join(lines).strip()
            assert cell["outputs"][0]["text/plain"] == words, f"{name} {id_}"
            assert "every number is the one that the page shows" in markdown(result, id_)
    assert seen == sum(1 for part in parts.values() if part.section.solution) > 10


@pytest.mark.parametrize("name", NAMES)
def test_the_code_is_the_page_word_for_word(exported, name, snapshot):
    page = (snapshot / "docs" / f"{name}.md").read_text(encoding="utf-8")
    fences = re.findall(r"(?ms)^``` (part \S+|solution)\n(.*?)\n?^```$", page)
    code = [cell.source for cell in read(exported[name]).cells if cell.source.startswith(("%%part", "%%solution"))]
    wanted = [
        re.sub(r"\n# (vary|where|fixed)\b.*", "", body) for _, body in fences if body.strip()
    ]  # what concerns the site
    assert [re.sub(r"^%%\w+ .*\n", "", cell) for cell in code] == wanted


@pytest.mark.parametrize("name", NAMES)
def test_the_text_holds_nothing_that_only_the_site_understands(exported, name):
    notebook = read(exported[name])
    nbformat.validate(notebook)
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    for left in ("@{", "[@", "!!! ", "??? ", ".md)", ".md#", "{:", "<!--"):
        assert left not in text
    assert text.count("<details>") == text.count("</details>")
    assert all(not cell.get("outputs") for cell in notebook.cells)


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_tells_nothing_of_where_it_was_made(exported, name, snapshot):
    text = exported[name].read_text(encoding="utf-8")
    for path in (snapshot, ROOT, Path.home(), exported[name].parent, Path(sys.prefix)):
        assert str(path) not in text


def test_the_title_says_where_it_comes_from_and_how_to_run_it(exported):
    text = read(exported["papers/bits-dnn-2022s2-endsem/q4"]).cells[0].source
    for says in (
        "# Question 4",
        "BITS Pilani",
        "<https://recomputed.github.io/recomputed/papers/bits-dnn-2022s2-endsem/q4/>",
        "git clone https://github.com/recomputed/recomputed",
        "python -m pip install ./recomputed",
        "CC BY 4.0",
    ):
        assert says in text


def test_the_build_and_the_command_line_write_the_same_bytes(exported, site):
    assert sorted((site / "papers").rglob("*.ipynb")) == sorted(
        site / name / file.name for name, file in exported.items()
    )
    for name, file in exported.items():
        assert (site / name / file.name).read_bytes() == file.read_bytes()


def test_every_page_links_to_its_notebook(site):
    for name in NAMES:
        page = site / name / "index.html"
        links = re.findall(r'<a href="([^"]+\.ipynb)" download="([^"]+)"', page.read_text(encoding="utf-8"))
        assert len(links) == 1
        assert (page.parent / links[0][0]).is_file()
        assert links[0][1] == f"{'-'.join(name.split('/')[1:])}.ipynb"


def test_a_kernel_runs_one_as_well(exported, tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    notebook = read(exported[NAMES[0]])
    NotebookClient(
        notebook, kernel_name="python3", timeout=60, resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    solutions = [cell for cell in notebook.cells if cell.id.endswith("-solution")]
    assert solutions and all("✓" in str(cell.outputs[-1]) for cell in solutions)


# A reader's changes, on the sample site


@pytest.fixture
def notebook(folder, tmp_path):
    """The notebook of the sample page as it is now."""

    def make():
        out = tmp_path / "out"
        out.mkdir(exist_ok=True)
        (file,) = notebooks.write(Project(folder / "docs"), out, notebooks.Site())
        return file

    return make


WRONG = {
    "a digit of an answer": ("1a-key", "loss = 4.500", "loss = 4.501", "loss: would show 4.500"),
    "a digit of a line": ("1a-key", '"neuron.dL_dw" = -1.750', '"neuron.dL_dw" = -1.760', "neuron.dL_dw: would show"),
    "another formula": ("1b-solution", "total / 2", "total / 3", "mean: would show 1.0, computed 1, the key says 1.5"),
    "an answer left out": ("1b-solution", "answer(mean=mean)", "", "mean: the solution leaves this answer out"),
    "a block that fails": ("1b-solution", "total / 2", "total / 0", "part 1b, line 3 of the cell: ZeroDivisionError"),
    "an unknown name": ("1b-solution", "a + c", "a + d", "line 2 of the cell: unknown name 'd'"),
}


@pytest.mark.parametrize("id_, old, new, says", WRONG.values(), ids=WRONG)
def test_what_is_wrong_raises(notebook, tmp_path, id_, old, new, says):
    file = notebook()
    edit(file, id_, old, new)
    (ran,) = execute([file], tmp_path)
    failed = list(ran["cells"])[-1]
    assert failed == f"{id_[:2]}-solution"
    assert says in ran["cells"][failed]["error"]


CHANGED = {
    "a number": ("1a-givens", "3.5, 0.5", "3, 0.5", "x is 3, the page has 3.5"),
    "a new given": ("1b-givens", "a, c = 1, 2", "a, c = 1, 2\nd = 4", "d is new"),
}


@pytest.mark.parametrize("id_, old, new, says", CHANGED.values(), ids=CHANGED)
def test_changed_givens_are_told_and_nothing_is_compared(notebook, tmp_path, id_, old, new, says):
    file = notebook()
    edit(file, id_, old, new)
    (ran,) = execute([file], tmp_path)
    assert all(cell["error"] is None for cell in ran["cells"].values())
    told = markdown(ran, f"{id_[:2]}-solution")
    assert f"not compared with the key, because givens were changed: {says}" in told
    if id_ == "1a-givens":
        assert r"$\displaystyle = -2.0 \cdot 3 + \left(-2.0\right)$ $\displaystyle = -8$" in told
        assert "every number is the one" in markdown(ran, "1b-solution")


def test_the_same_givens_written_otherwise_are_no_change(notebook, tmp_path):
    file = notebook()
    edit(file, "1a-givens", "x, y = 3.5, 0.5  # input and target", "x = 7 / 2\ny = 0.50")
    (ran,) = execute([file], tmp_path)
    assert "every number is the one" in markdown(ran, "1a-solution")


def test_numbers_of_a_cell_are_exact_and_can_be_used_in_others(notebook, tmp_path):
    file = notebook()
    edit(file, "1b-givens", "a, c = 1, 2", "a, c = 0.1, 0.2\nthird = 1 / 3")
    edit(file, "1b-solution", "answer(mean=mean)", "answer(mean=mean)\nagain = sigmoid_neuron.trace(a, c, a, c)")
    text = read(file)
    text.cells.append(nbformat.v4.new_code_cell("print(a + c, third * 3 == 1, mean, again['z'])", id="own"))
    nbformat.write(text, file)
    (ran,) = execute([file], tmp_path)
    assert ran["cells"]["own"]["printed"] == "3/10 True 3/20 21/100\n"


# What a page may hold besides


RICH = """
``` part 1c
n = 3  # how many
```

Which holds for @{n}? See [part 1b](#1b), [the overview](index.md) and [@moore1965, page 2].

- [ ] a. It is even.

    Half of @{n} is @{half}.

- [x] b. It is odd.

    It leaves 1.

??? hint
    Halve it.

``` solution
half = n / 2  # halve it
choices(a=half * 2 != n, b=half * 2 == n)
figure(plot("Halves", alt="n is @{n}", x="x", y="y", curves=[curve("half", [0, n], [0, "half"])]))
table(n="n", half="half")
listing("print(3)")
```

The rest decides.

!!! marks
    Forgetting the half.

``` part 1d
```

What is half of a half?

!!! answer
    A quarter. <!-- nobody reads this -->
"""
RICH_KEY = """
[parts.1c]
title = "Odd or even"
kind = "mcq"
topics = []
verdict = "unkeyed"
because = "There is no key."
computed = ["a", "b"]

[parts.1c.answer]
right = ["b"]

[parts.1c.lines]
half = 1.5

[parts.1d]
title = "In words"
kind = "concept"
topics = []
verdict = "unkeyed"
because = "There is no key."
"""
SOURCE = '[moore1965]\ncite = "Moore 1965"\ntext = "G. Moore (1965)."\nurl = "https://doi.org/10/1"\n'


@pytest.fixture
def rich(folder, notebook):
    change(folder / KEY, "parts = 2", "parts = 4")
    for file, text in ((KEY, RICH_KEY), (PAGE, RICH)):
        (folder / file).write_text((folder / file).read_text(encoding="utf-8") + text, encoding="utf-8")
    (folder / "docs/bibliography.toml").write_text(SOURCE, encoding="utf-8")
    return notebook()


def test_options_reasons_marks_and_sources_are_there(rich):
    made = read(rich)
    question = source(made, "1c-question")
    assert "- [ ] a. It is even.\n- [ ] b. It is odd." in question
    assert "See part 1b, the overview and (Moore 1965, page 2)." in question
    answer = source(made, "1c-answer")
    for says in ("**a is wrong.** Half of 3 is 1.5.", "**b is right.** It leaves 1.", "**What loses marks.** Forgetting",
                 "The rest decides.", "There is no key."):  # fmt: skip
        assert says in answer
    assert source(made, "sources") == "## Sources\n\n- G. Moore (1965). <https://doi.org/10/1>"
    assert "<summary>Answer</summary>\n\nA quarter.\n\n</details>" in source(made, "1d-answer")
    assert [cell.id for cell in made.cells if cell.id.startswith("1d")] == ["1d-question", "1d-answer"]


def test_links_lead_to_the_site_where_it_has_an_address(folder, rich, tmp_path):
    site = notebooks.Site("Sample", "https://sample.example", "https://github.com/sample/sample")
    (file,) = notebooks.write(Project(folder / "docs"), tmp_path, site)
    question = source(read(file), "1c-question")
    assert "[part 1b](https://sample.example/papers/sample/q1/#1b)" in question
    assert "[the overview](https://sample.example/papers/sample/)" in question


def test_choices_tables_programs_and_figures_run(rich, tmp_path):
    (ran,) = execute([rich], tmp_path)
    shown = markdown(ran, "1c-solution")
    for says in ("| $n$ | $\\text{half}$ |", "| $3$ | $1.5$ |", "```python\nprint(3)\n```", "Halves. n is 3", "✓"):
        assert says in shown
    (ran,) = execute([rich], tmp_path, blocked="")
    drawn = [output["text/html"] for output in ran["cells"]["1c-solution"]["outputs"] if "text/html" in output]
    assert len(drawn) == 1 and "<svg" in drawn[0] and "<style>" in drawn[0]


def test_a_choice_that_the_key_does_not_tick_raises(rich, tmp_path):
    edit(rich, "1c-key", 'right = ["b"]', 'right = ["a"]')
    (ran,) = execute([rich], tmp_path)
    assert "option b: computed as right, the key says otherwise" in ran["cells"]["1c-solution"]["error"]


# Writing them


def test_a_page_without_directory_urls_has_its_notebook_beside_it(tmp_path):
    folder = sample(tmp_path)
    text = (folder / "mkdocs.yml").read_text(encoding="utf-8")
    (folder / "mkdocs.yml").write_text(
        f"{text}use_directory_urls: false\nhooks: [{ROOT}/solvers/site/hook.py]\n", encoding="utf-8"
    )
    ran = build(folder, "--strict")
    assert ran.code == 0, ran.text
    written = folder / "site/papers/sample/q1.ipynb"
    assert 'href="q1.ipynb"' in (folder / "site/papers/sample/q1.html").read_text(encoding="utf-8")
    by_hook = written.read_bytes()
    written.unlink()
    ran = quick(folder, "solvers", "export", "site")
    assert ran.code == 0, ran.text
    assert written.read_bytes() == by_hook
    assert "<https://sample.example/papers/sample/q1.html>" in by_hook.decode()


def test_a_part_that_disagrees_has_no_notebook(folder):
    change(folder / KEY, "total = 3", "total = 4")
    ran = quick(folder, "solvers", "export", ".")
    assert ran.code == 1
    assert "part 1b: line total" in ran.err
    assert not list(folder.rglob("*.ipynb"))


def test_a_page_without_parts_has_none(folder, tmp_path):
    assert [file.name for file in notebooks.write(Project(folder / "docs"), tmp_path, notebooks.Site())] == ["q1.ipynb"]
