"""The range through which one number is moved, its unit, and where a value lies in its own distribution."""

from collections.abc import Sequence

import numpy as np

from sim.errors import UsageError
from sim.scenario.distributions import is_fixed, support
from sim.scenario.model import Distribution, ScenarioData
from sim.scenario.spelling import did_you_mean
from sim.sweeps.quantiles import quantile

PRIOR_STEPS = 30  # halvings: a place in the prior to a billionth
TAIL = 0.001  # an unbounded range is cut at this quantile and at its mirror image


def range_of(scenario: ScenarioData, parameter: str) -> tuple[float, float]:
    """The range through which a number is moved: its support, an unbounded side cut at the quantile 0.001 or 0.999.

    Raises:
        UsageError: a name that is no number, or one that is fixed.
    """
    known = scenario.distributions()
    if parameter not in known:
        mend = did_you_mean(parameter, known)
        raise UsageError(f"'{parameter}' is no parameter and no weight of {scenario.name}. {mend}".rstrip())
    if is_fixed(known[parameter]):
        raise UsageError(f"'{parameter}' is fixed in {scenario.name}: it has no range. Give it a distribution.")
    low, high = support(known[parameter])
    if np.isfinite(low) and np.isfinite(high):
        return low, high
    return _cut(known[parameter], low, high)


def place_in_prior(scenario: ScenarioData, parameter: str, values: Sequence[float]) -> tuple[float, ...]:
    """The share of a number's own distribution below each value, by bisection of its quantile function.

    Empty for a ranked weight, whose distribution has no quantile function here.
    """
    distribution = scenario.distributions()[parameter]
    if distribution.kind == "ranked":
        return ()
    inverse = quantile(distribution)
    low, high = np.zeros(len(values)), np.ones(len(values))
    for _ in range(PRIOR_STEPS):
        middle = (low + high) / 2
        below = inverse(middle) < values
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return tuple(high.tolist())


def unit_of(scenario: ScenarioData, name: str) -> str:
    """The unit of a parameter; of a weight, the points of its player."""
    units = {own.name: own.unit for own in scenario.parameters}
    return units[name] if name in units else f"points of {name.partition('.')[0]}"


def _cut(distribution: Distribution, low: float, high: float) -> tuple[float, float]:
    least, greatest = quantile(distribution)(np.array([TAIL, 1 - TAIL])).tolist()
    return (low if np.isfinite(low) else least), (high if np.isfinite(high) else greatest)
