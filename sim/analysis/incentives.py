"""Where payoffs come from: what each incentive is worth at most to each player, in that player's own points."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Worth:
    """Points of one player at the profile where the incentive's central value is greatest in absolute terms."""

    low: float  # 5% of draws lie below
    central: float
    high: float  # 5% of draws lie above

    def to_dict(self) -> dict[str, float]:
        """Plain numbers."""
        return {"low": self.low, "central": self.central, "high": self.high}


@dataclass(frozen=True, slots=True)
class IncentiveRow:
    """One incentive: its stakes' terms added up, for everyone who cares."""

    incentive: str
    worth: Mapping[str, Worth]  # player or observer -> worth; only those with an interest in it
    claims: tuple[str, ...]  # that its stakes and interests rest on

    def to_dict(self) -> dict[str, Any]:
        """Plain lists and numbers."""
        worth = {name: own.to_dict() for name, own in self.worth.items()}
        return {"incentive": self.incentive, "worth": worth, "claims": list(self.claims)}


@dataclass(frozen=True, slots=True)
class Incentives:
    """The table of incentives; points are never compared across players."""

    players: tuple[str, ...]  # players, then observers
    rows: tuple[IncentiveRow, ...]
    draws: int
    seed: int

    def to_dict(self) -> dict[str, Any]:
        """Plain lists and numbers."""
        rows = [row.to_dict() for row in self.rows]
        return {"players": list(self.players), "draws": self.draws, "seed": self.seed, "rows": rows}

    def __repr__(self) -> str:
        return f"<Incentives: {', '.join(row.incentive for row in self.rows)}; {self.draws} draws>"
