"""A registration: what a scenario says before the outcome is known, hashed and dated, so that it can be scored after.

The record names the scenario by its hash, one concept (and order) for scoring, and for each event the rule by which it
will count as true. A share of sampled parameter sets is no forecast; scoring it as if it were one is a test of the
scenario, and both ends of the set of equilibria are scored. Sources: Brier (1950) for the quadratic score; Green (2002)
for how sober one must be: unaided judges were right in 28% of such conflicts, game theorists in 37%.
"""

import datetime
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Any

from sim.analysis.bounds import events_meant
from sim.analysis.placebo import shuffled_rows
from sim.errors import UsageError
from sim.game.plain_html import html_table
from sim.scenario.model import ScenarioData
from sim.scenario.reader import scenario_hash
from sim.scenario.spelling import did_you_mean
from sim.solvers.concepts import Request
from sim.sweeps.run import Progress, all_rows, make_engine, shares

FORMAT = 1
EVEN = 0.5  # the baseline that knows nothing
ENDS = ("lower", "upper")


@dataclass(frozen=True, slots=True)
class Item:
    """One event, how it will be judged, and what the scenario says of it."""

    event: str
    formula: str
    rule: str
    lower: float  # share of sampled parameter sets in which it holds in every equilibrium
    upper: float  # in some, or may
    baselines: Mapping[str, tuple[float, float]]  # name -> lower, upper

    def to_dict(self) -> dict[str, Any]:
        """An entry of `items`."""
        return {
            "event": self.event,
            "formula": self.formula,
            "rule": self.rule,
            "lower": self.lower,
            "upper": self.upper,
            "baselines": {name: list(pair) for name, pair in self.baselines.items()},
        }


@dataclass(frozen=True, slots=True)
class Registration:
    """What was said, when, and of which file."""

    scenario: str
    hash: str
    registered: datetime.date
    as_of: datetime.date | None
    resolve_by: datetime.date | None
    concept: str
    order: str | None
    draws: int
    seed: int
    items: tuple[Item, ...]

    @property
    def looks_back(self) -> bool:
        """Whether the record was made after the date of knowledge, so that outcomes may have been known."""
        return self.as_of is None or self.registered > self.as_of

    def to_dict(self) -> dict[str, Any]:
        """The record; `record_hash` covers all the rest of it."""
        record = {
            "format": FORMAT,
            "scenario": self.scenario,
            "hash": self.hash,
            "registered": self.registered.isoformat(),
            "as_of": None if self.as_of is None else self.as_of.isoformat(),
            "looks_back": self.looks_back,
            "resolve_by": None if self.resolve_by is None else self.resolve_by.isoformat(),
            "concept": self.concept,
            "order": self.order,
            "draws": self.draws,
            "seed": self.seed,
            "items": [item.to_dict() for item in self.items],
        }
        return record | {"record_hash": _hash(record)}

    def __repr__(self) -> str:
        return f"<Registration of {self.scenario}, {self.registered}: {len(self.items)} items>"


@dataclass(frozen=True, slots=True)
class Score:
    """One item against its outcome, at one end."""

    event: str
    outcome: bool
    end: str
    share: float
    brier: float
    log: float | None  # minus the logarithm of the share given to what happened; None: it was called impossible
    baselines: Mapping[str, float]  # name -> Brier score

    def to_dict(self) -> dict[str, Any]:
        """A row of `sim hindcast --json`."""
        return {name: getattr(self, name) for name in self.__slots__ if name != "baselines"} | {
            "baselines": dict(self.baselines)
        }


@dataclass(frozen=True, slots=True)
class Hindcast:
    """The scores of a registration."""

    scenario: str
    registered: str
    looks_back: bool
    concept: str
    order: str | None
    rows: tuple[Score, ...]
    unresolved: tuple[str, ...]
    warnings: tuple[str, ...]

    def mean(self, end: str, baseline: str | None = None) -> float | None:
        """Mean Brier score over the items, at one end; None without any."""
        own = [row.brier if baseline is None else row.baselines[baseline] for row in self.rows if row.end == end]
        return sum(own) / len(own) if own else None

    def mean_log(self, end: str) -> float | None:
        """Mean log score; None without items, or where an item was called impossible and happened."""
        own = [row.log for row in self.rows if row.end == end]
        scored = [one for one in own if one is not None]
        return sum(scored) / len(scored) if own and len(scored) == len(own) else None

    @property
    def baselines(self) -> tuple[str, ...]:
        """Their names."""
        return tuple(dict.fromkeys(name for row in self.rows for name in row.baselines))

    @property
    def sentence(self) -> str:
        """The answer; a look back says so first."""
        first = (
            f"This is a look back: the record was made on {self.registered}, after the date of knowledge. "
            if self.looks_back
            else ""
        )
        n = len(self.rows) // len(ENDS)
        if not n:
            return f"{first}No item is resolved yet."
        parts = []
        for end in ENDS:
            own = ", ".join(f"{name} {self.mean(end, name):.3f}" for name in self.baselines)
            parts.append(f"{self.mean(end):.3f} at the {end} end ({own})")
        row = self.concept if self.order is None else f"{self.concept}.{self.order}"
        return f"{first}Mean Brier score of {n} items under {row}: {' and '.join(parts)}; 0 is perfect, 1 the worst."

    def to_dict(self) -> dict[str, Any]:
        """The document of `sim hindcast --json`."""
        ends = {
            end: {"brier": self.mean(end), "log": self.mean_log(end)}
            | {"baselines": {name: self.mean(end, name) for name in self.baselines}}
            for end in ENDS
        }
        return {
            "scenario": self.scenario,
            "registered": self.registered,
            "looks_back": self.looks_back,
            "concept": self.concept,
            "order": self.order,
            "n": len(self.rows) // len(ENDS),
            "rows": [row.to_dict() for row in self.rows],
            "mean": ends,
            "unresolved": list(self.unresolved),
            "warnings": list(self.warnings),
            "sentence": self.sentence,
        }

    def _repr_html_(self) -> str:
        head = ["event", "happened", "end", "share", "Brier", *self.baselines]
        rows = [
            [
                row.event,
                "yes" if row.outcome else "no",
                row.end,
                f"{row.share:.3f}",
                f"{row.brier:.3f}",
                *(f"{row.baselines[name]:.3f}" for name in self.baselines),
            ]
            for row in self.rows
        ]
        return html_table(self.sentence, head, rows, labels=3)

    def __repr__(self) -> str:
        return f"<Hindcast of {self.scenario}: {len(self.rows) // len(ENDS)} items>"


def register(
    scenario: ScenarioData,
    *,
    request: Request,
    events: Sequence[str] | None = None,
    rules: Mapping[str, str] | None = None,
    registered: datetime.date,
    resolve_by: datetime.date | None = None,
    draws: int,
    seed: int,
    progress: Progress | None = None,
) -> Registration:
    """Make the record; nothing is written.

    Args:
        scenario: checked data.
        request: the one concept (and order) that will be scored.
        events: names; the headline events where left out.
        rules: event -> how it will be judged; its formula and what the file says about it where left out.
        registered: today.
        resolve_by: when the items are to be judged.
        draws: of the sweep.
        seed: of all streams.
        progress: told of draws done.

    Raises:
        UsageError: an unknown event; a scenario without events.
    """
    if not scenario.events:
        raise UsageError(f"{scenario.name} declares no event, so there is nothing to register.")
    meant = events_meant(scenario, events)
    for name in rules or ():
        if name not in meant:
            raise UsageError(f"There is a rule for '{name}', which is not registered. {did_you_mean(name, meant)}")
    engine = make_engine(scenario, [request])
    main = shares(engine, all_rows(engine, draws, seed, progress=progress))
    shuffled = shares(engine, shuffled_rows(engine, draws, seed))
    known = {event.name: event for event in scenario.events}
    items = []
    for own, other in zip(main, shuffled, strict=True):
        if own.event not in meant:
            continue
        event = known[own.event]
        rule = (rules or {}).get(own.event) or event.about or f"as the formula says: {event.text}"
        baselines = {"even": (EVEN, EVEN), "shuffled": (other.lower, other.upper)}
        items.append(Item(own.event, event.text, rule, own.lower, own.upper, baselines))
    items.sort(key=lambda item: meant.index(item.event))
    head = (scenario.name, scenario_hash(scenario), registered, scenario.as_of, resolve_by)
    return Registration(*head, request.concept, request.order, draws, seed, tuple(items))


def hindcast(scenario: ScenarioData, record: Mapping[str, Any], outcomes: Mapping[str, bool]) -> Hindcast:
    """Score a record against what happened.

    Args:
        scenario: the file as it is now.
        record: what `register` wrote.
        outcomes: event -> whether it happened.

    Raises:
        UsageError: a record that was changed or is of another scenario; a scenario that was edited since; an outcome of
            an event that was not registered.
    """
    _check_record(scenario, record)
    items = {item["event"]: item for item in record["items"]}
    for name in outcomes:
        if name not in items:
            raise UsageError(f"'{name}' was not registered. {did_you_mean(name, items)}".rstrip())
    rows = []
    for name, item in items.items():
        if name in outcomes:
            rows += [_score(item, outcomes[name], end) for end in ENDS]
    unresolved = tuple(name for name in items if name not in outcomes)
    head = (record["scenario"], record["registered"], record["looks_back"], record["concept"], record["order"])
    return Hindcast(*head, tuple(rows), unresolved, _warnings(items, outcomes))


def _check_record(scenario: ScenarioData, record: Mapping[str, Any]) -> None:
    if record.get("format") != FORMAT or "record_hash" not in record:
        raise UsageError("This is no registration of this version of realpolitik: `sim register FILE` makes one.")
    if _hash({name: value for name, value in record.items() if name != "record_hash"}) != record["record_hash"]:
        raise UsageError("The registration was changed after it was made: its own hash no longer fits.")
    if scenario_hash(scenario) != record["hash"]:
        raise UsageError(
            f"{scenario.name} is not the file that was registered on {record['registered']}: its hash differs."
            " Score the file as it was then."
        )


def _score(item: Mapping[str, Any], outcome: bool, end: str) -> Score:
    share = float(item[end])
    given = share if outcome else 1 - share
    baselines = {name: (pair[ENDS.index(end)] - outcome) ** 2 for name, pair in item["baselines"].items()}
    return Score(
        item["event"],
        outcome,
        end,
        share,
        (share - outcome) ** 2,
        None if given <= 0 else -log(given) + 0.0,
        baselines,
    )


def _warnings(items: Mapping[str, Any], outcomes: Mapping[str, bool]) -> tuple[str, ...]:
    """Items that hang together are fewer than they look."""
    said = []
    names = list(items)
    for name in names:
        words = set(re.findall(r"\w+", items[name]["formula"]))
        inside = [other for other in names if other != name and other in words]
        if inside:
            said.append(f"'{name}' is made from {', '.join(inside)}: these items are correlated, and count for less.")
    if 0 < len(outcomes) < 10:
        said.append(f"{len(outcomes)} items are too few to tell a good scenario from a lucky one.")
    return tuple(said)


def _hash(record: Mapping[str, Any]) -> str:
    text = json.dumps(record, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
