"""A game as a table with one row a profile: a column an action of each player, a column a payoff of each player.

The columns of player P are `P` (the label of its action) and `payoff.P`. Numbers stay what they are: integers and
fractions exact, floats by their binary value, texts ("1/3", "0.1") by what is written.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import PayoffError

if TYPE_CHECKING:
    import pandas as pd

    from sim.game.game import Game

PAYOFF = "payoff."


def columns_of(game: "Game") -> dict[str, list[Any]]:
    """Column -> values, one a profile, the last player's actions fastest: labels, then exact payoffs."""
    sizes = game.exact.shape[1:]
    places = list(np.ndindex(*sizes))
    columns: dict[str, list[Any]] = {
        name: [labels[at[k]] for at in places]
        for k, (name, labels) in enumerate(zip(game.players, game.actions, strict=True))
    }
    for name, own in zip(game.players, game.exact, strict=True):
        columns[PAYOFF + name] = own.ravel().tolist()
    return columns


def frame_of(game: "Game") -> "pd.DataFrame":
    """A pandas table; payoffs as float64."""
    import pandas as pd

    columns = columns_of(game)
    return pd.DataFrame({name: _floats(own) if name.startswith(PAYOFF) else own for name, own in columns.items()})


def parts_of(
    table: "pd.DataFrame | Mapping[str, Sequence[Any]]",
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...], list[Any]]:
    """Players, actions in the order in which they first appear, and one array of payoffs a player.

    Raises:
        PayoffError: a column without its partner, or a profile that is missing or stands twice.
    """
    names = [str(name) for name in table]
    players = tuple(name for name in names if PAYOFF + name in names)
    alone = [name for name in names if name not in players and name.removeprefix(PAYOFF) not in players]
    if not players or alone:
        example = alone[0] if alone else "P"
        raise PayoffError(
            f"A table of a game has two columns a player, such as 'RU' and '{PAYOFF}RU'; "
            + (f"'{example}' has no partner." if alone else "this one has none.")
        )
    lengths = {len(table[column]) for name in players for column in (name, PAYOFF + name)}
    if len(lengths) > 1:
        raise PayoffError(f"The columns of the table differ in length: {', '.join(map(str, sorted(lengths)))}.")
    labels = {name: [str(value) for value in table[name]] for name in players}
    actions = tuple(tuple(dict.fromkeys(labels[name])) for name in players)
    sizes = tuple(len(own) for own in actions)
    profiles = list(zip(*labels.values(), strict=True))
    _check_profiles(profiles, players, int(np.prod(sizes)))
    places = [tuple(own.index(label) for own, label in zip(actions, row, strict=True)) for row in profiles]
    payoffs = []
    for name in players:
        array = np.empty(sizes, dtype=object)
        for place, value in zip(places, table[PAYOFF + name], strict=True):
            array[place] = value
        payoffs.append(array)
    return players, actions, payoffs


def _check_profiles(profiles: list[tuple[str, ...]], players: tuple[str, ...], wanted: int) -> None:
    seen: set[tuple[str, ...]] = set()
    for row in profiles:
        if row in seen:
            said = ", ".join(f"{player}={label}" for player, label in zip(players, row, strict=True))
            raise PayoffError(f"The profile {said} stands twice in the table.")
        seen.add(row)
    if len(seen) != wanted or not wanted:
        raise PayoffError(f"The table has {len(seen)} of {wanted} profiles: it needs a row for each.")


def _floats(values: list[Fraction]) -> list[float]:
    return [float(value) for value in values]
