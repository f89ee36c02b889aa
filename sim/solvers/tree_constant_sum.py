"""Optimal play of a two-player tree where what one wins the other loses, by the sequence form, exactly.

A player's plan is told by the chance that it gives each of its own sequences of choices. Then payoffs are bilinear and
the plans are polytopes with as many variables as there are sequences, not strategies; optimal plans of both players
are the solutions of one system of linear inequalities. Whether they are the only ones is decided by asking for each
sequence whether it may be a shade more or less likely, a shade being smaller than every positive number.

Source: von Stengel (1996), Efficient computation of behavior strategies, Games and Economic Behavior 14(2), 220-246.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from sim.game.reduced import OwnPlay
from sim.game.tree import Tree, ends_by_chance, own_play
from sim.solvers.sequential_system import Row, solve_rows

Mix = tuple[Fraction, ...]
NONE, ONE = Fraction(0), Fraction(1)
GREATEST_SEQUENCES = 120  # of both players, in a linear system; seconds


@dataclass(frozen=True, slots=True)
class Optimal:
    """A pair of optimal plans: what is done where the players' own plans may lead, and whether it is the only pair."""

    plan: Mapping[int, Mix]  # information set -> share of each action
    only: bool


@dataclass(frozen=True, slots=True)
class Shade:
    """A rational and so many shades; ordered by the rational, then by the shades."""

    number: Fraction
    shades: Fraction = NONE

    def __add__(self, other: "Shade") -> "Shade":
        return Shade(self.number + other.number, self.shades + other.shades)

    def __sub__(self, other: "Shade") -> "Shade":
        return Shade(self.number - other.number, self.shades - other.shades)

    def __mul__(self, factor: Fraction) -> "Shade":
        return Shade(self.number * factor, self.shades * factor)

    def __lt__(self, other: "Shade") -> bool:
        return (self.number, self.shades) < (other.number, other.shades)


def constant_sum(tree: Tree) -> bool:
    """Whether two players always share the same sum, and have few enough sequences to be solved by them."""
    if len(tree.players) != 2 or len({sum(payoffs) for _, _, payoffs in ends_by_chance(tree)}) != 1:
        return False
    return sum(len(own_play(tree, player)[0].met) for player in range(2)) <= GREATEST_SEQUENCES


def optimal_play(tree: Tree) -> Optimal:
    """Optimal plans of both players of a tree with perfect recall in which payoffs add to a constant.

    Raises:
        PayoffError: numbers with more digits than can be handled.
    """
    total = sum(ends_by_chance(tree)[0][2], start=NONE)
    first, second = _Side(tree, 0), _Side(tree, 1)
    shifted = [({first.width + column: x for column, x in row.items()}, low, high) for row, low, high in second.rows]
    # together they never secure more than there is, and all of it where both plans are optimal: the minimax theorem
    both = ({first.width - 1: ONE, first.width + second.width - 1: ONE}, total, None)
    found = solve_rows([*first.rows, *shifted, both], [*first.bounds, *second.bounds], NONE)
    assert found is not None
    parts = [(first, found[: first.width]), (second, found[first.width :])]
    plan = {own: mix for side, values in parts for own, mix in side.mixes(values).items()}
    return Optimal(plan, all(side.only(values) for side, values in parts))


class _Side:
    """What one player can secure: its plan, and what its rival leaves it at each of the rival's information sets.

    Columns are the player's own sequences, then the rival's information sets, then what is secured in all.
    """

    def __init__(self, tree: Tree, player: int) -> None:
        self.play, mine = own_play(tree, player)
        rival, others = own_play(tree, 1 - player)
        sequences = len(self.play.met)
        place = {own: sequences + k for k, own in enumerate(rival.actions)}
        self.width = sequences + len(place) + 1
        self.bounds: list[tuple[Fraction | None, Fraction | None]] = [(NONE, None)] * sequences
        self.bounds += [(None, None)] * (self.width - sequences)
        self.bounds[0] = (ONE, ONE)
        worth: list[dict[int, Fraction]] = [{} for _ in rival.met]
        for at, odds, payoffs in ends_by_chance(tree):
            row = worth[others[at]]
            row[mine[at]] = row.get(mine[at], NONE) + odds * payoffs[player]
        self.rows: list[Row[Fraction]] = [*_flows(self.play)]
        ways = {after: place[own] for (_, own, _), after in rival.after.items()} | {0: self.width - 1}
        for history, row in enumerate(worth):  # the rival chooses what leaves least
            behind = {place[own]: ONE for own in rival.met[history]}
            self.rows.append((row | behind | {ways[history]: -ONE}, NONE, None))

    def mixes(self, values: list[Fraction]) -> dict[int, Mix]:
        """The plan as shares of actions, at the information sets where it may itself lead."""
        shares: dict[int, Mix] = {}
        for before, sets in enumerate(self.play.met):
            for own in sets if values[before] else ():
                after = (self.play.after[before, own, action] for action in range(self.play.actions[own]))
                shares[own] = tuple(values[history] / values[before] for history in after)
        return shares

    def only(self, values: list[Fraction]) -> bool:
        """Whether no other plan secures as much: no sequence can be a shade more or less likely."""
        rows: list[Row[Shade]] = [(row, _shade(low), _shade(high)) for row, low, high in self.rows]
        bounds = [(_shade(low), _shade(high)) for low, high in self.bounds]
        bounds[-1] = (Shade(values[-1]), None)
        for k in range(1, len(self.play.met)):
            more, less = (Shade(values[k], ONE), None), (bounds[k][0], Shade(values[k], -ONE))
            for moved in (more, less) if values[k] else (more,):
                if solve_rows(rows, [*bounds[:k], moved, *bounds[k + 1 :]], Shade(NONE)) is not None:
                    return False
        return True


def _shade(number: Fraction | None) -> Shade | None:
    return None if number is None else Shade(number)


def _flows(play: OwnPlay) -> list[Row[Fraction]]:
    """At each information set the choices together are as likely as what leads there."""
    return [
        ({play.after[before, own, action]: ONE for action in range(play.actions[own])} | {before: -ONE}, NONE, NONE)
        for before, sets in enumerate(play.met)
        for own in sets
    ]
