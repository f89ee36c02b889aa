"""Pure Nash equilibria of many finite games at once; complete, since every profile of every draw is checked.

A profile is one where no player gains by changing its own action alone; an action is one option for each of the
player's moves, so a player with several moves may change them together.

Source: Nash (1950), Equilibrium points in n-person games, PNAS 36(1), 48-49.
"""

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
