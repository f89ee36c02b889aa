"""To show and to share: the full report of a run, and its replication package."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.frame import Command, print_json
from sim.cli.options import given_path, json_option, requests_meant
from sim.cli.recorded import recorded
from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.show.pieces import Job


@click.command(cls=Command)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@json_option()
def report(folder: Path, as_json: bool) -> None:
    """Answer every question of a run on one page.

    DIR is a folder of `sim run`. The page adds to the run's: which claims carry the result, what one would have to
    believe, whether it is the numbers or the model, what to do, what to find out, where each event lives. Writes
    report.html and analyses.json, the documents of all analyses, into DIR; --json prints them.

    \b
      sim run vladivostok-2023
      sim report out/vladivostok-2023
    """
    from sim.show.full_report import full_report
    from sim.show.progress import progress_bars

    job = job_of_run(folder)
    with progress_bars() as progress:
        documents, paths = full_report(job, progress)
    if as_json:
        print_json(documents)
    else:
        click.echo("\n".join(str(path) for path in paths))


@click.command(cls=Command)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--out", metavar="PATH", help="The file to write; DIR.zip, beside the folder, if left out.")
@json_option()
def archive(folder: Path, out: str | None, as_json: bool) -> None:
    """Pack a run so that others can do it again.

    DIR is a folder of `sim run`. The zip holds the scenario with all that it extends and its claims, seed, versions,
    results, figures, the command that makes each of them, and the hash of every file. The same run gives the same
    bytes.

    \b
      sim archive out/vladivostok-2023
    """
    from sim.show.archive import write_archive
    from sim.show.run_folder import refuse_unwritable

    job = job_of_run(folder)
    path = given_path(out) if out is not None else folder.resolve().with_name(f"{folder.resolve().name}.zip")
    if path.is_dir():
        raise UsageError(f"'{path}' is a folder: name the file to write with --out.")
    refuse_unwritable(path.parent)
    manifest = write_archive(job, path)
    if as_json:
        print_json({"archive": path.as_posix(), **manifest})
    else:
        click.echo(f"{path}\n{len(manifest['files'])} files; README.md says what each is and how to make it again.")


def job_of_run(folder: Path) -> "Job":
    """The run that a folder tells of.

    Raises:
        UsageError: no such folder, no run in it, or a scenario that is gone or has changed.
    """
    from sim.analysis.bounds import events_meant
    from sim.show.pieces import Job

    if not folder.is_dir():
        raise UsageError(f"'{folder}' is no folder. `sim run FILE` makes one, out/NAME if nothing else is said.")
    told = recorded(folder)
    if told.kind != "run":
        raise UsageError(f"'{folder}' holds a sweep: only a run (`sim run FILE`) has a report and a package.")
    data = told.scenario
    requests, events = requests_meant(data, told.concepts), events_meant(data, told.events)
    words = [] if requests == requests_meant(data) else [("--concept", row.name) for row in requests]
    words += [] if events == events_meant(data, ()) else [("--event", event) for event in events]
    narrowed = tuple(word for pair in words for word in pair)
    return Job(data, told.file, told.values, requests, events, told.draws, told.seed, folder, 2, narrowed)
