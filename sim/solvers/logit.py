"""Logit equilibria: people err, and err less where it costs more; followed from even play to hardly any error.

At precision L every action is played in proportion to exp(L * what it earns against the others' play). At L = 0 all
actions are equally likely; from there one branch of solutions leads on, the principal one. It is followed by arc length
in (log shares, L), so that it may turn back (a fold). Where another branch crosses it (a bifurcation) the way on is a
matter of choice, and nothing is returned. One game is a batch of one; `logit_walk_kernel` holds the loops.

Sources: McKelvey & Palfrey (1995), Quantal response equilibria for normal form games, Games and Economic Behavior 10,
6-38; Turocy (2005), A dynamic homotopy interpretation of the logistic quantal response equilibrium correspondence,
Games and Economic Behavior 51, 243-263; Allgower & Georg (1990), Numerical Continuation Methods, Springer (signs).
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sim.errors import UsageError
from sim.solvers.equilibria import EquilibriumBatch, regrets
from sim.solvers.ties import TIE, ranges
from sim.solvers.verdict import Ground, Verdict, judge

CLOSE = 1e-8  # relative regret at which the branch has arrived
ACCEPTED = 1e-6  # greatest relative regret of a limit that is returned
GREATEST_PRECISION = 1e13  # in shares of range: beyond, payoffs have no more digits
ONE_POINT = "one point of the logit branch that starts at even play"
EVEN = "even play is an equilibrium, and an answer at every precision"
VANISHED = f"shares below {ACCEPTED:g} are errors that vanish, and taken as 0"
CROSSED = "the principal branch is crossed by another{near}, and the way on is a choice"
LOST = "the principal branch could not be followed{beyond}"
FAR = f"relative regret stays above {ACCEPTED:g}{{beyond}}"
TROUBLES = (CROSSED, LOST, FAR)

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Branches:
    """Where following the branch of each game ended: a point, or the trouble that there is none."""

    strategies: tuple[Floats, ...]  # one a player, (draws, n_i); NaN where unsolved
    precision: Floats  # (draws,) in the inverse unit of the payoffs; where unsolved, that of the trouble
    relative_regret: Floats  # (draws,)
    trouble: NDArray[np.int64]  # (draws,) 0: none; else one more than the place in TROUBLES
    even: NDArray[np.bool_]  # (draws,) even play is an equilibrium

    def verdict(self, draw: int, *, vanished: bool = False, at: bool = True, scale: str = "") -> Verdict:
        """What the answer is, or why there is none.

        Args:
            draw: which game.
            vanished: small shares were taken as 0.
            at: name the precision where trouble begins.
            scale: what was done to the payoffs before.
        """
        if self.trouble[draw]:
            near = f" near precision {self.precision[draw]:.4g}" if at else ""
            beyond = f" beyond precision {self.precision[draw]:.4g}" if at else ""
            return judge(Ground.UNSOLVED, trouble=TROUBLES[self.trouble[draw] - 1].format(near=near, beyond=beyond))
        return judge(
            Ground.ONE_POINT, point=EVEN if self.even[draw] else ONE_POINT + scale, note=VANISHED if vanished else None
        )


def follow_branches(payoffs: Floats, precision: float | None = None, *, close: float = CLOSE) -> Branches:
    """The principal branch of every game, to its first point at a precision, or to where hardly anybody errs.

    Args:
        payoffs: shape (draws, players, n_1, ..., n_N), finite.
        precision: 0 or more, in the inverse unit of the payoffs; None: until the relative regret is at most `close`.
        close: see there; a limit is accepted up to a regret of `ACCEPTED`, or of `close` if that is more.

    Raises:
        UsageError: a precision that is negative, no finite number, or beyond what payoffs have digits for.
        PayoffError: a player's payoffs differ by more than a floating-point number can hold.
    """
    draws, players, *sizes = payoffs.shape
    widest = ranges(payoffs)
    unit = np.where(widest.max(axis=1) > 0, widest.max(axis=1), 1.0)
    flat = payoffs.reshape(draws, players, -1)
    scaled = np.ascontiguousarray((flat - flat.min(axis=2, keepdims=True)) / unit[:, None, None])
    goals = np.full(draws, np.inf) if precision is None else _goals(precision, unit)
    trouble, regret, points = np.zeros(draws, dtype=np.int64), np.zeros(draws), np.zeros((draws, sum(sizes) + 1))
    even = _even_play_stays(scaled.reshape(payoffs.shape))
    _follow(scaled, sizes, goals, close if precision is None else -1.0, trouble, regret, points, ~even)
    for draw in np.flatnonzero(even):
        crossing = first_crossing(scaled[draw].reshape(players, *sizes))
        crossed = crossing <= goals[draw] and np.isfinite(crossing)
        trouble[draw] = int(crossed)
        points[draw] = [*(-np.log(n) for n in sizes for _ in range(n)), crossing if crossed else goals[draw]]
    if precision is None:
        points[even & (trouble == 0), -1] = 0.0
        arrived = (trouble != 1) & (regret <= max(ACCEPTED, close))
        trouble = np.where(arrived, 0, np.where(trouble == 0, 3, trouble))
    shares = np.exp(points[:, :-1])
    shares[trouble > 0] = np.nan
    ends = np.cumsum([0, *sizes]).tolist()
    strategies = tuple(shares[:, a:b] / shares[:, a:b].sum(axis=1, keepdims=True) for a, b in pairwise(ends))
    reached = points[:, -1] / unit if precision is None else np.where(trouble > 0, points[:, -1] / unit, precision)
    return Branches(strategies, reached, np.where(trouble > 0, np.nan, regret), trouble, even)


def check_precision(concept: str, precision: float | None) -> None:
    """Raise UsageError where `qre` is asked without a precision."""
    if concept == "qre" and precision is None:
        raise UsageError("'qre' needs a precision: --precision L, 0 for even play, greater for fewer errors.")


def _goals(precision: float, unit: Floats) -> Floats:
    if not (np.isfinite(precision) and precision >= 0):
        raise UsageError(f"A precision is a number from 0 up, not {precision!r}.")
    with np.errstate(over="ignore"):
        goals = precision * unit
    if (goals > GREATEST_PRECISION).any():
        raise UsageError(f"The precision {precision:g} is too large: errors are below rounding. Use logit instead.")
    return np.asarray(goals)


def _follow(
    scaled: Floats,
    sizes: list[int],
    goals: Floats,
    close: float,
    trouble: NDArray[np.int64],
    regret: Floats,
    points: Floats,
    chosen: NDArray[np.bool_],
) -> None:
    """Fill the last arrays for the chosen games by compiled code, loaded where it runs."""
    from sim.solvers.logit_walk_kernel import follow_all

    first = np.cumsum([0, *sizes])
    cells = np.ascontiguousarray(np.indices(sizes).reshape(len(sizes), -1).T + first[:-1])
    follow_all(scaled, cells, first, goals, close, chosen, trouble, regret, points)


def _even_play_stays(scaled: Floats) -> NDArray[np.bool_]:
    """Whether even play is an equilibrium, so that it solves the equations at every precision; shape (draws,)."""
    stays = np.ones(len(scaled), dtype=np.bool_)
    for player, table in enumerate(np.moveaxis(scaled, 1, 0)):
        others = tuple(1 + k for k in range(scaled.shape[1]) if k != player)
        earned = table.mean(axis=others)
        spread = table.reshape(len(table), -1).max(axis=1)
        stays &= earned.max(axis=1) - earned.mean(axis=1) <= TIE * spread
    return stays


def first_crossing(payoffs: Floats) -> float:
    """Where even play stays: the least precision at which another branch crosses it; inf where none does.

    The derivative of the equations there is 1 - L * K, singular at L = 1 / k for every positive eigenvalue k of K.

    Args:
        payoffs: of one game, shape (players, n_1, ..., n_N).
    """
    sizes = payoffs.shape[1:]
    starts = np.cumsum([0, *sizes])
    response = np.zeros((starts[-1], starts[-1]))
    for i, table in enumerate(payoffs):
        for k in (k for k in range(len(sizes)) if k != i):
            others = tuple(m for m in range(len(sizes)) if m not in (i, k))
            between = table.mean(axis=others) if i < k else table.mean(axis=others).T
            block = (between - between.mean(axis=0)) / sizes[k]
            response[starts[i] : starts[i + 1], starts[k] : starts[k + 1]] = block
    found = np.linalg.eigvals(response)
    real = found.real[(np.abs(found.imag) <= 1e-9 * np.abs(found)) & (found.real > 1e-12)]
    return float(1 / real.max()) if len(real) else float("inf")


def without_errors(payoffs: Floats, strategies: tuple[Floats, ...]) -> tuple[tuple[Floats, ...], NDArray[np.bool_]]:
    """Shares below `ACCEPTED` taken as 0, in the games where nobody's relative regret then exceeds `ACCEPTED`.

    Returns:
        The strategies, and in which games that was done.
    """
    kept = [np.where(own < ACCEPTED, 0.0, own) for own in strategies]
    kept = [own / own.sum(axis=1, keepdims=True) for own in kept]
    gains, widest = regrets(payoffs, kept), ranges(payoffs)
    some = np.any([(own < ACCEPTED).any(axis=1) for own in strategies], axis=0)
    done = (some & np.all(gains <= ACCEPTED * widest, axis=1))[:, None]
    return tuple(np.where(done, own, old) for own, old in zip(kept, strategies, strict=True)), done[:, 0]


def logit_equilibria(payoffs: Floats, precision: float | None = None, *, close: float = CLOSE) -> EquilibriumBatch:
    """One point of the principal branch of every game: `qre` at a precision, else `logit`, as `follow_branches`.

    Returns:
        At most one point a game, never known to be all; none where unsolved. `extra["precision"]` has shape (draws,).
    """
    found = follow_branches(payoffs, precision, close=close)
    solved = found.trouble == 0
    strategies = tuple(own[solved] for own in found.strategies)
    vanished = np.zeros(len(payoffs), dtype=np.bool_)
    if precision is None and solved.any():
        strategies, vanished[solved] = without_errors(payoffs[solved], strategies)
    _, sample, ground = np.unique(4 * found.trouble + 2 * found.even + vanished, return_index=True, return_inverse=True)
    return EquilibriumBatch(
        "logit" if precision is None else "qre",
        payoffs,
        np.concatenate([[0], np.cumsum(solved)]).astype(np.int64),
        strategies,
        tuple(found.verdict(int(draw), vanished=bool(vanished[draw]), at=False) for draw in sample),
        ground.astype(np.uint8),
        {"precision": found.precision},
    )
