"""Which sentence of the source carries the result: what each claim's loss does to the share that it moves most."""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes

from sim.analysis.challenge import Challenge, ChallengeRow, Change, ShapleyRow
from sim.show.figures.files import Drawing
from sim.show.figures.lines import Block, Words, draw_block, laid_out, moved, share_axis, under
from sim.show.figures.panels import align_ends
from sim.show.figures.sheet import Key, new_sheet
from sim.show.figures.style import BLUE, INK, ORANGE, in_paper_style
from sim.show.figures.words import capital, caption, event_label, number, percent, plain, row_label
from sim.show.results import Provenance

CLAIMS = {1: 12, 2: 20}  # at most
ROOM = 1.7  # inches for what moves most
LINES = {1: 2, 2: 1}  # a claim: on one column what moves most stands below it
ROW = {1: 0.14, 2: 0.165}  # inches
DONE = {"drop": "without", "deny": "contrary of"}


@in_paper_style
def challenge_figure(
    found: Challenge, provenance: Provenance, columns: int = 2, *, titles: Mapping[str, str] | None = None
) -> Drawing:
    """Draw the claims that flip most draws, and where they were divided Shapley's shares.

    Args:
        found: at least one row that is not idle.
        provenance: for the caption.
        columns: 1 or 2 columns of a journal.
        titles: player -> name as people say it, to spell the orders.
    """
    alive = [row for row in found.rows if not row.idle]
    shown = alive[: CLAIMS[columns]]
    changes = [row.greatest for row in shown]
    blocks = [_block(shown, changes, columns, titles)]
    whole = _most_divided(found.shapley)
    if whole is not None:
        blocks.append(_shapley_block(whole, CLAIMS[columns], titles))
    layouts = [laid_out(columns, [one], row=ROW[columns], most=0.45) for one in blocks]
    message = _message(found, alive)
    body = sum(layout.body for layout in layouts)
    sheet = new_sheet(columns, message, body, _keys(whole), [_note(found, len(alive))])
    axes = draw_block(sheet, layouts[0], 0, blocks[0])
    ends = [_shares(change) for change in changes]
    for place, (row, change, (end, before, after)) in enumerate(zip(shown, changes, ends, strict=True)):
        color = BLUE if end == "always" else ORANGE
        gid = f"claim.{row.claim}.{row.action}.{change.before.event}.{change.before.row}.{end}"
        moved(axes, LINES[columns] * place, before, after, color=color, gid=gid)
    share_axis(axes, max(share for _, *pair in ends for share in pair))
    if whole is not None:
        sheet.top += layouts[0].body
        _draw_shapley(draw_block(sheet, layouts[1], 0, blocks[1]), whole, CLAIMS[columns])
    text = caption(
        message,
        "One line a claim of the source that touches some payoff, the one that changes most draws first: the share of"
        " the row (named beside it) that moves most when the claim is dropped, before (circle) and after (triangle)."
        " Changed: percent of draws in which the status of some event under some concept is another.",
        provenance,
        units="share of sampled parameter sets, in percent",
        rows=list(dict.fromkeys(change.before.row for row in found.rows for change in row.changes)),
        n=found.draws,
        notes=_divided(whole)
        + [f"{row.claim}: “{row.text}”" for row in shown]
        + [f"{len(found.rows) - len(alive)} of {len(found.rows)} claims touch no payoff; {_left(alive, shown)}."],
    )
    return Drawing(sheet.figure, text)


def _left(alive: Sequence[ChallengeRow], shown: Sequence[ChallengeRow]) -> str:
    left = [row.claim for row in alive[len(shown) :]]
    return f"not shown: {', '.join(left)}" if left else "all others are shown"


def _shares(change: Change) -> tuple[str, float, float]:
    """Which of the two shares moves more, before and after."""
    lower, upper = (change.before.lower, change.after.lower), (change.before.upper, change.after.upper)
    certain = abs(lower[1] - lower[0]) >= abs(upper[1] - upper[0])
    return ("always", *lower) if certain else ("possible", *upper)


def _name(row: ChallengeRow) -> str:
    return row.claim if row.action == "drop" else f"{row.claim} ({row.action})"


def _where(change: Change, titles: Mapping[str, str] | None) -> str:
    return f"{plain(change.before.event)}, {row_label(change.before.concept, change.before.order, titles)}"


def _block(
    rows: Sequence[ChallengeRow], changes: Sequence[Change], columns: int, titles: Mapping[str, str] | None
) -> Block:
    names, where = [_name(row) for row in rows], [_where(change, titles) for change in changes]
    flipped = [percent(row.flipped)[:-1] for row in rows]
    if LINES[columns] > 1:
        return Block("", under(names, where), [Words("changed, %", under(flipped, [""] * len(rows)))], lines=2)
    return Block("", names, [Words("moves most", where, ROOM, "left"), Words("changed, %", flipped)])


def _most_divided(rows: Sequence[ShapleyRow]) -> ShapleyRow | None:
    return max(rows, key=lambda row: abs(row.whole[0] - row.whole[1]), default=None)


def _divided(whole: ShapleyRow | None) -> list[str]:
    if whole is None:
        return []
    return [
        "Below: the share without any claim and with all, and how much of the change each claim brings (Shapley), in"
        " percentage points with two standard errors."
    ]


def _largest(one: ShapleyRow, count: int) -> list[str]:
    return sorted((name for name, part in one.shares.items() if part), key=lambda name: -abs(one.shares[name]))[:count]


def _shapley_block(one: ShapleyRow, count: int, titles: Mapping[str, str] | None) -> Block:
    names = _largest(one, count)
    change = f"{percent(one.whole[1])} → {percent(one.whole[0])}"
    head = f"{event_label(one.event)} ({one.end}, {row_label(one.concept, one.order, titles)}): {change}"
    return Block(head, names, [Words("points", [number(100 * one.shares[name]) for name in names])])


def _draw_shapley(axes: Axes, one: ShapleyRow, count: int) -> None:
    names = _largest(one, count)
    parts = [100 * one.shares[name] for name in names]
    errors = [200 * one.errors[name] for name in names]
    for place, (part, error) in enumerate(zip(parts, errors, strict=True)):
        axes.barh(place, part, 0.6, color=BLUE, linewidth=0)
        axes.plot([part - error, part + error], [place, place], color=INK, linewidth=0.7)
    axes.axvline(0, color=INK, linewidth=0.5)
    far = max(abs(part) + error for part, error in zip(parts, errors, strict=True)) * 1.05
    least = min(0.0, *(part - error for part, error in zip(parts, errors, strict=True))) * 1.05
    axes.set_xlim(least, far)
    axes.set_xticks([0, far / 2, far], ["0", number(far / 2), number(far)])
    align_ends(axes)


def _keys(whole: ShapleyRow | None) -> list[Key]:
    keys = [
        Key("always", line="-", mark=BLUE, width=1.3),
        Key("possible (always or sometimes)", line="-", mark=ORANGE, width=1.3),
        Key("as argued", marker="o", hollow=True),
        Key("challenged", marker=">"),
    ]
    return keys if whole is None else [*keys, Key("Shapley's share", BLUE, mark=BLUE)]


def _note(found: Challenge, alive: int) -> str:
    return (
        f"Share of {found.draws:,} sampled parameter sets, the same draws before and after. {len(found.rows) - alive}"
        f" of {len(found.rows)} claims touch no payoff."
    )


def _message(found: Challenge, alive: Sequence[ChallengeRow]) -> str:
    first = alive[0]
    if first.flipped == 0:
        return f"No single claim changes any status in {found.draws:,} sampled parameter sets"
    end, before, after = _shares(first.greatest)
    done = DONE.get(first.action, "with doubt in")
    return capital(
        f"{done} ‘{first.claim}’ {percent(first.flipped)} of draws change somewhere; most: "
        f"{plain(first.greatest.before.event)} {end} goes from {percent(before)} to {percent(after)}"
    )
