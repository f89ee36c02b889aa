"""One piece of the draws becomes one part: the same function on every engine, in this process or on another machine."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.sweeps.manifest import Job, Record
from sim.sweeps.plan import Piece
from sim.sweeps.run import Engine, Rows, make_engine, rows_at, shares
from sim.sweeps.store import part_bytes, table_of_rows, write_part
from sim.sweeps.streams import sample

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True, eq=False)
class Bench:
    """A job with its scenario compiled: made once a process, used for every piece."""

    job: Job
    engine: Engine


def set_up(job: Job) -> Bench:
    """Compile the job's scenario."""
    return Bench(job, make_engine(job.scenario, job.requests))


def rows_of(bench: Bench, start: int, draws: int) -> Rows:
    """The rows of draws start .. start + draws - 1.

    Raises:
        PayoffError: a payoff that is not a finite number.
    """
    parameters = sample(bench.job.scenario, bench.job.seed, start, draws)
    return rows_at(bench.engine, parameters, start=start, draws=draws)


def counts_of(bench: Bench, rows: Rows) -> list[list[int]]:
    """How many draws have each status: one list of six for each concept and event, in the order asked."""
    return [list(share.counts) for share in shares(bench.engine, rows)]


def made_part(bench: Bench, piece: Piece) -> tuple["pa.Buffer", Record]:
    """A part as it lies on disk, and its line in the manifest."""
    rows = rows_of(bench, piece.start, piece.draws)
    table = table_of_rows(bench.engine, rows, numbers=bench.job.store == "all")
    return part_bytes(bench.job, table, piece, counts_of(bench, rows))


def finish_part(bench: Bench, folder: Path, piece: Piece) -> Record:
    """Compute a piece and write its part, whole or not at all."""
    content, record = made_part(bench, piece)
    return write_part(folder, record, content)
