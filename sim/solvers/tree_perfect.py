"""Subgame-perfect play of a tree: inner subgames first, all ties kept, no recursion however deep the tree.

Where one player decides and all that follows is known, the outcomes that survive are those worth at least what every
other action secures, played out as badly as subgame-perfect play allows. A subgame with hidden moves is solved in its
reduced form, once for each way in which the subgames behind it may be played; a large one where one player wins what
the other loses, by its sequences. Pure play comes first and is listed whole; all Nash equilibria of each subgame with
hidden moves, the mixed ones too, are then gone on with in the same way, as far as a budget of time and work allows.
Outcomes are what is listed: two plans that lead to the same ends with the same chances are one.

Sources: Kuhn (1953) for perfect information; Selten (1965) for subgames.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import prod
from time import monotonic

import numpy as np

from sim.errors import PayoffError
from sim.game.game import Game
from sim.game.reduced import Strategy
from sim.game.subgames import Payoffs, payoffs_at_ends, region, subgame_roots, truncated
from sim.game.tree import CHANCE, Tree
from sim.solvers.equilibria import EquilibriumSet
from sim.solvers.n_player import solve_n_player
from sim.solvers.tree_constant_sum import constant_sum, optimal_play
from sim.solvers.two_player_exact import solve_exact
from sim.solvers.verdict import Ground, Verdict, judge

GREATEST_WORK = 1_000_000  # ends of the plays made, ways tried, and profiles of subgames looked at
ONE_SUBGAME = 200  # of that work: a subgame put in its reduced form and solved, however small
BY_SEQUENCES = 2_000  # profiles; a constant-sum subgame with more is solved by its sequences, not its vertices
BUDGET = 5.0  # seconds for the mixed equilibria of one subgame
BESIDE = 5.0  # seconds for all mixed play where there is pure play, too
INDIFFERENT = "a player is indifferent at some node, and might mix there"

Mix = tuple[Fraction, ...]  # a chance for each action
Profile = tuple[tuple[Fraction, ...], ...]  # a mixed strategy a player


@dataclass(frozen=True, slots=True, eq=False)
class TreePlay:
    """Play from one node on: where it ends, and the plan that leads there, shared between plays."""

    payoffs: Payoffs
    ends: tuple[tuple[int, Fraction], ...]  # node and chance, ascending, none 0
    choices: tuple[tuple[int, Mix], ...]  # information set and what is done there, of the first subgame alone
    behind: tuple["TreePlay", ...]  # of the subgames behind it, on the way or off it

    def plan(self) -> dict[int, Mix]:
        """Information set -> what is done there; sets that the player's own plan rules out may be missing."""
        plan: dict[int, Mix] = {}
        seen, waiting = set(), [self]
        while waiting:
            play = waiting.pop()
            if id(play) not in seen:
                seen.add(id(play))
                plan.update(play.choices)
                waiting.extend(play.behind)
        return plan


@dataclass(frozen=True, slots=True, eq=False)
class TreeAnswer:
    """All that was found for a tree."""

    plays: tuple[TreePlay, ...]
    subgames: int
    mixed: bool  # some subgame has no pure equilibrium, so all play is mixed
    verdict: Verdict  # on the list of plays


class _LateError(Exception):
    """The time for mixed play is over."""


def tree_perfect(tree: Tree) -> TreeAnswer:
    """All outcomes of pure subgame-perfect equilibria, and of those with mixed play in subgames as far as found.

    Raises:
        PayoffError: more to look at than can be handled.
    """
    search = _Search(tree, mixed=False)
    count = len(search.roots)
    inside = f"{count} subgame{'' if count == 1 else 's'}, the inner ones first"
    pure = search.plays()
    if not hides(tree):  # nobody mixes but where it is indifferent
        ground = Ground.PURE_SUBGAMES if search.indifferent else Ground.NO_TIES
        return TreeAnswer(pure, count, False, judge(ground, inside=inside, missing=INDIFFERENT))
    if tree.forgetful:
        missing = "it is not looked for where a player forgets"
        ground = Ground.PURE_SUBGAMES if pure else Ground.FORGETFUL
        return TreeAnswer(pure, count, False, judge(ground, inside=inside, missing=missing))
    if pure:
        return _beside(tree, pure, count, inside)
    search = _Search(tree, mixed=True)
    plays = search.plays()
    ground = Ground.OPEN_SUBGAMES if search.missing else Ground.MIXED_SUBGAMES
    return TreeAnswer(plays, count, True, judge(ground, inside=inside, missing="; ".join(search.missing)))


def _beside(tree: Tree, pure: tuple[TreePlay, ...], count: int, inside: str) -> TreeAnswer:
    """Mixed play beside the pure play that there is; where there is too much of it, the pure play alone."""
    search = _Search(tree, mixed=True, seconds=BESIDE)
    try:
        plays = search.plays()
        missing = search.missing
    except _LateError:
        plays, missing = (), [f"stopped after {BESIDE:g} s"]
    except PayoffError as error:
        plays, missing = (), [f"too much to look at ({str(error).rstrip('.')})"]
    merged = {play.ends: play for play in (*plays, *pure)}  # the pure plan, where one leads to the same ends
    listed = tuple(merged[ends] for ends in sorted(merged))
    ground = Ground.PURE_SUBGAMES if missing else Ground.SUBGAMES
    return TreeAnswer(listed, count, False, judge(ground, inside=inside, missing="; ".join(missing)))


def never_mixed(tree: Tree) -> bool:
    """Whether nothing is hidden and nobody is ever indifferent, so that subgame-perfect play is one pure plan.

    Raises:
        PayoffError: more to look at than can be handled.
    """
    if hides(tree):
        return False
    search = _Search(tree, mixed=False)
    search.plays()
    return not search.indifferent


def hides(tree: Tree) -> bool:
    """Whether some player ever does not know at which node it is."""
    met = [
        node.information_set
        for node in tree.nodes
        if node.information_set is not None and tree.information_sets[node.information_set].player != CHANCE
    ]
    return len(set(met)) < len(met)


def mixed_plans(tree: Tree) -> tuple[list[dict[int, Mix]], list[str]]:
    """Plans of subgame-perfect equilibria, mixed ones too, of a tree with perfect recall, and why there may be more.

    Each says what is done where the players' own plans may lead. Plans that lead to the same ends are kept apart.

    Raises:
        PayoffError: more to look at than can be handled.
    """
    search = _Search(tree, mixed=True, apart=True)
    plays = search.plays()
    missing = search.missing
    if search.several:
        missing.append("of the ways to play a subgame that is not reached only one is kept")
    return [play.plan() for play in plays], missing


class _Search:
    """Plays of every subgame, from the inner ones outwards."""

    def __init__(self, tree: Tree, *, mixed: bool, apart: bool = False, seconds: float | None = None) -> None:
        self.tree, self.mixed, self.apart = tree, mixed, apart
        self.end = None if seconds is None else monotonic() + seconds
        self.roots = subgame_roots(tree)
        self.known: dict[int, list[TreePlay]] = {
            at: [TreePlay(payoffs, ((at, Fraction(1)),), (), ())] for at, payoffs in payoffs_at_ends(tree).items()
        }
        self.inside = {**dict.fromkeys(self.roots), **dict.fromkeys(self.known)}
        self.open: list[str] = []  # why the mixed equilibria found may not be all
        self.indifferent = False  # whether somebody who knows all that follows may be, at some node
        self.several = False  # whether there is a choice between plays of a subgame inside another
        self.work = 0

    @property
    def missing(self) -> list[str]:
        """Why there may be more mixed play than was found, each reason once."""
        return list(dict.fromkeys([*self.open, *([INDIFFERENT] if self.indifferent else [])]))

    def plays(self) -> tuple[TreePlay, ...]:
        """Of the whole game, by where they end."""
        for root in reversed(self.roots):
            node = self.tree.nodes[root]
            if all(child in self.inside for child in node.children):
                player = self.tree.information_sets[self._set(root)].player
                found = list(self._chance(root) if player == CHANCE else self._decision(root, player))
            else:
                found = list(self._region(root))
            self.known[root] = found
            self.several = self.several or (root > 0 and len(found) > 1)
            for child in node.children:
                self.known.pop(child, None)  # shared by what was found; nobody asks again
        return tuple(sorted(self.known[0], key=lambda play: play.ends))

    def _count(self, work: int) -> None:
        self.work += work
        if self.work > GREATEST_WORK:
            raise PayoffError(f"Subgame-perfect play of '{self.tree.title}' is too much to list: too many ties.")

    def _set(self, at: int) -> int:
        own = self.tree.nodes[at].information_set
        assert own is not None
        return own

    def _decision(self, root: int, player: int) -> Iterator[TreePlay]:
        """One player decides, all that follows is known: what it gets is at least what any other action secures."""
        behind = [self.known[child] for child in self.tree.nodes[root].children]
        if not all(behind):
            return
        worst = [min(plays, key=lambda play: play.payoffs[player]) for plays in behind]
        floors = [play.payoffs[player] for play in worst]
        best = max(floors)
        only = floors.count(best) == 1
        second = max((floor for floor in floors if floor != best), default=best) if only else best
        self.indifferent = self.indifferent or _may_tie(
            [[play.payoffs[player] for play in own] for own in behind], best
        )
        for action, plays in enumerate(behind):
            bar = best if not only or floors[action] != best else second
            others = (*worst[:action], *worst[action + 1 :])
            mix = tuple(Fraction(k == action) for k in range(len(behind)))
            kept = plays if len(behind) == 1 else [play for play in plays if play.payoffs[player] >= bar]
            self._count(len(kept) + 1)
            for play in kept:
                yield TreePlay(play.payoffs, play.ends, ((self._set(root), mix),), (play, *others))

    def _chance(self, root: int) -> Iterator[TreePlay]:
        node = self.tree.nodes[root]
        odds = self.tree.information_sets[self._set(root)].chances
        behind = [self.known[child] for child in node.children]
        if not all(behind):
            return
        met = [plays for plays, p in zip(behind, odds, strict=True) if p]
        ways = prod(map(len, met))
        self._count(sum(ways // len(plays) * sum(len(play.ends) for play in plays) for plays in met))
        for picks in product(*(plays if p else plays[:1] for plays, p in zip(behind, odds, strict=True))):
            yield _together(list(zip(picks, odds, strict=True)), (), picks)

    def _region(self, root: int) -> Iterator[TreePlay]:
        """A subgame with hidden moves, in its reduced form, for each way to play what is behind it."""
        nodes, border = region(self.tree, root, self.inside)
        found: dict[object, TreePlay] = {}
        solved: dict[tuple[Payoffs, ...], list[dict[int, Mix]]] = {}
        for picks in product(*(self.known[at] for at in border)):
            self._count(len(border))  # also where nothing pure is found
            key = tuple(play.payoffs for play in picks)
            if key not in solved:
                solved[key] = self._equilibria(*truncated(self.tree, nodes, dict(zip(border, key, strict=True))))
            if self.end is not None and monotonic() > self.end:
                raise _LateError
            for mixes in solved[key]:
                reached = _reached(self.tree, root, dict(zip(border, picks, strict=True)), mixes)
                play = _together(reached, tuple(mixes.items()), picks)
                self._count(len(play.ends))
                key_of_play = (play.ends, play.choices, tuple(map(id, picks))) if self.apart else play.ends
                found.setdefault(key_of_play, play)
        yield from found.values()
        for at in border:
            self.known.pop(at, None)

    def _equilibria(self, small: Tree, sets: list[int]) -> list[dict[int, Mix]]:
        """Of a subgame with hidden moves alone: what is done where the players' own plans may lead."""
        game = small.to_game()
        profiles = int(np.prod(game.exact.shape[1:]))
        self._count(ONE_SUBGAME + profiles)
        if self.mixed and profiles > BY_SEQUENCES and constant_sum(small):
            best = optimal_play(small)
            if not best.only:
                self.open.append("a constant-sum subgame has a continuum of optimal plans: one pair stands for it")
            return [{sets[own]: mix for own, mix in best.plan.items()}]
        plans = [small.plans(k) for k in range(len(small.players))]

        def behaviour(profile: Profile) -> dict[int, Mix]:
            return _behaviour(self.tree, profile, plans, sets)

        if not self.mixed:
            return [behaviour(profile) for profile in _pure(game)]
        found = self._all(game)
        if _known(found) and not self._isolated(found, behaviour, small, sets):
            self.open.append("a subgame has a continuum of equilibria: its extreme points stand for it")
        return [behaviour(one.exact) for one in found.equilibria if one.exact is not None]

    def _all(self, game: Game) -> EquilibriumSet:
        """Every Nash equilibrium of a subgame's reduced form, as far as isolated, rational and in time."""
        left = BUDGET if self.end is None else min(BUDGET, max(self.end - monotonic(), 0.0))
        found = (solve_exact if len(game.players) == 2 else solve_n_player)(game, budget_seconds=left)
        if not _known(found):
            self.open.append(f"a subgame is not known to be solved whole: {found.why}")
        if any(one.exact is None for one in found.equilibria):
            self.open.append("a subgame has irrational equilibria, which are left out")
        return found

    def _isolated(
        self, found: EquilibriumSet, behaviour: Callable[[Profile], dict[int, Mix]], small: Tree, sets: list[int]
    ) -> bool:
        """Whether the list shows all there is: isolated equilibria, or where outcomes count, one outcome a Nash subset.

        The chances of the ends are linear in each player's own shares, so what all corners share, the product does.
        """
        for subset in (*found.nash_subsets, *found.extra.get("segments", ())):
            corners = [found.equilibria[k].exact for k in subset]
            if len(subset) == 1:
                continue
            if self.apart:
                return False
            if len({_ends_of(small, behaviour(one), sets) for one in corners if one is not None}) > 1:
                return False
        return True


def _known(found: EquilibriumSet) -> bool:
    """Whether all equilibria are known, be it that some supports hold segments between two that are listed."""
    lines = found.extra.get("segments", ())
    return found.complete or (bool(lines) and len(lines) == found.extra["open_supports"])


def _may_tie(values: Sequence[Sequence[Fraction]], floor: Fraction) -> bool:
    """Whether two actions may be worth the same, and as much as every other action secures at least."""
    seen: set[Fraction] = set()
    for own in values:
        good = {value for value in own if value >= floor}
        if good & seen:
            return True
        seen |= good
    return False


def _ends_of(small: Tree, mixes: Mapping[int, Mix], sets: Sequence[int]) -> tuple[tuple[int, Fraction], ...]:
    """Where a region played alone ends, and how likely; `mixes` are by the numbers of the whole tree."""
    ends, waiting = [], [(0, Fraction(1))]
    while waiting:
        at, odds = waiting.pop()
        node = small.nodes[at]
        if node.information_set is None:
            ends.append((at, odds))
            continue
        known = small.information_sets[node.information_set]
        mix = known.chances if known.player == CHANCE else mixes[sets[node.information_set]]
        waiting += [(child, odds * p) for child, p in zip(node.children, mix, strict=True) if p]
    return tuple(sorted(ends))


def _pure(game: Game) -> Iterator[Profile]:
    stable = np.ones(game.exact.shape[1:], dtype=np.bool_)
    for player, own in enumerate(game.exact):
        stable &= (own == np.maximum.reduce(own, axis=player, keepdims=True)).astype(np.bool_)
    sizes: list[int] = list(stable.shape)
    for at in np.argwhere(stable).tolist():
        yield tuple(tuple(Fraction(k == chosen) for k in range(n)) for chosen, n in zip(at, sizes, strict=True))


def _behaviour(
    tree: Tree, profile: Profile, plans: Sequence[Sequence[Strategy]], sets: Sequence[int]
) -> dict[int, Mix]:
    """Mixed reduced strategies as a chance for each action where the player's own plan may lead (Kuhn's theorem)."""
    mixes: dict[int, Mix] = {}
    for shares, strategies in zip(profile, plans, strict=True):
        weights: dict[int, list[Fraction]] = {}
        for share, strategy in zip(shares, strategies, strict=True):
            for own, action in strategy.items() if share else ():
                count = len(tree.information_sets[sets[own]].actions)
                weights.setdefault(sets[own], [Fraction(0)] * count)[action] += share
        mixes |= {own: tuple(w / sum(each) for w in each) for own, each in weights.items()}
    return mixes


def _reached(
    tree: Tree, root: int, border: Mapping[int, TreePlay], mixes: Mapping[int, Mix]
) -> list[tuple[TreePlay, Fraction]]:
    """Which plays behind a region are reached, and how likely."""
    reached, waiting = [], [(root, Fraction(1))]
    while waiting:
        at, odds = waiting.pop()
        if at in border:
            reached.append((border[at], odds))
            continue
        node = tree.nodes[at]
        assert node.information_set is not None
        known = tree.information_sets[node.information_set]
        mix = known.chances if known.player == CHANCE else mixes[node.information_set]
        waiting += [(child, odds * p) for child, p in zip(node.children, mix, strict=True) if p]
    return reached


def _together(
    parts: Sequence[tuple[TreePlay, Fraction]], choices: tuple[tuple[int, Mix], ...], behind: tuple[TreePlay, ...]
) -> TreePlay:
    """Plays that happen with these chances, as one."""
    played = [(play, p) for play, p in parts if p]
    count = len(played[0][0].payoffs)
    payoffs = tuple(sum((p * play.payoffs[k] for play, p in played), start=Fraction(0)) for k in range(count))
    ends = tuple(sorted((at, p * q) for play, p in played for at, q in play.ends))
    return TreePlay(payoffs, ends, choices, behind)
