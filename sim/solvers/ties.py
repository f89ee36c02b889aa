"""The one tolerance on payoffs: a gain of at most this share of a player's payoff range is a tie.

Every floating-point solution concept compares payoffs with it and with nothing else; the exact route has no tolerance.
"""

import numpy as np
from numpy.typing import NDArray

from sim.errors import PayoffError

TIE = 1e-12  # share of max - min of a player's payoffs over the profiles of one draw
NEAR_TIE = (
    1e-9  # a decision closer than this to a tie may fall otherwise on another machine; it is marked, never decided
)


def ranges(payoffs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each player's greatest minus least payoff in each draw: (draws, players, axes...) -> (draws, players).

    Raises:
        PayoffError: a difference too large for a floating-point number, which would make everything a tie.
    """
    draws, players = payoffs.shape[:2]
    flat = np.moveaxis(payoffs, 0, -1).reshape(players, -1, draws)  # draws innermost, as they mostly lie: no copy
    with np.errstate(over="ignore"):
        found = np.asarray((flat.max(axis=1) - flat.min(axis=1)).T, dtype=np.float64)
    if not np.isfinite(found).all():
        raise PayoffError("Payoffs of one player differ by more than a floating-point number can hold (1.8e308).")
    return found


def smallest_share(distance: NDArray[np.float64], scale: NDArray[np.float64]) -> NDArray[np.float64]:
    """The smallest positive distance of each draw as a share of the player's range; infinite where there is none.

    Args:
        distance: shape (axes..., draws), none negative; overwritten.
        scale: shape (draws,), the player's range.
    """
    np.copyto(distance, np.inf, where=distance == 0)
    least = distance.reshape(-1, len(scale)).min(axis=0)
    return np.asarray(np.divide(least, scale, out=np.full_like(least, np.inf), where=scale > 0))
