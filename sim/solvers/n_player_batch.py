"""All isolated equilibria of many games of three and more players at once, each proved; exact arithmetic for the rest.

The compiled search of `n_player` runs over all supports of all games in a row. A game that it leaves open, by a tie, a
continuum, or a share or a gain too near 0, is solved again on its own, from its exact binary payoffs.
"""

import numpy as np
from numpy.typing import NDArray

from sim.game.game import Game
from sim.solvers.equilibria import EquilibriumBatch
from sim.solvers.n_player import solve_n_player
from sim.solvers.support_search import MOST_SUPPORTS, count_supports, search_levels, support_masks, support_words
from sim.solvers.ties import ranges
from sim.solvers.verdict import Ground, judge

Floats = NDArray[np.float64]

PLACES_AT_ONCE = 1 << 18  # pairs of a game and a support that are listed at a time
REGIONS = 30_000  # that a support may take here; what needs more is solved on its own
ALONE_SECONDS = 1.0  # for a game that is solved on its own
LEAST_EXPONENT = -900  # payoffs so far below the range are left to exact arithmetic


def n_player_equilibria(payoffs: Floats) -> EquilibriumBatch:
    """Find all isolated equilibria of each game.

    Args:
        payoffs: shape (draws, N, n_1, ..., n_N), finite, of any size and unit; left as it is.

    Returns:
        One set a game; complete where every support was decided by proof, else with the reason. Points that only sample
        a continuum are left out.

    Raises:
        PayoffError: a player's payoffs differ by more than a floating-point number can hold.
    """
    widest = ranges(payoffs)
    draws, sizes = len(payoffs), payoffs.shape[2:]
    counts, strategies, alone = np.zeros(draws, dtype=np.int64), np.zeros((0, sum(sizes))), np.ones(draws, np.bool_)
    if count_supports(sizes) <= MOST_SUPPORTS:
        exponent = np.where(widest > 0, np.frexp(widest)[1], 0).reshape(*widest.shape, *[1] * len(sizes))
        counts, strategies, alone = _searched(np.ldexp(payoffs, -exponent))
    rows = np.split(strategies, np.cumsum(counts)[:-1])
    verdicts, ground = [judge(Ground.SUPPORTS, supports=count_supports(sizes))], np.zeros(draws, dtype=np.uint8)
    for draw in np.flatnonzero(alone):
        found = solve_n_player(Game.from_arrays(*payoffs[draw]), budget_seconds=ALONE_SECONDS)
        samples = set(found.extra.get("samples", ()))
        kept = [one.strategies for k, one in enumerate(found.equilibria) if k not in samples]
        rows[draw] = np.array([np.concatenate(one) for one in kept]).reshape(len(kept), sum(sizes))
        verdict = found.verdict if found.complete else judge(Ground.OPEN_IN_BATCH)
        if verdict not in verdicts:
            verdicts.append(verdict)
        ground[draw] = verdicts.index(verdict)
    first = np.concatenate([[0], np.cumsum([len(own) for own in rows])])
    mixed = np.split(np.concatenate(rows), np.cumsum(sizes)[:-1], axis=1)
    return EquilibriumBatch("nash", payoffs, first, tuple(mixed), tuple(verdicts), ground)


def _searched(payoffs: Floats) -> tuple[NDArray[np.int64], Floats, NDArray[np.bool_]]:
    """Proved equilibria of each game: counts, strategies game after game; and games that were not decided."""
    from sim.solvers.support_kernel import MOST_SOLUTIONS, search_supports  # compiled code: loaded where it runs

    draws, sizes = len(payoffs), np.array(payoffs.shape[2:])
    tables = np.ascontiguousarray(payoffs.reshape(draws, len(sizes), -1))
    masks, words = support_masks(tuple(payoffs.shape[2:])), support_words(tuple(payoffs.shape[2:]))
    nonzero = np.abs(np.where(tables == 0, 1.0, tables))
    alone = nonzero.reshape(draws, -1).min(axis=1) < 2.0**LEAST_EXPONENT
    step = max(1, PLACES_AT_ONCE // len(masks))
    room, actions = 8 * MOST_SOLUTIONS, int(sizes.sum())
    found = np.zeros((room, actions)), np.zeros((room, 2)), np.zeros(room, np.int64), np.zeros(room, np.int64)
    open_ = np.zeros((room, actions)), np.zeros(room, np.int64), np.zeros(room, np.int64)
    games, shares = [], []
    for start in range(0, draws, step):
        own = np.arange(start, min(start + step, draws))
        todo = np.stack([np.repeat(own, len(masks)), np.tile(np.arange(len(masks)), len(own))], axis=1)
        begin = 0
        while begin < len(todo):
            begin, filled, opened = search_supports(
                tables,
                sizes,
                masks,
                words,
                todo,
                begin,
                work=1 << 40,
                exact=True,
                error=0.0,
                limit=REGIONS,
                levels=search_levels(tuple(payoffs.shape[2:])),
                found=found,
                open_=open_,
            )
            games.append(todo[found[3][:filled], 0])
            shares.append(found[0][:filled].copy())
            alone[todo[open_[2][:opened], 0]] = True
            alone[games[-1][found[2][:filled] != 0]] = True
    game = np.concatenate(games)
    keep = ~alone[game]
    return np.bincount(game[keep], minlength=draws), np.concatenate(shares)[keep], alone
