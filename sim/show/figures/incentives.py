"""Who cares about what, and how much at most: one panel a player, each on a scale of its own.

Points of two players are never comparable, so no axis is shared; only the names of the incentives are.
"""

from collections.abc import Mapping

from matplotlib.axes import Axes

from sim.analysis.incentives import IncentiveRow, Incentives, Worth
from sim.show.figures.files import Drawing
from sim.show.figures.panels import fit_panels, row_labels
from sim.show.figures.sheet import Key, new_sheet
from sim.show.figures.style import BLUE, INK, SMALL, VERMILION, in_paper_style, text_width
from sim.show.figures.words import caption, number, plain
from sim.show.results import Provenance

ROW = {1: 0.15, 2: 0.17}  # inches from one incentive to the next
LEAST = {1: 0.95, 2: 0.9}  # narrowest panel, inches


@in_paper_style
def incentives_figure(
    incentives: Incentives, provenance: Provenance, columns: int = 2, *, titles: Mapping[str, str] | None = None
) -> Drawing:
    """Draw what each incentive is worth to each player at most: central value, and 5% to 95% of the draws.

    Args:
        incentives: the rows, at least one.
        provenance: for the caption.
        columns: 1 or 2 columns of a journal.
        titles: player or observer -> name as people say it.
    """
    names = titles or {}
    people = [name for name in _people(incentives) if any(name in row.worth for row in incentives.rows)]
    labels = [f"{row.incentive} [{len(row.claims)}]" for row in incentives.rows]
    height = (len(labels) + 0.4) * ROW[columns]
    panels = fit_panels(columns, len(people), labels, least=LEAST[columns], height=height, foot=0.38)
    message = _message(incentives, people, names)
    sheet = new_sheet(columns, message, panels.body, _keys(), [_note(incentives)])
    for k, name in enumerate(people):
        axes = panels.axes(sheet, k, names.get(name, name))
        axes.set_ylim(len(labels) - 0.3, -0.7)
        for place, row in enumerate(incentives.rows):
            axes.axhline(place, color="#EEEEEE", linewidth=0.5, zorder=0)
            if name in row.worth:
                _worth(axes, place, row.worth[name])
        row_labels(axes, range(len(labels)), labels, panels.first_in_line(k))
        _own_axis(axes, [row.worth[name] for row in incentives.rows if name in row.worth])
        unit = f"points of {names.get(name, name)}"
        axes.set_xlabel(
            unit if text_width(unit, SMALL) <= panels.width else f"points of {name}", size=SMALL, labelpad=1.5
        )
    text = caption(
        message,
        "One panel a player or observer, one row an incentive; in square brackets the number of claims behind it. The"
        " mark is its worth (weight x stake / swing, several stakes added) at the central values, at the profile where"
        " that is greatest in size; the line runs from the 5% to the 95% point of the draws there. The title goes"
        " by what choices can move at the central values: the greatest less the least worth over all profiles.",
        provenance,
        units="points of each player or observer; payoffs of two players are never comparable, so each panel has its"
        " own axis",
        n=incentives.draws,
    )
    return Drawing(sheet.figure, text)


def _people(incentives: Incentives) -> list[str]:
    """Players in their order, then observers in the order in which they turn up."""
    others = [name for row in incentives.rows for name in row.worth if name not in incentives.players]
    return [*incentives.players, *dict.fromkeys(others)]


def _worth(axes: Axes, place: int, worth: Worth) -> None:
    good = worth.central >= 0
    color = BLUE if good else VERMILION
    axes.plot([worth.low, worth.high], [place, place], color=color, linewidth=1.4, solid_capstyle="butt")
    face = color if good else "white"
    axes.plot(worth.central, place, marker="o", markersize=3.6, color=color, markerfacecolor=face, markeredgewidth=0.9)


def _own_axis(axes: Axes, worths: list[Worth]) -> None:
    low = min(0.0, *(worth.low for worth in worths), *(worth.central for worth in worths))
    high = max(0.0, *(worth.high for worth in worths), *(worth.central for worth in worths))
    room = 0.06 * (high - low or 1.0)
    axes.set_xlim(low - room, high + room)
    step = _step(high - low or 1.0)
    ticks = [step * k for k in range(int(low / step) - 1, int(high / step) + 2) if low <= step * k <= high]
    axes.set_xticks(ticks, [number(tick) for tick in ticks])
    axes.axvline(0, color=INK, linewidth=0.6, zorder=1)


def _step(span: float) -> float:
    """A round distance between ticks: two to four of them in `span`."""
    power = 10.0 ** (len(str(int(span))) - 1) if span >= 1 else 0.1
    return next((power * k for k in (0.25, 0.5, 1, 2, 5) if span / (power * k) <= 3.5), power * 5)


def _keys() -> list[Key]:
    return [
        Key("good for it, 5% to 95% of draws", marker="o", line="-", mark=BLUE, width=1.4),
        Key("bad for it", marker="o", line="-", mark=VERMILION, hollow=True, width=1.4),
    ]


def _note(incentives: Incentives) -> str:
    return (
        f"At most, over all profiles; {incentives.draws:,} sampled parameter sets; [claims behind it]. Each panel has"
        " its own points: never compare across players."
    )


def _message(incentives: Incentives, people: list[str], names: Mapping[str, str]) -> str:
    """The greatest incentive of each player, players with the same one together."""
    groups: dict[str, list[str]] = {}
    for name in people:
        own: list[IncentiveRow] = [row for row in incentives.rows if name in row.worth]
        top = max(own, key=lambda row: row.worth[name].spread)
        groups.setdefault(plain(top.incentive), []).append(names.get(name, name))
    return "What choices move most: " + ", ".join(f"{what} ({', '.join(who)})" for what, who in groups.items())
