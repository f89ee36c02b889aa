"""Payoffs given profile by profile, in nested arrays, in place of stakes and interests."""

import os
from collections.abc import Mapping
from typing import Any

from sim.scenario.formula import Node, Number
from sim.scenario.formula_parser import Scope
from sim.scenario.model import GameFile, Move, PayoffTable
from sim.scenario.names import known
from sim.scenario.notes import Notes
from sim.scenario.numbers import Unreadable, fraction
from sim.scenario.places import Path
from sim.scenario.quantities import Formulas
from sim.scenario.schema import FileShape, check_cell

SETTINGS = ("about", "rests_on", "ordinal", "table", "tree")


def read_table(shape: FileShape, moves: Mapping[str, Move], formulas: Formulas) -> PayoffTable | None:
    """The payoff arrays of every player and observer; None where the file has stakes and interests instead."""
    notes = formulas.notes
    if shape.payoffs is None:
        if not shape.interests and "interests" not in notes.broken and not notes.problems:
            notes.wrong(("scenario",), "the file gives nobody a payoff.", "Add [interests.X] or [payoffs].")
        return None
    for section in ("interests", "stakes"):
        if getattr(shape, section):
            notes.wrong((section,), f"[{section}] and [payoffs] cannot stand in one file.", "Keep one of them.")
    named = [key for key in ("table", "tree") if getattr(shape.payoffs, key) is not None]
    if named:
        return _named_file(shape, named, notes)
    people = [*shape.players, *shape.observers]
    written: dict[str, Any] = shape.payoffs.model_extra or {}
    for name in written:
        known(name, people, "player or observer", ("payoffs", name), notes)
    missing = [name for name in people if name not in written and name not in notes.broken]
    if missing:
        notes.wrong(("payoffs",), f"[payoffs] says nothing of {', '.join(repr(name) for name in missing)}.")
    if any(move in notes.broken for player in shape.players.values() for move in player.moves):
        return None  # the axes are not known
    scope = Scope(("parameter",), parameters=frozenset(shape.parameters), broken=frozenset(notes.broken))
    cells = {}
    for name in people:
        if name in written:
            cells[name] = _cells(written[name], name, [*moves.values()], scope, formulas, shape.payoffs.ordinal)
    return PayoffTable(cells, shape.payoffs.ordinal)


def _named_file(shape: FileShape, named: list[str], notes: Notes) -> PayoffTable | None:
    """A game file beside the file that names it; what it holds is read on the floor of games."""
    assert shape.payoffs is not None
    before = len(notes.problems)
    for other in (*named[1:], *(shape.payoffs.model_extra or {})):
        notes.wrong(
            ("payoffs", other), f"payoffs are read from '{named[0]}' already: '{other}' is one too many.", "Keep one."
        )
    if shape.observers:
        first = next(iter(shape.observers))
        notes.wrong(("observers", first), f"a game file has no payoffs of an observer such as '{first}'.")
    if len(notes.problems) > before:
        return None
    place = notes.place(("payoffs", named[0]))
    path = os.path.normpath(os.path.join(os.path.dirname(place.file), getattr(shape.payoffs, named[0])))
    file = GameFile(named[0], path, place.file, place.line, place.column)
    return PayoffTable(dict.fromkeys(shape.players, ()), shape.payoffs.ordinal, file)


def _cells(
    written: Any, owner: str, axes: list[Move], scope: Scope, formulas: Formulas, ordinal: bool
) -> tuple[Node, ...]:
    """One tree a profile, last move fastest."""
    level: list[tuple[Path, Any]] = [(("payoffs", owner), written)]
    for axis in axes:
        deeper: list[tuple[Path, Any]] = []
        for path, value in level:
            if not isinstance(value, list) or len(value) != len(axis.options):
                found = f"{len(value)} entries" if isinstance(value, list) else "no list"
                cause = (
                    f"the payoffs of '{owner}' have {found} where move '{axis.name}' has {len(axis.options)} options."
                )
                formulas.notes.wrong(path, cause, "Arrays nest in the order of the moves.")
                return ()
            deeper += [((*path, k), cell) for k, cell in enumerate(value)]
        level = deeper
    return tuple(
        node for path, cell in level if (node := _cell(cell, owner, path, scope, formulas, ordinal)) is not None
    )


def _cell(cell: Any, owner: str, path: Path, scope: Scope, formulas: Formulas, ordinal: bool) -> Node | None:
    notes: Notes = formulas.notes
    if isinstance(cell, str):
        number = fraction(cell)
        if number is not None:
            return Number(number)
        if ordinal:
            notes.wrong(path, "an ordinal payoff is a number.", "It is a rank: greater is better.")
            return None
        return formulas.read(cell, scope, path, f"a payoff of '{owner}'")
    if isinstance(cell, bool | Unreadable) or (not isinstance(cell, int | float) and check_like(cell) is None):
        notes.wrong(path, f"a payoff of '{owner}' is no number.", "Write a number, a fraction or a formula in quotes.")
        return None
    return formulas.read(cell, scope, path, owner)


def check_like(cell: object) -> object | None:
    """The cell where it is a finite number, else None."""
    from pydantic_core import PydanticCustomError

    try:
        return check_cell(cell)
    except PydanticCustomError:
        return None
