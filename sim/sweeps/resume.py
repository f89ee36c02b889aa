"""What a folder holds already: parts that are whole and of the sweep that is asked for, and what to make again.

Parts decide, not the manifest: each says what it is, and its checksums say whether it is whole. Finished parts are
never written again. Nothing that is not this sweep's is touched.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sim.errors import UsageError
from sim.sweeps.manifest import MANIFEST, DamagedManifestError, Record, differences, read_manifest
from sim.sweeps.plan import Piece
from sim.sweeps.store import PART, draws_folder, read_part_record

Say = Callable[[str], None]


def finished_parts(folder: Path, asked: Mapping[str, Any], say: Say) -> tuple[list[Record], int | None]:
    """The parts that a resumed sweep keeps, in order of draw, read to the end; and the chunk by which they were cut.

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
    sums = {part["file"]: part.get("crc32") for part in (manifest or {"parts": ()})["parts"]}
    kept, chunk = [], None if manifest is None else int(manifest["chunk"])
    for path in sorted(draws_folder(folder).glob("*")):
        if PART.match(path.name):
            found = _part(path, asked, say, sums.get(path.name))
            if found is not None:
                kept.append(found[0])
                chunk = chunk or found[1]
        elif path.suffix == ".parquet":
            raise UsageError(f"'{path}' is not of this sweep, and a reader of draws/ would take it in: move it away.")
        else:
            say(f"{path.name} in draws/ is not of this sweep: left as it is.")
    names = {record["file"] for record in kept}
    there = {path.name for path in draws_folder(folder).glob("*")}
    for part in () if manifest is None else manifest["parts"]:
        if part["file"] not in names | there:
            say(f"{part['file']} is gone: made again.")
    return sorted(kept, key=lambda record: int(record["start"])), chunk


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


def _part(path: Path, asked: Mapping[str, Any], say: Say, crc32: int | None) -> tuple[Record, int] | None:
    """A part's line of the manifest and its chunk; None where it is cut off or damaged."""
    import pyarrow as pa

    try:
        record, own = read_part_record(path, verify=True, crc32=crc32)
    except PermissionError:
        raise
    except (OSError, pa.ArrowException):
        say(f"{path.name} was cut off or damaged: made again.")
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


def check_places(folder: Path, kept: list[Record], pieces: list[Piece]) -> None:
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


def later_parts(folder: Path, manifest: Mapping[str, Any]) -> list[Record]:
    """All finished parts: those of the manifest, and those finished after it was last written (of no known checksum).

    Raises:
        UsageError: a part of the manifest is gone, or has another size.
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
                record, own = read_part_record(path, verify=False)
            except (OSError, pa.ArrowException, UsageError):
                continue  # nothing that this sweep has finished
            if not differences(own, {key: manifest.get(key) for key in own if key != "chunk"}):
                parts.append(record)
    return sorted(parts, key=lambda part: int(part["start"]))
