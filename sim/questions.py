"""What an argument shows: the questions that a scenario is asked from Python, each by its command's name.

Thin: names become rows and events, then the analysis of that name does the work. `to_dict()` of an answer is what the
command prints with `--json`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sim import DRAWS, SEED
from sim.analysis.believe import Beliefs
from sim.analysis.believe import believe as believed
from sim.analysis.challenge import Challenge
from sim.analysis.challenge import challenge as challenged
from sim.analysis.discover import Discovery
from sim.analysis.discover import discover as discovered
from sim.analysis.explain import Explanation, parse_profile
from sim.analysis.explain import explain as explained
from sim.analysis.flips import Thresholds, flips, followed
from sim.analysis.placebo import Placebo
from sim.analysis.placebo import placebo as placebo_of
from sim.analysis.prove import Proof
from sim.analysis.prove import prove as proved
from sim.analysis.regime_map import RegimeMap, regime_map
from sim.analysis.sensitivity import telling_rows, uncertain_numbers
from sim.analysis.sobol_indices import Sensitivity
from sim.analysis.sobol_indices import sensitivity as sensitivity_of
from sim.analysis.structure import Structure
from sim.analysis.structure import structure as structure_of
from sim.analysis.thresholds import thresholds as thresholds_of
from sim.api import Number, Scenario, rationals
from sim.errors import UsageError
from sim.scenario.versions import with_values
from sim.solvers.concepts import Request, requests_for
from sim.sweeps.run import Progress

Names = str | Sequence[str] | None


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
    asked: dict[str, Any] = {"requests": requests_of(scenario, concepts, order), "events": names_of(event)}
    return placebo_of(scenario.data, **asked, draws=draws, seed=seed, progress=progress)


def thresholds(
    scenario: Scenario,
    parameter: Names = None,
    *,
    concepts: Names = None,
    order: str | None = None,
    event: Names = None,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Thresholds:
    """Where the status of each event changes as one number moves through its range, all else at central values.

    Of the numbers that are named, else of the file's `threshold`, the answer also tells where it lies over draws.

    Args:
        scenario: from `load`.
        parameter: one or several parameters or weights; every uncertain one where left out.
        concepts: as in `sweep`.
        order: of moves.
        event: one or several; the headline events where left out.
        draws: in which the place of each flip is looked for.
        seed: of all streams.

    Raises:
        UsageError: an unknown or fixed number; an unknown concept, order or event.
    """
    data, named = scenario.data, names_of(parameter)
    asked: dict[str, Any] = {"requests": requests_of(scenario, concepts, order), "events": names_of(event)}
    rows = [row for number in named or uncertain_numbers(data) for row in thresholds_of(data, number, **asked)]
    moved = [flips(data, one, **asked, draws=draws, seed=seed) for one in followed(data, named)]
    return Thresholds(tuple(rows), tuple(own for one in moved for own in one))


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
    asked: dict[str, Any] = {"requests": requests_of(scenario, concepts, order), "events": names_of(event)}
    what: dict[str, Any] = {"drop": names_of(drop), "deny": names_of(deny), "doubt": doubt, "shapley": shapley}
    return challenged(scenario.data, **what, **asked, draws=draws, seed=seed, progress=progress)


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
    asked: dict[str, Any] = {"requests": requests_of(scenario, concepts, order), "events": (event,)}
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
    asked: dict[str, Any] = {"requests": requests_of(scenario, concepts, order), "events": (event,)}
    return believed(scenario.data, **asked, draws=draws, seed=seed, progress=progress)[0]


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
    asked: dict[str, Any] = {"requests": requests_of(scenario, concepts, order), "events": names_of(event)}
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
    asked: dict[str, Any] = {"requests": requests_of(scenario, concepts, order), "events": names_of(event)}
    return discovered(scenario.data, **asked, draws=draws, seed=seed, progress=progress)


def sensitivity(
    scenario: Scenario,
    *,
    concepts: Names = None,
    order: str | None = None,
    event: Names = None,
    draws: int = DRAWS,
    seed: int = SEED,
    progress: Progress | None = None,
) -> Sensitivity:
    """Which groups of numbers make the variance of each event, alone and with interactions.

    Args:
        scenario: from `load`.
        concepts: as in `sweep`; plain Nash, pairs, and the first two orders of moves where left out.
        order: of moves.
        event: one or several; the headline events where left out.
        draws: made 16 times the next power of two; as many again are solved for each group.
        seed: of the scrambles.
        progress: told of groups done and in all.

    Raises:
        UsageError: an unknown concept, order or event.
    """
    requests = requests_of(scenario, concepts, order)
    asked: dict[str, Any] = {"requests": requests if concepts else telling_rows(requests), "events": names_of(event)}
    return sensitivity_of(scenario.data, **asked, draws=draws, seed=seed, progress=progress)


def map(
    scenario: Scenario, x: str, y: str, *, concept: str = "strong-2", order: str | None = None, event: Names = None
) -> RegimeMap:
    """How two numbers share the plane under one concept, all else at central values.

    Raises:
        UsageError: an unknown or fixed number, or a concept with several orders where none is named.
    """
    return regime_map(scenario.data, x, y, request=one_request(scenario, concept, order), events=names_of(event))


def one_request(scenario: Scenario, concept: str, order: str | None) -> Request:
    """The one row that is meant. Raises UsageError where the concept has several orders and none is named."""
    rows = requests_for(scenario.data, [concept], order)
    if len(rows) > 1:
        raise UsageError(
            f"'{concept}' has {len(rows)} orders here: name one of {', '.join(str(row.order) for row in rows)}."
        )
    return rows[0]


def requests_of(scenario: Scenario, concepts: Names, order: str | None) -> tuple[Request, ...]:
    """The rows that are meant; every one of the scenario where nothing is said."""
    return requests_for(scenario.data, names_of(concepts), order)


def names_of(given: Names) -> tuple[str, ...]:
    """One name or several, as a tuple."""
    return (given,) if isinstance(given, str) else tuple(given or ())
