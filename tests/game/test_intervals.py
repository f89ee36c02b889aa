import math
from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.game.intervals import INTERVALS, LINE, Interval, constant, intervals

numbers = st.floats(-1e3, 1e3, allow_nan=False)
BINARY = ("+", "-", "*", "/", "**", "min", "max", "==", "!=", "<", "<=", ">", ">=", "and", "or")
FLOATS = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "**": lambda a, b: a**b,
    "min": min,
    "max": max,
    "==": lambda a, b: float(a == b),
    "!=": lambda a, b: float(a != b),
    "<": lambda a, b: float(a < b),
    "<=": lambda a, b: float(a <= b),
    ">": lambda a, b: float(a > b),
    ">=": lambda a, b: float(a >= b),
    "and": lambda a, b: float(bool(a) and bool(b)),
    "or": lambda a, b: float(bool(a) or bool(b)),
}


def one(op: str, *arguments: Interval) -> Interval:
    boxes = []
    for own in arguments:
        box = np.empty((), dtype=object)
        box[()] = own
        boxes.append(box)
    return INTERVALS.operations[op](*boxes)[()]


@given(
    st.sampled_from(BINARY), st.tuples(numbers, numbers), st.tuples(numbers, numbers), st.floats(0, 1), st.floats(0, 1)
)
def test_every_operation_encloses_what_numbers_inside_give(op, first, second, s, t) -> None:
    a, b = (Interval(min(own), max(own)) for own in (first, second))
    x, y = (min(max(own.low + share * (own.high - own.low), own.low), own.high) for own, share in ((a, s), (b, t)))
    found = one(op, a, b)
    try:
        value = FLOATS[op](x, y)
    except (ZeroDivisionError, OverflowError):
        assert found == LINE or not math.isfinite(found.high)
        return
    if isinstance(value, complex):
        assert found == LINE
        return
    assert found.low <= value <= found.high


@given(
    st.sampled_from(["exp", "log", "sqrt", "abs", "neg", "not", "truth"]), st.tuples(numbers, numbers), st.floats(0, 1)
)
def test_functions_of_one_number_enclose_it_too(op, ends, share) -> None:
    a = Interval(min(ends), max(ends))
    x = min(max(a.low + share * (a.high - a.low), a.low), a.high)
    function = {"exp": math.exp, "log": math.log, "sqrt": math.sqrt, "abs": abs, "neg": lambda v: -v}
    function |= {"not": lambda v: float(v == 0), "truth": lambda v: float(v != 0)}
    try:
        value = function[op](x)
    except (ValueError, OverflowError):
        return
    found = one(op, a)
    assert found.low <= value <= found.high


def test_powers_too_large_for_a_float_enclose_infinity_and_raise_nothing() -> None:
    assert one("**", Interval(0.0, 1e60), Interval(8.0, 8.0)).high == math.inf
    assert one("**", Interval(-1e200, 1.0), Interval(3.0, 3.0)).low == -math.inf
    assert one("**", Interval(2.0, 3.0), Interval(math.inf, math.inf)) == LINE


def test_a_fraction_that_no_float_is_lies_inside_its_interval() -> None:
    own = constant(Fraction(1, 10))[()]
    assert Fraction(own.low) < Fraction(1, 10) < Fraction(own.high)
    assert constant(Fraction(1, 2))[()] == Interval(0.5, 0.5)
    (pair,) = intervals(np.array([1.0]), np.array([2.0]))
    assert pair == Interval(1.0, 2.0)
