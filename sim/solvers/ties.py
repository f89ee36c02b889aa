"""The one tolerance on payoffs: a gain of at most this share of a player's payoff range is a tie.

Every floating-point solution concept compares payoffs with it and with nothing else; the exact route has no tolerance.
"""

from dataclasses import dataclass
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from sim.errors import PayoffError
from sim.game.row_program import Ids, RowBuilder

TIE = 1e-12  # share of max - min of a player's payoffs over the profiles of one draw
NEAR_TIE = (
    1e-9  # a decision closer than this to a tie may fall otherwise on another machine; it is marked, never decided
)


TOO_FAR_APART = 2  # the check that fails where a range is no floating-point number


@dataclass(frozen=True, slots=True, eq=False)
class Scales:
    """Rows of each player's range and of the greatest gain that is still a tie, both of shape (players,)."""

    range: Ids
    tie: Ids


def scale_rows(builder: RowBuilder, payoffs: Ids) -> Scales:
    """List the operations that make them; `payoffs` has shape (players, axes...)."""
    distinct = [np.unique(own) for own in payoffs.reshape(len(payoffs), -1)]
    highest, lowest = (np.array([builder.line(name, own) for own in distinct]) for name in ("max", "min"))
    own = builder.emit("-", highest, lowest)
    builder.check(own, TOO_FAR_APART)
    return Scales(own, builder.emit("*", own, builder.constant(TIE)))


def refuse_too_far_apart() -> NoReturn:
    """Raise PayoffError: a difference too large for a floating-point number, which would make everything a tie."""
    raise PayoffError("Payoffs of one player differ by more than a floating-point number can hold (1.8e308).")


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
        refuse_too_far_apart()
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
