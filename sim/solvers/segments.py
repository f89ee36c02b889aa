"""Segments of equilibria, with exact ends: one player mixes two actions, and everybody else plays one action for sure.

What the mixing player earns by either action does not depend on its own shares, so it mixes at will or not at all. What
anybody else would gain by another action is linear in the share of the first of the two. So the equilibria of such a
support are those shares at which no linear gain is above 0: an interval, whose ends are rational.
"""

from collections.abc import Sequence
from fractions import Fraction

from sim.solvers.certificate import IntegerPayoffs

Profile = tuple[tuple[Fraction, ...], ...]


def segment(payoffs: Sequence[IntegerPayoffs], support: Sequence[Sequence[int]]) -> tuple[Profile, Profile] | None:
    """The two ends of the closed interval of equilibria of a support, equal where it is one point.

    Args:
        payoffs: of all players, exact.
        support: the actions that each player plays; one player has two, every other one.

    Returns:
        None where the support is of another kind, or has no equilibrium.
    """
    mixing = [k for k, own in enumerate(support) if len(own) > 1]
    if len(mixing) != 1 or len(support[mixing[0]]) != 2:
        return None
    (k,) = mixing
    pure = [own[0] for own in support]
    worth = [row[_place(payoffs, k, pure)] for row in payoffs[k].by_action]
    if any(worth[a] < max(worth) for a in support[k]):
        return None
    low, high = Fraction(0), Fraction(1)
    for player, own in enumerate(payoffs):
        if player == k:
            continue
        first, second = (_place(payoffs, player, [*pure[:k], a, *pure[k + 1 :]]) for a in support[k])
        played = own.by_action[pure[player]]
        for row in own.by_action:  # gain = base + share * slope, share of the first action
            base, slope = row[second] - played[second], row[first] - played[first] - (row[second] - played[second])
            if slope > 0:
                high = min(high, Fraction(-base, slope))
            elif slope < 0:
                low = max(low, Fraction(-base, slope))
            elif base > 0:
                return None
    if low > high:
        return None
    return _at(payoffs, support, k, low), _at(payoffs, support, k, high)


def _place(payoffs: Sequence[IntegerPayoffs], player: int, profile: Sequence[int]) -> int:
    """Where the others' actions stand in the player's rows: its columns are the others' profiles, the last fastest."""
    at = 0
    for other, action in enumerate(profile):
        if other != player:
            at = at * len(payoffs[other].by_action) + action
    return at


def _at(payoffs: Sequence[IntegerPayoffs], support: Sequence[Sequence[int]], k: int, share: Fraction) -> Profile:
    profile = []
    for player, own in enumerate(payoffs):
        shares = [Fraction(0)] * len(own.by_action)
        for action, part in zip(support[player], (share, 1 - share) if player == k else (Fraction(1),), strict=True):
            shares[action] = part
        profile.append(tuple(shares))
    return tuple(profile)
