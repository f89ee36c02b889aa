"""Versions of one scenario in memory: some numbers fixed, or known more or less widely than the file says."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from sim.errors import UsageError
from sim.scenario.distributions import as_uniform, widened
from sim.scenario.model import Distribution, ScenarioData
from sim.scenario.spelling import did_you_mean


def with_distributions(scenario: ScenarioData, known: Mapping[str, Distribution]) -> ScenarioData:
    """The scenario with other distributions for some parameters or weights (`RU.shells`).

    Raises:
        UsageError: a name that is no parameter and no weight, with the nearest right one.
    """
    names = scenario.distributions()
    for name in known:
        if name not in names:
            raise UsageError(f"'{name}' is no parameter and no weight of {scenario.name}. {did_you_mean(name, names)}")
    return replace(
        scenario,
        parameters=tuple(replace(own, value=known.get(own.name, own.value)) for own in scenario.parameters),
        interests=tuple(replace(own, weight=known.get(own.name, own.weight)) for own in scenario.interests),
    )


def with_values(scenario: ScenarioData, values: Mapping[str, Fraction]) -> ScenarioData:
    """The scenario with some numbers fixed, as `--set` does. Raises UsageError as `with_distributions`."""
    return with_distributions(scenario, {name: Distribution("fixed", (value,)) for name, value in values.items()})


def with_ranges(scenario: ScenarioData, factor: Fraction) -> ScenarioData:
    """The scenario with every range scaled about its central value; 1/2 halves, 2 doubles."""
    units = {own.name: own.unit for own in scenario.parameters}
    known = scenario.distributions()
    return with_distributions(
        scenario, {name: widened(own, factor, unit=units.get(name, "")) for name, own in known.items()}
    )


def with_uniforms(scenario: ScenarioData) -> ScenarioData:
    """The scenario with uniform distributions over the same ranges in place of PERT and triangular ones."""
    return with_distributions(scenario, {name: as_uniform(own) for name, own in scenario.distributions().items()})
