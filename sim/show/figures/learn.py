"""Which number is worth finding out: what knowing it brings, beside what a number that tells nothing seems to bring."""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes

from sim.analysis.learn import Everything, Learning, Worth
from sim.show.figures.files import Drawing
from sim.show.figures.lines import Block, Words, draw_block, laid_out
from sim.show.figures.panels import align_ends
from sim.show.figures.sheet import Key, new_sheet
from sim.show.figures.style import BLUE, FAINT, INK, VERMILION, in_paper_style
from sim.show.figures.words import caption, event_label, number, number_label, percent, plain, row_label
from sim.show.results import Provenance

TOP = {1: 6, 2: 10}  # numbers a panel

Panel = tuple[Everything, list[Worth]]


@in_paper_style
def learn_figure(
    found: Learning,
    provenance: Provenance,
    columns: int = 2,
    *,
    telling: Sequence[str] = (),
    titles: Mapping[str, str] | None = None,
) -> Drawing:
    """Draw the numbers that are worth most, for a player or for narrowing each event.

    Args:
        found: at least one row.
        provenance: for the caption.
        columns: 1 or 2 columns of a journal.
        telling: concepts and orders to show; all where left out.
        titles: player -> name as people say it.
    """
    panels = _panels(found, telling)
    shown = _alike([(whole, _worthy(own)[: TOP[columns]]) for whole, own in panels])
    blocks = [_block(found, wholes, own, titles) for wholes, own in shown]
    layout = laid_out(columns, blocks)
    player = None if found.player is None else (titles or {}).get(found.player, found.player)
    unit = f"points of {player}" if player else "percent of the event's variance"
    message = _message([one for _, own in panels for one in own], [whole for whole, _ in panels], player, titles)
    sheet = new_sheet(columns, message, layout.body, _keys(), [_note(found, unit)])
    for k, (block, (_, own)) in enumerate(zip(blocks, shown, strict=True)):
        _bars(draw_block(sheet, layout, k, block), own, 1.0 if player else 100.0)
    what = (
        f"what knowing it before committing to an action brings {player}, at its least equilibrium payoff"
        if player
        else "the share of the variance of the event that it explains by itself, under the row that it tells most of"
    )
    rows = list(dict.fromkeys(_row(whole) for whole, _ in panels))
    text = caption(
        message,
        f"One line a number: {what}, with two standard errors. Mark: the 95% quantile of what the same number seems to"
        " be worth with its draws permuted; a bar that ends before its mark (grey) tells nothing. At most"
        f" {TOP[columns]} numbers a panel, and none that is worth nothing."
        " Right: its worth; in brackets, that of knowing every number.",
        provenance,
        units=unit,
        rows=rows,
        n=found.draws,
        notes=[
            f"{_head(found, [whole], titles)}: knowing every number is worth {number(whole.value)} (standard error"
            f" {number(whole.error)}); {whole.n:,} draws."
            for whole, _ in panels
            if player
        ],
    )
    return Drawing(sheet.figure, text)


def _panels(found: Learning, telling: Sequence[str]) -> list[Panel]:
    """For a player one a row, at the least payoff; else one an event, under the row and end where most is explained."""
    kept = [one for one in found.everything if not telling or _row(one) in telling] or list(found.everything)
    own = {id(one): [worth for worth in found.rows if _of(worth) == _of(one)] for one in kept}
    if found.player is not None:
        return [(one, own[id(one)]) for one in kept if one.end == "lower"]
    panels = []
    for event in dict.fromkeys(one.event for one in kept):
        best = max((one for one in kept if one.event == event), key=lambda one: own[id(one)][0].value)
        panels.append((best, own[id(best)]))
    return panels


def _worthy(own: list[Worth]) -> list[Worth]:
    """Those that are worth something; the first where none is."""
    return [one for one in own if one.value > 0] or own[:1]


def _alike(panels: Sequence[Panel]) -> list[tuple[list[Everything], list[Worth]]]:
    """Rows of the table in which everything is worth the same share a panel."""
    groups: dict[tuple[object, ...], tuple[list[Everything], list[Worth]]] = {}
    for whole, own in panels:
        said = (whole.value, whole.event, *((one.names, one.value) for one in own))
        groups.setdefault(said, ([], own))[0].append(whole)
    return list(groups.values())


def _of(one: Worth | Everything) -> tuple[str, str | None, str | None, str]:
    return one.concept, one.order, one.event, one.end


def _row(one: Worth | Everything) -> str:
    return one.concept if one.order is None else f"{one.concept}.{one.order}"


def _label(one: Worth) -> str:
    return " + ".join(map(number_label, one.names))


def _head(found: Learning, wholes: Sequence[Everything], titles: Mapping[str, str] | None) -> str:
    whole = wholes[0]
    name = ", ".join(row_label(one.concept, one.order, titles) for one in wholes)
    if found.player is not None:
        return name
    return f"{event_label(whole.event or '')}: {'always' if whole.end == 'lower' else 'possible'}, {name}"


def _block(
    found: Learning, wholes: Sequence[Everything], own: Sequence[Worth], titles: Mapping[str, str] | None
) -> Block:
    head = _head(found, wholes, titles)
    if found.player is None:
        return Block(head, [_label(one) for one in own], [Words("%", [percent(one.value)[:-1] for one in own])])
    texts = [number(one.value) for one in own]
    heading = f"points (all: {number(wholes[0].value)})"
    return Block(head, [_label(one) for one in own], [Words(heading, texts)])


def _bars(axes: Axes, own: Sequence[Worth], scale: float) -> None:
    far = max(scale * max(one.value + 2 * one.error, one.null) for one in own) * 1.04 or 1.0
    axes.set_xlim(0, far)
    for place, one in enumerate(own):
        color = BLUE if one.telling else FAINT
        bar = axes.barh(place, scale * one.value, 0.6, color=color, linewidth=0).patches[0]
        bar.set_gid(f"worth.{_row(one)}.{one.event or ''}.{one.label}")
        ends = [scale * max(0.0, one.value - 2 * one.error), scale * (one.value + 2 * one.error)]
        axes.plot(ends, [place, place], color=INK, linewidth=0.8)
        axes.plot([scale * one.null], [place], marker="|", markersize=7, markeredgewidth=1.3, color=VERMILION)
    step = next(k * 10.0**e for e in range(-9, 10) for k in (1, 2, 5) if 2 * k * 10.0**e >= 0.7 * far)
    ticks = [tick for tick in (0.0, step, 2 * step) if tick <= far]
    axes.set_xticks(ticks, [number(tick) for tick in ticks])
    align_ends(axes)


def _keys() -> list[Key]:
    return [
        Key("worth, with 2 standard errors", BLUE, mark=BLUE),
        Key("not told from nothing", FAINT, mark=FAINT),
        Key("95% of what nothing seems worth", marker="|", mark=VERMILION),
    ]


def _note(found: Learning, unit: str) -> str:
    return f"In {unit}; from {found.draws:,} sampled parameter sets. Error of sampling only."


def _message(
    worth: Sequence[Worth], everything: Sequence[Everything], player: str | None, titles: Mapping[str, str] | None
) -> str:
    telling = [one for one in worth if one.telling]
    if not telling:
        what = f"changes what {player} should do" if player else "narrows any event"
        return f"Nothing that could be learned about a single number {what}"
    first = max(telling, key=lambda one: one.value)
    row = row_label(first.concept, first.order, titles)
    if player is None:
        end = "always" if first.end == "lower" else "possible"
        return (
            f"{_label(first)} alone explains {percent(first.value)} of the variance of {plain(first.event or '')}"
            f" ({end}, {row})"
        )
    whole = next(one for one in everything if _row(one) == _row(first))
    return (
        f"Most worth finding out for {player}: {_label(first)}, worth {number(first.value)} ±"
        f" {number(2 * first.error)} points ({row}); knowing everything, {number(whole.value)}"
    )
