"""Sections of the report on what follows: what to do, what to find out, where it flips, in which box it lives."""

from collections.abc import Iterable, Mapping, Sequence

from sim.analysis.discover import Box, Discovery
from sim.analysis.flips import Flips
from sim.analysis.learn import Learning
from sim.analysis.policy import Policy
from sim.analysis.sobol_indices import Sensitivity
from sim.analysis.thresholds import Threshold
from sim.show.figures.words import listed, percent, plain, row_label, split_row
from sim.show.inquiry import Asked
from sim.show.report_parts import MOST_ROWS, QUESTIONS, Part, Section, Table, action, exact, merged, signed, spread

MOST_GROUPS = 5  # of each event and end


def policy_section(found: Policy, titles: Mapping[str, str], telling: set[str], asked: Asked) -> Section:
    """What the one who decides gets, and gives up, by each action. Rows that read the same are one."""
    blocks: dict[str, list[tuple[str, ...]]] = {}
    for row in found.rows:
        low, high = row.lower, row.upper
        middle = spread(low.payoff[1], high.payoff[1])
        cells = (middle, percent(low.best), signed(low.mean), signed(low.greatest), f"{row.n:,}")
        if row.row in telling:
            blocks.setdefault(row_label(row.concept, row.order, titles), []).append((action(row.label), *cells))
    alike: dict[tuple[tuple[str, ...], ...], list[str]] = {}
    for label, block in blocks.items():
        alike.setdefault(tuple(block), []).append(label)
    rows = [("; ".join(labels), *cells) for block, labels in alike.items() for cells in block]
    who = titles[found.player]
    head = ("concept or order", "action", "middle payoff", "best in", "mean regret", "greatest regret", "N")
    table = Table(f"What {who} gets by committing to each action, in its own points", head, tuple(rows), labels=2)
    follows = _follows(found, titles)
    shown = {row.row for row in found.rows}
    more = f"The other {len(shown - telling)} concepts and orders are in the document of the analysis."
    return Section(
        "policy",
        QUESTIONS["policy"],
        f"Say that {who} binds itself to one action before the others choose, and that they then play a stable way of"
        " the game that is left. Regret is what an action gives up against the best one for the same numbers.",
        found.sentence,
        (
            Part(table=table),
            *([Part(sentences=(more,))] if shown - telling else []),
            *([Part(table=follows)] if follows else []),
        ),
        f"Each action is fixed, and the others' game solved, on the same {found.draws:,} sampled sets; N counts those"
        " where every action leaves a stable way of playing. The middle payoff runs from the least to the greatest"
        " stable way, in the median set; best, mean and greatest are of the least. It cannot say whether the"
        " commitment would be believed, nor what an action that is not in the file would do.",
        (asked.command,),
    )


def _follows(found: Policy, titles: Mapping[str, str]) -> Table | None:
    """Which events each action leaves, under pairs where they were asked; None where the file has no event."""
    name = next((row.row for row in found.rows if row.concept == "strong-2"), found.rows[0].row)
    own = [row for row in found.rows if row.row == name]
    events = list(own[0].events)
    if not events:
        return None
    rows = []
    for row in own:
        ends = [[percent(share) for share in row.events[event]] for event in events]
        rows.append((action(row.label), *(" to ".join(dict.fromkeys(pair)) for pair in ends), percent(row.none)))
    label = row_label(own[0].concept, own[0].order, titles)
    caption = f"What then follows under {label}: share of {found.draws:,} sets in which it holds always, to possibly"
    return Table(caption, ("action", *map(plain, events), "no equilibrium"), tuple(rows))


def learn_section(found: Learning, titles: Mapping[str, str], asked: Asked) -> Section:
    """What knowing a number first is worth, and what knowing all of them is."""
    unit = f"points of {titles[found.player]}" if found.player else "share of the event's variance"
    single = []
    for one in sorted((row for row in found.rows if row.telling), key=lambda row: -row.value):
        where = ", ".join([row_label(one.concept, one.order, titles), *([plain(one.event)] if one.event else [])])
        worth = f"{signed(one.value)} ± {signed(2 * one.error)}"
        single.append((one.label, where, one.end, worth, signed(one.null)))
    rows = merged(merged(single, 2), 1)
    parts = []
    if rows:
        head = ("number", "concept or order", "end", "worth", "of a number that tells nothing")
        caption = f"What knowing one number first is worth, in {unit}"
        parts.append(Part(table=Table(caption, head, rows[:MOST_ROWS])))
    if len(rows) > MOST_ROWS:
        parts.append(Part(sentences=(f"{len(rows) - MOST_ROWS} further rows are worth less.",)))
    if found.player:
        whole = []
        for every in found.everything:
            label = row_label(every.concept, every.order, titles)
            worth = f"{signed(every.value)} ± {signed(2 * every.error)}"
            whole.append((label, every.end, action(every.action or ""), worth))
        names = ("concept or order", "end", "without it", "worth")
        caption = f"What knowing every number first is worth, in {unit}"
        parts.append(Part(table=Table(caption, names, merged(merged(whole, 1), 0))))
    asks = (
        f"Before {titles[found.player]} commits, which number would be worth knowing? Knowing is worth something only"
        " where it changes what one does."
        if found.player
        else "Which number, once known, would narrow most whether an event holds?"
    )
    return Section(
        "learn",
        QUESTIONS["learn"],
        asks,
        found.sentence,
        tuple(parts),
        f"Expected value of (partial) perfect information by regression on {found.draws:,} sampled sets (Strong, Oakley"
        " & Brennan 2014), with two standard errors; the same numbers with their draws permuted say what one that tells"
        " nothing would seem to be worth, and only what is worth more is listed. Lower and upper are the two ends of"
        " the sets of equilibria. It cannot say what finding out costs, nor what a study that errs is worth.",
        (asked.command,),
    )


def discover_section(found: Discovery, titles: Mapping[str, str], asked: Asked) -> Section:
    """The boxes, and the events that have none."""
    rows = []
    for box in found.rows:
        if box.rules:
            label = (plain(box.event), row_label(box.concept, box.order, titles), box.end)
            rules = ", ".join(f"{_signs(rule.text)} ({rule.stability:.0%})" for rule in box.rules)
            inside = f"{percent(box.density)} ({percent(box.interval[0])} to {percent(box.interval[1])})"
            rows.append((*label, percent(box.share), rules, inside, percent(box.coverage), f"{box.inside:,}"))
    head = (
        "event",
        "concept or order",
        "holds",
        "in all sets",
        "the box",
        "inside the box",
        "of the event",
        "N inside",
    )
    best = max((box for box in found.rows if box.rules), key=lambda box: box.density - box.share, default=None)
    none = _without_box([box for box in found.rows if not box.rules], titles)
    table = Table("Boxes of a few numbers in which an event is common; beside each rule, how often resampled draws pick"
                  " the same number again", head, tuple(rows), labels=3)  # fmt: skip
    return Section(
        "discover",
        QUESTIONS["discover"],
        "For each event a box is sought: a few numbers, each above or below a value, such that the event is much more"
        " common inside than everywhere. A box tells what kind of world the event belongs to.",
        best.sentence if best is not None else found.sentence,
        (*([Part(table=table)] if rows else []), *([Part(sentences=none)] if none else [])),
        f"Boxes are found on half of {found.draws:,} sampled sets by peeling (Friedman & Fisher 1999), and measured on"
        " the other half; in brackets the 95% interval of sampling. “Of the event” is the part of it that lies inside."
        " A rule that resampling seldom picks again should not be told as a story; a box is a description, no cause.",
        (asked.command,),
    )


def _signs(text: str) -> str:
    return text.replace("<=", "≤").replace(">=", "≥").replace(" -", " −")


def _without_box(boxes: Sequence[Box], titles: Mapping[str, str]) -> tuple[str, ...]:
    rows: dict[str, list[str]] = {}
    for box in boxes:
        rows.setdefault(plain(box.event), []).append(f"{row_label(box.concept, box.order, titles)}, {box.end}")
    said = [f"{event} ({'; '.join(where)})" for event, where in rows.items()]
    return (
        (f"No box is much denser than everything, or the event is too rare or too common, for: {listed(said)}.",)
        if said
        else ()
    )


def variance_section(found: Sensitivity, titles: Mapping[str, str], main: str, asked: Asked) -> Section:
    """What each group of numbers makes of the variance; it stands within the section on single numbers."""
    rows = []
    for row in found.ranked:
        telling = [one for one in row.indices if one.telling] if row.row == main else []
        for one in telling[:MOST_GROUPS]:
            parts = [f"{own.value:.3f} ± {own.error:.3f}".replace("-", "−") for own in (one.first, one.total)]
            rows.append((plain(row.event), one.label, row.end, *parts))
    label = row_label(*split_row(main), titles)
    caption = f"Under {label}: parts of each event's variance, the greatest, by group of numbers, with 95% intervals"
    table = Table(caption, ("event", "numbers", "end", "by itself", "with its interactions"), merged(rows, 2), labels=2)
    return Section(
        "sensitivity",
        "",
        "",
        found.sentence,
        (Part(table=table),) if rows else (),
        f"First and total Sobol’ indices from {found.evaluations:,} solved sets. Numbers that are drawn together are"
        " one group; an event that nearly always or nearly never holds is not ranked. A part of the variance has no"
        " direction: the first table says which way a number moves an event.",
        (asked.command,),
    )


def flips(found: Iterable[Threshold], titles: Mapping[str, str]) -> Table | None:
    """Every number at which some event changes under one row, all else at its best guess."""
    rows: list[tuple[str, ...]] = []
    label = ""
    for own in found:
        label = row_label(own.concept, own.order, titles)
        if len(own.pieces) < 2 and not own.points:
            continue
        steps = [(piece.start, f"{piece.status} from {signed(piece.start)}") for piece in own.pieces[1:]]
        steps += [(point.at, f"{point.status} at {signed(point.at)}") for point in own.points]
        said = [own.pieces[0].status, *(text for _, text in sorted(steps, key=lambda step: step[0]))]
        reach = f"{signed(own.pieces[0].start)} to {signed(own.pieces[-1].stop)}"
        rows.append(
            (own.parameter, reach, "" if own.unit == "1" else own.unit or "", plain(own.event), "; ".join(said))
        )
    if not rows:
        return None
    caption = f"Every number that changes an event by itself under {label}, all else at its best guess"
    return Table(caption, ("number", "range", "unit", "event", "what holds as it grows"), merged(rows, 3))


def flips_over_draws(found: Sequence[Flips], titles: Mapping[str, str]) -> Table | None:
    """The value of one number at which each event flips in the sampled sets, all else as drawn."""
    rows = []
    for own in found:
        if own.quantiles is not None:
            least, _, middle, _, most = (exact(value) for value in own.quantiles)
            shares = (percent(own.once), percent(own.none), percent(own.more), percent(own.rises or 0.0))
            rows.append((f"{plain(own.event)}, {own.end}", *shares, middle, f"{least} to {most}"))
    if not rows:
        return None
    first = found[0]
    row = row_label(first.concept, first.order, titles)
    caption = f"Where {first.parameter} flips an event in {first.n:,} sampled sets under {row}, all else as drawn"
    head = ("event", "flips once in", "never in", "more often in", "above it holds in", "middle value", "nine in ten")
    return Table(caption, head, tuple(rows))
