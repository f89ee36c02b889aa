"""Many two-player games at once against the exact enumeration of each, and under changes that change nothing."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, permutations

import numpy as np
import pytest
from numpy.typing import NDArray

import sim
from sim.errors import PayoffError
from sim.game.game import Game
from sim.solvers.bordered_minors import count_minors, rounding_errors, support_pairs
from sim.solvers.equilibria import EquilibriumBatch
from sim.solvers.two_player_batch import MOST_MINORS, two_player_equilibria
from sim.solvers.two_player_exact import solve_exact
from sim.solvers.verdict import Ground

Floats = NDArray[np.float64]

PROVED, EXACT = 0, 1  # grounds
SHAPES = [(1, 1), (1, 4), (3, 1), (2, 2), (3, 4), (4, 3), (4, 4), (5, 2)]


def real(draws: int, m: int, n: int, chance: np.random.Generator) -> Floats:
    return chance.standard_normal((draws, 2, m, n))


def integers(draws: int, m: int, n: int, chance: np.random.Generator) -> Floats:
    return chance.integers(-1000, 1001, (draws, 2, m, n)).astype(float)


def tied(draws: int, m: int, n: int, chance: np.random.Generator) -> Floats:
    return chance.integers(-2, 3, (draws, 2, m, n)).astype(float)


def doubled(draws: int, m: int, n: int, chance: np.random.Generator) -> Floats:
    U = real(draws, m, n, chance)
    U[: draws // 2, :, -1] = U[: draws // 2, :, 0]
    U[draws // 2 :, :, :, -1] = U[draws // 2 :, :, :, 0]
    return U


KINDS: list[Callable[..., Floats]] = [real, integers, tied, doubled]


def rows(batch: EquilibriumBatch, draw: int) -> Floats:
    """The equilibria of a draw, one a row: x, then y."""
    own = slice(batch.first[draw], batch.first[draw + 1])
    return np.concatenate([side[own] for side in batch.strategies], axis=1)


def same_set(some: Floats, others: Floats, tolerance: float = 1e-9) -> bool:
    if some.shape != others.shape:
        return False
    apart = np.abs(some[:, None] - others[None]).max(axis=2, initial=0.0) <= tolerance
    return bool((apart.sum(axis=0) == 1).all() and (apart.sum(axis=1) == 1).all())


def exact_rows(game: Floats) -> Floats:
    found = solve_exact(Game.from_arrays(*game)).equilibria
    return np.array([[*one.strategies[0], *one.strategies[1]] for one in found])


def wrong_draws(U: Floats) -> list[int]:
    batch = two_player_equilibria(U)
    assert batch.complete.all()
    return [draw for draw, game in enumerate(U) if not same_set(rows(batch, draw), exact_rows(game))]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_game_has_exactly_the_extreme_equilibria_of_the_exact_enumeration(kind, shape) -> None:
    assert wrong_draws(kind(130, *shape, np.random.default_rng(sum(shape)))) == []


@pytest.mark.parametrize("kind", KINDS)
def test_so_it_is_for_games_of_six_by_six(kind) -> None:
    assert wrong_draws(kind(12, 6, 6, np.random.default_rng(6))) == []


@pytest.mark.parametrize(
    ("scale", "shift"),
    [(1e-12, 0.0), (1e12, 0.0), (1.0, 1e9), (1e-160, 0.0), (1e155, 0.0), (1e-300, 0.0), (1e-310, 0.0), (1e300, 0.0)],
)
@pytest.mark.parametrize("kind", KINDS)
def test_at_any_unit_and_zero_the_set_is_that_of_the_numbers_given(kind, scale, shift) -> None:
    chance = np.random.default_rng(7)
    for shape in ((3, 4), (4, 4)):
        assert wrong_draws(kind(40, *shape, chance) * scale + shift) == []


def test_players_of_very_unlike_units_are_each_taken_in_their_own() -> None:
    U = real(100, 3, 4, np.random.default_rng(8))
    U[:, 0] *= 1e150
    U[:, 1] *= 1e-150
    assert wrong_draws(U) == []


def test_random_games_are_decided_by_signs_and_degenerate_ones_are_not() -> None:
    chance = np.random.default_rng(9)
    assert (two_player_equilibria(real(2000, 3, 4, chance)).ground == PROVED).all()
    assert (two_player_equilibria(integers(2000, 3, 4, chance)).ground == PROVED).mean() > 0.95
    batch = two_player_equilibria(doubled(200, 3, 4, chance))
    assert 0.3 < (batch.ground == EXACT).mean() < 1
    assert batch.grounds == (Ground.SIGNS.says, Ground.VERTICES.says)


# --- planted ties


def test_a_tie_at_an_equilibrium_is_found_and_one_unit_in_the_last_place_undoes_it() -> None:
    tie = np.array([[[1.0, 0.0], [1.0, 2.0]], [[1.0, 0.0], [0.0, 1.0]]])
    above, below = tie.copy(), tie.copy()
    above[0, 1, 0] = np.nextafter(1.0, 2.0)
    below[0, 1, 0] = np.nextafter(1.0, 0.0)
    batch = two_player_equilibria(np.array([tie, above, below]))
    assert batch.counts.tolist() == [len(exact_rows(game)) for game in (tie, above, below)] == [3, 1, 3]
    assert batch.complete.all()


def test_a_tie_that_no_equilibrium_meets_needs_no_exact_arithmetic() -> None:
    game = np.array([[[3.0, 3.0, 0.0], [4.0, 4.0, 1.0]], [[2.0, 1.0, 0.0], [5.0, 5.0, 6.0]]])  # row 2 dominates
    batch = two_player_equilibria(game[None])
    assert (batch.counts[0], batch.ground[0]) == (1, PROVED)
    assert same_set(rows(batch, 0), exact_rows(game))


def test_a_sum_that_rounds_to_a_tie_but_is_none_is_decided_exactly() -> None:
    game = np.array([[[0.3, 0.0], [3 * 0.1, 0.0]], [[0.0, -1.0], [0.0, -1.0]]])
    assert same_set(rows(two_player_equilibria(game[None]), 0), np.array([[0.0, 1.0, 1.0, 0.0]]))


@pytest.mark.parametrize(("thickness", "ground"), [(1e-2, PROVED), (1e-8, EXACT), (1e-15, EXACT)])
def test_a_mix_that_hangs_on_small_differences_is_as_close_as_promised_or_exact(thickness, ground) -> None:
    cycle = np.array([[0.0, -1.0, 1.0], [1.0, 0.0, -1.0], [-1.0, 1.0, 0.0]])
    leaning = np.outer([0.0, 1.0, 3.0], [1.0, -1.0, 0.0])  # no matter to an even mix of the columns
    noise = 0.01 * real(64, 3, 3, np.random.default_rng(10))
    U = np.stack([leaning + thickness * (cycle + noise[:, 0]), -cycle + noise[:, 1]], axis=1)
    batch = two_player_equilibria(U)
    assert (batch.counts > 0).all()
    assert (batch.ground == ground).mean() > 0.9
    assert wrong_draws(U) == []


def test_products_too_small_for_a_float_decide_nothing() -> None:
    cycle = np.array([[0.0, -1.0, 1.0], [1.0, 0.0, -1.0], [-1.0, 1.0, 0.0]])
    leaning = np.outer([0.0, 1.0, 3.0], [1.0, -1.0, 0.0])
    noise = 0.3 * real(64, 3, 3, np.random.default_rng(22))
    U = np.stack([leaning + 1e-2 * (cycle + noise[:, 0]), -cycle + noise[:, 1]], axis=1)
    small, large = two_player_equilibria(U * 2.0**-535), two_player_equilibria(U * 2.0**535)  # exact changes of unit
    plain = two_player_equilibria(U)
    assert (plain.ground == PROVED).all()
    assert small.counts.tolist() == plain.counts.tolist() == large.counts.tolist()
    assert all(same_set(rows(plain, draw), rows(small, draw)) for draw in range(64))
    assert (small.ground == PROVED).all()


# --- the bound under the signs


def determinant(rows: list[list[Fraction]]) -> Fraction:
    total = Fraction(0)
    for order in permutations(range(len(rows))):
        sign = (-1) ** sum(order[i] > order[j] for i in range(len(order)) for j in range(i + 1, len(order)))
        term = Fraction(sign)
        for row, column in zip(rows, order, strict=True):
            term *= row[column]
        total += term
    return total


@pytest.mark.parametrize("spread", [1.0, 1e-9, 1e9])
def test_no_computed_minor_is_farther_from_the_true_one_than_the_bound(spread) -> None:
    from sim.solvers.minor_kernel import LANES, _load, signs

    chance = np.random.default_rng(11)
    U = 1.0 + spread * chance.uniform(-1, 1, (LANES, 2, 5, 4))
    minors = support_pairs(5, 4).first
    shifted, doubt = np.empty((16, LANES)), np.empty((5, LANES))
    value, word = np.empty((len(minors.degree), LANES)), np.empty(2 * len(minors.degree), dtype=np.uint64)
    _load(U, 0, 0, minors.error, shifted, doubt)
    signs(minors.degree, minors.first_term, minors.entry, minors.smaller, doubt, shifted, value, word)
    for lane in range(0, LANES, 16):
        A = [
            [Fraction(cell) - Fraction(top) for cell, top in zip(row, U[lane, 0, 0], strict=True)] for row in U[lane, 0]
        ]
        row = 1
        for k in range(1, 5):
            for chosen in ([(0, *S) for S in combinations(range(1, 5), k)], list(combinations(range(1, 5), k + 1))):
                for S in chosen:
                    for T in combinations(range(4), k):
                        true = determinant([[*(A[s][t] for t in T), Fraction(1)] for s in S]) * (-1) ** k
                        assert abs(Fraction(value[row, lane]) - true) <= Fraction(doubt[k, lane])
                        sure = [bool(int(word[2 * row + side]) >> lane & 1) for side in (0, 1)]
                        assert not sure[0] or true > 0
                        assert not sure[1] or true < 0
                        row += 1
        assert row == len(minors.degree)


def test_the_bound_grows_with_the_degree_from_one_rounding_of_the_entries() -> None:
    errors = rounding_errors(5)
    assert errors[0] == 0
    assert 2.0**-52 < errors[1] < 2.0**-49
    assert errors == sorted(errors)
    assert errors[5] < 1e-11


def test_the_tables_hold_as_many_minors_as_they_say() -> None:
    for m, n in SHAPES:
        pairs = support_pairs(m, n)
        constants = m + n - 2  # E(S, {}) is 1 for each single action, and stands once a player
        assert len(pairs.first.degree) + len(pairs.second.degree) == count_minors(m, n) - constants


# --- what must not change an answer


@pytest.mark.parametrize("kind", KINDS)
def test_relabelled_actions_and_swapped_players_have_the_same_equilibria(kind) -> None:
    chance = np.random.default_rng(12)
    U = kind(150, 3, 4, chance)
    batch = two_player_equilibria(U)
    order, other = chance.permutation(3), chance.permutation(4)
    moved = two_player_equilibria(U[:, :, order][:, :, :, other])
    swapped = two_player_equilibria(U[:, ::-1].transpose(0, 1, 3, 2))
    for draw in range(len(U)):
        own = rows(batch, draw)
        assert same_set(rows(moved, draw), own[:, [*order, *(3 + other)]])
        assert same_set(rows(swapped, draw), np.concatenate([own[:, 3:], own[:, :3]], axis=1))


def test_a_bonus_that_depends_on_the_opponent_alone_changes_nothing() -> None:
    chance = np.random.default_rng(13)
    U = integers(200, 3, 4, chance)
    bonus = chance.integers(-(10**9), 10**9, (200, 1, 4)).astype(float)
    changed = U.copy()
    changed[:, 0] += bonus
    some, other = two_player_equilibria(U), two_player_equilibria(changed)
    assert all(same_set(rows(some, draw), rows(other, draw), 1e-12) for draw in range(200))


@pytest.mark.parametrize("draws", [1, 63, 64, 65, 130])
def test_a_game_has_the_same_bits_alone_and_in_any_company(draws) -> None:
    U = real(130, 3, 4, np.random.default_rng(14))
    whole, part = two_player_equilibria(U), two_player_equilibria(U[130 - draws :])
    last = slice(whole.first[130 - draws], None)
    assert part.counts.tolist() == whole.counts[130 - draws :].tolist()
    assert all(np.array_equal(a, b[last]) for a, b in zip(part.strategies, whole.strategies, strict=True))


def test_games_of_many_equilibria_all_find_room() -> None:
    U = np.broadcast_to(np.eye(6), (300, 2, 6, 6)) + 1e-3 * real(300, 6, 6, np.random.default_rng(15))
    batch = two_player_equilibria(U)
    assert batch.counts.tolist() == [63] * 300
    assert batch.max_regret.max() < 1e-14
    assert same_set(rows(batch, 299), exact_rows(U[299]))


def test_games_too_large_for_the_tables_are_solved_exactly() -> None:
    assert count_minors(2, 90) > MOST_MINORS
    U = real(1, 2, 90, np.random.default_rng(16))
    batch = two_player_equilibria(U)
    assert (batch.ground.tolist(), batch.complete.tolist()) == ([EXACT], [True])
    assert same_set(rows(batch, 0), exact_rows(U[0]))


# --- what a sceptic reads


def test_regret_is_that_of_the_payoffs_whatever_the_set_says() -> None:
    U = real(50, 3, 4, np.random.default_rng(17))
    batch = two_player_equilibria(U)
    assert batch.max_regret.max() < 1e-14
    planted = replace(batch, strategies=(np.roll(batch.strategies[0], 1, axis=1), batch.strategies[1]))
    assert planted.max_regret.min() > 1e-3
    one = planted.equilibria(3)
    assert max(entry.regret for entry in one.equilibria) == pytest.approx(planted.max_regret[3])


def test_regret_is_not_drowned_by_a_large_zero_of_the_payoffs() -> None:
    U = 1e9 + real(50, 3, 4, np.random.default_rng(23))
    batch = two_player_equilibria(U)
    assert batch.max_regret.max() < 1e-13
    assert max(one.regret for draw in range(50) for one in batch.equilibria(draw).equilibria) < 1e-13


def test_a_set_of_the_batch_reads_as_that_of_the_single_game() -> None:
    for U in (real(20, 3, 4, np.random.default_rng(18)), tied(60, 3, 3, np.random.default_rng(19))):
        batch = sim.solve_many(U)
        for draw, game in enumerate(U):
            mine, single = batch.equilibria(draw), sim.solve(Game.from_arrays(*game))
            assert [one.strategies for one in mine.equilibria] == [
                tuple(map(pytest.approx, one.strategies)) for one in single.equilibria
            ]
            assert [(one.pure, one.strict) for one in mine.equilibria] == [
                (one.pure, one.strict) for one in single.equilibria
            ]
            assert (mine.complete, mine.nash_subsets, mine.components) == (True, single.nash_subsets, single.components)
            assert [one.payoffs for one in mine.equilibria] == [pytest.approx(one.payoffs) for one in single.equilibria]


def test_pure_equilibria_of_three_players_come_in_the_same_type() -> None:
    U = np.random.default_rng(20).standard_normal((30, 3, 2, 3, 2))
    batch = sim.solve_many(U, "pure-nash")
    assert batch.complete.all()
    assert batch.max_regret.max() == 0
    for draw, game in enumerate(U):
        profiles = [tuple(own.index(1.0) for own in one.strategies) for one in batch.equilibria(draw).equilibria]
        stable = [
            at
            for at in np.ndindex(2, 3, 2)
            if all(game[(i, *at)] == game[(i, *at[:i], slice(None), *at[i + 1 :])].max() for i in range(3))
        ]
        assert sorted(profiles) == stable
        assert batch.counts[draw] == len(stable)
        assert all(one.strict for one in batch.equilibria(draw).equilibria)


def test_the_payoffs_given_are_left_as_they_are_and_a_range_beyond_floats_is_refused() -> None:
    U = real(70, 3, 4, np.random.default_rng(21)) * 1e-300
    before = U.copy()
    two_player_equilibria(U)
    assert np.array_equal(U, before)
    with pytest.raises(PayoffError, match="more than a floating-point number can hold"):
        sim.solve_many(np.array([[[[1e308, -1e308]], [[0.0, 0.0]]]]))
