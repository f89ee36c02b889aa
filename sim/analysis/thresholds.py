"""Where an event flips as one number moves through its range: at central values of all else, and over draws."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.bounds import events_meant
from sim.analysis.crossings import crossings
from sim.analysis.partition import ThresholdPiece, ThresholdPoint, partition, simplest
from sim.analysis.ranges import place_in_prior, range_of, unit_of
from sim.analysis.sensitivity import Effect
from sim.game.payoffs import central_parameters
from sim.scenario.affine import is_affine
from sim.scenario.model import ScenarioData
from sim.solvers.concepts import Request
from sim.sweeps.run import Engine, Progress, make_engine, rows_at
from sim.sweeps.status import STATUSES
from sim.sweeps.streams import sample

CELLS = 512  # of the grid, before bisection
Parts = tuple[tuple[ThresholdPiece, ...], tuple[ThresholdPoint, ...]]
WIDTH = 1e-9  # share of the range to which bisection narrows a threshold


@dataclass(frozen=True, slots=True)
class Threshold:
    """The partition of one number's range by the status of one event under one concept, all else central."""

    parameter: str
    unit: str
    concept: str
    order: str | None
    event: str
    method: str  # "exact": crossings of payoffs solved for; "numerical": a grid, bisection, the simplest fraction there
    resolution: float  # a piece shorter than this, between two pieces of one status, may be missed; 0 where exact
    pieces: tuple[ThresholdPiece, ...]  # in order, covering the range
    points: tuple[ThresholdPoint, ...] = ()  # ascending; where numerical, a tie that no tried value meets is missed
    prior: tuple[float, ...] = ()  # share of the number's own distribution below each of `values`; empty: not known

    @property
    def row(self) -> str:
        """Concept and order as one name."""
        return self.concept if self.order is None else f"{self.concept}.{self.order}"

    @property
    def values(self) -> tuple[float, ...]:
        """The values at which the status changes; empty where there is none in range."""
        return tuple(piece.start for piece in self.pieces[1:])

    def to_dict(self) -> dict[str, Any]:
        """A row of the document of `Thresholds`."""
        return {
            "parameter": self.parameter,
            "unit": self.unit,
            "concept": self.concept,
            "order": self.order,
            "event": self.event,
            "method": self.method,
            "resolution": self.resolution,
            "pieces": [piece.to_dict() for piece in self.pieces],
            "points": [point.to_dict() for point in self.points],
            "prior": list(self.prior),
        }

    def __repr__(self) -> str:
        where = ", ".join(f"{value:.6g}" for value in self.values) or "none in range"
        return f"<Threshold {self.parameter}, {self.row}, {self.event}: {where}>"


@dataclass(frozen=True, slots=True, eq=False)
class ThresholdCurve:
    """Shares of draws with each status when one number is forced to a value in every draw."""

    parameter: str
    unit: str
    grid: NDArray[np.float64]  # (G,)
    shares: Mapping[tuple[str, str], NDArray[np.float64]]  # (row name, event) -> (G, 6), in the order of STATUSES
    n: int

    def to_dict(self) -> dict[str, Any]:
        """Plain lists."""
        rows = [{"row": row, "event": event, "shares": own.tolist()} for (row, event), own in self.shares.items()]
        return {"parameter": self.parameter, "unit": self.unit, "n": self.n, "grid": self.grid.tolist(), "rows": rows}

    def __repr__(self) -> str:
        return f"<ThresholdCurve {self.parameter}: {len(self.grid)} values, {self.n} draws each>"


def thresholds(
    scenario: ScenarioData,
    parameter: str,
    *,
    requests: Sequence[Request],
    events: Sequence[str] | None = None,
    cells: int = CELLS,
) -> tuple[Threshold, ...]:
    """Where the status of each event changes as one number moves through its range, all else at central values.

    Args:
        scenario: checked data.
        parameter: a parameter, or a weight as `RU.shells`.
        requests: rows, from `requests_for`.
        events: names; the headline events where left out.
        cells: of the grid; a piece shorter than a cell may be missed.

    Raises:
        UsageError: a name that is no number, or one that is fixed.
    """
    low, high = range_of(scenario, parameter)
    engine = make_engine(scenario, requests)
    meant = events_meant(scenario, events)
    rows = [engine.events.index(event) for event in meant]
    if is_affine(scenario, parameter):
        method, step, parts = "exact", 0.0, _exact_parts(engine, parameter, low, high, rows)
    else:
        method, step = "numerical", (high - low) / cells
        parts = _numerical_parts(engine, parameter, low, high, rows, cells)
    unit = unit_of(scenario, parameter)
    found = []
    for k, request in enumerate(requests):
        for j, event in enumerate(meant):
            pieces, points = parts[k * len(meant) + j]
            prior = place_in_prior(scenario, parameter, [piece.start for piece in pieces[1:]])
            head = (parameter, unit, request.concept, request.order, event, method, step)
            found.append(Threshold(*head, pieces, points, prior))
    return tuple(found)


def _exact_parts(engine: Engine, parameter: str, low: float, high: float, events: Sequence[int]) -> list[Parts]:
    """One partition a request and event: the status inside each interval between crossings, and at each crossing."""
    ends = np.concatenate([[low], crossings(engine.family, parameter, low, high), [high]])
    inside = _central_codes(engine, parameter, ends[:-1] + np.diff(ends) / 2, events)
    at = _central_codes(engine, parameter, ends, events)
    parts = []
    for between, there in zip(inside.tolist(), at.tolist(), strict=True):
        turns = [k for k in range(1, len(between)) if between[k] != between[k - 1]]
        starts = [0, *turns]
        pieces = tuple(
            ThresholdPiece(float(ends[k]), float(ends[stop]), STATUSES[between[k]])
            for k, stop in zip(starts, [*turns, len(between)], strict=True)
        )
        beside = zip([between[0], *between], [*between, between[-1]], strict=True)
        points = tuple(
            ThresholdPoint(float(value), STATUSES[code])
            for value, code, pair in zip(ends.tolist(), there, beside, strict=True)
            if code not in pair
        )
        parts.append((pieces, points))
    return parts


def _numerical_parts(
    engine: Engine, parameter: str, low: float, high: float, events: Sequence[int], cells: int
) -> list[Parts]:
    """The same where payoffs are not known to be affine: a grid, then bisection, then ties at simple fractions."""
    grid = np.linspace(low, high, cells + 1)
    grid[-1] = high
    codes = _central_codes(engine, parameter, grid, events)
    row, cell = np.nonzero(codes[:, :-1] != codes[:, 1:])
    width = WIDTH * (high - low)
    changes = _bisected(engine, parameter, (row, grid[cell], grid[cell + 1]), codes, cell, events, width)
    ties = _ties(engine, parameter, changes, codes, events, width)
    return [
        partition(_pieces(low, high, int(own[0]), changes.get(k, [])), ties.get(k, [])) for k, own in enumerate(codes)
    ]


def threshold_curve(
    scenario: ScenarioData,
    parameter: str,
    *,
    requests: Sequence[Request],
    events: Sequence[str] | None = None,
    draws: int,
    seed: int,
    size: int = 41,
    progress: Progress | None = None,
) -> ThresholdCurve:
    """Shares of draws with each status when one number is forced to each value of a grid in every draw.

    Args:
        scenario: checked data.
        parameter: a parameter, or a weight as `RU.shells`.
        requests: rows, from `requests_for`.
        events: names; the headline events where left out.
        draws: for each value of the grid.
        seed: of all streams.
        size: values in the grid, over the number's range.
        progress: told of values done and values in all.

    Raises:
        UsageError: a name that is no number, or one that is fixed.
    """
    grid = np.linspace(*range_of(scenario, parameter), size)
    engine = make_engine(scenario, requests)
    meant = events_meant(scenario, events)
    drawn = sample(scenario, seed, 0, draws)
    shares = {(request.name, event): np.empty((size, len(STATUSES))) for request in requests for event in meant}
    for k, value in enumerate(grid.tolist()):
        found = rows_at(engine, drawn | {parameter: np.full(draws, value)})
        for request in requests:
            for event in meant:
                own = found.concepts[request].status[engine.events.index(event)]
                shares[request.name, event][k] = np.bincount(own, minlength=len(STATUSES)) / draws
        if progress is not None:
            progress(k + 1, size)
    return ThresholdCurve(parameter, unit_of(scenario, parameter), grid, shares, draws)


def main_parameter(effects: Sequence[Effect]) -> str | None:
    """The number with the greatest effect on any row and event, the first of equals; None where there is none."""
    largest = max(effects, key=lambda effect: effect.size, default=None)
    return None if largest is None else largest.parameter


def _central_codes(
    engine: Engine, parameter: str, values: NDArray[np.float64], events: Sequence[int]
) -> NDArray[np.int8]:
    """Status codes with one number at each value, all else central: shape (requests * events, values)."""
    found = rows_at(engine, central_parameters(engine.family.scenario) | {parameter: values})
    return np.concatenate([found.concepts[request].status[list(events)] for request in engine.requests])


def _bisected(
    engine: Engine,
    parameter: str,
    brackets: tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.float64]],
    codes: NDArray[np.int8],
    cell: NDArray[np.intp],
    events: Sequence[int],
    width: float,
) -> dict[int, list[tuple[float, int]]]:
    """Narrow every bracket at once: row -> (where its status changes, the code beyond), ascending.

    A bracket holds one place where the code on its left ends. A third code met inside is a piece of its own: once its
    left end is found, the rest of the bracket is searched again.
    """
    row, left, right = brackets
    before, end, last = codes[row, cell], right.copy(), codes[row, cell + 1]
    beyond = last.copy()
    changes: dict[int, list[tuple[float, int]]] = {}
    while len(row):
        middle = left + (right - left) / 2
        wide = (right - left > width) & (middle > left) & (middle < right)
        places, which = np.unique(middle[wide], return_inverse=True)
        if len(places):
            seen = _central_codes(engine, parameter, places, events)[row[wide], which]
            same = seen == before[wide]
            index = np.flatnonzero(wide)
            left[index[same]] = middle[index[same]]
            right[index[~same]] = middle[index[~same]]
            beyond[index[~same]] = seen[~same]
        for k in np.flatnonzero(~wide).tolist():
            changes.setdefault(int(row[k]), []).append((float(right[k]), int(beyond[k])))
        again = ~wide & (beyond != last)
        left[again], right[again], before[again] = right[again], end[again], beyond[again]
        beyond[again] = last[again]
        kept = wide | again
        row, left, right, before, beyond = row[kept], left[kept], right[kept], before[kept], beyond[kept]
        end, last = end[kept], last[kept]
    return {own: sorted(found) for own, found in changes.items()}


def _ties(
    engine: Engine,
    parameter: str,
    changes: Mapping[int, Sequence[tuple[float, int]]],
    codes: NDArray[np.int8],
    events: Sequence[int],
    width: float,
) -> dict[int, list[ThresholdPoint]]:
    """Try the simplest fraction beside each change: there payoffs made of written numbers tie, if anywhere."""
    tried = [
        (own, simplest(at - width, at), {before, beyond})
        for own, found in changes.items()
        for before, (at, beyond) in zip([int(codes[own, 0]), *(code for _, code in found)], found, strict=False)
    ]
    if not tried:
        return {}
    places, which = np.unique([at for _, at, _ in tried], return_inverse=True)
    seen = _central_codes(engine, parameter, places, events)
    ties: dict[int, list[ThresholdPoint]] = {}
    for (own, at, beside), column in zip(tried, which.tolist(), strict=True):
        if (code := int(seen[own, column])) not in beside:
            ties.setdefault(own, []).append(ThresholdPoint(at, STATUSES[code]))
    return ties


def _pieces(low: float, high: float, code: int, changes: Sequence[tuple[float, int]]) -> tuple[ThresholdPiece, ...]:
    pieces, start = [], low
    for at, beyond in changes:
        pieces.append(ThresholdPiece(start, at, STATUSES[code]))
        start, code = at, beyond
    return (*pieces, ThresholdPiece(start, high, STATUSES[code]))
