"""What sampling needs of a scenario, written down: numbers left out of a store can be made again from the seed."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from sim.scenario.distributions import is_fixed
from sim.scenario.model import Correlated, Distribution, Ranked, ScenarioData
from sim.sweeps.streams import INDEPENDENT, Sampler, sample, sobol_over


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of a scenario: all that `sample` looks at."""

    known: tuple[tuple[str, Distribution], ...]
    correlated: tuple[Correlated, ...]
    ranked: tuple[Ranked, ...]

    def distributions(self) -> dict[str, Distribution]:
        """Every number by name, in file order."""
        return dict(self.known)


def written(scenario: ScenarioData) -> dict[str, Any]:
    """The numbers as JSON holds them; fractions as text, so that nothing is rounded."""
    return {
        "numbers": {name: _written(own) for name, own in scenario.distributions().items()},
        "correlated": [{"of": list(own.of), "rho": str(own.rho)} for own in scenario.correlated],
        "ranked": [{"of": list(own.of), "total": str(own.total), "signs": list(own.signs)} for own in scenario.ranked],
    }


def read(document: Mapping[str, Any]) -> Numbers:
    """What `written` wrote."""
    return Numbers(
        tuple((name, _read(own)) for name, own in document["numbers"].items()),
        tuple(Correlated(tuple(own["of"]), Fraction(own["rho"])) for own in document["correlated"]),
        tuple(Ranked(tuple(own["of"]), Fraction(own["total"]), tuple(own["signs"])) for own in document["ranked"]),
    )


def sampler_of(name: str, scenario: ScenarioData | Numbers) -> Sampler:
    """The sampler of that name for one scenario."""
    return INDEPENDENT if name == "mc" else sobol_over([cast(ScenarioData, scenario)])


def made_again(document: Mapping[str, Any], sampler: str, seed: int, start: int, draws: int) -> dict[str, Any]:
    """The columns of the uncertain numbers of draws start .. start + draws - 1: `p.need`, `w.RU.shells`."""
    numbers = read(document)
    values = sample(cast(ScenarioData, numbers), seed, start, draws, sampler_of(sampler, numbers))
    known = numbers.distributions()
    columns: dict[str, NDArray[np.float64]] = {
        column_of(name): np.broadcast_to(own, draws) for name, own in values.items() if not is_fixed(known[name])
    }
    return columns


def column_of(name: str) -> str:
    """The column of a parameter or a weight; a weight's name has a dot, a parameter's has none."""
    return f"w.{name}" if "." in name else f"p.{name}"


def _written(own: Distribution) -> dict[str, Any]:
    found: dict[str, Any] = {"kind": own.kind, "numbers": [str(number) for number in own.numbers]}
    if own.shares:
        found["shares"] = [str(share) for share in own.shares]
    if own.within is not None:
        found["within"] = [str(bound) for bound in own.within]
    return found


def _read(document: Mapping[str, Any]) -> Distribution:
    numbers, shares = (tuple(map(Fraction, document.get(key, ()))) for key in ("numbers", "shares"))
    within = document.get("within")
    bounds = None if within is None else (Fraction(within[0]), Fraction(within[1]))
    return Distribution(document["kind"], numbers, shares, bounds)
