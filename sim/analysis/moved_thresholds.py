"""Where a threshold goes when a claim falls: the file's `threshold` followed through each set of fixed numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sim.analysis.flips import followed
from sim.analysis.thresholds import thresholds
from sim.scenario.model import ScenarioData
from sim.scenario.versions import with_values
from sim.solvers.concepts import Request


@dataclass(frozen=True, slots=True)
class MovedThreshold:
    """Where one event flips as the file's `threshold` moves, all else central, with the claim and without it."""

    parameter: str
    concept: str
    order: str | None
    event: str
    before: tuple[float, ...]  # empty: none in range
    after: tuple[float, ...] | None  # None: the number itself is fixed without the claim

    def to_dict(self) -> dict[str, Any]:
        """An entry of `thresholds`."""
        head = {name: getattr(self, name) for name in ("parameter", "concept", "order", "event")}
        return head | {"before": list(self.before), "after": None if self.after is None else list(self.after)}


def moved_thresholds(
    scenario: ScenarioData, sets: Sequence[Mapping[str, float]], requests: Sequence[Request], events: Sequence[str]
) -> list[tuple[MovedThreshold, ...]]:
    """The thresholds that are elsewhere, or gone, with each set of numbers fixed; nothing where a set is empty.

    The number that is moved is the file's `threshold`; nothing is told where the file names none.
    """
    number = next(iter(followed(scenario, ())), None)
    if number is None or not scenario.events:
        return [()] * len(sets)
    before = thresholds(scenario, number, requests=requests, events=events)
    found = []
    for values in sets:
        gone = number in values
        after = before
        if values and not gone:
            fixed = with_values(scenario, {name: Fraction(value) for name, value in values.items()})
            after = thresholds(fixed, number, requests=requests, events=events)
        moved = [
            MovedThreshold(number, one.concept, one.order, one.event, one.values, None if gone else other.values)
            for one, other in zip(before, after, strict=True)
            if (gone and one.values) or one.values != other.values
        ]
        found.append(tuple(moved))
    return found
