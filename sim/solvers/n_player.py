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
from math import gcd, prod
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from sim.game.game import Game
from sim.solvers.certificate import IntegerPayoffs, certify_by, integer_payoffs
from sim.solvers.continuum import nearby_profile
from sim.solvers.elimination import restricted, undominated_actions
from sim.solvers.equilibria import Equilibrium, EquilibriumSet
from sim.solvers.exact_mix import exact_mix, floats_to_profile
from sim.solvers.support_search import Search, search_all, support_masks
from sim.solvers.ties import TIE
from sim.solvers.two_player_exact import solve_exact

ELIMINATED = "iterated elimination of strictly dominated actions"
MOST_SAMPLES = 20  # undecided supports that are looked into
MOST_STRAY = 1e-6  # how far from its place a sample may be moved to become rational
WIDEST_EXACT = 2**53  # integers up to here are exact in float64

Floats = NDArray[np.float64]


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
            the search, once after an installation, is not counted.

    Returns:
        Equilibria sorted by player 1's strategy, then player 2's, and so on, descending. `extra` has the number of
        supports, how many were left open, and `samples`: entries that only stand for a continuum around them.
    """
    started = perf_counter()
    left = undominated_actions(game.exact)
    mixing = [k for k, own in enumerate(left) if len(own) > 1]
    if len(mixing) <= 2:
        return _by_elimination(game, left, mixing, budget_seconds, started)
    exact = restricted(game.exact, left)
    payoffs = integer_payoffs(Game.from_arrays(*exact))
    tables, error, ordered = float_tables(payoffs, exact.shape[1:])
    masks, all_supports = support_masks(exact.shape[1:])
    search = search_all(tables, masks, error=error, exact=ordered, budget_seconds=budget_seconds)
    entries, doubtful = _proved(payoffs, masks, search)
    samples, curve = _samples(payoffs, tables, masks, search)
    whole = integer_payoffs(game)
    entries = [_Entry(_extended(one.equilibrium, left, whole), one.sample) for one in entries + samples]
    entries.sort(key=lambda one: one.equilibrium.strategies, reverse=True)
    supports = prod(2**n - 1 for n in exact.shape[1:])
    open_ = len(search.undecided) + len(search.unfinished) + len(search.untouched) + doubtful
    complete = all_supports and open_ == 0
    why = (
        f"every support decided: {supports} supports of the game without strictly dominated actions, each solution "
        "proved by interval Newton, the absence of any other proved by bounds on gains"
        if complete
        else _why_open(search, doubtful, curve, len(masks), supports, budget_seconds)
    )
    return EquilibriumSet(
        game=game.title,
        players=game.players,
        actions=game.actions,
        concept="nash",
        complete=complete,
        why=f"{why}; {game.note}" if game.note else why,
        equilibria=tuple(one.equilibrium for one in entries),
        seconds=perf_counter() - started,
        extra={
            "supports": supports,
            "open_supports": open_ + supports - len(masks),
            "samples": [k for k, one in enumerate(entries) if one.sample],
        },
    )


def float_tables(payoffs: Sequence[IntegerPayoffs], shape: Sequence[int]) -> tuple[Floats, float, bool]:
    """Payoffs with each player's least at 0 and greatest near 1, (players, n_1, ..., n_N), whatever unit they had.

    Returns:
        The tables, the greatest error of a difference of two entries, and whether the order is kept: equal floats stand
        for equal payoffs. Payoffs that are small integers in some unit are kept without error.
    """
    tables, error, ordered = [], 0.0, True
    for player, own in enumerate(payoffs):
        flat = [value for row in own.by_action for value in row]
        least = min(flat)
        unit = gcd(*(value - least for value in flat)) or 1
        whole = [(value - least) // unit for value in flat]
        widest = max(whole)
        if widest <= WIDEST_EXACT:
            scale = 2.0 ** -max(widest.bit_length(), 1)
            floats = [value * scale for value in whole]
        else:
            floats = [value / widest for value in whole]  # the nearest float64 of the ratio, by Python's integers
            error = 2.0**-53
            ordered = ordered and len(set(floats)) == len(set(whole))
        first = [shape[player], *(n for k, n in enumerate(shape) if k != player)]
        tables.append(np.moveaxis(np.array(floats).reshape(first), 0, player))
    return np.ascontiguousarray(np.stack(tables)), error, ordered


def _by_elimination(
    game: Game, left: tuple[tuple[int, ...], ...], mixing: list[int], budget: float | None, started: float
) -> EquilibriumSet:
    """Solve what elimination leaves to at most two players exactly, and put it back into the whole game."""
    whole = integer_payoffs(game)
    exact = restricted(game.exact, left)
    sides = [*mixing, *(k for k in range(len(left)) if k not in mixing)][:2]
    shape = [len(left[k]) for k in sides]
    tables = [exact[k].reshape(shape) if sides[0] < sides[-1] else exact[k].reshape(shape[::-1]).T for k in sides]
    if len(sides) == 1:  # one player in all: a second one that has no choice
        tables = [tables[0].reshape(-1, 1), tables[0].reshape(-1, 1)]
    found = solve_exact(Game.from_arrays(*tables), budget_seconds=budget)
    equilibria = []
    for one in found.equilibria:
        mixes = dict(zip(sides, one.exact or (), strict=False))
        profile = []
        for k, kept in enumerate(left):
            shares = [Fraction(0)] * len(game.actions[k])
            for a, share in zip(kept, mixes.get(k, (Fraction(1),)), strict=True):
                shares[a] = share
            profile.append(tuple(shares))
        equilibria.append(certify_by(whole, profile))
    if mixing:
        why = f"{ELIMINATED} leaves a choice to {_count(len(mixing), 'player')} alone: {found.why}"
    else:
        why = f"{ELIMINATED} leaves one profile; every profile checked"
    return EquilibriumSet(
        game=game.title,
        players=game.players,
        actions=game.actions,
        concept="nash",
        complete=found.complete,
        why=f"{why}; {game.note}" if game.note else why,
        equilibria=tuple(equilibria),
        nash_subsets=found.nash_subsets,
        components=found.components,
        seconds=perf_counter() - started,
        extra=found.extra,
    )


def _proved(payoffs: Sequence[IntegerPayoffs], masks: NDArray[np.int64], search: Search) -> tuple[list[_Entry], int]:
    """The equilibria among the solutions, exact where rational, and how many solutions stay doubtful."""
    entries, doubtful = [], 0
    sizes = [len(own.by_action) for own in payoffs]
    for solution in search.solutions:
        support, near = _members(masks[solution.support]), split_shares(solution.shares, sizes)
        exact = exact_mix(payoffs, support, near, max(solution.alone, TIE))
        if exact is not None:
            found = certify_by(payoffs, exact) if min(map(min, exact)) >= 0 else None
            inside = all(exact[k][a] > 0 for k, own in enumerate(support) for a in own)
            if found is not None and found.regret == 0 and inside:
                entries.append(_Entry(found, False))
        elif solution.proved:
            found = certify_by(payoffs, floats_to_profile(support, near))
            entries.append(_Entry(replace(found, exact=None), False))
        else:
            doubtful += 1
    return entries, doubtful


def _samples(
    payoffs: Sequence[IntegerPayoffs], tables: Floats, masks: NDArray[np.int64], search: Search
) -> tuple[list[_Entry], bool]:
    """Equilibria near the places that were not decided, and whether some of them seem to form a curve."""
    entries, curve = [], False
    sizes = [len(own.by_action) for own in payoffs]
    for support, shares in search.undecided[:MOST_SAMPLES]:
        members = _members(masks[support])
        start = [np.array(own) for own in split_shares(shares, sizes)]
        point, bends = nearby_profile(tables, members, start)
        if point is None:
            continue
        near = [own.tolist() for own in point]
        exact = exact_mix(payoffs, members, near, MOST_STRAY)
        if exact is None or min(map(min, exact)) < 0:
            exact = floats_to_profile(
                [_largest_first(own, some) for own, some in zip(near, members, strict=True)], near
            )
        found = certify_by(payoffs, exact)
        if found.relative_regret <= 10 * TIE:
            curve = curve or bends
            entries.append(_Entry(found if found.regret == 0 else replace(found, exact=None), True))
    return entries, curve


def _largest_first(shares: Sequence[float], members: Sequence[int]) -> list[int]:
    return sorted(members, key=lambda a: -shares[a])


def _why_open(search: Search, doubtful: int, curve: bool, listed: int, supports: int, budget: float | None) -> str:
    parts = []
    if search.undecided:
        count = _count(len(search.undecided), "support")
        parts.append(
            f"continuum: in {count} solutions form a curve; the entries in `samples` stand for it"
            if curve
            else f"undecided box: in {count} a region of width below 1e-9 could not be decided"
        )
    if doubtful:
        parts.append(f"undecided box: {_count(doubtful, 'solution')} with a share or a gain too near 0 to have a sign")
    if search.unfinished or search.untouched:
        limit = "its limit of work" if budget is None else f"{budget:g} s"
        todo = len(search.unfinished) + len(search.untouched)
        parts.append(f"stopped after {limit}: {todo} of {supports} supports not decided")
    if listed < supports:
        parts.append(f"only {listed} of {supports} supports were listed, the smallest ones")
    return "; ".join(parts)


def _members(mask: NDArray[np.int64]) -> list[list[int]]:
    return [[a for a in range(int(own).bit_length()) if int(own) >> a & 1] for own in mask]


def split_shares(shares: Sequence[float], sizes: Sequence[int]) -> list[list[float]]:
    """Shares of all actions of all players in one row, as one list a player."""
    ends = np.cumsum(sizes).tolist()
    return [list(shares[end - n : end]) for end, n in zip(ends, sizes, strict=True)]


def _extended(one: Equilibrium, left: tuple[tuple[int, ...], ...], whole: Sequence[IntegerPayoffs]) -> Equilibrium:
    """The same equilibrium of the game with all actions, certified there."""
    shares = one.exact or floats_to_profile(
        [[a for a, share in enumerate(own) if share] for own in one.strategies], one.strategies
    )
    profile = []
    for kept, own, payoffs in zip(left, shares, whole, strict=True):
        wide = [Fraction(0)] * len(payoffs.by_action)
        for a, share in zip(kept, own, strict=True):
            wide[a] = share
        profile.append(tuple(wide))
    found = certify_by(whole, profile)
    return found if one.exact is not None else replace(found, exact=None)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
