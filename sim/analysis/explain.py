"""One profile taken apart: each payoff split into stakes, weights and claims, and what each player could do instead."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class StakeTerm:
    """One term of a payoff: points = weight * value / swing."""

    player: str
    stake: str
    incentive: str
    unit: str
    weight: float
    value: float
    swing: float
    points: float
    rests_on: tuple[str, ...]  # claims of the interest, then of the stake

    def to_dict(self) -> dict[str, Any]:
        """A row of `stakes` in `sim explain --json`."""
        return {name: getattr(self, name) for name in self.__slots__} | {"rests_on": list(self.rests_on)}


@dataclass(frozen=True, slots=True)
class Alternative:
    """A player's best other action, all others' moves as they are; a negative loss is a gain."""

    player: str
    profile: Mapping[str, str]
    loss: float

    def to_dict(self) -> dict[str, Any]:
        """A row of `alternatives` in `sim explain --json`."""
        return {"player": self.player, "profile": dict(self.profile), "loss": self.loss}


@dataclass(frozen=True, slots=True)
class Explanation:
    """What everyone gets at one profile of one parameter set, and why."""

    scenario: str
    profile: Mapping[str, str]
    chosen: str  # "given", or the concept whose first equilibrium it is
    draw: int | None  # None: central values
    seed: int | None
    parameters: Mapping[str, float]  # every parameter and weight, in file order
    payoffs: Mapping[str, float]  # players, then observers, each in its own points
    stakes: tuple[StakeTerm, ...]
    alternatives: tuple[Alternative, ...]
    events: Mapping[str, bool]

    def to_dict(self) -> dict[str, Any]:
        """The document of `sim explain --json`."""
        return {
            "scenario": self.scenario,
            "profile": dict(self.profile),
            "chosen": self.chosen,
            "draw": self.draw,
            "seed": self.seed,
            "parameters": dict(self.parameters),
            "payoffs": dict(self.payoffs),
            "stakes": [term.to_dict() for term in self.stakes],
            "alternatives": [one.to_dict() for one in self.alternatives],
            "events": dict(self.events),
        }

    def __repr__(self) -> str:
        return f"<Explanation of {self.scenario} at {' '.join(f'{m}={o}' for m, o in self.profile.items())}>"
