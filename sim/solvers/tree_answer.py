"""Subgame-perfect play of a tree as one set: for each outcome a plan that leads there, and where it ends.

Plans are given as strategies of the reduced normal form where that can be listed. Where it cannot, as what is done at
each information set; nobody may forget then, and the certificate is computed along the tree.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import prod
from typing import Any

from sim.errors import PayoffError
from sim.game.reduced import Strategy
from sim.game.subgames import Payoffs, payoffs_at_ends
from sim.game.tree import CHANCE, Tree
from sim.solvers.certificate import IntegerPayoffs, certify_by, integer_payoffs
from sim.solvers.equilibria import Equilibrium, EquilibriumSet
from sim.solvers.tree_perfect import Mix, tree_perfect
from sim.solvers.tree_reply import Plan, best_worth
from sim.solvers.verdict import held

GREATEST_PLANS = 2_000_000  # outcomes times what each plan is written in: strategies, or nodes of the tree
LISTED = 200_000  # profiles of a normal form in which plans are written
MIXING = ("nash", "logit", "qre", "correlated")  # concepts of the normal form that mix strategies


def solve_tree(tree: Tree) -> EquilibriumSet:
    """All outcomes of pure subgame-perfect equilibria of a tree, each with one plan that leads there.

    Outcomes with mixed play in subgames stand beside these, as far as found. Where some subgame has no pure
    equilibrium all play is mixed, and `extra["mixed"]` is true. Each equilibrium has `paths`: the actions on the way to
    each end that is reached, chance included, and how likely it is. Where the reduced strategies are too many, there
    are none, and `behaviour` says what is done.

    Raises:
        PayoffError: more ties, strategies or digits than can be handled.
    """
    started = time.perf_counter()
    answer = tree_perfect(tree)
    written = written_in(tree, len(answer.plays))
    ways = ways_of(tree, {at for play in answer.plays for at, _ in play.ends})
    shown = []
    for play in answer.plays:
        plan = play.plan()
        extra: dict[str, Any] = {"paths": [{"actions": ways[at], "share": float(p)} for at, p in play.ends]}
        if not any(written.actions):
            extra["behaviour"] = _done(tree, plan, written.names)
        shown.append(replace(written.certified(plan), extra=extra))
    return EquilibriumSet(
        tree.title,
        tree.players,
        written.actions,
        "subgame-perfect",
        held(answer.verdict, shown),
        tuple(shown),
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


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """What plans of a tree are written in: strategies of its reduced normal form, or where these are too many none."""

    tree: Tree
    actions: tuple[tuple[str, ...], ...]  # of the normal form; empty ones where it is not listed
    plans: list[list[Strategy]]
    integers: Sequence[IntegerPayoffs]
    names: Mapping[int, str]  # of information sets
    ends: Mapping[int, Payoffs]

    def certified(self, plan: Plan) -> Equilibrium:
        """The plan with its payoffs and what anybody would gain by another, from the normal form or along the tree."""
        if any(self.actions):
            return certify_by(self.integers, strategies_of(self.plans, plan))
        return _along_the_tree(self.tree, plan, self.ends)


def written_in(tree: Tree, count: int) -> Written:
    """The reduced normal form for so many plans; where it cannot be listed, and nobody forgets, the tree alone.

    Raises:
        PayoffError: more plans than can be written out, or a player forgets and the normal form is too large.
    """
    names, ends = names_of_sets(tree), payoffs_at_ends(tree)
    try:
        plans = [tree.plans(player) for player in range(len(tree.players))]
        short = prod(map(len, plans)) <= LISTED and count * sum(map(len, plans)) <= GREATEST_PLANS
        if short or tree.forgetful:
            game = tree.to_game()
            return Written(tree, game.actions, plans, integer_payoffs(game), names, ends)
    except PayoffError:
        if tree.forgetful:
            raise
    if count * len(tree.nodes) > GREATEST_PLANS:
        raise PayoffError(f"'{tree.title}' has {count:,} outcomes, too many to write out.")
    return Written(tree, ((),) * len(tree.players), [], (), names, ends)


def _done(tree: Tree, plan: Plan, names: Mapping[int, str]) -> list[dict[str, Any]]:
    """What is done at each information set that its player's own plan does not rule out."""
    return [
        {
            "player": tree.players[tree.information_sets[own].player],
            "information_set": names[own],
            "actions": list(tree.information_sets[own].actions),
            "plays": [float(share) for share in mix],
            "exact": [str(share) for share in mix],
        }
        for own, mix in sorted(plan.items())
        if tree.information_sets[own].player != CHANCE
    ]


def names_of_sets(tree: Tree) -> dict[int, str]:
    """Information sets by their labels where these tell a player's apart, else by their numbers, from 1."""
    names: dict[int, str] = {}
    for player in range(len(tree.players)):
        known = [own for own, each in enumerate(tree.information_sets) if each.player == player]
        labels = [tree.information_sets[own].label for own in known]
        distinct = "" not in labels and len(set(labels)) == len(labels)
        names |= dict(zip(known, labels if distinct else map(str, range(1, len(known) + 1)), strict=True))
    return names


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


def _along_the_tree(tree: Tree, plan: Plan, ends: Mapping[int, Payoffs]) -> Equilibrium:
    """The certificate of a plan where nobody forgets: what each player earns, and the best that it could, exact."""
    regret = relative = Fraction(0)
    payoffs = _earned(tree, plan, ends)
    for player, earned in enumerate(payoffs):
        gain = best_worth(tree, player, {0: Fraction(1)}, plan, ends) - earned
        spread = max(own[player] for own in ends.values()) - min(own[player] for own in ends.values())
        regret = max(regret, gain)
        relative = max(relative, gain / spread if spread else Fraction(0))
    return Equilibrium(
        strategies=((),) * len(tree.players),
        payoffs=tuple(map(float, payoffs)),
        regret=float(regret),
        relative_regret=float(relative),
        pure=all(max(mix) == 1 for mix in plan.values()),
        strict=False,
    )


def _earned(tree: Tree, plan: Plan, ends: Mapping[int, Payoffs]) -> Payoffs:
    """Expected payoffs when everybody does what the plan says."""
    total = [Fraction(0)] * len(tree.players)
    waiting = [(0, Fraction(1))]
    while waiting:
        at, odds = waiting.pop()
        node = tree.nodes[at]
        if node.information_set is None:
            total = [sum_ + odds * own for sum_, own in zip(total, ends[at], strict=True)]
            continue
        mix = tree.information_sets[node.information_set].chances or plan[node.information_set]
        waiting += [(child, odds * p) for child, p in zip(node.children, mix, strict=True) if p]
    return tuple(total)
