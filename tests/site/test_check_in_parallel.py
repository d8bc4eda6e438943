"""`check --jobs N`: the same output as in one process, whatever disagrees, crashes or does not end."""

import multiprocessing
import os

import pytest
from sites import KEY, PAGE, change, copy_solvers, run, sample

from solvers.site import parallel
from solvers.site.check import everything
from solvers.site.project import Project

METHODS = multiprocessing.get_all_start_methods()
CRASH = "\n\ndef crash(x):\n    import os\n    os._exit(7)\n"


def another_paper(folder, name):
    for file in (KEY, PAGE, "docs/papers/sample/index.md"):
        copy = folder / file.replace("/sample/", f"/{name}/")
        copy.parent.mkdir(exist_ok=True)
        copy.write_text((folder / file).read_text("utf-8"), "utf-8")


def both(folder, **environment):
    return [run(folder, "solvers", "check", "--jobs", jobs, **environment) for jobs in ("1", "3")]


def test_the_output_is_that_of_one_process(tmp_path):
    folder = sample(tmp_path)
    another_paper(folder, "another")
    serial, parallel_ = both(folder)
    assert serial.code == 0
    assert "4 parts" in serial.out
    assert parallel_ == serial


def test_problems_are_those_of_one_process_in_the_same_order(tmp_path):
    folder = sample(tmp_path)
    another_paper(folder, "another")
    change(folder / KEY, "mean = 1.5\n\n[parts.1b.printed]", "mean = 1.6\n\n[parts.1b.printed]")
    change(folder / PAGE, "Half of $@{total}$.", r"Half of $@{totl}$, or $\frc$.")
    change(folder / "docs/papers/another/key.toml", "loss = 4.500", "loss = 4.600")
    change(folder / "docs/topics/adam.md", "``` list topic", "``` list tpic")
    serial, parallel_ = both(folder)
    assert serial.code == 1
    assert len(serial.err.splitlines()) >= 5
    assert parallel_ == serial


@pytest.mark.parametrize("method", METHODS)
def test_every_way_to_start_a_process_finds_the_same(tmp_path, method):
    folder = sample(tmp_path)
    change(folder / KEY, "loss = 4.500", "loss = 4.600")
    project = Project(folder / "docs")
    tally = parallel.check_all(project, 2, method=method)
    assert (tally.parts, tally.lines) == (2, 8)
    assert sorted(set(project.problems)) == sorted(set(everything(folder / "docs")))
    assert len(project.problems) == 1


def test_a_part_that_ends_its_process_is_named_and_the_rest_is_checked(tmp_path):
    folder = copy_solvers(sample(tmp_path))
    for name in ("another", "third"):
        another_paper(folder, name)
    change(folder / "docs/papers/third/key.toml", "loss = 4.500", "loss = 4.600")
    with (folder / "solvers/neurons.py").open("a", encoding="utf-8") as module:
        module.write(CRASH)
    change(folder / PAGE, "total = a + c  # add", "total = crash(a)")
    ran = run(folder, "solvers", "check", "--jobs", "2")
    assert ran.code == 1
    assert "docs/papers/sample/q1.md:" in ran.err
    assert "part 1b: the process that computed it ended (exit status 7)" in ran.err
    assert "docs/papers/third" in ran.err  # what another process finds is told all the same
    assert "4.600" in ran.err


def test_a_part_that_does_not_end_is_stopped_in_its_process(tmp_path):
    folder = sample(tmp_path)
    change(folder / PAGE, "total = a + c  # add", "total = sum(a for _ in range(10**12)) + c")
    serial, parallel_ = both(folder, SOLVERS_SECONDS="1")
    assert "part 1b: ran longer than 1 s and was stopped" in parallel_.err
    assert parallel_ == serial


def test_a_computation_that_nothing_interrupts_is_a_problem_of_its_part(tmp_path):
    folder = sample(tmp_path)
    change(
        folder / PAGE, "total = a + c  # add", "total = sum(range(10**12))"
    )  # one call, which never returns to Python
    (folder / PAGE).with_name("q2.md").write_text("# Question 2\n\n$\\frc$\n", "utf-8")
    ran = run(folder, "solvers", "check", "--jobs", "2", SOLVERS_SECONDS="0.5")
    assert ran.code == 1
    assert f"{PAGE}:1: part 1b: the process that computed it ended (exit status 1)" in ran.err
    assert f"{PAGE.replace('q1', 'q2')}:3: " in ran.err  # the pages after it are given to another process


@pytest.mark.parametrize("jobs", ["0", "-1", "two"])
def test_jobs_is_a_number_of_processes(tmp_path, jobs):
    ran = run(sample(tmp_path), "solvers", "check", "--jobs", jobs)
    assert ran.code == 2
    assert "is no number of processes" in ran.err or "expected one argument" in ran.err


def test_a_small_site_is_checked_in_one_process_and_a_large_one_in_as_many_as_there_are_cores(tmp_path, monkeypatch):
    project = Project(sample(tmp_path) / "docs")
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(6), raising=False)
    assert parallel.default(project) == 1
    monkeypatch.setattr(parallel, "WORTH_IT", 1)
    assert parallel.default(project) == 6
