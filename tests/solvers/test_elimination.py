"""Iterated elimination of strictly dominated actions."""

from fractions import Fraction

import numpy as np

from sim.game.game import Game
from sim.solvers.certificate import IntegerPayoffs, integer_payoffs
from sim.solvers.elimination import restricted, undominated_actions


def left_of(exact: np.ndarray) -> tuple[tuple[int, ...], ...]:
    return undominated_actions(integer_payoffs(Game.from_arrays(*exact)))


def test_elimination_goes_on_where_one_round_makes_another_action_dominated() -> None:
    # down is dominated at once; only then is right; and only then is up's rival middle
    row = [[3, 0], [2, 9], [1, -1]]
    column = [[2, 1], [2, 1], [0, 5]]
    exact = np.array([row, column], dtype=object)
    assert left_of(exact) == ((0,), (0,))
    payoffs = integer_payoffs(Game.from_arrays(*exact))
    assert restricted(payoffs, ((0,), (0,))) == (IntegerPayoffs(((3,),), 1, 0), IntegerPayoffs(((2,),), 1, 0))
    assert restricted(payoffs, ((1, 2), (1,))) == (
        IntegerPayoffs(((9,), (-1,)), 1, 10),
        IntegerPayoffs(((1, 5),), 1, 4),
    )


def test_a_tie_anywhere_keeps_an_action() -> None:
    exact = np.array([[[1, 2], [1, 3]], [[0, 0], [0, 0]]], dtype=object)
    assert left_of(exact) == ((0, 1), (0, 1))


def test_the_least_rational_difference_counts() -> None:
    tiny = Fraction(1, 10**40)
    exact = np.array([[[1, 2], [1 + tiny, 2 + tiny]], [[0, 0], [0, 0]]], dtype=object)
    assert left_of(exact) == ((1,), (0, 1))


def test_three_players_keep_an_action_that_is_best_against_one_profile_only() -> None:
    exact = np.zeros((3, 2, 2, 2), dtype=object)
    exact[0, 0] = 5
    exact[0, 1, 1, 1] = 6
    assert left_of(exact)[0] == (0, 1)
    exact[0, 1, 1, 1] = 4
    assert left_of(exact)[0] == (0,)
