"""A tree as those who move in it see it: nodes by information set, what play is worth from a node on, and slips.

A slip is an action that a plan never takes. Each node is reached by a set of slips and, beside them, with the chances
of what is played. Branches that chance never takes are cut off first: no tremble of a player leads there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from sim.game.subgames import Payoffs, payoffs_at_ends
from sim.game.tree import CHANCE, Tree

Mix = tuple[Fraction, ...]  # a share for each action
Plan = Mapping[int, Mix]  # information set -> what is done there
Slip = tuple[int, int]  # information set, action


@dataclass(frozen=True, slots=True, eq=False)
class Positions:
    """The part of a tree that can be reached at all."""

    tree: Tree
    kept: tuple[bool, ...]  # node -> whether chance ever leads there
    end: tuple[int, ...]  # node -> the first node after its subtree
    members: Mapping[int, tuple[int, ...]]  # information set of a player -> its nodes
    worth: Mapping[int, Payoffs]  # end -> payoffs
    cut: bool  # whether anything was cut off

    def odds(self, at: int, plan: Plan) -> Mix:
        """The chance of each action at a node that is no end."""
        own = self.tree.nodes[at].information_set
        assert own is not None
        return self.tree.information_sets[own].chances or plan[own]


def positions_of(tree: Tree) -> Positions:
    """Nodes by information set.

    Raises:
        PayoffError: payoffs with more digits than can be handled.
    """
    kept, end = [False] * len(tree.nodes), list(range(1, len(tree.nodes) + 1))
    kept[0] = True
    members: dict[int, list[int]] = {}
    for at, node in enumerate(tree.nodes):
        own = node.information_set
        if own is None or not kept[at]:
            continue
        known = tree.information_sets[own]
        if known.player != CHANCE:
            members.setdefault(own, []).append(at)
        for action, child in enumerate(node.children):
            kept[child] = not known.chances or known.chances[action] > 0
    for at in reversed(range(len(tree.nodes))):
        if tree.nodes[at].children:
            end[at] = end[tree.nodes[at].children[-1]]
    nodes = {own: tuple(listed) for own, listed in members.items()}
    return Positions(tree, tuple(kept), tuple(end), nodes, payoffs_at_ends(tree), not all(kept))


def gains_at(positions: Positions, own: int, plan: Plan) -> list[tuple[Fraction, ...]]:
    """For each node of an information set what each action earns its player more than the plan, by that action alone.

    The plan must say what is done there and at every set behind.
    """
    tree = positions.tree
    player, mix = tree.information_sets[own].player, plan[own]
    gains = []
    for at in positions.members[own]:
        values = values_from(positions, at, player, plan)
        ahead = [values[child - at] for child in tree.nodes[at].children]
        earned = sum((p * value for p, value in zip(mix, ahead, strict=True) if p), start=Fraction(0))
        gains.append(tuple(value - earned for value in ahead))
    return gains


def values_from(positions: Positions, root: int, player: int, plan: Plan) -> list[Fraction]:
    """What a player expects at each node of a subtree, root first; 0 where chance never leads."""
    tree, kept = positions.tree, positions.kept
    values = [Fraction(0)] * (positions.end[root] - root)
    for at in reversed(range(root, positions.end[root])):
        if not kept[at]:
            continue
        children = tree.nodes[at].children
        if not children:
            values[at - root] = positions.worth[at][player]
            continue
        played = [(child, p) for child, p in zip(children, positions.odds(at, plan), strict=True) if p]
        if len(played) == 1:
            values[at - root] = values[played[0][0] - root]
        else:
            values[at - root] = sum((p * values[child - root] for child, p in played), start=Fraction(0))
    return values


def ways_to(positions: Positions, plan: Plan) -> list[tuple[frozenset[Slip], Fraction]]:
    """For each node the slips that lead there, and the product of the chances of all that is no slip."""
    tree = positions.tree
    ways: list[tuple[frozenset[Slip], Fraction]] = [(frozenset(), Fraction(1))] * len(tree.nodes)
    for at, node in enumerate(tree.nodes):
        own = node.information_set
        if own is None or not positions.kept[at]:
            continue
        slips, weight = ways[at]
        for action, (child, p) in enumerate(zip(node.children, positions.odds(at, plan), strict=True)):
            ways[child] = (slips, weight * p) if p else (slips | {(own, action)}, weight)
    return ways
