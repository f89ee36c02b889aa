"""How loops are compiled, and where their machine code is kept: apart for each state of the files that hold them.

numba makes stored code anew where the function's own file has changed, but not where another has from which functions
were compiled into it. So the folder is named by the text of all of these files: code of another state is never run. No
fast-math anywhere: every operation is rounded once.
"""

import atexit
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

PACKAGE = Path(__file__).parent
SOURCES = ("compiled.py", "*/*kernel*.py", "*/row_operations.py", "*/status.py", "*/sobol.py", "*/quantiles.py")

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """Compile at the first call, once a machine: the code is stored for later processes."""
    return cast(Function, numba.njit(cache=True, nogil=True, error_model="numpy")(function))


def compiled_inside(function: Function) -> Function:
    """Compile as a part of the functions that call it; not stored on its own."""
    return cast(Function, numba.njit(nogil=True, error_model="numpy")(function))


def _folder() -> Path:
    """Beside the package; in the user's own cache where that is read-only; else for this process alone."""
    files = sorted(path for pattern in SOURCES for path in PACKAGE.glob(pattern))
    state = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]
    for place in (PACKAGE / "__pycache__", _own_cache()):
        folder = place / f"compiled-{state}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:  # read-only
            continue
        if os.access(folder, os.W_OK):
            return folder
    passing = Path(tempfile.mkdtemp(prefix="realpolitik-"))
    atexit.register(shutil.rmtree, passing, ignore_errors=True)
    return passing


def _own_cache() -> Path:
    home = os.path.expanduser("~")  # stays as it is for a user without a home, and no folder of that name is made
    default = Path(os.devnull) if home == "~" else Path(home) / ".cache"
    return Path(os.environ.get("XDG_CACHE_HOME") or default) / "realpolitik"


settings: Any = numba.config  # its names are made when it is imported
if not settings.CACHE_DIR:  # NUMBA_CACHE_DIR: whoever sets it knows better
    settings.CACHE_DIR = str(_folder())
