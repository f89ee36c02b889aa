"""Where an event flips over draws: the value of one number at which it does, in each draw with all else as drawn.

The threshold at central values is one number; over draws it is a distribution. The number is moved through a grid of
its range in every draw, and an event that holds at one value and not at the next flips between the two. `always` and
`possible` flip at places of their own and are told apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.bounds import events_meant, lower, upper
from sim.analysis.ranges import range_of
from sim.analysis.sensitivity import uncertain_numbers
from sim.analysis.thresholds import Threshold
from sim.scenario.model import ScenarioData
from sim.solvers.concepts import Request
from sim.sweeps.run import CHUNK, Progress, make_engine, rows_at
from sim.sweeps.streams import sample

CELLS = 64  # of the grid; a flip is placed in the middle of its cell
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True, slots=True)
class Flips:
    """Over draws, the value of a number at which one event flips under one concept, at one end."""

    parameter: str
    concept: str
    order: str | None
    event: str
    end: str  # always or possible
    n: int
    none: float  # share of draws in which it flips nowhere in the range
    once: float
    more: float
    quantiles: tuple[float, ...] | None  # of the value, over the draws that flip once; None where there is none
    rises: float | None  # share of those draws in which the event holds above the value and not below
    step: float  # width of a cell

    def to_dict(self) -> dict[str, Any]:
        """An entry of `over_draws`."""
        told = {name: getattr(self, name) for name in self.__slots__ if name != "quantiles"}
        names = [f"{round(100 * q)}%" for q in QUANTILES]
        quantiles = None if self.quantiles is None else dict(zip(names, self.quantiles, strict=True))
        return told | {"quantiles": quantiles}


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where statuses change, one row a number, concept, order and event."""

    rows: tuple[Threshold, ...]
    over_draws: tuple[Flips, ...] = ()  # of the numbers that were named, else of the one that the file names

    def to_dict(self) -> dict[str, Any]:
        """Plain lists, names and numbers."""
        return {"rows": [row.to_dict() for row in self.rows], "over_draws": [own.to_dict() for own in self.over_draws]}

    def __repr__(self) -> str:
        numbers = dict.fromkeys(row.parameter for row in self.rows)
        return f"<Thresholds: {len(self.rows)} rows over {', '.join(numbers) or 'no number'}>"


def flips(
    scenario: ScenarioData,
    parameter: str,
    *,
    requests: Sequence[Request],
    events: Sequence[str] | None = None,
    draws: int,
    seed: int,
    progress: Progress | None = None,
) -> tuple[Flips, ...]:
    """Where each event flips in each draw as one number moves through its range.

    Args:
        scenario: checked data.
        parameter: a parameter, or a weight as `RU.shells`.
        requests: rows, from `requests_for`.
        events: names; the headline events where left out.
        draws: each is evaluated at every value of the grid.
        seed: of all streams.
        progress: told of values done and in all.

    Raises:
        UsageError: a name that is no number, or one that is fixed.
    """
    low, high = range_of(scenario, parameter)
    grid = np.linspace(low, high, CELLS + 1)
    engine, meant = make_engine(scenario, requests), events_meant(scenario, events)
    places = [engine.events.index(event) for event in meant]
    shape = (len(requests), len(meant), 2, draws)
    count, at = np.zeros(shape, dtype=np.int16), np.zeros(shape)
    first = np.zeros(shape, dtype=np.bool_)
    for start in range(0, draws, CHUNK):
        own = slice(start, min(start + CHUNK, draws))
        drawn, size, before = sample(scenario, seed, start, own.stop - start), own.stop - start, first[..., own]
        for k, value in enumerate(grid.tolist()):
            rows = rows_at(engine, drawn | {parameter: np.full(size, value)}, draws=size)
            codes = np.stack([rows.concepts[request].status[places] for request in requests])
            now = np.stack([lower(codes), upper(codes)], axis=2)
            if k == 0:
                first[..., own] = now
            else:
                flipped = now != before
                count[..., own] += flipped
                at[..., own][flipped] = (grid[k - 1] + value) / 2
            before = now
            if progress is not None:
                progress(start * (CELLS + 1) + (k + 1) * size, draws * (CELLS + 1))
    found = []
    for r, request in enumerate(requests):
        for e, event in enumerate(meant):
            for k, end in enumerate(("always", "possible")):
                head = (parameter, request.concept, request.order, event, end, draws)
                found.append(_told(head, count[r, e, k], at[r, e, k], first[r, e, k], (high - low) / CELLS))
    return tuple(found)


def _told(
    head: tuple[str, str, str | None, str, str, int],
    count: NDArray[np.int16],
    at: NDArray[np.float64],
    first: NDArray[np.bool_],
    step: float,
) -> Flips:
    once = count == 1
    shares = float((count == 0).mean()), float(once.mean()), float((count > 1).mean())
    if not once.any():
        return Flips(*head, *shares, None, None, step)
    quantiles = tuple(np.quantile(at[once], QUANTILES).tolist())
    return Flips(*head, *shares, quantiles, float((~first[once]).mean()), step)


def followed(scenario: ScenarioData, named: Sequence[str]) -> tuple[str, ...]:
    """The numbers whose thresholds are looked for in every draw: those named, else the file's, if it is uncertain."""
    known = uncertain_numbers(scenario)
    return tuple(named) or ((scenario.threshold,) if scenario.threshold in known else ())
