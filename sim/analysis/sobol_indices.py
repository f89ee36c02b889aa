"""Which numbers move an event, as parts of its variance: Sobol' indices of groups of numbers that are drawn apart.

The first index of a group is the share of the variance that knowing it alone would take away; its total index the share
that stays while it alone is unknown. They differ by its interactions. Both need inputs that are independent: correlated
parameters are one group, and so are ranked weights, for an index of one of them would count the others too.

`always` and `always or sometimes` are two events, each with indices of its own. An event that nearly always or nearly
never holds has so little variance that sampling decides who makes it: it is not ranked.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.bounds import events_meant, lower, upper
from sim.analysis.pick_freeze import Estimates, Model, halves, pick_freeze, whole_draws
from sim.analysis.sensitivity import uncertain_numbers
from sim.game.payoffs import Parameters
from sim.game.plain_html import html_table
from sim.scenario.model import ScenarioData
from sim.solvers.concepts import Request
from sim.sweeps.run import Engine, Progress, make_engine, rows_at
from sim.sweeps.sobol import SCRAMBLES, T15_95
from sim.sweeps.streams import sample, sobol_over

Floats = NDArray[np.float64]

RARE = 0.01  # an event in fewer draws, or missing in fewer, is too rare to rank what moves it
CHUNK = 16_384  # draws at a time: a multiple of the scrambles
ENDS = ("always", "possible")
UNSEEN = 3.0  # draws: what was seen in none may, at 95%, be in so many (Hanley & Lippman-Hand 1983); no error is less


@dataclass(frozen=True, slots=True)
class Part:
    """A share of the variance with its 95% interval, which is not cut at 0: it covers 0 where the share is 0."""

    value: float
    error: float  # half of the interval

    @property
    def interval(self) -> tuple[float, float]:
        """Its two ends."""
        return self.value - self.error, self.value + self.error

    def to_dict(self) -> dict[str, Any]:
        """Value and interval."""
        return {"value": self.value, "interval": list(self.interval)}


@dataclass(frozen=True, slots=True)
class Index:
    """How much of the variance one group makes: by itself, and with its interactions."""

    names: tuple[str, ...]  # numbers that are drawn together, in file order
    first: Part
    total: Part

    @property
    def label(self) -> str:
        """The numbers as one text."""
        return " + ".join(self.names)

    @property
    def idle(self) -> bool:
        """Whether it changed nothing in any draw."""
        return self.total.value == 0

    @property
    def telling(self) -> bool:
        """Whether the whole interval of its total index is above 0."""
        return self.total.interval[0] > 0

    def to_dict(self) -> dict[str, Any]:
        """An entry of `indices`."""
        parts = {"first": self.first.to_dict(), "total": self.total.to_dict()}
        return {"names": list(self.names), **parts, "idle": self.idle}


@dataclass(frozen=True, slots=True)
class SensitivityRow:
    """One event under one concept and order, at one end: `always`, or `possible` for `always or sometimes`."""

    concept: str
    order: str | None
    event: str
    end: str
    share: float  # of the draws of A and B
    alone: Part | None  # what all groups explain by themselves; interactions make the rest of 1
    indices: tuple[Index, ...]  # greatest total first; empty where it is too rare to rank, and `alone` is None

    @property
    def row(self) -> str:
        """Concept and order as one name."""
        return self.concept if self.order is None else f"{self.concept}.{self.order}"

    @property
    def note(self) -> str:
        """Why there are no indices."""
        return "" if RARE <= self.share <= 1 - RARE else "too rare to rank"

    def to_dict(self) -> dict[str, Any]:
        """A row of `sim sensitivity --json`."""
        head = {name: getattr(self, name) for name in ("concept", "order", "event", "end", "share", "note")}
        alone = None if self.alone is None else self.alone.to_dict()
        return head | {"alone": alone, "indices": [one.to_dict() for one in self.indices]}


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """Which groups of numbers make the variance of which events."""

    scenario: str
    draws: int  # of A, and of B: SCRAMBLES times a power of two
    seed: int
    groups: tuple[tuple[str, ...], ...]
    rows: tuple[SensitivityRow, ...]

    @property
    def evaluations(self) -> int:
        """Parameter sets that were solved: A, B, and one AB a group."""
        return self.draws * (len(self.groups) + 2)

    @property
    def ranked(self) -> tuple[SensitivityRow, ...]:
        """The rows that are not too rare."""
        return tuple(row for row in self.rows if row.indices)

    def to_dict(self) -> dict[str, Any]:
        """The document of `sim sensitivity --json`."""
        return {
            "scenario": self.scenario,
            "draws": self.draws,
            "seed": self.seed,
            "scrambles": SCRAMBLES,
            "evaluations": self.evaluations,
            "groups": [list(names) for names in self.groups],
            "rows": [row.to_dict() for row in self.rows],
            "sentence": self.sentence,
        }

    @property
    def sentence(self) -> str:
        """What moves most, in one sentence."""
        if not self.groups:
            return "Every number is known: there is nothing whose part could be ranked."
        if not self.ranked:
            return "Nothing can be ranked: all that was asked holds in under 1%, or in over 99%, of the draws."
        first = Counter(row.indices[0].names for row in self.ranked)
        names, times = first.most_common(1)[0]
        row = max((row for row in self.ranked if row.indices[0].names == names), key=_least_total)
        one, several = row.indices[0], f": of {len(self.ranked)} rows it is first in {times}"
        return (
            f"{one.label} moves most{several if len(self.ranked) > 1 else ''}. Of the variance of {row.event}"
            f" ({row.end}, {row.row}) it makes {said(one.first)} by itself and {said(one.total)} with its interactions."
        )

    def _repr_html_(self) -> str:
        head = ["concept", "event", "end", "numbers", "first", "±", "total", "±"]
        rows = []
        for row in self.ranked:
            for one in row.indices:
                figures = (one.first.value, one.first.error, one.total.value, one.total.error)
                if one.telling:
                    rows.append([row.row, row.event, row.end, one.label, *(f"{value:.3f}" for value in figures)])
        return html_table(self.sentence, head, rows, labels=4)

    def __repr__(self) -> str:
        return f"<Sensitivity of {self.scenario}: {len(self.rows)} rows, {self.evaluations} evaluations>"


def sensitivity(
    scenario: ScenarioData,
    *,
    requests: Sequence[Request],
    events: Sequence[str] | None = None,
    draws: int,
    seed: int,
    progress: Progress | None = None,
) -> Sensitivity:
    """First and total indices of every independent group of numbers, for both ends of every event.

    Args:
        scenario: checked data.
        requests: rows, from `requests_for`.
        events: names; the headline events where left out.
        draws: of A and of B; made 16 times the next power of two. Each is solved once more a group.
        seed: of the scrambles.
        progress: told of groups done and in all.

    Raises:
        UsageError: an unknown event, or more numbers than Sobol' points have.
    """
    meant, groups = events_meant(scenario, events), independent_groups(scenario)
    heads = [(request, event, end) for request in requests for event in meant for end in ENDS]
    draws = whole_draws(draws)
    model = _model(make_engine(scenario, requests), meant, min(draws, CHUNK))
    pairs = _pairs(scenario, seed, draws)
    found = pick_freeze(model, pairs, groups, chunks=-(-draws // CHUNK), progress=progress)
    rows = []
    for k, (request, event, end) in enumerate(heads):
        share = float(found.mean[k])
        rankable = bool(groups) and RARE <= share <= 1 - RARE
        alone = _part(found.alone[k], found.alone_error[k], 0.0) if rankable else None
        own = _indices(found, groups, k, draws) if rankable else ()
        rows.append(SensitivityRow(request.concept, request.order, event, end, share, alone, own))
    return Sensitivity(scenario.name, draws, seed, groups, tuple(rows))


def independent_groups(scenario: ScenarioData) -> tuple[tuple[str, ...], ...]:
    """The uncertain numbers of the players in groups that are drawn apart, in file order.

    What shares a correlation or a ranking is one group, also through a third number; all else stands alone.
    """
    together = [set(own.of) for own in scenario.correlated] + [set(own.of) for own in scenario.ranked]
    groups: list[set[str]] = []
    for name in uncertain_numbers(scenario):
        own = {name}
        while joined := [block for block in together if block & own and not block <= own]:
            own = own.union(*joined)
        if own not in groups:
            groups.append(own)
    return tuple(tuple(name for name in uncertain_numbers(scenario) if name in own) for own in groups)


def _pairs(scenario: ScenarioData, seed: int, draws: int) -> Iterator[tuple[Parameters, Parameters]]:
    one, other = halves(sobol_over([scenario]).names or ())
    for start in range(0, draws, CHUNK):
        count = min(CHUNK, draws - start)
        yield sample(scenario, seed, start, count, one), sample(scenario, seed, start, count, other)


def _model(engine: Engine, events: Sequence[str], count: int) -> Model:
    """1 where an event holds always, and where it is possible: outputs in the order of rows, events, ends."""
    places = [engine.events.index(event) for event in events]

    def holds(numbers: Parameters) -> Floats:
        rows = rows_at(engine, numbers, draws=count)
        codes = np.concatenate([rows.concepts[request].status[places] for request in engine.requests])
        return np.stack([lower(codes), upper(codes)], axis=1).reshape(-1, count).astype(np.float64)

    return holds


def _indices(found: Estimates, groups: Sequence[tuple[str, ...]], k: int, draws: int) -> tuple[Index, ...]:
    """Every group's indices for one output; equals stay in file order."""
    least = UNSEEN / (draws * float(found.variance[k]))
    own = []
    for g, names in enumerate(groups):
        first = _part(found.first[g, k], found.first_error[g, k], least)
        own.append(Index(names, first, _part(found.total[g, k], found.total_error[g, k], least / 2)))
    return tuple(sorted(own, key=lambda one: -one.total.value))


def _part(value: float, standard_error: float, least: float) -> Part:
    return Part(float(value), max(T15_95 * float(standard_error), least))


def _least_total(row: SensitivityRow) -> float:
    return row.indices[0].total.interval[0]


def said(part: Part) -> str:
    """A share with its error: `38% ± 2`."""
    return f"{max(0.0, part.value):.0%} ± {100 * part.error:.0f}"
