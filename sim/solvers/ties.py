"""The one tolerance on payoffs: a gain of at most this share of a player's payoff range is a tie.

Every floating-point solution concept compares payoffs with it and with nothing else; the exact route has no tolerance.
"""

import numpy as np
from numpy.typing import NDArray

TIE = 1e-12  # share of max - min of a player's payoffs over the profiles of one draw
NEAR_TIE = (
    1e-9  # a decision closer than this to a tie may fall otherwise on another machine; it is marked, never decided
)


def ranges(payoffs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each player's greatest minus least payoff in each draw: (draws, players, axes...) -> (draws, players)."""
    axes = tuple(range(2, payoffs.ndim))
    return np.asarray(payoffs.max(axis=axes) - payoffs.min(axis=axes), dtype=np.float64)
