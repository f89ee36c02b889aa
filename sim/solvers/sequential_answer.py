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
from sim.solvers.equilibria import EquilibriumSet
from sim.solvers.sequential import Assessment, check_askable, sequential
from sim.solvers.sequential_beliefs import beliefs_of
from sim.solvers.sequential_play import Plan, Positions, positions_of, values_from, ways_to
from sim.solvers.tree_answer import names_of_sets, ways_of, written_in
from sim.solvers.tree_reply import best_worth
from sim.solvers.verdict import held

NONE = Fraction(0)


def solve_sequential(tree: Tree) -> EquilibriumSet:
    """The pure sequential equilibria of a tree; where there are none, mixed ones, and `extra["mixed"]` is true.

    Each has `information_sets`: what is done there (`plays`, one share an action), what is believed (`beliefs`, one an
    action path that leads there), and the most that any plan for the rest of the game would gain (`gain`). `trembles`
    lists each action that is not played, with the order and the weight of its chance, weight * e^order: as e goes
    to 0, Bayes' rule leads to the beliefs. `sequential_regret` is the greatest `gain`, recomputed; `paths` are the
    ends that are reached, as in `solve_tree`; so are the strategies, which are left out where they are too many.

    Raises:
        UsageError: a player forgets what it knew or did.
        PayoffError: more information sets, strategies or digits than can be handled.
    """
    started = time.perf_counter()
    positions = positions_of(tree)
    check_askable(tree, positions)
    answer = sequential(tree, positions)
    written = written_in(tree, len(answer.assessments))
    names = names_of_sets(tree)
    ways = ways_of(tree, {at for nodes in positions.members.values() for at in nodes} | set(positions.worth))
    shown = tuple(
        replace(written.certified(one.plan), extra=_shown(positions, one, names, ways)) for one in answer.assessments
    )
    return EquilibriumSet(
        tree.title,
        tree.players,
        written.actions,
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
        best = best_worth(positions.tree, player, believed, plan, positions.worth)
        gains[own] = best - earned
    return gains


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
