"""One writer a folder, and no lock that outlives its writer."""

import errno
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

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


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.ENOTSUP])
def test_a_file_system_without_locks_is_one_sentence(tmp_path: Path, monkeypatch, number: int) -> None:
    fcntl = pytest.importorskip("fcntl")

    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(UsageError, match=r"keeps no locks \(.*name a folder on another disk"), only_writer(tmp_path):
        pytest.fail("no lock, and yet a writer")


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What Windows does: locks bytes from a file's position on, and removes no file that is open. The open files."""
    held: dict[tuple[int, int], int] = {}  # file and byte -> who locked it
    opened: list[int] = []
    true = SimpleNamespace(open=os.open, close=os.close, unlink=Path.unlink)

    def locking(descriptor: int, _: int, length: int) -> None:
        place = (os.fstat(descriptor).st_ino, os.lseek(descriptor, 0, os.SEEK_CUR))
        if place in held:
            raise PermissionError(errno.EACCES, "Permission denied")
        held[place] = descriptor

    def open_(path: Path, *more: int) -> int:
        opened.append(true.open(path, *more))
        return opened[-1]

    def close(descriptor: int) -> None:
        opened.remove(descriptor)
        for place in [place for place, own in held.items() if own == descriptor]:
            del held[place]
        true.close(descriptor)

    def unlink(path: Path, *, missing_ok: bool = False) -> None:
        if opened:
            raise PermissionError(errno.EACCES, "in use", str(path))
        true.unlink(path, missing_ok=missing_ok)

    monkeypatch.setitem(sys.modules, "fcntl", None)
    monkeypatch.setitem(sys.modules, "msvcrt", SimpleNamespace(locking=locking, LK_NBLCK=2))
    for target, name, own in ((os, "open", open_), (os, "close", close), (Path, "unlink", unlink)):
        monkeypatch.setattr(target, name, own)
    return opened


def test_on_windows_a_lock_is_let_go_and_removed_though_it_cannot_be_while_it_is_open(
    tmp_path: Path, windows: list[int]
) -> None:
    for _ in range(2):
        with only_writer(tmp_path):
            assert (tmp_path / LOCK).read_text().startswith(f"process {os.getpid()} on ")
        assert windows == []
        assert list(tmp_path.iterdir()) == []


def test_on_windows_a_second_writer_is_refused_and_told_who_is_at_work(tmp_path: Path, windows: list[int]) -> None:
    with only_writer(tmp_path):
        with pytest.raises(UsageError, match=f"at work .process {os.getpid()} on "), only_writer(tmp_path):
            pytest.fail("two writers at once")
        assert len(windows) == 1
