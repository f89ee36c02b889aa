"""One writer a folder: the system's own lock on a file, which ends with the process that holds it, however that ends.

No clock and no process number decides anything, so a lock left by a killed run, also on a machine that was started anew
or whose clock was set back, keeps nobody out.
"""

import errno
import os
import platform
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sim.errors import UsageError

LOCK = ".lock"
NO_LOCKS = {errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS}  # what a file system without locks answers


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
        try:
            path.unlink(missing_ok=True)  # before it is let go: whoever waits for this file finds that it is gone
        except PermissionError:  # Windows removes no file that is open
            os.close(held)
            _remove_closed(path)
        else:
            os.close(held)


def _remove_closed(path: Path) -> None:
    with suppress(PermissionError):  # the next writer has opened it already, and it is that one's now
        path.unlink(missing_ok=True)


def _held(path: Path) -> int:
    """The file, locked. A file that was removed meanwhile is no lock: the next one is tried."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            taken = _take(descriptor)
        except OSError as error:
            os.close(descriptor)
            if error.errno in NO_LOCKS:
                raise UsageError(
                    f"'{path.parent}' lies where the system keeps no locks ({error.strerror}), as on some network "
                    "file systems: name a folder on another disk with --out."
                ) from error
            raise
        if not taken:
            who = os.read(descriptor, 200).decode(errors="replace").partition("\n")[0] or "another process"
            os.close(descriptor)
            raise UsageError(f"'{path.parent}' already holds a sweep that is at work ({who}). Wait until it ends.")
        if _is_still(path, descriptor):
            return descriptor
        os.close(descriptor)


def _take(descriptor: int) -> bool:
    """Lock an open file without waiting; False where another holds it. Its position is its beginning, either way."""
    try:
        import fcntl
    except ImportError:
        return _take_on_windows(descriptor)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _take_on_windows(descriptor: int) -> bool:
    import msvcrt

    os.lseek(descriptor, 1 << 20, os.SEEK_SET)  # beyond what is read to say who holds it
    try:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]  # Windows alone has it
    except PermissionError:
        return False
    finally:
        os.lseek(descriptor, 0, os.SEEK_SET)
    return True


def _is_still(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(os.stat(path), os.fstat(descriptor))
    except FileNotFoundError:
        return False
