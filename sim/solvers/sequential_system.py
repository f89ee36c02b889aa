"""Linear inequalities solved exactly over any ordered space of right-hand sides: the rationals, or logarithms of them.

Beliefs are ratios of products of trembles. In logarithms a product is a sum, so that "these trembles make that belief"
is a list of linear inequalities whose bounds are logarithms of rationals. The simplex method only ever adds the bounds,
multiplies them by rationals, and compares them; sums of rational multiples of log r compare as products of powers of r
with 1, in whole numbers. Nothing is rounded.

Source: Dutertre & de Moura (2006), A fast linear-arithmetic solver for DPLL(T), CAV 2006: bounds on variables and rows,
Bland's rule.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt, lcm
from typing import Protocol, Self, TypeVar

GREATEST_BITS = 200_000  # of the whole numbers by which two sums of logarithms are compared


class TooManyDigitsError(Exception):
    """An exact comparison could not be paid for; whoever asked does not know the answer."""


class Ordered(Protocol):
    """An ordered vector space over the rationals."""

    def __add__(self, other: Self, /) -> Self: ...
    def __sub__(self, other: Self, /) -> Self: ...
    def __mul__(self, factor: Fraction, /) -> Self: ...
    def __lt__(self, other: Self, /) -> bool: ...


V = TypeVar("V", bound=Ordered)
Row = tuple[Mapping[int, Fraction], V | None, V | None]  # variable -> coefficient, least, greatest; None: no bound


@dataclass(frozen=True, slots=True)
class Logarithm:
    """A sum of rational multiples of logarithms of positive rationals."""

    parts: Mapping[Fraction, Fraction]  # number -> multiple, none 0

    @classmethod
    def of(cls, number: Fraction) -> "Logarithm":
        """The logarithm of a positive rational."""
        return cls({number: Fraction(1)} if number != 1 else {})

    def __add__(self, other: "Logarithm") -> "Logarithm":
        parts = dict(self.parts)
        for number, times in other.parts.items():
            parts[number] = parts.get(number, Fraction(0)) + times
        return Logarithm({number: times for number, times in parts.items() if times})

    def __mul__(self, factor: Fraction) -> "Logarithm":
        return Logarithm({number: times * factor for number, times in self.parts.items() if factor})

    def __sub__(self, other: "Logarithm") -> "Logarithm":
        return self + other * Fraction(-1)

    def __lt__(self, other: "Logarithm") -> bool:
        return (self - other)._power()[0] < 1

    def _power(self) -> tuple[Fraction, int]:
        """A rational and a root: this is the logarithm of that root of the rational."""
        root = lcm(*(times.denominator for times in self.parts.values()))
        powers = [(number, int(times * root)) for number, times in self.parts.items()]
        size = sum(abs(k) * (x.numerator.bit_length() + x.denominator.bit_length()) for x, k in powers)
        if size > GREATEST_BITS:
            raise TooManyDigitsError
        product = Fraction(1)
        for number, times in powers:
            product *= number**times
        return product, root

    def number(self) -> Fraction | None:
        """The number itself, where it is rational."""
        product, root = self._power()
        above, below = _root(product.numerator, root), _root(product.denominator, root)
        return None if above is None or below is None else Fraction(above, below)

    def nearby(self) -> Fraction:
        """A rational within a millionth of the number, relatively, or nearly so."""
        product, root = self._power()
        bits = 24 * root + max(0, product.denominator.bit_length() - product.numerator.bit_length())
        bits += -bits % root
        return Fraction(_floor_root((product.numerator << bits) // product.denominator, root), 1 << (bits // root))


def _root(number: int, root: int) -> int | None:
    found = _floor_root(number, root)
    return found if found**root == number else None


def _floor_root(number: int, root: int) -> int:
    """The greatest whole number whose power is not above `number`."""
    if root == 1 or number < 2:
        return number
    if root == 2:
        return isqrt(number)
    low, high = 1, 1 << (number.bit_length() // root + 1)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if middle**root <= number else (low, middle)
    return low


def solve_rows(rows: Sequence[Row[V]], bounds: Sequence[tuple[V | None, V | None]], zero: V) -> list[V] | None:
    """Values of the variables within all bounds; None where there are none, which is then proved.

    Args:
        rows: sums of variables, with bounds.
        bounds: least and greatest value of each variable.
        zero: of the space of values.
    """
    count = len(bounds)
    limits = [*bounds, *((low, high) for _, low, high in rows)]
    values = [_within(zero, *both) for both in bounds]
    tableau = {count + k: dict(row) for k, (row, _, _) in enumerate(rows)}
    for row in tableau.values():
        total = zero
        for variable, times in row.items():
            total = total + values[variable] * times
        values.append(total)
    while True:
        wrong = min((b for b in tableau if _side(values[b], *limits[b])), default=None)
        if wrong is None:
            return values[:count]
        side = _side(values[wrong], *limits[wrong])
        free = (v for v, times in tableau[wrong].items() if times and _may_move(values[v], limits[v], times * side))
        chosen = min(free, default=None)
        if chosen is None:
            return None
        target = limits[wrong][0] if side > 0 else limits[wrong][1]
        assert target is not None
        _pivot(tableau, values, wrong, chosen, target)


def _within(value: V, low: V | None, high: V | None) -> V:
    if low is not None and value < low:
        return low
    return high if high is not None and high < value else value


def _side(value: V, low: V | None, high: V | None) -> int:
    """1 where the value has to rise, -1 where it has to fall, 0 where it is within bounds."""
    if low is not None and value < low:
        return 1
    return -1 if high is not None and high < value else 0


def _may_move(value: V, limits: tuple[V | None, V | None], direction: Fraction) -> bool:
    low, high = limits
    return (high is None or value < high) if direction > 0 else (low is None or low < value)


def _pivot(tableau: dict[int, dict[int, Fraction]], values: list[V], leaves: int, enters: int, target: V) -> None:
    """Give the leaving variable its bound by moving the entering one; then they change places."""
    row = tableau.pop(leaves)
    times = row.pop(enters)
    step = (target - values[leaves]) * (1 / times)
    values[leaves] = target
    values[enters] = values[enters] + step
    for other, own in tableau.items():
        if enters in own:
            values[other] = values[other] + step * own[enters]
    made = {variable: -factor / times for variable, factor in row.items()}
    made[leaves] = 1 / times
    for own in tableau.values():
        share = own.pop(enters, Fraction(0))
        if share:
            for variable, factor in made.items():
                own[variable] = own.get(variable, Fraction(0)) + share * factor
    tableau[enters] = made
