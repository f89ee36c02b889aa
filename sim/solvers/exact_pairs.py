"""Pairs of exact strategies of a two-player game, and their certificates, each strategy looked at once.

In a degenerate game one strategy stands in many equilibria. What it is as rationals and as floats, what the other
player's actions earn against it, and which are best, is worked out once, in integers, from the payoffs alone.
"""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import chain
from math import gcd
from operator import attrgetter, mul
from typing import NamedTuple

from sim.solvers.certificate import IntegerPayoffs, certify_by
from sim.solvers.equilibria import Equilibrium
from sim.solvers.index import index_on

Weights = tuple[int, ...]


class Mix(NamedTuple):
    """A strategy."""

    given: Weights  # what it was made from
    weights: Weights  # in lowest terms
    whole: int  # their sum
    exact: tuple[Fraction, ...]
    shares: tuple[float, ...]  # the nearest floats
    played: int  # bit k: action k is played


class _Faced(NamedTuple):
    """What the other player's mix leaves a player to earn."""

    best: int  # bit k: action k earns most
    payoff: float  # what it earns


@lru_cache(maxsize=4096)  # where payoffs are small integers, a few strategies are met again and again
def mix_of(weights: Weights) -> Mix:
    """The strategy with these weights, integers of any common factor."""
    factor = gcd(*weights)
    lowest = tuple([weight // factor for weight in weights])
    whole = sum(lowest)
    exact = tuple([Fraction(weight, whole) for weight in lowest])
    shares = tuple([weight / whole for weight in lowest])
    return Mix(weights, lowest, whole, exact, shares, sum([1 << k for k, weight in enumerate(lowest) if weight]))


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
    if x.played & ~first.best or y.played & ~second.best:  # no equilibrium: what it lacks is worked out in full
        return certify_by(payoffs, (x.exact, y.exact))
    pure = x.whole == 1 == y.whole
    return Equilibrium(
        strategies=(x.shares, y.shares),
        payoffs=(first.payoff, second.payoff),
        regret=0.0,
        relative_regret=0.0,
        pure=pure,
        strict=pure and first.best == x.played and second.best == y.played,
        exact=(x.exact, y.exact),
    )


def _index(payoffs: Sequence[IntegerPayoffs], x: Mix, y: Mix, first: _Faced, second: _Faced) -> int | None:
    if x.played != first.best or y.played != second.best or x.played.bit_count() != y.played.bit_count():
        return None
    if x.whole == 1:
        return 1
    return index_on(payoffs, *([k for k, weight in enumerate(own.weights) if weight] for own in (x, y)))


def _faced(own: IntegerPayoffs, against: Mix) -> _Faced:
    if against.whole == 1:
        only = against.weights.index(1)
        values = [row[only] for row in own.by_action]
    else:
        values = [sum(map(mul, row, against.weights)) for row in own.by_action]
    most = max(values)
    best = 1 << values.index(most)
    if values.count(most) > 1:
        best = sum([1 << k for k, value in enumerate(values) if value == most])
    return _Faced(best, most / (own.denominator * against.whole))
