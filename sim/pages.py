"""What a scenario shows: its figures, its report, and an explorer in a notebook, from Python."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sim import DRAWS, SEED
from sim.analysis.bounds import events_meant
from sim.api import Number, Scenario, rationals
from sim.errors import RealpolitikError, UsageError
from sim.questions import Names, names_of
from sim.scenario.model import ScenarioData
from sim.scenario.reader import read_scenario, scenario_hash
from sim.scenario.shipped import shipped_scenarios
from sim.scenario.spelling import did_you_mean
from sim.scenario.versions import with_values
from sim.show.pieces import Job
from sim.show.progress import progress_bars
from sim.solvers.concepts import Request, requests_for

if TYPE_CHECKING:
    from sim.show.explore import Explorer


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
    """Ask every analysis that a scenario gives ground for, and write one page with all answers into a folder.

    Beside report.html lie analyses.json, with the documents of all analyses, and their figures.

    Args:
        scenario: from `load`.
        out: the folder.
        draws: of the run; the costly analyses take fewer, and say so.
        seed: of the draws.
        set: parameters and weights to fix.
    """
    from sim.show.full_report import PAGE, write_full

    job = replace(_job(scenario, draws, seed, 2, set), folder=Path(out))
    with progress_bars() as progress:
        write_full(job, progress)
    return job.folder / PAGE


def explore(
    scenario: Scenario, numbers: Names = None, concept: str | None = None, order: str | None = None
) -> "Explorer":
    """Sliders in a notebook for a few numbers; statuses, matrices and one equilibrium's reasons follow them.

    Args:
        scenario: from `load`.
        numbers: parameters or weights to move; where left out, the five that most often change an answer.
        concept: whose equilibria are taken apart at first, strong-2 where left out. Named, it alone is screened.
        order: of moves, for subgame-perfect.

    Raises:
        UsageError: an unknown or fixed number, an unknown concept or order, or no widgets installed.
    """
    try:
        from sim.show.explore import Explorer
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] != "ipywidgets":
            raise
        raise UsageError("`sim.explore` needs notebook widgets: pip install 'realpolitik[notebook]'.") from None
    data, strong = scenario.data, Request("strong-2")
    named = concept or ("subgame-perfect" if order else None)
    rows = requests_for(data, [named] if named else None, order)
    return Explorer(
        data,
        _file_of(data) if _is_as_written(data) else None,
        numbers=None if numbers is None else names_of(numbers),
        request=strong if named is None and strong in rows else rows[0],
        screened=rows,
    )


def _is_as_written(data: ScenarioData) -> bool:
    """Whether the file says the same: no number was set since it was read, and nobody has edited it."""
    try:
        written = read_scenario(Path(data.path))
    except (OSError, RealpolitikError):  # gone, or no scenario any more: it does not say the same
        return False
    return scenario_hash(written) == scenario_hash(data) and written.distributions() == data.distributions()


def _file_of(data: ScenarioData) -> str:
    """What one types for a scenario: the name of a shipped one, else its path."""
    shipped = {path.resolve(): path.stem for path in shipped_scenarios()}
    return shipped.get(Path(data.path).resolve(), data.path)


def _job(scenario: Scenario, draws: int, seed: int, columns: int, values: Mapping[str, Number] | None) -> Job:
    data = with_values(scenario.data, rationals(dict(values or {})))
    written = {name: str(value) for name, value in (values or {}).items()}
    return Job(
        data, _file_of(data), written, requests_for(data), events_meant(data, None), draws, seed, Path(), columns
    )
