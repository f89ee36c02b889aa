"""A sheet of paper measured in inches from its top left corner: title, panels, key and notes, none over another.

Every text is measured before it is placed, so that a figure is as tall as its content and nothing overlaps.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from sim.show.figures.style import INK, LOOKS, SMALL, SOFT, STACK, TITLE, WIDTH, text_width, wrapped

LineStyle = Literal["-", "--", ":"]
DASHES = {"-": "-", "--": (0, (2.5, 1.5)), ":": (0, (1, 1))}  # short enough for a small box

MARGIN = 0.06  # inches of white on every side
LEADING = 1.32  # line height in units of the type size
SWATCH, SWATCH_GAP, KEY_GAP = 0.20, 0.05, 0.16  # inches


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of a key: a filled swatch, or a line with a marker."""

    label: str
    face: str | None = None
    hatch: str = ""
    mark: str = INK
    marker: str | None = None
    hollow: bool = False
    line: LineStyle | None = None
    width: float = 1.0
    letter: str | None = None  # a sign instead of a swatch
    frame: LineStyle | None = None  # an empty box with such an edge


@dataclass(slots=True)
class Sheet:
    """A figure and how far it is filled."""

    figure: Figure
    width: float
    height: float
    top: float = field(default=0.0)  # inches below the upper edge where the body begins

    def axes(self, left: float, top: float, width: float, height: float) -> Axes:
        """Axes at a place in inches; `top` counts from the upper edge downwards."""
        bottom = self.height - top - height
        box = (left / self.width, bottom / self.height, width / self.width, height / self.height)
        return self.figure.add_axes(box)

    def text(
        self,
        left: float,
        top: float,
        text: str,
        size: float = SMALL,
        *,
        weight: str = "normal",
        color: str = INK,
        align: str = "left",
        middle: bool = False,
        style: str = "normal",
    ) -> None:
        """One line whose upper edge (or middle) is `top` inches below the upper edge of the sheet."""
        self.figure.text(
            left / self.width,
            1 - top / self.height,
            text,
            size=size,
            weight=weight,
            color=color,
            ha=align,
            va="center_baseline" if middle else "top",
            style=style,
        )


def line_height(size: float) -> float:
    """Inches from one line of text to the next."""
    return size * LEADING / 72


def new_sheet(columns: int, title: str, body: float, keys: Sequence[Key] = (), notes: Sequence[str] = ()) -> Sheet:
    """A sheet with its title above a body of `body` inches, the key and the notes below it.

    Args:
        columns: 1 or 2 columns of a journal.
        title: the message.
        body: height of what the caller draws, from `sheet.top` down.
        keys: what the signs mean.
        notes: small lines at the foot, each wrapped.
    """
    width = WIDTH[columns]
    inner = width - 2 * MARGIN
    title_lines = wrapped(title, inner, TITLE[columns], "bold")
    note_lines = [line for note in notes for line in wrapped(note, inner, SMALL)]
    rows = flowed(keys, inner)
    top = MARGIN + len(title_lines) * line_height(TITLE[columns]) + 0.06
    key_top = top + body + (0.08 if rows else 0.0)
    note_top = key_top + len(rows) * line_height(SMALL) * 1.15 + (0.05 if note_lines else 0.0)
    height = note_top + len(note_lines) * line_height(SMALL) + MARGIN
    figure = Figure(figsize=(width, height))
    FigureCanvasAgg(figure)
    sheet = Sheet(figure, width, height, top)
    for k, line in enumerate(title_lines):
        sheet.text(MARGIN, MARGIN + k * line_height(TITLE[columns]), line, TITLE[columns], weight="bold")
    for k, row in enumerate(rows):
        for left, key in row:
            _draw_key(sheet, MARGIN + left, key_top + (k + 0.5) * line_height(SMALL) * 1.15, key)
    for k, line in enumerate(note_lines):
        sheet.text(MARGIN, note_top + k * line_height(SMALL), line, SMALL, color=SOFT)
    return sheet


def flowed(keys: Sequence[Key], width: float) -> list[list[tuple[float, Key]]]:
    """Entries of a key in rows of at most `width` inches, each with its distance from the left."""
    rows: list[list[tuple[float, Key]]] = []
    used = width
    for key in keys:
        own = SWATCH + SWATCH_GAP + text_width(key.label, SMALL)
        start = used + KEY_GAP
        if not rows or start + own > width:
            rows.append([])
            start = 0.0
        rows[-1].append((start, key))
        used = start + own
    return rows


def status_keys(present: Sequence[str]) -> list[Key]:
    """Key entries of the statuses that occur, in the order in which they are stacked."""
    return [Key(name, LOOKS[name].face, LOOKS[name].hatch, LOOKS[name].mark) for name in STACK if name in present]


def _draw_key(sheet: Sheet, left: float, middle: float, key: Key) -> None:
    figure, y = sheet.figure, sheet.height - middle
    inches = figure.dpi_scale_trans
    if key.letter is not None:
        sheet.text(left + SWATCH / 2, middle, key.letter, SMALL, weight="bold", align="center", middle=True)
    elif key.frame is not None:
        box = Rectangle((left, y - 0.05), SWATCH, 0.1, transform=inches, fill=False, edgecolor=key.mark)
        box.set(linewidth=1.1, linestyle=DASHES[key.frame])
        figure.add_artist(box)
    elif key.face is not None:
        box = Rectangle((left, y - 0.045), SWATCH, 0.09, transform=inches, facecolor=key.face, edgecolor=key.mark)
        box.set(linewidth=0.0, hatch=key.hatch or None)
        figure.add_artist(box)
        frame = Rectangle((left, y - 0.045), SWATCH, 0.09, transform=inches, fill=False, edgecolor=INK, linewidth=0.4)
        figure.add_artist(frame)
    else:
        ends = [left, left + SWATCH] if key.line else [left + SWATCH / 2]
        figure.add_artist(
            Line2D(
                [left, left + SWATCH / 2, left + SWATCH] if key.line else ends,
                [y] * (3 if key.line else 1),
                transform=inches,
                color=key.mark,
                linestyle=key.line or "none",
                linewidth=key.width,
                marker=key.marker or "",
                markevery=[1] if key.line else None,
                markersize=3.6,
                markerfacecolor="white" if key.hollow else key.mark,
                markeredgecolor=key.mark,
                markeredgewidth=0.8,
            )
        )
    sheet.text(left + SWATCH + SWATCH_GAP, middle, key.label, SMALL, middle=True)
