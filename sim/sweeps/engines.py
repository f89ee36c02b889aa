"""Who computes the pieces of a sweep: this process, or several beside it. The rows are the same to the last bit.

An engine takes the pieces and gives the line of the manifest of each part as it is finished, in any order.
"""

import os
import pickle
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from sim.errors import RealpolitikError
from sim.sweeps.manifest import Job, Record
from sim.sweeps.part import Bench, made_part
from sim.sweeps.plan import Piece
from sim.sweeps.store import write_part
from sim.sweeps.worker import START

TRIES = 3  # of a piece whose worker dies
KILLED = -9  # the exit status of a process that SIGKILL ended
NEW_GROUP_ON_WINDOWS = 0x200  # subprocess.CREATE_NEW_PROCESS_GROUP, which no other system has


class StoppedError(RealpolitikError):
    """A sweep that could not go on; what is finished is kept."""


def here(bench: Bench, folder: Path, pieces: Sequence[Piece]) -> Iterator[Record]:
    """One piece after the other in this process; a part is on its way to the disk while the next is computed."""
    with ThreadPoolExecutor(max_workers=1) as writer:
        written: Future[Record] | None = None
        for piece in pieces:
            content, record = made_part(bench, piece)
            if written is not None:
                yield written.result()
            written = writer.submit(write_part, folder, record, content)
        if written is not None:
            yield written.result()


def in_processes(job: Job, folder: Path, pieces: Sequence[Piece], workers: int) -> Iterator[Record]:
    """Pieces in so many processes; only their numbers go over the wire. A piece whose worker dies goes to a new one.

    Raises:
        StoppedError: a piece killed its worker again and again.
        Exception: what a worker met, as it would have come in this process.
    """
    if not pieces:
        return
    team = _Team(job, folder.absolute(), pieces)
    try:
        team.begin(min(workers, len(pieces)))
        for _ in pieces:
            answer = team.answers.get()
            if isinstance(answer, Exception):
                raise answer
            yield answer
    finally:
        team.dismiss()


class _Team:
    """Workers and what they share: the pieces to do, the answers, and whether it is over."""

    def __init__(self, job: Job, folder: Path, pieces: Sequence[Piece]) -> None:
        self.greeting = pickle.dumps((job, str(folder)))
        self.todo = deque(pieces)
        self.answers: SimpleQueue[Any] = SimpleQueue()
        self.lock = threading.Lock()
        self.running: dict[subprocess.Popen[bytes], bool] = {}  # whether it was told the job
        self.threads: list[threading.Thread] = []
        self.over = False

    def begin(self, workers: int) -> None:
        """Start a thread for each worker."""
        self.threads = [threading.Thread(target=self.serve, daemon=True) for _ in range(workers)]
        for thread in self.threads:
            thread.start()

    def serve(self) -> None:
        """Keep one worker busy; a thread for each. Whatever goes wrong here is an answer too: somebody waits for it."""
        worker: subprocess.Popen[bytes] | None = None
        try:
            while not self.over and self.todo:
                try:
                    piece = self.todo.popleft()
                except IndexError:  # another thread was faster
                    break
                answer: Any = None
                status: int | None = None
                for _ in range(TRIES):
                    worker = worker or self._start()
                    answer = self._asked(worker, piece)
                    if answer is not None or self.over:
                        break
                    status, worker = self._end(worker, wait=1), None
                self.answers.put(answer if answer is not None else _lost(piece, status))
        except Exception as error:
            self.answers.put(error)
        finally:
            if worker is not None:
                self._end(worker)

    def _start(self) -> subprocess.Popen[bytes]:
        """A new worker, in a group of its own so that Ctrl-C on a terminal is ours alone to answer."""
        env = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", **os.environ}
        own: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "env": env}
        own |= {"process_group": 0} if os.name == "posix" else {"creationflags": NEW_GROUP_ON_WINDOWS}
        with self.lock:
            try:
                worker = subprocess.Popen([sys.executable, "-c", START, *sys.path], **own)
            except OSError as error:
                raise StoppedError(
                    f"No worker process could be started: {error.strerror}. Try fewer --workers."
                ) from error
            self.running[worker] = False
            if self.over:
                worker.kill()
        return worker

    def _asked(self, worker: subprocess.Popen[bytes], piece: Piece) -> Any:
        """The answer of a worker; None where it died, or what it wrote cannot be read."""
        assert worker.stdin is not None  # both are pipes
        assert worker.stdout is not None
        try:
            if not self.running[worker]:
                worker.stdin.write(self.greeting)
                self.running[worker] = True
            pickle.dump(piece, worker.stdin)
            worker.stdin.flush()
            return pickle.load(worker.stdout)
        except (EOFError, OSError, pickle.UnpicklingError):
            return None

    def _end(self, worker: subprocess.Popen[bytes], *, wait: float = 0) -> int | None:
        """Stop a worker at once: a part that it has begun never appears.

        Returns:
            The status with which it had ended by itself, at most `wait` seconds ago; None where it had not.
        """
        with self.lock:
            del self.running[worker]
        try:
            status = worker.wait(wait) if wait else worker.poll()
        except subprocess.TimeoutExpired:
            status = None
        worker.kill()
        worker.wait()
        for pipe in (worker.stdin, worker.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:  # what was still to be sent to a worker that is gone
                    continue
        return status

    def dismiss(self) -> None:
        """Stop everybody at once, and wait until all are gone: no part appears afterwards."""
        with self.lock:
            self.over = True
            for worker in self.running:
                worker.kill()
        for thread in self.threads:
            thread.join()


def _lost(piece: Piece, status: int | None) -> StoppedError:
    """What is said of a piece that cost its workers; `status` is that of the last one."""
    over = f"{TRIES} times over draws {piece.start} to {piece.stop - 1}"
    if status is None:
        return StoppedError(
            f"A worker process wrote what is no answer, {over}: something prints to standard output where Python "
            "starts, as a sitecustomize.py may. Try --workers 1."
        )
    if status in (KILLED, -signal.SIGTERM):
        return StoppedError(
            f"A worker process died {over}: the system killed it, perhaps for want of memory. "
            "Try fewer --workers or a smaller --chunk."
        )
    return StoppedError(
        f"A worker process died {over}, with exit status {status}; what it said stands above. Try --workers 1."
    )
