"""Games of three to five players whose equilibria theory gives in full, each found, proved, and nothing else."""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from functools import reduce
from itertools import combinations, product
from random import Random

import numpy as np
import pytest

import sim
from sim.solvers.equilibria import EquilibriumSet
from sim.solvers.n_player import solve_n_player
from tests.solvers.exact_three import all_equilibria
from tests.solvers.planted import planted_game

SAME = 1e-9  # between a share in closed form and ours


def game_of(players: int, earns: Callable[[int, tuple[int, ...]], Fraction | int]) -> np.ndarray:
    """Payoffs of a game with two actions each, from what a player earns at a profile."""
    tensor = np.empty((players, *[2] * players), dtype=object)
    for player, profile in product(range(players), product((0, 1), repeat=players)):
        tensor[(player, *profile)] = Fraction(earns(player, profile))
    return tensor


def first_shares(found: EquilibriumSet) -> list[tuple[float, ...]]:
    return [tuple(own[0] for own in one.strategies) for one in found.equilibria]


def assert_exactly(found: EquilibriumSet, expected: Iterable[Sequence[float | Fraction]]) -> None:
    """The set is complete and holds these equilibria, each once, given as shares of first actions."""
    wanted = [tuple(map(float, one)) for one in expected]
    assert found.complete, found.why
    near = np.array(
        [
            [max(abs(a - b) for a, b in zip(one, other, strict=True)) < SAME for other in wanted]
            for one in first_shares(found)
        ]
    )
    assert near.shape == (len(wanted), len(wanted))
    assert (near.sum(axis=0) == 1).all()
    assert (near.sum(axis=1) == 1).all()
    assert max(one.relative_regret for one in found.equilibria) <= 1e-12


def solved(tensor: np.ndarray) -> EquilibriumSet:
    return solve_n_player(sim.Game.from_arrays(*tensor), budget_seconds=None)


def volunteers(players: int, cost: Fraction) -> np.ndarray:
    """All earn 1 where somebody volunteers (action 0), which costs: Diekmann 1985."""
    return game_of(players, lambda k, acts: (0 in acts) - cost * (acts[k] == 0))


@pytest.mark.parametrize(
    ("players", "cost"), [(3, Fraction(1, 4)), (4, Fraction(1, 8)), (5, Fraction(1, 16)), (4, Fraction(2, 7))]
)
def test_in_a_volunteers_dilemma_every_group_has_one_equilibrium(players: int, cost: Fraction) -> None:
    """Those in the group stay idle with q, q^(size - 1) = cost, and the others always: 2^players - 1 in all."""
    expected = []
    for size in range(1, players + 1):
        share = 1.0 if size == 1 else 1 - float(cost) ** (1 / (size - 1))
        expected += [[share * (k in group) for k in range(players)] for group in combinations(range(players), size)]
    found = solved(volunteers(players, cost))
    assert len(expected) == 2**players - 1
    assert_exactly(found, expected)


def test_a_public_good_that_two_of_three_must_pay_for_has_nine_equilibria() -> None:
    """Nobody pays; two pay; all pay with p where 2 p (1 - p) is the cost; one pays, and the others with 1 - cost."""
    cost = Fraction(3, 8)
    expected = [(0, 0, 0), (Fraction(1, 4),) * 3, (Fraction(3, 4),) * 3]
    for k in range(3):
        expected += [tuple(int(m != k) for m in range(3)), tuple(1 if m == k else 1 - cost for m in range(3))]
    found = solved(game_of(3, lambda k, acts: int(acts.count(0) >= 2) - cost * (acts[k] == 0)))
    assert_exactly(found, expected)
    assert all(one.exact is not None and one.regret == 0 for one in found.equilibria)


def ring(players: int, mismatchers: int, stakes: Sequence[tuple[int, int]]) -> np.ndarray:
    """Each gains a stake where it plays as the next does; the first `mismatchers` gain it where they do not."""

    def earns(k: int, acts: tuple[int, ...]) -> int:
        ahead = acts[(k + 1) % players]
        return stakes[k][ahead] * int((acts[k] == ahead) != (k < mismatchers))

    return game_of(players, earns)


@pytest.mark.parametrize("players", [3, 4, 5])
@pytest.mark.parametrize("mismatchers", [0, 1, 2, 3])
def test_a_ring_of_pennies_has_one_equilibrium_or_three(players: int, mismatchers: int) -> None:
    """Each fixes the next one's mix. An even number of mismatchers also agrees on two pure profiles: Jordan 1993."""
    stakes = [(k + 1, 3) for k in range(players)]
    mix = [Fraction(stakes[k - 1][1], sum(stakes[k - 1])) for k in range(players)]
    expected: list[Sequence[float | Fraction]] = [mix]
    if mismatchers % 2 == 0:
        turned = [1]
        for k in range(players - 1, 0, -1):  # the one before plays as the next does, or not
            turned.insert(0, turned[0] if k > mismatchers else 1 - turned[0])
        expected += [turned, [1 - share for share in turned]]
    found = solved(ring(players, mismatchers, stakes))
    assert_exactly(found, expected)
    assert tuple((share, 1 - share) for share in mix) in [one.exact for one in found.equilibria]


def test_a_game_beside_another_has_the_products_of_their_equilibria() -> None:
    nine = sim.load("mckelvey-mclennan").game().exact
    three = np.array([[[3, 0], [0, 1]], [[1, 0], [0, 2]]], dtype=object) + Fraction(0)  # battle of the sexes
    whole = [np.broadcast_to(own[..., None, None], (2,) * 5) for own in nine]
    whole += [np.broadcast_to(own[None, None, None], (2,) * 5) for own in three]
    found = solved(np.array(whole, dtype=object))
    left, right = solved(nine), sim.solve(sim.Game.from_arrays(*three))
    assert_exactly(found, [a + b for a, b in product(first_shares(left), first_shares(right))])
    assert len(found) == 27
    assert {one.exact for one in found.equilibria} == {
        (*a.exact, *b.exact) for a, b in product(left.equilibria, right.equilibria)
    }


@pytest.mark.parametrize("seed", range(4))
def test_other_names_orders_units_and_zeros_leave_the_same_equilibria(seed: int) -> None:
    source = Random(seed)
    tensor = [volunteers(4, Fraction(1, 8)), ring(4, 1, [(1, 2), (3, 1), (2, 5), (1, 1)])][seed % 2]
    order = source.sample(range(4), 4)
    swapped = [source.random() < 0.5 for _ in range(4)]
    changed = tensor[order].transpose(0, *(1 + k for k in order))
    for k in range(4):
        if swapped[k]:
            changed = np.flip(changed, k + 1)
    scales = [Fraction(10) ** source.choice([-12, -3, 0, 5, 12]) for _ in range(4)]
    shifts = [source.choice([0, 10**9, Fraction(-1, 3)]) for _ in range(4)]
    changed = np.array([own * scale + shift for own, scale, shift in zip(changed, scales, shifts, strict=True)])
    before = first_shares(solved(tensor))
    expected = [[1 - p[k] if turn else p[k] for k, turn in zip(order, swapped, strict=True)] for p in before]
    assert_exactly(solved(changed), expected)


@pytest.mark.parametrize("sizes", [(2, 2, 2), (3, 2, 2), (2, 2, 2, 2)])
def test_around_a_planted_mixed_equilibrium_the_pure_ones_are_those_of_brute_force(sizes: tuple[int, ...]) -> None:
    for seed in range(40, 46):
        game, profile = planted_game(sizes, Random(seed))
        found = solve_n_player(game, budget_seconds=None)
        pure = [
            at
            for at in np.ndindex(*sizes)
            if all(
                game.exact[(k, *at)] >= game.exact[(k, *at[:k], a, *at[k + 1 :])]
                for k, n in enumerate(sizes)
                for a in range(n)
            )
        ]
        assert found.complete, found.why
        assert [one.exact for one in found.equilibria].count(profile) == 1
        assert sorted(tuple(own.index(1) for own in one.strategies) for one in found.equilibria if one.pure) == pure


def test_where_each_waits_for_the_one_before_elimination_leaves_one_profile() -> None:
    def earns(k: int, acts: tuple[int, ...]) -> int:
        return int(acts[k] == 0) if k == 0 else int(acts[k] == acts[k - 1])

    for players in (3, 4, 5):
        found = solved(game_of(players, earns))
        assert (found.complete, first_shares(found)) == (True, [(1.0,) * players])
        assert found.equilibria[0].strict
        assert "elimination" in found.why


def majority(players: int) -> np.ndarray:
    """All earn 1 where most play action 0: nobody cares whose vote cannot count."""
    return game_of(players, lambda _, acts: int(2 * acts.count(0) > players))


def minority(players: int) -> np.ndarray:
    """Who plays as fewer do earns 1; whoever makes up the larger side may as well change it."""
    return game_of(players, lambda k, acts: int(2 * acts.count(acts[k]) < players))


@pytest.mark.parametrize(
    "tensor", [majority(3), minority(3), minority(5), np.concatenate([volunteers(3, Fraction(1, 4))] * 2, axis=2)],
    ids=["majority of 3", "minority of 3", "minority of 5", "volunteers with an action twice"],
)  # fmt: skip
def test_a_continuum_is_named_and_its_points_are_equilibria(tensor: np.ndarray) -> None:
    found = solve_n_player(sim.Game.from_arrays(*tensor))
    assert not found.complete
    assert found.why.startswith("continuum")
    assert found.extra["open_supports"] > 0
    assert len({one.strategies for one in found.equilibria}) == len(found)
    assert all(one.relative_regret <= 1e-11 for one in found.equilibria)
    assert found.extra["samples"]


def test_all_pure_equilibria_stand_in_a_set_that_is_not_whole() -> None:
    tensor = reduce(
        lambda a, k: np.concatenate([a, a.take([0], axis=k)], axis=k), (1, 2), volunteers(3, Fraction(1, 4))
    )
    game = sim.Game.from_arrays(*tensor)
    pure = {one.strategies for one in solve_n_player(game).equilibria if one.pure}
    assert pure == {one.strategies for one in sim.solve(game, "pure-nash").equilibria}


@pytest.mark.parametrize("greatest", [1, 2, 5])
def test_games_full_of_ties_agree_with_an_exact_analysis_by_cases(greatest: int) -> None:
    source = np.random.default_rng(greatest)
    whole = 0
    for _ in range(120):
        tensor = source.integers(-greatest, greatest + 1, (3, 2, 2, 2))
        known, found = all_equilibria(tensor), solve_n_player(sim.Game.from_arrays(*tensor))
        ours = first_shares(found)
        assert all(any(max(abs(a - b) for a, b in zip(p, q, strict=True)) < SAME for q in ours) for p in known.points)
        if known.open or "elimination" in found.why:  # the exact two-player answer lists ends of segments
            continue
        if known.infinite:
            assert (found.complete, found.why[:9]) == (False, "continuum")
        elif found.complete:
            assert_exactly(found, known.points)
            whole += 1
        else:  # a tie that neither bounds nor signs settle
            assert found.why.startswith("undecided box")
            assert len(ours) == len(known.points)
    assert whole >= 5
