"""Which numbers move an event: the share of draws at the number's low third and at its high third, all else as drawn.

Two dumbbells a number, since a set of equilibria gives two shares: `always`, and `always or sometimes`.
"""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes

from sim.analysis.sensitivity import Effect
from sim.show.figures.files import Drawing
from sim.show.figures.panels import align_ends
from sim.show.figures.sheet import MARGIN, Key, Sheet, line_height, new_sheet
from sim.show.figures.style import (
    BLUE,
    HEAD,
    ORANGE,
    SMALL,
    SOFT,
    WIDTH,
    in_paper_style,
    shortened,
    text_width,
)
from sim.show.figures.words import caption, event_label, number_label, percent, plain, row_label
from sim.show.results import Provenance

TOP = {1: 5, 2: 12}  # numbers a panel
ROW = {1: 0.168, 2: 0.165}  # inches from one number to the next
ABREAST = {1: 1, 2: 2}  # panels side by side
HEADER, AXIS, GUTTER = 0.3, 0.26, 0.25  # inches above and below a panel, and between two
SHIFT = 0.2  # rows between the two dumbbells of a number
NOTED = "†"
BOTH = text_width("+100 −100", SMALL) + 0.1  # inches for helps and hurts


@in_paper_style
def sensitivity_figure(
    effects: Sequence[Effect], provenance: Provenance, columns: int = 2, *, titles: Mapping[str, str] | None = None
) -> Drawing:
    """Draw, for each event, the numbers that change it in most draws, under the row that they move most.

    Args:
        effects: of any numbers, rows and events; at least one.
        provenance: for the caption.
        columns: 1 or 2 columns of a journal.
        titles: player -> name as people say it.
    """
    chosen = chosen_rows(effects)
    shown = {key: top_effects(effects, key, TOP[columns]) for key in chosen}
    deepest = max(len(own) for own in shown.values())
    abreast = min(ABREAST[columns], len(shown))
    height = HEADER + deepest * ROW[columns] + AXIS
    message = _message(shown, titles)
    noted = any(one.note for own in shown.values() for one in own)
    n = effects[0].n
    sheet = new_sheet(columns, message, height * -(-len(shown) // abreast), _keys(), _notes(n, noted))
    width = (WIDTH[columns] - 2 * MARGIN - GUTTER * (abreast - 1)) / abreast
    labels = max(text_width(_label(one), SMALL) for own in shown.values() for one in own) + 0.06
    for k, ((row, event), own) in enumerate(shown.items()):
        left = MARGIN + (k % abreast) * (width + GUTTER)
        top = sheet.top + (k // abreast) * height
        name = f"{event_label(event)}: {row_label(own[0].concept, own[0].order, titles)}"
        _panel(sheet, own, name, (left, top, width, min(labels, width * 0.45), ROW[columns]), f"{event}.{row}")
    text = caption(
        message,
        "One panel an event, under the concept (and order) in which the numbers change it in most draws; the numbers"
        f" that change it most, at most {TOP[columns]}. Each number is set to the middle of its low third (circle) and"
        " of its high third (triangle) in every draw, all else as drawn. Right: percent of draws in which going from"
        " low to high raises (+) and lowers (−) what holds.",
        provenance,
        units="share of sampled parameter sets, in percent",
        rows=list(dict.fromkeys(row for row, _ in chosen)),
        n=n,
        notes=[f"{_label(one)}: {one.note}." for one in _noted(shown)],
    )
    return Drawing(sheet.figure, text)


def chosen_rows(effects: Sequence[Effect]) -> list[tuple[str, str]]:
    """For each event the row whose numbers change it in most draws, added up over the numbers."""
    sums: dict[tuple[str, str], float] = {}
    for one in effects:
        sums[one.row, one.event] = sums.get((one.row, one.event), 0.0) + one.size
    events = dict.fromkeys(one.event for one in effects)
    return [max((key for key in sums if key[1] == event), key=lambda key: sums[key]) for event in events]


def top_effects(effects: Sequence[Effect], key: tuple[str, str], count: int) -> list[Effect]:
    """The numbers that change an event in most draws, greatest first; ties keep the order of the file."""
    own = [one for one in effects if (one.row, one.event) == key]
    return sorted(own, key=lambda one: -one.size)[:count]


def _panel(
    sheet: Sheet, effects: Sequence[Effect], name: str, box: tuple[float, float, float, float, float], gid: str
) -> None:
    left, top, width, labels, row = box
    head = shortened(name, width - BOTH, HEAD, "bold")
    sheet.text(left, top + HEADER - 0.04 - line_height(HEAD), head, HEAD, weight="bold")
    right = left + width
    sheet.text(right, top + HEADER - 0.02 - line_height(SMALL), "helps, hurts, %", SMALL, color=SOFT, align="right")
    axes = sheet.axes(left + labels, top + HEADER, width - labels - BOTH, len(effects) * row)
    axes.set_ylim(len(effects) - 0.5, -0.5)
    for place, one in enumerate(effects):
        axes.axhline(place, color="#EEEEEE", linewidth=0.5, zorder=0)
        _dumbbells(axes, place, one, gid)
        y = top + HEADER + (place + 0.5) * row
        sheet.text(left + labels - 0.06, y, shortened(_label(one), labels, SMALL), SMALL, align="right", middle=True)
        both = f"+{percent(one.helps)[:-1]} −{percent(one.hurts)[:-1]}"
        sheet.text(right, y, both, SMALL, align="right", middle=True)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    _own_axis(axes, max(max(one.low_upper, one.high_upper) for one in effects))


def _dumbbells(axes: Axes, place: int, one: Effect, gid: str) -> None:
    same = (one.low, one.high) == (one.low_upper, one.high_upper)
    pairs = [("always", one.low, one.high, BLUE, 0.0 if same else -SHIFT)]
    if not same:
        pairs.append(("upper", one.low_upper, one.high_upper, ORANGE, SHIFT))
    for kind, low, high, color, shift in pairs:
        y = place + shift
        (line,) = axes.plot([low, high], [y, y], color=color, linewidth=1.3, solid_capstyle="butt", clip_on=False)
        line.set_gid(f"dumbbell.{gid}.{one.parameter}.{kind}")
        if low == high:  # moves nothing: a bare tick
            axes.plot([low], [y], marker="|", markersize=4, color=color, clip_on=False)
            continue
        for x, marker, face in ((low, "o", "white"), (high, ">" if high >= low else "<", color)):
            (end,) = axes.plot([x], [y], marker=marker, markersize=3.2, color=color, markerfacecolor=face)
            end.set(markeredgewidth=0.8, clip_on=False, linestyle="none")


def _own_axis(axes: Axes, greatest: float) -> None:
    """From 0 to a round share above the greatest one: an event that is rare everywhere still shows what moves it."""
    top = next(top for top in (0.1, 0.2, 0.5, 1.0) if greatest <= top)
    axes.set_xlim(0, top)
    axes.set_xticks([0, top / 2, top], ["0", f"{50 * top:g}", f"{100 * top:g}%"])
    align_ends(axes)


def _label(one: Effect) -> str:
    return number_label(one.parameter) + (NOTED if one.note else "")


def _keys() -> list[Key]:
    return [
        Key("always", line="-", mark=BLUE, width=1.3),
        Key("always or sometimes", line="-", mark=ORANGE, width=1.3),
        Key("number low", marker="o", hollow=True),
        Key("number high", marker=">"),
    ]


def _notes(n: int, noted: bool) -> list[str]:
    first = (
        f"Share of {n:,} sampled parameter sets, with the number at the middle of its low and of its high third."
        " Helps, hurts: percent of them in which going from low to high raises, lowers what holds. Player: name is a"
        " weight."
    )
    second = f"{NOTED} Correlated or ranked with other numbers, which are left as drawn: read these together."
    return [first, second] if noted else [first]


def _noted(shown: Mapping[tuple[str, str], Sequence[Effect]]) -> list[Effect]:
    return list({one.parameter: one for own in shown.values() for one in own if one.note}.values())


def _said(parameter: str, titles: Mapping[str, str] | None) -> str:
    player, dot, stake = parameter.partition(".")
    return f"{(titles or {}).get(player, player)}'s weight on {plain(stake)}" if dot else plain(parameter)


def _message(shown: Mapping[tuple[str, str], Sequence[Effect]], titles: Mapping[str, str] | None) -> str:
    """The number that changes each event in most draws; events with the same one together."""
    groups: dict[str, list[str]] = {}
    for (_, event), own in shown.items():
        said = _said(own[0].parameter, titles) if own[0].size > 0 else "none of these numbers"
        groups.setdefault(said, []).append(plain(event))
    return "What moves the events most: " + "; ".join(
        f"{what} ({', '.join(events)})" for what, events in groups.items()
    )
