"""The numbers or the model: the share under every structure in ascending order, what each structure is, and variance.

The specification curve of Simonsohn, Simmons & Nelson (2020): dots above, marks below that say which choices made them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from sim.analysis.structure import ENDS, FACTORS, Specification, Structure, Variance
from sim.show.figures.files import Drawing
from sim.show.figures.panels import Panels, fit_panels, grouped
from sim.show.figures.sheet import Key, Sheet, new_sheet
from sim.show.figures.style import BLUE, INK, SKY, SMALL, SOFT, VERMILION, in_paper_style
from sim.show.figures.words import caption, event_label, percent, plain
from sim.show.results import Provenance

EVENTS = {1: 4, 2: 10}  # at most, those whose answers differ most
LEAST = 0.8  # narrowest panel, inches
CURVE = {1: 0.7, 2: 1.0}  # inches
LINE = 0.125  # inches from one mark, or bar of variance, to the next
BETWEEN = 0.08  # inches between the three parts of a panel
PARTS = (*FACTORS, "interactions")
WORDS = {
    "numbers": "the numbers",
    "end": "which equilibrium",
    "concept": "the concept",
    "order": "the order of moves",
    "version": "the version",
    "interactions": "their interplay",
}


@dataclass(frozen=True, slots=True)
class _Marks:
    """Which line of the marks each choice has, and the labels of the lines."""

    rows: Mapping[str, int]
    ends: Mapping[str, int]
    versions: Mapping[str, int]
    labels: Sequence[str]


@in_paper_style
def structure_figure(
    found: Structure, provenance: Provenance, columns: int = 2, *, titles: Mapping[str, str] | None = None
) -> Drawing:
    """Draw the specification curve and the shares of the variance of each event.

    Args:
        found: at least one event.
        provenance: for the caption.
        columns: 1 or 2 columns of a journal.
        titles: player -> name as people say it, to spell the orders.
    """
    divided = sorted(found.variance, key=lambda one: -one.total)[: EVENTS[columns]]
    shown = [one for one in found.variance if one in divided]
    marks = _marks(found.specifications, titles)
    parts = [part for part in PARTS if any(one.parts[part] > 0 for one in found.variance)] or ["numbers"]
    labels = [*marks.labels, *(WORDS[part] for part in parts)]
    height = CURVE[columns] + (len(marks.labels) + len(parts)) * LINE + 2 * BETWEEN
    panels = fit_panels(columns, len(shown), labels, least=LEAST, height=height, foot=0.1)
    message = _message(found)
    sheet = new_sheet(columns, message, panels.body, _keys(), [_note(found)])
    for k, one in enumerate(shown):
        own = [spec for spec in found.specifications if spec.event == one.event]
        own.sort(key=lambda spec: spec.share)  # stable: equals in the order of the table
        _panel(sheet, panels, k, own, one, marks, parts, CURVE[columns])
    left = [one.event for one in found.variance if one not in shown]
    text = caption(
        message,
        "One panel an event. Top: the share of draws in which it holds under each structure, ascending; line: the same"
        " with the weights of each player shuffled among its interests. Middle: which concept (and order of moves),"
        " end of the set of equilibria, and version makes each dot. Bottom: percent of the variance over all structures"
        " and draws that each choice makes by itself, and together with others.",
        provenance,
        units="share of sampled parameter sets, in percent; share of the variance, in percent",
        rows=list(marks.rows),
        n=found.draws,
        notes=[f"Not shown: {', '.join(left)}."] if left else (),
    )
    return Drawing(sheet.figure, text)


def _marks(specifications: Sequence[Specification], titles: Mapping[str, str] | None) -> _Marks:
    rows, labels = grouped((one.row for one in specifications), titles)
    ends = {end: len(labels) + k for k, end in enumerate(ENDS)}
    labels = [*labels, "every equilibrium", "some equilibrium"]
    names = list(dict.fromkeys(one.version for one in specifications))
    versions = {name: len(labels) + k for k, name in enumerate(names)} if len(names) > 1 else {}
    return _Marks(rows, ends, versions, [*labels, *versions])


def _panel(
    sheet: Sheet,
    panels: Panels,
    k: int,
    own: Sequence[Specification],
    variance: Variance,
    marks: _Marks,
    parts: Sequence[str],
    curve: float,
) -> None:
    left, top = panels.place(k)
    first = panels.first_in_line(k)
    whole = panels.axes(sheet, k, event_label(variance.event))  # its name; the parts stand on their own axes
    whole.set_axis_off()
    y = sheet.top + top
    axes = sheet.axes(left, y, panels.width, curve)
    _curve(axes, own, first)
    y += curve + BETWEEN
    below = sheet.axes(left, y, panels.width, len(marks.labels) * LINE)
    _which(below, own, marks)
    _names(sheet, left, y, marks.labels if first else [])
    y += len(marks.labels) * LINE + BETWEEN
    bars = sheet.axes(left, y, panels.width, len(parts) * LINE)
    _variance(bars, variance, parts)
    _names(sheet, left, y, [WORDS[part] for part in parts] if first else [])


def _names(sheet: Sheet, left: float, top: float, labels: Sequence[str]) -> None:
    for k, label in enumerate(labels):
        style = "italic" if label.endswith(":") else "normal"
        sheet.text(left - 0.06, top + (k + 0.5) * LINE, label, SMALL, align="right", middle=True, style=style)


def _curve(axes: Axes, own: Sequence[Specification], first: bool) -> None:
    x = range(len(own))
    axes.plot(x, [one.placebo for one in own], color=VERMILION, linewidth=0.8, zorder=1)
    size = max(1.2, min(3.4, 70 / len(own)))
    for end, color, hollow in (("always", BLUE, False), ("possible", SKY, True)):
        dots = [(k, one) for k, one in enumerate(own) if one.end == end]
        (line,) = axes.plot([k for k, _ in dots], [one.share for _, one in dots], linestyle="none", marker="o")
        line.set(markersize=size, color=color, markerfacecolor="white" if hollow else color, markeredgewidth=0.7)
        line.set(clip_on=False, gid=f"curve.{own[0].event}.{end}")
    axes.set(xlim=(-0.7, len(own) - 0.3), ylim=(0, 1), xticks=[])
    axes.spines["bottom"].set_visible(False)
    axes.set_yticks([0, 0.5, 1], ["0", "50", "100%"] if first else ["", "", ""])
    axes.grid(axis="y", color="#EEEEEE", linewidth=0.5)
    axes.set_axisbelow(True)


def _which(axes: Axes, own: Sequence[Specification], marks: _Marks) -> None:
    axes.set(xlim=(-0.7, len(own) - 0.3), ylim=(len(marks.labels) - 0.5, -0.5), xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
    for place in {*marks.rows.values(), *marks.ends.values(), *marks.versions.values()}:
        axes.axhline(place, color="#EEEEEE", linewidth=0.5, zorder=0)
    points = [
        (k, place)
        for k, one in enumerate(own)
        for place in (marks.rows[one.row], marks.ends[one.end], marks.versions.get(one.version))
        if place is not None
    ]
    size = max(1.0, min(3.0, 52 / len(own)))
    axes.plot(
        [x for x, _ in points],
        [y for _, y in points],
        linestyle="none",
        marker="s",
        markersize=size,
        color=INK,
        markeredgewidth=0,
    )


def _variance(axes: Axes, one: Variance, parts: Sequence[str]) -> None:
    axes.set(xlim=(0, 1), ylim=(len(parts) - 0.5, -0.5), yticks=[])
    axes.spines["left"].set_color("#BBBBBB")
    for place, part in enumerate(parts):
        share = one.parts[part]
        bar = axes.barh(place, share, 0.62, color=SOFT, linewidth=0).patches[0]
        bar.set_gid(f"variance.{one.event}.{part}")
        inside = share > 0.6
        axes.text(
            share - 0.03 if inside else share + 0.03,
            place,
            percent(share) if one.total else "–",
            size=SMALL,
            ha="right" if inside else "left",
            va="center_baseline",
            color="white" if inside else INK,
        )
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)


def _keys() -> list[Key]:
    return [
        Key("in every equilibrium", marker="o", mark=BLUE),
        Key("in some equilibrium", marker="o", mark=SKY, hollow=True),
        Key("weights shuffled", line="-", mark=VERMILION, width=0.8),
        Key("share of the variance", SOFT, mark=SOFT),
    ]


def _note(found: Structure) -> str:
    return (
        f"Share of {found.draws:,} sampled parameter sets under each structure, ascending; below, which choices make"
        " it; at the foot, percent of the variance over structures and draws."
    )


def _message(found: Structure) -> str:
    """What divides the answers on the event that is most divided; a fact of the table, whatever it says."""
    most = max(found.variance, key=lambda one: one.total)
    if most.total == 0:
        return "Every structure gives the same answer in every draw"
    first = max(FACTORS, key=lambda part: most.parts[part])
    shares = [one.share for one in found.specifications if one.event == most.event]
    return (
        f"{event_label(most.event)} holds in {percent(min(shares))} to {percent(max(shares))} of draws over"
        f" {len(shares)} structures; most is due to {plain(WORDS[first])}: {percent(most.parts[first])} of the variance"
        f" (interplay {percent(most.parts['interactions'])})"
    )
