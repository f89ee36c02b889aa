"""Strong equilibria of order k: no coalition of up to k players has a pure joint action that gives every member more.

Only pure joint deviations are tried: mixed ones could upset more, so the set is an upper bound for them. Order 1 is
pure Nash, and each order is a subset of the one before.

Source: Aumann (1959), Acceptable points in general cooperative n-person games; Andelman, Feldman & Mansour (2009).
"""

from itertools import combinations
from math import prod

import numpy as np
from numpy.typing import NDArray


def coalitions_of(players: int, size: int, may: tuple[tuple[int, ...], ...] | None) -> tuple[tuple[int, ...], ...]:
    """The coalitions of exactly `size` players, two or more, that count; `may` (player indices) limits them."""
    every = combinations(range(players), size) if size >= 2 else ()
    listed = None if may is None else {tuple(sorted(set(group))) for group in may}
    return tuple(group for group in every if listed is None or group in listed)


def joint_offsets(shape: tuple[int, ...], axes: tuple[int, ...]) -> NDArray[np.intp]:
    """What leads from option 0 on `axes` to each of their joint options, in flat indices of profiles."""
    offsets = np.zeros(1, dtype=np.intp)
    for axis in axes:
        offsets = (offsets[:, None] + np.arange(shape[axis]) * prod(shape[axis + 1 :])).ravel()
    return offsets


def coalition_starts(shape: tuple[int, ...], axes: tuple[int, ...]) -> NDArray[np.intp]:
    """For each profile (flat index) the one that differs from it by option 0 on each of `axes`."""
    profiles = np.arange(prod(shape))
    starts = profiles.copy()
    for axis in axes:
        stride = prod(shape[axis + 1 :])
        starts -= profiles // stride % shape[axis] * stride
    return starts
