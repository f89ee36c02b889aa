"""Stability of states: the Elmira conflict, plain sets that follow the definitions word by word, and paths."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from sim.errors import UsageError
from sim.solvers.concepts import Request, Rules, solve_batch
from sim.solvers.stability import KINDS, Stability, moves_between_profiles, ordinal, stability

# Three players, nine states: the ministry, the firm, the local government; greater is better.
ELMIRA = np.array([[4, 3, 8, 7, 5, 2, 9, 6, 1], [9, 2, 4, 8, 6, 1, 3, 7, 5], [6, 2, 8, 3, 7, 4, 9, 5, 1]])
MINISTRY = [(1, 2), (3, 4), (5, 6), (7, 8)]
FIRM = [(1, 3), (2, 4), (5, 7), (6, 8), *((state, 9) for state in range(1, 9))]
LOCAL = [pair for a in range(1, 5) for pair in ((a, a + 4), (a + 4, a))]


def graph(*players: list[tuple[int, int]], states: int) -> np.ndarray:
    moves = np.zeros((len(players), states, states), dtype=bool)
    for player, pairs in enumerate(players):
        for start, end in pairs:
            moves[player, start - 1, end - 1] = True
    return moves


def elmira() -> Stability:
    return stability(ELMIRA, graph(MINISTRY, FIRM, LOCAL, states=9))


@pytest.mark.parametrize(
    ("kind", "states"),
    [("nash", [5, 8, 9]), ("seq", [5, 8, 9]), ("gmr", [1, 4, 5, 8, 9]), ("smr", [1, 4, 5, 8, 9])],
)
def test_the_elmira_conflict_has_its_published_equilibria(kind: str, states: list[int]) -> None:
    assert [state + 1 for state in elmira().equilibria(kind)] == states


def test_from_the_status_quo_the_local_government_leads_to_state_5() -> None:
    found = elmira()
    assert found.path(0, 4) == ((2, 4),)
    assert found.path(0, 0) == ()
    assert found.path(0, 8) is None  # nobody gains by giving up from there


def reach(moves: np.ndarray, players: list[int], start: int) -> set[int]:
    """States that the players can bring about together, nobody moving twice running."""
    seen: set[tuple[int, int]] = set()
    work = [(start, -1)]
    while work:
        state, last = work.pop()
        for player in players:
            if player != last:
                for end in np.flatnonzero(moves[player, state]).tolist():
                    if (end, player) not in seen:
                        seen.add((end, player))
                        work.append((end, player))
    return {state for state, _ in seen}


def by_the_book(ranks: np.ndarray, moves: np.ndarray) -> dict[str, np.ndarray]:
    """The definitions of Fang, Hipel and Kilgour, one state and one player at a time."""
    count, states = ranks.shape
    better = np.array([[[moves[i, s, t] and ranks[i, t] > ranks[i, s] for t in range(states)] for s in range(states)]
                       for i in range(count)])  # fmt: skip
    stable = {kind: np.zeros((count, states), dtype=bool) for kind in KINDS}
    for i, s in product(range(count), range(states)):
        others = [j for j in range(count) if j != i]
        leaves = [t for t in range(states) if better[i, s, t]]
        stable["nash"][i, s] = not leaves
        bad = {t for t in range(states) if ranks[i, t] <= ranks[i, s]}
        caught = {t for t in bad if all(u in bad for u in range(states) if moves[i, t, u])}
        stable["gmr"][i, s] = all(reach(moves, others, t) & bad for t in leaves)
        stable["smr"][i, s] = all(reach(moves, others, t) & caught for t in leaves)
        stable["seq"][i, s] = all(reach(better, others, t) & bad for t in leaves)
    return stable


@pytest.mark.parametrize("players", [1, 2, 3, 4])
def test_small_random_graphs_follow_the_definitions_word_by_word(players: int) -> None:
    chance = np.random.default_rng(players)
    told_apart = set()
    for _ in range(60):
        states = int(chance.integers(2, 7))
        ranks = chance.integers(0, 4, (players, states))
        moves = chance.random((players, states, states)) < chance.choice([0.15, 0.3, 0.6])
        moves &= ~np.eye(states, dtype=bool)
        found, expected = stability(ranks, moves), by_the_book(ranks, moves)
        for kind in KINDS:
            assert (found.stable[kind] == expected[kind]).all(), kind
        told_apart |= {(a, b) for a in KINDS for b in KINDS if (expected[a] != expected[b]).any()}
    if players > 2:
        assert len(told_apart) == len(KINDS) * (len(KINDS) - 1)


def test_each_weaker_kind_keeps_what_the_stronger_keeps() -> None:
    chance = np.random.default_rng(9)
    for _ in range(40):
        moves = moves_between_profiles((2, 3, 2), ((0,), (1,), (2,)), {})
        found = stability(chance.integers(0, 6, (3, 12)), moves).stable
        for inner, outer in (("nash", "seq"), ("nash", "smr"), ("smr", "gmr"), ("seq", "gmr")):
            assert (found[outer] | ~found[inner]).all()


def test_over_profiles_the_first_kind_is_pure_nash() -> None:
    chance = np.random.default_rng(10)
    axes = ((0, 2), (1,))
    u = chance.integers(0, 5, (2, 2, 3, 2))
    found = stability(u.reshape(2, -1), moves_between_profiles((2, 3, 2), axes, {}))
    nash = Request("pure-nash")
    mask = solve_batch(u[None].astype(float), Rules(axes), [nash])[nash].is_equilibrium
    assert (found.stable["nash"].all(axis=0) == mask[0].ravel()).all()


def test_a_dilemma_is_kept_by_foresight() -> None:  # (cooperate, cooperate) is sequentially stable, not Nash
    ranks = np.array([[2, 0, 3, 1], [2, 3, 0, 1]])
    found = stability(ranks, moves_between_profiles((2, 2), ((0,), (1,)), {}))
    assert found.equilibria("nash") == [3]
    assert found.equilibria("seq") == [0, 3]


def test_a_player_changes_several_moves_at_once_but_only_as_listed() -> None:
    up_only = np.array([[False, True], [False, False]])
    moves = moves_between_profiles((2, 2, 2), ((0, 2), (1,)), {2: up_only})
    assert np.flatnonzero(moves[0, 0]).tolist() == [1, 4, 5]  # from (0, 0, 0): both, either, nothing else
    assert np.flatnonzero(moves[0, 1]).tolist() == [5]  # from (0, 0, 1) the third move stays
    assert np.flatnonzero(moves[1, 0]).tolist() == [2]


def test_equal_payoffs_share_a_rank_and_close_ones_do_not() -> None:
    tiny = Fraction(1, 10**40)
    ranks = ordinal(np.array([[Fraction(1), 1 + tiny, Fraction(1), Fraction(0)]], dtype=object))
    assert ranks.tolist() == [[1, 2, 1, 0]]


def test_only_the_ranking_counts() -> None:
    chance = np.random.default_rng(12)
    moves = moves_between_profiles((3, 3), ((0,), (1,)), {})
    ranks = chance.integers(0, 5, (2, 9))
    plain, bent = stability(ranks, moves), stability(ranks**3 * 7 - 2, moves)
    for kind in KINDS:
        assert (plain.stable[kind] == bent.stable[kind]).all()


def test_too_many_profiles_are_refused_with_a_mend() -> None:
    with pytest.raises(UsageError, match=r"3,000 at most; there are 4,096.*\[allow\]"):
        moves_between_profiles((16, 16, 16), ((0,), (1,), (2,)), {})
