"""From a set of pure equilibria to one word an event, and to the counts of a row."""

from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import Any

from tests.oracle.concepts import Plain, Profile, strong, subgame_perfect
from tests.oracle.reading import Scenario


def status(values: Collection[bool]) -> str:
    """The word for an event that has these values over a complete set of pure equilibria."""
    if not values:
        return "none"
    if all(values):
        return "always"
    return "sometimes" if any(values) else "never"


def plain_game(scenario: Scenario, payoffs: Mapping[str, Mapping[Profile, Fraction]]) -> Plain:
    """The game over the allowed options of a scenario."""
    owner = [scenario.owner[move] for move in scenario.moves]
    return Plain.of(owner, [scenario.allowed[move] for move in scenario.moves], payoffs)


def equilibria(scenario: Scenario, game: Plain) -> dict[str, set[Profile]]:
    """Concept (and order) as a sweep names it -> profiles. A game without pure subgame-perfect play has none."""
    found = {"pure-nash": strong(game, 1)}
    for size in range(2, len(game.players) + 1):
        found[f"strong-{size}"] = strong(game, size, scenario.coalitions)
        if scenario.coalitions is not None:
            found[f"strong-{size}-any"] = strong(game, size)
    for name, elements in scenario.orders.items():
        order = [[scenario.moves.index(move) for move in element] for element in elements]
        found[f"subgame-perfect.{name}"] = subgame_perfect(game, order) or set()
    return found


def row(scenario: Scenario, found: Mapping[str, set[Profile]]) -> dict[str, Any]:
    """The columns of a sweep for one draw: each event's status, the number of equilibria and of distinct outcomes."""
    vectors = scenario.event_vectors()
    columns: dict[str, Any] = {}
    for concept, profiles in found.items():
        outcomes = {vectors[profile] for profile in profiles}
        columns[f"{concept}.n"] = len(profiles)
        columns[f"{concept}.n_outcomes"] = len(outcomes)
        for place, event in enumerate(scenario.events):
            columns[f"{concept}.{event}.status"] = status([vector[place] for vector in outcomes])
    return columns
