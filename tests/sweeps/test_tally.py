"""Counts that add up, and the sampling error of what they add up to."""

import numpy as np
import pytest

from sim.sweeps.status import STATUSES, wilson
from sim.sweeps.tally import Tally, added, tally_of, tally_of_part

CODES = np.random.default_rng(1).integers(0, 6, (2, 160)).astype(np.int8)
HEADS = [("pure-nash", "a"), ("subgame-perfect.x", "a")]


@pytest.mark.parametrize("sobol", [False, True])
def test_parts_add_up_to_the_whole(sobol: bool) -> None:
    cuts = [(0, 16), (16, 37), (37, 160)]
    parts = [tally_of(list(CODES[:, a:b]), a, sobol=sobol) for a, b in cuts]
    documents = [own.to_dict() | {"start": a, "draws": b - a} for own, (a, b) in zip(parts, cuts, strict=True)]
    whole, again = tally_of(list(CODES), 0, sobol=sobol), added(map(tally_of_part, documents))
    assert isinstance(again, Tally)
    assert again.counts.tolist() == whole.counts.tolist()
    assert again.intervals() == whole.intervals()
    assert added([]) is None


def test_shares_count_each_status_and_skip_draws_that_were_not_run() -> None:
    codes = np.where(np.arange(160) < 50, CODES, -1).astype(np.int8)
    one, other = tally_of(list(codes), 0, sobol=False).shares(HEADS)
    assert (one.concept, one.order, other.order, one.n) == ("pure-nash", None, "x", 50)
    assert list(one.counts) == [int((CODES[0, :50] == k).sum()) for k in range(len(STATUSES))]


def test_independent_draws_have_wilsons_interval() -> None:
    tally = tally_of(list(CODES), 0, sobol=False)
    share = tally.shares(HEADS)[0]
    lower, upper = tally.intervals()[0]
    assert lower == wilson(share.counts[0], 160)
    assert upper == wilson(round(share.upper * 160), 160)


def test_the_interval_between_scrambles_is_students() -> None:
    held = np.zeros(160, dtype=np.int8) + 2
    held[:80:2] = 0  # scrambles 0, 2, 4, ... hold in half of their ten draws, the others in none
    ((lower, _),) = tally_of([held], 0, sobol=True).intervals()
    shares = np.array([0.5, 0.0] * 8)
    half = 2.131449545559323 * shares.std(ddof=1) / 4
    assert lower == pytest.approx((0.25 - half, 0.25 + half))


def test_a_concept_that_ran_on_few_sobol_points_has_the_interval_of_few_draws() -> None:
    codes = np.where(np.arange(160) < 32, CODES[0], -1).astype(np.int8)
    ((lower, _),) = tally_of([codes], 0, sobol=True).intervals()
    assert lower == wilson(int((CODES[0, :32] == 0).sum()), 32)
