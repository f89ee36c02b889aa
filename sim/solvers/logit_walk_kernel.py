"""Compiled continuation of the principal logit branch, game after game, in (log shares, precision) by arc length.

From a point with unit tangent t the next is predicted along a parabola through the last two tangents, and corrected at
right angles to t. The step grows while corrections are small.

A bifurcation where one eigenvalue passes 0 turns the sign of the determinant. Where two pass at once, as symmetries
make them, it only touches 0: so where its logarithm dips over three steps, the least value inside is looked for.

Sources: Allgower & Georg (1990), Numerical Continuation Methods, Springer, ch. 6 and 8; Turocy (2005), A dynamic
homotopy interpretation of the logistic quantal response equilibrium correspondence, GEB 51, 243-263.
"""

from typing import Any

import numpy as np

from sim.compiled import compiled
from sim.solvers.logit_kernel import (
    Work,
    correct,
    factor,
    regret_at,
    set_slopes,
    set_system,
    tangent_at,
)

ARRIVED, CROSSED, LOST = 0, 1, 2  # how following a branch can end

GREATEST_STEPS = 20_000
GREATEST_PRECISION = 1e13  # in shares of range: beyond, payoffs have no more digits
FIRST_STEP, SMALLEST_STEP = 0.3, 1e-9
SHORT = 1e-5  # a step over which the determinant turns its sign at a bifurcation, and by no jump to another branch
WITHIN, EXACTLY = 6e-3, 1e-11  # greatest last correction: underway (the next would be about its square), and at the end
DIP = 0.8  # by less the logarithm of the determinant does not bend where two eigenvalues pass 0
GOLDEN = 0.6180339887498949
SHALLOW, TOUCHING = -3.0, -14.0  # logarithm of a determinant that stays off 0 in spite of a dip; of one that reaches 0


@compiled
def _predict(point: Any, tangent: Any, bend: Any, length: float, y: Any) -> None:
    for k in range(len(y)):
        y[k] = point[k] + length * (tangent[k] + 0.5 * length * bend[k])


@compiled
def _turning(work: Any, point: Any, tangent: Any, bend: Any, length: float, y: Any, after: Any) -> tuple[float, float]:
    """The part of a step after which the precision falls again, and the greatest precision before."""
    near, far, top = 0.0, length, point[-1]
    for _ in range(40):
        middle = (near + far) / 2
        _predict(point, tangent, bend, middle, y)
        effort, _, _, _ = correct(work, y, tangent, after, EXACTLY)
        if effort == np.inf:
            break
        top = max(top, y[-1])
        if after[-1] > 0:
            near = middle
        else:
            far = middle
    return far, top


@compiled
def _stop_at(work: Any, point: Any, tangent: Any, bend: Any, far: float, goal: float, y: Any, after: Any) -> bool:
    """Let y be the point of the branch, between `point` and `far` beyond, where the precision is `goal`."""
    near, below, above = 0.0, point[-1] - goal, np.inf
    for k in range(80):
        if above == np.inf or k % 3 == 2 or above - below <= 0:
            middle = far if above == np.inf else (near + far) / 2
        else:
            middle = near + (far - near) * below / (below - above)
        _predict(point, tangent, bend, middle, y)
        effort, _, _, _ = correct(work, y, tangent, after, EXACTLY)
        if effort == np.inf:
            return False
        miss = y[-1] - goal
        if abs(miss) <= 1e-14 * (1 + goal) or far - near <= 1e-15 * (1 + abs(goal)):
            break
        if miss < 0:
            near, below = middle, miss
        else:
            far, above = middle, miss
    y[-1] = goal
    return True


@compiled
def _start(work: Any, point: Any, tangent: Any) -> tuple[float, float]:
    """Even play at precision 0, and the branch's direction there; the sign and log |det| of the bordered F'."""
    n = len(point) - 1
    for i in range(len(work.spread)):
        for a in range(work.first[i], work.first[i + 1]):
            point[a] = -np.log(work.first[i + 1] - work.first[i])
    point[n] = 0.0
    upwards = np.zeros(n + 1)
    upwards[n] = 1.0
    set_system(work, point)
    work.matrix[n] = upwards
    sign, logarithm = factor(work.matrix, work.rows)
    return sign, logarithm - np.log(abs(tangent_at(work, upwards, tangent)))


@compiled
def _touches_0(work: Any, point: Any, tangent: Any, bend: Any, step: float, ends: float, y: Any, after: Any) -> bool:
    """Whether the determinant reaches 0 inside a step without turning its sign, by golden sections.

    `ends` is the greater log |det| of the two ends; y is left near the least value. Near 0 it falls with the square of
    the distance, so that a few sections tell.
    """
    near, far = 0.0, step
    left, right = far - GOLDEN * step, GOLDEN * step
    lower = _log_determinant(work, point, tangent, bend, left, y, after)
    upper = _log_determinant(work, point, tangent, bend, right, y, after)
    for k in range(40):
        least = min(lower, upper) - ends
        if least < TOUCHING:
            return True
        if k >= 4 and least > SHALLOW:
            return False
        if lower < upper:
            far, right, upper = right, left, lower
            left = far - GOLDEN * (far - near)
            lower = _log_determinant(work, point, tangent, bend, left, y, after)
        else:
            near, left, lower = left, right, upper
            right = near + GOLDEN * (far - near)
            upper = _log_determinant(work, point, tangent, bend, right, y, after)
    return False


@compiled
def _log_determinant(work: Any, point: Any, tangent: Any, bend: Any, length: float, y: Any, after: Any) -> float:
    _predict(point, tangent, bend, length, y)
    effort, _, logarithm, _ = correct(work, y, tangent, after, EXACTLY)
    return logarithm if effort < np.inf else np.inf


@compiled
def follow(work: Any, goal: float, close: float, point: Any) -> tuple[int, float]:
    """Follow the branch from even play until the precision is `goal`, or the relative regret `close`.

    Args:
        work: the game, with payoffs from 0 to 1; `slopes` set, where there are two players.
        goal: infinite where only `close` counts.
        close: negative where only `goal` counts.
        point: (n + 1,), where it ends.

    Returns:
        How it ended (ARRIVED, CROSSED, LOST), and the relative regret there.
    """
    m = len(point)
    tangent, bend, after, y = np.zeros(m), np.zeros(m), np.zeros(m), np.zeros(m)
    sign, logarithm = _start(work, point, tangent)
    length, rise, rise_before = FIRST_STEP, 0.0, 0.0
    there = point.copy()
    last, last_tangent, last_bend, last_step = point.copy(), tangent.copy(), bend.copy(), 0.0
    trouble, regret, tried, highest = ARRIVED, np.inf, 0, logarithm  # the last: of the determinant, lately
    while True:
        if goal <= 0.0 or regret <= close or point[m - 1] >= GREATEST_PRECISION:
            break
        if tried > GREATEST_STEPS:
            trouble = LOST
            break
        room, size = np.inf, 1.0
        for k in range(m):
            room = min(room, (0.5 + abs(point[k])) / max(abs(tangent[k]), 1e-300))
            size = max(size, 1.0 + abs(point[k]))
        step, trouble, turned = min(length, room), ARRIVED, False
        while True:
            _predict(point, tangent, bend, step, y)
            tight = step <= 1e-3 * size
            effort, sign_now, logarithm_now, cosine = correct(work, y, tangent, after, EXACTLY if tight else WITHIN)
            same = effort < np.inf and sign_now == sign and cosine >= 0.5
            regret = regret_at(work)
            if same:
                break
            tried += 1
            turned = turned if effort == np.inf else True if step <= SHORT * size else sign_now != sign
            step /= 2
            if step < (SHORT if turned else SMALLEST_STEP) * size or tried > GREATEST_STEPS:
                near_0 = logarithm - highest < SHALLOW - 4.0  # the determinant is about to turn
                trouble = CROSSED if turned or near_0 else LOST  # still nearer, rounding would choose a branch
                break
        tried += 1
        if trouble != ARRIVED:
            break
        rise_now = logarithm_now - logarithm
        if rise_now - rise_before > DIP and last_step > 0.0:
            ends = max(logarithm, logarithm - rise)
            if _touches_0(work, last, last_tangent, last_bend, last_step, ends, there, after.copy()):
                trouble, point[:] = CROSSED, there
                break
        far = step if y[m - 1] >= goal else 0.0
        if far == 0.0 and goal < np.inf and tangent[m - 1] > 0 > after[m - 1]:
            turn, top = _turning(work, point, tangent, bend, step, y.copy(), after.copy())
            far = turn if top >= goal else 0.0
        if far > 0.0:
            ends = max(logarithm, logarithm_now)
            crossed = _touches_0(work, point, tangent, bend, far, ends, there, after.copy())
            if crossed and there[m - 1] <= goal:
                trouble, point[:] = CROSSED, there
                break
            if not _stop_at(work, point, tangent, bend, far, goal, y, after):
                trouble = LOST
                break
            point[:] = y
            break
        rise_before, rise, logarithm = rise, rise_now, logarithm_now
        highest = max(highest - 0.5, logarithm)
        last[:], last_tangent[:], last_bend[:], last_step = point, tangent, bend, step
        for k in range(m):
            bend[k] = (after[k] - tangent[k]) / step
            tangent[k], point[k] = after[k], y[k]
        length = step * (2.0 if effort < 0.05 else 1.2 if effort < 0.15 else 0.7)
    if trouble == ARRIVED and goal == np.inf:
        y[:] = point
        if correct(work, y, tangent, after, EXACTLY)[0] < np.inf:
            point[:] = y
    set_system(work, point)
    return trouble, regret_at(work)


@compiled
def follow_all(
    payoffs: Any, cells: Any, first: Any, goals: Any, close: float, chosen: Any, ended: Any, regrets: Any, points: Any
) -> None:
    """`follow` for the chosen games.

    Args:
        payoffs: (draws, players, profiles), each player's least at 0 and the greatest of all at 1.
        cells, first: as in `Work`.
        goals: (draws,) precisions, in the inverse unit of these payoffs.
        close: as in `follow`.
        chosen: (draws,) which games.
        ended, regrets: (draws,) how each ended, as `follow` says.
        points: (draws, n + 1) where.
    """
    n, players = first[-1], payoffs.shape[1]
    work = Work(
        payoffs[0],
        cells,
        first,
        np.zeros(players),
        np.zeros((n, n)),
        np.zeros((n + 1, n + 1)),
        np.zeros(n),
        np.zeros(n),
        np.zeros(n),
        np.zeros(n),
        np.zeros(n + 1),
        np.zeros(n + 1, dtype=np.int64),
    )
    for draw in np.flatnonzero(chosen):
        spread = work.spread
        for i in range(players):
            spread[i] = payoffs[draw, i].max()
        own = Work(
            payoffs[draw], cells, first, spread, work.slopes, work.matrix, work.shares, work.values, work.called,
            work.average, work.right, work.rows,
        )  # fmt: skip
        if players == 2:
            set_slopes(own)
        ended[draw], regrets[draw] = follow(own, goals[draw], close, points[draw])
