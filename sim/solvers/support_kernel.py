"""The compiled search for the equilibria of one support: regions are halved until each is decided by proof.

A region is dropped where a gain that must vanish has one sign, where an action outside the support gains everywhere, or
where a row of C * system has one sign, with C an approximate inverse of the Jacobian. Where all of C * Jacobian is so
near 1 that the system takes no value twice, at most one solution is there: Newton's method finds it, Krawczyk's test
proves it, and the region is done where that solution lies in it. A support is decided when no region is left.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compiled import compiled, compiled_inside
from sim.solvers.krawczyk_kernel import inside, invert, newton, prove
from sim.solvers.region_kernel import (
    ROUNDING,
    at_centre,
    excluded_at_once,
    excluded_by_words,
    halve,
    has_sign,
    load,
    one_to_one,
    outside_may_gain,
    precondition,
    sign_words,
    steepest,
)

INFLATION = 0.05  # uniqueness is shown on regions this much larger, so that a solution on a face is no trouble
SMALLEST = 1e-9  # a region across which no gain changes by more than this share is not halved again
MOST_SOLUTIONS = 256  # of one support

DECIDED, UNDECIDED, UNFINISHED = 0, 1, 2  # a support's state
PROVED, WEAK = 0, 1  # a solution: an equilibrium, or one where some inequality is not decided by the bounds


@compiled_inside
def _verdict(shape: Any, p: Any, G: Any, result: Any) -> int:
    """Of a proved solution of the system: PROVED or WEAK as an equilibrium, or -1 where surely none."""
    sizes, s = shape[0], shape[1]
    verdict = PROVED
    for k in range(len(s)):
        for j in range(s[k]):
            error = result[1] if j else (s[k] - 1) * result[1] + 4 * s[k] * ROUNDING
            if s[k] > 1 and p[k, j] < -error:
                return -1
            if s[k] > 1 and p[k, j] <= error:
                verdict = WEAK
    outside = 0
    for i in range(len(s)):
        outside += sizes[i] - s[i]
    for g in range(outside):
        error = result[2] + result[3] * result[1]
        if G[g] > error:
            return -1
        if G[g] >= -error:
            verdict = WEAK
    return verdict


@compiled_inside
def _pure(table: Any, sizes: Any, strides: Any, act: Any, exact: bool) -> int:
    """Of a pure profile: PROVED, WEAK where rounding may hide a gain, or -1."""
    at = 0
    for k in range(len(sizes)):
        at += act[k, 0] * strides[k]
    verdict = PROVED
    for i in range(len(sizes)):
        for g in range(1, sizes[i]):
            other = table[i, at + (act[i, g] - act[i, 0]) * strides[i]]
            if other > table[i, at]:
                return -1
            if other == table[i, at] and not exact:
                verdict = WEAK
    return verdict


@compiled_inside
def _layout(sizes: Any, s: Any) -> Any:
    """Where things are: unknowns of each player (first), gains (off, corners), vertices (start), shares (base)."""
    N, n, cells, squares, actions = len(sizes), 0, 0, 0, 0
    places = np.ones((5, N), np.int64)
    first, off, corners, start, base = places[0], places[1], places[2], places[3], places[4]
    for i in range(N):
        first[i], off[i], start[i], base[i] = n, cells, squares, actions
        for k in range(N):
            if k != i:
                corners[i] *= s[k]
        n, actions = n + s[i] - 1, actions + sizes[i]
        cells, squares = cells + (sizes[i] - 1) * corners[i], squares + s[i] * s[i]
    return sizes, s, off, corners, first, start, base


@compiled_inside
def _proved_inside(root: Any, V: Any, shape: Any, errors: float, work: Any) -> bool:
    """Whether the one solution that a region may have is found, and proved to be in it, inflated; `work` has it."""
    sizes, s, off, corners, first, start, _ = shape
    F, J, A, C, G, p, result, w = work
    for k in range(len(s)):
        w[0] = 1.0
        for j in range(1, s[k]):  # the linear prediction, in shares of the region's vertices
            w[j] = 1.0 / s[k]
            for e in range(len(F)):
                w[j] -= C[first[k] + j - 1, e] * F[e]
            w[0] -= w[j]
        for j in range(s[k]):
            if w[j] < -0.5:
                return False
        for x in range(s[k]):
            p[k, x] = 0.0
            for j in range(s[k]):
                p[k, x] += w[j] * V[start[k] + j * s[k] + x]
    return (
        newton(root, sizes, s, off, corners, first, p, F, J, G, A, C)
        and prove(s, sizes, corners, p, F, J, C, errors, result)
        and inside(V, s, start, p, result[1], INFLATION)
    )


@compiled_inside
def _note(shape: Any, act: Any, p: Any, G: Any, result: Any, found: int, out: Any) -> int:
    """Write a proved solution down where it is new and may be an equilibrium. How many are known; -1: it may be one."""
    shares, bounds, verdicts = out
    s, base = shape[1], shape[6]
    for f in range(found):
        distance = 0.0
        for k in range(len(s)):
            for j in range(1, s[k]):
                distance = max(distance, abs(p[k, j] - shares[f, base[k] + act[k, j]]))
        if distance + result[1] <= bounds[f, 0] or distance + bounds[f, 1] <= result[0]:
            return found  # in a box with one solution: that one
        if distance <= bounds[f, 1] + result[1]:
            return -1
    verdict = _verdict(shape, p, G, result)
    if verdict < 0:
        return found
    shares[found] = 0.0
    for k in range(len(s)):
        for j in range(s[k]):
            shares[found, base[k] + act[k, j]] = p[k, j]
    bounds[found, 0], bounds[found, 1], verdicts[found] = result[0], result[1], verdict
    return found + 1


@compiled_inside
def _search(
    table: Any, strides: Any, act: Any, shape: Any, exact: bool, error: float, limit: int, stack: Any, out: Any
) -> tuple[int, int, int]:
    """All solutions of one support with a mixing player: state, how many are written to `out`, regions looked at.

    `out` has the shares (room, all actions), bounds (room, 2: radius of uniqueness, error) and verdicts (room,). A
    support that is not decided leaves the shares of a point in question in the row after its last solution.
    """
    sizes, s, off, corners, first, start, base = shape
    T, V, depth = stack
    N, n, every, actions = len(s), 0, 1, 0
    for k in range(N):
        n, every, actions = n + s[k] - 1, every * s[k], actions + sizes[k]
    widest, G, result, H = np.max(s), np.empty(max(1, actions - N - n)), np.empty(4), np.empty((n, every))
    vectors, squares = np.empty((2, n)), np.empty((3, n, n))
    F, doubt, J, A, C = vectors[0], vectors[1], squares[0], squares[1], squares[2]
    scale, slack, p, w = np.empty((N, 2)), np.empty((N, 2)), np.zeros((N, widest)), np.empty(widest)
    work = (F, J, A, C, G, p, result, w)
    load(table, sizes, strides, act, s, off, corners, T[0], scale)
    root, errors = T[0].copy(), error * np.max(scale) + ROUNDING
    depth[0] = 0
    V[0] = 0.0
    for k in range(N):
        for j in range(s[k]):
            V[0, start[k] + j * s[k] + j] = 1.0
    found, regions, top = 0, 0, 0
    while top >= 0:
        regions += 1
        for i in range(N):
            for part in range(2):
                slack[i, part] = error * scale[i, part] + (depth[top] + 3) * ROUNDING
        done = has_sign(T[top], sizes, s, off, corners, slack)
        if not done:
            at_centre(T[top], s, off, corners, first, F, J)
            A[:] = J
            if invert(A, C):
                done = precondition(T[top], s, off, corners, first, C, slack, H, doubt)
                single = not done and one_to_one(s, first, H, doubt, INFLATION)
                if single and _proved_inside(root, V[top], shape, errors, work):
                    count = _note(shape, act, p, G, result, found, out)
                    done = count >= 0
                    found = max(found, count)
        if done and found + 1 < MOST_SOLUTIONS:
            top -= 1
            continue
        edge, most = steepest(T[top], sizes, s, off, corners, True)
        if most <= SMALLEST and outside_may_gain(T[top], sizes, s, off, corners, slack):
            edge, most = steepest(T[top], sizes, s, off, corners, False)
        if most <= SMALLEST or regions >= limit or top + 2 >= len(T) or found + 1 >= MOST_SOLUTIONS:
            out[0][found] = 0.0
            for k in range(N):
                for j in range(s[k]):
                    for x in range(s[k]):
                        out[0][found, base[k] + act[k, x]] += V[top, start[k] + j * s[k] + x] / s[k]
            return UNDECIDED if most <= SMALLEST else UNFINISHED, found, regions
        halve(T, V, top, sizes, s, off, corners, start, edge)
        depth[top] += 1
        depth[top + 1] = depth[top]
        top += 1
    return DECIDED, found, regions


@compiled_inside
def _one_support(
    table: Any, masks: Any, strides: Any, exact: bool, error: float, limit: int, stack: Any, out: Any, act: Any, s: Any
) -> tuple[int, int, int]:
    """As `_search`, of any support that comparing payoffs word by word did not exclude."""
    sizes = stack[3]
    pure = True
    for k in range(len(sizes)):  # members first, then the actions outside
        s[k] = 0
        for member in (1, 0):
            place = s[k]
            for a in range(sizes[k]):
                if (masks[k] >> a) & 1 == member:
                    act[k, place] = a
                    place += 1
                    s[k] += member
        pure = pure and s[k] == 1
    if not pure:
        if not stack[4] and excluded_at_once(table, sizes, strides, act, s, exact):
            return DECIDED, 0, 0
        return _search(table, strides, act, _layout(sizes, s), exact, error, limit, stack[:3], out)
    verdict = _pure(table, sizes, strides, act, exact)
    if verdict < 0:
        return DECIDED, 0, 0
    out[0][0], out[1][0], out[2][0] = 0.0, 0.0, verdict
    base = 0
    for k in range(len(sizes)):
        out[0][0, base + act[k, 0]] = 1.0
        base += sizes[k]
    return DECIDED, 1, 0


@compiled
def _search_supports(
    payoffs: Any,
    sizes: Any,
    masks: Any,
    words: Any,
    todo: Any,
    begin: int,
    work: int,
    exact: bool,
    error: float,
    limit: int,
    levels: int,
    found: Any,
    open_: Any,
) -> tuple[int, int, int]:
    N, profiles, quick = len(sizes), payoffs.shape[2], len(words) > 0
    strides, cells, squares, widest = np.ones(N, np.int64), 0, 0, np.max(sizes)
    for k in range(N - 2, -1, -1):
        strides[k] = strides[k + 1] * sizes[k + 1]
    for k in range(N):
        cells, squares = cells + (sizes[k] - 1) * (profiles // sizes[k]), squares + sizes[k] * sizes[k]
    stack = np.empty((levels, cells)), np.empty((levels, squares)), np.empty(levels, np.int64), sizes, quick
    act, s = np.zeros((N, widest), np.int64), np.zeros(N, np.int64)
    more = np.empty((N, widest, widest), np.uint64)
    filled, opened, spent, known = 0, 0, 0, -1
    while begin < len(todo) and spent < work and filled + MOST_SOLUTIONS < len(found[0]) and opened < len(open_[0]):
        game, support = todo[begin, 0], todo[begin, 1]
        if quick and game != known:
            sign_words(payoffs[game], sizes, more)
            known = game
        if quick and excluded_by_words(more, sizes, masks, words, support, exact):
            spent, begin = spent + 1, begin + 1
            continue
        out = found[0][filled:], found[1][filled:], found[2][filled:]
        state, count, regions = _one_support(
            payoffs[game], masks[support], strides, exact, error, limit, stack, out, act, s
        )
        if state != DECIDED:
            open_[0][opened], open_[1][opened], open_[2][opened] = out[0][count], state, begin
            opened += 1
        for row in range(filled, filled + count):
            found[3][row] = begin
        filled, spent, begin = filled + count, spent + regions + 1, begin + 1
    return begin, filled, opened


Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def search_supports(
    payoffs: Floats,
    sizes: Integers,
    masks: Integers,
    words: NDArray[np.uint64],
    todo: Integers,
    begin: int,
    *,
    work: int,
    exact: bool,
    error: float,
    limit: int,
    levels: int,
    found: tuple[Floats, Floats, Integers, Integers],
    open_: tuple[Floats, Integers, Integers],
) -> tuple[int, int, int]:
    """Search the supports that `todo` lists, from place `begin`, until all are done, `work` is spent or room is short.

    Args:
        payoffs: shape (games, N, profiles), the last player's actions fastest; each player's range at most about 1.
        sizes: actions of each player.
        masks: shape (supports, N): each player's members as bits.
        words: from `support_words`, of the same supports.
        todo: shape (places, 2): a game and a support.
        begin: the first place to do.
        work: regions after which to return.
        exact: equal payoffs are equal in truth, and unequal ones in the same order.
        error: greatest error of a difference of payoffs, in the unit of `payoffs`.
        limit: regions after which a support is left unfinished.
        levels: regions that may wait at once.
        found: filled: shares (room, actions), bounds (room, 2: radius of uniqueness, error), verdicts, places.
        open_: filled: a point in question (room, actions), states, places of the supports that were not decided.

    Returns:
        The first place not done, and how many rows of `found` and `open_` are filled.
    """
    return _search_supports(payoffs, sizes, masks, words, todo, begin, work, exact, error, limit, levels, found, open_)
