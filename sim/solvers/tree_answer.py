"""Subgame-perfect play of a tree as one set: for each outcome a plan that leads there, and where it ends.

Plans are given as strategies of the reduced normal form where that can be listed. Where it cannot, every player must
know all that happened, and the certificate is computed along the tree.
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from math import prod

from sim.errors import PayoffError
from sim.game.game import Game
from sim.game.reduced import Strategy
from sim.game.subgames import Payoffs, payoffs_at_ends
from sim.game.tree import CHANCE, Tree
from sim.solvers.certificate import certify_by, integer_payoffs
from sim.solvers.equilibria import Equilibrium, EquilibriumSet
from sim.solvers.tree_perfect import Mix, TreePlay, tree_perfect
from sim.solvers.verdict import held

GREATEST_PLANS = 2_000_000  # outcomes times what each plan is written in: strategies, or nodes of the tree
LISTED = 200_000  # profiles of a normal form in which plans are written
MIXING = ("nash", "logit", "qre", "correlated")  # concepts of the normal form that mix strategies


def solve_tree(tree: Tree) -> EquilibriumSet:
    """All outcomes of pure subgame-perfect equilibria of a tree, each with one plan that leads there.

    Where some subgame has no pure equilibrium there are none; then mixed play in subgames is what is listed, and
    `extra["mixed"]` is true. Each equilibrium has `paths`: the actions on the way to each end that is reached, chance
    included, and how likely it is.

    Raises:
        PayoffError: more ties, strategies or digits than can be handled.
    """
    started = time.perf_counter()
    answer = tree_perfect(tree)
    listed = _listed(tree, len(answer.plays))
    width = len(tree.nodes) if listed is None else sum(map(len, listed[1]))
    if len(answer.plays) * width > GREATEST_PLANS:
        raise PayoffError(f"'{tree.title}' has {len(answer.plays):,} outcomes, too many to write out.")
    ways = ways_of(tree, {at for play in answer.plays for at, _ in play.ends})
    equilibria: tuple[Equilibrium, ...]
    if listed is None:
        equilibria = tuple(_along_the_tree(tree, play) for play in answer.plays)
        actions: tuple[tuple[str, ...], ...] = ((),) * len(tree.players)
    else:
        game, plans = listed
        integers, actions = integer_payoffs(game), game.actions
        equilibria = tuple(certify_by(integers, strategies_of(plans, play.plan())) for play in answer.plays)
    shown = tuple(
        replace(one, extra={"paths": [{"actions": ways[at], "share": float(p)} for at, p in play.ends]})
        for one, play in zip(equilibria, answer.plays, strict=True)
    )
    return EquilibriumSet(
        tree.title,
        tree.players,
        actions,
        "subgame-perfect",
        held(answer.verdict, shown),
        shown,
        seconds=time.perf_counter() - started,
        extra={"subgames": answer.subgames, "mixed": answer.mixed},
    )


def with_warnings(found: EquilibriumSet, tree: Tree) -> EquilibriumSet:
    """An answer of the reduced form; where a player forgets and the concept mixes, `extra["warnings"]` says so.

    Source: Kuhn (1953): with perfect recall each mixed strategy is matched by chances at each information set.
    """
    if found.concept not in MIXING or not tree.forgetful:
        return found
    who = dict.fromkeys(tree.players[tree.information_sets[own].player] for own in tree.forgetful)
    does = "forgets what it" if len(who) == 1 else "forget what they"
    said = (
        f"{' and '.join(who)} {does} knew or did: a mixed strategy of the reduced normal form mixes whole plans, and "
        "chances at each information set may not do the same"
    )
    return replace(found, extra={**found.extra, "warnings": [said]})


def _listed(tree: Tree, plays: int) -> tuple[Game, list[list[Strategy]]] | None:
    """The reduced normal form with its strategies; None where that is too long to write in and nothing is hidden."""
    try:
        plans = [tree.plans(player) for player in range(len(tree.players))]
        short = prod(map(len, plans)) <= LISTED and plays * sum(map(len, plans)) <= GREATEST_PLANS
        if short or _hides(tree):
            return tree.to_game(), plans
    except PayoffError:
        if _hides(tree):
            raise
    return None


def _hides(tree: Tree) -> bool:
    """Whether some player ever does not know at which node it is."""
    met = [
        node.information_set
        for node in tree.nodes
        if node.information_set is not None and tree.information_sets[node.information_set].player != CHANCE
    ]
    return len(set(met)) < len(met)


def strategies_of(plans: Iterable[list[Strategy]], plan: Mapping[int, Mix]) -> list[list[Fraction]]:
    """A plan as shares of reduced strategies; where it says nothing the player never comes."""

    def share(strategy: Strategy) -> Fraction:
        whole = Fraction(1)
        for own, action in strategy.items():
            part = plan[own][action] if own in plan else Fraction(action == 0)
            if not part:
                return part  # as nearly every strategy does, and soon
            whole = whole if part == 1 else whole * part
        return whole

    return [[share(strategy) for strategy in strategies] for strategies in plans]


def ways_of(tree: Tree, ends: set[int]) -> dict[int, list[str]]:
    """The actions on the way to some ends."""
    before = {child: (at, k) for at, node in enumerate(tree.nodes) for k, child in enumerate(node.children)}
    ways = {}
    for end in ends:
        way, at = [], end
        while at in before:
            at, action = before[at]
            own = tree.nodes[at].information_set
            assert own is not None
            way.append(tree.information_sets[own].actions[action])
        ways[end] = way[::-1]
    return ways


def _along_the_tree(tree: Tree, play: TreePlay) -> Equilibrium:
    """The certificate of a plan where everybody knows everything: the best each player could do, node by node."""
    plan, ends = play.plan(), payoffs_at_ends(tree)
    regret = relative = Fraction(0)
    for player, earned in enumerate(play.payoffs):
        gain = _best(tree, player, plan, ends) - earned
        spread = max(own[player] for own in ends.values()) - min(own[player] for own in ends.values())
        regret = max(regret, gain)
        relative = max(relative, gain / spread if spread else Fraction(0))
    return Equilibrium(
        strategies=((),) * len(tree.players),
        payoffs=tuple(map(float, play.payoffs)),
        regret=float(regret),
        relative_regret=float(relative),
        pure=all(max(mix) == 1 for mix in plan.values()),
        strict=False,
    )


def _best(tree: Tree, player: int, plan: Mapping[int, Mix], ends: Mapping[int, Payoffs]) -> Fraction:
    values: list[Fraction] = [Fraction(0)] * len(tree.nodes)
    for at in reversed(range(len(tree.nodes))):
        node = tree.nodes[at]
        if node.information_set is None:
            values[at] = ends[at][player]
            continue
        known = tree.information_sets[node.information_set]
        behind = [values[child] for child in node.children]
        if known.player == player:
            values[at] = max(behind)
        else:
            mix = known.chances if known.player == CHANCE else plan[node.information_set]
            values[at] = sum((p * value for p, value in zip(mix, behind, strict=True) if p), start=Fraction(0))
    return values[0]
