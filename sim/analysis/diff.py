"""Which edit did it: the difference of two versions of a scenario, and what each edit alone does to each headline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from sim.analysis.bounds import events_meant
from sim.errors import RealpolitikError, ScenarioError, UsageError
from sim.game.plain_html import html_table
from sim.scenario.edits import Edit, edits_between, with_edits
from sim.scenario.model import ScenarioData
from sim.scenario.versions import with_values
from sim.solvers.concepts import Request
from sim.sweeps.run import Progress, all_rows, make_engine, shares
from sim.sweeps.status import Share


@dataclass(frozen=True, slots=True)
class Effect:
    """What one edit alone, or all of them together, does to one row of the table."""

    concept: str
    order: str | None
    event: str
    always: tuple[float, float]  # before, after
    possible: tuple[float, float]

    @property
    def size(self) -> float:
        """The greater move of the two shares."""
        return max(abs(own[1] - own[0]) for own in (self.always, self.possible))

    def to_dict(self) -> dict[str, Any]:
        """An entry of `changes`."""
        head = {"concept": self.concept, "order": self.order, "event": self.event}
        return head | {"always": list(self.always), "possible": list(self.possible)}


@dataclass(frozen=True, slots=True)
class EditRow:
    """One edit, and what it does when it is the only one."""

    edit: Edit
    reason: str  # why it cannot be made alone, or why nothing was computed; else empty
    changes: tuple[Effect, ...]

    @property
    def size(self) -> float:
        """The greatest move of any headline share."""
        return max((change.size for change in self.changes), default=0.0)

    def to_dict(self) -> dict[str, Any]:
        """A row of `sim diff --json`."""
        return {
            "path": self.edit.place,
            "edit": str(self.edit),
            "in_words_only": self.edit.in_words_only,
            "reason": self.reason,
            "size": self.size,
            "changes": [change.to_dict() for change in self.changes],
        }


@dataclass(frozen=True, slots=True)
class Diff:
    """Two versions: their edits, the one that moves most first, and what all together do."""

    first: str
    second: str
    draws: int
    seed: int
    rows: tuple[EditRow, ...]
    together: tuple[Effect, ...]  # empty where the files do not differ, or cannot be compared
    reason: str = ""  # why the shares were not compared

    @property
    def greatest(self) -> float:
        """The greatest move of any headline share by all edits together."""
        return max((change.size for change in self.together), default=0.0)

    @property
    def sentence(self) -> str:
        """The answer in one sentence."""
        if not self.rows:
            return f"{self.first} and {self.second} say the same."
        if self.reason:
            return f"{len(self.rows)} edits; the shares cannot be compared: {self.reason}"
        alive = [row for row in self.rows if row.size > 0]
        moved = max(self.together, key=lambda change: change.size)
        name = moved.concept if moved.order is None else f"{moved.concept}.{moved.order}"
        said = f"{len(self.rows)} edits move '{moved.event}' under {name} most: always {_arrow(moved.always)}"
        said += f", possible {_arrow(moved.possible)}."
        if not alive:
            return f"{said} No single edit moves a headline share by itself."
        return f"{said} Alone, '{alive[0].edit.place}' moves a share most, by {100 * alive[0].size:.1f} points."

    def to_dict(self) -> dict[str, Any]:
        """The document of `sim diff --json`."""
        return {
            "first": self.first,
            "second": self.second,
            "draws": self.draws,
            "seed": self.seed,
            "rows": [row.to_dict() for row in self.rows],
            "together": [change.to_dict() for change in self.together],
            "greatest": self.greatest,
            "reason": self.reason,
            "sentence": self.sentence,
        }

    def _repr_html_(self) -> str:
        rows = [[str(row.edit), row.reason or f"{100 * row.size:.1f}"] for row in self.rows]
        return html_table(self.sentence, ["edit", "moves a headline share by at most, points"], rows)

    def __repr__(self) -> str:
        return f"<Diff of {self.first} and {self.second}: {len(self.rows)} edits>"


def diff(
    first: ScenarioData,
    second: ScenarioData,
    *,
    requests: Sequence[Request],
    events: Sequence[str] | None = None,
    values: Mapping[str, Fraction] | None = None,
    draws: int,
    seed: int,
    progress: Progress | None = None,
) -> Diff:
    """The edits that make the second scenario of the first, and what each does, on the same draws.

    Args:
        first: read from a file, which is read again.
        second: another file's.
        requests: rows of the first; rows and events that the second does not have make the shares incomparable.
        events: names; the headline events of the first where left out.
        values: numbers fixed in both.
        draws: of each sweep.
        seed: of all streams.
        progress: told of edits done and in all.

    Raises:
        UsageError: an event that the first does not have.
    """
    meant = events_meant(first, events)
    edits = edits_between(Path(first.path), Path(second.path))
    if not edits:
        return Diff(first.name, second.name, draws, seed, (), ())
    try:
        before, after = (_shares(one, requests, meant, draws, seed) for one in (first, second))
    except UsageError as error:
        rows = tuple(EditRow(edit, "not computed", ()) for edit in edits)
        return Diff(first.name, second.name, draws, seed, rows, (), str(error))
    found = []
    for done, edit in enumerate(edits, start=1):
        found.append(_alone(first, edit, requests, meant, values or {}, draws, seed, before))
        if progress is not None:
            progress(done, len(edits))
    found.sort(key=lambda row: -row.size)
    return Diff(first.name, second.name, draws, seed, tuple(found), _effects(before, after))


def _alone(
    first: ScenarioData,
    edit: Edit,
    requests: Sequence[Request],
    events: Sequence[str],
    values: Mapping[str, Fraction],
    draws: int,
    seed: int,
    before: Sequence[Share],
) -> EditRow:
    if edit.in_words_only:
        return EditRow(edit, "words only", ())
    try:
        changed = with_edits(Path(first.path), [edit])
        kept = {name: value for name, value in values.items() if name in changed.distributions()}
        after = _shares(with_values(changed, kept), requests, events, draws, seed)
    except ScenarioError as error:
        return EditRow(edit, f"cannot stand alone: {error.problems[0].cause}", ())
    except RealpolitikError as error:
        return EditRow(edit, f"cannot be computed alone: {error}", ())
    return EditRow(edit, "", _effects(before, after))


def _shares(
    scenario: ScenarioData, requests: Sequence[Request], events: Sequence[str], draws: int, seed: int
) -> list[Share]:
    known = {event.name for event in scenario.events} or set(events)
    if missing := [event for event in events if event not in known]:
        raise UsageError(f"{scenario.name} has no event '{missing[0]}'.")
    orders = {order.name for order in scenario.orders}
    if lost := [row.order for row in requests if row.order is not None and row.order not in orders]:
        raise UsageError(f"{scenario.name} has no order '{lost[0]}'.")
    engine = make_engine(scenario, requests)
    return [one for one in shares(engine, all_rows(engine, draws, seed)) if one.event in events]


def _effects(before: Sequence[Share], after: Sequence[Share]) -> tuple[Effect, ...]:
    return tuple(
        Effect(one.concept, one.order, one.event, (one.lower, other.lower), (one.upper, other.upper))
        for one, other in zip(before, after, strict=True)
    )


def _arrow(pair: tuple[float, float]) -> str:
    return f"{100 * pair[0]:.1f}% -> {100 * pair[1]:.1f}%"
