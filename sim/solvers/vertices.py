"""Vertices of a best-response polytope {z : z >= 0, M z <= 1} by integer pivoting, each with its labels.

The polytope of a positive matrix M is bounded and has the origin as a vertex. From there the graph of bases is walked
along all its edges; the perturbed right-hand side 1 + (e, e^2, ...) (the lexicographic rule) makes it the graph of a
simple polytope, so it is connected and every vertex of the true polytope stands on at least one of its bases. A
degenerate vertex is met on several bases and kept once, with *every* inequality that is tight there: a vertex is known
by its tight inequalities. Tableaus hold integers over one determinant, and each division is exact (Edmonds 1967; von
Stengel 2007, Algorithmic Game Theory, section 3.5).
"""

from collections.abc import Iterable, Sequence
from math import gcd
from time import monotonic
from typing import NamedTuple

Rows = list[list[int]]  # one row a basic variable: coefficients of the nonbasic ones, then the right-hand side


class Vertex(NamedTuple):
    """A vertex up to scale: integer weights of the coordinates, and its tight inequalities as bits."""

    weights: tuple[int, ...]
    labels: int  # bit i: coordinate i is 0; bit d + k: row k of M z <= 1 holds with equality


def completely_labelled(left: Iterable[int], right: Iterable[int], m: int, n: int) -> list[tuple[int, int]]:
    """The pairs of vertices that together have every label, each vertex given by its labels.

    Bit i stands for action i of player 1, bit m + j for action j of player 2. Between vertices without a tie the labels
    are complements, and looked up.
    """
    everything = (1 << (m + n)) - 1
    simple: set[int] = set()
    tied: list[int] = []
    for labels in right:
        if labels.bit_count() == n:
            simple.add(labels)
        else:
            tied.append(labels)
    pairs = []
    for labels in left:
        needed = everything ^ labels
        if labels.bit_count() > m:
            pairs += [(labels, other) for other in simple if other & needed == needed]
        elif needed in simple:
            pairs.append((labels, needed))
        pairs += [(labels, other) for other in tied if other & needed == needed]
    return pairs


class _Basis(NamedTuple):
    rows: Rows
    determinant: int
    basic: list[int]  # row -> variable; variables 0..d-1 are coordinates, d + k is the slack of row k
    nonbasic: list[int]  # column -> variable


def best_response_vertices(M: Sequence[Sequence[int]], *, deadline: float | None = None) -> tuple[list[Vertex], bool]:
    """All vertices except the origin, and whether all were reached before the deadline (of `time.monotonic`).

    Args:
        M: shape (n, d), positive integers; row k is what the opponent's action k earns against each own action.
        deadline: stop there and return what was met; None: no limit.

    Source: lexicographic rule: Dantzig, Orden & Wolfe (1955), Pacific Journal of Mathematics 5(2), 183-195.
    """
    n, d = len(M), len(M[0])
    start = _Basis([[*row, 1] for row in M], 1, list(range(d, d + n)), list(range(d)))
    origin = (1 << d) - 1
    found: dict[int, Vertex] = {}
    seen = {origin: 0}
    waiting: list[tuple[_Basis, int, int]] = _new_neighbours(start, origin, seen, d)
    while waiting:
        if deadline is not None and monotonic() > deadline:
            return list(found.values()), False
        parent, row, column = waiting.pop()
        basis = _pivot(parent, row, column)
        mask, vertex = _read(basis, d)
        if vertex.labels & origin != origin:
            found.setdefault(vertex.labels, vertex)
        waiting += _new_neighbours(basis, mask, seen, d)
    return list(found.values()), True


def _new_neighbours(basis: _Basis, mask: int, seen: dict[int, int], d: int) -> list[tuple[_Basis, int, int]]:
    """The pivots from a basis to bases not seen yet; they are seen from now on.

    `seen` holds, for each basis, the entering variables (as bits) whose edge was met from its other end: none twice.
    """
    steps = []
    known = seen[mask]
    rows, basic = basis.rows, basis.basic
    *columns, right = zip(*rows, strict=True)
    for column, (entering, coefficients) in enumerate(zip(basis.nonbasic, columns, strict=True)):
        if known >> entering & 1:
            continue
        best, best_right, best_coefficient, tied = -1, 1, 0, False
        for row, coefficient in enumerate(coefficients):
            if coefficient > 0:
                ahead = right[row] * best_coefficient - best_right * coefficient
                if ahead < 0 or best < 0:
                    best, best_right, best_coefficient, tied = row, right[row], coefficient, False
                elif ahead == 0:
                    tied = True
        if tied:
            best = _lexicographic_row(basis, column, right, d)
        leaving = 1 << basic[best]
        neighbour = mask ^ (1 << entering) ^ leaving
        if neighbour not in seen:
            seen[neighbour] = 0
            steps.append((basis, best, column))
        seen[neighbour] |= leaving
    return steps


def _lexicographic_row(basis: _Basis, column: int, right: Sequence[int], d: int) -> int:
    """The row of the least ratio, ties broken by the coefficients of e, e^2, ... (the columns of the slacks)."""
    n = len(basis.rows)
    where = {variable: k for k, variable in enumerate(basis.nonbasic)}
    candidates = [row for row in range(n) if basis.rows[row][column] > 0]
    for slack in range(d - 1, d + n):  # d - 1 stands for the right-hand side itself
        if slack < d:
            values = list(right)
        elif slack in where:
            values = [row[where[slack]] for row in basis.rows]
        else:
            values = [basis.determinant if variable == slack else 0 for variable in basis.basic]
        kept = [candidates[0]]
        for row in candidates[1:]:
            ahead = values[row] * basis.rows[kept[0]][column] - values[kept[0]] * basis.rows[row][column]
            if ahead < 0:
                kept = [row]
            elif ahead == 0:
                kept.append(row)
        candidates = kept
        if len(candidates) == 1:
            break
    return candidates[0]


def _pivot(basis: _Basis, row: int, column: int) -> _Basis:
    """Exchange the basic variable of a row with the nonbasic one of a column; every division is exact."""
    old, determinant = basis.rows, basis.determinant
    leaving = old[row]
    pivot = leaving[column]
    rows = []
    for other in old:
        factor = other[column]
        if factor:
            new = [(value * pivot - factor * there) // determinant for value, there in zip(other, leaving, strict=True)]
            new[column] = -factor
        else:
            new = [value * pivot // determinant for value in other]
        rows.append(new)
    rows[row] = leaving.copy()
    rows[row][column] = determinant
    basic, nonbasic = basis.basic.copy(), basis.nonbasic.copy()
    basic[row], nonbasic[column] = nonbasic[column], basic[row]
    return _Basis(rows, pivot, basic, nonbasic)


def _read(basis: _Basis, d: int) -> tuple[int, Vertex]:
    """The set of nonbasic variables, and the vertex with everything that is tight there."""
    mask = 0
    for variable in basis.nonbasic:
        mask |= 1 << variable
    labels = mask
    weights = [0] * d
    for variable, row in zip(basis.basic, basis.rows, strict=True):
        value = row[-1]
        if value == 0:
            labels |= 1 << variable
        elif variable < d:
            weights[variable] = value
    divisor = gcd(*weights) or 1
    return mask, Vertex(tuple(weight // divisor for weight in weights), labels)
