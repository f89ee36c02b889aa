"""A sweep at work in its folder: pieces become parts, the manifest follows, and whatever stops it loses nothing."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.sweeps.costly import is_costly
from sim.sweeps.engines import StoppedError, here, in_processes
from sim.sweeps.found import Sweep, heads_of, sweep_of
from sim.sweeps.manifest import MANIFEST, SUMMARY, Record, write_manifest
from sim.sweeps.part import Bench
from sim.sweeps.plan import Piece, pieces_of
from sim.sweeps.resume import Found, check_places, clear_leftovers, ends_of, later_parts
from sim.sweeps.run import Progress
from sim.sweeps.status import UNDECLARED, Share
from sim.sweeps.store import draws_folder, write_json
from sim.sweeps.tally import added, tally_of_part

CHECKED_FROM = 1024  # draws, a power of two: fewer say little of any interval


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a sweep is: draws done of all, those that were there before it began, and the shares so far.

    A costly concept that has not run on any draw yet has no share.
    """

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


class Run:
    """A sweep under way: its manifest, its finished parts and their counts."""

    def __init__(
        self, bench: Bench, folder: Path, how: How, manifest: dict[str, Any], kept: Found, *, stays: bool
    ) -> None:
        """`stays` says whether the folder outlives the sweep: else nothing of a sweep that is stopped is left."""
        self.stays = stays
        self.bench, self.folder, self.how, self.manifest = bench, folder, how, manifest
        self.parts, self.ends = list(kept.parts), kept.ends
        self.tally = added(tally_of_part(part) for part in kept.parts)
        self.before = self.done = sum(part["draws"] for part in kept.parts)
        self.written = 0  # parts when the manifest was last written

    def go(self, stop: int, until: float | None) -> None:
        """Finish all draws before `stop`, or fewer: until no headline share's interval is wider than `until`.

        Intervals are looked at where the number of draws is a power of two, so the answer depends on nothing else.
        """
        draws_folder(self.folder).mkdir(exist_ok=True)
        first = self.bench.job.first
        looked = CHECKED_FROM if until is not None else stop - first
        there = max((part["start"] + part["draws"] for part in self.parts), default=first) - first
        while True:
            if first + looked >= stop or looked >= there:
                self.reach(min(first + looked, stop))
                if first + looked >= stop:
                    return
                if until is not None and self.widest() < until:
                    self.manifest["draws"] = looked
                    return
            looked *= 2

    def widest(self) -> float:
        """The width of the widest interval of a headline share, of concepts that run on every draw."""
        if self.tally is None:
            return 1.0
        widths = []
        batch = {request.name for request in self.bench.job.requests if not is_costly(request)}
        for (row, event), own in zip(heads_of(self.manifest), self.tally.intervals(), strict=True):
            if row in batch and event in (*self.manifest["headline"], UNDECLARED):
                widths += [high - low for low, high in own]
        return max(widths, default=0.0)

    def reach(self, stop: int) -> None:
        """Finish all draws before `stop`."""
        job, there = self.bench.job, {part["start"] for part in self.parts}
        self.ends |= ends_of(self.parts)
        pieces = pieces_of(job.first, stop, job.chunk, costly=job.costly, ends=self.ends)
        check_places(self.folder, self.parts, pieces)
        self.save()
        with closing(self.engine([piece for piece in pieces if piece.start not in there])) as finished:
            for part in finished:
                self.parts.append(part)
                own = tally_of_part(part)
                self.tally = own if self.tally is None else self.tally + own
                self.done += part["draws"]
                if len(self.parts) > self.written * 65 // 64:  # parts say themselves what the manifest does not yet
                    self.save()
                self.tell()

    def engine(self, pieces: Sequence[Piece]) -> Any:
        """Lines of the manifest, as parts are finished."""
        if self.how.engine == "dask":
            return self.elsewhere(pieces)
        if self.how.workers > 1 and len(pieces) > 1:  # one piece is done before a worker has started
            return in_processes(self.bench.job, self.folder, pieces, self.how.workers)
        return here(self.bench, self.folder, pieces)

    def elsewhere(self, pieces: Sequence[Piece]) -> Iterator[Record]:
        """The same on a cluster; where its processors differ from this one, last bits may too, and it is said."""
        from sim.sweeps.cluster import on_dask

        found = on_dask(self.bench.job, self.folder, pieces, self.how.scheduler, self.how.workers, self.how.say)
        with closing(found) as finished:
            for part, machine in finished:
                if machine not in (self.manifest["machine"], *self.manifest.get("machines", ())):
                    self.manifest.setdefault("machines", []).append(machine)
                    self.how.say(
                        "Workers have another processor than this machine: last bits of exp and log may differ."
                    )
                yield part

    def tell(self) -> None:
        """Say how far it is."""
        total = self.manifest["draws"]
        if self.how.progress is not None:
            self.how.progress(self.done, total)
        if self.how.watch is not None and self.tally is not None:
            shares = tuple(share for share in self.tally.shares(heads_of(self.manifest)) if share.n)
            self.how.watch(Standing(self.done, total, self.before, shares))

    def save(self) -> None:
        """Write the manifest."""
        self.parts.sort(key=lambda part: int(part["start"]))
        self.written = len(self.parts)
        ends = sorted(end for end in self.ends if end % self.bench.job.chunk)  # the others are ends of any cut
        write_manifest(self.folder, self.manifest | {"ends": ends, "parts": self.parts})

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
            self.parts = later_parts(self.folder, self.manifest | {"parts": self.parts}, verify=True)
            if self.parts:
                self.save()
                self.summarized()
            else:
                (self.folder / MANIFEST).unlink(missing_ok=True)
        except Exception as second:  # whatever it is, the first error is the one to tell
            error.add_note(f"After that, what is finished could not be summed up either: {second}.")
        if not self.stays:
            return KeyboardInterrupt("nothing was written") if isinstance(error, KeyboardInterrupt) else error
        return _explained(error, sum(part["draws"] for part in self.parts), self.manifest["draws"])


def _explained(error: BaseException, done: int, total: int) -> BaseException:
    kept = f"{done:,} of {total:,} draws are finished and kept: the same command with --resume goes on."
    if isinstance(error, KeyboardInterrupt):
        return KeyboardInterrupt(kept if done else "nothing was written")
    if isinstance(error, StoppedError):
        return StoppedError(f"{error} {kept}" if done else str(error))
    if isinstance(error, OSError) and error.strerror and done:
        place = "" if error.filename is None else f"{error.filename}: "
        return StoppedError(f"{place}{error.strerror}. {kept}")
    return error
