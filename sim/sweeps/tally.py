"""Counts that add up: what each part of a sweep says of each concept and event, and the sampling error of the whole.

Independent draws have Wilson's interval. The points of a Sobol' sequence are not independent, but its 16 scrambles are:
their counts are kept apart, and the interval is Student's t between them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.sweeps.sobol import scramble_counts, scramble_interval, scramble_sizes
from sim.sweeps.status import ALWAYS, NEVER, NONE, STATUSES, Share, wilson

Counts = NDArray[np.int64]
Interval = tuple[float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """Draws by status, one row a concept and event; with Sobol' points also by scramble."""

    counts: Counts  # (rows, statuses)
    lanes: Counts | None = None  # (rows, 2, scrambles): `always`, then neither `never` nor `none`
    sizes: Counts | None = None  # (scrambles,) draws of each

    def __add__(self, other: "Tally") -> "Tally":
        lanes = None if self.lanes is None or other.lanes is None else self.lanes + other.lanes
        sizes = None if self.sizes is None or other.sizes is None else self.sizes + other.sizes
        return Tally(self.counts + other.counts, lanes, sizes)

    def to_dict(self) -> dict[str, Any]:
        """What stands in a part and in its line of the manifest."""
        found: dict[str, Any] = {"counts": self.counts.tolist()}
        return found if self.lanes is None else found | {"lanes": self.lanes.tolist()}

    def shares(self, heads: Sequence[tuple[str, str]]) -> tuple[Share, ...]:
        """A share for each row name and event."""
        found = []
        for (row, event), counts in zip(heads, self.counts.tolist(), strict=True):
            concept, _, order = row.partition(".")
            found.append(Share(concept, order or None, event, sum(counts), tuple(counts)))
        return tuple(found)

    def intervals(self) -> tuple[tuple[Interval, Interval], ...]:
        """For each row the 95% intervals of `lower` and `upper`: sampling error of so many draws only."""
        found = []
        for k, counts in enumerate(self.counts.tolist()):
            n = sum(counts)
            held = (counts[ALWAYS], n - counts[NEVER] - counts[NONE])
            if self.lanes is None or self.sizes is None or n != int(self.sizes.sum()):
                lower, upper = (wilson(own, n) for own in held)
            else:
                lower, upper = (scramble_interval(own, self.sizes) for own in self.lanes[k])
            found.append((lower, upper))
        return tuple(found)


def tally_of(codes: Sequence[NDArray[np.int8]], start: int, *, sobol: bool) -> Tally:
    """The tally of draws from `start` on.

    Args:
        codes: a status code a draw, one array a concept and event; -1 where the concept was not run.
        start: number of the first draw.
        sobol: whether draws belong to scrambles.
    """
    counts = np.array([np.bincount(own[own >= 0], minlength=len(STATUSES)) for own in codes], dtype=np.int64)
    counts = counts.reshape(-1, len(STATUSES))
    if not sobol:
        return Tally(counts)
    draws = len(codes[0]) if codes else 0
    hits = [(own == ALWAYS, (own >= 0) & (own != NEVER) & (own != NONE)) for own in codes]
    lanes = [[scramble_counts(one, start) for one in own] for own in hits]
    return Tally(counts, np.array(lanes, dtype=np.int64), scramble_sizes(start, draws))


def tally_of_part(part: dict[str, Any]) -> Tally:
    """What a part's line of the manifest says."""
    counts = np.array(part["counts"], dtype=np.int64).reshape(-1, len(STATUSES))
    if "lanes" not in part:
        return Tally(counts)
    return Tally(counts, np.array(part["lanes"], dtype=np.int64), scramble_sizes(part["start"], part["draws"]))


def added(tallies: Iterable[Tally]) -> Tally | None:
    """All together; None of none."""
    total: Tally | None = None
    for own in tallies:
        total = own if total is None else total + own
    return total
