"""The compiled loops of sampling: Philox words, points of a Sobol' sequence, quantiles from a table.

Each number depends on its own place in the stream alone, and each result on its own number alone: it is the same bits
in a block of any size, from any start. No fast-math; nothing is added up across draws.
"""

from typing import Any

import numpy as np

from sim.compiled import compiled
from sim.sweeps.quantiles import OCTAVES
from sim.sweeps.sobol import DIGITS, SCRAMBLES

MULTIPLIERS = np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157)  # Salmon et al. (2011), Philox4x64
WEYL = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBB67AE8584CAA73B)
ROUNDS = 10
HALF, LOW = np.uint64(32), np.uint64(0xFFFFFFFF)
ONE, MANTISSA = np.uint64(1), np.uint64(52)


@compiled
def _high(a: Any, b: Any) -> Any:
    """The upper 64 of the 128 bits of a product, by halves."""
    a0, a1, b0, b1 = a & LOW, a >> HALF, b & LOW, b >> HALF
    middle = a1 * b0 + (a0 * b0 >> HALF)
    other = a0 * b1 + (middle & LOW)
    return a1 * b1 + (middle >> HALF) + (other >> HALF)


@compiled
def _philox(key0: Any, key1: Any, counter: Any) -> Any:
    """The four words of one counter below 2**64: Philox4x64-10."""
    c0, c1, c2, c3 = counter, np.uint64(0), np.uint64(0), np.uint64(0)
    for _ in range(ROUNDS):
        high0, high1 = _high(MULTIPLIERS[0], c0), _high(MULTIPLIERS[1], c2)
        c0, c1, c2, c3 = high1 ^ c1 ^ key0, MULTIPLIERS[1] * c2, high0 ^ c3 ^ key1, MULTIPLIERS[0] * c0
        key0, key1 = key0 + WEYL[0], key1 + WEYL[1]
    return c0, c1, c2, c3


@compiled
def _unit(digits: Any) -> Any:
    """53 binary digits as a number in [0, 1)."""
    return np.float64(np.int64(digits)) * 2.0**-DIGITS


@compiled
def fill_philox(key: Any, start: int, out: Any) -> None:
    """Uniform numbers of draws start .. start + len(out) - 1: the upper 53 bits of each word.

    Draw k is word k % 4 of the block of counter k // 4 + 1, as `numpy.random.Philox` counts, which steps before it
    makes its first block. `key` holds the two words of the key.
    """
    key0, key1, shift = key[0], key[1], np.uint64(64 - DIGITS)
    count, block, k = len(out), start // 4, 0
    while k < count:
        words = _philox(key0, key1, np.uint64(block + 1))
        skipped = start + k - 4 * block
        if skipped == 0 and k + 4 <= count:
            out[k], out[k + 1] = _unit(words[0] >> shift), _unit(words[1] >> shift)
            out[k + 2], out[k + 3] = _unit(words[2] >> shift), _unit(words[3] >> shift)
            k += 4
        else:
            for place in range(skipped, min(4, skipped + count - k)):
                word = words[0] if place == 0 else words[1] if place == 1 else words[2] if place == 2 else words[3]
                out[k] = _unit(word >> shift)
                k += 1
        block += 1


@compiled
def fill_sobol(directions: Any, shifts: Any, start: int, out: Any) -> None:
    """Points of one dimension in draws start .. start + len(out) - 1: draw k is point k // 16 of scramble k % 16.

    `directions` are the scrambled direction numbers, shape (53, 16), `shifts` the digital shifts, shape (16,): 53
    digits each. In Gray-code order (Antonov & Saleev 1979) a point differs from the one before by one direction.
    """
    state = shifts.copy()
    point = start // SCRAMBLES
    gray = point ^ (point >> 1)
    for bit in range(DIGITS):
        if gray >> bit & 1:
            for lane in range(SCRAMBLES):
                state[lane] ^= directions[bit, lane]
    count, lane, k = len(out), start % SCRAMBLES, 0
    while True:
        if lane == 0 and k + SCRAMBLES <= count:
            for place in range(SCRAMBLES):
                out[k + place] = _unit(state[place])
            k += SCRAMBLES
        else:
            for place in range(lane, min(SCRAMBLES, lane + count - k)):
                out[k] = _unit(state[place])
                k += 1
            lane = 0
        if k == count:
            return
        point += 1
        bit = 0
        while point >> bit & 1 == 0:
            bit += 1
        for place in range(SCRAMBLES):
            state[place] ^= directions[bit, place]


@compiled
def fill_from_table(u: Any, table: Any, upper: int, powers: Any, low: float, span: float, out: Any) -> None:
    """Quantiles of uniforms u in [0, 1]: low + span * x, x by cubic pieces. Shapes (count,), `table` (cells, 5).

    Rows are four coefficients and the end that a piece must not pass. From row `upper` on stands the mirror image, for
    1 - u of numbers from 1/2 up. `powers` are the logarithms to base 2 of the cells an octave, of both halves. A
    half without a table is NaN. A number's exponent and leading digits are its cell, the rest is its place there.
    """
    for k in range(len(u)):
        above = u[k] >= 0.5
        near = 1.0 - u[k] if above else u[k]  # exact: uniforms are multiples of 2**-53
        power, first = (powers[1], upper) if above else (powers[0], 0)
        digits = np.float64(near).view(np.uint64)
        rest = MANTISSA - power
        step = int(digits >> rest & ((ONE << power) - ONE))
        octave = max(int(digits >> MANTISSA) - (1022 - OCTAVES), 0)
        t = np.float64(np.int64(digits & ((ONE << rest) - ONE))) / np.float64(np.int64(ONE << rest))
        row = table[first + (octave << int(power)) + step]
        x = row[0] + t * (row[1] + t * (row[2] + t * row[3]))
        x = row[0] if x < row[0] else row[4] if x > row[4] else x  # rounding must not leave the cell
        x = 0.0 if near == 0.0 else x
        out[k] = low + span * (1.0 - x if above else x)
