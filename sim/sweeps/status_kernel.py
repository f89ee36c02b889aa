"""The compiled loop from sets of equilibria to words: 64 draws at a time, since a set is one bit a draw.

Profiles of one outcome class are one to all events, so a class is present where one of its profiles is.
"""

from typing import Any

import numpy as np

from sim.compiled import compiled, compiled_inside
from sim.sweeps.status import ALWAYS, NEVER, NONE, SOMETIMES

CODES = np.array([NONE, ALWAYS, NEVER, SOMETIMES], dtype=np.int8)  # by true somewhere + 2 * false somewhere
ONE = np.uint64(1)
ZERO = np.uint64(0)
PLACES = 32  # binary digits of a count


@compiled_inside
def _counted(digits: Any, word: Any) -> None:
    """Add a word to 64 counters, kept as binary digits: digit k of all of them is one word."""
    k = 0
    while word != ZERO:
        carry = digits[k] & word
        digits[k] ^= word
        word = carry
        k += 1


@compiled_inside
def _written(digits: Any, count: int, out: Any) -> None:
    for lane in range(count):
        out[lane] = 0
    for k in range(PLACES):
        if digits[k] != ZERO:
            for lane in range(count):
                out[lane] += int(digits[k] >> np.uint64(lane) & ONE) << k


@compiled
def read_off(
    words: Any,
    rows: Any,
    answers: Any,
    margin: Any,
    gap: Any,
    code: Any,
    holds: Any,
    first: int,
    count: int,
    close: float,
    status: Any,
    n: Any,
    n_outcomes: Any,
    margins: Any,
    near_tie: Any,
) -> None:
    """Write the columns of draws first .. first + count - 1, at most 64, for every answer.

    Args:
        words: truths of 64 draws.
        rows: (rows, 64) numbers of 64 draws.
        answers: (answers, profiles) the word of each profile.
        margin: (answers,) the row of the margin.
        gap: (answers,) the row of the smallest difference that decided anything.
        code: (profiles,) outcome classes.
        holds: (classes, events) truths.
        first: where to write.
        count: draws.
        close: a gap below it marks the draw.
        status: (answers, events, draws) codes, written.
        n: (answers, draws) equilibria, written.
        n_outcomes: (answers, draws) distinct outcome classes, written.
        margins: (answers, draws) infinite where there is no equilibrium, written.
        near_tie: (draws,) marks, added to.
    """
    classes, events = holds.shape
    present = np.empty(classes, np.uint64)
    digits = np.empty(PLACES, np.uint64)
    for answer in range(len(answers)):
        present[:] = ZERO
        digits[:] = ZERO
        for profile in range(answers.shape[1]):
            word = words[answers[answer, profile]]
            present[code[profile]] |= word
            _counted(digits, word)
        _written(digits, count, n[answer, first : first + count])
        digits[:] = ZERO
        for k in range(classes):
            _counted(digits, present[k])
        _written(digits, count, n_outcomes[answer, first : first + count])
        for event in range(events):
            true, false = ZERO, ZERO
            for k in range(classes):
                if holds[k, event]:
                    true |= present[k]
                else:
                    false |= present[k]
            for lane in range(count):
                yes, no = true >> np.uint64(lane) & ONE, false >> np.uint64(lane) & ONE
                status[answer, event, first + lane] = CODES[yes + no + no]
        for lane in range(count):
            some = n[answer, first + lane] > 0
            margins[answer, first + lane] = rows[margin[answer], lane] if some else np.inf
            if rows[gap[answer], lane] < close:
                near_tie[first + lane] = True
