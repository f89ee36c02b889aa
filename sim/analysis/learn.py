"""Which number is worth finding out: what a player who commits to an action would gain by knowing it first.

The expected value of perfect information is what the player gains on average by knowing everything before it commits;
that of partial information, by knowing one number (or one group of numbers that are drawn together). The second needs
the mean payoff of each action given the number, which is a regression of the payoffs on it (Strong, Oakley & Brennan
2014): here a regression on a basis that is made from the number's own ranks, so that its scale does not matter.
A regression finds some pattern in noise too; the same number with its draws permuted says how much.
Without a player the question is what narrows an event: the share of the variance of `always` (or of `possible`) that
the number explains by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.bounds import events_meant, lower, upper
from sim.analysis.policy import commitments, deciding
from sim.errors import UsageError
from sim.game.payoffs import Parameters
from sim.game.plain_html import html_table, signed
from sim.scenario.distributions import is_fixed
from sim.scenario.model import ScenarioData
from sim.solvers.concepts import Request
from sim.sweeps.run import Progress, all_rows, make_engine
from sim.sweeps.streams import sample

Floats = NDArray[np.float64]
Kept = NDArray[np.bool_]  # (draws,) those in which every action can be compared
_Table = tuple[Request, str | None, str, Floats, list[str]]  # row, event, end, values (actions, draws), labels
_Head = tuple[str, str | None, str | None, str, int]  # concept, order, event, end, draws

RARE = 0.01  # an event in fewer draws, or missing in fewer, is too rare to say what moves it
LEAST_DRAWS = 100
DEGREE = 5  # of the polynomial in one number's ranks
PERMUTATIONS = 40  # of the draws of a number: what a number that tells nothing seems to be worth
HALVES = 40  # resamples of the draws for the error of an estimate
PLACES = 512  # at which the functions of one number are averaged for the error and the permutations


@dataclass(frozen=True, slots=True)
class Worth:
    """What knowing one number, or one group of numbers, is worth, under one concept and order."""

    names: tuple[str, ...]  # of the numbers that become known together
    concept: str
    order: str | None
    event: str | None  # without a player: the event whose variance falls
    end: str  # lower or upper: which end of the set of equilibria counts
    n: int
    value: float  # points of the player; without a player, share of the event's variance
    error: float  # standard error, by resampling the draws
    null: float  # 95% quantile of the value that the same numbers have with their draws permuted

    @property
    def telling(self) -> bool:
        """Whether it is worth more than a number that tells nothing would seem to be."""
        return self.value > self.null

    @property
    def label(self) -> str:
        """The numbers as one text."""
        return " + ".join(self.names)

    def to_dict(self) -> dict[str, Any]:
        """A row of `sim learn --json`."""
        head = {"names": list(self.names)} | {name: getattr(self, name) for name in self.__slots__ if name != "names"}
        return head | {"telling": self.telling}


@dataclass(frozen=True, slots=True)
class Everything:
    """What knowing every number is worth under one concept and order: the most that any study could bring."""

    concept: str
    order: str | None
    event: str | None
    end: str
    n: int
    value: float
    error: float
    action: str | None  # what the player does without knowing more; None without a player

    def to_dict(self) -> dict[str, Any]:
        """An entry of `everything`."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Learning:
    """What is worth finding out. Greatest first, under each concept and order."""

    scenario: str
    player: str | None
    draws: int
    seed: int
    everything: tuple[Everything, ...]
    rows: tuple[Worth, ...]

    def to_dict(self) -> dict[str, Any]:
        """The document of `sim learn --json`."""
        return {
            "scenario": self.scenario,
            "player": self.player,
            "draws": self.draws,
            "seed": self.seed,
            "everything": [one.to_dict() for one in self.everything],
            "rows": [row.to_dict() for row in self.rows],
            "sentence": self.sentence,
        }

    @property
    def sentence(self) -> str:
        """The answer in one sentence."""
        telling = [row for row in self.rows if row.telling]
        if self.player is None:
            if not telling:
                return "No single number narrows any event by more than a number that tells nothing would seem to."
            first = max(telling, key=lambda row: row.value)
            return (
                f"Most worth finding out is {first.label}: it alone explains {first.value:.0%} of the variance of"
                f" {first.event} ({'always' if first.end == 'lower' else 'possible'}, {_row_name(first)})."
            )
        known = max((one.value for one in self.everything), default=0.0)
        if not telling:
            return (
                f"Nothing that {self.player} could learn about a single number changes what it should do; knowing all"
                f" of them is worth at most {signed(known)} of its points."
            )
        first = max(telling, key=lambda row: row.value)
        return (
            f"Most worth finding out for {self.player} is {first.label}: knowing it before committing is worth"
            f" {signed(first.value)} (± {signed(2 * first.error)}) of its points under {_row_name(first)}; knowing"
            f" everything, at most {signed(known)}."
        )

    def _repr_html_(self) -> str:
        head = ["concept", "event", "end", "number", "worth", "standard error", "95% of nothing"]
        rows = [
            [_row_name(row), row.event or "", row.end, row.label, *map(signed, (row.value, row.error, row.null))]
            for row in self.rows
        ]
        return html_table(self.sentence, head, rows, labels=4)

    def __repr__(self) -> str:
        return f"<Learning in {self.scenario}: {len(self.rows)} rows, {self.draws} draws>"


def learn(
    scenario: ScenarioData,
    *,
    player: str | None = None,
    requests: Sequence[Request],
    events: Sequence[str] | None = None,
    groups: Mapping[str, Sequence[str]] | None = None,
    draws: int,
    seed: int,
    progress: Progress | None = None,
) -> Learning:
    """Value information: to a player that commits, or, without one, as a fall in the variance of each event.

    Args:
        scenario: checked data.
        player: who commits; nobody where left out.
        requests: rows, from `requests_for`.
        events: names, where nobody commits; the headline events where left out.
        groups: name -> numbers that become known together, beside the single ones.
        draws: of the sweep.
        seed: of all streams.
        progress: told of draws done.

    Raises:
        UsageError: as `policy`; an unknown number in a group.
    """
    units = informative(scenario, groups)
    drawn = sample(scenario, seed, 0, draws)
    if player is not None:
        found = commitments(scenario, deciding(scenario, player), requests, draws, seed, progress)
        labels = [" ".join(f"{move}={option}" for move, option in action.items()) for action in found.actions]
        tables: list[_Table] = [
            (request, None, end, own[request], labels)
            for request in requests
            for end, own in (("lower", found.lower), ("upper", found.upper))
        ]
    else:
        tables = _event_tables(scenario, requests, events, draws, seed, progress)
    everything: list[Everything] = []
    rows: list[Worth] = []
    for kept, block in _blocks(tables):
        bases = [_basis(drawn, names, kept) for names in units]
        everything += [_everything(head, own, labels) for head, own, labels in block]
        if not units:
            continue  # every number is known
        found_here = _worths(units, bases, [(head, own) for head, own, _ in block], seed)
        rows += [part for parts in found_here for part in sorted(parts, key=lambda part: -part.value)]
    return Learning(scenario.name, player, draws, seed, tuple(everything), tuple(rows))


def informative(scenario: ScenarioData, groups: Mapping[str, Sequence[str]] | None = None) -> list[tuple[str, ...]]:
    """The numbers one can ask about: each uncertain one; correlated or ranked ones also as the group they are drawn in.

    Raises:
        UsageError: a group with an unknown or fixed number.
    """
    uncertain = [name for name, own in scenario.distributions().items() if not is_fixed(own)]
    observers = {one.name for one in scenario.observers}
    uncertain = [name for name in uncertain if name.partition(".")[0] not in observers]
    units: list[tuple[str, ...]] = [(name,) for name in uncertain]
    units += [tuple(block.of) for block in scenario.correlated]
    units += [tuple(group.of) for group in scenario.ranked]
    for label, names in (groups or {}).items():
        for name in names:
            if name not in uncertain:
                raise UsageError(f"The group '{label}' names '{name}', which is no uncertain number of the players.")
        units.append(tuple(names))
    return list(dict.fromkeys(unit for unit in units if all(name in uncertain for name in unit)))


def gain_of_knowing(fitted: Floats) -> Floats:
    """Mean of the best fitted payoff, less the best of the mean payoffs: (..., actions, places) -> (...)."""
    gained: Floats = fitted.max(axis=-2).mean(axis=-1) - fitted.mean(axis=-1).max(axis=-1)
    return np.maximum(gained, 0.0)


def _event_tables(
    scenario: ScenarioData,
    requests: Sequence[Request],
    events: Sequence[str] | None,
    draws: int,
    seed: int,
    progress: Progress | None,
) -> list[_Table]:
    meant, engine = events_meant(scenario, events), make_engine(scenario, requests)
    rows = all_rows(engine, draws, seed, progress=progress)
    tables: list[_Table] = []
    for request in requests:
        for event in meant:
            codes = rows.concepts[request].status[engine.events.index(event)]
            for end, truth in (("lower", lower(codes)), ("upper", upper(codes))):
                tables.append((request, event, end, truth.astype(np.float64)[None], []))
    return tables


def _blocks(tables: Sequence[_Table]) -> list[tuple[Kept, list[tuple[_Head, Floats, list[str]]]]]:
    """The tables that leave out the same draws together; those where nothing varies enough are left out."""
    blocks: dict[bytes, tuple[Kept, list[tuple[_Head, Floats, list[str]]]]] = {}
    for request, event, end, table, labels in tables:
        kept = np.asarray(~np.isnan(table).any(axis=0))
        own = table[:, kept]
        if own.shape[1] < LEAST_DRAWS or (event is not None and not RARE <= own.mean() <= 1 - RARE):
            continue
        head = (request.concept, request.order, event, end, int(kept.sum()))
        blocks.setdefault(kept.tobytes(), (kept, []))[1].append((head, own, labels))
    return list(blocks.values())


def _everything(head: _Head, own: Floats, labels: Sequence[str]) -> Everything:
    if head[2] is not None:
        return Everything(*head, 1.0, 0.0, None)
    best = int(own.mean(axis=1).argmax())
    gained = own.max(axis=0) - own[best]
    return Everything(*head, float(gained.mean()), float(gained.std(ddof=1) / np.sqrt(own.shape[1])), labels[best])


def _worths(
    units: Sequence[tuple[str, ...]], bases: Sequence[Floats], tables: Sequence[tuple[_Head, Floats]], seed: int
) -> list[list[Worth]]:
    """For each table the worth of each unit: value, its error from halves of the draws, what permuted draws give."""
    own = np.concatenate([table for _, table in tables])  # (tables * actions, draws)
    n, about_events = own.shape[1], tables[0][0][2] is not None
    whole = own.var(axis=1) if about_events else np.ones(len(tables))

    def worth(coordinates: Floats, places: Floats) -> Floats:
        fitted = coordinates @ places
        told = fitted.var(axis=1) if about_events else gain_of_knowing(fitted.reshape(len(tables), -1, places.shape[1]))
        return np.asarray(told / whole)

    places, every = [_places(basis) for basis in bases], np.concatenate(bases)  # (functions of all units, draws)
    cuts = np.cumsum([len(basis) for basis in bases])[:-1]

    def coordinates(seen: Floats, functions: Floats) -> list[Floats]:
        return np.split(seen @ functions.T, cuts, axis=1)  # one product for all units

    value = np.array(list(map(worth, coordinates(own, every), bases)))  # (units, tables)
    null, spread = np.empty((PERMUTATIONS, *value.shape)), np.empty((HALVES, *value.shape))
    generator = np.random.Generator(np.random.Philox(key=seed))
    for again in null:
        again[:] = list(map(worth, coordinates(own[:, generator.permutation(n)], every), places))
    for again in spread:
        half = generator.permutation(n)[: n // 2]
        part = every[:, half]
        products = zip(np.split(part, cuts), coordinates(own[:, half], part), strict=True)
        again[:] = list(map(worth, (_fit(*two) for two in products), places))
    error, nothing = spread.std(axis=0, ddof=1) / np.sqrt(2), np.quantile(null, 0.95, axis=0)
    found = []
    for k, (head, _) in enumerate(tables):
        figures = zip(units, value[:, k].tolist(), error[:, k].tolist(), nothing[:, k].tolist(), strict=True)
        parts = [Worth(names, *head, *three) for names, *three in figures]
        found.append(list(map(partial(_at_least_its_members, parts), parts)))
    return found


def _fit(basis: Floats, products: Floats) -> Floats:
    """Coordinates of the regression on a basis that is not orthonormal over these draws."""
    solved = np.linalg.lstsq(basis @ basis.T, products.T, rcond=None)[0]
    return np.asarray(solved.T, dtype=np.float64)


def _places(basis: Floats) -> Floats:
    """The functions of one number at PLACES of its ranks, evenly spaced: means over them are means over all draws.

    Functions of several numbers are kept at all draws.
    """
    if len(basis) > DEGREE + 1 or basis.shape[1] <= PLACES or len(basis) < 2:
        return basis
    order = np.argsort(basis[1], kind="stable")  # the second function is linear in the ranks
    return np.ascontiguousarray(basis[:, order[np.linspace(0, len(order) - 1, PLACES).astype(np.intp)]])


def _at_least_its_members(parts: Sequence[Worth], one: Worth) -> Worth:
    """To know more is never worth less; a regression's estimates of it may be."""
    members = [part.value for part in parts if set(part.names) < set(one.names)]
    return replace(one, value=max([one.value, *members]))


def _basis(drawn: Parameters, names: tuple[str, ...], kept: NDArray[np.bool_]) -> Floats:
    """Orthonormal functions of the numbers' ranks over the draws, the constant first: shape (functions, draws)."""
    ranks = []
    for name in names:
        own = drawn[name][kept]
        place = np.searchsorted(np.sort(own), own, side="left") + np.searchsorted(np.sort(own), own, side="right")
        ranks.append(place / len(own) - 1.0)  # -1 to 1; equals share a place
    columns = [np.ones(int(kept.sum()))]
    for own in ranks:
        columns += [own**k for k in range(1, DEGREE + 1)]
    columns += [a * b for k, a in enumerate(ranks) for b in ranks[:k]]
    q, r = np.linalg.qr(np.stack(columns, axis=1))
    lasting = np.abs(np.diag(r)) > 1e-9 * np.sqrt(len(q))  # a number with few values has fewer functions
    return np.ascontiguousarray(q[:, lasting].T)


def _row_name(one: Worth) -> str:
    return one.concept if one.order is None else f"{one.concept}.{one.order}"
