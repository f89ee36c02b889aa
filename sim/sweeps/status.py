"""From sets of equilibria to shares: what a concept says of an event in each draw, in one of six words.

`always`, `sometimes` and `never` speak of the equilibria that exist; `none` where there is none: an empty set makes
nothing true. `open` and `unsolved` keep what is not known apart from all of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import nan, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

UNDECLARED = "any outcome"  # the event counted where a scenario declares none: no identifier, so no file has it
STATUSES = ("always", "sometimes", "never", "none", "open", "unsolved")
ALWAYS, SOMETIMES, NEVER, NONE = 0, 1, 2, 3  # codes of pure concepts, whose sets are complete and solved

Z95 = 1.959963984540054  # two-sided 95% point of the standard normal


@dataclass(frozen=True, slots=True, eq=False)
class OutcomeClasses:
    """Profiles grouped by their event vector: with ties only distinct outcomes mean anything."""

    events: tuple[str, ...]
    code: NDArray[np.intp]  # (profiles,) flat; the class of each profile
    holds: NDArray[np.bool_]  # (classes, events)


def outcome_classes(events: Mapping[str, NDArray[np.bool_]]) -> OutcomeClasses:
    """Group profiles by the events that hold there; each array has the shape (moves...)."""
    table = np.stack([truth.ravel() for truth in events.values()], axis=1)
    holds, code = np.unique(table, axis=0, return_inverse=True)
    return OutcomeClasses(tuple(events), code.ravel(), holds.astype(np.bool_))


def wilson(successes: float, n: int) -> tuple[float, float]:
    """The 95% interval of a share from n independent draws, (0, 1) of none. Source: Wilson (1927), JASA 22, 209-212."""
    if n == 0:
        return 0.0, 1.0
    share, z2 = successes / n, Z95 * Z95
    center, half = share + z2 / (2 * n), Z95 * sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return max(0.0, (center - half) / (1 + z2 / n)), min(1.0, (center + half) / (1 + z2 / n))


@dataclass(frozen=True, slots=True)
class Share:
    """One row of the headline table: of n sampled parameter sets, how many have each status.

    Where a costly concept has not run on any yet, n is 0, and every share NaN: null in a document.
    """

    concept: str
    order: str | None
    event: str
    n: int
    counts: tuple[int, ...]  # one a status, in the order of STATUSES

    def share(self, status: str) -> float:
        """Share of sampled parameter sets with that status."""
        return self._of_all(self.counts[STATUSES.index(status)])

    @property
    def row(self) -> str:
        """Concept and order as one name."""
        return self.concept if self.order is None else f"{self.concept}.{self.order}"

    @property
    def lower(self) -> float:
        """Share in which the event holds in every equilibrium."""
        return self.share("always")

    @property
    def upper(self) -> float:
        """Share in which it holds in some equilibrium, or may."""
        return self._of_all(self.n - self.counts[STATUSES.index("never")] - self.counts[STATUSES.index("none")])

    def _of_all(self, count: int) -> float:
        return count / self.n if self.n else nan

    @property
    def modal(self) -> str:
        """The status of most parameter sets (the first of equals)."""
        return STATUSES[int(np.argmax(self.counts))]

    def interval(self, status: str) -> tuple[float, float]:
        """Wilson's 95% interval: sampling error of n draws only, it says nothing about the ranges being right."""
        return wilson(self.counts[STATUSES.index(status)], self.n)

    def shares(self) -> dict[str, float]:
        """The six shares, which add to 1."""
        return {status: self._of_all(count) for status, count in zip(STATUSES, self.counts, strict=True)}

    def to_dict(self) -> dict[str, Any]:
        """A row of `summary.json`."""
        head = {"concept": self.concept, "order": self.order, "event": self.event, "n": self.n}
        shares = self.shares() | {"lower": self.lower, "upper": self.upper}
        return head | (shares if self.n else dict.fromkeys(shares))


def shares_of(concept: str, order: str | None, events: tuple[str, ...], codes: NDArray[np.int8]) -> list[Share]:
    """Count status codes of shape (events, draws)."""
    rows = []
    for event, own in zip(events, codes, strict=True):
        counts = np.bincount(own, minlength=len(STATUSES)).tolist()
        rows.append(Share(concept, order, event, len(own), tuple(counts)))
    return rows
