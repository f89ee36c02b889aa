"""Where an event flips as one number moves through its range: at central values of all else, and over draws."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class ThresholdPiece:
    """An interval of the range on which an event has one status."""

    start: float
    stop: float
    status: str

    def to_dict(self) -> dict[str, Any]:
        """As in `sim thresholds --json`."""
        return {"from": self.start, "to": self.stop, "status": self.status}


@dataclass(frozen=True, slots=True)
class ThresholdPoint:
    """A single value at which an event has another status than on both sides; only exact methods see such points."""

    at: float
    status: str

    def to_dict(self) -> dict[str, Any]:
        """As in `sim thresholds --json`."""
        return {"at": self.at, "status": self.status}


@dataclass(frozen=True, slots=True)
class Threshold:
    """The partition of one number's range by the status of one event under one concept, all else central."""

    parameter: str
    unit: str
    concept: str
    order: str | None
    event: str
    method: str  # "numerical": a grid, then bisection
    resolution: float  # a piece shorter than this, between two pieces of one status, may be missed
    pieces: tuple[ThresholdPiece, ...]  # in order, covering the range
    points: tuple[ThresholdPoint, ...] = ()

    @property
    def row(self) -> str:
        """Concept and order as one name."""
        return self.concept if self.order is None else f"{self.concept}.{self.order}"

    @property
    def values(self) -> tuple[float, ...]:
        """The values at which the status changes; empty where there is none in range."""
        return tuple(piece.start for piece in self.pieces[1:])

    def to_dict(self) -> dict[str, Any]:
        """A row of `sim thresholds --json`."""
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
