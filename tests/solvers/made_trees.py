"""Trees made by rule or by chance, straight from nodes."""

import random
from fractions import Fraction

from sim.game.tree import CHANCE, InformationSet, Node, Outcome, Tree


def random_hidden(seed: int, hide: float = 0.9) -> Tree | None:
    """A small tree with perfect recall: nodes that a player reaches after the same own history may look alike to it."""
    chance = random.Random(seed)
    players = chance.choice([2, 2, 3])
    nodes: list[Node] = []
    sets: list[InformationSet] = []
    alike: dict[tuple[object, ...], list[int]] = {}
    ends: list[Outcome] = []
    movers = [(chance.randrange(players), chance.choice([2, 2, 2, 3])) for _ in range(4)]  # mostly, at each depth

    def grow(depth: int, histories: tuple[tuple[object, ...], ...]) -> int:
        at = len(nodes)
        nodes.append(Node())
        if depth == 0 or len(nodes) > 16 or (depth < 3 and chance.random() < 0.3):
            ends.append(Outcome(tuple(Fraction(chance.choice([0, 1, 2, 3])) for _ in range(players))))
            nodes[at] = Node(outcome=len(ends) - 1)
            return at
        if chance.random() < 0.1:
            own = len(sets)
            sets.append(InformationSet(CHANCE, ("l", "r"), chances=(Fraction(1, 3), Fraction(2, 3))))
            nodes[at] = Node(own, tuple(grow(depth - 1, histories) for _ in range(2)))
            return at
        player, count = movers[depth] if chance.random() < 0.8 else (chance.randrange(players), 2)
        known = alike.setdefault((player, histories[player], count), [])
        if known and chance.random() < hide:
            own = chance.choice(known)
        else:
            own = len(sets)
            sets.append(InformationSet(player, tuple("abc"[:count])))
            known.append(own)
        children = []
        for action in range(count):
            longer = (*histories[player], (own, action))
            children.append(grow(depth - 1, (*histories[:player], longer, *histories[player + 1 :])))
        nodes[at] = Node(own, tuple(children))
        return at

    grow(chance.choice([2, 3, 3]), ((),) * players)
    made = Tree(f"random {seed}", tuple(f"P{k + 1}" for k in range(players)), tuple(nodes), tuple(sets), tuple(ends))
    assert made.perfect_recall
    plans = 1
    for own in sets:
        plans *= len(own.actions) if own.player != CHANCE else 1
    return made if nodes[0].children and plans <= 48 else None


def centipede(moves: int) -> Tree:
    """Who takes gets 2 more than the other; passing doubles nothing but adds 1 to both. Built flat, however deep."""
    nodes, sets, outcomes = [], [], []
    for k in range(moves):
        nodes += [Node(k, (2 * k + 1, 2 * k + 2)), Node(outcome=k)]
        sets.append(InformationSet(k % 2, ("take", "pass")))
        outcomes.append(Outcome((Fraction(k + 2 * (k % 2 == 0)), Fraction(k + 2 * (k % 2 == 1)))))
    nodes.append(Node(outcome=moves))
    outcomes.append(Outcome((Fraction(moves), Fraction(moves))))
    return Tree("centipede", ("A", "B"), tuple(nodes), tuple(sets), tuple(outcomes))
