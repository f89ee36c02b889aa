"""Who meets whom, in which order, and together with whom: slices, orders, coalitions, indices."""

from collections.abc import Mapping
from itertools import product
from math import prod
from typing import Any

from sim.scenario.model import Index, Move, Order, Player, Slice
from sim.scenario.names import known, option_rank
from sim.scenario.notes import Notes
from sim.scenario.places import Path
from sim.scenario.schema import FileShape, SliceShape

GREATEST_SLICES = 500
Moves = Mapping[str, Move]


def read_slices(shape: FileShape, players: tuple[Player, ...], moves: Moves, notes: Notes) -> tuple[Slice, ...]:
    """Slices, those given "each" expanded to one an option that is allowed."""
    found: list[Slice] = []
    for name, table in shape.slices.items():
        found += _read_slice(name, table, players, moves, notes)
        if len(found) > GREATEST_SLICES:
            notes.wrong(("slices", name), f"the file asks for more than {GREATEST_SLICES} slices.")
            break
    return tuple(found)


def _read_slice(name: str, table: SliceShape, players: tuple[Player, ...], moves: Moves, notes: Notes) -> list[Slice]:
    path: Path = ("slices", name)
    rows = _side(table.rows, (*path, "rows"), players, moves, notes)
    columns = _side(table.columns, (*path, "columns"), players, moves, notes)
    if not rows or not columns:
        return []
    row_player, column_player = moves[rows[0]].player, moves[columns[0]].player
    if row_player == column_player:
        notes.wrong((*path, "columns"), f"both sides of slice '{name}' are '{row_player}'.", "A slice has two players.")
        return []
    given = ranks_given(table.given, [m for m in moves if m not in rows + columns], (*path, "given"), moves, notes)
    if given is None:
        return []
    if prod(len(ranks) for ranks in given.values()) > GREATEST_SLICES:
        notes.wrong((*path, "given"), f'"each" makes more than {GREATEST_SLICES} slices here.', "Give options instead.")
        return []
    return [
        Slice(
            _expanded(name, table.given, ranks, given, moves),
            rows,
            columns,
            row_player,
            column_player,
            ranks,
            table.about,
        )
        for choice in product(*given.values())
        for ranks in [dict(zip(given, choice, strict=True))]
    ]


def _expanded(name: str, written: Mapping[str, str], ranks: Mapping[str, int], given: Moves | Any, moves: Moves) -> str:
    each = [moves[move].options[ranks[move]] for move in given if written[move] == "each"]
    return f"{name}[{','.join(each)}]" if each else name


def _side(
    side: str | list[str], path: Path, players: tuple[Player, ...], moves: Moves, notes: Notes
) -> tuple[str, ...]:
    """The moves of one side, in the order of the axes; empty with a problem noted."""
    if isinstance(side, str):
        owner = next((player for player in players if player.name == side), None)
        if owner is None and side in moves:
            notes.wrong(path, f"'{side}' is a move, not a player.", f'A list of moves is written ["{side}"].')
        elif owner is None:
            known(side, [player.name for player in players], "player", path, notes)
        return owner.moves if owner else ()
    if not side:
        notes.wrong(path, "the side has no moves.")
    found = [known(move, moves, "move", (*path, k), notes) for k, move in enumerate(side)]  # all of them are checked
    if not all(found):
        return ()
    if len({moves[move].player for move in side}) > 1:
        notes.wrong(path, "the moves of one side belong to more than one player.")
        return ()
    return tuple(move for move in moves if move in side)


def ranks_given(
    written: Mapping[str, str], needed: list[str], path: Path, moves: Moves, notes: Notes
) -> dict[str, tuple[int, ...]] | None:
    """Ranks of every move that is held, in the order of the axes; None with a problem noted."""
    before = len(notes.problems) + notes.unlisted
    ranks: dict[str, tuple[int, ...]] = {}
    for move, option in written.items():
        if not known(move, moves, "move", (*path, move), notes):
            continue
        if move not in needed:
            notes.wrong((*path, move), f"'{move}' varies here, so it cannot be given.")
        elif option == "each":
            ranks[move] = moves[move].allowed
        else:
            rank = option_rank(option, move, moves[move].options, (*path, move), notes)
            ranks[move] = (rank,) if rank is not None else ()
            if rank is not None and rank not in moves[move].allowed:
                notes.warn((*path, move), f"the option '{option}' of '{move}' is given here, but [allow] forbids it.")
    missing = [move for move in needed if move not in written]
    if missing:
        listed = ", ".join(f"'{move}'" for move in missing)
        notes.wrong(path, f"nothing is given for {listed}.", "Give every move that belongs to neither side.")
    clean = len(notes.problems) + notes.unlisted == before and not any(move in notes.broken for move in written)
    return {move: ranks[move] for move in needed} if clean else None


def read_orders(shape: FileShape, moves: Moves, notes: Notes) -> tuple[Order, ...]:
    """Protocols; every move stands in each exactly once."""
    found = []
    for name, table in shape.orders.items():
        elements = []
        seen: set[str] = set()
        for k, written in enumerate(table.moves):
            element = (written,) if isinstance(written, str) else tuple(written)
            for j, move in enumerate(element):
                path: Path = (
                    ("orders", name, "moves", k) if isinstance(written, str) else ("orders", name, "moves", k, j)
                )
                if move in seen:
                    notes.wrong(path, f"move '{move}' stands twice in order '{name}'.")
                elif known(move, moves, "move", path, notes):
                    seen.add(move)
            if not element:
                notes.wrong(("orders", name, "moves", k), f"a list in order '{name}' is empty.")
            elements.append(element)
        missing = [move for move in moves if move not in seen]
        if missing:
            listed = ", ".join(f"'{move}'" for move in missing)
            notes.wrong(("orders", name), f"order '{name}' leaves out {listed}.", "Every move stands exactly once.")
        found.append(Order(name, tuple(elements), table.about, tuple(table.rests_on)))
    return tuple(found)


def read_coalitions(shape: FileShape, notes: Notes) -> tuple[tuple[str, ...], ...] | None:
    """The coalitions of two or more that count, members in the order of the file's players; None: all."""
    if shape.coalitions is None or shape.coalitions.may is None:
        return None
    found: list[tuple[str, ...]] = []
    for k, members in enumerate(shape.coalitions.may):
        path: Path = ("coalitions", "may", k)
        good = [known(member, shape.players, "player", (*path, j), notes) for j, member in enumerate(members)]
        if len(set(members)) < 2:
            notes.wrong(path, "a coalition has two or more players.")
        elif len(set(members)) < len(members):
            notes.wrong(path, "a coalition names a player twice.")
        elif all(good):
            ordered = tuple(player for player in shape.players if player in members)
            if ordered in found:
                notes.warn(path, f"the coalition {'-'.join(ordered)} stands twice.")
            else:
                found.append(ordered)
    return tuple(found)


def read_indices(shape: FileShape, notes: Notes) -> tuple[Index, ...]:
    """Indices of one player's or observer's payoff."""
    people = [*shape.players, *shape.observers]
    for name, table in shape.indices.items():
        known(table.of, people, "player or observer", ("indices", name, "of"), notes)
    return tuple(Index(name, table.of, table.about) for name, table in shape.indices.items())


def read_headline(shape: FileShape, notes: Notes) -> tuple[str, ...]:
    """The events that tables show, in that order; all where the file does not say."""
    if shape.scenario.headline is None:
        return tuple(shape.events)
    for k, event in enumerate(shape.scenario.headline):
        known(event, shape.events, "event", ("scenario", "headline", k), notes)
        if event in shape.scenario.headline[:k]:
            notes.wrong(("scenario", "headline", k), f"event '{event}' stands twice in the headline.")
    return tuple(shape.scenario.headline)


def check_scenario(shape: FileShape, stem: str, notes: Notes) -> None:
    """What [scenario] says of the file itself."""
    head = shape.scenario
    if head.name != stem and "name" not in notes.broken:
        path: Path = ("scenario", "name")
        said = f"the scenario is called '{head.name}'" if head.name else "the scenario has no name"
        notes.wrong(path, f"{said}, but the file '{stem}'.", f'Write name = "{stem}", or rename the file.')
    if head.decides is not None:
        known(head.decides, shape.players, "player", ("scenario", "decides"), notes)
    if head.threshold is not None:
        weights = [f"{player}.{stake}" for player, table in shape.interests.items() for stake in table]
        known(head.threshold, [*shape.parameters, *weights], "parameter or weight", ("scenario", "threshold"), notes)
    if head.remove and head.extends is None:
        notes.wrong(("scenario", "remove"), "`remove` needs `extends`: there is nothing to remove from.")
