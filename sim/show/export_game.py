"""A game or a game tree, from a file or made in Python, in the words of other programs.

A tree leaves as it is (`efg`, a picture for LaTeX); in every other form it is the reduced normal form.
"""

import csv
import io
import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from sim.errors import UsageError
from sim.game.efg import tree_to_efg
from sim.game.frames import columns_of
from sim.game.game import Game
from sim.game.nfg import game_to_nfg
from sim.game.tree import Tree
from sim.scenario.spelling import did_you_mean
from sim.show.latex import game_to_latex
from sim.show.latex_tree import tree_to_latex

GAME_FORMS = ("nfg", "latex", "csv", "json")
TREE_FORMS = ("efg", *GAME_FORMS)


def export_game(game: Game | Tree, to: str, *, titles: Mapping[str, str] | None = None) -> str:
    """The game as text.

    Args:
        game: in normal form, or a tree.
        to: `nfg`, `latex`, `csv` or `json`; of a tree also `efg`.
        titles: how LaTeX calls the players; their names where left out.

    Raises:
        UsageError: an unknown form; `latex` of a game of other than two players, or of a tree beyond a page.
        PayoffError: a tree whose normal form is too large.
    """
    forms = TREE_FORMS if isinstance(game, Tree) else GAME_FORMS
    if to not in forms:
        if to == "efg":
            raise UsageError(f"{game.title!r} is in normal form and has no tree: export it --to nfg.")
        known = ", ".join(forms)
        raise UsageError(f"'{to}' is no form to export to. {did_you_mean(to, list(forms))} There are: {known}.")
    if isinstance(game, Tree):
        if to == "efg":
            return tree_to_efg(game)
        if to == "latex":
            return tree_to_latex(game, titles=titles)
        game = game.to_game()
    if to == "nfg":
        return game_to_nfg(game)
    if to == "latex":
        return game_to_latex(game, titles=titles)
    return game_csv(game) if to == "csv" else json.dumps(game_to_dict(game), indent=1, ensure_ascii=False) + "\n"


def game_to_dict(game: Game) -> dict[str, Any]:
    """Plain lists: `payoffs` holds one nested list a player, of shape (n_1, ..., n_N); `exact` the same as texts."""
    return {
        "game": game.title,
        "players": list(game.players),
        "strategies": [list(own) for own in game.actions],
        "payoffs": game.payoffs.tolist(),
        "exact": np.vectorize(str, otypes=[object])(game.exact).tolist(),
        "note": game.note,
    }


def game_csv(game: Game) -> str:
    """One row a profile, as `Game.from_frame` reads it: each player's action, then each player's payoff."""
    columns = columns_of(game)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in zip(*columns.values(), strict=True):
        writer.writerow([decimal(value) if isinstance(value, Fraction) else value for value in row])
    return text.getvalue()


def decimal(value: Fraction) -> str:
    """All digits where a decimal of at most 17 holds the number, else the nearest float64."""
    for digits in range(18):
        scaled = value * 10**digits
        if scaled.denominator == 1 and abs(scaled.numerator) < 10**17:
            whole = f"{abs(scaled.numerator):0{digits + 1}d}"
            sign = "-" if value < 0 else ""
            return f"{sign}{whole[:-digits]}.{whole[-digits:]}" if digits else f"{sign}{whole}"
    return repr(float(value))
