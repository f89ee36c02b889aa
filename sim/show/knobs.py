"""The numbers that a reader may move by hand: which matter most, how far each goes, and what one step of it is.

Which matter most is a screening: each number is set low and high within a few hundred draws, and what counts is the
share of draws in which that changes what holds. Where a reader names the numbers, nothing is screened.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor, log10

from sim.analysis.ranges import range_of, unit_of
from sim.analysis.sensitivity import dependence_notes, thirds
from sim.scenario.distributions import central
from sim.scenario.model import ScenarioData
from sim.show.origins import known_text
from sim.solvers.concepts import Request

MOST = 5  # numbers that stand where nobody names them
SCREENING = 300  # draws: enough to tell the few that matter from the many that do not
STEPS = 60  # at least so many from one end to the other


@dataclass(frozen=True, slots=True)
class Knob:
    """One number and the range through which it is moved."""

    name: str
    low: float
    high: float
    central: Fraction
    step: float
    unit: str
    about: str
    known: str  # what the file knows of it, in words
    note: str  # what moving it alone breaks; empty where it is drawn on its own
    moves: float | None  # share of screened draws in which it changes what holds, mean over rows; None: not screened

    @property
    def label(self) -> str:
        """Name and unit."""
        return f"{self.name} ({self.unit})" if self.unit and self.unit != "1" else self.name

    @property
    def reach(self) -> float:
        """Half a step: what lies nearer to a value has no step of its own."""
        return self.step / 2 * (1 + 1e-9)


def knobs(
    scenario: ScenarioData, requests: Sequence[Request], *, numbers: Sequence[str] | None = None, seed: int = 1
) -> tuple[Knob, ...]:
    """The numbers to move, as named or the `MOST` that move most; empty where every number is known.

    Args:
        scenario: checked data.
        requests: the concepts and orders whose answers count.
        numbers: parameters and weights, in the order wanted.
        seed: of the screening.

    Raises:
        UsageError: a name that is no number, or one that is fixed.
    """
    if numbers is not None:
        return tuple(_knob(scenario, name, None) for name in dict.fromkeys(numbers))
    found: dict[str, list[float]] = {}
    for effect in thirds(scenario, requests=requests, draws=SCREENING, seed=seed):
        found.setdefault(effect.parameter, []).append(effect.size)
    moves = {name: sum(own) / len(own) for name, own in found.items()}
    first = sorted(moves, key=lambda name: -moves[name])[:MOST]  # of equals, the first in the file
    return tuple(_knob(scenario, name, moves[name]) for name in first)


def _knob(scenario: ScenarioData, name: str, moves: float | None) -> Knob:
    low, high = range_of(scenario, name)
    known = scenario.distributions()[name]
    return Knob(
        name=name,
        low=low,
        high=high,
        central=central(known),
        step=_step(high - low),
        unit=unit_of(scenario, name),
        about=_about(scenario, name),
        known=known_text(known),
        note=dependence_notes(scenario).get(name, ""),
        moves=moves,
    )


def _step(span: float) -> float:
    """The largest of ..., 0.1, 0.2, 0.5, 1, 2, 5, ... that makes at least `STEPS` steps."""
    most = span / STEPS
    power = float(f"1e{floor(log10(most))}")
    return max(float(f"{k * power:.1g}") for k in (1, 2, 5) if k * power <= most * (1 + 1e-9))


def _about(scenario: ScenarioData, name: str) -> str:
    """What the file says of a parameter; of a weight, whose and of which stake it is."""
    for parameter in scenario.parameters:
        if parameter.name == name:
            return parameter.about
    player, _, stake = name.partition(".")
    said = next(own.about for own in scenario.stakes if own.name == stake)
    return f"What {scenario.titles().get(player, player)} gives for one swing of {stake}. {said}".strip()
