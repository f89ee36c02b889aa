"""Payoffs in exact rationals, by the same tree as the floating-point ones: literals are the decimals written."""

from collections.abc import Mapping
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from sim.errors import PayoffError
from sim.game.arithmetic import RATIONALS, ROUNDED_OPERATIONS, SIGNIFICANT_DIGITS, Array, Poison
from sim.game.game import Game, to_floats
from sim.game.payoffs import GameFamily, compile_family, profile_text
from sim.game.program import evaluate
from sim.scenario.distributions import central
from sim.scenario.model import ScenarioData, Slice

ROUNDING_NOTE = f"roots, exponentials and logarithms in formulas are rounded to {SIGNIFICANT_DIGITS} significant digits"


def central_rationals(scenario: ScenarioData, values: Mapping[str, Fraction] | None = None) -> dict[str, Fraction]:
    """Every number at its central value, in file order, with some of them set to other values.

    Raises:
        PayoffError: a name that is no parameter and no weight.
    """
    numbers = {name: central(known) for name, known in scenario.distributions().items()}
    for name, value in (values or {}).items():
        if name not in numbers:
            raise PayoffError(f"The scenario has no number called {name!r}.")
        numbers[name] = value
    return numbers


def exact_payoffs(
    family: GameFamily, numbers: Mapping[str, Fraction], *, of: tuple[str, ...] | None = None
) -> NDArray[np.object_]:
    """Payoffs of one parameter set as Fractions, shape (len(of) or players, moves...).

    Raises:
        PayoffError: a stake has no value somewhere, such as a division by zero.
    """
    names = family.players if of is None else of
    arrays: dict[str, Array] = {}
    for name, number in numbers.items():
        arrays[name] = np.empty(1, dtype=object)
        arrays[name][0] = number
    results = evaluate(family.program, family.ranks, arrays, RATIONALS)
    tensor = np.empty((len(names), *family.shape), dtype=object)
    for row, name in enumerate(names):
        tensor[row] = Fraction(0)
        if family.scenario.table is not None:
            _fill_from_table(family, results, name, tensor[row])
            continue
        for interest in family.interests[name]:
            stake = next(own for own in family.scenario.stakes if own.name == interest.stake)
            values = results[family.program.stakes[stake.name]][..., 0]
            _refuse_poison(family, values, f"stake {stake.name!r}")
            tensor[row] = tensor[row] + values * (numbers[interest.name] / stake.swing)
    return tensor


def normal_form_game(scenario: ScenarioData, numbers: Mapping[str, Fraction], title: str | None = None) -> Game:
    """The game of one parameter set with every player's moves merged into one action, allowed options only."""
    family = compile_family(scenario, allowed_only=True)
    return merged_game(family, exact_payoffs(family, numbers), title or scenario.name)


def merged_game(family: GameFamily, tensor: NDArray[np.object_], title: str) -> Game:
    """Merge the axes of each player into one, last move fastest. `tensor` has shape (players, moves...)."""
    exact = merge_axes(tensor, family.axes_of)
    return Game(title, family.players, merged_labels(family), to_floats(exact), exact, rounding_note(family))


def slice_game(scenario: ScenarioData, cut: Slice, numbers: Mapping[str, Fraction]) -> Game:
    """A two-player game inside the big one: two sides vary, all else is held. Titled by the slice's name."""
    family = compile_family(scenario, ranks={move: (rank,) for move, rank in cut.given.items()}, allowed_only=True)
    axis = {move.name: k for k, move in enumerate(scenario.moves)}
    sides = tuple(tuple(sorted(axis[move] for move in side)) for side in (cut.rows, cut.columns))
    rows = [family.players.index(player) for player in (cut.row_player, cut.column_player)]
    tensor = exact_payoffs(family, numbers)[rows]
    rest = tuple(k + 1 for k in range(len(family.shape)) if k not in sides[0] + sides[1])
    kept = [k for k in range(len(family.shape)) if k in sides[0] + sides[1]]
    small = tensor.squeeze(axis=rest)
    renumbered = tuple(tuple(kept.index(k) for k in side) for side in sides)
    exact = merge_axes(small, renumbered)
    labels = tuple(action_labels(family, side) for side in sides)
    players = (cut.row_player, cut.column_player)
    return Game(cut.name, players, labels, to_floats(exact), exact, rounding_note(family))


def merge_axes(tensor: Array, axes_of: tuple[tuple[int, ...], ...]) -> Array:
    """(players, moves...) -> (players, n_1, ..., n_N): the moves of each player become one axis, last move fastest."""
    order = [0, *(axis + 1 for axes in axes_of for axis in axes)]
    sizes = [int(np.prod([tensor.shape[axis + 1] for axis in axes])) for axes in axes_of]
    return tensor.transpose(order).reshape(tensor.shape[0], *sizes)


def merged_labels(family: GameFamily) -> tuple[tuple[str, ...], ...]:
    """The names of each player's merged actions: `ask=goods travel=stay`, or the bare option of a single move."""
    return tuple(action_labels(family, axes) for axes in family.axes_of)


def action_labels(family: GameFamily, axes: tuple[int, ...]) -> tuple[str, ...]:
    """Labels of the joint options of some moves, last move fastest."""
    moves = [family.scenario.moves[axis] for axis in axes]
    shape = [len(family.ranks[axis]) for axis in axes]
    labels = []
    for index in np.ndindex(*shape):
        options = [move.options[family.ranks[axis][k]] for move, axis, k in zip(moves, axes, index, strict=True)]
        pairs = [f"{move.name}={option}" for move, option in zip(moves, options, strict=True)]
        labels.append(options[0] if len(moves) == 1 else " ".join(pairs))
    return tuple(labels)


def rounding_note(family: GameFamily) -> str:
    """What the exact numbers of this scenario do not cover; empty where every operation is rational."""
    fractional = any(
        step.op == "**" and family.program.steps[step.arguments[1]].op != "number" for step in family.program.steps
    ) or any(
        step.op == "**" and getattr(family.program.steps[step.arguments[1]].payload, "denominator", 1) != 1
        for step in family.program.steps
    )
    rounded = fractional or any(step.op in ROUNDED_OPERATIONS for step in family.program.steps)
    return ROUNDING_NOTE if rounded else ""


def _fill_from_table(family: GameFamily, results: list[Array], name: str, out: NDArray[np.object_]) -> None:
    full = tuple(len(move.options) for move in family.scenario.moves)
    cells = family.program.cells[name]
    for index in np.ndindex(*family.shape):
        ranks = tuple(own[k] for own, k in zip(family.ranks, index, strict=True))
        out[index] = results[cells[int(np.ravel_multi_index(ranks, full))]].ravel()[0]
    _refuse_poison(family, out, f"the payoff of {name!r}")


def _refuse_poison(family: GameFamily, values: Array, what: str) -> None:
    """Raise PayoffError at the first value that is no number; `values` has shape (n or 1 for every move)."""
    for at in np.ndindex(*values.shape):
        value: object = values[at]
        if isinstance(value, Poison):
            raise PayoffError(
                f"{family.scenario.path}: {what} has no exact value at {profile_text(family, at)}: {value.reason}. "
                "Guard it with `x if c else y`, or set other values."
            )
