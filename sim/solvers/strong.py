"""Strong equilibria of order k: no coalition of up to k players has a pure joint action that gives every member more.

Only pure joint deviations are tried: mixed ones could upset more, so the set is an upper bound for them. Order 1 is
pure Nash, and each order is a subset of the one before.

Source: Aumann (1959), Acceptable points in general cooperative n-person games; Andelman, Feldman & Mansour (2009).
"""

from functools import lru_cache
from itertools import combinations
from math import prod

import numpy as np
from numpy.typing import NDArray

from sim.solvers.ties import TIE


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
) -> tuple[NDArray[np.bool_], NDArray[np.float64], NDArray[np.float64]]:
    """Keep the candidate profiles that no listed coalition upsets.

    Args:
        payoffs: shape (draws, players, axes...).
        axes_of: for each player the axes that it owns.
        ranges: shape (draws, players), from `ties.ranges`.
        candidates: shape (draws, axes...): the pure Nash equilibria, or what a lower order kept.
        coalitions: player indices; single players too, where their margin is wanted.

    Returns:
        `is_equilibrium`, shape (draws, axes...); `margin`, shape (draws,): the smallest gain, as a share of the range,
        that would have to be added to some joint deviation to upset a kept profile; and `gap`, shape (draws,): the
        smallest difference that decided anything. Deviations that change nothing for a coalition's hardest-to-please
        member are ties by structure and count in neither; both are infinite where nothing is left to count.
    """
    u = np.moveaxis(payoffs, 0, -1)
    shape, draws = u.shape[1:-1], u.shape[-1]
    flat = np.ascontiguousarray(u).reshape(len(u), -1)  # (players, profile * draws + draw)
    kept = np.ascontiguousarray(np.moveaxis(candidates, 0, -1)).reshape(-1, draws).copy()
    profile, draw = np.nonzero(kept)
    slack = np.full(len(profile), np.inf)
    gap = np.full(draws, np.inf)
    for group in coalitions:
        reached = _joint_deviations(shape, tuple(sorted(axis for player in group for axis in axes_of[player])))
        places = reached[profile] * draws + draw[:, None]
        upset = np.ones(places.shape, dtype=np.bool_)
        least = np.full(places.shape, np.inf)  # the gain of the member that gains least, as a share of its range
        for player in group:
            own, scale = flat[player], ranges[draw, player][:, None]
            gain = own[places] - own[profile * draws + draw][:, None]
            upset &= gain > TIE * scale
            least = np.minimum(least, np.divide(gain, scale, out=np.zeros_like(gain), where=scale > 0))
        distance = np.where(least != 0, np.abs(least), np.inf).min(axis=1)
        np.minimum.at(gap, draw, distance)
        stays = ~upset.any(axis=1)
        kept[profile[~stays], draw[~stays]] = False
        profile, draw, slack = profile[stays], draw[stays], np.minimum(slack, distance)[stays]
    margin = np.full(draws, np.inf)
    np.minimum.at(margin, draw, slack)
    return np.moveaxis(kept.reshape(*shape, draws), -1, 0), margin, gap


@lru_cache(maxsize=256)
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
