"""True for all numbers in the ranges, for some, or for none: a verdict with its proof, or with its witnesses.

An event is *necessary* under a concept where its status is `always` at every parameter set in the ranges, *impossible*
where it is `always` or `sometimes` at none. Neither is said without a proof, and *possible* not without a witness on
each side: a parameter set where the event holds in some equilibrium, and one where it does not hold in all. What is
neither proved nor witnessed is *undecided*.

Proofs rest on the least difference of each player's payoffs between two profiles over all numbers (`gain_bounds`): a
profile is no equilibrium anywhere where some deviation gains everywhere. For pure Nash equilibria a linear program
sharpens this: whatever the numbers, some deviation gains, though not the same one (robust ordinal regression: Greco,
Mousseau & Slowinski 2008); products of numbers are variables of their own in it, kept in their ranges and below their
factors (McCormick 1976), so that it may miss a proof and never makes a wrong one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from sim.analysis.bounds import events_meant
from sim.analysis.gain_bounds import Term, least_gains, ranges_of_numbers, terms_of
from sim.game.payoffs import GameFamily, central_parameters
from sim.game.plain_html import html_table
from sim.scenario.model import ScenarioData
from sim.solvers.concepts import STRONG, Request, Rules
from sim.solvers.strong import coalitions_of
from sim.sweeps.run import Engine, Progress, make_engine, rows_at
from sim.sweeps.status import ALWAYS, SOMETIMES
from sim.sweeps.streams import sample, uniforms

Verdict = Literal["necessary", "possible", "impossible", "undecided"]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

CORNERS = 4096  # random corners of the ranges that are tried beside the draws
SURE = 1e-9  # of a player's payoff range: a gain proved greater than this is more than a tie, and than rounding
PROGRAMS = 2048  # linear programs an event: beyond that many candidate profiles nothing is proved by them

NEVER_SUPPORTED = "at every profile where it holds, some deviation gains whatever the numbers"
NO_PROFILE = "no allowed profile has it"
EVERY_PROFILE = "every allowed profile has it, and there is always an equilibrium"
ALWAYS_SUPPORTED = (
    "at every profile without it some deviation gains whatever the numbers, and there is always an equilibrium"
)


@dataclass(frozen=True, slots=True)
class ProofRow:
    """The verdict on one event under one concept and order."""

    concept: str
    order: str | None
    event: str
    verdict: Verdict
    witness_for: Mapping[str, float] | None  # the uncertain numbers of a set where it is always or sometimes
    witness_against: Mapping[str, float] | None  # of a set where it is not always
    proof: str  # how it is known; for `undecided` what is missing

    @property
    def row(self) -> str:
        """Concept and order as one name."""
        return self.concept if self.order is None else f"{self.concept}.{self.order}"

    def to_dict(self) -> dict[str, Any]:
        """A row of `sim prove --json`."""
        return {
            "concept": self.concept,
            "order": self.order,
            "event": self.event,
            "verdict": self.verdict,
            "witness_for": None if self.witness_for is None else dict(self.witness_for),
            "witness_against": None if self.witness_against is None else dict(self.witness_against),
            "proof": self.proof,
        }


@dataclass(frozen=True, slots=True)
class Proof:
    """The verdicts on one event, one row a concept and order."""

    scenario: str
    event: str
    tried: int  # parameter sets
    rows: tuple[ProofRow, ...]

    @property
    def sentence(self) -> str:
        """The verdicts in one sentence."""
        by_verdict: dict[str, list[str]] = {}
        for row in self.rows:
            by_verdict.setdefault(row.verdict, []).append(row.row)
        parts = [f"{verdict} under {', '.join(rows)}" for verdict, rows in by_verdict.items()]
        return f"'{self.event}' is {'; '.join(parts)}."

    def to_dict(self) -> dict[str, Any]:
        """The document of `sim prove --json`."""
        rows = [row.to_dict() for row in self.rows]
        return {
            "scenario": self.scenario,
            "event": self.event,
            "tried": self.tried,
            "rows": rows,
            "sentence": self.sentence,
        }

    def _repr_html_(self) -> str:
        rows = [[row.row, row.verdict, row.proof] for row in self.rows]
        return html_table(self.sentence, ["concept", "verdict", "how it is known"], rows)

    def __repr__(self) -> str:
        return f"<Proof of {self.event} in {self.scenario}: {', '.join(row.verdict for row in self.rows)}>"


def prove(
    scenario: ScenarioData,
    *,
    requests: Sequence[Request],
    events: Sequence[str] | None = None,
    draws: int,
    seed: int,
    progress: Progress | None = None,
) -> tuple[Proof, ...]:
    """The verdict on every event under every concept and order.

    Args:
        scenario: checked data.
        requests: rows, from `requests_for`.
        events: names; the headline events where left out.
        draws: parameter sets that are searched for witnesses, beside central values and random corners of the ranges.
        seed: of their streams.
        progress: told of events done and in all.
    """
    meant, engine = events_meant(scenario, events), make_engine(scenario, requests)
    tried = parameter_sets(scenario, draws, seed)
    count = len(next(iter(tried.values()))) if tried else 1
    rows = rows_at(engine, tried, draws=count)
    logic = Logic(engine)
    proofs = []
    for done, event in enumerate(meant, start=1):
        place = engine.events.index(event)
        truth = engine.classes.holds[engine.classes.code, place]
        found = []
        for request in requests:
            codes = rows.concepts[request].status[place]
            for_it = _first(scenario, tried, (codes == ALWAYS) | (codes == SOMETIMES))
            against = _first(scenario, tried, codes != ALWAYS)
            found.append(_row(logic, request, event, truth, for_it, against, count))
        proofs.append(Proof(scenario.name, event, count, tuple(found)))
        if progress is not None:
            progress(done, len(meant))
    return tuple(proofs)


def parameter_sets(scenario: ScenarioData, draws: int, seed: int) -> dict[str, Floats]:
    """Central values, draws, then random corners of the ranges (an end that is infinite, or ranked, stays as drawn)."""
    ends, known = ranges_of_numbers(scenario), scenario.distributions()
    total = 1 + draws + CORNERS
    drawn, central = sample(scenario, seed, 0, draws + CORNERS), central_parameters(scenario)
    sets = {}
    for name, own in drawn.items():
        values = np.empty(total)
        values[0], values[1:] = central[name][0], own
        if name in ends and known[name].kind != "ranked":
            pick = uniforms(seed, f"corner/{name}", 0, CORNERS) < 0.5
            low, high = ends[name]
            tail = values[1 + draws :]
            tail[:] = np.where(pick & np.isfinite(low), low, np.where(~pick & np.isfinite(high), high, tail))
        sets[name] = values
    return sets


def _first(scenario: ScenarioData, tried: Mapping[str, Floats], holds: Mask) -> dict[str, float] | None:
    """The first parameter set for which it is true; the uncertain numbers alone, ready for --set."""
    if not holds.any():
        return None
    k = int(holds.argmax())
    return {name: float(tried[name][k]) for name in ranges_of_numbers(scenario)}


def _row(
    logic: "Logic",
    request: Request,
    event: str,
    truth: Mask,
    for_it: Mapping[str, float] | None,
    against: Mapping[str, float] | None,
    count: int,
) -> ProofRow:
    head = (request.concept, request.order, event)
    if for_it is not None and against is not None:
        return ProofRow(*head, "possible", for_it, against, "a witness on each side, solved")
    if for_it is None and (how := logic.impossible(request, truth)):
        return ProofRow(*head, "impossible", None, against, how)
    if against is None and (how := logic.necessary(request, truth)):
        return ProofRow(*head, "necessary", for_it, None, how)
    missing = "holds in" if for_it is None else "fails in"
    said = f"neither proved nor refuted: it {missing} none of {count:,} parameter sets tried, and no proof was found"
    return ProofRow(*head, "undecided", for_it, against, said)


class Logic:
    """What can be proved of one scenario, each part computed when it is first needed."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._supported: dict[Request, Mask] = {}

    @property
    def family(self) -> GameFamily:
        """The compiled scenario."""
        return self.engine.family

    @property
    def rules(self) -> Rules:
        """Axes, coalitions and orders."""
        return self.engine.rules

    @cached_property
    def least(self) -> list[Floats]:
        """For each player the least of u(q) - u(p), shape (p, q), what is not more than rounding taken as 0."""
        found = []
        for player in self.family.players:
            own = least_gains(self.family, player)
            finite = np.abs(own[np.isfinite(own)])
            tie = SURE * float(finite.max(initial=0.0))
            found.append(np.where(np.abs(own) <= tie, 0.0, own))
        return found

    @cached_property
    def terms(self) -> list[list[Term]]:
        """The payoffs as terms."""
        return [terms_of(self.family, player) for player in self.family.players]

    def impossible(self, request: Request, truth: Mask) -> str:
        """How it is known that no equilibrium ever has the event; empty where it is not."""
        if not truth.any():
            return NO_PROFILE
        if request.concept == "repeated":
            return ""
        left = self.supported(request) & truth
        if left.any() and request.concept != "subgame-perfect":
            left = self._left_by_programs(left)
        return "" if left.any() else NEVER_SUPPORTED

    def necessary(self, request: Request, truth: Mask) -> str:
        """How it is known that there is always an equilibrium and each has the event; empty where it is not."""
        if request.concept == "repeated" or not self._exists(request, truth):
            return ""
        if truth.all():
            return EVERY_PROFILE
        left = self.supported(request) & ~truth
        if left.any() and request.concept != "subgame-perfect":
            left = self._left_by_programs(left)
        return "" if left.any() else ALWAYS_SUPPORTED

    def supported(self, request: Request) -> Mask:
        """The profiles that may be equilibria somewhere, by single deviations: a superset of all that are."""
        if request not in self._supported:
            by_order = request.concept == "subgame-perfect"
            self._supported[request] = self._by_order(request) if by_order else self._against_coalitions(request)
        return self._supported[request]

    def _against_coalitions(self, request: Request) -> Mask:
        left = np.ones(prod(self.family.shape), dtype=np.bool_)
        for group in _coalitions(request, self.rules):
            gains = np.logical_and.reduce([self.least[player] > 0 for player in group])
            left &= ~(gains & self._reachable(group)).any(axis=1)
        return left

    def _exists(self, request: Request, truth: Mask) -> bool:
        """Whether some profile with the event is an equilibrium whatever the numbers, or there always is one."""
        if request.concept == "subgame-perfect":
            return all(len(self._movers(element)) == 1 for element in self._order(request))
        return self.steady(request, truth)

    def steady(self, request: Request, truth: Mask) -> bool:
        """Whether one of these profiles is an equilibrium of a static concept whatever the numbers."""
        steady = truth.copy()
        for group in _coalitions(request, self.rules):
            # a deviation is held off where some member never gains by it
            held = np.logical_or.reduce([self.least[player].T >= 0 for player in group])
            steady &= (held | ~self._reachable(group)).all(axis=1)
        return bool(steady.any())

    def _reachable(self, group: Sequence[int]) -> Mask:
        """Which profiles differ in moves of the group alone: (p, q)."""
        own = {axis for player in group for axis in self.rules.axes_of[player]}
        return self._agree([axis for axis in range(len(self.family.shape)) if axis not in own])

    def _agree(self, axes: Sequence[int]) -> Mask:
        """Which profiles are alike on these axes: (p, q)."""
        places = np.indices(self.family.shape).reshape(len(self.family.shape), -1)
        alike = np.ones((places.shape[1], places.shape[1]), dtype=np.bool_)
        for axis in axes:
            alike &= places[axis][:, None] == places[axis][None, :]
        return alike

    def _order(self, request: Request) -> tuple[tuple[int, ...], ...]:
        return (self.rules.orders or {})[str(request.order)]

    def _movers(self, element: Sequence[int]) -> dict[int, list[int]]:
        """The players that own a move of the element, with the axes of theirs."""
        owner = {axis: player for player, axes in enumerate(self.rules.axes_of) for axis in axes}
        movers: dict[int, list[int]] = {}
        for axis in element:
            movers.setdefault(owner[axis], []).append(axis)
        return movers

    def _by_order(self, request: Request) -> Mask:
        """Backward induction on what may be: a profile goes where some other choice is better whatever follows it."""
        order = self._order(request)
        left = np.ones(prod(self.family.shape), dtype=np.bool_)
        places = np.indices(self.family.shape).reshape(len(self.family.shape), -1)
        for k in range(len(order) - 1, -1, -1):
            before = [axis for element in order[:k] for axis in element]
            kept = left.copy()
            for player, axes in self._movers(order[k]).items():
                held = before + [axis for axis in order[k] if axis not in axes]
                sizes = [self.family.shape[axis] for axis in axes]
                choice = np.ravel_multi_index([places[axis] for axis in axes], sizes)
                better = (self.least[player] > 0) | ~left[None, :]  # q is better than p, or is never played on
                alike = self._agree(held)
                for own in range(prod(sizes)):
                    there = alike & (choice == own)[None, :]
                    played = (there & left[None, :]).any(axis=1)
                    kept &= ~(played & (better | ~there).all(axis=1))
            left = kept
        return left

    def _left_by_programs(self, left: Mask) -> Mask:
        """Drop the profiles at which a linear program finds that some deviation always gains."""
        if left.sum() > PROGRAMS:
            return left
        from sim.analysis.prove_programs import always_left

        kept = left.copy()
        for profile in np.flatnonzero(left).tolist():
            deviations = [
                (player, np.flatnonzero(self._reachable((player,))[profile])) for player in range(len(self.terms))
            ]
            if always_left(self.terms, ranges_of_numbers(self.family.scenario), profile, deviations):
                kept[profile] = False
            else:
                return kept  # one that stays is enough: nothing is proved
        return kept


def _coalitions(request: Request, rules: Rules) -> Iterator[tuple[int, ...]]:
    """Every coalition that counts under a static concept, single players first."""
    found = STRONG.match(request.concept)
    players = len(rules.axes_of)
    yield from ((player,) for player in range(players))
    if found:
        may = None if found[2] else rules.may
        for size in range(2, int(found[1]) + 1):
            yield from coalitions_of(players, size, may)
