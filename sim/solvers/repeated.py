"""Repetition: how patient two players must be for the threat of ending cooperation to hold it up.

Each cooperates as long as the other did; after a breach both play the punishment, an equilibrium of the stage game, for
good. With R from cooperation, T from the best breach and P from punishment, a player that values the next time at d of
this time, when there is a next time with chance 1 - h, keeps to it iff R >= (1 - d(1 - h)) T + d(1 - h) P.

Source: Friedman (1971), A non-cooperative equilibrium for supergames, Review of Economic Studies 38(1), 1-12.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.solvers.ties import TIE, smallest_share

HELD = 0
NO_EQUILIBRIUM, NO_LOSS, TOO_IMPATIENT, NO_CHANCE = 1, 2, 3, 4
REASONS = (
    "cooperation can be held",
    "the punishment is no equilibrium of the stage game",
    "the punishment is no worse than cooperation for one of them",
    "even full patience is not enough",
    "the chance of an end is not between 0 and 1",
)


@dataclass(frozen=True, slots=True, eq=False)
class Patience:
    """The least patience of each draw, one row a draw."""

    pair: NDArray[np.float64]  # (draws,) what both need; NaN where cooperation cannot be held
    each: NDArray[np.float64]  # (draws, 2) what each needs; NaN where it would not keep to it
    reason: NDArray[np.int8]  # (draws,) index into REASONS
    gap: NDArray[np.float64]  # (draws,) smallest difference that decided anything, as a share of range or of patience


def critical_patience(
    payoffs: NDArray[np.float64],
    axes_of: tuple[tuple[int, ...], ...],
    ranges: NDArray[np.float64],
    pair: tuple[int, int],
    cooperate: tuple[int, ...],
    punish: tuple[int, ...],
    ends: NDArray[np.float64],
) -> Patience:
    """The least value of the next time, as a share of this time, at which a pair keeps to cooperation.

    Args:
        payoffs: shape (draws, players, axes...).
        axes_of: for each player the axes that it owns.
        ranges: shape (draws, players), from `ties.ranges`.
        pair: the two players; all others play as the profiles say.
        cooperate: an index for every axis.
        punish: the same, of a profile that must be an equilibrium of the stage game between the two.
        ends: shape (draws,), the chance each time that there is no next time.
    """
    draws = len(payoffs)
    each = np.zeros((draws, 2))
    reason = np.full(draws, HELD, dtype=np.int8)
    gap = np.full(draws, np.inf)
    for k, player in enumerate(pair):
        tie = TIE * ranges[:, player]
        reward, tempted = _stays_and_best(payoffs[:, player], axes_of[player], cooperate)
        punished, escaped = _stays_and_best(payoffs[:, player], axes_of[player], punish)
        gain, loss = tempted - reward, tempted - punished
        with np.errstate(divide="ignore", invalid="ignore"):
            need = np.where(gain <= tie, 0.0, gain / loss / (1 - ends))
        fails = [(NO_EQUILIBRIUM, escaped - punished > tie), (NO_LOSS, reward - punished <= tie)]
        fails += [(TOO_IMPATIENT, ~(need <= 1)), (NO_CHANCE, ~((ends >= 0) & (ends <= 1)))]
        held = np.ones(draws, dtype=np.bool_)
        for code, failed in fails:
            reason[failed & held & (reason == HELD)] = code
            held &= ~failed
        each[:, k] = np.where(held, need, np.nan)
        distances = np.abs(np.stack([escaped - punished, reward - punished, gain]))
        gap = np.minimum(gap, smallest_share(distances, ranges[:, player]))
        gap = np.fmin(gap, np.where(need == 1, np.inf, np.abs(need - 1)))
    return Patience(each.max(axis=1), each, reason, gap)  # NaN is greater than any number here


def _stays_and_best(
    own: NDArray[np.float64], axes: tuple[int, ...], profile: tuple[int, ...]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What a player gets at a profile, and at most by changing its own moves alone; each of shape (draws,)."""
    stays: tuple[slice | int, ...] = (slice(None), *profile)
    free = tuple(slice(None) if k - 1 in axes else at for k, at in enumerate(stays))
    return own[stays], own[free].reshape(len(own), -1).max(axis=1)
