"""A scrambled Sobol' sequence: points that fill the unit cube evenly, so that shares settle faster than by chance.

Sixteen scrambles run side by side: draw k is point k // 16 of scramble k % 16. So a longer sweep begins with the
shorter one, any draw is made alone, and how far the sixteen disagree is the sampling error (Owen 1997). A scramble is
Matousek's (1998): a random triangular matrix over the digits and a digital shift, whose variance is that of Owen's
nested scramble. Each point alone is uniform, 0 as likely as any other number. A count of draws that is 16 times a
power of two is served best.

Direction numbers are Joe and Kuo's (2008), as scipy ships them: up to 21,201 numbers.
"""

from functools import lru_cache
from importlib.util import find_spec
from math import sqrt
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.errors import UsageError
from sim.sweeps.status import wilson

Words = NDArray[np.uint64]
Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

SCRAMBLES = 16
DIGITS = 53  # of a point, and of any uniform number; a scramble has 2**53 different points
MOST_DRAWS = SCRAMBLES << DIGITS
RANDOM = (DIGITS + 1) * SCRAMBLES  # numbers that scramble a dimension
T15_95 = 2.131449545559323  # two-sided 95% point of Student's t with 15 degrees of freedom


def sobol_points(directions: Words, shifts: Words, start: int, count: int) -> Floats:
    """The uniform numbers in [0, 1) of one dimension in draws start .. start + count - 1, shape (count,).

    Raises:
        UsageError: the sequence ends before these draws.
    """
    from sim.sweeps.sampling_kernel import fill_sobol

    if start < 0 or start + count > MOST_DRAWS:
        raise UsageError(f"A Sobol' sweep has draws 0 to {MOST_DRAWS - 1}; asked for {count} from draw {start}.")
    out = np.empty(count)
    fill_sobol(directions, shifts, start, out)
    return out


def scrambled(dimension: int, random: Floats) -> tuple[Words, Words]:
    """Scrambled direction numbers, shape (53, 16), and shifts, shape (16,), from `RANDOM` numbers in [0, 1).

    Raises:
        UsageError: the sequence has no such dimension.
    """
    words = (random.reshape(DIGITS + 1, SCRAMBLES) * 2.0**DIGITS).astype(np.uint64)  # exact
    shifts, columns = words[0].copy(), words[1:]
    plain = direction_numbers(dimension)
    result = np.zeros((DIGITS, SCRAMBLES), dtype=np.uint64)
    for digit in range(DIGITS):  # the leading one first
        own = np.uint64(1 << (DIGITS - 1 - digit))
        column = own | (columns[digit] & (own - np.uint64(1)))  # a digit moves itself and, by chance, later ones
        result ^= np.where((plain & own)[:, None] != 0, column, np.uint64(0))
    return result, shifts


def direction_numbers(dimension: int) -> Words:
    """The 53 direction numbers of a dimension, from 0, as fractions times 2**53: Joe & Kuo (2008).

    Raises:
        UsageError: the sequence has no such dimension.
    """
    polynomials, starts = _tables()
    if dimension >= len(polynomials):
        raise UsageError(f"Sobol' points have at most {len(polynomials)} uncertain numbers.")
    if dimension == 0:
        return np.array([1 << (DIGITS - 1 - k) for k in range(DIGITS)], dtype=np.uint64)
    polynomial = int(polynomials[dimension])
    degree = polynomial.bit_length() - 1
    m = [int(number) for number in starts[dimension, :degree]]
    for k in range(degree, DIGITS):
        new = m[k - degree] ^ (m[k - degree] << degree)
        for i in range(1, degree):
            if polynomial >> (degree - i) & 1:
                new ^= m[k - i] << i
        m.append(new)
    return np.array([number << (DIGITS - 1 - k) for k, number in enumerate(m)], dtype=np.uint64)


@lru_cache(maxsize=1)
def _tables() -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Primitive polynomials, shape (dimensions,), and first odd integers m, shape (dimensions, 18).

    The file is read, and `scipy.stats` is not imported: that takes a second.
    """
    place = find_spec("scipy")
    assert place is not None  # scipy is a dependency
    assert place.origin is not None
    with np.load(Path(place.origin).parent / "stats" / "_sobol_direction_numbers.npz") as file:
        return file["poly"], file["vinit"]


def scramble_sizes(start: int, count: int) -> Counts:
    """How many of draws start .. start + count - 1 each scramble has, shape (16,)."""
    lanes = np.arange(SCRAMBLES)
    return np.asarray(
        (start + count - lanes + SCRAMBLES - 1) // SCRAMBLES - (start - lanes + SCRAMBLES - 1) // SCRAMBLES
    )


def scramble_counts(hits: NDArray[np.bool_], start: int) -> Counts:
    """How often each scramble hits, shape (..., 16); `hits` has the shape (..., draws), from draw `start` on.

    Counts of parts of a sweep add up to those of the whole.
    """
    lanes = [hits[..., (lane - start) % SCRAMBLES :: SCRAMBLES] for lane in range(SCRAMBLES)]
    return np.stack([np.count_nonzero(lane, axis=-1) for lane in lanes], axis=-1).astype(np.int64)


def scramble_error(counts: Counts, sizes: Counts) -> Floats:
    """The standard error of shares between scrambles, shape (...) for `counts` (..., 16) and `sizes` (16,).

    NaN where a scramble has no draw. The shares of scrambles are independent and of one distribution where the sizes
    are equal; sizes that differ by one draw are weighted.
    """
    if (sizes == 0).any():
        return np.full(counts.shape[:-1], np.nan)
    weights = sizes / sizes.sum()
    return np.asarray(np.std(counts / sizes, axis=-1, ddof=1) * sqrt(float((weights**2).sum())))


def scramble_interval(counts: Counts, sizes: Counts) -> tuple[float, float]:
    """The 95% interval of one share: Student's t between the 16 scrambles, inside 0 to 1.

    Where all scrambles agree, or one has no draw, their spread says nothing: the interval of independent
    draws (Wilson's) stands in.
    """
    total, draws = int(counts.sum()), int(sizes.sum())
    error = float(scramble_error(counts, sizes))
    if not error > 0:
        return wilson(total, draws)
    share = total / draws
    return max(0.0, share - T15_95 * error), min(1.0, share + T15_95 * error)
