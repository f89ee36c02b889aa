"""Two scenarios on the same draws: within-draw differences, lower with lower and upper with upper."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.sweeps.status import Share


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One concept, order and event in both scenarios. Each mapping has the keys "lower" and "upper"."""

    concept: str
    order: str | None
    event: str
    n: int
    first: Share
    second: Share
    helps: Mapping[str, float]  # share of draws in which the second raises it
    hurts: Mapping[str, float]  # in which the second lowers it
    nothing: Mapping[str, float]

    def to_dict(self) -> dict[str, Any]:
        """A row of `sim compare --json`."""
        return {
            "concept": self.concept,
            "order": self.order,
            "event": self.event,
            "n": self.n,
            "first": self.first.shares() | {"lower": self.first.lower, "upper": self.first.upper},
            "second": self.second.shares() | {"lower": self.second.lower, "upper": self.second.upper},
            "helps": dict(self.helps),
            "hurts": dict(self.hurts),
            "nothing": dict(self.nothing),
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two scenarios side by side, on the same draws by name."""

    first: str
    second: str
    draws: int
    seed: int
    rows: tuple[ComparedRow, ...]
    notes: tuple[str, ...]  # what stands in one of the two alone, or means something else in each

    def to_dict(self) -> dict[str, Any]:
        """The document of `sim compare --json`."""
        head = {"first": self.first, "second": self.second, "draws": self.draws, "seed": self.seed}
        return head | {"rows": [row.to_dict() for row in self.rows], "notes": list(self.notes)}

    def __repr__(self) -> str:
        return f"<Comparison of {self.first} and {self.second}: {len(self.rows)} rows, {self.draws} draws>"
