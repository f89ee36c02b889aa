"""Logit equilibria: people err, and err less where it costs more; followed from even play to hardly any error.

At precision L every action is played in proportion to exp(L * what it earns against the others' play). At L = 0 all
actions are equally likely; from there one branch of solutions leads on, the principal one. It is followed by arc length
in (log shares, L), so that it may turn back (a fold). Where another branch crosses it (a bifurcation) the way on is a
matter of choice, and nothing is returned.

Sources: McKelvey & Palfrey (1995), Quantal response equilibria for normal form games, Games and Economic Behavior 10,
6-38; Turocy (2005), A dynamic homotopy interpretation of the logistic quantal response equilibrium correspondence,
Games and Economic Behavior 51, 243-263; Allgower & Georg (1990), Numerical Continuation Methods, Springer (signs).
"""

from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sim.errors import UsageError
from sim.solvers.ties import TIE

CLOSE = 1e-8  # relative regret at which the branch has arrived
ACCEPTED = 1e-6  # greatest relative regret of a limit that is returned
GREATEST_STEPS = 20_000
SMALLEST_STEP = 1e-9
SHORT, FAR_FROM_0 = 1e-5, 1e-3  # a step over which no eigenvalue comes to 0 from so far away
GREATEST_PRECISION = 1e13  # in shares of range: beyond, payoffs have no more digits
EVEN = "even play is an equilibrium, and an answer at every precision"
CROSSED = "the principal branch is crossed by another near precision {at:.4g}, and the way on is a choice"
LOST = "the principal branch could not be followed beyond precision {at:.4g}"
FAR = "relative regret is still {regret:.1g} at precision {at:.4g}"

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Branch:
    """Where following the branch ended: a point, or the reason why there is none."""

    precision: float  # in the unit of the payoffs
    strategies: tuple[tuple[float, ...], ...]  # empty: unsolved
    relative_regret: float
    why: str = ""


def follow_to_precision(payoffs: Floats, precision: float) -> Branch:
    """The first point of the principal branch at a precision.

    Args:
        payoffs: shape (players, n_1, ..., n_N).
        precision: 0 or more, in the inverse unit of the payoffs.

    Raises:
        UsageError: a precision that is negative or no finite number.
    """
    if not (np.isfinite(precision) and precision >= 0):
        raise UsageError(f"A precision is a number from 0 up, not {precision!r}.")
    system = _System(payoffs)
    goal = precision * system.unit
    if goal > GREATEST_PRECISION:
        raise UsageError(f"The precision {precision:g} is too large: errors are below rounding. Use logit instead.")
    if system.even_play_stays:
        crossed = goal >= system.first_crossing
        return system.unsolved(CROSSED, system.first_crossing) if crossed else system.branch(system.start, precision)
    walk = _Walk(system)
    while walk.point[-1] < goal:
        if walk.step(goal) is not None:
            return system.unsolved(str(walk.trouble), walk.point[-1])
    return system.branch(walk.point, precision)


def follow_to_limit(payoffs: Floats) -> Branch:
    """The principal branch as far as it leads, at an equilibrium but for rounding. `payoffs` as above."""
    system = _System(payoffs)
    if system.even_play_stays:
        if np.isfinite(system.first_crossing):
            return system.unsolved(CROSSED, system.first_crossing)
        return system.branch(system.start, 0.0, EVEN)
    walk = _Walk(system)
    while system.regret(walk.point) > CLOSE and walk.point[-1] < GREATEST_PRECISION:
        if walk.step() is not None:
            break
    regret, at = system.regret(walk.point), float(walk.point[-1])
    if walk.trouble == CROSSED or regret > ACCEPTED:
        return system.unsolved(walk.trouble or FAR.format(regret=regret, at=at / system.unit), at)
    return system.branch(walk.point, at / system.unit)


@dataclass(frozen=True, eq=False)
class _System:
    """The equations F(y) = 0 of a game; y holds the log shares of all actions, player after player, then L.

    Payoffs are shifted and divided by the greatest range, so that L is counted in its inverse.
    """

    payoffs: Floats
    unit: float = field(init=False)
    scaled: Floats = field(init=False)
    spread: Floats = field(init=False)  # each player's range in the scaled unit

    def __post_init__(self) -> None:
        lowest = self.payoffs.min(axis=tuple(range(1, self.payoffs.ndim)), keepdims=True)
        above = self.payoffs - lowest
        unit = float(above.max()) or 1.0
        object.__setattr__(self, "unit", unit)
        object.__setattr__(self, "scaled", above / unit)
        object.__setattr__(self, "spread", (above / unit).reshape(len(above), -1).max(axis=1))

    @cached_property
    def parts(self) -> list[slice]:
        """The actions of each player among all."""
        ends = np.cumsum([0, *self.payoffs.shape[1:]]).tolist()
        return [slice(a, b) for a, b in pairwise(ends)]

    @cached_property
    def start(self) -> Floats:
        """Even play, at precision 0."""
        return np.array([*(-np.log(n) for n in self.payoffs.shape[1:] for _ in range(n)), 0.0])

    def values_and_slopes(self, shares: Floats) -> tuple[Floats, Floats]:
        """What each action earns, (n,), and how that changes with the share of each action of the others, (n, n)."""
        n, players = len(shares), range(len(self.parts))
        values, slopes = np.empty(n), np.zeros((n, n))
        for i in players:
            for k in players:
                if k != i:
                    slopes[self.parts[i], self.parts[k]] = self._between(i, k, shares)
            other = next((k for k in players if k != i), None)
            own = self.parts[i]
            values[own] = (
                self.scaled[i] if other is None else slopes[own, self.parts[other]] @ shares[self.parts[other]]
            )
        return values, slopes

    def _between(self, i: int, k: int, shares: Floats) -> Floats:
        """What each action of i earns against each of k, the others mixing: (n_i, n_k)."""
        table = self.scaled[i]
        for other in reversed(range(len(self.parts))):
            if other not in (i, k):
                table = np.tensordot(table, shares[self.parts[other]], axes=(other, 0))
        return np.asarray(table if i < k else table.T)

    def equations(self, y: Floats) -> tuple[Floats, Floats]:
        """F, shape (n,), and its derivative, (n, n + 1): log share minus log of the share that the payoffs call for."""
        shares, precision = np.exp(y[:-1]), y[-1]
        values, slopes = self.values_and_slopes(shares)
        residual, matrix = np.empty(len(shares)), np.zeros((len(shares), len(y)))
        for own in self.parts:
            powers = precision * values[own]
            powers = powers - powers.max()
            weights = np.exp(powers)
            called_for = weights / weights.sum()
            residual[own] = y[own] - powers + np.log(weights.sum())
            matrix[own, :-1] = -precision * (slopes[own] - called_for @ slopes[own]) * shares
            matrix[own, -1] = called_for @ values[own] - values[own]
        matrix[:, :-1] += np.eye(len(shares))
        return residual, matrix

    def regret(self, y: Floats) -> float:
        """The greatest relative regret of any player."""
        shares = np.exp(y[:-1])
        values, _ = self.values_and_slopes(shares)
        gains = [
            (values[own].max() - values[own] @ shares[own] / shares[own].sum()) / scale
            for own, scale in zip(self.parts, self.spread.tolist(), strict=True)
            if scale > 0
        ]
        return float(max(gains, default=0.0))

    @cached_property
    def even_play_stays(self) -> bool:
        """Whether even play solves the equations at every precision."""
        return self.regret(self.start) <= TIE

    @cached_property
    def first_crossing(self) -> float:
        """Where even play stays: the least precision at which another branch crosses it; inf where none does.

        The derivative there is 1 - L * K, singular at L = 1 / k for every positive eigenvalue k of K.
        """
        at_one = np.array([*self.start[:-1], 1.0])
        response = np.eye(len(at_one) - 1) - self.equations(at_one)[1][:, :-1]
        found = np.linalg.eigvals(response)
        real = found.real[(np.abs(found.imag) <= 1e-9 * np.abs(found)) & (found.real > 1e-12)]
        return float(1 / real.max()) if len(real) else float("inf")

    def branch(self, y: Floats, precision: float, why: str = "") -> Branch:
        """A point as the answer."""
        shares = np.exp(y[:-1])
        played = tuple(tuple((shares[own] / shares[own].sum()).tolist()) for own in self.parts)
        return Branch(precision, played, self.regret(y), why)

    def unsolved(self, why: str, at: float) -> Branch:
        """No answer, and why; `at` in the scaled unit."""
        return Branch(at / self.unit, (), float("nan"), why.format(at=at / self.unit))


class _Walk:
    """A walk along the branch, step by step: predict along the tangent, correct at right angles to it."""

    def __init__(self, system: _System) -> None:
        self.system = system
        self.point = system.start
        self.length = 0.05
        self.trouble: str | None = None
        self.steps = 0
        _, matrix = system.equations(self.point)
        self.tangent = self._tangent(matrix, np.eye(len(self.point))[-1])
        self.sign, self.negative, self.smallest = self._signature(matrix, self.tangent)

    def step(self, goal: float | None = None) -> str | None:
        """Go one step on, to `goal` where the precision would pass it; the trouble, if there is any."""
        self.steps += 1
        room = float(((0.5 + 0.25 * np.abs(self.point)) / np.maximum(np.abs(self.tangent), 1e-300)).min())
        length, size = min(self.length, room), 1 + float(np.abs(self.point).max())
        while True:
            found = self._corrected(length)
            if found is not None and self._same_branch(found, short=length <= SHORT * size):
                break
            if found is not None and length <= SHORT * size:  # nearer still, rounding would choose a branch
                self.trouble = CROSSED
                return CROSSED
            length /= 2
            if length < SMALLEST_STEP * size or self.steps > GREATEST_STEPS:
                self.trouble = LOST
                return LOST
        if goal is not None:
            passed = self._passing(goal, length, found)
            if passed is not None:
                self.point = passed
                return None
        self._move_to(found)
        self.length = length * (2.0 if found.effort < 0.05 else 1.2 if found.effort < 0.15 else 0.7)
        return None

    def _corrected(self, length: float) -> "_Found | None":
        """The point of the branch near the end of a step; None where Newton's method leads too far away."""
        try:
            return self._newton(self.point + length * self.tangent)
        except np.linalg.LinAlgError:  # singular to the last bit: a crossing
            return None

    def _newton(self, goal: Floats) -> "_Found | None":
        y, effort = goal, 0.0
        for _ in range(8):
            residual, matrix = self.system.equations(y)
            square = np.vstack([matrix, self.tangent])
            change = np.linalg.solve(square, np.append(-residual, self.tangent @ (goal - y)))
            y = y + change
            size = float((np.abs(change) / (1 + 0.02 * np.abs(y))).max())
            effort += size
            if not np.isfinite(size) or effort > 0.4 or (y[:-1] > 0.5).any():
                return None
            if size <= 1e-11 + 1e-14 * abs(float(y[-1])):
                matrix = self.system.equations(y)[1]
                tangent = self._tangent(matrix, self.tangent)
                return _Found(y, tangent, *self._signature(matrix, tangent), effort)
        return None

    def _same_branch(self, found: "_Found", *, short: bool) -> bool:
        """No bifurcation between: an odd one turns the sign of the determinant, an even one two real eigenvalues.

        Two eigenvalues may also meet and become real away from 0: over a short step that is seen to be harmless.
        """
        if found.sign != self.sign or found.tangent @ self.tangent < 0.5:
            return False
        return abs(found.negative - self.negative) < 2 or (short and min(found.smallest, self.smallest) > FAR_FROM_0)

    def _move_to(self, found: "_Found") -> None:
        self.point, self.tangent = found.point, found.tangent
        self.sign, self.negative, self.smallest = found.sign, found.negative, found.smallest

    def _passing(self, goal: float, length: float, found: "_Found") -> Floats | None:
        """The first point of this step at precision `goal`, if it gets there, also where it turns back behind it."""
        far = length
        if found.point[-1] < goal:
            if not self.tangent[-1] > 0 > found.tangent[-1]:
                return None
            far, top = self._turning(length)
            if top < goal:
                return None
        near = 0.0
        y = found.point
        for _ in range(60):
            middle = (near + far) / 2
            here = self._corrected(middle)
            if here is None:
                break
            y = here.point
            near, far = (middle, far) if y[-1] < goal else (near, middle)
        return self._at(goal, y)

    def _turning(self, length: float) -> tuple[float, float]:
        """The length at which the precision stops to grow, and the precision there."""
        near, far, top = 0.0, length, float(self.point[-1])
        for _ in range(40):
            middle = (near + far) / 2
            here = self._corrected(middle)
            if here is None:
                break
            top = max(top, float(here.point[-1]))
            near, far = (middle, far) if here.tangent[-1] > 0 else (near, middle)
        return far, top

    def _at(self, goal: float, y: Floats) -> Floats:
        """Newton's method at a fixed precision, from a point next to it."""
        y = np.append(y[:-1], goal)
        for _ in range(20):
            residual, matrix = self.system.equations(y)
            change = np.linalg.lstsq(matrix[:, :-1], -residual, rcond=None)[0]
            y = np.append(y[:-1] + change, goal)
            if np.abs(change).max() <= 1e-13 * (1 + np.abs(y).max()):
                break
        return y

    @staticmethod
    def _tangent(matrix: Floats, before: Floats) -> Floats:
        """The direction of the branch, of length 1, pointing as before."""
        found = np.linalg.solve(np.vstack([matrix, before]), np.eye(len(before))[-1])
        return np.asarray(found / np.linalg.norm(found))

    @staticmethod
    def _signature(matrix: Floats, tangent: Floats) -> tuple[float, int, float]:
        """The sign of the bordered determinant; of the square part the real negative eigenvalues, and the smallest."""
        sign = float(np.linalg.slogdet(np.vstack([matrix, tangent]))[0])
        found = np.linalg.eigvals(matrix[:, :-1])
        negative = (found.real < 0) & (np.abs(found.imag) <= 1e-9 * np.abs(found))
        return sign, int(negative.sum()), float(np.abs(found).min())


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """A point of the branch with what the next step needs."""

    point: Floats
    tangent: Floats
    sign: float
    negative: int
    smallest: float
    effort: float  # how far the corrections led, in all
