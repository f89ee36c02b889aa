"""Small multiples that share their row labels: how many stand side by side, and where each begins."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from matplotlib.axes import Axes

from sim.show.figures.sheet import MARGIN, Sheet, line_height
from sim.show.figures.style import HEAD, INK, SMALL, WIDTH, shortened, text_width
from sim.show.figures.words import row_label, split_row

GAP = 0.13  # inches between panels
GROUP = "subgame-perfect:"  # stands over its orders of moves


@dataclass(frozen=True, slots=True)
class Panels:
    """Places of `count` panels of equal size, in inches."""

    count: int
    per_line: int
    labels: float  # width of the shared row labels
    width: float  # of one panel
    height: float
    head: float  # above each panel, for its name
    foot: float  # below each panel, for its axis

    @property
    def lines(self) -> int:
        """How many rows of panels stand one below the other."""
        return ceil(self.count / self.per_line)

    @property
    def body(self) -> float:
        """Height of all of them."""
        return self.lines * (self.head + self.height + self.foot)

    def place(self, k: int) -> tuple[float, float]:
        """Left and upper edge of panel k, from the left margin and the top of the body."""
        line, column = divmod(k, self.per_line)
        left = MARGIN + self.labels + GAP / 2 + column * (self.width + GAP)
        return left, line * (self.head + self.height + self.foot) + self.head

    def axes(self, sheet: Sheet, k: int, name: str) -> Axes:
        """The axes of panel k, with its name above."""
        left, top = self.place(k)
        head = shortened(name, self.width + GAP / 2, HEAD, "bold")
        sheet.text(left, sheet.top + top - line_height(HEAD) - 0.01, head, HEAD, weight="bold")
        return sheet.axes(left, sheet.top + top, self.width, self.height)

    def first_in_line(self, k: int) -> bool:
        """Whether the row labels stand beside panel k."""
        return k % self.per_line == 0


def fit_panels(
    columns: int,
    count: int,
    labels: Sequence[str],
    *,
    least: float,
    height: float,
    head: float = 0.2,
    foot: float = 0.3,
) -> Panels:
    """As many panels side by side as have `least` inches each, spread evenly over the lines needed."""
    inner = WIDTH[columns] - 2 * MARGIN
    label_width = max((text_width(label, SMALL) for label in labels), default=0.0) + 0.06
    fitting = max(1, int((inner - label_width) / (least + GAP)))
    per_line = ceil(count / ceil(count / min(count, fitting)))
    width = (inner - label_width) / per_line - GAP
    return Panels(count, per_line, label_width, width, height, head, foot)


def grouped(rows: Iterable[str], titles: Mapping[str, str] | None) -> tuple[dict[str, int], list[str]]:
    """Row name -> height from the top, and the labels by height; orders stand under a line of their own."""
    labels: list[str] = []
    places: dict[str, int] = {}
    for name in dict.fromkeys(rows):
        concept, order = split_row(name)
        if order is not None and GROUP not in labels:
            labels.append(GROUP)
        places[name] = len(labels)
        labels.append(row_label(concept, order, titles))
    return places, labels


def row_labels(axes: Axes, heights: Sequence[float], labels: Sequence[str], shown: bool) -> None:
    """Labels of the rows at the left of a panel, or none where a panel beside it has them."""
    axes.set_yticks(list(heights), list(labels) if shown else [""] * len(labels))
    if shown and GROUP in labels:
        axes.get_yticklabels()[labels.index(GROUP)].set_fontstyle("italic")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def percent_axis(axes: Axes) -> None:
    """A horizontal axis from 0 to 100%, whose end labels stay inside the panel."""
    axes.set_xlim(0, 1)
    axes.set_xticks([0, 0.5, 1], ["0", "50", "100%"])
    align_ends(axes)


def align_ends(axes: Axes) -> None:
    """Turn the first and the last label of the horizontal axis inwards, so that panels may stand close."""
    labels = axes.get_xticklabels()
    if len(labels) > 1:
        labels[0].set_horizontalalignment("left")
        labels[-1].set_horizontalalignment("right")
    for label in labels:
        label.set_color(INK)


def round_ticks(low: float, high: float) -> list[float]:
    """Four to eight round values inside the range."""
    step = 10.0 ** np.floor(np.log10(high - low)) / 10
    step = next(step * k for k in (1, 2, 5, 10, 20) if (high - low) / (step * k) <= 7)
    return [round(step * k, 12) for k in range(int(np.ceil(low / step - 1e-9)), int(np.floor(high / step + 1e-9)) + 1)]
