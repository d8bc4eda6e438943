"""The commands: what they print, and 0 when all is well, 1 when something disagrees, 2 for what cannot be read."""

from __future__ import annotations

import json

import pytest
from sites import KEY, KEY_TEXT, PAGE, change, line_of, quick, run, sample

from solvers.site.cli import main


@pytest.fixture
def command(folder, capsys):
    """Run a command on the sample site: (exit status, what it wrote, what it complained of)."""

    def call(*arguments):
        capsys.readouterr()
        try:
            status = main(list(arguments))
        except SystemExit as stopped:
            status = stopped.code
        written = capsys.readouterr()
        return status, written.out, written.err

    return call


def test_check_says_what_it_checked(command):
    assert command("check") == (0, "2 parts, 8 lines, 1 papers: every number agrees with its key\n", "")


def test_check_of_one_part(command):
    assert command("check", "sample/1b") == (
        0,
        "1 parts, 2 lines, 1 papers: every number agrees with its key\n",
        "",
    )


def test_check_lists_the_problems_in_order_and_counts_them(command, folder):
    change(folder / KEY, "total = 3", "total = 4")
    change(folder / KEY, "loss = 4.500", "loss = 4.501")
    status, out, err = command("check")
    first, second, last = err.splitlines()
    assert (status, out) == (1, "")
    assert first.startswith(f"{PAGE}:{line_of(folder / PAGE, '``` solution')}: part 1a: ")
    assert second.startswith(f"{PAGE}:{line_of(folder / PAGE, 'total = a')}: part 1b: ")
    assert last == "2 parts, 8 lines, 1 papers: 2 problems"


def test_one_problem_is_one_problem(command, folder):
    change(folder / KEY, "total = 3", "total = 4")
    assert command("check")[2].endswith(": 1 problem\n")


def test_the_problems_of_another_part_do_not_count(command, folder):
    change(folder / KEY, "loss = 4.500", "loss = 4.501")
    assert command("check", "sample/1b")[0] == 0
    assert command("check", "sample/1a")[0] == 1


def test_show_prints_the_derivation(command):
    status, out, err = command("show", "sample/1b")
    assert (status, err) == (0, "")
    assert out.splitlines() == [
        "sample/1b  A mean  [✓ Agrees with the published key]",
        "  total = a + c = 1 + 2 = 3    (add)",
        "  mean = total / 2 = 3 / 2 = 1.5    (halve)",
        "answer  mean = 1.5",
    ]


def test_show_names_the_line_of_an_answer(command):
    assert "answer  loss = 4.500  (line neuron.loss)" in command("show", "sample/1a")[1].splitlines()


def test_show_of_a_part_that_disagrees_names_the_problem(command, folder):
    change(folder / KEY, "total = 3", "total = 4")
    status, _, err = command("show", "sample/1b")
    assert status == 1
    assert "part 1b: line total" in err


UNKNOWN = {
    "a part": ("sample/1c", "no part 'sample/1c'; did you mean 'sample/1"),
    "a paper": ("samples/1a", "no part 'samples/1a'; did you mean 'sample/1a'?"),
    "a part alone": ("1a", "no part '1a'; "),
    "far from any": ("xyz", "no part 'xyz'; there is sample/1a, sample/1b"),
}


@pytest.mark.parametrize("name", ["check", "show", "accept"])
@pytest.mark.parametrize("id_, says", UNKNOWN.values(), ids=UNKNOWN)
def test_an_unknown_part_is_answered_by_the_nearest(command, name, id_, says):
    status, out, err = command(name, id_)
    assert (status, out) == (1, "")
    assert err.startswith(says)
    assert err.count("\n") == 1


@pytest.mark.parametrize("name", ["check", "show", "accept"])
def test_an_unknown_part_of_a_broken_paper_is_still_named(command, folder, name):
    """The problems of the other parts are not the answer to a misspelt name."""
    change(folder / KEY, "marks = 3", "mark = 3")
    status, _, err = command(name, "sample/1x")
    assert status == 1
    assert "no part 'sample/1x'" in err


def test_accept_prints_a_unified_diff(command, folder):
    change(folder / KEY, "total = 3", "total = 4")
    status, out, err = command("accept", "sample/1b")
    line = line_of(folder / KEY, "total = 3")
    assert (status, err) == (0, "")
    assert out.splitlines() == [
        f"--- {KEY}",
        f"+++ {KEY}",
        f"@@ -{line - 1},2 +{line - 1},2 @@",
        " [parts.1b.lines]",
        "-total = 4",
        "+total = 3",
    ]
    assert (folder / KEY).read_text(encoding="utf-8") == KEY_TEXT


def test_accept_with_nothing_to_do_says_so(command):
    assert command("accept", "sample/1b") == (
        0,
        "sample/1b: nothing to change, the key holds what is computed\n",
        "",
    )


def test_accept_of_a_block_that_raises_changes_nothing(command, folder):
    change(folder / PAGE, "total = a + c  # add", "total = a / 0")
    status, out, err = command("accept", "sample/1b")
    assert (status, out) == (1, "")
    assert "part 1b: ZeroDivisionError" in err
    assert (folder / KEY).read_text(encoding="utf-8") == KEY_TEXT


def test_accept_never_writes_what_is_not_finite(command, folder):
    change(folder / PAGE, "total = a + c  # add", "total = float('nan')")
    status, _, err = command("accept", "sample/1b")
    assert status == 1
    assert "part 1b: total is nan" in err
    assert (folder / KEY).read_text(encoding="utf-8") == KEY_TEXT


def test_new_says_what_it_wrote_and_what_comes_next(command):
    status, out, err = command("new", "sample", "2c")
    assert (status, err) == (0, "")
    page, key, after = out.splitlines()
    assert page == "docs/papers/sample/q2.md:3: written"
    assert key.startswith(f"{KEY}:") and key.endswith(": written")
    assert after.endswith("python -m solvers accept sample/2c")


def test_new_refuses_what_exists(command):
    assert command("new", "sample", "1a") == (1, "", "part sample/1a exists already\n")


def test_export_writes_the_data_set_and_the_notebooks(command, folder):
    status, out, _ = command("export", "docs")
    assert (status, out) == (
        0,
        "docs/answers.json\ndocs/answers.csv\ndocs/take-along/recomputed.apkg\ndocs/papers/sample/q1/q1.ipynb\n",
    )
    assert list(json.loads((folder / "docs/answers.json").read_text(encoding="utf-8"))["parts"]) == [
        "sample/1a",
        "sample/1b",
    ]


def test_export_into_nothing_is_refused(command):
    status, _, err = command("export", "nowhere")
    assert (status, err) == (1, "nowhere: there is no such folder; build the site first, or name another\n")


def test_compare_names_the_file_that_is_missing_or_holds_something_else(command, folder):
    assert command("compare", "old.json", "new.json") == (1, "", "old.json: there is no such file\n")
    (folder / "site").mkdir()
    command("export", "site")
    assert command("compare", "site/answers.json", "new.json") == (1, "", "new.json: there is no such file\n")
    (folder / "new.json").write_text("[]")
    status, out, err = command("compare", "site/answers.json", "new.json")
    assert (status, out) == (1, "")
    assert err.startswith("new.json: ") and err.count("\n") == 1


def test_another_docs_folder(command, folder):
    (folder / "docs").rename(folder / "pages")
    status, _, err = command("check")
    assert status == 1
    assert "there is no such docs folder" in err
    assert command("--docs", "pages", "check")[0] == 0


UNREADABLE = [[], ["chekc"], ["show"], ["new", "sample"], ["check", "--all"], ["--docs"]]


@pytest.mark.parametrize("arguments", UNREADABLE, ids=[" ".join(arguments) or "nothing" for arguments in UNREADABLE])
def test_a_command_that_cannot_be_read(command, arguments):
    status, _, err = command(*arguments)
    assert status == 2
    assert err.startswith("usage: python -m solvers")


@pytest.mark.parametrize("arguments", [["--help"], ["check", "--help"], ["accept", "-h"]], ids=" ".join)
def test_help(command, arguments):
    status, out, _ = command(*arguments)
    assert status == 0
    assert out.startswith("usage: python -m solvers")


def test_nothing_shows_progress_on_a_pipe(tmp_path):
    """A part that takes more than a second: on a terminal its name is shown, in a log it is not."""
    folder = sample(tmp_path)
    change(folder / PAGE, "total = a + c  # add", "_t = sum(1 for _ in range(2 * 10**7))\ntotal = a + c  # add")
    ran = quick(folder, "solvers", "check")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == "2 parts, 8 lines, 1 papers: every number agrees with its key\n"


def test_a_command_works_in_a_fresh_process(tmp_path):
    """The real thing, once: `python -m solvers` in a folder with a site."""
    folder = sample(tmp_path)
    assert run(folder, "solvers", "check").code == 0
    change(folder / KEY, "total = 3", "total = 4")
    ran = run(folder, "solvers", "check")
    assert ran.code == 1
    assert ran.err.splitlines()[0].startswith(f"{PAGE}:{line_of(folder / PAGE, 'total = a')}: part 1b: line total")
    assert run(folder, "solvers", "chekc").code == 2


def test_a_pipe_that_is_closed_early_is_no_crash(tmp_path):
    """`python -m solvers show … | head -1`"""
    import subprocess
    import sys

    from sites import ROOT

    folder = sample(tmp_path)
    process = subprocess.Popen([sys.executable, "-m", "solvers", "show", "sample/1a"], cwd=folder, env={"PYTHONPATH": str(ROOT)},
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # fmt: skip
    process.stdout.close()
    _, err = process.communicate(timeout=60)
    assert "Traceback" not in err
