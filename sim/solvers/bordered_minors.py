"""Which bordered minors decide a two-player game, how each comes from smaller ones, and how far rounding can move it.

For payoffs A of one player (own actions x the opponent's), E(S, T) = det[A[S, T] | 1] with |S| = |T| + 1. Let S and T
have k actions each. The opponent's mix y on T that makes the player indifferent over S is y_t ~ (-1)^p E(S, T - t), p
the place of t in T (Cramer); an action i outside S earns less than those in S iff (-1)^q E(S + i, T), q the place of i
in S + i, has the sign opposite to theirs. So a support pair is an equilibrium iff, for each player, all these signed
minors, the second kind turned, have one sign. Every condition of support enumeration is such a sign.

Subtract the first row: A' = A - A[0]. Then E(S, T) is, up to the sign (-1)^k, a plain minor of A' where S holds action
0, and an alternating sum of such minors where it does not. Each minor of degree k is a sum of k products with minors
of degree k - 1.

Source: support enumeration: Mangasarian (1964), J. SIAM 12(4), 778-780; forward error of a sum of products: Higham
(2002), Accuracy and Stability of Numerical Algorithms, ch. 3.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from math import comb, isqrt

import numpy as np
from numpy.typing import NDArray

UNIT = 2.0**-53  # greatest relative error of one rounded operation
SLACK = 1.01  # covers what the bound leaves out: products of errors, underflow, the rounding of the bound itself

Indices = NDArray[np.int32]
Support = tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Minors:
    """One player's minors as sums of terms, smaller degrees first; row 0 is the constant 1, E(S, {})."""

    degree: Indices  # (rows,)
    first_term: Indices  # (rows + 1,): the terms of row r are first_term[r] .. first_term[r + 1] - 1, signs alternate
    entry: Indices  # (terms,): a cell of A', rows 1.. by columns; -1: the term is the smaller row alone
    smaller: Indices  # (terms,): a row
    error: NDArray[np.float64]  # (degrees,): greatest error of a row of that degree where |A'| <= 1


@dataclass(frozen=True, slots=True, eq=False)
class SupportPairs:
    """The support pairs of equal size of an m x n game, and the signed minors that decide each, side by side.

    A condition is 2 * row + flip: the sign of that minor, turned where flip is 1.
    """

    size: Indices  # (pairs,)
    rows: Indices  # (pairs, sizes): player 1's support; -1 beyond its size
    columns: Indices  # (pairs, sizes)
    of_first: Indices  # (pairs, m) conditions on player 1's minors: player 2's mix, then player 1's other actions
    of_second: Indices  # (pairs, n) conditions on player 2's minors: player 1's mix, then player 2's other actions
    first: Minors  # of A
    second: Minors  # of B, transposed: player 2's actions are its rows


@dataclass(frozen=True, slots=True, eq=False)
class TiedLabels:
    """What is tight at the opponent's mix of each support pair, as bits: player 1's action i is 1 << i, j of player 2
    is 1 << (m + j). An action is tight where it is not played, or where it is a best reply.
    """

    base: tuple[int, ...]  # (pairs,) where no signed minor of the pair is zero
    tied: tuple[tuple[int, ...], ...]  # (pairs, own actions): what comes with a zero of each condition


def count_minors(m: int, n: int) -> int:
    """How many minors both players have together."""
    return comb(m + n, n + 1) + comb(m + n, m + 1)


@lru_cache(maxsize=16)
def support_pairs(m: int, n: int) -> SupportPairs:
    """The tables of all games of one size."""
    first, place_first = _minors(m, n)
    second, place_second = _minors(n, m)
    sizes = min(m, n)
    size, rows, columns, of_first, of_second = [], [], [], [], []
    for k in range(1, sizes + 1):
        for S in combinations(range(m), k):
            for T in combinations(range(n), k):
                size.append(k)
                rows.append((*S, *[-1] * (sizes - k)))
                columns.append((*T, *[-1] * (sizes - k)))
                of_first.append(_conditions(S, T, m, place_first))
                of_second.append(_conditions(T, S, n, place_second))
    return SupportPairs(_table(size), _table(rows), _table(columns), _table(of_first), _table(of_second), first, second)


@lru_cache(maxsize=16)
def tied_labels(m: int, n: int) -> tuple[TiedLabels, TiedLabels]:
    """Of player 1's minors (player 2's mixes), then of player 2's."""
    pairs = support_pairs(m, n)
    rows, columns = supports(pairs.rows), supports(pairs.columns)
    left, right = [1 << i for i in range(m)], [1 << (m + j) for j in range(n)]
    return _tied_labels(rows, columns, left, right), _tied_labels(columns, rows, right, left)


def _tied_labels(best: Sequence[Support], played: Sequence[Support], own: list[int], others: list[int]) -> TiedLabels:
    """Of the mixes over `played` against which `best` are the best replies, given the bit of each action."""
    base, tied = [], []
    for S, T in zip(best, played, strict=True):
        base.append(sum(own[i] for i in S) + sum(bit for j, bit in enumerate(others) if j not in T))
        tied.append((*(others[j] for j in T), *(bit for i, bit in enumerate(own) if i not in S)))
    return TiedLabels(tuple(base), tuple(tied))


def supports(table: Indices) -> tuple[Support, ...]:
    """The rows of `SupportPairs.rows` or `.columns` without their filling."""
    return tuple(tuple(k for k in row if k >= 0) for row in table.tolist())


def exact_width(degrees: int) -> int:
    """The greatest |A'| of integers for which float64 holds every minor up to that degree, and every sum on the way.

    A minor of degree k is at most h_k w^k (Hadamard); the largest sums are of k + 1 such minors.
    """
    width = 2**53
    for k in range(1, degrees + 1):
        most = (k + 1) * (isqrt(k**k - 1) + 1)
        guess = int((2**53 / most) ** (1 / k)) + 1
        while most * guess**k > 2**53:
            guess -= 1
        width = min(width, guess)
    return width


Place = dict[tuple[Support, Support], int]


def _conditions(S: tuple[int, ...], T: tuple[int, ...], m: int, place: Place) -> list[int]:
    """The signed minors that must have one sign: first the opponent's mix over T, in order, then the actions not in S.

    The common sign (-1)^k between E and its row is part of the flip.
    """
    k = len(S)
    found = [2 * place[S, T[:p] + T[p + 1 :]] + (p + k - 1) % 2 for p in range(k)]
    for i in (i for i in range(m) if i not in S):
        larger = tuple(sorted((*S, i)))
        found.append(2 * place[larger, T] + (larger.index(i) + k + 1) % 2)
    return found


def _minors(m: int, n: int) -> tuple[Minors, Place]:
    """All minors of one player with m actions against n."""
    place: Place = {((i,), ()): 0 for i in range(m)}
    plain: Place = {((), ()): 0}  # minors of A'
    degree, first_term, entry, smaller = [0], [0, 0], [], []
    for k in range(1, min(m - 1, n) + 1):
        for S in combinations(range(1, m), k):
            for T in combinations(range(n), k):
                plain[S, T] = place[(0, *S), T] = len(degree)
                degree.append(k)
                for p in reversed(range(k)):  # along the last column; the sign of p = k - 1 is +
                    entry.append((S[p] - 1) * n + T[-1])
                    smaller.append(plain[S[:p] + S[p + 1 :], T[:-1]])
                first_term.append(len(entry))
        for S in combinations(range(1, m), k + 1):
            for T in combinations(range(n), k):
                place[S, T] = len(degree)
                degree.append(k)
                for p in range(k + 1):
                    entry.append(-1)
                    smaller.append(plain[S[:p] + S[p + 1 :], T])
                first_term.append(len(entry))
    errors = np.array(rounding_errors(min(m - 1, n)))
    return Minors(_table(degree), _table(first_term), _table(entry), _table(smaller), errors), place


def _table(rows: Sequence[int] | Sequence[Sequence[int]]) -> Indices:
    return np.array(rows, dtype=np.int32)


def rounding_errors(degrees: int) -> list[float]:
    """Greatest error of a computed minor of degree 0, 1, ..., `degrees`, where no entry of A' exceeds 1.

    A true minor is at most h_k = k^(k/2) (Hadamard). A term is a (rounded) entry times a smaller minor, k of them are
    added one at a time: e_k = k (e_(k-1) + (k + 1) u (h_(k-1) + e_(k-1))), with 2 roundings of the term (the entry's
    own subtraction and the product) and k - 1 additions. The sum of k + 1 such minors adds k roundings.
    """
    errors, own = [0.0], 0.0
    for k in range(1, degrees + 1):
        below = 1.0 if k == 1 else (k - 1.0) ** ((k - 1) / 2)
        own = k * (own + (k + 1) * UNIT * SLACK * (below + own))
        errors.append(SLACK * (k + 1) * (own + k * UNIT * SLACK * (k ** (k / 2) + own)))
    return errors
