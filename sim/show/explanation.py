"""One profile taken apart, as plain text: whose points come from which stake, and what leaving would cost."""

from sim.analysis.explain import Alternative, Explanation
from sim.scenario.model import ScenarioData
from sim.show.plain_table import WIDTH, paragraph, plain_table


def plain_explanation(found: Explanation, scenario: ScenarioData) -> str:
    """The payoffs at one profile, player by player, each with its terms and its best alternative."""
    where = "central values" if found.draw is None else f"draw {found.draw} of seed {found.seed}"
    first = f"equilibrium 1 of {found.equilibria} under {found.chosen}"
    chosen = "the profile given" if found.chosen == "given" else first
    if found.completed:
        chosen = f"the moves given, with {', '.join(found.completed)} as in {first}"
    profile = " ".join(f"{move}={option}" for move, option in found.profile.items())
    holds = [event for event, true in found.events.items() if true]
    lines = [
        paragraph(f"{found.scenario} at {where}, {chosen}:"),
        paragraph(profile, indent=2),
        paragraph(f"Here holds: {', '.join(holds) or 'no event'}. Does not: {', '.join(_not(found)) or 'none'}."),
        "",
        "What each concept says of each event at these numbers:",
        *_statuses(found, scenario),
        "Payoffs are in each player's own points: never compare across players.",
    ]
    titles = scenario.titles()
    for name, payoff in found.payoffs.items():
        lines += ["", f"{name} {titles.get(name, '')}: {payoff:.4g} points".replace(" :", ":"), *_terms(found, name)]
        lines += [_alternative(found, one) for one in found.alternatives if one.player == name]
    return "\n".join(lines)


def _statuses(found: Explanation, scenario: ScenarioData) -> list[str]:
    """A row a concept and order, a column a headline event; words that are the same in all rows still stand."""
    events = [event for event in scenario.headline if all(event in own for own in found.statuses.values())]
    if not events:
        return []
    rows = [["", *events], *([row, *(own[event] for event in events)] for row, own in found.statuses.items())]
    return [*plain_table(rows).splitlines(), ""]


def _not(found: Explanation) -> list[str]:
    return [event for event, true in found.events.items() if not true]


def _terms(found: Explanation, player: str) -> list[str]:
    """Terms that are not 0, the largest first; those that are 0 are named in one line."""
    own = [term for term in found.stakes if term.player == player]
    there = sorted((term for term in own if term.points), key=lambda term: -abs(term.points))
    nothing = [term.stake for term in own if not term.points]
    rows = [["stake", "points", "=", "weight", "*", "value", "/", "swing"]]
    rows += [
        [one.stake, f"{one.points:+.3g}", "=", f"{one.weight:.3g}", "*", f"{one.value:.3g}", "/", f"{one.swing:.3g}"]
        for one in there
    ]
    lines = []
    if there:
        table = plain_table(rows, indent=2).splitlines()
        lines.append(f"{table[0]}  rests on")
        width = max(len(line) for line in table)
        for line, term in zip(table[1:], there, strict=True):
            claims = ", ".join(term.rests_on)
            room = WIDTH - width - 2
            lines.append(f"{line.ljust(width)}  {claims if len(claims) <= room else claims[: room - 1] + '…'}".rstrip())
    if nothing:
        lines.append(paragraph(f"0 here: {', '.join(nothing)}", indent=2, hanging=10))
    return lines


def _alternative(found: Explanation, one: Alternative) -> str:
    changed = [f"{move}={option}" for move, option in one.profile.items() if found.profile[move] != option]
    effect = f"would lose {one.loss:.3g}" if one.loss > 0 else f"would gain {-one.loss:.3g}" if one.loss < 0 else "ties"
    return paragraph(f"Best alternative: {' '.join(changed)} {effect}.", indent=2, hanging=4)
