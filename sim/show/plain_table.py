"""Tables of plain text: columns as wide as they must be, in a width that a terminal shows."""

from collections.abc import Sequence
from textwrap import wrap

WIDTH = 100  # columns of the first screen


def plain_table(rows: Sequence[Sequence[str]], *, left: int = 1, gap: int = 2, indent: int = 0) -> str:
    """Align rows of equal length; the first `left` columns to the left, all others to the right."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = [
            cell.ljust(width) if k < left else cell.rjust(width)
            for k, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append((" " * indent + (" " * gap).join(cells)).rstrip())
    return "\n".join(lines)


def paragraph(text: str, *, indent: int = 0, hanging: int | None = None) -> str:
    """A text broken into lines of at most WIDTH characters."""
    first, later = " " * indent, " " * (indent if hanging is None else hanging)
    return "\n".join(wrap(" ".join(text.split()), WIDTH, initial_indent=first, subsequent_indent=later)) or ""


def title(text: str) -> str:
    """The heading of a step, with a rule to the right edge."""
    return f"── {text} " + "─" * max(0, WIDTH - len(text) - 4)
