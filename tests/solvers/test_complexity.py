"""The count of scores against enumerating the pairs of words."""

import pytest

from solvers.complexity import transformer_scores


@pytest.mark.parametrize(("M", "N"), [(1, 1), (2, 5), (7, 3), (12, 12)])
def test_every_pair_is_counted_once(M, N):
    source, target = [("in", i) for i in range(M)], [("out", i) for i in range(N)]
    looks = [(a, b) for a in source for b in source]
    looks += [(a, b) for a in target for b in target]
    looks += [(a, b) for a in target for b in source]
    total, ratio = transformer_scores(M, N)
    assert total == len(set(looks))
    assert 1 < ratio <= 3
