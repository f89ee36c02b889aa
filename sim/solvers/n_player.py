"""All isolated Nash equilibria of a finite game of any number of players, each proved, support by support.

Strictly dominated actions go first, in exact arithmetic. Where at most two players still choose, the exact two-player
enumeration answers. Else every support of the game that is left is searched by bounds on gains (`support_kernel`): each
equilibrium found is proved to be one, alone in a box around it, and each part of the support that holds none is proved
to hold none. Solutions with a share or a gain of exactly 0 are settled in rationals. The set is complete only where no
support was left open; a continuum of equilibria always leaves one open, and says so.

Sources: McKelvey & McLennan (1996), Computation of equilibria in finite games, Handbook of Computational Economics 1,
ch. 2; Neumaier (1990), Interval Methods for Systems of Equations.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from itertools import islice
from math import gcd, inf, ldexp, prod
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from sim.game.game import Game
from sim.solvers.certificate import IntegerPayoffs, certify_by, integer_payoffs
from sim.solvers.continuum import nearby_profiles
from sim.solvers.elimination import restricted, undominated_actions
from sim.solvers.equilibria import Equilibrium, EquilibriumSet
from sim.solvers.exact_exclusion import settled
from sim.solvers.exact_mix import Profile, exact_mix, floats_to_profile
from sim.solvers.segments import segment
from sim.solvers.support_search import Search, count_supports, search_all, support_masks
from sim.solvers.ties import TIE
from sim.solvers.two_player_exact import solve_exact
from sim.solvers.verdict import Ground, held, judge

MOST_ACTIONS = 62  # of a player, as bits of one word
MOST_TRIED = 200  # undecided supports that exact arithmetic is tried on
AFTERWARDS = 0.1  # share of the budget that undecided supports may take, once the search is over
MOST_SAMPLES = 20  # undecided supports that are looked into
MOST_STRAY = 1e-6  # how far from its place a sample may be moved to become rational
WIDEST_EXACT = 2**53  # integers up to here are exact in float64
WIDEST_RANGE = 900  # binary digits between the greatest and the least difference that float64 is trusted with

Floats = NDArray[np.float64]
Line = tuple[Equilibrium, Equilibrium, Equilibrium]  # a segment's ends, and its middle


@dataclass(frozen=True, slots=True)
class _Whole:
    """The game with all its actions, where every equilibrium is certified."""

    payoffs: tuple[IntegerPayoffs, ...]
    left: tuple[tuple[int, ...], ...]  # the actions that elimination leaves

    def certified(self, profile: Profile, rounded: bool = False) -> Equilibrium:
        """The entry of a profile over the actions that are left; `rounded`: it only stands for an irrational one."""
        wide = []
        for kept, own, payoffs in zip(self.left, profile, self.payoffs, strict=True):
            shares = [Fraction(0)] * len(payoffs.by_action)
            for a, share in zip(kept, own, strict=True):
                shares[a] = share
            wide.append(tuple(shares))
        found = certify_by(self.payoffs, wide)
        return replace(found, exact=None) if rounded else found


@dataclass(frozen=True, slots=True)
class _Entry:
    """An equilibrium, and whether it only samples a continuum or a place that was not decided."""

    equilibrium: Equilibrium
    sample: bool


def solve_n_player(game: Game, *, budget_seconds: float | None = 10.0) -> EquilibriumSet:
    """All isolated equilibria of a game, with a proof of completeness or the reason why there is none.

    Args:
        game: any number of players; its exact payoffs are used.
        budget_seconds: stop searching then, and return what is proved so far as incomplete; None: no limit. Compiling
            the search, once after an installation, and certifying what was found are not counted.

    Returns:
        Equilibria sorted by player 1's strategy, then player 2's, and so on, descending. `extra` has the number of
        supports, how many were left open, `samples`: entries that only stand for a continuum around them, and
        `segments`: two entries each, the exact ends of a line of equilibria that is one of the open supports.
    """
    started = perf_counter()
    every = integer_payoffs(game)
    left = undominated_actions(every)
    whole = _Whole(every, left)
    mixing = [k for k, own in enumerate(left) if len(own) > 1]
    if len(mixing) <= 2:
        return _by_elimination(game, whole, mixing, budget_seconds, started)
    payoffs, shape = restricted(every, left), tuple(map(len, left))
    lines: list[Line] = []
    supports = count_supports(shape)
    if max(shape) > MOST_ACTIONS:
        exact = game.exact[np.ix_(range(len(left)), *left)]
        entries = [_Entry(whole.certified(profile), False) for profile in _pure_equilibria(exact)]
        open_ = supports - prod(shape)
        claim = judge(Ground.ONLY_PURE, note=game.note, most=MOST_ACTIONS)
    else:
        tables, error, ordered = float_tables(payoffs, shape)
        masks = support_masks(shape)
        search = search_all(tables, masks, error=error, exact=ordered, budget_seconds=budget_seconds)
        entries, doubtful = _proved(payoffs, masks, search, whole)
        until = inf if budget_seconds is None else perf_counter() + AFTERWARDS * budget_seconds
        entries += _knife_edges(payoffs, masks, search, whole, until)
        lines = _segments(payoffs, masks, search, whole)
        for *ends, middle in lines:  # where both ends stand on the list already, what is between them must be shown
            known = [one.equilibrium.exact for one in entries]
            new = [end for end in ends if end.exact not in known]
            entries += [_Entry(one, True) for one in new or [middle]]
        samples, curves = _samples(payoffs, tables, masks, search, whole, entries, until)
        entries += samples
        open_ = supports - len(masks) + search.open_supports + doubtful + len(lines)
        missing = _missing(search, doubtful, curves, len(lines), supports - len(masks), budget_seconds) if open_ else ""
        ground = Ground.OPEN_SUPPORTS if open_ else Ground.SUPPORTS
        claim = judge(ground, note=game.note, supports=supports, missing=missing)
    entries.sort(key=lambda one: one.equilibrium.strategies, reverse=True)
    equilibria = tuple(one.equilibrium for one in entries)
    places = [[k for end in line[:2] for k, one in enumerate(equilibria) if one.exact == end.exact] for line in lines]
    return EquilibriumSet(
        game=game.title,
        players=game.players,
        actions=game.actions,
        concept="nash",
        verdict=held(claim, equilibria),
        equilibria=equilibria,
        seconds=perf_counter() - started,
        extra={
            "supports": supports,
            "open_supports": open_,
            "samples": [k for k, one in enumerate(entries) if one.sample],
            "segments": places,
        },
    )


def float_tables(payoffs: Sequence[IntegerPayoffs], shape: Sequence[int]) -> tuple[Floats, float, bool]:
    """Payoffs with each player's range near 1, (players, n_1, ..., n_N), whatever unit they had.

    Returns:
        The tables, the greatest error of a difference of two entries, and whether the order is kept: equal floats stand
        for equal payoffs. Payoffs that are small integers in some unit, or binary in floating point, have no error.
    """
    rows, error, ordered = [], 0.0, True
    for own in payoffs:
        flat = [value for row in own.by_action for value in row]
        least = min(flat)
        unit = gcd(*[value - least for value in flat]) or 1
        whole = [(value - least) // unit for value in flat]
        widest = max(whole)
        if widest <= WIDEST_EXACT:
            scale = 2.0 ** -max(widest.bit_length(), 1)
            floats = [value * scale for value in whole]
        elif (span := (widest * unit).bit_length()) <= WIDEST_RANGE and all(map(_is_float, flat)):
            floats = [ldexp(value, -span) for value in flat]
        else:
            floats = [value / widest for value in whole]  # the nearest float64 of the ratio, by Python's integers
            error = 2.0**-53
            ordered = ordered and len(set(floats)) == len(set(whole))
        rows.append(floats)
    tables = np.array(rows).ravel()[_own_axis_first(tuple(shape))]
    return tables.reshape(len(rows), *shape), error, ordered


def _is_float(value: int) -> bool:
    return abs(value) < 2**1023 and int(float(value)) == value


@lru_cache(maxsize=32)
def _own_axis_first(shape: tuple[int, ...]) -> NDArray[np.intp]:
    """Where each profile's payoffs are in the players' rows, own actions x profiles of the others: (players, cells)."""
    cells = np.arange(len(shape) * prod(shape)).reshape(len(shape), -1)
    moved = [cells[k].reshape(n, *shape[:k], *shape[k + 1 :]) for k, n in enumerate(shape)]
    return np.stack([np.moveaxis(own, 0, k).ravel() for k, own in enumerate(moved)])


def _by_elimination(
    game: Game, whole: _Whole, mixing: list[int], budget: float | None, started: float
) -> EquilibriumSet:
    """Solve what elimination leaves to at most two players exactly, and put it back into the whole game."""
    left = whole.left
    if not mixing:
        found = EquilibriumSet("", (), (), "nash", judge(Ground.STATES), (), ((0,),), ((0,),))
        equilibria = [whole.certified(((Fraction(1),),) * len(left))]
    else:
        exact = game.exact[np.ix_(range(len(left)), *left)]
        sides = [*mixing, *(k for k in range(len(left)) if k not in mixing)][:2]
        shape = [len(left[k]) for k in sides]
        tables = [exact[k].reshape(shape) if sides[0] < sides[-1] else exact[k].reshape(shape[::-1]).T for k in sides]
        if len(sides) == 1:  # one player in all: a second one that has no choice
            tables = [tables[0].reshape(-1, 1), tables[0].reshape(-1, 1)]
        found = solve_exact(Game.from_arrays(*tables), budget_seconds=budget)
        equilibria = []
        for one in found.equilibria:
            mixes = dict(zip(sides, one.exact or (), strict=False))
            equilibria.append(whole.certified(tuple(mixes.get(k, (Fraction(1),)) for k in range(len(left)))))
    ground = Ground.FEWER_PLAYERS if mixing else Ground.ONE_PROFILE
    claim = judge(ground, within=found.verdict, players=_count(len(mixing), "player"), note=game.note)
    return EquilibriumSet(
        game=game.title,
        players=game.players,
        actions=game.actions,
        concept="nash",
        verdict=held(claim, equilibria),
        equilibria=tuple(equilibria),
        nash_subsets=found.nash_subsets,
        components=found.components,
        seconds=perf_counter() - started,
        extra=found.extra,
    )


def _pure_equilibria(exact: NDArray[np.object_]) -> list[Profile]:
    stable = np.ones(exact.shape[1:], dtype=np.bool_)
    for player, own in enumerate(exact):
        stable &= (own == np.maximum.reduce(own, axis=player, keepdims=True)).astype(np.bool_)
    sizes: list[int] = list(stable.shape)
    return [
        tuple(tuple(Fraction(int(a == chosen)) for a in range(n)) for chosen, n in zip(at, sizes, strict=True))
        for at in np.argwhere(stable).tolist()
    ]


def _proved(
    payoffs: Sequence[IntegerPayoffs], masks: NDArray[np.int64], search: Search, whole: _Whole
) -> tuple[list[_Entry], int]:
    """The equilibria among the solutions, exact where rational, and how many solutions stay doubtful."""
    entries, doubtful = [], 0
    sizes = [len(own.by_action) for own in payoffs]
    for solution in search.solutions:
        support, near = _members(masks[solution.support].tolist()), split_shares(solution.shares, sizes)
        within = min(max(solution.alone, TIE), (1 + max(sizes)) * (solution.error + 2.0**-52))
        exact = exact_mix(payoffs, support, near, within)
        if exact is not None:
            if all(exact[k][a] > 0 for k, own in enumerate(support) for a in own):  # else of a smaller support
                found = whole.certified(exact)
                if found.regret == 0:
                    entries.append(_Entry(found, False))
        elif solution.proved:
            entries.append(_Entry(whole.certified(floats_to_profile(support, near), True), False))
        else:
            doubtful += 1
    return entries, doubtful


def _knife_edges(
    payoffs: Sequence[IntegerPayoffs], masks: NDArray[np.int64], search: Search, whole: _Whole, until: float
) -> list[_Entry]:
    """The equilibria of undecided supports that exact arithmetic settles; these supports are undecided no more."""
    entries, still = [], []
    for k, (support, shares) in enumerate(search.undecided):
        in_time = k < MOST_TRIED and perf_counter() < until
        found = settled(payoffs, _members(masks[support].tolist())) if in_time else None
        if found is None:
            still.append((support, shares))
        else:
            entries += [_Entry(whole.certified(profile), False) for profile in found]
    search.undecided = still
    return entries


def _segments(payoffs: Sequence[IntegerPayoffs], masks: NDArray[np.int64], search: Search, whole: _Whole) -> list[Line]:
    """The undecided supports that are segments; what these supports hold is known, and they are dropped."""
    lines: list[Line] = []
    still = []
    for support, shares in search.undecided:
        ends = segment(payoffs, _members(masks[support].tolist()))
        if ends is None or ends[0] == ends[1]:
            still.append((support, shares))
        else:
            middle = tuple(tuple((a + b) / 2 for a, b in zip(*own, strict=True)) for own in zip(*ends, strict=True))
            lines.append((whole.certified(ends[0]), whole.certified(ends[1]), whole.certified(middle)))
    search.undecided = still
    return lines


def _samples(
    payoffs: Sequence[IntegerPayoffs],
    tables: Floats,
    masks: NDArray[np.int64],
    search: Search,
    whole: _Whole,
    known: Sequence[_Entry],
    until: float,
) -> tuple[list[_Entry], int]:
    """Equilibria near the places that were not decided, none twice, and how many places seem to lie on a curve."""
    entries: list[_Entry] = []
    curves = 0
    sizes = [len(own.by_action) for own in payoffs]
    for support, shares in search.undecided[:MOST_SAMPLES]:
        if perf_counter() >= until:
            break
        members = _members(masks[support].tolist())
        points = nearby_profiles(tables, members, [np.array(own) for own in split_shares(shares, sizes)])
        found = [whole.certified(*_mended(payoffs, members, [own.tolist() for own in point])) for point in points]
        found = [one for one in found if one.relative_regret <= 10 * TIE]
        curves += len(found) > 1
        new = [one for one in found if not any(_same(one, other.equilibrium) for other in (*known, *entries))]
        entries += [_Entry(one, True) for one in new[:1]]
    return entries, curves


def _same(one: Equilibrium, other: Equilibrium) -> bool:
    """Whether two profiles are one place, as far as a sample is known."""
    return all(
        abs(a - b) <= MOST_STRAY
        for own, others in zip(one.strategies, other.strategies, strict=True)
        for a, b in zip(own, others, strict=True)
    )


def _mended(
    payoffs: Sequence[IntegerPayoffs], members: Sequence[Sequence[int]], near: Sequence[Sequence[float]]
) -> tuple[Profile, bool]:
    """The rational profile close to a sample; else its binary values, what is left given to the largest share."""
    exact = exact_mix(payoffs, members, near, MOST_STRAY)
    if exact is not None and min(map(min, exact)) >= 0:
        return exact, False
    return floats_to_profile([_largest_first(*one) for one in zip(near, members, strict=True)], near), True


def _largest_first(shares: Sequence[float], members: Sequence[int]) -> list[int]:
    return sorted(members, key=lambda a: -shares[a])


def _missing(search: Search, doubtful: int, curves: int, lines: int, unlisted: int, budget: float | None) -> str:
    parts = []
    if lines:
        said = "is a segment, its exact ends are" if lines == 1 else "are segments, their exact ends are"
        parts.append(f"continuum: what {_count(lines, 'support')} hold{'s' if lines == 1 else ''} {said} in `segments`")
    if curves:
        count = _count(curves, "support")
        parts.append(f"continuum: by floating point, equilibria form curves in {count}; `samples` stand for them")
    if len(search.undecided) > curves:
        count = _count(len(search.undecided) - curves, "support")
        parts.append(f"undecided box: in {count} a region of width 1e-9 was not shown to hold one solution or none")
    if doubtful:
        parts.append(f"undecided box: {_count(doubtful, 'solution')} with a share or a gain too near 0 to have a sign")
    stopped = len(search.unfinished) + len(search.untouched)
    if stopped:
        limit = "the greatest number of regions" if budget is None else f"{budget:g} s"
        parts.append(f"stopped after {limit}, with {_count(stopped, 'support')} not decided")
    if unlisted:
        parts.append(f"the {_count(unlisted, 'largest support')} were not searched: too many to list")
    return "; ".join(parts)


def _members(masks: Sequence[int]) -> list[list[int]]:
    return [[a for a in range(own.bit_length()) if own >> a & 1] for own in masks]


def split_shares(shares: Sequence[float], sizes: Sequence[int]) -> list[list[float]]:
    """Shares of all actions of all players in one row, as one list a player."""
    left = iter(shares)
    return [list(islice(left, n)) for n in sizes]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
