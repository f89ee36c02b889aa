"""What follows from an argument: what to do, what to find out, what an edit does, and whether it was right.

Each by its command's name and in its words; thin, as `sim.questions`.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sim import DRAWS, SEED
from sim.analysis.compare import Comparison, compare_option
from sim.analysis.compare import compare as compared
from sim.analysis.diff import Diff
from sim.analysis.diff import diff as diff_of
from sim.analysis.learn import Learning
from sim.analysis.learn import learn as learned
from sim.analysis.policy import Policy
from sim.analysis.policy import policy as policy_of
from sim.analysis.register import Hindcast, Registration
from sim.analysis.register import hindcast as scored
from sim.analysis.register import register as registered
from sim.api import Scenario
from sim.errors import UsageError
from sim.questions import Names, names_of, one_request, requests_of
from sim.sweeps.run import Progress


def compare(
    first: Scenario,
    second: Scenario | None = None,
    *,
    option: str | None = None,
    concepts: Names = None,
    order: str | None = None,
    event: Names = None,
    draws: int = DRAWS,
    seed: int = SEED,
    progress: Progress | None = None,
) -> Comparison:
    """Two scenarios on the same draws: how often the second helps or hurts each event, draw by draw.

    Args:
        first: from `load`.
        second: another one; or leave it out and name an option.
        option: as `disclosure=disclose`: the first without it against the first with it, and forced against forced.
        concepts: as in `sweep`.
        order: of moves.
        event: one or several; the headline events where left out.
        draws: of each sweep.
        seed: of all streams.
        progress: told of draws done.

    Raises:
        UsageError: nothing in common, or an unknown concept, order, event or option.
    """
    if (second is None) == (option is None):
        raise UsageError("Compare with a second scenario, or name an option; one of the two.")
    if option is not None:
        told: dict[str, Any] = {"requests": requests_of(first, concepts, order), "events": names_of(event)}
        return compare_option(first.data, option, **told, draws=draws, seed=seed, progress=progress)
    assert second is not None  # one of the two is given
    requests = requests_of(first, concepts, order) if concepts or order else None
    asked: dict[str, Any] = {"requests": requests, "events": names_of(event)}
    return compared(first.data, second.data, **asked, draws=draws, seed=seed, progress=progress)


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
    asked: dict[str, Any] = {"player": player, "level": level, "requests": requests_of(scenario, concepts, order)}
    return policy_of(scenario.data, **asked, draws=draws, seed=seed, progress=progress)


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
    asked: dict[str, Any] = {"requests": requests_of(scenario, concepts, order), "events": names_of(event)}
    who: dict[str, Any] = {"player": player, "groups": groups}
    return learned(scenario.data, **who, **asked, draws=draws, seed=seed, progress=progress)


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
    asked: dict[str, Any] = {"requests": requests_of(first, concepts, order), "events": names_of(event)}
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
    asked: dict[str, Any] = {"request": one_request(scenario, concept, order), "events": names_of(event)}
    what: dict[str, Any] = {"rules": rules, "registered": date.today(), "resolve_by": resolve_by}
    return registered(scenario.data, **asked, **what, draws=draws, seed=seed)


def hindcast(scenario: Scenario, record: Mapping[str, Any], outcomes: Mapping[str, bool]) -> Hindcast:
    """Score a record against what happened, at both ends of the sets of equilibria, beside baselines.

    Raises:
        UsageError: a record or a scenario that was edited since, an outcome that was not registered.
    """
    return scored(scenario.data, record, outcomes)
