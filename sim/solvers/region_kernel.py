"""Compiled bounds on a region of mixed profiles: a product of simplices, one a player, known by its corners.

A region's corners are one vertex a player. What an action gains over another is affine in each player's strategy, so
its range over the region is exactly the hull of its values at the corners, and so is the range of its derivatives.
Halving an edge replaces one vertex by the midpoint: one average a corner.

Gains are at most 1 and an average rounds once, so a corner's error is at most its depth times 2^-53; every other bound
counts its operations likewise. No fast-math: each operation is rounded once.

Sources: Garloff (1986), Convergent bounds for the range of multivariate polynomials, LNCS 212, 37-56; Neumaier (1990),
Interval Methods for Systems of Equations, ch. 5.
"""

import math
from typing import Any

import numpy as np

from sim.compiled import compiled

ROUNDING = 2.0**-53


@compiled
def excluded_at_once(table: Any, sizes: Any, strides: Any, act: Any, s: Any, exact: bool) -> bool:
    """Whether some action is worse than another throughout the support, or an outside one better, by payoffs as given.

    With `exact` payoffs a weak comparison that is somewhere strict suffices: inside the support, every corner counts.
    """
    for i in range(len(sizes)):
        corners = 1
        for k in range(len(sizes)):
            if k != i:
                corners *= s[k]
        for g in range(sizes[i]):
            for h in range(min(g, s[i])):  # h in the support; g anywhere
                more, less, same = False, False, False
                for corner in range(corners):
                    rest, at = corner, 0
                    for k in range(len(sizes) - 1, -1, -1):
                        if k != i:
                            at += act[k, rest % s[k]] * strides[k]
                            rest //= s[k]
                    a, b = table[i, at + act[i, g] * strides[i]], table[i, at + act[i, h] * strides[i]]
                    if a > b:
                        more = True
                    elif a < b:
                        less = True
                    else:
                        same = True
                    if (more and less) or (same and not exact):
                        break
                if same and not exact:
                    continue
                if (more and not less) or (g < s[i] and less and not more):
                    return True
    return False


@compiled
def sign_words(table: Any, sizes: Any, more: Any) -> None:
    """Where an action earns more than another, as bits: `more[i, g, h]` over the profiles of the others, at most 64."""
    for i in range(len(sizes)):
        step = 1
        for k in range(i + 1, len(sizes)):
            step *= sizes[k]
        for g in range(sizes[i]):
            for h in range(sizes[i]):
                word = np.uint64(0)
                for rest in range(table.shape[1] // sizes[i]):
                    at = (rest // step) * step * sizes[i] + rest % step
                    word |= np.uint64(table[i, at + g * step] > table[i, at + h * step]) << np.uint64(rest)
                more[i, g, h] = word


@compiled
def excluded_by_words(more: Any, sizes: Any, masks: Any, words: Any, support: int, exact: bool) -> bool:
    """Whether some action is worse than another throughout the support, or an outside one better, by `sign_words`.

    `words` (supports, players) has the profiles of a player's rivals within each support, as bits in the same order.
    With `exact` payoffs a weak comparison that is somewhere strict suffices: inside the support, every corner counts.
    """
    for i in range(len(sizes)):
        corners, own = words[support, i], masks[support, i]
        for h in range(sizes[i]):
            if not (own >> h) & 1:
                continue
            for g in range(sizes[i]):
                better = more[i, g, h] & corners
                if better and not more[i, h, g] & corners and (exact or better == corners):
                    return True
    return False


@compiled
def load(table: Any, sizes: Any, strides: Any, act: Any, s: Any, off: Any, corners: Any, T: Any, scale: Any) -> None:
    """Gains over the support's first action, at the corners: rows of members, then of actions outside.

    Each player's members are scaled by one power of two, and its outside actions by another, so that the greatest gain
    is between 1/2 and 1; `scale` has both.
    """
    for i in range(len(sizes)):
        for corner in range(corners[i]):
            rest, at = corner, 0
            for k in range(len(sizes) - 1, -1, -1):
                if k != i:
                    at += act[k, rest % s[k]] * strides[k]
                    rest //= s[k]
            base = table[i, at + act[i, 0] * strides[i]]
            for g in range(sizes[i] - 1):
                T[off[i] + g * corners[i] + corner] = table[i, at + act[i, g + 1] * strides[i]] - base
        for part in range(2):
            begin = off[i] + part * (s[i] - 1) * corners[i]
            end = off[i] + (s[i] - 1 if part == 0 else sizes[i] - 1) * corners[i]
            widest = 0.0
            for c in range(begin, end):
                widest = max(widest, abs(T[c]))
            scale[i, part] = 1.0 if widest == 0.0 else 2.0 ** -math.frexp(widest)[1]
            for c in range(begin, end):
                T[c] *= scale[i, part]


@compiled
def has_sign(T: Any, sizes: Any, s: Any, off: Any, corners: Any, slack: Any) -> bool:
    """Whether a gain between two members has one sign all over the region, or an outside action gains everywhere."""
    for i in range(len(sizes)):
        for g in range(sizes[i] - 1):
            low, high = np.inf, -np.inf
            for c in range(off[i] + g * corners[i], off[i] + (g + 1) * corners[i]):
                low, high = min(low, T[c]), max(high, T[c])
            if g < s[i] - 1:
                if low > slack[i, 0] or high < -slack[i, 0]:
                    return True
                for h in range(g):
                    low, high = np.inf, -np.inf
                    for c in range(corners[i]):
                        gain = T[off[i] + g * corners[i] + c] - T[off[i] + h * corners[i] + c]
                        low, high = min(low, gain), max(high, gain)
                    if low > 2 * slack[i, 0] + 2 * ROUNDING or high < -2 * slack[i, 0] - 2 * ROUNDING:
                        return True
            elif low > slack[i, 1]:
                return True
    return False


@compiled
def _inner(s: Any, axis: int, without: int) -> int:
    """Step of an axis in a table of corners that leaves out one player (-1: none)."""
    step = 1
    for k in range(axis + 1, len(s)):
        if k != without:
            step *= s[k]
    return step


@compiled
def at_centre(T: Any, s: Any, off: Any, corners: Any, first: Any, F: Any, J: Any) -> None:
    """The system and its Jacobian at the centre of a region, in shares of the region's own vertices."""
    J[:] = 0.0
    for i in range(len(s)):
        for g in range(s[i] - 1):
            e, begin = first[i] + g, off[i] + g * corners[i]
            total = 0.0
            for c in range(begin, begin + corners[i]):
                total += T[c]
            F[e] = total / corners[i]
            for k in range(len(s)):
                if k == i or s[k] == 1:
                    continue
                step = _inner(s, k, i)
                each = corners[i] // s[k]
                base = 0.0
                for j in range(s[k]):
                    total = 0.0
                    for o in range(each // step):
                        at = begin + (o * s[k] + j) * step
                        for t in range(step):
                            total += T[at + t]
                    if j == 0:
                        base = total
                    else:
                        J[e, first[k] + j - 1] = (total - base) / each


@compiled
def precondition(T: Any, s: Any, off: Any, corners: Any, first: Any, C: Any, slack: Any, H: Any, doubt: Any) -> bool:
    """Fill H = C * system at the corners of the region; whether one of its rows has one sign there."""
    n, every = len(C), len(H[0])
    for r in range(n):
        doubt[r] = 0.0
        for c in range(every):
            H[r, c] = 0.0
        for i in range(len(s)):
            step = _inner(s, i, -1)
            for g in range(s[i] - 1):
                factor = C[r, first[i] + g]
                doubt[r] += abs(factor) * (slack[i, 0] + (n + 2) * ROUNDING)
                begin = off[i] + g * corners[i]
                for o in range(corners[i] // step):
                    for c in range(s[i]):
                        at, own = (o * s[i] + c) * step, begin + o * step
                        for t in range(step):
                            H[r, at + t] += factor * T[own + t]
        low, high = np.inf, -np.inf
        for c in range(every):
            low, high = min(low, H[r, c]), max(high, H[r, c])
        if low > doubt[r] or high < -doubt[r]:
            return True
    return False


@compiled
def one_to_one(s: Any, first: Any, H: Any, doubt: Any, inflation: float) -> bool:
    """Whether H takes no value twice on the region, inflated: by rows, |1 - Jacobian of H| adds to less than 1."""
    mixing = 0
    for k in range(len(s)):
        mixing += s[k] > 1
    widen = 0.5 * (
        (1.0 + 2.0 * inflation) ** (mixing - 1) - 1.0
    )  # an affine function on a larger simplex, axis by axis
    for r in range(len(H)):
        total = 0.0
        for k in range(len(s)):
            step = _inner(s, k, -1)
            for j in range(1, s[k]):
                low, high = np.inf, -np.inf
                for o in range(len(H[0]) // (s[k] * step)):
                    at, base = (o * s[k] + j) * step, o * s[k] * step
                    for t in range(step):
                        slope = H[r, at + t] - H[r, base + t]
                        low, high = min(low, slope), max(high, slope)
                more = widen * (high - low) + 4.0 * doubt[r] * (1.0 + 2.0 * widen)
                wanted = 1.0 if first[k] + j - 1 == r else 0.0
                total += max(abs(low - more - wanted), abs(high + more - wanted))
        if not total < 0.999:
            return False
    return True


@compiled
def halve(T: Any, V: Any, top: int, sizes: Any, s: Any, off: Any, corners: Any, start: Any, edge: Any) -> None:
    """Split the region at `top` in two, at `top` and `top + 1`, by the midpoint of one edge."""
    T[top + 1] = T[top]
    V[top + 1] = V[top]
    q, a, b = edge
    for i in range(len(s)):
        if i == q:
            continue
        step = _inner(s, q, i)
        for o in range((sizes[i] - 1) * corners[i] // (step * s[q])):
            at = off[i] + o * s[q] * step
            for t in range(step):
                middle = 0.5 * (T[top, at + a * step + t] + T[top, at + b * step + t])
                T[top, at + b * step + t] = middle
                T[top + 1, at + a * step + t] = middle
    for x in range(s[q]):
        at = start[q] + x
        middle = 0.5 * (V[top, at + a * s[q]] + V[top, at + b * s[q]])
        V[top, at + b * s[q]] = middle
        V[top + 1, at + a * s[q]] = middle


@compiled
def steepest(T: Any, sizes: Any, s: Any, off: Any, corners: Any, members: bool) -> Any:
    """The edge (player, vertex, vertex) along which a gain of members (or outsiders) changes most, and how much."""
    best, most = (0, 0, 0), 0.0
    for q in range(len(s)):
        for b in range(1, s[q]):
            for a in range(b):
                change = 0.0
                for i in range(len(s)):
                    if i == q:
                        continue
                    step = _inner(s, q, i)
                    begin = off[i] if members else off[i] + (s[i] - 1) * corners[i]
                    rows = s[i] - 1 if members else sizes[i] - s[i]
                    for o in range(rows * corners[i] // (step * s[q])):
                        at = begin + o * s[q] * step
                        for t in range(step):
                            change = max(change, abs(T[at + a * step + t] - T[at + b * step + t]))
                if change > most:
                    best, most = (q, a, b), change
    return best, most


@compiled
def outside_may_gain(T: Any, sizes: Any, s: Any, off: Any, corners: Any, slack: Any) -> bool:
    """Whether somewhere in the region an action outside the support is not known to be no better."""
    for i in range(len(s)):
        for c in range(off[i] + (s[i] - 1) * corners[i], off[i] + (sizes[i] - 1) * corners[i]):
            if T[c] > slack[i, 1]:
                return True
    return False
