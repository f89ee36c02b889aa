"""The exact rational form of a mixed profile that is known closely, where it has one.

Where two players alone mix, the conditions that they are indifferent are linear, and are solved in integers. Otherwise
the nearest rationals with small denominators are tried. Either way the candidate counts only where every action of the
support earns the same in exact arithmetic.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import lcm, prod

from sim.solvers.certificate import IntegerPayoffs

DENOMINATORS = (1_000_000, 4_096, 64)  # tried in this order; the first is still told from its neighbours by float64
CLOSE = 1e-13  # with shares known so well, a rational that the first of them does not find is none of the smaller ones

Profile = tuple[tuple[Fraction, ...], ...]


def exact_mix(
    payoffs: Sequence[IntegerPayoffs], support: Sequence[Sequence[int]], near: Sequence[Sequence[float]], within: float
) -> Profile | None:
    """The rational profile over `support`, within so much of `near`, at which all its actions earn the same.

    Returns:
        Shares over all actions, zeros outside the support; none need be positive inside. None where none was found.
    """
    mixing = [k for k, own in enumerate(support) if len(own) > 1]
    if not mixing:
        return tuple(
            tuple([Fraction(int(a == own[0])) for a in range(len(shares))])
            for own, shares in zip(support, near, strict=True)
        )
    if len(mixing) == 2:
        solved = _linear(payoffs, support, mixing)
        return solved if solved is not None and _close(solved, near, within) else None
    for largest in DENOMINATORS if within > CLOSE else DENOMINATORS[:1]:
        candidate = _rational(support, near, largest, within)
        if candidate is not None and indifferent(payoffs, support, candidate):
            return candidate
    return None


def indifferent(
    payoffs: Sequence[IntegerPayoffs], support: Sequence[Sequence[int]], strategies: Sequence[Sequence[Fraction]]
) -> bool:
    """Whether every action of each player's support earns the same, exactly."""
    weights = []
    for own in strategies:
        whole = lcm(*[share.denominator for share in own])
        weights.append([share.numerator * (whole // share.denominator) for share in own])
    return all(len(set(_values(payoffs[k], k, own, weights))) == 1 for k, own in enumerate(support) if len(own) > 1)


def floats_to_profile(support: Sequence[Sequence[int]], near: Sequence[Sequence[float]]) -> Profile:
    """The binary values of the shares, the support's first action taking what is left, so that they add to 1."""
    return tuple(
        _whole(len(own), members, [Fraction(own[a]) for a in members[1:]])
        for members, own in zip(support, near, strict=True)
    )


def _rational(
    support: Sequence[Sequence[int]], near: Sequence[Sequence[float]], largest: int, within: float
) -> Profile | None:
    """As `floats_to_profile`, of the nearest shares with small denominators; None where one is not near enough."""
    profile = []
    for members, own in zip(support, near, strict=True):
        shares = []
        for a in members[1:]:
            shares.append(Fraction(own[a]).limit_denominator(largest))
            if not abs(float(shares[-1]) - own[a]) <= within:
                return None
        profile.append(_whole(len(own), members, shares))
    return tuple(profile) if _close(profile, near, within) else None


def _whole(n: int, members: Sequence[int], others: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """A strategy of n actions from the shares of all its members but the first."""
    shares = [Fraction(0)] * n
    for a, share in zip(members[1:], others, strict=True):
        shares[a] = share
    shares[members[0]] = 1 - sum(others, Fraction(0))
    return tuple(shares)


def _close(profile: Sequence[Sequence[Fraction]], near: Sequence[Sequence[float]], within: float) -> bool:
    return all(
        abs(float(share) - other) <= within
        for own, others in zip(profile, near, strict=True)
        for share, other in zip(own, others, strict=True)
    )


def _values(own: IntegerPayoffs, player: int, actions: Sequence[int], weights: Sequence[Sequence[int]]) -> list[int]:
    """What actions earn against the others' strategies, given as integer weights, in some unit."""
    places, weighed = [0], [1]
    for rival, shares in enumerate(weights):
        if rival != player:
            played = [(a, share) for a, share in enumerate(shares) if share]
            places = [place * len(shares) + a for place in places for a, _ in played]
            weighed = [before * share for before in weighed for _, share in played]
    rows = [own.by_action[a] for a in actions]
    return [sum([row[k] * weight for k, weight in zip(places, weighed, strict=True)]) for row in rows]


def _linear(
    payoffs: Sequence[IntegerPayoffs], support: Sequence[Sequence[int]], mixing: Sequence[int]
) -> Profile | None:
    """Solve for the shares of either mixing player at which the other is indifferent; None where not unique."""
    sizes = [len(own.by_action) for own in payoffs]
    profile = [[Fraction(int(a == members[0])) for a in range(n)] for members, n in zip(support, sizes, strict=True)]
    for chooser, mixer in (mixing, mixing[::-1]):
        rows = [_pure_values(payoffs[chooser], chooser, a, mixer, support, sizes) for a in support[chooser]]
        shares = linear_shares([[x - y for x, y in zip(row, rows[0], strict=True)] for row in rows[1:]])
        if shares is None:
            return None
        for a, share in zip(support[mixer], shares, strict=True):
            profile[mixer][a] = share
    return tuple(tuple(own) for own in profile)


def _pure_values(
    own: IntegerPayoffs, chooser: int, action: int, mixer: int, support: Sequence[Sequence[int]], sizes: Sequence[int]
) -> list[int]:
    """The chooser's payoffs of an action as the mixer goes through its members and all others play their only one."""
    rivals = [k for k in range(len(sizes)) if k != chooser]
    steps = {k: prod(sizes[m] for m in rivals if m > k) for k in rivals}
    base = sum(steps[k] * support[k][0] for k in rivals if k != mixer)
    return [own.by_action[action][base + steps[mixer] * a] for a in support[mixer]]


def linear_shares(gains: list[list[int]]) -> list[Fraction] | None:
    """The only shares, adding to 1, at which every row of gains is 0 on average; None where not unique.

    Fraction-free elimination (Bareiss 1968): every division by the pivot before is exact.
    """
    unknowns = len(gains[0])
    rows, before = [[*row, 0] for row in gains] + [[1] * (unknowns + 1)], 1
    for c in range(unknowns):
        pivot = next((r for r in range(c, len(rows)) if rows[r][c]), None)
        if pivot is None:
            return None
        rows[c], rows[pivot] = rows[pivot], rows[c]
        above = rows[c]
        for r, row in enumerate(rows):
            if r != c:
                rows[r] = [(above[c] * x - row[c] * y) // before for x, y in zip(row, above, strict=True)]
        before = above[c]
    return None if any(row[-1] for row in rows[unknowns:]) else [Fraction(row[-1], before) for row in rows[:unknowns]]
