"""Games with ties in a batch: when float64 is exact for them, and that it then finds what long integers find."""

from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.solvers import two_player_batch
from sim.solvers.bordered_minors import exact_width, support_pairs, tied_labels
from sim.solvers.certificate import integers_of_floats
from sim.solvers.two_player_batch import two_player_equilibria
from sim.solvers.two_player_exact import extreme_equilibria

Floats = NDArray[np.float64]


def alone(monkeypatch: pytest.MonkeyPatch, U: Floats) -> list[int]:
    """The draws that were solved one by one in long integers."""
    asked: list[int] = []
    own = two_player_batch._one_by_one
    monkeypatch.setattr(two_player_batch, "_one_by_one", lambda U, which: asked.extend(which.tolist()) or own(U, which))
    two_player_equilibria(U)
    return asked


def assert_as_in_long_integers(U: Floats) -> None:
    batch = two_player_equilibria(U)
    rows = np.concatenate(batch.strategies, axis=1).tolist()
    for draw, game in enumerate(U):
        found = extreme_equilibria(integers_of_floats(game)).pairs
        expected = sorted([float(share) for own in pair for share in own] for pair in found)
        assert batch.counts[draw] == len(expected)
        assert np.allclose(sorted(rows[batch.first[draw] : batch.first[draw + 1]]), expected, rtol=0, atol=1e-9)


def tied(games: int, m: int, n: int, seed: int) -> Floats:
    return np.random.default_rng(seed).integers(-2, 3, (games, 2, m, n)).astype(float)


@pytest.mark.parametrize("shape", [(1, 1), (1, 5), (4, 1), (2, 2), (3, 4), (5, 3), (5, 5)])
@pytest.mark.parametrize(("scale", "shift"), [(1.0, 0.0), (0.1, 0.0), (1e-12, 0.0), (2.0**700, 0.0), (1.0, 1e9)])
def test_games_full_of_ties_have_the_equilibria_of_long_integers_in_any_unit(shape, scale, shift) -> None:
    assert_as_in_long_integers(tied(70, *shape, seed=sum(shape)) * scale + shift)


def test_six_by_six_and_games_in_which_nothing_is_at_stake() -> None:
    assert_as_in_long_integers(tied(20, 6, 6, seed=1))
    assert_as_in_long_integers(np.zeros((3, 2, 4, 5)))


@pytest.mark.parametrize(("scale", "shift"), [(1.0, 0.0), (1e-12, 0.0), (3.0 * 2.0**-900, 0.0), (7.0, 1e9)])
def test_small_integers_of_any_unit_and_zero_need_no_long_integers(scale, shift, monkeypatch) -> None:
    assert alone(monkeypatch, tied(200, 3, 4, seed=2) * scale + shift) == []


def test_only_ties_beyond_float64_are_solved_one_by_one(monkeypatch) -> None:
    U = tied(6, 3, 3, seed=3)
    U[:] = 0.0
    U[2, 0, 0] = 2.0**50, 1.0, 3.0  # integers, but their products are too large
    U[4, 1, 0] = np.pi, np.e, 1.0
    assert alone(monkeypatch, U) == [2, 4]
    assert_as_in_long_integers(U)


def test_a_factor_common_to_all_differences_is_taken_out() -> None:
    from sim.solvers.vertex_kernel import small_integers

    shifted = np.zeros((6, 64))
    table = np.array([[5.0, 9.0], [5.0 + 3 * 2.0**40, 9.0], [5.0, 9.0 - 6 * 2.0**40], [5.0, 9.0]])
    assert small_integers(table, 0, 2.0, shifted, 5)
    assert shifted[:, 5].tolist() == [1.0, 0.0, 0.0, -2.0, 0.0, 0.0]
    assert not small_integers(table, 0, 1.0, shifted, 5)
    assert small_integers(table.T.copy(), 1, 2.0, shifted, 6)
    assert shifted[:, 6].tolist() == shifted[:, 5].tolist()


@pytest.mark.parametrize("degrees", range(1, 9))
def test_up_to_the_width_no_sum_of_minors_passes_the_integers_of_float64_and_beyond_it_one_might(degrees) -> None:
    def largest(w: int) -> int:  # squares of Hadamard's bound, in integers
        return max((k + 1) ** 2 * k**k * w ** (2 * k) for k in range(1, degrees + 1))

    width = exact_width(degrees)
    assert largest(width) <= 2**106
    assert largest(width + width // 10 + 1) > 2**106


def test_labels_without_a_tie_are_as_many_as_the_mixing_player_has_actions_and_a_tie_adds_one() -> None:
    m, n = 3, 4
    for side, mixing in zip(tied_labels(m, n), (n, m), strict=True):
        assert len(side.base) == len(support_pairs(m, n).size)
        for base, extra in zip(side.base, side.tied, strict=True):
            assert base.bit_count() == mixing
            assert len(set(extra)) == len(extra) == m + n - mixing
            assert all(bit.bit_count() == 1 and not bit & base for bit in extra)


def test_ties_do_not_depend_on_the_company_of_other_games() -> None:
    U = tied(130, 3, 4, seed=4)
    U[::3] += np.random.default_rng(5).random((44, 2, 3, 4))
    whole, part = two_player_equilibria(U), two_player_equilibria(U[50:])
    assert part.counts.tolist() == whole.counts[50:].tolist()
    assert all(np.array_equal(a, b[whole.first[50] :]) for a, b in zip(part.strategies, whole.strategies, strict=True))


def test_a_game_of_more_equilibria_than_there_is_room_for_gets_more_room() -> None:
    m = n = 7
    U = np.zeros((2, 2, m, n))
    U[1] = np.eye(m)
    batch = two_player_equilibria(U)
    assert batch.counts.tolist() == [m * n, 2**m - 1]
    assert_as_in_long_integers(np.zeros((40, 2, m, n)))  # 1,960 rows; there is room for 224 at first


def test_shares_are_the_nearest_float64_of_the_rationals() -> None:
    U = tied(300, 4, 4, seed=6)
    batch = two_player_equilibria(U)
    rows = np.concatenate(batch.strategies, axis=1)
    for draw in np.flatnonzero(batch.ground == 1)[:100]:
        expected = {
            tuple(float(Fraction(share)) for own in pair for share in own)
            for pair in extreme_equilibria(integers_of_floats(U[draw])).pairs
        }
        assert set(map(tuple, rows[batch.first[draw] : batch.first[draw + 1]].tolist())) == expected
