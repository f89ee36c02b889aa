"""A sweep from its first draw to its summary: rows in memory, or parts in a folder that survive whatever stops it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from sim.errors import UsageError
from sim.scenario.model import ScenarioData
from sim.solvers.concepts import Request
from sim.sweeps.costly import COSTLY, check_costly, is_costly
from sim.sweeps.found import Sweep, heads_of
from sim.sweeps.lock import only_writer
from sim.sweeps.manifest import SAMPLERS, STORES, Job, identity, manifest_of
from sim.sweeps.part import Bench, rows_of, set_up, table_of, tally_of_rows
from sim.sweeps.plan import pieces_of
from sim.sweeps.resume import Found, finished_parts, later_parts
from sim.sweeps.run import CHUNK
from sim.sweeps.store import draws_folder, holds_sweep, read_columns, refuse_file, refuse_run_folder, refuse_used_folder
from sim.sweeps.tally import added
from sim.sweeps.under_way import How, Run, Say

ENGINES = ("local", "dask")


def sweep(
    scenario: ScenarioData,
    requests: Sequence[Request],
    *,
    draws: int,
    seed: int,
    first: int = 0,
    out: Path | None = None,
    chunk: int = CHUNK,
    store: str = "all",
    sampler: str = "mc",
    until: float | None = None,
    costly: int = COSTLY,
    resume: bool = False,
    how: How | None = None,
) -> Sweep:
    """Sweep a scenario; with `out`, write each finished piece at once, and keep what is finished whatever happens.

    Args:
        scenario: checked data.
        requests: the rows, from `requests_for`.
        draws: how many, from draw `first` on.
        seed: of all streams.
        first: number of the first draw.
        out: a folder that holds no sweep yet; None keeps the rows in memory.
        chunk: draws in a part. A resumed sweep keeps the chunk that it began with.
        store: "all", or "outcomes" to leave out the numbers, which can be made again from the seed.
        sampler: "mc" for independent draws, "sobol" for the points of a scrambled Sobol' sequence.
        until: end where no headline share's 95% interval is this wide any more, at a power of two of draws.
        costly: so many draws, from the first on, are solved for concepts that are solved one game at a time.
        resume: go on with the sweep that the folder holds; where it holds none, begin.
        how: workers, engine, and who is told what.

    Raises:
        UsageError: fewer than one draw, a negative first draw, or a folder that holds something else.
        StoppedError: it could not go on; finished parts are kept.
        PayoffError: a payoff that is not a finite number.
        KeyboardInterrupt: passed on after the finished parts and their summary are on disk.
    """
    how = how or How()
    if draws < 1 or first < 0:
        raise UsageError(f"A sweep needs at least one draw, from draw 0 on; asked for {draws} from draw {first}.")
    for said, number in (("chunk", chunk), ("workers", how.workers), ("costly", costly)):
        if number < 1:
            raise UsageError(f"'{said}' must be 1 or more, not {number}.")
    for name, known in ((store, STORES), (sampler, SAMPLERS), (how.engine, ENGINES)):
        if name not in known:
            raise UsageError(f"'{name}' is none of {', '.join(known)}.")
    check_costly(scenario, requests)
    if until is not None:
        _check_until(scenario, requests, until)
    few = costly if any(map(is_costly, requests)) else 0
    job = Job(scenario, tuple(requests), seed, first, chunk, store, sampler, few)
    if out is not None:
        return _on_disk(job, draws, out, until, resume, how)
    job = replace(job, store="all")
    if how.workers == 1 and how.engine == "local" and until is None:
        return _in_memory(set_up(job), draws, how)
    with TemporaryDirectory() as place:
        found = _on_disk(job, draws, Path(place) / "sweep", until, False, how, stays=False)
        assert found.folder is not None  # it lies there
        table = read_columns(found.folder, later_parts(found.folder, {**identity(job), "parts": []}))
        return replace(found, folder=None, arrow=table)


def _check_until(scenario: ScenarioData, requests: Sequence[Request], until: float) -> None:
    """Raise UsageError where no interval would ever be looked at."""
    if not until > 0:  # so that NaN is refused too
        raise UsageError(f"'until' is the width of an interval, more than 0; not {until}.")
    if all(map(is_costly, requests)):
        raise UsageError(
            "'until' looks at concepts that run on every draw, and each of "
            f"{', '.join(request.name for request in requests)} runs on the first few alone: add one, as pure-nash."
        )
    if scenario.events and not scenario.headline:
        raise UsageError(f"'until' looks at the shares of headline events, and {scenario.name} names none.")


def _in_memory(bench: Bench, draws: int, how: How) -> Sweep:
    import pyarrow as pa

    job, tables, tallies = bench.job, [], []
    for piece in pieces_of(job.first, job.first + draws, job.chunk, costly=job.costly):
        own = rows_of(bench, piece.start, piece.draws)
        tables.append(table_of(bench, own))
        tallies.append(tally_of_rows(bench, own))
        if how.progress is not None:
            how.progress(piece.stop - job.first, draws)
    tally = added(tallies)
    assert tally is not None  # there is at least one draw
    manifest = manifest_of(bench.engine, job, draws)
    shares, rows = tally.shares(heads_of(manifest)), pa.concat_tables(tables)
    head = (manifest["scenario"], manifest["hash"], job.seed, draws, bench.engine.events)
    return Sweep(*head, shares, True, None, rows, tally.intervals(), job.sampler)


def _on_disk(
    job: Job, draws: int, folder: Path, until: float | None, resume: bool, how: How, *, stays: bool = True
) -> Sweep:
    """The sweep in a folder of which this process is the only writer."""
    with _claimed(folder, resume):
        kept = finished_parts(folder, identity(job), how.say) if holds_sweep(folder) else Found()
        job = _same_cut(job, kept.chunk, how.say)
        bench = set_up(job)
        stop = max([job.first + draws, *(part["start"] + part["draws"] for part in kept.parts)])
        if stop > job.first + draws:
            how.say(f"The folder holds draws up to {stop - 1} already: they stay, and count in the summary.")
        run = Run(bench, folder, how, manifest_of(bench.engine, job, stop - job.first), kept, stays=stays)
        try:
            run.go(stop, until)
        except BaseException as error:
            raise run.stopped(error) from (None if isinstance(error, KeyboardInterrupt) else error)
        if until is not None and run.widest() >= until:
            how.say(
                f"After {run.done:,} draws the widest interval is {run.widest():.4f}: more --draws would narrow it."
            )
        return run.finished()


@contextmanager
def _claimed(folder: Path, resume: bool) -> Iterator[None]:
    """Be the folder's only writer; where nothing comes of it, leave nothing behind that was not there."""
    refuse_file(folder)
    if not resume:
        refuse_used_folder(folder)
    if not holds_sweep(folder):
        refuse_run_folder(folder)
    made = [place for place in (folder, *folder.parents) if not place.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with only_writer(folder):
            if not resume:
                refuse_used_folder(folder)  # another may have been faster
            yield
    finally:
        for place in (draws_folder(folder), *made):
            if place.is_dir() and not any(place.iterdir()):
                place.rmdir()


def _same_cut(job: Job, chunk: int | None, say: Say) -> Job:
    if chunk is None or chunk == job.chunk:
        return job
    if job.chunk != CHUNK:
        say(f"The sweep was begun with --chunk {chunk}, and goes on with it.")
    return replace(job, chunk=chunk)
