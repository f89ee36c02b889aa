"""Published answers that a scenario is checked against."""

from collections.abc import Mapping
from fractions import Fraction
from math import prod

from sim.scenario.model import Expect, Move, Player
from sim.scenario.names import known
from sim.scenario.notes import Notes
from sim.scenario.places import Path
from sim.scenario.quantities import share
from sim.scenario.schema import ExpectShape, FileShape

GREATEST_TOLERANCE = Fraction(1, 10)  # shares that may be further off than that say little
CONCEPTS = (
    *("pure-nash", "nash", "subgame-perfect", "logit", "qre", "correlated", "bargaining", "repeated", "seq"),
    *("bayes", "gmr", "smr", "nash-stable"),
)  # and strong-2 .. strong-N


SOLUTIONS = ("nash", "kalai-smorodinsky")


def read_expect(
    shape: FileShape, indices: list[int], players: tuple[Player, ...], moves: Mapping[str, Move], notes: Notes
) -> tuple[Expect, ...]:
    """Each [[expect]], with the names and lengths that it uses checked."""
    orders_of_strength = [f"strong-{k}" for k in range(2, len(players) + 1)]
    any_coalition = [f"{name}-any" for name in orders_of_strength] if shape.coalitions is not None else []
    concepts = [*CONCEPTS, *orders_of_strength, *any_coalition]
    weights = [f"{player}.{stake}" for player, table in shape.interests.items() for stake in table]
    numbers = [*shape.parameters, *weights]
    found = []
    for index, table in zip(indices, shape.expect, strict=True):
        path: Path = ("expect", index)
        known(table.concept, concepts, "solution concept", (*path, "concept"), notes)
        if table.order is not None:
            known(table.order, shape.orders, "order", (*path, "order"), notes)
        for key in ("status", "shares"):
            for event in getattr(table, key):
                known(event, shape.events, "event", (*path, key, event), notes)
        for name in table.set:
            known(name, numbers, "parameter or weight", (*path, "set", name), notes)
        _check_it_says_something(table, path, notes)
        _check_further(table, shape, path, notes)
        within = _tolerance(table, path, notes)
        equilibria = _equilibria(table, path, players, moves, within or Fraction(0), notes)
        place = notes.place(path)
        values = {name: share(value) for name, value in table.set.items()}
        found.append(
            Expect(
                table.concept,
                table.source,
                place.line,
                place.file,
                equilibria,
                dict(table.status),
                table.order,
                values,
                table.only,
                table.bargaining,
                {name: tuple(map(share, pair)) for name, pair in table.gains.items()},
                {name: share(number) for name, number in table.patience.items()},
                {name: tuple(map(share, pair)) for name, pair in table.bounds.items()},
                {name: share(number) for name, number in table.shares.items()},
                within,
            )
        )
    return tuple(found)


def _check_it_says_something(table: ExpectShape, path: Path, notes: Notes) -> None:
    """An expectation that holds whatever is found is none."""
    said = (table.status, table.shares, table.gains, table.patience, table.bounds)
    if table.equilibria is None and not any(said):
        notes.wrong(path, "[[expect]] says neither equilibria nor status.", "Say what the source found.")
    elif table.equilibria == [] and not table.only and not any(said):
        notes.wrong(
            path, "[[expect]] would hold whatever is found.", "List an equilibrium, or leave out `only = false`."
        )


def _tolerance(table: ExpectShape, path: Path, notes: Notes) -> Fraction | None:
    """How far a number may be off."""
    if table.within is None:
        return None
    within = share(table.within)
    if not 0 < within <= GREATEST_TOLERANCE:
        notes.wrong((*path, "within"), "`within` must be above 0 and at most 0.1.", "Say how the source rounds: 1e-6.")
    return within


def _check_further(table: ExpectShape, shape: FileShape, path: Path, notes: Notes) -> None:
    """The names and lengths of answers that are no equilibria: gains, patience, bounds."""
    if table.bargaining is not None:
        known(table.bargaining, shape.bargaining, "bargaining", (*path, "bargaining"), notes)
    for name in table.patience:
        known(name, shape.repeated, "repeated game", (*path, "patience", name), notes)
    for key, pairs, names, kind in (
        ("gains", table.gains, SOLUTIONS, "bargaining solution"),
        ("bounds", table.bounds, tuple(shape.events), "event"),
    ):
        for name, pair in pairs.items():
            known(name, names, kind, (*path, key, name), notes)
            if len(pair) != 2:
                notes.wrong((*path, key, name), f"'{name}' has {len(pair)} numbers; two are needed.")


def _equilibria(
    table: ExpectShape,
    path: Path,
    players: tuple[Player, ...],
    moves: Mapping[str, Move],
    slack: Fraction,
    notes: Notes,
) -> tuple[Mapping[str, tuple[Fraction, ...]], ...] | None:
    """Shares of each player's actions: one option for each of its moves, as allowed, last move fastest.

    They add to 1; rounded ones, to 1 but for the roundings.
    """
    if table.equilibria is None:
        return None
    names = [player.name for player in players]
    found: list[Mapping[str, tuple[Fraction, ...]]] = []
    for k, written in enumerate(table.equilibria):
        here: Path = (*path, "equilibria", k)
        missing = [name for name in names if name not in written and name not in notes.broken]
        if missing:
            notes.wrong(here, f"the equilibrium says nothing of {', '.join(repr(name) for name in missing)}.")
        strategies: dict[str, tuple[Fraction, ...]] = {}
        for name, numbers in written.items():
            if not known(name, names, "player", (*here, name), notes):
                continue
            own = next(player.moves for player in players if player.name == name)
            count = prod(len(moves[move].allowed) for move in own)
            strategies[name] = tuple(share(number) for number in numbers)
            if len(numbers) != count and not notes.problems:
                notes.wrong((*here, name), f"'{name}' has {count} actions, but {len(numbers)} shares are given.")
            elif min(strategies[name], default=Fraction(-1)) < 0 or (
                abs(sum(strategies[name], start=Fraction(0)) - 1) > count * slack
            ):
                notes.wrong((*here, name), f"the shares of '{name}' do not add to 1.", 'Fractions are quoted: "1/3".')
        found.append(strategies)
    return tuple(found)
