"""The folder of a run: one run at a time, and never the files of two.

`summary.json` is written last and removed first, so whoever finds it finds the whole run that it tells of.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from sim.errors import UsageError

MARK = ".running"  # holds the number of the process that writes here
SUMMARY = "summary.json"


@contextmanager
def only_run(folder: Path) -> Iterator[None]:
    """Keep a folder for one run, and leave none behind that nothing was written to.

    Raises:
        UsageError: another run writes there, or the folder cannot be written.
    """
    refuse_unwritable(folder)
    made = [place for place in (folder, *folder.parents) if not place.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    mark = folder / MARK
    _remove_left_mark(mark)
    try:
        with mark.open("x", encoding="utf-8") as file:
            file.write(str(os.getpid()))
    except FileExistsError:
        raise UsageError(
            f"Another run writes to '{folder}'. Wait for it, or name another folder with --out. (If none does, remove "
            f"'{mark}'.)"
        ) from None
    try:
        yield
    finally:
        mark.unlink(missing_ok=True)
        for place in made:
            if any(place.iterdir()):
                break
            place.rmdir()


def refuse_unwritable(folder: Path) -> None:
    """Say so before a minute of work, not after it.

    Raises:
        UsageError: the folder is a file, or cannot be made or written.
    """
    there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    if not there.is_dir():
        raise UsageError(f"'{folder}' cannot be made: '{there}' is a file. Name another folder with --out.")
    if not os.access(there, os.W_OK | os.X_OK):
        raise UsageError(f"'{folder}' cannot be written: '{there}' is closed to you. Name another folder with --out.")


def remove_former_run(folder: Path) -> None:
    """Remove what an earlier run wrote here, its summary first; files that it does not list stay."""
    summary = folder / SUMMARY
    try:
        told = json.loads(summary.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):  # no run, or a file of another kind: replaced at the end
        return
    if not isinstance(told, dict) or not isinstance(told.get("files"), list):
        return
    summary.unlink()
    parents = set()
    for name in told["files"]:
        own = PurePosixPath(str(name))
        if own.is_absolute() or ".." in own.parts:
            continue  # a run writes nothing outside its folder
        path = folder / own
        if path.is_file() or path.is_symlink():
            path.unlink()
            parents.add(path.parent)
    for parent in parents - {folder}:
        if not any(parent.iterdir()):
            parent.rmdir()


def _remove_left_mark(mark: Path) -> None:
    """A mark whose process is gone says nothing; elsewhere than on POSIX one cannot ask without harm."""
    if os.name != "posix":
        return
    try:
        os.kill(int(mark.read_text(encoding="utf-8")), 0)
    except (FileNotFoundError, PermissionError, ValueError):  # none; another person's process; half written
        return
    except (ProcessLookupError, OverflowError):
        mark.unlink(missing_ok=True)
