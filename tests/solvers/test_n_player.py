"""Equilibria of three and more players: published, planted, against independent methods, and where proof must fail."""

import time
from fractions import Fraction
from itertools import pairwise, permutations, product
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.solvers.certificate import certify_by, integer_payoffs
from sim.solvers.equilibria import EquilibriumSet
from sim.solvers.n_player import float_tables, solve_n_player
from tests.solvers.planted import make_indifferent, planted_game, random_game

SAME = 1e-11  # between two accounts of one share; the bounds on the games below are mostly near 1e-14


def rows(found: EquilibriumSet) -> np.ndarray:
    actions = sum(map(len, found.actions))
    return np.array([np.concatenate(one.strategies) for one in found.equilibria]).reshape(len(found), actions)


def same_rows(these: np.ndarray, those: np.ndarray, within: float = SAME) -> bool:
    if these.shape != those.shape:
        return False
    near = np.abs(these[:, None] - those[None]).max(axis=2, initial=0.0) <= within
    return bool((near.sum(axis=0) == 1).all() and (near.sum(axis=1) == 1).all())


def random_floats(seed: int, *sizes: int) -> sim.Game:
    return sim.Game.from_arrays(*np.random.default_rng(seed).normal(size=(len(sizes), *sizes)))


def test_the_2x2x2_game_with_nine_equilibria_has_exactly_those() -> None:  # McKelvey & McLennan 1997
    found = solve_n_player(sim.load("mckelvey-mclennan").game())
    published = [
        "1 1 1",
        "1 0 0",
        "0 1 0",
        "0 0 1",
        "0 1/4 1/3",
        "1/3 1 1/4",
        "1/2 1/2 1",
        "2/5 1/2 1/3",
        "1/2 2/5 1/4",
    ]
    assert found.complete
    assert {tuple(own[0] for own in one.exact) for one in found.equilibria} == {
        tuple(map(Fraction, shares.split())) for shares in published
    }
    assert [one.regret for one in found.equilibria] == [0.0] * 9
    strategies = [one.strategies for one in found.equilibria]
    assert strategies == sorted(strategies, reverse=True)


def test_the_published_four_player_game_has_exactly_three_equilibria() -> None:  # Gambit's sample game of that size
    found = solve_n_player(sim.load("four-players").game())
    assert found.complete
    first = rows(found)[:, ::2]
    assert same_rows(first, np.array([[0, 1, 0, 1], [1, 1, 1, 0], [0.100382, 0, 0, 0.269932]]), within=1e-6)


@pytest.mark.parametrize("sizes", [(2, 2, 2), (2, 2, 3), (2, 3, 3), (3, 3, 3), (2, 2, 2, 2), (2, 2, 2, 2, 2)])
def test_a_planted_completely_mixed_equilibrium_is_found_exactly(sizes: tuple[int, ...]) -> None:
    for seed in range(3):
        game, profile = planted_game(sizes, Random(seed))
        found = solve_n_player(game, budget_seconds=None)
        assert found.complete, found.why
        assert profile in [one.exact for one in found.equilibria]
        assert len(found) % 2 == 1  # Wilson 1971: it refutes where it fails
        assert all(one.relative_regret <= 1e-14 for one in found.equilibria)


def test_independent_two_player_games_side_by_side_have_the_products_of_their_equilibria() -> None:
    source = np.random.default_rng(3)
    for _ in range(4):
        left, right = (source.integers(-99, 100, (2, 2, 2)), source.integers(-99, 100, (2, 2, 3)))
        whole = [
            np.broadcast_to(left[0][:, :, None, None], (2, 2, 2, 3)),
            np.broadcast_to(left[1][:, :, None, None], (2, 2, 2, 3)),
            np.broadcast_to(right[0][None, None], (2, 2, 2, 3)),
            np.broadcast_to(right[1][None, None], (2, 2, 2, 3)),
        ]
        found = solve_n_player(sim.Game.from_arrays(*whole))
        parts = [sim.solve(sim.Game.from_arrays(*part)).equilibria for part in (left, right)]
        assert found.complete, found.why
        assert {one.exact for one in found.equilibria} == {(*a.exact, *b.exact) for a, b in product(*parts)}


def test_a_bystander_with_a_dominant_action_leaves_the_exact_two_player_answer() -> None:
    source = np.random.default_rng(5)
    pair = source.integers(-9, 10, (2, 3, 3))
    tensor = source.integers(-9, 10, (3, 3, 3, 2))
    tensor[:2, ..., 0], tensor[2, ..., 0], tensor[2, ..., 1] = pair, 5, 4
    found = solve_n_player(sim.Game.from_arrays(*tensor))
    alone = sim.solve(sim.Game.from_arrays(*pair))
    assert found.complete
    assert "elimination" in found.why
    assert "2 players" in found.why
    assert [one.exact[:2] for one in found.equilibria] == [one.exact for one in alone.equilibria]
    assert {one.exact[2] for one in found.equilibria} == {(Fraction(1), Fraction(0))}
    assert found.components == alone.components


def test_dominance_solvable_games_are_complete_by_elimination_alone() -> None:
    tensor = np.zeros((3, 2, 2, 2), dtype=int)
    for player in range(3):
        np.moveaxis(tensor[player], player, 0)[1] = 1
    found = solve_n_player(sim.Game.from_arrays(*tensor))
    assert (found.complete, len(found)) == (True, 1)
    assert found.equilibria[0].strict
    assert "every profile checked" in found.why


def test_one_player_alone_has_all_its_best_actions() -> None:
    found = sim.solve(sim.Game.from_arrays([1, 3, 3]), "nash")
    assert found.complete
    assert rows(found).tolist() == [[0, 1, 0], [0, 0, 1]]


# ---- against independent methods -------------------------------------------------------------------------------------


def by_resultant(U: np.ndarray) -> list[tuple[float, float, float]]:
    """All equilibria of a generic 2x2x2 game in closed form, as shares of action 0: no box, no iteration.

    With one player pure, the other two are indifferent by two linear equations. With all mixing, player 1's
    indifference gives p2 as a fraction of linear functions of p3, player 2's gives p1; player 3's is then a quadratic.
    """
    gain = [np.moveaxis(U[i], i, 0)[0] - np.moveaxis(U[i], i, 0)[1] for i in range(3)]  # over the others, in order
    found = list(product((0.0, 1.0), repeat=3))
    for pure, (i, k) in ((0, (1, 2)), (1, (0, 2)), (2, (0, 1))):
        for share in (0.0, 1.0):
            p = [0.0, 0.0, 0.0]
            p[pure] = share
            chosen = 0 if share else 1
            for me, other in ((i, k), (k, i)):
                others = [m for m in range(3) if m != me]
                a, b = np.moveaxis(gain[me], others.index(other), 0)[:, chosen]
                p[other] = -b / (a - b)
            found.append(tuple(p))
    x, y = np.polynomial.Polynomial([0, 1]), np.polynomial.Polynomial([1, -1])
    top2 = -(gain[0][1, 0] * x + gain[0][1, 1] * y)
    low2 = (gain[0][0, 0] - gain[0][1, 0]) * x + (gain[0][0, 1] - gain[0][1, 1]) * y
    top1 = -(gain[1][1, 0] * x + gain[1][1, 1] * y)
    low1 = (gain[1][0, 0] - gain[1][1, 0]) * x + (gain[1][0, 1] - gain[1][1, 1]) * y
    g = gain[2]
    quadratic = g[0, 0] * top1 * top2 + g[0, 1] * top1 * (low2 - top2)
    quadratic += g[1, 0] * (low1 - top1) * top2 + g[1, 1] * (low1 - top1) * (low2 - top2)
    for root in quadratic.roots():
        if abs(root.imag) < 1e-12:
            r = float(root.real)
            found.append((float(top1(r) / low1(r)), float(top2(r) / low2(r)), r))
    return [p for p in found if stable(gain, p)]


def stable(gain: list[np.ndarray], p: tuple[float, ...]) -> bool:
    if not all(-1e-12 <= share <= 1 + 1e-12 for share in p):
        return False
    for me in range(3):
        a, b = (p[k] for k in range(3) if k != me)
        value = np.array([a, 1 - a]) @ gain[me] @ np.array([b, 1 - b])
        if (p[me] > 1e-9 and value < -1e-9) or (p[me] < 1 - 1e-9 and value > 1e-9):
            return False
    return True


def test_2x2x2_games_agree_with_the_closed_form() -> None:
    source = np.random.default_rng(11)
    counts = []
    for _ in range(150):
        U = source.normal(size=(3, 2, 2, 2))
        found = solve_n_player(sim.Game.from_arrays(*U))
        assert found.complete, found.why
        assert same_rows(rows(found)[:, ::2], np.array(by_resultant(U)), within=1e-7)
        counts.append(len(found))
    assert {1, 3, 5} <= set(counts)


@pytest.mark.parametrize("sizes", [(2, 2, 3), (2, 2, 2, 2), (3, 3, 3)])
def test_newton_from_many_starts_meets_no_equilibrium_that_was_missed(sizes: tuple[int, ...]) -> None:
    source = np.random.default_rng(sum(sizes))
    for _ in range(3):
        U = source.normal(size=(len(sizes), *sizes))
        found = solve_n_player(sim.Game.from_arrays(*U))
        assert found.complete, found.why
        known, met = rows(found), set()
        for p in by_many_starts(U, 300, source):
            near = np.flatnonzero(np.abs(known - p).max(axis=1) < 1e-6)
            assert len(near) == 1
            met.add(int(near[0]))
        assert met


def values(U: np.ndarray, mixes: list[np.ndarray]) -> list[np.ndarray]:
    """What each action of each player earns against the others' strategies."""
    letters = "abcdefgh"[: len(mixes)]
    return [
        np.einsum(
            ",".join([letters, *(letters[k] for k in range(len(mixes)) if k != i)]) + "->" + letters[i],
            U[i], *(mixes[k] for k in range(len(mixes)) if k != i),
        )
        for i in range(len(mixes))
    ]  # fmt: skip


def by_many_starts(U: np.ndarray, starts: int, source: np.random.Generator) -> list[np.ndarray]:
    """Equilibria met by Newton's method from random strategies on random supports, derivatives by differences."""
    sizes = U.shape[1:]
    kept = []
    for _ in range(starts):
        supports = [np.flatnonzero(source.random(n) < 0.6) for n in sizes]
        if min(map(len, supports)) == 0:
            continue

        def spread(x: np.ndarray, supports: list[np.ndarray] = supports) -> list[np.ndarray]:
            mixes, at = [], 0
            for n, own in zip(sizes, supports, strict=True):
                free = x[at : at + len(own) - 1]
                at += len(own) - 1
                mix = np.zeros(n)
                mix[own] = [1 - free.sum(), *free]
                mixes.append(mix)
            return mixes

        def system(x: np.ndarray, supports: list[np.ndarray] = supports) -> np.ndarray:
            earned = values(U, spread(x))
            return np.concatenate([own[some[1:]] - own[some[0]] for own, some in zip(earned, supports, strict=True)])

        x = np.concatenate([source.dirichlet(np.ones(len(own)))[1:] for own in supports])
        for _ in range(25 if len(x) else 0):
            slope = np.array([(system(x + h) - system(x - h)) / 2e-4 for h in 1e-4 * np.eye(len(x))]).T
            if abs(np.linalg.det(slope)) < 1e-9 or abs(x).max() > 5:
                break
            x = x - np.linalg.solve(slope, system(x))
        mixes = spread(x)
        earned = values(U, mixes)
        if (
            min(own.min() for own in mixes) > -1e-9
            and max(own.max() - mix @ own for mix, own in zip(mixes, earned, strict=True)) < 1e-9
        ):
            kept.append(np.concatenate(mixes))
    return kept


# ---- invariances and certificates ------------------------------------------------------------------------------------

units = st.sampled_from([Fraction(1, 10**9), Fraction(1, 3), Fraction(1), Fraction(10**9), Fraction(7**30)])
zeros = st.sampled_from([Fraction(0), Fraction(1, 7), Fraction(10**9), Fraction(-(10**15), 3)])


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.tuples(units, units, units), st.tuples(zeros, zeros, zeros))
def test_units_and_zeros_of_payoffs_change_nothing(seed: int, scale: tuple, shift: tuple) -> None:
    tensor = random_game((2, 2, 3), Random(seed))
    changed = tensor.copy()
    for player in range(3):
        changed[player] = changed[player] * scale[player] + shift[player]
    before, after = (solve_n_player(sim.Game.from_arrays(*one)) for one in (tensor, changed))
    assert before.complete
    assert after.complete
    assert same_rows(rows(before), rows(after))


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(list(permutations(range(3)))))
def test_the_order_of_players_and_of_actions_changes_nothing(seed: int, order: tuple[int, ...]) -> None:
    tensor = random_game((2, 3, 2), Random(seed))
    turned = tensor[list(order)].transpose(0, *(1 + k for k in order))[:, ::-1, ::-1, ::-1]
    before, after = (solve_n_player(sim.Game.from_arrays(*one)) for one in (tensor, turned))
    ends = np.cumsum([2, 3, 2])[:-1]
    parts = np.split(rows(before), ends, axis=1)
    expected = np.concatenate([parts[k][:, ::-1] for k in order], axis=1)
    assert same_rows(rows(after), expected)


def test_the_certificate_is_the_regret_of_the_payoffs_and_a_nudge_breaks_it() -> None:
    game = random_floats(2, 2, 2, 2, 2)
    mixed = [one for one in solve_n_player(game).equilibria if not one.pure]
    assert mixed
    for one in mixed:
        mixes = [np.array(own) for own in one.strategies]
        earned = values(game.payoffs, mixes)
        assert np.allclose(one.payoffs, [mix @ own for mix, own in zip(mixes, earned, strict=True)], atol=1e-12)
        assert one.regret <= 1e-13
        player = next(k for k, own in enumerate(one.strategies) if 0 < own[0] < 1)
        nudged = [[Fraction(share) for share in own] for own in one.strategies]
        nudged[player] = [Fraction(one.strategies[player][0]) + Fraction(1, 10**6), 0]
        nudged[player][1] = 1 - nudged[player][0]
        for own in nudged:
            own[-1] = 1 - sum(own[:-1])
        assert certify_by(integer_payoffs(game), nudged).regret > 1e-9


def test_float_tables_keep_small_integers_exactly_whatever_their_unit() -> None:
    tensor = np.array([Fraction(k, 7) * 10**12 + 10**15 for k in (0, 1, 5, 1000, 3, 4, 5, 6)], dtype=object)
    game = sim.Game.from_arrays(*[tensor.reshape(2, 2, 2)] * 3)
    tables, error, ordered = float_tables(integer_payoffs(game), (2, 2, 2))
    assert (error, ordered) == (0.0, True)
    assert (tables[0].ravel() * 1024).tolist() == [0, 1, 5, 1000, 3, 4, 5, 6]
    for a, b in pairwise(tables):
        assert a.tolist() == b.tolist()


def test_float_tables_keep_what_is_binary_and_round_the_rest() -> None:
    source = np.random.default_rng(8).normal(size=(3, 2, 2, 2)) + np.array([0, 1e9, 1e-9]).reshape(3, 1, 1, 1)
    tables, error, ordered = float_tables(integer_payoffs(sim.Game.from_arrays(*source)), (2, 2, 2))
    assert (error, ordered) == (0.0, True)
    for own, table in zip(source, tables, strict=True):
        before, after = ([Fraction(float(cell)) for cell in one.ravel()] for one in (own, table))
        assert len({(a - before[0]) / (b - after[0]) for a, b in zip(before[1:], after[1:], strict=True)}) == 1
        assert 0.5 <= np.ptp(table) <= 1
    thirds = np.vectorize(lambda x: Fraction(float(x)) / 3, otypes=[object])(source)
    _, error, _ = float_tables(integer_payoffs(sim.Game.from_arrays(*thirds)), (2, 2, 2))
    assert error == 0.0  # a unit of a third is as good
    uneven = thirds + np.array([Fraction(1, 7**k) for k in range(8)], dtype=object).reshape(2, 2, 2)
    _, error, ordered = float_tables(integer_payoffs(sim.Game.from_arrays(*uneven)), (2, 2, 2))
    assert (error, ordered) == (2.0**-53, True)


# ---- where proof must fail, or needs exact numbers -------------------------------------------------------------------


def test_a_duplicated_action_makes_a_continuum_that_is_marked() -> None:
    tensor = sim.load("mckelvey-mclennan").game().exact
    found = solve_n_player(sim.Game.from_arrays(*np.concatenate([tensor, tensor[..., 1:]], axis=3)))
    assert not found.complete
    assert found.why.startswith("continuum")
    assert found.extra["samples"]
    for k in found.extra["samples"]:
        assert found.equilibria[k].relative_regret <= 1e-11
    assert {(0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0)} <= {
        tuple(own.index(1.0) for own in one.strategies) for one in found.equilibria if one.pure
    }


def test_a_player_who_never_cares_makes_a_continuum() -> None:
    tensor = sim.load("mckelvey-mclennan").game().exact.copy()
    tensor[0] = Fraction(7)
    found = solve_n_player(sim.Game.from_arrays(*tensor))
    assert not found.complete
    assert "continuum" in found.why


def test_a_double_solution_is_an_undecided_box_and_never_counted_as_proved() -> None:
    # p, q, r: shares of the second actions. The gains 2q - r - 1/2 and 2r - p - 1/2 vanish along a line, on which the
    # third, (p - 1/2)(q - 1/2), is a square: it only touches 0, at p = q = r = 1/2.
    U, half = np.zeros((3, 2, 2, 2), dtype=object), Fraction(1, 2)
    for p, q, r in product((0, 1), repeat=3):
        U[0, p, q, r] = p * (2 * q - r - half)
        U[1, p, q, r] = q * (2 * r - p - half)
        U[2, p, q, r] = r * (p - half) * (q - half)
    found = solve_n_player(sim.Game.from_arrays(*U))
    assert not found.complete
    assert "undecided box" in found.why
    near = [k for k, row in enumerate(rows(found)) if np.allclose(row, 0.5, atol=1e-4)]
    assert near == found.extra["samples"]
    assert len(near) == 1


def test_a_weak_but_isolated_equilibrium_is_settled_in_rationals() -> None:
    # a third action of player 1 earns exactly as much as its two played ones: no bound can give that gain a sign
    source = Random(8)
    mix = (Fraction(1, 3), Fraction(2, 3))
    profile = ((*mix, Fraction(0)), (Fraction(3, 7), Fraction(4, 7)), (Fraction(2, 5), Fraction(3, 5)))
    tensor = random_game((3, 2, 2), source)
    for player, n in enumerate((3, 2, 2)):
        make_indifferent(tensor, profile, player, range(n))
    found = solve_n_player(sim.Game.from_arrays(*tensor))
    assert found.complete, found.why
    assert [one.exact for one in found.equilibria].count(profile) == 1


def test_an_outlier_payoff_does_not_hide_the_rest() -> None:
    tensor = sim.load("mckelvey-mclennan").game().exact
    bad = np.full((3, 2, 2, 1), Fraction(-(10**9)), dtype=object)
    spoilt = np.concatenate([tensor, bad], axis=3)  # player 3 has a ruinous action
    spoilt[0, 0, 0, 2] += 1
    found = solve_n_player(sim.Game.from_arrays(*spoilt))
    assert (found.complete, len(found)) == (True, 9)


def test_a_game_too_large_for_its_time_says_what_was_left_and_keeps_the_pure_ones() -> None:
    game = random_floats(1, 6, 6, 6, 6)
    started = time.perf_counter()
    found = solve_n_player(game, budget_seconds=0.3)
    assert time.perf_counter() - started < 10
    assert not found.complete
    assert "stopped after 0.3 s" in found.why
    pure = {one.strategies for one in found.equilibria if one.pure}
    assert pure == {one.strategies for one in sim.solve(game, "pure-nash").equilibria}


def test_more_actions_than_a_word_has_bits_are_answered_by_pure_profiles() -> None:
    tensor = np.random.default_rng(3).normal(size=(3, 70, 2, 2))
    tensor[0] = np.arange(70)[:, None, None] * np.array([[1, -1], [-1, 1]])  # none of its actions is dominated
    game = sim.Game.from_arrays(*tensor)
    found = solve_n_player(game)
    assert not found.complete
    assert "more than 62 actions" in found.why
    assert [one.strategies for one in found.equilibria] == sorted(
        (one.strategies for one in sim.solve(game, "pure-nash").equilibria), reverse=True
    )


# ---- many games at once ----------------------------------------------------------------------------------------------


def test_a_batch_is_the_same_as_game_by_game() -> None:
    source = np.random.default_rng(6)
    U = source.normal(size=(12, 3, 2, 3, 2)) * 10.0 ** source.integers(-12, 12, (12, 1, 1, 1, 1))
    U[3] = source.integers(0, 2, (3, 2, 3, 2))  # full of ties
    U[7, 1] = 0.0
    U[9] = source.integers(0, 2, (3, 2, 3, 2)) + 1e-13 * U[9] / np.abs(U[9]).max()  # told apart by rounding alone
    U[10] += 1e9 * np.abs(U[10]).max()
    batch = sim.solve_many(U)
    for draw, tensor in enumerate(U):
        alone = sim.solve(sim.Game.from_arrays(*tensor))
        own = batch.equilibria(draw)
        samples = alone.extra.get("samples", [])
        assert own.complete == alone.complete
        assert same_rows(rows(own), np.delete(rows(alone), samples, axis=0))
    assert batch.complete.sum() >= 10
    assert not batch.complete[7]
    assert (batch.max_regret <= 1e-12 * np.abs(U).max(axis=(1, 2, 3, 4))).all()
