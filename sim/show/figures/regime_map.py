"""The plane of two numbers cut into regions of one outcome, all else central; each region is named where it lies."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import ListedColormap
from numpy.typing import NDArray

from sim.analysis.regime_map import RegimeMap
from sim.show.figures.files import Drawing
from sim.show.figures.panels import round_ticks
from sim.show.figures.sheet import MARGIN, Key, Sheet, line_height, new_sheet
from sim.show.figures.style import INK, SMALL, WIDTH, in_paper_style, shortened, text_width, wrapped
from sim.show.figures.words import caption, number, percent, plain, row_label
from sim.show.results import Provenance

SIDE = {1: 2.55, 2: 3.6}  # height of the map, inches
LEFT, FOOT = 0.62, 0.42  # inches for the two axes
MARK = 0.07  # inches around the central point that are its own
# Light tints of one lightness step each, so that black text reads on all and grey tells neighbours apart.
TINTS = ("#F9F6E4", "#9DBFD6", "#F3D9A9", "#7BA995", "#DBBBCE", "#A8A8A8", "#F5EEA9", "#6E90B4", "#EFC7B3", "#FFFFFF")
SIGNS = "123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@in_paper_style
def regime_map_figure(
    regimes: RegimeMap, provenance: Provenance, columns: int = 2, *, central: tuple[float, float] | None = None
) -> Drawing:
    """Draw the regions, their borders, and the central point.

    Args:
        regimes: at most `len(SIGNS)` different outcomes.
        provenance: for the caption.
        columns: 1 or 2 columns of a journal.
        central: the two numbers' central values.
    """
    size = (WIDTH[columns] - 2 * MARGIN - LEFT - 0.1, SIDE[columns])
    present = [k for k in range(len(regimes.labels)) if bool((regimes.code == k).any())]
    free = _without_point(regimes, size, central)
    spots = {k: region_spot(free, k, size, _plain_label(regimes, k)) for k in present}
    signs = {k: SIGNS[i] for i, k in enumerate(k for k in present if spots[k] is None)}
    message = _message(regimes, present, central)
    keys = [Key(f"{sign}: {_plain_label(regimes, k)}", face=_tint(k)) for k, sign in signs.items()]
    if central is not None:
        keys.append(Key("central values", marker="D", hollow=True))
    sheet = new_sheet(columns, message, SIDE[columns] + FOOT, keys, [_note(regimes)])
    axes = sheet.axes(MARGIN + LEFT, sheet.top, *size)
    _regions(axes, regimes)
    if central is not None:
        axes.plot(
            *central, marker="D", markersize=5, color=INK, markerfacecolor="white", markeredgewidth=1.1, clip_on=False
        )
    for k in present:
        spot = spots[k] or region_spot(free, k, size, signs[k], least=True)
        if spot is not None:
            _write(axes, regimes, spot, _lines(_plain_label(regimes, k)) if k not in signs else [signs[k]])
    _name_axes(sheet, axes, regimes, size)
    row = regimes.concept if regimes.order is None else f"{regimes.concept}.{regimes.order}"
    text = caption(
        message,
        f"The outcome under {row} at each pair of values of {plain(regimes.x)} and {plain(regimes.y)}, every other"
        f" number at its central value, on a grid of {len(regimes.x_grid)} x {len(regimes.y_grid)}; a region narrower"
        " than a step of the grid may be missed. Diamond: the central values of both.",
        provenance,
        units=f"{plain(regimes.x)} in {regimes.x_unit or 'its own unit'}; {plain(regimes.y)} in"
        f" {regimes.y_unit or 'its own unit'}",
        rows=[row],
        notes=[f"{_plain_label(regimes, k)}: {_area(regimes, k)} of the map." for k in present],
    )
    return Drawing(sheet.figure, text)


def region_spot(
    code: NDArray[np.int64], region: int, size: tuple[float, float], label: str, *, least: bool = False
) -> tuple[float, float] | None:
    """Where a label lies wholly inside a region, as shares of the map's width and height; None where it fits nowhere.

    Args:
        code: shape (Y, X), the region of each cell.
        region: which one.
        size: of the map, inches.
        label: broken into lines as it is drawn.
        least: a sign, which stands in one line and closer to the border.
    """
    lines = [label] if least else _lines(label)
    edge = 0.02 if least else 0.08
    wide = max(text_width(line, SMALL) for line in lines) + edge
    high = len(lines) * line_height(SMALL) + (0.0 if least else edge)
    inside = code == region
    cells = (inside.shape[0] / size[1] * high, inside.shape[1] / size[0] * wide)
    for room in (3.0, 2.5, 2.0, 1.6, 1.3, 1.0):  # the roomiest place first
        spot = _window(inside, int(np.ceil(cells[0] * room)), int(np.ceil(cells[1] * room)))
        if spot is not None:
            return spot
    return None


def _without_point(
    regimes: RegimeMap, size: tuple[float, float], central: tuple[float, float] | None
) -> NDArray[np.int64]:
    """The regions, with -1 where the mark of the central point lies: no label goes there."""
    code = regimes.code.copy()
    if central is not None:
        x, y = regimes.x_grid, regimes.y_grid
        across = np.abs(x - central[0]) / np.ptp(x) * size[0] < MARK
        up = np.abs(y - central[1]) / np.ptp(y) * size[1] < MARK
        code[np.ix_(up, across)] = -1
    return code


def _window(inside: NDArray[np.bool_], high: int, wide: int) -> tuple[float, float] | None:
    """The centre of a window of cells that lies inside, nearest the middle of all such; None where there is none."""
    rows, columns = inside.shape
    if high > rows or wide > columns:
        return None
    sums = np.zeros((rows + 1, columns + 1), dtype=np.int64)
    sums[1:, 1:] = inside.cumsum(axis=0).cumsum(axis=1)
    count = sums[high:, wide:] - sums[:-high, wide:] - sums[high:, :-wide] + sums[:-high, :-wide]
    found = np.argwhere(count == high * wide)
    if not len(found):
        return None
    best = found[np.argmin(((found - found.mean(axis=0)) ** 2).sum(axis=1))]
    return (float(best[1]) + wide / 2) / columns, (float(best[0]) + high / 2) / rows


def _regions(axes: Axes, regimes: RegimeMap) -> None:
    x, y = _edges(regimes.x_grid), _edges(regimes.y_grid)
    tints = ListedColormap([_tint(k) for k in range(len(regimes.labels))])
    axes.pcolormesh(x, y, regimes.code, cmap=tints, vmin=-0.5, vmax=len(regimes.labels) - 0.5, rasterized=True)
    across, down = regimes.code[:, 1:] != regimes.code[:, :-1], regimes.code[1:] != regimes.code[:-1]
    upright = [[(x[c + 1], y[r]), (x[c + 1], y[end])] for c, r, end in _borders(across.T)]
    level = [[(x[c], y[r + 1]), (x[end], y[r + 1])] for r, c, end in _borders(down)]
    axes.add_collection(LineCollection([*upright, *level], colors=INK, linewidths=0.8, capstyle="projecting"))
    axes.set_xlim(float(x[0]), float(x[-1]))
    axes.set_ylim(float(y[0]), float(y[-1]))
    for axis, grid in ((axes.xaxis, x), (axes.yaxis, y)):
        ticks = round_ticks(float(grid[0]), float(grid[-1]))
        axis.set_ticks(ticks, [number(tick) for tick in ticks])
    for side in ("top", "right"):
        axes.spines[side].set_visible(True)


def _borders(marked: NDArray[np.bool_]) -> list[tuple[int, int, int]]:
    """Runs of True along each row: (row, first, one past the last), so that a straight border is one line."""
    padded = np.pad(marked, ((0, 0), (1, 1))).astype(np.int8)
    change = np.diff(padded, axis=1)
    starts, stops = np.argwhere(change == 1).tolist(), np.argwhere(change == -1).tolist()
    return [(row, first, stop) for (row, first), (_, stop) in zip(starts, stops, strict=True)]


def _edges(grid: NDArray[np.float64]) -> NDArray[np.float64]:
    """Borders of cells around the values of a grid; the outer cells end at the grid."""
    middles = (grid[1:] + grid[:-1]) / 2
    return np.concatenate([grid[:1], middles, grid[-1:]])


def _write(axes: Axes, regimes: RegimeMap, spot: tuple[float, float], lines: Sequence[str]) -> None:
    axes.text(*spot, "\n".join(lines), transform=axes.transAxes, size=SMALL, ha="center", va="center", color="#000000")


def _lines(label: str) -> list[str]:
    return wrapped(label, 1.5, SMALL)


def _tint(k: int) -> str:
    return TINTS[k % len(TINTS)]


def _plain_label(regimes: RegimeMap, k: int) -> str:
    return plain(regimes.labels[k])


def _name_axes(sheet: Sheet, axes: Axes, regimes: RegimeMap, size: tuple[float, float]) -> None:
    for name, unit, setter, room in (
        (regimes.x, regimes.x_unit, axes.set_xlabel, size[0]),
        (regimes.y, regimes.y_unit, axes.set_ylabel, size[1]),
    ):
        setter(shortened(f"{plain(name)} ({unit})" if unit else plain(name), room, SMALL), size=SMALL, labelpad=2)


def _area(regimes: RegimeMap, k: int) -> str:
    return percent(float((regimes.code == k).mean()))


def _note(regimes: RegimeMap) -> str:
    row = row_label(regimes.concept, regimes.order)
    kind = f"{row} (subgame-perfect)" if regimes.order is not None else row
    return f"{kind}; all other numbers at their central values: nothing is sampled."


def _message(regimes: RegimeMap, present: Sequence[int], central: tuple[float, float] | None) -> str:
    area = {k: float((regimes.code == k).mean()) for k in present}
    most = max(present, key=lambda k: area[k])
    pair = f"{plain(regimes.x)} and {plain(regimes.y)}"
    if len(present) == 1:
        return f"{_plain_label(regimes, most)} at every {pair} in range"
    if central is None:
        return (
            f"{len(present)} outcomes over {pair}; the largest: {_plain_label(regimes, most)} ({percent(area[most])})"
        )
    here = regimes.code[_nearest(regimes.y_grid, central[1]), _nearest(regimes.x_grid, central[0])]
    told = _plain_label(regimes, int(here))
    return (
        f"At the central values: {told}. That region, one of {len(present)}, covers {percent(area[int(here)])} of the"
        f" plane of {pair}"
    )


def _nearest(grid: NDArray[np.float64], value: float) -> int:
    return int(np.argmin(np.abs(grid - value)))
