"""What one run of a scenario hands to whatever shows it: the results of all its analyses, and where they come from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sim.analysis.convergence import Convergence
from sim.analysis.headline import Headline
from sim.analysis.incentives import Incentives
from sim.analysis.indices import Indices
from sim.analysis.regime_map import RegimeMap
from sim.analysis.sensitivity import Effect
from sim.analysis.slices import SliceResult
from sim.analysis.sobol_indices import Sensitivity
from sim.analysis.thresholds import Threshold, ThresholdCurve
from sim.scenario.model import ScenarioData


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a reader needs to draw the same figure again."""

    scenario: str  # its name
    hash: str  # of the resolved scenario
    seed: int
    draws: int
    values: Mapping[str, str] = field(default_factory=dict)  # of --set, as written


@dataclass(frozen=True, slots=True, eq=False)
class RunResults:
    """The results of `sim run`. An analysis that had nothing to work on is None, or an empty tuple."""

    scenario: ScenarioData
    headline: Headline | None
    incentives: Incentives | None
    slices: tuple[SliceResult, ...]
    effects: tuple[Effect, ...]
    thresholds: tuple[Threshold, ...]
    curve: ThresholdCurve | None
    regime_map: RegimeMap | None
    convergence: Convergence | None
    provenance: Provenance
    indices: Indices | None = None
    variance: Sensitivity | None = None  # where it was named: a run does without
