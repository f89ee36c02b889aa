"""A scenario file read a second time: TOML to a table, formulas by Python's own grammar, payoffs in exact fractions.

It trusts the file (the engine's reader says what is wrong with one) and knows only what a payoff needs. Every number is
a rational: literals as the decimals that are written, parameters as the exact binary values of the draw. Only `exp`,
`log`, `sqrt` and a power that is no integer are rounded, to the nearest float64.
"""

import ast
import math
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from itertools import product
from pathlib import Path
from typing import Any

Profile = tuple[int, ...]  # the rank of the option of each move, moves in the order of the file
WHOLE = ("value", "weight", "set")  # what `extends` replaces whole, besides arrays


class Scenario:
    """What the oracle knows of a file."""

    def __init__(self, path: Path) -> None:
        table = resolve(path)
        self.players: list[str] = list(table["players"])
        self.observers: list[str] = list(table.get("observers", {}))
        self.options: dict[str, list[str]] = {}
        self.owner: dict[str, str] = {}
        for player, entry in table["players"].items():
            for move, options in entry["moves"].items():
                self.options[move], self.owner[move] = options, player
        self.moves = list(self.options)
        allow = table.get("allow", {})
        self.allowed = {
            move: [rank for rank, option in enumerate(options) if option in allow.get(move, options)]
            for move, options in self.options.items()
        }
        texts = {name: text_of(entry) for name, entry in table.get("events", {}).items()}
        self.events = list(texts)
        stakes = table.get("stakes", {})
        texts |= {name: text_of(entry) for name, entry in stakes.items()}
        self.trees = {name: ast.parse(f"({text.strip()})", mode="eval").body for name, text in texts.items()}
        self.texts = {name: f"({text.strip()})" for name, text in texts.items()}
        self.swing = {
            name: rational(entry.get("swing", 1)) for name, entry in stakes.items() if isinstance(entry, dict)
        }
        self.interests = {
            who: [one for one in entries if one not in ("about", "rests_on")]
            for who, entries in table.get("interests", {}).items()
        }
        self.cells = table.get("payoffs")
        self.orders = {
            name: [[one] if isinstance(one, str) else list(one) for one in entry["moves"]]
            for name, entry in table.get("orders", {}).items()
        }
        may = table.get("coalitions", {}).get("may")
        self.coalitions = None if may is None else {frozenset(members) for members in may}
        self.numbers = {name: entry["value"] for name, entry in table.get("parameters", {}).items()}
        self.numbers |= {
            f"{who}.{one}": table["interests"][who][one].get("weight")
            for who, own in self.interests.items()
            for one in own
        }
        self.ranked = table.get("ranked", [])
        self.reads = {name: self._moves_read(tree, frozenset()) for name, tree in self.trees.items()}

    def profiles(self, *, allowed_only: bool = False) -> list[Profile]:
        """Every profile, the last move fastest."""
        ranks = [self.allowed[m] if allowed_only else range(len(self.options[m])) for m in self.moves]
        return list(product(*ranks))

    def payoffs(self, values: Mapping[str, Fraction]) -> dict[str, dict[Profile, Fraction]]:
        """Payoff of each player and observer at each profile: the sum of weight * stake / swing, or a table's cell."""
        known: dict[tuple[str, Profile], Fraction] = {}
        return {
            who: {profile: self._payoff(who, profile, values, known) for profile in self.profiles()}
            for who in self.players + self.observers
        }

    def event_vectors(self) -> dict[Profile, tuple[bool, ...]]:
        """Which events are true at every profile, in the order of the file."""
        known: dict[tuple[str, Profile], Fraction] = {}
        return {
            profile: tuple(self.quantity(event, profile, {}, known) != 0 for event in self.events)
            for profile in self.profiles()
        }

    def quantity(self, name: str, profile: Profile, values: Mapping[str, Fraction], known: dict) -> Fraction:
        """The value of an event or a stake; remembered for all profiles that agree in the moves that it reads."""
        key = (name, tuple(rank for move, rank in zip(self.moves, profile, strict=True) if move in self.reads[name]))
        if key not in known:
            known[key] = self._value(self.trees[name], self.texts[name], profile, values, known)
        return known[key]

    def _payoff(self, who: str, profile: Profile, values: Mapping[str, Fraction], known: dict) -> Fraction:
        if self.cells is not None:
            if who not in self.cells:
                return Fraction(0)
            cell: Any = reduce(lambda nest, rank: nest[rank], profile, self.cells[who])
            if not isinstance(cell, str):
                return rational(cell)
            return self._value(ast.parse(f"({cell})", mode="eval").body, f"({cell})", profile, values, known)
        total = Fraction(0)
        for stake in self.interests.get(who, []):
            weight = values[f"{who}.{stake}"]
            total += weight * self.quantity(stake, profile, values, known) / self.swing.get(stake, Fraction(1))
        return total

    def _moves_read(self, tree: ast.AST, above: frozenset[str]) -> frozenset[str]:
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        inner = [self._moves_read(self.trees[name], above) for name in names if name in self.trees]
        return frozenset(names & set(self.options)).union(*inner)

    def _value(self, node: Any, text: str, profile: Profile, values: Mapping[str, Fraction], known: dict) -> Fraction:
        def get(inner: Any) -> Fraction:
            return self._value(inner, text, profile, values, known)

        match node:
            case ast.Constant():
                return Fraction(Decimal(str(ast.get_source_segment(text, node))))
            case ast.Name(id=name) if name in self.options:
                return Fraction(profile[self.moves.index(name)])
            case ast.Name(id=name):
                return self.quantity(name, profile, values, known) if name in self.trees else values[name]
            case ast.UnaryOp(op=op, operand=operand):
                return -get(operand) if isinstance(op, ast.USub) else Fraction(get(operand) == 0)
            case ast.BinOp(left=left, op=op, right=right):
                return arithmetic(op, get(left), get(right))
            case ast.BoolOp(op=op, values=parts):
                true = [get(part) != 0 for part in parts]
                return Fraction(all(true) if isinstance(op, ast.And) else any(true))
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return get(body) if get(test) != 0 else get(orelse)
            case ast.Compare(left=left, ops=ops, comparators=others):
                terms = [left, *others]
                return Fraction(all(self._holds(a, op, b, get) for a, op, b in zip(terms, ops, others, strict=False)))
            case ast.Call(func=ast.Name(id=function), args=arguments):
                return call(function, [get(argument) for argument in arguments])
        raise AssertionError(f"the oracle cannot read {ast.dump(node)}")

    def _holds(self, left: Any, op: Any, right: Any, get: Any) -> bool:
        ladder = next(
            (self.options[x.id] for x in (left, right) if isinstance(x, ast.Name) and x.id in self.options), []
        )
        a, b = (
            ladder.index(x.value) if isinstance(x, ast.Constant) and isinstance(x.value, str) else get(x)
            for x in (left, right)
        )
        match op:
            case ast.Eq():
                return bool(a == b)
            case ast.NotEq():
                return bool(a != b)
            case ast.Lt():
                return bool(a < b)
            case ast.LtE():
                return bool(a <= b)
            case ast.Gt():
                return bool(a > b)
        return bool(a >= b)


def resolve(path: Path) -> dict[str, Any]:
    """The file's table over that of the file it extends: tables merge key by key, all else is replaced whole."""
    table = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    head = table["scenario"]
    if "extends" not in head:
        return table
    base = resolve(path.parent / head.pop("extends"))
    for dotted in head.pop("remove", []):
        *above, last = dotted.split(".")
        del reduce(lambda nest, name: nest[name], above, base)[last]
    return merged(base, table)


def merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """`over` laid upon `base`; what stood in the base keeps its place."""
    result = dict(base)
    for key, value in over.items():
        both = isinstance(value, dict) and isinstance(base.get(key), dict) and key not in WHOLE
        result[key] = merged(base[key], value) if both else value
    return result


def text_of(entry: Any) -> str:
    """The formula of an event or a stake, written alone or in a table."""
    return str(entry["value"]) if isinstance(entry, dict) else str(entry)


def rational(number: Any) -> Fraction:
    """A number of the file, as it is written."""
    return Fraction(number)


def arithmetic(op: Any, a: Fraction, b: Fraction) -> Fraction:
    """One of + - * / **; a power that is no integer is rounded to float64."""
    match op:
        case ast.Add():
            return a + b
        case ast.Sub():
            return a - b
        case ast.Mult():
            return a * b
        case ast.Div():
            return a / b
    return Fraction(a ** int(b)) if b.denominator == 1 else Fraction(math.pow(a, b))


def call(function: str, values: list[Fraction]) -> Fraction:
    """One of the functions of the white list; `rank` of a move is the number that the move already is."""
    match function:
        case "min":
            return min(values)
        case "max":
            return max(values)
        case "abs":
            return abs(values[0])
        case "clip":
            return min(max(values[0], values[1]), values[2])
        case "rank":
            return values[0]
        case "exp":
            return Fraction(math.exp(values[0]))
        case "log":
            return Fraction(math.log(values[0]))
        case "sqrt":
            return Fraction(math.sqrt(values[0]))
    raise AssertionError(f"the oracle knows no function {function}")
