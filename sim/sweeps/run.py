"""The sweep: parameters of many draws, their payoffs, what each concept says of each event. Chunks in, rows out.

One engine serves a single draw and a million. A chunk is sampled at once; inside it payoffs, concepts and statuses are
computed 64 draws at a time by compiled loops, so that a block's numbers stay in cache.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.game.payoff_rows import payoff_rows
from sim.game.payoffs import (
    BLOCK,
    GameFamily,
    Parameters,
    compile_family,
    draws_in,
    event_values,
    guarded_payoffs,
    some_draws,
    stacked,
)
from sim.game.row_operations import LANES
from sim.scenario.model import ScenarioData
from sim.solvers.batch import Asked, Plan, as_numbers, as_words, make_plan, tensor_plan
from sim.solvers.concepts import Request, Rules, asked_of, held, rules_of
from sim.solvers.ties import NEAR_TIE
from sim.sweeps.status import UNDECLARED, OutcomeClasses, Share, outcome_classes, shares_of
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
    family, sheet = engine.family, _Sheet(engine, draws)
    plan = _family_plan(family, sheet.asked)
    numbers, (rows, words) = stacked(parameters, plan.code.names, draws), plan.code.workspace()
    for first in range(0, draws, LANES):
        if plan.run(numbers, first, rows, words):
            own = some_draws(parameters, first, first + LANES)
            tensor = np.empty((len(family.players), *family.shape, min(LANES, draws - first)))
            guarded_payoffs(family, own, family.players, tensor)
            sheet.write_tensors(np.moveaxis(tensor, -1, 0), own, first)
        else:
            sheet.write(plan, rows, words, first, parameters, first)
    return sheet.rows(parameters, start)


def rows_of_payoffs(
    engine: Engine, source: PayoffSource, draws: int, parameters: Parameters, *, start: int = 0
) -> Rows:
    """Rows of payoff tensors that `source(first, last)` gives, shape (last - first, players, moves...)."""
    sheet = _Sheet(engine, draws)
    for first in range(0, draws, BLOCK):
        last = min(first + BLOCK, draws)
        sheet.write_tensors(source(first, last), some_draws(parameters, first, last), first)
    return sheet.rows(parameters, start)


@lru_cache(maxsize=64)
def _family_plan(family: GameFamily, asked: Asked) -> Plan:
    """The program from a scenario's numbers to concepts."""
    made = payoff_rows(family, family.players)
    return make_plan(made.builder, made.payoffs, asked)


class _Sheet:
    """The columns of some draws, filled 64 at a time."""

    def __init__(self, engine: Engine, draws: int) -> None:
        self.asked, self._at = asked_of(engine.rules, engine.requests)
        self._engine, self._draws = engine, draws
        answers = self.asked.answers
        self._status = np.empty((answers, len(engine.events), draws), dtype=np.int8)
        self._n, self._n_outcomes = np.empty((2, answers, draws), dtype=np.int32)
        self._margin = np.empty((answers, draws))
        self._near_tie = np.zeros(draws, dtype=np.bool_)

    def write(
        self,
        plan: Plan,
        rows: NDArray[np.float64],
        words: NDArray[np.uint64],
        first: int,
        numbers: Parameters,
        offset: int,
    ) -> None:
        """Read off what a plan has found in draws first .. first + 63; `numbers` are theirs from `offset` on."""
        from sim.sweeps.status_kernel import read_off  # compiled code: loaded where it runs

        count, classes = min(LANES, self._draws - first), self._engine.classes
        if self.asked.others:
            self._write_repeated(plan, rows, words, some_draws(numbers, offset, offset + count), count)
        found = (self._status, self._n, self._n_outcomes, self._margin, self._near_tie)
        at = (plan.word, plan.margin, plan.gap, classes.code, classes.holds)
        read_off(words, rows, *at, first, count, NEAR_TIE, *found)

    def _write_repeated(
        self, plan: Plan, rows: NDArray[np.float64], words: NDArray[np.uint64], numbers: Parameters, count: int
    ) -> None:
        """Put repeated play, which is computed on tensors, where a plan keeps its answers."""
        payoffs = plan.payoffs(rows, count)
        for request in (one for one in self._engine.requests if one.concept == "repeated"):
            answer, k = held(payoffs, self._engine.rules, request, numbers), self._at[request]
            words[plan.word[k]] = as_words(answer.is_equilibrium.reshape(count, -1).T)
            rows[plan.margin[k], :count], rows[plan.gap[k], :count] = answer.margin, answer.gap

    def write_tensors(self, payoffs: NDArray[np.float64], numbers: Parameters, first: int) -> None:
        """The same for payoffs of shape (draws, players, moves...), from draw `first` on, and their numbers."""
        plan = tensor_plan(payoffs.shape[1:], self.asked)
        rows, words = plan.code.workspace()
        for k in range(0, len(payoffs), LANES):
            plan.run(as_numbers(payoffs, k), 0, rows, words)
            self.write(plan, rows, words, first + k, numbers, k)

    def rows(self, parameters: Parameters, start: int) -> Rows:
        """All of it."""
        columns = (self._status, self._n, self._n_outcomes, self._margin)
        concepts = {
            request: ConceptRows(*(own[self._at[request]] for own in columns)) for request in self._engine.requests
        }
        return Rows(start, parameters, concepts, self._near_tie)


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
