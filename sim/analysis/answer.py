"""The table in three sentences made from results: what holds anyway, what turns on the concept, what on a number.

They speak of shares of sampled parameter sets, and of nothing more: a share says how the ranges were drawn, too.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from sim.analysis.headline import Headline, HeadlineRow
from sim.analysis.sensitivity import Effect
from sim.analysis.thresholds import Threshold
from sim.sweeps.status import Share

NEARLY_ALL = 0.95  # share of sampled parameter sets from which something is said to hold

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
    return holds_anyway(headline), turns_on_concept(headline), turns_on_number(effects, thresholds)


def holds_anyway(headline: Headline) -> str:
    """Events that hold, or fail, in nearly all parameter sets in every row, and whether the form alone says so."""
    asked = f"under every concept and order asked ({_count(headline)} rows)"
    parts = []
    for event, rows in _by_event(headline).items():
        if all(_holds(row.share) for row in rows):
            least = min(row.share.lower for row in rows)
            fact = f"{_words(event)} holds in every equilibrium in at least {_percent(least)} of sampled parameter sets"
            parts.append(fact + _built_in(rows, _holds))
        elif all(_fails(row.share) for row in rows):
            most = max(row.share.upper for row in rows)
            fact = f"{_words(event)} holds in some equilibrium in at most {_percent(most)} of sampled parameter sets"
            parts.append(fact + _built_in(rows, _fails))
    if not parts:
        sets = f"{_percent(NEARLY_ALL)} of {headline.draws} sampled parameter sets"
        return f"No event holds, and none fails, in {sets} {asked}."
    return f"{_capital(asked)}, {_listed(parts)}."


def turns_on_concept(headline: Headline) -> str:
    """The event whose lower share differs most between rows, with both figures."""
    if _count(headline) < 2:
        return "Only one concept was asked, so nothing can be said of what turns on the concept."
    spans = []
    for event, rows in _by_event(headline).items():
        low = min(rows, key=lambda row: row.share.lower).share
        high = max(rows, key=lambda row: row.share.lower).share
        spans.append((high.lower - low.lower, event, low, high))
    width, event, low, high = max(spans, key=lambda span: span[0])
    if width == 0:
        return (
            f"No event turns on the concept: in {headline.draws} sampled parameter sets every lower share is the same."
        )
    most, least = (f"under {_row(own.concept, own.order)}" for own in (high, low))
    return (
        f"{_capital(_words(event))} turns most on the concept: it holds in every equilibrium in "
        f"{_percent(high.lower)} of sampled parameter sets {most}, and in {_percent(low.lower)} {least}."
    )


def turns_on_number(effects: Sequence[Effect], thresholds: Sequence[Threshold]) -> str:
    """The number with the greatest effect on one row and event, with its threshold where all else is central."""
    effect = max(effects, key=lambda own: own.size, default=None)
    if effect is None:
        return "No number was varied, so nothing can be said of what turns on one number."
    if effect.size == 0:
        return f"No single number changes any event in any of {effect.n} sampled parameter sets."
    certain = abs(effect.high - effect.low) >= abs(effect.high_upper - effect.low_upper)
    before, after = (effect.low, effect.high) if certain else (effect.low_upper, effect.high_upper)
    what = f"{_capital(_words(effect.event))} under {_row(effect.concept, effect.order)}"
    ends = f"from {effect.low_value:.3g} to {effect.high_value:.3g} (the middles of its low and high thirds)"
    kind = "every" if certain else "some"
    return (
        f"{what} turns most on {effect.parameter}: {ends}, the share of sampled parameter sets in which it holds in "
        f"{kind} equilibrium goes from {_percent(before)} to {_percent(after)}; {_flips(effect, thresholds)}."
    )


def structure_notes(headline: Headline) -> tuple[str, ...]:
    """Rows whose events hold in every equilibrium of no draw, shuffled or not: the form of the game, no finding."""
    events: dict[tuple[str, str | None], list[str]] = {}
    for row in headline.rows:
        share = row.share
        if share.lower == 0 and row.shuffled.lower == 0 and share.upper > 0:
            events.setdefault((share.concept, share.order), []).append(_words(share.event))
    return tuple(
        f"Under {_row(*key)}, none of {headline.draws} sampled parameter sets has {_listed(own, 'or')} in every "
        "equilibrium, and none has with shuffled weights: the form of the game does that, it is no finding."
        for key, own in events.items()
    )


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
    return f"with all else central it goes {_listed(steps)}" + (f", in {own.unit}" if own.unit else "")


def _built_in(rows: Sequence[HeadlineRow], test: Test) -> str:
    if all(test(row.shuffled) for row in rows):
        return " (built into the form of the game: with shuffled weights it is so, too)"
    return ""


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
