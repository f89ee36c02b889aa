"""Which numbers make the variance of an event: the first index of every group as a ring, its total index as a dot.

Two lines a group, since a set of equilibria gives two events: `always`, and `always or sometimes`. What lies between
ring and dot is made together with other numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from sim.analysis.sobol_indices import RARE, Index, Sensitivity, SensitivityRow
from sim.show.figures.files import Drawing
from sim.show.figures.panels import align_ends
from sim.show.figures.sheet import MARGIN, Key, Sheet, line_height, new_sheet
from sim.show.figures.style import (
    BLUE,
    FAINT,
    HEAD,
    ORANGE,
    SMALL,
    SOFT,
    WIDTH,
    in_paper_style,
    shortened,
    text_width,
)
from sim.show.figures.words import caption, event_label, listed, percent, plain, row_label
from sim.show.results import Provenance

TOP = {1: 5, 2: 12}  # groups a panel
ROW = {1: 0.168, 2: 0.165}  # inches from one group to the next
ABREAST = {1: 1, 2: 2}  # panels side by side
HEADER, AXIS, GUTTER = 0.3, 0.26, 0.25  # inches above and below a panel, and between two
SHIFT = 0.2  # rows between the two lines of a group
COLORS = {"always": BLUE, "possible": ORANGE}
LABELS = 0.5  # of a panel's width, at most


@dataclass(frozen=True, slots=True)
class _Panel:
    """One event under one row: its ends that are ranked, and the groups shown, greatest total first."""

    ends: tuple[SensitivityRow, ...]
    groups: tuple[tuple[str, ...], ...]

    def parts(self, names: tuple[str, ...]) -> list[tuple[str, Index]]:
        """End and index of one group; one end where both are the same."""
        return [(own.end, one) for own in self.ends for one in own.indices if one.names == names]


@in_paper_style
def sensitivity_indices_figure(
    found: Sensitivity, provenance: Provenance, columns: int = 2, *, titles: Mapping[str, str] | None = None
) -> Drawing:
    """Draw first and total indices with their intervals, one panel an event.

    Args:
        found: at least one row is ranked.
        provenance: for the caption.
        columns: 1 or 2 columns of a journal.
        titles: player -> name as people say it.
    """
    panels = chosen_panels(found, TOP[columns])
    height = HEADER + max(len(one.groups) for one in panels) * ROW[columns] + AXIS
    abreast = min(ABREAST[columns], len(panels))
    message = _message(panels, titles)
    sheet = new_sheet(columns, message, height * -(-len(panels) // abreast), _keys(), [_note(found)])
    width = (WIDTH[columns] - 2 * MARGIN - GUTTER * (abreast - 1)) / abreast
    labels = max(text_width(_label(names), SMALL) for one in panels for names in one.groups) + 0.06
    top = 1.0 if _greatest(panels) > 0.5 else 0.5
    for k, one in enumerate(panels):
        place = (MARGIN + (k % abreast) * (width + GUTTER), sheet.top + (k // abreast) * height)
        _draw_panel(sheet, one, place, (width, min(labels, width * LABELS), ROW[columns]), top, titles)
    text = caption(
        message,
        "One panel an event, under strong-2 where it can be ranked there, else under the first row where it can; the"
        f" groups of numbers with the greatest total index, at most {TOP[columns]}, whose interval lies"
        " above 0. Ring: first index, the share of the variance that knowing the group alone takes away; dot: total"
        " index, the share that stays while it alone is unknown. Bars: 95% intervals between 16 scrambles.",
        provenance,
        units="share of the event's variance, in percent",
        rows=list(dict.fromkeys(one.ends[0].row for one in panels)),
        n=found.draws,
        notes=[f"{found.evaluations:,} parameter sets were solved.", *_rare(found, panels)],
    )
    return Drawing(sheet.figure, text)


def chosen_panels(found: Sensitivity, most: int) -> list[_Panel]:
    """For each event its ends under strong-2, or under the first row where it is ranked, and the groups that count."""
    panels = []
    for event in dict.fromkeys(row.event for row in found.ranked):
        own = [row for row in found.ranked if row.event == event]
        name = next((row.row for row in own if row.concept == "strong-2"), own[0].row)
        ends = [row for row in own if row.row == name]
        if len(ends) == 2 and ends[0].indices == ends[1].indices:
            ends = ends[:1]
        greatest: dict[tuple[str, ...], float] = {}
        for one in (one for end in ends for one in end.indices if one.telling):
            greatest[one.names] = max(greatest.get(one.names, 0.0), one.total.value)
        groups = sorted(greatest, key=lambda names: -greatest[names])[:most]
        if groups:
            panels.append(_Panel(tuple(ends), tuple(groups)))
    return panels


def _draw_panel(
    sheet: Sheet,
    panel: _Panel,
    place: tuple[float, float],
    sizes: tuple[float, float, float],
    top: float,
    titles: Mapping[str, str] | None,
) -> None:
    (left, upper), (width, labels, row), own = place, sizes, panel.ends[0]
    alone = ", ".join(percent(max(0.0, end.alone.value)) for end in panel.ends if end.alone is not None)
    said = f"all alone {alone}"
    name = f"{event_label(own.event)}: {row_label(own.concept, own.order, titles)}"
    head = shortened(name, width - text_width(said, SMALL) - 0.1, HEAD, "bold")
    sheet.text(left, upper + HEADER - 0.04 - line_height(HEAD), head, HEAD, weight="bold")
    sheet.text(left + width, upper + HEADER - 0.02 - line_height(SMALL), said, SMALL, color=SOFT, align="right")
    axes = sheet.axes(left + labels, upper + HEADER, width - labels - 0.05, len(panel.groups) * row)
    axes.set_ylim(len(panel.groups) - 0.5, -0.5)
    axes.axvline(0, color=FAINT, linewidth=0.6, zorder=0)
    for k, names in enumerate(panel.groups):
        axes.axhline(k, color="#EEEEEE", linewidth=0.5, zorder=0)
        parts = panel.parts(names)
        for shift, (end, one) in zip([0.0] if len(parts) == 1 else [-SHIFT, SHIFT], parts, strict=True):
            _dumbbell(axes, k + shift, one, COLORS[end], f"{own.event}.{one.label}.{end}")
        y = upper + HEADER + (k + 0.5) * row
        label = shortened(_label(names), labels - 0.06, SMALL)
        sheet.text(left + labels - 0.06, y, label, SMALL, align="right", middle=True)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_xlim(-0.04 * top, top)
    axes.set_xticks([0, top / 2, top], ["0", f"{50 * top:g}", f"{100 * top:g}%"])
    align_ends(axes)


def _dumbbell(axes: Axes, y: float, one: Index, color: str, gid: str) -> None:
    """A thin line from ring to dot, and a thick one over each interval."""
    axes.plot([one.first.value, one.total.value], [y, y], color=color, linewidth=0.6, alpha=0.6)
    for kind, part, face in (("first", one.first, "white"), ("total", one.total, color)):
        axes.plot(list(part.interval), [y, y], color=color, linewidth=1.6, alpha=0.45, solid_capstyle="butt")
        (mark,) = axes.plot([part.value], [y], marker="o", markersize=2.8, color=color, markerfacecolor=face)
        mark.set(markeredgewidth=0.8, clip_on=False, linestyle="none")
        mark.set_gid(f"index.{gid}.{kind}")


def _greatest(panels: Sequence[_Panel]) -> float:
    shown = [one.total for panel in panels for names in panel.groups for _, one in panel.parts(names)]
    return max(part.interval[1] for part in shown)


def _label(names: tuple[str, ...]) -> str:
    return " + ".join(_short(name) for name in names)


def _short(name: str) -> str:
    player, dot, stake = name.partition(".")
    return f"{player}: {plain(stake)}" if dot else plain(name)


def _keys() -> list[Key]:
    return [
        Key("always (or both, where they are the same draws)", line="-", mark=BLUE, width=1.6),
        Key("always or sometimes", line="-", mark=ORANGE, width=1.6),
        Key("alone (first index)", marker="o", hollow=True),
        Key("with interactions (total index)", marker="o"),
    ]


def _note(found: Sensitivity) -> str:
    return (
        f"Share of the event's variance over {found.draws:,} sampled parameter sets; bars, where wider than the marks,"
        " are 95% intervals. Numbers joined by + are drawn together: only the group has an index. Player: name is a"
        " weight. All alone: the first indices of all groups added up; interactions make the rest of 100%."
    )


def _rare(found: Sensitivity, panels: Sequence[_Panel]) -> list[str]:
    """The ends of the rows shown that are too rare, and the events that are so everywhere."""
    shown = {(one.ends[0].event, one.ends[0].row) for one in panels}
    events = {event for event, _ in shown}
    rows = [row for row in found.rows if row.note and (row.event not in events or (row.event, row.row) in shown)]
    said = [f"{row.event} ({row.end}, {row.row})" for row in rows]
    return [f"Too rare to rank, under {RARE:.0%} or over {1 - RARE:.0%} of draws: {', '.join(said)}."] if said else []


def _said(names: tuple[str, ...], titles: Mapping[str, str] | None) -> str:
    words = []
    for name in names:
        player, dot, stake = name.partition(".")
        words.append(f"{(titles or {}).get(player, player)}'s weight on {plain(stake)}" if dot else plain(name))
    return listed(words)


def _message(panels: Sequence[_Panel], titles: Mapping[str, str] | None) -> str:
    """The group with the greatest total index for each event; events with the same one together."""
    groups: dict[str, list[str]] = {}
    for panel in panels:
        groups.setdefault(_said(panel.groups[0], titles), []).append(plain(panel.ends[0].event))
    parts = [f"{what} ({', '.join(events)})" for what, events in groups.items()]
    return f"What makes most of the variance, interactions included: {'; '.join(parts)}"
