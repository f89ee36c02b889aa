"""To look: figures of a run, or of a scenario."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.frame import Command, print_json
from sim.cli.options import draws_options, file_argument, given_path, json_option, read, requests_meant, set_option
from sim.cli.recorded import is_given, recorded, refuse_given
from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.show.pieces import Job


@click.command(cls=Command)
@file_argument("source", metavar="DIR|FILE")
@click.option("--figure", "names", multiple=True, metavar="NAME", help="Only this figure. Repeatable.")
@click.option("--columns", type=click.IntRange(1, 2), default=2, show_default=True, help="Journal columns of a figure.")
@click.option(
    "--style",
    type=click.Choice(["paper", "screen"]),
    default="paper",
    show_default=True,
    help="For print, or as wide as a slide with larger type.",
)
@click.option("--out", metavar="DIR", help="Where to write; figures (or figures-screen) of the run if left out.")
@draws_options()
@set_option()
@json_option()
@click.pass_context
def plot(
    ctx: click.Context,
    source: str,
    names: tuple[str, ...],
    columns: int,
    style: str,
    out: str | None,
    draws: int,
    seed: int,
    values: dict[str, str],
    as_json: bool,
) -> None:
    """Draw the figures of a run or of a scenario.

    A folder that `sim run` wrote is computed again from the scenario, seed and numbers that it recorded. A figure
    that is named waits only for what it shows; threshold-NUMBER moves any uncertain number through its range.

    \b
      sim plot out/vladivostok-2023 --figure regime-map --columns 1
      sim plot stag-hunt --draws 1000 --out figures
    """
    from sim.show.main_job import FIGURES
    from sim.show.progress import progress_bars

    if style == "screen" and is_given(ctx, "columns"):
        raise UsageError("--columns is for print: --style screen has one width.")
    subfolder = FIGURES if style == "paper" else f"{FIGURES}-{style}"
    folder = Path(source)
    if folder.is_dir():
        refuse_given(ctx, folder, ("draws", "seed", "values"))
        job = _recorded(folder, columns)
        target = given_path(out) if out is not None else folder / subfolder
    else:
        job = _asked(source, values, draws, seed, columns)
        target = given_path(out) if out is not None else Path("out") / job.scenario.name / subfolder
    from sim.show.chosen_figures import draw_chosen
    from sim.show.figures.style import STYLES
    from sim.show.run_folder import refuse_unwritable

    refuse_unwritable(target)
    with progress_bars() as progress:
        paths = draw_chosen(job, target, names, style=STYLES[style], progress=progress)
    if as_json:
        print_json({"scenario": job.scenario.name, "files": [path.as_posix() for path in paths]})
    else:
        click.echo("\n".join(str(path) for path in paths))


def _asked(file: str, values: dict[str, str], draws: int, seed: int, columns: int) -> "Job":
    from sim.analysis.bounds import events_meant
    from sim.show.pieces import Job

    data = read(file, values)
    return Job(data, file, values, requests_meant(data), events_meant(data, ()), draws, seed, Path(), columns)


def _recorded(folder: Path, columns: int) -> "Job":
    """The run that a folder tells of.

    Raises:
        UsageError: no run there, or a scenario that is gone or has changed.
    """
    from sim.analysis.bounds import events_meant
    from sim.show.pieces import Job

    told = recorded(folder)
    if told.kind == "sweep":
        raise UsageError(f"'{folder}' holds a sweep, whose figures are those of its scenario: name the file.")
    requests, events = requests_meant(told.scenario, told.concepts), events_meant(told.scenario, told.events)
    rest = (requests, events, told.draws, told.seed, folder, columns)
    return Job(told.scenario, told.file, told.values, *rest)
