"""Bargaining between two players: what they would share out, if an agreement could be enforced.

With lotteries over joint actions the pair can reach the convex hull of its payoffs; without agreement it gets the
disagreement point. Nash's solution is the point with the greatest product of gains; Kalai and Smorodinsky's is the best
point where gains stand in the ratio of the most that each could gain. Both are found on the upper right edge of the
hull, in rational arithmetic, with a lottery that gives them.

Sources: Nash (1950), The bargaining problem, Econometrica 18(2), 155-162; Kalai & Smorodinsky (1975), Other solutions
to Nash's bargaining problem, Econometrica 43(3), 513-518.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

Point = tuple[Fraction, Fraction]  # gains over the disagreement of the two players
Edge = tuple[Point, Point]


@dataclass(frozen=True, slots=True)
class Agreement:
    """One solution, with a lottery that gives it."""

    gains: Point
    lottery: tuple[tuple[int, Fraction], ...]  # joint action (its index) and share; one or two
    support: tuple[int, ...]  # every joint action that some lottery with these gains plays

    @property
    def only(self) -> bool:
        """Whether no other lottery gives these gains."""
        return len(self.support) == len(self.lottery)

    @property
    def product(self) -> Fraction:
        """The product of gains, which Nash's solution makes greatest."""
        return self.gains[0] * self.gains[1]


@dataclass(frozen=True, slots=True)
class Agreements:
    """Both solutions; None where no lottery is better than disagreement for both."""

    nash: Agreement | None
    kalai_smorodinsky: Agreement | None


def bargaining(gains: Sequence[Point]) -> Agreements:
    """Both bargaining solutions over the convex hull of some points, cut at the disagreement, which is (0, 0).

    Args:
        gains: for each joint action what it brings the two over the disagreement, exact, each in its own unit.
    """
    edges = _pareto_edges(gains)
    best = max(
        (_best_on(edge) for edge in edges), key=lambda own: own[0] * own[1]
    )  # of two losses there is none beside two gains
    if best[0] <= 0 or best[1] <= 0:
        return Agreements(None, None)
    fair = _towards(_ideal(edges), edges)
    return Agreements(*(Agreement(at, *_lottery(at, edges, gains)) for at in (best, fair)))


def _pareto_edges(points: Sequence[Point]) -> list[Edge]:
    """The edges of the hull that face both axes, from the first player's worst to its best; one point: one edge."""
    chain: list[Point] = []
    for point in sorted(set(points)):
        while len(chain) > 1 and _turn(chain[-2], chain[-1], point) >= 0:
            chain.pop()
        chain.append(point)
    top = max(y for _, y in chain)
    start = max(k for k, (_, y) in enumerate(chain) if y == top)
    right = max(x for x, _ in chain)
    end = max((k for k, (x, _) in enumerate(chain) if x == right), key=lambda k: chain[k][1])
    chain = chain[start : end + 1] if start < end else [chain[start]]
    return list(pairwise(chain)) or [(chain[0], chain[0])]


def _turn(a: Point, b: Point, c: Point) -> Fraction:
    """Positive where a, b, c turn left, 0 where they lie on a line."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _on(edge: Edge, share: Fraction) -> Point:
    (x, y), (right, low) = edge
    return x + share * (right - x), y + share * (low - y)


def _best_on(edge: Edge) -> Point:
    """Where the product of gains is greatest: halfway between the zeros of the two gains, or the end nearest to it."""
    (x, y), (right, low) = edge
    if x == right:
        return edge[0]
    middle = (y / (y - low) - x / (right - x)) / 2
    return _on(edge, min(Fraction(1), max(Fraction(0), middle)))


def _ideal(edges: Sequence[Edge]) -> Point:
    """The most that each can gain while the other loses nothing."""
    first = last = None
    for edge in edges:
        (x, y), (right, low) = edge
        if first is None and right >= 0:
            first = y if x >= 0 else _on(edge, x / (x - right))[1]
        if low >= 0:
            last = right
        elif y >= 0:
            last = _on(edge, y / (y - low))[0]
    assert first is not None  # somewhere both gain
    assert last is not None
    return last, first


def _towards(ideal: Point, edges: Sequence[Edge]) -> Point:
    """The point of the edges on the line from the disagreement to the ideal point."""
    most, high = ideal
    for edge in edges:
        (x, y), (right, low) = edge
        above, below = y * most - x * high, low * most - right * high  # sides of the line
        if above >= 0 >= below:
            return edge[0] if above == below else _on(edge, above / (above - below))
    raise AssertionError("the line to the ideal point leaves the hull through these edges")


def _lottery(
    at: Point, edges: Sequence[Edge], points: Sequence[Point]
) -> tuple[tuple[tuple[int, Fraction], ...], tuple[int, ...]]:
    """Joint actions and shares that give a point of the edges (one action, if one does); all that could play a part."""
    edge = next(own for own in edges if _turn(own[0], own[1], at) == 0 and own[0][0] <= at[0] <= own[1][0])
    corner = any(end == at for own in edges for end in own)
    support = tuple(k for k, point in enumerate(points) if (point == at if corner else _turn(*edge, point) == 0))
    exactly = [k for k in support if points[k] == at]
    if exactly:
        return ((exactly[0], Fraction(1)),), support
    share = (at[0] - edge[0][0]) / (edge[1][0] - edge[0][0])
    ends = [list(points).index(end) for end in edge]
    return ((ends[0], 1 - share), (ends[1], share)), support
