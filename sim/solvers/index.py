"""The index of an equilibrium of a two-player game: +1 or -1, by the signs of two determinants; all together add to 1.

With supports of equal size k, no best reply outside them, and payoffs A, B on them bordered by ones, the index is
(-1)^(k + 1) times the sign of det [0 1; 1 A] det [0 1; 1 B]. The border makes it free of the zero point of payoffs.

Sources: Shapley (1974), A note on the Lemke-Howson algorithm, Mathematical Programming Study 1, 175-189; von Schemde &
von Stengel (2008), Strategic characterization of the index of an equilibrium, SAGT, LNCS 4997, 242-254.
"""

from collections.abc import Sequence
from fractions import Fraction

from sim.solvers.certificate import IntegerPayoffs
from sim.solvers.equilibria import Equilibrium


def equilibrium_index(payoffs: Sequence[IntegerPayoffs], one: Equilibrium) -> int | None:
    """The index of an equilibrium with exact strategies, +1 or -1; None where it is not regular.

    Args:
        payoffs: of two players, from `integer_payoffs`.
        one: the equilibrium; a strict one has index 1 whatever the payoffs.
    """
    if one.strict:
        return 1
    assert one.exact is not None  # two-player equilibria are rational
    supports = [[k for k, share in enumerate(own) if share] for own in one.exact]
    if len(supports[0]) != len(supports[1]):
        return None
    if any(_best_replies(own, one.exact[1 - player]) != supports[player] for player, own in enumerate(payoffs)):
        return None
    return index_on(payoffs, *supports)


def index_on(payoffs: Sequence[IntegerPayoffs], *supports: Sequence[int]) -> int | None:
    """The same of an equilibrium on two supports of equal size, with no other best replies."""
    sign = 1 if len(supports[0]) % 2 else -1
    for player, own in enumerate(payoffs):
        mine, theirs = supports[player], supports[1 - player]
        sign *= _sign([[0, *([1] * len(theirs))], *([1, *(own.by_action[a][b] for b in theirs)] for a in mine)])
    return sign or None


def component_indices(
    components: Sequence[Sequence[int]], indices: Sequence[int | None], *, whole: bool
) -> list[int | None]:
    """The index of each component of equilibria, in their order; None where it is not known.

    A regular equilibrium is a component of its own. Over all components the indices add to 1, so that of the only one
    which is not regular follows from the others (Ritzberger 1994, International Journal of Game Theory 23, 207-236).

    Args:
        components: each the places of its extreme equilibria.
        indices: of the extreme equilibria, None where one is not regular.
        whole: whether these are all components there are.
    """
    known = [indices[component[0]] if len(component) == 1 else None for component in components]
    if whole and known.count(None) == 1:
        known[known.index(None)] = 1 - sum(own for own in known if own is not None)
    return known


def _best_replies(own: IntegerPayoffs, against: Sequence[Fraction]) -> list[int]:
    values = [
        sum((share * row[k] for k, share in enumerate(against) if share), start=Fraction(0)) for row in own.by_action
    ]
    best = max(values)
    return [k for k, value in enumerate(values) if value == best]


def _sign(matrix: list[list[int]]) -> int:
    """The sign of an integer determinant, by elimination without fractions (Bareiss 1968); `matrix` is used up."""
    sign, before = 1, 1
    for k in range(len(matrix)):
        pivot = next((r for r in range(k, len(matrix)) if matrix[r][k]), None)
        if pivot is None:
            return 0
        if pivot != k:
            matrix[k], matrix[pivot] = matrix[pivot], matrix[k]
            sign = -sign
        top = matrix[k]
        for row in matrix[k + 1 :]:
            for c in range(len(matrix) - 1, k - 1, -1):
                row[c] = (row[c] * top[k] - row[k] * top[c]) // before
        before = top[k]
    return sign if before > 0 else -sign
