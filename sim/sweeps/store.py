"""A sweep on disk: one Parquet part a piece of the draws, whole or not at all, that says of itself what it is.

`DIR/draws/part-NNNNN.parquet`, beside `DIR/manifest.json` and `DIR/summary.json`. Columns: `draw`, `p.NAME` and
`w.PLAYER.STAKE` of every uncertain number, then for each concept and event `.status`, `.lower`, `.upper`, and for each
concept `.n`, `.n_outcomes`, `.margin`; last `near_tie`. Numbers that fill all their bits are stored as they are; the
few values of a status or a count go through a dictionary. Every page carries a checksum, and every part its own counts.
"""

import json
import re
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import UsageError
from sim.scenario.distributions import is_fixed
from sim.scenario.model import ScenarioData
from sim.solvers.concepts import Request
from sim.sweeps.costly import CostlyRows
from sim.sweeps.manifest import MANIFEST, Job, Record, identity
from sim.sweeps.numbers import column_of
from sim.sweeps.plan import Piece
from sim.sweeps.run import Engine, Rows
from sim.sweeps.status import ALWAYS, NEVER, SOMETIMES, STATUSES
from sim.sweeps.tally import Tally
from sim.whole_file import write_whole

if TYPE_CHECKING:
    import pyarrow as pa

Floats = NDArray[np.float64]

PART = re.compile(r"part-([0-9]{5,})\.parquet\Z")
OWN = b"realpolitik"  # the key of what a part says of itself


def draws_folder(folder: Path) -> Path:
    """Where the parts lie."""
    return folder / "draws"


def part_path(folder: Path, number: int) -> Path:
    """Where part `number` lies."""
    return draws_folder(folder) / f"part-{number:05d}.parquet"


def holds_sweep(folder: Path) -> bool:
    """Whether a sweep has begun there."""
    return (folder / MANIFEST).exists() or any(folder.glob("draws/part-*.parquet"))


def refuse_file(folder: Path) -> None:
    """Raise UsageError where the folder is none."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"'{folder}' is a file, not a folder. Name another with --out.")


def refuse_used_folder(folder: Path) -> None:
    """Raise UsageError where the folder already holds a sweep, or is not a folder."""
    refuse_file(folder)
    if holds_sweep(folder):
        raise UsageError(
            f"'{folder}' already holds a sweep. Go on with it by --resume, name another folder with --out, "
            "or remove this one."
        )


def refuse_run_folder(folder: Path) -> None:
    """Raise UsageError where the folder holds what `sim run` wrote: a sweep would replace its summary."""
    if any((folder / name).exists() for name in ("summary.json", "report.html", ".running")):
        raise UsageError(f"'{folder}' holds a run of `sim run`. Name another folder with --out.")


def uncertain_columns(scenario: ScenarioData) -> dict[str, str]:
    """Column -> name of every number that is not known: `p.need`, `w.RU.shells`."""
    return {column_of(name): name for name, own in scenario.distributions().items() if not is_fixed(own)}


def table_of_rows(
    engine: Engine, rows: Rows, costly: Mapping[Request, CostlyRows] | None = None, *, numbers: bool = True
) -> "pa.Table":
    """The rows as an Arrow table, one row a draw, in the columns of the store; without `numbers`, outcomes alone."""
    import pyarrow as pa

    columns: dict[str, Any] = {"draw": _column(np.arange(rows.start, rows.start + len(rows), dtype=np.int64))}
    for column, name in uncertain_columns(engine.family.scenario).items() if numbers else ():
        columns[column] = _column(np.broadcast_to(rows.parameters[name], len(rows)))
    for request, own in rows.concepts.items():
        for event, codes in zip(engine.events, own.status, strict=True):
            head = f"{request.name}.{event}"
            columns |= _event_columns(head, codes, _LOWER[codes], _UPPER[codes], _UNDEFINED[codes])
        margin = _column(own.margin, ~np.isfinite(own.margin))
        columns |= _counts(request, _column(own.n), _column(own.n_outcomes), margin)
    for request, few in (costly or {}).items():
        for event, codes, lower, upper in zip(engine.events, few.status, few.lower, few.upper, strict=True):
            columns |= _event_columns(f"{request.name}.{event}", codes, lower, upper, np.isnan(lower))
        n, outcomes = (_column(own, own < 0) for own in (few.n, few.n_outcomes))
        columns |= _counts(request, n, outcomes, pa.nulls(len(rows), pa.float64()))
    columns["near_tie"] = _column(rows.near_tie)
    return pa.table(columns)


# Of each status the least and the greatest value of the event, and whether it has none.
_LOWER = np.array([status == "always" for status in STATUSES], dtype=np.float64)
_UPPER = np.array([status != "never" for status in STATUSES], dtype=np.float64)
_UNDEFINED = np.array([k not in (ALWAYS, SOMETIMES, NEVER) for k in range(len(STATUSES))])


def _column(values: NDArray[Any], missing: NDArray[np.bool_] | None = None) -> "pa.Array":
    """Numbers as they lie in memory: Arrow's own conversion would load pandas, and look at every number."""
    import pyarrow as pa

    kind, own = pa.from_numpy_dtype(values.dtype), np.ascontiguousarray(values)
    bits = np.packbits(own, bitorder="little") if own.dtype == np.bool_ else own
    lacking = 0 if missing is None else int(np.count_nonzero(missing))
    valid = None if missing is None or not lacking else pa.py_buffer(np.packbits(~missing, bitorder="little"))
    return pa.Array.from_buffers(kind, len(own), [valid, pa.py_buffer(bits)], null_count=lacking)


def _words() -> "pa.Array":
    import pyarrow as pa

    ends = np.cumsum([0, *map(len, STATUSES)], dtype=np.int32)
    content = [None, pa.py_buffer(ends), pa.py_buffer("".join(STATUSES).encode())]
    return pa.Array.from_buffers(pa.string(), len(STATUSES), content)


def _event_columns(
    head: str, codes: NDArray[np.int8], lower: Floats, upper: Floats, undefined: NDArray[np.bool_]
) -> dict[str, Any]:
    import pyarrow as pa

    return {
        f"{head}.status": pa.DictionaryArray.from_arrays(_column(codes, codes < 0), _words()),
        f"{head}.lower": _column(lower, undefined),
        f"{head}.upper": _column(upper, undefined),
    }


def _counts(request: Request, n: Any, outcomes: Any, margin: Any) -> dict[str, Any]:
    return {f"{request.name}.n": n, f"{request.name}.n_outcomes": outcomes, f"{request.name}.margin": margin}


def part_bytes(job: Job, table: "pa.Table", piece: Piece, tally: Tally) -> tuple["pa.Buffer", Record]:
    """A part as it lies on disk, and its line in the manifest."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    record: Record = {"file": part_path(Path(), piece.number).name, "start": piece.start, "draws": piece.draws}
    record |= tally.to_dict()
    own = identity(job) | {"chunk": job.chunk, "part": record}
    full = [name for name in table.column_names if name.startswith(("p.", "w.")) or name.endswith(".margin")]
    few = [name for name in table.column_names if name not in full and name != "draw"]
    small = job.store == "outcomes"
    sink = pa.BufferOutputStream()
    pq.write_table(
        table.replace_schema_metadata({OWN: json.dumps(own)}),
        sink,
        compression={name: "ZSTD" if small else "NONE" if name in full else "SNAPPY" for name in table.column_names},
        use_dictionary=few,
        column_encoding={"draw": "DELTA_BINARY_PACKED"}
        | dict.fromkeys(full, "BYTE_STREAM_SPLIT" if small else "PLAIN"),
        write_statistics=False,
        write_page_checksum=True,
        store_schema=True,
    )
    buffer = sink.getvalue()
    return buffer, record | {"bytes": buffer.size, "crc32": zlib.crc32(buffer)}


def write_part(folder: Path, record: Record, content: "pa.Buffer") -> Record:
    """Write one part, whole or not at all, and give its line of the manifest back. Its folder must be there.

    The disk is not waited for: a program that is killed loses nothing by that, and what a power loss leaves half
    written is told by its checksums.
    """
    write_whole(draws_folder(folder) / record["file"], content)
    return record


def read_part_record(path: Path, *, verify: bool, crc32: int | None = None) -> tuple[Record, dict[str, Any]]:
    """What a part says of itself: its line of the manifest, and the identity of its sweep.

    Args:
        path: the part.
        verify: whether to read it to the end, against the checksums of its pages.
        crc32: of the whole file, where the manifest knows it.

    Raises:
        OSError, pyarrow.ArrowException: it is cut off or damaged.
        UsageError: it is no part of a sweep.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    content = path.read_bytes() if verify else None
    found = {"bytes": path.stat().st_size if content is None else len(content)}
    if content is not None:
        found["crc32"] = zlib.crc32(content)
        if crc32 is not None and crc32 != found["crc32"]:
            raise OSError(None, "another checksum", str(path))
    source = path if content is None else pa.BufferReader(content)
    with pq.ParquetFile(source, page_checksum_verification=True) as file:
        try:
            own = json.loads(file.schema_arrow.metadata[OWN])
            record = own.pop("part") | found
        except (TypeError, KeyError, ValueError):
            raise UsageError(f"'{path}' is not of this program's sweeps: move it away, then go on.") from None
        rows = file.metadata.num_rows
        if verify:
            rows = sum(len(batch) for batch in file.iter_batches(batch_size=8192))
        if rows != record["draws"]:
            raise OSError(None, f"{rows} rows in place of {record['draws']}", str(path))
    return record, own


def write_json(path: Path, document: Mapping[str, Any]) -> None:
    """Write a JSON document, whole or not at all; its folder is made where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, json.dumps(document, indent=1, allow_nan=False, ensure_ascii=False) + "\n")


def columns_of(folder: Path, parts: list[Record]) -> list[str]:
    """The columns that the parts hold, the same in all.

    Raises:
        UsageError: there is no part, or the first cannot be read.
    """
    import pyarrow.parquet as pq

    _refuse_none(folder, parts)
    with _readable(draws_folder(folder) / parts[0]["file"]) as path:
        return list(pq.read_schema(path).names)


def read_columns(folder: Path, parts: list[Record], columns: list[str] | None = None) -> "pa.Table":
    """All finished parts, some columns or all, in order of draw.

    Raises:
        UsageError: a part that is missing or cannot be read, or there is none.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    _refuse_none(folder, parts)
    tables = []
    for part in parts:
        with _readable(draws_folder(folder) / part["file"]) as path:
            tables.append(pq.read_table(path, columns=columns, page_checksum_verification=True))
    return pa.concat_tables(tables).replace_schema_metadata(None)


def _refuse_none(folder: Path, parts: list[Record]) -> None:
    if not parts:
        raise UsageError(f"'{folder}' holds no finished part yet.")


@contextmanager
def _readable(path: Path) -> Iterator[Path]:
    """A part to read for the time of a block; UsageError where it cannot be."""
    import pyarrow as pa

    try:
        yield path
    except (OSError, pa.ArrowException) as error:
        said = str(error).splitlines()[0]
        raise UsageError(f"'{path}' cannot be read ({said}). The same sweep with --resume makes it again.") from None
