"""Which edit did it: the share that each edit moves most when it is made alone, and what all together do."""

from collections.abc import Mapping, Sequence

from sim.analysis.diff import Diff, EditRow, Effect
from sim.show.figures.files import Drawing
from sim.show.figures.lines import Block, Words, draw_block, laid_out, moved, share_axis, under
from sim.show.figures.sheet import Key, new_sheet
from sim.show.figures.style import BLUE, ORANGE, in_paper_style
from sim.show.figures.words import caption, percent, plain, row_label
from sim.show.results import Provenance

EDITS = {1: 16, 2: 30}  # at most
ROOM = 2.0  # inches for the row that moves most
LINES = {1: 2, 2: 1}  # an edit: on one column the row that moves most stands below it
ROW = {1: 0.14, 2: 0.165}  # inches
TOGETHER = "all edits together"


@in_paper_style
def diff_figure(
    found: Diff, provenance: Provenance, columns: int = 2, *, titles: Mapping[str, str] | None = None
) -> Drawing:
    """Draw the effect of each edit that moves a headline share.

    Args:
        found: two files that differ and can be compared.
        provenance: of the first, for the caption.
        columns: 1 or 2 columns of a journal.
        titles: player -> name as people say it, to spell the orders.
    """
    alive = [row for row in found.rows if row.size > 0]
    shown = alive[: EDITS[columns]]
    changes = [max(found.together, key=lambda change: change.size)]
    changes += [max(row.changes, key=lambda change: change.size) for row in shown]
    names = [TOGETHER, *(row.edit.place for row in shown)]
    block = _block(names, changes, columns, titles)
    layout = laid_out(columns, [block], row=ROW[columns], most=0.45)
    message = _message(found, shown, titles)
    sheet = new_sheet(columns, message, layout.body, _keys(found), [_note(found, len(alive))])
    axes = draw_block(sheet, layout, 0, block)
    ends = [_shares(change) for change in changes]
    for place, (name, change, (word, before, after)) in enumerate(zip(names, changes, ends, strict=True)):
        gid = f"edit.{name}.{change.event}.{word}"
        moved(axes, LINES[columns] * place, before, after, color=BLUE if word == "always" else ORANGE, gid=gid)
    share_axis(axes, max(share for _, *pair in ends for share in pair))
    text = caption(
        message,
        f"The first line is all {len(found.rows)} edits that make {found.second} of {found.first}; then one line an"
        " edit made alone, the one that moves a headline share most first: the share that it moves most (named beside"
        " it), before (circle) and after (triangle), on the same draws.",
        provenance,
        units="share of sampled parameter sets, in percent; points are percentage points",
        rows=list(dict.fromkeys(_row(change) for change in found.together)),
        n=found.draws,
        notes=[*(f"{row.edit}." for row in shown), *_others(found, shown)],
    )
    return Drawing(sheet.figure, text)


def _block(names: Sequence[str], changes: Sequence[Effect], columns: int, titles: Mapping[str, str] | None) -> Block:
    where = [_where(change, titles) for change in changes]
    points = [f"{100 * change.size:.1f}" for change in changes]
    if LINES[columns] > 1:
        return Block("", under(names, where), [Words("points", under(points, [""] * len(points)))], lines=2)
    return Block("", names, [Words("moves most", where, ROOM, "left"), Words("points", points)])


def _row(change: Effect) -> str:
    return change.concept if change.order is None else f"{change.concept}.{change.order}"


def _where(change: Effect, titles: Mapping[str, str] | None) -> str:
    return f"{plain(change.event)}, {row_label(change.concept, change.order, titles)}"


def _shares(change: Effect) -> tuple[str, float, float]:
    certain = abs(change.always[1] - change.always[0]) >= abs(change.possible[1] - change.possible[0])
    return ("always", *change.always) if certain else ("possible", *change.possible)


def _others(found: Diff, shown: Sequence[EditRow]) -> list[str]:
    still = [row.edit.place for row in found.rows if row.size == 0 and not row.reason]
    notes = [f"{row.edit.place}: {row.reason}." for row in found.rows if row.reason]
    notes += [f"Alone they move nothing: {', '.join(still)}."] if still else []
    left = [row.edit.place for row in found.rows if row.size > 0 and row not in shown]
    return notes + ([f"Not shown: {', '.join(left)}."] if left else [])


def _keys(found: Diff) -> list[Key]:
    return [
        Key("always", line="-", mark=BLUE, width=1.3),
        Key("possible (always or sometimes)", line="-", mark=ORANGE, width=1.3),
        Key(found.first, marker="o", hollow=True),
        Key("edited", marker=">"),
    ]


def _note(found: Diff, alive: int) -> str:
    return (
        f"Share of {found.draws:,} sampled parameter sets. {alive} of {len(found.rows)} edits move a headline"
        " share when made alone."
    )


def _message(found: Diff, shown: Sequence[EditRow], titles: Mapping[str, str] | None) -> str:
    most = max(found.together, key=lambda change: change.size)
    word, before, after = _shares(most)
    edits = f"{len(found.rows)} edits" if len(found.rows) > 1 else "One edit"
    name = f"{plain(most.event)} ({row_label(most.concept, most.order, titles)}; {word})"
    head = f"{edits} take {name} from {percent(before)} to {percent(after)}"
    if len(found.rows) == 1:
        return head.replace(" take ", " takes ")
    if not shown:
        return f"{head}; none moves a share alone"
    return f"{head}; alone, {shown[0].edit.place} moves a share most, by {100 * shown[0].size:.1f} points"
