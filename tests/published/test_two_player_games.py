"""Two-player games whose equilibria are published, or follow from a line of algebra."""

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest

from sim.game.game import Game
from sim.solvers.two_player_exact import solve_exact

HALF, THIRD = Fraction(1, 2), Fraction(1, 3)


def found(A, B) -> list[tuple[tuple[Fraction, ...], ...]]:
    solution = solve_exact(Game.from_arrays(A, B))
    assert solution.complete
    assert all(one.regret == 0 for one in solution.equilibria)
    return [one.exact for one in solution.equilibria]


def test_the_3_by_2_game_has_its_three_equilibria() -> None:  # von Stengel (2007), Algorithmic Game Theory, ch. 3
    assert found([[3, 3], [2, 5], [0, 6]], [[3, 2], [2, 6], [3, 1]]) == [
        ((1, 0, 0), (1, 0)),
        ((Fraction(4, 5), Fraction(1, 5), 0), (2 * THIRD, THIRD)),
        ((0, THIRD, 2 * THIRD), (THIRD, 2 * THIRD)),
    ]


def test_its_degenerate_sister_has_a_segment_of_equilibria() -> None:  # the same chapter, where B's first row ties
    solution = solve_exact(Game.from_arrays([[3, 3], [2, 5], [0, 6]], [[3, 3], [2, 6], [3, 1]]))
    assert [one.exact for one in solution.equilibria] == [
        ((1, 0, 0), (1, 0)),
        ((1, 0, 0), (2 * THIRD, THIRD)),
        ((0, THIRD, 2 * THIRD), (THIRD, 2 * THIRD)),
    ]
    assert solution.nash_subsets == solution.components == ((0, 1), (2,))
    assert solution.extra["degenerate"]


def test_the_prisoners_dilemma_has_only_mutual_defection() -> None:  # Axelrod (1984): T5 R3 P1 S0
    assert found([[3, 0], [5, 1]], [[3, 5], [0, 1]]) == [((0, 1), (0, 1))]


def test_the_missile_crisis_as_chicken_has_two_pure_equilibria_and_an_even_mix() -> None:  # Brams (1985)
    assert found([[3, 2], [4, 1]], [[3, 4], [2, 1]]) == [
        ((1, 0), (0, 1)),
        ((HALF, HALF), (HALF, HALF)),
        ((0, 1), (1, 0)),
    ]


def test_matching_pennies_has_only_the_even_mix() -> None:
    assert found([[1, -1], [-1, 1]], [[-1, 1], [1, -1]]) == [((HALF, HALF), (HALF, HALF))]


def test_rock_paper_scissors_has_only_the_even_mix() -> None:
    A = np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]])
    assert found(A, -A) == [((THIRD,) * 3, (THIRD,) * 3)]


@pytest.mark.parametrize("penalty", [2, 4, 10])
def test_a_heavier_sanction_leaves_violation_alone_and_lowers_enforcement(
    penalty,
) -> None:  # Tsebelis (1990), JCR 34(1)
    A, B = [[1 - penalty, 1], [0, 0]], [[-1, -2], [-1, 0]]  # rows violate, comply; columns sanction, not
    sanction = Fraction(1, penalty)
    assert found(A, B) == [((HALF, HALF), (sanction, 1 - sanction))]


def test_the_3_by_2_example_of_avis_and_others_has_three_extreme_equilibria_of_which_two_span_a_segment() -> None:
    # Avis, Rosenberg, Savani & von Stengel (2010), Economic Theory 42, with the tie in the last row of B
    solution = solve_exact(Game.from_arrays([[0, 6], [2, 5], [3, 3]], [[1, 0], [0, 2], [4, 4]]))
    assert [one.exact for one in solution.equilibria] == [
        ((2 * THIRD, THIRD, 0), (THIRD, 2 * THIRD)),
        ((0, 0, 1), (1, 0)),
        ((0, 0, 1), (2 * THIRD, THIRD)),
    ]
    assert solution.nash_subsets == ((0,), (1, 2))


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 6, 7])
def test_pure_coordination_has_one_equilibrium_for_each_set_of_actions(n) -> None:
    expected = {
        tuple(Fraction(int(k in chosen), size) for k in range(n))
        for size in range(1, n + 1)
        for chosen in combinations(range(n), size)
    }
    pairs = found(np.eye(n, dtype=int), np.eye(n, dtype=int))
    assert len(pairs) == 2**n - 1
    assert {x for x, _ in pairs} == expected
    assert all(x == y for x, y in pairs)


# after von Stengel (1999), Discrete & Computational Geometry 21: maximal numbers of equilibria in bimatrix games
def test_a_6_by_6_game_can_have_75_equilibria_more_than_coordination() -> None:
    A = [
        [9504, -660, 19976, -20526, 1776, -8976],
        [-111771, 31680, -130944, 168124, -8514, 52764],
        [397584, -113850, 451176, -586476, 29216, -178761],
        [171204, -45936, 208626, -263076, 14124, -84436],
        [1303104, -453420, 1227336, -1718376, 72336, -461736],
        [737154, -227040, 774576, -1039236, 48081, -300036],
    ]
    B = [
        [72336, 48081, 29216, 14124, 1776, -8514],
        [-461736, -300036, -178761, -84436, -8976, 52764],
        [1227336, 774576, 451176, 208626, 19976, -130944],
        [-1718376, -1039236, -586476, -263076, -20526, 168124],
        [1303104, 737154, 397584, 171204, 9504, -111771],
        [-453420, -227040, -113850, -45936, -660, 31680],
    ]
    assert len(found(A, B)) == 75
