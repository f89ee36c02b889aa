"""The tree of an order of moves: plays, information sets, and subgame-perfect outcomes against the masks."""

import io
from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from pathlib import Path

import numpy as np
import pygambit
import pytest

import sim
from sim.game.efg import parse_efg, tree_to_efg
from sim.game.order_tree import tree_of_order
from sim.game.tree import Tree
from sim.scenario.model import Order
from tests.oracle.random_scenarios import scenario_text

TIE = Fraction(1, 10**12)

TERMS = """[scenario]
name = "terms"
[players.A]
moves.ask = ["low", "high"]
[players.B]
moves.give = ["no", "yes"]
moves.when = ["now", "later"]
[parameters]
third = { value = 0.3 }
[stakes]
worth = { value = "rank(give) * (1 + rank(ask)) * (1 - third * rank(when))" }
[interests.A]
worth = { weight = 3 }
[interests.B]
worth = { weight = -1 }
[orders.asked]
moves = ["ask", ["give", "when"]]
[orders.blind]
moves = [["ask", "give"], "when"]
"""


def read(folder: Path, name: str, text: str) -> sim.Scenario:
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return sim.load(path)


def tree_named(scenario: sim.Scenario, order: str) -> Tree:
    return tree_of_order(scenario.data, next(one for one in scenario.data.orders if one.name == order))


def profiles_at_ends(tree: Tree) -> dict[int, dict[str, str]]:
    """End of play -> move -> option, from the labels alone."""
    known: dict[int, dict[str, str]] = {0: {}}
    for at, node in enumerate(tree.nodes):
        if node.information_set is not None:
            here = tree.information_sets[node.information_set]
            moves = here.label.partition(" after ")[0].split(" and ")
            for action, child in zip(here.actions, node.children, strict=True):
                joint = dict(pair.split("=") for pair in action.split()) if len(moves) > 1 else {moves[0]: action}
                known[child] = known[at] | joint
    return {at: known[at] for at, node in enumerate(tree.nodes) if node.information_set is None}


def subgames(tree: Tree) -> Iterator[int]:
    """Nodes whose subtrees no information set leaves."""
    ends = [0] * len(tree.nodes)  # one past the last node of the subtree
    for at in reversed(range(len(tree.nodes))):
        ends[at] = ends[tree.nodes[at].children[-1]] if tree.nodes[at].children else at + 1
    members: dict[int, list[int]] = {}
    for at, node in enumerate(tree.nodes):
        if node.information_set is not None:
            members.setdefault(node.information_set, []).append(at)
    for root, node in enumerate(tree.nodes):
        if node.information_set is not None and all(
            root <= own[0] and own[-1] < ends[root]
            for own in members.values()
            if any(root <= at < ends[root] for at in own)
        ):
            yield root


def perfect_ends(tree: Tree) -> set[int]:
    """Ends reached by pure subgame-perfect plans: every plan of everyone, tried in every subgame. No chance moves."""
    payoff = {at: tree.outcomes[node.outcome].payoffs for at, node in enumerate(tree.nodes) if node.outcome is not None}
    widest = [max(own) - min(own) for own in zip(*payoff.values(), strict=True)]
    roots = list(subgames(tree))
    found = set()
    for plan in product(*(range(len(own.actions)) for own in tree.information_sets)):
        reached = list(range(len(tree.nodes)))
        best = [[payoff[at][k] if at in payoff else Fraction(0) for at in reached] for k in range(len(tree.players))]
        for at in reversed(range(len(tree.nodes))):
            own = tree.nodes[at].information_set
            if own is None:
                continue
            ahead = tree.nodes[at].children
            reached[at] = reached[ahead[plan[own]]]
            for player, most in enumerate(best):  # the others' plans held, each own set is met at one node at most
                free = tree.information_sets[own].player == player
                most[at] = max(most[child] for child in ahead) if free else most[ahead[plan[own]]]
        if all(
            most[root] - payoff[reached[root]][player] <= TIE * widest[player]
            for root in roots
            for player, most in enumerate(best)
        ):
            found.add(reached[0])
    return found


def test_the_masks_of_a_sweep_are_backward_induction_on_the_tree(tmp_path: Path) -> None:
    answers = []
    for seed in range(300):
        scenario = read(tmp_path, "made", scenario_text(seed, "made"))
        for order in scenario.data.orders:
            tree = tree_of_order(scenario.data, order)
            if np.prod([float(len(own.actions)) for own in tree.information_sets]) > 300:
                continue
            ends = profiles_at_ends(tree)
            by_tree = [ends[at] for at in sorted(perfect_ends(tree))]
            found = sim.solve(scenario, "subgame-perfect", order=order.name).equilibria
            assert len(found) == len(by_tree), f"seed {seed}, order {order.name}"
            assert all(one.profile in by_tree for one in found), f"seed {seed}, order {order.name}"
            answers.append((len(found), sum(len(element) > 1 for element in order.elements)))
    assert len(answers) >= 60  # the sample holds what it is to test
    assert sum(together > 0 for _, together in answers) >= 20
    assert sum(count == 0 for count, _ in answers) >= 1
    assert sum(count > 1 for count, _ in answers) >= 20


def test_moves_made_at_the_same_time_share_an_information_set(tmp_path: Path) -> None:
    scenario = read(tmp_path, "terms", TERMS)
    asked, blind = tree_named(scenario, "asked"), tree_named(scenario, "blind")
    assert [(own.player, own.label, own.actions) for own in asked.information_sets] == [
        (0, "ask", ("low", "high")),
        (1, "give and when after ask=low", JOINT),
        (1, "give and when after ask=high", JOINT),
    ]
    assert [own.label for own in blind.information_sets] == [
        "ask",
        "give",
        *(f"when after ask={ask} give={give}" for ask in ("low", "high") for give in ("no", "yes")),
    ]
    assert asked.perfect_recall
    assert blind.perfect_recall


JOINT = ("give=no when=now", "give=no when=later", "give=yes when=now", "give=yes when=later")


def test_the_ends_hold_the_exact_payoffs_of_their_profiles(tmp_path: Path) -> None:
    scenario = read(tmp_path, "terms", TERMS)
    tree = tree_named(scenario, "blind")
    worth = {}
    for at, profile in profiles_at_ends(tree).items():
        worth[tuple(profile[move] for move in ("ask", "give", "when"))] = tree.outcomes[tree.nodes[at].outcome].payoffs
    assert len(worth) == 8
    assert worth["high", "yes", "later"] == (Fraction(42, 10), Fraction(-14, 10))
    assert worth["low", "yes", "now"] == (3, -1)
    assert worth["low", "no", "later"] == (0, 0)


@pytest.mark.parametrize("name", ["vladivostok-2023", "deterrence", "sanctions-2"])
def test_all_moves_at_once_give_the_normal_form(name: str) -> None:
    scenario = sim.load(name)
    together = Order("together", (tuple(move.name for move in scenario.data.moves),))
    game, tree = scenario.game(), tree_of_order(scenario.data, together)
    assert (tree.to_game().exact == game.exact).all()
    assert tree.to_game().actions == game.actions
    assert tree.players == game.players


def test_gambit_reads_every_order_of_the_baseline() -> None:
    scenario = sim.load("vladivostok-2023")
    for order in scenario.data.orders:
        tree = tree_of_order(scenario.data, order)
        text = tree_to_efg(tree)
        assert parse_efg(text, "x.efg") == tree
        theirs = pygambit.read_efg(io.StringIO(text))
        assert theirs.is_perfect_recall
        assert tree.perfect_recall
        assert parse_efg(theirs.to_efg(), "x.efg") == tree


def test_a_fixed_number_reaches_the_tree(tmp_path: Path) -> None:
    scenario = read(tmp_path, "terms", TERMS)
    order = scenario.data.orders[0]
    numbers = {"third": Fraction(1, 3), "A.worth": Fraction(3), "B.worth": Fraction(-1)}
    tree = tree_of_order(scenario.data, order, numbers)
    assert max(outcome.payoffs[0] for outcome in tree.outcomes) == 6
    assert (Fraction(4), Fraction(-4, 3)) in [outcome.payoffs for outcome in tree.outcomes]
