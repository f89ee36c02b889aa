"""Supports on a knife edge, settled by exact signs: empty, one point, or left open."""

from fractions import Fraction

import numpy as np

from sim.game.game import Game
from sim.solvers.certificate import integer_payoffs
from sim.solvers.exact_exclusion import settled
from sim.solvers.exact_mix import Profile
from sim.solvers.n_player import solve_n_player

BOTH = (0, 1)


def watched(first: list[list[int]], *limits: tuple[Fraction, int]) -> np.ndarray:
    """Two players at matching pennies (`first` is what they gain), and watchers, each with a limit.

    A watcher would rather leave its action 0 where player 1's share of action 0 is above its limit (sign 1), or
    below it (sign -1).
    """
    players = 2 + len(limits)
    tensor = np.zeros((players, *[2] * players), dtype=object) + Fraction(0)
    own = np.array(first, dtype=object)
    for at in np.ndindex(*[2] * players):
        tensor[(0, *at)], tensor[(1, *at)] = Fraction(own[at[:2]]), Fraction(-own[at[:2]])
        for k, (limit, sign) in enumerate(limits, 2):
            tensor[(k, *at)] = (int(at[0] == 0) - limit) * sign * at[k]
    return tensor


def found(tensor: np.ndarray, *support: tuple[int, ...]) -> list[Profile] | None:
    return settled(integer_payoffs(Game.from_arrays(*tensor)), support)


def test_a_watcher_who_would_leave_empties_a_support_and_one_who_stays_does_not() -> None:
    pennies = [[1, -1], [-1, 1]]
    leaves, stays = (Fraction(1, 4), 1), (Fraction(3, 4), 1)
    assert found(watched(pennies, leaves), BOTH, BOTH, (0,)) == []
    assert found(watched(pennies, leaves), BOTH, BOTH, (1,)) is None  # the bounds are there for what is regular
    assert found(watched(pennies, stays), BOTH, BOTH, (0,)) is None


def test_limits_that_leave_no_share_one_share_or_many() -> None:
    never = [[0, 0], [0, 0]]
    at_most, at_least = (Fraction(2, 3), 1), (Fraction(2, 3), -1)
    one = found(watched(never, at_most, at_least), BOTH, (0,), (0,), (0,))
    assert one == [((Fraction(2, 3), Fraction(1, 3)), (1, 0), (1, 0), (1, 0))]
    assert found(watched(never, at_most, (Fraction(3, 4), -1)), BOTH, (0,), (0,), (0,)) == []
    assert found(watched(never, at_most, (Fraction(1, 4), -1)), BOTH, (0,), (0,), (0,)) is None
    assert found(watched(never, (Fraction(0), 1)), BOTH, (0,), (0,)) == []  # only share 0, which is a smaller support


def test_a_fixed_share_that_is_not_positive_empties_a_support() -> None:
    """Player 1 is indifferent only where player 2 plays (1, 1, -1); no two of its actions can be told by signs."""
    chooser = np.array([[0, 0, 0], [1, -1, 0], [-1, 2, 1]])
    assert found(np.array([chooser, 0 * chooser]), (0, 1, 2), (0, 1, 2)) == []


def test_a_tie_on_the_rim_of_a_larger_support_leaves_the_set_complete() -> None:
    """Bounds alone leave a support open here: on it, gains vanish towards equilibria of smaller ones."""
    ties = [
        [[[-2, -1], [1, -2]], [[2, -2], [-2, -1]]],
        [[[2, -2], [2, -2]], [[1, 1], [0, 2]]],
        [[[1, 0], [1, 2]], [[1, 2], [0, -2]]],
    ]
    set_ = solve_n_player(Game.from_arrays(*np.array(ties)))
    assert set_.complete, set_.why
    half, third = Fraction(1, 2), Fraction(1, 3)
    assert {tuple(own[0] for own in one.exact or ()) for one in set_.equilibria} == {
        (1, half, 0),
        (Fraction(4, 5), Fraction(2, 5), half),
        (2 * third, 0, Fraction(1, 4)),
        (0, 2 * third, half),
    }


def test_a_point_between_two_limits_is_an_equilibrium_and_the_set_is_complete() -> None:
    knife = [
        [[[2, 4], [-2, 0]], [[2, -2], [0, -1]]],
        [[[-2, -3], [-4, 3]], [[0, -5], [4, -2]]],
        [[[-3, -2], [-2, -4]], [[5, 3], [1, -4]]],
    ]
    set_ = solve_n_player(Game.from_arrays(*np.array(knife)))
    assert set_.complete, set_.why
    assert set_.extra["samples"] == []
    assert (Fraction(2, 3), 1, 1) in {tuple(own[0] for own in one.exact or ()) for one in set_.equilibria}
