import numpy as np
import pytest

from sim.analysis.convergence import convergence
from sim.analysis.headline import headline
from sim.errors import UsageError
from sim.solvers.concepts import Request, requests_for

STRONG = Request("strong-2")


def test_a_row_whose_largest_status_turns_when_ranges_double_is_not_robust(barter) -> None:
    # cost in 0..10: a deal in 60%; doubled, 0..15 (costs keep their sign): in 40%
    row = headline(barter("{ uniform = [0, 10] }"), requests=[STRONG], draws=2000, seed=1).rows[0]
    assert abs(row.share.lower - 0.6) < 0.04
    assert abs(row.variants["halved"].lower - 0.7) < 0.04
    assert abs(row.variants["doubled"].lower - 0.4) < 0.04
    assert not row.robust


def test_a_row_whose_largest_status_stays_is_robust(barter) -> None:
    row = headline(barter("{ uniform = [0, 4] }"), requests=[STRONG], draws=300, seed=1).rows[0]
    assert row.robust
    assert row.variants["doubled"].lower == 1  # 0..6


def test_uniform_in_place_of_pert_is_a_variant_of_its_own(barter) -> None:
    row = headline(barter("{ pert = [0, 1, 10] }"), requests=[STRONG], draws=2000, seed=1).rows[0]
    assert abs(row.variants["uniform"].lower - 0.6) < 0.04
    assert row.share.lower > 0.9


def test_rows_stand_by_concept_and_order_then_by_event(barter) -> None:
    scenario = barter()
    found = headline(scenario, requests=requests_for(scenario), draws=50, seed=1)
    assert [row.share.row for row in found.rows] == ["pure-nash", "strong-2", "subgame-perfect.russia_first"]
    assert set(found.rows[0].to_dict()["placebo"]) == {"shuffled", "coin"}


def test_progress_ends_with_all_six_sweeps_done(barter) -> None:
    told: list[tuple[int, int]] = []
    headline(barter(), requests=[STRONG], draws=50, seed=1, progress=lambda done, total: told.append((done, total)))
    assert told == sorted(told)
    assert told[-1] == (300, 300)


def test_an_unknown_event_is_answered_with_the_nearest(barter) -> None:
    with pytest.raises(UsageError, match="Did you mean 'deal'"):
        headline(barter(), requests=[STRONG], events=["dael"], draws=10, seed=1)


def test_running_shares_end_at_the_tables_shares_inside_their_intervals(barter) -> None:
    found = headline(barter(), requests=[STRONG, Request("pure-nash")], draws=1500, seed=1)
    running = convergence(found)
    assert running.n.tolist() == [*(2**k for k in range(11)), 1500]
    for row in found.rows:
        own = running.rows[row.share.row, row.share.event]
        assert own[-1, 0] == row.share.lower
        assert tuple(own[-1, 1:]) == row.share.interval("always")
        assert (np.diff(own[:, [1, 0, 2]]) >= 0).all()
    assert running.upper["pure-nash", "deal"][-1, 0] == found.rows[1].share.upper > 0
