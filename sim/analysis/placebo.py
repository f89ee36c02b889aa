"""Two placebos on the same form: shuffled weights, and payoffs by the toss of a coin."""

from dataclasses import dataclass
from typing import Any

from sim.sweeps.status import Share


@dataclass(frozen=True, slots=True)
class PlaceboRow:
    """One concept, order and event: the scenario's shares beside the two placebos'."""

    share: Share
    shuffled: Share
    coin: Share

    def to_dict(self) -> dict[str, Any]:
        """A row of `sim placebo --json`."""
        return {
            "concept": self.share.concept,
            "order": self.share.order,
            "event": self.share.event,
            "share": self.share.shares(),
            "shuffled": self.shuffled.shares(),
            "coin": self.coin.shares(),
        }


@dataclass(frozen=True, slots=True)
class Placebo:
    """Does the article speak, or the form of the game?"""

    rows: tuple[PlaceboRow, ...]
    draws: int
    seed: int
    coin_mean_equilibria: float  # pure Nash equilibria a game of independent payoffs: 1 in expectation
    coin_standard_error: float

    def to_dict(self) -> dict[str, Any]:
        """The document of `sim placebo --json`."""
        return {
            "draws": self.draws,
            "seed": self.seed,
            "rows": [row.to_dict() for row in self.rows],
            "coin_mean_equilibria": self.coin_mean_equilibria,
            "coin_standard_error": self.coin_standard_error,
        }

    def __repr__(self) -> str:
        return f"<Placebo: {len(self.rows)} rows of {self.draws} draws, coin mean {self.coin_mean_equilibria:.3f}>"
