"""A solver of the user's choice for two-player games, its answer held against the exact set, which stands either way.

A solver's list can be wrong in three ways, and each is counted: an extreme equilibrium that it misses, a pair that is
no equilibrium at all, and an error or no end. A pair that is an equilibrium but not extreme is neither: it lies in the
product of the hulls of a Nash subset. Whether everything was found is never taken from the solver.

Source: Knight & Campbell (2018), Nashpy: A Python library for the computation of Nash equilibria, JOSS 3(30), 904.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from sim.errors import UsageError
from sim.game.game import Game
from sim.scenario.spelling import did_you_mean
from sim.solvers.equilibria import EquilibriumSet
from sim.solvers.nashpy_bridge import SAME_STRATEGY, FloatPair, NashpyAnswer, absent_from
from sim.solvers.nashpy_process import solve_within

SOLVERS = {
    "nashpy-vertex": "vertex_enumeration",
    "nashpy-support": "support_enumeration",
    "nashpy-lemke-howson": "lemke_howson_enumeration",
}
SECONDS = 20.0  # that a solver may take


def check_solver(solver: str, concept: str = "nash", players: int = 2) -> None:
    """Raise UsageError where there is no such solver, or it cannot be asked this."""
    if solver not in SOLVERS:
        known = ", ".join(SOLVERS)
        raise UsageError(f"'{solver}' is no solver. {did_you_mean(solver, SOLVERS)} There are: {known}.")
    if concept != "nash":
        raise UsageError(f"{solver} finds Nash equilibria: ask for nash, not '{concept}'.")
    if players != 2:
        raise UsageError(f"{solver} solves two-player games; this one has {players} players.")


def beside(game: Game, exact: EquilibriumSet, solver: str, *, seconds: float = SECONDS) -> EquilibriumSet:
    """The exact set with, in `extra["solver"]`, what the chosen solver finds in the same game.

    Args:
        game: two players.
        exact: its equilibria, from `solve_exact`.
        solver: a key of `SOLVERS`.
        seconds: that the solver may take.

    Raises:
        UsageError: another solver, another concept than nash, other than two players, or nashpy is not installed.
    """
    check_solver(solver, exact.concept, len(game.players))
    answer = solve_within(game, SOLVERS[solver], seconds)
    return replace(exact, extra={**exact.extra, "solver": compared(solver, answer, exact)})


def compared(name: str, answer: NashpyAnswer, exact: EquilibriumSet) -> dict[str, Any]:
    """The entry `solver` of `sim solve --json`.

    `missing` holds numbers of equilibria of the exact set, from 0; `spurious` pairs that are no equilibria;
    `agree`: nothing missing, nothing spurious, no error, and the exact set is known to be complete.
    """
    ours: list[FloatPair] = [(one.strategies[0], one.strategies[1]) for one in exact.equilibria]
    missed = absent_from(answer.equilibria, ours)
    beyond = absent_from(ours, answer.equilibria)
    spurious = [pair for pair in beyond if not _in_some_subset(pair, exact)]
    right = not (missed or spurious or answer.malformed) and answer.error is None
    return {
        "name": name,
        "version": answer.version,
        "found": len(answer.equilibria),
        "returned": answer.returned,
        "agree": right and exact.complete,
        "missing": [k for k, pair in enumerate(ours) if pair in missed],
        "spurious": [[list(own) for own in pair] for pair in spurious],
        "not_extreme": len(beyond) - len(spurious),
        "malformed": answer.malformed,
        "error": None if answer.error is None else " ".join(answer.error.split()),
        "warnings": [" ".join(text.split()) for text in answer.warnings],
    }


def _in_some_subset(pair: FloatPair, exact: EquilibriumSet) -> bool:
    """Whether the pair is an equilibrium: in the product of hulls of a Nash subset, within `SAME_STRATEGY`."""
    for subset in exact.nash_subsets:
        corners = [{exact.equilibria[k].strategies[side] for k in subset} for side in (0, 1)]
        if all(_in_hull(own, sorted(own_corners)) for own, own_corners in zip(pair, corners, strict=True)):
            return True
    return False


def _in_hull(point: Sequence[float], corners: Sequence[Sequence[float]]) -> bool:
    """Corners of a subset may be many, and on one line: nearest combination by non-negative least squares."""
    if len(corners) == 1:
        return bool(np.abs(np.subtract(point, corners[0])).max() <= SAME_STRATEGY)
    from scipy.optimize import nnls  # a second to import: only where equilibria are not extreme

    columns = np.vstack([np.array(corners).T, np.ones(len(corners))])
    weights, _ = nnls(columns, np.append(point, 1.0))
    return bool(np.abs(columns @ weights - np.append(point, 1.0)).max() <= SAME_STRATEGY)
