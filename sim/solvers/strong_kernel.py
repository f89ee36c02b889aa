"""The compiled loop of strong equilibria: only profiles that stand are looked at, in the draws in which they do.

Of the deviations of a coalition most are soon seen to change nothing: a member loses more by them than the closest
distance so far, so that they neither upset nor decide how far the profile is from being upset.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np

CHAIN, FIRST, LAST, OUT, MARGIN, GAP = range(6)  # columns of the table of levels
MEMBERS, MEMBERS_END, OFFSETS, OFFSETS_END = range(4)  # columns of the table of coalitions

CAREFUL = 1.0 + 2.0**-50  # a bound that is rounded may be a little low
ONE = np.uint64(1)

Function = TypeVar("Function", bound=Callable[..., Any])


def _inside(function: Function) -> Function:
    return cast(Function, numba.njit(nogil=True, error_model="numpy")(function))


def _compiled(function: Function) -> Function:
    return cast(Function, numba.njit(cache=True, nogil=True, error_model="numpy")(function))


@_inside
def _closest(gains: Any, scale: Any, members: Any, lane: int, rows: Any) -> float:
    """How far a deviation is from a tie of the member that gains least, as a share of its range; 0 where it ties."""
    least = np.inf
    for k in range(len(members)):
        width = rows[scale[members[k]], lane]
        share = gains[k] / width if width > 0.0 else 0.0
        least = share if share < least else least
    return abs(least)


@_inside
def _tried(
    rows: Any,
    place: Any,
    scale: Any,
    tie: Any,
    lane: int,
    start: int,
    members: Any,
    offsets: Any,
    earned: Any,
    gains: Any,
    nearest: float,
) -> Any:
    """Whether some joint deviation gives every member more than a tie, and the closest distance, if below `nearest`.

    `start` is the profile with the coalition's own choices at 0, and `offsets` lead from there to every joint choice.
    """
    upset = False
    for offset in offsets:
        profile = start + offset
        useful = True
        gaining = True
        for k in range(len(members)):
            who = members[k]
            gain = rows[place[who, profile], lane] - earned[who]
            if gain < -(nearest * rows[scale[who], lane] * CAREFUL):
                useful = False
                break
            gaining = gaining and gain > rows[tie[who], lane]
            gains[k] = gain
        if useful:
            upset = upset or gaining
            distance = _closest(gains, scale, members, lane, rows)
            if distance != 0.0 and distance < nearest:
                nearest = distance
    return upset, nearest


@_compiled
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
    starts: Any,
    members: Any,
    offsets: Any,
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
        groups: (coalitions, 4) where its members and its offsets begin and end.
        starts: (coalitions, profiles) the profile with the coalition's own choices at 0.
        members: player numbers, coalition by coalition.
        offsets: of joint choices, coalition by coalition.
    """
    profiles = place.shape[1]
    lanes = rows.shape[1]
    for level in range(len(levels)):
        out = levels[level, OUT]
        for profile in range(profiles):
            words[out + profile] = np.uint64(0)
        for lane in range(lanes):
            rows[levels[level, MARGIN], lane] = np.inf
            rows[levels[level, GAP], lane] = rows[nash_gap, lane]
    earned = np.empty(len(place))
    gains = np.empty(len(place))
    for profile in range(profiles):
        word = words[nash[profile]]
        for lane in range(lanes):
            if not word >> np.uint64(lane) & ONE:
                continue
            for who in range(len(place)):
                earned[who] = rows[place[who, profile], lane]
            alone = np.inf
            slack = np.inf
            chain = -1
            stands = True
            for level in range(len(levels)):
                if levels[level, CHAIN] != chain:
                    chain = levels[level, CHAIN]
                    slack = alone
                    stands = True
                if not stands:
                    continue
                for group in range(levels[level, FIRST], levels[level, LAST]):
                    upset, slack = _tried(
                        rows,
                        place,
                        scale,
                        tie,
                        lane,
                        starts[group, profile],
                        members[groups[group, MEMBERS] : groups[group, MEMBERS_END]],
                        offsets[groups[group, OFFSETS] : groups[group, OFFSETS_END]],
                        earned,
                        gains,
                        slack,
                    )
                    if upset and level > 0:
                        stands = False
                        break
                gap = levels[level, GAP]
                rows[gap, lane] = min(rows[gap, lane], slack)
                if stands:
                    words[levels[level, OUT] + profile] |= ONE << np.uint64(lane)
                    margin = levels[level, MARGIN]
                    rows[margin, lane] = min(rows[margin, lane], slack)
                if level == 0:
                    alone = slack
    for level in range(1, len(levels)):  # what decided an earlier level decided this one too
        before = level - 1 if levels[level - 1, CHAIN] == levels[level, CHAIN] else 0
        for lane in range(lanes):
            gap = levels[level, GAP]
            rows[gap, lane] = min(rows[gap, lane], rows[levels[before, GAP], lane])
