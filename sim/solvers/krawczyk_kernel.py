"""Compiled Newton iteration on the conditions of one support, and Krawczyk's proof that a solution is there, alone.

Around a point p with an approximate inverse C of the Jacobian, K = p - C F(p) + (1 - C J)(box - p) holds every solution
in the box; if K lies inside the box, there is exactly one. F(p) and J over the box are bounded from above: the
conditions are affine in each player's shares, so that second derivatives are at most four times the sum of weights.

Sources: Krawczyk (1969), Computing 4, 187-201; Neumaier (1990), Interval Methods for Systems of Equations, ch. 5.
"""

from typing import Any

import numpy as np

from sim.compiled import compiled
from sim.solvers.region_kernel import ROUNDING

WIDEST_PROOF = 0.01  # greatest half-width of a box of uniqueness around a solution


@compiled
def invert(A: Any, C: Any) -> bool:
    """C = an approximate inverse of the square A (destroyed), by elimination; False where it is singular."""
    n = len(A)
    for r in range(n):
        for c in range(n):
            C[r, c] = 1.0 if r == c else 0.0
    for c in range(n):
        best = c
        for r in range(c + 1, n):
            if abs(A[r, c]) > abs(A[best, c]):
                best = r
        if not abs(A[best, c]) > 1e-300:
            return False
        if best != c:
            for k in range(n):
                A[c, k], A[best, k] = A[best, k], A[c, k]
                C[c, k], C[best, k] = C[best, k], C[c, k]
        pivot = 1.0 / A[c, c]
        for k in range(n):
            A[c, k] *= pivot
            C[c, k] *= pivot
        for r in range(n):
            factor = A[r, c]
            if r != c and factor != 0.0:
                for k in range(n):
                    A[r, k] -= factor * A[c, k]
                    C[r, k] -= factor * C[c, k]
    return bool(np.isfinite(C).all())


@compiled
def _evaluate(
    T: Any, sizes: Any, s: Any, off: Any, corners: Any, first: Any, p: Any, F: Any, J: Any, G: Any, rest: Any
) -> None:
    """The system F, its Jacobian J, and the gains G of outside actions, at the shares p (players, members)."""
    J[:] = 0.0
    outside = 0
    for i in range(len(s)):
        for g in range(sizes[i] - 1):
            e, begin, member = first[i] + g, off[i] + g * corners[i], g < s[i] - 1
            value = 0.0
            for corner in range(corners[i]):
                left = corner
                for k in range(len(s) - 1, -1, -1):
                    if k != i:
                        rest[k] = left % s[k]
                        left //= s[k]
                weight = 1.0
                for k in range(len(s)):
                    if k != i:
                        weight *= p[k, rest[k]]
                value += weight * T[begin + corner]
                if not member:
                    continue
                for k in range(len(s)):
                    if k == i or s[k] == 1:
                        continue
                    weight = T[begin + corner]
                    for m in range(len(s)):
                        if m not in (i, k):
                            weight *= p[m, rest[m]]
                    if rest[k] > 0:
                        J[e, first[k] + rest[k] - 1] += weight
                    else:
                        for j in range(1, s[k]):
                            J[e, first[k] + j - 1] -= weight
            if member:
                F[e] = value
            else:
                G[outside] = value
                outside += 1


@compiled
def _move(p: Any, s: Any, first: Any, step: Any) -> float:
    """Take a step in the free shares; the first member has what is left. Returns the greatest share in size."""
    widest = 0.0
    for k in range(len(s)):
        left = 1.0
        for j in range(1, s[k]):
            p[k, j] += step[first[k] + j - 1]
            left -= p[k, j]
            widest = max(widest, abs(p[k, j]))
        p[k, 0] = left
        widest = max(widest, abs(left))
    return widest


@compiled
def newton(
    T: Any, sizes: Any, s: Any, off: Any, corners: Any, first: Any, p: Any, F: Any, J: Any, G: Any, A: Any, C: Any
) -> bool:
    """Move p to a nearby solution of the system; F, J, G, C = 1/J are those at p. False where it does not settle."""
    before = np.inf
    step, rest = np.empty(len(F)), np.empty(len(s), np.int64)
    for _ in range(30):
        _evaluate(T, sizes, s, off, corners, first, p, F, J, G, rest)
        A[:] = J
        if not invert(A, C):
            return False
        size = 0.0
        for r in range(len(F)):
            step[r] = 0.0
            for e in range(len(F)):
                step[r] -= C[r, e] * F[e]
            size = max(size, abs(step[r]))
        if size <= 4 * ROUNDING or (size < 1e-12 and size >= 0.25 * before):  # only rounding moves it: it has settled
            return True
        if not _move(p, s, first, step) < 2.0:
            return False
        before = size
    return False


@compiled
def prove(s: Any, sizes: Any, corners: Any, p: Any, F: Any, J: Any, C: Any, errors: Any, result: Any) -> bool:
    """Krawczyk's test around p: exactly one solution within `result[0]` of p, and it is within `result[1]`.

    `result[2]` bounds the error of each gain computed at p, `result[3]` how much a gain changes by a unit step.
    """
    n = len(F)
    amplify, terms = 1.0, 4.0
    for k in range(len(s)):
        total = 0.0
        for j in range(s[k]):
            total += abs(p[k, j])
        amplify *= total + 2.0 * (s[k] - 1) * WIDEST_PROOF  # sum of |weights| anywhere in the box, at most
        terms += corners[k] + 2.0 * s[k] + 1.0
    wrong = amplify * (terms * ROUNDING + errors) * 1.01
    norm = 0.0
    for r in range(n):
        total = 0.0
        for e in range(n):
            total += abs(C[r, e])
        norm = max(norm, total)
    radius = min(WIDEST_PROOF, 1.0 / (16.0 * amplify * n * n * norm))
    alpha, beta = 0.0, 0.0
    for r in range(n):
        shift, row = 0.0, 0.0
        for e in range(n):
            shift += abs(C[r, e]) * (abs(F[e]) + wrong)
        for v in range(n):
            product, size = 1.0 if r == v else 0.0, 1.0
            for e in range(n):
                product -= C[r, e] * J[e, v]
                size += abs(C[r, e] * J[e, v])
            row += abs(product) + (n + 2) * ROUNDING * size
        alpha = max(alpha, shift * (1.0 + (n + 4) * ROUNDING))
        beta = max(beta, row + 1.01 * n * norm * (2.0 * wrong + 4.0 * amplify * n * radius))
    result[0], result[1], result[2], result[3] = radius, 2.0 * alpha, wrong, 2.02 * amplify * n
    return beta <= 0.5 and 8.0 * alpha <= radius


@compiled
def inside(V: Any, s: Any, start: Any, p: Any, error: float, inflation: float) -> bool:
    """Whether every point within `error` of p is surely in the region, inflated."""
    for k in range(len(s)):
        size = s[k]
        if size == 1:
            continue
        if size == 2:  # an interval of the second member's share
            low, high = min(V[start[k] + 1], V[start[k] + 3]), max(V[start[k] + 1], V[start[k] + 3])
            more = 0.5 * inflation * (high - low) - error - 100.0 * ROUNDING
            if not (low - more <= p[k, 1] <= high + more):
                return False
            continue
        A, W = np.empty((size, size)), np.empty((size, size))
        for j in range(size):
            for a in range(size):
                A[a, j] = V[start[k] + j * size + a]  # column j: vertex j
        B = A.copy()
        if not invert(A, W):
            return False
        norm, off_one, residual = 0.0, 0.0, 0.0
        shares = np.zeros(size)
        for r in range(size):
            total, row = 0.0, 0.0
            for c in range(size):
                total += abs(W[r, c])
                shares[r] += W[r, c] * p[k, c]
                entry = 1.0 if r == c else 0.0
                for m in range(size):
                    entry -= W[r, m] * B[m, c]
                row += abs(entry)
            norm, off_one = max(norm, total), max(off_one, row)
        for a in range(size):
            gap = p[k, a]
            for j in range(size):
                gap -= B[a, j] * shares[j]
            residual = max(residual, abs(gap))
        if not off_one < 0.25:
            return False
        reach = 2.0 * norm * (size * error + residual + 100.0 * size * ROUNDING)
        for j in range(size):
            if shares[j] - reach < -inflation / size:
                return False
    return True
