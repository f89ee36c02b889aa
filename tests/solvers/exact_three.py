"""All equilibria of a 2 x 2 x 2 game of integers by cases, in rationals: no bounds, no iteration, ties and all.

A player who mixes is indifferent. With one mixing, its share has an interval; with two, each fixes the other's share or
leaves it free; with three, two conditions give two shares as fractions of linear functions of the third, which solves a
quadratic. Shares are those of action 0.
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from math import isqrt, sqrt

import numpy as np

Point = tuple[Fraction | float, ...]
Shares = Sequence[Fraction | float | int]
OTHERS = ((1, 2), (0, 2), (0, 1))
NEAR = 1e-9  # irrational shares are not compared with 0 or 1 more closely


class Known:
    """The points found; whether there are infinitely many; whether some case was left out."""

    def __init__(self) -> None:
        self.points: set[Point] = set()
        self.infinite = False
        self.open = False


def all_equilibria(tensor: np.ndarray) -> Known:
    """Payoffs of shape (3, 2, 2, 2), integers."""
    gains = [np.moveaxis(own, k, 0)[0] - np.moveaxis(own, k, 0)[1] for k, own in enumerate(tensor)]
    tables = [[[int(x) for x in row] for row in own] for own in gains]
    known = Known()
    for fixed in product((None, 0, 1), repeat=3):  # the action of a player who does not mix
        mixing = [k for k in range(3) if fixed[k] is None]
        if len(mixing) < 3:
            _flat(tables, [None if a is None else Fraction(1 - a) for a in fixed], mixing, known)
    _all_mixing(tables, known)
    return known


def gain(tables: list, k: int, shares: Shares) -> Fraction | float:
    """What action 0 of player k earns over its action 1."""
    p, q = (shares[m] for m in OTHERS[k])
    t = tables[k]
    return p * q * t[0][0] + p * (1 - q) * t[0][1] + (1 - p) * q * t[1][0] + (1 - p) * (1 - q) * t[1][1]


def _flat(tables: list, shares: list, mixing: list[int], known: Known) -> None:
    """At most two mix: each condition of one concerns the other alone, or nobody."""
    pure = [k for k in range(3) if k not in mixing]
    free = list(mixing)
    at = [Fraction(0) if x is None else x for x in shares]
    for k in mixing:
        other = next((m for m in mixing if m != k), k)
        at0, at1 = (gain(tables, k, [*at[:other], Fraction(x), *at[other + 1 :]]) for x in (0, 1))
        if at0 == at1 == 0:
            continue
        if at0 == at1 or not 0 < at0 / (at0 - at1) < 1:
            return
        shares[other] = at0 / (at0 - at1)
        free.remove(other)
    signs = {k: 1 if shares[k] == 1 else -1 for k in pure}
    if len(free) == 2:
        ends = [dict(zip(free, map(Fraction, end), strict=True)) for end in product((0, 1), repeat=2)]
        earned = [signs[k] * gain(tables, k, [end.get(m, shares[m]) for m in range(3)]) for k in pure for end in ends]
        known.infinite |= max(earned) > 0 or not any(earned)
        return
    low, high = Fraction(0), Fraction(1)
    for k in pure:
        at0, at1 = (
            signs[k] * gain(tables, k, [Fraction(x) if m in free else shares[m] for m in range(3)]) for x in (0, 1)
        )
        if at0 == at1 and at0 < 0:
            return
        if at0 < at1:
            low = max(low, at0 / (at0 - at1))
        elif at0 > at1:
            high = min(high, at0 / (at0 - at1))
    if not free and low <= high:
        known.points.add(tuple(shares))
    elif low < high:
        known.infinite = True
    elif low == high and 0 < low < 1:
        known.points.add(tuple(low if m in free else shares[m] for m in range(3)))


def _all_mixing(tables: list, known: Known) -> None:
    cells = [[x for row in own for x in row] for own in tables]
    if any(any(own) and not min(own) < 0 < max(own) for own in cells):
        return
    a, b, c, d = zip(*([t[0] - t[1] - t[2] + t[3], t[1] - t[3], t[2] - t[3], t[3]] for t in cells), strict=True)
    # of y z, of y, of z, alone in player 0's condition, and likewise: y is top_y / low_y at a given z, and so is x
    low_y, top_y, low_x, top_x = (b[0], a[0]), (-d[0], -c[0]), (b[1], a[1]), (-d[1], -c[1])
    square = np.zeros(3, dtype=object)
    for weight, one, other in ((a[2], top_x, top_y), (b[2], top_x, low_y), (c[2], low_x, top_y), (d[2], low_x, low_y)):
        square += weight * np.convolve(np.array(one, dtype=object), np.array(other, dtype=object))
    if not any(square):
        known.open = True
    for z in _roots(*map(int, square)):
        if not 0 < z < 1:
            continue
        below = [low[0] + low[1] * z for low in (low_x, low_y)]
        if any(abs(x) < NEAR for x in below):
            known.open = True
            continue
        x, y = ((top[0] + top[1] * z) / low for top, low in zip((top_x, top_y), below, strict=True))
        rim = NEAR if isinstance(z, float) else 0
        if rim < x < 1 - rim and rim < y < 1 - rim:
            known.points.add((x, y, z))


def _roots(c: int, b: int, a: int) -> list[Fraction | float]:
    if a == 0:
        return [Fraction(-c, b)] if b else []
    inside = b * b - 4 * a * c
    if inside < 0:
        return []
    root = isqrt(inside)
    if root * root == inside:
        return list({Fraction(-b + sign * root, 2 * a) for sign in (1, -1)})
    return [(-b + sign * sqrt(inside)) / (2 * a) for sign in (1, -1)]
