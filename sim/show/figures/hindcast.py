"""Would it have been right: what was said of each event, what happened, and the score at both ends beside baselines."""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes

from sim.analysis.register import ENDS, Hindcast, Score
from sim.show.figures.files import Drawing
from sim.show.figures.lines import Block, Words, draw_block, laid_out
from sim.show.figures.panels import percent_axis
from sim.show.figures.sheet import Key, new_sheet
from sim.show.figures.style import BLUE, INK, ORANGE, SOFT, VERMILION, in_paper_style
from sim.show.figures.words import capital, caption, number, plain, row_label
from sim.show.results import Provenance

MEAN = "mean"
SHIFT = 0.16  # rows between the two ends
MARKS = {"even": ("o", SOFT), "shuffled": ("D", VERMILION)}  # of the baselines


@in_paper_style
def hindcast_figure(
    found: Hindcast, provenance: Provenance, columns: int = 2, *, titles: Mapping[str, str] | None = None
) -> Drawing:
    """Draw the shares on record against what happened, and their Brier scores.

    Args:
        found: at least one item that is resolved.
        provenance: of the record, for the caption.
        columns: 1 or 2 columns of a journal.
        titles: player -> name as people say it, to spell the order.
    """
    events = list(dict.fromkeys(row.event for row in found.rows))
    scores = {(row.event, row.end): row for row in found.rows}
    happened = ["yes" if scores[event, ENDS[0]].outcome else "no" for event in events]
    names = [capital(plain(event)) for event in events]
    blocks = [
        Block("On record", names, [Words("happened", happened)], foot=0.3),
        Block("Brier score", [*names, capital(MEAN)], [Words("lower, upper", _both(found, events, scores))], foot=0.3),
    ]
    layout = laid_out(columns, blocks, row=0.2)
    message = _message(found, titles)
    sheet = new_sheet(columns, message, layout.body, _keys(found), [_note(found)])
    axes = draw_block(sheet, layout, 0, blocks[0])
    for place, event in enumerate(events):
        _record(axes, place, [scores[event, end] for end in ENDS])
    percent_axis(axes)
    axes = draw_block(sheet, layout, 1, blocks[1])
    for place, event in enumerate(events):
        _scores(axes, place, {end: (scores[event, end].brier, scores[event, end].baselines) for end in ENDS}, event)
    mean = {
        end: (found.mean(end) or 0.0, {one: found.mean(end, one) or 0.0 for one in found.baselines}) for end in ENDS
    }
    _scores(axes, len(events), mean, MEAN)
    axes.axhline(len(events) - 0.5, color=INK, linewidth=0.4)
    axes.set_xlim(0, 1)
    axes.set_xticks([0, 0.5, 1], ["0 (perfect)", "0.5", "1"])
    axes.get_xticklabels()[0].set_horizontalalignment("left")
    axes.get_xticklabels()[-1].set_horizontalalignment("right")
    row = found.concept if found.order is None else f"{found.concept}.{found.order}"
    text = caption(
        message,
        f"Left: the shares on record under {row}, from 'always' to 'always or sometimes', and what happened (star at"
        " 100%: it did; at 0: it did not). Right: the Brier score of the share at each end, (share - outcome) squared,"
        " beside those of the baselines; below, the means over the items.",
        provenance,
        units="share of sampled parameter sets, in percent; Brier score from 0 to 1",
        rows=[row],
        n=provenance.draws,
        notes=[
            f"Registered on {found.registered}" + ("; a look back." if found.looks_back else "."),
            f"{len(events)} items resolved."
            + (f" Unresolved: {', '.join(found.unresolved)}." if found.unresolved else ""),
            *found.warnings,
            "A share of sampled parameter sets is no forecast; scoring it as if it were one is a test of the scenario.",
        ],
    )
    return Drawing(sheet.figure, text)


def _both(found: Hindcast, events: Sequence[str], scores: Mapping[tuple[str, str], Score]) -> list[str]:
    pairs = [[scores[event, end].brier for end in ENDS] for event in events]
    pairs.append([found.mean(end) or 0.0 for end in ENDS])
    return [f"{low:.2f}, {high:.2f}" for low, high in pairs]


def _record(axes: Axes, place: int, ends: Sequence[Score]) -> None:
    low, high = (one.share for one in ends)
    (line,) = axes.plot([low, high], [place, place], color=BLUE, linewidth=1.6, clip_on=False)
    line.set_gid(f"record.{ends[0].event}")
    for x, color, marker in ((low, BLUE, "s"), (high, ORANGE, "s")):
        axes.plot([x], [place], color=color, marker=marker, markersize=3.2, clip_on=False)
    at = 1.0 if ends[0].outcome else 0.0
    axes.plot([at], [place], marker="*", markersize=6, color=INK, markerfacecolor="white", clip_on=False, zorder=4)


def _scores(axes: Axes, place: int, ends: Mapping[str, tuple[float, Mapping[str, float]]], event: str) -> None:
    for end, color, shift in ((ENDS[0], BLUE, -SHIFT), (ENDS[1], ORANGE, SHIFT)):
        own, baselines = ends[end]
        bar = axes.barh(place + shift, own, 0.28, color=color, linewidth=0).patches[0]
        bar.set_gid(f"brier.{event}.{end}")
        for name, score in baselines.items():
            marker, mark = MARKS.get(name, ("^", SOFT))
            (dot,) = axes.plot([score], [place + shift], linestyle="none", marker=marker, markersize=2.8, color=mark)
            dot.set(markerfacecolor="white", markeredgewidth=0.8, clip_on=False, zorder=4)


def _keys(found: Hindcast) -> list[Key]:
    words = {"even": "baseline: even", "shuffled": "baseline: weights shuffled"}
    keys = [
        Key("share of always", marker="s", mark=BLUE),
        Key("possible (always or sometimes)", marker="s", mark=ORANGE),
        Key("what happened", marker="*", hollow=True),
    ]
    for name in found.baselines:
        marker, mark = MARKS.get(name, ("^", SOFT))
        keys.append(Key(words.get(name, f"baseline: {name}"), marker=marker, mark=mark, hollow=True))
    return keys


def _note(found: Hindcast) -> str:
    first = "A look back: the record was made after the date of knowledge. " if found.looks_back else ""
    n = len(found.rows) // len(ENDS)
    few = f" {n} items are too few to tell a good scenario from a lucky one." if n < 10 else ""
    return f"{first}Shares of sampled parameter sets, scored as if they were forecasts; 0 is perfect, 1 the worst.{few}"


def _message(found: Hindcast, titles: Mapping[str, str] | None) -> str:
    low, high = (found.mean(end) or 0.0 for end in ENDS)
    row = row_label(found.concept, found.order, titles)
    own = [
        f"{name} {number(found.mean(ENDS[0], name) or 0.0)} and {number(found.mean(ENDS[1], name) or 0.0)}"
        for name in found.baselines
    ]
    head = "A look back: " if found.looks_back else ""
    beside = f"; {', '.join(own)}" if own else ""
    return f"{head}mean Brier score {number(low)} at the lower and {number(high)} at the upper end ({row}){beside}"
