"""What formulas mean where they do not depend on a draw: guarded floats, and exact rationals. One meaning for both.

A float that is not finite becomes NaN and stays NaN unless the branch that holds it is not taken; the rationals know
the same poison. What depends on a draw is computed by `row_kernel`, with the same meaning.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

SIGNIFICANT_DIGITS = 12  # of a square root, exponential, logarithm or fractional power inside the exact route
EXACT_BITS = 100_000  # a power whose exact value would be longer is refused: it could not be paid for


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """One kind of number: how literals and ranks enter, and what each operation does to arrays."""

    number: Callable[[Any], Array]
    ranks: Callable[[tuple[int, ...]], Array]
    operations: Mapping[str, Callable[..., Array]]


def _clip(x: Array, low: Array, high: Array) -> Array:
    return np.minimum(np.maximum(x, low), high)


_UFUNCS: dict[str, Callable[..., Any]] = {
    "neg": np.negative,
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "**": np.power,
    "min": np.minimum,
    "max": np.maximum,
    "abs": np.abs,
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "clip": _clip,
}
_COMPARISONS: dict[str, Callable[..., Any]] = {
    "==": np.equal,
    "!=": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}


def _guarded(ufunc: Callable[..., Any]) -> Callable[..., Array]:
    def apply(*arguments: Array) -> Array:
        with np.errstate(all="ignore"):
            result = np.asarray(ufunc(*arguments), dtype=np.float64)
        poisoned = ~np.isfinite(result)
        for argument in arguments:  # a comparison, or a power of 0, would forget the poison
            poisoned = poisoned | np.isnan(argument)
        return np.where(poisoned, np.nan, result)

    return apply


def _guarded_choice(condition: Array, then: Array, otherwise: Array) -> Array:
    taken = np.where(condition != 0, then, otherwise)
    return np.where(np.isnan(condition), np.nan, taken)


_ONE, _ZERO = np.array(1.0), np.array(0.0)

GUARDED = Arithmetic(
    number=lambda value: np.array(float(value)),
    ranks=lambda ranks: np.array(ranks, dtype=np.float64),
    operations={name: _guarded(ufunc) for name, ufunc in (_UFUNCS | _COMPARISONS).items()}
    | {
        "truth": lambda a: _guarded_choice(a, _ONE, _ZERO),
        "not": lambda a: _guarded_choice(a, _ZERO, _ONE),
        "and": lambda a, b: _guarded_choice(a, _guarded_choice(b, _ONE, _ZERO), _ZERO),
        "or": lambda a, b: _guarded_choice(a, _ONE, _guarded_choice(b, _ONE, _ZERO)),
        "choice": _guarded_choice,
    },
)


class Poison:
    """What a rational becomes where it has no value, such as 1 / 0; `reason` says what happened."""

    __slots__ = ("reason",)

    def __init__(self, reason: str) -> None:
        self.reason = reason

    def __repr__(self) -> str:
        return f"<no number: {self.reason}>"


def _exact(function: Callable[..., Any]) -> Callable[..., Array]:
    def apply(*values: Any) -> Any:
        poison = next((value for value in values if isinstance(value, Poison)), None)
        if poison is not None:
            return poison
        try:
            return function(*values)
        except ZeroDivisionError:
            return Poison("division by zero")
        except (ValueError, OverflowError) as error:
            return Poison(str(error))

    each = np.frompyfunc(apply, function.__code__.co_argcount, 1)

    def quiet(*arrays: Array) -> Array:
        with np.errstate(all="ignore"):  # Python's float functions raise processor flags, which numpy would report
            return np.asarray(each(*arrays), dtype=object)

    return quiet


def _pick(condition: Any, then: Any, otherwise: Any) -> Any:
    if isinstance(condition, Poison):
        return condition
    return then if condition else otherwise


def _as_truth(value: Any) -> Any:
    return value if isinstance(value, Poison) else Fraction(bool(value))


def _rounded(value: float) -> Fraction:
    if not math.isfinite(value):
        raise OverflowError("a number too large")
    return Fraction(format(value, f".{SIGNIFICANT_DIGITS}g"))


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    if exponent.denominator != 1:
        if base < 0:
            raise ValueError("a fractional power of a negative number")
        return _rounded(float(base) ** float(exponent))
    bits = max(base.numerator.bit_length(), base.denominator.bit_length())
    if bits > 1 and bits * abs(exponent.numerator) > EXACT_BITS:
        raise OverflowError("a power too large to write out")
    return Fraction(base**exponent.numerator)


_pick_each = np.frompyfunc(_pick, 3, 1)
_truth_each = np.frompyfunc(_as_truth, 1, 1)
_one, _zero = np.array(Fraction(1), dtype=object), np.array(Fraction(0), dtype=object)

RATIONALS = Arithmetic(
    number=lambda value: np.array(value, dtype=object),
    ranks=lambda ranks: np.array([Fraction(rank) for rank in ranks], dtype=object),
    operations={
        "neg": _exact(lambda a: -a),
        "+": _exact(lambda a, b: a + b),
        "-": _exact(lambda a, b: a - b),
        "*": _exact(lambda a, b: a * b),
        "/": _exact(lambda a, b: a / b),
        "**": _exact(lambda a, b: _power(a, b)),
        "min": _exact(lambda a, b: min(a, b)),
        "max": _exact(lambda a, b: max(a, b)),
        "abs": _exact(lambda a: abs(a)),
        "exp": _exact(lambda a: _rounded(math.exp(float(a)))),
        "log": _exact(lambda a: _rounded(math.log(float(a)))),
        "sqrt": _exact(lambda a: _rounded(math.sqrt(float(a)))),
        "clip": _exact(lambda a, low, high: min(max(a, low), high)),
        "==": _exact(lambda a, b: Fraction(a == b)),
        "!=": _exact(lambda a, b: Fraction(a != b)),
        "<": _exact(lambda a, b: Fraction(a < b)),
        "<=": _exact(lambda a, b: Fraction(a <= b)),
        ">": _exact(lambda a, b: Fraction(a > b)),
        ">=": _exact(lambda a, b: Fraction(a >= b)),
        "truth": _truth_each,
        "not": lambda a: _pick_each(a, _zero, _one),
        "and": lambda a, b: _pick_each(a, _truth_each(b), _zero),
        "or": lambda a, b: _pick_each(a, _one, _truth_each(b)),
        "choice": _pick_each,
    },
)
ROUNDED_OPERATIONS = frozenset({"exp", "log", "sqrt"})  # and `**` with a fractional exponent
