"""How a scenario shows itself in a notebook: who can do what, what is asked, and how much nobody knows."""

from html import escape
from math import prod

from sim.game.plain_html import html_table
from sim.scenario.distributions import is_fixed
from sim.scenario.model import ScenarioData


def scenario_html(scenario: ScenarioData) -> str:
    """Title, date of knowledge, one row a player or observer, and the size of what follows from it."""
    known = f" What was known on {scenario.as_of.isoformat()}." if scenario.as_of else ""
    head = f"<p><b>{escape(scenario.title or scenario.name)}</b>.{known} "
    numbers = scenario.distributions()
    uncertain = sum(not is_fixed(own) for own in numbers.values())
    profiles = prod(len(move.allowed) for move in scenario.moves)
    counts = f"{profiles:,} profiles; {len(numbers)} numbers, {uncertain} of them uncertain; {_origin(scenario)}.</p>"
    rows = [
        [player.title or player.name, player.name, _moves(scenario, player.name)]
        for player in (*scenario.players, *scenario.observers)
    ]
    players = html_table("Payoffs are in each player's own points: never compare across players.", _HEAD, rows)
    events = [[event.name, event.text, event.about] for event in scenario.events]
    asked = html_table("Events, true or false of a profile.", ["event", "holds where", ""], events) if events else ""
    return f"{head}{counts}{players}{asked}"


_HEAD = ["", "in formulas", "moves, each a ladder of options"]


def _moves(scenario: ScenarioData, player: str) -> str:
    own = [move for move in scenario.moves if move.player == player]
    texts = (f"{move.name}: {', '.join(move.options[rank] for rank in move.allowed)}" for move in own)
    return "; ".join(texts) or "none: watches"


def _origin(scenario: ScenarioData) -> str:
    if scenario.table is not None:
        return "payoffs from a table"
    return f"payoffs from {len(scenario.stakes)} stakes and {len(scenario.interests)} weights"
