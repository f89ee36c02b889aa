"""All equilibria of many two-player games at once: support enumeration by proved signs, exact arithmetic for the rest.

Every support pair of equal size is decided by the signs of bordered minors (`bordered_minors`), computed in floating
point with a proved error bound. An extreme equilibrium (x, y) always fits such a pair weakly: supp(x) <= S <= best
replies to y, supp(y) <= T <= best replies to x. So where each pair is either contradicted by a proved sign, or
confirmed by all its signs, the confirmed pairs are the extreme equilibria, each once, and no other exists. A game with
a pair that is neither (a degenerate game, or one nearer to a tie than rounding) is solved in exact arithmetic.

The loops are compiled by numba, and kept for later processes; the first call of a process loads its runtime
(`benchmarks/two_player_batch.py` prints how long that takes). Nothing else here loads it.
"""

import numpy as np
from numpy.typing import NDArray

from sim.solvers.bordered_minors import Minors, SupportPairs, count_minors, support_pairs
from sim.solvers.certificate import integers_of_floats
from sim.solvers.equilibria import EquilibriumBatch
from sim.solvers.ties import ranges
from sim.solvers.two_player_exact import extreme_equilibria
from sim.solvers.verdict import EVEN, Ground, judge, refuted

Floats = NDArray[np.float64]

VERDICTS = judge(Ground.SIGNS), judge(Ground.VERTICES), refuted(judge(Ground.SIGNS), EVEN)
SURELY_NARROW = 2.0**1022  # payoffs up to this size have a range that float64 holds, which need not be computed
MOST_MINORS = 100_000  # of a game; beyond (10 x 10), tables and workspace outgrow the caches, and each game is exact


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
    draws, _, m, n = payoffs.shape
    if count_minors(m, n) > MOST_MINORS:
        counts, unsure = np.zeros(draws, dtype=np.int64), np.ones(draws, dtype=np.bool_)
        x, y = np.zeros((0, m)), np.zeros((0, n))
    else:
        counts, unsure, x, y = _by_signs(np.require(payoffs, requirements=["C", "W"]), support_pairs(m, n))
    first, x, y = _with_exact(payoffs, counts, unsure, x, y)
    ground = unsure.astype(np.uint8)
    ground[~unsure & (np.diff(first) % 2 == 0)] = 2  # signs prove equilibria regular: a whole list has an odd number
    return EquilibriumBatch("nash", payoffs, first, (x, y), VERDICTS if (ground == 2).any() else VERDICTS[:2], ground)


def _by_signs(payoffs: Floats, pairs: SupportPairs) -> tuple[NDArray[np.int64], NDArray[np.bool_], Floats, Floats]:
    """Equilibria of each game, games that the signs leave open, and the equilibria's strategies, game after game."""
    from sim.solvers.minor_kernel import enumerate_supports  # compiled code: loaded where it runs

    draws, _, m, n = payoffs.shape
    counts, unsure = np.zeros(draws, dtype=np.int64), np.zeros(draws, dtype=np.bool_)
    tables = (pairs.size, pairs.rows, pairs.columns, pairs.of_first, pairs.of_second)
    room, done, left, right = 64 + 4 * draws, 0, [], []
    while done < draws:
        x, y = np.zeros((room, m)), np.zeros((room, n))
        before = done
        done, filled = enumerate_supports(
            payoffs, tables, _tables(pairs.first), _tables(pairs.second), done, counts, unsure, x, y
        )
        left.append(x[:filled])
        right.append(y[:filled])
        if done == before:  # not even one block of games fits
            room *= 2
    return counts, unsure, _joined(left), _joined(right)


def _joined(parts: list[Floats]) -> Floats:
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _tables(minors: Minors) -> tuple[NDArray[np.int32] | Floats, ...]:
    return minors.degree, minors.first_term, minors.entry, minors.smaller, minors.error


def _with_exact(
    payoffs: Floats, counts: NDArray[np.int64], unsure: NDArray[np.bool_], x: Floats, y: Floats
) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Put the exact equilibria of the open games in their places: first rows of each game, and all strategies."""
    if not unsure.any():
        return np.concatenate([[0], np.cumsum(counts)]), x, y
    keep = np.repeat(~unsure, counts)
    x, y = x[keep], y[keep]
    exact = [extreme_equilibria(integers_of_floats(payoffs[draw])).pairs for draw in np.flatnonzero(unsure)]
    counts = counts.copy()
    counts[unsure] = [len(pairs) for pairs in exact]
    from_exact = np.repeat(unsure, counts)
    merged = []
    for side, own in enumerate((x, y)):
        rows = np.empty((len(from_exact), own.shape[1]))
        rows[~from_exact] = own
        rows[from_exact] = [[float(share) for share in pair[side]] for pairs in exact for pair in pairs]
        merged.append(rows)
    return np.concatenate([[0], np.cumsum(counts)]), merged[0], merged[1]
