"""Lower and upper events: what holds in every equilibrium of a draw, and what holds in some, or may."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.errors import UsageError
from sim.scenario.model import ScenarioData
from sim.scenario.spelling import did_you_mean
from sim.sweeps.status import ALWAYS, NEVER, NONE, UNDECLARED


def lower(codes: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Where the event holds in every equilibrium; false where there is none. Any shape."""
    return np.equal(codes, ALWAYS)


def upper(codes: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Where the event holds in some equilibrium, or may; false where there is none. Any shape."""
    return np.not_equal(codes, NEVER) & np.not_equal(codes, NONE)


def level(codes: NDArray[np.int8]) -> NDArray[np.int8]:
    """The pair (lower, upper) as one ordered number: 0 neither, 1 upper alone, 2 both. Any shape."""
    return lower(codes).astype(np.int8) + upper(codes).astype(np.int8)


def events_meant(scenario: ScenarioData, events: Sequence[str] | None) -> tuple[str, ...]:
    """The events asked for, in that order; the headline ones, else all, where nothing is said.

    Raises:
        UsageError: a name that is no event.
    """
    known = [event.name for event in scenario.events]
    if not known:
        return (UNDECLARED,)  # what the engine calls "there is an equilibrium" where a scenario declares no event
    for name in events or ():
        if name not in known:
            raise UsageError(f"'{name}' is no event of {scenario.name}. {did_you_mean(name, known)}".rstrip())
    return tuple(dict.fromkeys(events)) if events else scenario.headline or tuple(known)
