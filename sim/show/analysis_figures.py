"""One figure an analysis, by the name of its command: what it computes, how it is drawn, why there may be nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.analysis.ranges import range_of
from sim.analysis.sensitivity import telling_rows, uncertain_numbers
from sim.errors import UsageError
from sim.scenario.distributions import central
from sim.scenario.reader import scenario_hash
from sim.show.pieces import Job
from sim.show.progress import Bars
from sim.show.results import Provenance
from sim.solvers.concepts import Request

if TYPE_CHECKING:
    from sim.analysis.thresholds import Threshold
    from sim.show.figures.files import Drawing


@dataclass(frozen=True, slots=True)
class AnalysisFigure:
    """How one figure comes about."""

    compute: Callable[[Job, Bars], Any]
    draw: Callable[[Any, Job], "Drawing"]
    unasked: Callable[[Job], str]  # why the analysis cannot be asked of this scenario; empty where it can
    empty: Callable[[Any], str]  # why its answer has nothing to show; empty where it has


def missing(name: str, job: Job) -> str:
    """Why the figure cannot be made of this scenario, whatever its numbers; empty where it can."""
    return FIGURES[name].unasked(job)


def drawing(name: str, job: Job, progress: Bars) -> "Drawing":
    """Compute one analysis alone, and draw it.

    Raises:
        UsageError: it cannot be asked of this scenario, or its answer has nothing to show.
    """
    one = FIGURES[name]
    why = one.unasked(job)
    if not why:
        found = one.compute(job, progress)
        why = one.empty(found)
    if why:
        raise UsageError(f"'{name}' cannot be drawn: {why}.")
    return one.draw(found, job)


def source(job: Job) -> Provenance:
    """Where the figures of a job come from."""
    return Provenance(job.scenario.name, scenario_hash(job.scenario), job.seed, job.draws, job.values)


def _asked(job: Job, rows: tuple[Request, ...] | None = None) -> dict[str, Any]:
    return {"requests": rows or job.requests, "events": job.events, "draws": job.draws, "seed": job.seed}


def _shown(job: Job) -> dict[str, Any]:
    return {"provenance": source(job), "columns": job.columns, "titles": job.scenario.titles()}


def _central(job: Job) -> dict[str, float]:
    return {name: float(central(own)) for name, own in job.scenario.distributions().items()}


def _telling(job: Job) -> list[str]:
    return [row.name for row in telling_rows(job.requests)]


def _always(of: Any) -> str:
    return ""


def _no_numbers(job: Job) -> str:
    return "" if uncertain_numbers(job.scenario) else "no number is uncertain"


def _nobody(job: Job) -> str:
    """Why no player commits to an action."""
    decides = job.scenario.decides
    if decides is None:
        return "the scenario does not say who decides ([scenario] decides)"
    if all(len(move.allowed) < 2 for move in job.scenario.moves if move.player == decides):
        return f"{decides} has no choice"
    if job.scenario.table is not None and job.scenario.table.ordinal:
        return "payoffs are ranks, which cannot be regretted"
    return ""


def _placebo(job: Job, progress: Bars) -> Any:
    from sim.analysis.placebo import placebo

    return placebo(job.scenario, **_asked(job), progress=progress("placebos"))


def _draw_placebo(found: Any, job: Job) -> "Drawing":
    from sim.show.figures.placebo import placebo_figure

    return placebo_figure(found, **_shown(job))


def _policy(job: Job, progress: Bars) -> Any:
    from sim.analysis.policy import policy

    asked = _asked(job, telling_rows(job.requests))
    del asked["events"]
    return policy(job.scenario, **asked, progress=progress("commitments"))


def _draw_policy(found: Any, job: Job) -> "Drawing":
    from sim.show.figures.policy import policy_figure

    return policy_figure(found, **_shown(job), telling=_telling(job))


def _prove(job: Job, progress: Bars) -> Any:
    from sim.analysis.prove import prove

    return prove(job.scenario, **_asked(job), progress=progress("proofs"))


def _draw_prove(found: Any, job: Job) -> "Drawing":
    from sim.show.figures.prove import prove_figure

    return prove_figure(found, **_shown(job))


def _believe(job: Job, progress: Bars) -> Any:
    from sim.analysis.believe import believe

    return believe(job.scenario, **_asked(job, telling_rows(job.requests)), progress=progress("beliefs"))


def _draw_believe(found: Any, job: Job) -> "Drawing":
    from sim.show.figures.believe import believe_figure

    return believe_figure(found, **_shown(job), telling=_telling(job), central=_central(job))


def _challenge(job: Job, progress: Bars) -> Any:
    from sim.analysis.challenge import challenge

    return challenge(job.scenario, **_asked(job), progress=progress("claims"))


def _draw_challenge(found: Any, job: Job) -> "Drawing":
    from sim.show.figures.challenge import challenge_figure

    return challenge_figure(found, **_shown(job))


def _structure(job: Job, progress: Bars) -> Any:
    from sim.analysis.structure import structure

    return structure(job.scenario, **_asked(job), progress=progress("structures"))


def _draw_structure(found: Any, job: Job) -> "Drawing":
    from sim.show.figures.structure import structure_figure

    return structure_figure(found, **_shown(job))


def _learn(job: Job, progress: Bars) -> Any:
    from sim.analysis.learn import learn

    asked = _asked(job, telling_rows(job.requests))
    return learn(job.scenario, player=job.scenario.decides, **asked, progress=progress("worth of numbers"))


def _draw_learn(found: Any, job: Job) -> "Drawing":
    from sim.show.figures.learn import learn_figure

    return learn_figure(found, **_shown(job), telling=_telling(job))


def _thresholds(job: Job, progress: Bars) -> Any:
    from sim.analysis.thresholds import thresholds

    numbers, told = uncertain_numbers(job.scenario), progress("thresholds")
    rows: list[Threshold] = []
    for done, number in enumerate(numbers, start=1):
        rows += thresholds(job.scenario, number, requests=job.requests, events=job.events)
        told(done, len(numbers))
    return rows


def _draw_thresholds(found: Any, job: Job) -> "Drawing":
    from sim.show.figures.thresholds import thresholds_figure

    return thresholds_figure(found, **_shown(job), central=_central(job))


def _discover(job: Job, progress: Bars) -> Any:
    from sim.analysis.discover import discover

    return discover(job.scenario, **_asked(job), progress=progress("boxes"))


def _draw_discover(found: Any, job: Job) -> "Drawing":
    from sim.show.figures.discover import discover_figure

    middle = _central(job)
    ranges = {}
    for name in uncertain_numbers(job.scenario):
        low, high = range_of(job.scenario, name)
        ranges[name] = (low, middle[name], high)
    return discover_figure(found, **_shown(job), ranges=ranges)


def _no_claims(job: Job) -> str:
    return "" if job.scenario.claims else "the scenario has no register of claims"


def _all_idle(found: Any) -> str:
    return "" if any(not row.idle for row in found.rows) else "no claim touches a payoff"


FIGURES = {
    "placebo": AnalysisFigure(_placebo, _draw_placebo, _always, _always),
    "policy": AnalysisFigure(_policy, _draw_policy, _nobody, _always),
    "prove": AnalysisFigure(_prove, _draw_prove, _always, _always),
    "believe": AnalysisFigure(_believe, _draw_believe, _no_numbers, _always),
    "challenge": AnalysisFigure(_challenge, _draw_challenge, _no_claims, _all_idle),
    "structure": AnalysisFigure(_structure, _draw_structure, _always, _always),
    "learn": AnalysisFigure(
        _learn, _draw_learn, _nobody, lambda found: "" if found.rows else "nothing varies enough to be learned about"
    ),
    "thresholds": AnalysisFigure(
        _thresholds,
        _draw_thresholds,
        _no_numbers,
        lambda found: "" if any(one.values for one in found) else "no single number changes the status of an event",
    ),
    "discover": AnalysisFigure(
        _discover,
        _draw_discover,
        _no_numbers,
        lambda found: "" if any(one.rules for one in found.rows) else "no event has a box of a few numbers",
    ),
}
