"""Inverse distribution functions: a uniform number in [0, 1) becomes a value of the distribution.

PERT and beta quantiles are slow to compute, so they come from a table made once a distribution: cubic Hermite pieces on
cells that halve towards both ends (16 a power of two), where the quantile function may be infinitely steep.
"""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.scenario.model import Distribution

Floats = NDArray[np.float64]

OCTAVES = 54  # uniforms are multiples of 2**-53; the last octave reaches 0
CELLS = 16  # a power of two of cells in each octave
TABLE_ERROR = 1e-6  # greatest error that a table may have, as a share of the range; a test measures it


def quantile(distribution: Distribution) -> Callable[[Floats], Floats]:
    """The inverse distribution function: uniforms of any shape in [0, 1) to float64 values, elementwise.

    Source of the PERT shape: Malcolm et al. (1959), a beta distribution with a + b = 6 on [lo, hi].
    """
    numbers = [float(number) for number in distribution.numbers]
    match distribution.kind, numbers:
        case "fixed", [value]:
            return lambda u: np.full_like(u, value)
        case "uniform", [low, high]:
            return lambda u: low + u * (high - low)
        case "triangular", [low, mode, high]:
            return lambda u: _triangular(u, low, mode, high)
        case "pert", [low, mode, high]:
            a, b = 1 + 4 * (mode - low) / (high - low), 1 + 4 * (high - mode) / (high - low)
            return lambda u: low + (high - low) * beta_quantile(u, a, b)
        case "beta", [a, b]:
            return lambda u: beta_quantile(u, a, b)
        case "normal", [mean, deviation]:
            return _normal(mean, deviation, distribution.within)
        case "lognormal", [median, sigma]:
            return lambda u: median * np.exp(sigma * standard_normal(u))
        case "choice", values:
            bounds = np.cumsum([float(share) for share in distribution.shares])[:-1]
            table = np.array(values)
            return lambda u: table[np.searchsorted(bounds, u, side="right")]
        case _:
            raise ValueError(f"no quantile function for {distribution.kind!r}")


def standard_normal(u: Floats) -> Floats:
    """Quantiles of the standard normal; 0 is moved to half of the smallest uniform, so that all are finite."""
    from scipy.special import ndtri

    return np.asarray(ndtri(np.maximum(u, 2.0**-54)), dtype=np.float64)


def _triangular(u: Floats, low: float, mode: float, high: float) -> Floats:
    width, split = high - low, (mode - low) / (high - low)
    rising = low + np.sqrt(u * width * (mode - low))
    falling = high - np.sqrt((1 - u) * width * (high - mode))
    return np.where(u < split, rising, falling)


def _normal(mean: float, deviation: float, within: object) -> Callable[[Floats], Floats]:
    if within is None:
        return lambda u: mean + deviation * standard_normal(u)
    from scipy.special import ndtr

    low, high = (float(bound) for bound in within)  # type: ignore[attr-defined]
    flip = low > mean  # deep in the upper tail 1 - ndtr would lose all digits: use the mirror image there
    ends = [(bound - mean) / deviation for bound in ((low, high) if not flip else (high, low))]
    first, last = (float(ndtr(-end if flip else end)) for end in ends)

    def truncated(u: Floats) -> Floats:
        mass = first + (1 - u if flip else u) * (last - first)
        z = standard_normal(mass)
        return np.clip(mean + deviation * (-z if flip else z), low, high)

    return truncated


def beta_quantile(u: Floats, a: float, b: float) -> Floats:
    """Quantiles of the beta distribution on [0, 1] from a table, to within TABLE_ERROR."""
    upper = u >= 0.5
    tail = np.where(upper, 1.0 - u, u)  # exact: uniforms are multiples of 2**-53
    lower_half, upper_half = _beta_table(a, b), _beta_table(b, a)
    cell, part = _cell(tail)
    empty = tail == 0
    low = np.where(empty, 0.0, _hermite(lower_half, cell, part))
    high = np.where(empty, 1.0, 1.0 - _hermite(upper_half, cell, part))
    return np.where(upper, high, low)


def _cell(tail: Floats) -> tuple[NDArray[np.intp], Floats]:
    """The cell of the table that holds each number of (0, 1/2], and how far into it, from 0 to 1."""
    mantissa, exponent = np.frexp(tail)  # tail = mantissa * 2**exponent, mantissa in [1/2, 1)
    position = (mantissa - 0.5) * (2 * CELLS)
    step = np.minimum(position.astype(np.intp), CELLS - 1)
    octave = np.clip(exponent + OCTAVES, 0, OCTAVES)
    part = np.where(tail > 0, position - step, 0.0)
    return np.where(tail > 0, octave * CELLS + step, 0), part


def _hermite(table: NDArray[np.float64], cell: NDArray[np.intp], t: Floats) -> Floats:
    c0, c1, c2, c3 = (column[cell] for column in table)
    return np.asarray(c0 + t * (c1 + t * (c2 + t * c3)))


@lru_cache(maxsize=1024)
def _beta_table(a: float, b: float) -> NDArray[np.float64]:
    """Cubic coefficients, shape (4, cells), of the lower half of the quantile function; slopes are 1 / density."""
    from scipy.special import betaincinv, betaln

    octaves = 2.0 ** np.arange(-OCTAVES - 1, 0)
    left = (octaves[:, None] * (1 + np.arange(CELLS) / CELLS)).ravel()
    right = np.append(left[1:], 1.0)
    ends = np.append(left, 1.0)
    x = np.asarray(betaincinv(a, b, ends))
    with np.errstate(all="ignore"):
        log_density = (a - 1) * np.log(x) + (b - 1) * np.log1p(-x) - betaln(a, b)
        slope = np.exp(-log_density)
    chord = np.diff(x) / np.diff(ends)
    y0, y1, width = x[:-1], x[1:], right - left
    with np.errstate(all="ignore"):
        m0, m1 = _limited(slope[:-1], chord), _limited(slope[1:], chord)
    c1, d = m0 * width, y1 - y0
    c2, c3 = 3 * d - 2 * c1 - m1 * width, c1 + m1 * width - 2 * d
    return np.stack([y0, c1, c2, c3])


def _limited(slope: Floats, chord: Floats) -> Floats:
    """Slopes between 0 and three times the chord, so that every piece is monotone (Fritsch & Carlson 1980)."""
    return np.where(np.isfinite(slope), np.clip(slope, 0.0, 3 * chord), chord)
