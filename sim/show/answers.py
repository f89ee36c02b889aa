"""The analyses as plain text, as wide as a terminal: the answer in one sentence, the table, what the words mean."""

from collections.abc import Sequence

from sim.analysis.believe import Beliefs
from sim.analysis.challenge import Challenge, ChallengeRow, ShapleyRow
from sim.analysis.diff import Diff
from sim.analysis.discover import Discovery
from sim.analysis.flips import QUANTILES, Flips, Thresholds
from sim.analysis.learn import Learning
from sim.analysis.placebo import Placebo
from sim.analysis.policy import Policy
from sim.analysis.prove import Proof
from sim.analysis.regime_map import RegimeMap
from sim.analysis.register import Hindcast, Registration
from sim.analysis.structure import FACTORS, Structure
from sim.show.figures.words import percent
from sim.show.plain_table import paragraph, plain_table

SHOWN = 12  # rows of a ranking; --json has all
SETS = "Shares are of sampled parameter sets."


def plain_placebo(found: Placebo) -> str:
    """A block an event: always and possible, beside both placebos."""
    blocks = []
    for event in dict.fromkeys(row.share.event for row in found.rows):
        table = [["", "always", "shuffled", "coin", "| possible", "shuffled", "coin"]]
        for row in found.rows:
            if row.share.event == event:
                three = (row.share, row.shuffled, row.coin)
                cells = [percent(one.lower) for one in three] + [percent(one.upper) for one in three]
                table.append([row.share.row, *cells[:3], "| " + cells[3], *cells[4:]])
        blocks.append(f"{event}, share of {found.draws:,} draws\n{plain_table(table)}")
    words = (
        "shuffled: the weights of each player permuted among its interests, signs kept. coin: independent payoffs,"
        f" which give {found.coin_mean_equilibria:.3f} pure Nash equilibria a game here (±"
        f" {found.coin_standard_error:.3f}; 1 is expected). {SETS}"
    )
    return "\n\n".join([*blocks, paragraph(words)])


def plain_challenge(found: Challenge) -> str:
    """One row a claim that moves something, then the idle ones, then Shapley's shares."""
    alive = [row for row in found.rows if not row.idle]
    table = [["claim", "done", "flips", "moves most", "always", "possible"]]
    for row in alive[:SHOWN]:
        most = row.greatest
        table.append(
            [
                row.claim,
                row.action,
                percent(row.flipped),
                f"{most.before.event} ({most.before.row})",
                f"{percent(most.before.lower)} -> {percent(most.after.lower)}",
                f"{percent(most.before.upper)} -> {percent(most.after.upper)}",
            ]
        )
    parts = [paragraph(found.sentence), plain_table(table, left=2)]
    if len(alive) > SHOWN:
        parts.append(f"{len(alive) - SHOWN} more claims: --json has all.")
    moved = [_moved_thresholds(row) for row in alive if row.thresholds]
    if moved:
        parts.append("\n".join(["Thresholds moved, all else central", *moved[:SHOWN]]))
    idle = [row.claim for row in found.rows if row.idle]
    if idle:
        parts.append(paragraph(f"Idle, for they touch no payoff: {', '.join(idle)}."))
    for name, rows in (("claims", found.shapley), ("kinds of source", found.by_source)):
        if rows:
            parts.append(f"Shapley's shares over {name}: they add up to (with all) - (with none)\n{_shapley(rows)}")
    parts.append(paragraph(f"flips: share of {found.draws:,} draws in which some status is another. {SETS}"))
    return "\n\n".join(parts)


def _moved_thresholds(row: ChallengeRow) -> str:
    first = row.thresholds[0]
    name = first.concept if first.order is None else f"{first.concept}.{first.order}"
    ends = [
        "fixed" if own is None else ", ".join(f"{value:.6g}" for value in own) or "none in range"
        for own in (first.before, first.after)
    ]
    more = f"; {len(row.thresholds) - 1} more" if len(row.thresholds) > 1 else ""
    text = f"{row.claim}: {first.parameter} for {first.event} ({name}) {' -> '.join(ends)}{more}"
    return paragraph(text, indent=2, hanging=4)


def _shapley(rows: Sequence[ShapleyRow]) -> str:
    table = [["event", "row", "end", "all", "none", "greatest parts"]]
    for row in rows:
        order = sorted(row.shares, key=lambda name: -abs(row.shares[name]))[:3]
        said = ", ".join(f"{name} {row.shares[name]:+.3f}" for name in order)
        name = row.concept if row.order is None else f"{row.concept}.{row.order}"
        if row.whole[0] != row.whole[1]:
            table.append([row.event, name, row.end, percent(row.whole[0]), percent(row.whole[1]), said])
    return "\n".join(line[:160] for line in plain_table(table, left=3).splitlines())


def plain_proof(found: Proof) -> str:
    """One row a concept: the verdict, and how it is known."""
    table = [["", "verdict", "how it is known"], *([row.row, row.verdict, row.proof] for row in found.rows)]
    words = (
        "necessary: in every equilibrium at every parameter set in the ranges. impossible: in none at any."
        f" {found.tried:,} parameter sets were tried for witnesses (central values, draws, corners of the ranges);"
        " --json gives them."
    )
    return "\n\n".join([paragraph(found.sentence), plain_table(table, left=3), paragraph(words)])


def plain_beliefs(found: Beliefs) -> str:
    """One row a concept and end; what changes, under it."""
    table = [["", "equilibria", "answer", "half-ranges", "believe"]]
    for row in found.rows:
        what = ", ".join(f"{name}={value:.6g}" for name, value in row.set.items())
        far = "" if row.distance is None or not row.set else f"{row.distance:.3f}"
        table.append([row.row, row.end, row.answer, far, what])
    words = (
        "some, all: in some, in every equilibrium. half-ranges: how far from the central values, each number's change"
        " as a share of half of its range, added up. What is found is solved again, and one per cent less of the change"
        " does"
        " not do; a nearer set may exist where the search is not a linear program."
    )
    return "\n\n".join([paragraph(found.sentence), plain_table(table, left=5), paragraph(words)])


def plain_policy(found: Policy) -> str:
    """A block a concept: one row an action."""
    parts = [paragraph(found.sentence)]
    for name in dict.fromkeys(row.row for row in found.rows):
        own = [row for row in found.rows if row.row == name]
        table = [["", "median", "best in", "mean regret", "greatest", "| median", "best in", "mean regret", "greatest"]]
        for row in own:
            cells = []
            for bar, end in (("", row.lower), ("| ", row.upper)):
                cells += [f"{bar}{end.payoff[1]:.2f}", percent(end.best), f"{end.mean:.2f}", f"{end.greatest:.2f}"]
            table.append([row.label, *cells])
        enough = [
            f"{row.label} {percent(row.lower.satisficing)} to {percent(row.upper.satisficing or 0)}"
            for row in own
            if row.lower.satisficing is not None
        ]
        said = [f"At least {found.level:g} points: {'; '.join(enough)}."] if enough else []
        lost = own[0].n < found.draws
        dropped = f" ({found.draws - own[0].n:,} without equilibrium after some action are left out)" if lost else ""
        parts.append("\n".join([f"{name}, {own[0].n:,} draws{dropped}", plain_table(table), *said]))
        if own[0].events:
            table = [["what follows, always-possible", *own[0].events]]
            table += [[row.label, *("-".join(map(percent, pair)) for pair in row.events.values())] for row in own]
            parts.append(plain_table(table))
    parts.append(
        paragraph(
            f"Left of the bar the least, right of it the greatest payoff of {found.player} over the equilibria that"
            f" follow, in its own points. Regret: points foregone against the best action in the same draw. {SETS}"
        )
    )
    return "\n\n".join(parts)


def plain_structure(found: Structure) -> str:
    """Variance shares, then the range of shares over specifications."""
    table = [["", *FACTORS, "interactions"]]
    for one in found.variance:
        table.append([one.event, *(percent(one.parts[name]) for name in (*FACTORS, "interactions"))])
    spread = [["", "least", "greatest", "specifications", "greatest of shuffled weights"]]
    for event in dict.fromkeys(one.event for one in found.specifications):
        own = [one for one in found.specifications if one.event == event]
        ends = [percent(min(one.share for one in own)), percent(max(one.share for one in own)), str(len(own))]
        spread.append([event, *ends, percent(max(one.placebo for one in own))])
    words = (
        "numbers: which draw. end: whether every or some equilibrium must show the event. order: orders of moves"
        f" beyond their concept. Below: share of {found.draws:,} sampled parameter sets in which the event holds."
    )
    variance = f"Share of the variance over {found.draws:,} draws and all structures\n{plain_table(table)}"
    return "\n\n".join([paragraph(found.sentence), variance, plain_table(spread), paragraph(words)])


def plain_learning(found: Learning) -> str:
    """The most telling numbers, and what knowing everything is worth."""
    unit = f"points of {found.player}" if found.player else "share of the event's variance"
    rows = [row for row in found.rows if row.telling]
    rows.sort(key=lambda row: -row.value)
    table = [["number", "row", "event", "end", "worth", "± 2 se", "of nothing"]]
    for row in rows[:SHOWN]:
        name = row.concept if row.order is None else f"{row.concept}.{row.order}"
        figures = (f"{row.value:.3g}", f"{2 * row.error:.2g}", f"{row.null:.2g}")
        table.append([row.label, name, row.event or "", row.end, *figures])
    parts = [paragraph(found.sentence)]
    if rows:
        parts.append(f"Worth of knowing, {unit}\n{plain_table(table, left=4)}")
    if found.player:
        whole = [["row", "end", "without knowing more", "all numbers", "± 2 se"]]
        for one in found.everything:
            name = one.concept if one.order is None else f"{one.concept}.{one.order}"
            whole.append([name, one.end, one.action or "", f"{one.value:.3g}", f"{2 * one.error:.2g}"])
        parts.append(f"Worth of knowing everything, {unit}\n{plain_table(whole, left=3)}")
    words = (
        "of nothing: what 95% of numbers that tell nothing would seem to be worth (the same draws, permuted); only what"
        f" is worth more is listed. end: lower or upper end of the set of equilibria. {found.draws:,} draws."
    )
    return "\n\n".join([*parts, paragraph(words)])


def plain_thresholds(found: Thresholds) -> str:
    """One line a number, concept and event that changes; those that never do, in one line a number; then over draws."""
    parts, rows = [], found.rows
    if not rows:
        return "Every number is fixed: there is nothing to move."
    for number in dict.fromkeys(row.parameter for row in rows):
        own = [row for row in rows if row.parameter == number]
        changing = [row for row in own if len(row.pieces) > 1 or row.points]
        low, high = own[0].pieces[0].start, own[0].pieces[-1].stop
        head = f"{number} ({own[0].unit or '1'}), {low:.6g} to {high:.6g}, all else central"
        if not changing:
            parts.append(f"{head}: none in range, for {len(own)} rows and events.")
            continue
        table = [["row", "event", "pieces"]]
        for row in changing:
            said = [row.pieces[0].status]
            for piece in row.pieces[1:]:
                said += [f"| {piece.start:.9g} |", piece.status]
            said += [f"(at {point.at:.9g}: {point.status})" for point in row.points]
            table.append([row.row, row.event, " ".join(said)])
        rest = len(own) - len(changing)
        more = [f"None in range for {rest} others."] if rest else []
        parts.append("\n".join([head, plain_table(table, left=3), *more]))
    method = sorted({row.method for row in rows})
    longest = max(row.resolution for row in rows)
    note = f"Method: {', '.join(method)}."
    if "numerical" in method:
        note += f" A piece shorter than {longest:.3g} (the coarsest number's) between two of one status may be missed."
    return "\n\n".join([*parts, paragraph(note), *_plain_flips(found.over_draws)])


def _plain_flips(found: Sequence[Flips]) -> list[str]:
    parts = []
    for number in dict.fromkeys(one.parameter for one in found):
        own = [one for one in found if one.parameter == number]
        table = [["row", "event", "end", "none", "once", "more", "rises", *(f"{100 * q:.0f}%" for q in QUANTILES)]]
        for one in own:
            if one.quantiles is not None:
                shares = [percent(one.none), percent(one.once), percent(one.more), percent(one.rises or 0.0)]
                name = one.concept if one.order is None else f"{one.concept}.{one.order}"
                table.append([name, one.event, one.end, *shares, *(f"{value:.4g}" for value in one.quantiles)])
        head = f"{number} over {own[0].n:,} draws, all else as drawn"
        still = sum(one.quantiles is None for one in own)
        more = [f"No single flip in any draw for {still} others."] if still else []
        body = [plain_table(table, left=3)] if len(table) > 1 else []
        parts.append("\n".join([head, *body, *more]))
        words = (
            "none, once, more: share of draws in which the event flips so often in the range; rises: of those that flip"
            f" once, how many have it above the value. Quantiles of that value, to {own[0].step / 2:.2g}."
        )
        parts.append(paragraph(words))
    return parts


def plain_map(found: RegimeMap) -> str:
    """Each region with its share of the plane, what is played there, and where it lies along the middle line."""
    name = found.concept if found.order is None else f"{found.concept}.{found.order}"
    ranges = [
        f"{number} {grid[0]:.4g} to {grid[-1]:.4g} ({unit or '1'})"
        for number, grid, unit in ((found.x, found.x_grid, found.x_unit), (found.y, found.y_grid, found.y_unit))
    ]
    head = f"{name}: {' by '.join(ranges)}, all else central. The plane is evenly weighed, which no prior is."
    parts = [paragraph(head)]
    for k, one in enumerate(found.regions, start=1):
        played = f"Played: {one.played}." if one.equilibria else ""
        at = f"{found.x}={one.at[0]:.4g}, {found.y}={one.at[1]:.4g}"
        parts.append(
            paragraph(f"{k}. {one.label}: {percent(one.share)} of the plane. {played} For one, {at}.", hanging=3)
        )
    middle = len(found.lines) // 2
    line = found.lines[middle]
    said = [str(line[0][2] + 1)] + [f"| {start:.9g} | {k + 1}" for start, _, k in line[1:]]
    words = {"exact": "solved for", "numerical": "bisected between values of a grid"}[found.method]
    parts.append(
        paragraph(
            f"Along {found.y} = {found.y_grid[middle]:.6g} the regions are {' '.join(said)}; borders along {found.x}"
            f" are {words}, on {len(found.lines)} lines (--json has all). Several options: equilibria differ."
        )
    )
    return "\n\n".join(parts)


def plain_discovery(found: Discovery) -> str:
    """A paragraph a box."""
    parts = [paragraph(found.sentence)]
    for row in found.rows:
        if not row.rules:
            continue
        rules = ", ".join(f"{rule.text} (picked again in {rule.stability:.0%})" for rule in row.rules)
        typical = ", ".join(f"{one.name} {one.shift:+.2f}" for one in row.typical)
        low, high = row.interval
        parts.append(
            paragraph(
                f"{row.event}, {row.end}, {row.row}: density {row.density:.0%} ({low:.0%} to {high:.0%}) against"
                f" {row.share:.0%} everywhere, coverage {row.coverage:.0%}, {row.inside:,} of {row.n:,} held-out draws"
                f" inside. Box: {rules}. Typical there, in standard deviations: {typical}."
            )
        )
    none = [f"{row.event} ({row.end}, {row.row}: {row.note})" for row in found.rows if not row.rules]
    if none:
        parts.append(paragraph(f"No box: {'; '.join(none)}."))
    words = "Boxes are found on half of the draws; density and coverage are measured on the other half."
    return "\n\n".join([*parts, paragraph(words)])


def plain_diff(found: Diff) -> str:
    """One line an edit, those that move something first."""
    parts = [paragraph(found.sentence)]
    silent = [row for row in found.rows if not row.size]
    table = [["points", "edit"]]
    table += [[f"{100 * row.size:.1f}", str(row.edit)[:110]] for row in found.rows if row.size]
    if len(table) > 1:
        head = "Alone, each moves a headline share by at most so many points"
        parts.append(f"{head} ({found.draws:,} draws)\n{plain_table(table, left=0)}")
    if silent:
        lines = [f"  {f'[{row.reason[:60]}] ' if row.reason else ''}{row.edit}"[:140] for row in silent[:SHOWN]]
        more = [f"  and {len(silent) - SHOWN} more"] if len(silent) > SHOWN else []
        parts.append("\n".join(["Moves no headline share:", *lines, *more]))
    return "\n\n".join(parts)


def plain_registration(found: Registration) -> str:
    """What was put on record."""
    name = found.concept if found.order is None else f"{found.concept}.{found.order}"
    table = [["event", "lower", "upper", "shuffled", "rule"]]
    for item in found.items:
        low, high = item.baselines["shuffled"]
        table.append(
            [item.event, percent(item.lower), percent(item.upper), f"{percent(low)}-{percent(high)}", item.rule]
        )
    back = " A look back: it was made after the date of knowledge." if found.looks_back else ""
    head = f"{found.scenario} ({found.hash[:12]}), registered {found.registered}, scored under {name}.{back}"
    return "\n\n".join([paragraph(head), plain_table(table, left=1)])


def plain_hindcast(found: Hindcast) -> str:
    """The scores, item by item."""
    table = [["event", "happened", "end", "share", "Brier", "log", *found.baselines]]
    for row in found.rows:
        log = "impossible" if row.log is None else f"{row.log:.3f}"
        cells = [f"{row.share:.3f}", f"{row.brier:.3f}", log, *(f"{row.baselines[one]:.3f}" for one in found.baselines)]
        table.append([row.event, "yes" if row.outcome else "no", row.end, *cells])
    parts = [paragraph(found.sentence), plain_table(table, left=3)]
    if found.unresolved:
        parts.append(paragraph(f"Not resolved: {', '.join(found.unresolved)}."))
    parts += [paragraph(f"Warning: {text}", hanging=9) for text in found.warnings]
    words = (
        "A share of sampled parameter sets is scored here as if it were a forecast, which it is not. Baselines: even"
        " says one half to everything; shuffled is the same scenario with its weights permuted."
    )
    return "\n\n".join([*parts, paragraph(words)])
