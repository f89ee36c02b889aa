"""What a folder holds already: parts that are whole and of the sweep that is asked for, and what to make again.

Parts decide, not the manifest: each says what it is, and its checksums say whether it is whole. Finished parts are
never written again. Nothing that is not this sweep's is touched.
"""

import errno
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from sim.errors import UsageError
from sim.sweeps.manifest import MANIFEST, DamagedManifestError, Record, differences, read_manifest
from sim.sweeps.plan import Piece
from sim.sweeps.store import PART, draws_folder, read_part_record

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Found:
    """What a resumed sweep begins with."""

    parts: tuple[Record, ...] = ()  # that it keeps, in order of draw
    chunk: int | None = None  # by which they were cut
    ends: frozenset[int] = frozenset()  # draws at which parts began or ended, also those that are gone or damaged


def finished_parts(folder: Path, asked: Mapping[str, Any], say: Say) -> Found:
    """What a resumed sweep keeps: every part is read to the end, and what is damaged is removed at once.

    A damaged part that stayed could be taken for a finished one by whoever comes next.

    Args:
        folder: of the sweep.
        asked: `identity` of what is asked for now.
        say: told one sentence for whatever is damaged, missing, or not ours.

    Raises:
        UsageError: the folder holds another sweep, or parts of one.
    """
    manifest = _manifest(folder, say)
    if manifest is not None:
        _refuse(folder, differences(manifest, asked))
    clear_leftovers(folder)
    listed: list[Record] = [] if manifest is None else manifest["parts"]
    sums = {part["file"]: part.get("crc32") for part in listed}
    kept, damaged, chunk = [], [], None if manifest is None else int(manifest["chunk"])
    for path in sorted(draws_folder(folder).glob("*")):
        if PART.match(path.name):
            found = _part(path, asked, sums.get(path.name))
            if found is None:
                damaged.append(path)
            else:
                kept.append(found[0])
                chunk = chunk or found[1]
        elif path.suffix == ".parquet":
            raise UsageError(f"'{path}' is not of this sweep, and a reader of draws/ would take it in: move it away.")
        else:
            say(f"{path.name} in draws/ is not of this sweep: left as it is.")
    there = {path.name for path in (*damaged, *(draws_folder(folder) / record["file"] for record in kept))}
    for path in damaged:  # now that every other part has said that it is of this sweep
        path.unlink()
        say(f"{path.name} was cut off or damaged: made again.")
    for part in listed:
        if part["file"] not in there:
            say(f"{part['file']} is gone: made again.")
    kept.sort(key=lambda record: int(record["start"]))
    ends = ends_of([*kept, *listed]).union(() if manifest is None else manifest.get("ends", ()))
    return Found(tuple(kept), chunk, ends)


def ends_of(parts: Iterable[Record]) -> frozenset[int]:
    """The draws at which parts begin, and those after their last."""
    return frozenset(end for part in parts for end in (part["start"], part["start"] + part["draws"]))


def _manifest(folder: Path, say: Say) -> dict[str, Any] | None:
    try:
        return read_manifest(folder)
    except DamagedManifestError:
        say(f"{MANIFEST} was damaged: made again from the parts.")
    except UsageError:
        if (folder / MANIFEST).exists():
            raise
        say(f"{MANIFEST} was missing: made again from the parts.")
    return None


def _refuse(folder: Path, differing: list[str]) -> None:
    if differing:
        lines = "\n".join(f"  {line}" for line in differing)
        raise UsageError(
            f"'{folder}' holds another sweep; --resume goes on with the same one only. It differs in\n{lines}"
        )


def _part(path: Path, asked: Mapping[str, Any], crc32: int | None) -> tuple[Record, int] | None:
    """A part's line of the manifest and its chunk; None where it is cut off or damaged.

    Raises:
        OSError: the system does not let it be read, which says nothing about its bytes.
        UsageError: it is of another sweep.
    """
    import pyarrow as pa

    try:
        record, own = read_part_record(path, verify=True, crc32=crc32)
    except (OSError, pa.ArrowException) as error:
        if isinstance(error, OSError) and error.errno not in (None, errno.EIO):
            raise
        return None
    differing = differences(own, asked)
    if differing:
        raise UsageError(f"'{path}' is a part of another sweep ({'; '.join(differing)}): move it away, then go on.")
    if record["file"] != path.name:
        raise UsageError(f"'{path}' holds the rows of {record['file']}: move it away, then go on.")
    return record, int(own["chunk"])


def clear_leftovers(folder: Path) -> None:
    """Remove what a killed run was writing: hidden files of its own making."""
    for place in (folder, draws_folder(folder)):
        for path in place.glob(".????????????????.tmp"):
            path.unlink(missing_ok=True)


def check_places(folder: Path, kept: Iterable[Record], pieces: list[Piece]) -> None:
    """Raise UsageError where finished parts do not lie where the plan puts them: two sweeps were mixed."""
    places = {piece.start: piece for piece in pieces}
    for record in kept:
        piece = places.get(record["start"])
        number = PART.match(record["file"])
        if piece is None or number is None or (piece.draws, piece.number) != (record["draws"], int(number[1])):
            raise UsageError(
                f"'{draws_folder(folder) / record['file']}' does not fit between the other parts: "
                "move it away, then go on."
            )


def later_parts(folder: Path, manifest: Mapping[str, Any], *, verify: bool = False) -> list[Record]:
    """All finished parts, in order of draw: those of the manifest, and those finished after it was last written.

    Args:
        folder: of the sweep.
        manifest: identity of the sweep, its `parts`.
        verify: whether to read the others to the end, and so to know their checksums.

    Raises:
        UsageError: a part of the manifest is gone, or has another size; two hold the same draws.
    """
    import pyarrow as pa

    parts: list[Record] = list(manifest["parts"])
    known = {part["file"] for part in parts}
    for part in parts:
        path = draws_folder(folder) / part["file"]
        size = path.stat().st_size if path.exists() else 0
        if size != part["bytes"]:
            raise UsageError(
                f"'{path}' cannot be read (it has {size:,} of {part['bytes']:,} bytes). "
                "The same sweep with --resume makes it again."
            )
    for path in draws_folder(folder).glob("part-*.parquet"):
        if path.name not in known:
            try:
                record, own = read_part_record(path, verify=verify)
            except (OSError, pa.ArrowException, UsageError):
                continue  # nothing that this sweep has finished
            if not differences(own, {key: manifest.get(key) for key in own if key != "chunk"}):
                parts.append(record)
    parts.sort(key=lambda part: int(part["start"]))
    _refuse_overlap(folder, parts)
    return parts


def _refuse_overlap(folder: Path, parts: Sequence[Record]) -> None:
    for one, next_one in pairwise(parts):
        if one["start"] + one["draws"] > next_one["start"]:
            raise UsageError(
                f"'{draws_folder(folder) / next_one['file']}' holds draws that {one['file']} holds too: "
                "move one of them away, then go on with --resume."
            )
