"""The table of shares as plain text: a block an event, a row a concept and order, beside two placebos."""

from collections.abc import Sequence

from sim.analysis.answer import sample_notes
from sim.analysis.headline import Headline, HeadlineRow
from sim.scenario.model import ScenarioData
from sim.show.figures.words import percent
from sim.show.plain_table import paragraph, plain_table
from sim.solvers.concepts import Request
from sim.sweeps.status import STATUSES, UNDECLARED, Share

SHOWN = ("always", "sometimes", "never", "none", "open")  # `unsolved` stands beside them where there is one

LEGEND = (
    "always: it holds in every equilibrium of the parameter set; sometimes: in some, not in all; never: in none; none: "
    "there is no equilibrium of that kind; open: the set may not be whole. Placebo: the share `always` where "
    "{shuffled}, and where payoffs are a coin toss: a share that stands "
    "there too owes little to the numbers of the file. Robust: the same status is the most frequent with all ranges "
    "halved, doubled, and flat. These are shares of sampled parameter sets, and depend on the ranges of the file."
)
SHUFFLED = {
    "weights": "each player's weights are shuffled among its interests",
    "payoffs": "each player's payoffs are shuffled among the profiles",
    "nothing": "weights are shuffled (nobody here has two that differ, so nothing moves)",
}


def headline_table(
    found: Headline, events: Sequence[str], explain: str = "sim explain FILE --draw K", notes: Sequence[str] = ()
) -> str:
    """All blocks, and under each examples and what stood in every draw."""
    blocks = []
    for event in events:
        own = [row for row in found.rows if row.share.event == event]
        if own:
            table = plain_table([_head([row.share for row in own], placebo=True), *(_line(row, own) for row in own)])
            title = _block_title(event, [row.share for row in own])
            blocks.append("\n".join([title, table, *_examples(found, own), *_stood(found, event)]))
    return "\n\n".join(
        [*blocks, paragraph(legend(found.shuffling)), *_block(notes), f"Any draw is taken apart by\n  {explain}"]
    )


def legend(shuffling: str) -> str:
    """What the words of the table mean, for a scenario with weights, with a table of payoffs, or with nothing to move.

    Args:
        shuffling: of the headline.
    """
    return LEGEND.format(shuffled=SHUFFLED[shuffling])


def plain_shares(shares: Sequence[Share], headline: Sequence[str]) -> str:
    """The blocks of a sweep without placebos: headline events first, then all others."""
    events = dict.fromkeys([*headline, *(share.event for share in shares)])
    blocks = []
    for event in events:
        own = [share for share in shares if share.event == event]
        if own:
            lines = [[share.row, *_percents(share, own)] for share in own]
            blocks.append(f"{_block_title(event, own)}\n{plain_table([_head(own, placebo=False), *lines])}")
    return "\n\n".join(blocks)


def _block_title(event: str, own: Sequence[Share]) -> str:
    sizes = sorted({share.n for share in own})
    if event == UNDECLARED:
        event = f"{event} (is there an equilibrium?)"
    return f"{event}: share of {' or '.join(f'{n:,}' for n in sizes)} sampled parameter sets in which it holds ..."


def _statuses(own: Sequence[Share]) -> tuple[str, ...]:
    unsolved = any(share.share("unsolved") for share in own)
    return STATUSES if unsolved else SHOWN


def _head(own: Sequence[Share], *, placebo: bool) -> list[str]:
    return ["", *_statuses(own), *(["| shuffled", "coin", "robust"] if placebo else [])]


def _percents(share: Share, own: Sequence[Share]) -> list[str]:
    return [percent(share.share(status)) for status in _statuses(own)]


def _line(row: HeadlineRow, rows: Sequence[HeadlineRow]) -> list[str]:
    shares = [one.share for one in rows]
    placebos = [f"| {percent(row.shuffled.lower):>8}", percent(row.coin.lower)]
    return [row.share.row, *_percents(row.share, shares), *placebos, "yes" if row.robust else "no"]


def _examples(found: Headline, rows: Sequence[HeadlineRow]) -> list[str]:
    """One draw, by number, for each word that speaks of equilibria; under the first concept that has one."""
    first: dict[str, str] = {}
    for row in rows:
        for status, draw in found.first_draws(row.share).items():
            if draw is not None and status in SHOWN[:3]:
                first.setdefault(status, f"{status} in draw {draw} ({row.share.row})")
    said = [first[status] for status in SHOWN[:3] if status in first]
    return [paragraph(f"For example {', '.join(said)}.", indent=2)] if said else []


def _stood(found: Headline, event: str) -> list[str]:
    """Where an equilibrium without the event stood in every draw."""
    return [paragraph(note, indent=2) for note in sample_notes(found, event)]


def _block(notes: Sequence[str]) -> list[str]:
    return ["\n".join(paragraph(note, hanging=2) for note in notes)] if notes else []


def row_notes(scenario: ScenarioData, rows: Sequence[Request]) -> tuple[str, ...]:
    """What the names of rows mean: whose coalitions strong-k counts and how far it is to be believed, and each order.

    Args:
        scenario: of the rows.
        rows: of the table.
    """
    notes = []
    if any(row.concept.startswith("strong-") for row in rows):
        listed = "any coalition"
        if scenario.coalitions is not None:
            listed = f"the coalitions {', '.join('+'.join(group) for group in scenario.coalitions)} (-any: every one)"
        notes.append(
            f"strong-k: no coalition of up to k gains by a joint deviation; counted: {listed}. Only pure joint "
            "deviations are tried, so each set is an upper bound."
        )
    asked = {row.order for row in rows}
    notes += [f"{one.name}: {one.about}" for one in scenario.orders if one.name in asked and one.about]
    return tuple(notes)
