"""A sweep on disk: one Parquet part a chunk, whole or not at all, a manifest that says what they are, a summary.

`DIR/manifest.json`, `DIR/draws/part-NNNNN.parquet`, `DIR/summary.json`. Every file appears whole or not at
all. Columns: `draw`, `p.NAME` and `w.PLAYER.STAKE` of every uncertain number, then
for each concept and event `.status`, `.lower`, `.upper`, and for each concept `.n`, `.n_outcomes`, `.margin`; last
`near_tie`.
"""

import json
import platform
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import UsageError
from sim.scenario.distributions import is_fixed
from sim.scenario.model import ScenarioData
from sim.sweeps.run import Engine, Rows
from sim.sweeps.status import ALWAYS, NEVER, SOMETIMES, STATUSES
from sim.whole_file import whole_file, write_whole

if TYPE_CHECKING:
    import pyarrow as pa

FORMAT = 1  # of the folder; a reader refuses another
RECORDED = ("realpolitik", "numpy", "scipy", "pyarrow")  # versions on which the bits of a row may depend


def part_path(folder: Path, number: int) -> Path:
    """Where part `number` lies."""
    return folder / "draws" / f"part-{number:05d}.parquet"


def refuse_used_folder(folder: Path) -> None:
    """Raise UsageError where the folder already holds a sweep, or is not a folder."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"'{folder}' is a file, not a folder. Name another with --out.")
    if (folder / "manifest.json").exists() or any(folder.glob("draws/part-*.parquet")):
        raise UsageError(f"'{folder}' already holds a sweep. Name another folder with --out, or remove this one.")


def refuse_run_folder(folder: Path) -> None:
    """Raise UsageError where the folder holds what `sim run` wrote: a sweep would replace its summary."""
    if any((folder / name).exists() for name in ("summary.json", "report.html", ".running")):
        raise UsageError(f"'{folder}' holds a run of `sim run`. Name another folder with --out.")


def claim_folder(folder: Path) -> list[Path]:
    """Make the folder and its manifest, still empty, so that no second sweep can. Returns the folders that are new.

    Raises:
        UsageError: another sweep was faster.
    """
    made = [place for place in (folder, *folder.parents) if not place.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    try:
        (folder / "manifest.json").open("x").close()
    except FileExistsError:
        raise UsageError(f"'{folder}' already holds a sweep. Name another folder with --out.") from None
    return made


def release_folder(folder: Path, made: list[Path]) -> None:
    """Undo `claim_folder` where no part is finished: remove the manifest, a part begun, and folders that are new."""
    for path in (*folder.glob("draws/part-*.parquet"), folder / "manifest.json"):
        path.unlink(missing_ok=True)
    for place in (folder / "draws", *made):
        if place.is_dir() and not any(place.iterdir()):
            place.rmdir()


def uncertain_columns(scenario: ScenarioData) -> dict[str, str]:
    """Column -> name of every number that is not known: `p.need`, `w.RU.shells`."""
    columns = {f"p.{own.name}": own.name for own in scenario.parameters if not is_fixed(own.value)}
    return columns | {f"w.{own.name}": own.name for own in scenario.interests if not is_fixed(own.weight)}


def table_of_rows(engine: Engine, rows: Rows) -> "pa.Table":
    """The rows as an Arrow table, one row a draw, in the columns of the store."""
    import pyarrow as pa

    columns: dict[str, Any] = {"draw": pa.array(np.arange(rows.start, rows.start + len(rows), dtype=np.int64))}
    for column, name in uncertain_columns(engine.family.scenario).items():
        columns[column] = pa.array(np.broadcast_to(rows.parameters[name], len(rows)))
    words = pa.array(STATUSES)
    for request, own in rows.concepts.items():
        for event, codes in zip(engine.events, own.status, strict=True):
            head = f"{request.name}.{event}"
            columns[f"{head}.status"] = pa.DictionaryArray.from_arrays(pa.array(codes), words)
            undefined = ~np.isin(codes, (ALWAYS, SOMETIMES, NEVER))
            columns[f"{head}.lower"] = pa.array((codes == ALWAYS).astype(np.float64), mask=undefined)
            columns[f"{head}.upper"] = pa.array((codes != NEVER).astype(np.float64), mask=undefined)
        columns[f"{request.name}.n"] = pa.array(own.n)
        columns[f"{request.name}.n_outcomes"] = pa.array(own.n_outcomes)
        columns[f"{request.name}.margin"] = pa.array(own.margin, mask=~np.isfinite(own.margin))
    columns["near_tie"] = pa.array(rows.near_tie)
    return pa.table(columns)


def write_part(folder: Path, number: int, table: "pa.Table") -> None:
    """Write one part, whole or not at all."""
    import pyarrow.parquet as pq

    path = part_path(folder, number)
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path) as temporary:
        pq.write_table(table, temporary, compression="zstd")


def write_json(path: Path, document: Mapping[str, Any]) -> None:
    """Write a JSON document, whole or not at all; its folder is made where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, json.dumps(document, indent=1, allow_nan=False, ensure_ascii=False) + "\n")


def manifest_of(engine: Engine, scenario_hash: str, *, seed: int, draws: int, first: int, chunk: int) -> dict[str, Any]:
    """What the parts are: enough to make every row again."""
    scenario = engine.family.scenario
    return {
        "format": FORMAT,
        "scenario": scenario.name,
        "title": scenario.title,
        "hash": scenario_hash,
        "resolved": scenario.resolved,
        "fixed": {name: str(own.numbers[0]) for name, own in scenario.distributions().items() if is_fixed(own)},
        "concepts": [request.name for request in engine.requests],
        "events": list(engine.events),
        "headline": list(scenario.headline),
        "sampler": "mc",
        "seed": seed,
        "first": first,
        "draws": draws,
        "chunk": chunk,
        "versions": {name: version(name) for name in RECORDED} | {"python": platform.python_version()},
        "machine": machine(),
        "parts": [],
        "finished": False,
    }


def machine() -> dict[str, Any]:
    """What the last bits of exp, log and powers may depend on."""
    found: dict[str, Any] = np.show_config(mode="dicts")  # type: ignore[assignment]  # numpy's stub says None in every mode
    blas = found["Build Dependencies"]["blas"]
    return {
        "system": platform.system(),
        "processor": platform.machine(),
        "simd": found["SIMD Extensions"].get("found", []),
        "blas": f"{blas.get('name')} {blas.get('version')}",
    }


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a sweep's folder.

    Raises:
        UsageError: no sweep there, or one that cannot be read.
    """
    path = folder / "manifest.json"
    if not path.is_file():
        raise UsageError(f"'{folder}' holds no sweep: there is no manifest.json. `sim sweep FILE --out DIR` makes one.")
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise UsageError(f"'{path}' cannot be read ({error}).") from None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise UsageError(f"'{path}' is not a manifest of this version of realpolitik.")
    return manifest


def read_columns(folder: Path, columns: list[str] | None = None) -> "pa.Table":
    """All finished parts, some columns or all, in order of draw.

    Raises:
        UsageError: a part that is missing or cannot be read.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    tables = []
    for part in read_manifest(folder)["parts"]:
        path = folder / "draws" / part["file"]
        try:
            tables.append(pq.read_table(path, columns=columns))
        except (OSError, pa.ArrowException) as error:
            raise UsageError(f"'{path}' cannot be read ({str(error).splitlines()[0]}). Make the sweep again.") from None
    if not tables:
        raise UsageError(f"'{folder}' holds no finished part yet.")
    return pa.concat_tables(tables)
