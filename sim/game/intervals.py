"""Intervals as a kind of number: what a formula can be at most and at least while its numbers move in their ranges.

Every operation encloses all that its arguments may give, ends rounded outwards by one float, so that what an interval
excludes is excluded (Moore 1966). What has no value somewhere, such as a quotient by an interval with 0 in it, becomes
the whole line.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np

from sim.game.arithmetic import Arithmetic, Array

INFINITY = math.inf
LARGEST_POWER = 64  # a whole exponent beyond it encloses nothing


@dataclass(frozen=True, slots=True)
class Interval:
    """All numbers from `low` to `high`; an end may be infinite."""

    low: float
    high: float

    @property
    def certain(self) -> bool | None:
        """Whether it is true (holds no 0), false (is 0), or either (None)."""
        if self.low == 0 == self.high:
            return False
        return None if self.low <= 0 <= self.high else True


LINE = Interval(-INFINITY, INFINITY)
ONE, ZERO, EITHER = Interval(1.0, 1.0), Interval(0.0, 0.0), Interval(0.0, 1.0)


def interval(value: Fraction | float) -> Interval:
    """The interval of one number: itself where a float is it exactly, else its neighbours."""
    own = float(value)
    return Interval(own, own) if Fraction(own) == value else _outwards(own, own)


def _outwards(low: float, high: float) -> Interval:
    if math.isnan(low) or math.isnan(high):
        return LINE
    return Interval(math.nextafter(low, -INFINITY), math.nextafter(high, INFINITY))


def _hull(values: list[float]) -> Interval:
    return LINE if any(map(math.isnan, values)) else _outwards(min(values), max(values))


def _times(a: Interval, b: Interval) -> Interval:
    if ZERO in (a, b):
        return ZERO
    if a == ONE or b == ONE:
        return b if a == ONE else a
    ends = [0.0 if 0.0 in (x, y) else x * y for x, y in product((a.low, a.high), (b.low, b.high))]
    return _hull(ends)


def _plus(a: Interval, b: Interval) -> Interval:
    return b if a == ZERO else a if b == ZERO else _outwards(a.low + b.low, a.high + b.high)


def _over(a: Interval, b: Interval) -> Interval:
    if b.low <= 0 <= b.high:
        return LINE
    return a if b == ONE else _times(a, _outwards(1 / b.high, 1 / b.low))


def _power(a: Interval, b: Interval) -> Interval:
    if b.low != b.high:
        return LINE if a.low <= 0 else _exp(_times(b, _log(a)))
    exponent = b.low
    if not math.isfinite(exponent):
        return LINE
    if exponent != int(exponent) or abs(exponent) > LARGEST_POWER:
        return _hull([_raised(a.low, exponent), _raised(a.high, exponent)]) if a.low > 0 else LINE
    whole = abs(int(exponent))
    base = _even(a) if whole % 2 == 0 else a
    found = ONE if whole == 0 else _hull([_raised(base.low, whole), _raised(base.high, whole)])
    return _over(ONE, found) if exponent < 0 else found


def _raised(base: float, exponent: float) -> float:
    """A power; where it is too large for a float, infinity with its sign."""
    try:
        return float(base**exponent)
    except OverflowError:
        return -INFINITY if base < 0 and exponent % 2 == 1 else INFINITY


def _even(a: Interval) -> Interval:
    """The absolute values."""
    if a.low >= 0:
        return a
    return Interval(-a.high, -a.low) if a.high <= 0 else Interval(0.0, max(-a.low, a.high))


def _rising(function: Callable[[float], float]) -> Callable[[Interval], Interval]:
    """Of a function that never falls; where it has no value, or too large a one, the whole line."""

    def apply(a: Interval) -> Interval:
        try:
            low, high = function(a.low), function(a.high)
        except (ValueError, OverflowError):
            return LINE
        return Interval(_outwards(low, low).low, _outwards(high, high).high)

    return apply


_exp, _log, _sqrt = _rising(math.exp), _rising(math.log), _rising(math.sqrt)


def _minimum(a: Interval, b: Interval) -> Interval:
    return Interval(min(a.low, b.low), min(a.high, b.high))


def _maximum(a: Interval, b: Interval) -> Interval:
    return Interval(max(a.low, b.low), max(a.high, b.high))


def _less(a: Interval, b: Interval) -> Interval:
    return ONE if a.high < b.low else ZERO if a.low >= b.high else EITHER


def _at_most(a: Interval, b: Interval) -> Interval:
    return _not(_less(b, a))


def _equal(a: Interval, b: Interval) -> Interval:
    if a.low == a.high == b.low == b.high:
        return ONE
    return ZERO if a.high < b.low or b.high < a.low else EITHER


def _truth(a: Interval) -> Interval:
    return EITHER if a.certain is None else ONE if a.certain else ZERO


def _not(a: Interval) -> Interval:
    return EITHER if a.certain is None else ZERO if a.certain else ONE


def _and(a: Interval, b: Interval) -> Interval:
    return ZERO if ZERO in (_truth(a), _truth(b)) else ONE if _truth(a) == _truth(b) == ONE else EITHER


def _choice(condition: Interval, then: Interval, otherwise: Interval) -> Interval:
    if condition.certain is None:
        return Interval(min(then.low, otherwise.low), max(then.high, otherwise.high))
    return then if condition.certain else otherwise


def _each(function: Callable[..., Interval]) -> Callable[..., Array]:
    apply = np.frompyfunc(function, function.__code__.co_argcount, 1)

    def quiet(*arrays: Array) -> Array:
        with np.errstate(all="ignore"):  # Python's float functions raise processor flags, which numpy would report
            return np.asarray(apply(*arrays), dtype=object)

    return quiet


def constant(value: Any) -> Array:
    """The interval of one number, as an array without axes."""
    whole = np.empty((), dtype=object)
    whole[()] = interval(value)
    return whole


def intervals(low: Array, high: Array) -> Array:
    """An array of intervals from arrays of their ends."""
    make = np.frompyfunc(lambda a, b: Interval(float(a), float(b)), 2, 1)
    return np.asarray(make(low, high), dtype=object)


INTERVALS = Arithmetic(
    number=constant,
    ranks=lambda ranks: intervals(np.array(ranks, dtype=np.float64), np.array(ranks, dtype=np.float64)),
    operations={
        "neg": _each(lambda a: Interval(-a.high, -a.low)),
        "+": _each(lambda a, b: _plus(a, b)),
        "-": _each(lambda a, b: _plus(a, Interval(-b.high, -b.low))),
        "*": _each(lambda a, b: _times(a, b)),
        "/": _each(lambda a, b: _over(a, b)),
        "**": _each(lambda a, b: _power(a, b)),
        "min": _each(lambda a, b: _minimum(a, b)),
        "max": _each(lambda a, b: _maximum(a, b)),
        "abs": _each(lambda a: _even(a)),
        "exp": _each(lambda a: _exp(a)),
        "log": _each(lambda a: _log(a)),
        "sqrt": _each(lambda a: _sqrt(a)),
        "clip": _each(lambda a, low, high: _minimum(_maximum(a, low), high)),
        "==": _each(lambda a, b: _equal(a, b)),
        "!=": _each(lambda a, b: _not(_equal(a, b))),
        "<": _each(lambda a, b: _less(a, b)),
        "<=": _each(lambda a, b: _at_most(a, b)),
        ">": _each(lambda a, b: _less(b, a)),
        ">=": _each(lambda a, b: _at_most(b, a)),
        "truth": _each(lambda a: _truth(a)),
        "not": _each(lambda a: _not(a)),
        "and": _each(lambda a, b: _and(a, b)),
        "or": _each(lambda a, b: _not(_and(_not(a), _not(b)))),
        "choice": _each(lambda c, a, b: _choice(c, a, b)),
    },
)
