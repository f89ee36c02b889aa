"""Compiled equations of logit equilibria at one point, their derivative, and Newton's method beside a branch.

A point y holds the log shares of all actions, player after player, then the precision L. Logit equilibria solve
F(y) = 0, where F is each log share minus the log of the share that L times the payoffs calls for. One matrix, F'
bordered by the branch's tangent, gives the correction, the next tangent, and the sign that tells a bifurcation.

Source: Allgower & Georg (1990), Numerical Continuation Methods, Springer, ch. 2 and 3.
"""

from typing import Any, NamedTuple

import numpy as np

from sim.compiled import compiled

FARTHEST = 0.4  # that the corrections of one step may lead in all, of log shares
ROUNDED = 1e-6  # correction that is left to rounding, where Newton's method comes no nearer


class Work(NamedTuple):
    """A game, and room to compute in; n actions in all."""

    tables: Any  # (players, profiles) payoffs
    cells: Any  # (profiles, players) the place of each action played among all
    first: Any  # (players + 1,) the place of each player's first action
    spread: Any  # (players,) each player's range
    slopes: Any  # (n, n) what an action earns against an action of another player, the rest mixing
    matrix: Any  # (n + 1, n + 1) F' and the border; factors, once solved
    shares: Any  # (n,)
    values: Any  # (n,) what each action earns
    called: Any  # (n,) the share that values call for
    average: Any  # (n,) of a player's slopes, by `called`
    right: Any  # (n + 1,)
    rows: Any  # (n + 1,) exchanges of rows


@compiled
def set_slopes(work: Any) -> None:
    """What every action earns against every action of another player."""
    players = len(work.tables)
    work.slopes[:] = 0.0
    for cell in range(work.tables.shape[1]):
        for i in range(players):
            for k in range(players):
                if k == i:
                    continue
                weight = work.tables[i, cell]
                for m in range(players):
                    if m not in (i, k):
                        weight *= work.shares[work.cells[cell, m]]
                work.slopes[work.cells[cell, i], work.cells[cell, k]] += weight


@compiled
def set_system(work: Any, y: Any) -> None:
    """F at y, negated, in `right`, and F' in the first n rows of `matrix`."""
    n, first, slopes = len(y) - 1, work.first, work.slopes
    players, precision = len(first) - 1, y[n]
    for a in range(n):
        work.shares[a] = np.exp(y[a])
    if players > 2:
        set_slopes(work)
    for i in range(players):
        begin, end = first[i], first[i + 1]
        other = 0 if i else players - 1
        top = -np.inf
        for a in range(begin, end):
            value = 0.0
            if players == 1:
                value = work.tables[0, a]
            else:
                for b in range(first[other], first[other + 1]):
                    value += slopes[a, b] * work.shares[b]
            work.values[a] = value
            top = max(top, value)
        total = mean = 0.0
        for a in range(begin, end):
            work.called[a] = np.exp(precision * (work.values[a] - top))
            total += work.called[a]
        logarithm = np.log(total)
        for a in range(begin, end):
            work.called[a] /= total
            mean += work.called[a] * work.values[a]
            work.right[a] = precision * (work.values[a] - top) - logarithm - y[a]
        work.average[:] = 0.0
        for a in range(begin, end):
            share = work.called[a]
            for b in range(n):
                work.average[b] += share * slopes[a, b]
        for a in range(begin, end):
            for b in range(n):  # its own block stays 0
                work.matrix[a, b] = precision * work.shares[b] * (work.average[b] - slopes[a, b])
            work.matrix[a, a] = 1.0
            work.matrix[a, n] = mean - work.values[a]


@compiled
def factor(A: Any, rows: Any) -> tuple[float, float]:
    """LU factors of A in its place, rows exchanged: the sign of its determinant, 0 if singular, and log |det|."""
    n, sign, logarithm, product = len(A), 1.0, 0.0, 1.0
    for c in range(n):
        best = c
        for r in range(c + 1, n):
            if abs(A[r, c]) > abs(A[best, c]):
                best = r
        rows[c] = best
        pivot = A[best, c]
        if not 1e-200 < abs(pivot) < 1e200:
            return 0.0, 0.0
        if best != c:
            sign = -sign
            for k in range(n):
                A[c, k], A[best, k] = A[best, k], A[c, k]
        sign = sign if pivot > 0 else -sign
        product *= abs(pivot)
        if not 1e-100 < product < 1e100:
            logarithm += np.log(product)
            product = 1.0
        pivot = 1.0 / pivot
        for r in range(c + 1, n):
            if A[r, c] != 0.0:
                factor = A[r, c] * pivot
                A[r, c] = factor
                for k in range(c + 1, n):
                    A[r, k] -= factor * A[c, k]
    return sign, logarithm + np.log(product)


@compiled
def _solve(A: Any, rows: Any, x: Any) -> None:
    """x becomes the solution of the factored system."""
    n = len(A)
    for c in range(n):
        x[c], x[rows[c]] = x[rows[c]], x[c]
    for r in range(1, n):
        for k in range(r):
            x[r] -= A[r, k] * x[k]
    for r in range(n - 1, -1, -1):
        for k in range(r + 1, n):
            x[r] -= A[r, k] * x[k]
        x[r] /= A[r, r]


@compiled
def tangent_at(work: Any, before: Any, after: Any) -> float:
    """The unit tangent by the factored matrix, pointing as before; its cosine with `before`, which borders it."""
    n = len(after) - 1
    after[:] = 0.0
    after[n] = 1.0
    _solve(work.matrix, work.rows, after)
    size = cosine = 0.0
    for k in range(n + 1):
        size += after[k] * after[k]
    size = np.sqrt(size)
    for k in range(n + 1):
        after[k] /= size
        cosine += after[k] * before[k]
    return cosine


@compiled
def correct(work: Any, y: Any, tangent: Any, after: Any, within: float) -> tuple[float, float, float, float]:
    """Newton's method from y at right angles to the tangent, in place.

    Returns:
        How far it led (infinite: too far), the sign and log |det| of F' bordered by its own tangent, and the cosine of
        that new tangent, put into `after`, with the old one.
    """
    n, effort = len(y) - 1, 0.0
    moved = 0.0  # along the tangent, to be taken back
    for left in range(7, -1, -1):
        set_system(work, y)
        for k in range(n + 1):
            work.matrix[n, k] = tangent[k]
        work.right[n] = -moved
        sign, logarithm = factor(work.matrix, work.rows)
        if sign == 0.0:
            return np.inf, 0.0, 0.0, 0.0
        _solve(work.matrix, work.rows, work.right)
        size, highest = 0.0, -np.inf
        for k in range(n + 1):
            y[k] += work.right[k]
            moved += tangent[k] * work.right[k]
            size = max(size, abs(work.right[k]) / (1 + 0.02 * abs(y[k])))
            if k < n:
                highest = max(highest, y[k])
        effort += size
        if not effort <= FARTHEST or highest > 0.5:
            return np.inf, 0.0, 0.0, 0.0
        if size <= within + 1e-14 * abs(y[n]) or (left == 0 and size <= ROUNDED):
            cosine = tangent_at(work, tangent, after)
            return effort, sign, logarithm - np.log(abs(cosine)), cosine
    return np.inf, 0.0, 0.0, 0.0


@compiled
def regret_at(work: Any) -> float:
    """The greatest relative regret of any player at the point that `_set_system` saw last."""
    worst = 0.0
    for i in range(len(work.spread)):
        if work.spread[i] == 0.0:
            continue
        best, mean, total = -np.inf, 0.0, 0.0
        for a in range(work.first[i], work.first[i + 1]):
            best = max(best, work.values[a])
            mean += work.values[a] * work.shares[a]
            total += work.shares[a]
        worst = max(worst, (best - mean / total) / work.spread[i])
    return worst
