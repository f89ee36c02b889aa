"""One writer a folder, and no lock that outlives its writer."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.errors import UsageError
from sim.sweeps.lock import LOCK, only_writer

HOLD = """
import sys
from pathlib import Path
from sim.sweeps.lock import only_writer
with only_writer(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def holder(folder: Path) -> subprocess.Popen[bytes]:
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"held\n"
    return process


def test_a_second_writer_is_refused_and_told_who_is_at_work(tmp_path: Path) -> None:
    with holder(tmp_path) as first:
        with pytest.raises(UsageError, match=f"at work .process {first.pid} on "), only_writer(tmp_path):
            pytest.fail("two writers at once")
        first.communicate(b"")
    with only_writer(tmp_path):
        assert (tmp_path / LOCK).exists()
    assert list(tmp_path.iterdir()) == []


def test_a_lock_left_by_a_killed_writer_keeps_nobody_out_whatever_the_clock_says(tmp_path: Path) -> None:
    with holder(tmp_path) as first:
        first.kill()
        first.communicate()
    assert (tmp_path / LOCK).exists()
    os.utime(tmp_path / LOCK, (4_000_000_000, 4_000_000_000))  # a clock set back since
    (tmp_path / LOCK).write_text(f"process {os.getpid()} on another machine\n")  # a number that lives again
    with only_writer(tmp_path):
        pass
    assert not (tmp_path / LOCK).exists()


def test_within_one_process_there_is_one_writer_too(tmp_path: Path) -> None:
    with only_writer(tmp_path), pytest.raises(UsageError, match="at work"), only_writer(tmp_path):
        pytest.fail("two writers at once")
