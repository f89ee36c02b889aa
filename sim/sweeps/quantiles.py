"""Inverse distribution functions: a uniform number in [0, 1) becomes a value of the distribution.

PERT and beta quantiles are slow to compute, so they come from a table made once a distribution: cubic Hermite pieces on
cells that halve towards both ends, where the quantile function may be infinitely steep. A power of two has 16 cells, or
as many more as the error asks for: a beta distribution with both numbers near 0 is steep in the middle.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.scenario.model import Distribution

Floats = NDArray[np.float64]
Quantile = Callable[[Floats], Floats]

OCTAVES = 54  # above the first, which begins at 2**-55; the last begins at 1/2. Uniforms are multiples of 2**-53
CELLS, MOST_CELLS = 16, 1024  # in each octave; powers of two
TABLE_ERROR = 1e-6  # greatest error that a table may have, as a share of the range; a test measures it
AIM = TABLE_ERROR / 10  # greatest error in the middle of a cell: it may be greater elsewhere in it


def quantile(distribution: Distribution) -> Quantile:
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
            return lambda u: _scaled_beta(u, a, b, low, high)
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


def _normal(mean: float, deviation: float, within: tuple[Fraction, Fraction] | None) -> Quantile:
    if within is None:
        return lambda u: mean + deviation * standard_normal(u)
    from scipy.special import ndtr, ndtri

    low, high = (float(bound) for bound in within)
    flip = low > mean  # deep in the upper tail 1 - ndtr would lose all digits: use the mirror image there
    ends = [(bound - mean) / deviation for bound in ((low, high) if not flip else (high, low))]
    first, last = (float(ndtr(-end if flip else end)) for end in ends)

    def truncated(u: Floats) -> Floats:
        mass = first + (1 - u if flip else u) * (last - first)
        z = ndtri(mass)  # deep in a tail less than the smallest uniform; an end of the range where it is 0
        return np.asarray(np.clip(mean + deviation * (-z if flip else z), low, high))

    return truncated


def beta_quantile(u: Floats, a: float, b: float) -> Floats:
    """Quantiles of the beta distribution on [0, 1] from a table, to within TABLE_ERROR."""
    return _scaled_beta(u, a, b, 0.0, 1.0)


def _scaled_beta(u: Floats, a: float, b: float, low: float, high: float) -> Floats:
    """Quantiles of the beta distribution stretched to low .. high, elementwise; halves without a table one by one."""
    flat = np.ascontiguousarray(u, dtype=np.float64).ravel()
    out = _from_table(flat, _beta_table(a, b), low, high - low)
    missing = np.flatnonzero(np.isnan(out)) if _beta_table(a, b).holes else ()
    if len(missing):
        from scipy.special import betaincinv

        hard = flat[missing]
        above = np.asarray(1.0 - betaincinv(b, a, 1.0 - hard))
        out[missing] = low + (high - low) * np.where(hard >= 0.5, above, betaincinv(a, b, hard))
    return out.reshape(np.shape(u))


@dataclass(frozen=True, slots=True, eq=False)
class BetaTable:
    """Both halves of a quantile function, as `fill_from_table` reads them."""

    cells: Floats  # (cells of both halves, 5): four cubic coefficients and the end of every cell
    upper: int  # the row at which the mirror image begins
    powers: NDArray[np.uint64]  # (2,): logarithms to base 2 of the cells an octave
    holes: bool  # a half is NaN: its finest table errs too much, and such quantiles are computed one by one


def _from_table(u: Floats, table: BetaTable, low: float, span: float) -> Floats:
    from sim.sweeps.sampling_kernel import fill_from_table

    out = np.empty(len(u))
    fill_from_table(u, table.cells, table.upper, table.powers, low, span, out)
    return out


@lru_cache(maxsize=1024)
def _beta_table(a: float, b: float) -> BetaTable:
    return _joined(_half_table(a, b), _half_table(b, a))


def _joined(lower: Floats, upper: Floats) -> BetaTable:
    """One table of two halves, shapes (cells, 5)."""
    powers = [(len(half) // (OCTAVES + 1)).bit_length() - 1 for half in (lower, upper)]
    cells = np.concatenate([lower, upper])
    return BetaTable(cells, len(lower), np.array(powers, dtype=np.uint64), bool(np.isnan(cells).any()))


def _half_table(a: float, b: float) -> Floats:
    """The table of the lower half of the quantile function, shape (cells, 5); NaN where the finest errs too much."""
    from scipy.special import betaincinv

    cells = CELLS
    while cells <= MOST_CELLS:
        table, middle = _hermite_table(a, b, cells)
        used = middle[middle < 0.5]  # of the last octave only its first end is
        found = _from_table(used, _joined(table, table), 0.0, 1.0)
        if (np.abs(found - betaincinv(a, b, used)) <= AIM).all():
            return table
        cells *= 4
    return np.full(((OCTAVES + 1) * CELLS, 5), np.nan)


def _hermite_table(a: float, b: float, cells: int) -> tuple[Floats, Floats]:
    """The table with so many cells in each octave, and the uniform in the middle of each; slopes are 1 / density."""
    from scipy.special import betaincinv, betaln

    octaves = 2.0 ** np.arange(-OCTAVES - 1, 0)
    ends = np.append((octaves[:, None] * (1 + np.arange(cells) / cells)).ravel(), 1.0)
    x = np.maximum.accumulate(betaincinv(a, b, ends))
    with np.errstate(all="ignore"):
        log_density = (a - 1) * np.log(x) + (b - 1) * np.log1p(-x) - betaln(a, b)
        slope = np.exp(-log_density)
    width, rise = np.diff(ends), np.diff(x)
    m0, m1 = _limited(slope[:-1], rise / width) * width, _limited(slope[1:], rise / width) * width
    table = np.stack([x[:-1], m0, 3 * rise - 2 * m0 - m1, m0 + m1 - 2 * rise, x[1:]], axis=1)
    return table, (ends[:-1] + ends[1:]) / 2


def _limited(slope: Floats, chord: Floats) -> Floats:
    """Slopes between 0 and three times the chord, so that every piece is monotone (Fritsch & Carlson 1980)."""
    return np.where(np.isfinite(slope), np.clip(slope, 0.0, 3 * chord), chord)
