"""The exact rational form of a mixed profile that is known closely, where it has one.

Where two players alone mix, the conditions that they are indifferent are linear, and are solved. Otherwise the nearest
rationals with small denominators are tried. Either way the candidate counts only where every action of the support
earns the same in exact arithmetic.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import prod

from sim.solvers.certificate import IntegerPayoffs

DENOMINATORS = (64, 4_096, 1_000_000)  # tried in this order; the last is still told from its neighbours by float64

Profile = tuple[tuple[Fraction, ...], ...]


def exact_mix(
    payoffs: Sequence[IntegerPayoffs], support: Sequence[Sequence[int]], near: Sequence[Sequence[float]], within: float
) -> Profile | None:
    """The rational profile over `support`, within so much of `near`, at which all its actions earn the same.

    Returns:
        Shares over all actions, zeros outside the support; none need be positive inside. None where none was found.
    """
    mixing = [k for k, own in enumerate(support) if len(own) > 1]
    if len(mixing) == 2:
        solved = _linear(payoffs, support, mixing)
        return solved if solved is not None and _close(solved, near, within) else None
    for largest in DENOMINATORS:
        candidate = _rounded(support, near, largest)
        if _close(candidate, near, within) and indifferent(payoffs, support, candidate):
            return candidate
    return None


def indifferent(
    payoffs: Sequence[IntegerPayoffs], support: Sequence[Sequence[int]], strategies: Sequence[Sequence[Fraction]]
) -> bool:
    """Whether every action of each player's support earns the same, exactly."""
    return all(len(set(_values(payoffs, k, own, strategies))) == 1 for k, own in enumerate(support))


def floats_to_profile(support: Sequence[Sequence[int]], near: Sequence[Sequence[float]]) -> Profile:
    """The binary values of the shares, the support's first action taking what is left, so that they add to 1."""
    return _rounded(support, near, None)


def _rounded(support: Sequence[Sequence[int]], near: Sequence[Sequence[float]], largest: int | None) -> Profile:
    profile = []
    for members, own in zip(support, near, strict=True):
        shares = [Fraction(0)] * len(own)
        for a in members[1:]:
            shares[a] = Fraction(own[a]) if largest is None else Fraction(own[a]).limit_denominator(largest)
        shares[members[0]] = 1 - sum(shares, Fraction(0))
        profile.append(tuple(shares))
    return tuple(profile)


def _close(profile: Profile, near: Sequence[Sequence[float]], within: float) -> bool:
    return all(
        abs(share - Fraction(other)) <= within
        for own, others in zip(profile, near, strict=True)
        for share, other in zip(own, others, strict=True)
    )


def _values(
    payoffs: Sequence[IntegerPayoffs], player: int, actions: Sequence[int], strategies: Sequence[Sequence[Fraction]]
) -> list[Fraction]:
    others = [Fraction(1)]
    for rival, shares in enumerate(strategies):
        if rival != player:
            others = [before * share for before in others for share in shares]
    weighed = [(k, weight) for k, weight in enumerate(others) if weight]
    return [sum((payoffs[player].by_action[a][k] * weight for k, weight in weighed), Fraction(0)) for a in actions]


def _linear(
    payoffs: Sequence[IntegerPayoffs], support: Sequence[Sequence[int]], mixing: Sequence[int]
) -> Profile | None:
    """Solve for the shares of either mixing player at which the other is indifferent; None where not unique."""
    sizes = [len(own.by_action) for own in payoffs]
    profile = [[Fraction(int(a == members[0])) for a in range(n)] for members, n in zip(support, sizes, strict=True)]
    for chooser, mixer in (mixing, mixing[::-1]):
        rows = [_pure_values(payoffs[chooser], chooser, a, mixer, support, sizes) for a in support[chooser]]
        equations = [[Fraction(x - y) for x, y in zip(row, rows[0], strict=True)] + [Fraction(0)] for row in rows[1:]]
        equations.append([Fraction(1)] * (len(support[mixer]) + 1))
        shares = _solve(equations, len(support[mixer]))
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


def _solve(equations: list[list[Fraction]], unknowns: int) -> list[Fraction] | None:
    """The unique solution of linear equations (coefficients, then the right side), by elimination; else None."""
    rows = [list(row) for row in equations]
    for c in range(unknowns):
        pivot = next((r for r in range(c, len(rows)) if rows[r][c]), None)
        if pivot is None:
            return None
        rows[c], rows[pivot] = rows[pivot], rows[c]
        rows[c] = [value / rows[c][c] for value in rows[c]]
        for r, row in enumerate(rows):
            if r != c and row[c]:
                rows[r] = [value - row[c] * own for value, own in zip(row, rows[c], strict=True)]
    return None if any(row[-1] for row in rows[unknowns:]) else [row[-1] for row in rows[:unknowns]]
