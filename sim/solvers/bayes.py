"""Pure Bayes-Nash equilibria: each player knows its own type and what share each type of the others has.

A typed player chooses one action for each of its types, types of two players are independent, and only the owner
knows its own. An equilibrium leaves no type of any player a better action, given the plans of the others. Every plan
is checked, in exact arithmetic.

Source: Harsanyi (1967-68), Games with incomplete information played by "Bayesian" players, Management Science 14.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import lcm, prod

import numpy as np
from numpy.typing import NDArray

from sim.errors import UsageError
from sim.game.exact import exact_payoffs, merge_axes
from sim.game.payoffs import GameFamily

GREATEST_PLANS = 1_000_000  # joint plans, one action for each type of each player
GREATEST_TYPE_PROFILES = 4096

TypeProfile = tuple[int, ...]  # one type a player, by number
Play = tuple[int, ...]  # for each type profile the profile of moves that is reached, by its place in the tensor


@dataclass(frozen=True, slots=True, eq=False)
class BayesianGame:
    """One parameter set with private types. A player without types has one, without a name."""

    players: tuple[str, ...]
    axes_of: tuple[tuple[int, ...], ...]  # for each player the axes of its moves
    types: tuple[tuple[str, ...], ...]
    shares: tuple[tuple[Fraction, ...], ...]  # one a type, adding to 1
    payoffs: Mapping[TypeProfile, NDArray[np.object_]]  # (players, moves...), Fractions

    @property
    def type_profiles(self) -> list[TypeProfile]:
        """In the order of plays, the last player's type fastest."""
        return list(product(*(range(len(own)) for own in self.types)))

    @property
    def shape(self) -> tuple[int, ...]:
        """Options on each axis."""
        return next(iter(self.payoffs.values())).shape[1:]

    def share(self, types: TypeProfile) -> Fraction:
        """How likely the types are to meet."""
        return prod((own[t] for own, t in zip(self.shares, types, strict=True)), start=Fraction(1))


def bayesian_game(family: GameFamily, numbers: Mapping[str, Fraction]) -> BayesianGame:
    """The scenario's game at one parameter set, for every profile of types: what a type sets replaces the number.

    Raises:
        UsageError: no types, a type of share 0, types of two players that set the same number, too many types.
    """
    scenario = family.scenario
    own_types = [[one for one in scenario.types if one.player == player] for player in family.players]
    if not any(own_types):
        raise UsageError(f"{scenario.name} has no [types.X]: 'bayes' asks what players do who alone know their type.")
    owner: dict[str, str] = {}
    for one in scenario.types:
        if one.share <= 0:
            raise UsageError(f"[types.{one.player}]: '{one.name}' has the share {one.share}. Leave it out.")
        for name in one.set:
            if owner.setdefault(name, one.player) != one.player:
                raise UsageError(f"Types of {owner[name]} and of {one.player} both set '{name}': only one of them can.")
    if prod(max(len(own), 1) for own in own_types) > GREATEST_TYPE_PROFILES:
        raise UsageError(f"{scenario.name} has more than {GREATEST_TYPE_PROFILES:,} profiles of types.")
    payoffs = {}
    for types in product(*(range(max(len(own), 1)) for own in own_types)):
        replaced = {k: v for own, t in zip(own_types, types, strict=True) if own for k, v in own[t].set.items()}
        payoffs[types] = exact_payoffs(family, {**numbers, **replaced})
    return BayesianGame(
        family.players,
        family.axes_of,
        tuple(tuple(one.name for one in own) or ("",) for own in own_types),
        tuple(tuple(one.share for one in own) or (Fraction(1),) for own in own_types),
        payoffs,
    )


def bayes_nash(game: BayesianGame) -> list[Play]:
    """Every pure Bayes-Nash equilibrium, each once, in the order of the actions of the first type of the first player.

    Raises:
        UsageError: more joint plans than can be checked.
    """
    agents = [(player, t) for player, own in enumerate(game.types) for t in range(len(own))]
    actions = [prod(game.shape[axis] for axis in axes) for axes in game.axes_of]
    sizes = [actions[player] for player, _ in agents]
    if prod(sizes) > GREATEST_PLANS:
        counts = " x ".join(
            f"{actions[k]}^{len(own)}" if len(own) > 1 else f"{actions[k]}" for k, own in enumerate(game.types)
        )
        raise UsageError(f"There are {counts} joint plans, more than {GREATEST_PLANS:,}: fix some moves with [allow].")
    tables = integer_tables(game)
    weights = [integers(own) for own in game.shares]
    stable = np.ones(sizes, dtype=np.bool_)
    for at, (player, own_type) in enumerate(agents):
        total = np.zeros([1] * len(agents), dtype=object)
        for types in game.type_profiles:
            if types[player] != own_type:
                continue
            odds = prod(weights[k][t] for k, t in enumerate(types) if k != player)
            shape = [n if types[k] == t else 1 for (k, t), n in zip(agents, sizes, strict=True)]
            total = total + odds * merge_axes(tables[types], game.axes_of)[player].reshape(shape)
        stable &= (total == np.maximum.reduce(total, axis=at, keepdims=True)).astype(np.bool_)
    places = merge_axes(np.arange(prod(game.shape)).reshape(1, *game.shape), game.axes_of)[0]
    first = np.cumsum([0, *(len(own) for own in game.types)]).tolist()
    return [
        tuple(int(places[tuple(plan[first[k] + t] for k, t in enumerate(types))]) for types in game.type_profiles)
        for plan in np.argwhere(stable).tolist()
    ]


@dataclass(frozen=True, slots=True, eq=False)
class Gains:
    """What a play earns, and what some type could gain by another action while all others do what they do in it."""

    payoffs: tuple[Fraction, ...]  # expected over types, one a player
    regret: Fraction  # the greatest gain of any type
    relative_regret: Fraction  # as a share of that player's payoff range over all types
    strict: bool  # every other action loses


def gains(game: BayesianGame, play: Play) -> Gains:
    """Recomputed from the payoffs alone. With an order of moves the others might answer a deviation differently."""
    reached = {types: np.unravel_index(at, game.shape) for types, at in zip(game.type_profiles, play, strict=True)}
    earned = [Fraction(0)] * len(game.players)
    regret = relative = Fraction(0)
    strict = True
    for player, axes in enumerate(game.axes_of):
        everything = [value for table in game.payoffs.values() for value in table[player].ravel().tolist()]
        spread = max(everything) - min(everything)
        for own_type, own_share in enumerate(game.shares[player]):
            value, of_action = Fraction(0), 0
            for types, at in reached.items():
                if types[player] == own_type:
                    odds = game.share(types) / own_share
                    free = tuple(slice(None) if axis in axes else int(k) for axis, k in enumerate(at))
                    value += odds * game.payoffs[types][(player, *map(int, at))]
                    of_action = of_action + odds * game.payoffs[types][(player, *free)]
            earned[player] += own_share * value
            others = np.asarray(of_action, dtype=object).ravel().tolist()
            gain = max(others) - value
            strict = strict and others.count(value) == 1
            regret = max(regret, gain)
            relative = max(relative, gain / spread if spread else Fraction(0))
    return Gains(tuple(earned), regret, relative, strict and regret == 0)


def integer_tables(game: BayesianGame) -> dict[TypeProfile, NDArray[np.object_]]:
    """Payoffs as integers, each player's over one denominator for all types; comparisons stay as they are."""
    tables = {types: np.empty(table.shape, dtype=object) for types, table in game.payoffs.items()}
    for player in range(len(game.players)):
        cells = {types: table[player].ravel().tolist() for types, table in game.payoffs.items()}
        common = lcm(*{value.denominator for own in cells.values() for value in own})
        for types, own in cells.items():
            scaled = np.empty(len(own), dtype=object)
            scaled[:] = [value.numerator * (common // value.denominator) for value in own]
            tables[types][player] = scaled.reshape(game.shape)
    return tables


def integers(shares: tuple[Fraction, ...]) -> list[int]:
    """Shares as whole numbers in the same proportions."""
    common = lcm(*(share.denominator for share in shares))
    return [share.numerator * (common // share.denominator) for share in shares]
