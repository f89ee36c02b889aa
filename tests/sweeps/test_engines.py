"""Processes beside this one: the same bits, a worker's death mended, its error told, nobody left behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import sim
from sim.sweeps import engines
from sim.sweeps.found import open_sweep
from tests.made import TWO, UNSURE, made
from tests.sweeps.swept import assert_same, marks, swept

DEADLY = """
import os, pathlib, signal, sys
sys.path[:] = sys.argv[1:]
from sim.sweeps import part, worker
finish = part.finish_part
def deadly(bench, folder, piece):
    mark = folder.parent / "died"
    if piece.start == 20 and len(mark.read_text()) < {times}:
        mark.write_text(mark.read_text() + "x")
        os.kill(os.getpid(), signal.SIGKILL)
    return finish(bench, folder, piece)
part.finish_part = deadly
worker.main()
"""

LONG = """
import sim, subprocess, sys
from sim.sweeps import engines
class Told(subprocess.Popen):
    def __init__(self, *words, **more):
        super().__init__(*words, **more)
        print("worker", file=sys.stderr, flush=True)
engines.subprocess.Popen = Told
sim.sweep(sim.load(sys.argv[1]), 10**6, 5, out=sys.argv[2], chunk=500, workers=2,
          progress=lambda done, _: print(done, flush=True))
"""


def killing(monkeypatch: pytest.MonkeyPatch, folder: Path, times: int) -> None:
    (folder / "died").write_text("")
    monkeypatch.setattr(engines, "START", DEADLY.format(times=times))


def test_two_workers_give_the_rows_of_one_in_a_folder_and_in_memory(tmp_path: Path) -> None:
    scenario = made(tmp_path, TWO + UNSURE)
    one = swept(tmp_path, out=tmp_path / "one")
    assert_same(sim.sweep(scenario, 30, 5, chunk=10, workers=2), one)
    assert_same(sim.sweep(scenario, 30, 5), one)


def test_a_worker_that_is_killed_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    killing(monkeypatch, tmp_path, times=engines.TRIES - 1)
    assert_same(swept(tmp_path, workers=2), swept(tmp_path, out=tmp_path / "whole"))
    assert marks(tmp_path / "out").keys() == marks(tmp_path / "whole").keys()
    assert (tmp_path / "died").read_text() == "xx"


def test_a_worker_killed_again_and_again_ends_the_sweep_and_keeps_the_rest(tmp_path: Path, monkeypatch) -> None:
    killing(monkeypatch, tmp_path, times=engines.TRIES)
    said = r"A worker process died 3 times over draws 20 to 29: .* [12]0 of 30 draws are finished and kept: .*--resume"
    with pytest.raises(engines.StoppedError, match=said):
        swept(tmp_path, workers=2)
    assert open_sweep(tmp_path / "out").draws in (10, 20)
    assert_same(swept(tmp_path, resume=True), swept(tmp_path, out=tmp_path / "whole"))


def test_what_a_worker_meets_is_told_as_it_is_told_without_workers(tmp_path: Path) -> None:
    scenario = made(tmp_path, TWO + UNSURE.replace("luck * mood", "log(cost - 2)"))
    for workers in (1, 2):
        with pytest.raises(sim.PayoffError, match="face"):
            sim.sweep(scenario, 20, out=tmp_path / f"out{workers}", chunk=10, workers=workers)
    assert list(tmp_path.glob("out*")) == []


def test_no_worker_outlives_a_sweep_that_is_killed_and_what_it_finished_is_kept(tmp_path: Path) -> None:
    """The script has no guard around its main code: workers do not import it."""
    made(tmp_path, TWO + UNSURE)
    script = tmp_path / "script.py"
    script.write_text(LONG)
    words = [sys.executable, str(script), str(tmp_path / "made.toml"), str(tmp_path / "out")]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert [int(process.stdout.readline()) for _ in range(3)][-1] >= 1500
        process.kill()
        _, said = process.communicate(timeout=20)  # standard error ends with the last process that may write to it
    assert said == b"worker\n" * 2
    done = open_sweep(tmp_path / "out").draws
    assert done >= 1500
    resumed = swept(tmp_path, draws=done, resume=True, chunk=500)
    assert_same(resumed, swept(tmp_path, draws=resumed.draws, out=tmp_path / "whole", chunk=10_000))


def no_process(*_: object, **__: object) -> None:
    raise BlockingIOError(11, "Resource temporarily unavailable")


def test_a_worker_that_cannot_be_started_ends_the_sweep_with_a_sentence(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(engines.subprocess, "Popen", no_process)
    with pytest.raises(engines.StoppedError, match=r"No worker process could be started: Resource temporarily"):
        swept(tmp_path, workers=2)
    assert not (tmp_path / "out").exists()


def test_whatever_goes_wrong_in_a_thread_is_an_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: object) -> None:
        raise ModuleNotFoundError("No module named 'theirs'")

    monkeypatch.setattr(engines.pickle, "load", fails)
    with pytest.raises(ModuleNotFoundError, match="theirs"):
        swept(tmp_path, workers=2)


@pytest.mark.parametrize(
    ("first", "said"),
    [
        (
            "print('hello from another program', flush=True)",
            "wrote what is no answer, 3 times over draws .*prints to standard output",
        ),
        ("raise SystemExit(7)", "died 3 times over draws .*, with exit status 7"),
    ],
)
def test_a_worker_that_was_not_killed_is_not_said_to_be(tmp_path: Path, monkeypatch, first: str, said: str) -> None:
    monkeypatch.setattr(engines, "START", f"{first}\n{engines.START}")
    with pytest.raises(engines.StoppedError, match=said):
        swept(tmp_path, workers=2)


@pytest.mark.skipif(os.name != "posix", reason="signals to a group of processes")
def test_ctrl_c_reaches_this_process_alone_and_ends_the_workers(tmp_path: Path) -> None:
    made(tmp_path, TWO + UNSURE)
    words = [sys.executable, "-c", LONG, str(tmp_path / "made.toml"), str(tmp_path / "out")]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=20)  # standard error ends with the last process that may write to it
    assert said.count(b"worker\n") == 2
    assert said.decode().count("Traceback") <= 2  # of one process, with what it went on from
    assert b"draws are finished and kept" in said
    assert not (tmp_path / "out/.lock").exists()
    opened = open_sweep(tmp_path / "out")
    assert 500 <= opened.draws == len(opened.to_frame(["draw"]))
    resumed = swept(tmp_path, draws=1, resume=True)
    assert_same(resumed, swept(tmp_path, draws=resumed.draws, out=tmp_path / "whole", chunk=10_000))
