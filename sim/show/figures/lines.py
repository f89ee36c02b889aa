"""Panels of labelled lines: names at the left, axes in the middle, words in columns at the right."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from sim.show.figures.panels import align_ends
from sim.show.figures.sheet import MARGIN, Sheet, line_height
from sim.show.figures.style import BLUE, HEAD, INK, SMALL, SOFT, WIDTH, shortened, text_width

ROW = 0.165  # inches from one line to the next
AXIS, GUTTER = 0.26, 0.25  # inches below a panel, and between two
GAP = 0.08  # inches between columns of words
NARROW = 0.9  # inches of axes that hold no more than two labels
ABREAST = {1: 1, 2: 2}  # panels side by side


@dataclass(frozen=True, slots=True)
class Words:
    """A column of short texts at the right of the axes; cut to `room` inches where that is given."""

    heading: str
    texts: Sequence[str]
    room: float = 0.0
    align: str = "right"

    @property
    def width(self) -> float:
        """Inches that it takes."""
        return self.room or max(text_width(text, SMALL) for text in (self.heading, *self.texts))


@dataclass(frozen=True, slots=True)
class Block:
    """One panel: what it is called, one name a line, and the columns of words."""

    head: str
    names: Sequence[str]
    words: Sequence[Words] = ()
    foot: float = AXIS  # inches for its axis
    lines: int = 1  # of text for each thing; all but the first are soft

    @property
    def headed(self) -> float:
        """Inches above the axes: the panel's name, and the headings of the columns where it has some."""
        columns = line_height(SMALL) if any(one.heading for one in self.words) else 0.0
        return 0.04 + line_height(HEAD) * bool(self.head) + columns + 0.02


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the panels stand, in inches from the left edge and from the top of the body, and how tall the body is."""

    places: Sequence[tuple[float, float]]
    width: float
    body: float
    labels: float  # of the names
    row: float


def laid_out(
    columns: int, blocks: Sequence[Block], *, row: float = ROW, most: float = 0.4, side_by_side: bool = True
) -> Layout:
    """Panels in reading order, each line of panels as tall as its tallest.

    Args:
        columns: 1 or 2 columns of a journal.
        blocks: the panels.
        row: inches from one line of a panel to the next.
        most: of a panel's width may be names.
        side_by_side: two panels abreast where there is room for them.
    """
    abreast = min(ABREAST[columns] if side_by_side else 1, len(blocks))
    width = (WIDTH[columns] - 2 * MARGIN - GUTTER * (abreast - 1)) / abreast
    places, top = [], 0.0
    for start in range(0, len(blocks), abreast):
        line = blocks[start : start + abreast]
        places += [(MARGIN + k * (width + GUTTER), top) for k in range(len(line))]
        top += max(one.headed + len(one.names) * row + one.foot for one in line)
    longest = max(text_width(name, SMALL) for one in blocks for name in one.names) + 0.06
    return Layout(places, width, top, min(longest, most * width), row)


def draw_block(sheet: Sheet, layout: Layout, k: int, block: Block) -> Axes:
    """Write the words of panel k and return its axes, one unit a line from the top, with no axis of its own yet."""
    left, top = layout.places[k]
    top += sheet.top
    if block.head:
        sheet.text(left, top + 0.04, shortened(block.head, layout.width, HEAD, "bold"), HEAD, weight="bold")
    top += block.headed
    right = left + layout.width
    middles = [top + (place + 0.5) * layout.row for place in range(len(block.names))]
    for one in reversed(block.words):
        at = right if one.align == "right" else right - one.width
        heading = top - 0.02 - line_height(SMALL)
        sheet.text(at, heading, shortened(one.heading, one.width, SMALL), SMALL, color=SOFT, align=one.align)
        for y, text in zip(middles, one.texts, strict=True):
            sheet.text(at, y, shortened(text, one.width, SMALL), SMALL, align=one.align, middle=True)
        right -= one.width + GAP
    for k, (y, name) in enumerate(zip(middles, block.names, strict=True)):
        own, color = shortened(name, layout.labels - 0.059, SMALL), SOFT if k % block.lines else INK
        sheet.text(left + layout.labels - 0.06, y, own, SMALL, color=color, align="right", middle=True)
    axes = sheet.axes(left + layout.labels, top, right - left - layout.labels, len(block.names) * layout.row)
    axes.set_ylim(len(block.names) - 0.5, -0.5)
    for place in range(0, len(block.names), block.lines):
        axes.axhline(place, color="#EEEEEE", linewidth=0.5, zorder=0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    return axes


def inches(axes: Axes) -> float:
    """How wide axes are."""
    return float(axes.bbox.width / axes.get_figure(root=True).dpi)  # type: ignore[union-attr]


def under(names: Sequence[str], texts: Sequence[str]) -> list[str]:
    """Two lines for each name: the name, and below it what is said of it."""
    return [line for pair in zip(names, texts, strict=True) for line in pair]


def share_axis(axes: Axes, greatest: float, least: float = 0.0) -> None:
    """From 0 (or a round share below the least) to a round share above the greatest, in percent."""
    top = next(top for top in (0.1, 0.2, 0.5, 1.0) if greatest <= top + 1e-9)
    bottom = 0.0 if least < 0.5 else 0.5
    axes.set_xlim(bottom, top)
    values = [bottom, (bottom + top) / 2, top] if inches(axes) > NARROW else [bottom, top]
    axes.set_xticks(values, [f"{100 * value:g}" + "%" * (value == top) for value in values])
    align_ends(axes)


def moved(axes: Axes, y: float, before: float, after: float, *, color: str = BLUE, gid: str) -> None:
    """An open circle before, a line, and a filled triangle after; a bare tick where nothing moves."""
    (line,) = axes.plot([before, after], [y, y], color=color, linewidth=1.3, solid_capstyle="butt", clip_on=False)
    line.set_gid(gid)
    if before == after:
        axes.plot([before], [y], marker="|", markersize=4, color=color, clip_on=False)
        return
    for x, marker, face in ((before, "o", "white"), (after, ">" if after >= before else "<", color)):
        (end,) = axes.plot([x], [y], marker=marker, markersize=3.2, color=color, markerfacecolor=face)
        end.set(markeredgewidth=0.8, clip_on=False, linestyle="none")
