"""One number moved through its range: the share of draws with each status, and where the central game flips.

Two rows that differ most stand side by side, since what the number does depends on the concept.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from sim.analysis.thresholds import Threshold, ThresholdCurve
from sim.scenario.distributions import central
from sim.scenario.model import Distribution
from sim.show.figures.files import Drawing
from sim.show.figures.panels import round_ticks
from sim.show.figures.sheet import MARGIN, Key, Sheet, new_sheet, status_keys
from sim.show.figures.style import HEAD, INK, LOOKS, SMALL, STACK, WIDTH, in_paper_style, shortened, text_width
from sim.show.figures.words import caption, event_label, listed, number, percent, plain, row_label, split_row
from sim.show.results import Provenance
from sim.sweeps.quantiles import quantile
from sim.sweeps.status import STATUSES

Floats = NDArray[np.float64]

HEIGHT = {1: 1.45, 2: 1.75}  # inches of a panel
ABREAST = {1: 1, 2: 2}
HEADER, STRIP, AXIS = 0.22, 0.11, 0.36  # inches: a panel's name, the strip of the prior, the axis
LEFT, GUTTER = 0.36, 0.3
MIDDLE = (0.05, 0.95)  # the part of the prior that the strip shows as a bar


@in_paper_style
def threshold_figure(
    curve: ThresholdCurve,
    thresholds: Sequence[Threshold],
    prior: Distribution,
    provenance: Provenance,
    columns: int = 2,
    *,
    titles: Mapping[str, str] | None = None,
) -> Drawing:
    """Draw how the statuses of the event that the number moves most depend on it, under two contrasting rows.

    Args:
        curve: shares on a grid of the number's values.
        thresholds: of the central game; those of other numbers, rows and events are left aside.
        prior: what is known of the number.
        provenance: for the caption.
        columns: 1 or 2 columns of a journal.
        titles: player -> name as people say it.
    """
    event = moved_event(curve)
    rows = contrasting_rows(curve, event)
    abreast = min(ABREAST[columns], len(rows))
    height = HEADER + HEIGHT[columns] + STRIP + AXIS
    message = _message(curve, event, rows, titles)
    present = [name for k, name in enumerate(STATUSES) if any(curve.shares[row, event][:, k].any() for row in rows)]
    flips = any(one.values for one in thresholds if _of(one) in [(curve.parameter, row, event) for row in rows])
    sheet = new_sheet(columns, message, height * -(-len(rows) // abreast), _keys(present, flips), _notes(curve))
    width = (WIDTH[columns] - 2 * MARGIN - GUTTER * (abreast - 1)) / abreast
    for k, row in enumerate(rows):
        left = MARGIN + (k % abreast) * (width + GUTTER)
        top = sheet.top + (k // abreast) * height
        own = next((one for one in thresholds if _of(one) == (curve.parameter, row, event)), None)
        head = f"{event_label(event)}: {row_label(*split_row(row), titles)}"
        sheet.text(left + LEFT, top, shortened(head, width - LEFT, HEAD, "bold"), HEAD, weight="bold")
        axes = sheet.axes(left + LEFT, top + HEADER, width - LEFT - 0.08, HEIGHT[columns])
        _areas(axes, curve, row, event, own.values if own else ())
        if own is not None:
            _flips(axes, own)
        strip = sheet.axes(left + LEFT, top + HEADER + HEIGHT[columns], width - LEFT - 0.08, STRIP)
        _prior(strip, curve, prior)
        _name_axis(sheet, curve, left + LEFT, top + height - AXIS + 0.16, width - LEFT)
    text = caption(
        message,
        f"The share of draws with each status of '{plain(event)}', the event that the number moves most, with"
        f" {plain(curve.parameter)} set to the value on the horizontal axis in every draw and all else as drawn: under"
        " the row where it moves the lower and upper share most, and under the row furthest from that one. Dashed"
        " lines: where the status flips with all else at its central value. Strip: the number's own prior, 5% to 95%,"
        " with its central value.",
        provenance,
        units=f"{plain(curve.parameter)} in {curve.unit or 'its own unit'}; share of sampled parameter sets (%)",
        rows=rows,
        n=curve.n,
        notes=[_said(thresholds, curve.parameter, row, event) for row in rows],
    )
    return Drawing(sheet.figure, text)


def moved_event(curve: ThresholdCurve) -> str:
    """The event whose shares the number moves most along the grid, in any row (the first of equals)."""
    moved: dict[str, float] = {}
    for (_, event), own in curve.shares.items():
        moved[event] = max(moved.get(event, 0.0), float(np.ptp(own, axis=0).sum()))
    return max(moved, key=lambda event: moved[event])


def contrasting_rows(curve: ThresholdCurve, event: str) -> list[str]:
    """The row where the number moves the lower and upper share of an event most, and the row furthest from it."""
    bounds = {row: _bounds(own) for (row, of), own in curve.shares.items() if of == event}
    first = max(bounds, key=lambda row: round(float(np.ptp(bounds[row], axis=1).sum()), 12))
    others = [row for row in bounds if row != first]
    apart = [round(float(np.abs(bounds[row] - bounds[first]).mean()), 12) for row in others]
    return [first, others[int(np.argmax(apart))]] if others else [first]


def _bounds(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Lower and upper share along the grid, shape (2, G)."""
    neither = shares[:, STATUSES.index("never")] + shares[:, STATUSES.index("none")]
    return np.stack([shares[:, STATUSES.index("always")], np.maximum(0.0, np.round(1 - neither, 12))])


def _of(threshold: Threshold) -> tuple[str, str, str]:
    return threshold.parameter, threshold.row, threshold.event


def _areas(axes: Axes, curve: ThresholdCurve, row: str, event: str, flips: Sequence[float]) -> None:
    shares = curve.shares[row, event]
    below = np.zeros(len(curve.grid))
    axes.set_xlim(float(curve.grid[0]), float(curve.grid[-1]))
    axes.set_ylim(0, 1)
    for status in STACK:
        own = shares[:, STATUSES.index(status)]
        if own.any():
            look = LOOKS[status]
            area = axes.fill_between(
                curve.grid,
                below,
                below + own,
                facecolor=look.face,
                edgecolor=look.mark,
                linewidth=0,
                hatch=look.hatch or None,
            )
            area.set_gid(f"area.{event}.{row}.{status}")
            axes.plot(curve.grid, below + own, color=INK, linewidth=0.5)
            _name_area(axes, status, (curve.grid, below, below + own), flips)
        below = below + own
    axes.set_yticks([0, 0.5, 1], ["0", "50", "100%"])
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)


def _name_area(axes: Axes, status: str, area: tuple[Floats, Floats, Floats], flips: Sequence[float]) -> None:
    """Write a status on its own area, where there is room for the word."""
    box = axes.get_window_extent()
    width, height = box.width / axes.figure.dpi, box.height / axes.figure.dpi
    grid, look = area[0], LOOKS[status]
    size = ((text_width(status, SMALL) + 0.12) / width * float(grid[-1] - grid[0]), 0.17 / height)
    spot = label_spot(*area, size, avoid=flips)
    if spot is not None:
        back = {"facecolor": look.face, "linewidth": 0, "pad": 1.5} if look.hatch else None
        axes.text(*spot, status, size=SMALL, color=look.text, ha="center", va="center", bbox=back)


def label_spot(
    grid: Floats, low: Floats, high: Floats, size: tuple[float, float], *, avoid: Sequence[float]
) -> tuple[float, float] | None:
    """The middle of the tallest place between two curves for a box of a width and a height; None where none fits."""
    half = size[0] / 2
    best, tallest = None, size[1]
    for x in np.linspace(grid[0] + half, grid[-1] - half, 4 * len(grid)) if 2 * half < grid[-1] - grid[0] else ():
        if any(abs(x - value) <= half for value in avoid):
            continue
        across = np.concatenate([[x - half, x + half], grid[np.abs(grid - x) < half]])
        floor, ceiling = float(np.interp(across, grid, low).max()), float(np.interp(across, grid, high).min())
        if ceiling - floor > tallest + 1e-9:
            best, tallest = (float(x), (floor + ceiling) / 2), ceiling - floor
    return best


def _flips(axes: Axes, threshold: Threshold) -> None:
    for value in threshold.values:
        axes.axvline(value, color="white", linewidth=2.2)
        axes.axvline(value, color=INK, linewidth=1.0, linestyle=(0, (4, 2)))


def _prior(axes: Axes, curve: ThresholdCurve, prior: Distribution) -> None:
    low, high = quantile(prior)(np.array(MIDDLE))
    middle = float(central(prior))
    axes.set_xlim(float(curve.grid[0]), float(curve.grid[-1]))
    axes.set_ylim(0, 1)
    axes.add_patch(Rectangle((low, 0.2), high - low, 0.45, facecolor="#8C8C8C", linewidth=0))
    axes.plot([middle], [0.42], marker="D", markersize=3.4, color=INK, markerfacecolor="white", markeredgewidth=0.9)
    ticks = round_ticks(float(curve.grid[0]), float(curve.grid[-1]))
    axes.set_xticks(ticks, [number(tick) for tick in ticks])
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)


def _name_axis(sheet: Sheet, curve: ThresholdCurve, left: float, top: float, width: float) -> None:
    unit = f" ({curve.unit})" if curve.unit else ""
    name = shortened(f"{plain(curve.parameter)}{unit}", width, SMALL)
    sheet.text(left + max(0.0, (width - text_width(name, SMALL)) / 2), top, name, SMALL)


def _keys(present: Sequence[str], flips: bool) -> list[Key]:
    return [
        *status_keys(present),
        *([Key("flips, all else central", line="--", width=1.0)] if flips else []),
        Key("prior, 5% to 95%", face="#8C8C8C", mark="#8C8C8C"),
        Key("its central value", marker="D", hollow=True),
    ]


def _notes(curve: ThresholdCurve) -> list[str]:
    return [
        f"Share of {curve.n:,} sampled parameter sets at each value of {plain(curve.parameter)}, all else as drawn."
    ]


def _said(thresholds: Sequence[Threshold], parameter: str, row: str, event: str) -> str:
    found = next((one for one in thresholds if _of(one) == (parameter, row, event)), None)
    if found is None:
        return f"No thresholds of the central game are given for {row}."
    if not found.values:
        return f"Thresholds of the central game, {row}: none in range ('{found.pieces[0].status}' throughout)."
    values = listed([number(value) for value in found.values])
    statuses = ", ".join(piece.status for piece in found.pieces)
    return f"Thresholds of the central game, {row}, {found.method}: {values} ({statuses})."


def _message(curve: ThresholdCurve, event: str, rows: Sequence[str], titles: Mapping[str, str] | None) -> str:
    """How the upper share changes from one end of the range to the other, in each row."""
    parts = []
    for row in rows:
        upper = _bounds(curve.shares[row, event])[1]
        first, last = percent(float(upper[0])), percent(float(upper[-1]))
        said = f"{first} throughout" if np.ptp(upper) == 0 else f"{first} to {last}"
        parts.append(f"{said} ({row_label(*split_row(row), titles)})")
    low, high = number(float(curve.grid[0])), number(float(curve.grid[-1]))
    span = f"as {plain(curve.parameter)} goes from {low} to {high}"
    return f"{event_label(event)} always or sometimes: {', '.join(parts)} {span}"
