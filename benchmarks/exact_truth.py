"""All extreme equilibria of a small two-player game by the slowest and plainest way: every square system, in Fractions.

It shares no line with the package. A vertex of player 1's polyhedron {(x, v): x >= 0, x adds to 1, B'x <= v} solves as
many of its inequalities with equality as it has unknowns; an equilibrium is a pair of vertices in which every action
is unplayed or a best reply.
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations

import numpy as np
from scipy.optimize import nnls

Exact = tuple[Fraction, ...]
Vertex = tuple[Exact, frozenset[int]]  # a strategy, and the other's best replies to it
NEAR = 1e-6  # greatest difference of a share between two accounts of one strategy


class Truth:
    """The vertices of both sides and the equilibria among their pairs."""

    def __init__(self, A: Sequence[Sequence[int | Fraction]], B: Sequence[Sequence[int | Fraction]]) -> None:
        self.left = vertices([list(column) for column in zip(*B, strict=True)])
        self.right = vertices([list(row) for row in A])
        self.equilibria = [
            (x, y)
            for x, replies_to_x in self.left
            for y, replies_to_y in self.right
            if support(x) <= replies_to_y and support(y) <= replies_to_x
        ]

    def holds(self, x: Sequence[float], y: Sequence[float]) -> bool:
        """Whether a pair given in floats is an equilibrium: each side between vertices whose labels fit the other's."""
        S, T = ({k for k, share in enumerate(own) if share > NEAR} for own in (x, y))
        X = [own for own, replies in self.left if support(own) <= S and replies >= T]
        Y = [own for own, replies in self.right if support(own) <= T and replies >= S]
        return between(x, X) and between(y, Y)


def vertices(rows: list[list[int | Fraction]]) -> list[Vertex]:
    """Of {(x, v): x >= 0, x adds to 1, rows x <= v}, one row an action of the other player."""
    n = len(rows[0])
    zero = [[Fraction(int(k == j)) for k in range(n)] + [Fraction(0)] for j in range(n)]
    best = [[Fraction(value) for value in row] + [Fraction(-1)] for row in rows]
    found: dict[Exact, frozenset[int]] = {}
    for tight in combinations([*zero, *best], n):
        system = [[*row, Fraction(0)] for row in tight] + [[Fraction(1)] * n + [Fraction(0), Fraction(1)]]
        solution = solve(system)
        if solution is None or min(solution[:n]) < 0:
            continue
        earned = [sum(a * x for a, x in zip(row, solution, strict=True)) for row in best]
        if max(earned) == 0:
            found[tuple(solution[:n])] = frozenset(k for k, value in enumerate(earned) if value == 0)
    return list(found.items())


def solve(rows: list[list[Fraction]]) -> list[Fraction] | None:
    """Gauss-Jordan; None where the system has no single solution."""
    rows, n = [row[:] for row in rows], len(rows)
    for column in range(n):
        pivot = next((k for k in range(column, n) if rows[k][column]), None)
        if pivot is None:
            return None
        rows[column], rows[pivot] = rows[pivot], rows[column]
        head = rows[column][column]
        rows[column] = [value / head for value in rows[column]]
        for k in range(n):
            factor = rows[k][column]
            if k != column and factor:
                rows[k] = [a - factor * b for a, b in zip(rows[k], rows[column], strict=True)]
    return [row[-1] for row in rows]


def support(strategy: Exact) -> set[int]:
    """Actions that are played."""
    return {k for k, share in enumerate(strategy) if share}


def between(point: Sequence[float], corners: Sequence[Exact]) -> bool:
    """Whether the point is near the hull of the corners."""
    if not corners:
        return False
    columns = np.vstack([np.array([[float(share) for share in own] for own in corners]).T, np.ones(len(corners))])
    goal = np.append(np.asarray(point, dtype=float), 1.0)
    weights, _ = nnls(columns, goal)
    return bool(np.abs(columns @ weights - goal).max() <= NEAR)
