"""A sweep on a Dask cluster: tasks of several pieces go out, lines of the manifest come back.

Workers that see the sweep's folder write their parts there; the others send them to this process, which writes them.
The scheduler gives the pieces of a worker that dies to another one. A scheduler that is lost ends the run, and what is
finished is kept.
"""

import pickle
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from sim.errors import UsageError
from sim.sweeps.engines import StoppedError
from sim.sweeps.lock import LOCK
from sim.sweeps.manifest import Job, Record, identity, machine
from sim.sweeps.part import Bench, made_part, set_up
from sim.sweeps.plan import Piece
from sim.sweeps.resume import Say
from sim.sweeps.store import write_part

if TYPE_CHECKING:
    from distributed import Client, Future

MOST_PIECES = 16  # in a task: the scheduler needs milliseconds for each task, whatever is in it
TASKS_AHEAD = 4  # that wait at each worker thread
PATIENCE = 30  # seconds to reach the scheduler

Answer = tuple[list[tuple[Record, bytes | None]], dict[str, Any]]  # parts, with their bytes where not written; who


def on_dask(
    job: Job, folder: Path, pieces: Sequence[Piece], scheduler: str | None, workers: int, say: Say
) -> Generator[tuple[Record, dict[str, Any]], None, None]:
    """Compute pieces on a cluster; gives each part's line of the manifest, and the machine that computed it.

    Args:
        job: what is swept.
        folder: of the sweep, claimed by this process.
        pieces: to do.
        scheduler: its address; None starts a cluster on this machine.
        workers: processes of that cluster.
        say: told where there is nobody to work yet.

    Raises:
        UsageError: Dask is not installed.
        StoppedError: no scheduler at that address, or it was lost; a piece killed its workers; other versions there.
        Exception: what a worker met.
    """
    if not pieces:
        return
    with _connected(scheduler, workers) as client:
        yield from _answers(client, job, folder, _tasks(pieces, _threads(client), job.first + job.costly), say)


def _answers(
    client: "Client", job: Job, folder: Path, tasks: Sequence[Sequence[Piece]], say: Say
) -> Iterator[tuple[Record, dict[str, Any]]]:
    greeting, claim = pickle.dumps(job), (folder / LOCK).read_text()
    known = client.submit(bytes, greeting, pure=False)  # a task, so that it is there whenever workers come, and again
    waiting, done = list(reversed(tasks)), SimpleQueue["Future"]()
    under_way: set[Future] = set()
    said = False
    while waiting or under_way:
        ahead = TASKS_AHEAD * _threads(client)
        while waiting and len(under_way) < ahead:
            place = str(folder.absolute())
            future = client.submit(make_parts, known, place, claim, waiting.pop(), pure=False)
            under_way.add(future)
            future.add_done_callback(done.put)
        try:
            future = done.get(timeout=1)
        except Empty:
            if client.status == "closed":
                raise _lost() from None
            if not said and not client.nthreads():
                say("No worker has come yet: waiting for one.")
                said = True
            continue
        under_way.discard(future)
        parts, who = _result(future)
        _refuse_versions(identity(job)["versions"], who["versions"])
        for record, content in parts:
            yield (record if content is None else write_part(folder, record, content)), who["machine"]


def _threads(client: "Client") -> int:
    """Worker threads that the cluster has now; workers may come and go."""
    try:
        return max(1, sum(map(int, client.nthreads().values())))
    except OSError:
        raise _lost() from None


def _result(future: "Future") -> Answer:
    """What a task answered. Raises what it met, or StoppedError where the cluster failed it."""
    from distributed import KilledWorker

    if future.cancelled() or future.status == "lost":
        raise _lost()
    try:
        answer: Answer = future.result()
    except KilledWorker as error:
        raise StoppedError(
            f"Workers died {error.allowed_failures + 1} times over the same draws, perhaps for want of memory "
            f"({error.last_worker}). Give workers more, or try a smaller --chunk."
        ) from None
    except OSError as error:
        if error.strerror is not None:  # of the system, at a worker: a full disk, a folder that may not be written
            raise
        raise StoppedError(f"The cluster failed: {error}.") from None
    return answer


def _lost() -> StoppedError:
    return StoppedError(
        "The scheduler was lost: it ended, or the network to it did. Start one, and name it by --scheduler."
    )


def _refuse_versions(ours: dict[str, str], theirs: dict[str, str]) -> None:
    said = [f"{name} {theirs.get(name)} there, {own} here" for name, own in ours.items() if theirs.get(name) != own]
    if said:
        raise StoppedError(f"A worker of the cluster has other versions, and so perhaps other bits: {'; '.join(said)}.")


def _tasks(pieces: Sequence[Piece], threads: int, costly: int = 0) -> list[Sequence[Piece]]:
    """Pieces in tasks: several where there are many, but enough tasks that nobody waits long at the end.

    Those that begin before draw `costly` take long: each is a task of its own, and they go out first.
    """
    slow, quick = ([one for one in pieces if (one.start < costly) == own] for own in (True, False))
    size = min(MOST_PIECES, max(1, len(quick) // (8 * max(1, threads))))
    return [*([one] for one in slow), *(quick[start : start + size] for start in range(0, len(quick), size))]


@contextmanager
def _connected(scheduler: str | None, workers: int) -> Iterator["Client"]:
    try:
        import dask
        from distributed import Client, LocalCluster
    except ImportError:
        raise UsageError(
            "--engine dask needs Dask: install realpolitik with its extra, realpolitik[cluster]."
        ) from None
    quiet = {"distributed.comm.timeouts.connect": f"{PATIENCE}s", "distributed.admin.system-monitor.interval": "5s"}
    with dask.config.set(quiet):
        if scheduler is None:
            local = {"threads_per_worker": 1, "dashboard_address": None, "silence_logs": 50}
            with LocalCluster(n_workers=workers, **local) as cluster, Client(cluster) as client:
                yield client
            return
        try:
            client = Client(scheduler, timeout=PATIENCE)
        except (OSError, ValueError) as error:
            said = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise StoppedError(f"No scheduler answers at '{scheduler}' ({said}).") from None
        with client:
            yield client


def make_parts(greeting: bytes, place: str, claim: str, pieces: Sequence[Piece]) -> Answer:
    """What a worker does: parts of some pieces, written where this machine sees the claimed folder, else sent."""
    bench, folder = _bench(greeting), Path(place)
    parts: list[tuple[Record, bytes | None]] = []
    for piece in pieces:
        content, record = made_part(bench, piece)
        if _sees(folder, claim):  # looked at before each write: the sweep may have ended since, or be another's now
            parts.append((write_part(folder, record, content), None))
        else:
            parts.append((record, content.to_pybytes()))
    return parts, {"versions": identity(bench.job)["versions"], "machine": machine()}


@lru_cache(maxsize=2)
def _bench(greeting: bytes) -> Bench:
    """A job's scenario, compiled once a worker."""
    job: Job = pickle.loads(greeting)
    return set_up(job)


def _sees(folder: Path, claim: str) -> bool:
    """Whether the folder at that path is the one that was claimed, and not another one of the same name."""
    try:
        return (folder / LOCK).read_text() == claim
    except OSError:
        return False
