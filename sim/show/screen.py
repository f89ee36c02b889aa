"""The first screen of `sim run`: each step is a text of at most 100 columns, shown before the next is computed."""

from collections.abc import Mapping, Sequence
from math import prod
from pathlib import Path

from sim.analysis.incentives import Incentives, Worth
from sim.analysis.indices import Indices, median_span, span
from sim.analysis.slices import SliceResult
from sim.scenario.model import ScenarioData
from sim.show.bimatrix import bimatrix
from sim.show.equilibria import completeness, strategies
from sim.show.figures.words import set_text
from sim.show.plain_table import WIDTH, paragraph, plain_table, title

KINDS = (".caption.txt", ".pdf", ".svg", ".png", ".txt", ".html", ".json")  # endings of what a run writes
MOST_EQUILIBRIA = 6  # of a slice, written out; the rest are counted


def opening(scenario: ScenarioData, values: Mapping[str, str] | None = None) -> str:
    """Step 1: who plays what, with what knowledge, and which numbers were set."""
    known = f"Nothing known after {scenario.as_of.day} {scenario.as_of:%B %Y} is used. " if scenario.as_of else ""
    lines = [title(scenario.title), paragraph(f"Scenario {scenario.name}. {known}".rstrip())]
    if values:
        lines.append(paragraph(f"Set, not as in the file: {set_text(values)}."))
    for player in scenario.players:
        moves = [move for move in scenario.moves if move.player == player.name]
        told = "; ".join(f"{move.name}: {', '.join(move.options[rank] for rank in move.allowed)}" for move in moves)
        lines.append(paragraph(f"{player.name} ({player.title}) chooses {told}", indent=2, hanging=5))
    if scenario.observers:
        names = ", ".join(f"{own.name} ({own.title})" for own in scenario.observers)
        lines.append(paragraph(f"Observers, with payoffs and without moves: {names}", indent=2, hanging=7))
    profiles = prod(len(move.allowed) for move in scenario.moves)
    lines.append(
        paragraph(f"{profiles:,} profiles. Payoffs are in each player's own points: never compare across players.")
    )
    return "\n".join(lines)


def incentives_table(found: Incentives) -> str:
    """Step 2: what each incentive is worth to whom, and how many claims stand behind it."""
    head = title("Where payoffs come from")
    if not found.rows:
        return f"{head}\nThe payoffs are a table in the file, not made of incentives."
    rows = [["", *found.players, "claims"]]
    for row in found.rows:
        worth = [_worth(row.worth[name]) if name in row.worth else "" for name in found.players]
        rows.append([row.incentive, *worth, str(len(row.claims))])
    table = plain_table(rows)
    if max(len(line) for line in table.splitlines()) > WIDTH:
        table = _tall_incentives(found)
    legend = (
        "What each is worth at most, in points of the column: weight * stake / swing at the profile where it is "
        f"greatest, at central values, and (5%..95%) over {found.draws:,} draws; and the number of claims behind it. "
        "A level at one profile: a part of it may be there whatever anyone chooses."
    )
    return "\n".join([head, table, paragraph(legend)])


def slice_matrices(slices: Sequence[SliceResult], scenario: ScenarioData) -> str:
    """Step 3: the two-player games inside, as bimatrices."""
    head = title("Two-player games, at central values")
    if not slices:
        return f"{head}\nThe file has no [slices]: no two-player game is cut out of it."
    legend = "In each cell: row payoff, column payoff. * a best response; [ ] a pure equilibrium of this table."
    titles = scenario.titles()
    return "\n".join([head, legend, *(f"\n{bimatrix(one, titles)}" for one in slices)])


def slice_solutions(slices: Sequence[SliceResult]) -> str:
    """Step 4: who solved each slice, and what a second, exact route says of the answer."""
    lines = [title("How they were solved")]
    lines += [paragraph(f"Exact check: {why}.") for why in dict.fromkeys(one.solution.equilibria.why for one in slices)]
    for one in slices:
        lines.append(paragraph(_solution(one), hanging=2))
        lines += _equilibria(one)
    return "\n".join(lines)


def sentences(three: Sequence[str]) -> str:
    """Step 6: what holds, what turns on the concept, what turns on one number."""
    return "\n".join(
        [title("In three sentences"), *(paragraph(f"{k}. {one}", hanging=3) for k, one in enumerate(three, 1))]
    )


def index_table(found: Indices, scenario: ScenarioData) -> str:
    """How worrying the equilibria are, for each player or observer whose index the file has."""
    names = list(dict.fromkeys(row.index for row in found.rows))
    whose = {row.index: row.of for row in found.rows}
    titles = scenario.titles()
    rows = [["", *(cell for name in names for cell in (f"{name}: central", "middle draw"))]]
    for label in dict.fromkeys(row.row for row in found.rows):
        own = [row for row in found.rows if row.row == label]
        rows.append([label, *(cell for row in own for cell in (span(row.central), median_span(row)))])
    legend = (
        f"{'; '.join(f'{name}: minus the payoff of {titles[whose[name]]}' for name in names)}; 0 is the best and 100 "
        "the worst profile of the central game for it alone. From the least to the greatest over the equilibria, at "
        f"central values and in the median of {found.draws:,} draws (of each end, where there is an equilibrium). "
        "Never compare two indices."
    )
    return "\n".join(["How worrying, and for whom", plain_table(rows), paragraph(legend)])


def files_written(folder: Path, files: Sequence[str]) -> str:
    """Step 7: where everything is, a figure once for all its formats."""
    kinds: dict[str, list[str]] = {}
    for name in files:
        kind = next((own for own in KINDS if name.endswith(own)), "")  # a number's name may hold a dot
        kinds.setdefault(name.removesuffix(kind), []).append(kind)
    rows = [[stem, " ".join(own)] for stem, own in kinds.items()]
    return "\n".join([title(f"Written in {folder}/"), plain_table(rows, left=2, indent=2)])


def _worth(worth: Worth) -> str:
    return f"{_points(worth.central)} {_span(worth)}".rstrip()


def _span(worth: Worth) -> str:
    return "" if worth.low == worth.high else f"({_points(worth.low)}..{_points(worth.high)})"


def _points(value: float) -> str:
    """Two or three digits are as much as a judgement holds."""
    return f"{value:.0f}" if abs(value) >= 10 else f"{value:.1f}" if abs(value) >= 0.1 else f"{value:.1g}"


def _tall_incentives(found: Incentives) -> str:
    """Central values, and the ranges one line below, where they do not fit beside each other."""
    rows = [["", *found.players, "claims"]]
    for row in found.rows:
        own = [row.worth.get(name) for name in found.players]
        rows.append(
            [row.incentive, *("" if one is None else _points(one.central) for one in own), str(len(row.claims))]
        )
        rows.append(["", *("" if one is None else _span(one) for one in own), ""])
    return plain_table(rows)


def _solution(one: SliceResult) -> str:
    solved = one.solution
    regret = "nothing to measure" if solved.relative_regret is None else f"{solved.relative_regret:.1g}"
    agreed = "the same set" if solved.agree else f"NOT the same: {solved.differences}; ours stands"
    kind = "degenerate" if solved.degenerate else "not degenerate"
    return (
        f"{one.name}: {solved.solver} {solved.solver_version} finds {solved.found_by_solver}, the exact check "
        f"{solved.found_by_check}, {agreed} "
        f"({completeness(solved.equilibria, ground=False)}); greatest relative regret {regret}; {kind}."
    )


def _equilibria(one: SliceResult) -> list[str]:
    found = one.solution.equilibria
    lines = []
    for k, equilibrium in enumerate(found.equilibria[:MOST_EQUILIBRIA]):
        whole = "also an equilibrium of the whole game" if one.in_whole_game[k] else _outside(one.regrets_in_whole[k])
        if one.forbidden:
            whole = f"no profile of the whole game: [allow] forbids what is given of {', '.join(one.forbidden)}"
        place = f" - {whole}" if one.given else ""  # nothing given: the slice is the whole game
        lines.append(paragraph(f"{strategies(found, equilibrium)}{place}", indent=2, hanging=4))
    if len(found) > MOST_EQUILIBRIA:
        inside = sum(one.in_whole_game[MOST_EQUILIBRIA:])
        place = f", {inside} of them equilibria of the whole game" if one.given else ""
        lines.append(f"  ... and {len(found) - MOST_EQUILIBRIA} more{place}")
    lines += [
        f"  {own.action} is {'strictly' if own.strictly else 'weakly'} dominant for {own.player} here"
        for own in one.dominant
    ]
    return lines


def _outside(regret: float) -> str:
    return f"no equilibrium of the whole game: someone gains {100 * regret:.2g}% of its payoff range by leaving"
