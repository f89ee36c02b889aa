"""What a player should commit to: the payoff of each action over the draws, and how much it is regretted."""

from collections.abc import Mapping, Sequence
from math import ceil

from matplotlib.axes import Axes

from sim.analysis.policy import Policy, PolicyRow, Regret
from sim.show.figures.files import Drawing
from sim.show.figures.lines import Block, Words, draw_block, laid_out
from sim.show.figures.panels import round_ticks
from sim.show.figures.sheet import Key, new_sheet
from sim.show.figures.style import BLUE, ORANGE, in_paper_style
from sim.show.figures.words import caption, listed, number, percent, plain, row_label, split_row
from sim.show.results import Provenance

TALL = 6.0  # inches of panels one below the other; beyond, two stand side by side
ACTIONS = {1: 7, 2: 16}  # a panel, those least regretted
SHIFT = 0.18  # rows between the two ends


@in_paper_style
def policy_figure(
    found: Policy,
    provenance: Provenance,
    columns: int = 2,
    *,
    telling: Sequence[str] = (),
    titles: Mapping[str, str] | None = None,
) -> Drawing:
    """Draw the payoffs of each action, with its regrets beside.

    Args:
        found: at least one row.
        provenance: for the caption.
        columns: 1 or 2 columns of a journal.
        telling: concepts and orders to show; all where left out.
        titles: player -> name as people say it.
    """
    names = list(dict.fromkeys(row.row for row in found.rows))
    told = [name for name in names if name in telling] or names
    shown = {name: [row for row in found.rows if row.row == name] for name in told}
    kept = {name: _least_regretted(own, ACTIONS[columns]) for name, own in shown.items()}
    groups = _alike(kept)
    blocks = [_block(own, names, found.draws, columns, titles) for names, own in groups]
    tall = sum(0.65 + 0.2 * len(own) for _, own in groups)
    layout = laid_out(columns, blocks, row=0.2, most=0.45, side_by_side=tall > TALL)
    player = (titles or {}).get(found.player, found.player)
    message = _message(shown, player)
    sheet = new_sheet(columns, message, layout.body, _keys(groups), [_note(found, player, columns)])
    for k, (block, (_, own)) in enumerate(zip(blocks, groups, strict=True)):
        axes = draw_block(sheet, layout, k, block)
        _payoffs(axes, own, axes.get_position().width * sheet.width)
    text = caption(
        message,
        f"One panel a concept (and order of moves), one line an action of {player} to which it commits while the others"
        " play an equilibrium of the game that is left: median and 5-95% of its payoff over the draws, at its least and"
        " at its greatest equilibrium payoff. Right, all at the least: percent of draws in which no other action gives"
        " more, mean (on two columns) and greatest regret against the best action of the same draw.",
        provenance,
        units=f"points of {player} (its own scale); percent of sampled parameter sets",
        rows=list(kept),
        n=found.draws,
        notes=[
            *(
                f"{name}: {own[0].n:,} of {found.draws:,} draws, those in which every action leaves an equilibrium."
                for name, own in kept.items()
            ),
            *(
                [f"Not shown, all in `sim policy`: {', '.join(name for name in names if name not in kept)}."]
                if len(kept) < len(names)
                else []
            ),
        ],
    )
    return Drawing(sheet.figure, text)


def _least_regretted(rows: Sequence[PolicyRow], count: int) -> list[PolicyRow]:
    """Those of least greatest regret, in the order of the file."""
    chosen = sorted(rows, key=lambda row: row.lower.greatest)[:count]
    return [row for row in rows if row in chosen]


def _label(row: PolicyRow) -> str:
    if len(row.action) == 1:
        return plain(next(iter(row.action.values())))
    return ", ".join(map(plain, row.action.values()))


def _alike(kept: Mapping[str, Sequence[PolicyRow]]) -> list[tuple[list[str], Sequence[PolicyRow]]]:
    """Rows of the table that say the same of every action share a panel."""
    groups: list[tuple[list[str], Sequence[PolicyRow]]] = []
    for name, own in kept.items():
        said = [(row.label, row.n, row.lower, row.upper) for row in own]
        for names, others in groups:
            if said == [(row.label, row.n, row.lower, row.upper) for row in others]:
                names.append(name)
                break
        else:
            groups.append(([name], own))
    return groups


def _block(
    rows: Sequence[PolicyRow], names: Sequence[str], draws: int, columns: int, titles: Mapping[str, str] | None
) -> Block:
    own = [row.lower for row in rows]
    words = [
        Words("best, %", [percent(one.best)[:-1] if row.n else "–" for one, row in zip(own, rows, strict=True)]),
        Words("mean", [number(one.mean) if row.n else "–" for one, row in zip(own, rows, strict=True)]),
        Words("greatest", [number(one.greatest) if row.n else "–" for one, row in zip(own, rows, strict=True)]),
    ]
    head = ", ".join(row_label(*split_row(name), titles) for name in names)
    head = f"{head} ({rows[0].n:,} draws)" if rows[0].n < draws else head
    return Block(head, [_label(row) for row in rows], words if columns > 1 else [words[0], words[2]], foot=0.3)


def _payoffs(axes: Axes, rows: Sequence[PolicyRow], wide: float) -> None:
    if not rows[0].n:
        axes.set_xticks([])
        return
    values = [value for row in rows for one in (row.lower, row.upper) for value in one.payoff]
    low, high = min(values), max(values)
    room = 0.04 * (high - low) or 1.0
    axes.set_xlim(low - room, high + room)
    for place, row in enumerate(rows):
        same = row.lower.payoff == row.upper.payoff
        _end(axes, row.lower, place - (0 if same else SHIFT), BLUE, "o", f"lower.{row.row}.{row.label}")
        if not same:
            _end(axes, row.upper, place + SHIFT, ORANGE, "D", f"upper.{row.row}.{row.label}")
    ticks = round_ticks(low - room, high + room)
    step = max(1, ceil(len(ticks) * 0.45 / wide))
    start = ticks.index(0.0) if 0.0 in ticks else 0
    ticks = [tick for k, tick in enumerate(ticks) if (k - start) % step == 0]
    axes.set_xticks(ticks, [number(tick) for tick in ticks])


def _end(axes: Axes, one: Regret, y: float, color: str, marker: str, gid: str) -> None:
    low, middle, high = one.payoff
    (line,) = axes.plot([low, high], [y, y], color=color, linewidth=1.1, solid_capstyle="butt")
    line.set_gid(gid)
    axes.plot([middle], [y], marker=marker, markersize=3.2, color=color, markeredgewidth=0.6)


def _keys(groups: Sequence[tuple[list[str], Sequence[PolicyRow]]]) -> list[Key]:
    first = Key("least equilibrium payoff: median, 5–95%", line="-", mark=BLUE, marker="o", width=1.1)
    second = Key("greatest equilibrium payoff", line="-", mark=ORANGE, marker="D", width=1.1)
    differ = any(row.lower.payoff != row.upper.payoff for _, own in groups for row in own if row.n)
    return [first, second] if differ else [first]


def _note(found: Policy, player: str, columns: int) -> str:
    regret = "mean and greatest regret" if columns > 1 else "greatest regret"
    return (
        f"Points of {player}, over {found.draws:,} sampled parameter sets. Best: share of them in which no other action"
        f" gives more; {regret}, against the best action of the same draw; all at the least payoff."
    )


def _message(shown: Mapping[str, Sequence[PolicyRow]], player: str) -> str:
    """The action of least greatest regret, and under how many of the rows that are shown."""
    chosen: dict[str, list[str]] = {}
    for name, own in shown.items():
        if own[0].n:
            chosen.setdefault(_label(min(own, key=lambda row: row.lower.greatest)), []).append(name)
    if not chosen:
        return f"No draw lets the actions of {player} be compared: some leave no equilibrium"
    if len(chosen) == 1:
        (action,) = chosen
        return f"Committed in advance, {player} regrets least, at worst: {action}"
    parts = [f"{action} ({len(names)} of {len(shown)} panels)" for action, names in chosen.items()]
    return f"What {player} regrets least, at worst, turns on the concept: {listed(parts)}"
