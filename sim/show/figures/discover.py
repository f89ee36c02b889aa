"""In which box of the numbers an event lives: each rule as a part of its number's range, and how dense the box is."""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from sim.analysis.discover import Box, Discovery
from sim.show.figures.files import Drawing
from sim.show.figures.lines import Block, Words, draw_block, laid_out
from sim.show.figures.sheet import Key, new_sheet
from sim.show.figures.style import BLUE, INK, in_paper_style
from sim.show.figures.words import caption, event_label, number, number_label, percent, plain, row_label
from sim.show.results import Provenance

HEIGHT = 0.5  # of a range, in rows


@in_paper_style
def discover_figure(
    found: Discovery,
    provenance: Provenance,
    columns: int = 2,
    *,
    ranges: Mapping[str, tuple[float, float, float]],
    titles: Mapping[str, str] | None = None,
) -> Drawing:
    """Draw for each event the box that gains most density.

    Args:
        found: at least one row with a box.
        provenance: for the caption.
        columns: 1 or 2 columns of a journal.
        ranges: number -> its least, central and greatest value.
        titles: player -> name as people say it.
    """
    shown = chosen_boxes(found)
    blocks = [_block(one, titles) for one in shown]
    layout = laid_out(columns, blocks, row=0.18)
    message = _message(shown, titles)
    sheet = new_sheet(columns, message, layout.body, _keys(), [_note(found, shown)])
    for k, (block, one) in enumerate(zip(blocks, shown, strict=True)):
        _ranges(draw_block(sheet, layout, k, block), one, ranges)
    without = [event for event in dict.fromkeys(row.event for row in found.rows) if event not in _events(shown)]
    text = caption(
        message,
        "One panel an event, under the concept (and order of moves) where a box makes it denser than elsewhere by most."
        " Each line is the whole range of one number, on its own scale, the part inside the box dark; tick: its central"
        " value. In the panel's name: the share of all draws in which the event holds, then the density, that of draws"
        " inside the box. Again: percent of resamples that pick the number again. Boxes are found on one half of the"
        " draws and measured on the other.",
        provenance,
        units="share of sampled parameter sets, in percent; each number in its own unit",
        rows=list(dict.fromkeys(one.row for one in shown)),
        n=found.draws,
        notes=[*(_measured(one) for one in shown), *([f"No box: {', '.join(without)}."] if without else [])],
    )
    return Drawing(sheet.figure, text)


def chosen_boxes(found: Discovery) -> list[Box]:
    """For each event that has a box the one that gains most density."""
    boxes = [row for row in found.rows if row.rules]
    return [
        max((one for one in boxes if one.event == event), key=lambda one: one.density - one.share)
        for event in _events(boxes)
    ]


def _events(boxes: Sequence[Box]) -> list[str]:
    return list(dict.fromkeys(one.event for one in boxes))


def _name(one: Box, titles: Mapping[str, str] | None) -> str:
    return f"{event_label(one.event)} ({one.end}, {row_label(one.concept, one.order, titles)})"


def _block(one: Box, titles: Mapping[str, str] | None) -> Block:
    head = f"{_name(one, titles)}: {percent(one.share)} → {percent(one.density)}"
    words = (
        Words("inside", [_inside(rule.low, rule.high) for rule in one.rules], align="left"),
        Words("again, %", [percent(rule.stability)[:-1] for rule in one.rules]),
    )
    return Block(head, [number_label(rule.name) for rule in one.rules], words, foot=0.14)


def _inside(low: float | None, high: float | None) -> str:
    if low is None:
        return f"≤ {number(high or 0.0)}"
    return f"≥ {number(low)}" if high is None else f"{number(low)} to {number(high)}"


def _ranges(axes: Axes, one: Box, ranges: Mapping[str, tuple[float, float, float]]) -> None:
    axes.set_xlim(0, 1)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    for place, rule in enumerate(one.rules):
        least, central, greatest = ranges[rule.name]
        scale = greatest - least
        start = 0.0 if rule.low is None else (rule.low - least) / scale
        stop = 1.0 if rule.high is None else (rule.high - least) / scale
        y = place - HEIGHT / 2
        axes.add_patch(Rectangle((0, y), 1, HEIGHT, facecolor="#E4E4E4", linewidth=0))
        box = Rectangle((start, y), stop - start, HEIGHT, facecolor=BLUE, linewidth=0)
        box.set_gid(f"box.{one.event}.{rule.name}")
        axes.add_patch(box)
        at = (central - least) / scale
        axes.plot([at, at], [place - 0.4, place + 0.4], color=INK, linewidth=1.0, clip_on=False)


def _measured(one: Box) -> str:
    low, high = one.interval
    return f"{one.sentence} (95% interval of the density {percent(low)} to {percent(high)}, {one.inside:,} draws.)"


def _keys() -> list[Key]:
    return [
        Key("range of the number", "#E4E4E4", mark="#E4E4E4"),
        Key("inside the box", BLUE, mark=BLUE),
        Key("central value", marker="|"),
    ]


def _note(found: Discovery, shown: Sequence[Box]) -> str:
    held = ", ".join(f"{plain(one.event)} {percent(one.coverage)}" for one in shown)
    return (
        "In each name: share of all sampled parameter sets in which it holds → share of those in the box. The boxes"
        f" hold of it: {held}. Each number on its own scale; {found.draws:,} draws, half of them held out to measure."
    )


def _message(shown: Sequence[Box], titles: Mapping[str, str] | None) -> str:
    best = max(shown, key=lambda one: one.density - one.share)
    rules = " and ".join(f"{number_label(rule.name)} {_inside(rule.low, rule.high)}" for rule in best.rules)
    return f"{_name(best, titles)} holds in {percent(best.share)} of draws, in {percent(best.density)} with {rules}"
