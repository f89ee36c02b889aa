"""The main job in its order: each step is shown as soon as it is ready, then figures, the report and the summary."""

import shlex
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from sim.show.pieces import Job, Pieces
from sim.show.progress import Bars

if TYPE_CHECKING:
    from sim.show.results import RunResults

FIGURES = "figures"  # the folder in the run's folder

Say = Callable[[str], None]


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
    from sim.show import screen
    from sim.show.run_folder import SUMMARY, only_run, remove_former_run
    from sim.sweeps.store import refuse_used_folder, write_json

    refuse_used_folder(job.folder)
    with only_run(job.folder):
        try:
            results, three = compute(job, say=say, progress=progress)
        except KeyboardInterrupt:
            raise KeyboardInterrupt("nothing was written") from None
        try:
            remove_former_run(job.folder)
            files = _draw(job, results, three, progress)
            document = _summary(job, results, three, [*files, SUMMARY])
            write_json(job.folder / SUMMARY, document)
        except KeyboardInterrupt:
            raise KeyboardInterrupt(f"the figures in '{job.folder}' are not whole, and no {SUMMARY} is there") from None
    say("\n" + screen.files_written(job.folder, document["files"]))
    return document


def compute(job: Job, *, say: Say, progress: Bars) -> "tuple[RunResults, tuple[str, ...]]":
    """All results of a run and its three sentences, each said as soon as it is known; nothing is written."""
    from sim.show import screen

    pieces = Pieces(job, progress)
    say(screen.opening(job.scenario, job.values))
    say("\n" + screen.incentives_table(pieces.incentives))
    say("\n" + screen.slice_matrices(pieces.slices, job.scenario))
    if pieces.slices:
        say("\n" + screen.slice_solutions(pieces.slices))
    return _over_draws(pieces, say)


def _over_draws(pieces: Pieces, say: Say) -> "tuple[RunResults, tuple[str, ...]]":
    from sim.analysis.answer import three_sentences
    from sim.show import screen
    from sim.show.headline_table import headline_table, row_notes
    from sim.show.plain_table import title

    head = pieces.headline
    job = pieces.job
    table = headline_table(head, job.events, explain_of(job), row_notes(job.scenario, job.requests))
    say(f"\n{title('What holds over the draws')}\n{table}")
    if pieces.indices.rows:
        say("\n" + screen.index_table(pieces.indices, job.scenario))
    three = three_sentences(head, pieces.effects, pieces.greatest_thresholds)
    say("\n" + screen.sentences(three))
    return pieces.results(), three


def command_of(job: Job) -> str:
    """What to type for the same run."""
    words = ["sim", "run", job.file, "--draws", str(job.draws), "--seed", str(job.seed)]
    words += [word for name, value in job.values.items() for word in ("--set", f"{name}={value}")]
    return shlex.join([*words, *job.narrowed])


def explain_of(job: Job) -> str:
    """What to type to take a draw of this run apart."""
    words = ["sim", "explain", job.file]
    words += [word for name, value in job.values.items() for word in ("--set", f"{name}={value}")]
    return f"{shlex.join(words)} --draw K --seed {job.seed}"


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
    return [path.relative_to(job.folder).as_posix() for path in (*figures, report)]


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
