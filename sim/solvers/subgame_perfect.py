"""All outcomes of pure subgame-perfect equilibria for an order of moves, by masks over profiles: no tree is built.

The mask starts full and is updated from the last element of the order to the first. A player keeps an option where,
even if the play after it is chosen as well as can be for it, no other option of its own guarantees more: any play
after a deviation may be the worst subgame-perfect one. An element that holds several moves is played at once, and
may leave a subgame without pure play; then the game has none.

Source: Selten (1965); outcome sets by backward induction as in Kuhn (1953), kept whole where payoffs tie.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.solvers.ties import TIE, smallest_share


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
