"""Dominant actions of many finite games at once: best replies whatever the others do."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.errors import PayoffError


@dataclass(frozen=True, slots=True, eq=False)  # arrays have no single truth value, so no ==
class DominantActions:
    """Of one player in each draw: which actions are dominant. At most one is strictly so; several may be weakly."""

    weakly: NDArray[np.bool_]  # (draws, n_i): a best reply to every profile of the others, ties allowed
    strictly: NDArray[np.bool_]  # (draws, n_i): the only best reply to every profile of the others


def dominant_actions(payoffs: NDArray[np.float64], *, tie: float) -> tuple[DominantActions, ...]:
    """Find the dominant actions of each player in each draw; no tie is broken.

    Args:
        payoffs: shape (draws, N, n_1, ..., n_N), one axis a player (its moves merged), any unit.
        tie: the greatest difference that counts as none, as a share of the player's payoff range in that draw
            (`sim.solvers.ties.TIE` everywhere in this package).

    Returns:
        One entry a player. With a single action, that action is both: there is no other to lose to.

    Raises:
        PayoffError: a wrong shape, or a payoff that is not finite.
    """
    if payoffs.ndim < 3 or payoffs.ndim != 2 + payoffs.shape[1]:
        raise PayoffError(f"Payoffs of N players need the shape (draws, N, n_1, ..., n_N), not {payoffs.shape}.")
    if not np.isfinite(payoffs).all():
        raise PayoffError("A payoff is not a finite number.")
    return tuple(_of_player(payoffs[:, player], 1 + player, tie) for player in range(payoffs.shape[1]))


def _of_player(own: NDArray[np.float64], axis: int, tie: float) -> DominantActions:
    profiles = tuple(range(1, own.ndim))
    others = tuple(k for k in profiles if k != axis)
    slack = tie * np.ptp(own, axis=profiles, keepdims=True)
    best = own.max(axis=axis, keepdims=True)
    good = best - own <= slack  # leaving this action gains no more than a tie
    weakly = good.all(axis=others)
    alone = good & (good.sum(axis=axis, keepdims=True) == 1)
    return DominantActions(weakly, alone.all(axis=others))
