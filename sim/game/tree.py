"""A finite game in extensive form, exact: who moves after what, who knows what, and what the payoffs are.

The nodes lie in one flat list in prefix order (a node, then the subtree of its first action, and so on), so that depth
of play costs no recursion. Payoffs on the way add up. `to_game` gives the reduced normal form.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm, prod

import numpy as np
from numpy.typing import NDArray

from sim.errors import PayoffError
from sim.game.game import Game, to_floats
from sim.game.reduced import OwnPlay, Step, Strategy, histories_of, reduced_strategies
from sim.game.tokens import numbered

CHANCE = -1  # the player of chance nodes
NO_MOVE = "no move"  # the one strategy of a player that never moves

GREATEST_PAYOFFS = 4_000_000  # profiles times players of a reduced normal form
GREATEST_PLAYERS = 32
GREATEST_BITS = 60_000  # of a common denominator of expected payoffs


@dataclass(frozen=True, slots=True)
class InformationSet:
    """Nodes that one player cannot tell apart; for chance, nodes with the same lottery."""

    player: int  # index, or CHANCE
    actions: tuple[str, ...]
    label: str = ""
    chances: tuple[Fraction, ...] = ()  # chance only: one an action, adding to 1


@dataclass(frozen=True, slots=True)
class Outcome:
    """Payoffs, one a player; at a node on the way they add to what follows."""

    payoffs: tuple[Fraction, ...]
    label: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """A point of play; it ends there where there is no information set."""

    information_set: int | None = None
    children: tuple[int, ...] = ()  # one an action
    outcome: int | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Tree:
    """A game in extensive form. What `read_efg` gives has been checked; one made by hand has not."""

    title: str
    players: tuple[str, ...]
    nodes: tuple[Node, ...]  # prefix order, the root first
    information_sets: tuple[InformationSet, ...]  # in the order in which they first appear
    outcomes: tuple[Outcome, ...]
    comment: str = ""

    def to_game(self) -> Game:
        """The reduced normal form, expected payoffs exact.

        Strategies are named by their choices, `1:raise 2:fold`: the player's information sets by their labels where
        these tell them apart, else by their numbers; a set that the strategy itself rules out is left out.

        Raises:
            PayoffError: more strategies, players or digits than can be handled, or a payoff too large for a float64.
        """
        return _reduced_form(self)

    def plans(self, player: int) -> list[Strategy]:
        """A player's reduced strategies, information set -> action, in the order of the actions of `to_game`.

        Raises:
            PayoffError: there are too many to be listed.
        """
        return reduced_strategies(own_play(self, player)[0], self.players[player])

    @property
    def forgetful(self) -> tuple[int, ...]:
        """Information sets (indices) where a player forgets what it knew or did; empty under perfect recall.

        Source: Kuhn (1953): all nodes of a set must be reached by the same own sets and choices.
        """
        return tuple(
            sorted(own for player in range(len(self.players)) for own in own_play(self, player)[0].forgotten())
        )

    @property
    def perfect_recall(self) -> bool:
        """Whether no player ever forgets what it knew or did."""
        return not self.forgetful

    def __repr__(self) -> str:
        return (
            f"<Tree {self.title!r}: {', '.join(self.players)}; {len(self.nodes)} nodes, "
            f"{sum(own.player != CHANCE for own in self.information_sets)} information sets>"
        )


def own_play(tree: Tree, player: int) -> tuple[OwnPlay, list[int]]:
    """A player's own histories, and at each node the one that it has gone through."""
    after: dict[Step, int] = {}
    met: list[set[int]] = [set()]
    history = [0] * len(tree.nodes)
    for at, node in enumerate(tree.nodes):
        own = node.information_set
        if own is None or tree.information_sets[own].player != player:
            for child in node.children:
                history[child] = history[at]
            continue
        met[history[at]].add(own)
        for action, child in enumerate(node.children):
            history[child] = after.setdefault((history[at], own, action), len(met))
            if history[child] == len(met):
                met.append(set())
    actions = {own: len(known.actions) for own, known in enumerate(tree.information_sets) if known.player == player}
    return OwnPlay(after, tuple(tuple(sorted(sets)) for sets in met), actions), history


def ends_by_chance(tree: Tree) -> list[tuple[int, Fraction, tuple[Fraction, ...]]]:
    """Every end that chance does not rule out: node, the chance moves' probability, the sum of payoffs on the way."""
    nothing = (Fraction(0),) * len(tree.players)
    state: list[tuple[Fraction, tuple[Fraction, ...]] | None] = [None] * len(tree.nodes)
    state[0] = (Fraction(1), nothing)
    ends = []
    for at, node in enumerate(tree.nodes):
        here = state[at]
        state[at] = None
        if here is None:
            continue
        chance, payoffs = here
        if node.outcome is not None:
            payoffs = tuple(bounded(a + b) for a, b in zip(payoffs, tree.outcomes[node.outcome].payoffs, strict=True))
        if node.information_set is None:
            ends.append((at, chance, payoffs))
            continue
        chances = tree.information_sets[node.information_set].chances
        for action, child in enumerate(node.children):
            odds = bounded(chance * chances[action]) if chances else chance
            if odds:
                state[child] = (odds, payoffs)
    return ends


def bounded(number: Fraction) -> Fraction:
    """The same number. Raises PayoffError where further arithmetic with it could not be paid for."""
    if number.denominator.bit_length() > GREATEST_BITS:
        raise PayoffError("The chances and payoffs of the tree need more digits than can be handled.")
    return number


def _reduced_form(tree: Tree) -> Game:
    if not 1 <= len(tree.players) <= GREATEST_PLAYERS:
        raise PayoffError(f"A normal form has from 1 to {GREATEST_PLAYERS} players; the tree has {len(tree.players)}.")
    plays = [own_play(tree, player) for player in range(len(tree.players))]
    strategies = [reduced_strategies(play, name) for (play, _), name in zip(plays, tree.players, strict=True)]
    sizes = [len(own) for own in strategies]
    if prod(sizes) * len(sizes) > GREATEST_PAYOFFS:
        counts = " x ".join(f"{size:,}" for size in sizes)
        raise PayoffError(
            f"The reduced normal form of '{tree.title}' is too large: {counts} reduced strategies, "
            f"more than {GREATEST_PAYOFFS:,} payoffs."
        )
    # ends that every player meets after the same own history differ by chance alone: their payoffs add up
    sums: dict[tuple[int, ...], list[Fraction]] = {}
    for at, chance, payoffs in ends_by_chance(tree):
        total = sums.setdefault(tuple(history[at] for _, history in plays), [Fraction(0)] * len(sizes))
        for player, payoff in enumerate(payoffs):
            total[player] = bounded(total[player] + chance * payoff)
    playing = [_strategies_by_history(play, own) for (play, _), own in zip(plays, strategies, strict=True)]
    exact = np.empty((len(sizes), *sizes), dtype=object)
    for player in range(len(sizes)):
        worth = {histories: total[player] for histories, total in sums.items()}
        exact[player] = _expected(worth, playing, sizes)
    actions = tuple(_strategy_labels(tree, player, own) for player, own in enumerate(strategies))
    return Game(tree.title, tree.players, actions, to_floats(exact), exact)


def _strategies_by_history(play: OwnPlay, strategies: Sequence[Strategy]) -> dict[int, list[int]]:
    """For each own history the strategies that play it."""
    playing: dict[int, list[int]] = {}
    for number, strategy in enumerate(strategies):
        for history in histories_of(play, strategy):
            playing.setdefault(history, []).append(number)
    return playing


def _expected(
    worth: dict[tuple[int, ...], Fraction], playing: Sequence[dict[int, list[int]]], sizes: Sequence[int]
) -> NDArray[np.object_]:
    """One player's payoff at each profile, shape (n_1, ..., n_N): sums over ends, in integers over one denominator."""
    common = 1
    for bottom in sorted({value.denominator for value in worth.values()}, reverse=True):
        common = bounded(Fraction(1, lcm(common, bottom))).denominator
    totals = np.zeros(sizes, dtype=object)
    for histories, value in worth.items():
        if value and all(history in own for history, own in zip(histories, playing, strict=True)):
            block = np.ix_(*(own[history] for history, own in zip(histories, playing, strict=True)))
            totals[block] += value.numerator * (common // value.denominator)
    rationals = {value: Fraction(value, common) for value in set(totals.ravel().tolist())}
    exact = np.empty(totals.size, dtype=object)
    exact[:] = [rationals[value] for value in totals.ravel().tolist()]
    return exact.reshape(totals.shape)


def _strategy_labels(tree: Tree, player: int, strategies: Sequence[Strategy]) -> tuple[str, ...]:
    known = [own for own, known in enumerate(tree.information_sets) if known.player == player]
    labels = [tree.information_sets[own].label for own in known]
    distinct = "" not in labels and len(set(labels)) == len(labels)
    names = dict(zip(known, labels if distinct else map(str, range(1, len(known) + 1)), strict=True))
    texts = []
    for strategy in strategies:
        choices = [(names[own], tree.information_sets[own].actions[action]) for own, action in strategy.items()]
        single = choices[0][1] if len(known) == 1 else " ".join(f"{name}:{action}" for name, action in choices)
        texts.append(single if choices else NO_MOVE)
    return numbered(texts)
