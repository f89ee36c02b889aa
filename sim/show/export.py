"""A game in the words of other programs: Gambit's `.nfg`, a bimatrix for LaTeX, rows for a spreadsheet, JSON.

Payoffs leave as the rationals that the scenario's formulas give, not as rounded floating-point numbers, wherever the
form can hold a rational. Where it cannot (a spreadsheet, a page of a journal), the text says that it is rounded.
"""

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction

import numpy as np

from sim.errors import UsageError
from sim.game.exact import central_rationals, exact_payoffs, normal_form_game, slice_game
from sim.game.game import Game
from sim.game.nfg import game_to_nfg
from sim.game.order_tree import tree_of_order
from sim.game.payoffs import compile_family, event_values
from sim.scenario.model import Order, ScenarioData, Slice
from sim.scenario.spelling import did_you_mean
from sim.show.export_game import decimal, export_game
from sim.show.latex import game_to_latex


def export(
    scenario: ScenarioData,
    to: str,
    *,
    numbers: Mapping[str, Fraction] | None = None,
    slice: str | None = None,  # the option's name, in all doors
    order: str | None = None,
) -> str:
    """The scenario's game at one parameter set, as text.

    Args:
        scenario: checked data.
        to: `nfg`, `efg`, `latex`, `csv` or `json`; `efg` needs an order of moves, the only one where there is one.
        numbers: parameters and weights that are not at their central values.
        slice: a two-player game inside the big one; None: all players.
        order: the game tree of this order: as it is (`efg`, `latex`), or in its reduced normal form.

    Raises:
        UsageError: an unknown form, slice or order; `latex` of a game that is no bimatrix, of a tree beyond a page.
        PayoffError: an unknown number, or a payoff without a value.
    """
    known = [*FORMS, "efg"]
    if to not in known:
        raise UsageError(f"'{to}' is no form to export to. {did_you_mean(to, known)} There are: {_list(known)}.")
    if order is not None or to == "efg":
        if slice is not None:
            raise UsageError("A slice has no order of moves: give --slice or --order (and --to efg), not both.")
        titles = scenario.titles()
        tree = tree_of_order(scenario, _order(scenario, order), central_rationals(scenario, numbers))
        said = [note for note in (tree.comment, _without_types(scenario)) if note]
        return export_game(replace(tree, comment="; ".join(said)), to, titles=titles)
    cut = None if slice is None else find_slice(scenario, slice)
    return FORMS[to](scenario, central_rationals(scenario, numbers), cut)


def find_slice(scenario: ScenarioData, name: str) -> Slice:
    """The slice of that name. Raises UsageError with the nearest right name."""
    names = [one.name for one in scenario.slices]
    if name not in names:
        known = f"There are: {_list(names)}." if names else "The file has no [slices]."
        hint = did_you_mean(name, names)
        raise UsageError(f"{scenario.name} has no slice '{name}'.{' ' if hint else ''}{hint} {known}")
    return scenario.slices[names.index(name)]


def _order(scenario: ScenarioData, name: str | None) -> Order:
    """The order of that name, or the only one."""
    names = [one.name for one in scenario.orders]
    if not names:
        raise UsageError(f"{scenario.name} has no [orders]: without an order of moves there is no tree.")
    if name is None and len(names) > 1:
        raise UsageError(f"A tree has one order of moves: name it with --order. There are: {_list(names)}.")
    if name is not None and name not in names:
        raise UsageError(f"{scenario.name} has no order '{name}'. {did_you_mean(name, names)}".rstrip())
    return scenario.orders[0 if name is None else names.index(name)]


def profiles_csv(scenario: ScenarioData, numbers: Mapping[str, Fraction], cut: Slice | None = None) -> str:
    """One row a profile: the option of each move, each event, the payoff of each player and observer in its own points.

    A payoff that a finite decimal holds is written in full, any other as the nearest float64.
    """
    held = {} if cut is None else {move: (rank,) for move, rank in cut.given.items()}
    family = compile_family(scenario, ranks=held, allowed_only=True)
    everyone = (*family.players, *family.observers)
    payoffs = exact_payoffs(family, numbers, of=everyone)
    events = event_values(family)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*(move.name for move in scenario.moves), *events, *everyone])
    for index in np.ndindex(*family.shape):
        ranks = (own[k] for own, k in zip(family.ranks, index, strict=True))
        options = [move.options[rank] for move, rank in zip(scenario.moves, ranks, strict=True)]
        truths = ["true" if truth[index] else "false" for truth in events.values()]
        writer.writerow([*options, *truths, *(decimal(own[index]) for own in payoffs)])
    return text.getvalue()


def _game(scenario: ScenarioData, numbers: Mapping[str, Fraction], cut: Slice | None) -> Game:
    return normal_form_game(scenario, numbers) if cut is None else slice_game(scenario, cut, numbers)


def _nfg(scenario: ScenarioData, numbers: Mapping[str, Fraction], cut: Slice | None) -> str:
    game = _game(scenario, numbers, cut)
    return game_to_nfg(game if game.note else replace(game, note=_without_types(scenario)))


def _without_types(scenario: ScenarioData) -> str:
    """What a game without chance moves cannot say of a scenario with private types."""
    names = dict.fromkeys(one.player for one in scenario.types)
    return f"the types of {' and '.join(names)} are left out: every number has its own value" if names else ""


def _json(scenario: ScenarioData, numbers: Mapping[str, Fraction], cut: Slice | None) -> str:
    return export_game(_game(scenario, numbers, cut), "json")


def _latex(scenario: ScenarioData, numbers: Mapping[str, Fraction], cut: Slice | None) -> str:
    if cut is None and len(scenario.players) != 2:
        names = [one.name for one in scenario.slices]
        mend = f"Name a slice: --slice {' or '.join(names)}." if names else "Add a [slices] table to the file."
        raise UsageError(
            f"A page holds a game of two players; {scenario.name} has {len(scenario.players)} players. {mend}"
        )
    titles = {player.name: player.title for player in scenario.players}
    given = "" if cut is None else _given(scenario, cut)
    return game_to_latex(_game(scenario, numbers, cut), titles=titles, given=given)


def _given(scenario: ScenarioData, cut: Slice) -> str:
    return ", ".join(f"{move}={scenario.move(move).options[rank]}" for move, rank in cut.given.items())


def _list(names: Mapping[str, object] | list[str]) -> str:
    return ", ".join(names)


FORMS: Mapping[str, Callable[[ScenarioData, Mapping[str, Fraction], Slice | None], str]] = {
    "nfg": _nfg,
    "latex": _latex,
    "csv": profiles_csv,
    "json": _json,
}
