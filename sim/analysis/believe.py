"""What one would have to believe: the smallest change from the central values after which an event holds.

Distance is the sum of the changes, each as a share of half of the number's range, so it favours few numbers (the sum of
absolute values: Tibshirani 1996). Where the event need hold in some pure Nash equilibrium only, a linear program finds
the nearest numbers at which a given profile is one, again and again around where it stands, for payoffs are affine in
each number but not in all at once. Everywhere else, and after it, the search starts from parameter sets in which the
event holds, puts back every number that it does not need, draws the others in, and ends on the border: one per cent
less of the change is not enough. It finds near sets, not provably the nearest; what it finds is solved again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from sim.analysis.bounds import events_meant
from sim.analysis.nearest import (
    End,
    Floats,
    Mask,
    Question,
    alone,
    by_programs,
    drawn_in,
    on_the_border,
    put_back,
    snapped,
    space_of,
    told,
)
from sim.analysis.prove import Logic, parameter_sets
from sim.analysis.ranges import unit_of
from sim.game.payoffs import payoffs
from sim.game.plain_html import html_table
from sim.scenario.model import ScenarioData
from sim.scenario.versions import with_values
from sim.solvers.concepts import Request, solve_batch
from sim.solvers.one_game import solve_scenario
from sim.sweeps.run import Progress, make_engine, rows_at

Answer = Literal["holds already", "found", "impossible", "not found"]

STARTS = 16  # near parameter sets from which the search goes inwards


@dataclass(frozen=True, slots=True)
class Belief:
    """One concept, order and end: the nearest numbers that were found."""

    concept: str
    order: str | None
    event: str
    end: End  # some: in some equilibrium; all: in every one
    answer: Answer
    set: Mapping[str, float]  # what changes from the central value, as --set takes it
    distance: float | None  # in half-ranges
    bottleneck: str | None  # the number that must move furthest
    profile: Mapping[str, str] | None  # an equilibrium there that shows the event
    sentence: str

    @property
    def row(self) -> str:
        """Concept and order as one name."""
        return self.concept if self.order is None else f"{self.concept}.{self.order}"

    def to_dict(self) -> dict[str, Any]:
        """A row of `sim believe --json`."""
        return {
            "concept": self.concept,
            "order": self.order,
            "end": self.end,
            "answer": self.answer,
            "set": dict(self.set),
            "distance": self.distance,
            "bottleneck": self.bottleneck,
            "profile": None if self.profile is None else dict(self.profile),
            "sentence": self.sentence,
        }


@dataclass(frozen=True, slots=True)
class Beliefs:
    """What one would have to believe for one event."""

    scenario: str
    event: str
    rows: tuple[Belief, ...]

    @property
    def sentence(self) -> str:
        """The nearest of all rows that do not hold already."""
        held = [row for row in self.rows if row.answer == "holds already"]
        found = [row for row in self.rows if row.answer == "found"]
        if found:
            return min(found, key=lambda row: row.distance or 0.0).sentence
        if held:
            return (
                f"'{self.event}' holds already at central values under {', '.join(dict.fromkeys(r.row for r in held))}."
            )
        return f"No numbers were found for '{self.event}' under any concept."

    def to_dict(self) -> dict[str, Any]:
        """The document of `sim believe --json`."""
        rows = [row.to_dict() for row in self.rows]
        return {"scenario": self.scenario, "event": self.event, "rows": rows, "sentence": self.sentence}

    def _repr_html_(self) -> str:
        rows = [
            [
                row.row,
                row.end,
                row.answer,
                "" if row.distance is None else f"{row.distance:.3f}",
                ", ".join(f"{name}={value:.6g}" for name, value in row.set.items()),
                row.bottleneck or "",
            ]
            for row in self.rows
        ]
        head = ["concept", "equilibria", "answer", "half-ranges", "believe", "bottleneck"]
        return html_table(self.sentence, head, rows, labels=2)

    def __repr__(self) -> str:
        return f"<Beliefs about {self.event} in {self.scenario}: {len(self.rows)} rows>"


def believe(
    scenario: ScenarioData,
    *,
    requests: Sequence[Request],
    events: Sequence[str] | None = None,
    draws: int,
    seed: int,
    progress: Progress | None = None,
) -> tuple[Beliefs, ...]:
    """Near numbers at which each event holds, under every concept and order, in some and in all equilibria.

    Args:
        scenario: checked data.
        requests: rows, from `requests_for`.
        events: names; the headline events where left out.
        draws: parameter sets from which the search may start.
        seed: of their streams.
        progress: told of rows done and in all.
    """
    meant, engine = events_meant(scenario, events), make_engine(scenario, requests)
    space, logic = space_of(scenario), Logic(engine)
    tried = parameter_sets(scenario, draws, seed)
    pool = np.stack([tried[name] for name in space.names], axis=1) if space.names else np.empty((1, 0))
    pool = np.clip(np.concatenate([pool, alone(space)]), space.low, space.high)
    rows = rows_at(engine, space.parameters(pool), draws=len(pool))
    found = []
    for done, event in enumerate(meant):
        place = engine.events.index(event)
        truth = engine.classes.holds[engine.classes.code, place]
        beliefs = []
        for k, request in enumerate(requests):
            codes = rows.concepts[request].status[place]
            for end in ("some", "all"):
                question = Question(replace(engine, requests=(request,)), space, request, event, end)
                beliefs.append(_answer(question, logic, truth, pool, codes))
            if progress is not None:
                progress(done * len(requests) + k + 1, len(meant) * len(requests))
        found.append(Beliefs(scenario.name, event, tuple(beliefs)))
    return tuple(found)


def _answer(question: Question, logic: Logic, truth: Mask, pool: Floats, codes: NDArray[np.int8]) -> Belief:
    space, request = question.space, question.request
    if question.holds(space.central[None])[0]:
        return _belief(question, "holds already", space.central)
    if _is_impossible(question, logic, truth):
        return _belief(question, "impossible", None)
    starts = pool[question.codes_hold(codes)]
    starts = starts[np.argsort(space.distance(starts), kind="stable")[:STARTS]]
    if question.end == "some" and request.concept == "pure-nash":
        nearer = snapped(space, np.array(list(by_programs(question, truth))).reshape(-1, len(space.names)))
        starts = np.concatenate([nearer[question.holds(nearer)], starts])
    if not len(starts):
        return _belief(question, "not found", None)
    inwards = drawn_in(question, put_back(question, starts))
    border = on_the_border(question, inwards)
    sets = np.concatenate([told(space, border), border, inwards, starts])  # rounding may lead back over the border
    kept = sets[question.holds(sets)]
    order = np.argsort(space.distance(kept), kind="stable")
    return _belief(question, "found", kept[order[0]])


def _is_impossible(question: Question, logic: Logic, truth: Mask) -> bool:
    if logic.impossible(question.request, truth):
        return True
    if question.end == "some" or question.request.concept in ("subgame-perfect", "repeated"):
        return False
    return logic.steady(question.request, ~truth)  # something else is an equilibrium whatever the numbers


def _belief(question: Question, answer: Answer, found: Floats | None) -> Belief:
    space, request = question.space, question.request
    head = (request.concept, request.order, question.event, question.end, answer)
    if found is None or answer == "holds already":
        profile = None if found is None else _central_profile(question)
        distance = None if found is None else 0.0
        return Belief(*head, {}, distance, None, profile, _sentence(question, answer, {}, distance))
    moved = {
        name: float(value) for name, value, own in zip(space.names, found, space.central, strict=True) if value != own
    }
    shares = np.abs(found - space.central) / space.half
    distance = float(shares.sum())
    bottleneck = space.names[int(shares.argmax())]
    said = _sentence(question, answer, moved, distance)
    return Belief(*head, moved, distance, bottleneck, _profile(question, moved), said)


def _central_profile(question: Question) -> Mapping[str, str] | None:
    """An equilibrium with the event at central values, the first of all."""
    engine, request = question.engine, question.request
    if request.concept == "repeated":
        return None
    family = engine.family
    (answer,) = solve_batch(payoffs(family, question.space.fixed), engine.rules, [request]).values()
    truth = engine.classes.holds[engine.classes.code, engine.events.index(question.event)]
    shown = np.flatnonzero(answer.is_equilibrium[0].ravel() & truth)
    at = np.unravel_index(int(shown[0]), family.shape)
    moves = zip(family.scenario.moves, family.ranks, at, strict=True)
    return {move.name: move.options[ranks[int(k)]] for move, ranks, k in moves}


def _profile(question: Question, moved: Mapping[str, float]) -> Mapping[str, str] | None:
    """An equilibrium with the event at these numbers, as the solver of single games finds it."""
    if question.request.concept == "repeated":
        return None
    exact = {name: Fraction(repr(value)) for name, value in moved.items()}
    scenario = with_values(question.space.scenario, exact)
    (found,) = solve_scenario(scenario, question.request.concept, order=question.request.order)
    shown = (one for one in found.equilibria if (one.events or {}).get(question.event) == 1)
    return next((one.profile for one in shown), None)


def _sentence(question: Question, answer: Answer, moved: Mapping[str, float], distance: float | None) -> str:
    request, space = question.request, question.space
    row = request.name
    where = "some equilibrium" if question.end == "some" else "every equilibrium"
    head = f"'{question.event}' in {where} under {row}"
    if answer == "holds already":
        return f"{head} holds already at central values."
    if answer == "impossible":
        return f"{head} is impossible, whatever the numbers in their ranges."
    if answer == "not found":
        return f"{head}: no numbers in their ranges were found that give it, and no proof that there are none."
    central = dict(zip(space.names, space.central.tolist(), strict=True))
    parts = [
        f"{name} {'at least' if value > central[name] else 'at most'} {value:.4g}"
        f" {_unit(space.scenario, name)}".rstrip()
        + f" (central {central[name]:.4g})"
        for name, value in moved.items()
    ]
    shares = {name: abs(value - central[name]) for name, value in moved.items()}
    half = dict(zip(space.names, space.half.tolist(), strict=True))
    furthest = max(moved, key=lambda name: shares[name] / half[name])
    most = f", {furthest} furthest" if len(moved) > 1 else ""
    return f"For {head} one must believe {' and '.join(parts)}: {distance:.2f} half-ranges in all{most}."


def _unit(scenario: ScenarioData, name: str) -> str:
    """The unit as one says it: a pure number has none."""
    unit = unit_of(scenario, name)
    return "" if unit == "1" else unit
