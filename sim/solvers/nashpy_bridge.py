"""Two-player games solved by nashpy, and its answer held against the exact enumeration.

nashpy enumerates the vertices of both best-response polytopes in floating point. It is given each player's payoffs
mapped to [1, 2], which changes no equilibrium and keeps every polytope bounded: a payoff of 0 would leave a ray where
an action gives the other player its least whatever it does, and nashpy then misses equilibria. Where payoffs differ
very much in size it can still lose vertices, merge them or fail; so nothing that it returns stands alone: the exact
set stands, and the page says whether nashpy found the same.

Source: Knight & Campbell (2018), Nashpy: A Python library for the computation of Nash equilibria, JOSS 3(30), 904.
"""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import PayoffError, UsageError
from sim.game.game import Game
from sim.solvers.equilibria import EquilibriumSet

VERTEX = "vertex_enumeration"
SAME_STRATEGY = 1e-7  # greatest difference in a probability between two strategies that count as one
REPEATED = 1e-9  # the same, for answers of nashpy among themselves

FloatPair = tuple[tuple[float, ...], tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class NashpyAnswer:
    """What nashpy returned for one game, and what it said while at it."""

    solver: str
    version: str
    equilibria: tuple[FloatPair, ...]  # repetitions removed
    returned: int  # how many it returned, repetitions counted
    error: str | None  # the exception that it raised, if it did; what it had returned before is kept
    warnings: tuple[str, ...]
    malformed: int = 0  # answers that are no pair of strategies of this game: another length, or no finite numbers


@dataclass(frozen=True, slots=True)
class SliceSolution:
    """A two-player game solved twice: by nashpy, and exactly."""

    solver: str
    solver_version: str
    found_by_solver: int
    found_by_check: int
    agree: bool  # as sets of pairs of strategies, within `SAME_STRATEGY`, and as many
    differences: str  # empty where they agree
    relative_regret: float | None  # greatest over what nashpy returned; None where it returned nothing
    degenerate: bool
    equilibria: EquilibriumSet  # the set that stands
    stands: str  # "nashpy, confirmed exactly" or "ours"

    def to_dict(self) -> dict[str, Any]:
        """The entry of a slice in `summary.json`, without its name."""
        return {
            "solver": self.solver,
            "solver_version": self.solver_version,
            "found_by_solver": self.found_by_solver,
            "found_by_check": self.found_by_check,
            "agree": self.agree,
            "differences": self.differences,
            "relative_regret": self.relative_regret,
            "degenerate": self.degenerate,
            "stands": self.stands,
            "equilibria": [equilibrium.to_dict() for equilibrium in self.equilibria.equilibria],
        }


def solve_by_nashpy(game: Game) -> NashpyAnswer:
    """Ask nashpy's `vertex_enumeration` for the equilibria of a two-player game.

    An exception inside nashpy is part of the answer (`error`), as are its warnings.

    Raises:
        PayoffError: the game has not two players.
        UsageError: nashpy is not installed.
    """
    check_two_players(game)
    returned: list[FloatPair] = []
    version, failure, heard = enumerate_by_nashpy(mapped_payoffs(game), VERTEX, returned.append)
    return answer_of(game, VERTEX, version, returned, failure, heard)


def check_two_players(game: Game) -> None:
    """Raise PayoffError where nashpy cannot be asked."""
    if len(game.players) != 2:
        raise PayoffError(f"nashpy solves two-player games; {game.title!r} has {len(game.players)} players.")


def enumerate_by_nashpy(
    payoffs: Sequence[NDArray[np.float64]], algorithm: str, take: Callable[[FloatPair], None]
) -> tuple[str, str | None, tuple[str, ...]]:
    """Hand each answer of one of nashpy's algorithms to `take`; give its version, its exception and its warnings."""
    try:
        import nashpy  # takes over a second: only where it is asked
    except ImportError as error:
        raise UsageError(
            f"Slices are solved by nashpy, which cannot be imported ({error}): pip install nashpy"
        ) from error
    failure = None
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        try:
            for x, y in getattr(nashpy.Game(*payoffs), algorithm)():
                take((tuple(x.tolist()), tuple(y.tolist())))
        except Exception as error:  # whatever a library raises on a hard game is a finding, and is printed
            failure = f"{type(error).__name__}: {error}"
    texts = tuple(dict.fromkeys(f"{one.category.__name__}: {one.message}" for one in heard))
    return nashpy.__version__, failure, texts


def answer_of(
    game: Game,
    algorithm: str,
    version: str,
    returned: Sequence[FloatPair],
    failure: str | None,
    heard: Sequence[str],
) -> NashpyAnswer:
    """What was returned, sorted and each once."""
    sizes = tuple(len(own) for own in game.actions)
    pairs = [
        pair
        for pair in returned
        if tuple(map(len, pair)) == sizes and all(isfinite(share) for own in pair for share in own)
    ]
    head = (f"nashpy {algorithm}", version, _distinct(pairs), len(returned), failure, tuple(heard))
    return NashpyAnswer(*head, malformed=len(returned) - len(pairs))


def hold_against(game: Game, answer: NashpyAnswer, exact: EquilibriumSet) -> SliceSolution:
    """Compare nashpy's answer with the exact set of the same game; the exact set stands either way.

    Args:
        game: the game that both solved.
        answer: from `solve_by_nashpy`.
        exact: from `solve_exact`.
    """
    ours: list[FloatPair] = [(one.strategies[0], one.strategies[1]) for one in exact.equilibria]
    missed = absent_from(answer.equilibria, ours)
    extra = absent_from(ours, answer.equilibria)
    differences = _differences(answer, missed, extra, exact)
    regrets = [_relative_regret(game, pair) for pair in answer.equilibria]
    return SliceSolution(
        solver=answer.solver,
        solver_version=answer.version,
        found_by_solver=len(answer.equilibria),
        found_by_check=len(exact),
        agree=not differences,
        differences=differences,
        relative_regret=max(regrets, default=None),
        degenerate=bool(exact.extra.get("degenerate", False)),
        equilibria=exact,
        stands="ours" if differences else "nashpy, confirmed exactly",
    )


def mapped_payoffs(game: Game) -> tuple[NDArray[np.float64], ...]:
    """Each player's payoffs mapped to [1, 2], exactly until the last rounding; all 1 where a player is indifferent."""
    result = []
    for exact in game.exact:
        least, width = exact.min(), exact.max() - exact.min()
        result.append((1 + (exact - least) / (width or 1)).astype(np.float64))
    return tuple(result)


def absent_from(known: Sequence[FloatPair], pairs: Sequence[FloatPair]) -> list[FloatPair]:
    """The pairs that are none of the known ones, within `SAME_STRATEGY`."""
    return [pair for pair in pairs if not any(_same(pair, other, SAME_STRATEGY) for other in known)]


def _differences(
    answer: NashpyAnswer, missed: Sequence[FloatPair], extra: Sequence[FloatPair], exact: EquilibriumSet
) -> str:
    parts = []
    if answer.error is not None:
        parts.append(f"nashpy stopped with {answer.error}")
    if answer.malformed:
        parts.append(f"{answer.malformed} of nashpy's {answer.returned} answers are no strategies of this game")
    if missed:
        parts.append(f"nashpy misses {len(missed)} of {len(exact)}")
    if extra:
        parts.append(f"{len(extra)} of nashpy's {len(answer.equilibria)} are no extreme equilibria")
    if not (missed or extra) and len(answer.equilibria) != len(exact):
        parts.append(f"nashpy finds {len(answer.equilibria)} where {len(exact)} lie close together")
    if not exact.complete:
        parts.append(f"the exact check is not whole: {exact.why}")
    return "; ".join(parts)


def _distinct(pairs: Sequence[FloatPair]) -> tuple[FloatPair, ...]:
    kept: list[FloatPair] = []
    for pair in pairs:
        if not any(_same(pair, other, REPEATED) for other in kept):
            kept.append(pair)
    return tuple(sorted(kept, reverse=True))


def _same(one: FloatPair, other: FloatPair, tolerance: float) -> bool:
    return all(
        abs(p - q) <= tolerance
        for ours, theirs in zip(one, other, strict=True)
        for p, q in zip(ours, theirs, strict=True)
    )


def _relative_regret(game: Game, pair: FloatPair) -> float:
    """Greatest gain of either player as a share of its range: mapped payoffs have range 1 (or 0)."""
    (x, y), (a, b) = (np.array(pair[0]), np.array(pair[1])), mapped_payoffs(game)
    row, column = a @ y, x @ b
    return float(max(row.max() - x @ row, column.max() - column @ y, 0.0))
