from dataclasses import replace

import numpy as np
import pytest

from sim.analysis.structure import structure, variance_shares
from sim.errors import UsageError
from sim.solvers.concepts import Request, requests_for

NASH, PAIRS = Request("pure-nash"), Request("strong-2")


def test_variance_shares_add_to_one_and_each_cause_gets_its_own() -> None:
    rng = np.random.default_rng(1)
    zeros = np.zeros((2, 3, 2, 400))
    by_draw = zeros + (rng.random(400) < 0.3)
    by_version = zeros + np.array([0, 1]).reshape(2, 1, 1, 1)
    by_concept = zeros + np.array([0, 1, 1]).reshape(1, 3, 1, 1)
    by_end = zeros + np.array([0, 1]).reshape(1, 1, 2, 1)
    concepts = ["pure-nash", "subgame-perfect", "subgame-perfect"]
    for table, cause in ((by_draw, "numbers"), (by_version, "version"), (by_concept, "concept"), (by_end, "end")):
        total, parts = variance_shares(table, concepts)
        assert total > 0
        assert parts[cause] == pytest.approx(1)
        assert sum(parts.values()) == pytest.approx(1)
    by_order = zeros + np.array([0.5, 0, 1]).reshape(1, 3, 1, 1)
    assert variance_shares(by_order, concepts)[1]["order"] == pytest.approx(1)
    both = (by_draw + by_version) % 2  # exclusive or: neither alone explains all
    parts = variance_shares(both, concepts)[1]
    assert parts["interactions"] > 0.5
    assert sum(parts.values()) == pytest.approx(1)
    assert variance_shares(zeros, concepts) == (0.0, dict.fromkeys(parts, 0.0))


def test_crossing_with_a_copy_adds_nothing(barter) -> None:
    scenario = barter()
    alone = structure(scenario, requests=[NASH, PAIRS], draws=500, seed=1)
    twice = structure(scenario, versions=[replace(scenario, name="copy")], requests=[NASH, PAIRS], draws=500, seed=1)
    assert [one.to_dict() for one in twice.variance] == [one.to_dict() for one in alone.variance]
    assert twice.variance[0].parts["version"] == 0
    assert len(twice.specifications) == 2 * len(alone.specifications)


def test_the_plot_has_every_structure_with_its_share(barter) -> None:
    scenario = barter()
    found = structure(scenario, requests=requests_for(scenario), draws=1000, seed=1)
    shares = {(one.row, one.end): one.share for one in found.specifications}
    assert shares["pure-nash", "always"] == 0  # no deal is an equilibrium in every draw
    assert shares["pure-nash", "possible"] == shares["strong-2", "always"] == pytest.approx(0.6, abs=0.05)
    assert found.variance[0].parts["numbers"] > 0


def test_a_version_that_cannot_be_crossed_is_refused_with_the_reason(barter, baseline) -> None:
    with pytest.raises(UsageError, match="has no event 'trip'"):
        structure(baseline, versions=[barter()], requests=[NASH], draws=10, seed=1)
    with pytest.raises(UsageError, match="stands twice"):
        structure(barter(), versions=[barter()], requests=[NASH], draws=10, seed=1)
