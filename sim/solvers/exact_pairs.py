"""Pairs of exact strategies of a two-player game, and their certificates, each strategy looked at once.

In a degenerate game one strategy stands in many equilibria. What it is as rationals and as floats, what the other
player's actions earn against it, and which are best, is worked out once, in integers, from the payoffs alone.
"""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import chain
from math import gcd
from operator import attrgetter, mul
from typing import NamedTuple

from sim.solvers.certificate import IntegerPayoffs, certify_by
from sim.solvers.equilibria import Equilibrium
from sim.solvers.index import index_on

NOTHING, WHOLE = Fraction(0), Fraction(1)

Weights = tuple[int, ...]


class Mix(NamedTuple):
    """A strategy: integer weights in lowest terms and their sum, its rationals, the nearest floats, who is played."""

    given: Weights  # what it was made from
    weights: Weights
    whole: int
    exact: tuple[Fraction, ...]
    shares: tuple[float, ...]
    support: tuple[int, ...]


class _Faced(NamedTuple):
    """What a player's actions earn against a mix, in integers; the best, that as a payoff, and whose it is."""

    values: list[int]
    best: int
    payoff: float
    replies: tuple[int, ...]


def mix_of(weights: Weights) -> Mix:
    """The strategy with these weights, integers of any common factor."""
    support = tuple([k for k, weight in enumerate(weights) if weight])
    if len(support) == 1:
        pure = tuple([int(k == support[0]) for k in range(len(weights))])
        return Mix(weights, pure, 1, tuple([WHOLE if k else NOTHING for k in pure]), tuple(map(float, pure)), support)
    factor = gcd(*weights)
    lowest = tuple([weight // factor for weight in weights]) if factor > 1 else weights
    whole = sum(lowest)
    exact = tuple([Fraction(weight, whole) if weight else NOTHING for weight in lowest])
    return Mix(weights, lowest, whole, exact, tuple([weight / whole for weight in lowest]), support)


def descending(mixes: Iterable[Mix]) -> list[Mix]:
    """The strategies in descending order of their rationals.

    Rounding keeps order, and rationals of denominators below 2^26 that differ at all differ as floats, too.
    """
    found = list(mixes)
    if all(mix.whole < 1 << 26 for mix in found):
        return sorted(found, key=attrgetter("shares"), reverse=True)
    return sorted(found, key=lambda mix: [*chain.from_iterable(zip(mix.shares, mix.exact, strict=True))], reverse=True)


def certify_pairs(
    payoffs: Sequence[IntegerPayoffs], left: Sequence[Mix], right: Sequence[Mix], edges: Sequence[tuple[int, int]]
) -> tuple[tuple[Equilibrium, ...], Iterator[int | None]]:
    """Certificates of many pairs of a two-player game, as by `certify_by`, and their indices, worked out if asked for.

    Args:
        payoffs: from `integer_payoffs`.
        left, right: strategies of either player.
        edges: the pairs: a number in `left` and one in `right`.

    Returns:
        The index is None of a pair that is not regular (`index`).
    """
    first, second = [_faced(payoffs[0], y) for y in right], [_faced(payoffs[1], x) for x in left]
    pairs = [(left[x], right[y], first[y], second[x]) for x, y in edges]
    return tuple([_certified(payoffs, *pair) for pair in pairs]), (_index(payoffs, *pair) for pair in pairs)


def _certified(payoffs: Sequence[IntegerPayoffs], x: Mix, y: Mix, first: _Faced, second: _Faced) -> Equilibrium:
    if _gains(first, x) or _gains(second, y):  # no equilibrium: by how much is worked out in full
        return certify_by(payoffs, (x.exact, y.exact))
    pure = x.whole == 1 == y.whole
    return Equilibrium(
        strategies=(x.shares, y.shares),
        payoffs=(first.payoff, second.payoff),
        regret=0.0,
        relative_regret=0.0,
        pure=pure,
        strict=pure and len(first.replies) == 1 == len(second.replies),
        exact=(x.exact, y.exact),
    )


def _index(payoffs: Sequence[IntegerPayoffs], x: Mix, y: Mix, first: _Faced, second: _Faced) -> int | None:
    if len(x.support) != len(y.support) or first.replies != x.support or second.replies != y.support:
        return None
    return index_on(payoffs, x.support, y.support)


def _faced(own: IntegerPayoffs, against: Mix) -> _Faced:
    if against.whole == 1:
        values = [row[against.support[0]] for row in own.by_action]
    else:
        values = [sum(map(mul, row, against.weights)) for row in own.by_action]
    best = max(values)
    replies = tuple([k for k, value in enumerate(values) if value == best])
    return _Faced(values, best, best / (own.denominator * against.whole), replies)


def _gains(faced: _Faced, own: Mix) -> bool:
    """Whether the best action earns more than the strategy."""
    earned: int = sum(map(mul, faced.values, own.weights))
    return earned != faced.best * own.whole
