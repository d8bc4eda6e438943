"""What `check` demands beside the numbers: nothing left to fill in, no more records than the paper has parts."""

from sites import KEY, change, run, sample


def test_a_scaffold_is_refused_until_it_is_filled(tmp_path):
    folder = sample(tmp_path)
    assert run(folder, "solvers", "new", "sample", "1c").code == 0
    assert run(folder, "solvers", "accept", "sample/1c").code == 0
    ran = run(folder, "solvers", "check")
    assert ran.code == 1
    assert "part 1c: its record still says TODO" in ran.text
    assert "part 1c: the page still says TODO" in ran.text


def test_more_records_than_parts_are_refused(tmp_path):
    folder = sample(tmp_path)
    change(folder / KEY, "parts = 2", "parts = 1")
    ran = run(folder, "solvers", "check")
    assert ran.code == 1
    assert "[paper]: parts = 1, but there are 2 records" in ran.text
