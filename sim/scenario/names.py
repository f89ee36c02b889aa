"""Players, moves and the one name space of a scenario: identifiers, each defined once."""

import re
from collections.abc import Iterable, Mapping, Sequence

from sim.scenario.formula_parser import RESERVED
from sim.scenario.model import Move, Player
from sim.scenario.notes import Notes
from sim.scenario.places import Path
from sim.scenario.schema import FileShape
from sim.scenario.spelling import did_you_mean

IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,59}", re.ASCII)
OPTION = re.compile(r"[\w.+-]{1,60}")
GREATEST_PROFILES = 2**20


def check_names(shape: FileShape, notes: Notes) -> None:
    """Every name is an identifier; moves, events, parameters and stakes share one name space."""
    spaces: list[tuple[str, Path]] = [
        (move, ("players", p, "moves", move)) for p, s in shape.players.items() for move in s.moves
    ]
    for kind in ("events", "parameters", "stakes"):
        spaces += [(name, (kind, name)) for name in getattr(shape, kind)]
    others: list[tuple[str, Path]] = []
    for kind in ("players", "observers", "slices", "orders", "indices", "bargaining", "repeated"):
        others += [(name, (kind, name)) for name in getattr(shape, kind)]
    for name, path in spaces + others:
        if not IDENTIFIER.fullmatch(name):
            notes.wrong(
                path, f"'{name[:60]}' is no name.", "A name has letters, digits and _, and starts with no digit."
            )
        elif name in RESERVED and path[0] not in ("slices", "orders", "indices"):
            notes.wrong(path, f"'{name}' is a word of formulas and cannot be a name.")
    _once(spaces, "moves, events, parameters and stakes share one name space", notes)
    both = [(name, path) for name, path in others if path[0] in ("players", "observers")]
    _once(both, "players and observers share one name space", notes)


def _once(spaces: Sequence[tuple[str, Path]], why: str, notes: Notes) -> None:
    """A name defined twice is reported at the second place."""
    seen: dict[str, Path] = {}
    for name, path in sorted(spaces, key=lambda entry: notes.place(entry[1])):
        if name in seen:
            first = notes.place(seen[name])
            notes.wrong(path, f"'{name}' is defined at line {first.line} already: {why}.", "Rename one of them.")
        seen.setdefault(name, path)


def read_players(shape: FileShape, notes: Notes) -> tuple[tuple[Player, ...], tuple[Player, ...], dict[str, Move]]:
    """Players and observers, and the moves in the order of the axes."""
    allow = dict(shape.allow)
    moves: dict[str, Move] = {}
    for player, table in shape.players.items():
        for name, options in table.moves.items():
            path: Path = ("players", player, "moves", name)
            if not _check_options(options, path, notes) or name in moves:
                notes.broken.add(name)
                continue
            allowed = _allowed(name, options, allow.pop(name, None), notes)
            moves[name] = Move(name, player, tuple(options), allowed)
        if not table.moves and not any(name in notes.broken for name in (player,)):
            notes.wrong(
                ("players", player),
                f"player '{player}' has no moves.",
                "Without moves it is [observers." + player + "].",
            )
    for name in allow:
        if name not in notes.broken:
            notes.wrong(("allow", name), f"'{name}' is no move.", did_you_mean(name, moves))
    if not shape.players and not notes.problems:
        notes.wrong(("scenario",), "the file has no players.", "Add [players.X] with its moves.")
    _check_size(moves, notes)
    players = tuple(
        Player(name, table.name or name, tuple(m.name for m in moves.values() if m.player == name), table.about)
        for name, table in shape.players.items()
    )
    observers = tuple(Player(name, table.name or name, (), table.about) for name, table in shape.observers.items())
    return players, observers, moves


def _check_size(moves: Mapping[str, Move], notes: Notes) -> None:
    profiles = 1
    for move in moves.values():
        profiles *= len(move.options)
        if profiles > GREATEST_PROFILES:
            path: Path = ("players", move.player, "moves", move.name)
            notes.wrong(
                path,
                f"with this move the game has more than {GREATEST_PROFILES:,} profiles.",
                "Leave moves or options out.",
            )
            return


def _check_options(options: list[str], path: Path, notes: Notes) -> bool:
    before = len(notes.problems)
    if len(options) < 2:
        notes.wrong(path, f"move '{path[-1]}' has {len(options)} options; two or more are needed.")
    for k, option in enumerate(options):
        if not OPTION.fullmatch(option) or option == "each":
            notes.wrong(
                (*path, k),
                f"'{option[:60]}' is no name for an option.",
                "Letters, digits and _ . + - without spaces; not each.",
            )
        elif option in options[:k]:
            notes.wrong((*path, k), f"option '{option}' stands twice in move '{path[-1]}'.")
    return len(notes.problems) == before


def _allowed(name: str, options: list[str], allow: list[str] | None, notes: Notes) -> tuple[int, ...]:
    """Ranks that may be chosen."""
    if allow is None:
        return tuple(range(len(options)))
    if not allow:
        notes.wrong(("allow", name), f"no option of '{name}' is allowed.")
    ranks = {
        rank
        for k, o in enumerate(allow)
        if (rank := option_rank(o, name, options, ("allow", name, k), notes)) is not None
    }
    return tuple(sorted(ranks))


def option_rank(option: str, move: str, options: Sequence[str], path: Path, notes: Notes) -> int | None:
    """The rank of an option, or None with a problem noted."""
    if option in options:
        return list(options).index(option)
    notes.wrong(path, f"'{option}' is no option of move '{move}'.", did_you_mean(option, options))
    return None


def known(name: str, names: Iterable[str], kind: str, path: Path, notes: Notes) -> bool:
    """True where the name is there; else a problem, unless its own definition is at fault."""
    there = list(names)
    if name in there:
        return True
    if name not in notes.broken:
        notes.wrong(path, f"'{name}' is no {kind}.", did_you_mean(name, there))
    return False
