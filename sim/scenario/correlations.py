"""Rank correlations that can hold together: the Gaussian copula's matrix must be positive definite."""

import math
from itertools import combinations

from sim.scenario.distributions import is_fixed
from sim.scenario.model import Correlated, Distribution
from sim.scenario.names import known
from sim.scenario.notes import Notes
from sim.scenario.numbers import exact
from sim.scenario.places import Path
from sim.scenario.schema import FileShape

GREATEST_BLOCK = 60  # numbers that hang together
LEAST_PIVOT = 1e-10  # of a matrix with ones on its diagonal; below it rounding decides


def read_correlated(
    shape: FileShape, indices: list[int], numbers: dict[str, Distribution], notes: Notes
) -> tuple[Correlated, ...]:
    """Blocks of correlated parameters and weights, all pairs of a block sharing its rho."""
    found: list[Correlated] = []
    pairs: dict[frozenset[str], tuple[int, float]] = {}
    for index, table in zip(indices, shape.correlated, strict=True):
        path: Path = ("correlated", index)
        for k, name in enumerate(table.of):
            if known(name, numbers, "parameter or weight", (*path, "of", k), notes):
                _check_member(name, numbers[name], (*path, "of", k), notes)
            if name in table.of[:k]:
                notes.wrong((*path, "of", k), f"'{name}' stands twice in one block.")
        rho = exact(table.rho)
        if not -1 < rho < 1:
            notes.wrong((*path, "rho"), "rho does not lie between -1 and 1.")
        if len(table.of) > GREATEST_BLOCK:
            notes.wrong((*path, "of"), f"a block correlates more than {GREATEST_BLOCK} numbers.")
        for pair in combinations(table.of[:GREATEST_BLOCK], 2):
            if frozenset(pair) in pairs:
                notes.wrong((*path, "of"), f"'{pair[0]}' and '{pair[1]}' are correlated by another block already.")
            pairs[frozenset(pair)] = (index, copula_correlation(float(rho)))
        found.append(Correlated(tuple(table.of), rho, table.about, tuple(table.rests_on)))
    if not notes.problems:
        _check_definite(pairs, dict(zip(indices, found, strict=True)), notes)
    return tuple(found)


def copula_correlation(rho: float) -> float:
    """The Gaussian copula's correlation for Spearman's rho (Pearson 1907): 2 sin(pi rho / 6)."""
    return 2 * math.sin(math.pi * rho / 6)


def _check_member(name: str, distribution: Distribution, path: Path, notes: Notes) -> None:
    if distribution.kind == "ranked":
        notes.wrong(
            path,
            f"'{name}' is ranked, and ranked weights are drawn together.",
            "Correlate parameters or other weights.",
        )
    elif is_fixed(distribution):
        notes.warn(path, f"'{name}' is fixed, so its correlation has no effect.")


def _check_definite(
    pairs: dict[frozenset[str], tuple[int, float]], blocks: dict[int, Correlated], notes: Notes
) -> None:
    """Check each group of numbers that hang together, and name the blocks of one that cannot be."""
    near: dict[str, set[str]] = {}
    for one, other in map(tuple, pairs):
        near.setdefault(one, set()).add(other)
        near.setdefault(other, set()).add(one)
    left = dict.fromkeys(near)
    while left:
        group, grown = [], [next(iter(left))]
        while grown:
            name = grown.pop()
            if name in left:
                del left[name]
                group.append(name)
                grown.extend(near[name])
        mine = [k for k, block in blocks.items() if block.of[0] in group]
        if len(group) > GREATEST_BLOCK:
            notes.wrong(("correlated", mine[-1]), f"more than {GREATEST_BLOCK} numbers hang together by correlations.")
        elif not _is_definite(
            [[1.0 if a == b else pairs.get(frozenset((a, b)), (0, 0.0))[1] for b in group] for a in group]
        ):
            named = "; ".join(
                f"[{', '.join(blocks[k].of[:8])}] at line {notes.place(('correlated', k)).line}" for k in mine[:8]
            )
            cause = f"these correlations cannot hold together (their matrix is not positive definite): {named}."
            notes.wrong(("correlated", mine[-1], "rho"), cause, "Bring rho nearer to 0.")


def _is_definite(matrix: list[list[float]]) -> bool:
    """Cholesky's decomposition exists."""
    lower: list[list[float]] = []
    for i, row in enumerate(matrix):
        made: list[float] = []
        for j in range(i):
            made.append((row[j] - sum(made[k] * lower[j][k] for k in range(j))) / lower[j][j])
        pivot = row[i] - sum(value * value for value in made)
        if pivot < LEAST_PIVOT:
            return False
        lower.append([*made, math.sqrt(pivot)])
    return True
