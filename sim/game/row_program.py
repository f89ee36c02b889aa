"""A list of operations on rows, as it is built and as it runs: equal numbers once, memory used again when it is free.

A row is one number in 64 draws. Every array here holds row numbers, one a cell of a tensor, and many cells may share a
row: what two profiles have in common is computed once, with the bits that it would have in each. Where an operand is a
known 0 or 1 (an event, mostly) there is often nothing left to compute.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.game.arithmetic import GUARDED
from sim.game.row_operations import CARRY, LANES, MAKES_WORDS, OPCODES, TAKES_WORDS

Ids = NDArray[np.int64]

EVERY = 0  # the word that is true in every draw
LINE = 64  # bytes of a cache line
_NONE = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class RowCode:
    """What `row_kernel.run_block` reads, and where the results lie."""

    runs: NDArray[np.int64]
    entries: NDArray[np.int32]  # (5, entries): what is made, and its arguments
    inputs: NDArray[np.int32]  # the row of each number
    names: tuple[str, ...]  # of the numbers
    constants: tuple[NDArray[np.int32], NDArray[np.float64]]  # rows and their values
    size: int  # rows
    words: int
    place: Ids  # the row that a number of the builder has become; -1 for one that is not kept

    def workspace(self) -> tuple[NDArray[np.float64], NDArray[np.uint64]]:
        """Rows of shape (size, 64), each on whole cache lines, constants in place; words, the first all true."""
        spare = LINE // 8
        memory = np.zeros(self.size * LANES + spare)
        start = -memory.ctypes.data % LINE // 8
        rows = memory[start : start + self.size * LANES].reshape(self.size, LANES)
        at, values = self.constants
        rows[at] = values[:, None]
        words = np.zeros(max(self.words, 1), dtype=np.uint64)
        words[EVERY] = ~np.uint64(0)
        return rows, words


@dataclass(frozen=True, slots=True, eq=False)
class _Run:
    name: str
    dest: Ids
    arguments: tuple[Ids, ...]
    limit: int = -1
    least: int = -1
    apart: int = 0  # between the two words that `compare` makes
    also: Ids | None = None  # the second row that `reach` makes


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """What `RowBuilder.compare` has found, for `keep`."""

    words: Ids
    least: Ids  # the row of the smallest difference that is not 0; `keep` adds to it
    limit: int
    apart: int


class RowBuilder:
    """Collects operations. Rows and words have numbers of their own here; `finish` gives them places."""

    def __init__(self, *, fold: bool = True) -> None:
        """`fold` leaves out what a known 0, 1 or condition makes needless; a program that is guarded must not."""
        self._fold = fold
        self._runs: list[_Run] = []
        self._count, self._words = 0, 1
        self._known = np.zeros(1024, dtype=np.bool_)
        self._value = np.zeros(1024)
        self._constants: dict[float, int] = {}
        self._inputs: dict[str, int] = {}
        self._voided: list[Ids] = []  # what was multiplied by 0 and left out

    def number(self, name: str) -> Ids:
        """The row of a number that comes with the draws."""
        if name not in self._inputs:
            self._inputs[name] = int(self.rows(1)[0])
        return np.array(self._inputs[name])

    def numbers(self, count: int) -> Ids:
        """The rows of so many numbers, called 0, 1, 2, ..."""
        made = self.rows(count)
        self._inputs.update(zip(map(str, range(count)), made.tolist(), strict=True))
        return made

    def rows(self, count: int) -> Ids:
        """New rows, for something else to fill."""
        start, self._count = self._count, self._count + count
        while self._count > len(self._known):
            self._known = np.concatenate([self._known, np.zeros_like(self._known)])
            self._value = np.concatenate([self._value, np.zeros_like(self._value)])
        return np.arange(start, self._count)

    def words(self, count: int) -> Ids:
        """New words, for something else to fill."""
        start, self._words = self._words, self._words + count
        return np.arange(start, self._words)

    def constant(self, values: ArrayLike) -> Ids:
        """Rows of known numbers; 0 has no sign, and what is not finite is NaN."""
        array = np.asarray(values, dtype=np.float64)
        array = np.where(np.isfinite(array), array, np.nan)
        distinct, inverse = np.unique(array, return_inverse=True)
        return np.array([self._constant(value) for value in distinct.tolist()])[inverse].reshape(array.shape)

    def values(self, ids: Ids) -> NDArray[np.float64]:
        """The numbers of rows that `constant` made, or that followed from them alone."""
        assert self._known[ids].all()
        return np.asarray(self._value[ids])

    def emit(self, name: str, *arguments: Ids) -> Ids:
        """The rows of an operation on rows, cell by cell; shapes are broadcast."""
        cells = np.broadcast_arrays(*arguments)
        distinct, inverse = _distinct([own.ravel() for own in cells], self._count)
        return self._made(name, distinct)[inverse].reshape(cells[0].shape)

    def check(self, ids: Ids, code: int) -> None:
        """Stop here, and say `code`, unless these rows are finite in every draw."""
        rows = np.unique(ids)
        sure = self._known[rows] & np.isfinite(self._value[rows]) | np.isin(rows, list(self._inputs.values()))
        self._runs.append(_Run("check", rows[~sure], (rows[~sure],), limit=code))

    def check_guards(self, ids: Ids, code: int) -> None:
        """Stop here, and say `code`, unless guards would change nothing in these rows; what follows knows no guards.

        That is where they are finite, and so is every number on the way to them that an operation could hide: a
        comparison, say, or a product with 0 that was left out.
        """
        watched = [ids.ravel(), *self._voided]
        needed = np.zeros(self._count, dtype=np.bool_)
        needed[np.concatenate(watched)] = True
        for run in reversed(self._runs):
            use = needed[run.dest]
            read = [own[use] for own in run.arguments]
            for own in read:
                needed[own] = True
            watched += [] if run.name in CARRY else read
        self.check(np.concatenate(watched), code)
        self._voided, self._fold = [], False

    def line(self, name: str, cells: Ids) -> Ids:
        """`min` or `max` of rows, or `both` or `either` of words, along the last axis: no order changes a bit."""
        pair = self.logic if name in ("both", "either") else self._pairs
        while cells.shape[-1] > 1:
            cells = np.sort(cells, axis=-1)  # so that equal lines, and equal parts of lines, are seen as such
            half = cells.shape[-1] // 2
            paired = pair(name, cells[..., 0 : 2 * half : 2], cells[..., 1 : 2 * half : 2])
            cells = np.concatenate([paired, cells[..., 2 * half :]], axis=-1)
        return cells[..., 0]

    def short(self, a: Ids, b: Ids, limit: Ids) -> tuple[Ids, Ids]:
        """Words of `a - b <= limit`, cell by cell, and the row of the smallest |a - b| that is not 0."""
        cells = np.broadcast_arrays(a, b)
        distinct, inverse = _distinct([own.ravel() for own in cells], self._count)
        least = int(self.rows(1)[0])
        words = self.words(len(distinct[0]))
        self._runs.append(_Run("short", words, tuple(distinct), int(limit), least))
        return words[inverse].reshape(cells[0].shape), np.array(least)

    def reach(self, words: Ids, rows: Ids) -> tuple[Ids, Ids]:
        """The least and the greatest of the rows where the words are true, along the last axis."""
        cells = np.broadcast_arrays(words, rows)
        pairs, inverse = _distinct([own.ravel() for own in cells], max(self._count, self._words))
        lines = np.sort(inverse.reshape(-1, cells[0].shape[-1]), axis=-1)
        lines, which = np.unique(lines, axis=0, return_inverse=True)
        new = np.concatenate([np.full((len(lines), 1), True), lines[:, 1:] != lines[:, :-1]], axis=1)
        low, high = self.rows(len(lines)), self.rows(len(lines))
        line = np.broadcast_to(np.arange(len(lines))[:, None], lines.shape)[new]
        self._runs.append(_Run("reach", low[line], tuple(own[lines[new]] for own in pairs), also=high[line]))
        shape = cells[0].shape[:-1]
        return low[which].reshape(shape), high[which].reshape(shape)

    def compare(self, a: Ids, low: Ids, high: Ids, limit: Ids) -> "Compared":
        """As `short` of `a` and `low`, with words that say where `high` is another."""
        cells = np.broadcast_arrays(a, low, high)
        distinct, inverse = _distinct([own.ravel() for own in cells], self._count)
        least, count = int(self.rows(1)[0]), len(distinct[0])
        words = self.words(2 * count)[:count]
        self._runs.append(_Run("compare", words, tuple(distinct), int(limit), least, count))
        return Compared(words[inverse].reshape(cells[0].shape), np.array(least), int(limit), count)

    def keep(self, mask: Ids, found: "Compared", a: Ids, rows: Ids) -> Ids:
        """Words of `mask` where `a - rows` is at most the limit, where `found` compared `a` with several of `rows`."""
        cells = np.broadcast_arrays(mask, found.words, a, rows)
        distinct, inverse = _distinct([own.ravel() for own in cells], max(self._count, self._words))
        words, least = self.words(len(distinct[0])), int(found.least)
        self._runs.append(_Run("keep", words, tuple(distinct), found.limit, least, found.apart))
        return words[inverse].reshape(cells[0].shape)

    def logic(self, name: str, a: Ids, b: Ids) -> Ids:
        """Words of `both` or `either`, cell by cell."""
        cells = np.broadcast_arrays(a, b)
        first, second = (own.ravel() for own in cells)
        made = np.where((first == EVERY) == (name == "both"), second, first)
        left = (first != EVERY) & (second != EVERY) & (first != second)
        distinct, inverse = _distinct([first[left], second[left]], self._words)
        words = self.words(len(distinct[0]))
        self._runs.append(_Run(name, words, tuple(distinct)))
        made[left] = words[inverse]
        return made.reshape(cells[0].shape)

    def finish(self, keep: Iterable[Ids]) -> RowCode:
        """The program; `keep` are the rows that are read after it."""
        kept = np.unique(np.concatenate([_NONE, *(np.ravel(ids) for ids in keep)]))
        runs = self._needed(kept)
        place, size = self._placed(runs, kept)
        table: list[list[int]] = []
        columns: list[list[Ids]] = [[], [], [], [], []]
        start = 0
        for run in runs:
            stop = start + len(run.dest)
            limit = run.limit if run.name == "check" else int(place[run.limit])
            table.append([OPCODES[run.name], start, stop, limit, int(place[run.least]), run.apart])
            columns[0].append(run.dest if run.name in MAKES_WORDS else place[run.dest])
            own = _placed_arguments(run, place)
            for k, column in enumerate(columns[1:]):
                column.append(own[min(k, len(own) - 1)])
            start = stop
        known = np.flatnonzero(self._known[: self._count] & (place[: self._count] >= 0))
        used = {name: int(place[row]) for name, row in self._inputs.items() if place[row] >= 0}
        return RowCode(
            runs=np.array(table, dtype=np.int64).reshape(-1, 6),
            entries=np.array([np.concatenate([_NONE, *column]) for column in columns], dtype=np.int32),
            inputs=np.array(list(used.values()), dtype=np.int32),
            names=tuple(used),
            constants=(place[known].astype(np.int32), self._value[known]),
            size=size,
            words=self._words,
            place=place[: self._count],
        )

    def _constant(self, value: float) -> int:
        key = value if value == value else float("inf")  # NaN is unlike itself, and infinities are NaN here
        if key not in self._constants:
            row = int(self.rows(1)[0])
            self._constants[key], self._known[row], self._value[row] = row, True, value + 0.0
        return self._constants[key]

    def _pairs(self, name: str, a: Ids, b: Ids) -> Ids:
        """`emit` for `min` and `max`, where a row with itself is the row."""
        made, left = a.copy(), a != b
        made[left] = self.emit(name, a[left], b[left])
        return made

    def _made(self, name: str, arguments: list[Ids]) -> Ids:
        """Rows of distinct cells: known numbers, rows that are there already, new ones."""
        made = self._simpler(name, arguments) if self._fold else np.full(len(arguments[0]), -1)
        known = np.logical_and.reduce([self._known[own] for own in arguments])
        if known.any():
            made[known] = self.constant(GUARDED.operations[name](*(self._value[own[known]] for own in arguments)))
        left = made < 0
        rest = tuple(own[left] for own in arguments)
        if left.any():
            made[left] = self.rows(int(left.sum()))
            self._runs.append(_Run(name, made[left], rest))
        return made

    def _simpler(self, name: str, arguments: list[Ids]) -> Ids:
        """Rows that stand for a result without an operation; -1 where there is none."""
        made = np.full(len(arguments[0]), -1)
        a, b = arguments[0], arguments[1 if len(arguments) > 1 else 0]
        heard = arguments[:1] if name in ("and", "or", "choice") else arguments  # the others may not be looked at
        lost = np.logical_or.reduce([self._known[own] & np.isnan(self._value[own]) for own in heard])
        if name == "/":
            lost |= self._is(b, 0.0)
        made[lost] = self._constant(np.nan)
        if name == "*":
            for own, other in ((a, b), (b, a)):
                made = np.where((made < 0) & self._is(own, 1.0), other, made)
                void = (made < 0) & self._is(own, 0.0)
                if void.any():
                    self._voided.append(other[void])  # nothing times infinity is no number
                    made[void] = self._constant(0.0)
        elif name == "+":
            made = np.where(lost, made, np.where(self._is(a, 0.0), b, np.where(self._is(b, 0.0), a, made)))
        elif name in ("-", "/"):
            made = np.where((made < 0) & self._is(b, 0.0 if name == "-" else 1.0), a, made)
        elif name in ("and", "or"):
            settled = self._known[a] & ~lost & ((self._value[a] == 0) == (name == "and"))
            made[settled] = self._constant(0.0 if name == "and" else 1.0)
            unsettled = self._known[a] & ~lost & ~settled
            if unsettled.any():
                made[unsettled] = self.emit("truth", b[unsettled])
        elif name == "choice":
            made = np.where(self._known[a] & ~lost, np.where(self._value[a] != 0, b, arguments[2]), made)
        return made

    def _is(self, rows: Ids, value: float) -> NDArray[np.bool_]:
        return np.asarray(self._known[rows] & (self._value[rows] == value))

    def _needed(self, kept: Ids) -> list[_Run]:
        """The runs without the rows that nothing reads. Words are always read."""
        needed = np.zeros(self._count + 1, dtype=np.bool_)
        needed[kept] = True
        found = []
        for run in reversed(self._runs):
            if run.name not in MAKES_WORDS and run.name not in ("check", "reach"):
                use = needed[run.dest]
                run = _Run(run.name, run.dest[use], tuple(own[use] for own in run.arguments))
            if len(run.dest) == 0 and run.least < 0:
                continue
            for own in _row_arguments(run):
                needed[own] = True
            found.append(run)
        return found[::-1]

    def _placed(self, runs: list[_Run], kept: Ids) -> tuple[Ids, int]:
        """A place in memory for every row, free again after its last use; last comes -1 for `no row`."""
        place = np.full(self._count + 1, -1)
        last = np.full(self._count + 1, -1)
        for k, run in enumerate(runs):
            for own in (*_row_arguments(run), *_row_results(run)):
                last[own] = k
        last[kept] = len(runs)
        inputs = np.array(list(self._inputs.values()), dtype=np.int64)
        known = np.flatnonzero(self._known[: self._count])
        first = np.concatenate([known[last[known] >= 0], inputs[last[inputs] >= 0]])
        place[first] = np.arange(len(first))
        last[known] = len(runs)  # a constant stays: it is written once for many blocks
        size = len(first)
        free: list[int] = []
        order = np.argsort(last[:-1], kind="stable")
        ends = np.searchsorted(last[order], np.arange(len(runs) + 1))
        for k, run in enumerate(runs):
            for own in _row_results(run):
                reused = [free.pop() for _ in range(min(len(free), len(own)))]
                fresh = len(own) - len(reused)
                place[own] = [*reused, *range(size, size + fresh)]
                size += fresh
            free += place[order[ends[k] : ends[k + 1]]].tolist()
        reserved = kept[place[kept] < 0]
        place[reserved] = np.arange(size, size + len(reserved))
        return place, size + len(reserved)


def _distinct(columns: list[Ids], count: int) -> tuple[list[Ids], Ids]:
    """The distinct columns of equally long arrays of numbers below `count`, and for each cell which one it is."""
    table = np.stack(columns)
    if count ** len(columns) < 1 << 63:  # one number a column: several times as fast
        table = sum(own * count**k for k, own in enumerate(reversed(columns)))[None]
    _, at, inverse = np.unique(table, axis=1, return_index=True, return_inverse=True)
    return [own[at] for own in columns], inverse.ravel()


def _row_arguments(run: _Run) -> list[Ids]:
    """The rows that a run reads."""
    rows = list(run.arguments[TAKES_WORDS.get(run.name, 0) :])
    return [*rows, np.array([run.limit, run.least])] if run.name in ("short", "compare", "keep") else rows


def _row_results(run: _Run) -> list[Ids]:
    """The rows that a run makes."""
    if run.name in MAKES_WORDS:
        return [np.array([run.least])] if run.name in ("short", "compare") else []
    if run.also is not None:
        return [np.unique(run.dest), np.unique(run.also)]
    return [] if run.name == "check" else [run.dest]


def _placed_arguments(run: _Run, place: Ids) -> list[Ids]:
    words = TAKES_WORDS.get(run.name, 0)
    also = [] if run.also is None else [place[run.also]]
    return [*run.arguments[:words], *(place[own] for own in run.arguments[words:]), *also]
