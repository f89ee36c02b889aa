"""Reduced normal forms of trees: textbook answers, every full plan played out, bounds."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import product

import numpy as np
import pytest

import sim
from sim.errors import PayoffError
from sim.game.efg import parse_efg
from sim.game.tree import CHANCE, Tree
from tests.game.written_games import TREES, Chance, Choice, efg_text, random_tree

Plan = Mapping[int, int]  # information set -> action, at every set of every player


def tree_of(name: str) -> Tree:
    return parse_efg(efg_text(name, *TREES[name]), "x.efg")


def played(tree: Tree, plan: Plan, at: int = 0) -> tuple[Fraction, ...]:
    """Expected payoffs from a node on, straight from the definition."""
    node = tree.nodes[at]
    own = tree.outcomes[node.outcome].payoffs if node.outcome is not None else (Fraction(0),) * len(tree.players)
    if node.information_set is None:
        return own
    here = tree.information_sets[node.information_set]
    if here.player == CHANCE:
        odds = here.chances
        ahead = [played(tree, plan, child) for child in node.children]
    else:
        odds, ahead = (Fraction(1),), [played(tree, plan, node.children[plan[node.information_set]])]
    return tuple(a + sum(p * b[k] for p, b in zip(odds, ahead, strict=True)) for k, a in enumerate(own))


def met(tree: Tree, player: int, plan: Plan, at: int = 0) -> Iterator[int]:
    """The player's sets that can be met under its plan, whatever all others do."""
    node = tree.nodes[at]
    if node.information_set is None:
        return
    children = node.children
    if tree.information_sets[node.information_set].player == player:
        yield node.information_set
        children = (node.children[plan[node.information_set]],)
    for child in children:
        yield from met(tree, player, plan, child)


def plans(tree: Tree, player: int) -> list[dict[int, int]]:
    own = [index for index, known in enumerate(tree.information_sets) if known.player == player]
    choices = product(*(range(len(tree.information_sets[index].actions)) for index in own))
    return [dict(zip(own, choice, strict=True)) for choice in choices]


def test_every_full_plan_is_worth_what_its_reduced_strategy_is() -> None:
    tried = 0
    for seed in range(150):
        tree = parse_efg(random_tree(seed, most_nodes=22), "x.efg")
        full = [plans(tree, player) for player in range(len(tree.players))]
        if np.prod([len(own) for own in full]) > 400:
            continue
        game = tree.to_game()
        reduced = [  # in the order of the full plans, the first of each class
            list(dict.fromkeys(tuple(sorted((own, plan[own]) for own in set(met(tree, player, plan)))) for plan in own))
            for player, own in enumerate(full)
        ]
        assert [len(own) for own in reduced] == [len(own) for own in game.actions]
        worth: dict[tuple[int, ...], tuple[Fraction, ...]] = {}
        for profile in product(*full):
            classes = tuple(
                reduced[player].index(tuple(sorted((own, plan[own]) for own in set(met(tree, player, plan)))))
                for player, plan in enumerate(profile)
            )
            merged = {own: action for plan in profile for own, action in plan.items()}
            value = played(tree, merged)
            assert worth.setdefault(classes, value) == value
        expected = sorted(worth.values())
        found = sorted(tuple(game.exact[(slice(None), *index)]) for index in np.ndindex(game.exact.shape[1:]))
        assert found == expected
        if tree.perfect_recall:  # then the order is that of the full plans, too
            assert all(tuple(game.exact[(slice(None), *index)]) == value for index, value in worth.items())
        tried += 1
    assert tried >= 100


def test_the_raiser_bluffs_one_time_in_three() -> None:  # Myerson (1991), section 3.1
    tree = tree_of("poker")
    game = tree.to_game()
    assert game.actions == (
        ("1:raise 2:raise", "1:raise 2:fold", "1:fold 2:raise", "1:fold 2:fold"),
        ("meet", "pass"),
    )
    (found,) = sim.solve(game, "nash").equilibria
    third = Fraction(1, 3)
    assert found.exact == ((third, 2 * third, 0, 0), (2 * third, third))
    assert found.payoffs == (1 / 3, -1 / 3)
    assert sim.solve(tree, "nash").equilibria == (found,)  # a tree is solved by its reduced normal form


def test_noise_takes_the_leaders_advantage_away() -> None:  # Bagwell (1995)
    found = sim.solve(tree_of("bagwell"), "pure-nash").equilibria
    assert [one.payoffs for one in found] == [(4.0, 4.0)]


def test_who_starts_with_five_stones_wins() -> None:  # 5 is 2 more than a multiple of 3: take one, leave four
    own = tree_of("nim").to_game().exact[0]
    assert own.min(axis=1).max() == 1


def test_who_always_switches_finds_the_prize_two_times_in_three() -> None:
    game = tree_of("monty hall").to_game()
    assert len(game.actions[0]) == 3 * 4  # a door, then stay or switch at the two doors that may be opened
    switching = [k for k, label in enumerate(game.actions[0]) if label.count("switch") == 2]
    assert len(switching) == 3
    assert (game.exact[0][switching] == Fraction(200, 3)).all()


def test_information_sets_are_named_by_labels_where_these_tell_them_apart() -> None:
    text = (
        'EFG 2 R "g" { "a" "b" } p "" 1 5 "enter?" { "yes" "no" } 0 p "" 1 2 "{}" {{ "l" "r" }} 0 t "" 0 t "" 0 t "" 0'
    )
    text = text.replace("{{", "{").replace("}}", "}")
    assert parse_efg(text.replace('"{}"', '"side"'), "x").to_game().actions == (
        ("enter?:yes side:l", "enter?:yes side:r", "enter?:no"),
        ("no move",),
    )
    assert parse_efg(text.replace('"{}"', '"enter?"'), "x").to_game().actions[0] == ("1:yes 2:l", "1:yes 2:r", "1:no")


def test_the_absent_minded_driver_exits_never_or_at_once() -> None:  # Piccione & Rubinstein (1997)
    def crossing(worth: int, ahead: object) -> Choice:
        return Choice(1, "same", {"exit": (worth,), "on": ahead})

    tree = parse_efg(efg_text("driver", ["driver"], crossing(0, crossing(4, (1,)))), "x.efg")
    assert tree.to_game().exact.tolist() == [[0, 1]]  # the 4 needs a plan that exits at the second crossing alone
    assert not tree.perfect_recall
    assert tree.forgetful == (0,)


def test_a_branch_of_chance_nought_counts_for_nothing() -> None:
    never = Choice(1, "never", {"l": ("1e300",), "r": (0,)})
    tree = parse_efg(efg_text("g", ["a"], Chance({"x": (0, never), "y": (1, (7,))})), "x.efg")
    assert tree.to_game().exact.tolist() == [[7, 7]]


def test_payoffs_on_the_way_add_up() -> None:
    late = Choice(2, "late", {"l": ("1/3", 2), "r": ("-.5", 1)}, payoffs=(10, 20))
    tree = parse_efg(efg_text("g", ["a", "b"], Choice(1, "", {"in": late, "out": (0, 0)}, payoffs=(1, 1))), "x.efg")
    game = tree.to_game()
    assert game.exact[:, 0].tolist() == [[Fraction(34, 3), Fraction(21, 2)], [23, 22]]
    assert game.exact[:, 1].tolist() == [[1, 1], [1, 1]]


def test_a_normal_form_too_large_is_refused_by_name() -> None:
    hands = {f"card {k}": ("1/40", Choice(1, k, {"bet": (1, -1), "fold": (0, 0)})) for k in range(40)}
    tree = parse_efg(efg_text("g", ["Ann", "Bob"], Chance(hands)), "x.efg")
    with pytest.raises(PayoffError, match="reduced strategies of 'Ann' cannot be listed"):
        tree.to_game()


def test_two_players_with_many_strategies_each_are_counted_before_the_table_is_made() -> None:
    def bid(past: tuple[str, ...]) -> object:
        if len(past) == 2:
            return (0, 0)
        return Choice(len(past) + 1, "bid", {str(k): bid((*past, str(k))) for k in range(20)})

    lottery = Chance({"x": ("1/3", bid(())), "y": ("1/3", bid(())), "z": ("1/3", bid(()))})
    text = efg_text("auction", ["a", "b"], lottery)
    for player in (1, 2):  # three lotteries, three sets a player
        pieces = text.split(f'p "" {player} 1 ')
        share = (len(pieces) - 1) // 3
        text = pieces[0] + "".join(f'p "" {player} {1 + k // share} {piece}' for k, piece in enumerate(pieces[1:]))
    with pytest.raises(PayoffError, match="'auction' is too large: 8,000 x 8,000 reduced strategies"):
        parse_efg(text, "x.efg").to_game()


def test_chances_that_need_too_many_digits_are_refused() -> None:
    lines = [f'c "" {k + 1} "" {{ "on" 1/{10**30 + k} "off" {10**30 + k - 1}/{10**30 + k} }} 0' for k in range(700)]
    tree = parse_efg('EFG 2 R "long" { "a" }\n' + "\n".join(lines) + '\nt "" 1 "o" { 1 }' + '\nt "" 0' * 700, "x.efg")
    with pytest.raises(PayoffError, match="more digits than can be handled"):
        tree.to_game()
