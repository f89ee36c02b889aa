"""The headline table: shares of sampled parameter sets, beside two placebos and three other readings of the ranges."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.sweeps.run import Rows
from sim.sweeps.status import Share


@dataclass(frozen=True, slots=True)
class HeadlineRow:
    """What one concept (and order) says of one event, and what the same form of game says without the article."""

    share: Share
    shuffled: Share  # each player's weights permuted among its interests, signs kept
    coin: Share  # independent payoffs
    robust: bool  # the same status is the largest in the table itself and in all variants
    variants: Mapping[str, Share]  # "halved", "doubled", "uniform"

    def to_dict(self) -> dict[str, Any]:
        """A row of `summary.json`."""
        placebo = {"shuffled": self.shuffled.shares(), "coin": self.coin.shares()}
        variants = {name: own.shares() for name, own in self.variants.items()}
        row = self.share.to_dict()
        return row | {"placebo": placebo, "robust": self.robust, "variants": variants}


@dataclass(frozen=True, slots=True, eq=False)
class Headline:
    """The table of `sim run`, with the rows of the main sweep for what is computed from them."""

    rows: tuple[HeadlineRow, ...]
    draws: int
    seed: int
    rows_of_main: Rows
    events: tuple[str, ...]  # all events of the scenario: the first axis of every `status` in `rows_of_main`

    def __repr__(self) -> str:
        robust = sum(row.robust for row in self.rows)
        return f"<Headline: {len(self.rows)} rows of {self.draws} draws, {robust} robust>"
