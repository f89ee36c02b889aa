"""Strong equilibria of order k: no coalition of up to k players has a pure joint action that gives every member more.

Only pure joint deviations are tried: mixed ones could upset more, so the set is an upper bound for them. Order 1 is
pure Nash, and each order is a subset of the one before.

Source: Aumann (1959), Acceptable points in general cooperative n-person games; Andelman, Feldman & Mansour (2009).
"""

from itertools import combinations
from math import prod

import numpy as np
from numpy.typing import NDArray

from sim.solve.ties import NEAR_TIE, TIE


def coalitions_of(players: int, most: int, may: tuple[tuple[int, ...], ...] | None) -> tuple[tuple[int, ...], ...]:
    """The coalitions of 2 to `most` players that count, small ones first; `may` (player indices) limits them."""
    every = [group for size in range(2, most + 1) for group in combinations(range(players), size)]
    listed = None if may is None else {tuple(sorted(group)) for group in may}
    return tuple(group for group in every if listed is None or group in listed)


def strong(
    payoffs: NDArray[np.float64],
    axes_of: tuple[tuple[int, ...], ...],
    ranges: NDArray[np.float64],
    candidates: NDArray[np.bool_],
    coalitions: tuple[tuple[int, ...], ...],
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Keep the candidate profiles that no listed coalition upsets.

    Args:
        payoffs: shape (draws, players, axes...).
        axes_of: for each player the axes that it owns.
        ranges: shape (draws, players), from `ties.ranges`.
        candidates: shape (draws, axes...): the pure Nash equilibria, or what a lower order kept.
        coalitions: player indices, from `coalitions_of`.

    Returns:
        `is_equilibrium`, shape (draws, axes...), and `near`, shape (draws,): whether some decision was nearly a tie.
    """
    u = np.moveaxis(payoffs, 0, -1)
    shape, draws = u.shape[1:-1], u.shape[-1]
    flat = np.ascontiguousarray(u).reshape(len(u), -1)  # (players, profile * draws + draw)
    kept = np.ascontiguousarray(np.moveaxis(candidates, 0, -1)).reshape(-1, draws).copy()
    near = np.zeros(draws, dtype=np.bool_)
    for group in coalitions:
        if len(group) == 1:
            continue
        profile, draw = np.nonzero(kept)
        reached = _joint_deviations(shape, tuple(sorted(axis for player in group for axis in axes_of[player])))
        places = reached[profile] * draws + draw[:, None]
        upset = np.ones(places.shape, dtype=np.bool_)
        least = np.full(places.shape, np.inf)
        for player in group:
            own = flat[player]
            gain = own[places] - own[profile * draws + draw][:, None]
            scale = ranges[draw, player][:, None]
            upset &= gain > TIE * scale
            relative = np.divide(gain, scale, out=np.zeros_like(gain), where=scale > 0)
            least = np.minimum(least, relative)
        kept[profile, draw] = ~upset.any(axis=1)
        close = ((np.abs(least) < NEAR_TIE) & (least != 0)).any(axis=1)
        near[draw[close]] = True
    return np.moveaxis(kept.reshape(*shape, draws), -1, 0), near


def _joint_deviations(shape: tuple[int, ...], axes: tuple[int, ...]) -> NDArray[np.intp]:
    """For each profile (flat index) the flat indices of all profiles that differ from it on `axes` alone."""
    strides = [prod(shape[axis + 1 :]) for axis in range(len(shape))]
    offsets = np.zeros(1, dtype=np.intp)
    for axis in axes:
        offsets = (offsets[:, None] + np.arange(shape[axis]) * strides[axis]).ravel()
    profiles = np.arange(prod(shape))
    own = np.zeros_like(profiles)
    for axis in axes:
        own += profiles // strides[axis] % shape[axis] * strides[axis]
    return (profiles - own)[:, None] + offsets
