"""The comparison with SALib: on the same values both have the same indices, and each case is what it says."""

import numpy as np
import pytest
from SALib.analyze.sobol import first_order, total_order

from benchmarks.sensitivity_oracle import (
    Side,
    agreement,
    baseline_case,
    compare,
    g_case,
    ishigami_case,
    ours,
    salibs,
)
from sim.analysis.pick_freeze import halves, pick_freeze


@pytest.mark.parametrize("case", [ishigami_case(), g_case()], ids=["ishigami", "g"])
def test_on_the_same_values_both_have_the_same_indices(case) -> None:
    a, b = ({name: half.uniforms(1, name, 0, 512) for name in case.names} for half in halves(case.names))
    found = pick_freeze(lambda own: case.model(own)[None], [(a, b)], case.groups)
    fa, fb = case.model(a), case.model(b)
    mean = np.concatenate([fa, fb]).mean()
    for k, group in enumerate(case.groups):
        mixed = case.model({**a, **{name: b[name] for name in group}})
        assert found.first[k, 0] == pytest.approx(first_order(fa - mean, mixed - mean, fb - mean), abs=1e-12)
        assert found.total[k, 0] == pytest.approx(total_order(fa, mixed, fb), abs=1e-12)


def test_both_find_the_truth_of_ishigami_s_function() -> None:
    case = ishigami_case()
    assert case.truth is not None
    for side in (ours(case, 4_096, 1), salibs(case, 4_096, 1)):
        assert side.first == pytest.approx(np.array(case.truth[0]), abs=0.03)
        assert side.total == pytest.approx(np.array(case.truth[1]), abs=0.03)


def test_groups_of_the_baseline_are_the_same_to_both() -> None:
    case = baseline_case("deal")
    one, other = ours(case, 256, 2), salibs(case, 256, 2)
    assert ("need", "RU.shells") in case.groups
    assert len(one.first) == len(other.first) == len(case.groups)
    assert np.corrcoef(one.total, other.total)[0, 1] > 0.9  # each at the same group's place


def test_the_lines_say_how_many_indices_agree() -> None:
    lines = compare(g_case(), 256, 1)
    assert "256 draws, 2,048 evaluations each" in lines[0]
    assert len(lines) == 2 + 6 + 1
    a = np.array([0.5, 0.1])
    one, other = (Side(a + move, a * 0 + 0.01, a, a * 0 + 0.01, 0.0) for move in (0.0, 0.02))
    assert agreement(one, other).startswith("2 of 4 ")
