"""All equilibria of many two-player games at once: support enumeration by proved signs, exact arithmetic for the rest.

Every support pair of equal size is decided by the signs of bordered minors (`bordered_minors`), computed in floating
point with a proved error bound. An extreme equilibrium (x, y) always fits such a pair weakly: supp(x) <= S <= best
replies to y, supp(y) <= T <= best replies to x. So where each pair is either contradicted by a proved sign, or
confirmed by all its signs, the confirmed pairs are the extreme equilibria, each once, and no other exists. A game with
a pair that is neither (a degenerate game, or one nearer to a tie than rounding) is solved in exact arithmetic: in
float64 itself where its payoffs are small integers of some unit (`vertex_kernel`), else one by one in long integers.

The loops are compiled by numba, and kept for later processes; the first call of a process loads its runtime
(`benchmarks/two_player_batch.py` prints how long that takes). Nothing else here loads it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.solvers.bordered_minors import Minors, SupportPairs, count_minors, exact_width, support_pairs, tied_labels
from sim.solvers.certificate import integers_of_floats
from sim.solvers.equilibria import EquilibriumBatch
from sim.solvers.ties import ranges
from sim.solvers.two_player_exact import extreme_equilibria
from sim.solvers.verdict import EVEN, Ground, judge, refuted

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]

VERDICTS = judge(Ground.SIGNS), judge(Ground.VERTICES), refuted(judge(Ground.SIGNS), EVEN)
SURELY_NARROW = 2.0**1022  # payoffs up to this size have a range that float64 holds, which need not be computed
MOST_MINORS = 100_000  # of a game; beyond (10 x 10), tables and workspace outgrow the caches, and each game is exact
MOST_LABELS = 62  # one bit each in a machine word


@dataclass(frozen=True, slots=True, eq=False)
class _Solved:
    """Some games, ascending, and their equilibria, game after game."""

    games: Numbers
    counts: Numbers  # equilibria of each game
    x: Floats  # (equilibria, m)
    y: Floats  # (equilibria, n)


def two_player_equilibria(payoffs: Floats) -> EquilibriumBatch:
    """Find all extreme equilibria of each game.

    Args:
        payoffs: shape (draws, 2, m, n), finite, of any size and unit; left as it is.

    Returns:
        Complete sets, each with its ground. Shares are right to 1e-9, mostly far better.

    Raises:
        PayoffError: a player's payoffs differ by more than a floating-point number can hold.
    """
    if max(payoffs.max(), -payoffs.min()) > SURELY_NARROW:
        ranges(payoffs)
    payoffs = np.require(payoffs, requirements=["C", "W"])
    draws, _, m, n = payoffs.shape
    left, parts = np.arange(draws), []
    if count_minors(m, n) <= MOST_MINORS:
        signs, left = _by_signs(payoffs, support_pairs(m, n))
        parts.append(signs)
        if len(left) and m + n <= MOST_LABELS:
            integers, left = _by_integers(payoffs, left, support_pairs(m, n))
            parts.append(integers)
    parts.append(_one_by_one(payoffs, left))
    first, x, y = _merged(parts, draws)
    ground = np.ones(draws, dtype=np.uint8)
    if len(parts) > 1:
        proved = parts[0].games
        ground[proved] = 2 * (parts[0].counts % 2 == 0)  # proved equilibria are regular: a whole list has an odd number
    return EquilibriumBatch("nash", payoffs, first, (x, y), VERDICTS if (ground == 2).any() else VERDICTS[:2], ground)


def _by_signs(payoffs: Floats, pairs: SupportPairs) -> tuple[_Solved, Numbers]:
    """The games that proved signs decide, and the numbers of those that they leave open."""
    from sim.solvers.minor_kernel import enumerate_supports  # compiled code: loaded where it runs

    draws = len(payoffs)
    counts, unsure = np.zeros(draws, dtype=np.int64), np.zeros(draws, dtype=np.bool_)
    given = (payoffs, _pair_tables(pairs), _minor_tables(pairs.first), _minor_tables(pairs.second))
    x, y = _in_rooms(lambda done, x, y: enumerate_supports(*given, done, counts, unsure, x, y), payoffs, draws)
    if not unsure.any():
        return _Solved(np.arange(draws), counts, x, y), np.zeros(0, dtype=np.int64)
    keep = np.repeat(~unsure, counts)
    return _Solved(np.flatnonzero(~unsure), counts[~unsure], x[keep], y[keep]), np.flatnonzero(unsure)


def _by_integers(payoffs: Floats, which: Numbers, pairs: SupportPairs) -> tuple[_Solved, Numbers]:
    """The games among `which` whose payoffs are small integers of some unit, and the numbers of the others."""
    from sim.solvers.vertex_kernel import enumerate_vertices

    m, n = payoffs.shape[2:]
    counts, small = np.zeros(len(which), dtype=np.int64), np.zeros(len(which), dtype=np.bool_)
    labels = tuple(np.array(table) for side in tied_labels(m, n) for table in (side.base, side.tied))
    widths = tuple(float(exact_width(len(minors.error) - 1)) for minors in (pairs.first, pairs.second))
    given = (payoffs, which, _pair_tables(pairs), labels, _minor_tables(pairs.first), _minor_tables(pairs.second))
    x, y = _in_rooms(
        lambda done, x, y: enumerate_vertices(*given, widths, done, counts, small, x, y), payoffs, len(which)
    )
    return _Solved(which[small], counts[small], x, y), which[~small]


def _in_rooms(fill: Callable[[int, Floats, Floats], tuple[int, int]], payoffs: Floats, games: int) -> list[Floats]:
    """All rows of a loop that fills arrays from a game on, and says how far it came and how many rows it filled."""
    room, done, parts = 64 + 4 * games, 0, []
    while done < games:
        x, y = (np.zeros((room, n)) for n in payoffs.shape[2:])
        before = done
        done, filled = fill(done, x, y)
        parts.append((x[:filled], y[:filled]))
        if done == before:  # not even one block of games fits
            room *= 2
    return [own[0] if len(own) == 1 else np.concatenate(own) for own in zip(*parts, strict=True)]


def _pair_tables(pairs: SupportPairs) -> tuple[NDArray[np.int32], ...]:
    return pairs.size, pairs.rows, pairs.columns, pairs.of_first, pairs.of_second


def _minor_tables(minors: Minors) -> tuple[NDArray[np.int32] | Floats, ...]:
    return minors.degree, minors.first_term, minors.entry, minors.smaller, minors.error


def _one_by_one(payoffs: Floats, which: Numbers) -> _Solved:
    """The games whose ties are beyond machine integers, each in exact arithmetic of any length."""
    found = [extreme_equilibria(integers_of_floats(payoffs[draw])).pairs for draw in which]
    x, y = (
        np.array([[float(share) for share in pair[side]] for pairs in found for pair in pairs]).reshape(-1, n)
        for side, n in enumerate(payoffs.shape[2:])
    )
    return _Solved(which, np.array([len(pairs) for pairs in found], dtype=np.int64), x, y)


def _merged(parts: list[_Solved], draws: int) -> tuple[Numbers, Floats, Floats]:
    """The parts' equilibria, game after game: the first row of each game, and all strategies."""
    parts = [part for part in parts if len(part.games)]
    if len(parts) == 1:
        return np.concatenate([[0], np.cumsum(parts[0].counts)]), parts[0].x, parts[0].y
    counts = np.zeros(draws, dtype=np.int64)
    for part in parts:
        counts[part.games] = part.counts
    first = np.concatenate([[0], np.cumsum(counts)])
    x, y = (np.empty((first[-1], own.shape[1])) for own in (parts[0].x, parts[0].y))
    for part in parts:
        begin = np.cumsum(part.counts) - part.counts
        rows = np.arange(len(part.x)) + np.repeat(first[part.games] - begin, part.counts)
        x[rows], y[rows] = part.x, part.y
    return first, x, y
