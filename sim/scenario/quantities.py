"""Parameters, events, stakes, interests: the quantities of a scenario, each using only earlier ones."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any, Literal, cast

from sim.scenario.distributions import central, fault, support
from sim.scenario.formula import Binary, Name, Node, Number
from sim.scenario.formula_parser import Scope, children, names_in, parse
from sim.scenario.model import Distribution, Event, Interest, Kind, Move, Parameter, Ranked, Stake
from sim.scenario.names import known
from sim.scenario.notes import Notes
from sim.scenario.numbers import exact, fraction
from sim.scenario.places import Path
from sim.scenario.schema import Bare, ChoiceShape, EventShape, FileShape, NormalShape

GREATEST_FORMULAS = 100_000  # characters of all formulas together
GREATEST_GROWTH = 100_000  # digits that a quantity may need when it is computed exactly


def read_distribution(shape: Any, path: Path, name: str, notes: Notes) -> Distribution:
    """A checked distribution; a problem at `value` or `weight` where its numbers do not make one."""
    if not isinstance(shape, Bare):
        return Distribution("fixed", (exact(shape),))
    kind = cast("Kind", next(iter(type(shape).model_fields)))  # each shape names its kind first
    shares: tuple[Fraction, ...] = ()
    within = None
    if isinstance(shape, ChoiceShape):
        numbers = tuple(exact(number) for number in shape.choice.values)
        shares = tuple(share(number) for number in shape.choice.shares)
    else:
        given = getattr(shape, kind)
        numbers = tuple(exact(number) for number in (given if isinstance(given, list) else [given]))
    if isinstance(shape, NormalShape) and shape.within is not None:
        within = (exact(shape.within[0]), exact(shape.within[1]))
    made = Distribution(kind, numbers, shares, within)
    wrong = fault(made)
    if wrong:
        notes.wrong(path, f"'{name}' {wrong}.")
        return Distribution("fixed", (Fraction(1),))
    return made


def share(written: Any) -> Fraction:
    """A checked number, or a fraction in quotes, as a rational."""
    return (fraction(written) or Fraction(0)) if isinstance(written, str) else exact(written)


def read_parameters(shape: FileShape, notes: Notes) -> tuple[Parameter, ...]:
    """Parameters in the order of the file."""
    return tuple(
        Parameter(
            name,
            read_distribution(entry.value, ("parameters", name, "value"), name, notes),
            entry.unit,
            entry.about,
            tuple(entry.rests_on),
            None if entry.without is None else exact(entry.without),
        )
        for name, entry in shape.parameters.items()
    )


class Formulas:
    """Reads the formulas of one file, within a bound on their length all together."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.characters = 0

    def read(self, text: Any, scope: Scope, path: Path, owner: str) -> Node | None:
        """A tree, or None with problems noted at their characters."""
        if not isinstance(text, str):
            return Number(exact(text))
        self.characters += len(text)
        if self.characters > GREATEST_FORMULAS or self.notes.full:
            self.notes.wrong(
                path, f"the formulas of the file have more than {GREATEST_FORMULAS:,} characters together."
            )
            return None
        read = parse(text, scope)
        if not isinstance(read, tuple):
            return read
        for slip in read:
            self.notes.wrong(path, f"{owner} {slip.cause}.", slip.mend, offset=slip.offset)
        return None


def read_events(shape: FileShape, moves: Mapping[str, Move], formulas: Formulas) -> tuple[Event, ...]:
    """Events, those that others use first."""
    notes = formulas.notes
    forbidden = dict.fromkeys(shape.parameters, "a parameter, but events use moves and other events only")
    forbidden |= dict.fromkeys(shape.stakes, "a stake, but events use moves and other events only")
    scope = Scope(
        ("move", "event"), _ladders(moves), frozenset(shape.events), forbidden=forbidden, broken=frozenset(notes.broken)
    )
    found: dict[str, Event] = {}
    for name, entry in shape.events.items():
        table = isinstance(entry, EventShape)
        text = entry.value if isinstance(entry, EventShape) else entry
        path: Path = ("events", name, "value") if table else ("events", name)
        tree = formulas.read(text, scope, path, f"event '{name}'")
        about, rests_on = (entry.about, tuple(entry.rests_on)) if isinstance(entry, EventShape) else ("", ())
        if tree is None:
            notes.broken.add(name)
        else:
            found[name] = Event(name, tree, text, about, rests_on)
    return tuple(found[name] for name in in_order("event", {n: e.formula for n, e in found.items()}, notes))


def read_stakes(
    shape: FileShape, moves: Mapping[str, Move], events: Iterable[Event], formulas: Formulas
) -> tuple[Stake, ...]:
    """Stakes, those that others use first."""
    notes = formulas.notes
    scope = Scope(
        moves=_ladders(moves),
        events=frozenset(shape.events),
        parameters=frozenset(shape.parameters),
        stakes=frozenset(shape.stakes),
        broken=frozenset(notes.broken - set(shape.events)),
    )
    found: dict[str, Stake] = {}
    for name, entry in shape.stakes.items():
        tree = formulas.read(entry.value, scope, ("stakes", name, "value"), f"stake '{name}'")
        swing = exact(entry.swing)
        if swing <= 0:
            notes.wrong(
                ("stakes", name, "swing"),
                f"the swing of '{name}' is not positive.",
                "It is the amount that counts as 1.",
            )
            swing = Fraction(1)
        if tree is not None:
            texts = (entry.value if isinstance(entry.value, str) else str(entry.value), entry.unit)
            found[name] = Stake(name, tree, *texts, swing, entry.incentive, entry.about, tuple(entry.rests_on))
    order = in_order("stake", {name: stake.formula for name, stake in found.items()}, notes)
    _check_growth({event.name: event.formula for event in events}, {n: found[n].formula for n in order}, notes)
    return tuple(found[name] for name in order)


def _ladders(moves: Mapping[str, Move]) -> dict[str, tuple[str, ...]]:
    return {name: move.options for name, move in moves.items()}


def in_order(kind: Literal["event", "stake"], trees: Mapping[str, Node], notes: Notes) -> list[str]:
    """Names such that each comes after those it uses, else in the order given; a cycle is a problem that names it."""
    uses = {name: _used(kind, tree, trees) for name, tree in trees.items()}
    order: list[str] = []
    state: dict[str, int] = {}  # 1 while it is on the trail, 2 when done
    for start in trees:
        trail = [] if start in state else [(start, iter(uses[start]))]
        state.setdefault(start, 1)
        while trail:
            name, rest = trail[-1]
            following = next(rest, None)
            if following is None:
                trail.pop()
                if state[name] == 1:
                    order.append(name)
                state[name] = 2
            elif state.get(following) is None:
                state[following] = 1
                trail.append((following, iter(uses[following])))
            elif state[following] == 1:
                names = [one for one, _ in trail]
                _report_cycle(kind, names[names.index(following) :], trees, notes)
    return order


def _used(kind: str, tree: Node, trees: Mapping[str, Node]) -> list[str]:
    return list(dict.fromkeys(node.name for node in names_in(tree) if node.kind == kind and node.name in trees))


def _report_cycle(kind: str, cycle: list[str], trees: Mapping[str, Node], notes: Notes) -> None:
    names = list(trees)
    first = cycle.index(min(cycle, key=names.index)) if len(cycle) < 200 else 0
    turned = [*cycle[first:], *cycle[:first]][:20]
    shown = " -> ".join([*turned, turned[0]] if len(cycle) <= 20 else [*turned, "..."])
    notes.wrong(
        (f"{kind}s", turned[0]), f"{kind}s use each other in a cycle: {shown}.", "Let one of them not use the others."
    )


def _check_growth(events: Mapping[str, Node], stakes: Mapping[str, Node], notes: Notes) -> None:
    """Refuse chains of products that would make exact numbers of millions of digits."""
    digits: dict[str, int] = dict.fromkeys(events, 1)
    for name, tree in stakes.items():
        digits[name] = min(_digits(tree, digits), 10**9)
        if digits[name] > GREATEST_GROWTH:
            cause = f"stake '{name}' multiplies quantities until they need more than {GREATEST_GROWTH:,} digits."
            notes.wrong(("stakes", name, "value"), cause, "Use fewer products of products.")
            return


def _digits(node: Node, known_digits: Mapping[str, int]) -> int:
    """A bound on the digits of a value, for numbers and parameters of a few digits each."""
    match node:
        case Number(value):
            return len(str(value.numerator)) + len(str(value.denominator)) - 1
        case Name(kind, name):
            return known_digits.get(name, 1) if kind == "stake" else 4 if kind == "parameter" else 1
        case Binary("**", base, exponent):
            power = abs(exponent.value.__trunc__()) if isinstance(exponent, Number) else 4
            return min(_digits(base, known_digits) * max(1, power), 10**9)
    return sum((_digits(child, known_digits) for child in children(node)), 0)


def read_interests(
    shape: FileShape, stakes: Iterable[str], ranked: Mapping[str, Distribution], notes: Notes
) -> tuple[Interest, ...]:
    """Interests in the order of the file."""
    people = [*shape.players, *shape.observers]
    found = []
    for player, table in shape.interests.items():
        known(player, people, "player or observer", ("interests", player), notes)
        for stake, entry in table.items():
            path: Path = ("interests", player, stake)
            known(stake, stakes, "stake", path, notes)
            name = f"{player}.{stake}"
            weight = read_distribution(entry.weight, (*path, "weight"), name, notes)
            found.append(Interest(player, stake, ranked.get(name, weight), entry.about, tuple(entry.rests_on)))
    return tuple(found)


def read_ranked(
    shape: FileShape, indices: list[int], notes: Notes
) -> tuple[tuple[Ranked, ...], dict[str, Distribution]]:
    """Weights known only in their order, each signed as its interest declares."""
    weights = {
        f"{player}.{stake}": entry for player, table in shape.interests.items() for stake, entry in table.items()
    }
    found: list[Ranked] = []
    made: dict[str, Distribution] = {}
    for index, table in zip(indices, shape.ranked, strict=True):
        path: Path = ("ranked", index)
        total, count = exact(table.total), len(table.of)
        if total <= 0:
            notes.wrong(
                (*path, "total"), "the total of ranked weights is not positive.", "Signs come from the interests."
            )
            total = Fraction(1)
        good = [known(name, weights, "weight", (*path, "of", k), notes) for k, name in enumerate(table.of)]
        if len({name.partition(".")[0] for name in table.of}) > 1:
            notes.wrong(
                (*path, "of"), "ranked weights belong to more than one player.", "Weights of two players never compare."
            )
        signs = []
        for k, name in enumerate(table.of):
            if name in made:
                notes.wrong((*path, "of", k), f"'{name}' is ranked twice.")
            signs.append(_sign(weights[name].weight, name, (*path, "of", k), notes) if good[k] else 1)
            made[name] = Distribution("ranked", (Fraction(k), Fraction(count), signs[-1] * total))
        found.append(Ranked(tuple(table.of), total, tuple(signs)))
    return tuple(found), made


def _sign(weight: Any, name: str, path: Path, notes: Notes) -> int:
    """The sign that an interest declares: that of its central value, which its range may not cross."""
    silent = replace(notes, problems=[], warnings=[])  # a bad distribution is reported where the interest is read
    read = read_distribution(weight, path, name, silent)
    low, high = support(read)
    if low < 0 < high or central(read) == 0:
        notes.wrong(
            path, f"'{name}' is ranked, but its interest declares no sign.", "Give its weight a range on one side of 0."
        )
    return -1 if central(read) < 0 else 1
