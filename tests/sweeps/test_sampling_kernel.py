"""Compiled sampling loops: the words of Philox as numpy makes them, and the same bits from any start."""

import numpy as np
import pytest

from sim.sweeps.sampling_kernel import fill_philox, fill_sobol

KEYS = [(0, 0), (5, 9), (2**64 - 1, 2**63), (0x0123456789ABCDEF, 0xFEDCBA9876543210)]


@pytest.mark.parametrize("start", [0, 1, 3, 4, 2**32 - 1, 2**32 + 6, 2**34 + 1, 2**63 - 23])
@pytest.mark.parametrize("key", KEYS)
def test_words_are_those_of_numpys_philox(key: tuple[int, int], start: int) -> None:
    whole = np.random.Philox(key=key[0] + (key[1] << 64), counter=start // 4).random_raw(start % 4 + 22)
    out = np.empty(22)
    fill_philox(np.array(key, dtype=np.uint64), start, out)
    assert (out == (whole[start % 4 :] >> np.uint64(11)) * 2.0**-53).all()


@pytest.mark.parametrize("count", [0, 1, 2, 5, 16, 17, 40])
def test_a_part_of_a_stream_is_that_part_of_the_whole(count: int) -> None:
    key = np.array([7, 8], dtype=np.uint64)
    random = np.random.default_rng(1).integers(0, 2**53, (54, 16)).astype(np.uint64)
    for fill, source in [(fill_philox, (key,)), (fill_sobol, (random[1:], random[0].copy()))]:
        whole = np.empty(90)
        fill(*source, 1000, whole)
        for first in range(40):
            part = np.empty(count)
            fill(*source, 1000 + first, part)
            assert (part == whole[first : first + count]).all(), (fill, first)
