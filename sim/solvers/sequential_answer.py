"""Sequential equilibria of a tree as one set, each with what shows it: plan, beliefs, trembles, and the gains left.

The certificate is computed apart from the search: at every information set, what the best plan for the rest of the game
would earn its player at the beliefs shown, later choices of its own included, less what the plan earns.
"""

import time
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from sim.game.tree import Tree
from sim.solvers.certificate import certify_by, integer_payoffs
from sim.solvers.equilibria import EquilibriumSet
from sim.solvers.sequential import Assessment, check_askable, sequential
from sim.solvers.sequential_beliefs import beliefs_of
from sim.solvers.sequential_play import Plan, Positions, positions_of, values_from, ways_to
from sim.solvers.tree_answer import strategies_of, ways_of
from sim.solvers.verdict import held

NONE = Fraction(0)


def solve_sequential(tree: Tree) -> EquilibriumSet:
    """The pure sequential equilibria of a tree; where there are none, mixed ones, and `extra["mixed"]` is true.

    Each has `information_sets`: what is done there (`plays`, one share an action), what is believed (`beliefs`, one an
    action path that leads there), and the most that any plan for the rest of the game would gain (`gain`). `trembles`
    lists each action that is not played, with the order and the weight of its chance, weight * e^order: as e goes
    to 0, Bayes' rule leads to the beliefs. `sequential_regret` is the greatest `gain`, recomputed; `paths` are the
    ends that are reached, as in `solve_tree`.

    Raises:
        UsageError: a player forgets what it knew or did.
        PayoffError: more information sets, strategies or digits than can be handled.
    """
    started = time.perf_counter()
    positions = positions_of(tree)
    check_askable(tree, positions)
    game = tree.to_game()  # before the search: what cannot be written out need not be looked for
    answer = sequential(tree, positions)
    integers, plans = integer_payoffs(game), [tree.plans(player) for player in range(len(tree.players))]
    names = _names(tree)
    ways = ways_of(tree, {at for nodes in positions.members.values() for at in nodes} | set(positions.worth))
    shown = tuple(
        replace(
            certify_by(integers, strategies_of(plans, one.plan)),
            extra=_shown(positions, one, names, ways),
        )
        for one in answer.assessments
    )
    return EquilibriumSet(
        tree.title,
        tree.players,
        game.actions,
        "sequential",
        held(answer.verdict, shown),
        shown,
        seconds=time.perf_counter() - started,
        extra={"mixed": answer.mixed},
    )


def sequential_gains(
    positions: Positions, plan: Plan, beliefs: Mapping[int, Mapping[int, Fraction]]
) -> dict[int, Fraction]:
    """Information set -> the most that its player gains there, at its beliefs, by any plan for the rest of the game."""
    gains = {}
    for own, believed in beliefs.items():
        player = positions.tree.information_sets[own].player
        earned = sum((p * values_from(positions, at, player, plan)[0] for at, p in believed.items()), start=NONE)
        gains[own] = _best(positions, own, plan, believed) - earned
    return gains


def _best(positions: Positions, own: int, plan: Plan, believed: Mapping[int, Fraction]) -> Fraction:
    """What the best plan from an information set on earns: its player's later sets are met from here alone.

    Each of them is decided at once for all its nodes, the last sets first, by the chances with which the others lead
    there, whatever the player does itself.
    """
    tree = positions.tree
    player = tree.information_sets[own].player
    odds = dict(believed)  # node -> belief where play starts, times the chances of the others' moves since
    for start in sorted(believed):
        for at in range(start, positions.end[start]):
            node = tree.nodes[at]
            if at not in odds or not node.children:
                continue
            theirs = tree.information_sets[node.information_set or 0].player != player
            mix = positions.odds(at, plan) if theirs else (Fraction(1),) * len(node.children)
            odds |= {child: odds[at] * p for child, p in zip(node.children, mix, strict=True) if p}
    value: dict[int, Fraction] = {}  # node -> its odds times what the best plan earns from there on
    later: dict[int, list[int]] = {}
    for at in sorted(odds, reverse=True):
        set_here = tree.nodes[at].information_set
        if set_here is None:
            value[at] = odds[at] * positions.worth[at][player]
        elif tree.information_sets[set_here].player == player:
            later.setdefault(set_here, []).append(at)
    return _folded(positions, own, odds, value, later)


def _folded(
    positions: Positions,
    own: int,
    odds: Mapping[int, Fraction],
    value: dict[int, Fraction],
    later: Mapping[int, list[int]],
) -> Fraction:
    tree = positions.tree

    def worth(at: int) -> Fraction:
        """Sum over all that follows a node, as far as the player's own choices there are made."""
        total, waiting = NONE, [at]
        while waiting:
            here = waiting.pop()
            if here in value:
                total += value[here]
            else:
                waiting += [child for child in tree.nodes[here].children if child in odds]
        return total

    for nodes in sorted(later.values(), key=lambda nodes: -min(nodes)):  # sets behind have greater numbers
        count = len(tree.nodes[nodes[0]].children)
        earned = [[worth(tree.nodes[at].children[a]) for at in nodes] for a in range(count)]
        best = max(earned, key=lambda column: sum(column, start=NONE))
        value.update(zip(nodes, best, strict=True))
    return sum((value[at] for at in later[own]), start=NONE)


def _names(tree: Tree) -> dict[int, str]:
    """Information sets by their labels where these tell a player's apart, else by their numbers, from 1."""
    names: dict[int, str] = {}
    for player in range(len(tree.players)):
        known = [own for own, each in enumerate(tree.information_sets) if each.player == player]
        labels = [tree.information_sets[own].label for own in known]
        distinct = "" not in labels and len(set(labels)) == len(labels)
        names |= dict(zip(known, labels if distinct else map(str, range(1, len(known) + 1)), strict=True))
    return names


def _shown(
    positions: Positions, one: Assessment, names: Mapping[int, str], ways: Mapping[int, list[str]]
) -> dict[str, Any]:
    """What one equilibrium carries beside its strategies."""
    tree = positions.tree
    beliefs = beliefs_of(positions, one.plan, one.trembles)
    gains = sequential_gains(positions, one.plan, beliefs)
    sets, trembles = [], []
    for own, nodes in positions.members.items():
        known = tree.information_sets[own]
        place = {"player": tree.players[known.player], "information_set": names[own]}
        believed = [beliefs[own].get(at, NONE) for at in nodes]
        sets.append(
            {
                **place,
                "actions": list(known.actions),
                "plays": [float(share) for share in one.plan[own]],
                "exact": [str(share) for share in one.plan[own]],
                "beliefs": [
                    {"after": ways[at], "share": float(p), "exact": str(p)}
                    for at, p in zip(nodes, believed, strict=True)
                ],
                "gain": float(gains[own]),
            }
        )
        trembles += [
            {
                **place,
                "action": action,
                "order": one.trembles.orders[own, a],
                "weight": str(one.trembles.weights[own, a]),
            }
            for a, action in enumerate(known.actions)
            if not one.plan[own][a]
        ]
    regret = float(max(gains.values(), default=NONE))
    reached = ways_to(positions, one.plan)
    ends = [at for at in positions.worth if positions.kept[at] and not reached[at][0]]
    paths = [{"actions": ways[at], "share": float(reached[at][1])} for at in ends]
    return {"sequential_regret": regret, "information_sets": sets, "trembles": trembles, "paths": paths}
