"""One TOML file as text: read within bounds that no file can escape, parsed, and indexed by place.

The bounds are checked by one linear pass over the tokens before any parser sees the text, since a TOML parser may need
time that grows with the square of a dotted key, or recurse as deep as brackets nest.
"""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.errors import Problem
from sim.scenario.numbers import GREATEST_DIGITS, decimal_of_file
from sim.scenario.places import Places, index_places

MENDS = {  # what the parser says -> the slip that usually lies behind it
    "Invalid value": "Put a text in quotes.",
    "Expected newline": "One entry a line; inside a text in double quotes, quote options in single ones.",
    "Unclosed array": "A comma or a closing bracket is missing before this place.",
    "Unclosed inline table": "A comma or a closing brace is missing before this place.",
    "Expected '='": "A line is `key = value`, a [section], or a # comment.",
    "Invalid statement": "A line is `key = value`, a [section], or a # comment.",
    "Illegal character": "Close the text with its quote on the same line, or write it between three quotes.",
}
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
GREATEST_BYTES = 1_000_000
GREATEST_TOKENS = 30_000  # equals signs, commas, opening brackets and comments together
GREATEST_LINES = 50_000
GREATEST_NESTING = 24
GREATEST_KEY_PARTS = 12

TOKEN = re.compile(
    r'(?P<string>"""(?:[^"\\]++|\\.|"(?!""))*+"{3,5}|"(?:[^"\\\n]++|\\.)*+"|\'\'\'.*?\'{3,5}|\'[^\'\n]*+\')'
    rf"|(?P<comment>\#[^\n]*+)|(?P<digits>[0-9_]{{{GREATEST_DIGITS + 1},}}+)"
    r'|(?P<mark>[\[\]{}=,.\n])|(?P<unclosed>["\'])',
    re.DOTALL,
)
STOPPED = re.compile(r"\(at (?:line (\d+), column (\d+)|end of document)\)")


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A parsed file."""

    path: Path
    data: dict[str, Any]
    places: Places
    size: int  # characters

    @property
    def entries(self) -> int:
        """Keys and values, which is what reading it costs."""
        return len(self.places.keys) + len(self.places.values)


def read_source(path: Path, *, quote: bool = True) -> Source | Problem:
    """Read and parse one TOML file; the one problem where that cannot be done.

    Args:
        path: any path; only a regular file of at most 1 MB whose name ends in .toml is opened.
        quote: False for a file that another file leads to: nothing of its content is echoed.
    """
    file = str(path)
    text = _text(path)
    if isinstance(text, Problem):
        return text
    excess = _excess(file, text)
    if excess is not None:
        return excess
    try:
        data = tomllib.loads(text, parse_float=decimal_of_file)
    except (tomllib.TOMLDecodeError, ValueError) as error:  # ValueError: a date such as 2023-13-45
        return _not_toml(file, text, str(error), quote)
    except RecursionError:  # the pass above bounds nesting; this stands for a parser that nests by other means
        return Problem(file, 1, 1, "the file nests too deeply to be read.")
    return Source(path, data, index_places(file, text), len(text))


def _text(path: Path) -> str | Problem:
    file = str(path)
    try:
        if path.suffix != ".toml":
            return Problem(file, 1, 1, "the path does not lead to a .toml file.")
        if not path.is_file():
            return Problem(file, 1, 1, "there is no such file." if not path.exists() else "this is not a regular file.")
        with path.open("rb") as stream:
            raw = stream.read(GREATEST_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a null character in the path
        return Problem(file, 1, 1, f"the file cannot be read: {getattr(error, 'strerror', None) or 'bad path'}.")
    if len(raw) > GREATEST_BYTES:
        return Problem(
            file, 1, 1, f"the file is larger than {GREATEST_BYTES:,} bytes.", "Move claims to their own file."
        )
    raw = raw.removeprefix(BYTE_ORDER_MARK)  # before decoding: a place of error counts from the text
    try:
        return raw.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8")) + 1
        return Problem(file, before.count(b"\n") + 1, column, "the file is not UTF-8 text.", "Save it as UTF-8.")


def _excess(file: str, text: str) -> Problem | None:
    """The first place where the text leaves the bounds, found in one pass over its tokens."""
    if text.count("\n") > GREATEST_LINES:
        return Problem(file, GREATEST_LINES + 1, 1, f"the file has more than {GREATEST_LINES:,} lines.")
    tokens = depth = dots = 0
    for match in TOKEN.finditer(text):
        mark = match.group()
        if match.lastgroup == "unclosed":
            return None  # the parser stops here too, and says so better
        if match.lastgroup == "digits":
            return _at(file, text, match.start(), f"a number or key has more than {GREATEST_DIGITS} digits.")
        tokens += match.lastgroup == "comment" or mark in "=,[{"
        if mark in "[{":
            depth += 1
        elif mark in "]}":
            depth = max(depth - 1, 0)
        dots = dots + 1 if mark == "." else dots if match.lastgroup == "string" else 0
        if tokens > GREATEST_TOKENS:
            return _at(
                file, text, match.start(), f"the file holds more than {GREATEST_TOKENS:,} keys, values and comments."
            )
        if depth > GREATEST_NESTING:
            return _at(file, text, match.start(), f"brackets nest deeper than {GREATEST_NESTING}.")
        if dots >= GREATEST_KEY_PARTS:
            return _at(file, text, match.start(), f"a key has more than {GREATEST_KEY_PARTS} parts.")
    return None


def _at(file: str, text: str, offset: int, cause: str) -> Problem:
    return Problem(file, text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset), cause)


def _not_toml(file: str, text: str, message: str, quote: bool) -> Problem:
    """Where the TOML parser stopped; a key given twice is placed at the second."""
    stopped = STOPPED.search(message)
    cause = message[: stopped.start()].strip() if stopped else message
    if stopped and stopped.group(1):
        line, column = int(stopped.group(1)), int(stopped.group(2))
    else:
        line, column = (text.count("\n") + 1, len(text) - text.rfind("\n")) if stopped else (1, 1)
    if "overwrite" in cause or "Duplicate" in cause or "twice" in cause:
        second = index_places(file, text).duplicate
        if second is not None:
            name, line, column = second
            cause = f"'{name}' is given twice" if quote else "a key is given twice"
    elif not quote:
        cause = "the parser stopped here"
    mend = next((mend for said, mend in MENDS.items() if said in cause), "")
    return Problem(file, line, column, f"this is not valid TOML: {cause}.", mend)
