"""Stability in the graph model of conflict: who would leave a state, foreseeing how the others may answer.

States are connected by moves of single players, who need only rank the states. A player may leave a state for a better
one, an improvement. By how much it fears the answers of all others, the state is stable for it:

- nash: it has no improvement at all;
- gmr (general metarational): after each improvement the others can bring it to a state no better than the first;
- smr (symmetric metarational): and it cannot then escape by a move of its own;
- seq (sequential): they can do so by moves that improve matters for themselves.

The others answer one after another, each as often as it likes but never twice running. A state that is stable for every
player is an equilibrium of that kind.

Sources: Fang, Hipel & Kilgour (1993), Interactive Decision Making: The Graph Model for Conflict Resolution, Wiley;
Howard (1971), Paradoxes of Rationality, MIT Press (gmr, smr); Fraser & Hipel (1979), IEEE Trans. SMC 9(12) (seq).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from math import prod

import numpy as np
from numpy.typing import NDArray

from sim.errors import UsageError

KINDS = ("seq", "gmr", "smr", "nash")
GREATEST_STATES = 3_000  # every pair of states is held for every player


@dataclass(frozen=True, slots=True, eq=False)
class Stability:
    """For whom each state is stable, and in which sense: kind -> truth, shape (players, states)."""

    stable: Mapping[str, NDArray[np.bool_]]
    improvements: NDArray[np.bool_]  # (players, states, states): the player's improving moves

    def equilibria(self, kind: str) -> list[int]:
        """States that are stable for every player."""
        return [int(state) for state in np.flatnonzero(self.stable[kind].all(axis=0))]

    def path(self, start: int, end: int) -> tuple[tuple[int, int], ...] | None:
        """A shortest chain of improvements: (player, state reached) step by step; None where there is none."""
        before: dict[int, tuple[int, int]] = {start: (-1, -1)}  # state -> player that brought it about, state before
        layer = [start]
        while layer and end not in before:
            following = []
            for state in layer:
                for player, reached in np.argwhere(self.improvements[:, state]).tolist():
                    if reached not in before:
                        before[reached] = (player, state)
                        following.append(reached)
            layer = following
        if end not in before:
            return None
        steps: list[tuple[int, int]] = []
        while end != start:
            player, earlier = before[end]
            steps.append((player, end))
            end = earlier
        return tuple(reversed(steps))


def stability(ranks: NDArray[np.int64], moves: NDArray[np.bool_]) -> Stability:
    """Stability of every state for every player.

    Args:
        ranks: shape (players, states), greater is better, equal is indifferent.
        moves: shape (players, states, states): whether the player can move from one state to the other.
    """
    improvements = moves & (ranks[:, None, :] > ranks[:, :, None])
    stable: dict[str, list[NDArray[np.bool_]]] = {kind: [] for kind in KINDS}
    for player, own in enumerate(ranks):
        others = [other for other in range(len(ranks)) if other != player]
        answers = _joint_moves([moves[other] for other in others], len(own))
        credible = _joint_moves([improvements[other] for other in others], len(own))
        escape = np.maximum(own, _extreme(moves[player], own, np.maximum, own.min() - 1))
        worst = own.max() + 1
        feared = {
            "nash": np.full_like(own, worst),
            "gmr": _extreme(answers, own, np.minimum, worst),
            "smr": _extreme(answers, escape, np.minimum, worst),
            "seq": _extreme(credible, own, np.minimum, worst),
        }
        for kind, after in feared.items():
            unsanctioned = improvements[player] & (after[None, :] > own[:, None])
            stable[kind].append(~unsanctioned.any(axis=1))
    return Stability({kind: np.stack(rows) for kind, rows in stable.items()}, improvements)


def _extreme(reached: NDArray[np.bool_], value: NDArray[np.int64], which: np.ufunc, empty: int) -> NDArray[np.int64]:
    """For each state the least or greatest value among the states reached from it; `empty` where there are none."""
    return np.asarray(which.reduce(np.where(reached, value[None, :], empty), axis=1), dtype=np.int64)


def _joint_moves(steps: Sequence[NDArray[np.bool_]], states: int) -> NDArray[np.bool_]:
    """Where several players can lead from each state, one move after another, nobody twice running."""
    ended_by = [step.copy() for step in steps]
    fresh = [step.copy() for step in steps]
    while any(own.any() for own in fresh):
        before, fresh = fresh, []
        for k, step in enumerate(steps):
            handed = reduce(np.logical_or, (own for j, own in enumerate(before) if j != k), np.zeros_like(step))
            reached = (handed.astype(np.float32) @ step.astype(np.float32)) > 0
            fresh.append(reached & ~ended_by[k])
            ended_by[k] |= reached
    return reduce(np.logical_or, ended_by, np.zeros((states, states), dtype=np.bool_))


def ordinal(payoffs: NDArray[np.object_]) -> NDArray[np.int64]:
    """Exact payoffs (players, states) as ranks from 0: equal payoffs share a rank."""
    rows = []
    for own in payoffs:
        place = {value: k for k, value in enumerate(sorted(set(own.tolist())))}
        rows.append([place[value] for value in own.tolist()])
    return np.array(rows, dtype=np.int64)


def moves_between_profiles(
    shape: Sequence[int], axes_of: Sequence[Sequence[int]], changes: Mapping[int, NDArray[np.bool_]]
) -> NDArray[np.bool_]:
    """The moves of every player where states are profiles: a player changes options of its own, all else stays.

    Args:
        shape: options on each axis.
        axes_of: for each player the axes that it owns.
        changes: for some axes which option may follow which, shape (options, options); others change freely.

    Returns:
        Shape (players, profiles, profiles), profiles in the order of the tensor, last axis fastest.

    Raises:
        UsageError: too many profiles.
    """
    states = prod(shape)
    if states > GREATEST_STATES:
        raise UsageError(
            f"Stability compares every pair of profiles, of {GREATEST_STATES:,} at most; there are {states:,}. "
            "Forbid options with [allow]."
        )
    found = []
    for axes in axes_of:
        joint = np.ones((1, 1), dtype=np.bool_)
        for axis, options in enumerate(shape):
            stay = np.eye(options, dtype=np.bool_)
            change = stay | changes.get(axis, np.ones_like(stay)) if axis in axes else stay
            joint = np.kron(joint, change)
        found.append(joint & ~np.eye(states, dtype=np.bool_))
    return np.stack(found)
