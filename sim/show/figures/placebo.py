"""Does the article speak, or the form of the game? Each row's range of shares above those of its two placebos.

A range runs from the share in which the event holds in every equilibrium to that in which it holds in some, or may.
"""

from collections.abc import Mapping

from matplotlib.axes import Axes

from sim.analysis.placebo import Placebo, PlaceboRow
from sim.show.figures.files import Drawing
from sim.show.figures.panels import fit_panels, grouped, percent_axis, row_labels
from sim.show.figures.sheet import Key, new_sheet
from sim.show.figures.style import BLUE, SOFT, VERMILION, in_paper_style
from sim.show.figures.words import caption, event_label, percent, plain, row_label
from sim.show.results import Provenance
from sim.sweeps.status import Share

ROW = {1: 0.16, 2: 0.24}  # inches from one row to the next
LEAST = 0.95  # narrowest panel, inches
APART = 0.05  # of sampled parameter sets: a smaller difference from the placebo is not told
KINDS = (  # of a row: what, shift in rows, colour, marker, hollow
    ("share", -0.26, BLUE, "s", False),
    ("shuffled", 0.04, VERMILION, "D", False),
    ("coin", 0.32, SOFT, "o", True),
)


@in_paper_style
def placebo_figure(
    found: Placebo, provenance: Provenance, columns: int = 2, *, titles: Mapping[str, str] | None = None
) -> Drawing:
    """Draw the shares of every row beside both placebos.

    Args:
        found: at least one row.
        provenance: for the caption.
        columns: 1 or 2 columns of a journal.
        titles: player -> name as people say it, to spell the orders.
    """
    events = list(dict.fromkeys(row.share.event for row in found.rows))
    names = list(dict.fromkeys(row.share.row for row in found.rows))
    places, labels = grouped(names, titles)
    panels = fit_panels(columns, len(events), labels, least=LEAST, height=len(labels) * ROW[columns], foot=0.24)
    message = _message(found, titles)
    sheet = new_sheet(columns, message, panels.body, _keys(), [_note(found)])
    for k, event in enumerate(events):
        axes = panels.axes(sheet, k, event_label(event))
        axes.set_ylim(len(labels) - 0.5, -0.5)
        for row in found.rows:
            if row.share.event == event:
                _ranges(axes, row, places[row.share.row])
        row_labels(axes, range(len(labels)), labels, panels.first_in_line(k))
        percent_axis(axes)
    text = caption(
        message,
        "One panel an event, one row a solution concept (and order of moves), with three lines: as argued (square),"
        " with the weights of each player shuffled among its interests (diamond), with payoffs by the toss of a coin"
        " (circle). Each line runs from the share of 'always' to the share of 'always', 'sometimes', 'open' or"
        " 'unsolved'.",
        provenance,
        units="share of sampled parameter sets, in percent",
        rows=names,
        n=found.draws,
        notes=[
            f"Pure Nash equilibria a game of independent payoffs: {found.coin_mean_equilibria:.3f} on average (standard"
            f" error {found.coin_standard_error:.3f}; 1 is expected)."
        ],
    )
    return Drawing(sheet.figure, text)


def _ranges(axes: Axes, row: PlaceboRow, place: int) -> None:
    axes.axhline(place + 0.5, color="#EEEEEE", linewidth=0.5, zorder=0)
    for kind, shift, color, marker, hollow in KINDS:
        own: Share = getattr(row, kind)
        ends, y = [own.lower, own.upper], place + shift
        (line,) = axes.plot(ends, [y, y], color=color, linewidth=1.6 if kind == "share" else 0.8, clip_on=False)
        line.set_gid(f"{kind}.{own.event}.{own.row}")
        (marks,) = axes.plot(ends, [y, y], linestyle="none", marker=marker, markersize=2.2, color=color, clip_on=False)
        marks.set(markerfacecolor="white" if hollow else color, markeredgewidth=0.6, zorder=3)


def _keys() -> list[Key]:
    words = {"share": "as argued", "shuffled": "weights shuffled", "coin": "payoffs by coin"}
    return [
        Key(words[kind], line="-", mark=color, marker=marker, hollow=hollow, width=1.2)
        for kind, _, color, marker, hollow in KINDS
    ]


def _note(found: Placebo) -> str:
    return (
        f"Share of {found.draws:,} sampled parameter sets, each line from 'always' to 'always or sometimes' (undecided"
        " counted in)."
    )


def distance(row: PlaceboRow) -> float:
    """How far a row lies from its shuffled weights: the greater move of its two shares."""
    return max(abs(row.share.lower - row.shuffled.lower), abs(row.share.upper - row.shuffled.upper))


def _message(found: Placebo, titles: Mapping[str, str] | None) -> str:
    apart = sum(distance(row) > APART for row in found.rows)
    most = max(found.rows, key=distance)
    own, other = most.share, most.shuffled
    of = "rows of the table" if len(found.rows) > 1 else "row of the table"
    head = f"The argument moves {apart} of {len(found.rows)} {of} by more than {percent(APART)[:-1]} points"
    if distance(most) == 0:
        return "Shuffled weights say the same in every row of the table"
    kind, mine, theirs = (
        ("always", own.lower, other.lower)
        if abs(own.lower - other.lower) == distance(most)
        else ("possible", own.upper, other.upper)
    )
    name = f"{plain(own.event)} ({row_label(own.concept, own.order, titles)})"
    return f"{head}; most: {name}, {kind} in {percent(mine)} as argued, in {percent(theirs)} with shuffled weights"
