"""How two numbers share the plane: the outcome that a concept selects at each pair of values, all else central."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.bounds import events_meant
from sim.analysis.ranges import range_of, unit_of
from sim.errors import UsageError
from sim.game.payoffs import central_parameters
from sim.scenario.model import ScenarioData
from sim.solvers.concepts import Request
from sim.sweeps.run import make_engine, rows_at
from sim.sweeps.status import ALWAYS, NONE, SOMETIMES


@dataclass(frozen=True, slots=True, eq=False)
class RegimeMap:
    """Regions of a plane of two numbers, each named by the events that hold there."""

    x: str
    y: str
    x_unit: str
    y_unit: str
    x_grid: NDArray[np.float64]  # (X,)
    y_grid: NDArray[np.float64]  # (Y,)
    code: NDArray[np.int64]  # (Y, X), index into `labels`
    labels: tuple[str, ...]  # most frequent first
    concept: str
    order: str | None

    def to_dict(self) -> dict[str, Any]:
        """Plain lists."""
        arrays = {"x_grid": self.x_grid.tolist(), "y_grid": self.y_grid.tolist(), "code": self.code.tolist()}
        names = {name: getattr(self, name) for name in ("x", "y", "x_unit", "y_unit", "concept", "order")}
        return names | arrays | {"labels": list(self.labels)}

    def __repr__(self) -> str:
        return f"<RegimeMap {self.x} x {self.y}: {len(self.labels)} regions>"


def regime_map(
    scenario: ScenarioData,
    x: str,
    y: str,
    *,
    request: Request,
    events: Sequence[str] | None = None,
    size: int = 121,
) -> RegimeMap:
    """Solve the game at every pair of values of two numbers, all else at central values.

    Args:
        scenario: checked data.
        x: a parameter, or a weight as `RU.shells`.
        y: another one.
        request: the concept, with its order.
        events: names that tell regions apart; the headline events where left out.
        size: values on each axis, over the number's range.

    Raises:
        UsageError: a name that is no number or a fixed one, or the same name twice.
    """
    if x == y:
        raise UsageError(f"A map needs two numbers; both axes are '{x}'.")
    engine = make_engine(scenario, [request])
    meant = events_meant(scenario, events)
    x_grid, y_grid = (np.linspace(*range_of(scenario, name), size) for name in (x, y))
    across, up = np.meshgrid(x_grid, y_grid)  # both (Y, X)
    found = rows_at(engine, central_parameters(scenario) | {x: across.ravel(), y: up.ravel()})
    codes = found.concepts[request].status[[engine.events.index(event) for event in meant]]
    patterns, which, counts = np.unique(codes, axis=1, return_inverse=True, return_counts=True)
    by_size = np.argsort(-counts, kind="stable")
    place = np.empty_like(by_size)
    place[by_size] = np.arange(len(by_size))
    labels = tuple(outcome_label(meant, patterns[:, k].tolist()) for k in by_size)
    code = place[which.ravel()].reshape(size, size).astype(np.int64)
    units = unit_of(scenario, x), unit_of(scenario, y)
    return RegimeMap(x, y, *units, x_grid, y_grid, code, labels, request.concept, request.order)


def outcome_label(events: Sequence[str], codes: Sequence[int]) -> str:
    """What holds in every and in some equilibrium, in plain words: `deal; in some equilibria arms`."""
    if NONE in codes:
        return "no equilibrium"
    words = [event.replace("_", " ") for event in events]
    every = [word for word, code in zip(words, codes, strict=True) if code == ALWAYS]
    some = [word for word, code in zip(words, codes, strict=True) if code == SOMETIMES]
    parts = [", ".join(every)] if every else []
    parts += [f"in some equilibria {', '.join(some)}"] if some else []
    return "; ".join(parts) or f"none of {', '.join(words)}"
