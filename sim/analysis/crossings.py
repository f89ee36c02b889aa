"""Every value of one number at which some player's payoffs at two profiles cross: between them no comparison changes.

All batch concepts compare payoffs of one player at two profiles, and nothing else. Where each payoff is affine in the
number, two of them cross at most once, at a root that is solved for; so between neighbouring roots, and at each root,
every concept says the same of every event, and one evaluation tells it.
"""

from collections.abc import Mapping
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from sim.game.exact import central_rationals, exact_payoffs
from sim.game.payoffs import GameFamily

Floats = NDArray[np.float64]

TOGETHER = 1e-12  # share of the range; crossings nearer than this are one value


def crossings(family: GameFamily, number: str, low: float, high: float) -> Floats:
    """The crossings of payoffs as one number moves from low to high, all else at central values.

    Args:
        family: a scenario in which every payoff is affine in the number.
        number: a parameter, or a weight as `RU.shells`.
        low: one end of the range.
        high: the other end.

    Returns:
        Values strictly between low and high, ascending, none nearer to the next than TOGETHER of the range.
    """
    known = central_rationals(family.scenario)
    first, last = Fraction(low), Fraction(high)
    tables = [exact_payoffs(family, known | {number: end}, of=family.players) for end in (first, last)]
    shares = [_crossings_of(*(table[k].ravel().tolist() for table in tables)) for k in range(len(family.players))]
    found: Floats = np.unique(np.concatenate(shares))
    if not len(found):
        return found
    kept = np.concatenate([[True], np.diff(found) > TOGETHER])
    inside: Floats = low + found[kept] * (high - low)
    return inside


def _crossings_of(start: list[Fraction], stop: list[Fraction]) -> Floats:
    """One player's: shares of the way from low to high at which two of its payoffs are equal, but not everywhere.

    Payoffs that are equal all the way are one line, told by exact numbers: rounding would make them cross anywhere.
    """
    lines: Mapping[tuple[Fraction, Fraction], None] = dict.fromkeys(zip(start, stop, strict=True))
    left, right = (np.array([float(line[k]) for line in lines]) for k in (0, 1))
    one, other = np.triu_indices(len(left), k=1)
    before, after = left[one] - left[other], right[one] - right[other]
    cross = before * after < 0
    before, after = before[cross], after[cross]
    return np.asarray(np.unique(before / (before - after)), dtype=np.float64)


def crossings_on_lines(start: Floats, stop: Floats) -> list[Floats]:
    """The same on many lines at once, in floating point: payoffs at both ends of each, affine between them.

    Args:
        start: shape (lines, players, profiles).
        stop: the same at the other end.

    Returns:
        For each line the shares of the way at which two payoffs of a player cross, ascending, strictly between 0 and 1.
        Payoffs that differ by rounding alone may cross anywhere, which adds a cut and moves no border.
    """
    found = []
    for left, right in zip(start, stop, strict=True):
        shares = [np.empty(0)]
        for own in zip(left, right, strict=True):
            scale = max(float(np.ptp(own)), np.finfo(np.float64).tiny)
            ends = np.stack(own, axis=1)
            lines = ends[np.unique(np.round(ends / scale, 12), axis=0, return_index=True)[1]]
            one, other = np.triu_indices(len(lines), k=1)
            gaps = lines[one] - lines[other]
            gaps = gaps[gaps[:, 0] * gaps[:, 1] < 0]
            shares.append(gaps[:, 0] / (gaps[:, 0] - gaps[:, 1]))
        cuts = np.unique(np.concatenate(shares))
        kept = np.concatenate([[True], np.diff(cuts) > TOGETHER]) if len(cuts) else np.zeros(0, dtype=np.bool_)
        found.append(cuts[kept & (cuts > 0) & (cuts < 1)])
    return found
