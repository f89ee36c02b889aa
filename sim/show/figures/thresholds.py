"""Where it flips, number by number: the range of each number that changes an event, cut where the status changes."""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from sim.analysis.thresholds import Threshold
from sim.show.figures.files import Drawing
from sim.show.figures.lines import Block, Words, draw_block, laid_out
from sim.show.figures.sheet import Key, new_sheet, status_keys
from sim.show.figures.style import INK, LOOKS, in_paper_style
from sim.show.figures.words import caption, event_label, number, number_label, plain, row_label
from sim.show.results import Provenance

TOP = {1: 5, 2: 10}  # numbers a panel, those that flip nearest to their central value
ROOM = 0.9  # inches for the values
HEIGHT = 0.64  # of a strip, in rows


@in_paper_style
def thresholds_figure(
    found: Sequence[Threshold],
    provenance: Provenance,
    columns: int = 2,
    *,
    central: Mapping[str, float],
    titles: Mapping[str, str] | None = None,
) -> Drawing:
    """Draw for each event the strips of the numbers that change it, under the row that most numbers change.

    Args:
        found: of all numbers; at least one with a threshold in range.
        provenance: for the caption.
        columns: 1 or 2 columns of a journal.
        central: the central value of each number.
        titles: player -> name as people say it.
    """
    chosen = chosen_strips(found, central)
    shown = {event: own[: TOP[columns]] for event, own in chosen.items()}
    blocks = [_block(event, own, titles) for event, own in shown.items()]
    layout = laid_out(columns, blocks, row=0.18)
    message = _message(found, chosen, central, titles)
    present = {piece.status for own in shown.values() for one in own for piece in one.pieces}
    keys = [*status_keys(sorted(present)), Key("central value", marker="|")]
    numbers = len({one.parameter for one in found})
    sheet = new_sheet(columns, message, layout.body, keys, [_note(numbers)])
    for k, (block, own) in enumerate(zip(blocks, shown.values(), strict=True)):
        axes = draw_block(sheet, layout, k, block)
        _strips(axes, own, central)
    still = [event for event in dict.fromkeys(one.event for one in found) if event not in shown]
    left = {event: [one.parameter for one in chosen[event][TOP[columns] :]] for event in shown}
    text = caption(
        message,
        "One panel an event, under the concept (and order of moves) in which most numbers change its status; one strip"
        " a number, from the least to the greatest value of its range, each on its own scale, filled by the event's"
        " status with all other numbers at their central values. Right: the values at which it changes, the nearest to"
        f" the central value first in the list. At most {TOP[columns]} numbers a panel.",
        provenance,
        units="; ".join(dict.fromkeys(f"{one.parameter} in {one.unit}" for own in shown.values() for one in own)),
        rows=list(dict.fromkeys(one.row for own in shown.values() for one in own)),
        notes=[
            *(f"Also changed by, {event}: {', '.join(names)}." for event, names in left.items() if names),
            *([f"Changed by no single number: {', '.join(still)}."] if still else []),
        ],
    )
    return Drawing(sheet.figure, text)


def chosen_strips(found: Sequence[Threshold], central: Mapping[str, float]) -> dict[str, list[Threshold]]:
    """For each event that some number changes: under the row that most change, the numbers by how near they flip."""
    chosen: dict[str, list[Threshold]] = {}
    for event in dict.fromkeys(one.event for one in found):
        rows: dict[str, list[Threshold]] = {}
        for one in found:
            if one.event == event and one.values:
                rows.setdefault(one.row, []).append(one)
        if rows:
            own = max(rows.values(), key=len)
            chosen[event] = sorted(own, key=lambda one: nearness(one, central[one.parameter]))
    return chosen


def nearness(one: Threshold, central: float) -> float:
    """From the central value to the nearest threshold, as a share of the range."""
    return min(abs(value - central) for value in one.values) / (one.pieces[-1].stop - one.pieces[0].start)


def _block(event: str, own: Sequence[Threshold], titles: Mapping[str, str] | None) -> Block:
    head = f"{event_label(event)}: {row_label(own[0].concept, own[0].order, titles)}"
    words = Words("changes at", [", ".join(map(number, one.values)) for one in own], ROOM, "left")
    ranges = Words("range", [f"{number(one.pieces[0].start)} to {number(one.pieces[-1].stop)}" for one in own])
    return Block(head, [number_label(one.parameter) for one in own], [words, ranges], foot=0.14)


def _strips(axes: Axes, own: Sequence[Threshold], central: Mapping[str, float]) -> None:
    axes.set_xlim(0, 1)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    for place, one in enumerate(own):
        least, scale = one.pieces[0].start, one.pieces[-1].stop - one.pieces[0].start
        for piece in one.pieces:
            look = LOOKS[piece.status]
            corner = ((piece.start - least) / scale, place - HEIGHT / 2)
            box = Rectangle(corner, (piece.stop - piece.start) / scale, HEIGHT, facecolor=look.face)
            box.set(edgecolor=look.mark, linewidth=0.0, hatch=look.hatch or None)
            box.set_gid(f"strip.{one.event}.{one.parameter}.{piece.start!r}")
            axes.add_patch(box)
        axes.add_patch(
            Rectangle((0, place - HEIGHT / 2), 1, HEIGHT, fill=False, edgecolor=INK, linewidth=0.4, clip_on=False)
        )
        at = (central[one.parameter] - least) / scale
        axes.plot([at, at], [place - 0.48, place + 0.48], color="white", linewidth=2.4, clip_on=False)
        axes.plot([at, at], [place - 0.48, place + 0.48], color=INK, linewidth=1.1, clip_on=False)


def _note(numbers: int) -> str:
    return (
        f"Of {numbers} uncertain numbers, those that change the status of the event when moved alone, all else at"
        " central values: nothing is sampled. Each range on its own scale."
    )


def _message(
    found: Sequence[Threshold],
    chosen: Mapping[str, Sequence[Threshold]],
    central: Mapping[str, float],
    titles: Mapping[str, str] | None,
) -> str:
    nearest = min(
        (one for own in chosen.values() for one in own), key=lambda one: nearness(one, central[one.parameter])
    )
    at = min(nearest.values, key=lambda value: abs(value - central[nearest.parameter]))
    movers = len({one.parameter for one in found if one.values})
    numbers = len({one.parameter for one in found})
    return (
        f"{movers} of {numbers} numbers change some status by themselves; nearest to its central value is"
        f" {number_label(nearest.parameter)}, at {number(at)} against {number(central[nearest.parameter])}"
        f" ({plain(nearest.event)}, {row_label(nearest.concept, nearest.order, titles)})"
    )
