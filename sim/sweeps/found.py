"""What a sweep found: its table of shares, its rows as a frame, from memory or from the folder where it lies."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.sweeps.manifest import Record, read_manifest
from sim.sweeps.resume import later_parts
from sim.sweeps.status import STATUSES, Share
from sim.sweeps.store import read_columns

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
        table = self.arrow if self.folder is None else _stored(self.folder, names)
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


def _stored(folder: Path, names: list[str] | None) -> "pa.Table":
    return read_columns(folder, later_parts(folder, read_manifest(folder)), names)


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
    return Sweep(
        scenario=manifest["scenario"],
        hash=manifest["hash"],
        seed=manifest["seed"],
        draws=sum(part["draws"] for part in parts),
        events=tuple(manifest["events"]),
        shares=shares_of_parts(manifest, parts),
        finished=bool(manifest["finished"]),
        folder=folder,
    )


def shares_of_parts(manifest: Mapping[str, Any], parts: Sequence[Record]) -> tuple[Share, ...]:
    """The counts of all parts, added: one share for each concept and event; none where no part is finished."""
    if not parts:
        return ()
    heads = [(row, event) for row in manifest["concepts"] for event in manifest["events"]]
    found = []
    for (row, event), *counts in zip(heads, *(part["counts"] for part in parts), strict=True):
        total = tuple(sum(own[k] for own in counts) for k in range(len(STATUSES)))
        concept, _, order = row.partition(".")
        found.append(Share(concept, order or None, event, sum(total), total))
    return tuple(found)


def added(one: list[list[int]] | None, other: list[list[int]]) -> list[list[int]]:
    """Counts of two sets of draws together."""
    if one is None:
        return other
    return [[a + b for a, b in zip(own, more, strict=True)] for own, more in zip(one, other, strict=True)]
