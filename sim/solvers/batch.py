"""The batch concepts of many draws as one program: payoffs of 64 draws in, words and rows of each concept out.

A concept's answer is a word of 64 bits for every profile, and for every draw a margin and a gap. Subgame-perfect play
and pure Nash equilibria are operations on rows; strong equilibria look only at the profiles that are left.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.game.row_operations import LANES
from sim.game.row_program import Ids, RowBuilder, RowCode
from sim.solvers.pure_nash import pure_nash_rows
from sim.solvers.strong import joint_deviations
from sim.solvers.subgame_perfect import Order, subgame_perfect_rows
from sim.solvers.ties import TOO_FAR_APART, refuse_too_far_apart, scale_rows

Groups = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be found, as indices. The answers come in this order: Nash, each chain's levels, orders, others."""

    axes_of: tuple[tuple[int, ...], ...]
    nash: bool  # pure Nash equilibria; chains need them
    chains: tuple[tuple[Groups, ...], ...] = ()  # each level: the coalitions that are tried beyond those before it
    orders: tuple[Order, ...] = ()
    others: int = 0  # answers that the caller fills in

    @property
    def levels(self) -> int:
        """Answers before those of orders."""
        return int(self.nash) + sum(len(chain) for chain in self.chains)

    @property
    def answers(self) -> int:
        """All of them."""
        return self.levels + len(self.orders) + self.others


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A program, and where its answers lie."""

    code: RowCode
    shape: tuple[int, ...]  # (axes...)
    place: NDArray[np.int32]  # (players, profiles) the row of each payoff
    word: NDArray[np.int32]  # (answers, profiles)
    margin: NDArray[np.int32]  # (answers,) a row each
    gap: NDArray[np.int32]  # (answers,) a row each
    strong: tuple[Any, ...] | None  # what `strong_kernel.stand` reads

    def run(
        self, numbers: NDArray[np.float64], first: int, rows: NDArray[np.float64], words: NDArray[np.uint64]
    ) -> int:
        """Fill rows and words for draws first .. first + 63; returns the code of a check that failed, or 0.

        Raises:
            PayoffError: payoffs too far apart for a floating-point number.
        """
        from sim.game.row_kernel import run_block  # compiled code: loaded where it runs
        from sim.solvers.strong_kernel import stand

        code = self.code
        failed = run_block(code.runs, code.entries, code.inputs, numbers, first, rows, words, False)
        if failed == TOO_FAR_APART:
            refuse_too_far_apart()
        if not failed and self.strong is not None:
            stand(rows, words, self.place, *self.strong)
        return failed

    def payoffs(self, rows: NDArray[np.float64], count: int) -> NDArray[np.float64]:
        """The payoffs of the first draws of a block, shape (count, players, axes...), draws innermost in memory."""
        tensor = rows[self.place, :count].reshape(len(self.place), *self.shape, count)
        return np.moveaxis(tensor, -1, 0)


def make_plan(builder: RowBuilder, payoffs: Ids, asked: Asked) -> Plan:
    """Add the concepts to a program that makes payoffs: rows of shape (players, axes...)."""
    shape = payoffs.shape[1:]
    profiles = prod(shape)
    scales = scale_rows(builder, payoffs)
    words: list[Ids] = [builder.words(profiles) for _ in range(asked.levels)]
    margins, gaps = (list(builder.rows(asked.levels)) for _ in range(2))
    keep = [payoffs, scales.range, scales.tie]
    nash = pure_nash_rows(builder, payoffs, asked.axes_of, scales) if asked.nash else None
    for found, gap in subgame_perfect_rows(builder, payoffs, asked.axes_of, scales, asked.orders):
        words.append(found.ravel())
        margins.append(gap)
        gaps.append(gap)
    for _ in range(asked.others):
        words.append(builder.words(profiles))
        margins += list(builder.rows(1))
        gaps += list(builder.rows(1))
    margin, gap = (np.array(own, dtype=np.int64).ravel() for own in (margins, gaps))
    code = builder.finish([*keep, margin, gap, *([] if nash is None else [nash[1]])])
    place = code.place[payoffs].reshape(len(payoffs), -1).astype(np.int32)
    margin_at, gap_at, range_at, tie_at = (
        code.place[own].astype(np.int32) for own in (margin, gap, scales.range, scales.tie)
    )
    word = np.array(words, dtype=np.int32).reshape(-1, profiles)
    strong = None
    if nash is not None:
        of_nash = (nash[0].ravel().astype(np.int32), int(code.place[nash[1]]))
        strong = (range_at, tie_at, *of_nash, *_strong_tables(asked, shape, place, word, margin_at, gap_at))
    return Plan(code, shape, place, word, margin_at, gap_at, strong)


def _strong_tables(
    asked: Asked,
    shape: tuple[int, ...],
    place: NDArray[np.int32],
    word: NDArray[np.int32],
    margin: NDArray[np.int32],
    gap: NDArray[np.int32],
) -> tuple[NDArray[np.int32], ...]:
    """Levels, coalitions, spans, members and moves, as `strong_kernel.stand` reads them."""
    singles: Groups = tuple((player,) for player in range(len(asked.axes_of)))
    by_level = [(0, singles)] + [(k + 1, level) for k, chain in enumerate(asked.chains) for level in chain]
    ends = np.cumsum([0, *(len(level) for _, level in by_level)]).tolist()
    levels = [
        [chain, *pairwise_ends, int(word[k, 0]), int(margin[k]), int(gap[k])]
        for k, ((chain, _), pairwise_ends) in enumerate(zip(by_level, pairwise(ends), strict=True))
    ]
    groups = [group for _, level in by_level for group in level]
    axes = [tuple(sorted(axis for player in group for axis in asked.axes_of[player])) for group in groups]
    found = [joint_deviations(shape, own, place[list(group)]) for own, group in zip(axes, groups, strict=True)]
    who, at = (np.cumsum([0, *sizes]).tolist() for sizes in (map(len, groups), (moves.size for _, moves in found)))
    table = [[first, len(group), start] for group, first, start in zip(groups, who, at, strict=False)]
    spans = np.stack([own for own, _ in found])
    members = [player for group in groups for player in group]
    moves = np.concatenate([own.ravel() for _, own in found])
    return tuple(np.ascontiguousarray(own, dtype=np.int32) for own in (levels, table, spans, members, moves))


@lru_cache(maxsize=64)
def tensor_plan(shape: tuple[int, ...], asked: Asked) -> Plan:
    """The plan for payoffs that come as tensors of shape (players, axes...)."""
    builder = RowBuilder()
    ids = builder.numbers(prod(shape))
    return make_plan(builder, ids.reshape(shape), asked)


def as_numbers(payoffs: NDArray[np.float64], first: int) -> NDArray[np.float64]:
    """Up to 64 draws of a tensor (draws, players, axes...) as the program of `tensor_plan` reads them."""
    block = payoffs[first : first + LANES]
    return np.ascontiguousarray(np.moveaxis(block, 0, -1).reshape(-1, len(block)))


def truths(words: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """The bits of words, draws last: (...) -> (..., 64)."""
    each = words[..., None].astype("<u8").view(np.uint8)
    return np.unpackbits(each, axis=-1, bitorder="little").view(np.bool_)


def as_words(mask: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """The words of up to 64 draws: (profiles, draws) -> (profiles,)."""
    whole = np.zeros((len(mask), LANES), dtype=np.bool_)
    whole[:, : mask.shape[1]] = mask
    return np.packbits(whole, axis=-1, bitorder="little").view("<u8").ravel().astype(np.uint64)
