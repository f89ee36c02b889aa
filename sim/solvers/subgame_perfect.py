"""All outcomes of pure subgame-perfect equilibria for an order of moves, by masks over profiles: no tree is built.

The mask starts full and is updated from the last element of the order to the first. A player keeps an option where,
even if the play after it is chosen as well as can be for it, no other option of its own guarantees more: any play
after a deviation may be the worst subgame-perfect one. An element that holds several moves is played at once, and
may leave a subgame without pure play; then the game has none.

Source: Selten (1965); outcome sets by backward induction as in Kuhn (1953), kept whole where payoffs tie.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.game.row_program import EVERY, Ids, RowBuilder
from sim.solvers.pure_nash import along
from sim.solvers.ties import Scales

Order = tuple[tuple[int, ...], ...]


def subgame_perfect_rows(
    builder: RowBuilder,
    payoffs: Ids,
    axes_of: tuple[tuple[int, ...], ...],
    scales: Scales,
    orders: Sequence[Order],
) -> list[tuple[Ids, Ids]]:
    """List the operations that find all outcomes of pure subgame-perfect play, for each of some orders of moves.

    Args:
        builder: of the program that is added to.
        payoffs: rows, shape (players, axes...), one axis a move.
        axes_of: for each player the axes that it owns.
        scales: from `ties.scale_rows`.
        orders: each a tuple of elements: axes that move together, each axis once; earlier elements are seen by all.

    Returns:
        For each order words `is_outcome`, shape (axes...), all false in a draw where some subgame has no pure play;
        and the row of the gap: the smallest difference, not 0, that decided anything on the way, as a share of the
        range.
    """
    start = _Play((), np.full(payoffs.shape[1:], EVERY), np.array(EVERY), (), sure=True)
    known: dict[Order, _Play] = {(): start}  # orders that end alike share the work on their ends
    for order in orders:
        for k in reversed(range(len(order))):
            if order[k:] not in known:
                known[order[k:]] = _before(builder, known[order[k + 1 :]], order[k], payoffs, axes_of, scales)
    ends = [known[tuple(order)] for order in orders]
    return [(builder.logic("both", end.mask, end.playable), builder.line("min", np.array(end.gaps))) for end in ends]


@dataclass(frozen=True, slots=True, eq=False)
class _Play:
    """Pure subgame-perfect play of the last elements of an order, after every history."""

    axes: tuple[int, ...]  # the moves of these elements
    mask: Ids  # words (axes...): the profiles that such play reaches from their own history
    playable: Ids  # a word: there is some after every history
    gaps: tuple[Ids, ...]  # rows
    sure: bool  # that there is some is known beforehand: one player alone always has a best reply


def _before(
    builder: RowBuilder,
    later: _Play,
    element: tuple[int, ...],
    payoffs: Ids,
    axes_of: tuple[tuple[int, ...], ...],
    scales: Scales,
) -> _Play:
    """Put one element of the order before those that are played already."""
    mask, gaps = later.mask, later.gaps
    owners = [player for player, axes in enumerate(axes_of) if set(axes) & set(element)]
    for player in owners:
        own = tuple(axis for axis in axes_of[player] if axis in element)
        kept, least = _kept(builder, later, own, payoffs[player], scales.tie[player])
        mask = builder.logic("both", mask, kept)
        gaps = (*gaps, builder.emit("share", least, scales.range[player]))
    axes, playable = (*later.axes, *element), later.playable
    if len(owners) > 1:
        alive = along(builder, "either", mask, axes)
        playable = builder.logic("both", playable, builder.line("both", alive.ravel()))
    return _Play(axes, mask, playable, gaps, later.sure and len(owners) == 1)


def _kept(builder: RowBuilder, later: _Play, own: tuple[int, ...], u: Ids, tie: Ids) -> tuple[Ids, Ids]:
    """The play after an element that one player does not leave by its own moves there, and the row of the gap."""
    if not later.axes:
        return builder.short(along(builder, "max", u, own), u, tie)
    ends = tuple(range(u.ndim - len(later.axes), u.ndim))
    flat = (*(n for axis, n in enumerate(u.shape) if axis not in later.axes), -1)
    low, high = builder.reach(*(np.moveaxis(cells, later.axes, ends).reshape(flat) for cells in (later.mask, u)))
    low, high = (np.expand_dims(cells, tuple(sorted(later.axes))) for cells in (low, high))
    # where there is no play after it, nothing is secured
    best = along(builder, "max", low if later.sure else builder.emit("closed", low), own)
    found = builder.compare(best, low, high, tie)
    return builder.keep(later.mask, found, best, u), found.least
