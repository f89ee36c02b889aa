"""The main job in its order: each step is shown as soon as it is ready, then figures, the report and the summary."""

import os
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import UsageError
from sim.scenario.model import ScenarioData, Slice
from sim.scenario.reader import scenario_hash
from sim.show.progress import Bars
from sim.solvers.concepts import Request

if TYPE_CHECKING:
    from sim.analysis.incentives import Incentives
    from sim.analysis.regime_map import RegimeMap
    from sim.analysis.sensitivity import Effect
    from sim.analysis.slices import SliceResult
    from sim.analysis.thresholds import ThresholdCurve
    from sim.show.results import RunResults

FIGURES = "figures"  # the folder in the run's folder
EFFECT_DRAWS = 500  # of the effects, computed anew at both ends of every uncertain number
CURVE_DRAWS = 1_000  # of the curve, computed anew at every value of one number
PREFERRED = "strategic_risk"  # the number whose threshold is drawn where a scenario has it

Say = Callable[[str], None]


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


def main_job(job: Job, *, say: Say, progress: Bars) -> dict[str, Any]:
    """Run, show and write everything.

    Args:
        job: what is asked.
        say: takes the text of each step.
        progress: makes a bar for each long step.

    Returns:
        What `summary.json` holds.

    Raises:
        UsageError: the folder holds a sweep, is a file, or cannot be written; nashpy is not installed.
        PayoffError: a payoff that is not a finite number.
    """
    from sim.sweeps.store import refuse_used_folder

    refuse_used_folder(job.folder)
    _refuse_unwritable(job.folder)
    results, three = compute(job, say=say, progress=progress)
    files = _draw(job, results, three, progress)
    document = _summary(job, results, three, [*files, "summary.json"])
    from sim.show import screen
    from sim.sweeps.store import write_json

    write_json(job.folder / "summary.json", document)
    say("\n" + screen.files_written(job.folder, document["files"]))
    return document


def _refuse_unwritable(folder: Path) -> None:
    """Say so before a minute of work, not after it."""
    there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    if not there.is_dir():
        raise UsageError(f"'{folder}' cannot be made: '{there}' is a file. Name another folder with --out.")
    if not os.access(there, os.W_OK | os.X_OK):
        raise UsageError(f"'{folder}' cannot be written: '{there}' is closed to you. Name another folder with --out.")


def compute(job: Job, *, say: Say, progress: Bars) -> "tuple[RunResults, tuple[str, ...]]":
    """All results of a run and its three sentences; nothing is written."""
    from sim.show import screen

    scenario = job.scenario
    say(screen.opening(scenario))
    from sim.analysis.incentives import incentives
    from sim.analysis.slices import solve_slices

    worth = incentives(scenario, draws=job.draws, seed=job.seed)
    say("\n" + screen.incentives_table(worth))
    slices = solve_slices(_sliced(scenario))
    say("\n" + screen.slice_matrices(slices, scenario))
    if slices:
        say("\n" + screen.slice_solutions(slices))
    return _over_draws(job, worth, slices, say, progress)


def _sliced(scenario: ScenarioData) -> ScenarioData:
    """A game of two without slices is its own slice."""
    if scenario.slices or len(scenario.players) != 2:
        return scenario
    row, column = scenario.players
    whole = Slice(scenario.name, row.moves, column.moves, row.name, column.name, {})
    return replace(scenario, slices=(whole,))


def _over_draws(
    job: Job, worth: "Incentives", slices: "tuple[SliceResult, ...]", say: Say, progress: Bars
) -> "tuple[RunResults, tuple[str, ...]]":
    from sim.analysis.answer import three_sentences
    from sim.analysis.convergence import convergence
    from sim.analysis.headline import headline
    from sim.analysis.sensitivity import thirds, uncertain_numbers
    from sim.analysis.thresholds import main_parameter, thresholds
    from sim.show import screen
    from sim.show.headline_table import headline_table
    from sim.show.plain_table import title
    from sim.show.results import Provenance, RunResults

    scenario, seed = job.scenario, job.seed
    asked: dict[str, Any] = {"requests": job.requests, "events": job.events}
    head = headline(scenario, **asked, draws=job.draws, seed=seed, progress=progress("draws, placebos, ranges"))
    say(f"\n{title('What holds over the draws')}\n{headline_table(head, job.events)}")
    few = asked | {"requests": _telling(job.requests), "draws": min(job.draws, EFFECT_DRAWS), "seed": seed}
    effects = thirds(scenario, **few, progress=progress("effect of each number"))
    numbers = uncertain_numbers(scenario)
    axis = PREFERRED if PREFERRED in numbers else main_parameter(effects)
    cuts = thresholds(scenario, axis, **asked) if axis else ()
    greatest = main_parameter(effects)
    others = thresholds(scenario, greatest, **asked) if greatest and greatest != axis else cuts
    three = three_sentences(head, effects, others)
    say("\n" + screen.sentences(three))
    provenance = Provenance(scenario.name, scenario_hash(scenario), seed, job.draws)
    results = RunResults(
        scenario=scenario,
        headline=head,
        incentives=worth,
        slices=slices,
        effects=effects,
        thresholds=cuts,
        curve=_curve(job, axis, progress),
        regime_map=_map(job, axis, effects),
        convergence=convergence(head),
        provenance=provenance,
    )
    return results, three


def _telling(requests: Sequence[Request]) -> tuple[Request, ...]:
    """The rows for which every number's effect is computed: plain Nash, pairs, and the first two orders of moves."""
    orders = [row for row in requests if row.order is not None][:2]
    chosen = [row for row in requests if row.concept in ("pure-nash", "strong-2") or row in orders]
    return tuple(chosen or requests)


def _curve(job: Job, axis: str | None, progress: Bars) -> "ThresholdCurve | None":
    from sim.analysis.thresholds import threshold_curve

    if axis is None:
        return None
    asked: dict[str, Any] = {"requests": job.requests, "events": job.events}
    bar, draws = progress(f"thresholds of {axis}"), min(job.draws, CURVE_DRAWS)
    return threshold_curve(job.scenario, axis, **asked, draws=draws, seed=job.seed, progress=bar)


def _map(job: Job, axis: str | None, effects: "Sequence[Effect]") -> "RegimeMap | None":
    """The plane of the curve's number and of the other one that matters most, under strong-2 where it was asked."""
    from sim.analysis.regime_map import regime_map
    from sim.analysis.thresholds import main_parameter

    other = main_parameter([effect for effect in effects if effect.parameter != axis])
    if axis is None or other is None:
        return None
    request = next((row for row in job.requests if row.concept == "strong-2"), job.requests[0])
    return regime_map(job.scenario, axis, other, request=request, events=job.events)


def command_of(job: Job) -> str:
    """What to type for the same run."""
    words = ["sim", "run", job.file, "--draws", str(job.draws), "--seed", str(job.seed)]
    words += [word for name, value in job.values.items() for word in ("--set", f"{name}={value}")]
    return shlex.join([*words, *job.narrowed])


def _draw(job: Job, results: "RunResults", three: Sequence[str], progress: Bars) -> list[str]:
    """Figures and the report, as names relative to the run's folder."""
    bar = progress("figures, report")
    bar(0, 2)
    from sim.show.figures.draw import draw_all
    from sim.show.report import write_report

    figures = draw_all(results, job.folder / FIGURES, job.columns)
    bar(1, 2)
    report = write_report(results, job.folder, sentences=three, command=command_of(job), drawn=job.folder / FIGURES)
    bar(2, 2)
    return [str(path.relative_to(job.folder)) for path in (*figures, report)]


def _summary(job: Job, results: "RunResults", three: Sequence[str], files: Sequence[str]) -> dict[str, Any]:
    from sim.show.summary import summary

    return summary(results, files) | {
        "title": job.scenario.title,
        "file": job.file,
        "set": dict(job.values),
        "concepts": [request.name for request in job.requests],
        "events": list(job.events),
        "columns": job.columns,
        "sentences": list(three),
    }
