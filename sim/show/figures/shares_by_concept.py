"""What each solution concept says of each event: one bar a concept and order, six statuses that add to all draws.

Stacked so that the first edge is the event's lower share (it holds in every equilibrium) and the edge before `never`
its upper share. Under each bar the same two edges for both placebos: weights shuffled among interests, payoffs by coin.
"""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from sim.analysis.headline import Headline, HeadlineRow
from sim.show.figures.files import Drawing
from sim.show.figures.panels import Panels, fit_panels, grouped, percent_axis, row_labels
from sim.show.figures.sheet import Key, Sheet, new_sheet, status_keys
from sim.show.figures.style import INK, LOOKS, SMALL, STACK, VERMILION, in_paper_style
from sim.show.figures.words import caption, event_label, percent, row_label
from sim.show.results import Provenance
from sim.sweeps.status import STATUSES, Share

ROW = {1: 0.142, 2: 0.2}  # inches from one bar to the next
BAR, SHUFFLED, COIN = (-0.36, 0.44), 0.24, 0.42  # in rows: where the bar begins and its height; the two placebos
LEAST = {1: 0.95, 2: 0.95}  # narrowest panel, inches


@in_paper_style
def shares_by_concept(
    headline: Headline, provenance: Provenance, columns: int = 2, *, titles: Mapping[str, str] | None = None
) -> Drawing:
    """Draw the headline table.

    Args:
        headline: its rows, any number of events, concepts and orders.
        provenance: for the caption.
        columns: 1 or 2 columns of a journal.
        titles: player -> name as people say it, to spell the orders.
    """
    events = list(dict.fromkeys(row.share.event for row in headline.rows))
    names = list(dict.fromkeys(row.share.row for row in headline.rows))
    places, labels = grouped(names, titles)
    depth = max(places.values()) + 1
    panels = fit_panels(columns, len(events), labels, least=LEAST[columns], height=depth * ROW[columns], foot=0.24)
    message = _message(headline, titles)
    sheet = new_sheet(columns, message, panels.body, _keys(headline.rows), [_note(headline)])
    for k, event in enumerate(events):
        own = [row for row in headline.rows if row.share.event == event]
        _panel(sheet, panels, k, event, own, places, labels)
    robust = sum(row.robust for row in headline.rows)
    text = caption(
        message,
        "One panel an event, one bar a solution concept (and order of moves): the share of draws with each status. The"
        " first edge is the share in which the event holds in every equilibrium, the edge before 'never' the share in"
        " which it holds in some or may. Lines under a bar join the same two edges for the placebos: diamond, weights"
        " shuffled among each player's interests; circle, payoffs by coin.",
        provenance,
        units="share of sampled parameter sets, in percent",
        rows=names,
        n=headline.draws,
        notes=[f"Range-robust (✓): {robust} of {len(headline.rows)} rows."],
    )
    return Drawing(sheet.figure, text)


def _panel(
    sheet: Sheet,
    panels: Panels,
    k: int,
    event: str,
    rows: Sequence[HeadlineRow],
    places: Mapping[str, int],
    labels: Sequence[str],
) -> None:
    axes = panels.axes(sheet, k, event_label(event))
    axes.set_ylim(len(labels) - 0.5, -0.5)
    for row in rows:
        _bar(axes, event, row.share, places[row.share.row])
        _placebo(axes, row.shuffled, places[row.share.row] + SHUFFLED, "D")
        _placebo(axes, row.coin, places[row.share.row] + COIN, "o")
        if row.robust:
            place = (1, places[row.share.row] + BAR[0] + BAR[1] / 2)
            axes.annotate("✓", place, (1.2, 0), textcoords="offset points", size=SMALL, va="center", color=INK)
    middles = [place + BAR[0] + BAR[1] / 2 for place in range(len(labels))]
    row_labels(axes, middles, labels, panels.first_in_line(k))
    percent_axis(axes)


def _bar(axes: Axes, event: str, share: Share, place: int) -> None:
    left = 0.0
    for status in STACK:
        width = share.share(status)
        if width > 0:
            look = LOOKS[status]
            box = Rectangle(
                (left, place + BAR[0]),
                width,
                BAR[1],
                facecolor=look.face,
                edgecolor=look.mark,
                hatch=look.hatch or None,
                linewidth=0.0,
            )
            box.set_gid(f"bar.{event}.{share.row}.{status}")
            axes.add_patch(box)
        left += width
    axes.add_patch(Rectangle((0, place + BAR[0]), 1, BAR[1], fill=False, edgecolor=INK, linewidth=0.4))


def _placebo(axes: Axes, share: Share, height: float, marker: str) -> None:
    color = VERMILION if marker == "D" else INK
    axes.plot([share.lower, share.upper], [height, height], color=color, linewidth=0.7, clip_on=False)
    axes.plot(
        [share.lower, share.upper],
        [height, height],
        linestyle="none",
        marker=marker,
        markersize=2.0,
        markeredgewidth=0.5,
        markeredgecolor=color,
        markerfacecolor="white" if marker == "o" else color,
        clip_on=False,
    )


def _keys(rows: Sequence[HeadlineRow]) -> list[Key]:
    present = [status for status in STATUSES if any(row.share.share(status) > 0 for row in rows)]
    placebo = [
        Key("placebo: weights shuffled", marker="D", line="-", mark=VERMILION, width=0.7),
        Key("placebo: payoffs by coin", marker="o", line="-", hollow=True, width=0.7),
    ]
    return [*status_keys(present), *placebo, Key("range-robust", letter="✓")]


def _note(headline: Headline) -> str:
    coalitions = (
        " strong-k: no coalition of up to k gains; any: of whatever members, else those that could plan together."
    )
    listed_only = any(row.share.concept.endswith("-any") for row in headline.rows)
    return (
        f"Share of {headline.draws:,} sampled parameter sets. A placebo's line runs from its share of 'always' to its"
        " share of 'always or sometimes'. Range-robust: the same status is the largest with ranges halved, doubled and"
        f" uniform.{coalitions if listed_only else ''}"
    )


def _message(headline: Headline, titles: Mapping[str, str] | None) -> str:
    """Where the first event's `always` is least and greatest: a fact of the table, whatever it says."""
    event = headline.rows[0].share.event
    shares = [row.share for row in headline.rows if row.share.event == event]
    least, most = min(shares, key=lambda one: one.lower), max(shares, key=lambda one: one.lower)
    name, of = event_label(event), f"of {headline.draws:,} sampled parameter sets"
    if percent(least.lower) == percent(most.lower):
        return f"{name}: always in {percent(most.lower)} {of}, whatever the concept"
    low = f"{percent(least.lower)} ({row_label(least.concept, least.order, titles)})"
    return f"{name}: always in {low} to {percent(most.lower)} ({row_label(most.concept, most.order, titles)}) {of}"
