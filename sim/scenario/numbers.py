"""Numbers as they are written: decimals and fractions become exact rationals, within bounds that keep them cheap."""

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

GREATEST_DIGITS = 60  # more digits than any measured quantity has
GREATEST_EXPONENT = 300  # beyond it a number leaves the range of a float64
FRACTION = re.compile(r"\s*([+-]?\d{1,60})\s*(?:/\s*(\d{1,60})\s*)?", re.ASCII)
DECIMAL = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE]([+-]?\d+))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A number of a file that is refused: what is wrong with it, in place of its value."""

    why: str


def exact(value: int | Decimal) -> Fraction:
    """The rational that a checked number of a file stands for."""
    return Fraction(value)


def from_text(text: str) -> Fraction | Unreadable:
    """Read a decimal literal exactly: 0.1 is 1/10. Giant numbers are refused before any arithmetic."""
    plain = text.replace("_", "").strip()
    match = DECIMAL.fullmatch(plain)
    if match is None:
        return Unreadable("is not a finite number")
    if len(plain) > GREATEST_DIGITS + 8:
        return Unreadable(f"has more than {GREATEST_DIGITS} digits")
    exponent = match.group(1) or "0"
    if len(exponent) > 6 or abs(int(exponent)) > GREATEST_EXPONENT:
        return Unreadable(f"has an exponent beyond {GREATEST_EXPONENT}")
    return Fraction(plain)


def decimal_of_file(text: str) -> Decimal | Unreadable:
    """What the TOML parser makes of a number with a point or an exponent."""
    read = from_text(text)
    return read if isinstance(read, Unreadable) else Decimal(text.replace("_", ""))


def fraction(text: str) -> Fraction | None:
    """Read `1/3`, `-2` or `0.25`; None where the text is no number, or divides by zero."""
    match = FRACTION.fullmatch(text)
    if match is not None:
        bottom = int(match.group(2) or 1)
        return Fraction(int(match.group(1)), bottom) if bottom else None
    read = from_text(text)
    return None if isinstance(read, Unreadable) else read


def spelled(number: Fraction) -> str:
    """A short spelling for messages: 3, 0.25, 1/3."""
    if number.denominator == 1:
        return str(number.numerator)
    short = f"{float(number):.6g}"
    return short if Fraction(short) == number else str(number)
