"""Risk dominance: which of two strict equilibria of a 2 x 2 game is safer to play against an unsure opponent.

What a player would lose by leaving an equilibrium alone is its loss there. The equilibrium with the greater product
of the two losses dominates; with equal products neither does. Elsewhere the notion is not defined.

Source: Harsanyi & Selten (1988), A General Theory of Equilibrium Selection in Games, MIT Press, ch. 3.
"""

from dataclasses import dataclass
from fractions import Fraction

from sim.game.game import Game

NOT_DEFINED = "not defined"
NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class RiskDominance:
    """The two strict equilibria of a 2 x 2 game and their products of losses."""

    profiles: tuple[tuple[int, int], tuple[int, int]]
    products: tuple[Fraction, Fraction]

    @property
    def dominant(self) -> tuple[int, int] | None:
        """The risk-dominant profile; None where the products are equal."""
        if self.products[0] == self.products[1]:
            return None
        return self.profiles[self.products.index(max(self.products))]


def risk_dominance(game: Game) -> RiskDominance | None:
    """The products of losses, exact; None where the game is not 2 x 2 with two strict equilibria."""
    if game.exact.shape != (2, 2, 2):
        return None
    a, b = game.exact
    losses = {(i, j): (a[i, j] - a[1 - i, j], b[i, j] - b[i, 1 - j]) for i in (0, 1) for j in (0, 1)}
    strict = [profile for profile, own in losses.items() if min(own) > 0]
    if len(strict) != 2:
        return None
    first, second = (losses[profile][0] * losses[profile][1] for profile in strict)
    return RiskDominance((strict[0], strict[1]), (first, second))


def risk_dominance_entry(game: Game) -> str | list[str]:
    """The value of `risk_dominant` in `sim solve --json`: the actions of the dominant profile, or a word."""
    found = risk_dominance(game)
    if found is None:
        return NOT_DEFINED
    if found.dominant is None:
        return NEITHER
    return [actions[k] for actions, k in zip(game.actions, found.dominant, strict=True)]
