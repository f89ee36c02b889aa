"""Which numbers move an event: each uncertain number set low and high within every draw, all else as in the draw."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.bounds import events_meant, level, lower, upper
from sim.game.payoffs import Parameters
from sim.scenario.distributions import is_fixed
from sim.scenario.model import ScenarioData
from sim.solvers.concepts import Request
from sim.sweeps.quantiles import quantile
from sim.sweeps.run import Engine, Progress, Rows, make_engine, rows_at
from sim.sweeps.streams import sample

LOW, HIGH = 1 / 6, 5 / 6  # the medians of a number's low third and of its high third


@dataclass(frozen=True, slots=True)
class Effect:
    """What moving one number from the middle of its low third to the middle of its high third does to one event."""

    parameter: str
    concept: str
    order: str | None
    event: str
    n: int
    low: float  # share of draws `always` with the number at its low value
    high: float  # the same at its high value
    low_upper: float  # share `always` or `sometimes` at the low value
    high_upper: float
    helps: float  # share of draws in which going from low to high raises the event's (lower, upper) pair
    hurts: float  # share in which it lowers the pair
    low_value: float  # the number's quantile 1/6
    high_value: float  # and 5/6
    note: str = ""  # what holding all else fixed breaks: a correlation, or a ranking of weights

    @property
    def row(self) -> str:
        """Concept and order as one name."""
        return self.concept if self.order is None else f"{self.concept}.{self.order}"

    @property
    def size(self) -> float:
        """Share of draws in which the number changes what holds, either way."""
        return self.helps + self.hurts

    def to_dict(self) -> dict[str, Any]:
        """Plain words and numbers."""
        return {name: getattr(self, name) for name in self.__slots__}


def thirds(
    scenario: ScenarioData,
    *,
    requests: Sequence[Request],
    events: Sequence[str] | None = None,
    draws: int,
    seed: int,
    progress: Progress | None = None,
) -> tuple[Effect, ...]:
    """Set each uncertain number low and high within every draw, and count what that changes.

    It is a screening by within-draw differences, not a decomposition of variance. Where a number is correlated with
    others, or its weight ranked among others, holding those fixed leaves the joint distribution; `note` says so.

    Args:
        scenario: checked data.
        requests: rows, from `requests_for`.
        events: names; the headline events where left out.
        draws: each is evaluated twice a number.
        seed: of all streams.
        progress: told of numbers done and numbers in all.

    Returns:
        One entry a number, row and event, in file order of the numbers; empty where every number is known.
    """
    meant = events_meant(scenario, events)
    engine = make_engine(scenario, requests)
    drawn = sample(scenario, seed, 0, draws)
    notes = dependence_notes(scenario)
    numbers = uncertain_numbers(scenario)
    effects: list[Effect] = []
    for done, name in enumerate(numbers, start=1):
        values = third_medians(scenario, name, drawn[name])
        low, high = (_with_all_draws(engine, drawn, name, value, draws) for value in values)
        for request in requests:
            for event in meant:
                k = engine.events.index(event)
                pair = (low.concepts[request].status[k], high.concepts[request].status[k])
                effects.append(_effect(name, request, event, pair, values, notes.get(name, "")))
        if progress is not None:
            progress(done, len(numbers))
    return tuple(effects)


def uncertain_numbers(scenario: ScenarioData) -> tuple[str, ...]:
    """The parameters and weights that are not known, in file order; weights of observers move no player and are out."""
    observers = {one.name for one in scenario.observers}
    idle = {interest.name for interest in scenario.interests if interest.player in observers}
    known = scenario.distributions()
    return tuple(name for name, own in known.items() if not is_fixed(own) and name not in idle)


def telling_rows(requests: Sequence[Request]) -> tuple[Request, ...]:
    """The rows where numbers are ranked unless others are named: plain Nash, pairs, the first two orders of moves."""
    orders = [row for row in requests if row.order is not None][:2]
    chosen = [row for row in requests if row.concept in ("pure-nash", "strong-2") or row in orders]
    return tuple(chosen or requests)


def third_medians(scenario: ScenarioData, name: str, drawn: NDArray[np.float64]) -> tuple[float, float]:
    """The quantiles 1/6 and 5/6 of a number; of a ranked weight, which has no formula for them, those of its draws."""
    distribution = scenario.distributions()[name]
    if distribution.kind == "ranked":
        low, high = np.quantile(drawn, [LOW, HIGH]).tolist()
    else:
        low, high = quantile(distribution)(np.array([LOW, HIGH])).tolist()
    return low, high


def dependence_notes(scenario: ScenarioData) -> dict[str, str]:
    """What is said of numbers that are not drawn on their own."""
    notes = {}
    for block in scenario.correlated:
        for name in block.of:
            others = ", ".join(other for other in block.of if other != name)
            notes[name] = f"correlated with {others}, held as drawn"
    for group in scenario.ranked:
        for name in group.of:
            notes[name] = "ranked among other weights: their order and total are not kept"
    return notes


def _with_all_draws(engine: Engine, drawn: Parameters, name: str, value: float, draws: int) -> Rows:
    forced = dict(drawn) | {name: np.full(draws, value)}  # full length: a scenario may have no other number
    return rows_at(engine, forced)


def _effect(
    name: str,
    request: Request,
    event: str,
    codes: tuple[NDArray[np.int8], NDArray[np.int8]],
    values: tuple[float, float],
    note: str,
) -> Effect:
    low, high = codes
    before, after = level(low), level(high)
    return Effect(
        parameter=name,
        concept=request.concept,
        order=request.order,
        event=event,
        n=len(low),
        low=float(lower(low).mean()),
        high=float(lower(high).mean()),
        low_upper=float(upper(low).mean()),
        high_upper=float(upper(high).mean()),
        helps=float((after > before).mean()),
        hurts=float((after < before).mean()),
        low_value=values[0],
        high_value=values[1],
        note=note,
    )
