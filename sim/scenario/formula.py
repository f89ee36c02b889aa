"""The language of formulas: a text is parsed to a small tree against a white list, and never evaluated as code."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal


@dataclass(frozen=True, slots=True)
class Number:
    """A literal, read as the decimal that is written."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Name:
    """A quantity defined elsewhere in the scenario. A move stands for the rank of its option, from 0."""

    kind: Literal["move", "event", "parameter", "stake"]
    name: str


@dataclass(frozen=True, slots=True)
class Unary:
    """`-x`, or `not x` (1 where x is 0, else 0)."""

    op: Literal["-", "not"]
    operand: "Node"


@dataclass(frozen=True, slots=True)
class Binary:
    """Arithmetic on two numbers."""

    op: Literal["+", "-", "*", "/", "**"]
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Compare:
    """A comparison, 1 or 0. A quoted option is a Number already: its rank. A chain is a Logic of comparisons."""

    op: Literal["==", "!=", "<", "<=", ">", ">="]
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Logic:
    """`and` or `or` of two or more, each true where it is not 0; the value is 1 or 0."""

    op: Literal["and", "or"]
    operands: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """`x if c else y`: the branch that is not taken does not count."""

    condition: "Node"
    then: "Node"
    otherwise: "Node"


@dataclass(frozen=True, slots=True)
class Call:
    """One of the functions of the white list. min and max take two or more; clip(x, lo, hi)."""

    function: Literal["min", "max", "abs", "exp", "log", "sqrt", "clip"]
    arguments: tuple["Node", ...]


Node = Number | Name | Unary | Binary | Compare | Logic | Choice | Call
