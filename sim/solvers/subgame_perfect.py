"""All outcomes of pure subgame-perfect equilibria for an order of moves, by masks over profiles: no tree is built.

The mask starts full and is updated from the last element of the order to the first. A player keeps an option where,
even if the play after it is chosen as well as can be for it, no other option of its own guarantees more: any play
after a deviation may be the worst subgame-perfect one. An element that holds several moves is played at once, and
may leave a subgame without pure play; then the game has none.

Source: Selten (1965); outcome sets by backward induction as in Kuhn (1953), kept whole where payoffs tie.
"""

import numpy as np
from numpy.typing import NDArray

from sim.solvers.ties import TIE


def subgame_perfect(
    payoffs: NDArray[np.float64],
    axes_of: tuple[tuple[int, ...], ...],
    ranges: NDArray[np.float64],
    elements: tuple[tuple[int, ...], ...],
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Find all outcomes of pure subgame-perfect play.

    Args:
        payoffs: shape (draws, players, axes...), one axis a move.
        axes_of: for each player the axes that it owns.
        ranges: shape (draws, players), from `ties.ranges`.
        elements: the order: axes that move together, each axis once; earlier elements are seen by all.

    Returns:
        `is_outcome`, shape (draws, axes...), all false in a draw where some subgame has no pure play; and `gap`, shape
        (draws,): the smallest difference, not 0, that decided anything on the way, as a share of the range.
    """
    u = np.moveaxis(payoffs, 0, -1)
    scale = np.moveaxis(ranges, 0, -1)
    mask = np.ones(u.shape[1:], dtype=np.bool_)
    gap = np.full(u.shape[-1], np.inf)
    playable = np.ones(u.shape[-1], dtype=np.bool_)
    later: tuple[int, ...] = ()
    for element in reversed(elements):
        stays = np.ones_like(mask)
        for player, axes in enumerate(axes_of):
            own = tuple(axis for axis in axes if axis in element)
            if not own:
                continue
            secured = np.where(mask, u[player], np.inf).min(axis=later, keepdims=True) if later else u[player]
            secured = np.where(secured == np.inf, -np.inf, secured)  # no play after it: nothing is secured
            short = secured.max(axis=own, keepdims=True) - u[player]
            stays &= short <= TIE * scale[player]
            least = np.where(mask & (short != 0), np.abs(short), np.inf).min(axis=tuple(range(short.ndim - 1)))
            relative = np.divide(least, scale[player], out=np.full_like(gap, np.inf), where=scale[player] > 0)
            gap = np.minimum(gap, relative)
        mask &= stays
        later = (*later, *element)
        alive = mask.any(axis=later, keepdims=True)
        playable &= alive.reshape(-1, alive.shape[-1]).all(axis=0)
    return np.moveaxis(mask & playable, -1, 0), gap
