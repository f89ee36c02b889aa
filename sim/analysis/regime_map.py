"""How two numbers share the plane: what a concept selects at each pair of values, all else at central values.

The plane is cut along lines of constant `y`. Where payoffs are affine in `x`, two of them cross at most once on a line,
at a root that is solved for, so each line's borders are exact; elsewhere they are bisected between values of a grid,
and a region narrower than a step may be missed. Each region is named by the events that hold in it, and told by what is
played there: the options that occur in any of its equilibria.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.bounds import events_meant
from sim.analysis.crossings import crossings_on_lines
from sim.analysis.ranges import range_of, unit_of
from sim.errors import UsageError
from sim.game.payoffs import central_parameters, payoffs
from sim.scenario.affine import is_affine
from sim.scenario.model import ScenarioData
from sim.solvers.concepts import Request, solve_batch
from sim.sweeps.run import Engine, make_engine, rows_at
from sim.sweeps.status import ALWAYS, NONE, SOMETIMES, STATUSES

Floats = NDArray[np.float64]
Keys = NDArray[np.object_]  # the statuses of all events at a point, as one number
Stretch = tuple[float, float, int]  # from, to, index into `labels`

BLOCK = 1024  # points whose equilibria are held at once
HALVINGS = 30  # of a step of the grid, where borders are bisected


@dataclass(frozen=True, slots=True)
class Region:
    """Everything with one outcome, which need not lie together."""

    label: str
    share: float  # of the plane, evenly weighed, which no prior is
    at: tuple[float, float]  # a pair of values in it
    equilibria: tuple[dict[str, str], ...]  # there
    options: dict[str, tuple[str, ...]]  # move -> the options that occur in any equilibrium at any pair of the grid

    @property
    def played(self) -> str:
        """What is played, as one text; a move that is open is told by the options that occur."""
        return " ".join(f"{move}={'|'.join(options)}" for move, options in self.options.items())

    def to_dict(self) -> dict[str, Any]:
        """An entry of `regions`."""
        options = {move: list(own) for move, own in self.options.items()}
        head = {"label": self.label, "share": self.share, "at": list(self.at)}
        return head | {"equilibria": [dict(one) for one in self.equilibria], "options": options}


@dataclass(frozen=True, slots=True, eq=False)
class RegimeMap:
    """Regions of a plane of two numbers, each named by the events that hold there."""

    x: str
    y: str
    x_unit: str
    y_unit: str
    x_grid: NDArray[np.float64]  # (X,)
    y_grid: NDArray[np.float64]  # (Y,)
    code: NDArray[np.int64]  # (Y, X), index into `labels`
    labels: tuple[str, ...]  # most frequent first
    concept: str
    order: str | None
    method: str = "exact"  # of the borders along x: roots ("exact"), or bisected in a grid ("numerical")
    lines: tuple[tuple[Stretch, ...], ...] = ()  # for each value of y the stretches of x, in order, covering the range
    regions: tuple[Region, ...] = ()  # one a label

    def to_dict(self) -> dict[str, Any]:
        """Plain lists."""
        arrays = {"x_grid": self.x_grid.tolist(), "y_grid": self.y_grid.tolist(), "code": self.code.tolist()}
        names = {name: getattr(self, name) for name in ("x", "y", "x_unit", "y_unit", "concept", "order", "method")}
        lines = [[{"from": a, "to": b, "region": k} for a, b, k in line] for line in self.lines]
        told = {"labels": list(self.labels), "lines": lines, "regions": [own.to_dict() for own in self.regions]}
        return names | arrays | told

    def __repr__(self) -> str:
        return f"<RegimeMap {self.x} x {self.y}: {len(self.labels)} regions>"


@dataclass(frozen=True, slots=True, eq=False)
class _Plane:
    """The game at any pair of values, all else central."""

    engine: Engine
    x: str
    y: str
    request: Request
    rows: list[int]  # of the events that tell regions apart

    def at(self, x: Floats, y: Floats) -> dict[str, Floats]:
        return central_parameters(self.engine.family.scenario) | {self.x: x, self.y: y}

    def keys(self, x: Floats, y: Floats) -> Keys:
        """Which outcome each pair has: (pairs,)."""
        found = rows_at(self.engine, self.at(x, y), draws=len(x))
        codes = found.concepts[self.request].status[self.rows].astype(object)
        total: Keys = sum((own * len(STATUSES) ** k for k, own in enumerate(codes)), np.zeros(len(x), dtype=object))
        return total


def regime_map(
    scenario: ScenarioData,
    x: str,
    y: str,
    *,
    request: Request,
    events: Sequence[str] | None = None,
    size: int = 121,
) -> RegimeMap:
    """Solve the game at every pair of values of two numbers, all else at central values.

    Args:
        scenario: checked data.
        x: a parameter, or a weight as `RU.shells`.
        y: another one.
        request: the concept, with its order.
        events: names that tell regions apart; the headline events where left out.
        size: values on each axis, over the number's range.

    Raises:
        UsageError: a name that is no number or a fixed one, or the same name twice.
    """
    if x == y:
        raise UsageError(f"A map needs two numbers; both axes are '{x}'.")
    engine, meant = make_engine(scenario, [request]), events_meant(scenario, events)
    plane = _Plane(engine, x, y, request, [engine.events.index(event) for event in meant])
    x_grid, y_grid = (np.linspace(*range_of(scenario, name), size) for name in (x, y))
    across, up = (own.ravel() for own in np.meshgrid(x_grid, y_grid))  # both (Y, X)
    grid = plane.keys(across, up)
    exact = is_affine(scenario, x)
    lines = (_exact_lines if exact else _bisected_lines)(plane, x_grid, y_grid, grid)
    known, counts = np.unique(grid, return_counts=True)
    order = known[np.argsort(-counts, kind="stable")].tolist()
    order = list(dict.fromkeys([*order, *(key for line in lines for _, _, key in line)]))
    place = {key: k for k, key in enumerate(order)}
    labels = tuple(outcome_label(meant, _codes(key, len(meant))) for key in order)
    code = np.array([place[key] for key in grid.tolist()]).reshape(size, size)
    stretches = tuple(tuple((a, b, place[key]) for a, b, key in line) for line in lines)
    regions = _regions(plane, labels, code, (across, up), stretches, y_grid)
    units = unit_of(scenario, x), unit_of(scenario, y)
    head = (x, y, *units, x_grid, y_grid, code, labels, request.concept, request.order)
    return RegimeMap(*head, "exact" if exact else "numerical", stretches, regions)


def outcome_label(events: Sequence[str], codes: Sequence[int]) -> str:
    """What holds in every and in some equilibrium, in plain words: `deal; in some equilibria arms`."""
    if NONE in codes:
        return "no equilibrium"
    words = [event.replace("_", " ") for event in events]
    every = [word for word, code in zip(words, codes, strict=True) if code == ALWAYS]
    some = [word for word, code in zip(words, codes, strict=True) if code == SOMETIMES]
    parts = [", ".join(every)] if every else []
    parts += [f"in some equilibria {', '.join(some)}"] if some else []
    return "; ".join(parts) or f"none of {', '.join(words)}"


def _codes(key: int, count: int) -> list[int]:
    return [int(key // len(STATUSES) ** k % len(STATUSES)) for k in range(count)]


def _exact_lines(plane: _Plane, x_grid: Floats, y_grid: Floats, grid: Keys) -> list[list[tuple[float, float, int]]]:
    """On each line the outcome between any two neighbouring crossings of payoffs; alike neighbours made one."""
    low, high = float(x_grid[0]), float(x_grid[-1])
    tables = [
        payoffs(plane.engine.family, plane.at(np.full(len(y_grid), end), y_grid)).reshape(
            len(y_grid), len(plane.engine.family.players), -1
        )
        for end in (low, high)
    ]
    cuts = [low + own * (high - low) for own in crossings_on_lines(*tables)]
    ends = [np.concatenate([[low], own, [high]]) for own in cuts]
    inside = np.concatenate([own[:-1] + np.diff(own) / 2 for own in ends])
    heights = np.repeat(y_grid, [len(own) - 1 for own in ends])
    keys = np.split(plane.keys(inside, heights), np.cumsum([len(own) - 1 for own in ends])[:-1])
    return [_joined(own.tolist(), found.tolist()) for own, found in zip(ends, keys, strict=True)]


def _bisected_lines(plane: _Plane, x_grid: Floats, y_grid: Floats, grid: Keys) -> list[list[tuple[float, float, int]]]:
    """On each line the changes between neighbouring values of the grid, each narrowed to where it lies."""
    table = grid.reshape(len(y_grid), len(x_grid))
    line, cell = np.nonzero(table[:, :-1] != table[:, 1:])
    left, right, before = x_grid[cell].copy(), x_grid[cell + 1].copy(), table[line, cell]
    for _ in range(HALVINGS if len(line) else 0):
        middle = left + (right - left) / 2
        same = plane.keys(middle, y_grid[line]) == before
        left, right = np.where(same, middle, left), np.where(same, right, middle)
    lines = []
    for k in range(len(y_grid)):
        own = line == k
        ends = [float(x_grid[0]), *right[own].tolist(), float(x_grid[-1])]
        lines.append(_joined(ends, [table[k, 0], *table[k, cell[own] + 1].tolist()]))
    return lines


def _joined(ends: Sequence[float], keys: Sequence[int]) -> list[tuple[float, float, int]]:
    found: list[tuple[float, float, int]] = []
    for start, stop, key in zip(ends[:-1], ends[1:], keys, strict=True):
        if found and found[-1][2] == key:
            found[-1] = (found[-1][0], stop, key)
        else:
            found.append((start, stop, key))
    return found


def _regions(
    plane: _Plane,
    labels: Sequence[str],
    code: NDArray[np.int64],
    points: tuple[Floats, Floats],
    lines: Sequence[Sequence[Stretch]],
    y_grid: Floats,
) -> tuple[Region, ...]:
    """Share, a pair of values well inside, the equilibria there, and the options of all equilibria of the region."""
    lengths, widest = np.zeros(len(labels)), [(-1.0, (0.0, 0.0))] * len(labels)
    for height, line in zip(y_grid.tolist(), lines, strict=True):
        for start, stop, k in line:
            lengths[k] += stop - start
            widest[k] = max(widest[k], (stop - start, (start + (stop - start) / 2, height)))
    members = [np.flatnonzero(code.ravel() == k) for k in range(len(labels))]
    found = []
    for k, own in enumerate(members):
        width, inside = widest[k]
        if width < 0:  # a tie, met by pairs of the grid alone
            inside = (float(points[0][own[0]]), float(points[1][own[0]]))
        here = _masks(plane, *(np.array([one]) for one in inside))
        everywhere = here | (_masks(plane, points[0][own], points[1][own]) if len(own) else here)
        profiles = tuple(_profile(plane.engine, at) for at in np.argwhere(here))
        share = float(lengths[k] / lengths.sum())
        found.append(Region(labels[k], share, inside, profiles, _options(plane.engine, everywhere)))
    return tuple(found)


def _masks(plane: _Plane, x: Floats, y: Floats) -> NDArray[np.bool_]:
    """The profiles that are equilibria at any of these pairs: shape (moves...)."""
    family, rules = plane.engine.family, plane.engine.rules
    union = np.zeros(family.shape, dtype=np.bool_)
    for start in range(0, len(x), BLOCK):
        part = plane.at(x[start : start + BLOCK], y[start : start + BLOCK])
        (answer,) = solve_batch(payoffs(family, part), rules, [plane.request], part).values()
        union |= answer.is_equilibrium.any(axis=0)
    return union


def _profile(engine: Engine, at: NDArray[np.intp]) -> dict[str, str]:
    family = engine.family
    moves = zip(family.scenario.moves, family.ranks, at.tolist(), strict=True)
    return {move.name: move.options[ranks[k]] for move, ranks, k in moves}


def _options(engine: Engine, mask: NDArray[np.bool_]) -> dict[str, tuple[str, ...]]:
    family, found = engine.family, {}
    for axis, (move, ranks) in enumerate(zip(family.scenario.moves, family.ranks, strict=True)):
        used = np.atleast_1d(mask.any(axis=tuple(k for k in range(mask.ndim) if k != axis)))
        found[move.name] = tuple(move.options[rank] for rank, one in zip(ranks, used.tolist(), strict=True) if one)
    return found
