"""What one would have to believe: how far from the central values an event lies, and which numbers lead there."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from matplotlib.axes import Axes

from sim.analysis.believe import Belief, Beliefs
from sim.show.figures.files import Drawing
from sim.show.figures.lines import Block, Words, draw_block, laid_out
from sim.show.figures.panels import align_ends
from sim.show.figures.sheet import Key, new_sheet
from sim.show.figures.style import BLUE, ORANGE, in_paper_style
from sim.show.figures.words import caption, event_label, number, number_label, plain, row_label
from sim.show.results import Provenance

ROOM = {1: 1.2, 2: 3.3}  # inches for the numbers that move
ENDS = {"some": "some", "all": "every"}
HEIGHT = 0.6  # of a bar, in rows


@in_paper_style
def believe_figure(
    found: Sequence[Beliefs],
    provenance: Provenance,
    columns: int = 2,
    *,
    central: Mapping[str, float],
    telling: Sequence[str] = (),
    titles: Mapping[str, str] | None = None,
) -> Drawing:
    """Draw the distances of all events, with the numbers that move.

    Args:
        found: one an event.
        provenance: for the caption.
        columns: 1 or 2 columns of a journal.
        central: the central value of each number, to say which way it moves.
        telling: concepts and orders to show; all where left out.
        titles: player -> name as people say it.
    """
    rows = list(dict.fromkeys(row.row for one in found for row in one.rows))
    kept = [row for row in rows if row in telling] or rows
    shown = {one.event: _lines([row for row in one.rows if row.row in kept]) for one in found}
    blocks = [_block(event, lines, central, columns, titles) for event, lines in shown.items()]
    blocks = [*(replace(block, foot=0.02) for block in blocks[:-1]), blocks[-1]]  # one scale, told at the foot
    layout = laid_out(columns, blocks, row=0.15, most=0.44, side_by_side=False)
    message = _message(found, central, titles)
    sheet = new_sheet(columns, message, layout.body, _keys(), [_note()])
    far = max((belief.distance or 0.0 for lines in shown.values() for belief, _ in lines), default=0.0)
    for k, (block, lines) in enumerate(zip(blocks, shown.values(), strict=True)):
        axes = draw_block(sheet, layout, k, block)
        _bars(axes, lines)
        _distances(axes, far or 1.0, told=k == len(blocks) - 1)
    text = caption(
        message,
        "One panel an event, one line a concept (and order of moves) and whether the event is to hold in some or in"
        " every equilibrium (both: the same numbers do). Bars: the smallest change found from the central values after"
        " which it does, added up over the numbers, each in half-ranges; right, the numbers that change, the furthest"
        " first where several do.",
        provenance,
        units="half-ranges of each number, added up",
        rows=kept,
        notes=[belief.sentence for lines in shown.values() for belief, _ in lines if belief.answer == "found"],
        basis=[
            "N = 1: the central values are changed, nothing is a share; near sets were searched from"
            f" {provenance.draws:,} draws and are not proved to be the nearest."
        ],
    )
    return Drawing(sheet.figure, text)


def _lines(rows: Sequence[Belief]) -> list[tuple[Belief, str]]:
    """One line a row and end; both ends share one where they say the same."""
    lines: list[tuple[Belief, str]] = []
    for row in rows:
        before = lines[-1][0] if lines else None
        if before is not None and before.row == row.row and _same(before, row):
            lines[-1] = (before, "both")
        else:
            lines.append((row, ENDS[row.end]))
    return lines


def _same(one: Belief, other: Belief) -> bool:
    near = abs((one.distance or 0.0) - (other.distance or 0.0)) < 1e-6
    return one.answer == other.answer and set(one.set) == set(other.set) and near


def said(belief: Belief, central: Mapping[str, float]) -> str:
    """The numbers that must change, as one line, or why there are none."""
    if belief.answer != "found":
        return belief.answer
    names = sorted(belief.set, key=lambda name: name != belief.bottleneck)
    signs = {name: "≥" if belief.set[name] > central[name] else "≤" for name in names}
    return ", ".join(f"{number_label(name)} {signs[name]} {number(belief.set[name])}" for name in names)


def _block(
    event: str,
    lines: Sequence[tuple[Belief, str]],
    central: Mapping[str, float],
    columns: int,
    titles: Mapping[str, str] | None,
) -> Block:
    names = [f"{row_label(one.concept, one.order, titles)}: {end}" for one, end in lines]
    words = Words("", [said(one, central) for one, _ in lines], ROOM[columns], "left")
    return Block(event_label(event), names, [words])


def _bars(axes: Axes, lines: Sequence[tuple[Belief, str]]) -> None:
    for place, (belief, end) in enumerate(lines):
        gid = f"bar.{belief.event}.{belief.row}.{belief.end}"
        if belief.answer == "found" and belief.distance:
            color = ORANGE if end == "some" else BLUE
            axes.barh(place, belief.distance, HEIGHT, color=color, linewidth=0).patches[0].set_gid(gid)
        elif belief.answer == "holds already":
            axes.plot([0], [place], marker="o", markersize=3.6, color=BLUE, clip_on=False, gid=gid)
        else:
            axes.plot([0], [place], marker="x", markersize=3.6, color="#777777", clip_on=False, gid=gid)


def _distances(axes: Axes, far: float, told: bool) -> None:
    step = next(step for step in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 1e9) if far <= 2 * step)
    axes.set_xlim(0, 2 * step)
    if not told:
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
        return
    axes.set_xticks([0, step, 2 * step], ["0", f"{step:g}", f"{2 * step:g}"])
    align_ends(axes)


def _keys() -> list[Key]:
    return [
        Key("to hold in some equilibrium", ORANGE, mark=ORANGE),
        Key("to hold in every one, or for both", BLUE, mark=BLUE),
        Key("holds already", marker="o", mark=BLUE),
        Key("impossible, or not found", marker="x", mark="#777777"),
    ]


def _note() -> str:
    return (
        "Distance from the central values in half-ranges of each number, added up; nothing is sampled. Near sets that"
        " were found, each solved again; not proved to be the nearest."
    )


def _message(found: Sequence[Beliefs], central: Mapping[str, float], titles: Mapping[str, str] | None) -> str:
    """The event that lies nearest without holding already, and the number that must move furthest."""
    rows = [row for one in found for row in one.rows]
    near = [row for row in rows if row.answer == "found"]
    if not near:
        held = sum(row.answer == "holds already" for row in rows)
        return f"At the central values {held} of {len(rows)} rows hold already; for no other were numbers found"
    first = min(near, key=lambda row: row.distance or 0.0)
    far = max(near, key=lambda row: row.distance or 0.0)
    end = "some equilibrium" if first.end == "some" else "every equilibrium"
    name = f"{plain(first.event)} in {end} ({row_label(first.concept, first.order, titles)})"
    head = f"Nearest, at {number(first.distance or 0)} half-ranges: {name}, by {said(first, central)}"
    if len(near) == 1:
        return head
    return f"{head}. Furthest, at {number(far.distance or 0)}: {plain(far.event)}"
