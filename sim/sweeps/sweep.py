"""A finished sweep, in memory or on disk: its table of shares and its rows as a frame."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import UsageError
from sim.scenario.model import ScenarioData
from sim.scenario.reader import scenario_hash
from sim.solvers.concepts import Request
from sim.sweeps.run import CHUNK, Engine, Progress, Rows, all_rows, chunks_of_rows, make_engine, shares
from sim.sweeps.status import STATUSES, Share
from sim.sweeps.store import (
    claim_folder,
    manifest_of,
    part_path,
    read_columns,
    read_manifest,
    refuse_run_folder,
    refuse_used_folder,
    release_folder,
    table_of_rows,
    write_json,
    write_part,
)

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


@dataclass(frozen=True, slots=True, eq=False)
class Sweep:
    """Many draws of one scenario. Rows are in memory, or in the parts of `folder`."""

    scenario: str
    hash: str
    seed: int
    draws: int
    events: tuple[str, ...]
    shares: tuple[Share, ...]  # one a concept, order and event
    finished: bool
    folder: Path | None
    arrow: "pa.Table | None" = None  # the rows, where no folder holds them

    def table(self) -> "pd.DataFrame":
        """Shares of sampled parameter sets: one row a concept, order and event, the six statuses as columns."""
        import pandas as pd

        return pd.DataFrame([share.to_dict() for share in self.shares])

    def to_frame(self, columns: Sequence[str] | None = None) -> "pd.DataFrame":
        """One row a draw, in the columns of the store; statuses are categories of the six words."""
        names = None if columns is None else list(columns)
        table = self.arrow if self.folder is None else read_columns(self.folder, names)
        assert table is not None  # a sweep without a folder holds its rows
        frame: pd.DataFrame = (table.select(names) if names is not None else table).to_pandas()
        return frame

    def to_dict(self) -> dict[str, Any]:
        """What `summary.json` holds."""
        return {
            "scenario": self.scenario,
            "hash": self.hash,
            "seed": self.seed,
            "draws": self.draws,
            "finished": self.finished,
            "rows": [share.to_dict() for share in self.shares],
        }

    def _repr_html_(self) -> str:
        return str(self.table().to_html(index=False, float_format=lambda share: f"{share:.3f}"))

    def __repr__(self) -> str:
        return f"<Sweep of {self.scenario}: {self.draws} draws, seed {self.seed}>"


def sweep(
    scenario: ScenarioData,
    requests: Sequence[Request],
    *,
    draws: int,
    seed: int,
    first: int = 0,
    out: Path | None = None,
    chunk: int = CHUNK,
    progress: Progress | None = None,
) -> Sweep:
    """Sweep a scenario; with `out`, write each finished chunk at once, and keep what is finished if interrupted.

    Raises:
        UsageError: fewer than one draw, a negative first draw, or `out` already holds a sweep or a run.
        PayoffError: a payoff that is not a finite number.
        KeyboardInterrupt: passed on after the finished parts and their summary are on disk.
    """
    if draws < 1 or first < 0 or chunk < 1:
        raise UsageError(f"A sweep needs at least one draw, from draw 0 on; asked for {draws} from draw {first}.")
    engine = make_engine(scenario, requests)
    digest = scenario_hash(scenario)
    if out is None:
        rows = all_rows(engine, draws, seed, first=first, progress=progress)
        found = tuple(shares(engine, rows))
        table = table_of_rows(engine, rows)
        return Sweep(scenario.name, digest, seed, draws, engine.events, found, True, None, table)
    refuse_used_folder(out)
    refuse_run_folder(out)
    manifest = manifest_of(engine, digest, seed=seed, draws=draws, first=first, chunk=chunk)
    made = claim_folder(out)
    totals: list[Share] = []
    try:
        write_json(out / "manifest.json", manifest)
        for rows in chunks_of_rows(engine, draws, seed, first=first, chunk=chunk, progress=progress):
            totals = _write_chunk(engine, rows, out, manifest, totals)
        manifest["finished"] = True
        write_json(out / "manifest.json", manifest)
    except BaseException as error:
        _keep_finished(out, manifest, totals, error, made)
        if isinstance(error, KeyboardInterrupt):
            kept = "what was finished is kept" if totals else "nothing was written"
            raise KeyboardInterrupt(kept) from None
        raise
    result = _summary(out, manifest, totals)
    write_json(out / "summary.json", result.to_dict())
    return result


def _keep_finished(
    out: Path, manifest: dict[str, Any], totals: list[Share], error: BaseException, made: list[Path]
) -> None:
    """A summary of the finished parts; without any part, no trace. The first error is the one that is told."""
    try:
        if totals:
            write_json(out / "summary.json", _summary(out, manifest, totals).to_dict())
        else:
            release_folder(out, made)
    except OSError as second:
        error.add_note(f"After that, '{second.filename}' could not be written either: {second.strerror}.")


def open_sweep(folder: str | Path) -> Sweep:
    """A sweep that lies in a folder.

    Raises:
        UsageError: no sweep there, or one that cannot be read.
    """
    folder = Path(folder)
    manifest = read_manifest(folder)
    table = read_columns(
        folder, [f"{row}.{event}.status" for row in manifest["concepts"] for event in manifest["events"]]
    )
    totals: list[Share] = []
    for row in manifest["concepts"]:
        concept, _, order = row.partition(".")
        for event in manifest["events"]:
            counted = {word.as_py(): count.as_py() for word, count in _value_counts(table, f"{row}.{event}.status")}
            counts = tuple(counted.get(word, 0) for word in STATUSES)
            totals.append(Share(concept, order or None, event, table.num_rows, counts))
    return _summary(folder, manifest, totals)


def _value_counts(table: "pa.Table", column: str) -> list[tuple[Any, Any]]:
    import pyarrow as pa

    words = table.column(column).cast(pa.string())
    return [(entry["values"], entry["counts"]) for entry in words.value_counts()]


def _write_chunk(engine: Engine, rows: Rows, out: Path, manifest: dict[str, Any], totals: list[Share]) -> list[Share]:
    number = len(manifest["parts"])
    write_part(out, number, table_of_rows(engine, rows))
    manifest["parts"].append({"file": part_path(out, number).name, "start": rows.start, "draws": len(rows)})
    write_json(out / "manifest.json", manifest)
    found = shares(engine, rows)
    return found if not totals else [_added(one, other) for one, other in zip(totals, found, strict=True)]


def _added(one: Share, other: Share) -> Share:
    counts = tuple(a + b for a, b in zip(one.counts, other.counts, strict=True))
    return Share(one.concept, one.order, one.event, one.n + other.n, counts)


def _summary(folder: Path, manifest: dict[str, Any], totals: list[Share]) -> Sweep:
    done = sum(part["draws"] for part in manifest["parts"])
    events = tuple(manifest["events"])
    head = (manifest["scenario"], manifest["hash"], manifest["seed"], done, events)
    return Sweep(*head, tuple(totals), bool(manifest["finished"]), folder)
