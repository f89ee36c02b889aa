"""The words of Gambit's text formats: quoted labels, braces, commas and exact numbers, each with its place.

White space means nothing outside quotes. A number is the rational that is written: whole, decimal, with an exponent,
or a fraction. Every bound is checked before any arithmetic, so that no file can cost more than its size allows.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import NoReturn

from sim.errors import Problem, ScenarioError

GREATEST_BYTES = 32_000_000
GREATEST_DIGITS = 1_000  # of one number; exact payoffs that a scenario exports have far fewer
GREATEST_EXPONENT = 300  # beyond it a number leaves the range of a float64
GREATEST_COUNT = 10_000_000  # of players, strategies or the numbers that name information sets and outcomes

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
TOKEN = re.compile(
    r'\s*+(?:(?P<text>"(?:[^"\\]++|\\.)*+")|(?P<mark>[{},])|(?P<word>[^\s{},"]++)|(?P<unclosed>"))', re.DOTALL
)
NUMBER = re.compile(r"[+-]?(?:\d++/\d++|(?:\d++(?:\.\d*+)?|\.\d++)(?:[eE](?P<exponent>[+-]?\d++))?)", re.ASCII)
COUNT = re.compile(r"\d{1,6}", re.ASCII)
ESCAPING = re.compile(r'\\(?=["\\]|\Z)')
ESCAPED = re.compile(r'\\(["\\])')


def read_text(path: Path, suffix: str) -> str:
    """The text of a game file.

    Raises:
        ScenarioError: no regular file of that kind, too large, or not UTF-8.
    """
    file = str(path)
    try:
        if path.suffix.lower() != suffix:
            _refuse(file, f"the path does not lead to a {suffix} file.")
        if not path.is_file():
            _refuse(file, "there is no such file." if not path.exists() else "this is not a regular file.")
        with path.open("rb") as stream:
            raw = stream.read(GREATEST_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a null character in the path
        _refuse(file, f"the file cannot be read: {getattr(error, 'strerror', None) or 'bad path'}.")
    if len(raw) > GREATEST_BYTES:
        _refuse(file, f"the file is larger than {GREATEST_BYTES:,} bytes.")
    raw = raw.removeprefix(BYTE_ORDER_MARK)
    try:
        return raw.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8")
        place = _place(before, len(before))
        raise ScenarioError([Problem(file, *place, "the file is not UTF-8 text.", "Save it as UTF-8.")]) from None


@dataclass(slots=True)
class Tokens:
    """A cursor on the token that is to be read next. `kind` is text, mark, word, unclosed, or end."""

    file: str
    text: str
    kind: str = ""
    value: str = ""
    start: int = 0  # offset of the token
    end: int = 0
    known: dict[str, Fraction] = field(default_factory=dict)  # numbers read before: payoffs repeat

    def __post_init__(self) -> None:
        self.advance()

    def advance(self) -> None:
        """Go to the next token."""
        match = TOKEN.match(self.text, self.end)
        if match is None:
            self.kind, self.value, self.start = "end", "", len(self.text.rstrip())
            return
        self.kind = match.lastgroup or "end"
        self.value = match[self.kind]
        self.start, self.end = match.start(self.kind), match.end()

    def take_text(self, what: str) -> str:
        """A quoted label, its escaped quotes and backslashes resolved."""
        if self.kind == "unclosed":
            self._unclosed()
        if self.kind != "text":
            self.expected(f"{what} in double quotes")
        plain = ESCAPED.sub(r"\1", self.value[1:-1])
        self.advance()
        return plain

    def take_number(self, what: str) -> Fraction:
        """An exact number within the bounds."""
        number = self.known.get(self.value) if self.kind == "word" else None
        if number is None:
            number = self._number(what)
            self.known[self.value] = number
        self.advance()
        return number

    def take_count(self, what: str, *, least: int) -> int:
        """A whole number that counts or names something."""
        place, written = self.start, self.value
        if self.kind == "word" and COUNT.fullmatch(written) and int(written) >= least:
            self.advance()
            return int(written)
        number = self.take_number(what)
        if number.denominator != 1 or not least <= number <= GREATEST_COUNT:
            self.fail(f"{what} must be a whole number of at least {least}, not {shown(written)}.", at=place)
        return int(number)

    def take_mark(self, mark: str, before: str) -> None:
        """A brace."""
        if self.kind != "mark" or self.value != mark:
            self.expected(f"'{mark}', {before},")
        self.advance()

    def at_mark(self, mark: str) -> bool:
        """Whether that brace comes next."""
        return self.kind == "mark" and self.value == mark

    def skip_comma(self) -> None:
        """Commas between the members of a list mean nothing."""
        if self.at_mark(","):
            self.advance()

    def take_word(self, words: Sequence[str], otherwise: str) -> str:
        """One of some bare words. What stands there instead is not repeated: the file may be of another kind."""
        if self.kind != "word" or self.value not in words:
            self.fail(otherwise)
        word = self.value
        self.advance()
        return word

    def expected(self, what: str) -> NoReturn:
        """Refuse the token that comes next."""
        if self.kind == "end":
            self.fail(f"the file ends where {what} should stand.")
        self.fail(f"{what} should stand here, not {shown(self.value)}.")

    def fail(self, cause: str, mend: str = "", *, at: int | None = None) -> NoReturn:
        """Refuse the file, at the next token or at an offset."""
        place = _place(self.text, self.start if at is None else at)
        raise ScenarioError([Problem(self.file, *place, cause, mend)])

    def _unclosed(self) -> NoReturn:
        self.fail("a quotation mark opens a text that never ends.", "Close it with another.")

    def _number(self, what: str) -> Fraction:
        if self.kind == "unclosed":
            self._unclosed()
        if self.kind != "word":
            self.expected(what)
        match = NUMBER.fullmatch(self.value)
        if match is None:
            self.fail(f"{what} must be a number, such as 2, -0.5, 1/3 or 2.5e-3, not {shown(self.value)}.")
        exponent = match["exponent"] or ""
        if len(self.value) - len(exponent) > GREATEST_DIGITS:
            self.fail(f"{what} has more than {GREATEST_DIGITS:,} digits.")
        if len(exponent) > 6 or abs(int(exponent or 0)) > GREATEST_EXPONENT:
            self.fail(f"{what} has an exponent beyond {GREATEST_EXPONENT}: {shown(self.value)}.")
        try:
            number = Fraction(self.value)
            float(number)
        except ZeroDivisionError:
            self.fail(f"{what} divides by zero: {shown(self.value)}.")
        except OverflowError:
            self.fail(f"{what} is too large for a floating-point number (above 1.8e308).")
        return number


def numbered(labels: Sequence[str]) -> tuple[str, ...]:
    """The same labels, but none empty and none twice: an empty one gets its place, each of several equals a number."""
    times, used = Counter(labels), set(labels)
    last: Counter[str] = Counter()
    result = []
    for place, label in enumerate(labels, start=1):
        distinct = label
        if not label or times[label] > 1:
            stem, last[label] = (f"{label}_", last[label] + 1) if label else ("", max(place, last[label] + 1))
            while (distinct := f"{stem}{last[label]}") in used:
                last[label] += 1
            used.add(distinct)
        result.append(distinct)
    return tuple(result)


def quoted(text: str) -> str:
    """A label as Gambit reads it, in double quotes."""
    return f'"{escaped(text)}"'


def escaped(text: str) -> str:
    """What stands between the quotes: one space between words, no sign that cannot be seen.

    Gambit knows an escape for the quote and none for the backslash (before a quote it would swallow it): it is written
    as a slash.
    """
    seen = "".join(sign for sign in " ".join(text.split()) if sign.isprintable())
    return seen.replace("\\", "/").replace('"', '\\"')


def quoted_comment(text: str) -> str:
    """A comment as Gambit reads it: its lines, spaces and backslashes stay, but for a backslash that would escape."""
    seen = "".join(sign for sign in text if sign.isprintable() or sign == "\n")
    return '"' + ESCAPING.sub("/", seen).replace('"', '\\"') + '"'


def shown(text: str) -> str:
    """A piece of the file for a message: short, printable, in single quotes."""
    printable = "".join(sign if sign.isprintable() else "\ufffd" for sign in text[:41])
    return f"'{printable[:40]}…'" if len(printable) > 40 else f"'{printable}'"


def _place(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def _refuse(file: str, cause: str) -> NoReturn:
    raise ScenarioError([Problem(file, 1, 1, cause)])
