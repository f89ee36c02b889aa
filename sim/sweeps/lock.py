"""One writer a folder: the system's own lock on a file, which ends with the process that holds it, however that ends.

No clock and no process number decides anything, so a lock left by a killed run, also on a machine that was started anew
or whose clock was set back, keeps nobody out.
"""

import os
import platform
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sim.errors import UsageError

LOCK = ".lock"


@contextmanager
def only_writer(folder: Path) -> Iterator[None]:
    """Be the only writer of a folder, which must be there, for the time of a block; the file is gone afterwards.

    It says who holds it, and a word of chance by which a worker elsewhere knows the folder again.

    Raises:
        UsageError: another process is at work there.
    """
    path = folder / LOCK
    held = _held(path)
    try:
        os.ftruncate(held, 0)
        os.write(held, f"process {os.getpid()} on {platform.node()}\n{secrets.token_hex(8)}\n".encode())
        yield
    finally:
        path.unlink(missing_ok=True)  # before it is let go: whoever waits for this file finds that it is gone
        os.close(held)


def _held(path: Path) -> int:
    """The file, locked. A file that was removed meanwhile is no lock: the next one is tried."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            taken = _take(descriptor)
        except OSError:
            os.close(descriptor)
            raise
        if not taken:
            who = os.read(descriptor, 200).decode(errors="replace").partition("\n")[0] or "another process"
            os.close(descriptor)
            raise UsageError(f"'{path.parent}' already holds a sweep that is at work ({who}). Wait until it ends.")
        if _is_still(path, descriptor):
            return descriptor
        os.close(descriptor)


def _take(descriptor: int) -> bool:
    """Lock an open file without waiting; False where another holds it."""
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        try:
            os.lseek(descriptor, 1 << 20, os.SEEK_SET)  # beyond what is read to say who holds it
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]  # Windows alone has it
            os.lseek(descriptor, 0, os.SEEK_SET)
        except OSError:
            return False
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_still(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(os.stat(path), os.fstat(descriptor))
    except FileNotFoundError:
        return False
