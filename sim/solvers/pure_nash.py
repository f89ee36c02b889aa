"""Pure Nash equilibria of many finite games at once; complete, since every profile of every draw is checked.

A profile is one where no player gains by changing its own action alone; an action is one option for each of the
player's moves, so a player with several moves may change them together.

Source: Nash (1950), Equilibrium points in n-person games, PNAS 36(1), 48-49.
"""

import numpy as np

from sim.game.row_program import EVERY, Ids, RowBuilder
from sim.solvers.ties import Scales


def pure_nash_rows(
    builder: RowBuilder, payoffs: Ids, axes_of: tuple[tuple[int, ...], ...], scales: Scales
) -> tuple[Ids, Ids]:
    """List the operations that find the profiles where no player gains more than a tie by its own action alone.

    Args:
        builder: of the program that is added to.
        payoffs: rows, shape (players, axes...), one axis a move (or an action), each player in its own unit.
        axes_of: for each player the axes that it owns, from 0.
        scales: from `ties.scale_rows`.

    Returns:
        Words `is_equilibrium`, shape (axes...), and the row of the gap: the smallest positive gain that decided
        anything, as a share of the range (infinite where nobody gains anywhere).
    """
    words, gaps = np.full(payoffs.shape[1:], EVERY), []
    for player, axes in enumerate(axes_of):
        u = payoffs[player]
        content, least = builder.short(along(builder, "max", u, axes), u, scales.tie[player])
        words = builder.logic("both", words, content)
        gaps.append(builder.emit("share", least, scales.range[player]))
    return words, builder.line("min", np.array(gaps))


def along(builder: RowBuilder, name: str, cells: Ids, axes: tuple[int, ...]) -> Ids:
    """`builder.line` along some axes, which keep the length 1."""
    last = tuple(range(cells.ndim - len(axes), cells.ndim))
    kept = [1 if axis in axes else n for axis, n in enumerate(cells.shape)]
    moved = np.moveaxis(cells, axes, last)
    return builder.line(name, moved.reshape(*moved.shape[: cells.ndim - len(axes)], -1)).reshape(kept)
