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


def joint_deviations(
    shape: tuple[int, ...], axes: tuple[int, ...], payoffs: NDArray[np.int32]
) -> tuple[NDArray[np.intp], NDArray[np.int32]]:
    """What a coalition can reach by its own moves, profiles that are the same to every member once.

    Args:
        shape: options on each axis.
        axes: of the coalition's moves.
        payoffs: rows, shape (members, profiles).

    Returns:
        For each profile the first of its deviations and the one after the last, shape (profiles, 2); and the rows of
        the members' payoffs, shape (deviations, members).
    """
    profiles = np.arange(prod(shape))
    starts = profiles.copy()  # the profile that differs from each by option 0 on each of `axes`
    for axis in axes:
        stride = prod(shape[axis + 1 :])
        starts -= profiles // stride % shape[axis] * stride
    reached = np.unique(np.column_stack([starts, payoffs.T]), axis=0)
    spans = [np.searchsorted(reached[:, 0], starts, side) for side in ("left", "right")]
    return np.column_stack(spans), reached[:, 1:]
