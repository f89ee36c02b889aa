"""Two scenarios on the same draws: within-draw differences, lower with lower and upper with upper.

What one option does is forbidden against allowed: the scenario without it, and as it is. That is another question than
what happens where a player is forced to it, so forced against forced is a second table, named so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.bounds import lower, upper
from sim.errors import UsageError
from sim.game.plain_html import html_table
from sim.scenario.model import Move, ScenarioData
from sim.scenario.spelling import did_you_mean
from sim.solvers.concepts import Request, default_requests
from sim.sweeps.run import Progress, all_rows, make_engine
from sim.sweeps.status import UNDECLARED, Share, shares_of


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One concept, order and event in both scenarios. Each mapping has the keys "lower" and "upper"."""

    concept: str
    order: str | None
    event: str
    n: int
    first: Share
    second: Share
    helps: Mapping[str, float]  # share of draws in which the second raises it
    hurts: Mapping[str, float]  # in which the second lowers it
    nothing: Mapping[str, float]

    def to_dict(self) -> dict[str, Any]:
        """A row of `sim compare --json`."""
        return {
            "concept": self.concept,
            "order": self.order,
            "event": self.event,
            "n": self.n,
            "first": self.first.shares() | {"lower": self.first.lower, "upper": self.first.upper},
            "second": self.second.shares() | {"lower": self.second.lower, "upper": self.second.upper},
            "helps": dict(self.helps),
            "hurts": dict(self.hurts),
            "nothing": dict(self.nothing),
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two scenarios side by side, on the same draws by name."""

    first: str
    second: str
    draws: int
    seed: int
    rows: tuple[ComparedRow, ...]
    notes: tuple[str, ...]  # what stands in one of the two alone, or means something else in each
    forced: "tuple[Comparison, ...]" = ()  # for an option: forced to another one against forced to it

    def to_dict(self) -> dict[str, Any]:
        """The document of `sim compare --json`."""
        head = {"first": self.first, "second": self.second, "draws": self.draws, "seed": self.seed}
        told = head | {"rows": [row.to_dict() for row in self.rows], "notes": list(self.notes)}
        return told | ({"forced_against_forced": [own.to_dict() for own in self.forced]} if self.forced else {})

    def _repr_html_(self) -> str:
        head = ["concept", "event", "", self.first, self.second, "helps", "hurts", "nothing"]
        rows = []
        for row in self.rows:
            own = row.to_dict()
            for word, end in (("always", "lower"), ("possible", "upper")):
                shares = [f"{own[side][end]:.3f}" for side in ("first", "second", "helps", "hurts", "nothing")]
                rows.append([row.first.row, row.event, word, *shares])
        caption = f"Shares of {self.draws:,} sampled parameter sets, and of draws in which the second helps or hurts."
        return html_table(f"{caption} {'; '.join(self.notes)}".rstrip(), head, rows, labels=3)

    def __repr__(self) -> str:
        return f"<Comparison of {self.first} and {self.second}: {len(self.rows)} rows, {self.draws} draws>"


def compare(
    first: ScenarioData,
    second: ScenarioData,
    *,
    requests: Sequence[Request] | None = None,
    events: Sequence[str] | None = None,
    draws: int,
    seed: int,
    progress: Progress | None = None,
) -> Comparison:
    """Sweep both scenarios on the same uniform numbers by name, and count what changes within each draw.

    Args:
        first: checked data.
        second: checked data.
        requests: rows; those that both scenarios have where left out.
        events: names; the headline events of the first that both have where left out.
        draws: of each of the two sweeps.
        seed: of all streams.
        progress: told of draws done in both.

    Raises:
        UsageError: the two have no event or no row in common, or not those asked for; it says which each has.
    """
    rows = _common_rows(first, second, requests)
    meant = _common_events(first, second, events)
    engines = [make_engine(one, rows) for one in (first, second)]
    found = []
    for k, engine in enumerate(engines):
        told = None if progress is None else _told(progress, k * draws, 2 * draws)
        found.append(all_rows(engine, draws, seed, progress=told))
    compared = []
    for request in rows:
        for event in meant:
            codes = [
                own.concepts[request].status[engine.events.index(event)]
                for own, engine in zip(found, engines, strict=True)
            ]
            compared.append(_compared(request, event, codes[0], codes[1]))
    return Comparison(first.name, second.name, draws, seed, tuple(compared), _notes(first, second, rows, meant))


def compare_option(
    scenario: ScenarioData,
    option: str,
    *,
    requests: Sequence[Request],
    events: Sequence[str] | None = None,
    draws: int,
    seed: int,
    progress: Progress | None = None,
) -> Comparison:
    """What an option does: the scenario without it against the scenario as it is; then forced against forced.

    Args:
        scenario: checked data.
        option: as `disclosure=disclose`.
        requests: rows, from `requests_for`.
        events: names; the headline events where left out.
        draws: of each sweep.
        seed: of all streams.
        progress: told of draws done in the first table.

    Returns:
        Forbidden against allowed; its `forced` has one comparison for each other option of the move, to which the
        player is held in the first, and to `option` in the second.

    Raises:
        UsageError: no such move or option, one that is not allowed, or a move that has no other.
    """
    move, rank = _option_meant(scenario, option)
    others = tuple(own for own in move.allowed if own != rank)
    asked: dict[str, Any] = {"requests": requests, "events": events, "draws": draws, "seed": seed}
    without = _named(_with_allowed(scenario, move, others), f"{option} forbidden")
    found = compare(without, _named(scenario, f"{option} allowed"), **asked, progress=progress)
    held = _named(_with_allowed(scenario, move, (rank,)), f"forced to {option}")
    forced = []
    for own in others:
        other = _named(_with_allowed(scenario, move, (own,)), f"forced to {move.name}={move.options[own]}")
        forced.append(compare(other, held, **asked))
    return replace(found, forced=tuple(forced))


def _option_meant(scenario: ScenarioData, option: str) -> tuple[Move, int]:
    name, sign, chosen = (part.strip() for part in option.partition("="))
    moves = {move.name: move for move in scenario.moves}
    if not sign:
        raise UsageError(f"'{option}' is not of the form MOVE=OPTION.")
    if name not in moves:
        raise UsageError(f"{scenario.name} has no move '{name}'. {did_you_mean(name, moves)}".rstrip())
    move = moves[name]
    allowed = [move.options[rank] for rank in move.allowed]
    if chosen not in allowed:
        raise UsageError(f"'{name}' has no allowed option '{chosen}'. {did_you_mean(chosen, allowed)}".rstrip())
    if len(allowed) < 2:
        raise UsageError(f"'{chosen}' is the only allowed option of '{name}': it cannot be forbidden.")
    return move, move.options.index(chosen)


def _with_allowed(scenario: ScenarioData, move: Move, ranks: tuple[int, ...]) -> ScenarioData:
    moves = tuple(replace(own, allowed=ranks) if own.name == move.name else own for own in scenario.moves)
    return replace(scenario, moves=moves)


def _named(scenario: ScenarioData, name: str) -> ScenarioData:
    return replace(scenario, name=name)


def _compared(request: Request, event: str, before: NDArray[np.int8], after: NDArray[np.int8]) -> ComparedRow:
    shares = [shares_of(request.concept, request.order, (event,), codes[None])[0] for codes in (before, after)]
    helps, hurts, nothing = {}, {}, {}
    for name, end in (("lower", lower), ("upper", upper)):
        was, now = end(before), end(after)
        helps[name], hurts[name] = float((now & ~was).mean()), float((was & ~now).mean())
        nothing[name] = float((was == now).mean())
    return ComparedRow(request.concept, request.order, event, len(before), shares[0], shares[1], helps, hurts, nothing)


def _common_rows(first: ScenarioData, second: ScenarioData, requests: Sequence[Request] | None) -> tuple[Request, ...]:
    """Rows that mean something in both: a concept's name, and an order of that name in each file."""
    if requests is None:
        others = default_requests(second)
        return tuple(row for row in default_requests(first) if row in others)  # pure-nash is in all
    for row in requests:
        for one in (first, second):
            orders = [order.name for order in one.orders]
            if row.order is not None and row.order not in orders:
                has = f"its orders are {', '.join(orders)}" if orders else "it has none"
                raise UsageError(f"{one.name} has no order '{row.order}' ({has}), so '{row.name}' cannot be compared.")
    return tuple(requests)


def _common_events(first: ScenarioData, second: ScenarioData, events: Sequence[str] | None) -> tuple[str, ...]:
    known = [[event.name for event in one.events] for one in (first, second)]
    if not events and not any(known):
        return (UNDECLARED,)  # neither declares an event: whether there is an equilibrium is left to compare
    for name in events or ():
        for one, names in zip((first, second), known, strict=True):
            if name not in names:
                mend = did_you_mean(name, names)
                raise UsageError(f"{one.name} has no event '{name}', so it cannot be compared. {mend}".rstrip())
    wanted = events or first.headline or known[0]
    common = tuple(name for name in wanted if name in known[1])
    if not common:
        lists = "; ".join(
            f"{one.name} has {', '.join(names) or 'none'}" for one, names in zip((first, second), known, strict=True)
        )
        raise UsageError(f"{first.name} and {second.name} have no event in common, so nothing to compare: {lists}.")
    return common


def _notes(
    first: ScenarioData, second: ScenarioData, rows: Sequence[Request], events: Sequence[str]
) -> tuple[str, ...]:
    """What a reader must know before believing a difference."""
    notes = []
    formulas = [{event.name: event.text for event in one.events} for one in (first, second)]
    notes += [
        f"event '{name}' is written differently in the two"
        for name in events
        if formulas[0].get(name) != formulas[1].get(name)
    ]
    orders = [{order.name: order.elements for order in one.orders} for one in (first, second)]
    asked = dict.fromkeys(row.order for row in rows if row.order is not None)
    notes += [f"order '{name}' differs in the two" for name in asked if orders[0][name] != orders[1][name]]
    if [player.name for player in first.players] != [player.name for player in second.players]:
        notes.append("the players differ, so coalitions of one size do too")
    numbers = [one.distributions() for one in (first, second)]
    for k, one in enumerate((first, second)):
        alone = [name for name in numbers[k] if name not in numbers[1 - k]]
        if alone:
            notes.append(f"only in {one.name}: {', '.join(alone)}")
    return tuple(notes)


def _told(progress: Progress, before: int, total: int) -> Progress:
    return lambda done, _: progress(before + done, total)
