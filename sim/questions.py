"""The questions that a scenario is asked from Python, each by its command's name and in its words.

Thin: names become rows and events, then the analysis of that name does the work. `to_dict()` of an answer is what the
command prints with `--json`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sim import DRAWS, SEED
from sim.analysis.believe import Beliefs
from sim.analysis.believe import believe as believed
from sim.analysis.bounds import events_meant
from sim.analysis.challenge import Challenge
from sim.analysis.challenge import challenge as challenged
from sim.analysis.compare import Comparison
from sim.analysis.compare import compare as compared
from sim.analysis.diff import Diff
from sim.analysis.diff import diff as diff_of
from sim.analysis.discover import Discovery
from sim.analysis.discover import discover as discovered
from sim.analysis.explain import Explanation, parse_profile
from sim.analysis.explain import explain as explained
from sim.analysis.learn import Learning
from sim.analysis.learn import learn as learned
from sim.analysis.placebo import Placebo
from sim.analysis.placebo import placebo as placebo_of
from sim.analysis.policy import Policy
from sim.analysis.policy import policy as policy_of
from sim.analysis.prove import Proof
from sim.analysis.prove import prove as proved
from sim.analysis.regime_map import RegimeMap, regime_map
from sim.analysis.register import Hindcast, Registration
from sim.analysis.register import hindcast as scored
from sim.analysis.register import register as registered
from sim.analysis.sensitivity import uncertain_numbers
from sim.analysis.structure import Structure
from sim.analysis.structure import structure as structure_of
from sim.analysis.thresholds import Threshold
from sim.analysis.thresholds import thresholds as thresholds_of
from sim.api import Number, Scenario, rationals
from sim.errors import UsageError
from sim.scenario.shipped import shipped_scenarios
from sim.scenario.spelling import did_you_mean
from sim.scenario.versions import with_values
from sim.show.main_job import command_of, compute
from sim.show.pieces import Job
from sim.show.progress import progress_bars
from sim.solvers.concepts import Request, requests_for
from sim.sweeps.run import Progress

Names = str | Sequence[str] | None


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where statuses change, one row a number, concept, order and event."""

    rows: tuple[Threshold, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain lists, names and numbers."""
        return {"rows": [row.to_dict() for row in self.rows]}

    def __repr__(self) -> str:
        numbers = dict.fromkeys(row.parameter for row in self.rows)
        return f"<Thresholds: {len(self.rows)} rows over {', '.join(numbers) or 'no number'}>"


def explain(
    scenario: Scenario,
    profile: str | Mapping[str, str] | None = None,
    *,
    player: str | None = None,
    draw: int | None = None,
    seed: int = SEED,
    set: Mapping[str, Number] | None = None,  # the option's name, in all doors
) -> Explanation:
    """Split payoffs at one profile into stakes, weights and claims, and find each player's best alternative.

    Args:
        scenario: from `load`.
        profile: "offer=goods ask=goods ..." or a mapping; a move left out is as in the first equilibrium.
        player: only this player or observer.
        draw: its number; central values where left out.
        seed: of the draw.
        set: parameters and weights to fix.

    Raises:
        UsageError: an unknown move, option, player or number; no equilibrium to take a move from.
    """
    chosen = parse_profile(profile) if isinstance(profile, str) else profile
    data = with_values(scenario.data, rationals(dict(set or {})))
    return explained(data, profile=chosen, player=player, draw=draw, seed=seed)


def compare(
    first: Scenario,
    second: Scenario,
    *,
    concepts: Names = None,
    order: str | None = None,
    event: Names = None,
    draws: int = DRAWS,
    seed: int = SEED,
    progress: Progress | None = None,
) -> Comparison:
    """Two scenarios on the same draws: how often the second helps or hurts each event, draw by draw.

    Raises:
        UsageError: nothing in common, or an unknown concept, order or event.
    """
    requests = _requests(first, concepts, order) if concepts or order else None
    asked: dict[str, Any] = {"requests": requests, "events": _names(event)}
    return compared(first.data, second.data, **asked, draws=draws, seed=seed, progress=progress)


def placebo(
    scenario: Scenario,
    *,
    concepts: Names = None,
    order: str | None = None,
    event: Names = None,
    draws: int = DRAWS,
    seed: int = SEED,
    progress: Progress | None = None,
) -> Placebo:
    """Every share beside what the same form of game says with shuffled weights, and with payoffs by coin toss.

    Raises:
        UsageError: an unknown concept, order or event.
    """
    asked: dict[str, Any] = {"requests": _requests(scenario, concepts, order), "events": _names(event)}
    return placebo_of(scenario.data, **asked, draws=draws, seed=seed, progress=progress)


def thresholds(
    scenario: Scenario,
    parameter: Names = None,
    *,
    concepts: Names = None,
    order: str | None = None,
    event: Names = None,
) -> Thresholds:
    """Where the status of each event changes as one number moves through its range, all else at central values.

    Args:
        scenario: from `load`.
        parameter: one or several parameters or weights; every uncertain one where left out.
        concepts: as in `sweep`.
        order: of moves.
        event: one or several; the headline events where left out.

    Raises:
        UsageError: an unknown or fixed number; an unknown concept, order or event.
    """
    numbers = _names(parameter) or uncertain_numbers(scenario.data)
    asked: dict[str, Any] = {"requests": _requests(scenario, concepts, order), "events": _names(event)}
    return Thresholds(tuple(row for number in numbers for row in thresholds_of(scenario.data, number, **asked)))


def challenge(
    scenario: Scenario,
    *,
    drop: Names = None,
    deny: Names = None,
    doubt: Mapping[str, float] | None = None,
    shapley: bool = False,
    concepts: Names = None,
    order: str | None = None,
    event: Names = None,
    draws: int = DRAWS,
    seed: int = SEED,
    progress: Progress | None = None,
) -> Challenge:
    """Which claim carries the result: each dropped, denied or doubted on the same draws.

    Args:
        scenario: from `load`, with a register of claims.
        drop: claims to drop; all of them where nothing is said.
        deny: claims to deny.
        doubt: claim -> share of draws in which it stays.
        shapley: divide the whole change among claims and kinds of source.
        concepts: as in `sweep`.
        order: of moves.
        event: one or several; the headline events where left out.
        draws: of each sweep.
        seed: of all streams.
        progress: told of challenges done and in all.

    Raises:
        UsageError: no claims, or an unknown one.
    """
    asked: dict[str, Any] = {"requests": _requests(scenario, concepts, order), "events": _names(event)}
    what: dict[str, Any] = {"drop": _names(drop), "deny": _names(deny), "doubt": doubt, "shapley": shapley}
    return challenged(scenario.data, **what, **asked, draws=draws, seed=seed, progress=progress)


def policy(
    scenario: Scenario,
    *,
    player: str | None = None,
    level: float | None = None,
    concepts: Names = None,
    order: str | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
    progress: Progress | None = None,
) -> Policy:
    """Which action a player regrets least, if it commits to it and the others play an equilibrium of what follows.

    Raises:
        UsageError: no such player, or one without a choice.
    """
    asked: dict[str, Any] = {"player": player, "level": level, "requests": _requests(scenario, concepts, order)}
    return policy_of(scenario.data, **asked, draws=draws, seed=seed, progress=progress)


def prove(
    scenario: Scenario,
    *,
    event: str,
    concepts: Names = None,
    order: str | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
    progress: Progress | None = None,
) -> Proof:
    """Whether an event is necessary, possible or impossible over all numbers in their ranges, with proof or witnesses.

    Raises:
        UsageError: an unknown event, concept or order.
    """
    asked: dict[str, Any] = {"requests": _requests(scenario, concepts, order), "events": (event,)}
    return proved(scenario.data, **asked, draws=draws, seed=seed, progress=progress)[0]


def believe(
    scenario: Scenario,
    *,
    event: str,
    concepts: Names = None,
    order: str | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
    progress: Progress | None = None,
) -> Beliefs:
    """The smallest change from the central values after which an event holds, in some and in every equilibrium.

    Raises:
        UsageError: an unknown event, concept or order.
    """
    asked: dict[str, Any] = {"requests": _requests(scenario, concepts, order), "events": (event,)}
    return believed(scenario.data, **asked, draws=draws, seed=seed, progress=progress)[0]


def learn(
    scenario: Scenario,
    *,
    player: str | None = None,
    groups: Mapping[str, Sequence[str]] | None = None,
    concepts: Names = None,
    order: str | None = None,
    event: Names = None,
    draws: int = DRAWS,
    seed: int = SEED,
    progress: Progress | None = None,
) -> Learning:
    """Which number is worth finding out: for a player that commits, or for narrowing each event where none is named.

    Raises:
        UsageError: no such player, or an unknown number in a group.
    """
    asked: dict[str, Any] = {"requests": _requests(scenario, concepts, order), "events": _names(event)}
    who: dict[str, Any] = {"player": player, "groups": groups}
    return learned(scenario.data, **who, **asked, draws=draws, seed=seed, progress=progress)


def structure(
    scenario: Scenario,
    *,
    versions: Sequence[Scenario] = (),
    concepts: Names = None,
    order: str | None = None,
    event: Names = None,
    draws: int = DRAWS,
    seed: int = SEED,
    progress: Progress | None = None,
) -> Structure:
    """The numbers or the model: shares over all structures, and where their variance comes from.

    Raises:
        UsageError: a version without one of the events or orders.
    """
    asked: dict[str, Any] = {"requests": _requests(scenario, concepts, order), "events": _names(event)}
    others = [one.data for one in versions]
    return structure_of(scenario.data, versions=others, **asked, draws=draws, seed=seed, progress=progress)


def discover(
    scenario: Scenario,
    *,
    concepts: Names = None,
    order: str | None = None,
    event: Names = None,
    draws: int = DRAWS,
    seed: int = SEED,
    progress: Progress | None = None,
) -> Discovery:
    """In which box of a few numbers each event lives; found on half of the draws, measured on the other half."""
    asked: dict[str, Any] = {"requests": _requests(scenario, concepts, order), "events": _names(event)}
    return discovered(scenario.data, **asked, draws=draws, seed=seed, progress=progress)


def map(
    scenario: Scenario, x: str, y: str, *, concept: str = "strong-2", order: str | None = None, event: Names = None
) -> RegimeMap:
    """How two numbers share the plane under one concept, all else at central values.

    Raises:
        UsageError: an unknown or fixed number, or a concept with several orders where none is named.
    """
    return regime_map(scenario.data, x, y, request=_one_request(scenario, concept, order), events=_names(event))


def diff(
    first: Scenario,
    second: Scenario,
    *,
    concepts: Names = None,
    order: str | None = None,
    event: Names = None,
    draws: int = DRAWS,
    seed: int = SEED,
    progress: Progress | None = None,
) -> Diff:
    """The edits that make the second file of the first, and what each alone does to the headline shares."""
    asked: dict[str, Any] = {"requests": _requests(first, concepts, order), "events": _names(event)}
    return diff_of(first.data, second.data, **asked, draws=draws, seed=seed, progress=progress)


def register(
    scenario: Scenario,
    *,
    concept: str,
    order: str | None = None,
    event: Names = None,
    rules: Mapping[str, str] | None = None,
    resolve_by: date | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Registration:
    """A dated, hashed record of what a scenario says under one concept. `to_dict()` is what `hindcast` takes.

    Raises:
        UsageError: no event to register, an unknown one, or several orders where one must be named.
    """
    asked: dict[str, Any] = {"request": _one_request(scenario, concept, order), "events": _names(event)}
    what: dict[str, Any] = {"rules": rules, "registered": date.today(), "resolve_by": resolve_by}
    return registered(scenario.data, **asked, **what, draws=draws, seed=seed)


def hindcast(scenario: Scenario, record: Mapping[str, Any], outcomes: Mapping[str, bool]) -> Hindcast:
    """Score a record against what happened, at both ends of the sets of equilibria, beside baselines.

    Raises:
        UsageError: a record or a scenario that was edited since, an outcome that was not registered.
    """
    return scored(scenario.data, record, outcomes)


def plot(
    scenario: Scenario,
    out: str | Path,
    *,
    figure: Names = None,
    columns: int = 2,
    style: str = "paper",
    draws: int = DRAWS,
    seed: int = SEED,
    set: Mapping[str, Number] | None = None,
) -> list[Path]:
    """Draw the figures of a scenario into a folder, as PDF, SVG and PNG with a caption file each.

    Args:
        scenario: from `load`.
        out: the folder.
        figure: one or several by name; every one that has something to show where left out.
        columns: 1 or 2 columns of a journal.
        style: "paper", or "screen" for two columns as wide as a slide.
        draws: of the sweeps behind the figures.
        seed: of the draws.
        set: parameters and weights to fix.

    Raises:
        UsageError: an unknown figure or style, or a figure that has nothing to show.
    """
    from sim.show.chosen_figures import draw_chosen
    from sim.show.figures.style import STYLES

    if style not in STYLES:
        raise UsageError(f"'{style}' is no style. {did_you_mean(style, STYLES) or 'There are: paper, screen.'}")
    if style == "screen":
        columns = 2
    job = _job(scenario, draws, seed, columns, set)
    with progress_bars() as progress:
        return draw_chosen(job, Path(out), _names(figure), style=STYLES[style], progress=progress)


def report(
    scenario: Scenario,
    out: str | Path,
    *,
    draws: int = DRAWS,
    seed: int = SEED,
    set: Mapping[str, Number] | None = None,
) -> Path:
    """Write report.html, one page with figures inside, into a folder."""
    from sim.show.report import write_report

    job = _job(scenario, draws, seed, 2, set)
    with progress_bars() as progress:
        results, three = compute(job, say=lambda text: None, progress=progress)
    return write_report(results, Path(out), sentences=three, command=command_of(job))


def _job(scenario: Scenario, draws: int, seed: int, columns: int, values: Mapping[str, Number] | None) -> Job:
    data = with_values(scenario.data, rationals(dict(values or {})))
    written = {name: str(value) for name, value in (values or {}).items()}
    shipped = {path.resolve(): path.stem for path in shipped_scenarios()}
    file = shipped.get(Path(data.path).resolve(), data.path)  # as one types it
    return Job(data, file, written, requests_for(data), events_meant(data, None), draws, seed, Path(), columns)


def _one_request(scenario: Scenario, concept: str, order: str | None) -> Request:
    rows = requests_for(scenario.data, [concept], order)
    if len(rows) > 1:
        raise UsageError(
            f"'{concept}' has {len(rows)} orders here: name one of {', '.join(str(row.order) for row in rows)}."
        )
    return rows[0]


def _requests(scenario: Scenario, concepts: Names, order: str | None) -> tuple[Request, ...]:
    return requests_for(scenario.data, _names(concepts), order)


def _names(given: Names) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given or ())
