"""The full report of a run: every analysis is asked, drawn, written beside the run's files, and set into one page."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sim.errors import UsageError
from sim.show.inquiry import Inquiry, inquire
from sim.show.main_job import FIGURES, command_of, compute
from sim.show.pieces import Job
from sim.show.progress import Bars
from sim.show.run_folder import SUMMARY, only_run
from sim.show.summary import summary
from sim.sweeps.store import write_json

PAGE = "report.html"
ANALYSES = "analyses.json"  # the documents of all analyses, beside summary.json


def full_report(job: Job, progress: Bars) -> tuple[dict[str, Any], list[Path]]:
    """Compute a run again, ask all analyses, and write the page, their documents and figures into its folder.

    Args:
        job: of a folder that `sim run` wrote.
        progress: makes a bar for each long step.

    Returns:
        What `analyses.json` holds, and the files that were written.

    Raises:
        UsageError: the run gives other numbers now than were recorded, or another run writes to the folder.
    """
    with only_run(job.folder):
        told = json.loads((job.folder / SUMMARY).read_text(encoding="utf-8"))
        documents, paths = write_full(job, progress, recorded=told["rows"])
        names = [path.relative_to(job.folder).as_posix() for path in paths]
        kept = [name for name in told["files"] if name not in names and name != SUMMARY]
        write_json(job.folder / SUMMARY, told | {"files": [*kept, *names, SUMMARY]})
    return documents, paths


def write_full(
    job: Job, progress: Bars, *, recorded: Sequence[Mapping[str, Any]] | None = None
) -> tuple[dict[str, Any], list[Path]]:
    """The work of `full_report`, for any job; where rows are `recorded`, they must come out again."""
    from sim.show.report import write_report

    results, three = compute(job, say=lambda text: None, progress=progress)
    if recorded is not None and json.loads(json.dumps(summary(results)["rows"])) != list(recorded):
        raise UsageError(
            f"'{job.folder}' holds other numbers than this version computes on this machine: run `{command_of(job)}`"
            " again."
        )
    inquiry = inquire(job, progress)
    results = replace(results, variance=inquiry.sensitivity)
    figures, drawn = draw_analyses(job, inquiry), job.folder / FIGURES
    page = write_report(results, job.folder, sentences=three, command=command_of(job), drawn=drawn, inquiry=inquiry)
    documents = inquiry.to_dict()
    write_json(job.folder / ANALYSES, documents)
    return documents, [*figures, page, job.folder / ANALYSES]


def draw_analyses(job: Job, inquiry: Inquiry) -> list[Path]:
    """Write the figure of every analysis that was asked and has something to show."""
    from sim.show.figures.files import save
    from sim.show.report_figures import drawings

    paths: list[Path] = []
    for name, drawing in drawings(job, inquiry).items():
        paths += save(drawing.figure, job.folder / FIGURES, name, drawing.caption, columns=job.columns)
    return paths
