"""Concepts that are solved one game at a time, on the first draws of a sweep: the rest of their columns stays empty.

Each draw's game is the scenario with its numbers fixed, solved through the door that `sim solve` uses. Their rows are
promised to 1e-8, not to the bit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from sim.errors import UsageError
from sim.game.payoffs import Parameters
from sim.scenario.model import ScenarioData
from sim.solvers.concepts import ONE_GAME_AT_A_TIME, Request
from sim.solvers.equilibria import EquilibriumSet
from sim.sweeps.status import STATUSES, UNDECLARED

COSTLY = 200  # draws that costly concepts run on, where nothing else is said


@dataclass(frozen=True, slots=True, eq=False)
class CostlyRows:
    """What one costly concept says of some draws; -1 and NaN where it was not run."""

    status: NDArray[np.int8]  # (events, draws), codes of `status.STATUSES`
    lower: NDArray[np.float64]  # (events, draws) least share of the event under an equilibrium
    upper: NDArray[np.float64]  # (events, draws) the greatest
    n: NDArray[np.int32]  # (draws,) equilibria that are listed
    n_outcomes: NDArray[np.int32]  # (draws,) distinct vectors of the events' shares among them


def is_costly(request: Request) -> bool:
    """Whether a concept is solved one game at a time."""
    return request.concept in ONE_GAME_AT_A_TIME


def costly_rows(
    scenario: ScenarioData, request: Request, events: Sequence[str], parameters: Parameters, draws: int, run: int
) -> CostlyRows:
    """A costly concept on the first `run` of so many draws.

    Args:
        scenario: checked data.
        request: the concept, with its order of moves or the name of its section.
        events: of the scenario.
        parameters: of the draws, each of shape (draws,) or (1,).
        draws: how many rows there are.
        run: how many of them are solved.

    Raises:
        UsageError: the scenario lacks what the concept asks for.
    """
    shape = (len(events), draws)
    rows = CostlyRows(
        np.full(shape, -1, dtype=np.int8),
        np.full(shape, np.nan),
        np.full(shape, np.nan),
        np.full(draws, -1, dtype=np.int32),
        np.full(draws, -1, dtype=np.int32),
    )
    for draw in range(run):
        values = {name: Fraction(float(own[draw % len(own)])) for name, own in parameters.items()}
        found = _solved(scenario, request, values)
        vectors = {tuple(round(v, 8) for v in (one.events or {}).values()) for one in found.equilibria}
        rows.n[draw], rows.n_outcomes[draw] = len(found.equilibria), len(vectors)
        for k, event in enumerate(events):
            rows.status[k, draw] = STATUSES.index(_status(found, event))
            rows.lower[k, draw], rows.upper[k, draw] = _bounds(found, event)
    return rows


def _solved(scenario: ScenarioData, request: Request, values: Mapping[str, Fraction]) -> EquilibriumSet:
    from sim.solvers.one_game import solve_scenario  # with all solvers: only where a costly concept is asked

    own = request.order
    if request.concept == "bargaining":
        return solve_scenario(scenario, request.concept, values=values, bargaining=own)[0]
    return solve_scenario(scenario, request.concept, values=values, order=own)[0]


def _status(found: EquilibriumSet, event: str) -> str:
    if event != UNDECLARED:
        return (found.status or {})[event]
    return "always" if found.equilibria else "none" if found.complete else "open"


def _bounds(found: EquilibriumSet, event: str) -> tuple[float, float]:
    """Least and greatest share of an event: over the listed equilibria, or the bounds that were proved."""
    if event in found.extra.get("bounds", {}):
        least, greatest = found.extra["bounds"][event]
        return float(least), float(greatest)
    shares = [one.events[event] for one in found.equilibria if one.events is not None and event in one.events]
    if shares:
        return min(shares), max(shares)
    word = _status(found, event)
    return {"always": (1.0, 1.0), "never": (0.0, 0.0)}.get(word, (np.nan, np.nan))


def check_costly(scenario: ScenarioData, requests: Sequence[Request]) -> None:
    """Raise UsageError where the scenario lacks what a costly concept asks for, before any draw is made."""
    for request in requests:
        if request.concept == "qre":
            raise UsageError("'qre' has a precision: use `sim solve --concept qre --precision L`.")
        if request.concept == "bayes" and not scenario.types:
            raise UsageError(
                f"{scenario.name} has no [types.X]: 'bayes' asks what players do who alone know their type."
            )
        if request.concept == "bargaining":
            names = [one.name for one in scenario.bargaining]
            if not names or request.order not in (None, *names) or (request.order is None and len(names) > 1):
                meant = ", ".join(f"bargaining.{name}" for name in names) or "none"
                raise UsageError(f"'bargaining' needs one [bargaining.X] of {scenario.name}; there are: {meant}.")
