"""Draws: the uniform number of a parameter in draw k depends on (seed, the parameter's name, k) alone.

Philox is a counter-based generator (Salmon et al. 2011): a hash of seed and name is its key, the draw its counter. So a
longer sweep begins with the shorter one, a parameter more or less moves no other, versions share draws by name, and one
draw costs one draw. Words become values by inverse distribution functions alone. A scrambled Sobol' sequence may take
the place of Philox: there a number's place among the names counts too, so versions are compared over one set of names.
"""

import hashlib
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from sim.errors import UsageError
from sim.scenario.correlations import copula_correlation
from sim.scenario.distributions import is_fixed
from sim.scenario.model import ScenarioData
from sim.sweeps.quantiles import Quantile, quantile, standard_normal
from sim.sweeps.sobol import RANDOM, scrambled, sobol_points

Floats = NDArray[np.float64]

MOST_DRAWS = 2**63  # a draw is a 64-bit integer


@dataclass(frozen=True, slots=True)
class Sampler:
    """Where uniform numbers come from: independent ones, or the points of a Sobol' sequence over sorted names."""

    names: tuple[str, ...] | None = None  # the dimensions of the Sobol' sequence; None: independent numbers

    def uniforms(self, seed: int, name: str, start: int, count: int) -> Floats:
        """The uniform numbers in [0, 1) of one name in draws start .. start + count - 1, shape (count,).

        Raises:
            UsageError: the sequence has no such dimension, or ends before these draws.
        """
        if self.names is None:
            return uniforms(seed, name, start, count)
        dimension = bisect_left(self.names, name)
        if self.names[dimension : dimension + 1] != (name,):
            raise ValueError(f"{name!r} is no dimension of this Sobol' sequence")
        return sobol_points(*_scrambles(seed, name, dimension), start, count)


INDEPENDENT = Sampler()


def sobol_over(scenarios: Iterable[ScenarioData]) -> Sampler:
    """The Sobol' sampler of files that are compared: its dimensions are all their uncertain numbers, by name."""
    return Sampler(tuple(sorted({name for scenario in scenarios for name in _plan(scenario).names})))


def uniforms(seed: int, name: str, start: int, count: int) -> Floats:
    """The independent uniform numbers in [0, 1) of one name in draws start .. start + count - 1, shape (count,).

    Raises:
        UsageError: a draw before the first or after the last.
    """
    from sim.sweeps.sampling_kernel import fill_philox

    if start < 0 or start + count > MOST_DRAWS:
        raise UsageError(f"Draws are counted from 0 to {MOST_DRAWS - 1}; asked for {count} from draw {start}.")
    out = np.empty(count)
    fill_philox(_key(seed, name), start, out)
    return out


@lru_cache(maxsize=4096)
def _key(seed: int, name: str) -> NDArray[np.uint64]:
    """The two words of a Philox key."""
    digest = hashlib.sha256(f"{seed}/{name}".encode()).digest()
    return np.frombuffer(digest[:16], dtype="<u8").astype(np.uint64)


@lru_cache(maxsize=4096)
def _scrambles(seed: int, name: str, dimension: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """The 16 scrambles of a dimension: they depend on seed and name, the sequence itself on the dimension."""
    return scrambled(dimension, uniforms(seed, f"sobol/{name}", 0, RANDOM))


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    """What sampling a scenario needs, found once: names of every part are in file order."""

    known: dict[str, float | None]  # every number; None where it is drawn
    inverses: dict[str, Quantile]  # of all that are drawn, but for ranked weights
    correlated: dict[str, tuple[tuple[str, float], ...]]  # name -> factors of the independent normals it is made of
    names: frozenset[str]  # whose uniforms are used


@lru_cache(maxsize=64)
def _plan(scenario: ScenarioData) -> _Plan:
    numbers = scenario.distributions()
    known = {name: float(own.numbers[0]) if is_fixed(own) else None for name, own in numbers.items()}
    drawn = {name: own for name, own in numbers.items() if not is_fixed(own) and own.kind != "ranked"}
    linked = {name for block in scenario.correlated for name in block.of}
    ranked = {name for group in scenario.ranked for name in group.of}
    return _Plan(
        {name: None if numbers[name].kind == "ranked" else value for name, value in known.items()},
        {name: quantile(own) for name, own in drawn.items()},
        _factors(scenario, [name for name in numbers if name in linked]),
        frozenset(linked | ranked | set(drawn)),
    )


def sample(
    scenario: ScenarioData, seed: int, start: int, count: int, sampler: Sampler = INDEPENDENT
) -> dict[str, Floats]:
    """Parameters and weights of draws start .. start + count - 1, in file order.

    Returns:
        Name -> shape (count,), or (1,) where the number is known.

    Raises:
        UsageError: a draw before the first or after the last, or more numbers than Sobol' points have.
    """
    plan = _plan(scenario)
    moved = _correlated_uniforms(plan, sampler, seed, start, count)
    values: dict[str, Floats] = {}
    for name, value in plan.known.items():
        if value is not None:
            values[name] = np.array([value])
        elif name in plan.inverses:
            u = moved[name] if name in moved else sampler.uniforms(seed, name, start, count)
            values[name] = plan.inverses[name](u)
        else:
            values[name] = np.empty(0)  # ranked: keeps its place in file order; filled below
    for group in scenario.ranked:
        own = [sampler.uniforms(seed, name, start, count) for name in group.of]
        for name, sign, weight in zip(group.of, group.signs, _ranked_weights(own, float(group.total)), strict=True):
            if plan.known[name] is None and name not in plan.inverses:
                values[name] = sign * weight
    return values


def _correlated_uniforms(plan: _Plan, sampler: Sampler, seed: int, start: int, count: int) -> dict[str, Floats]:
    """Uniforms joined by a Gaussian copula."""
    if not plan.correlated:
        return {}
    from scipy.special import ndtr

    normals = {name: standard_normal(sampler.uniforms(seed, name, start, count)) for name in plan.correlated}
    joined = {}
    for name, ((first, factor), *others) in plan.correlated.items():
        total = factor * normals[first]
        for other, factor in others:  # added one at a time: a matrix product's order of addition changes with its size
            total = total + factor * normals[other]
        joined[name] = np.asarray(ndtr(total), dtype=np.float64)
    return joined


def _factors(scenario: ScenarioData, names: list[str]) -> dict[str, tuple[tuple[str, float], ...]]:
    """Each name's row of the Cholesky factor of the correlations, without zeros, so that blocks do not touch.

    Written out, since a library's order of operations depends on the size of the matrix and on the processor.
    """
    matrix, lower = correlation_matrix(scenario, names).tolist(), [[0.0] * len(names) for _ in names]
    for i, row in enumerate(lower):
        for j in range(i + 1):
            rest = matrix[i][j]
            for k in range(j):
                rest -= row[k] * lower[j][k]
            row[j] = sqrt(rest) if i == j else rest / lower[j][j]
    pairs = [[(name, factor) for name, factor in zip(names, row, strict=True) if factor] for row in lower]
    return {name: tuple(own) for name, own in zip(names, pairs, strict=True)}


def correlation_matrix(scenario: ScenarioData, names: list[str]) -> Floats:
    """The copula's correlations 2 sin(pi rho / 6), rho Spearman's, shape (names, names); unnamed pairs are 0."""
    matrix = np.eye(len(names))
    for block in scenario.correlated:
        for one in block.of:
            for other in block.of:
                if one != other:
                    matrix[names.index(one), names.index(other)] = copula_correlation(float(block.rho))
    return matrix


def _ranked_weights(own: list[Floats], total: float) -> list[Floats]:
    """Uniform over the positive weights that keep the order and add to `total`: sorted exponentials over their sum."""
    ordered = np.sort(np.stack([-np.log1p(-u) for u in own]), axis=0)[::-1]
    whole = ordered[0]
    for row in ordered[1:]:
        whole = whole + row
    return [total * row / whole for row in ordered]
