"""Sections that a single solution concept reads: bargaining, repetition, types, the status quo, moves of a graph."""

from collections.abc import Mapping

from sim.scenario.model import Bargaining, Move, Player, PlayerType, Repeated
from sim.scenario.names import known, option_rank
from sim.scenario.notes import Notes
from sim.scenario.numbers import exact
from sim.scenario.places import Path
from sim.scenario.protocols import ranks_given
from sim.scenario.quantities import share
from sim.scenario.schema import BargainingShape, FileShape

Moves = Mapping[str, Move]
Ranks = Mapping[str, int]


def read_bargaining(
    shape: FileShape, players: tuple[Player, ...], moves: Moves, notes: Notes
) -> tuple[Bargaining, ...]:
    """Bargains between two players; every other move is given, every move of theirs has its disagreement."""
    found = (_bargain(name, table, players, moves, notes) for name, table in shape.bargaining.items())
    return tuple(one for one in found if one is not None)


def _bargain(
    name: str, table: BargainingShape, players: tuple[Player, ...], moves: Moves, notes: Notes
) -> Bargaining | None:
    path: Path = ("bargaining", name)
    if not _two_players(table.between, (*path, "between"), players, notes):
        return None
    own = [move for move in moves if moves[move].player in table.between]
    rest = [move for move in moves if move not in own]
    disagreement = _one_option_each(table.disagreement, own, (*path, "disagreement"), moves, notes)
    given = _one_option_each(table.given, rest, (*path, "given"), moves, notes)
    if disagreement is None or given is None:
        return None
    between = (table.between[0], table.between[1])
    return Bargaining(name, between, given, disagreement, table.about, tuple(table.rests_on))


def _two_players(written: list[str], path: Path, players: tuple[Player, ...], notes: Notes) -> bool:
    names = [player.name for player in players]
    good = [known(one, names, "player", (*path, k), notes) for k, one in enumerate(written)]
    if written[0] == written[1]:
        notes.wrong(path, f"both are '{written[0]}'.", "Name two players.")
        return False
    return all(good)


def _one_option_each(
    written: Mapping[str, str], needed: list[str], path: Path, moves: Moves, notes: Notes
) -> dict[str, int] | None:
    """As `ranks_given`, where "each" has no meaning."""
    for move, option in written.items():
        if option == "each" and move in needed:
            notes.wrong((*path, move), '"each" is for slices.', "Give one option.")
    ranks = ranks_given(written, needed, path, moves, notes)
    return None if ranks is None else {move: own[0] for move, own in ranks.items()}


def read_repeated(
    shape: FileShape, players: tuple[Player, ...], moves: Moves, status_quo: Ranks, notes: Notes
) -> tuple[Repeated, ...]:
    """Repetitions; moves that a profile leaves out stand as in [status_quo], else at their lowest allowed option."""
    found = (_repetition(name, shape, players, moves, status_quo, notes) for name in shape.repeated)
    return tuple(one for one in found if one is not None)


def _repetition(
    name: str, shape: FileShape, players: tuple[Player, ...], moves: Moves, status_quo: Ranks, notes: Notes
) -> Repeated | None:
    table, path = shape.repeated[name], ("repeated", name)
    named = _two_players(table.players, (*path, "players"), players, notes)
    lowest = {name: move.allowed[0] if move.allowed else 0 for name, move in moves.items()}
    cooperate = read_options(table.cooperate, (*path, "cooperate"), moves, notes)
    punish = read_options(table.punish, (*path, "punish"), moves, notes)
    if not known(table.ends, shape.parameters, "parameter", (*path, "ends"), notes) or not named:
        return None
    pair = (table.players[0], table.players[1])
    rest = lowest | dict(status_quo)
    return Repeated(name, pair, rest | cooperate, rest | punish, table.ends, table.about, tuple(table.rests_on))


def read_types(shape: FileShape, players: tuple[Player, ...], notes: Notes) -> tuple[PlayerType, ...]:
    """What players alone may know: two or more types each, whose shares add to 1."""
    names = [player.name for player in players]
    found = []
    for player, types in shape.types.items():
        known(player, names, "player", ("types", player), notes)
        total = sum(share(table.share) for table in types.values())
        if types and (len(types) < 2 or total != 1):
            notes.wrong(
                ("types", player),
                f"the {len(types)} types of '{player}' have shares that add to {total}.",
                "Two or more add to 1.",
            )
        for name, table in types.items():
            for parameter in table.set:
                known(parameter, shape.parameters, "parameter", ("types", player, name, "set", parameter), notes)
            values = {parameter: exact(value) for parameter, value in table.set.items()}
            kind = PlayerType(player, name, share(table.share), values, table.about, tuple(table.rests_on))
            found.append(kind)
    return tuple(found)


def read_options(written: Mapping[str, str], path: Path, moves: Moves, notes: Notes) -> dict[str, int]:
    """Move -> rank, of the moves that are written and right."""
    ranks = {}
    for move, option in written.items():
        if known(move, moves, "move", (*path, move), notes):
            rank = option_rank(option, move, moves[move].options, (*path, move), notes)
            if rank is not None:
                ranks[move] = rank
    return ranks


def read_graph(shape: FileShape, moves: Moves, notes: Notes) -> dict[str, tuple[tuple[int, ...], ...]]:
    """Which option may follow which; from an option that the table leaves out there is no way on."""
    graph = {}
    for name, table in shape.graph.items():
        if not known(name, moves, "move", ("graph", name), notes):
            continue
        options = moves[name].options
        after: list[tuple[int, ...]] = [()] * len(options)
        for option, next_ones in table.items():
            path: Path = ("graph", name, option)
            start = option_rank(option, name, options, path, notes)
            ends = [option_rank(one, name, options, (*path, k), notes) for k, one in enumerate(next_ones)]
            if start is not None:
                after[start] = tuple(sorted({end for end in ends if end is not None} - {start}))
        graph[name] = tuple(after)
    return graph
