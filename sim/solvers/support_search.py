"""Every support of a game, the smallest first, handed to the compiled search until all are decided or time is out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations
from math import comb, prod
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

WORD = 64  # bits
MOST_SUPPORTS = 1_000_000  # listed at once; of a larger game only the smallest are
PASSES = (1_000, 30_000, 1_000_000, 30_000_000)  # regions a support may take; the open ones are taken up again
SLICE_SECONDS = 0.2  # about how long the compiled search runs before it looks at the clock
OPERATION_SECONDS = 2e-9  # a guess on the safe side; only the stops depend on it, no answer
STACK_CELLS = 1 << 25  # numbers that waiting regions may hold

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Solution:
    """A solution of one support's conditions: proved to be an equilibrium, or one with an inequality not decided."""

    support: int
    shares: list[float]  # of all actions, player after player
    alone: float  # the only solution whose free shares (all but a player's first) are within this distance
    error: float  # of each free share, at most
    proved: bool


@dataclass(slots=True)
class Search:
    """What is known of every support."""

    solutions: list[Solution] = field(default_factory=list)
    undecided: list[tuple[int, list[float]]] = field(default_factory=list)  # a support, and a point in question
    unfinished: list[int] = field(default_factory=list)  # supports that ran out of regions or time
    untouched: list[int] = field(default_factory=list)  # supports that were never begun

    @property
    def open_supports(self) -> int:
        """How many supports were not decided."""
        return len(self.undecided) + len(self.unfinished) + len(self.untouched)


@lru_cache(maxsize=32)
def support_masks(sizes: tuple[int, ...]) -> NDArray[np.int64]:
    """The supports as bits, shape (supports, players), the smallest first: all of them, or as many as can be listed.

    Args:
        sizes: actions of each player, at most 62.
    """
    blocks: list[NDArray[np.int64]] = []
    listed = 0
    for total in range(len(sizes), sum(sizes) + 1):
        for played in sorted(_splits(total, sizes), key=max):
            listed += prod(comb(n, k) for n, k in zip(sizes, played, strict=True))
            if listed > MOST_SUPPORTS and blocks:
                return np.concatenate(blocks)
            axes = [np.array(_masks(n, k), dtype=np.int64) for n, k in zip(sizes, played, strict=True)]
            blocks.append(np.stack([grid.ravel() for grid in np.meshgrid(*axes, indexing="ij")], axis=1))
    return np.concatenate(blocks)


@lru_cache(maxsize=32)
def support_words(sizes: tuple[int, ...]) -> NDArray[np.uint64]:
    """The profiles of each player's rivals within each support of `support_masks`, as bits, (supports, players).

    The last rival's actions are the lowest bits. Without rows where some player has more than 64 such profiles.
    """
    masks = support_masks(sizes)
    if prod(sizes) // min(sizes) > WORD:
        return np.zeros((0, len(sizes)), np.uint64)
    words = np.ones(masks.shape, np.uint64)
    for i in range(len(sizes)):
        step = 1
        for k in range(len(sizes) - 1, -1, -1):
            if k != i:
                each = [words[:, i] << np.uint64(a * step) for a in range(sizes[k])]
                played = [(masks[:, k] >> a & 1).astype(np.bool_) for a in range(sizes[k])]
                words[:, i] = np.bitwise_or.reduce([np.where(*one, 0) for one in zip(played, each, strict=True)])
                step *= sizes[k]
    return words


def count_supports(sizes: Sequence[int]) -> int:
    """How many supports a game of so many actions has."""
    return prod(2**n - 1 for n in sizes)


@lru_cache(maxsize=32)
def search_levels(sizes: tuple[int, ...]) -> int:
    """How many regions may wait: enough to halve every unknown below the smallest width, where memory allows."""
    return max(8, min(40 * (sum(sizes) - len(sizes)) + 20, STACK_CELLS // _corners(sizes)))


@lru_cache(maxsize=32)
def _region_seconds(sizes: tuple[int, ...]) -> float:
    """A guess of the time that a region takes."""
    unknowns = sum(sizes) - len(sizes)
    return OPERATION_SECONDS * (4 * _corners(sizes) + unknowns**2 * prod(sizes) + 2 * unknowns**3)


def _corners(sizes: tuple[int, ...]) -> int:
    """How many numbers a region of the largest support holds: each gain at each corner."""
    return sum((n - 1) * (prod(sizes) // n) for n in sizes)


def _splits(total: int, sizes: Sequence[int]) -> list[tuple[int, ...]]:
    """The ways to give each player at least one action, and at most all of its own, `total` in all."""
    if not sizes:
        return [()] if total == 0 else []
    rest = len(sizes) - 1
    return [
        (k, *others)
        for k in range(max(1, total - sum(sizes[1:])), min(sizes[0], total - rest) + 1)
        for others in _splits(total - k, sizes[1:])
    ]


@lru_cache(maxsize=256)
def _masks(n: int, k: int) -> list[int]:
    return [sum(1 << a for a in members) for members in combinations(range(n), k)]


def search_all(
    tables: Floats, masks: NDArray[np.int64], *, error: float, exact: bool, budget_seconds: float | None
) -> Search:
    """Search all supports of one game; pure ones whatever the budget.

    Args:
        tables: payoffs (players, n_1, ..., n_N), each player's range near 1.
        masks: from `support_masks`.
        error: greatest error of a difference of payoffs.
        exact: equal floats stand for equal payoffs.
        budget_seconds: of searching; None: until the greatest number of regions a support.
    """
    compile_search()
    run = _Run(tables, masks, error, exact)
    deadline = None if budget_seconds is None else perf_counter() + budget_seconds
    todo, surely = np.arange(len(masks)), prod(tables.shape[1:])  # pure profiles come first
    for limit in PASSES:
        left = run.go(todo, limit, deadline, surely)
        surely = 0
        begun = [support for support, (state, _) in run.open_.items() if state == run.unfinished_state]
        todo = np.array(sorted(begun), dtype=np.int64)
        if len(left) or not len(todo) or (deadline is not None and perf_counter() >= deadline):
            break
    return run.result(left)


@lru_cache(maxsize=1)
def compile_search() -> None:
    """Compile the search, or load the stored code, once a process: before any clock starts."""
    run = _Run(np.zeros((2, 2, 2)), np.zeros((0, 2), dtype=np.int64), 0.0, True)
    run.call(np.zeros((0, 2), dtype=np.int64), 0, 1, 1)


class _Run:
    """One game's search: buffers, and what is known so far."""

    def __init__(self, tables: Floats, masks: NDArray[np.int64], error: float, exact: bool) -> None:
        from sim.solvers.support_kernel import MOST_SOLUTIONS, UNFINISHED  # compiled code: loaded where it runs

        self.unfinished_state = UNFINISHED
        self.payoffs = tables.reshape(1, len(tables), -1)
        shape = tables.shape[1:]
        self.sizes = np.array(shape)
        self.masks, self.error, self.exact = masks, error, exact
        self.words = support_words(shape)
        room, actions = 4 * MOST_SOLUTIONS, int(self.sizes.sum())
        self.found = np.zeros((room, actions)), np.zeros((room, 2)), np.zeros(room, np.int64), np.zeros(room, np.int64)
        self.points = np.zeros((room, actions)), np.zeros(room, np.int64), np.zeros(room, np.int64)
        self.solutions: dict[int, list[Solution]] = {}
        self.open_: dict[int, tuple[int, list[float]]] = {}
        self.levels, self.region_seconds = search_levels(shape), _region_seconds(shape)

    def go(self, supports: NDArray[np.int64], limit: int, deadline: float | None, surely: int = 0) -> NDArray[np.int64]:
        """Search some supports, the first `surely` of them in any case; returns those that were not begun in time."""
        todo = np.zeros((len(supports), 2), dtype=np.int64)
        todo[:, 1] = supports
        work, begin = max(1, int(SLICE_SECONDS / self.region_seconds)), 0
        while begin < len(todo):
            end = len(todo)
            if deadline is not None:
                seconds = deadline - perf_counter()
                if seconds <= 0:
                    end = surely
                    if begin >= end:
                        break
                limit = max(1, min(limit, int(seconds / self.region_seconds)))
            before = begin
            begin, filled, opened = self.call(todo[:end], begin, work, limit)
            self._collect(supports, before, begin, filled, opened)
        return supports[begin:]

    def call(self, todo: NDArray[np.int64], begin: int, work: int, limit: int) -> tuple[int, int, int]:
        """The compiled search on the buffers of this run."""
        from sim.solvers.support_kernel import search_supports

        return search_supports(
            self.payoffs,
            self.sizes,
            self.masks,
            self.words,
            todo,
            begin,
            work=work,
            exact=self.exact,
            error=self.error,
            limit=limit,
            levels=self.levels,
            found=self.found,
            open_=self.points,
        )

    def _collect(self, supports: NDArray[np.int64], before: int, begin: int, filled: int, opened: int) -> None:
        """Take over what the supports from place `before` to `begin` gave, in place of what was known of them."""
        shares, bounds, verdicts, place = self.found
        points, states, open_place = self.points
        if self.open_ or self.solutions:
            for support in supports[before:begin].tolist():
                self.open_.pop(support, None)
                self.solutions.pop(support, None)
        for row in range(filled):
            support = int(supports[place[row]])
            alone, error = bounds[row].tolist()
            solution = Solution(support, shares[row].tolist(), alone, error, bool(verdicts[row] == 0))
            self.solutions.setdefault(support, []).append(solution)
        for row in range(opened):
            self.open_[int(supports[open_place[row]])] = (int(states[row]), points[row].tolist())

    def result(self, untouched: NDArray[np.int64]) -> Search:
        """All that is known."""
        solutions = [one for support in sorted(self.solutions) for one in self.solutions[support]]
        undecided = [(support, at) for support, (state, at) in self.open_.items() if state != self.unfinished_state]
        unfinished = [support for support, (state, _) in self.open_.items() if state == self.unfinished_state]
        return Search(solutions, undecided, unfinished, [one for one in untouched.tolist() if one not in self.open_])
