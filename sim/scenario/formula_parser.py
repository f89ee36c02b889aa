"""A formula's text becomes a tree over the names of its scenario, against a white list; nothing is evaluated as code.

Three steps, each bounded before the next one runs: a lexer that knows the only characters and words allowed, Python's
own grammar for precedence, and a conversion that resolves every name. Numbers are read as the decimals that are
written. A move stands for an option, not for a number: it compares only with an option of its own or with a move of the
same ladder, and `rank(move)` is its rank from 0.
"""

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, cast

from sim.scenario.formula import Binary, Call, Choice, Compare, Logic, Name, Node, Number, Unary
from sim.scenario.numbers import Unreadable, from_text
from sim.scenario.spelling import did_you_mean

GREATEST_LENGTH = 4_000  # characters
GREATEST_DEPTH = 60  # of brackets, and of the tree
GREATEST_SLIPS = 20  # reported of one formula
GREATEST_POWER = 64  # of a constant exponent

FUNCTIONS: Mapping[str, tuple[int, int | None]] = {  # least and greatest number of arguments
    "min": (2, None),
    "max": (2, None),
    "abs": (1, 1),
    "exp": (1, 1),
    "log": (1, 1),
    "sqrt": (1, 1),
    "clip": (3, 3),
    "rank": (1, 1),
}
WORDS = frozenset({"and", "or", "not", "if", "else"})
RESERVED = frozenset(FUNCTIONS) | WORDS | {"True", "False", "None", "about", "rests_on"}

LEXEME = re.compile(
    r"(?P<space>[ \t\r\n]+)|(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<word>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<option>'[^'\"\\\n]*'|\"[^'\"\\\n]*\")|(?P<sign>\*\*|[=!<>]=|[-+*/<>(),])",
    re.ASCII,
)
ARITHMETIC: Mapping[type[ast.operator], Literal["+", "-", "*", "/", "**"]] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Pow: "**",
}
COMPARISONS: Mapping[type[ast.cmpop], Literal["==", "!=", "<", "<=", ">", ">="]] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}


@dataclass(frozen=True, slots=True)
class Scope:
    """The names that a formula may use."""

    kinds: tuple[str, ...] = ("move", "event", "parameter", "stake")  # what it may use at all, for messages
    moves: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # move -> its ladder of options
    events: frozenset[str] = frozenset()
    parameters: frozenset[str] = frozenset()
    stakes: frozenset[str] = frozenset()
    forbidden: Mapping[str, str] = field(default_factory=dict)  # names that exist, and why they may not stand here
    broken: frozenset[str] = frozenset()  # names whose own definition is at fault already: no second complaint

    def known(self) -> list[str]:
        """Every name that would be right, by kind."""
        return [*self.moves, *sorted(self.events), *sorted(self.parameters), *sorted(self.stakes)]


@dataclass(frozen=True, slots=True)
class Slip:
    """One thing wrong in a formula, at a character of its text (from 0)."""

    offset: int
    cause: str
    mend: str = ""


@dataclass(slots=True)
class _Reading:
    """One formula while it is converted: what it may use, what was found wrong."""

    text: str
    scope: Scope
    slips: list[Slip] = field(default_factory=list)
    silent: bool = False  # a name of it is broken elsewhere

    def wrong(self, node: ast.expr, cause: str, mend: str = "") -> Number:
        if len(self.slips) < GREATEST_SLIPS:
            self.slips.append(Slip(_offset(self.text, node), cause, mend))
        return Number(Fraction(0))


def parse(text: str, scope: Scope) -> Node | tuple[Slip, ...]:
    """Read a formula.

    Returns:
        Its tree, or everything that is wrong with it. An empty tuple: it uses a name that is broken elsewhere.
    """
    flat, early = _lex(text)
    if early is not None:
        return (early,)
    try:
        body = ast.parse(flat, mode="eval").body
    except SyntaxError as error:
        return (
            Slip(
                max((error.offset or 1) - 1, 0),
                "is not a complete formula here",
                "Check the operators around this place.",
            ),
        )
    except (RecursionError, MemoryError):  # Python's own parser gives up on nesting with either of them
        return (Slip(0, "nests too deeply", "Split it into helper stakes."),)
    if _depth(body) > GREATEST_DEPTH:
        return (Slip(0, f"nests deeper than {GREATEST_DEPTH}", "Split it into helper stakes."),)
    reading = _Reading(flat, scope)
    tree = _convert(reading, body)
    if reading.slips:
        return tuple(reading.slips)
    return () if reading.silent else tree


def names_in(tree: Node) -> list[Name]:
    """Every name that a tree uses, in reading order."""
    return [node for node in walk(tree) if isinstance(node, Name)]


def numbers_in(tree: Node) -> list[Fraction]:
    """Every number that a tree contains, options of moves (as ranks) left out."""
    found: list[Fraction] = []
    work: list[Node] = [tree]
    while work:
        node = work.pop()
        if isinstance(node, Number):
            found.append(node.value)
        elif not (isinstance(node, Compare) and any(isinstance(s, Name) and s.kind == "move" for s in children(node))):
            work.extend(reversed(children(node)))
    return found


def walk(tree: Node) -> list[Node]:
    """Every node, in reading order."""
    found: list[Node] = []
    work: list[Node] = [tree]
    while work:
        node = work.pop()
        found.append(node)
        work.extend(reversed(children(node)))
    return found


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below one."""
    match node:
        case Unary():
            return (node.operand,)
        case Binary() | Compare():
            return (node.left, node.right)
        case Logic():
            return node.operands
        case Choice():
            return (node.condition, node.then, node.otherwise)
        case Call():
            return node.arguments
    return ()


def _lex(text: str) -> tuple[str, Slip | None]:
    """Check the characters and words; line breaks become spaces, so that a column stays a column."""
    if len(text) > GREATEST_LENGTH:
        slip = Slip(0, f"has {len(text):,} characters, more than {GREATEST_LENGTH:,}", "Split it into helper stakes.")
        return text, slip
    place = depth = 0
    while place < len(text):
        found = LEXEME.match(text, place)
        if found is None:
            return text, Slip(place, f"holds {text[place]!r}, which formulas do not know", _mend_character(text[place]))
        depth += (found.group() == "(") - (found.group() == ")")
        if depth < 0:
            return text, Slip(place, "closes a bracket that was never opened")
        if depth > GREATEST_DEPTH:
            return text, Slip(place, f"nests deeper than {GREATEST_DEPTH}", "Split it into helper stakes.")
        if found.lastgroup == "number" and isinstance(number := from_text(found.group()), Unreadable):
            return text, Slip(place, f"holds a number that {number.why}")
        place = found.end()
    if depth:
        return text, Slip(len(text) - 1, "leaves a bracket open")
    if not text.strip():
        return text, Slip(0, "is empty", "Write a number or a formula.")
    flat = text.replace("\n", " ").replace("\r", " ").replace("\t", " ")
    margin = len(flat) - len(flat.lstrip())
    return ("(" + flat[1:] + ")" if margin else flat), None


def _mend_character(character: str) -> str:
    mends = {
        "^": "A power is written **.",
        "&": "Write and.",
        "|": "Write or.",
        "!": "Write not, or !=.",
        "=": "Write ==.",
    }
    return mends.get(character, "")


def _depth(tree: ast.expr) -> int:
    """Levels of operators and calls, without recursion."""
    depth, level = 0, [cast("ast.AST", tree)]
    while level and depth <= GREATEST_DEPTH:
        depth += 1
        level = [child for node in level for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
    return depth


def _convert(reading: _Reading, node: ast.expr) -> Node:
    match node:
        case ast.Constant():
            return _constant(reading, node)
        case ast.Name():
            return _name(reading, node)
        case ast.UnaryOp(op=ast.USub()):
            return Unary("-", _convert(reading, node.operand))
        case ast.UnaryOp(op=ast.UAdd()):
            return _convert(reading, node.operand)
        case ast.UnaryOp(op=ast.Not()):
            return Unary("not", _convert(reading, node.operand))
        case ast.BinOp():
            return _binary(reading, node)
        case ast.BoolOp():
            op: Literal["and", "or"] = "and" if isinstance(node.op, ast.And) else "or"
            return Logic(op, tuple(_convert(reading, value) for value in node.values))
        case ast.IfExp():
            condition, then, otherwise = (_convert(reading, part) for part in (node.test, node.body, node.orelse))
            return Choice(condition, then, otherwise)
        case ast.Compare():
            return _comparison(reading, node)
        case ast.Call():
            return _call(reading, node)
    return reading.wrong(node, "holds something that formulas do not know", "Use numbers, names, operators, functions.")


def _constant(reading: _Reading, node: ast.Constant) -> Node:
    if isinstance(node.value, str):
        return reading.wrong(
            node, f"uses the option '{node.value}' alone", "An option stands only in a comparison with its move."
        )
    written = ast.get_source_segment(reading.text, node) or ""
    number = from_text(written)
    if isinstance(number, Unreadable):
        return reading.wrong(node, "holds a constant that is no number", "Write 1 for true and 0 for false.")
    return Number(number)


def _name(reading: _Reading, node: ast.Name) -> Node:
    name, scope = node.id, reading.scope
    if name in scope.moves:
        return reading.wrong(
            node, f"uses the move '{name}' as a number", f"Write rank({name}), or compare it with an option."
        )
    for kind, names in (("event", scope.events), ("parameter", scope.parameters), ("stake", scope.stakes)):
        if name in names:
            return Name(cast('Literal["event", "parameter", "stake"]', kind), name)
    if name in scope.broken:
        reading.silent = True
        return Number(Fraction(0))
    if name in scope.forbidden:
        return reading.wrong(node, f"uses '{name}', {scope.forbidden[name]}")
    if name in FUNCTIONS:
        return reading.wrong(node, f"uses the function '{name}' without arguments")
    listed = " or ".join(", ".join(scope.kinds).rsplit(", ", 1))
    return reading.wrong(node, f"uses '{name}', which is no {listed}", did_you_mean(name, scope.known()))


def _binary(reading: _Reading, node: ast.BinOp) -> Node:
    op = ARITHMETIC.get(type(node.op))
    if op is None:
        return reading.wrong(node, "holds an operator that formulas do not know", "Use + - * / and **.")
    left, right = _convert(reading, node.left), _convert(reading, node.right)
    if op == "**":
        _check_power(reading, node, left, right)
    if op == "/" and isinstance(right, Number) and right.value == 0 and not reading.slips:
        reading.wrong(node.right, "divides by zero")
    return Binary(op, left, right)


def _check_power(reading: _Reading, node: ast.BinOp, base: Node, exponent: Node) -> None:
    """Refuse exponents that could make numbers of a million digits: constants are bounded, powers of powers too."""
    if not names_in(exponent):
        value = _small_constant(exponent)
        if value is None or abs(value) > GREATEST_POWER:
            reading.wrong(
                node.right, f"has an exponent that is not a plain number from -{GREATEST_POWER} to {GREATEST_POWER}"
            )
    if any(isinstance(inner, Binary) and inner.op == "**" for inner in walk(base)) and not reading.slips:
        reading.wrong(node.right, "raises a power to a power", "Multiply the exponents.")


def _small_constant(node: Node) -> Fraction | None:
    """The value of a number, of minus a number, or of a quotient of two; None for anything else."""
    match node:
        case Number():
            return node.value
        case Unary("-", Number(value)):
            return -value
        case Binary("/", Number(top), Number(bottom)) if bottom != 0:
            return top / bottom
    return None


def _comparison(reading: _Reading, node: ast.Compare) -> Node:
    sides: Sequence[ast.expr] = [node.left, *node.comparators]
    links: list[Node] = []
    for left, op, right in zip(sides, node.ops, sides[1:], strict=False):
        sign = COMPARISONS.get(type(op))
        if sign is None:
            return reading.wrong(node, "holds a comparison that formulas do not know", "Use == != < <= > >=.")
        links.append(Compare(sign, *_compared(reading, left, right)))
    return links[0] if len(links) == 1 else Logic("and", tuple(links))


def _compared(reading: _Reading, left: ast.expr, right: ast.expr) -> tuple[Node, Node]:
    """The two sides of one comparison: two moves of one ladder, a move and an option of its own, or two numbers."""
    moves = reading.scope.moves
    first, second = (side.id if isinstance(side, ast.Name) and side.id in moves else None for side in (left, right))
    if first and second:
        if moves[first] != moves[second]:
            reading.wrong(
                right, f"compares '{first}' with '{second}', whose ladders differ", "Compare ranks, or options."
            )
        return Name("move", first), Name("move", second)
    if first and not second:
        return Name("move", first), _option(reading, first, right)
    if second and not first:
        return _option(reading, second, left), Name("move", second)
    if _broken_move(reading, left) or _broken_move(reading, right):
        reading.silent = True
        return Number(Fraction(0)), Number(Fraction(0))
    for side, other in ((left, right), (right, left)):
        if isinstance(side, ast.Constant) and isinstance(side.value, str) and isinstance(other, ast.Name):
            _name_for_option(reading, other)
            return Number(Fraction(0)), Number(Fraction(0))
    return _convert(reading, left), _convert(reading, right)


def _broken_move(reading: _Reading, side: ast.expr) -> bool:
    return isinstance(side, ast.Name) and side.id in reading.scope.broken


def _name_for_option(reading: _Reading, node: ast.Name) -> None:
    """An option is compared with something that is no move: a misspelt move, most likely."""
    if node.id in reading.scope.forbidden or node.id in {
        *reading.scope.events,
        *reading.scope.parameters,
        *reading.scope.stakes,
    }:
        reading.wrong(node, f"compares '{node.id}' with an option, but it is no move")
    else:
        mend = did_you_mean(node.id, [*reading.scope.moves]) or did_you_mean(node.id, reading.scope.known())
        reading.wrong(node, f"uses '{node.id}', which is no move", mend)


def _option(reading: _Reading, move: str, side: ast.expr) -> Node:
    ladder = reading.scope.moves[move]
    if not (isinstance(side, ast.Constant) and isinstance(side.value, str)):
        if isinstance(side, ast.Name) and side.id in ladder:
            return reading.wrong(side, f"compares '{move}' with a bare {side.id}", f"Options are quoted: '{side.id}'.")
        if isinstance(side, ast.Name) and side.id not in reading.scope.known():
            return _convert(reading, side)
        mend = f"Compare it with one of {', '.join(repr(option) for option in ladder)}, or use rank({move})."
        return reading.wrong(side, f"compares the move '{move}' with something that is no option of it", mend)
    if side.value not in ladder:
        return reading.wrong(
            side, f"compares '{move}' with '{side.value}', which is no option of it", did_you_mean(side.value, ladder)
        )
    return Number(Fraction(ladder.index(side.value)))


def _call(reading: _Reading, node: ast.Call) -> Node:
    if not isinstance(node.func, ast.Name):
        return reading.wrong(node, "calls something that is no function")
    name = node.func.id
    if name not in FUNCTIONS:
        return reading.wrong(
            node.func, f"calls '{name}', which is no function of formulas", did_you_mean(name, FUNCTIONS)
        )
    least, greatest = FUNCTIONS[name]
    if node.keywords or len(node.args) < least or (greatest is not None and len(node.args) > greatest):
        count = f"{least} or more" if greatest is None else str(least)
        return reading.wrong(node.func, f"calls {name} with {len(node.args)} arguments", f"It takes {count}.")
    if name == "rank":
        return _rank(reading, node.args[0])
    function = cast('Literal["min", "max", "abs", "exp", "log", "sqrt", "clip"]', name)
    return Call(function, tuple(_convert(reading, argument) for argument in node.args))


def _rank(reading: _Reading, argument: ast.expr) -> Node:
    if not isinstance(argument, ast.Name):
        return reading.wrong(argument, "takes the rank of something that is no move", "Write rank(move).")
    if argument.id in reading.scope.moves:
        return Name("move", argument.id)
    if argument.id in reading.scope.broken:
        reading.silent = True
        return Number(Fraction(0))
    mend = did_you_mean(argument.id, reading.scope.moves)
    return reading.wrong(argument, f"takes the rank of '{argument.id}', which is no move", mend)


def _offset(text: str, node: ast.expr) -> int:
    """Character offset of a node; the grammar counts bytes, and options may hold any letters."""
    return len(text.encode("utf-8")[: node.col_offset].decode("utf-8", errors="ignore"))
