"""The exact two-player enumeration against an oracle of separate code, and under changes that change nothing."""

import random
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sim.errors import PayoffError
from sim.game.game import Game
from sim.solvers.certificate import certify_by, integer_payoffs
from sim.solvers.components import connected_components, nash_subsets
from sim.solvers.two_player_exact import solve_exact
from sim.solvers.verdict import Ground

Matrix = list[list[Fraction]]


def found(game: Game) -> list[tuple[tuple[Fraction, ...], ...]]:
    return [one.exact for one in solve_exact(game).equilibria]


# --- an oracle: every subset of tight inequalities of {(z, v): z in the simplex, z M <= v}, by elimination in rationals


def solve_square(rows: Matrix) -> list[Fraction] | None:
    """The only solution of k equations (last entry: right-hand side) in k unknowns, or None."""
    rows, k = [row[:] for row in rows], len(rows)
    for column in range(k):
        at = next((r for r in range(column, k) if rows[r][column]), None)
        if at is None:
            return None
        rows[column], rows[at] = rows[at], rows[column]
        rows[column] = [value / rows[column][column] for value in rows[column]]
        for r in range(k):
            if r != column and (factor := rows[r][column]):
                rows[r] = [value - factor * there for value, there in zip(rows[r], rows[column], strict=True)]
    return [row[-1] for row in rows]


def oracle_vertices(M: Matrix) -> Iterator[tuple[tuple[Fraction, ...], set[int], set[int]]]:
    """Vertices z of the best-response polyhedron of M (own actions x the other's), unplayed actions, best replies."""
    d, n = len(M), len(M[0])
    zero, one = Fraction(0), Fraction(1)
    tight = [[one if k == i else zero for k in range(d)] + [zero, zero] for i in range(d)]
    tight += [[M[i][j] for i in range(d)] + [-one, zero] for j in range(n)]
    seen = set()
    for chosen in combinations(range(d + n), d):
        point = solve_square([[one] * d + [zero, one], *(tight[k] for k in chosen)])
        if point is None or min(z := tuple(point[:d])) < 0 or z in seen:
            continue
        values = [sum(z[i] * M[i][j] for i in range(d)) for j in range(n)]
        if max(values) == point[d]:
            seen.add(z)
            yield z, {i for i in range(d) if not z[i]}, {j for j in range(n) if values[j] == point[d]}


def oracle(game: Game) -> list[tuple[tuple[Fraction, ...], ...]]:
    A, B = game.exact[0].tolist(), game.exact[1].tolist()
    right = list(oracle_vertices([list(column) for column in zip(*A, strict=True)]))
    pairs = [
        (x, y)
        for x, x_unplayed, x_replies in oracle_vertices(B)
        for y, y_unplayed, y_replies in right
        if x_unplayed | y_replies == set(range(len(A))) and y_unplayed | x_replies == set(range(len(A[0])))
    ]
    return sorted(pairs, reverse=True)


def oracle_subsets(pairs: list) -> set[frozenset[int]]:
    """Maximal bicliques by trying every set of left strategies."""
    left = sorted({x for x, _ in pairs})
    closed = set()
    for size in range(1, len(left) + 1):
        for chosen in combinations(left, size):
            shared = set.intersection(*({y for x, y in pairs if x == one} for one in chosen))
            if shared:
                whole = [x for x in left if all((x, y) in pairs for y in shared)]
                closed.add(frozenset(pairs.index((x, y)) for x in whole for y in shared))
    return closed


def random_game(source: random.Random, sides: int = 4) -> Game:
    m, n = source.randint(1, sides), source.randint(1, sides)
    A, B = ([[source.randint(-2, 2) for _ in range(n)] for _ in range(m)] for _ in range(2))
    return Game.from_arrays(A, B)


def test_a_thousand_small_games_full_of_ties_have_exactly_the_equilibria_of_the_oracle() -> None:
    source = random.Random(20230912)
    degenerate = 0
    for _ in range(1000):
        game = random_game(source)
        solution = solve_exact(game)
        assert [one.exact for one in solution.equilibria] == oracle(game), game.exact.tolist()
        assert solution.complete
        assert all(one.regret == 0 and one.relative_regret == 0 for one in solution.equilibria)
        degenerate += solution.extra["degenerate"]
    assert 300 < degenerate < 900  # or the games would not test what they are for


def test_nash_subsets_are_the_maximal_bicliques_and_cover_every_equilibrium() -> None:
    source = random.Random(7)
    overlapping = 0
    for _ in range(300):
        solution = solve_exact(random_game(source, sides=3))
        pairs = [one.exact for one in solution.equilibria]
        if len({x for x, _ in pairs}) > 8:
            continue
        assert set(map(frozenset, solution.nash_subsets)) == oracle_subsets(pairs)
        assert set().union(*solution.nash_subsets) == set(range(len(pairs)))
        assert sorted(k for one in solution.components for k in one) == list(range(len(pairs)))
        overlapping += sum(map(len, solution.nash_subsets)) > len(pairs)
    assert overlapping > 10


def test_nash_subsets_that_meet_share_a_component_and_others_do_not() -> None:
    path = [("a", 1), ("b", 1), ("b", 2), ("c", 3)]
    assert nash_subsets(path) == ((0, 1), (1, 2), (3,))
    assert connected_components(path) == ((0, 1, 2), (3,))


def test_equilibria_come_sorted_descending_and_each_once() -> None:
    source = random.Random(3)
    for _ in range(200):
        assert all(earlier > later for earlier, later in pairwise(found(random_game(source))))


# --- what must not change an answer

small = st.integers(-2, 2)
scales = st.sampled_from([Fraction(1, 10**9), Fraction(1), Fraction(7, 3), Fraction(10**9)])
shifts = st.sampled_from([Fraction(0), Fraction(10**9), Fraction(-(10**9)), Fraction(1, 3)])


@st.composite
def games(draw: st.DrawFn, sides: int = 4) -> Game:
    m, n = draw(st.integers(1, sides)), draw(st.integers(1, sides))
    A, B = (draw(st.lists(st.lists(small, min_size=n, max_size=n), min_size=m, max_size=m)) for _ in range(2))
    return Game.from_arrays(A, B)


@settings(max_examples=60, deadline=None)
@given(games(), scales, shifts, scales, shifts)
def test_the_unit_and_zero_of_either_player_change_nothing(game, scale_1, shift_1, scale_2, shift_2) -> None:
    A, B = game.exact
    changed = Game.from_arrays(A * scale_1 + shift_1, B * scale_2 + shift_2)
    assert found(changed) == found(game)
    assert solve_exact(changed).nash_subsets == solve_exact(game).nash_subsets


@settings(max_examples=40, deadline=None)
@given(games(), st.sampled_from([1e9, 2.0**-30, 3.0, 1.0]), st.sampled_from([0.0, 1e9, -1e9]))
def test_floats_that_hold_the_change_exactly_give_the_same_equilibria(game, scale, shift) -> None:
    assume(scale >= 1 or shift == 0)  # 1e9 + 2**-30 is no float64
    A, B = game.payoffs
    assert found(Game.from_arrays(A * scale + shift, B * scale)) == found(game)


@settings(max_examples=40, deadline=None)
@given(games(), st.lists(st.sampled_from([Fraction(-(10**9)), Fraction(0), Fraction(5)]), min_size=4, max_size=4))
def test_a_bonus_that_depends_on_the_opponent_alone_changes_nothing(game, bonus) -> None:
    A, B = game.exact
    assert found(Game.from_arrays(A + np.array(bonus[: A.shape[1]], dtype=object), B)) == found(game)


@settings(max_examples=60, deadline=None)
@given(games(), st.randoms(use_true_random=False))
def test_relabelling_actions_relabels_the_equilibria(game, source) -> None:
    m, n = game.exact.shape[1:]
    rows, columns = source.sample(range(m), m), source.sample(range(n), n)
    A, B = (own[np.ix_(rows, columns)] for own in game.exact)
    expected = {(tuple(x[i] for i in rows), tuple(y[j] for j in columns)) for x, y in found(game)}
    assert set(found(Game.from_arrays(A, B))) == expected


@settings(max_examples=60, deadline=None)
@given(games())
def test_swapping_the_players_swaps_the_strategies(game) -> None:
    swapped = Game.from_arrays(game.exact[1].T, game.exact[0].T)
    assert set(found(swapped)) == {(y, x) for x, y in found(game)}


@settings(max_examples=40, deadline=None)
@given(games(sides=3), st.integers(0, 2))
def test_a_repeated_row_splits_each_strategy_between_its_two_copies(game, row) -> None:
    row %= game.exact.shape[1]
    A, B = (np.concatenate([own, own[row : row + 1]]) for own in game.exact)
    expected = set()
    for x, y in found(game):
        expected.add(((*x, Fraction(0)), y))
        expected.add(((*x[:row], Fraction(0), *x[row + 1 :], x[row]), y))
    assert set(found(Game.from_arrays(A, B))) == expected


@settings(max_examples=40, deadline=None)
@given(games(sides=3), st.integers(1, 3))
def test_a_strictly_dominated_row_changes_nothing(game, loss) -> None:
    A, B = game.exact
    worse = np.concatenate([A, A[:1] - loss])
    with_it = Game.from_arrays(worse, np.concatenate([B, B[-1:]]))
    assert found(with_it) == [((*x, Fraction(0)), y) for x, y in found(game)]


# --- edges


@pytest.mark.parametrize("shape", [(1, 1), (1, 4), (4, 1), (3, 4), (2, 2)])
def test_where_nothing_is_at_stake_every_pure_profile_is_extreme_and_all_are_one_subset(shape) -> None:
    solution = solve_exact(Game.from_arrays(np.zeros(shape, dtype=int), np.zeros(shape, dtype=int)))
    size = shape[0] * shape[1]
    assert len(solution) == size
    assert all(one.pure for one in solution.equilibria)
    assert all(one.strict == (size == 1) for one in solution.equilibria)
    assert solution.nash_subsets == solution.components == (tuple(range(size)),)


def test_only_pure_equilibria_where_every_deviation_loses_are_strict() -> None:
    solution = solve_exact(Game.from_arrays([[1, 0], [1, 0]], [[1, 0], [0, 1]]))
    assert not any(one.strict for one in solution.equilibria)
    coordination = solve_exact(Game.from_arrays(np.eye(2, dtype=int), np.eye(2, dtype=int)))
    assert [one.strict for one in coordination.equilibria] == [True, False, True]


def test_floats_are_taken_at_their_binary_value_so_a_tie_on_paper_can_be_none() -> None:
    paper = Game.from_arrays([[Fraction("0.3")], [3 * Fraction("0.1")]], [[0], [0]])
    binary = Game.from_arrays([[0.3], [3 * 0.1]], [[0.0], [0.0]])
    assert len(solve_exact(paper)) == 2
    assert found(binary) == [((0, 1), (1,))]


def test_a_complete_answer_says_why_and_carries_the_note_of_the_game() -> None:
    game = Game.from_arrays([[1]], [[1]])
    noted = Game(game.title, game.players, game.actions, game.payoffs, game.exact, "sqrt rounded to 12 digits")
    assert solve_exact(game).why == Ground.VERTICES.says
    assert solve_exact(noted).why == f"{Ground.VERTICES.says}; sqrt rounded to 12 digits"


def test_a_spent_budget_is_never_called_complete_and_still_gives_the_pure_equilibria() -> None:
    solution = solve_exact(Game.from_arrays(np.eye(9, dtype=int), np.eye(9, dtype=int)), budget_seconds=0.0)
    assert not solution.complete
    assert "stopped after 0 s" in solution.why
    assert sum(one.pure for one in solution.equilibria) == 9
    assert all(one.regret == 0 for one in solution.equilibria)


def test_a_budget_that_suffices_changes_nothing() -> None:
    game = Game.from_arrays(np.eye(3, dtype=int), np.eye(3, dtype=int))
    free, bound = solve_exact(game), solve_exact(game, budget_seconds=60)
    assert (bound.complete, bound.equilibria) == (True, free.equilibria)


def test_three_players_are_refused_by_name() -> None:
    with pytest.raises(PayoffError, match="'trio' has 3"):
        solve_exact(Game.from_arrays(*[np.zeros((2, 2, 2))] * 3, title="trio"))


# --- the certificate, for any number of players


def definition_of_regret(game: Game, strategies: list[list[Fraction]]) -> list[Fraction]:
    def payoff(player: int, profile: list[list[Fraction]]) -> Fraction:
        total = Fraction(0)
        for index in np.ndindex(game.exact.shape[1:]):
            share = Fraction(1)
            for own, action in zip(profile, index, strict=True):
                share *= own[action]
            total += share * game.exact[(player, *index)]
        return total

    result = []
    for player, own in enumerate(strategies):
        pure = [[Fraction(int(k == action)) for k in range(len(own))] for action in range(len(own))]
        best = max(payoff(player, [*strategies[:player], one, *strategies[player + 1 :]]) for one in pure)
        result.append(best - payoff(player, strategies))
    return result


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(1, 3), min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_regret_is_the_best_pure_deviation_whatever_the_number_of_players(sizes, source) -> None:
    payoffs = [np.array([source.randint(-3, 3) for _ in range(int(np.prod(sizes)))]).reshape(sizes) for _ in sizes]
    game = Game.from_arrays(*payoffs)
    weights = [[source.randint(0, 3) for _ in range(n - 1)] + [1] for n in sizes]
    strategies = [[Fraction(weight, sum(own)) for weight in own] for own in weights]
    expected = definition_of_regret(game, strategies)
    certified = certify_by(integer_payoffs(game), strategies)
    assert certified.regret == float(max(expected))
    ranges = [own.max() - own.min() for own in game.exact]
    assert certified.relative_regret == float(max(r / w if w else 0 for r, w in zip(expected, ranges, strict=True)))
    assert certified.pure == all(max(own) == 1 for own in strategies)
    assert not (certified.strict and certified.regret)


def test_strictness_fails_on_one_tie_of_one_player() -> None:
    strategies = [[1, 0], [1, 0], [1, 0]]
    payoffs = [np.zeros((2, 2, 2), dtype=int) for _ in range(3)]
    for own in payoffs:
        own[0, 0, 0] = 1
    assert certify_by(integer_payoffs(Game.from_arrays(*payoffs)), strategies).strict
    payoffs[2][0, 0, 1] = 1
    tied = certify_by(integer_payoffs(Game.from_arrays(*payoffs)), strategies)
    assert (tied.strict, tied.regret) == (False, 0.0)


@pytest.mark.parametrize(
    ("strategies", "cause"),
    [
        ([[1, 1], [1, 0]], "add to 1"),
        ([[2, -1], [1, 0]], "at least 0"),
        ([[1], [1, 0]], r"\[2, 2\] actions"),
        ([[1, 0]], r"\[2, 2\] actions"),
    ],
)
def test_what_is_no_strategy_profile_gets_no_certificate(strategies, cause) -> None:
    with pytest.raises(PayoffError, match=cause):
        certify_by(integer_payoffs(Game.from_arrays(np.eye(2), np.eye(2))), strategies)


def test_the_json_writes_exact_shares_as_fractions() -> None:
    entry = solve_exact(Game.from_arrays([[1, 0], [0, 2]], [[1, 0], [0, 1]])).to_dict()
    assert (entry["concept"], entry["complete"], entry["players"]) == ("nash", True, ["1", "2"])
    assert [one["exact"] for one in entry["equilibria"]][1] == [["1/2", "1/2"], ["2/3", "1/3"]]
    assert entry["components"] == entry["nash_subsets"] == [[0], [1], [2]]
