"""Supports that exact arithmetic settles where bounds in floating point cannot: empty ones, and knife edges.

Where payoffs tie, the closure of a support may hold an equilibrium of a smaller one, and gains vanish towards it: no
bound keeps them away from 0. Often signs do. Where a player's indifference depends on one other player alone, it fixes
that player's shares; with these put in, a gain that is nowhere negative and somewhere positive, over the pure actions
of those who are left, is positive at all their mixed ones: no equilibrium has exactly that support. And where at last
one player is left, with two actions, what keeps the others where they are bounds its shares by an interval: empty, one
point, or a continuum.
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from math import lcm, prod

import numpy as np
from numpy.typing import NDArray

from sim.solvers.certificate import IntegerPayoffs
from sim.solvers.exact_mix import Profile, linear_shares

Members = Sequence[Sequence[int]]


def settled(payoffs: Sequence[IntegerPayoffs], support: Members) -> list[Profile] | None:
    """All equilibria of exactly this support, at most one, where signs show them; None where they do not."""
    tables = [_within(payoffs, player, support) for player in range(len(support))]
    mixes: list[Sequence[Fraction]] = [[Fraction(1)] for _ in support]
    left = [k for k, own in enumerate(support) if len(own) > 1]
    while True:
        if any(_excluded(table, len(own)) for table, own in zip(tables, support, strict=True)):
            return []
        fixed = _fixed(tables, support, left)
        if fixed is None:
            break
        player, mixes[player] = fixed
        if min(mixes[player]) <= 0:
            return []
        left.remove(player)
        for k, table in enumerate(tables):
            if k != player:
                tables[k] = _averaged(table, player, k, mixes[player])
    if len(left) != 1 or len(support[left[0]]) != 2:
        return None
    low, high = _interval(tables, support, left[0])
    if low > high or (low == high and low in (0, 1)):
        return []
    if low < high:
        return None
    mixes[left[0]] = [1 - low, low]
    return [
        tuple(
            tuple([dict(zip(members, mix, strict=True)).get(a, Fraction(0)) for a in range(len(own.by_action))])
            for members, mix, own in zip(support, mixes, payoffs, strict=True)
        )
    ]


def _interval(tables: Sequence[NDArray[np.object_]], support: Members, player: int) -> tuple[Fraction, Fraction]:
    """The least and the greatest share of a player's second member at which nobody else gains by an outside action.

    All members of the others earn the same at any share: else their indifference would have fixed it.
    """
    low, high = Fraction(0), Fraction(1)
    for k, table in enumerate(tables):
        if k != player:
            rows = table.reshape(len(table), 2).tolist()
            for row in rows[len(support[k]) :]:
                at0, at1 = row[0] - rows[0][0], row[1] - rows[0][1]
                if at0 < at1:
                    high = min(high, Fraction(-at0, at1 - at0))
                elif at0 > at1:
                    low = max(low, Fraction(at0, at0 - at1))
    return low, high


def _within(payoffs: Sequence[IntegerPayoffs], player: int, support: Members) -> NDArray[np.object_]:
    """A player's payoffs, its members' first, then those of its actions outside: (actions, members of the others...).

    Axis k + 1 is rival k, or k where the rival comes after the player.
    """
    sizes = [len(own.by_action) for own in payoffs]
    rivals = [k for k in range(len(support)) if k != player]
    order = [*support[player], *(a for a in range(sizes[player]) if a not in support[player])]
    every = np.array(payoffs[player].by_action, dtype=object).reshape(sizes[player], *(sizes[k] for k in rivals))
    return every[np.ix_(order, *(support[k] for k in rivals))]


def _excluded(table: NDArray[np.object_], members: int) -> bool:
    """Whether one member is worse than another, or an outside action better than a member, wherever all mix."""
    rows = table.reshape(len(table), -1).tolist()
    for a, b in combinations(range(len(rows)), 2):
        if a >= members:
            break
        signs = {(y > x) - (y < x) for x, y in zip(rows[a], rows[b], strict=True)}
        if signs <= {0, 1} and 1 in signs:
            return True
        if b < members and signs <= {0, -1} and -1 in signs:
            return True
    return False


def _fixed(
    tables: Sequence[NDArray[np.object_]], support: Members, left: Sequence[int]
) -> tuple[int, list[Fraction]] | None:
    """A player whose shares the indifference of another fixes, and these shares."""
    for chooser, table in enumerate(tables):
        own = table[: len(support[chooser])]
        gains = own[1:] - own[:1]
        for player in left:
            if player == chooser or len(gains) == 0:
                continue
            rows = np.moveaxis(gains, _axis(player, chooser), 1)
            rows = rows.reshape(len(gains), len(support[player]), prod(rows.shape[2:]))
            if (rows == rows[:, :, :1]).all():
                shares = linear_shares(rows[:, :, 0].tolist())
                if shares is not None:
                    return player, shares
    return None


def _averaged(table: NDArray[np.object_], player: int, chooser: int, shares: Sequence[Fraction]) -> NDArray[np.object_]:
    """The table with a rival's shares put in, in proportion: integers stay integers, and that axis has one place."""
    whole = lcm(*[share.denominator for share in shares])
    weights = np.array([int(share * whole) for share in shares], dtype=object)
    averaged = np.tensordot(table, weights, axes=(_axis(player, chooser), 0))
    return np.expand_dims(averaged, _axis(player, chooser))


def _axis(player: int, chooser: int) -> int:
    return player + 1 if player < chooser else player
