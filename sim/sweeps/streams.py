"""Draws: the uniform number of a parameter in draw k depends on (seed, the parameter's name, k) alone.

Philox is a counter-based generator (Salmon et al. 2011): a hash of seed and name is its key, the draw its counter. So a
longer sweep begins with the shorter one, a parameter more or less moves no other, versions share draws by name, and one
draw costs one draw. Words become values by inverse distribution functions alone.
"""

import hashlib

import numpy as np
from numpy.typing import NDArray

from sim.scenario.correlations import copula_correlation
from sim.scenario.distributions import is_fixed
from sim.scenario.model import ScenarioData
from sim.sweeps.quantiles import quantile, standard_normal

Floats = NDArray[np.float64]

WORDS = 4  # a Philox block holds four 64-bit words; its counter counts blocks


def uniforms(seed: int, name: str, start: int, count: int) -> Floats:
    """The uniform numbers in [0, 1) of one name in draws start .. start + count - 1, shape (count,)."""
    digest = hashlib.sha256(f"{seed}/{name}".encode()).digest()
    generator = np.random.Philox(key=int.from_bytes(digest[:16], "little"), counter=start // WORDS)
    skipped = start % WORDS
    words = np.asarray(generator.random_raw(skipped + count)[skipped:], dtype=np.uint64)
    return (words >> np.uint64(11)).astype(np.float64) * 2.0**-53


def sample(scenario: ScenarioData, seed: int, start: int, count: int) -> dict[str, Floats]:
    """Parameters and weights of draws start .. start + count - 1, in file order.

    Returns:
        Name -> shape (count,), or (1,) where the number is known.
    """
    known = scenario.distributions()
    moved = _correlated_uniforms(scenario, seed, start, count)
    values: dict[str, Floats] = {}
    for name, distribution in known.items():
        if distribution.kind == "ranked":
            values[name] = np.empty(0)  # keeps its place in file order; filled below
        elif is_fixed(distribution):
            values[name] = np.array([float(distribution.numbers[0])])
        else:
            u = moved[name] if name in moved else uniforms(seed, name, start, count)
            values[name] = quantile(distribution)(u)
    for group in scenario.ranked:
        for name, weight in _ranked_weights(group.of, float(group.total), seed, start, count).items():
            sign = group.signs[group.of.index(name)]
            if known[name].kind == "ranked":
                values[name] = sign * weight
    return values


def _correlated_uniforms(scenario: ScenarioData, seed: int, start: int, count: int) -> dict[str, Floats]:
    """Uniforms joined by a Gaussian copula; Spearman's rho becomes the correlation 2 sin(pi rho / 6)."""
    named = {name for block in scenario.correlated for name in block.of}
    names = [name for name in scenario.distributions() if name in named]  # in file order
    if not names:
        return {}
    from scipy.special import ndtr

    normals = [standard_normal(uniforms(seed, name, start, count)) for name in names]
    factor = np.linalg.cholesky(correlation_matrix(scenario, names))
    joined = {}
    for k, name in enumerate(names):
        total = factor[k, 0] * normals[0]
        for j in range(1, k + 1):  # added one at a time: a matrix product's order of addition changes with its size
            total = total + factor[k, j] * normals[j]
        joined[name] = np.asarray(ndtr(total), dtype=np.float64)
    return joined


def correlation_matrix(scenario: ScenarioData, names: list[str]) -> Floats:
    """The copula's correlations, shape (names, names); pairs that no block names are 0."""
    matrix = np.eye(len(names))
    for block in scenario.correlated:
        for one in block.of:
            for other in block.of:
                if one != other:
                    matrix[names.index(one), names.index(other)] = copula_correlation(float(block.rho))
    return matrix


def _ranked_weights(of: tuple[str, ...], total: float, seed: int, start: int, count: int) -> dict[str, Floats]:
    """Uniform over the positive weights that keep the order and add to `total`: sorted exponentials over their sum."""
    spacings = np.stack([-np.log1p(-uniforms(seed, name, start, count)) for name in of])
    ordered = np.sort(spacings, axis=0)[::-1]
    whole = ordered[0]
    for row in ordered[1:]:
        whole = whole + row
    return {name: total * row / whole for name, row in zip(of, ordered, strict=True)}
