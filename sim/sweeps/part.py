"""One piece of the draws becomes one part: the same function on every engine, in this process or on another machine."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.solvers.concepts import Request
from sim.sweeps.costly import CostlyRows, costly_rows, is_costly
from sim.sweeps.manifest import Job, Record
from sim.sweeps.numbers import sampler_of
from sim.sweeps.plan import Piece
from sim.sweeps.run import ConceptRows, Engine, Rows, make_engine, rows_at
from sim.sweeps.store import part_bytes, table_of_rows, write_part
from sim.sweeps.streams import Sampler, sample
from sim.sweeps.tally import Tally, tally_of

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True, eq=False)
class Bench:
    """A job with its scenario compiled: made once a process, used for every piece."""

    job: Job
    engine: Engine  # of the concepts that run on every draw
    sampler: Sampler


@dataclass(frozen=True, slots=True, eq=False)
class PieceRows:
    """The rows of a piece: of concepts that run on every draw, and of costly ones."""

    rows: Rows
    costly: dict[Request, CostlyRows]


def set_up(job: Job) -> Bench:
    """Compile the job's scenario."""
    batch = [request for request in job.requests if not is_costly(request)]
    return Bench(job, make_engine(job.scenario, batch), sampler_of(job.sampler, job.scenario))


def rows_of(bench: Bench, start: int, draws: int) -> PieceRows:
    """The rows of draws start .. start + draws - 1.

    Raises:
        PayoffError: a payoff that is not a finite number.
    """
    job = bench.job
    parameters = sample(job.scenario, job.seed, start, draws, bench.sampler)
    rows = rows_at(bench.engine, parameters, start=start, draws=draws)
    run = min(max(job.first + job.costly - start, 0), draws)
    few = {
        request: costly_rows(job.scenario, request, bench.engine.events, parameters, draws, run)
        for request in job.requests
        if is_costly(request)
    }
    return PieceRows(rows, few)


def table_of(bench: Bench, own: PieceRows) -> "pa.Table":
    """The rows as the store has them."""
    return table_of_rows(bench.engine, own.rows, own.costly, numbers=bench.job.store == "all")


def tally_of_rows(bench: Bench, own: PieceRows) -> Tally:
    """How many draws have each status, a row for each concept and event in the order asked."""
    found: dict[Request, CostlyRows | ConceptRows] = {**own.rows.concepts, **own.costly}
    codes = [code for request in bench.job.requests for code in found[request].status]
    return tally_of(codes, own.rows.start, sobol=bench.job.sampler == "sobol")


def made_part(bench: Bench, piece: Piece) -> tuple["pa.Buffer", Record]:
    """A part as it lies on disk, and its line in the manifest."""
    own = rows_of(bench, piece.start, piece.draws)
    return part_bytes(bench.job, table_of(bench, own), piece, tally_of_rows(bench, own))


def finish_part(bench: Bench, folder: Path, piece: Piece) -> Record:
    """Compute a piece and write its part, whole or not at all."""
    content, record = made_part(bench, piece)
    return write_part(folder, record, content)
