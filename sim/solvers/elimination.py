"""Iterated elimination of actions that another action of the same player strictly dominates, in exact arithmetic.

An action is strictly dominated where another pure one earns more against every profile of the others that is left. No
equilibrium plays such an action, so the game that is left has the same equilibria; its order does not matter. Dominance
by mixed actions is not looked for: it would only leave less to do.

Source: Bernheim (1984), Rationalizable strategic behavior, Econometrica 52(4), 1007-1028.
"""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray


def undominated_actions(exact: NDArray[np.object_]) -> tuple[tuple[int, ...], ...]:
    """The actions of each player that are left when no further one is strictly dominated by a pure one.

    Args:
        exact: shape (players, n_1, ..., n_N), Fractions or integers, any unit for each player.
    """
    left = [list(range(n)) for n in exact.shape[1:]]
    shrunk = True
    while shrunk:
        shrunk = False
        for player in range(len(left)):
            rows = _rows(exact, player, left)
            kept = [a for a, own in enumerate(rows) if not any(_better(other, own) for other in rows)]
            if len(kept) < len(rows):
                left[player] = [left[player][a] for a in kept]
                shrunk = True
    return tuple(tuple(own) for own in left)


def restricted(exact: NDArray[np.object_], left: tuple[tuple[int, ...], ...]) -> NDArray[np.object_]:
    """The payoffs of the actions that are left, same axes."""
    return exact[np.ix_(range(len(exact)), *left)]


def _rows(exact: NDArray[np.object_], player: int, left: list[list[int]]) -> list[list[Fraction]]:
    own = exact[player][np.ix_(*left)]
    rows: list[list[Fraction]] = np.moveaxis(own, player, 0).reshape(own.shape[player], -1).tolist()
    return rows


def _better(other: list[Fraction], own: list[Fraction]) -> bool:
    return all(a > b for a, b in zip(other, own, strict=True))
