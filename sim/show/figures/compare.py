"""Two scenarios on the same draws: each share in the first and in the second, and how many draws went each way."""

from collections.abc import Mapping

from matplotlib.axes import Axes

from sim.analysis.compare import ComparedRow, Comparison
from sim.show.figures.files import Drawing
from sim.show.figures.lines import moved
from sim.show.figures.panels import fit_panels, grouped, percent_axis, row_labels
from sim.show.figures.sheet import Key, new_sheet
from sim.show.figures.style import BLUE, ORANGE, in_paper_style
from sim.show.figures.words import caption, event_label, percent, plain, row_label
from sim.show.results import Provenance

ROW = {1: 0.15, 2: 0.2}  # inches from one row to the next
LEAST = 0.95  # narrowest panel, inches
SHIFT = 0.2  # rows between the two ends
ENDS = (("lower", "always", BLUE, "#BFD8EA"), ("upper", "possible", ORANGE, "#F8E0B3"))


@in_paper_style
def compare_figure(
    found: Comparison, provenance: Provenance, columns: int = 2, *, titles: Mapping[str, str] | None = None
) -> Drawing:
    """Draw what the second scenario makes of every share of the first.

    Args:
        found: at least one row.
        provenance: of the first, for the caption.
        columns: 1 or 2 columns of a journal.
        titles: player -> name as people say it, to spell the orders.
    """
    events = list(dict.fromkeys(row.event for row in found.rows))
    places, labels = grouped((row.first.row for row in found.rows), titles)
    panels = fit_panels(columns, len(events), labels, least=LEAST, height=len(labels) * ROW[columns], foot=0.24)
    message = _message(found, titles)
    sheet = new_sheet(columns, message, panels.body, _keys(found), [_note(found)])
    for k, event in enumerate(events):
        axes = panels.axes(sheet, k, event_label(event))
        axes.set_ylim(len(labels) - 0.5, -0.5)
        for row in found.rows:
            if row.event == event:
                _row(axes, row, places[row.first.row])
        row_labels(axes, range(len(labels)), labels, panels.first_in_line(k))
        percent_axis(axes)
    text = caption(
        message,
        f"One panel an event, one row a solution concept (and order of moves): the share in {found.first} (circle) and"
        f" in {found.second} (triangle), of 'always' and of 'always or sometimes'. Pale: from the first share less the"
        " draws in which the second scenario lowers it, to the first share and the draws in which it raises it.",
        provenance,
        units="share of sampled parameter sets, in percent",
        rows=list(places),
        n=found.draws,
        notes=[f"{note}." for note in found.notes],
    )
    return Drawing(sheet.figure, text)


def _row(axes: Axes, row: ComparedRow, place: int) -> None:
    axes.axhline(place + 0.5, color="#EEEEEE", linewidth=0.5, zorder=0)
    pairs = {end: (getattr(row.first, end), getattr(row.second, end)) for end, *_ in ENDS}
    same = pairs["lower"] == pairs["upper"] and row.helps["lower"] == row.helps["upper"]
    for end, word, color, pale in ENDS[:1] if same else ENDS:
        y = place if same else place + (-SHIFT if end == "lower" else SHIFT)
        first, second = pairs[end]
        reach = [first - row.hurts[end], first + row.helps[end]]
        axes.plot(reach, [y, y], color=pale, linewidth=3.0, solid_capstyle="butt", zorder=1)
        moved(axes, y, first, second, color=color, gid=f"compared.{row.event}.{row.first.row}.{word}")


def _keys(found: Comparison) -> list[Key]:
    return [
        Key("always", line="-", mark=BLUE, width=1.3),
        Key("possible (always or sometimes)", line="-", mark=ORANGE, width=1.3),
        Key(found.first, marker="o", hollow=True),
        Key(found.second, marker=">"),
        Key("draws that went each way", "#BFD8EA", mark="#BFD8EA"),
    ]


def _note(found: Comparison) -> str:
    return f"Share of {found.draws:,} sampled parameter sets, the same uniform numbers by name in both."


def _message(found: Comparison, titles: Mapping[str, str] | None) -> str:
    """The share that moves most; a fact of the table, whatever it says."""
    moves = [
        (abs(getattr(row.second, end) - getattr(row.first, end)), row, end, word)
        for row in found.rows
        for end, word, *_ in ENDS
    ]
    size, row, end, word = max(moves, key=lambda move: move[0])
    if size == 0:
        return f"{found.second} moves no share of {found.first}"
    name = f"{plain(row.event)} ({row_label(row.concept, row.order, titles)})"
    before, after = percent(getattr(row.first, end)), percent(getattr(row.second, end))
    return f"{found.second} against {found.first} moves {name} most: {word} in {before} → {after} of draws"
