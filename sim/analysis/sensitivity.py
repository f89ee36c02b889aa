"""Which numbers move an event: each uncertain number set low and high within every draw, all else as in the draw."""

from dataclasses import dataclass
from typing import Any


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
