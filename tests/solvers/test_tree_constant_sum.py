"""Constant-sum trees by their sequences: published values, and the vertices of the reduced form."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import permutations

import pytest

from sim.game.efg import parse_efg
from sim.game.tree import Outcome, Tree
from sim.solvers import tree_perfect
from sim.solvers.tree_answer import solve_tree
from sim.solvers.tree_constant_sum import Shade, constant_sum, optimal_play
from sim.solvers.two_player_exact import solve_exact
from tests.game.written_games import TREES, Branch, Chance, Choice, efg_text
from tests.solvers.made_trees import random_hidden

Plan = dict[int, tuple[Fraction, ...]]


def kuhn() -> Tree:  # Kuhn (1950): one card each of three, an ante and one bet of 1
    def showdown(mine: str, yours: str, stake: int) -> Branch:
        return (stake, -stake) if mine > yours else (-stake, stake)

    def deal(mine: str, yours: str) -> Branch:
        def answered(player: int, card: str) -> Choice:
            fold = (-1, 1) if player == 1 else (1, -1)
            return Choice(player, (card, "bet"), {"fold": fold, "call": showdown(mine, yours, 2)})

        checked = Choice(2, (yours, "check"), {"check": showdown(mine, yours, 1), "bet": answered(1, mine)})
        return Choice(1, (mine, "first"), {"check": checked, "bet": answered(2, yours)})

    root = Chance({mine + yours: ("1/6", deal(mine, yours)) for mine, yours in permutations("123", 2)})
    return parse_efg(efg_text("kuhn", ["A", "B"], root), "x.efg")


def written(name: str) -> Tree:
    return parse_efg(efg_text(name, *TREES[name]), "x.efg")


def earned(game: Tree, plan: Plan, at: int = 0, player: int = 0) -> Fraction:
    """By a plan that may be silent where it never leads."""
    node = game.nodes[at]
    own = game.outcomes[node.outcome].payoffs[player] if node.outcome is not None else Fraction(0)
    if node.information_set is None:
        return own
    mix = game.information_sets[node.information_set].chances or plan[node.information_set]
    return own + sum(p * earned(game, plan, child, player) for p, child in zip(mix, node.children, strict=True) if p)


def test_kuhns_poker_is_worth_an_eighteenth_to_the_second_player_in_more_ways_than_one() -> None:
    found = optimal_play(kuhn())
    assert earned(kuhn(), dict(found.plan)) == Fraction(-1, 18)
    assert not found.only  # the first player may bluff with anything from 0 to 1/3


def test_the_one_way_to_play_a_small_poker_is_known_to_be_the_only_one() -> None:  # Myerson (1991), section 2.1
    found = optimal_play(written("poker"))
    assert sorted(found.plan.values()) == [
        (Fraction(1, 3), Fraction(2, 3)),
        (Fraction(2, 3), Fraction(1, 3)),
        (Fraction(1), Fraction(0)),
    ]
    assert found.only


def test_four_cards_are_solved_and_said_to_be_a_continuum() -> None:
    found = solve_tree(written("four cards"))
    (one,) = found.equilibria
    assert (one.regret, sum(one.payoffs)) == (0, 2)
    assert not found.complete
    assert "continuum of optimal plans" in found.why
    assert "stopped" not in found.why


def opposed(game: Tree) -> Tree:
    """The same tree, the second player losing what the first wins."""
    return replace(game, outcomes=tuple(Outcome((own.payoffs[0], 1 - own.payoffs[0])) for own in game.outcomes))


def test_sequences_and_vertices_agree_on_random_trees_on_the_value_and_on_whether_there_is_one_way() -> None:
    ways = []
    for seed in range(300):
        game = random_hidden(seed)
        if game is None or len(game.players) != 2:
            continue
        game = opposed(game)
        assert constant_sum(game)
        normal, plans = game.to_game(), [game.plans(k) for k in range(2)]
        vertices = solve_exact(normal).equilibria
        found = optimal_play(game)
        value = earned(game, dict(found.plan))
        assert {Fraction(one.payoffs[0]).limit_denominator(10**6) for one in vertices} == {value}, seed
        for player in range(2):  # no reduced strategy of the player earns more against the other's plan
            others = {own: mix for own, mix in found.plan.items() if game.information_sets[own].player != player}
            best = max(earned(game, others | sure(game, strategy), 0, player) for strategy in plans[player])
            assert best == (value if player == 0 else 1 - value), seed
        told = {tuple(sorted(chances_of_sequences(game, one.exact, plans).items())) for one in vertices}
        assert found.only == (len(told) == 1), seed
        ways.append(found.only)
    assert len(ways) > 50
    assert 5 < sum(ways) < len(ways) - 5


def sure(game: Tree, strategy: Mapping[int, int]) -> Plan:
    sizes = {own: len(game.information_sets[own].actions) for own in strategy}
    return {own: tuple(Fraction(k == action) for k in range(sizes[own])) for own, action in strategy.items()}


def chances_of_sequences(game: Tree, exact: object, plans: list[list[Mapping[int, int]]]) -> dict[object, Fraction]:
    """How likely a mixed strategy makes each choice after the player's own earlier choices."""
    assert isinstance(exact, tuple)
    chances: dict[object, Fraction] = {}
    for shares, strategies in zip(exact, plans, strict=True):
        for share, strategy in zip(shares, strategies, strict=True):
            for choice in strategy.items() if share else ():
                chances[choice] = chances.get(choice, Fraction(0)) + share
    return chances


def test_large_constant_sum_subgames_are_solved_by_sequences_and_give_the_same_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    by_vertices = solve_tree(written("poker"))
    monkeypatch.setattr(tree_perfect, "BY_SEQUENCES", 0)
    by_sequences = solve_tree(written("poker"))
    assert by_sequences.equilibria == by_vertices.equilibria
    assert by_sequences.complete
    assert by_sequences.why == by_vertices.why


def test_what_is_not_opposed_or_too_long_is_left_to_the_vertices(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not constant_sum(written("bagwell"))
    assert not constant_sum(written("jury"))
    assert constant_sum(kuhn())
    monkeypatch.setattr("sim.solvers.tree_constant_sum.GREATEST_SEQUENCES", 20)
    assert not constant_sum(kuhn())


def test_a_shade_is_less_than_any_number_and_more_than_none() -> None:
    shade = Shade(Fraction(0), Fraction(1))
    assert Shade(Fraction(0)) < shade < Shade(Fraction(1, 10**9))
    assert shade + shade - shade * Fraction(2) == Shade(Fraction(0))
