"""How shares settle as draws are added: running shares with Wilson's 95% band, draws doubled from mark to mark."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from sim.analysis.convergence import Convergence
from sim.show.figures.files import Drawing
from sim.show.figures.sheet import MARGIN, Key, LineStyle, Sheet, line_height, new_sheet
from sim.show.figures.style import (
    BLUE,
    FAINT,
    GREEN,
    HEAD,
    SMALL,
    VERMILION,
    WIDTH,
    in_paper_style,
    shortened,
    text_width,
)
from sim.show.figures.words import caption, event_label, row_label, split_row
from sim.show.results import Provenance

HEIGHT = {1: 0.85, 2: 1.0}  # inches of a panel
ABREAST = {1: 1, 2: 2}
HEADER, AXIS, LEFT, GUTTER = 0.2, 0.26, 0.34, 0.2
FIRST = 16  # draws at the left edge: fewer say nothing
LINES: tuple[tuple[str, LineStyle], ...] = (
    (BLUE, "-"),
    (VERMILION, "--"),
    (GREEN, ":"),
)  # told apart by dash as well as by colour
CLOSE = 0.01  # final shares nearer than this are no contrast

Curves = Mapping[str, NDArray[np.float64]]


@in_paper_style
def convergence_figure(
    convergence: Convergence, provenance: Provenance, columns: int = 2, *, titles: Mapping[str, str] | None = None
) -> Drawing:
    """Draw the running share of `always` of each row, with bands for up to three rows that end far apart.

    Args:
        convergence: at least one row.
        provenance: for the caption.
        columns: 1 or 2 columns of a journal.
        titles: player -> name as people say it.
    """
    events = list(dict.fromkeys(event for _, event in convergence.rows))
    abreast = min(ABREAST[columns], len(events))
    height = HEADER + HEIGHT[columns] + AXIS
    message = _message(convergence)
    n = int(convergence.n[-1])
    sheet = new_sheet(columns, message, height * -(-len(events) // abreast), _keys(), _notes(n))
    width = (WIDTH[columns] - 2 * MARGIN - GUTTER * (abreast - 1)) / abreast
    names = {row: row_label(*split_row(row), titles) for row, _ in convergence.rows}
    beside = min(max(text_width(name, SMALL) for name in names.values()) + 0.08, 0.45 * (width - LEFT))
    for k, event in enumerate(events):
        left, top = MARGIN + (k % abreast) * (width + GUTTER), sheet.top + (k // abreast) * height
        sheet.text(left + LEFT, top, event_label(event), HEAD, weight="bold")
        axes = sheet.axes(left + LEFT, top + HEADER, width - LEFT - beside, HEIGHT[columns])
        curves = {row: own for (row, of), own in convergence.rows.items() if of == event}
        told = contrasting(curves)
        start = _first(convergence.n)
        _panel(axes, convergence.n[start:], {row: own[start:] for row, own in curves.items()}, told)
        _draws_axis(axes, convergence.n[start:], width - LEFT - beside)
        place = (left + width - beside + 0.06, top + HEADER, HEIGHT[columns])
        _end_labels(
            sheet, place, [shortened(names[row], beside - 0.06, SMALL) for row in told], [curves[row] for row in told]
        )
    text = caption(
        message,
        "One panel an event: the share of the first N draws in which it holds in every equilibrium, against N"
        " (doubling). Up to three rows that end furthest apart are named and have Wilson's 95% band, the others are"
        " grey.",
        provenance,
        units="share of sampled parameter sets, in percent; draws",
        rows=list(names),
        n=n,
    )
    return Drawing(sheet.figure, text)


def contrasting(curves: Curves) -> list[str]:
    """Up to three rows whose final shares lie furthest apart: the least, the greatest, then the one furthest from"
    " both."""
    final = {row: float(own[-1, 0]) for row, own in curves.items()}
    chosen = [min(final, key=lambda row: final[row])]
    while len(chosen) < min(len(LINES), len(final)):
        away = {row: min(abs(value - final[one]) for one in chosen) for row, value in final.items()}
        furthest = max(away, key=lambda row: away[row])
        if away[furthest] < CLOSE:
            break
        chosen.append(furthest)
    return sorted(chosen, key=lambda row: -final[row])


def _panel(axes: Axes, n: NDArray[np.int64], curves: Curves, told: Sequence[str]) -> None:
    axes.set_xscale("log", base=2)
    axes.set_xlim(float(n[0]), float(n[-1]))
    top = max(float(own[:, 0].max()) for own in curves.values())
    axes.set_ylim(0, min(1.0, max(0.1, np.ceil(12 * top) / 10)))
    for row, own in curves.items():
        if row not in told:
            axes.plot(n, own[:, 0], color=FAINT, linewidth=0.7)
    for row, (color, dash) in zip(told, LINES, strict=False):
        own = curves[row]
        axes.fill_between(n, own[:, 1], own[:, 2], color=color, alpha=0.18, linewidth=0)
        axes.plot(n, own[:, 0], color=color, linestyle=dash, linewidth=1.3)
    high = axes.get_ylim()[1]
    axes.set_yticks([0, high / 2, high], ["0", f"{50 * high:g}", f"{100 * high:g}%"])


def _first(n: NDArray[np.int64]) -> int:
    """The mark where the axis begins; all of them where the sweep is short."""
    return int(np.searchsorted(n, FIRST)) if n[-1] >= 4 * FIRST else 0


def _draws_axis(axes: Axes, n: NDArray[np.int64], width: float) -> None:
    """Ticks at powers of two and at the last draw, as many as stand apart in `width` inches."""
    octave = width / max(1e-9, float(np.log2(n[-1] / n[0])))
    ticks = [int(n[-1])]
    for value in n[::-1].tolist():
        before = text_width(f"{ticks[0]:,}", SMALL) * (1 if len(ticks) == 1 else 0.5)
        room = before + text_width(f"{value:,}", SMALL) / 2 + 0.1
        if np.log2(ticks[0] / value) * octave >= room:
            ticks.insert(0, value)
    axes.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
    axes.set_xticks([], minor=True)
    axes.get_xticklabels()[-1].set_horizontalalignment("right")  # the names of rows begin beside it


def _end_labels(
    sheet: Sheet, place: tuple[float, float, float], names: Sequence[str], curves: Sequence[NDArray[np.float64]]
) -> None:
    """Names beside the lines' ends, pushed apart where they would overlap."""
    left, top, height = place
    ceiling = sheet.figure.axes[-1].get_ylim()[1]
    wanted = [top + height * (1 - min(1.0, float(own[-1, 0]) / ceiling)) for own in curves]
    for y, name, (color, _) in zip(spread(wanted, line_height(SMALL)), names, LINES, strict=False):
        sheet.text(left, y, name, SMALL, color=color, middle=True)


def spread(wanted: Sequence[float], least: float) -> list[float]:
    """Places in the same order, at least `least` apart and as near as can be (least squares) to the ascending `wanted`.

    With the distances taken out it is isotonic regression: neighbours that would overlap share their mean.
    """
    blocks: list[tuple[float, int]] = []  # mean and size
    for k, value in enumerate(wanted):
        mean, size = value - k * least, 1
        while blocks and blocks[-1][0] > mean:
            above, count = blocks.pop()
            mean, size = (mean * size + above * count) / (size + count), size + count
        blocks.append((mean, size))
    level = [mean for mean, size in blocks for _ in range(size)]
    return [mean + k * least for k, mean in enumerate(level)]


def _keys() -> list[Key]:
    return [
        Key("running share, a named row", line="-", mark=BLUE, width=1.3),
        Key("Wilson 95% band", face="#D0E2EF", mark="#D0E2EF"),
        Key("other rows", line="-", mark=FAINT, width=0.8),
    ]


def _notes(n: int) -> list[str]:
    return [
        f"Share of sampled parameter sets that are 'always', against the number of draws. Sampling error of {n:,} draws"
        " only: it says nothing about the ranges being right."
    ]


def _message(convergence: Convergence) -> str:
    """The widest half-band at the end: how far sampling may still be from the truth of the ranges as given."""
    widest = max(float(own[-1, 2] - own[-1, 1]) / 2 for own in convergence.rows.values())
    n = int(convergence.n[-1])
    return f"After {n:,} draws the 95% sampling error of every share of 'always' is at most ±{100 * widest:.1f} points"
