"""Every vertex of both best-response polytopes of a small two-player game, from the exact signs of its bordered minors.

A vertex other than the origin stands on a support S and equally many best replies T for which no signed minor of its
side (see `bordered_minors`) is opposed to another and the mix is not all zero; a zero among them is one more tight
inequality. So the exact signs of all minors name all vertices, degenerate or not, with all their labels. Minors are
integers, made list by list; which pairs a sign rules out is one long integer a minor, made once a size of game.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import comb, gcd
from operator import add, itemgetter, mul, sub

from sim.solvers.bordered_minors import (
    Indices,
    Minors,
    Support,
    TiedLabels,
    count_minors,
    support_pairs,
    supports,
    tied_labels,
)
from sim.solvers.vertices import completely_labelled

MOST_BITS = 1 << 26  # of the tables of a game (6 x 6: 8 MB); beyond, pivoting wins

Taken = Callable[[Sequence[int]], Sequence[int]]
Weights = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Side:
    """One player's minors as steps over lists, and what each sign of each row means for all support pairs at once.

    Of contradicted pairs, bit p is support pair p with all its signed minors positive, bit (pairs + p) with all
    negative. Of zeros, bit p is pair p; from bit `pairs` on, each pair has a field of m + n bits with its labels.
    """

    steps: tuple[tuple[tuple[Taken | None, Taken], ...], ...]  # rows of one kind: (cells, smaller rows) of each term
    if_positive: tuple[int, ...]  # (rows,) bits that a positive minor contradicts
    if_negative: tuple[int, ...]
    if_zero: tuple[int, ...]  # the pairs that the minor belongs to, and the label that each then has more
    if_none: int  # the labels of all pairs without a zero
    mix: tuple[Taken, ...]  # (pairs,) the minors of the opponent's mix
    support: tuple[Support, ...]  # (pairs,) of the opponent
    mixing: int  # labels of all the opponent's own actions, which no mix has together
    every: int  # all labels


@dataclass(frozen=True, slots=True)
class Decided:
    """What the signs of all minors say."""

    pairs: list[tuple[Weights, Weights]]  # the extreme equilibria as weights, each once
    left: list[int]  # labels of the vertices of player 1's polytope; empty where equilibria were found without them
    right: list[int]
    degenerate: bool  # some vertex has more labels than its polytope has dimensions


def is_small(m: int, n: int) -> bool:
    """Whether the tables of such a game are worth their memory."""
    return count_minors(m, n) * comb(m + n, m) * (m + n) <= MOST_BITS


def decide(a: Sequence[Sequence[int]], b: Sequence[Sequence[int]]) -> Decided:
    """Decide all support pairs of a game.

    Args:
        a: player 1's payoffs, shape (m, n); any integers.
        b: player 2's payoffs, shape (n, m): its own actions are the rows.
    """
    m, n = len(a), len(b)
    first, second = _tables(m, n)
    value_1, value_2 = _values(a, first), _values(b, second)
    open_1, zeros_1 = _consistent(value_1, first)
    open_2, zeros_2 = _consistent(value_2, second)
    both = open_1 & open_2
    if not both & (zeros_1 | zeros_2):
        found = [(_weights(value_2, second, p, m), _weights(value_1, first, p, n)) for p in _bits(both)]
        tied = _vertices(first, open_1 & zeros_1, zeros_1) or _vertices(second, open_2 & zeros_2, zeros_2)
        return Decided(found, [], [], bool(tied))
    left, right = _vertices(second, open_2, zeros_2), _vertices(first, open_1, zeros_1)
    edges = completely_labelled(left, right, m, n)
    x = {labels: _weights(value_2, second, left[labels], m) for labels in {labels for labels, _ in edges}}
    y = {labels: _weights(value_1, first, right[labels], n) for labels in {labels for _, labels in edges}}
    degenerate = any(one.bit_count() > m for one in left) or any(one.bit_count() > n for one in right)
    return Decided([(x[one], y[other]) for one, other in edges], list(left), list(right), degenerate)


def _values(payoffs: Sequence[Sequence[int]], side: _Side) -> list[int]:
    """All minors of one player, divided by a positive number that is the same for all of one degree."""
    base = payoffs[0]
    cells = [value - low for row in payoffs[1:] for value, low in zip(row, base, strict=True)]
    unit = gcd(*cells)
    if unit > 1:
        cells = [value // unit for value in cells]
    values = [1]
    for terms in side.steps:
        total: Sequence[int] | None = None
        for place, (of_cells, of_rows) in enumerate(terms):
            term: Sequence[int] = of_rows(values)
            if of_cells is not None:
                term = list(map(mul, of_cells(cells), term))
            total = term if total is None else list(map(sub if place % 2 else add, total, term))
        values += total or ()
    return values


def _consistent(values: Sequence[int], side: _Side) -> tuple[int, int]:
    """The pairs (as bits) of which no two signed minors are opposed, and what the minors that are zero mean."""
    contradicted = zeros = 0
    for value, positive, negative, zero in zip(values, side.if_positive, side.if_negative, side.if_zero, strict=True):
        if value > 0:
            contradicted |= positive
        elif value < 0:
            contradicted |= negative
        else:
            zeros |= zero
    count = len(side.support)
    either = ~contradicted
    return (either | either >> count) & ((1 << count) - 1), zeros


def _vertices(side: _Side, consistent: int, zeros: int) -> dict[int, int]:
    """The opponent's vertices by all their labels, each with a pair that it stands on."""
    labels_of = (zeros | side.if_none) >> len(side.support)
    mixing, every = side.mixing, side.every
    width = every.bit_length()
    found: dict[int, int] = {}
    while consistent:  # as `_bits`, without a generator's cost a pair
        low = consistent & -consistent
        consistent ^= low
        p = low.bit_length() - 1
        labels = labels_of >> p * width & every
        if labels & mixing != mixing:  # else no mix: the equations of this pair have no single solution
            found[labels] = p
    return found


def _weights(values: Sequence[int], side: _Side, p: int, d: int) -> Weights:
    """The opponent's mix of a pair as weights over d actions: the sizes of its minors."""
    weights = [0] * d
    for action, value in zip(side.support[p], side.mix[p](values), strict=True):
        weights[action] = abs(value)
    return tuple(weights)


def _bits(mask: int) -> Iterator[int]:
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


@lru_cache(maxsize=16)
def _tables(m: int, n: int) -> tuple[_Side, _Side]:
    pairs, (of_first, of_second) = support_pairs(m, n), tied_labels(m, n)
    left, every = (1 << m) - 1, (1 << (m + n)) - 1
    return (
        _side(pairs.first, pairs.of_first, supports(pairs.columns), of_first, every ^ left, every),
        _side(pairs.second, pairs.of_second, supports(pairs.rows), of_second, left, every),
    )


def _side(
    minors: Minors, conditions: Indices, support: tuple[Support, ...], labels: TiedLabels, mixing: int, every: int
) -> _Side:
    """Tables of a player whose opponent mixes over `support`."""
    count, width = len(conditions), every.bit_length()
    positive, negative, zero = ([0] * len(minors.degree) for _ in range(3))
    if_none, mix = 0, []
    for p, signed in enumerate(conditions.tolist()):
        up, down, field = 1 << p, 1 << (count + p), count + p * width
        if_none |= labels.base[p] << field
        for condition, label in zip(signed, labels.tied[p], strict=True):
            row, flip = divmod(condition, 2)
            positive[row] |= up if flip else down
            negative[row] |= down if flip else up
            zero[row] |= up | label << field
        mix.append(_taking([condition // 2 for condition in signed[: len(support[p])]]))
    return _Side(
        tuple(_steps(minors)),
        tuple(positive),
        tuple(negative),
        tuple(zero),
        if_none,
        tuple(mix),
        support,
        mixing,
        every,
    )


def _steps(minors: Minors) -> Iterator[tuple[tuple[Taken | None, Taken], ...]]:
    """Rows that are made alike (one degree, products or sums) and stand together, term by term."""
    first, entry, smaller = minors.first_term.tolist(), minors.entry.tolist(), minors.smaller.tolist()
    begin, rows = 1, len(minors.degree)
    while begin < rows:
        size, product = first[begin + 1] - first[begin], entry[first[begin]] >= 0
        end = begin
        while end < rows and first[end + 1] - first[end] == size and (entry[first[end]] >= 0) == product:
            end += 1
        yield tuple(
            (
                _taking([entry[first[row] + term] for row in range(begin, end)]) if product else None,
                _taking([smaller[first[row] + term] for row in range(begin, end)]),
            )
            for term in range(size)
        )
        begin = end


def _taking(places: list[int]) -> Taken:
    if len(places) == 1:
        only = places[0]
        return lambda values: (values[only],)
    return itemgetter(*places)
