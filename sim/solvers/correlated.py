"""Correlated equilibria: how probable an event can be where a trusted messenger tells each player its action alone.

A distribution over profiles is a correlated equilibrium iff nobody gains by disobeying what it is told: a list of
linear inequalities, so the least and the greatest probability of an event are two linear programmes. Whoever solves
them, prices of the inequalities (a dual solution) prove a bound: it is recomputed here in exact arithmetic, and rounded
outwards, so that the interval surely contains the true one. Every Nash equilibrium is a correlated one, hence inside.

Source: Aumann (1974), Subjectivity and correlation in randomized strategies, J. Mathematical Economics 1(1), 67-96.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import inf, nextafter
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.game.game import Game

if TYPE_CHECKING:
    from scipy.sparse import csr_array

GREATEST_GAP = 1e-7  # between the proved bound and the solution found; beyond it nothing is called solved
CLEARLY = 1e-6  # a probability this far from 0 (or 1) is witnessed by the solution found, whatever its rounding
SIMPLE = 10_000  # greatest denominator of a price that is tried as a simple fraction: often it is one, and exact then


@dataclass(frozen=True, slots=True)
class Bounds:
    """The probability of one event over all correlated equilibria."""

    least: float  # no correlated equilibrium gives it less, proved
    greatest: float
    found: tuple[float, float]  # the ends that the solver reached
    gap: float  # greatest distance of a proved end from the one reached; inf where the solver failed

    @property
    def solved(self) -> bool:
        """Whether what is proved and what is reached agree."""
        return self.gap <= GREATEST_GAP

    @property
    def status(self) -> str:
        """One of the six words: `open` where the event's probability is 0 or 1 but for rounding."""
        if not self.solved:
            return "unsolved"
        if self.least == 1 or self.greatest == 0:
            return "always" if self.least == 1 else "never"
        return "sometimes" if self.found[1] > CLEARLY and self.found[0] < 1 - CLEARLY else "open"


def correlated(game: Game, events: Mapping[str, NDArray[np.bool_]]) -> dict[str, Bounds]:
    """Bounds of each event's probability over the correlated equilibria of a game.

    Args:
        game: any number of players; its exact payoffs are used.
        events: name -> truth at every profile, shape (n_1, ..., n_N).

    Returns:
        Event -> interval, rounded outwards.
    """
    rules = _incentives(game)
    result = {}
    for name, truth in events.items():
        least, reached_low = _least_share(rules, truth.ravel())
        shortfall, missed = _least_share(rules, ~truth.ravel())
        greatest, reached_high = 1 - shortfall, 1 - missed
        gap = max(reached_low - float(least), float(greatest) - reached_high)
        result[name] = Bounds(
            least=max(0.0, _rounded(least, -inf)),
            greatest=min(1.0, _rounded(greatest, inf)),
            found=(reached_low, reached_high),
            gap=gap if np.isfinite(gap) else inf,
        )
    return result


@dataclass(frozen=True, slots=True, eq=False)
class _Incentives:
    """One row for each player, action told and action taken instead: what obeying gains, by profile."""

    columns: list[NDArray[np.intp]]  # profiles where that action is told
    gains: list[NDArray[np.object_]]  # the gain there, in integers
    unit: list[int]  # the player's payoff range in the same integers
    floats: "csr_array"  # all rows as shares of range, (rows, profiles)
    profiles: int


def _incentives(game: Game) -> _Incentives:
    shape = game.exact.shape[1:]
    places = np.arange(int(np.prod(shape))).reshape(shape)
    columns: list[NDArray[np.intp]] = []
    gains: list[NDArray[np.object_]] = []
    unit: list[int] = []
    for player, exact in enumerate(game.exact):
        whole = np.lcm.reduce([value.denominator for value in exact.ravel()], dtype=object)
        payoffs = np.moveaxis(exact * whole, player, 0).reshape(shape[player], -1)
        payoffs = np.vectorize(int, otypes=[object])(payoffs)
        at = np.moveaxis(places, player, 0).reshape(shape[player], -1)
        spread = payoffs.max() - payoffs.min()
        for told in range(shape[player]):
            for taken in range(shape[player]):
                gain = payoffs[told] - payoffs[taken]
                if told != taken and gain.any():
                    columns.append(at[told])
                    gains.append(gain)
                    unit.append(spread)
    return _Incentives(columns, gains, unit, _matrix(columns, gains, unit, places.size), places.size)


def _matrix(
    columns: Sequence[NDArray[np.intp]], gains: Sequence[NDArray[np.object_]], unit: Sequence[int], profiles: int
) -> "csr_array":
    from scipy.sparse import coo_array, csr_array

    row = [k for k, at in enumerate(columns) for _ in at]
    shares = [gain / whole for own, whole in zip(gains, unit, strict=True) for gain in own]
    column = np.concatenate(columns) if columns else np.zeros(0, dtype=np.intp)
    return csr_array(coo_array((shares, (row, column)), shape=(len(columns), profiles)))


def _least_share(rules: _Incentives, truth: NDArray[np.bool_]) -> tuple[Fraction, float]:
    """A proved lower bound of the probability of `truth` (profiles,), and the least one that the solver reached."""
    from scipy.optimize import linprog  # a second to import: only where a bound is asked for

    solved = linprog(
        truth.astype(np.float64),
        A_ub=-rules.floats if rules.unit else None,
        b_ub=np.zeros(len(rules.unit)) if rules.unit else None,
        A_eq=np.ones((1, rules.profiles)),
        b_eq=[1.0],
        method="highs",
        options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
    )
    if solved.status != 0:
        return Fraction(0), inf
    prices = [max(0.0, -float(one)) for one in solved.ineqlin.marginals]
    as_found = [Fraction(price) for price in prices]
    simple = [price.limit_denominator(SIMPLE) for price in as_found]
    return max(_proved(rules, truth, as_found), _proved(rules, truth, simple)), float(solved.fun)


def _proved(rules: _Incentives, truth: NDArray[np.bool_], prices: Sequence[Fraction]) -> Fraction:
    """The bound that prices prove: in equilibrium no priced gain is negative on average, so neither is their sum.

    Hence P(event) >= average of (event - sum of price * gain) >= the least of it over profiles.
    """
    value = np.array([Fraction(int(one)) for one in truth], dtype=object)
    for column, gain, whole, price in zip(rules.columns, rules.gains, rules.unit, prices, strict=True):
        if price:
            value[column] -= gain * (price / whole)
    return Fraction(value.min())


def _rounded(value: Fraction, towards: float) -> float:
    """The nearest float that is not on the wrong side."""
    near = float(value)
    wrong = near > value if towards < 0 else near < value
    return nextafter(near, towards) if wrong else near
