"""The compiled loops of the two-player batch: 64 games side by side, one bit a game, no division before a hit.

Numbers are kept games innermost, so that each step of a minor is one loop over 64 lanes. The proved signs of a minor
over 64 games are two words, positive and negative; a game whose bit is in neither is undecided there. No fast-math:
the bounds assume that each operation is rounded once.
"""

from typing import Any

import numpy as np

from sim.compiled import compiled

LANES = 64
SHARP = 1e-9  # greatest error of a share; a game with a mix less certain is left to exact arithmetic
WIDEST = 2.0**60  # payoff spreads outside 1 / WIDEST .. WIDEST are first brought to 1 by a power of two: no overflow

DE_BRUIJN = np.uint64(0x03F79D71B4CB0A89)  # each 6 bits of it are different, so a shift of it is known by its first 6
DE_BRUIJN_PLACE = np.zeros(64, np.int64)
for _place in range(64):
    DE_BRUIJN_PLACE[(int(DE_BRUIJN) << _place & 0xFFFFFFFFFFFFFFFF) >> 58] = _place


@compiled
def _load(payoffs: Any, player: int, start: int, error: Any, shifted: Any, doubt: Any) -> None:
    """Lay out one player's payoffs, less those of its action 0, of 64 games, with the error bound of each degree."""
    own, other = payoffs.shape[2 + player], payoffs.shape[3 - player]
    for lane in range(LANES):
        game = min(start + lane, len(payoffs) - 1)  # the last block is filled with its last game
        table = payoffs[game, player]
        widest = 0.0
        for j in range(other):
            base = table[0, j] if player == 0 else table[j, 0]
            for i in range(1, own):
                value = (table[i, j] if player == 0 else table[j, i]) - base
                shifted[(i - 1) * other + j, lane] = value
                widest = max(widest, abs(value))
        if widest != 0.0 and not 1.0 / WIDEST < widest < WIDEST:
            half = -int(np.floor(np.log2(widest))) // 2
            for cell in range((own - 1) * other):  # in two steps: the whole power of two may not be a float64
                shifted[cell, lane] = shifted[cell, lane] * 2.0**half * 2.0**half
            widest = 4.0
        bound = 1.0
        for k in range(len(error)):
            doubt[k, lane] = error[k] * bound
            bound *= widest


@compiled
def signs(
    degree: Any, first_term: Any, entry: Any, smaller: Any, doubt: Any, shifted: Any, value: Any, word: Any
) -> Any:
    """Fill the minors of 64 games and their sign words; returns the games in which every sign is proved.

    `word[2 * row]` has the games where the minor is surely positive, `word[2 * row + 1]` surely negative.
    """
    decided = ~np.uint64(0)
    word[0], word[1] = ~np.uint64(0), np.uint64(0)
    for lane in range(LANES):
        value[0, lane] = 1.0
    for row in range(1, len(degree)):
        begin, end = first_term[row], first_term[row + 1]
        own = value[row]
        if entry[begin] >= 0:
            a, b = shifted[entry[begin]], value[smaller[begin]]
            for lane in range(LANES):
                own[lane] = a[lane] * b[lane]
            for term in range(begin + 1, end):
                a, b = shifted[entry[term]], value[smaller[term]]
                if (term - begin) % 2:
                    for lane in range(LANES):
                        own[lane] -= a[lane] * b[lane]
                else:
                    for lane in range(LANES):
                        own[lane] += a[lane] * b[lane]
        else:
            a, b = value[smaller[begin]], value[smaller[begin + 1]]
            for lane in range(LANES):
                own[lane] = a[lane] - b[lane]
            for term in range(begin + 2, end):
                a = value[smaller[term]]
                if (term - begin) % 2:
                    for lane in range(LANES):
                        own[lane] -= a[lane]
                else:
                    for lane in range(LANES):
                        own[lane] += a[lane]
        limit = doubt[degree[row]]
        positive, negative = np.uint64(0), np.uint64(0)
        for lane in range(LANES):
            positive |= np.uint64(own[lane] > limit[lane]) << np.uint64(lane)
            negative |= np.uint64(own[lane] < -limit[lane]) << np.uint64(lane)
        word[2 * row], word[2 * row + 1] = positive, negative
        decided &= positive | negative
    return decided


@compiled
def _consistent(of_first: Any, of_second: Any, word_1: Any, word_2: Any, hit_pair: Any, hit_word: Any) -> int:
    """The support pairs that are surely an equilibrium in some game, those games as bits, and how many pairs."""
    hits = 0
    for pair in range(len(of_first)):
        up, down = ~np.uint64(0), ~np.uint64(0)
        for c in range(of_first.shape[1]):
            up &= word_1[of_first[pair, c]]
            down &= word_1[of_first[pair, c] ^ 1]
        games = up | down
        if games:
            up, down = games, games
            for c in range(of_second.shape[1]):
                up &= word_2[of_second[pair, c]]
                down &= word_2[of_second[pair, c] ^ 1]
            games = up | down
            if games:
                hit_pair[hits], hit_word[hits] = pair, games
                hits += 1
    return hits


@compiled
def _undecided(of_first: Any, of_second: Any, word_1: Any, word_2: Any) -> Any:
    """Games with a support pair that no sure sign contradicts, and that is not surely an equilibrium."""
    found = np.uint64(0)
    for pair in range(len(of_first)):
        up, down, sure_up, sure_down = np.uint64(0), np.uint64(0), ~np.uint64(0), ~np.uint64(0)
        for c in range(of_first.shape[1]):
            positive, negative = word_1[of_first[pair, c]], word_1[of_first[pair, c] ^ 1]
            up, down, sure_up, sure_down = up | positive, down | negative, sure_up & positive, sure_down & negative
        possible, sure = ~(up & down), sure_up | sure_down
        if possible & ~found:
            up, down, sure_up, sure_down = np.uint64(0), np.uint64(0), ~np.uint64(0), ~np.uint64(0)
            for c in range(of_second.shape[1]):
                positive, negative = word_2[of_second[pair, c]], word_2[of_second[pair, c] ^ 1]
                up, down, sure_up, sure_down = up | positive, down | negative, sure_up & positive, sure_down & negative
            found |= possible & ~(up & down) & ~(sure & (sure_up | sure_down))
    return found


@compiled
def enumerate_supports(
    payoffs: Any, pairs: Any, first: Any, second: Any, start: int, counts: Any, unsure: Any, x: Any, y: Any
) -> tuple[int, int]:
    """Equilibria of the games from `start`, 64 at a time, until all are done or `x` is full.

    Args:
        payoffs: shape (games, 2, m, n).
        pairs: size, rows, columns, of_first, of_second of `SupportPairs`.
        first, second: degree, first_term, entry, smaller, error of each player's `Minors`.
        start: the first game to do.
        counts, unsure: shape (games,), filled: equilibria found; whether some support pair was not decided.
        x, y: shape (room, m) and (room, n), zeros; filled in order of the games, `counts` rows each.

    Returns:
        The first game that was not done, and how many rows of `x` and `y` are filled.
    """
    size, rows, columns, of_first, of_second = pairs
    degree_1, first_term_1, entry_1, smaller_1, error_1 = first
    degree_2, first_term_2, entry_2, smaller_2, error_2 = second
    games, _, m, n = payoffs.shape
    shifted_1, shifted_2 = np.empty((max(m - 1, 1) * n, LANES)), np.empty((max(n - 1, 1) * m, LANES))
    doubt_1, doubt_2 = np.empty((len(error_1), LANES)), np.empty((len(error_2), LANES))
    value_1, value_2 = np.empty((len(degree_1), LANES)), np.empty((len(degree_2), LANES))
    word_1, word_2 = np.empty(2 * len(degree_1), np.uint64), np.empty(2 * len(degree_2), np.uint64)
    hit_pair, hit_word = np.empty(len(size), np.int64), np.empty(len(size), np.uint64)
    next_row = np.empty(LANES, np.int64)
    filled = 0
    while start < games:
        count = min(LANES, games - start)
        _load(payoffs, 0, start, error_1, shifted_1, doubt_1)
        _load(payoffs, 1, start, error_2, shifted_2, doubt_2)
        decided = signs(degree_1, first_term_1, entry_1, smaller_1, doubt_1, shifted_1, value_1, word_1)
        decided &= signs(degree_2, first_term_2, entry_2, smaller_2, doubt_2, shifted_2, value_2, word_2)
        doubtful = np.uint64(0)
        if ~decided:
            doubtful = _undecided(of_first, of_second, word_1, word_2)
        hits = _consistent(of_first, of_second, word_1, word_2, hit_pair, hit_word)
        wanted = ~doubtful & (~np.uint64(0) >> np.uint64(LANES - count))
        if not _count(hit_word[:hits], wanted, counts[start : start + count], next_row, filled, len(x)):
            break
        for h in range(hits):
            pair, word = hit_pair[h], hit_word[h]
            k = size[pair]
            doubtful |= _mix(of_first[pair, :k], columns[pair], value_1, doubt_1[k - 1], word, next_row, y)
            doubtful |= _mix(of_second[pair, :k], rows[pair], value_2, doubt_2[k - 1], word, next_row, x)
            while word:
                next_row[lowest(word)] += 1
                word &= word - np.uint64(1)
        for lane in range(count):
            unsure[start + lane] = (doubtful >> np.uint64(lane)) & np.uint64(1)
        for lane in range(count):
            filled += counts[start + lane]
        start += count
    return start, filled


@compiled
def _count(hit_word: Any, wanted: Any, counts: Any, next_row: Any, filled: int, room: int) -> bool:
    """Count the equilibria of each game and give it its rows, in order of the games; False where they do not fit."""
    counts[:] = 0
    for h in range(len(hit_word)):
        hit_word[h] &= wanted
        word = hit_word[h]
        while word:
            counts[lowest(word)] += 1
            word &= word - np.uint64(1)
    for lane in range(len(counts)):
        next_row[lane] = filled
        filled += counts[lane]
    return filled <= room


@compiled
def lowest(word: Any) -> Any:
    """The place of the lowest bit that is set."""
    return DE_BRUIJN_PLACE[(word & (~word + np.uint64(1))) * DE_BRUIJN >> np.uint64(58)]


@compiled
def _mix(conditions: Any, actions: Any, value: Any, doubt: Any, games: Any, row: Any, shares: Any) -> Any:
    """Write shares, proportional to the size of their minors, for some games; returns where they may be too far off.

    Args:
        conditions: of one support pair, those of the mix.
        actions: what is mixed.
        doubt: (lanes,) greatest error of these minors.
        games: bits.
        row: (lanes,) where in `shares` each game's strategy goes.
    """
    k = len(conditions)
    vague = np.uint64(0)
    while games:
        lane = lowest(games)
        games &= games - np.uint64(1)
        own = shares[row[lane]]
        if k == 1:
            own[actions[0]] = 1.0
            continue
        total = 0.0
        for t in range(k):
            total += abs(value[conditions[t] >> 1, lane])
        for t in range(k):
            own[actions[t]] = abs(value[conditions[t] >> 1, lane]) / total
        vague |= np.uint64(k * doubt[lane] > SHARP * total) << np.uint64(lane)
    return vague
