"""A scenario whose payoffs stand in a game file beside it: `[payoffs] table = "x.nfg"` or `tree = "x.efg"`.

The file's players are the scenario's, in the same order; each has as many strategies as its moves together have
options, last move fastest. A tree counts as its reduced normal form. Once filled, the scenario is the same as one that
writes these payoffs as arrays, its hash included.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import PayoffError, Problem, ScenarioError
from sim.game.efg import read_efg
from sim.game.game import Game
from sim.game.nfg import read_nfg
from sim.scenario.formula import Number
from sim.scenario.model import GameFile, PayoffTable, ScenarioData

SUFFIXES = {"table": ".nfg", "tree": ".efg"}


def filled(scenario: ScenarioData) -> ScenarioData:
    """The scenario with the payoffs of its game file; itself where it names none.

    Raises:
        ScenarioError: the game file does not hold together, or does not fit the players and moves.
    """
    table = scenario.table
    if table is None or table.file is None:
        return scenario
    game = _read(table.file)
    problems = [Problem(*_place(table.file), cause, mend) for cause, mend in _misfits(scenario, game, table.file)]
    if problems:
        raise ScenarioError(problems)
    arrays = {player.name: _by_move(scenario, own) for player, own in zip(scenario.players, game.exact, strict=True)}
    cells = {name: tuple(Number(value) for value in own.ravel().tolist()) for name, own in arrays.items()}
    return replace(
        scenario,
        table=PayoffTable(cells, table.ordinal),
        resolved=_resolved(scenario.resolved, {name: _canonical(own.tolist()) for name, own in arrays.items()}),
    )


def _read(file: GameFile) -> Game:
    suffix = SUFFIXES[file.key]
    if Path(file.path).suffix.lower() != suffix:
        raise ScenarioError([Problem(*_place(file), f"'{file.key}' does not lead to a {suffix} file.")])
    if not Path(file.path).exists():
        raise ScenarioError([Problem(*_place(file), f"there is no file {file.path}.", "A path starts at this file.")])
    if file.key == "table":
        return read_nfg(Path(file.path))
    try:
        return read_efg(Path(file.path)).to_game()
    except PayoffError as error:
        raise ScenarioError([Problem(*_place(file), f"the tree cannot be used: {error}")]) from None


def _place(file: GameFile) -> tuple[str, int, int]:
    return file.named_in, file.line, file.column


def _misfits(scenario: ScenarioData, game: Game, file: GameFile) -> list[tuple[str, str]]:
    """What does not fit, with a mend. Labels that are only numbers say nothing; any other must be the scenario's."""
    players = scenario.players
    if len(game.players) != len(players):
        counts = f"{len(game.players)} players and the scenario {len(players)}"
        return [(f"the game in {file.path} has {counts}.", "They must be the same, in the same order.")]
    found = []
    for number, (player, label, actions) in enumerate(zip(players, game.players, game.actions, strict=True), start=1):
        if label not in (player.name, player.title, str(number)):
            cause = f"player {number} is '{label}' in {file.path} and '{player.name}' here."
            found.append((cause, "Name and order players alike in both."))
        options = [scenario.move(move).options for move in _own_moves(scenario, player.name)]
        wanted = prod(len(own) for own in options)
        if len(actions) != wanted:
            cause = (
                f"'{player.name}' has {len(actions)} strategies in {file.path}, but its moves have {wanted} options."
            )
            found.append((cause, "A strategy is one option of each of its moves."))
        elif len(options) == 1 and file.key == "table" and not _alike(actions, options[0]):
            cause = (
                f"the strategies of '{player.name}' are {_list(actions)} in {file.path} and {_list(options[0])} here."
            )
            found.append((cause, "Name and order them alike in both."))
    return found


def _own_moves(scenario: ScenarioData, player: str) -> list[str]:
    return [move.name for move in scenario.moves if move.player == player]


def _alike(actions: Sequence[str], options: Sequence[str]) -> bool:
    return tuple(actions) in (tuple(options), tuple(str(k + 1) for k in range(len(actions))))


def _list(names: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def _by_move(scenario: ScenarioData, own: np.ndarray[Any, np.dtype[np.object_]]) -> np.ndarray[Any, Any]:
    """One axis a player -> one axis a move: a scenario's moves stand player by player."""
    return own.reshape([len(move.options) for move in scenario.moves])


def _canonical(value: Any) -> Any:
    if isinstance(value, list):
        return [_canonical(one) for one in value]
    number = Fraction(value)
    return number.numerator if number.denominator == 1 else str(number)


def _resolved(text: str, payoffs: dict[str, Any]) -> str:
    """The canonical text with the payoffs in the place of the file's name."""
    document = json.loads(text)
    kept = {key: value for key, value in document["payoffs"].items() if key not in ("table", "tree")}
    document["payoffs"] = kept | payoffs
    return json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1)
