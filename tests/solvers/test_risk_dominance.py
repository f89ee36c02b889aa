"""Risk dominance: the stag hunt, ties, and all the games where it is not defined."""

from fractions import Fraction

import numpy as np
import pytest

from sim.game.game import Game
from sim.solvers.risk_dominance import NEITHER, NOT_DEFINED, risk_dominance, risk_dominance_entry

STAG = Game.from_arrays([[4, 0], [3, 3]], [[4, 3], [0, 3]], actions=[["stag", "hare"]] * 2)


def test_hares_are_safer_than_stags() -> None:
    found = risk_dominance(STAG)
    assert found is not None
    assert found.products == (1, 9)
    assert found.dominant == (1, 1)
    assert risk_dominance_entry(STAG) == ["hare", "hare"]


def test_the_battle_of_the_sexes_has_no_safer_side() -> None:
    game = Game.from_arrays([[2, 0], [0, 1]], [[1, 0], [0, 2]])
    assert risk_dominance_entry(game) == NEITHER


def test_equilibria_off_the_diagonal_count_too() -> None:  # chicken
    game = Game.from_arrays([[3, 2], [5, 0]], [[3, 4], [2, 0]])
    found = risk_dominance(game)
    assert found is not None
    assert found.profiles == ((0, 1), (1, 0))
    assert found.products == (2, 4)
    assert found.dominant == (1, 0)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ([[3, 0], [5, 1]], [[3, 5], [0, 1]]),  # one equilibrium
        ([[1, -1], [-1, 1]], [[-1, 1], [1, -1]]),  # none in pure play
        ([[1, 0], [1, 1]], [[1, 0], [0, 1]]),  # two, one of them not strict
        (np.eye(3), np.eye(3)),
    ],
)
def test_elsewhere_it_is_not_defined(a: object, b: object) -> None:
    assert risk_dominance_entry(Game.from_arrays(a, b)) == NOT_DEFINED


def test_what_does_not_change_best_replies_does_not_change_it() -> None:
    chance = np.random.default_rng(2)
    for _ in range(100):
        a, b = chance.integers(-4, 5, (2, 2, 2))
        moved = Game.from_arrays(7 * a + chance.integers(-50, 50, (1, 2)), 3 * b + chance.integers(-50, 50, (2, 1)))
        before, after = risk_dominance(Game.from_arrays(a, b)), risk_dominance(moved)
        assert (before and before.dominant) == (after and after.dominant)


def test_against_an_even_toss_the_dominant_side_of_a_symmetric_game_is_the_best_reply() -> None:
    chance, met = np.random.default_rng(4), 0
    for _ in range(200):
        a = chance.integers(-4, 5, (2, 2))
        found = risk_dominance(Game.from_arrays(a, a.T))
        if found is None or found.dominant is None or found.profiles != ((0, 0), (1, 1)):
            continue
        met += 1
        assert a[found.dominant[0]].sum() > a[1 - found.dominant[0]].sum()
    assert met > 10


def test_close_products_are_told_apart_in_fractions() -> None:
    tiny = Fraction(1, 10**30)
    game = Game.from_arrays(np.array([[1 + tiny, 0], [0, 1]], dtype=object), np.array([[1, 0], [0, 1]], dtype=object))
    found = risk_dominance(game)
    assert found is not None
    assert found.dominant == (0, 0)
