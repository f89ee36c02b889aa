"""Payoffs of all draws at once: stakes times weights, each number computed once however many profiles share it.

A payoff is the sum over a player's interests of weight * stake / swing. The scenario becomes a list of operations on
rows of 64 draws (`row_program`), which one compiled loop runs for one draw and for millions (`row_kernel`), by
elementwise operations alone, so that a draw's bits do not depend on the draws beside it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.errors import PayoffError
from sim.game.arithmetic import Array
from sim.game.payoff_rows import StepRows, payoff_rows
from sim.game.program import Program, compile_program
from sim.game.row_operations import LANES
from sim.game.row_program import Ids, RowBuilder, RowCode
from sim.scenario.distributions import central
from sim.scenario.model import Interest, ScenarioData

BLOCK = 256  # draws that a caller should ask for at once: their tensors stay in cache

Parameters = Mapping[str, NDArray[np.float64]]


@dataclass(frozen=True, slots=True, eq=False)
class GameFamily:
    """A scenario compiled: parameters in, payoff tensors out."""

    scenario: ScenarioData
    players: tuple[str, ...]
    observers: tuple[str, ...]
    axes_of: tuple[tuple[int, ...], ...]  # for each player the axes of its moves, in tensor order
    ranks: tuple[tuple[int, ...], ...]  # for each axis the ranks of the options it holds
    program: Program
    interests: Mapping[str, tuple[Interest, ...]]  # player or observer -> its interests, in file order
    swings: Mapping[str, float]  # stake -> the amount that counts as 1

    @property
    def shape(self) -> tuple[int, ...]:
        """Options held on each axis."""
        return tuple(len(own) for own in self.ranks)

    def __repr__(self) -> str:
        sizes = " x ".join(str(n) for n in self.shape)
        return f"<GameFamily {self.scenario.name}: {', '.join(self.players)}; {sizes} profiles>"


def compile_family(
    scenario: ScenarioData, *, ranks: Mapping[str, tuple[int, ...]] | None = None, allowed_only: bool = False
) -> GameFamily:
    """Compile a scenario's formulas once.

    Args:
        scenario: checked data.
        ranks: for some moves, the ranks to hold (a slice holds one rank of every move that is given).
        allowed_only: hold the options of `[allow]` instead of whole ladders.
    """
    held = tuple(
        (ranks or {}).get(move.name, move.allowed if allowed_only else tuple(range(len(move.options))))
        for move in scenario.moves
    )
    cells = scenario.table.cells if scenario.table is not None else {}
    program = compile_program(scenario.moves, scenario.events, scenario.stakes, cells)
    axis = {move.name: k for k, move in enumerate(scenario.moves)}
    everyone = [*scenario.players, *scenario.observers]
    return GameFamily(
        scenario=scenario,
        players=tuple(player.name for player in scenario.players),
        observers=tuple(observer.name for observer in scenario.observers),
        axes_of=tuple(tuple(sorted(axis[move] for move in player.moves)) for player in scenario.players),
        ranks=held,
        program=program,
        interests={
            own.name: tuple(interest for interest in scenario.interests if interest.player == own.name)
            for own in everyone
        },
        swings={stake.name: float(stake.swing) for stake in scenario.stakes},
    )


def central_parameters(scenario: ScenarioData) -> dict[str, NDArray[np.float64]]:
    """Every number at its central value, each of shape (1,), in file order."""
    return {name: np.array([float(central(known))]) for name, known in scenario.distributions().items()}


def completed(family: GameFamily, parameters: Mapping[str, ArrayLike]) -> dict[str, NDArray[np.float64]]:
    """A mapping as `payoffs` takes it, made by hand: scalars count for all draws, missing names are central.

    Raises:
        PayoffError: an unknown name, arrays of unlike lengths, a value that is not a finite number.
    """
    result = central_parameters(family.scenario)
    for name, value in parameters.items():
        if name not in result:
            raise PayoffError(f"The scenario has no number called {name!r}.")
        try:
            given = np.asarray(value, dtype=np.float64)
        except (TypeError, ValueError):
            raise PayoffError(f"{name!r} must be numbers, not {value!r}.") from None
        if given.ndim > 1:
            raise PayoffError(f"{name!r} must have one value a draw, not the shape {given.shape}.")
        if not np.isfinite(given).all():
            raise PayoffError(f"{name!r} holds a value that is not a finite number.")
        result[name] = np.atleast_1d(given)
    lengths = {len(value) for value in result.values()} - {1}
    if len(lengths) > 1:
        raise PayoffError(f"Parameters must all have one value a draw; their lengths are {sorted(lengths)}.")
    return result


def draws_in(parameters: Parameters) -> int:
    """How many draws the arrays are of; 1 where every number is the same in all."""
    return next((len(value) for value in parameters.values() if len(value) != 1), 1)


def payoffs(family: GameFamily, parameters: Parameters, *, of: tuple[str, ...] | None = None) -> NDArray[np.float64]:
    """Payoff tensors of all draws.

    Args:
        family: the compiled scenario.
        parameters: complete, each array of shape (draws,) or (1,) where it is the same in all.
        of: whose payoffs; the players where left out, `family.observers` for the observers.

    Returns:
        Shape (draws, len(of), moves...), float64, in each one's own points. Draws are innermost in memory.

    Raises:
        PayoffError: a stake (or a cell of a payoff table) is not a finite number somewhere.
    """
    names = family.players if of is None else of
    result = np.empty((len(names), *family.shape, draws_in(parameters)))
    _fill(family, parameters, names, result)
    return np.moveaxis(result, -1, 0)


def block_payoffs(family: GameFamily, parameters: Parameters, out: NDArray[np.float64]) -> None:
    """Payoffs of the players for some draws, written to `out` of shape (players, moves..., draws)."""
    _fill(family, parameters, family.players, out)


def stacked(parameters: Parameters, names: Sequence[str], draws: int) -> NDArray[np.float64]:
    """Some numbers of all draws, as `row_kernel` reads them: shape (names, draws)."""
    matrix = np.empty((len(names), draws))
    for own, name in zip(matrix, names, strict=True):
        own[:] = parameters[name]
    return matrix


def stake_values(family: GameFamily, parameters: Parameters) -> dict[str, NDArray[np.float64]]:
    """The factors: stake -> array of shape (n or 1 for every move, draws or 1), in the stake's own unit.

    Raises:
        PayoffError: a stake that a payoff needs is not a finite number somewhere.
    """
    code, stakes = _stakes_code(family)
    draws = draws_in(parameters)
    values = {name: np.empty((*own.shape, draws)) for name, own in stakes.items()}
    for start, rows, _ in blocks(code, parameters, draws, guarded=True):
        for name, own in stakes.items():
            values[name][..., start : start + LANES] = rows[own, : draws - start]
    for stake in dict.fromkeys(interest.stake for own in family.interests.values() for interest in own):
        _refuse_not_finite(family, parameters, f"stake {stake!r}", values[stake])
    varies = {name: family.program.uses_draws[k] for name, k in family.program.stakes.items()}
    return {name: own if varies[name] else own[..., :1] for name, own in values.items()}


def event_values(family: GameFamily) -> dict[str, NDArray[np.bool_]]:
    """Event -> truth at every profile, shape (moves...).

    Raises:
        PayoffError: an event's formula has no value somewhere, such as a division by zero.
    """
    steps = StepRows(family, RowBuilder())
    values = {}
    for name, k in family.program.events.items():
        truth = steps.builder.values(steps.of(k))  # events depend on moves alone: the reader sees to it
        _refuse_not_finite(family, {}, f"event {name!r}", truth[..., None])
        values[name] = np.broadcast_to(truth, family.shape).astype(np.bool_)
    return values


@lru_cache(maxsize=64)
def _payoffs_code(family: GameFamily, names: tuple[str, ...]) -> tuple[RowCode, Ids]:
    found = payoff_rows(family, names)
    code = found.builder.finish([found.payoffs])
    return code, code.place[found.payoffs]


@lru_cache(maxsize=64)
def _guarded_code(family: GameFamily, names: tuple[str, ...]) -> tuple[RowCode, Ids, dict[str, Ids]]:
    found = payoff_rows(family, names, fold=False)
    code = found.builder.finish([found.payoffs, *found.stakes.values()])
    return code, code.place[found.payoffs], {name: code.place[ids] for name, ids in found.stakes.items()}


@lru_cache(maxsize=64)
def _stakes_code(family: GameFamily) -> tuple[RowCode, dict[str, Ids]]:
    steps = StepRows(family, RowBuilder(fold=False))
    stakes = {name: steps.of(k) for name, k in family.program.stakes.items()}
    code = steps.builder.finish(stakes.values())
    return code, {name: code.place[ids] for name, ids in stakes.items()}


def _fill(family: GameFamily, parameters: Parameters, names: tuple[str, ...], out: NDArray[np.float64]) -> None:
    """Write payoffs to `out`, shape (names, moves..., draws)."""
    code, place = _payoffs_code(family, names)
    draws = out.shape[-1]
    for start, rows, failed in blocks(code, parameters, draws):
        own = out[..., start : start + LANES]
        if failed:
            guarded_payoffs(family, some_draws(parameters, start, start + LANES), names, own)
        else:
            np.add(rows[place, : own.shape[-1]], 0.0, out=own)  # a payoff of 0 has no sign


def blocks(
    code: RowCode, parameters: Parameters, draws: int, *, guarded: bool = False
) -> Iterator[tuple[int, NDArray[np.float64], int]]:
    """Run a program block by block: the first draw, the rows, and which check failed (0: none)."""
    from sim.game.row_kernel import run_block  # compiled code: loaded where it runs

    numbers, (rows, words) = stacked(parameters, code.names, draws), code.workspace()
    for start in range(0, draws, LANES):
        yield start, rows, run_block(code.runs, code.entries, code.inputs, numbers, start, rows, words, guarded)


def some_draws(parameters: Parameters, first: int, last: int) -> dict[str, NDArray[np.float64]]:
    """The numbers of draws first .. last - 1."""
    return {name: own if len(own) == 1 else own[first:last] for name, own in parameters.items()}


def guarded_payoffs(
    family: GameFamily, parameters: Parameters, names: tuple[str, ...], out: NDArray[np.float64]
) -> None:
    """Payoffs of one block in which something is not finite, perhaps in a branch that is not taken: the guards tell.

    Raises:
        PayoffError: a stake or a payoff is not a finite number.
    """
    code, place, stakes = _guarded_code(family, names)
    draws = out.shape[-1]
    ((_, rows, _),) = blocks(code, parameters, draws, guarded=True)
    for stake, own in stakes.items():
        _refuse_not_finite(family, parameters, f"stake {stake!r}", rows[own, :draws])
    out[...] = rows[place, :draws] + 0.0
    for row, name in enumerate(names):
        _refuse_not_finite(family, parameters, f"the payoff of {name!r}", out[row])


def _refuse_not_finite(family: GameFamily, parameters: Parameters, what: str, values: Array) -> None:
    """Raise PayoffError at the first value that is not finite; shape (n or 1 for every move, draws or 1)."""
    bad = np.argwhere(~np.isfinite(values))
    if not len(bad):
        return
    *at, draw = bad[0].tolist()
    numbers = ", ".join(
        f"{parameter.name}={float(parameters[parameter.name][draw % len(parameters[parameter.name])])!r}"
        for parameter in family.scenario.parameters
        if parameter.name in parameters
    )
    raise PayoffError(
        f"{family.scenario.path}: {what} is not a finite number at {profile_text(family, at)}"
        f"{' with ' if numbers else ''}{numbers}. "
        "Guard it with `x if c else y`, or narrow the range of what it divides by."
    )


def profile_text(family: GameFamily, at: Sequence[int]) -> str:
    """A profile in the user's words: `offer=goods ask=none`; `at` holds an index for every axis."""
    return " ".join(
        f"{move.name}={move.options[own[index]]}"
        for move, own, index in zip(family.scenario.moves, family.ranks, at, strict=True)
    )
