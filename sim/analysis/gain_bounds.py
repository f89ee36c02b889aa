"""How much a player could gain or lose between two profiles, at the least, over all numbers in their ranges.

A payoff is a sum of terms, each a weight times a stake. Where a stake is affine in each of its uncertain numbers by
itself, a term is least at a corner of their ranges. So the least difference of a payoff between two profiles is found
exactly where one player's numbers are few (all corners at once), and bounded from below term by term where they are
many. A stake that is anything else is enclosed by intervals, on parts of its ranges; between profiles that agree on
every move it depends on it is the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from sim.game.exact import central_rationals
from sim.game.intervals import INTERVALS, constant, intervals
from sim.game.payoffs import GameFamily, central_parameters, draws_in, payoffs, stake_values
from sim.game.program import compile_program, evaluate
from sim.scenario.affine import OTHER, degree
from sim.scenario.distributions import is_fixed, support
from sim.scenario.formula import Node
from sim.scenario.formula_parser import names_in
from sim.scenario.model import Interest, ScenarioData, Stake

Floats = NDArray[np.float64]

MOST_TOGETHER = 12  # uncertain numbers whose corners are taken all at once
MOST_CELLS = 1 << 27  # corners times pairs of profiles
MOST_IN_STAKE = 10  # uncertain numbers of one stake whose corners are taken
MOST_PARTS = 64  # pieces of the ranges on which a stake is enclosed


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """A part of one player's payoff, a weight times a stake over its swing, on parts of the ranges of its numbers.

    Where the stake is affine in each number the parts are the corners of the ranges, `low` is `high`, and bit k of a
    part's place is the end of number k. Elsewhere they are pieces of the ranges, on which the stake lies from `low` to
    `high`; between profiles of one group it is the same.
    """

    weight: tuple[float, float]
    weight_name: str | None  # None: the weight is fixed
    names: tuple[str, ...]
    low: Floats  # (parts, profiles)
    high: Floats
    group: NDArray[np.intp] | None = None  # (profiles,); None: the parts are corners

    @property
    def coefficients(self) -> Floats:
        """Of the products of numbers, each 0 at its low end and 1 at its high end; rows and bits as in `low`."""
        found = self.low.copy()
        for bit in range(len(self.names)):
            high = [k for k in range(len(found)) if k >> bit & 1]
            found[high] -= found[[k ^ (1 << bit) for k in high]]
        return found


def ranges_of_numbers(scenario: ScenarioData) -> dict[str, tuple[float, float]]:
    """Every uncertain number with the ends of its support, which may be infinite."""
    return {name: support(own) for name, own in scenario.distributions().items() if not is_fixed(own)}


def terms_of(family: GameFamily, player: str) -> list[Term]:
    """One player's payoff as terms; a payoff table is one term with weight 1."""
    scenario = family.scenario
    ends = ranges_of_numbers(scenario)
    weighed: list[tuple[str, tuple[float, float], str | None]]
    if scenario.table is not None:
        formulas = {player: scenario.table.cells[player]}
        weighed = [(player, (1.0, 1.0), None)]
    else:
        formulas = {stake.name: (stake.formula,) for stake in scenario.stakes}
        weighed = [(one.stake, *_weight(one, ends)) for one in family.interests[player]]
    found = []
    for name, weight, weight_name in weighed:
        named = _numbers_in(scenario, formulas[name])
        degrees = {number: _degree(scenario, formulas[name], number) for number in ends if number in named}
        used = tuple(number for number, own in degrees.items() if own)
        corners = all(degrees[number] < OTHER for number in used) and len(used) <= MOST_IN_STAKE
        if corners and np.isfinite([end for number in used for end in ends[number]]).all():
            values = _at_corners(family, name, used, ends)
            found.append(Term(weight, weight_name, used, values, values))
        else:
            found.append(Term(weight, weight_name, used, *_enclosed(family, name, used, ends)))
    return [term for term in found if term.weight != (0.0, 0.0)]


def least_gains(family: GameFamily, player: str) -> Floats:
    """A lower bound of u(q) - u(p) over all numbers in their ranges: shape (profiles p, profiles q).

    -inf where nothing is known. It is exact, but for rounding, where the player's numbers are at most MOST_TOGETHER.
    """
    profiles = prod(family.shape)
    terms = terms_of(family, player)
    ends = ranges_of_numbers(family.scenario)
    names = tuple(dict.fromkeys(name for term in terms for name in (*term.names, *filter(None, [term.weight_name]))))
    few = len(names) <= MOST_TOGETHER and profiles**2 << len(names) <= MOST_CELLS
    if few and all(term.group is None and np.isfinite(term.weight).all() for term in terms):
        at = central_parameters(family.scenario) | corner_values(names, ends)
        values = payoffs(family, at, of=(player,))[:, 0].reshape(draws_in(at), -1)
        return _least_of(values, values, None)
    total = np.zeros((profiles, profiles))
    for term in terms:
        total += _least_of_term(term)
    return total


def _weight(one: Interest, ends: Mapping[str, tuple[float, float]]) -> tuple[tuple[float, float], str | None]:
    fixed = float(one.weight.numbers[0])
    return (ends[one.name], one.name) if one.name in ends else ((fixed, fixed), None)


def _numbers_in(scenario: ScenarioData, formulas: Sequence[Node]) -> set[str]:
    """The parameters that formulas use, by themselves or through stakes."""
    of_stake: dict[str, set[str]] = {}

    def used(formula: Node) -> set[str]:
        names = names_in(formula)
        own = {one.name for one in names if one.kind == "parameter"}
        return own.union(*(of_stake[one.name] for one in names if one.kind == "stake"))

    for stake in scenario.stakes:  # in an order of definition
        of_stake[stake.name] = used(stake.formula)
    return set().union(*map(used, formulas))


def _degree(scenario: ScenarioData, formulas: Sequence[Node], number: str) -> int:
    degrees: dict[str, int] = {}
    for stake in scenario.stakes:
        degrees[stake.name] = degree(stake.formula, number, degrees)
    return max(degree(formula, number, degrees) for formula in formulas)


def _least_of(low: Floats, high: Floats, group: NDArray[np.intp] | None) -> Floats:
    """The least difference of columns over parts: (parts, profiles) -> (p, q); the same group: no difference."""
    least = np.full((low.shape[1], low.shape[1]), np.inf)
    for below, above in np.unique(np.stack([low, high], axis=1), axis=0):
        np.minimum(least, below[None, :] - above[:, None], out=least)
    return least if group is None else np.where(group[None, :] == group[:, None], 0.0, least)


def _least_of_term(term: Term) -> Floats:
    """The least of weight times difference: at an end of the weight, for it is linear in it."""
    rise = _least_of(term.low, term.high, term.group)
    fall = rise.T  # the least of s(p) - s(q), so s(q) - s(p) is at most -fall
    ends = []
    for weight in dict.fromkeys(term.weight):
        with np.errstate(invalid="ignore"):
            product = weight * rise if weight >= 0 else -weight * fall
        ends.append(np.where(np.isnan(product), 0.0 if weight == 0 else -np.inf, product))
    least: Floats = np.minimum.reduce(ends)
    return np.where((rise == 0) & (fall == 0), 0.0, least)


def corner_values(names: Sequence[str], ends: Mapping[str, tuple[float, float]]) -> dict[str, Floats]:
    """Every corner of the ranges: name -> (2**numbers,); bit k of the corner's place is the end of number k."""
    place = np.arange(1 << len(names))
    return {name: np.array(ends[name])[place >> k & 1] for k, name in enumerate(names)}


def _at_corners(
    family: GameFamily, name: str, numbers: tuple[str, ...], ends: Mapping[str, tuple[float, float]]
) -> Floats:
    """A stake over its swing, or a player's payoff from a table, at every corner: (corners, profiles)."""
    at = central_parameters(family.scenario) | corner_values(numbers, ends)
    if family.scenario.table is not None:
        values, swing = payoffs(family, at, of=(name,))[:, 0], 1.0
    else:
        values, swing = np.moveaxis(stake_values(family, at)[name], -1, 0), family.swings[name]
    whole = np.broadcast_to(values, (1 << len(numbers), *family.shape))
    return np.asarray(whole.reshape(1 << len(numbers), -1) / swing)


def _enclosed(
    family: GameFamily, name: str, numbers: tuple[str, ...], ends: Mapping[str, tuple[float, float]]
) -> tuple[Floats, Floats, NDArray[np.intp]]:
    """The same enclosed by intervals on parts of the ranges, and the group of each profile."""
    scenario, table = family.scenario, family.scenario.table
    stakes = scenario.stakes if table is None else ()
    wanted = {} if table is None else {name: table.cells[name]}
    program = compile_program(scenario.moves, scenario.events, _needed(stakes, name), wanted)
    at = dict(_parts(numbers, ends))
    for parameter, value in central_rationals(scenario).items():
        at.setdefault(parameter, constant(value).reshape(1))
    values = evaluate(program, family.ranks, at, INTERVALS)
    if table is None:
        own = np.moveaxis(values[program.stakes[name]], -1, 0)
        group = np.broadcast_to(np.arange(own[0].size).reshape(own.shape[1:]), family.shape).ravel()
        own, swing = np.broadcast_to(own, (len(own), *family.shape)).reshape(len(own), -1), family.swings[name]
    else:
        full = [len(move.options) for move in scenario.moves]
        places = [
            program.cells[name][int(np.ravel_multi_index([r[k] for r, k in zip(family.ranks, at_, strict=True)], full))]
            for at_ in np.ndindex(*family.shape)
        ]
        parts = max(values[place].size for place in places)
        own = np.stack([np.broadcast_to(values[place].ravel(), (parts,)) for place in places], axis=1)
        group, swing = np.arange(own.shape[1]), 1.0
    low, high = (np.vectorize(lambda one, end=end: getattr(one, end), otypes=[float])(own) for end in ("low", "high"))
    return low / swing, high / swing, group


def _parts(numbers: tuple[str, ...], ends: Mapping[str, tuple[float, float]]) -> dict[str, NDArray[np.object_]]:
    """The ranges cut into equal pieces, as many of each as MOST_PARTS allows: name -> (parts,) intervals."""
    cuts = max(1, int(MOST_PARTS ** (1 / max(1, len(numbers))) + 1e-9))
    grid = np.indices([cuts] * len(numbers)).reshape(len(numbers), -1)
    found = {}
    for name, place in zip(numbers, grid, strict=True):
        low, high = ends[name]
        if np.isfinite([low, high]).all():
            edges = np.linspace(low, high, cuts + 1)
            edges[-1] = high
            found[name] = intervals(edges[place], edges[place + 1])
        else:
            found[name] = intervals(np.full(place.shape, low), np.full(place.shape, high))
    return found


def _needed(stakes: Sequence[Stake], name: str) -> tuple[Stake, ...]:
    """A stake and all that its formula uses, in an order of definition."""
    known = {stake.name: stake for stake in stakes}
    wanted: set[str] = set()
    waiting = [name] if name in known else []
    while waiting:
        one = waiting.pop()
        if one not in wanted:
            wanted.add(one)
            waiting += [used.name for used in names_in(known[one].formula) if used.kind == "stake"]
    return tuple(stake for stake in stakes if stake.name in wanted)
