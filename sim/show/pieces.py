"""A run and its results, each computed when it is first asked for and then kept: who wants one waits for no other."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.scenario.distributions import is_fixed
from sim.scenario.model import ScenarioData, Slice
from sim.scenario.reader import scenario_hash
from sim.show.progress import Bars
from sim.solvers.concepts import Request

if TYPE_CHECKING:
    from sim.analysis.convergence import Convergence
    from sim.analysis.headline import Headline
    from sim.analysis.incentives import Incentives
    from sim.analysis.indices import Indices
    from sim.analysis.regime_map import RegimeMap
    from sim.analysis.sensitivity import Effect
    from sim.analysis.slices import SliceResult
    from sim.analysis.sobol_indices import Sensitivity
    from sim.analysis.thresholds import Threshold, ThresholdCurve
    from sim.show.results import RunResults

EFFECT_DRAWS = 1_000  # of the effects, computed anew at both ends of every uncertain number
VARIANCE_DRAWS = 16_384  # at most, of the indices, and as many again for each group of numbers
CURVE_DRAWS = 1_000  # of the curve, computed anew at every value of one number

# Every result by its name in `RunResults`, with what stands there where it is not asked for.
NOTHING: dict[str, Any] = {
    "incentives": None,
    "slices": (),
    "headline": None,
    "indices": None,
    "effects": (),
    "thresholds": (),
    "curve": None,
    "regime_map": None,
    "convergence": None,
    "variance": None,
}
NAMED_ONLY = ("variance",)  # solves as many sweeps as there are numbers: computed where it is named, and not in a run


@dataclass(frozen=True, slots=True)
class Job:
    """What is asked of one run."""

    scenario: ScenarioData  # with `values` in it already
    file: str  # as the person named it
    values: Mapping[str, str]  # of --set, as written
    requests: tuple[Request, ...]
    events: tuple[str, ...]
    draws: int
    seed: int
    folder: Path
    columns: int
    narrowed: tuple[str, ...] = ()  # options that narrow concepts, orders and events, as typed


class Pieces:
    """The results of one job. Every property is computed once.

    Args:
        job: what is asked.
        progress: makes a bar for each long step.
        axis: the number whose threshold is drawn; the file's, or the one that moves most, where left out.
    """

    def __init__(self, job: Job, progress: Bars, axis: str | None = None) -> None:
        self.job, self.progress, self._axis = job, progress, axis
        self._asked: dict[str, Any] = {"requests": job.requests, "events": job.events}

    def results(self, only: Collection[str] | None = None) -> "RunResults":
        """Those named, and whatever they are made from; all of a run where none is named."""
        from sim.show.results import Provenance, RunResults

        only = [name for name in NOTHING if name not in NAMED_ONLY] if only is None else only

        job = self.job
        found = {name: getattr(self, name) if name in only else nothing for name, nothing in NOTHING.items()}
        source = Provenance(job.scenario.name, scenario_hash(job.scenario), job.seed, job.draws, job.values)
        return RunResults(scenario=job.scenario, provenance=source, **found)

    @cached_property
    def incentives(self) -> "Incentives":
        """Where payoffs come from."""
        from sim.analysis.incentives import incentives

        return incentives(self.job.scenario, draws=self.job.draws, seed=self.job.seed)

    @cached_property
    def slices(self) -> "tuple[SliceResult, ...]":
        """The two-player games inside; a game of two without slices is its own."""
        from sim.analysis.slices import solve_slices

        scenario = self.job.scenario
        if not scenario.slices and len(scenario.players) == 2:
            row, column = scenario.players
            whole = Slice(scenario.name, row.moves, column.moves, row.name, column.name, {})
            scenario = replace(scenario, slices=(whole,))
        return solve_slices(scenario)

    @cached_property
    def headline(self) -> "Headline":
        """What holds over the draws."""
        from sim.analysis.headline import headline

        bar = self.progress("draws, placebos, ranges")
        return headline(self.job.scenario, **self._asked, draws=self.job.draws, seed=self.job.seed, progress=bar)

    @cached_property
    def indices(self) -> "Indices":
        """How much worse than it could be, for each player or observer that the file asks about."""
        from sim.analysis.indices import indices

        return indices(self.job.scenario, requests=self.job.requests, draws=self.job.draws, seed=self.job.seed)

    @cached_property
    def effects(self) -> "tuple[Effect, ...]":
        """What each uncertain number moves."""
        from sim.analysis.sensitivity import telling_rows, thirds

        rows, draws = telling_rows(self.job.requests), min(self.job.draws, EFFECT_DRAWS)
        asked: dict[str, Any] = {"requests": rows, "events": self.job.events, "draws": draws, "seed": self.job.seed}
        return thirds(self.job.scenario, **asked, progress=self.progress("effect of each number"))

    @cached_property
    def greatest(self) -> str | None:
        """The number with the greatest effect."""
        from sim.analysis.thresholds import main_parameter

        return main_parameter(self.effects)

    @cached_property
    def axis(self) -> str | None:
        """The number that is moved through its range; None where all are fixed."""
        from sim.analysis.sensitivity import uncertain_numbers

        if self._axis is not None:
            return self._axis
        asked = self.job.scenario.threshold
        return asked if asked in uncertain_numbers(self.job.scenario) else self.greatest

    @cached_property
    def thresholds(self) -> "tuple[Threshold, ...]":
        """Where statuses change along the axis, all else central."""
        return self._thresholds_of(self.axis)

    @cached_property
    def greatest_thresholds(self) -> "tuple[Threshold, ...]":
        """The same along the number with the greatest effect."""
        same = self.greatest is None or self.greatest == self.axis
        return self.thresholds if same else self._thresholds_of(self.greatest)

    @cached_property
    def curve(self) -> "ThresholdCurve | None":
        """Shares at every value of the axis."""
        from sim.analysis.thresholds import threshold_curve

        if self.axis is None:
            return None
        bar, draws = self.progress(f"thresholds of {self.axis}"), min(self.job.draws, CURVE_DRAWS)
        asked: dict[str, Any] = {**self._asked, "draws": draws, "seed": self.job.seed}
        return threshold_curve(self.job.scenario, self.axis, **asked, progress=bar)

    @cached_property
    def regime_map(self) -> "RegimeMap | None":
        """The plane of the axis and of the other number that matters most, under strong-2 where it was asked."""
        from sim.analysis.regime_map import regime_map
        from sim.analysis.thresholds import main_parameter

        axis = self.axis
        other = main_parameter([effect for effect in self.effects if effect.parameter != axis])
        if axis is None or other is None:
            return None
        requests = self.job.requests
        request = next((row for row in requests if row.concept == "strong-2"), requests[0])
        return regime_map(self.job.scenario, axis, other, request=request, events=self.job.events)

    @cached_property
    def convergence(self) -> "Convergence | None":
        """How the shares settle; None where all draws are the same, and where there is but one."""
        from sim.analysis.convergence import convergence

        numbers = self.job.scenario.distributions().values()
        if self.job.draws < 2 or all(is_fixed(own) for own in numbers):
            return None  # an error of sampling would be told of what is not sampled
        return convergence(self.headline)

    @cached_property
    def variance(self) -> "Sensitivity":
        """How much of each event's variance each group of numbers makes."""
        from sim.analysis.sensitivity import telling_rows
        from sim.analysis.sobol_indices import sensitivity

        rows, draws = telling_rows(self.job.requests), min(self.job.draws, VARIANCE_DRAWS)
        bar = self.progress("indices of each group")
        asked: dict[str, Any] = {"requests": rows, "events": self.job.events, "draws": draws}
        return sensitivity(self.job.scenario, **asked, seed=self.job.seed, progress=bar)

    def _thresholds_of(self, number: str | None) -> "tuple[Threshold, ...]":
        from sim.analysis.thresholds import thresholds

        return thresholds(self.job.scenario, number, **self._asked) if number else ()
