"""Strong equilibria of order k: no coalition of up to k players has a pure joint action that gives every member more.

Only pure joint deviations are tried: mixed ones could upset more, so the set is an upper bound for them. Order 1 is
pure Nash, and each order is a subset of the one before.

Source: Aumann (1959), Acceptable points in general cooperative n-person games; Andelman, Feldman & Mansour (2009).
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from math import prod

import numpy as np
from numpy.typing import NDArray

from sim.solvers.ties import TIE


def coalitions_of(players: int, size: int, may: tuple[tuple[int, ...], ...] | None) -> tuple[tuple[int, ...], ...]:
    """The coalitions of exactly `size` players, two or more, that count; `may` (player indices) limits them."""
    every = combinations(range(players), size) if size >= 2 else ()
    listed = None if may is None else {tuple(sorted(set(group))) for group in may}
    return tuple(group for group in every if listed is None or group in listed)


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """The profiles, of all draws, that none of the coalitions tried so far upsets: one entry each."""

    profile: NDArray[np.intp]  # flat index
    draw: NDArray[np.intp]
    slack: NDArray[np.float64]  # smallest gain that added to some joint deviation would upset it, share of range
    gap: NDArray[np.float64]  # (draws,) smallest difference that decided anything, share of range

    def mask(self, shape: tuple[int, ...]) -> NDArray[np.bool_]:
        """Shape (draws, axes...)."""
        kept = np.zeros((*shape, len(self.gap)), dtype=np.bool_)
        kept.reshape(-1, len(self.gap))[self.profile, self.draw] = True
        return np.moveaxis(kept, -1, 0)

    def margin(self) -> NDArray[np.float64]:
        """The smallest slack of each draw, shape (draws,); infinite where nothing stands."""
        margin = np.full(len(self.gap), np.inf)
        np.minimum.at(margin, self.draw, self.slack)
        return margin


def standing(candidates: NDArray[np.bool_], gap: NDArray[np.float64]) -> Standing:
    """Profiles before any coalition is tried: `candidates` of shape (draws, axes...), `gap` of shape (draws,)."""
    profile, draw = np.divmod(np.flatnonzero(np.moveaxis(candidates, 0, -1)), len(gap))
    return Standing(profile, draw, np.full(len(profile), np.inf), gap)


def strong(
    payoffs: NDArray[np.float64],
    axes_of: tuple[tuple[int, ...], ...],
    ranges: NDArray[np.float64],
    before: Standing,
    coalitions: tuple[tuple[int, ...], ...],
) -> Standing:
    """Keep the profiles that no listed coalition upsets.

    Deviations that change nothing for a coalition's hardest-to-please member are ties by structure: they count
    neither in the slack nor in the gap.

    Args:
        payoffs: shape (draws, players, axes...).
        axes_of: for each player the axes that it owns.
        ranges: shape (draws, players), from `ties.ranges`.
        before: the profiles that other coalitions left; pure Nash equilibria first.
        coalitions: player indices, each coalition tried once; single players too, where their slack is wanted.
    """
    u = np.moveaxis(payoffs, 0, -1)
    shape, draws = u.shape[1:-1], u.shape[-1]
    flat = np.ascontiguousarray(u).reshape(len(u), -1)  # (players, profile * draws + draw)
    profile, draw, slack, gap = before.profile, before.draw, before.slack, before.gap.copy()
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
        distance = np.where(least != 0, np.abs(least), np.inf).min(axis=1, initial=np.inf)
        np.minimum.at(gap, draw, distance)
        stays = ~upset.any(axis=1)
        profile, draw, slack = profile[stays], draw[stays], np.minimum(slack, distance)[stays]
    return Standing(profile, draw, slack, gap)


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
