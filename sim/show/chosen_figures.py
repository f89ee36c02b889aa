"""Some figures of a run by name, or all of them; nothing is computed but what they show."""

from collections.abc import Sequence
from pathlib import Path

from sim.analysis.sensitivity import uncertain_numbers
from sim.errors import UsageError
from sim.scenario.model import ScenarioData
from sim.scenario.spelling import did_you_mean
from sim.show import analysis_figures
from sim.show.figures.draw import draw_all, plan
from sim.show.figures.files import Drawing, save
from sim.show.figures.style import PAPER, Style
from sim.show.pieces import Job, Pieces
from sim.show.progress import Bars
from sim.show.results import RunResults

# Figure -> the results that it is drawn from.
NEEDS = {
    "payoff-matrices": ("slices",),
    "incentives": ("incentives",),
    "shares-by-concept": ("headline",),
    "sensitivity": ("effects",),
    "regime-map": ("regime_map",),
    "convergence": ("convergence",),
}
ONLY_NAMED = {"sensitivity-indices": ("variance",)}  # drawn where it is named, and not among all figures
THRESHOLD = "threshold-"  # and the number's name
OF_THRESHOLD = ("curve", "thresholds")


def draw_chosen(job: Job, folder: Path, names: Sequence[str], *, style: Style = PAPER, progress: Bars) -> list[Path]:
    """Write the named figures, each in all its formats; every figure of a run that has something to show where none is.

    Args:
        job: whose results are shown, and for how many columns.
        folder: made where it is missing.
        names: `threshold-` takes any uncertain number; a figure of an analysis bears the name of its command.
        style: for paper or for a screen.
        progress: makes a bar for each long step.

    Raises:
        UsageError: an unknown figure, or one that has nothing to show; nothing is written then.
    """
    known = names_of_figures(job.scenario)
    for name in names:
        if name not in known:
            raise UsageError(f"'{name}' is no figure here. {did_you_mean(name, known)}".rstrip())
    pieces = Pieces(job, progress)
    if not names:
        return draw_all(pieces.results(), folder, job.columns, style)
    for name in names:
        if name in analysis_figures.FIGURES and (why := analysis_figures.missing(name, job)):
            raise UsageError(f"'{name}' cannot be drawn: {why}.")
    drawings = {name: _drawing(pieces, name) for name in dict.fromkeys(names)}
    paths = []
    for name, drawing in drawings.items():
        paths += save(drawing.figure, folder, name, drawing.caption, columns=job.columns, style=style)
    return paths


def names_of_figures(scenario: ScenarioData) -> tuple[str, ...]:
    """Every figure that can be asked of a scenario."""
    numbers = tuple(f"{THRESHOLD}{name}" for name in uncertain_numbers(scenario))
    return (*NEEDS, *ONLY_NAMED, *(numbers or (THRESHOLD.rstrip("-"),)), *analysis_figures.FIGURES)


def _drawing(pieces: Pieces, name: str) -> Drawing:
    if name in analysis_figures.FIGURES:
        return analysis_figures.drawing(name, pieces.job, pieces.progress)
    results = _results(pieces, name)
    draw, why = plan(results)[name]
    if why:
        raise UsageError(f"'{name}' cannot be drawn: {why}.")
    return draw(results, pieces.job.columns)


def _results(pieces: Pieces, name: str) -> RunResults:
    needs = NEEDS | ONLY_NAMED
    if name in needs:
        return pieces.results(needs[name])
    number = name.removeprefix(THRESHOLD) if name.startswith(THRESHOLD) else None
    return Pieces(pieces.job, pieces.progress, number).results(OF_THRESHOLD)
