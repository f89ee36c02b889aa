"""The compiled loops for games with ties: every vertex of both best-response polytopes, by minors that are exact.

Where a player's payoffs are small integers times one unit, all its bordered minors are integers below 2^53, and
float64 holds each of them, and each sum on the way to it, without rounding. Their signs, zeros too, then name every
vertex with all its labels (`exact_minors` says how), and the completely labelled pairs of vertices are the extreme
equilibria. Games stand 64 side by side, as in `minor_kernel`, until their open support pairs are known; from there on
each goes alone.

A label is a bit: action i of player 1 is bit i, action j of player 2 is bit m + j. A strategy has the labels of the own
actions that it leaves out, and of the other player's best replies.
"""

from typing import Any

import numpy as np

from sim.compiled import compiled
from sim.solvers.minor_kernel import LANES, lowest, signs

LARGEST = 2.0**53  # integers up to here are float64 numbers


@compiled
def small_integers(table: Any, player: int, width: float, shifted: Any, lane: int) -> bool:
    """Write a player's payoffs, less those of its action 0, as integers of some unit; False where they exceed `width`.

    Args:
        table: (m, n), finite.
        shifted: ((own actions - 1) * other actions, lanes), of which the column `lane` is written.
    """
    whole = True
    largest = 0.0
    for row in table:
        for value in row:
            largest = max(largest, abs(value))
            whole &= value == np.floor(value)
    unit = 1.0
    if not whole or largest > LARGEST:
        unit = _common_unit(table, largest)
        if largest / unit > LARGEST:
            return False
    own, other = table.shape[player], table.shape[1 - player]
    if _write_differences(table, player, unit, np.int64(1), shifted, lane) <= width:
        return True
    step = np.int64(0)
    for j in range(other):
        base = _whole(table, player, 0, j, unit)
        for i in range(1, own):
            a, b = abs(_whole(table, player, i, j, unit) - base), step
            while b:
                a, b = b, a % b
            step = a
    return _write_differences(table, player, unit, max(step, np.int64(1)), shifted, lane) <= width


@compiled
def _common_unit(table: Any, largest: float) -> Any:
    """The greatest number of which all payoffs are multiples, by Euclid; where it is too small to be of use, no more.

    The remainder of two float64 numbers is one itself: nothing here is rounded.
    """
    unit = largest
    for row in table:
        for value in row:
            a, b = unit, abs(value)
            while b != 0.0:
                a, b = b, a % b
                if largest / a > LARGEST:
                    return a
            unit = a
    return unit


@compiled
def _whole(table: Any, player: int, i: int, j: int, unit: float) -> Any:
    """A player's payoff of its action i against j in units."""
    return np.int64((table[i, j] if player == 0 else table[j, i]) / unit)


@compiled
def _write_differences(table: Any, player: int, unit: float, step: Any, shifted: Any, lane: int) -> float:
    """Write the payoffs less those of action 0, over `unit` and `step`; returns the size of the largest."""
    own, other = table.shape[player], table.shape[1 - player]
    widest = 0.0
    for j in range(other):
        base = _whole(table, player, 0, j, unit)
        for i in range(1, own):
            value = float((_whole(table, player, i, j, unit) - base) // step)
            shifted[(i - 1) * other + j, lane] = value
            widest = max(widest, abs(value))
    return widest


@compiled
def enumerate_vertices(
    payoffs: Any,
    which: Any,
    pairs: Any,
    labels: Any,
    first: Any,
    second: Any,
    widths: Any,
    start: int,
    counts: Any,
    small: Any,
    x: Any,
    y: Any,
) -> tuple[int, int]:
    """Extreme equilibria of the games `which[start:]`, 64 at a time, until all are done or `x` is full.

    Args:
        payoffs: (games, 2, m, n).
        which: numbers of games, those to be solved.
        pairs: `size`, `rows`, `columns`, `of_first`, `of_second` of `SupportPairs`.
        labels: of each player's minors: `base` (pairs,) and `tied` (pairs, own actions) of `TiedLabels`.
        first, second: each player's `degree`, `first_term`, `entry`, `smaller`, `error` of `Minors`.
        widths: each player's greatest difference of payoffs for which all minors are exact.
        counts, small: (len(which),), written: equilibria, and whether the game was solved (its integers are small).
        x, y: (room, m), (room, n) zeros, written from row 0 on.

    Returns:
        The first of `which` not solved yet, and how many rows were written.
    """
    size, rows, columns, of_first, of_second = pairs
    base_1, tied_1, base_2, tied_2 = labels
    degree_1, first_term_1, entry_1, smaller_1, error_1 = first
    degree_2, first_term_2, entry_2, smaller_2, error_2 = second
    m, n = payoffs.shape[2], payoffs.shape[3]
    shifted_1, shifted_2 = np.zeros((max(m - 1, 1) * n, LANES)), np.zeros((max(n - 1, 1) * m, LANES))
    no_doubt_1, no_doubt_2 = np.zeros((len(error_1), LANES)), np.zeros((len(error_2), LANES))
    value_1, value_2 = np.empty((len(degree_1), LANES)), np.empty((len(degree_2), LANES))
    word_1, word_2 = np.empty(2 * len(degree_1), np.uint64), np.empty(2 * len(degree_2), np.uint64)
    found_1, found_2 = np.empty((LANES, len(size), 2), np.int64), np.empty((LANES, len(size), 2), np.int64)
    many_1, many_2 = np.empty(LANES, np.int64), np.empty(LANES, np.int64)
    mine, theirs = (np.int64(1) << m) - 1, ((np.int64(1) << n) - 1) << m
    filled = 0
    while start < len(which):
        count = min(LANES, len(which) - start)
        wanted = np.uint64(0)
        for lane in range(count):
            table = payoffs[which[start + lane]]
            fits = small_integers(table[0], 0, widths[0], shifted_1, lane)
            fits = fits and small_integers(table[1], 1, widths[1], shifted_2, lane)
            small[start + lane], counts[start + lane] = fits, 0
            wanted |= np.uint64(fits) << np.uint64(lane)
        begin = filled
        if wanted:
            signs(degree_1, first_term_1, entry_1, smaller_1, no_doubt_1, shifted_1, value_1, word_1)
            signs(degree_2, first_term_2, entry_2, smaller_2, no_doubt_2, shifted_2, value_2, word_2)
            _vertices(wanted, of_first, word_1, value_1, base_1, tied_1, theirs, found_1, many_1)
            _vertices(wanted, of_second, word_2, value_2, base_2, tied_2, mine, found_2, many_2)
        while wanted:
            lane = lowest(wanted)
            wanted &= wanted - np.uint64(1)
            for one in range(many_2[lane]):
                needed = (mine | theirs) ^ found_2[lane, one, 0]
                for other in range(many_1[lane]):
                    if found_1[lane, other, 0] & needed == needed:
                        if filled == len(x):
                            return start, begin
                        p, q = found_2[lane, one, 1], found_1[lane, other, 1]
                        _shares(size[p], of_second[p], rows[p], value_2, lane, x[filled])
                        _shares(size[q], of_first[q], columns[q], value_1, lane, y[filled])
                        counts[start + lane] += 1
                        filled += 1
        start += count
    return start, filled


@compiled
def _vertices(
    wanted: Any, conditions: Any, word: Any, value: Any, base: Any, tied: Any, coordinates: Any, found: Any, many: Any
) -> None:
    """The vertices of the opponent's mixes in each wanted game, each once: its labels and a support pair it stands on.

    A pair stands for one where no two of its signed minors are opposed and not all of the mix is zero; each zero is a
    label more.
    """
    many[:] = 0
    for pair in range(len(conditions)):
        up, down = np.uint64(0), np.uint64(0)
        for c in conditions[pair]:
            up |= word[c]
            down |= word[c ^ 1]
        games = wanted & ~(up & down)
        while games:
            lane = lowest(games)
            games &= games - np.uint64(1)
            labels = base[pair]
            for c in range(conditions.shape[1]):
                if value[conditions[pair, c] >> 1, lane] == 0.0:
                    labels |= tied[pair, c]
            if labels & coordinates == coordinates:
                continue  # no mix: the equations of this pair have no single solution
            at = many[lane]
            new = True
            for k in range(at):
                if found[lane, k, 0] == labels:
                    new = False
                    break
            if new:
                found[lane, at, 0], found[lane, at, 1] = labels, pair
                many[lane] = at + 1


@compiled
def _shares(k: int, conditions: Any, actions: Any, value: Any, lane: int, shares: Any) -> None:
    """Write the shares of up to k actions, proportional to the size of their minors: exact integers, divided once."""
    shares[:] = 0.0
    total = 0.0
    for t in range(k):
        total += abs(value[conditions[t] >> 1, lane])
    for t in range(k):
        shares[actions[t]] = abs(value[conditions[t] >> 1, lane]) / total
