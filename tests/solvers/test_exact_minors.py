"""Vertices by the signs of all minors against vertices by pivoting: two ways of separate code to one exact answer."""

import numpy as np
import pytest

from sim.game.game import Game
from sim.solvers import two_player_exact
from sim.solvers.certificate import integer_payoffs, integers_of_floats
from sim.solvers.exact_minors import decide, is_small
from sim.solvers.two_player_exact import ExtremeEquilibria, extreme_equilibria
from sim.solvers.vertices import best_response_vertices


def by_pivots(game: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> ExtremeEquilibria:
    with monkeypatch.context() as changed:
        changed.setattr(two_player_exact, "is_small", lambda m, n: False)
        return extreme_equilibria(integers_of_floats(game))


@pytest.mark.parametrize("greatest", [1, 2, 100, 0])
@pytest.mark.parametrize("shape", [(1, 3), (2, 5), (3, 3), (4, 4), (5, 4), (6, 6)])
def test_both_ways_find_the_same_equilibria_and_the_same_degeneracy(shape, greatest, monkeypatch) -> None:
    chance = np.random.default_rng(greatest)
    for _ in range(4 if shape == (6, 6) else 60):
        if greatest:
            game = chance.integers(-greatest, greatest + 1, (2, *shape)).astype(float)
        else:
            game = chance.standard_normal((2, *shape))  # integers of some 60 binary digits
        found, other = extreme_equilibria(integers_of_floats(game)), by_pivots(game, monkeypatch)
        assert found.pairs == other.pairs
        assert (found.complete, found.degenerate) == (other.complete, other.degenerate)


def test_where_ties_matter_all_vertices_are_named_with_all_their_labels() -> None:
    chance = np.random.default_rng(3)
    seen = 0
    for _ in range(200):
        game = chance.integers(0, 3, (2, 3, 4)).astype(float)
        a, b = (own.by_action for own in integers_of_floats(game))
        decided = decide(a, b)
        if decided.left:
            seen += 1
            a_positive, b_positive = ([[value + 1 for value in row] for row in own] for own in (a, b))
            left, right = best_response_vertices(b_positive)[0], best_response_vertices(a_positive)[0]
            assert set(decided.left) == {one.labels for one in left}
            assert set(decided.right) == {one.labels >> 4 | (one.labels & 0b1111) << 3 for one in right}
    assert seen > 50


def test_a_tie_far_from_every_equilibrium_is_still_called_degenerate() -> None:
    # column 1 strictly dominates; against column 2, which is never played, two rows tie at the top
    game = Game.from_arrays([[1, 0], [0, 5], [0, 5]], [[9, 1], [9, 1], [9, 1]])
    a, b = (own.by_action for own in integer_payoffs(game))
    decided = decide(a, b)
    assert not decided.left
    assert len(decided.pairs) == 1
    assert decided.degenerate


def test_small_ends_where_the_tables_would_outgrow_their_use() -> None:
    assert is_small(6, 6)
    assert not is_small(7, 7)
    assert is_small(2, 20)
    assert not is_small(2, 40)
    assert not is_small(1, 1000)
