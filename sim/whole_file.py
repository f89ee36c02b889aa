"""Files that appear whole or not at all: written under another name in their own folder, then renamed.

The permissions are those that the person's umask gives to any new file.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A hidden path beside `path` to write to: renamed to `path` when the block ends, removed where it raises.

    Raises:
        OSError: as the system says it, of `path` itself.
    """
    temporary = path.with_name(f".{secrets.token_hex(8)}.tmp")  # nobody else's, also among threads and machines
    try:
        os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        yield temporary
        os.replace(temporary, path)
    except OSError as error:
        if error.filename in (temporary, str(temporary)):
            raise type(error)(error.errno, error.strerror, str(path)) from error
        raise
    finally:
        temporary.unlink(missing_ok=True)


def write_whole(path: Path, content: str | bytes) -> Path:
    """Write text (as UTF-8) or bytes; the folder must be there. Returns the path."""
    with whole_file(path) as temporary:
        temporary.write_bytes(content.encode() if isinstance(content, str) else content)
    return path
