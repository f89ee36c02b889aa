"""What a mixed profile earns, and what each player could gain by leaving it, recomputed from the exact payoffs.

A profile is a Nash equilibrium iff no player has a pure deviation that earns more: a mixed deviation earns an average
of pure ones. So the greatest pure gain (the regret) is the whole certificate, whatever algorithm proposed the profile.
The work is done in integers: each player's payoffs are brought to a common denominator once a game, each strategy once
a profile.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm, prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import PayoffError
from sim.game.game import Game
from sim.solvers.equilibria import Equilibrium


@dataclass(frozen=True, slots=True)
class IntegerPayoffs:
    """One player's payoffs as integers over one denominator."""

    by_action: tuple[tuple[int, ...], ...]  # (own actions, profiles of the others), the last player moving fastest
    denominator: int
    spread: int  # greatest minus least payoff, in the same units


def integer_payoffs(game: Game) -> tuple[IntegerPayoffs, ...]:
    """The payoffs of each player as integers over a common denominator of that player's own."""
    result = []
    for player, exact in enumerate(game.exact):
        result.append(_over_one_denominator(_by_action(exact, player)))
    return tuple(result)


def integers_of_floats(payoffs: NDArray[np.float64]) -> tuple[IntegerPayoffs, ...]:
    """As `integer_payoffs`, of the exact binary values of a tensor (players, n_1, ..., n_N)."""
    result = []
    for player, own in enumerate(payoffs):
        result.append(_over_one_denominator(_by_action(own, player)))
    return tuple(result)


def _by_action(own: NDArray[Any], player: int) -> list[list[Any]]:
    """A player's payoffs as rows: own actions x profiles of the others, the last player moving fastest."""
    if player:
        own = own.transpose(player, *(axis for axis in range(own.ndim) if axis != player))
    rows: list[list[Any]] = own.reshape(len(own), -1).tolist()
    return rows


def _over_one_denominator(rows: Sequence[Sequence[Fraction | float]]) -> IntegerPayoffs:
    above, below = zip(*[value.as_integer_ratio() for row in rows for value in row], strict=True)
    denominator = lcm(*set(below))
    if denominator != 1:
        above = tuple([one * (denominator // other) for one, other in zip(above, below, strict=True)])
    width = len(rows[0])
    by_action = tuple([above[k : k + width] for k in range(0, len(above), width)])
    return IntegerPayoffs(by_action, denominator, max(above) - min(above))


def certify_by(payoffs: Sequence[IntegerPayoffs], strategies: Sequence[Sequence[Fraction]]) -> Equilibrium:
    """Payoffs, regret, purity and strictness of a mixed profile, whoever found it, exact until the last conversion.

    Args:
        payoffs: from `integer_payoffs`, any number of players; made once for many profiles of one game.
        strategies: one sequence of probabilities a player, over its actions; rationals (integers and Fractions).

    Returns:
        The profile as an entry of an equilibrium set. It is an equilibrium iff its `regret` is 0: the float is 0.0 only
        where the exact regret is 0 (or below 5e-324).

    Raises:
        PayoffError: strategies of a wrong length, a negative probability, or a sum that is not 1.
    """
    _check_shape(payoffs, strategies)
    weights = [_integer_weights(own) for own in strategies]
    pure = all(whole in own for own, whole in weights)
    earned_by, regret, relative, strict = [], 0.0, 0.0, pure
    for player, own in enumerate(payoffs):
        earned, best, scale, rivals = _stand(own, player, weights)
        earned_by.append(earned / scale)
        if best > earned:
            regret = max(regret, (best - earned) / scale)
            relative = max(relative, float(Fraction((best - earned) * own.denominator, scale * own.spread)))
        strict = strict and rivals == 1
    return Equilibrium(
        strategies=tuple(tuple([weight / whole for weight in own]) for own, whole in weights),
        payoffs=tuple(earned_by),
        regret=regret,
        relative_regret=relative,
        pure=pure,
        strict=strict and regret == 0,
        exact=tuple(
            tuple([share if type(share) is Fraction else Fraction(share) for share in own]) for own in strategies
        ),
    )


def _stand(own: IntegerPayoffs, player: int, weights: Sequence[tuple[Sequence[int], int]]) -> tuple[int, int, int, int]:
    """Payoff earned, best payoff of a pure action, the denominator of both, and how many actions are that good."""
    others = [1]
    for rival, (shares, _) in enumerate(weights):
        if rival != player:
            others = [before * share for before in others for share in shares]
    support = [(k, weight) for k, weight in enumerate(others) if weight]
    shares, whole = weights[player]
    values = [sum([row[k] * weight for k, weight in support]) for row in own.by_action]
    earned = sum(value * share for value, share in zip(values, shares, strict=True) if share)
    best = max(values)
    return earned, best * whole, own.denominator * prod(total for _, total in weights), values.count(best)


def _integer_weights(shares: Sequence[Fraction]) -> tuple[list[int], int]:
    """A strategy as integer weights and their sum."""
    ratios = [share.as_integer_ratio() for share in shares]
    whole = lcm(*[below for _, below in ratios])
    weights = [above * (whole // below) for above, below in ratios]
    if min(weights) < 0 or sum(weights) != whole:
        raise PayoffError(
            f"A strategy's shares must be at least 0 and add to 1, not {[str(share) for share in shares]}."
        )
    return weights, whole


def _check_shape(payoffs: Sequence[IntegerPayoffs], strategies: Sequence[Sequence[Fraction]]) -> None:
    wanted = [len(own.by_action) for own in payoffs]
    if [len(own) for own in strategies] != wanted:
        raise PayoffError(f"The game has {wanted} actions; the strategies have {[len(own) for own in strategies]}.")
