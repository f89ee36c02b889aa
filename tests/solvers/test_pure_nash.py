"""Pure Nash equilibria of many games at once: published games, both sides of the tolerance, invariances."""

import numpy as np
import pytest

from sim.solvers.concepts import Request, Rules, solve_batch
from sim.solvers.ties import TIE


def found(payoffs, axes_of=None):
    tensor, request = np.asarray(payoffs, dtype=float), Request("pure-nash")
    rules = Rules(axes_of or tuple((k,) for k in range(tensor.ndim - 2)))
    answer = solve_batch(tensor, rules, [request])[request]
    return answer.is_equilibrium, answer.gap


def profiles(payoffs, axes_of=None) -> list[tuple[int, ...]]:
    return [tuple(at) for at in np.argwhere(found(payoffs, axes_of)[0][0]).tolist()]


def test_the_3_by_2_game_has_one_pure_equilibrium() -> None:  # von Stengel (2007), Algorithmic Game Theory, ch. 3
    assert profiles([[[[3, 3], [2, 5], [0, 6]], [[3, 2], [2, 6], [3, 1]]]]) == [(0, 0)]


@pytest.mark.parametrize(
    ("A", "B", "expected"),
    [
        ([[3, 0], [5, 1]], [[3, 5], [0, 1]], [(1, 1)]),  # prisoner's dilemma
        ([[1, -1], [-1, 1]], [[-1, 1], [1, -1]], []),  # matching pennies
        ([[3, 2], [4, 1]], [[3, 4], [2, 1]], [(0, 1), (1, 0)]),  # chicken
        ([[0, 0], [0, 0]], [[0, 0], [0, 0]], [(0, 0), (0, 1), (1, 0), (1, 1)]),  # nothing matters
    ],
)
def test_textbook_games(A, B, expected) -> None:
    assert profiles([[A, B]]) == expected


@pytest.mark.parametrize(("gain", "holds"), [(0.9 * TIE, True), (1.1 * TIE, False)])
@pytest.mark.parametrize("scale", [1e-200, 1.0, 1e200])
def test_a_gain_counts_above_the_tolerance_alone_at_every_scale(gain: float, holds: bool, scale: float) -> None:
    own = np.array([-gain, 0.0, -1.0]) * scale
    assert bool(found(own[None, None])[0][0][0]) is holds


def test_a_player_changes_all_its_moves_together() -> None:
    u = np.array([[[[1.0, 0.0], [0.0, 2.0]]]])  # one player, two moves: neither alone improves on 1
    assert profiles(u, ((0, 1),)) == [(1, 1)]
    two = np.concatenate([u, u], axis=1)
    assert profiles(two, ((0,), (1,))) == [(0, 0), (1, 1)]


def test_the_gap_is_the_smallest_positive_gain_as_a_share_of_range() -> None:
    gap = found([[[[0, 0], [4, 1]], [[0, 0], [0, 0]]]])[1]
    assert gap.tolist() == [0.25]
    assert np.isinf(found(np.zeros((1, 2, 2, 2)))[1]).all()


def test_draws_do_not_look_at_each_other() -> None:
    u = np.random.default_rng(0).integers(0, 3, (50, 3, 2, 3, 2)).astype(float)
    whole, gap = found(u)
    for draw in range(50):
        alone, own_gap = found(u[draw : draw + 1])
        assert (alone[0] == whole[draw]).all()
        assert own_gap[0] == gap[draw]
