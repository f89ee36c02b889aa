"""The compiled loop of strong equilibria: only profiles that stand are looked at, in the draws in which they do.

Of the deviations of a coalition most are soon seen to change nothing: a member loses more by them than the closest
distance so far, so that they neither upset nor decide how far the profile is from being upset.
"""

from typing import Any

import numpy as np

from sim.compiled import compiled, compiled_inside
from sim.game.row_operations import LANES

CHAIN, FIRST, LAST, OUT, MARGIN, GAP = range(6)  # columns of the table of levels
WHO, SIZE, MOVES = range(3)  # columns of the table of coalitions

CAREFUL = 1.0 + 2.0**-50  # a bound that is rounded may be a little low
ONE = np.uint64(1)


@compiled_inside
def _tried(
    rows: Any,
    lane: Any,
    first: Any,
    last: Any,
    moves: Any,
    at: Any,
    members: Any,
    who: Any,
    size: Any,
    of_player: Any,
    of_member: Any,
    nearest: float,
) -> Any:
    """Whether some joint deviation gives every member more than a tie, and the closest distance, if below `nearest`.

    A deviation's distance is the gain of the member that gains least, as a share of its range.

    Args:
        rows: (rows, 64) payoffs.
        lane: the draw.
        first: the first deviation of the coalition from this profile.
        last: the one after its last.
        moves: rows of the members' payoffs, deviation by deviation, from entry `at` on.
        at: as said.
        members: players, the coalition's from entry `who` on, so many as `size`.
        who: as said.
        size: as said.
        of_player: (3, players) what each earns here, its range, its greatest tie.
        of_member: (3, players) room for gains, and for the loss from which on a deviation decides nothing.
        nearest: the closest distance so far.
    """
    upset = False
    for k in range(size):
        of_member[1, k] = -(nearest * of_player[1, members[who + k]] * CAREFUL)
    for deviation in range(first, last):
        useful = True
        gaining = True
        for k in range(size):
            player = members[who + k]
            gain = rows[moves[at + deviation * size + k], lane] - of_player[0, player]
            if gain < of_member[1, k]:
                useful = False
                break
            gaining = gaining and gain > of_player[2, player]
            of_member[0, k] = gain
        if not useful:
            continue
        upset = upset or gaining
        least = np.inf
        for k in range(size):
            width = of_player[1, members[who + k]]
            share = of_member[0, k] / width if width > 0.0 else 0.0
            least = min(least, share)
        if least != 0.0 and abs(least) < nearest:
            nearest = abs(least)
            for k in range(size):
                of_member[1, k] = -(nearest * of_player[1, members[who + k]] * CAREFUL)
    return upset, nearest


@compiled_inside
def _alone(rows: Any, own: Any, width: Any, first: Any, last: Any, moves: Any, nearest: Any, slack: Any) -> None:
    """Lower `slack` to the smallest change, not 0, that a player's own deviations bring it, as a share of its range.

    All 64 draws at once: `own` is the row that it earns now, `nearest` is room for a row.
    """
    for lane in range(LANES):
        nearest[lane] = np.inf
    for deviation in range(first, last):
        there = moves[deviation]
        for lane in range(LANES):
            change = abs(rows[there, lane] - rows[own, lane])
            change = change if change > 0.0 else np.inf
            nearest[lane] = change if change < nearest[lane] else nearest[lane]
    for lane in range(LANES):
        share = nearest[lane] / rows[width, lane] if rows[width, lane] > 0.0 else np.inf
        slack[lane] = share if share < slack[lane] else slack[lane]


@compiled
def stand(
    rows: Any,
    words: Any,
    place: Any,
    scale: Any,
    tie: Any,
    nash: Any,
    nash_gap: int,
    levels: Any,
    groups: Any,
    spans: Any,
    members: Any,
    moves: Any,
) -> None:
    """Keep the profiles of 64 draws that no listed coalition upsets.

    Deviations that change nothing for a coalition's hardest-to-please member are ties by structure: they count neither
    in the margin nor in the gap.

    Args:
        rows: (rows, 64) payoffs and scales; margins and gaps are written to it.
        words: truths of 64 draws; what stands is written to it.
        place: (players, profiles) the row of each payoff.
        scale: (players,) the row of each range.
        tie: (players,) the row of the greatest gain that is a tie.
        nash: (profiles,) the word of each profile: is it a pure Nash equilibrium.
        nash_gap: the row of the smallest gain that decided that.
        levels: (levels, 6) the chain that a level is of, its coalitions from first to last (exclusive), its first word,
            its rows of margin and gap. Level 0 is single players, who upset nothing; a chain's later levels go on from
            its earlier ones.
        groups: (coalitions, 3) where its members begin in `members`, how many they are, where its deviations begin in
            `moves`.
        spans: (coalitions, profiles, 2) the coalition's deviations from each profile, from first to last (exclusive).
        members: player numbers, coalition by coalition.
        moves: rows of the members' payoffs, deviation by deviation, coalition by coalition.
    """
    players, profiles = place.shape
    for level in range(len(levels)):
        out = levels[level, OUT]
        for profile in range(profiles):
            words[out + profile] = np.uint64(0)
        for lane in range(LANES):
            rows[levels[level, MARGIN], lane] = np.inf
            rows[levels[level, GAP], lane] = rows[nash_gap, lane]
    of_player, of_member = np.empty((3, players)), np.empty((2, players))
    nearest, alone = np.empty(LANES), np.empty(LANES)
    for profile in range(profiles):
        word = words[nash[profile]]
        if word == np.uint64(0):
            continue
        alone[:] = np.inf
        for group in range(levels[0, FIRST], levels[0, LAST]):
            player, at = members[groups[group, WHO]], groups[group, MOVES]
            first, last = at + spans[group, profile, 0], at + spans[group, profile, 1]
            _alone(rows, place[player, profile], scale[player], first, last, moves, nearest, alone)
        words[levels[0, OUT] + profile] = word
        for lane in range(LANES):
            if not word >> np.uint64(lane) & ONE:
                continue
            margin, gap = levels[0, MARGIN], levels[0, GAP]
            rows[margin, lane] = min(rows[margin, lane], alone[lane])
            rows[gap, lane] = min(rows[gap, lane], alone[lane])
            if len(levels) == 1:
                continue
            for player in range(players):
                of_player[0, player] = rows[place[player, profile], lane]
                of_player[1, player] = rows[scale[player], lane]
                of_player[2, player] = rows[tie[player], lane]
            slack = alone[lane]
            chain = 0
            stands = True
            for level in range(1, len(levels)):
                if levels[level, CHAIN] != chain:
                    chain = levels[level, CHAIN]
                    slack = alone[lane]
                    stands = True
                if not stands:
                    continue
                for group in range(levels[level, FIRST], levels[level, LAST]):
                    first, last = spans[group, profile, 0], spans[group, profile, 1]
                    who, size, at = groups[group, WHO], groups[group, SIZE], groups[group, MOVES]
                    upset, slack = _tried(
                        rows, lane, first, last, moves, at, members, who, size, of_player, of_member, slack
                    )
                    if upset:
                        stands = False
                        break
                gap = levels[level, GAP]
                rows[gap, lane] = min(rows[gap, lane], slack)
                if stands:
                    words[levels[level, OUT] + profile] |= ONE << np.uint64(lane)
                    margin = levels[level, MARGIN]
                    rows[margin, lane] = min(rows[margin, lane], slack)
    for level in range(1, len(levels)):  # what decided an earlier level decided this one too
        before = level - 1 if levels[level - 1, CHAIN] == levels[level, CHAIN] else 0
        for lane in range(LANES):
            gap = levels[level, GAP]
            rows[gap, lane] = min(rows[gap, lane], rows[levels[before, GAP], lane])
