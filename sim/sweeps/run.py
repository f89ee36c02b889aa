"""The sweep: parameters of many draws, their payoffs, what each concept says of each event. Chunks in, rows out.

One engine serves a single draw and a million. A chunk is sampled at once; inside it payoffs and concepts are
computed block by block, so that a block's tensors stay in cache.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.game.payoffs import BLOCK, GameFamily, Parameters, block_payoffs, compile_family, draws_in, event_values
from sim.scenario.model import ScenarioData
from sim.solvers.concepts import Request, Rules, rules_of, solve_batch
from sim.solvers.ties import NEAR_TIE
from sim.sweeps.status import (
    UNDECLARED,
    OutcomeClasses,
    Share,
    event_statuses,
    outcome_classes,
    present_classes,
    shares_of,
)
from sim.sweeps.streams import sample

CHUNK = 16_384  # draws in a part: large enough to write well, small enough to hold

PayoffSource = Callable[[int, int], NDArray[np.float64]]
Progress = Callable[[int, int], None]  # draws done, draws in all


@dataclass(frozen=True, slots=True, eq=False)
class ConceptRows:
    """What one concept says of draws start .. start + n - 1."""

    status: NDArray[np.int8]  # (events, draws), codes of `status.STATUSES`
    n: NDArray[np.int32]  # (draws,) equilibria
    n_outcomes: NDArray[np.int32]  # (draws,) distinct event vectors among them
    margin: NDArray[np.float64]  # (draws,) inf where there is nothing to break


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The rows of some draws, still as arrays."""

    start: int
    parameters: Parameters
    concepts: dict[Request, ConceptRows]
    near_tie: NDArray[np.bool_]  # (draws,)

    def __len__(self) -> int:
        return len(self.near_tie)


@dataclass(frozen=True, slots=True, eq=False)
class Engine:
    """A scenario ready to be swept: compiled once, used for every chunk."""

    family: GameFamily
    rules: Rules
    classes: OutcomeClasses
    requests: tuple[Request, ...]

    @property
    def events(self) -> tuple[str, ...]:
        """All events of the scenario, in file order."""
        return self.classes.events


def make_engine(scenario: ScenarioData, requests: Sequence[Request]) -> Engine:
    """Compile a scenario for a sweep of these concepts; options that `[allow]` forbids are left out."""
    family = compile_family(scenario, allowed_only=True)
    events = event_values(family) or {UNDECLARED: np.ones(family.shape, dtype=np.bool_)}
    return Engine(family, rules_of(scenario), outcome_classes(events), tuple(requests))


def rows_at(engine: Engine, parameters: Parameters, *, start: int = 0, draws: int | None = None) -> Rows:
    """Rows of given parameter sets: each array of shape (draws,) or (1,) where it is the same in all.

    `draws` is needed only where no array can tell, because every number is the same in all draws.

    Raises:
        PayoffError: a payoff that is not a finite number.
    """
    draws = draws_in(parameters) if draws is None else draws
    buffer = np.empty((len(engine.family.players), *engine.family.shape, min(BLOCK, draws)))

    def block(first: int, last: int) -> NDArray[np.float64]:
        part = {name: value if len(value) == 1 else value[first:last] for name, value in parameters.items()}
        out = buffer[..., : last - first]
        block_payoffs(engine.family, part, out)
        return np.moveaxis(out, -1, 0)

    return rows_of_payoffs(engine, block, draws, parameters, start=start)


def rows_of_payoffs(
    engine: Engine, source: PayoffSource, draws: int, parameters: Parameters, *, start: int = 0
) -> Rows:
    """Rows of payoff tensors that `source(first, last)` gives, shape (last - first, players, moves...)."""
    parts: dict[Request, list[ConceptRows]] = {request: [] for request in engine.requests}
    near = np.zeros(draws, dtype=np.bool_)
    for first in range(0, draws, BLOCK):
        last = min(first + BLOCK, draws)
        numbers = {name: own if len(own) == 1 else own[first:last] for name, own in parameters.items()}
        answers = solve_batch(source(first, last), engine.rules, engine.requests, numbers)
        for request, answer in answers.items():
            present = present_classes(answer.is_equilibrium, engine.classes)
            counts = answer.is_equilibrium.reshape(last - first, -1).sum(axis=1, dtype=np.int32)
            outcomes = present.sum(axis=0, dtype=np.int32)
            statuses = event_statuses(present, engine.classes)
            margin = np.where(counts > 0, answer.margin, np.inf)
            parts[request].append(ConceptRows(statuses, counts, outcomes, margin))
            near[first:last] |= answer.gap < NEAR_TIE
    joined = {request: _joined(blocks) for request, blocks in parts.items()}
    return Rows(start, parameters, joined, near)


def chunks_of_rows(
    engine: Engine, draws: int, seed: int, *, first: int = 0, chunk: int = CHUNK, progress: Progress | None = None
) -> Iterator[Rows]:
    """The rows of draws first .. first + draws - 1, a chunk at a time. Chunks start at multiples of `chunk`."""
    done, stop = first, first + draws
    while done < stop:
        end = min(stop, (done // chunk + 1) * chunk)
        parameters = sample(engine.family.scenario, seed, done, end - done)
        yield rows_at(engine, parameters, start=done, draws=end - done)
        done = end
        if progress is not None:
            progress(done - first, draws)


def shares(engine: Engine, rows: Rows) -> list[Share]:
    """The table of shares: one entry a concept, order and event, in the order asked."""
    found: list[Share] = []
    for request in engine.requests:
        found += shares_of(request.concept, request.order, engine.events, rows.concepts[request].status)
    return found


def all_rows(engine: Engine, draws: int, seed: int, *, first: int = 0, progress: Progress | None = None) -> Rows:
    """The rows of a whole sweep in memory."""
    return join_rows(list(chunks_of_rows(engine, draws, seed, first=first, progress=progress)))


def join_rows(parts: list[Rows]) -> Rows:
    """Rows of successive chunks as one."""
    parameters = {
        name: np.concatenate([np.broadcast_to(part.parameters[name], len(part)) for part in parts])
        for name in parts[0].parameters
    }
    concepts = {request: _joined([part.concepts[request] for part in parts]) for request in parts[0].concepts}
    return Rows(parts[0].start, parameters, concepts, np.concatenate([part.near_tie for part in parts]))


def _joined(parts: list[ConceptRows]) -> ConceptRows:
    return ConceptRows(
        np.concatenate([part.status for part in parts], axis=1),
        np.concatenate([part.n for part in parts]),
        np.concatenate([part.n_outcomes for part in parts]),
        np.concatenate([part.margin for part in parts]),
    )
