"""What a scenario shows on paper: its figures and its report, from Python."""

from collections.abc import Mapping
from pathlib import Path

from sim import DRAWS, SEED
from sim.analysis.bounds import events_meant
from sim.api import Number, Scenario, rationals
from sim.errors import UsageError
from sim.questions import Names, names_of
from sim.scenario.shipped import shipped_scenarios
from sim.scenario.spelling import did_you_mean
from sim.scenario.versions import with_values
from sim.show.main_job import command_of, compute
from sim.show.pieces import Job
from sim.show.progress import progress_bars
from sim.solvers.concepts import requests_for


def plot(
    scenario: Scenario,
    out: str | Path,
    *,
    figure: Names = None,
    columns: int = 2,
    style: str = "paper",
    draws: int = DRAWS,
    seed: int = SEED,
    set: Mapping[str, Number] | None = None,
) -> list[Path]:
    """Draw the figures of a scenario into a folder, as PDF, SVG and PNG with a caption file each.

    Args:
        scenario: from `load`.
        out: the folder.
        figure: one or several by name; every one that has something to show where left out.
        columns: 1 or 2 columns of a journal.
        style: "paper", or "screen" for two columns as wide as a slide.
        draws: of the sweeps behind the figures.
        seed: of the draws.
        set: parameters and weights to fix.

    Raises:
        UsageError: an unknown figure or style, or a figure that has nothing to show.
    """
    from sim.show.chosen_figures import draw_chosen
    from sim.show.figures.style import STYLES

    if style not in STYLES:
        raise UsageError(f"'{style}' is no style. {did_you_mean(style, STYLES) or 'There are: paper, screen.'}")
    if style == "screen":
        columns = 2
    job = _job(scenario, draws, seed, columns, set)
    with progress_bars() as progress:
        return draw_chosen(job, Path(out), names_of(figure), style=STYLES[style], progress=progress)


def report(
    scenario: Scenario,
    out: str | Path,
    *,
    draws: int = DRAWS,
    seed: int = SEED,
    set: Mapping[str, Number] | None = None,
) -> Path:
    """Write report.html, one page with figures inside, into a folder."""
    from sim.show.report import write_report

    job = _job(scenario, draws, seed, 2, set)
    with progress_bars() as progress:
        results, three = compute(job, say=lambda text: None, progress=progress)
    return write_report(results, Path(out), sentences=three, command=command_of(job))


def _job(scenario: Scenario, draws: int, seed: int, columns: int, values: Mapping[str, Number] | None) -> Job:
    data = with_values(scenario.data, rationals(dict(values or {})))
    written = {name: str(value) for name, value in (values or {}).items()}
    shipped = {path.resolve(): path.stem for path in shipped_scenarios()}
    file = shipped.get(Path(data.path).resolve(), data.path)  # as one types it
    return Job(data, file, written, requests_for(data), events_meant(data, None), draws, seed, Path(), columns)
