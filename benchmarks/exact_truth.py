"""All extreme equilibria of a small two-player game by the slowest and plainest way: every square system, in Fractions.

The oracle, `Truth`, shares no line with the package. A vertex of player 1's polyhedron {(x, v): x >= 0, x adds to 1,
B'x <= v} solves as many of its inequalities with equality as it has unknowns; an equilibrium is a pair of vertices in
which every action is unplayed or a best reply.

Run: python -m benchmarks.exact_truth [--games K] [--oracle K]. Random games of 3 x 4 and 4 x 4, with and without ties,
in units from 1e-12 to 1e12 and from a zero point of 1e9, are solved all at once and one by one in exact arithmetic, and
some of them by the oracle. The table counts, for each kind of game, the batch's equilibria that are missing or false or
listed twice against the exact ones, and games wrongly called complete; then the same of the exact enumeration against
the oracle, with the vertices of both best-response polytopes. Anything but 0 in a column of errors ends with status 1.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from fractions import Fraction
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

from sim.solvers.certificate import integers_of_floats
from sim.solvers.two_player_batch import two_player_equilibria
from sim.solvers.two_player_exact import extreme_equilibria
from sim.solvers.vertices import best_response_vertices

Floats = NDArray[np.float64]

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


# --- the package against it


def real(games: int, m: int, n: int, chance: np.random.Generator) -> Floats:
    return chance.standard_normal((games, 2, m, n))


def thousands(games: int, m: int, n: int, chance: np.random.Generator) -> Floats:
    return chance.integers(-1000, 1001, (games, 2, m, n)).astype(float)


def twos(games: int, m: int, n: int, chance: np.random.Generator) -> Floats:
    return chance.integers(-2, 3, (games, 2, m, n)).astype(float)


def doubled(games: int, m: int, n: int, chance: np.random.Generator) -> Floats:
    """Real payoffs, of which one row, or one column, stands twice."""
    U = real(games, m, n, chance)
    U[0::2, :, -1] = U[0::2, :, 0]
    U[1::2, :, :, -1] = U[1::2, :, :, 0]
    return U


KINDS: dict[str, Callable[[int, int, int, np.random.Generator], Floats]] = {
    "real": real,
    "integers -1000..1000": thousands,
    "integers -2..2": twos,
    "a row or column twice": doubled,
}
SIZES = ((3, 4), (4, 4))
UNITS = ((1.0, 0.0), (1e-12, 0.0), (1e12, 0.0), (1.0, 1e9))  # scale and shift
SHARP = 1e-9  # greatest difference of a share between the batch and exact arithmetic


@dataclass
class Tally:
    """What two solvers of the same games did not agree on."""

    games: int = 0
    equilibria: int = 0
    missing: int = 0
    false: int = 0
    twice: int = 0
    wrong_complete: int = 0
    vertices: int = 0  # vertices of both polytopes that one has and the other has not; of the oracle's games alone

    def add(self, other: "Tally") -> None:
        """Count what the other counted, too."""
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))

    @property
    def errors(self) -> int:
        """How much is wrong in all."""
        return self.missing + self.false + self.twice + self.wrong_complete + self.vertices

    def cells(self, last: str) -> str:
        """A line of the table, up to the field that stands last in it."""
        shown = (self.games, self.equilibria, self.missing, self.false, self.twice, getattr(self, last))
        return "".join(f"{value:>12,}" for value in shown)


def differences(mine: Floats, true: Floats, complete: bool) -> Tally:
    """Equilibria as rows (x, y), each paired with the others that are near it."""
    near = np.abs(mine[:, None] - true[None]).max(axis=2, initial=0.0) <= SHARP
    missing, false = int((~near.any(axis=0)).sum()), int((~near.any(axis=1)).sum())
    twice = 0 if missing or false else len(mine) - len(true)
    return Tally(1, len(true), missing, false, twice, int(complete and bool(missing or false or twice)))


def batch_against_exact(U: Floats) -> Tally:
    batch, tally = two_player_equilibria(U), Tally()
    rows = np.concatenate(batch.strategies, axis=1)
    for draw, game in enumerate(U):
        true = [[float(share) for own in pair for share in own] for pair in exact_pairs(game)]
        mine = rows[batch.first[draw] : batch.first[draw + 1]]
        tally.add(differences(mine, np.array(true), bool(batch.complete[draw])))
    return tally


def exact_against_oracle(U: Floats) -> Tally:
    """Sets of rationals, equal or not; and the vertices met by pivoting against those of the oracle."""
    tally = Tally()
    for game in U:
        mine, truth = exact_pairs(game), Truth(*([[Fraction(v) for v in row] for row in own] for own in game.tolist()))
        true = set(truth.equilibria)
        missing, false, twice = len(true - set(mine)), len(set(mine) - true), len(mine) - len(set(mine))
        vertices = 0
        for side, own in enumerate(integers_of_floats(game)):
            least = min(min(row) for row in own.by_action)
            met, _ = best_response_vertices([[value - least + 1 for value in row] for row in own.by_action])
            shares = {tuple(Fraction(weight, sum(one.weights)) for weight in one.weights) for one in met}
            vertices += len(shares ^ {point for point, _ in (truth.left if side else truth.right)})
        tally.add(Tally(1, len(true), missing, false, twice, vertices=vertices))
    return tally


def exact_pairs(game: Floats) -> list[tuple[Exact, Exact]]:
    return extreme_equilibria(integers_of_floats(game)).pairs


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--games", type=int, default=100_000, help="games in all, of the batch against exact arithmetic"
    )
    parser.add_argument(
        "--oracle", type=int, default=2_000, help="games in all, of exact arithmetic against the oracle"
    )
    asked = parser.parse_args()
    chance = np.random.default_rng(20230912)
    cells = len(KINDS) * len(SIZES) * len(UNITS)
    games, some = (-(-count // cells) for count in (asked.games, asked.oracle))
    head = f"{'kind of game':<44}" + "".join(
        f"{name:>12}" for name in ("games", "equilibria", "missing", "false", "twice")
    )
    print(head + f"{'complete':>12}   batch against exact\n" + head + f"{'vertices':>12}   exact against oracle")
    whole, checked = Tally(), Tally()
    for kind, draw in KINDS.items():
        for m, n in SIZES:
            for scale, shift in UNITS:
                U = draw(games, m, n, chance) * scale + shift
                of_batch, of_exact = batch_against_exact(U), exact_against_oracle(U[:some])
                name = f"{kind}, {m} x {n}, x {scale:g} + {shift:g}"
                print(f"{name:<44}{of_batch.cells('wrong_complete')}\n{'':<44}{of_exact.cells('vertices')}", flush=True)
                whole.add(of_batch)
                checked.add(of_exact)
    print(f"{'all':<44}{whole.cells('wrong_complete')}\n{'':<44}{checked.cells('vertices')}")
    return int(whole.errors + checked.errors > 0)


if __name__ == "__main__":
    sys.exit(main())
