"""A range cut into pieces of one status each, and the single values, exact ties, where the status is another."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Any

POINT = 1e-6  # share of the range; a shorter piece is a tie seen through a tolerance, and counts as one value


@dataclass(frozen=True, slots=True)
class ThresholdPiece:
    """An interval of the range on which an event has one status."""

    start: float
    stop: float
    status: str

    def to_dict(self) -> dict[str, Any]:
        """Plain names and numbers."""
        return {"from": self.start, "to": self.stop, "status": self.status}


@dataclass(frozen=True, slots=True)
class ThresholdPoint:
    """A single value at which an event has another status than beside it."""

    at: float
    status: str

    def to_dict(self) -> dict[str, Any]:
        """Plain names and numbers."""
        return {"at": self.at, "status": self.status}


def partition(
    found: Sequence[ThresholdPiece], seen: Sequence[ThresholdPoint] = ()
) -> tuple[tuple[ThresholdPiece, ...], tuple[ThresholdPoint, ...]]:
    """Take the pieces that are single values out of a partition, and close the gaps.

    Args:
        found: covers a range in order; neighbours differ in status.
        seen: single values known otherwise; one that repeats a short piece is left aside.

    Returns:
        Pieces that cover the same range in order, neighbours of one status with a point between them made one; and
        the points, ascending.
    """
    low, high = found[0].start, found[-1].stop
    least = POINT * (high - low)
    points = [ThresholdPoint(_at(own), own.status) for own in found if own.stop - own.start <= least]
    points += [own for own in seen if all(abs(own.at - other.at) > least for other in points)]
    pieces: list[ThresholdPiece] = []
    for own in found:
        if own.stop - own.start <= least:
            continue
        if pieces and pieces[-1].status == own.status:
            pieces[-1] = ThresholdPiece(pieces[-1].start, own.stop, own.status)
            continue
        cut = low
        if pieces:
            between = [point.at for point in points if pieces[-1].stop - least <= point.at <= own.start + least]
            cut = between[0] if between else own.start
            pieces[-1] = ThresholdPiece(pieces[-1].start, cut, pieces[-1].status)
        pieces.append(ThresholdPiece(cut, own.stop, own.status))
    pieces[-1] = ThresholdPiece(pieces[-1].start, high, pieces[-1].status)
    return tuple(pieces), tuple(sorted(points, key=lambda point: point.at))


def simplest(low: float, high: float) -> float:
    """The fraction with the least denominator in low .. high, as a number: where a tie of written numbers would lie.

    Source: the Stern-Brocot tree, walked by continued fractions.
    """
    return float(_simplest(Fraction(low), Fraction(high)))


def _simplest(low: Fraction, high: Fraction) -> Fraction:
    if low <= 0 <= high:
        return Fraction(0)
    if high < 0:
        return -_simplest(-high, -low)
    whole = floor(low)
    if whole == low:
        return low
    if whole + 1 <= high:
        return Fraction(whole + 1)
    return whole + 1 / _simplest(1 / (high - whole), 1 / (low - whole))


def _at(piece: ThresholdPiece) -> float:
    return simplest(piece.start, piece.stop)
