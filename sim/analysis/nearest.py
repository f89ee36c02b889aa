"""Near sets of numbers at which an event holds: from sets where it holds back towards the central values.

Distance is the sum of the changes, each as a share of half of the number's range, so it favours few numbers. Where a
profile has only to be a pure Nash equilibrium, linear programs find near numbers directly: payoffs are affine in each
number but not in all at once, so each program is solved anew around the last answer.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.analysis.ranges import range_of
from sim.game.payoffs import GameFamily, central_parameters, payoffs
from sim.scenario.distributions import central as central_value
from sim.scenario.distributions import is_fixed, support
from sim.scenario.model import ScenarioData
from sim.solvers.concepts import Request
from sim.sweeps.quantiles import quantile
from sim.sweeps.run import Engine, rows_at
from sim.sweeps.status import ALWAYS, SOMETIMES

End = Literal["some", "all"]  # in some equilibrium, or in every one
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

GRID = 33  # values of each number that are tried alone
RAY = 128  # steps from the central values to a set, to find where on the way the event begins
HALVINGS = 32
BEYOND = 1e-6  # of the change: how far past the border a set is put, so that rounding does not bring it back
AT_END = 1e-9  # of the range: a number so near to an end of it is told as the end
DIGITS = 10  # significant ones, of a number that is told
TARGETS, ROUNDS = 12, 5  # profiles for which linear programs are solved, and how often each is solved anew


@dataclass(frozen=True, slots=True, eq=False)
class Space:
    """The numbers that may move, as one vector each."""

    scenario: ScenarioData
    names: tuple[str, ...]
    fixed: Mapping[str, Floats]  # every number of the scenario at its central value, (1,) each
    central: Floats  # (numbers,)
    low: Floats
    high: Floats
    half: Floats  # half-ranges
    values: Mapping[int, Floats]  # of a number with a few values alone (a choice): its place -> those values

    def distance(self, sets: Floats) -> Floats:
        """In half-ranges: (sets, numbers) -> (sets,)."""
        total: Floats = (np.abs(sets - self.central) / self.half).sum(axis=-1)
        return total

    def parameters(self, sets: Floats) -> dict[str, Floats]:
        """What the engine takes: (sets, numbers) -> name -> (sets,)."""
        moved = {name: np.ascontiguousarray(sets[:, k]) for k, name in enumerate(self.names)}
        return {**self.fixed, **moved}


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """One event under one concept, in some or in all equilibria."""

    engine: Engine
    space: Space
    request: Request
    event: str
    end: End

    def codes_hold(self, codes: NDArray[np.int8]) -> Mask:
        """Whether the event holds, by status codes."""
        held = codes == ALWAYS
        return np.asarray(held | (codes == SOMETIMES) if self.end == "some" else held)

    def holds(self, sets: Floats) -> Mask:
        """(sets, numbers) -> (sets,)."""
        if not len(sets):
            return np.zeros(0, dtype=np.bool_)
        rows = rows_at(self.engine, self.space.parameters(sets), draws=len(sets))
        return self.codes_hold(rows.concepts[self.request].status[self.engine.events.index(self.event)])


def space_of(scenario: ScenarioData) -> Space:
    """Every uncertain number of a player's payoffs that can move by itself; ranked weights cannot."""
    observers = {one.name for one in scenario.observers}
    names = tuple(
        name
        for name, own in scenario.distributions().items()
        if not is_fixed(own) and own.kind != "ranked" and name.partition(".")[0] not in observers
    )
    ranges = [range_of(scenario, name) for name in names]
    central, known = central_parameters(scenario), scenario.distributions()
    return Space(
        scenario,
        names,
        central,
        np.array([central[name][0] for name in names]),
        np.array([low for low, _ in ranges]),
        np.array([high for _, high in ranges]),
        np.array([half_range(scenario, name) for name in names]),
        {k: values_of(scenario, name) for k, name in enumerate(names) if known[name].kind == "choice"},
    )


def values_of(scenario: ScenarioData, name: str) -> Floats:
    """The few values of a choice, the nearest to the central one first."""
    own = scenario.distributions()[name]
    found = np.array([float(value) for value in own.numbers])
    return found[np.argsort(np.abs(found - float(central_value(own))), kind="stable")]


def snapped(space: Space, sets: Floats) -> Floats:
    """Every choice at the nearest of its values."""
    sets = sets.copy()
    for k, own in space.values.items():
        sets[:, k] = own[np.abs(sets[:, k, None] - own).argmin(axis=1)]
    return sets


def half_range(scenario: ScenarioData, name: str) -> float:
    """Half of a number's range; of an unbounded one, half of the range from its 1% to its 99% quantile."""
    own = scenario.distributions()[name]
    low, high = support(own)
    if not (np.isfinite(low) and np.isfinite(high)):
        low, high = quantile(own)(np.array([0.01, 0.99])).tolist()
    return (high - low) / 2


def alone(space: Space) -> Floats:
    """Each number by itself at GRID values of its range, all else central: (sets, numbers)."""
    count = len(space.names)
    sets = np.tile(space.central, (count * GRID, 1))
    for k in range(count):
        own = space.values.get(k)
        every = np.linspace(space.low[k], space.high[k], GRID) if own is None else np.resize(own, GRID)
        sets[k * GRID : (k + 1) * GRID, k] = every
    return sets


def put_back(question: Question, starts: Floats) -> Floats:
    """Every number that the event does not need goes back to its central value, the least moved first."""
    space = question.space
    sets = starts.copy()
    order = np.argsort(np.abs(sets - space.central) / space.half, axis=1, kind="stable")
    each = np.arange(len(sets))
    for turn in range(len(space.names)):
        column = order[:, turn]
        trial = sets.copy()
        trial[each, column] = space.central[column]
        moved = trial[each, column] != sets[each, column]
        if moved.any():
            kept = np.zeros(len(sets), dtype=np.bool_)
            kept[moved] = question.holds(trial[moved])
            sets[kept] = trial[kept]
    return np.unique(sets, axis=0)


def drawn_in(question: Question, sets: Floats) -> Floats:
    """Each number that is left as near to its central value as the event lets it, one after the other."""
    space = question.space
    sets = sets.copy()
    for k in range(len(space.names)):
        rows = np.flatnonzero(sets[:, k] != space.central[k])
        if not len(rows):
            continue
        back = sets[rows].copy()
        back[:, k] = space.central[k]
        free = question.holds(back)  # the others are where they are now, so it may be needed no longer
        sets[rows[free], k] = space.central[k]
        rows = rows[~free]
        if not len(rows):
            continue
        if k in space.values:
            sets[rows, k] = _nearest_value(question, sets[rows], k)
            continue
        inner, outer = np.full(len(rows), space.central[k]), sets[rows, k].copy()
        for _ in range(HALVINGS):
            middle = inner + (outer - inner) / 2
            trial = sets[rows].copy()
            trial[:, k] = middle
            held = question.holds(trial)
            outer, inner = np.where(held, middle, outer), np.where(held, inner, middle)
        sets[rows, k] = outer
    return sets


def _nearest_value(question: Question, sets: Floats, k: int) -> Floats:
    """The value of a choice nearest to its central one at which the event holds, all else as it is."""
    chosen, left = sets[:, k].copy(), np.ones(len(sets), dtype=np.bool_)
    for value in question.space.values[k].tolist():
        trial = sets.copy()
        trial[:, k] = value
        held = question.holds(trial) & left
        chosen[held] = value
        left &= ~held
    return chosen


def on_the_border(question: Question, sets: Floats) -> Floats:
    """The first place on the straight way from the central values to each set at which the event holds."""
    central = np.tile(question.space.central, (len(sets), 1))
    for k in question.space.values:
        central[:, k] = sets[:, k]  # a choice does not move by shares
    steps, count = sets - central, len(sets)
    shares = np.arange(1, RAY + 1) / RAY
    along = (central + shares[:, None, None] * steps).reshape(-1, central.shape[1])
    held = question.holds(along).reshape(RAY, count)
    held[-1] = True  # the set itself
    first = held.argmax(axis=0)
    outer, inner = shares[first], np.where(first > 0, shares[first - 1], 0.0)
    for _ in range(HALVINGS):
        middle = (inner + outer) / 2
        there = question.holds(central + middle[:, None] * steps)
        outer, inner = np.where(there, middle, outer), np.where(there, inner, middle)
    found: Floats = central + np.minimum(1.0, outer * (1 + BEYOND))[:, None] * steps
    return found


def told(space: Space, sets: Floats) -> Floats:
    """Rounded to the digits that are told, away from the central values and within the range."""
    rounded = sets.copy()
    for place, value in np.ndenumerate(sets):
        if value != space.central[place[1]]:
            near = float(f"{value:.{DIGITS - 1}e}")
            low, high = float(space.low[place[1]]), float(space.high[place[1]])
            ends = [end for end in (low, high) if abs(near - end) <= AT_END * (high - low)]
            rounded[place] = ends[0] if ends else near
    return rounded


def by_programs(question: Question, truth: Mask) -> Iterator[Floats]:
    """Near numbers at which a profile with the event is a pure Nash equilibrium, one a profile that is nearly one."""
    from scipy.optimize import linprog

    engine, space = question.engine, question.space
    count = len(space.names)
    values = _payoffs(engine.family, space, space.central[None])[0]
    lost = [(max(_gains(engine, values, profile)), profile) for profile in np.flatnonzero(truth).tolist()]
    for _, profile in sorted(lost)[:TARGETS]:
        at = space.central.copy()
        for _ in range(ROUNDS):
            moved = np.tile(at, (count + 1, 1))
            steps = np.where(at + space.half * 0.01 <= space.high, 0.01, -0.01) * space.half
            moved[np.arange(count) + 1, np.arange(count)] += steps
            table = np.array([_gains(engine, own, profile) for own in _payoffs(engine.family, space, moved)])
            slopes = (table[1:] - table[0]) / steps[:, None]  # (numbers, deviations)
            scale = max(1.0, float(np.abs(slopes).max()))
            rest = at - space.central
            found = linprog(
                np.concatenate([1 / space.half, 1 / space.half]),  # up and down from the central values
                A_ub=np.concatenate([slopes, -slopes]).T / scale,
                b_ub=(slopes.T @ rest - table[0]) / scale,
                bounds=[
                    *zip(np.zeros(count), space.high - space.central, strict=True),
                    *zip(np.zeros(count), space.central - space.low, strict=True),
                ],
                method="highs",
            )
            if found.status != 0:
                break
            at = np.clip(space.central + found.x[:count] - found.x[count:], space.low, space.high)
            if question.holds(at[None])[0]:
                yield at.copy()
            yield np.clip(space.central + (at - space.central) * (1 + 1e-4), space.low, space.high)


def _payoffs(family: GameFamily, space: Space, sets: Floats) -> Floats:
    return payoffs(family, space.parameters(sets))


def _gains(engine: Engine, values: Floats, profile: int) -> list[float]:
    """What each single deviation from a profile gains, as a share of the player's range."""
    shape = engine.family.shape
    at = np.unravel_index(profile, shape)
    found = []
    for player, axes in enumerate(engine.rules.axes_of):
        own = values[player]
        spread = float(np.ptp(own)) or 1.0
        view = own[tuple(slice(None) if axis in axes else int(at[axis]) for axis in range(len(shape)))]
        here = float(own[at])
        stay = int(np.ravel_multi_index([int(at[axis]) for axis in axes], view.shape)) if view.ndim else 0
        found += [(float(x) - here) / spread for k, x in enumerate(view.ravel()) if k != stay]
    return found
