"""The numbers or the model: how much of the disagreement between answers comes from where.

Every draw is crossed with every structure: the concept with its order of moves, the end of the set of equilibria
(`always` or `possible`), and the version of the scenario. A specification plot shows the share under each structure
(Simonsohn, Simmons & Nelson 2020). An analysis of variance on the crossed table (each cell 0 or 1) divides the variance
among the factors: the numbers (which draw), the concept, the order, the end, the version, and their interactions.
Orders differ within one concept only, so order is nested in concept: its part is what orders add beyond concepts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.bounds import events_meant, lower, upper
from sim.analysis.placebo import shuffled_rows
from sim.errors import UsageError
from sim.game.plain_html import html_table
from sim.scenario.model import ScenarioData
from sim.solvers.concepts import Request
from sim.sweeps.run import Engine, Progress, Rows, all_rows, make_engine

ENDS = ("always", "possible")
FACTORS = ("numbers", "end", "concept", "order", "version")

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Specification:
    """One structure: the share of draws in which the event holds there, and what shuffled weights give."""

    event: str
    version: str
    concept: str
    order: str | None
    end: str
    n: int
    share: float
    placebo: float

    @property
    def row(self) -> str:
        """Concept and order as one name."""
        return self.concept if self.order is None else f"{self.concept}.{self.order}"

    def to_dict(self) -> dict[str, Any]:
        """An entry of `specifications`."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Variance:
    """Where the variance of one event comes from; the parts add up to 1."""

    event: str
    total: float  # variance of the cells of the crossed table; 0: the event is the same in all of them
    parts: dict[str, float]  # factor, or "interactions" -> its share; all 0 where the total is 0

    def to_dict(self) -> dict[str, Any]:
        """An entry of `variance`."""
        return {"event": self.event, "total": self.total, "parts": dict(self.parts)}


@dataclass(frozen=True, slots=True)
class Structure:
    """The specification plot and the variance shares."""

    scenario: str
    draws: int
    seed: int
    specifications: tuple[Specification, ...]
    variance: tuple[Variance, ...]

    def to_dict(self) -> dict[str, Any]:
        """The document of `sim structure --json`."""
        return {
            "scenario": self.scenario,
            "draws": self.draws,
            "seed": self.seed,
            "specifications": [one.to_dict() for one in self.specifications],
            "variance": [one.to_dict() for one in self.variance],
            "sentence": self.sentence,
        }

    @property
    def sentence(self) -> str:
        """What divides the answers most, event by event, in one sentence."""
        said: dict[str, list[str]] = {}
        for one in self.variance:
            if one.total == 0:
                said.setdefault("nothing (it is the same everywhere)", []).append(one.event)
                continue
            first = max(FACTORS, key=lambda part: one.parts[part])
            together = f"{one.parts[first]:.0%}, interplay {one.parts['interactions']:.0%}"
            said.setdefault(WORDS[first], []).append(f"{one.event} ({together})")
        parts = [f"{what} for {', '.join(events)}" for what, events in said.items()]
        return (
            f"What divides the answers most by itself is {'; '.join(parts)} of the variance over structures and draws."
        )

    def _repr_html_(self) -> str:
        names = list(self.variance[0].parts) if self.variance else []
        rows = [[one.event, *(f"{one.parts[name]:.3f}" for name in names)] for one in self.variance]
        return html_table(self.sentence, ["event", *names], rows)

    def __repr__(self) -> str:
        return f"<Structure of {self.scenario}: {len(self.specifications)} specifications, {self.draws} draws>"


WORDS = {
    "numbers": "the numbers",
    "end": "which equilibrium is played (every or some)",
    "concept": "the solution concept",
    "order": "the order of moves",
    "version": "the version of the scenario",
}


def structure(
    scenario: ScenarioData,
    *,
    versions: Sequence[ScenarioData] = (),
    requests: Sequence[Request],
    events: Sequence[str] | None = None,
    draws: int,
    seed: int,
    progress: Progress | None = None,
) -> Structure:
    """Cross every draw with every structure.

    Args:
        scenario: checked data.
        versions: other scenarios with the same events and orders, crossed with it on the same draws.
        requests: rows, from `requests_for`; each must be known in every version.
        events: names; the headline events where left out.
        draws: of each sweep.
        seed: of all streams.
        progress: told of sweeps done and in all.

    Raises:
        UsageError: a version without one of the events or orders.
    """
    meant, all_versions = events_meant(scenario, events), (scenario, *versions)
    _refuse_unlike(all_versions, requests, meant)
    tables, placebos = [], []
    for k, version in enumerate(all_versions):
        engine = make_engine(version, requests)
        tables.append(_cells(engine, all_rows(engine, draws, seed), meant))
        placebos.append(_cells(engine, shuffled_rows(engine, draws, seed), meant))
        if progress is not None:
            progress(k + 1, len(all_versions))
    table, placebo = np.stack(tables), np.stack(placebos)  # (versions, rows, ends, events, draws)
    specifications, variance = [], []
    for e, event in enumerate(meant):
        for v, version in enumerate(all_versions):
            for r, request in enumerate(requests):
                for k, end in enumerate(ENDS):
                    own = (float(table[v, r, k, e].mean()), float(placebo[v, r, k, e].mean()))
                    head = (event, version.name, request.concept, request.order, end, draws)
                    specifications.append(Specification(*head, *own))
        concepts = [request.concept for request in requests]
        variance.append(Variance(event, *variance_shares(table[:, :, :, e], concepts)))
    return Structure(scenario.name, draws, seed, tuple(specifications), tuple(variance))


def variance_shares(table: Floats, concepts: Sequence[str]) -> tuple[float, dict[str, float]]:
    """Divide the variance of a crossed table among its factors.

    Args:
        table: shape (versions, rows, ends, draws).
        concepts: the concept of each row; rows of one concept differ in their order of moves.

    Returns:
        The variance of all cells, and the share of each of FACTORS and of all interactions; they add up to 1. Rows
        weigh the same, so a concept with many orders weighs more than one with one: the plot shows each.
    """
    total = float(table.var())
    parts = dict.fromkeys((*FACTORS, "interactions"), 0.0)
    if total == 0:
        return total, parts
    rows = table.mean(axis=(0, 2, 3))
    names = list(dict.fromkeys(concepts))
    which = np.array([names.index(name) for name in concepts])
    of_concept = np.array([rows[which == k].mean() for k in range(len(names))])[which]
    parts["numbers"] = float(table.mean(axis=(0, 1, 2)).var()) / total
    parts["end"] = float(table.mean(axis=(0, 1, 3)).var()) / total
    parts["concept"] = float(of_concept.var()) / total
    parts["order"] = float(((rows - of_concept) ** 2).mean()) / total
    parts["version"] = float(table.mean(axis=(1, 2, 3)).var()) / total
    parts["interactions"] = max(0.0, 1.0 - sum(parts.values()))
    return total, parts


def _cells(engine: Engine, rows: Rows, events: Sequence[str]) -> Floats:
    """1 where the event holds: shape (rows, ends, events, draws)."""
    places = [engine.events.index(event) for event in events]
    codes = np.stack([rows.concepts[request].status[places] for request in engine.requests])
    return np.stack([lower(codes), upper(codes)], axis=1).astype(np.float64)


def _refuse_unlike(versions: Sequence[ScenarioData], requests: Sequence[Request], events: Sequence[str]) -> None:
    for version in versions[1:]:
        known = {event.name for event in version.events} or set(events)
        orders = {order.name for order in version.orders}
        for event in events:
            if event not in known:
                raise UsageError(f"{version.name} has no event '{event}', so it is no version of {versions[0].name}.")
        for request in requests:
            if request.order is not None and request.order not in orders:
                raise UsageError(f"{version.name} has no order '{request.order}'; leave it out with --concept.")
    for one, other in combinations(versions, 2):
        if one.name == other.name:
            raise UsageError(f"'{one.name}' stands twice among the versions.")
