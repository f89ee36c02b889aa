"""A scenario's formulas as one short list of array operations, equal sub-expressions once, on the axes that each uses.

A program is walked by `evaluate` over exact rationals, for one game, and by `payoff_rows` to list what floats compute,
for many draws at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from numpy.typing import NDArray

from sim.game.arithmetic import Arithmetic
from sim.scenario.formula import Binary, Call, Choice, Compare, Logic, Name, Node, Number, Unary
from sim.scenario.model import Event, Move, Stake

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One operation: a leaf (`number`, `move`, `parameter`) with its payload, or a function of earlier steps."""

    op: str
    arguments: tuple[int, ...] = ()
    payload: Fraction | str | None = None


@dataclass(frozen=True, slots=True)
class Program:
    """Steps in an order in which each uses only earlier ones, and where each event, stake and table cell ends up."""

    moves: tuple[Move, ...]
    steps: tuple[Step, ...]
    uses_draws: tuple[bool, ...]  # one a step: does it depend on a parameter
    uses_moves: tuple[frozenset[int], ...]  # one a step: the axes of the moves that it depends on
    events: Mapping[str, int]
    stakes: Mapping[str, int]
    cells: Mapping[str, tuple[int, ...]]


def compile_program(
    moves: tuple[Move, ...],
    events: tuple[Event, ...],
    stakes: tuple[Stake, ...],
    cells: Mapping[str, tuple[Node, ...]],
) -> Program:
    """Number every distinct sub-expression once. `events` and `stakes` come in an order of definition."""
    steps: dict[Step, int] = {}
    uses_draws: list[bool] = []
    uses_moves: list[frozenset[int]] = []
    axis = {move.name: k for k, move in enumerate(moves)}
    defined: dict[tuple[str, str], int] = {}

    def number_of(step: Step) -> int:
        if step not in steps:
            steps[step] = len(steps)
            uses_draws.append(step.op == "parameter" or any(uses_draws[k] for k in step.arguments))
            own = frozenset([axis[str(step.payload)]] if step.op == "move" else [])
            uses_moves.append(own.union(*(uses_moves[k] for k in step.arguments)))
        return steps[step]

    def visit(node: Node) -> int:
        match node:
            case Number(value):
                return number_of(Step("number", payload=value))
            case Name(kind, name):
                return defined[kind, name] if kind in ("event", "stake") else number_of(Step(kind, payload=name))
            case Unary(op, operand):
                return number_of(Step("neg" if op == "-" else op, (visit(operand),)))
            case Binary(op, left, right) | Compare(op, left, right):
                return number_of(Step(op, (visit(left), visit(right))))
            case Logic(op, operands):
                return _fold(op, operands)
            case Choice(condition, then, otherwise):
                return number_of(Step("choice", (visit(condition), visit(then), visit(otherwise))))
            case Call(("min" | "max") as function, arguments):
                return _fold(function, arguments)
            case Call(function, arguments):
                return number_of(Step(function, tuple(visit(argument) for argument in arguments)))

    def _fold(op: str, operands: tuple[Node, ...]) -> int:
        result = visit(operands[0])
        for operand in operands[1:]:
            result = number_of(Step(op, (result, visit(operand))))
        return result

    for event in events:
        defined["event", event.name] = number_of(Step("truth", (visit(event.formula),)))
    for stake in stakes:
        defined["stake", stake.name] = visit(stake.formula)
    table = {player: tuple(visit(cell) for cell in own) for player, own in cells.items()}
    return Program(
        moves,
        tuple(steps),
        tuple(uses_draws),
        tuple(uses_moves),
        {event.name: defined["event", event.name] for event in events},
        {stake.name: defined["stake", stake.name] for stake in stakes},
        table,
    )


def evaluate(
    program: Program,
    ranks: tuple[tuple[int, ...], ...],
    parameters: Mapping[str, Array],
    arithmetic: Arithmetic,
) -> list[Array]:
    """Walk the program once.

    Args:
        program: what to compute.
        ranks: for each move the ranks of its options to compute for; they become the axis of that move.
        parameters: name -> array of shape (draws,) or (1,).
        arithmetic: the kind of number.

    Returns:
        One array a step, each of shape (n or 1 for every move, draws or 1).
    """
    lead = (1,) * len(program.moves)
    axis = {move.name: k for k, move in enumerate(program.moves)}
    results: list[Array] = []
    for step in program.steps:
        match step.op:
            case "number":
                value = arithmetic.number(step.payload).reshape((*lead, 1))
            case "parameter":
                value = parameters[str(step.payload)].reshape((*lead, -1))
            case "move":
                own = axis[str(step.payload)]
                shape = [1] * (len(lead) + 1)
                shape[own] = len(ranks[own])
                value = arithmetic.ranks(ranks[own]).reshape(shape)
            case op:
                value = arithmetic.operations[op](*(results[j] for j in step.arguments))
        results.append(value)
    return results
