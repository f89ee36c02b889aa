"""Proper subgames of a tree, found exactly, and what each is once those inside it are known.

A subgame starts at a node that its player knows to be at, and no information set lies partly inside and partly outside.
One pass over the nodes finds all of them: for each node the first and last places of all sets met behind it.

Source: Selten (1965, 1975).
"""

from collections.abc import Mapping
from fractions import Fraction

from sim.game.tree import CHANCE, InformationSet, Node, Outcome, Tree, bounded

Payoffs = tuple[Fraction, ...]


def subgame_roots(tree: Tree) -> list[int]:
    """The decision and chance nodes where a subgame starts, the whole game first."""
    first: dict[int, int] = {}
    last: dict[int, int] = {}
    for at, node in enumerate(tree.nodes):
        own = node.information_set
        if own is not None and tree.information_sets[own].player != CHANCE:
            first.setdefault(own, at)
            last[own] = at
    count = len(tree.nodes)
    low, high, end = list(range(count)), list(range(count)), list(range(1, count + 1))
    roots = []
    for at in reversed(range(count)):
        node = tree.nodes[at]
        own = node.information_set
        if own is None:
            continue
        for child in node.children:
            low[at], high[at] = min(low[at], low[child]), max(high[at], high[child])
        end[at] = end[node.children[-1]]
        alone = True
        if own in first:
            alone = first[own] == last[own]
            low[at], high[at] = min(low[at], first[own]), max(high[at], last[own])
        if alone and low[at] >= at and high[at] < end[at]:
            roots.append(at)
    if not roots or roots[-1] != 0:
        roots.append(0)  # the whole game is a subgame, also where its first mover may come back without knowing it
    return roots[::-1] if tree.nodes[0].information_set is not None else []


def payoffs_at_ends(tree: Tree) -> dict[int, Payoffs]:
    """For each end the sum of the payoffs on the way, also behind moves of chance that never happen.

    Raises:
        PayoffError: numbers with more digits than can be handled.
    """
    before: list[Payoffs | None] = [None] * len(tree.nodes)
    before[0] = (Fraction(0),) * len(tree.players)
    ends = {}
    for at, node in enumerate(tree.nodes):
        total, before[at] = before[at], None
        assert total is not None  # parents stand before their children
        if node.outcome is not None:
            own = tree.outcomes[node.outcome].payoffs
            total = tuple(bounded(a + b) for a, b in zip(total, own, strict=True))
        for child in node.children:
            before[child] = total
        if node.information_set is None:
            ends[at] = total
    return ends


def region(tree: Tree, root: int, inside: Mapping[int, object]) -> tuple[list[int], list[int]]:
    """The nodes of a subgame in prefix order, and those of them where it leads to an end or to a subgame of its own.

    `inside` holds the ends and the roots of the subgames.
    """
    nodes, border, waiting = [], [], [root]
    while waiting:
        at = waiting.pop()
        nodes.append(at)
        if at in inside and at != root:
            border.append(at)
        else:
            waiting.extend(reversed(tree.nodes[at].children))
    return nodes, border


def truncated(tree: Tree, nodes: list[int], worth: Mapping[int, Payoffs]) -> tuple[Tree, list[int]]:
    """A region as a tree of its own, ending at its border with given payoffs.

    Returns:
        The tree, and for each of its information sets the number that it has in the whole tree.
    """
    place = {at: k for k, at in enumerate(nodes)}
    own_sets: dict[int, int] = {}
    outcomes: list[Outcome] = []
    made = []
    for at in nodes:
        node = tree.nodes[at]
        if at in worth:
            outcomes.append(Outcome(worth[at]))
            made.append(Node(outcome=len(outcomes) - 1))
            continue
        assert node.information_set is not None
        own = own_sets.setdefault(node.information_set, len(own_sets))
        made.append(Node(own, tuple(place[child] for child in node.children)))
    sets: list[InformationSet] = [tree.information_sets[own] for own in own_sets]
    return Tree(tree.title, tree.players, tuple(made), tuple(sets), tuple(outcomes)), list(own_sets)
