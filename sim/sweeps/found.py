"""What a sweep found: its table of shares, its rows as a frame, from memory or from the folder where it lies."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import UsageError
from sim.scenario.spelling import did_you_mean
from sim.sweeps.manifest import Record, read_manifest
from sim.sweeps.numbers import made_again
from sim.sweeps.resume import later_parts
from sim.sweeps.status import Share
from sim.sweeps.store import columns_of, read_columns
from sim.sweeps.tally import Interval, added, tally_of_part

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
    intervals: tuple[tuple[Interval, Interval], ...] = ()  # of lower and upper, one pair a share
    sampler: str = "mc"

    def table(self) -> "pd.DataFrame":
        """Shares of sampled parameter sets: one row a concept, order and event, the six statuses as columns."""
        import pandas as pd

        return pd.DataFrame([share.to_dict() for share in self.shares])

    def to_frame(self, columns: Sequence[str] | None = None) -> "pd.DataFrame":
        """One row a draw, in the columns of the store; statuses are categories of the six words.

        Numbers that the store left out are made again from the seed.

        Raises:
            UsageError: no such column, no finished part, or one that cannot be read.
        """
        names = None if columns is None else list(columns)
        if self.folder is not None:
            table = _stored(self.folder, names)
        else:
            assert self.arrow is not None  # a sweep without a folder holds its rows
            table = self.arrow if names is None else self.arrow.select(_known(names, self.arrow.column_names))
        frame: pd.DataFrame = table.to_pandas()
        return frame

    def to_dict(self) -> dict[str, Any]:
        """What `summary.json` holds."""
        return {
            "scenario": self.scenario,
            "hash": self.hash,
            "sampler": self.sampler,
            "seed": self.seed,
            "draws": self.draws,
            "finished": self.finished,
            "rows": [
                share.to_dict() | {"interval": {"lower": list(lower), "upper": list(upper)}}
                for share, (lower, upper) in zip(self.shares, self.intervals, strict=True)
            ],
            "interval": "95%: sampling error of so many draws only; it says nothing about the ranges being right",
        }

    def _repr_html_(self) -> str:
        return str(self.table().to_html(index=False, float_format=lambda share: f"{share:.3f}"))

    def __repr__(self) -> str:
        return f"<Sweep of {self.scenario}: {self.draws} draws, seed {self.seed}>"


def _stored(folder: Path, names: list[str] | None) -> "pa.Table":
    """The rows of a folder, some columns or all, in the order of the store whatever the store left out."""
    manifest = read_manifest(folder)
    parts = later_parts(folder, manifest)
    stored = columns_of(folder, parts)
    if manifest["store"] == "all":
        return read_columns(folder, parts, None if names is None else _known(names, stored))
    import pyarrow as pa

    first, stop = parts[0]["start"], parts[-1]["start"] + parts[-1]["draws"]
    left_out = made_again(manifest["sampling"], manifest["sampler"], manifest["seed"], first, stop - first)
    wanted = None
    if names is not None:
        wanted = [name for name in _known(names, [*stored, *left_out]) if name not in left_out]
    draws = read_columns(folder, parts, ["draw"]).column("draw").to_numpy() - first
    table = read_columns(folder, parts, wanted)
    columns = dict(zip(table.column_names, table.columns, strict=True))
    numbers = {name: pa.array(own[draws]) for name, own in left_out.items() if names is None or name in names}
    if names is not None:
        return pa.table({name: numbers[name] if name in numbers else columns[name] for name in names})
    return pa.table({"draw": columns.pop("draw"), **numbers, **columns})


def _known(names: list[str], columns: Sequence[str]) -> list[str]:
    """The names. Raises UsageError where one is no column."""
    for name in names:
        if name not in columns:
            raise UsageError(f"The sweep has no column '{name}'. {did_you_mean(name, columns)}".rstrip())
    return names


def open_sweep(folder: str | Path) -> Sweep:
    """A sweep that lies in a folder, finished or not: its table is added up from what is frozen of each part.

    Raises:
        UsageError: no sweep there, or one that cannot be read.
    """
    folder = Path(folder)
    manifest = read_manifest(folder)
    return sweep_of(folder, manifest, later_parts(folder, manifest))


def sweep_of(folder: Path, manifest: Mapping[str, Any], parts: Iterable[Record]) -> Sweep:
    """The sweep of a manifest and its finished parts."""
    parts = list(parts)
    tally = added(tally_of_part(part) for part in parts)
    return Sweep(
        scenario=manifest["scenario"],
        hash=manifest["hash"],
        seed=manifest["seed"],
        draws=sum(part["draws"] for part in parts),
        events=tuple(manifest["events"]),
        shares=() if tally is None else tally.shares(heads_of(manifest)),
        finished=bool(manifest["finished"]),
        folder=folder,
        intervals=() if tally is None else tally.intervals(),
        sampler=manifest["sampler"],
    )


def heads_of(manifest: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Row name and event of every row, in the order of a tally."""
    return [(row, event) for row in manifest["concepts"] for event in manifest["events"]]
