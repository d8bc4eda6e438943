"""The adapter to Python-Markdown: which page this is, which line, and never a number of an old solver."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from markdown import Markdown
from sites import CONFIG, KEY, PAGE, ROOT, build, change, check, copy_solvers, line_of, quick, sample

from solvers.site.extension import page_path

EXTENSIONS = [
    "attr_list",
    "md_in_html",
    "tables",
    "pymdownx.arithmatex",
    "pymdownx.superfences",
    "solvers.site",
]
OPTIONS = {
    "pymdownx.arithmatex": {"generic": True},
    "solvers.site": {"repository": "https://github.com/sample/sample"},
}


def markdown(file=None, docs=None):
    """A Markdown instance as MkDocs makes one for a page."""
    md = Markdown(extensions=EXTENSIONS, extension_configs=OPTIONS)
    if file is not None:
        source = SimpleNamespace(abs_src_path=str(file), src_uri=file.relative_to(docs).as_posix())
        md.treeprocessors.register(SimpleNamespace(file=source, run=lambda root: None), "relpath", 0)
    return md


def convert(folder, page=PAGE, skipped=4):
    """A page as a generator converts it: its front matter is already gone."""
    lines = (folder / page).read_text(encoding="utf-8").split("\n")
    return markdown(folder / page, folder / "docs").convert("\n".join(lines[skipped:]))


def test_a_page_in_the_way_of_mkdocs(tmp_path):
    docs, file = page_path(markdown(tmp_path / "docs/papers/a/q1.md", tmp_path / "docs"), "docs")
    assert (docs, file) == (tmp_path / "docs", tmp_path / "docs/papers/a/q1.md")


@pytest.mark.parametrize("path", ["papers/a/q1.md", "/elsewhere/docs/papers/a/q1.md"], ids=["relative", "absolute"])
def test_a_page_in_the_way_of_zensical(tmp_path, monkeypatch, path):
    monkeypatch.chdir(tmp_path)
    md = markdown()
    context = SimpleNamespace(config={"docs_dir": "docs"}, page=SimpleNamespace(path=path), run=lambda lines: lines)
    md.preprocessors.register(context, "rendering_context", 100)
    docs, file = page_path(md, "docs")
    assert docs == tmp_path / "docs"
    assert file == (Path(path) if path.startswith("/") else tmp_path / "docs" / path)


def test_text_that_is_no_page_is_left_alone():
    """Markdown is also used for fragments, without a file: fences are not run there."""
    html = markdown().convert("``` part 1a\nx = 1\n```\n\ntext")
    assert "x = 1" in html and "text" in html


def test_a_formula_outside_a_page_is_set_all_the_same():
    assert 'class="katex"' in markdown().convert("A $x^2$.")


def test_the_preprocessor_runs_between_white_space_and_fences():
    place = markdown().preprocessors.get_index_for_name
    assert place("normalize_whitespace") < place("solve_page") < place("fenced_code_block")


def test_a_page_has_the_anatomy_of_its_parts(folder):
    html = convert(folder)
    assert html.count('class="part-footer"') == 2
    assert [
        html.count(f'<details class="reveal {kind}"')
        for kind in ("hint", "answer", "derivation", "published-key", "code")
    ] == [2] * 5
    assert "data-search-exclude" in html
    assert '<h2 id="1a">1a · A sigmoid neuron' in html
    assert "@{" not in html


def test_a_report_names_the_part(folder):
    html = convert(folder)
    address = "https://github.com/sample/sample/issues/new?template=wrong-answer.yml&amp;title=%5Bsample%2F1a%5D+&amp;part=sample%2F1a"
    assert f'<a href="{address}" rel="nofollow">Report a mistake</a>' in html


def test_two_conversions_are_the_same(folder):
    assert convert(folder) == convert(folder)


FRONT = {
    "usual": '---\ntitle: "Question 1"\n---\n',
    "none": "",
    "blank lines behind": "---\ntitle: T\n---\n\n\n",
    "a list": "---\ntitle: T\ntags:\n  - a\n  - b\n---\n",
    "ended by dots": "---\ntitle: T\n...\n",
}


@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["unix", "windows"])
@pytest.mark.parametrize("front", FRONT.values(), ids=FRONT)
def test_a_line_of_a_message_is_the_line_of_the_file(tmp_path, front, ends):
    """The generator has taken the front matter off before the page is converted."""
    folder = sample(tmp_path)
    text = (folder / PAGE).read_text(encoding="utf-8").split("---\n", 2)[2]
    text = front + text.replace("total = a + c", "total = a / 0") + "\n\n\n"
    (folder / PAGE).write_bytes(text.replace("\n", ends).encode())
    place = f"{PAGE}:{line_of(folder / PAGE, 'total = a / 0')}: part 1b: ZeroDivisionError"
    for ran in (check(folder), build(folder)):
        assert ran.code == 1
        assert place in ran.text


SCRIPT = """
import os, sys
from pathlib import Path
sys.path[:0] = {tests!r}
from test_extension import PAGE, convert
from sites import change
folder = Path.cwd()
solver = folder / {file!r}

first = convert(folder)
assert "0.0001234" in first
# the same size, and the same second as the compiled file
stamp = solver.stat().st_mtime_ns
change(solver, {old!r}, {new!r})
os.utime(solver, ns=(stamp, stamp + 1000))
assert int(solver.stat().st_mtime) == stamp // 10**9
try:
    again = convert(folder)
except Exception as error:
    print(type(error).__name__, error)
else:
    print("same" if again == first else "another page")
change(solver, {new!r}, {old!r})
os.utime(solver, ns=(stamp, stamp + 2000))
print("back" if convert(folder) == first else "not back")
"""


def serve(folder, old, new, file="solvers/neurons.py"):
    """What a server does: convert, let a file change, convert again; in one process that compiles to disk."""
    assert len(old) == len(new)
    tests = [str(folder), str(Path(__file__).parent)]
    script = SCRIPT.format(tests=tests, old=old, new=new, file=file)
    done = subprocess.run([sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_a_server_sees_a_solver_that_changed(tmp_path):
    folder = copy_solvers(sample(tmp_path))
    *problems, last = serve(folder, "dL_dw = dL_dz * x  #", "dL_dw = dL_dz * w  #")
    assert problems[0].startswith(
        f"ProblemsFound {PAGE}:{line_of(folder / PAGE, 'neuron = ')}: part 1a: line neuron.dL_dw"
    )
    assert last == "back"


def test_a_server_sees_a_reason_that_changed(tmp_path):
    folder = copy_solvers(sample(tmp_path))
    assert serve(
        folder,
        "# weighted input\n    y_hat = sigmoid(z)  # prediction\n",
        "# weighted INPUT\n    y_hat = sigmoid(z)  # prediction\n",
    ) == [
        "another page",
        "back",
    ]


def test_a_server_sees_the_engine_that_changed(tmp_path):
    folder = copy_solvers(sample(tmp_path))
    old, new = "The published key is wrong", "The published key is WRONG"
    assert serve(folder, old, new, "solvers/site/render.py") == ["another page", "back"]


def test_a_key_that_changed_is_read_again(folder):
    convert(folder)
    change(folder / KEY, "loss = 4.500", "loss = 4.501")
    with pytest.raises(Exception, match="part 1a: answer loss"):
        convert(folder)


@pytest.mark.parametrize("command", [("solvers", "check"), ("mkdocs", "build")], ids=" ".join)
def test_a_second_build_with_everything_in_place_sees_a_solver_that_changed(tmp_path, command):
    """Nothing is cleaned: .cache, compiled files and the site of the first build stay where they are."""
    folder = copy_solvers(sample(tmp_path))
    assert quick(folder, *command).code == 0
    assert (folder / ".cache").is_dir() or command[0] == "solvers"
    change(folder / "solvers/neurons.py", "dL_dw = dL_dz * x  # chain", "dL_dw = dL_dz * w  # chain")
    ran = quick(folder, *command)
    assert ran.code == 1, ran.text
    assert f"{PAGE}:{line_of(folder / PAGE, 'neuron = ')}: part 1a: line neuron.dL_dw" in ran.text


def test_an_option_that_is_not_known_is_an_error(tmp_path):
    folder = sample(tmp_path)
    change(folder / "mkdocs.yml", "repository:", "repositry:")
    assert "repositry" in CONFIG.replace("repository:", "repositry:")
    assert build(folder).code == 1


def test_the_root_is_the_package_under_test():
    import solvers

    assert Path(solvers.__file__).parent == ROOT / "solvers"
