"""Payoffs of all draws at once: stakes times weights, each formula evaluated only on the axes that it uses.

A payoff is the sum over a player's interests of weight * stake / swing. It stays factored in `Factors` as long as
possible: dropping a claim is then one subtraction, and a payoff splits exactly into stakes. One kernel serves one
draw and millions: draws are computed in blocks, innermost in memory, by elementwise operations alone, so that a
draw's bits do not depend on the draws beside it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import prod

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.errors import PayoffError
from sim.game.arithmetic import GUARDED, Arithmetic, Array
from sim.game.program import Program, compile_program, evaluate, evaluate_without_draws
from sim.scenario.distributions import central
from sim.scenario.model import Interest, ScenarioData

BLOCK = 256  # draws computed together: enough to pay for a numpy call, few enough to stay in cache

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
    without_draws: list[Array | None]
    arithmetic: Arithmetic  # the guarded one where a step without draws is not finite somewhere
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
    without_draws, arithmetic = evaluate_without_draws(program, held)
    axis = {move.name: k for k, move in enumerate(scenario.moves)}
    everyone = [*scenario.players, *scenario.observers]
    return GameFamily(
        scenario=scenario,
        players=tuple(player.name for player in scenario.players),
        observers=tuple(observer.name for observer in scenario.observers),
        axes_of=tuple(tuple(sorted(axis[move] for move in player.moves)) for player in scenario.players),
        ranks=held,
        program=program,
        without_draws=without_draws,
        arithmetic=arithmetic,
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
    draws = draws_in(parameters)
    result = np.empty((len(names), *family.shape, draws))
    for start in range(0, draws, BLOCK):
        stop = min(start + BLOCK, draws)
        block = {name: value if len(value) == 1 else value[start:stop] for name, value in parameters.items()}
        _fill(family, block, names, result[..., start:stop])
    return np.moveaxis(result, -1, 0)


def block_payoffs(family: GameFamily, parameters: Parameters, out: NDArray[np.float64]) -> None:
    """Payoffs of the players for one block of draws, written to `out` of shape (players, moves..., draws)."""
    _fill(family, parameters, family.players, out)


def stake_values(family: GameFamily, parameters: Parameters) -> dict[str, NDArray[np.float64]]:
    """The factors: stake -> array of shape (n or 1 for every move, draws or 1), in the stake's own unit.

    Raises:
        PayoffError: a stake that a payoff needs is not a finite number somewhere.
    """
    results = _walk(family, parameters)
    return {name: np.asarray(results[k], dtype=np.float64) for name, k in family.program.stakes.items()}


def event_values(family: GameFamily) -> dict[str, NDArray[np.bool_]]:
    """Event -> truth at every profile, shape (moves...).

    Raises:
        PayoffError: an event's formula has no value somewhere, such as a division by zero.
    """
    values = {}
    for name, k in family.program.events.items():
        truth = family.without_draws[k]
        assert truth is not None  # events depend on moves alone: the reader sees to it
        _refuse_not_finite(family, {}, f"event {name!r}", truth)
        values[name] = np.broadcast_to(truth[..., 0], family.shape).astype(np.bool_)
    return values


def _fill(family: GameFamily, parameters: Parameters, names: tuple[str, ...], out: NDArray[np.float64]) -> None:
    results = _walk(family, parameters)
    for row, name in enumerate(names):
        if family.scenario.table is not None:
            _fill_from_table(family, results, parameters, name, out[row])
            continue
        try:
            with np.errstate(over="raise", invalid="raise"):
                _fill_from_interests(family, results, parameters, name, out[row])
        except FloatingPointError:  # finite stakes and weights, but too large a product or sum
            with np.errstate(all="ignore"):
                _fill_from_interests(family, results, parameters, name, out[row])
            _refuse_not_finite(family, parameters, f"the payoff of {name!r}", out[row])


def _fill_from_interests(
    family: GameFamily, results: list[Array], parameters: Parameters, name: str, out: NDArray[np.float64]
) -> None:
    """Add up weight * stake / swing: terms on the same axes first, in file order, then small groups into wider ones.

    The order of addition depends on the scenario alone, so a draw's bits do not depend on the draws beside it.
    """
    lead = (1,) * len(family.shape)
    groups: dict[tuple[int, ...], Array] = {}
    for interest in family.interests[name]:
        stake = results[family.program.stakes[interest.stake]]
        weight = (parameters[interest.name] / family.swings[interest.stake]).reshape((*lead, -1))
        term = np.multiply(stake, weight, dtype=np.float64)
        axes = term.shape[:-1]
        groups[axes] = _added(groups[axes], term) if axes in groups else term
    total: Array = np.zeros((*lead, 1))
    for axes, wider in _addition_plan(tuple(groups)):
        if wider is not None:
            groups[wider] = _added(groups[wider], groups[axes])
        else:
            total = _added(total, groups[axes], spare=out)
    if total is not out:
        out[...] = total


@lru_cache(maxsize=1024)
def _addition_plan(groups: tuple[tuple[int, ...], ...]) -> tuple[tuple[tuple[int, ...], tuple[int, ...] | None], ...]:
    """Small groups first, each with the smallest group on all of its axes, to be added there; None: to the total.

    So that few sums are as large as the whole tensor. `groups` are sizes along the axes, 1 where an axis is not used.
    """
    ordered = sorted(groups, key=prod)  # a stable sort: equals stay in file order
    plan = []
    for k, axes in enumerate(ordered):
        holds = (wide for wide in ordered[k + 1 :] if all(a in (1, b) for a, b in zip(axes, wide, strict=True)))
        plan.append((axes, next(holds, None)))
    return tuple(plan)


def _added(total: Array, term: Array, *, spare: Array | None = None) -> Array:
    """The sum, in the memory of `total` or of `spare` where it fits: new memory costs more than the addition."""
    shape = np.broadcast_shapes(total.shape, term.shape)
    places = (own for own in (total, spare) if own is not None and own.shape == shape)
    return np.add(total, term, out=next(places, None))


def _fill_from_table(
    family: GameFamily, results: list[Array], parameters: Parameters, name: str, out: NDArray[np.float64]
) -> None:
    cells = family.program.cells[name]
    full = tuple(len(move.options) for move in family.scenario.moves)
    for index in np.ndindex(*family.shape):
        ranks = tuple(own[k] for own, k in zip(family.ranks, index, strict=True))
        out[index] = results[cells[int(np.ravel_multi_index(ranks, full))]].ravel()
    _refuse_not_finite(family, parameters, f"the payoff of {name!r}", out)


def _walk(family: GameFamily, parameters: Parameters) -> list[Array]:
    """Evaluate all steps, fast; where something is not finite, again with guards, and say where it matters."""
    if family.arithmetic is not GUARDED:
        try:
            with np.errstate(all="raise", under="ignore"):
                return evaluate(family.program, family.ranks, parameters, known=family.without_draws)
        except FloatingPointError:
            pass  # perhaps in a branch that is not taken: the guards will tell
    known = family.without_draws if family.arithmetic is GUARDED else None
    results = evaluate(family.program, family.ranks, parameters, arithmetic=GUARDED, known=known)
    for stake in dict.fromkeys(interest.stake for own in family.interests.values() for interest in own):
        _refuse_not_finite(family, parameters, f"stake {stake!r}", results[family.program.stakes[stake]])
    return results


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
