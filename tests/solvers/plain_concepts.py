"""The batch concepts as whole-array operations on payoff tensors: slow and plain, what the compiled loops must equal.

Masks, margins and gaps to the last bit: every quantity here is a difference of two payoffs, its share of a range, or
the least or greatest of such.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from sim.solvers.ties import TIE, smallest_share


def pure_nash(
    payoffs: NDArray[np.float64], axes_of: tuple[tuple[int, ...], ...], ranges: NDArray[np.float64]
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Find the profiles of each draw where no player gains more than a tie by changing its own action.

    Args:
        payoffs: shape (draws, players, axes...), one axis a move (or an action), each player in its own unit.
        axes_of: for each player the axes that it owns, from 0.
        ranges: shape (draws, players), from `ties.ranges`.

    Returns:
        `is_equilibrium`, shape (draws, axes...), and `gap`, shape (draws,): the smallest positive gain that decided
        anything, as a share of the range (infinite where nobody gains anywhere).
    """
    u = np.moveaxis(payoffs, 0, -1)  # draws innermost, as the kernel of payoffs lays them
    scale = np.moveaxis(ranges, 0, -1)
    is_equilibrium = np.ones(u.shape[1:], dtype=np.bool_)
    gap = np.full(u.shape[-1], np.inf)
    gain = np.empty_like(u[0])  # one for all: new memory costs more than the subtraction
    for player, axes in enumerate(axes_of):
        np.subtract(u[player].max(axis=axes, keepdims=True), u[player], out=gain)
        is_equilibrium &= gain <= TIE * scale[player]
        gap = np.minimum(gap, smallest_share(gain, scale[player]))
    return np.moveaxis(is_equilibrium, -1, 0), gap


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


def subgame_perfect(
    payoffs: NDArray[np.float64],
    axes_of: tuple[tuple[int, ...], ...],
    ranges: NDArray[np.float64],
    orders: Sequence[tuple[tuple[int, ...], ...]],
) -> list[tuple[NDArray[np.bool_], NDArray[np.float64]]]:
    """Find all outcomes of pure subgame-perfect play, for each of some orders of moves.

    Args:
        payoffs: shape (draws, players, axes...), one axis a move.
        axes_of: for each player the axes that it owns.
        ranges: shape (draws, players), from `ties.ranges`.
        orders: each a tuple of elements: axes that move together, each axis once; earlier elements are seen by all.

    Returns:
        For each order `is_outcome`, shape (draws, axes...), all false in a draw where some subgame has no pure play;
        and `gap`, shape (draws,): the smallest difference, not 0, that decided anything on the way, as a share of the
        range.
    """
    u = np.moveaxis(payoffs, 0, -1)
    scale = np.moveaxis(ranges, 0, -1)
    draws = u.shape[-1]
    start = _Play((), np.ones(u.shape[1:], dtype=np.bool_), np.ones(draws, dtype=np.bool_), np.full(draws, np.inf))
    known: dict[tuple[tuple[int, ...], ...], _Play] = {(): start}  # orders that end alike share the work on their ends
    for order in orders:
        for k in reversed(range(len(order))):
            if order[k:] not in known:
                known[order[k:]] = _before(known[order[k + 1 :]], order[k], u, axes_of, scale)
    ends = [known[tuple(order)] for order in orders]
    return [(np.moveaxis(end.mask & end.playable, -1, 0), end.gap) for end in ends]


@dataclass(frozen=True, slots=True, eq=False)
class _Play:
    """Pure subgame-perfect play of the last elements of an order, after every history."""

    axes: tuple[int, ...]  # the moves of these elements
    mask: NDArray[np.bool_]  # (axes..., draws): the profiles that such play reaches from their own history
    playable: NDArray[np.bool_]  # (draws,): there is some after every history
    gap: NDArray[np.float64]  # (draws,)


def _before(
    later: _Play,
    element: tuple[int, ...],
    u: NDArray[np.float64],
    axes_of: tuple[tuple[int, ...], ...],
    scale: NDArray[np.float64],
) -> _Play:
    """Put one element of the order before those that are played already."""
    mask, gap = later.mask.copy(), later.gap
    for player, axes in enumerate(axes_of):
        own = tuple(axis for axis in axes if axis in element)
        if not own:
            continue
        secured = reached = u[player]
        if later.axes:
            reached = np.where(later.mask, u[player], np.inf)
            secured = reached.min(axis=later.axes, keepdims=True)
            secured[secured == np.inf] = -np.inf  # no play after it: nothing is secured
        short = secured.max(axis=own, keepdims=True) - reached  # minus infinity where no play reaches
        mask &= short <= TIE * scale[player]
        gap = np.minimum(gap, smallest_share(np.abs(short, out=short), scale[player]))
    axes = (*later.axes, *element)
    alive = mask.any(axis=axes, keepdims=True)
    return _Play(axes, mask, later.playable & alive.reshape(-1, alive.shape[-1]).all(axis=0), gap)
