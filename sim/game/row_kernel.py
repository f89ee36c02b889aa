"""The compiled loops of the float engine: a list of operations on rows, each row one number in 64 draws side by side.

The list is a table, so no scenario is compiled: the loops read what to do to which rows. A draw keeps to its lane,
every operation is elementwise and rounded once (no fast-math, no contraction), and a block is always whole, so a draw's
bits do not depend on the draws beside it. What is true or false is one word of 64 bits, a bit a draw.

`guarded` gives the meaning that formulas have: a number that is not finite becomes NaN and stays so, unless the branch
that holds it is not taken. Without it the same operations run bare, and `CHECK` tells where the two could differ.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from sim.compiled import compiled, compiled_inside
from sim.game.row_operations import LANES, OPCODES

OPERATION, START, STOP, LIMIT, LEAST, APART = range(6)  # columns of the table of runs

BITS = np.left_shift(np.uint64(1), np.arange(LANES, dtype=np.uint64))
NOWHERE = np.uint64(0)
GREATEST = np.finfo(np.float64).max


def _on_one(operation: Callable[[float], float]) -> Callable[..., None]:
    scalar = compiled_inside(operation)

    def each(start: int, stop: int, dest: Any, a: Any, rows: Any) -> None:
        for k in range(start, stop):
            to, x = dest[k], a[k]
            for lane in range(LANES):
                rows[to, lane] = scalar(rows[x, lane])

    return compiled_inside(each)


def _on_two(operation: Callable[[float, float], float]) -> Callable[..., None]:
    scalar = compiled_inside(operation)

    def each(start: int, stop: int, dest: Any, a: Any, b: Any, rows: Any) -> None:
        for k in range(start, stop):
            to, x, y = dest[k], a[k], b[k]
            for lane in range(LANES):
                rows[to, lane] = scalar(rows[x, lane], rows[y, lane])

    return compiled_inside(each)


def _on_three(operation: Callable[[float, float, float], float]) -> Callable[..., None]:
    scalar = compiled_inside(operation)

    def each(start: int, stop: int, dest: Any, a: Any, b: Any, c: Any, rows: Any) -> None:
        for k in range(start, stop):
            to, x, y, z = dest[k], a[k], b[k], c[k]
            for lane in range(LANES):
                rows[to, lane] = scalar(rows[x, lane], rows[y, lane], rows[z, lane])

    return compiled_inside(each)


def _truth(x: float) -> float:
    return x if math.isnan(x) else (1.0 if x != 0.0 else 0.0)


_as_truth = compiled_inside(_truth)

NEG, ABS, EXP, LOG, SQRT = (OPCODES[name] for name in ("neg", "abs", "exp", "log", "sqrt"))
TRUTH, NOT = OPCODES["truth"], OPCODES["not"]
ADD, SUB, MUL, DIV, POW = (OPCODES[name] for name in ("+", "-", "*", "/", "**"))
MIN, MAX, AND, OR, SHARE = (OPCODES[name] for name in ("min", "max", "and", "or", "share"))
EQ, NE, LT, LE, GT, GE = (OPCODES[name] for name in ("==", "!=", "<", "<=", ">", ">="))
CLIP, CHOICE, CHECK = (OPCODES[name] for name in ("clip", "choice", "check"))
SHORT, REACH, COMPARE, KEEP = (OPCODES[name] for name in ("short", "reach", "compare", "keep"))
BOTH, EITHER, CLOSED = (OPCODES[name] for name in ("both", "either", "closed"))

_neg = _on_one(lambda x: -x)
_abs = _on_one(lambda x: abs(x))
_exp = _on_one(lambda x: math.exp(x))
_log = _on_one(lambda x: math.log(x))
_sqrt = _on_one(lambda x: math.sqrt(x))
_truths = _on_one(_truth)
_not = _on_one(lambda x: x if math.isnan(x) else (0.0 if x != 0.0 else 1.0))
_add = _on_two(lambda x, y: x + y)
_sub = _on_two(lambda x, y: x - y)
_mul = _on_two(lambda x, y: x * y)
_div = _on_two(lambda x, y: x / y)
_pow = _on_two(lambda x, y: x**y)
_min = _on_two(lambda x, y: x if x < y else y)
_max = _on_two(lambda x, y: x if x > y else y)
_eq = _on_two(lambda x, y: 1.0 if x == y else 0.0)
_ne = _on_two(lambda x, y: 1.0 if x != y else 0.0)
_lt = _on_two(lambda x, y: 1.0 if x < y else 0.0)
_le = _on_two(lambda x, y: 1.0 if x <= y else 0.0)
_gt = _on_two(lambda x, y: 1.0 if x > y else 0.0)
_ge = _on_two(lambda x, y: 1.0 if x >= y else 0.0)
_and = _on_two(lambda x, y: x if math.isnan(x) else (_as_truth(y) if x != 0.0 else 0.0))
_or = _on_two(lambda x, y: x if math.isnan(x) else (1.0 if x != 0.0 else _as_truth(y)))
_share = _on_two(lambda x, y: x / y if y > 0.0 else np.inf)
_clip = _on_three(lambda x, low, high: min(max(x, low), high))
_choice = _on_three(lambda x, y, z: x if math.isnan(x) else (y if x != 0.0 else z))


@compiled_inside
def _poison(start: Any, stop: Any, dest: Any, a: Any, b: Any, c: Any, rows: Any) -> None:
    """What an operation made of no number, or made to none, is NaN; a comparison alone would forget it."""
    for k in range(start, stop):
        to, x, y, z = dest[k], a[k], b[k], c[k]
        for lane in range(LANES):
            made = rows[to, lane]
            lost = math.isnan(rows[x, lane]) or math.isnan(rows[y, lane]) or math.isnan(rows[z, lane])
            rows[to, lane] = np.nan if lost or not abs(made) <= GREATEST else made


@compiled_inside
def _not_finite(start: Any, stop: Any, a: Any, rows: Any) -> Any:
    """Whether some row holds a number that is not finite."""
    bad = 0
    for k in range(start, stop):
        x = a[k]
        for lane in range(LANES):
            bad |= 0 if abs(rows[x, lane]) <= GREATEST else 1
    return bad != 0


@compiled_inside
def _short(start: Any, stop: Any, dest: Any, a: Any, b: Any, limit: Any, least: Any, rows: Any, words: Any) -> None:
    """Where `a - b` is at most `limit`, as words; `least` becomes the smallest of |a - b| that is not 0."""
    for lane in range(LANES):
        rows[least, lane] = np.inf
    for k in range(start, stop):
        x, y = a[k], b[k]
        word = np.uint64(0)
        for lane in range(LANES):
            short = rows[x, lane] - rows[y, lane]
            word |= BITS[lane] if short <= rows[limit, lane] else np.uint64(0)
            size = abs(short)
            size = size if size > 0.0 else np.inf
            rows[least, lane] = size if size < rows[least, lane] else rows[least, lane]
        words[dest[k]] = word


@compiled_inside
def _reach(start: Any, stop: Any, dest: Any, a: Any, b: Any, c: Any, rows: Any, words: Any) -> None:
    """The least (`dest`) and the greatest (`c`) of the rows `b` where the words `a` are true.

    Entries of one result stand together. Where no word is true the least is infinity, the greatest minus infinity.
    """
    for k in range(start, stop):
        low, high, word, x = dest[k], c[k], words[a[k]], b[k]
        if k == start or dest[k - 1] != low:
            for lane in range(LANES):
                rows[low, lane] = np.inf
            for lane in range(LANES):
                rows[high, lane] = -np.inf
        if word == NOWHERE:
            continue
        for lane in range(LANES):
            value = rows[x, lane] if word & BITS[lane] else np.inf
            rows[low, lane] = value if value < rows[low, lane] else rows[low, lane]
        for lane in range(LANES):
            value = rows[x, lane] if word & BITS[lane] else -np.inf
            rows[high, lane] = value if value > rows[high, lane] else rows[high, lane]


@compiled_inside
def _compare(
    start: Any, stop: Any, dest: Any, a: Any, b: Any, c: Any, apart: Any, limit: Any, least: Any, rows: Any, words: Any
) -> None:
    """As `_short` for `a` and the least `b` of several rows; word `dest + apart`: their greatest `c` is another."""
    _short(start, stop, dest, a, b, limit, least, rows, words)
    for k in range(start, stop):
        low, high = b[k], c[k]
        word = np.uint64(0)
        for lane in range(LANES):
            word |= BITS[lane] if rows[low, lane] < rows[high, lane] else np.uint64(0)
        words[dest[k] + apart] = word


@compiled_inside
def _keep(
    start: Any,
    stop: Any,
    dest: Any,
    a: Any,
    b: Any,
    c: Any,
    d: Any,
    apart: Any,
    limit: Any,
    least: Any,
    rows: Any,
    words: Any,
) -> None:
    """The words `a` where `c - d` is at most `limit`: where `b + apart` is false, `b` says so already."""
    for k in range(start, stop):
        mask = words[a[k]]
        word = mask & words[b[k]]
        mixed = mask & words[b[k] + apart]
        if mixed != NOWHERE:
            x, y = c[k], d[k]
            close = np.uint64(0)
            for lane in range(LANES):
                short = rows[x, lane] - rows[y, lane]
                close |= BITS[lane] if short <= rows[limit, lane] else np.uint64(0)
                size = abs(short) if mixed & BITS[lane] else np.inf
                size = size if size > 0.0 else np.inf
                rows[least, lane] = size if size < rows[least, lane] else rows[least, lane]
            word = (word & ~mixed) | (close & mixed)
        words[dest[k]] = word


@compiled_inside
def _closed(start: Any, stop: Any, dest: Any, a: Any, rows: Any) -> None:
    """Infinity, which stands for no play at all, becomes minus infinity: nothing is secured."""
    for k in range(start, stop):
        to, x = dest[k], a[k]
        for lane in range(LANES):
            rows[to, lane] = rows[x, lane] if rows[x, lane] < np.inf else -np.inf


@compiled
def run_block(
    runs: Any, entries: Any, inputs: Any, numbers: Any, first: int, rows: Any, words: Any, guarded: bool
) -> int:
    """Run a table of operations on draws first .. first + 63.

    Args:
        runs: (runs, 6) int64: operation, first and last entry (exclusive), the rows of limit and least where payoffs
            are compared, the distance between the two words that `COMPARE` makes.
        entries: (5, entries) int32: the row, or the word, that an entry makes, and its four arguments, repeated where
            it has fewer.
        inputs: (numbers,) the row of each number.
        numbers: (numbers, draws) values of all draws; the last block is filled with its last draw.
        first: the first draw.
        rows: (rows, 64) float64, constants in place; overwritten.
        words: (words,) uint64; overwritten.
        guarded: give numbers that are not finite their meaning.

    Returns:
        0, or the code of the first check that failed.
    """
    dest, a, b, c, d = entries[0], entries[1], entries[2], entries[3], entries[4]
    draws = numbers.shape[1]
    for k in range(len(inputs)):
        to = inputs[k]
        if first + LANES <= draws:
            for lane in range(LANES):
                rows[to, lane] = numbers[k, first + lane]
        else:
            for lane in range(LANES):
                rows[to, lane] = numbers[k, min(first + lane, draws - 1)]
    for run in range(len(runs)):
        op, i, j = runs[run, OPERATION], runs[run, START], runs[run, STOP]
        if op == ADD:
            _add(i, j, dest, a, b, rows)
        elif op == MUL:
            _mul(i, j, dest, a, b, rows)
        elif op == SUB:
            _sub(i, j, dest, a, b, rows)
        elif op == MIN:
            _min(i, j, dest, a, b, rows)
        elif op == MAX:
            _max(i, j, dest, a, b, rows)
        elif op == DIV:
            _div(i, j, dest, a, b, rows)
        elif op == SHORT:
            _short(i, j, dest, a, b, runs[run, LIMIT], runs[run, LEAST], rows, words)
        elif op == REACH:
            _reach(i, j, dest, a, b, c, rows, words)
        elif op == COMPARE:
            limit, least, apart = runs[run, LIMIT], runs[run, LEAST], runs[run, APART]
            _compare(i, j, dest, a, b, c, apart, limit, least, rows, words)
        elif op == KEEP:
            limit, least, apart = runs[run, LIMIT], runs[run, LEAST], runs[run, APART]
            _keep(i, j, dest, a, b, c, d, apart, limit, least, rows, words)
        elif op == CLOSED:
            _closed(i, j, dest, a, rows)
        elif op == BOTH:
            for k in range(i, j):
                words[dest[k]] = words[a[k]] & words[b[k]]
        elif op == EITHER:
            for k in range(i, j):
                words[dest[k]] = words[a[k]] | words[b[k]]
        elif op == SHARE:
            _share(i, j, dest, a, b, rows)
        elif op == CHECK:
            if not guarded and _not_finite(i, j, a, rows):
                return int(runs[run, LIMIT])
        elif op == NEG:
            _neg(i, j, dest, a, rows)
        elif op == ABS:
            _abs(i, j, dest, a, rows)
        elif op == EXP:
            _exp(i, j, dest, a, rows)
        elif op == LOG:
            _log(i, j, dest, a, rows)
        elif op == SQRT:
            _sqrt(i, j, dest, a, rows)
        elif op == POW:
            _pow(i, j, dest, a, b, rows)
        elif op == CLIP:
            _clip(i, j, dest, a, b, c, rows)
        elif op == EQ:
            _eq(i, j, dest, a, b, rows)
        elif op == NE:
            _ne(i, j, dest, a, b, rows)
        elif op == LT:
            _lt(i, j, dest, a, b, rows)
        elif op == LE:
            _le(i, j, dest, a, b, rows)
        elif op == GT:
            _gt(i, j, dest, a, b, rows)
        elif op == GE:
            _ge(i, j, dest, a, b, rows)
        elif op == TRUTH:
            _truths(i, j, dest, a, rows)
        elif op == NOT:
            _not(i, j, dest, a, rows)
        elif op == AND:
            _and(i, j, dest, a, b, rows)
        elif op == OR:
            _or(i, j, dest, a, b, rows)
        elif op == CHOICE:
            _choice(i, j, dest, a, b, c, rows)
        if guarded and op < TRUTH:  # the truths and the choice know the poison themselves
            _poison(i, j, dest, a, b, c, rows)
    return 0
