"""The compiled search of supports: what it lists, and that its bounds hold where the exact solution is known."""

from fractions import Fraction
from itertools import product
from random import Random

import numpy as np
import pytest

from sim.solvers import support_search
from sim.solvers.certificate import integer_payoffs
from sim.solvers.n_player import float_tables, split_shares
from sim.solvers.support_search import count_supports, search_all, support_masks
from tests.solvers.planted import planted_game


def test_every_support_is_listed_once_and_the_pure_ones_come_first() -> None:
    masks = support_masks((2, 3, 2))
    assert len(masks) == count_supports((2, 3, 2)) == 63
    assert len({tuple(one) for one in masks.tolist()}) == 63
    played = np.bitwise_count(masks).sum(axis=1)
    assert (np.diff(played) >= 0).all()
    assert (played[:12] == 3).all()


def test_a_game_with_too_many_supports_lists_the_small_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(support_search, "MOST_SUPPORTS", 1_000)
    support_masks.cache_clear()
    masks = support_masks((4, 4, 3))
    support_masks.cache_clear()
    played = np.bitwise_count(masks).sum(axis=1)
    every = [one for one in product(range(1, 16), range(1, 16), range(1, 8)) if sum(map(int.bit_count, one)) <= 5]
    assert {tuple(one) for one in masks[played <= 5].tolist()} == set(every)
    assert len(masks) <= 1_000
    assert played.max() == 6


@pytest.mark.parametrize("sizes", [(2, 2, 2), (2, 3, 3), (2, 2, 2, 2), (3, 3, 3)])
def test_the_exact_solution_is_within_the_error_and_alone_within_the_radius(sizes: tuple[int, ...]) -> None:
    for seed in range(20, 24):
        game, profile = planted_game(sizes, Random(seed))
        tables, error, ordered = float_tables(integer_payoffs(game), sizes)
        masks = support_masks(sizes)
        search = search_all(tables, masks, error=error, exact=ordered, budget_seconds=None)
        assert search.open_supports == 0
        whole = [one for one in search.solutions if one.support == len(masks) - 1]
        distances = [
            max(
                abs(Fraction(share) - exact)
                for own, mix in zip(split_shares(one.shares, sizes), profile, strict=True)
                for share, exact in list(zip(own, mix, strict=True))[1:]
            )
            for one in whole
        ]
        hit = int(np.argmin(distances))
        assert distances[hit] <= whole[hit].error <= 1e-8
        assert all(
            distance > one.alone for k, (one, distance) in enumerate(zip(whole, distances, strict=True)) if k != hit
        )


def test_without_time_only_pure_supports_are_decided_and_the_rest_are_counted() -> None:
    source = np.random.default_rng(0)
    tables, masks = source.random((3, 3, 3, 3)), support_masks((3, 3, 3))
    search = search_all(tables, masks, error=0.0, exact=True, budget_seconds=0.0)
    assert search.open_supports == 343 - 27
    assert all(sum(share > 0 for share in one.shares) == 3 for one in search.solutions)


def test_supports_that_need_more_regions_are_taken_up_again_until_they_are_decided(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tables, masks = np.random.default_rng(4).random((4, 2, 2, 2, 2)), support_masks((2, 2, 2, 2))
    whole = search_all(tables, masks, error=0.0, exact=True, budget_seconds=None)
    monkeypatch.setattr(support_search, "PASSES", (1, 2, 4, 1_000_000))
    again = search_all(tables, masks, error=0.0, exact=True, budget_seconds=None)
    assert whole.open_supports == again.open_supports == 0
    assert whole.solutions == again.solutions
    monkeypatch.setattr(support_search, "PASSES", (1,))
    short = search_all(tables, masks, error=0.0, exact=True, budget_seconds=None)
    assert short.unfinished
    assert not short.undecided
