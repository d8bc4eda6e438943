"""Labs: executed in every build, held by a key, rendered like every page; whatever is wrong stops the build with its place."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest
from sites import BARE, CONFIG, ROOT, build, change, check, copy_solvers, line_of, quick, run, sample

from solvers.site.labs import execution, files
from solvers.site.labs import lab as labs

LAB, KEY = "docs/labs/sample.py", "docs/labs/key.toml"
NAMES = sorted(file.stem for file in (ROOT / "docs/labs").glob("*.py"))
LIMIT = 300_000  # bytes of a page as it is, not compressed

LAB_TEXT = """# ---
# jupyter:
#   description: "A lab: to break."
# ---

# %% [markdown]
# # A sample lab
#
# Some text with $e^{i}$.

# %%
from matplotlib import pyplot as plt

from solvers.neurons import sigmoid_neuron
from solvers.site.labs import Lab

lab = Lab("sample")


def doubled(x):
    return 2 * x


# %% [markdown]
# ## Numbers
#
# !!! note "Boxed"
#     In the box.

# %%
neuron = sigmoid_neuron.trace(3.5, 0.5, -2.0, -2.0)
lab.hold("The slope", slope=neuron["dL_dw"], twice=doubled(1.5))
lab.hold(places=[1, 2], names=["one", "two"])

# %%
fig, ax = plt.subplots()
ax.plot([0, 1], [0, 1])
lab.figure(fig, "A line up to {twice}, at {names[1]} places.")
"""
KEY_TEXT = """# of the sample lab
[sample]
slope = -1.750  # half a unit
twice = 3.0
places = [1, 2]
names = ["one", "two"]
"""
PLUGINS = "[{mkdocs-jupyter: {enabled: !ENV [LABS, true], include: [docs/labs/*.py], execute: true, allow_errors: false, cache: false}}]"


@pytest.fixture
def folder(tmp_path):
    """The sample site with one lab."""
    sample(tmp_path)
    config = CONFIG.format(theme=BARE, plugins=PLUGINS) + f"hooks:\n  - {ROOT}/solvers/site/hook.py\n"
    (tmp_path / "mkdocs.yml").write_text(config, encoding="utf-8")
    (tmp_path / "docs/labs").mkdir()
    (tmp_path / LAB).write_text(LAB_TEXT, encoding="utf-8")
    (tmp_path / KEY).write_text(KEY_TEXT, encoding="utf-8")
    return tmp_path


def page(folder):
    return (folder / "site/labs/sample/index.html").read_text(encoding="utf-8")


def refused(ran, place, *says):
    """The build or the check failed, and one line of what it wrote names the place and says why."""
    assert ran.code == 1, ran.text
    lines = [line for line in ran.text.splitlines() if f"{place}: " in line]
    assert any(all(text in line for text in says) for line in lines), ran.text


def test_a_sound_lab_is_built(folder):
    ran = build(folder)
    assert ran.code == 0, ran.text
    assert ran.text.count("Converting notebook (execute=True)") == 1
    html = page(folder)
    assert re.search(r"slope</th><td>≈ −1.750</td>", html)
    assert re.search(r"<td>1</td><td>one</td></tr><tr><td>2</td><td>two</td>", html)
    assert 'aria-label="A line up to 3.0, at two places."' in html


# what is broken in the lab, the text of the line that is named, and what is said of it
RUNNING = {
    "a cell that raises": ("neuron = sig", "neuron = 1 / 0 or sig", "neuron = ", "ZeroDivisionError: division by zero"),
    "a function that raises": ("return 2 * x", "return 2 * y", "return 2 * y", "NameError: name 'y' is not defined"),
    "a number that differs": ("doubled(1.5)", "doubled(1.6)", "lab.hold(\"The", "twice: would show 3.2, computed 3.2, the key says 3.0"),
    "a number that is printed": ("ax.plot", "print(0.25)\nax.plot", "fig, ax = ", "writes '0.25', which no key holds"),
    "a result at the end of a cell": ("# %%\nfig, ax", "# %%\n1 + 2\n\n# %%\nfig, ax", "1 + 2", "writes '3', which no key holds"),
    "a warning": ("ax.plot", "plt.np.log(0)\nax.plot", "fig, ax = ", "which no key holds"),
}  # fmt: skip
SHOWING = {
    "a word that differs": ('"two"]', '"too"]', '"too"]', "names: entry 2: computed 'too', the key says 'two'"),
    "a number twice": ("lab.hold(places", "lab.hold(slope=1)\nlab.hold(places", "hold(slope", "slope was shown before"),
    "a number in the text of a figure": ("A line up", "A line from 0 up", "lab.figure", "types a digit"),
    "a label that the text of a figure invents": ("{twice}", "{thrice}", "lab.figure", "no number with that label"),
    "a colour of its own": ("[0, 1])\nlab", '[0, 1], color="#ff0000")\nlab', "lab.figure", "uses the colour #ff0000"),
}  # fmt: skip


@pytest.mark.parametrize("old, new, at, says", RUNNING.values(), ids=RUNNING)
def test_what_goes_wrong_when_a_lab_runs_stops_the_build(folder, old, new, at, says):
    change(folder / LAB, old, new)
    refused(build(folder), f"{LAB}:{line_of(folder / LAB, at)}", says)
    assert not (folder / "site/labs/sample").exists()


@pytest.mark.parametrize("old, new, at, says", SHOWING.values(), ids=SHOWING)
def test_what_a_lab_may_not_show(folder, old, new, at, says):
    """The same in a kernel and without one, which is faster."""
    change(folder / LAB, old, new)
    refused(check(folder, "labs/sample"), f"{LAB}:{line_of(folder / LAB, at)}", says)


def test_a_number_that_is_never_shown_stops_the_build(folder):
    """It stands in the source, so only a run can tell."""
    change(folder / LAB, "lab.hold(places", "if neuron is None:\n    lab.hold(places")
    change(folder / LAB, ", at {names[1]} places", "")
    refused(build(folder), f"{KEY}:{line_of(folder / KEY, 'places')}", "did not show places")


def test_a_digit_of_the_key_stops_the_build(folder):
    change(folder / KEY, "-1.750", "-1.751")
    refused(build(folder), f"{LAB}:{line_of(folder / LAB, 'The slope')}", "slope", "the key says -1.751 ± 0.0005")


# what `check` sees without running anything, and a build before it runs anything
STATIC = {
    "a number without a key": (LAB, "lab.hold(places", "lab.hold(more=1, places", (LAB, "more=1"), "no key holds more"),
    "an entry that nothing shows": (KEY, "twice", "other = 1\ntwice", (KEY, "other"), "shows other"),
    "a table without a lab": (KEY, "[sample]", "[nobody]\nx = 1\n\n[sample]", (KEY, "[nobody]"), "there is no docs/labs/nobody.py"),
    "a key that is not TOML": (KEY, "twice = 3.0", "twice = = 3.0", (KEY, "twice"), "not TOML"),
    "an entry that holds nothing": (KEY, "twice = 3.0", "twice = true", (KEY, "twice"), "write a number, text or a list"),
    "code that is not Python": (LAB, "return 2 * x", "return 2 *", (LAB, "return 2 *"), "not Python"),
    "a label that is not written out": (LAB, "lab.hold(places=", "lab.hold(**{}, places=", (LAB, "**{}"), "write each label out"),
    "TeX": (LAB, "$e^{i}$", "$e^{i$", (LAB, "$e^{i$"), "TeX: "),
    "another lab's name": (LAB, 'Lab("sample")', 'Lab("simple")', (LAB, "# ---"), 'lab = Lab("sample")'),
    "no title": (LAB, "# # A sample lab", "# A sample lab", (LAB, "# A sample lab"), "first line is `# Its title`"),
    "no description": (LAB, '#   description: "A lab: to break."', "#   kernel: x", (LAB, "# ---"), "no description"),
    "a head that is not YAML": (LAB, '"A lab: to break."', "A lab: to break.", (LAB, "# ---"), "no description"),
    "something left to do": (LAB, "# ## Numbers", "# ## TODO", (LAB, "# ## TODO"), "still says TODO"),
}  # fmt: skip


@pytest.mark.parametrize("file, old, new, at, says", STATIC.values(), ids=STATIC)
def test_what_check_sees_without_running_a_lab(folder, file, old, new, at, says):
    change(folder / file, old, new)
    refused(check(folder), f"{at[0]}:{line_of(folder / at[0], at[1])}", says)


@pytest.mark.parametrize(
    "name", ["a number without a key", "an entry that nothing shows", "TeX", "a key that is not TOML"]
)
def test_a_build_refuses_the_same_before_it_runs_anything(folder, name):
    file, old, new, at, says = STATIC[name]
    change(folder / file, old, new)
    ran = build(folder)
    refused(ran, f"{at[0]}:{line_of(folder / at[0], at[1])}", says)
    assert "Converting notebook" not in ran.text


def test_a_lab_without_a_key_file_is_refused(folder):
    (folder / KEY).unlink()
    refused(check(folder), f"{KEY}:1", "there is no such file")


def test_check_of_a_sound_site_says_what_it_did_not_run(folder):
    ran = check(folder)
    assert ran.code == 0, ran.text
    assert ran.out.rstrip().endswith("a build compares 1 labs")


def test_one_lab_is_checked_by_running_it(folder):
    ran = check(folder, "labs/sample")
    assert (ran.code, ran.out) == (0, "labs/sample: 4 numbers agree with the key\n"), ran.text
    change(folder / LAB, "doubled(1.5)", "doubled(1.6)")
    refused(check(folder, "labs/sample"), f"{LAB}:{line_of(folder / LAB, 'doubled(1.6)')}", "twice")
    change(folder / LAB, "2 * x", "2 / 0")
    refused(check(folder, "labs/sample"), f"{LAB}:{line_of(folder / LAB, '2 / 0')}", "ZeroDivisionError")
    assert "no lab 'labs/simple'; did you mean 'labs/sample'?" in check(folder, "labs/simple").err


def test_accept_writes_what_is_missing_and_what_differs(folder):
    change(folder / KEY, "twice = 3.0\n", "")
    change(folder / KEY, "-1.750", "-1.8")
    change(folder / KEY, 'names = ["one", "two"]', "gone = 7")
    ran = quick(folder, "solvers", "accept", "labs/sample")
    assert ran.code == 0, ran.text
    assert "+twice" in ran.out and "-gone" in ran.out
    text = (folder / KEY).read_text(encoding="utf-8")
    assert text.startswith("# of the sample lab\n[sample]\nslope = -1.7  # half a unit\n")  # the nearest two digits
    assert 'names = ["one", "two"]' in text
    assert check(folder, "labs/sample").code == 0
    assert "nothing to change" in quick(folder, "solvers", "accept", "labs/sample").out


def test_accept_begins_the_table_of_a_new_lab(folder):
    (folder / KEY).unlink()
    assert quick(folder, "solvers", "accept", "labs/sample").code == 0
    assert (folder / KEY).read_text(encoding="utf-8").startswith("[sample]\nslope = -1.750\n")
    assert check(folder).code == 0


def test_accept_changes_nothing_when_a_lab_raises(folder):
    change(folder / LAB, "doubled(1.5)", "doubled(one)")
    refused(
        quick(folder, "solvers", "accept", "labs/sample"), f"{LAB}:{line_of(folder / LAB, 'doubled(one)')}", "NameError"
    )
    assert (folder / KEY).read_text(encoding="utf-8") == KEY_TEXT


@pytest.mark.parametrize("setting", ["execute: false", "allow_errors: true", "cache: true"])
def test_settings_under_which_a_wrong_lab_could_be_published_are_refused(folder, setting):
    name, value = setting.split(": ")
    change(folder / "mkdocs.yml", f"{name}: {'false' if value == 'true' else 'true'}", setting)
    refused(build(folder), "mkdocs.yml:1", f"labs need {name}")


def test_a_lab_that_the_plugin_does_not_take_is_refused(folder):
    change(folder / "mkdocs.yml", "docs/labs/*.py", "docs/other/*.py")
    refused(build(folder), f"{LAB}:1", "does not include this lab")


def test_labs_that_are_switched_off_have_no_page_and_a_strict_build_fails(folder):
    ran = build(folder, LABS="false")
    assert ran.code == 0, ran.text
    assert "1 labs are not executed" in ran.text
    assert not list(folder.glob("site/labs/**/*.html"))
    ran = build(folder, "--strict", LABS="false")
    assert ran.code == 1
    assert "Aborted with 1 warnings in strict mode" in ran.text


def test_every_build_runs_the_solvers_as_they_are(folder):
    """The notebook is the same, its numbers are not: a cache by its text would show the old ones."""
    copy_solvers(folder)
    change(folder / "mkdocs.yml", f"{ROOT}/solvers/site/hook.py", "solvers/site/hook.py")
    assert build(folder).code == 0
    change(folder / "solvers/neurons.py", "dL_dw = dL_dz * x  # chain", "dL_dw = dL_dz * w  # chain")
    refused(build(folder), f"{LAB}:{line_of(folder / LAB, 'The slope')}", "slope: would show")


AGAIN = """
import sys
from pathlib import Path
from mkdocs.commands.build import build
from mkdocs.config import load_config

def executed(*changes):
    for file, old, new in changes:
        text = Path(file).read_text("utf-8")
        assert old in text, old
        Path(file).write_text(text.replace(old, new), "utf-8")
    before = len(lines)
    build(load_config("mkdocs.yml"))
    return len(lines) - before

lines = []
import logging
class Count(logging.Handler):
    def emit(self, record):
        lines.extend([1] * ("Converting notebook" in record.getMessage()))
logging.getLogger("mkdocs").addHandler(Count())
logging.getLogger("mkdocs").setLevel("INFO")
print([
    executed(),
    executed(),
    executed(("docs/index.md", "# Home", "# Welcome")),
    executed(("docs/labs/key.toml", "# of the sample lab", "# another remark")),
    executed(("docs/labs/key.toml", "twice = 3.0", "twice = 3.00")),
    executed(("docs/labs/sample.py", "In the box", "In another box")),
    executed(("solvers/optimizers.py", "scaled by its size", "scaled by how large it is")),
    executed(),
])
"""


def test_a_server_executes_again_what_has_changed_and_nothing_else(folder):
    """One process builds again and again, as `mkdocs serve` does."""
    copy_solvers(folder)
    change(folder / "mkdocs.yml", f"{ROOT}/solvers/site/hook.py", "solvers/site/hook.py")
    (folder / "again.py").write_text(AGAIN)
    ran = run(folder, "again")
    assert ran.code == 0, ran.text
    assert ran.out.strip().splitlines()[-1] == "[1, 0, 0, 0, 1, 1, 1, 0]", ran.text
    assert "3.00" in page(folder) and "In another box" in page(folder)


def test_a_failed_run_is_not_remembered(folder, monkeypatch):
    monkeypatch.chdir(folder)
    ran = []

    def execute(lab, plugin):
        ran.append(lab.name)
        if len(ran) == 1:
            raise ValueError
        return "{}"

    monkeypatch.setattr(execution, "execute", execute)
    monkeypatch.setattr(execution, "_executed", {})
    for _ in range(3):
        file = SimpleNamespace(abs_src_path=str(folder / LAB))
        built = execution.Labs(folder / "docs", [file], None)
        built.start()
        built.end()
    assert len(ran) == 2


def test_a_kernel_knows_no_settings_of_the_user_who_builds(folder):
    """A configuration of Jupyter, a start-up file of IPython, a style of matplotlib: none of them reaches a lab."""
    user = folder / "user"
    (user / "jupyter").mkdir(parents=True)
    (user / "jupyter/jupyter_nbconvert_config.json").write_text(
        '{"NotebookClient": {"skip_cells_with_tag": "", "timeout": 0}}'
    )
    (user / "ipython/profile_default/startup").mkdir(parents=True)
    (user / "ipython/profile_default/startup/00.py").write_text("print('from the start-up file')")
    (user / "mpl").mkdir()
    (user / "mpl/matplotlibrc").write_text("font.size: 40\nlines.linewidth: 9\n")
    ran = build(folder)
    assert ran.code == 0, ran.text
    plain = page(folder)
    ran = build(
        folder,
        JUPYTER_CONFIG_DIR=str(user / "jupyter"),
        IPYTHONDIR=str(user / "ipython"),
        MPLCONFIGDIR=str(user / "mpl"),
    )
    assert ran.code == 0, ran.text
    assert page(folder) == plain


def test_a_lab_runs_as_a_plain_program(folder):
    ran = subprocess.run([sys.executable, folder / LAB], cwd=ROOT, capture_output=True, text=True, check=False,
                         env={"SOLVERS_LABS_KEY": str(folder / KEY), "PYTHONPATH": str(ROOT), "PATH": ""})  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert "slope = −1.750\ntwice = 3.0\n" in ran.stdout


def test_cells_are_read_as_jupytext_reads_them():
    import jupytext

    for name in NAMES:
        lab = files.LabFile(ROOT / f"docs/labs/{name}.py")
        notebook = jupytext.read(lab.file)
        assert [(cell.kind, cell.source) for cell in lab.cells] == [
            (cell.cell_type, cell.source) for cell in notebook.cells
        ]
        written = lab.text.split("\n")
        for cell in lab.cells:
            assert written[cell.line - 1].removeprefix("# ") == cell.source.split("\n")[0]


def test_values_survive_the_way_out_of_the_kernel():
    from fractions import Fraction

    import numpy as np
    import sympy

    for value in (3, 0.1, "word", Fraction(1, 3), [1, [2.5, Fraction(1, 7)]], [], True):
        sent = json.loads(json.dumps(labs.encode(value)))
        assert labs.decode(sent) == value
    assert labs.plain(np.array([1.5, 2.0])) == [1.5, 2.0]
    assert labs.plain(np.float64(0.1)) == 0.1 and type(labs.plain(np.int64(3))) is int
    assert labs.plain(sympy.Rational(1, 3)) == Fraction(1, 3)


def test_a_number_that_is_not_finite_is_refused(folder):
    change(folder / LAB, "doubled(1.5)", "float('nan')")
    refused(
        check(folder, "labs/sample"), f"{LAB}:{line_of(folder / LAB, 'nan')}", "twice is nan: a number must be finite"
    )


SVG = """<?xml version="1.0"?><!DOCTYPE svg><svg xmlns:xlink="x" width="10pt" height="10pt" viewBox="0 0 10 10" version="1.1">
 <metadata>by somebody</metadata><defs><style type="text/css">*{stroke-linejoin: round}</style></defs>
 <g id="figure_1"><defs><path id="mark" d="M 0 0.123456" style="stroke: #1d4f80"/></defs>
 <use xlink:href="#mark" style="stroke: #000000"/><g clip-path="url(#mark)"/>
 <text style="font: 10px 'DejaVu Sans'; text-anchor: middle">1</text></g></svg>"""


def test_a_figure_is_tidied():
    svg = labs.tidy(SVG, "lab-1")
    assert svg.startswith("<svg") and "metadata" not in svg and "<style" not in svg and "figure_1" not in svg
    assert 'id="lab-1-mark"' in svg and 'href="#lab-1-mark"' in svg and "url(#lab-1-mark)" in svg
    assert "stroke: var(--accent, #1d4f80)" in svg and "stroke: var(--ink, #1c1f24)" in svg
    assert "0.12" in svg and "0.123" not in svg and "DejaVu" not in svg
    with pytest.raises(labs.NotHeld, match="#abcdef"):
        labs.tidy(SVG.replace("#000000", "#abcdef"), "lab-1")


# the labs of this site, as they are published


class Page(HTMLParser):
    """The tags of a page in order, and what stands in its scripts and styles."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.inside, self.tag = [], [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.tag = tag

    def handle_data(self, data):
        if self.tag in ("script", "style") and data.strip():
            self.inside.append((self.tag, dict(self.tags[-1][1]), data))

    def handle_endtag(self, tag):
        self.tag = ""


@pytest.fixture(scope="module")
def lab_pages(site):
    return {name: (site / f"labs/{name}/index.html").read_text(encoding="utf-8") for name in NAMES}


@pytest.fixture(scope="module")
def plain_page(site):
    """A page of the theme that no plugin touches: what it has, a lab may have."""
    return Page((site / "about/verdicts/index.html").read_text(encoding="utf-8"))


def article(html):
    return html[html.index("<article") : html.index("</article>")]


def test_there_are_six():
    assert len(NAMES) == 6


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_small(lab_pages, name):
    assert 50_000 < len(lab_pages[name].encode()) < LIMIT


@pytest.mark.parametrize("name", NAMES)
def test_a_page_brings_no_script_and_no_style(lab_pages, plain_page, name):
    """Neither inline, nor empty, nor from elsewhere: the scripts are those of every page of the theme."""
    found = Page(lab_pages[name])

    def scripts(page):
        return [values.get("src", "inline").split("/")[-1] for tag, values in page.tags if tag == "script"]

    assert scripts(found) == scripts(plain_page)
    assert all(values.get("src") != "" for tag, values in found.tags if tag == "script")
    assert len(found.inside) == len(plain_page.inside)
    assert not re.search(r"<(script|style|link|iframe|img)\b", article(lab_pages[name]))
    assert not re.search(r"mathjax|require\.js|cdn|jp-", lab_pages[name], re.I)
    outside = [values for tag, values in found.tags if str(values.get("src") or "").startswith(("http", "//"))]
    assert outside == []


@pytest.mark.parametrize("name", NAMES)
def test_text_is_rendered_like_that_of_every_page(lab_pages, name):
    html = article(lab_pages[name])
    assert '<div class="admonition note">' in html and "!!! note" not in html
    prose = re.sub(r"<pre.*?</pre>|<svg.*?</svg>|<annotation.*?</annotation>", "", html, flags=re.S)
    assert 'class="katex"' in html and "$" not in prose and "\\(" not in prose and "arithmatex" not in html
    assert "<!--kept:" not in html


@pytest.mark.parametrize("name", NAMES)
def test_headings_are_in_the_contents_and_in_the_search(site, lab_pages, name):
    cells = files.LabFile(ROOT / f"docs/labs/{name}.py").cells
    headings = [
        row[3:] for cell in cells if cell.kind == "markdown" for row in cell.source.split("\n") if row.startswith("## ")
    ]
    html = lab_pages[name]
    found = re.findall(r'<h2 id="([^"]+)">(.*?)<a class="headerlink"', html)
    assert [title for _, title in found] == headings and len(headings) >= 3
    contents = html[html.index('data-md-component="toc"') :]
    entries = json.loads((site / "search/search_index.json").read_text(encoding="utf-8"))["docs"]
    indexed = {entry["location"]: entry for entry in entries}
    for id_, title in found:
        assert f'href="#{id_}"' in contents
        assert indexed[f"labs/{name}/#{id_}"]["title"] == title
        assert len(indexed[f"labs/{name}/#{id_}"]["text"]) > 50


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_is_told_with_its_numbers(lab_pages, name):
    figures = re.findall(r'<figure class="lab-figure"><svg role="img" aria-label="([^"]*)"', lab_pages[name])
    calls = list(files.LabFile(ROOT / f"docs/labs/{name}.py").calls("figure"))
    assert len(figures) == len(calls) >= 2
    for alt in figures:
        assert len(alt) > 80 and re.search(r"\d", alt) and "{" not in alt


@pytest.mark.parametrize("name", NAMES)
def test_figures_are_drawn_in_the_colours_of_the_palette(lab_pages, name):
    for svg in re.findall(r"<svg role.*?</svg>", lab_pages[name], re.S):
        assert "var(--ink, #1c1f24)" in svg
        assert re.findall(r"(?<!, )#[0-9a-f]{6}\b", svg) == []
        assert "<text" in svg and "<image" not in svg and "<style" not in svg


@pytest.mark.parametrize("name", NAMES)
def test_the_text_types_no_number_that_code_could_show(name):
    """Digits stand in formulas and in code, whose numbers are the law's, and nowhere else."""
    from solvers.site.citations import CITATION
    from solvers.site.source import prose

    for cell in files.LabFile(ROOT / f"docs/labs/{name}.py").cells:
        if cell.kind == "markdown":
            for kind, text, _ in prose(cell.source):
                assert kind != "text" or not re.search(r"\d", CITATION.sub("", text)), f"{name}: {text}"


def test_the_notebooks_run_from_top_to_bottom(site, tmp_path, monkeypatch):
    """As a reader downloads them, in another folder, with this package installed; what they show is held there, too."""
    import nbclient
    import nbformat

    def check(name):
        assert (site / f"labs/{name}/{name}.py").read_bytes() == (ROOT / f"docs/labs/{name}.py").read_bytes()
        notebook = nbformat.read(site / f"labs/{name}/{name}.ipynb", as_version=4)
        nbformat.validate(notebook)
        assert all(cell.get("outputs", []) == [] for cell in notebook.cells)
        done = nbclient.execute(notebook, cwd=str(tmp_path), extra_arguments=["--IPKernelApp.log_level=ERROR"])
        outputs = [output for cell in done.cells for output in cell.get("outputs", [])]
        assert outputs and all(labs.HELD in output.data or labs.SVG in output.data for output in outputs)
        assert all(cell["execution_count"] for cell in done.cells if cell.cell_type == "code")
        return name

    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(check, NAMES)) == NAMES


def test_a_page_links_its_downloads(lab_pages):
    for name, html in lab_pages.items():
        assert f'<a href="{name}.ipynb" download>' in html and f'<a href="{name}.py" download>' in html
        assert f"jupyter lab docs/labs/{name}.py" in html
