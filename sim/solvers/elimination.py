"""Iterated elimination of actions that another action of the same player strictly dominates, in exact arithmetic.

An action is strictly dominated where another pure one earns more against every profile of the others that is left. No
equilibrium plays such an action, so the game that is left has the same equilibria; its order does not matter. Dominance
by mixed actions is not looked for: it would only leave less to do.

Source: Bernheim (1984), Rationalizable strategic behavior, Econometrica 52(4), 1007-1028.
"""

from collections.abc import Sequence
from operator import gt

from sim.solvers.certificate import IntegerPayoffs


def undominated_actions(payoffs: Sequence[IntegerPayoffs]) -> tuple[tuple[int, ...], ...]:
    """The actions of each player that are left when no further one is strictly dominated by a pure one."""
    left = [tuple(range(len(own.by_action))) for own in payoffs]
    shrunk = True
    while shrunk:
        shrunk = False
        for player in range(len(left)):
            rows = _rows(payoffs, player, left)
            kept = [a for a, own in enumerate(rows) if not any(all(map(gt, other, own)) for other in rows)]
            if len(kept) < len(rows):
                left[player] = tuple(left[player][a] for a in kept)
                shrunk = True
    return tuple(left)


def restricted(payoffs: Sequence[IntegerPayoffs], left: Sequence[Sequence[int]]) -> tuple[IntegerPayoffs, ...]:
    """The payoffs of the actions that are left, over the same denominators."""
    result = []
    for player, own in enumerate(payoffs):
        rows = _rows(payoffs, player, left)
        result.append(IntegerPayoffs(rows, own.denominator, max(map(max, rows)) - min(map(min, rows))))
    return tuple(result)


def _rows(payoffs: Sequence[IntegerPayoffs], player: int, left: Sequence[Sequence[int]]) -> tuple[tuple[int, ...], ...]:
    """A player's payoffs as rows: own actions that are left x profiles of the others that are left."""
    columns = [0]
    for k, kept in enumerate(left):
        if k != player:
            n = len(payoffs[k].by_action)
            columns = [column * n + a for column in columns for a in kept]
    own = payoffs[player].by_action
    if len(columns) == len(own[0]):
        return tuple([own[a] for a in left[player]])
    return tuple([tuple([own[a][column] for column in columns]) for a in left[player]])
