"""Whether every payoff is affine in a number: then payoffs cross at roots that can be solved for, and nowhere else.

Degrees are counted over the formulas: 0 where the number does not occur, 1 where the value is affine in it, 2 where it
is, or may be, anything else. A comparison, a minimum, a power or a function of the number is anything else.
"""

from sim.scenario.formula import Binary, Call, Choice, Compare, Logic, Name, Node, Number, Unary
from sim.scenario.model import ScenarioData

OTHER = 2  # more than affine


def is_affine(scenario: ScenarioData, number: str) -> bool:
    """Whether every player's payoff at every profile is affine in a parameter or a weight, all else fixed."""
    players = {player.name for player in scenario.players}
    stakes: dict[str, int] = {}
    for stake in scenario.stakes:  # in an order of definition
        stakes[stake.name] = degree(stake.formula, number, stakes)
    if scenario.table is not None:
        cells = (cell for name, own in scenario.table.cells.items() if name in players for cell in own)
        return all(degree(cell, number, stakes) < OTHER for cell in cells)
    return all(stakes[one.stake] + (one.name == number) < OTHER for one in scenario.interests if one.player in players)


def degree(node: Node, number: str, stakes: dict[str, int]) -> int:
    """The degree of a formula in a number, at most OTHER; `stakes` has that of every stake it may use."""
    match node:
        case Number():
            return 0
        case Name(kind, name):
            return stakes[name] if kind == "stake" else int(kind == "parameter" and name == number)
        case Unary(op, operand):
            own = degree(operand, number, stakes)
            return own if op in ("-", "+") or own == 0 else OTHER
        case Binary(op, left, right):
            return _binary(op, degree(left, number, stakes), degree(right, number, stakes))
        case Choice(condition, then, otherwise):
            branches = max(degree(then, number, stakes), degree(otherwise, number, stakes))
            return branches if degree(condition, number, stakes) == 0 else OTHER
        case Compare(_, left, right):
            return _nothing_or_other(degree(left, number, stakes), degree(right, number, stakes))
        case Logic(_, operands):
            return _nothing_or_other(*(degree(operand, number, stakes) for operand in operands))
        case Call(_, arguments):
            return _nothing_or_other(*(degree(argument, number, stakes) for argument in arguments))


def _binary(op: str, left: int, right: int) -> int:
    if op in ("+", "-"):
        return max(left, right)
    if op == "*":
        return min(OTHER, left + right)
    if op == "/" and right == 0:
        return left
    return _nothing_or_other(left, right)


def _nothing_or_other(*degrees: int) -> int:
    return OTHER if any(degrees) else 0
