"""Outcomes of pure weak perfect Bayesian equilibria for an order of moves.

Types are private, earlier moves are seen by all, moves of the same element are made at once. An equilibrium is a plan
for each player after each history and for each of its types, with beliefs about the others' types, such that the rest
of the plan is a best reply to the belief at every information set, whatever else the player might do later too. Beliefs
follow Bayes' rule where play can lead; elsewhere *some* belief will do, another one for each history and each type.

The work goes from the last element to the first. For each history, and for each set of types that may have come there,
all plays (what each profile of types would reach from there on) that some plan and beliefs uphold are kept. What a
history offers a player that deviates later as well is kept beside, so that no two-step deviation is forgotten. All
comparisons are in whole numbers; a set of possible beliefs is kept by its corners, and each deviation cuts it.

Sources: Mas-Colell, Whinston & Green (1995), Microeconomic Theory, definition 9.C.3; beliefs are on the types of the
others alone, while those who move at the same time follow their plans.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import prod

import numpy as np

from sim.errors import UsageError
from sim.solvers.bayes import BayesianGame, Play, integer_tables, integers

GREATEST_WORK = 3_000_000  # plans and continuations tried

Vector = tuple[int, ...]  # a payoff for each profile of the others' types
Belief = tuple[Fraction | int, ...]  # weights on the same profiles, not all 0; only proportions count
Coming = tuple[tuple[int, ...], ...] | None  # for each player the types that may have come here; None: nobody should
Choices = tuple[int, ...]  # of all turns so far, or of one element


@dataclass(frozen=True, slots=True)
class Continuation:
    """What happens from a history on."""

    play: Play  # for each profile of types, had it come here
    offers: tuple[tuple[frozenset[Vector], ...], ...]  # for players that may deviate here again: a type's best vectors


@dataclass(frozen=True, slots=True)
class _Option:
    """A continuation as those who decide on the way to it see it."""

    continuation: Continuation
    coming: tuple[int, ...]  # what the profiles of types reach that do come


def perfect_bayes(game: BayesianGame, elements: Sequence[Sequence[int]]) -> list[Play]:
    """Every outcome of pure weak perfect Bayesian play, each once, sorted.

    Args:
        game: from `bayesian_game`.
        elements: the order of moves: axes that move together, each axis once.

    Raises:
        UsageError: more to try than can be tried.
    """
    search = _Search(game, elements)
    everyone = tuple(tuple(range(len(own))) for own in game.types)
    return sorted({found.play for found in search.continuations(0, (), everyone)})


class _Search:
    """The game in whole numbers, and what is known of histories so far."""

    def __init__(self, game: BayesianGame, elements: Sequence[Sequence[int]]) -> None:
        self.shape = game.shape
        self.types = game.type_profiles
        self.weights = [integers(own) for own in game.shares]
        self.turns = [_turns(game, element) for element in elements]
        count = len(game.players)
        tables = integer_tables(game)
        self.payoffs = [[tables[types][k].ravel().tolist() for k in range(count)] for types in self.types]
        self.seen_as = [  # player, own type -> the profiles of types (numbers) among which it cannot tell
            [[n for n, types in enumerate(self.types) if types[k] == own] for own in range(len(game.types[k]))]
            for k in range(count)
        ]
        first = [
            min(k for k, turns in enumerate(self.turns) if any(p == player for p, _ in turns))
            if game.axes_of[player]
            else len(self.turns)
            for player in range(count)
        ]
        last = [
            max((k for k, turns in enumerate(self.turns) if any(p == player for p, _ in turns)), default=-1)
            for player in range(count)
        ]
        self.tracked = [  # before each element: who has moved, will move again, and does not know whom it faces
            [p for p in range(count) if first[p] < k <= last[p] and len(self.seen_as[p][0]) > 1]
            for k in range(len(self.turns) + 1)
        ]
        self.known: dict[tuple[int, Choices, Coming], list[Continuation]] = {}
        self.work = 0

    def count(self) -> None:
        self.work += 1
        if self.work > GREATEST_WORK:
            raise UsageError(
                f"Too many plans to try for this order of moves: more than {GREATEST_WORK:,}. Leave the order out, "
                "or let fewer options be chosen with [allow]."
            )

    def continuations(self, k: int, history: Choices, coming: Coming) -> list[Continuation]:
        """All that some plan and beliefs uphold from a history before element k on."""
        key = (k, history, coming)
        if key not in self.known:
            self.known[key] = self._end(history) if k == len(self.turns) else self._found(k, history, coming)
        return self.known[key]

    def _end(self, history: Choices) -> list[Continuation]:
        at = [0] * len(self.shape)
        turns = [axes for turns in self.turns for _, axes in turns]
        for axes, choice in zip(turns, history, strict=True):
            for axis, option in zip(axes, np.unravel_index(choice, [self.shape[axis] for axis in axes]), strict=True):
                at[axis] = int(option)
        place = int(np.ravel_multi_index(at, self.shape))
        return [Continuation((place,) * len(self.types), ())]

    def _found(self, k: int, history: Choices, coming: Coming) -> list[Continuation]:
        movers = self.turns[k]
        sizes = [prod(self.shape[axis] for axis in axes) for _, axes in movers]
        for child in product(*map(range, sizes)):
            if not self.continuations(k + 1, (*history, *child), None):
                return []  # nothing can be planned there, so no plan is whole
        found: dict[Continuation, None] = {}
        spaces = [
            list(product(range(size), repeat=len(self.seen_as[player])))
            for (player, _), size in zip(movers, sizes, strict=True)
        ]
        for plans in product(*spaces):
            found.update(dict.fromkeys(_Step(self, k, history, coming, plans, sizes).upheld()))
        return list(found)


class _Step:
    """One element of the order after one history, with one plan for each of those who move."""

    def __init__(
        self, search: _Search, k: int, history: Choices, coming: Coming, plans: Sequence[Choices], sizes: Sequence[int]
    ) -> None:
        self.search, self.k, self.history, self.coming = search, k, history, coming
        self.movers = [player for player, _ in search.turns[k]]
        self.plans, self.sizes = plans, sizes
        self.chosen = [self._child(types) for types in search.types]  # for each profile of types
        self.rows = self._rows()
        used = dict.fromkeys([*self.chosen, *(child for _, _, row in self.rows for child in row)])
        self.children = sorted(used, key=lambda child: child not in self.chosen)  # those that plans lead to first

    def _child(self, types: tuple[int, ...]) -> Choices:
        return tuple(plan[types[player]] for player, plan in zip(self.movers, self.plans, strict=True))

    def _rows(self) -> list[tuple[int, int, tuple[Choices, ...]]]:
        """Player, its type, and the history it meets with each profile of the others' types, for each action.

        A player that does not move here but is tracked has one row: it meets what the movers choose.
        """
        search, rows = self.search, []
        everyone = dict.fromkeys([*self.movers, *search.tracked[self.k]])
        for player in everyone:
            for own, profiles in enumerate(search.seen_as[player]):
                met = [self.chosen[n] for n in profiles]
                if player not in self.movers:
                    rows.append((player, own, tuple(met)))
                    continue
                at = self.movers.index(player)
                for action in range(self.sizes[at]):
                    rows.append((player, own, tuple((*one[:at], action, *one[at + 1 :]) for one in met)))
        return rows

    def upheld(self) -> Iterator[Continuation]:
        """The continuations that beliefs and plans for the histories behind this element can uphold."""
        options = [self._options(child) for child in self.children]
        reached = [child for child in self.children if child in self.chosen]
        tracked = self.search.tracked[self.k]
        for picks in product(*({own.coming: None for own in options[j]} for j in range(len(reached)))):
            self.search.count()
            places = {child: iter(pick) for child, pick in zip(reached, picks, strict=True)}
            play = tuple(next(places[child]) for child in self.chosen)
            left = [
                [own for own in each if j >= len(reached) or own.coming == picks[j]] for j, each in enumerate(options)
            ]
            for taken in self._consistent(play, left):
                yield Continuation(play, tuple(self._offers(player, taken) for player in tracked))
                if not tracked:
                    break  # one will do: nothing but the play is seen from before

    def _options(self, child: Choices) -> list[_Option]:
        """The continuations there, one for each that makes a difference here."""
        search = self.search
        comes = [n for n, own in enumerate(self.chosen) if own == child]
        seen = {
            (player, n)
            for player, own, row in self.rows
            for n, met in zip(search.seen_as[player][own], row, strict=True)
            if met == child
        }
        kept: dict[tuple[tuple[int, ...], tuple[int, ...], object], _Option] = {}
        for one in search.continuations(self.k + 1, (*self.history, *child), self._coming_to(child)):
            worth = tuple(search.payoffs[n][player][one.play[n]] for player, n in sorted(seen))
            coming = tuple(one.play[n] for n in comes)
            kept.setdefault((coming, worth, one.offers), _Option(one, coming))
        if search.tracked[self.k + 1]:
            return list(kept.values())
        return [  # what gives a deviating player more upholds nothing that the rest does not
            own
            for (coming, worth, _), own in kept.items()
            if not any(
                coming == c and w != worth and all(a <= b for a, b in zip(w, worth, strict=True)) for c, w, _ in kept
            )
        ]

    def _coming_to(self, child: Choices) -> Coming:
        if self.coming is None:
            return None
        left = list(self.coming)
        for player, plan, action in zip(self.movers, self.plans, child, strict=True):
            left[player] = tuple(t for t in left[player] if plan[t] == action)
        return tuple(left) if all(left) else None

    def _consistent(self, play: Play, options: list[list[_Option]]) -> Iterator[dict[Choices, Continuation]]:
        """All ways to fill the histories behind, such that some belief upholds each plan."""
        place = {child: j for j, child in enumerate(self.children)}
        due: list[list[tuple[int, int, tuple[Choices, ...]]]] = [[] for _ in self.children]
        beliefs: dict[tuple[int, int], list[Belief]] = {}
        for player, own, row in self.rows:
            if player in self.movers:
                due[max(place[child] for child in row)].append((player, own, row))
                beliefs.setdefault((player, own), self._beliefs(player, own))
        taken: dict[Choices, Continuation] = {}
        alone = [[one for one in due[j] if set(one[2]) == {child}] for j, child in enumerate(self.children)]
        fit = [
            [own for own in each if self._cut(play, {child: own.continuation}, alone[j], beliefs) is not None]
            for j, (child, each) in enumerate(zip(self.children, options, strict=True))
        ]  # what fails by itself fails in every company

        def fill(j: int, beliefs: dict[tuple[int, int], list[Belief]]) -> Iterator[dict[Choices, Continuation]]:
            if j == len(self.children):
                yield dict(taken)
                return
            for own in fit[j]:
                self.search.count()
                taken[self.children[j]] = own.continuation
                left = self._cut(play, taken, due[j], beliefs)
                if left is not None:
                    yield from fill(j + 1, left)

        if all(fit):
            yield from fill(0, beliefs)

    def _beliefs(self, player: int, own: int) -> list[Belief]:
        """The corners of what may be believed: one belief where Bayes' rule speaks, else all certainties."""
        search = self.search
        profiles = [search.types[n] for n in search.seen_as[player][own]]
        coming = self.coming
        if coming is None or own not in coming[player]:
            return [tuple(int(a == b) for b in range(len(profiles))) for a in range(len(profiles))]
        return [
            tuple(
                prod(search.weights[k][t] * (t in coming[k]) for k, t in enumerate(types) if k != player)
                for types in profiles
            )
        ]

    def _cut(
        self,
        play: Play,
        taken: dict[Choices, Continuation],
        rows: list[tuple[int, int, tuple[Choices, ...]]],
        beliefs: dict[tuple[int, int], list[Belief]],
    ) -> dict[tuple[int, int], list[Belief]] | None:
        """What may still be believed once these deviations must not pay; None where nothing may."""
        left = dict(beliefs)
        for player, own, row in rows:
            profiles = self.search.seen_as[player][own]
            earned = [self.search.payoffs[n][player][play[n]] for n in profiles]
            corners = left[player, own]
            for vector in self._vectors(player, own, row, taken):
                corners = cut(corners, [a - b for a, b in zip(vector, earned, strict=True)])
                if not corners:
                    return None
            left[player, own] = corners
        return left

    def _vectors(
        self, player: int, own: int, row: tuple[Choices, ...], taken: dict[Choices, Continuation]
    ) -> set[Vector]:
        """What the player can get along a row: for each history met, any of its later plans."""
        search, tracked = self.search, self.search.tracked[self.k + 1]
        profiles = search.seen_as[player][own]
        if player not in tracked:
            return {tuple(search.payoffs[n][player][taken[c].play[n]] for n, c in zip(profiles, row, strict=True))}
        at = tracked.index(player)
        met = list(dict.fromkeys(row))
        result = set()
        for picks in product(*(taken[child].offers[at][own] for child in met)):
            self.search.count()
            by_child = dict(zip(met, picks, strict=True))
            result.add(tuple(by_child[child][i] for i, child in enumerate(row)))
        return result

    def _offers(self, player: int, taken: dict[Choices, Continuation]) -> tuple[frozenset[Vector], ...]:
        """For each type what the player could get from here on, by whatever plan that no other plan tops."""
        offers = []
        for own in range(len(self.search.seen_as[player])):
            rows = [row for who, t, row in self.rows if (who, t) == (player, own)]
            vectors = set().union(*(self._vectors(player, own, row, taken) for row in rows))
            offers.append(frozenset(v for v in vectors if not any(_tops(w, v) for w in vectors)))
        return tuple(offers)


def cut(corners: Sequence[Belief], gain: Sequence[int]) -> list[Belief]:
    """The beliefs, kept by points whose hull they are, under which a deviation with these gains does not pay.

    Args:
        corners: weights over cases, none negative; only their proportions count.
        gain: of the deviation in each case.
    """
    worth = [sum(weight * g for weight, g in zip(corner, gain, strict=True)) for corner in corners]
    kept = [corner for corner, value in zip(corners, worth, strict=True) if value <= 0]
    if len(kept) == len(corners):
        return kept
    for low, below in zip(corners, worth, strict=True):
        for high, above in zip(corners, worth, strict=True):
            if below < 0 < above:  # the point between the two where the gain is 0
                kept.append(_whole([above * a - below * b for a, b in zip(low, high, strict=True)]))
    return list(dict.fromkeys(kept))


def _whole(weights: Sequence[Fraction | int]) -> Belief:
    total = sum(weights)
    return tuple(Fraction(weight) / total for weight in weights)


def _tops(w: Vector, v: Vector) -> bool:
    return w != v and all(a >= b for a, b in zip(w, v, strict=True))


def _turns(game: BayesianGame, element: Sequence[int]) -> list[tuple[int, tuple[int, ...]]]:
    """Who moves in an element, and with which axes, chosen jointly."""
    turns = []
    for player, axes in enumerate(game.axes_of):
        own = tuple(axis for axis in axes if axis in element)
        if own:
            turns.append((player, own))
    return turns
