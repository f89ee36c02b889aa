"""In which box of the numbers an event lives: a few rules of the form `need >= 0.6`, found by peeling.

The patient rule induction method (Friedman & Fisher 1999) starts with all draws and peels off, again and again, the
thin slice along one number whose loss leaves the event densest. Along the way lies a trade: a smaller box is denser and
covers less of the event. Rules that a box can lose without losing density are dropped (Bryant & Lempert 2010). The box
is found on one half of the draws and measured on the other, so that its figures are not flattered by the search;
resampled draws say how often the same numbers are picked again.

Beside the box stand the typical numbers of the draws in which the event holds: the central values of stochastic
multicriteria acceptability analysis (Lahdelma, Hokkanen & Salminen 1998), and how far they lie from those of all draws.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.bounds import events_meant, lower, upper
from sim.game.plain_html import html_table, signed
from sim.scenario.distributions import is_fixed
from sim.scenario.model import ScenarioData
from sim.solvers.concepts import Request
from sim.sweeps.run import Progress, all_rows, make_engine
from sim.sweeps.status import wilson

Floats = NDArray[np.float64]
Truth = NDArray[np.bool_]
Side = tuple[int, bool]  # a column, and whether its low end is bounded
Bounds = dict[Side, float]

PEEL = 0.05  # share of the draws left that one step peels off
LEAST = 0.05  # of all draws in the search half: a smaller box is not looked for
COVERAGE = 0.5  # the box shown is the densest that still holds this share of the event
MOST_RULES = 4  # bounds, that is: a number with two counts twice
KEEPS = 0.05  # a rule whose loss costs a smaller share of the density is dropped
RESAMPLES, RESAMPLED = 10, 1000  # times, and draws each: enough to see which numbers are picked again
RARE = 0.01  # an event in a smaller share of draws, or missing in a smaller one, has no box worth the name


@dataclass(frozen=True, slots=True)
class Rule:
    """One number's part of a box, and how often resampled draws pick the number again."""

    name: str
    low: float | None  # at least this; None: no bound
    high: float | None
    stability: float

    @property
    def text(self) -> str:
        """The rule as one reads it."""
        if self.low is None:
            return f"{self.name} <= {self.high:.4g}"
        return (
            f"{self.name} >= {self.low:.4g}"
            if self.high is None
            else f"{self.low:.4g} <= {self.name} <= {self.high:.4g}"
        )

    def to_dict(self) -> dict[str, Any]:
        """An entry of `rules`."""
        return {"name": self.name, "low": self.low, "high": self.high, "stability": self.stability, "text": self.text}


@dataclass(frozen=True, slots=True)
class Typical:
    """A number among the draws in which the event holds, against all draws."""

    name: str
    mean: float
    overall: float
    shift: float  # of the means, in standard deviations over all draws

    def to_dict(self) -> dict[str, Any]:
        """An entry of `typical`."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Box:
    """Where one event lives under one concept and order. Coverage and density are of the draws held out."""

    concept: str
    order: str | None
    event: str
    end: str  # always or possible
    n: int  # draws held out
    share: float  # of them in which the event holds
    rules: tuple[Rule, ...]
    inside: int  # draws held out that lie in the box
    coverage: float  # share of the event that lies in the box
    density: float  # share of the box in which the event holds
    interval: tuple[float, float]  # Wilson's 95% of the density
    typical: tuple[Typical, ...]  # those shifted most
    note: str = ""  # why there is no box

    @property
    def row(self) -> str:
        """Concept and order as one name."""
        return self.concept if self.order is None else f"{self.concept}.{self.order}"

    @property
    def sentence(self) -> str:
        """The box in words."""
        said = f"'{self.event}' ({self.end}, {self.row})"
        if self.note:
            return f"{said}: {self.note}"
        rules = " and ".join(rule.text for rule in self.rules)
        return (
            f"{said} holds in {self.share:.0%} of sampled parameter sets, and in {self.density:.0%} of those with"
            f" {rules}: they hold {self.coverage:.0%} of it."
        )

    def to_dict(self) -> dict[str, Any]:
        """A row of `sim discover --json`."""
        return {
            "concept": self.concept,
            "order": self.order,
            "event": self.event,
            "end": self.end,
            "n": self.n,
            "share": self.share,
            "rules": [rule.to_dict() for rule in self.rules],
            "inside": self.inside,
            "coverage": self.coverage,
            "density": self.density,
            "density_interval": list(self.interval),
            "typical": [one.to_dict() for one in self.typical],
            "note": self.note,
            "sentence": self.sentence,
        }


@dataclass(frozen=True, slots=True)
class Discovery:
    """One box an event, concept and order."""

    scenario: str
    draws: int
    seed: int
    rows: tuple[Box, ...]

    @property
    def sentence(self) -> str:
        """The box that gains most density, in words."""
        found = [row for row in self.rows if row.rules]
        if not found:
            return "No event has a box of a few numbers in which it is much denser than elsewhere."
        return max(found, key=lambda row: row.density - row.share).sentence

    def to_dict(self) -> dict[str, Any]:
        """The document of `sim discover --json`."""
        return {
            "scenario": self.scenario,
            "draws": self.draws,
            "seed": self.seed,
            "rows": [row.to_dict() for row in self.rows],
            "sentence": self.sentence,
        }

    def _repr_html_(self) -> str:
        head = ["concept", "event", "end", "share", "box", "density", "coverage", "typical"]
        rows = [
            [
                row.row,
                row.event,
                row.end,
                f"{row.share:.3f}",
                " and ".join(rule.text for rule in row.rules) or row.note,
                f"{row.density:.3f}",
                f"{row.coverage:.3f}",
                ", ".join(f"{one.name} {signed(one.shift)} sd" for one in row.typical[:2]),
            ]
            for row in self.rows
        ]
        return html_table(self.sentence, head, rows, labels=3)

    def __repr__(self) -> str:
        return f"<Discovery in {self.scenario}: {len(self.rows)} rows, {self.draws} draws>"


def discover(
    scenario: ScenarioData,
    *,
    requests: Sequence[Request],
    events: Sequence[str] | None = None,
    draws: int,
    seed: int,
    progress: Progress | None = None,
) -> Discovery:
    """Find a box for every event, concept and order, for `always` and where it differs for `possible`.

    Args:
        scenario: checked data.
        requests: rows, from `requests_for`.
        events: names; the headline events where left out.
        draws: half of them to find boxes, half to measure them.
        seed: of all streams.
        progress: told of boxes done and in all.
    """
    meant, engine = events_meant(scenario, events), make_engine(scenario, requests)
    rows = all_rows(engine, draws, seed)
    observers = {one.name for one in scenario.observers}
    numbers = {
        name: rows.parameters[name]
        for name, own in scenario.distributions().items()
        if not is_fixed(own) and name.partition(".")[0] not in observers
    }
    found, done, total = [], 0, len(requests) * len(meant)
    for request in requests:
        for event in meant:
            codes = rows.concepts[request].status[engine.events.index(event)]
            ends = {"always": lower(codes), "possible": upper(codes)}
            for end, truth in ends.items():
                if end == "possible" and np.array_equal(truth, ends["always"]):
                    continue
                found.append(box_of(numbers, truth, (request.concept, request.order, event, end), seed))
            done += 1
            if progress is not None:
                progress(done, total)
    return Discovery(scenario.name, draws, seed, tuple(found))


def box_of(numbers: Mapping[str, Floats], truth: Truth, head: tuple[str, str | None, str, str], seed: int = 1) -> Box:
    """The box of one event.

    Args:
        numbers: name -> values, shape (draws,).
        truth: whether the event holds, shape (draws,).
        head: concept, order, event and end.
        seed: of the resampling.
    """
    names = list(numbers)
    table = np.stack([numbers[name] for name in names], axis=1) if names else np.empty((len(truth), 0))
    search, held = slice(0, None, 2), slice(1, None, 2)  # draws are independent: every second one is as good as any
    share = float(truth[held].mean()) if truth[held].size else 0.0
    nothing = (0, 0.0, 0.0, (0.0, 1.0))
    typical = _typical(names, table, truth)
    if not names or not RARE <= truth.mean() <= 1 - RARE:
        note = "no number is uncertain" if not names else f"in {truth.mean():.2%} of draws: too rare, or too common"
        return Box(*head, int(truth[held].size), share, (), *nothing, typical, note)
    bounds = peel(table[search], truth[search])
    if not bounds:
        return Box(*head, int(truth[held].size), share, (), *nothing, typical, "no box of a few numbers is much denser")
    generator = np.random.Generator(np.random.Philox(key=seed))
    again = []
    for _ in range(RESAMPLES):
        pick = generator.integers(0, len(table[search]), min(len(table[search]), RESAMPLED))
        again.append({column for column, _ in peel(table[search][pick], truth[search][pick])})
    inside = _inside(table[held], bounds)
    hits = int((inside & truth[held]).sum())
    count = int(inside.sum())
    rules = tuple(
        Rule(names[k], bounds.get((k, True)), bounds.get((k, False)), sum(k in one for one in again) / RESAMPLES)
        for k in dict.fromkeys(column for column, _ in bounds)
    )
    coverage, density = hits / max(1, int(truth[held].sum())), hits / max(1, count)
    interval = wilson(hits, count) if count else (0.0, 1.0)
    return Box(*head, int(truth[held].size), share, rules, count, coverage, density, interval, typical)


def peel(table: Floats, truth: Truth) -> Bounds:
    """The sides of the box; none where no box is denser than everything by a rule's worth.

    Args:
        table: shape (draws, numbers).
        truth: shape (draws,).
    """
    own, holds = np.ascontiguousarray(table.T), truth  # of the draws left inside; a number's values lie together
    bounds: Bounds = {}
    best, events = bounds, int(truth.sum())
    while len(holds) * (1 - PEEL) >= LEAST * len(truth):
        step = _best_slice(own, holds)
        if step is None:
            break
        (column, low), limit = step
        bounds = bounds | {(column, low): limit}
        kept = own[column] >= limit if low else own[column] <= limit
        own, holds = own[:, kept], holds[kept]
        if holds.sum() < COVERAGE * events:
            break
        best = bounds
    return _pruned(table, truth, best)


def _best_slice(own: Floats, holds: Truth) -> tuple[Side, float] | None:
    """The slice of about PEEL whose loss leaves the event densest, the first of equals; None where none helps.

    Args:
        own: shape (numbers, draws).
        holds: shape (draws,).
    """
    count = len(holds)
    cut = max(1, int(PEEL * count))
    ordered = np.partition(own, [cut, count - 1 - cut], axis=1)
    shown = own[:, holds]
    best: tuple[float, tuple[Side, float] | None] = (float(holds.mean()), None)
    for low, limits in ((True, ordered[:, cut, None]), (False, ordered[:, count - 1 - cut, None])):
        size, hits = (np.count_nonzero(part >= limits if low else part <= limits, axis=1) for part in (own, shown))
        left = np.where((size > 0) & (size < count), hits / np.maximum(size, 1), -1.0)
        column = int(left.argmax())
        if left[column] > best[0]:
            best = (float(left[column]), ((column, low), float(limits[column, 0])))
    return best[1]


def _inside(table: Floats, bounds: Bounds) -> Truth:
    inside = np.ones(len(table), dtype=np.bool_)
    for (column, low), limit in bounds.items():
        inside &= table[:, column] >= limit if low else table[:, column] <= limit
    return inside


def _pruned(table: Floats, truth: Truth, bounds: Bounds) -> Bounds:
    """Drop the side that costs least density, while it costs next to nothing or there are too many."""
    kept = dict(bounds)
    while kept:
        density = _density(table, truth, kept)
        without = {
            side: _density(table, truth, {own: limit for own, limit in kept.items() if own != side}) for side in kept
        }
        least = max(without, key=lambda side: without[side])
        if len(kept) <= MOST_RULES and without[least] <= (1 - KEEPS) * density:
            break
        del kept[least]
    return kept if kept and _density(table, truth, kept) >= float(truth.mean()) * (1 + KEEPS) else {}


def _density(table: Floats, truth: Truth, bounds: Bounds) -> float:
    return float(truth[_inside(table, bounds)].mean())


def _typical(names: Sequence[str], table: Floats, truth: Truth) -> tuple[Typical, ...]:
    """Means among the draws of the event, those shifted most first, at most MOST_RULES."""
    if not truth.any():
        return ()
    found = []
    for k, name in enumerate(names):
        own = table[:, k]
        spread = float(own.std())
        shift = (float(own[truth].mean()) - float(own.mean())) / spread if spread > 0 else 0.0
        found.append(Typical(name, float(own[truth].mean()), float(own.mean()), shift))
    return tuple(sorted(found, key=lambda one: -abs(one.shift))[:MOST_RULES])
