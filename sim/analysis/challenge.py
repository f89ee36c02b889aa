"""Which sentence carries the result: every claim of the source dropped, denied or doubted, on the same draws.

Dropping claim C gives weight 0 to every interest that rests on C, by itself or through its stake, and a parameter that
rests on C the value that it declares as `without`. Denying C turns the sign of those weights. Doubting C drops it in
some of the draws. Payoffs are linear in weights and every number has a stream of its own, so all else stays as it was.

Shapley's shares (Shapley 1953) divide the whole change, from all claims to none, among the claims: in each draw they
are dropped one after another in a random order, and what each changes in its turn is counted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from sim.analysis.bounds import events_meant, lower, upper
from sim.analysis.moved_thresholds import MovedThreshold, moved_thresholds
from sim.errors import UsageError
from sim.game.payoffs import Parameters
from sim.game.plain_html import html_table
from sim.scenario.distributions import is_fixed
from sim.scenario.model import ScenarioData
from sim.scenario.spelling import did_you_mean
from sim.solvers.concepts import Request
from sim.sweeps.run import CHUNK, Engine, Progress, Rows, make_engine, rows_at
from sim.sweeps.status import Share, shares_of
from sim.sweeps.streams import sample, uniforms

Action = Literal["drop", "deny", "doubt"]
Codes = NDArray[np.int8]  # (rows, draws): a concept, order and event each, in the order of `Change`


@dataclass(frozen=True, slots=True)
class Change:
    """One concept, order and event, before and after."""

    before: Share
    after: Share
    flipped: float  # share of draws in which its status is another

    def to_dict(self) -> dict[str, Any]:
        """An entry of `changes`."""
        return {
            "concept": self.before.concept,
            "order": self.before.order,
            "event": self.before.event,
            "always": [self.before.share("always"), self.after.share("always")],
            "sometimes": [self.before.share("sometimes"), self.after.share("sometimes")],
            "flipped": self.flipped,
        }

    @property
    def size(self) -> float:
        """The greater of the changes of lower and upper share, in absolute terms."""
        return max(abs(self.after.lower - self.before.lower), abs(self.after.upper - self.before.upper))


@dataclass(frozen=True, slots=True)
class ChallengeRow:
    """What becomes of every row of the table without one claim, or with its contrary."""

    claim: str
    text: str
    voice: str
    action: str  # drop, deny, or doubt=0.5
    set: Mapping[str, float]  # what `--set` would fix to the same effect; empty where no fixed number does it
    turned: tuple[str, ...]  # weights whose sign is turned
    idle: bool  # it touches no payoff
    flipped: float  # share of draws in which some status is another
    changes: tuple[Change, ...]
    thresholds: tuple[MovedThreshold, ...] = ()  # those that are elsewhere, or gone, without the claim

    @property
    def greatest(self) -> Change:
        """The change that moves most, the first of equals."""
        return max(self.changes, key=lambda change: change.size)

    def to_dict(self) -> dict[str, Any]:
        """A row of `sim challenge --json`."""
        return {
            "claim": self.claim,
            "text": self.text,
            "voice": self.voice,
            "action": self.action,
            "idle": self.idle,
            "set": dict(self.set),
            "turned": list(self.turned),
            "flipped": self.flipped,
            "changes": [change.to_dict() for change in self.changes],
            "thresholds": [moved.to_dict() for moved in self.thresholds],
        }


@dataclass(frozen=True, slots=True)
class ShapleyRow:
    """How much of one row's share each claim brings, and the error of sampling: they add up to with - without."""

    concept: str
    order: str | None
    event: str
    end: Literal["always", "possible"]
    whole: tuple[float, float]  # the share with all claims, and with none
    shares: Mapping[str, float]  # claim, or kind of source -> its part
    errors: Mapping[str, float]  # standard errors, over draws

    def to_dict(self) -> dict[str, Any]:
        """A row of `shapley`."""
        return {
            "concept": self.concept,
            "order": self.order,
            "event": self.event,
            "end": self.end,
            "with_all": self.whole[0],
            "with_none": self.whole[1],
            "shares": dict(self.shares),
            "standard_errors": dict(self.errors),
        }


@dataclass(frozen=True, slots=True)
class Challenge:
    """One row a claim, the one that flips most draws first; idle claims last, in the order of the register."""

    scenario: str
    draws: int
    seed: int
    rows: tuple[ChallengeRow, ...]
    shapley: tuple[ShapleyRow, ...] = ()  # over claims
    by_source: tuple[ShapleyRow, ...] = ()  # over kinds of source

    def to_dict(self) -> dict[str, Any]:
        """The document of `sim challenge --json`."""
        return {
            "scenario": self.scenario,
            "draws": self.draws,
            "seed": self.seed,
            "rows": [row.to_dict() for row in self.rows],
            "shapley": [row.to_dict() for row in self.shapley],
            "by_source": [row.to_dict() for row in self.by_source],
        }

    @property
    def sentence(self) -> str:
        """What carries the result, in one sentence."""
        alive = [row for row in self.rows if not row.idle]
        if not alive or alive[0].flipped == 0:
            return f"No single claim changes any status in {self.draws:,} sampled parameter sets."
        first = alive[0]
        idle = len(self.rows) - len(alive)
        words = {"drop": "without", "deny": "with the contrary of"}.get(first.action, f"with doubt ({first.action}) in")
        return (
            f"Most depends on `{first.claim}`: {words} it, {first.flipped:.1%} of {self.draws:,} sampled parameter sets"
            f" change in some event under some concept; {idle} of {len(self.rows)} claims touch no payoff."
        )

    def _repr_html_(self) -> str:
        head = ["claim", "done", "draws changed", "most changed", "always before", "after"]
        rows = []
        for row in self.rows:
            most = row.greatest
            name = f"{most.before.row}, {most.before.event}"
            shares = [f"{most.before.share('always'):.3f}", f"{most.after.share('always'):.3f}"]
            rows.append([row.claim, row.action, f"{row.flipped:.3f}", "idle" if row.idle else name, *shares])
        return html_table(self.sentence, head, rows)

    def __repr__(self) -> str:
        return f"<Challenge of {self.scenario}: {len(self.rows)} rows, {self.draws} draws>"


@dataclass(frozen=True, slots=True)
class _Touched:
    """What a claim holds up: weights, and parameters with the value that they have without it."""

    weights: tuple[str, ...]
    parameters: Mapping[str, Fraction]

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self.weights) | frozenset(self.parameters)


def challenge(
    scenario: ScenarioData,
    *,
    requests: Sequence[Request],
    events: Sequence[str] | None = None,
    drop: Sequence[str] = (),
    deny: Sequence[str] = (),
    doubt: Mapping[str, float] | None = None,
    shapley: bool = False,
    draws: int,
    seed: int,
    progress: Progress | None = None,
) -> Challenge:
    """Challenge the claims that a scenario rests on.

    Args:
        scenario: with claims.
        requests: rows, from `requests_for`.
        events: names; the headline events where left out.
        drop: claims to drop; every claim of the scenario where `drop`, `deny` and `doubt` are all left out.
        deny: claims to deny.
        doubt: claim -> share of draws in which it stays.
        shapley: divide the whole change among claims, and among kinds of source.
        draws: of the sweep, and of each challenge.
        seed: of all streams.
        progress: told of challenges done and in all.

    Raises:
        UsageError: a scenario without claims, an unknown claim, a share of doubt outside 0 to 1.
    """
    known = cited_claims(scenario)
    asked = _asked(scenario, known, drop, deny, doubt or {})
    engine, meant = make_engine(scenario, requests), events_meant(scenario, events)
    touched = {claim: touched_by(scenario, claim) for claim in known}
    drawn = _drawn(scenario, seed, draws)
    before = _codes(engine, rows_at(engine, drawn, draws=draws), meant)
    steps = (len(known) + 1) * 2 if shapley else 0
    rows = []
    for done, (claim, action, share) in enumerate(asked, start=1):
        changed = _challenged(touched[claim], action, share, drawn, seed, draws, claim)
        codes = before if not changed else _codes(engine, rows_at(engine, drawn | changed, draws=draws), meant)
        rows.append(_row(scenario, claim, action, share, touched[claim], engine, meant, before, codes))
        if progress is not None:
            progress(done, len(asked) + steps)
    told = moved_thresholds(scenario, [{} if row.turned else row.set for row in rows], requests, meant)
    rows = [replace(row, thresholds=moved) for row, moved in zip(rows, told, strict=True)]
    rows.sort(key=lambda row: (row.idle, -row.flipped))  # a stable sort: equals as in the register
    found = Challenge(scenario.name, draws, seed, tuple(rows))
    if not shapley:
        return found
    kinds = kinds_of_source(scenario, known)
    parts = []
    alone: dict[str, tuple[str, ...]] = {claim: (claim,) for claim in known}
    for k, groups in enumerate((alone, kinds)):
        parts.append(_shapley(engine, meant, drawn, touched, groups, seed, before))
        if progress is not None:
            progress(len(asked) + (k + 1) * steps // 2, len(asked) + steps)
    return Challenge(scenario.name, draws, seed, tuple(rows), *parts)


def cited_claims(scenario: ScenarioData) -> tuple[str, ...]:
    """Every claim of the register, in its order, whether or not the scenario cites it.

    Raises:
        UsageError: a scenario without a register.
    """
    if not scenario.claims:
        raise UsageError(f'{scenario.name} has no claims to challenge: [scenario] claims = "..." leads to a register.')
    return tuple(scenario.claims)


def touched_by(scenario: ScenarioData, claim: str) -> _Touched:
    """The weights that rest on a claim, by themselves or by their stake, and parameters with `without`."""
    of_stake = {stake.name: stake.rests_on for stake in scenario.stakes}
    weights = tuple(one.name for one in scenario.interests if claim in (*one.rests_on, *of_stake.get(one.stake, ())))
    parameters = {
        one.name: one.without for one in scenario.parameters if one.without is not None and claim in one.rests_on
    }
    return _Touched(weights, parameters)


def kinds_of_source(scenario: ScenarioData, claims: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Kind of source -> its claims, in the order of the register."""
    kinds: dict[str, list[str]] = {}
    for claim in claims:
        kinds.setdefault(scenario.claims[claim].source_type or "not said", []).append(claim)
    return {kind: tuple(own) for kind, own in kinds.items()}


def _asked(
    scenario: ScenarioData, known: Sequence[str], drop: Sequence[str], deny: Sequence[str], doubt: Mapping[str, float]
) -> list[tuple[str, Action, float]]:
    if not (drop or deny or doubt):
        drop = known
    for claim in (*drop, *deny, *doubt):
        if claim not in known:
            raise UsageError(f"'{claim}' is no claim of {scenario.name}. {did_you_mean(claim, known)}".rstrip())
    for claim, share in doubt.items():
        if not 0 <= share <= 1:
            raise UsageError(f"--doubt {claim}={share:g}: the share of draws that keep it must be from 0 to 1.")
    return [
        *((claim, "drop", 0.0) for claim in dict.fromkeys(drop)),
        *((claim, "deny", 0.0) for claim in dict.fromkeys(deny)),
        *((claim, "doubt", float(share)) for claim, share in doubt.items()),
    ]


def _drawn(scenario: ScenarioData, seed: int, draws: int) -> dict[str, NDArray[np.float64]]:
    """Every number of every draw, at full length: a changed one may be the only one that differs between draws."""
    return {name: np.broadcast_to(own, (draws,)) for name, own in sample(scenario, seed, 0, draws).items()}


def _challenged(
    touched: _Touched, action: Action, share: float, drawn: Parameters, seed: int, draws: int, claim: str
) -> dict[str, NDArray[np.float64]]:
    """The numbers that the challenge changes, in all draws."""
    if action == "deny":
        return {name: -drawn[name] for name in touched.weights}
    gone = {name: np.zeros(draws) for name in touched.weights}
    gone |= {name: np.full(draws, float(value)) for name, value in touched.parameters.items()}
    if action == "drop":
        return gone
    kept = uniforms(seed, f"doubt/{claim}", 0, draws) < share
    return {name: np.where(kept, drawn[name], value) for name, value in gone.items()}


def _codes(engine: Engine, rows: Rows, events: Sequence[str]) -> Codes:
    places = [engine.events.index(event) for event in events]
    return np.concatenate([rows.concepts[request].status[places] for request in engine.requests])


def _row(
    scenario: ScenarioData,
    claim: str,
    action: Action,
    share: float,
    touched: _Touched,
    engine: Engine,
    events: Sequence[str],
    before: Codes,
    after: Codes,
) -> ChallengeRow:
    known = scenario.distributions()
    fixed: dict[str, float] = {}
    turned: tuple[str, ...] = ()
    if action == "drop":
        fixed = dict.fromkeys(touched.weights, 0.0) | {name: float(x) for name, x in touched.parameters.items()}
    elif action == "deny":
        fixed = {name: -float(known[name].numbers[0]) for name in touched.weights if is_fixed(known[name])}
        turned = touched.weights
    changes = []
    k = 0
    for request in engine.requests:
        for event in events:
            pair = [shares_of(request.concept, request.order, (event,), own[k : k + 1])[0] for own in (before, after)]
            changes.append(Change(pair[0], pair[1], float((before[k] != after[k]).mean())))
            k += 1
    own = scenario.claims[claim]
    name = f"doubt={share:g}" if action == "doubt" else action
    flipped = float((before != after).any(axis=0).mean())
    idle = not (touched.weights if action == "deny" else touched.names)
    return ChallengeRow(claim, own.text, own.voice, name, fixed, turned, idle, flipped, tuple(changes))


def _shapley(
    engine: Engine,
    events: Sequence[str],
    drawn: Parameters,
    touched: Mapping[str, _Touched],
    groups: Mapping[str, Sequence[str]],
    seed: int,
    before: Codes,
) -> tuple[ShapleyRow, ...]:
    """Drop the groups one after another, in every draw in an order of its own; count what each changes in its turn.

    A number touched by several groups is changed when the first of them falls.
    """
    alive = {
        name: [touched[claim] for claim in own]
        for name, own in groups.items()
        if any(touched[claim].names for claim in own)
    }
    names, draws = list(alive), before.shape[1]
    total = {end: np.zeros((len(before), len(names))) for end in ("always", "possible")}
    squares = {end: np.zeros_like(own) for end, own in total.items()}
    last = before
    for start in range(0, draws, CHUNK):
        part = slice(start, min(start + CHUNK, draws))
        count = part.stop - start
        keys = np.stack([uniforms(seed, f"shapley/{name}", start, count) for name in names])
        order = np.argsort(keys, axis=0)  # (turn, draw): who falls in that turn
        numbers = {name: own[part].copy() for name, own in drawn.items()}
        ends = {end: _truth(before[:, part], end) for end in total}
        for who in order:
            for k, own in enumerate(alive.values()):
                _fall(numbers, own, who == k)
            last = _codes(engine, rows_at(engine, numbers, draws=count), events)
            for end in total:
                now = _truth(last, end)
                brought = ends[end] - now  # of each row and draw, by the one that fell
                for row, own_brought in enumerate(brought):
                    total[end][row] += np.bincount(who, weights=own_brought, minlength=len(names))
                    squares[end][row] += np.bincount(who, weights=own_brought**2, minlength=len(names))
                ends[end] = now
    return _shapley_rows(engine, events, names, list(groups), before, total, squares)


def _truth(codes: Codes, end: str) -> NDArray[np.float64]:
    return (lower(codes) if end == "always" else upper(codes)).astype(np.float64)


def _fall(numbers: dict[str, NDArray[np.float64]], own: Sequence[_Touched], here: NDArray[np.bool_]) -> None:
    for one in own:
        for weight in one.weights:
            numbers[weight][here] = 0.0
        for parameter, value in one.parameters.items():
            numbers[parameter][here] = float(value)


def _shapley_rows(
    engine: Engine,
    events: Sequence[str],
    names: Sequence[str],
    groups: Sequence[str],
    before: Codes,
    total: Mapping[str, NDArray[np.float64]],
    squares: Mapping[str, NDArray[np.float64]],
) -> tuple[ShapleyRow, ...]:
    draws = before.shape[1]
    rows = []
    heads = [(request, event) for request in engine.requests for event in events]
    for end in ("always", "possible"):
        truth = _truth(before, end).mean(axis=1)
        for k, (request, event) in enumerate(heads):
            mean = total[end][k] / draws
            error = np.sqrt(np.maximum(squares[end][k] / draws - mean**2, 0.0) / max(draws - 1, 1))
            parts = dict.fromkeys(groups, 0.0) | dict(zip(names, mean.tolist(), strict=True))
            errors = dict.fromkeys(groups, 0.0) | dict(zip(names, error.tolist(), strict=True))
            whole = (float(truth[k]), float(truth[k] - total[end][k].sum() / draws))
            rows.append(ShapleyRow(request.concept, request.order, event, end, whole, parts, errors))
    return tuple(rows)
