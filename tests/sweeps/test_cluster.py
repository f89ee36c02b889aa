"""A Dask cluster: the same bits, workers and schedulers that die, folders that workers do not see."""

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

import sim
from sim.solvers.concepts import requests_for
from sim.sweeps import cluster
from sim.sweeps.engines import StoppedError
from sim.sweeps.found import open_sweep
from sim.sweeps.lock import LOCK, only_writer
from sim.sweeps.manifest import Job
from sim.sweeps.plan import Piece
from sim.sweeps.store import write_part
from tests.made import TWO, UNSURE, made
from tests.sweeps.swept import assert_same, swept

SCHEDULER = """
from distributed import LocalCluster
if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50) as cluster:
        print(cluster.scheduler_address, *(nanny.pid for nanny in cluster.workers.values()), flush=True)
        input()
"""


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[tuple[str, list[int], subprocess.Popen[bytes]]]:
    """A cluster in a process of its own: its address, the numbers of its two workers, the process of the scheduler."""
    script = tmp_path / "scheduler.py"
    script.write_text(SCHEDULER)
    with subprocess.Popen(
        [sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    ) as process:
        assert process.stdout is not None
        address, *workers = process.stdout.readline().decode().split()
        yield address, list(map(int, workers)), process
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def test_a_cluster_on_this_machine_writes_the_rows_of_one_process(tmp_path: Path) -> None:
    whole = swept(tmp_path, out=tmp_path / "whole")
    assert_same(swept(tmp_path, engine="dask", workers=2), whole)
    assert not (tmp_path / "out/.lock").exists()


def test_a_cluster_is_named_by_its_scheduler_and_a_dead_worker_is_made_good(tmp_path: Path, scheduler) -> None:
    address, workers, _ = scheduler
    killed = []

    def kill_one(done: int, _: int) -> None:
        if not killed:
            killed.append(workers[0])
            os.kill(workers[0], signal.SIGKILL)

    whole = swept(tmp_path, draws=400, out=tmp_path / "whole", chunk=50)
    assert_same(swept(tmp_path, draws=400, chunk=10, engine="dask", scheduler=address, progress=kill_one), whole)
    assert killed


def test_a_lost_scheduler_ends_the_sweep_and_keeps_what_is_finished(tmp_path: Path, scheduler, monkeypatch) -> None:
    monkeypatch.setattr(cluster, "PATIENCE", 3)
    address, _, process = scheduler

    def kill(done: int, _: int) -> None:
        if done >= 100 and process.poll() is None:
            process.kill()
            process.wait()

    with pytest.raises(StoppedError, match=r"The scheduler was lost.* are finished and kept: .*--resume goes on"):
        swept(tmp_path, draws=4000, chunk=10, engine="dask", scheduler=address, progress=kill)
    done = open_sweep(tmp_path / "out").draws
    assert 100 <= done < 4000
    resumed = swept(tmp_path, draws=400, chunk=10, resume=True)
    assert_same(resumed, swept(tmp_path, draws=resumed.draws, out=tmp_path / "whole", chunk=500))


def test_no_scheduler_is_one_sentence_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    with pytest.raises(StoppedError, match=r"No scheduler answers at 'tcp://127\.0\.0\.1:9'"):
        swept(tmp_path, engine="dask", scheduler="tcp://127.0.0.1:9")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("seen", [True, False])
def test_a_worker_writes_where_it_sees_the_claimed_folder_and_sends_otherwise(tmp_path: Path, seen: bool) -> None:
    scenario = made(tmp_path, TWO + UNSURE).data
    job = pickle.dumps(Job(scenario, requests_for(scenario), 5, chunk=10))
    (tmp_path / "out/draws").mkdir(parents=True)
    with only_writer(tmp_path / "out"):
        claim = (tmp_path / "out" / LOCK).read_text() if seen else "another folder of the same name"
        ((record, content),), who = cluster.make_parts(job, str(tmp_path / "out"), claim, [Piece(10, 10, 1)])
    assert (tmp_path / "out/draws/part-00001.parquet").exists() == seen == (content is None)
    assert content is None or len(content) == record["bytes"]
    assert who["versions"].keys() >= {"numpy", "realpolitik"}


def test_other_versions_of_a_worker_are_refused() -> None:
    with pytest.raises(StoppedError, match=r"numpy 1\.0 there, 2\.0 here"):
        cluster._refuse_versions({"numpy": "2.0"}, {"numpy": "1.0"})


def test_tasks_hold_several_pieces_where_there_are_many() -> None:
    pieces = [Piece(k, 1, k) for k in range(1000)]
    for threads in (1, 2, 7, 1000):
        tasks = cluster._tasks(pieces, threads)
        assert [piece for task in tasks for piece in task] == pieces
        assert all(len(task) <= cluster.MOST_PIECES for task in tasks)
    assert len(cluster._tasks(pieces[:10], 2)) == 10


def test_a_costly_piece_is_a_task_of_its_own() -> None:
    pieces = [Piece(5 + 8 * k, 8, k) for k in range(1000)]
    tasks = cluster._tasks(pieces, 1, costly=205)
    assert [len(task) for task in tasks if task[0].start < 205] == [1] * 25
    assert max(map(len, tasks)) == cluster.MOST_PIECES
    assert sorted(piece for task in tasks for piece in task) == pieces


def test_a_worker_whose_sweep_has_ended_meanwhile_writes_nothing_more(tmp_path: Path, monkeypatch) -> None:
    scenario = made(tmp_path, TWO + UNSURE).data
    job = pickle.dumps(Job(scenario, requests_for(scenario), 5, chunk=10))
    (tmp_path / "out/draws").mkdir(parents=True)
    true = cluster.made_part

    def ended(bench, piece):
        found = true(bench, piece)
        if piece.number == 1:
            (tmp_path / "out" / LOCK).unlink(missing_ok=True)
        return found

    monkeypatch.setattr(cluster, "made_part", ended)
    with only_writer(tmp_path / "out"):
        claim = (tmp_path / "out" / LOCK).read_text()
        answer, _ = cluster.make_parts(job, str(tmp_path / "out"), claim, [Piece(0, 10, 0), Piece(10, 10, 1)])
    assert [content is None for _, content in answer] == [True, False]
    assert [path.name for path in (tmp_path / "out/draws").iterdir()] == ["part-00000.parquet"]


def test_a_worker_makes_no_folder(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_part(tmp_path / "gone", {"file": "part-00000.parquet"}, b"rows")
    assert list(tmp_path.iterdir()) == []


def test_without_dask_its_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(sim.UsageError, match=r"realpolitik\[cluster\]"):
        swept(tmp_path, engine="dask")
