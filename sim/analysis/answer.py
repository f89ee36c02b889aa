"""The table in three sentences made from results: what holds anyway, what turns on the concept, what on a number.

They speak of shares of sampled parameter sets, and of nothing more: a share says how the ranges were drawn, too.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import combinations, pairwise

import numpy as np

from sim.analysis.headline import Headline, HeadlineRow
from sim.analysis.sensitivity import Effect
from sim.analysis.thresholds import Threshold
from sim.solvers.concepts import Request
from sim.sweeps.status import NEVER, SOMETIMES, STATUSES, Share

NEARLY_ALL = 0.95  # share of sampled parameter sets from which something is said to hold

HARDLY = 0.01  # share of sampled parameter sets
MOST = 0.5  # share of sampled parameter sets without any equilibrium from which that is said
SHUFFLED = {  # what is said where the first placebo finds the same
    "weights": "with shuffled weights it is so, too",
    "payoffs": "with payoffs shuffled among profiles it is so, too",
    "nothing": "",
}

Test = Callable[[Share], bool]


def three_sentences(
    headline: Headline, effects: Sequence[Effect] = (), thresholds: Sequence[Threshold] = ()
) -> tuple[str, str, str]:
    """What holds under every concept and order, what turns on the concept, what turns on one number.

    Args:
        headline: the table.
        effects: from `thirds`; empty where it was not asked for or no number is uncertain.
        thresholds: from `thresholds`, best of the number with the greatest effect.
    """
    number = turns_on_number(effects, thresholds, of_rows=_count(headline))
    return holds_anyway(headline), turns_on_concept(headline), number


def holds_anyway(headline: Headline) -> str:
    """Events that hold, or fail, in nearly all parameter sets in every row, and whether shuffled games say so too."""
    asked = f"under every concept and order asked ({_rows(_count(headline))})"
    parts = []
    for event, rows in _by_event(headline).items():
        if all(_holds(row.share) for row in rows):
            least = min(row.share.lower for row in rows)
            fact = f"{_words(event)} holds in every equilibrium in at least {_percent(least)} of sampled parameter sets"
            parts.append(fact + _shuffled_too(headline, rows, _holds))
        elif all(_fails(row.share) for row in rows):
            most = max(row.share.upper for row in rows)
            fact = f"{_words(event)} holds in some equilibrium in at most {_percent(most)} of sampled parameter sets"
            parts.append(fact + _shuffled_too(headline, rows, _fails))
    if not parts:
        sets = f"{_percent(NEARLY_ALL)} of {headline.draws:,} sampled parameter sets"
        return f"No event holds, and none fails, in {sets} {asked}{_without_any(headline)}."
    return f"{_capital(asked)}, {_listed(parts)}{_without_any(headline)}."


def turns_on_concept(headline: Headline) -> str:
    """The event whose lower share differs most between rows, with both figures.

    A row that has the event in some equilibria and hardly ever in every one selects too little to be a contrast: it
    is left out, and named only where nothing else differs.
    """
    if _count(headline) < 2:
        return "Only one concept was asked, so nothing can be said of what turns on the concept."
    groups = _by_event(headline)
    if all(_agree(headline, rows) for rows in groups.values()):
        sets = f"{headline.draws:,} sampled parameter sets"
        return f"No event turns on the concept: in each of {sets} every row says the same of every event."
    spans = []
    for event, rows in groups.items():
        telling = [row for row in rows if not _only_possible(row.share)]
        if len(telling) > 1:
            low, high = (end(telling, key=lambda row: row.share.lower).share for end in (min, max))
            spans.append((high.lower - low.lower, event, low, high))
    spans = [span for span in spans if span[0] > 0]
    if not spans:
        return _possible_beside_certain(groups)
    _, event, low, high = max(spans, key=lambda span: span[0])
    most, least = (f"under {_row(own.concept, own.order)}" for own in (high, low))
    return (
        f"{_capital(_words(event))} turns most on the concept: it holds in every equilibrium in "
        f"{_percent(high.lower)} of sampled parameter sets {most}, and in {_percent(low.lower)} {least}."
    )


def turns_on_number(effects: Sequence[Effect], thresholds: Sequence[Threshold], *, of_rows: int | None = None) -> str:
    """The number with the greatest effect on one row and event, with its threshold where all else is central.

    Args:
        effects: from `thirds`.
        thresholds: of the same number.
        of_rows: how many rows the table has, of which the effects look at some.
    """
    effect = max(effects, key=lambda own: own.size, default=None)
    if effect is None:
        return "No number was varied, so nothing can be said of what turns on one number."
    if effect.size == 0:
        looked = _looked(effects, of_rows)
        return f"No single number changes any event in any of {effect.n:,} sampled parameter sets ({looked})."
    certain = abs(effect.high - effect.low) >= abs(effect.high_upper - effect.low_upper)
    before, after = (effect.low, effect.high) if certain else (effect.low_upper, effect.high_upper)
    what = f"{_capital(_words(effect.event))} under {_row(effect.concept, effect.order)}"
    ends = f"from {effect.low_value:.3g} to {effect.high_value:.3g} (the middles of its low and high thirds)"
    kind = "every" if certain else "some"
    return (
        f"{what} turns most on {effect.parameter} ({_looked(effects, of_rows)}): {ends}, the share of {effect.n:,} "
        f"sampled parameter sets in which it holds in {kind} equilibrium goes from {_percent(before)} "
        f"to {_percent(after)}; {_flips(effect, thresholds)}."
    )


def sample_notes(headline: Headline, event: str) -> tuple[str, ...]:
    """Rows in which some equilibrium without the event stands in every draw: found in the sample, not proved."""
    rows = [row for row in headline.rows if row.share.event == event and _never_certain(row.share)]
    rows = [row for row in rows if row.share.upper > 0]
    notes = []
    for too in (True, False):
        own = [row.share for row in rows if (bool(_shuffled_too(headline, [row], _never_certain))) == too]
        if own:
            under = _listed([_row(share.concept, share.order) for share in own])
            notes.append(
                f"In none of the {headline.draws:,} draws is {_words(event)} in every equilibrium under {under}: some "
                f"equilibrium without it stood in each{f'; {SHUFFLED[headline.shuffling]}' if too else ''}."
            )
    return tuple(notes)


def structure_notes(headline: Headline) -> tuple[str, ...]:
    """`sample_notes` of all events in the order of the table."""
    return tuple(note for event in _by_event(headline) for note in sample_notes(headline, event))


def _flips(effect: Effect, thresholds: Sequence[Threshold]) -> str:
    """Where the event changes with all else central, in words."""
    same = (effect.parameter, effect.row, effect.event)
    own = next((one for one in thresholds if (one.parameter, one.row, one.event) == same), None)
    if own is None:
        return "where it flips with all else central was not asked"
    if not own.values:
        return f"with all else central there is no threshold in range (it is {own.pieces[0].status} throughout)"
    steps = [
        f"from {left.status} to {right.status} at {right.start:.4g}"
        + (f" (above {_percent(own.prior[k])} of its prior)" if own.prior else "")
        for k, (left, right) in enumerate(pairwise(own.pieces))
    ]
    return f"with all else central it goes {_listed(steps)}" + (f", in {own.unit}" if own.unit not in ("", "1") else "")


def _possible_beside_certain(groups: dict[str, list[HeadlineRow]]) -> str:
    """Where lower shares of the telling rows are equal: what the full shares still differ in, most first."""
    found = []
    for event, rows in groups.items():
        for left, right in combinations([row.share for row in rows], 2):
            apart = sum(abs(left.share(status) - right.share(status)) for status in STATUSES) / 2
            found.append((apart, event, left, right))
    _, event, one, other = max(found, key=lambda own: own[0])
    if (other.lower, other.upper) > (one.lower, one.upper):
        one, other = other, one
    told = [
        f"under {_row(own.concept, own.order)} it holds in every equilibrium in {_percent(own.lower)} and in some in "
        f"{_percent(own.upper)}"
        for own in (one, other)
    ]
    return f"{_capital(_words(event))} differs most between concepts: {told[0]}; {told[1]} of sampled parameter sets."


def _agree(headline: Headline, rows: Sequence[HeadlineRow]) -> bool:
    """Whether all rows give one event the same status in every draw."""
    if len({row.share.counts for row in rows}) > 1:
        return False
    known = headline.rows_of_main.concepts
    asked = [(Request(row.share.concept, row.share.order), row.share.event) for row in rows]
    codes = [known[own].status[headline.events.index(event)] for own, event in asked if own in known]
    return all(np.array_equal(codes[0], other) for other in codes[1:])


def _looked(effects: Sequence[Effect], of_rows: int | None) -> str:
    count = len({effect.row for effect in effects})
    return f"{count} of the {_rows(of_rows)} looked at" if of_rows else f"{_rows(count)} looked at"


def _rows(count: int) -> str:
    return f"{count} row{'s' * (count != 1)}"


def _without_any(headline: Headline) -> str:
    """The row in which most draws have no equilibrium at all, where there is one: there, "fails" says little."""
    worst = max((row.share for row in headline.rows), key=lambda share: share.share("none"), default=None)
    if worst is None or worst.share("none") <= MOST:
        return ""
    none = _percent(worst.share("none"))
    return f"; under {_row(worst.concept, worst.order)} there is no equilibrium at all in {none} of them"


def _shuffled_too(headline: Headline, rows: Sequence[HeadlineRow], test: Test) -> str:
    """What the first placebo says as well; nothing where shuffling changes nothing."""
    said = SHUFFLED[headline.shuffling]
    return f" ({said})" if said and all(test(row.shuffled) for row in rows) else ""


def _never_certain(share: Share) -> bool:
    """In each draw some equilibrium stands without the event."""
    return share.counts[SOMETIMES] + share.counts[NEVER] == share.n


def _only_possible(share: Share) -> bool:
    """Certain in hardly any draw, and for want of selection: equilibria with and without the event stand together."""
    return share.lower < HARDLY and share.share("sometimes") > share.lower


def _holds(share: Share) -> bool:
    return share.lower >= NEARLY_ALL


def _fails(share: Share) -> bool:
    return share.upper <= 1 - NEARLY_ALL


def _by_event(headline: Headline) -> dict[str, list[HeadlineRow]]:
    groups: dict[str, list[HeadlineRow]] = {}
    for row in headline.rows:
        groups.setdefault(row.share.event, []).append(row)
    return groups


def _count(headline: Headline) -> int:
    return len({row.share.row for row in headline.rows})


def _row(concept: str, order: str | None) -> str:
    return concept if order is None else f"{concept} play ({_words(order)})"


def _words(name: str) -> str:
    return name.replace("_", " ")


def _percent(share: float) -> str:
    return f"{100 * share:.1f}%"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _listed(parts: Iterable[str], word: str = "and") -> str:
    *first, last = parts
    return f"{', '.join(first)} {word} {last}" if first else last
