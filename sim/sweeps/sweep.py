"""A sweep from its first draw to its summary: rows in memory, or parts in a folder that survive whatever stops it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sim.errors import UsageError
from sim.scenario.model import ScenarioData
from sim.scenario.reader import scenario_hash
from sim.solvers.concepts import Request
from sim.sweeps.engines import StoppedError, here, in_processes
from sim.sweeps.found import Sweep, added, shares_of_parts, sweep_of
from sim.sweeps.lock import only_writer
from sim.sweeps.manifest import MANIFEST, STORES, SUMMARY, Job, Record, identity, manifest_of, write_manifest
from sim.sweeps.part import Bench, set_up
from sim.sweeps.plan import Piece, pieces_of
from sim.sweeps.resume import check_places, clear_leftovers, finished_parts, later_parts
from sim.sweeps.run import CHUNK, Progress, all_rows, shares
from sim.sweeps.status import Share
from sim.sweeps.store import (
    draws_folder,
    holds_sweep,
    read_columns,
    refuse_file,
    refuse_run_folder,
    refuse_used_folder,
    table_of_rows,
    write_json,
)

ENGINES = ("local",)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a sweep is: draws done of all, those that were there before it began, and the shares so far."""

    done: int
    total: int
    before: int
    shares: tuple[Share, ...]


Watch = Callable[[Standing], None]
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class How:
    """Who computes: nothing here decides a bit of a row."""

    workers: int = 1
    engine: str = "local"
    scheduler: str | None = None
    progress: Progress | None = None
    watch: Watch | None = None
    say: Say = field(default=lambda sentence: None)


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
        resume: go on with the sweep that the folder holds; where it holds none, begin.
        how: workers, engine, and who is told what.

    Raises:
        UsageError: fewer than one draw, a negative first draw, or a folder that holds something else.
        StoppedError: it could not go on; finished parts are kept.
        PayoffError: a payoff that is not a finite number.
        KeyboardInterrupt: passed on after the finished parts and their summary are on disk.
    """
    how = how or How()
    if draws < 1 or first < 0 or chunk < 1 or how.workers < 1:
        raise UsageError(f"A sweep needs at least one draw, from draw 0 on; asked for {draws} from draw {first}.")
    if store not in STORES or how.engine not in ENGINES:
        raise UsageError(f"A sweep stores {' or '.join(STORES)}, and runs on the engine {' or '.join(ENGINES)}.")
    job = Job(scenario, tuple(requests), seed, first, chunk, store)
    if out is not None:
        return _on_disk(job, draws, out, resume, how)
    if how.workers == 1 and how.engine == "local":
        return _in_memory(set_up(job), draws, how)
    with TemporaryDirectory() as place:
        found = _on_disk(job, draws, Path(place) / "sweep", False, how)
        assert found.folder is not None  # it lies there
        table = read_columns(found.folder, later_parts(found.folder, {**identity(job), "parts": []}))
        return replace(found, folder=None, arrow=table)


def _in_memory(bench: Bench, draws: int, how: How) -> Sweep:
    job = bench.job
    rows = all_rows(bench.engine, draws, job.seed, first=job.first, progress=how.progress)
    head = (job.scenario.name, scenario_hash(job.scenario), job.seed, draws, bench.engine.events)
    return Sweep(*head, tuple(shares(bench.engine, rows)), True, None, table_of_rows(bench.engine, rows))


def _on_disk(job: Job, draws: int, folder: Path, resume: bool, how: How) -> Sweep:
    """The sweep in a folder of which this process is the only writer."""
    with _claimed(folder, resume):
        kept: list[Record] = []
        if holds_sweep(folder):
            kept, chunk = finished_parts(folder, identity(job), how.say)
            job = _same_cut(job, chunk, how.say)
        bench = set_up(job)
        stop = max([job.first + draws, *(part["start"] + part["draws"] for part in kept)])
        if kept and stop > job.first + draws:
            how.say(f"The folder holds draws up to {stop - 1} already: they stay, and count in the summary.")
        run = _Run(bench, folder, how, manifest_of(bench.engine, job, stop - job.first), kept)
        try:
            run.go(stop)
        except BaseException as error:
            raise run.stopped(error) from (None if isinstance(error, KeyboardInterrupt) else error)
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


class _Run:
    """A sweep under way: its manifest, its finished parts and their counts."""

    def __init__(self, bench: Bench, folder: Path, how: How, manifest: dict[str, Any], kept: list[Record]) -> None:
        self.bench, self.folder, self.how, self.manifest, self.parts = bench, folder, how, manifest, kept
        self.counts: list[list[int]] | None = None
        for part in kept:
            self.counts = added(self.counts, part["counts"])
        self.before = self.done = sum(part["draws"] for part in kept)
        self.written = 0  # parts when the manifest was last written

    def go(self, stop: int) -> None:
        """Finish all draws before `stop`."""
        job, there = self.bench.job, {part["start"] for part in self.parts}
        ends = {end for part in self.parts for end in (part["start"], part["start"] + part["draws"])}
        pieces = pieces_of(job.first, stop, job.chunk, ends=ends)
        check_places(self.folder, self.parts, pieces)
        self.save()
        with closing(self.engine([piece for piece in pieces if piece.start not in there])) as finished:
            for part in finished:
                self.parts.append(part)
                self.counts = added(self.counts, part["counts"])
                self.done += part["draws"]
                if len(self.parts) > self.written * 65 // 64:  # parts say themselves what the manifest does not yet
                    self.save()
                self.tell()

    def engine(self, pieces: Sequence[Piece]) -> Any:
        """Lines of the manifest, as parts are finished."""
        if self.how.workers > 1:
            return in_processes(self.bench.job, self.folder, pieces, self.how.workers)
        return here(self.bench, self.folder, pieces)

    def tell(self) -> None:
        """Say how far it is."""
        total = self.manifest["draws"]
        if self.how.progress is not None:
            self.how.progress(self.done, total)
        if self.how.watch is not None:
            so_far = {"counts": self.counts}
            self.how.watch(Standing(self.done, total, self.before, shares_of_parts(self.manifest, [so_far])))

    def save(self) -> None:
        """Write the manifest."""
        self.parts.sort(key=lambda part: int(part["start"]))
        self.written = len(self.parts)
        write_manifest(self.folder, self.manifest | {"parts": self.parts})

    def finished(self) -> Sweep:
        """The end: everything is there."""
        self.manifest["finished"] = True
        self.save()
        return self.summarized()

    def summarized(self) -> Sweep:
        """Write the summary of the finished parts."""
        found = sweep_of(self.folder, self.manifest, self.parts)
        write_json(self.folder / SUMMARY, found.to_dict())
        return found

    def stopped(self, error: BaseException) -> BaseException:
        """Keep what is finished, and nothing else; the error to raise, which says how to go on."""
        try:
            clear_leftovers(self.folder)
            self.parts = later_parts(self.folder, self.manifest | {"parts": self.parts})
            if self.parts:
                self.save()
                self.summarized()
            else:
                (self.folder / MANIFEST).unlink(missing_ok=True)
        except OSError as second:
            error.add_note(f"After that, '{second.filename}' could not be written either: {second.strerror}.")
        return _explained(error, sum(part["draws"] for part in self.parts), self.manifest["draws"])


def _explained(error: BaseException, done: int, total: int) -> BaseException:
    kept = f"{done:,} of {total:,} draws are finished and kept: the same command with --resume goes on."
    if isinstance(error, KeyboardInterrupt):
        return KeyboardInterrupt(f"what was finished is kept. {kept}" if done else "nothing was written")
    if isinstance(error, StoppedError):
        return StoppedError(f"{error} {kept}" if done else str(error))
    if isinstance(error, OSError) and error.strerror and done:
        return StoppedError(f"{error.filename}: {error.strerror}. {kept}")
    return error
