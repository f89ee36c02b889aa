"""A scenario's payoffs as a list of operations on rows: each number once, however many profiles share it."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import prod
from typing import TYPE_CHECKING, cast

import numpy as np

from sim.game.program import Step
from sim.game.row_program import Ids, RowBuilder

if TYPE_CHECKING:
    from sim.game.payoffs import GameFamily

NOT_FINITE = 1  # the check that fails where the guards have to tell


@dataclass(frozen=True, slots=True, eq=False)
class PayoffRows:
    """The operations that make payoffs, and the row of each payoff. `builder` may be built upon."""

    builder: RowBuilder
    payoffs: Ids  # (names, moves...)
    stakes: Mapping[str, Ids]  # each (n or 1 for every move); those that the payoffs need


def payoff_rows(family: "GameFamily", names: tuple[str, ...], *, fold: bool = True) -> PayoffRows:
    """List the operations that make the payoffs of `names`; without `fold`, to be run guarded.

    Terms on like moves are added first, in file order, then small groups into wider ones: the order depends on the
    scenario's formulas alone, not on the draws beside one, nor on the options that are held.
    """
    builder = RowBuilder(fold=fold)
    steps = StepRows(family, builder)
    own = _summed if family.scenario.table is None else _table_cells
    made = np.array([own(family, steps, name) for name in names], dtype=np.int64).reshape(-1, *family.shape)
    stakes = {
        stake: steps.of(family.program.stakes[stake])
        for stake in dict.fromkeys(one.stake for name in names for one in family.interests[name])
    }
    builder.check_guards(made, NOT_FINITE)
    return PayoffRows(builder, made, stakes)


class StepRows:
    """The program's steps as rows, each made when it is first asked for: shape (n or 1 for every move)."""

    def __init__(self, family: "GameFamily", builder: RowBuilder) -> None:
        self.builder = builder
        self._family = family
        self._axis = {move.name: k for k, move in enumerate(family.scenario.moves)}
        self._made: dict[int, Ids] = {}

    def of(self, k: int) -> Ids:
        """The rows of step k."""
        if k not in self._made:
            self._made[k] = self._rows(self._family.program.steps[k])
        return self._made[k]

    def _rows(self, step: Step) -> Ids:
        lead = [1] * len(self._family.shape)
        match step.op:
            case "number":
                return self.builder.constant(float(cast(Fraction, step.payload))).reshape(lead)
            case "parameter":
                return self.builder.number(str(step.payload)).reshape(lead)
            case "move":
                own = self._axis[str(step.payload)]
                lead[own] = len(self._family.ranks[own])
                return self.builder.constant(self._family.ranks[own]).reshape(lead)
            case op:
                return self.builder.emit(op, *(self.of(j) for j in step.arguments))


def _summed(family: "GameFamily", steps: StepRows, name: str) -> Ids:
    """One player's payoffs, shape (moves...): the sum of weight * stake / swing."""
    builder, full = steps.builder, tuple(len(move.options) for move in family.scenario.moves)
    groups: dict[tuple[int, ...], Ids] = {}
    for interest in family.interests[name]:
        k = family.program.stakes[interest.stake]
        weight = builder.emit("/", builder.number(interest.name), builder.constant(family.swings[interest.stake]))
        term = builder.emit("*", steps.of(k), weight)
        axes = tuple(n if a in family.program.uses_moves[k] else 1 for a, n in enumerate(full))
        groups[axes] = builder.emit("+", groups[axes], term) if axes in groups else term
    total = builder.constant(0.0)
    for axes, wider in _addition_plan(tuple(groups)):
        if wider is not None:
            groups[wider] = builder.emit("+", groups[wider], groups[axes])
        else:
            total = builder.emit("+", total, groups[axes])
    return np.broadcast_to(total, family.shape)


@lru_cache(maxsize=1024)
def _addition_plan(groups: tuple[tuple[int, ...], ...]) -> tuple[tuple[tuple[int, ...], tuple[int, ...] | None], ...]:
    """Small groups first, each with the smallest group on all of its axes, to be added there; None: to the total.

    So that few sums are as large as the whole tensor. `groups` are sizes along the axes, 1 where an axis is not used.
    """
    ordered = sorted(groups, key=prod)  # a stable sort: equals stay in file order
    plan = []
    for k, axes in enumerate(ordered):
        holds = (wide for wide in ordered[k + 1 :] if all(a in (1, b) for a, b in zip(axes, wide, strict=True)))
        plan.append((axes, next(holds, None)))
    return tuple(plan)


def _table_cells(family: "GameFamily", steps: StepRows, name: str) -> Ids:
    """One player's cells of a payoff table, shape (moves...); those that no held option reaches are left out."""
    cells = family.program.cells[name]
    full = tuple(len(move.options) for move in family.scenario.moves)
    made = np.empty(family.shape, dtype=np.int64)
    for index in np.ndindex(*family.shape):
        ranks = tuple(own[k] for own, k in zip(family.ranks, index, strict=True))
        made[index] = steps.of(cells[int(np.ravel_multi_index(ranks, full))]).item()
    return made
