"""What a section of the report is made of: a question, sentences, tables, and how it is known; and how numbers read."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sim.show.figures.words import number, plain

MOST_ROWS = 12  # of a ranking; the documents have all
SIGN = re.compile(r"[<>+−-]?[\d.,]+%?( (→|to|and|±) [<>+−-]?[\d.,]+%?)*|")  # what stands at the right of its column

# What each analysis asks, in the order of the page; the page that lacks one says so with these words.
QUESTIONS = {
    "challenge": "Which sentences of the article carry it?",
    "believe": "What would one have to believe?",
    "structure": "Is it the numbers, or the model?",
    "policy": "What to do?",
    "learn": "What to find out?",
    "discover": "In which corner of the numbers does it live?",
}


@dataclass(frozen=True, slots=True)
class Table:
    """Texts, one row under another; the first `labels` cells of a row name it."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    labels: int = 1

    @property
    def textual(self) -> tuple[bool, ...]:
        """Which columns hold words, and so begin at the left."""
        return tuple(
            k < self.labels or not all(SIGN.fullmatch(row[k]) for row in self.rows) for k in range(len(self.head))
        )


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a section: perhaps with a heading, sentences, and a table."""

    heading: str = ""
    sentences: tuple[str, ...] = ()
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One question of the page."""

    name: str  # the command's, which is the section's id and its figure's name
    question: str
    explained: str  # what was done, and how to read it
    sentence: str  # the answer
    parts: tuple[Part, ...]
    known: str  # the method in a line, and what it cannot say
    commands: tuple[str, ...]  # what to type for the same answer


def merged(rows: Iterable[tuple[str, ...]], column: int) -> tuple[tuple[str, ...], ...]:
    """Rows that differ in one column alone become one, which names them all there; in the order of the first."""
    kept: dict[tuple[str, ...], list[str]] = {}
    for row in rows:
        kept.setdefault((*row[:column], *row[column + 1 :]), []).append(row[column])
    return tuple((*rest[:column], "; ".join(own), *rest[column:]) for rest, own in kept.items())


def action(label: str) -> str:
    """An action as one says it: `offer pledge, response punish`."""
    return plain(label.replace(" ", ", ").replace("=", " "))


def exact(value: float) -> str:
    """As the sentences say it, so that a border is not rounded away."""
    return f"{value:.4g}".replace("-", "−")


def spread(low: float, high: float) -> str:
    """From the least to the greatest, or the one number that both are."""
    ends = (signed(low), signed(high))
    return ends[0] if ends[0] == ends[1] else " to ".join(ends)


def signed(value: float) -> str:
    """A number with a true minus sign; thousands are set apart."""
    return number(value) if abs(value) < 1000 else f"{value:,.0f}".replace("-", "−")


def points(value: float) -> str:
    """A part of a share in percentage points, with its sign."""
    return f"{100 * value:+.1f}".replace("-", "−")
