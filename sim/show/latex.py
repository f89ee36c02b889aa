"""A bimatrix as a LaTeX table: rules by booktabs, best responses underlined: twice in a pure equilibrium."""

from collections.abc import Mapping
from fractions import Fraction

import numpy as np

from sim.errors import UsageError
from sim.game.game import Game

DIGITS = 2  # shown in a cell where exact numbers would not fit
ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "_": r"\_",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "$": r"\$",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
}


def game_to_latex(game: Game, *, titles: Mapping[str, str] | None = None, given: str = "") -> str:
    """A table environment with one row an action of the first player and one column an action of the second.

    Args:
        game: two players.
        titles: how to call the players; their names where left out.
        given: what is held fixed, for the caption.

    Raises:
        UsageError: the game has not two players.
    """
    if len(game.players) != 2:
        raise UsageError(f"A bimatrix has two players; {game.title!r} has {len(game.players)}. Name a slice.")
    row, column = (escaped((titles or {}).get(name, name)) for name in game.players)
    exact = all(written(value) is not None for value in game.exact.ravel())
    count = len(game.actions[1])
    lines = [
        "% needs \\usepackage{booktabs}",
        r"\begin{table}",
        r"\centering",
        rf"\begin{{tabular}}{{ll*{{{count}}}{{r@{{, }}l}}}}",
        r"\toprule",
        rf" & & \multicolumn{{{2 * count}}}{{c}}{{{column}}} \\",
        rf"\cmidrule(l){{3-{2 + 2 * count}}}",
        " & & " + " & ".join(rf"\multicolumn{{2}}{{c}}{{{_stacked(label)}}}" for label in game.actions[1]) + r" \\",
        r"\midrule",
        *(
            f"{row if k == 0 else ''} & {_stacked(label)} & {' & '.join(_cells(game, k, exact))} \\\\"
            for k, label in enumerate(game.actions[0])
        ),
        r"\bottomrule",
        r"\end{tabular}",
        rf"\caption{{{_caption(game, row, column, given, exact)}}}",
        r"\end{table}",
    ]
    return "\n".join(lines) + "\n"


def escaped(text: str) -> str:
    """Text in which no character means anything to LaTeX."""
    return "".join(ESCAPES.get(character, character) for character in " ".join(text.split()))


def _cells(game: Game, row: int, exact: bool) -> list[str]:
    """Cells of one row: two columns each, the row player's payoff and the column player's."""
    first, second = game.exact
    cells = []
    for column in range(first.shape[1]):
        stars = first[row, column] == first[:, column].max(), second[row, column] == second[row].max()
        texts = (number(own[row, column], exact) for own in (first, second))
        cells += [rf"$\underline{{{text}}}$" if best else f"${text}$" for text, best in zip(texts, stars, strict=True)]
    return cells


def number(value: Fraction, exact: bool) -> str:
    """A payoff in mathematical mode: in full where `exact`, else rounded."""
    full = written(value) if exact else None
    if full is not None:
        return full
    text = f"{float(value):.{DIGITS}f}"
    return text[1:] if text.startswith("-") and float(text) == 0 else text


def written(value: Fraction) -> str | None:
    """The number in full, where it is short: a decimal of two digits or a small fraction."""
    scaled = value * 10**DIGITS
    if scaled.denominator == 1:
        return str(value.numerator) if value.denominator == 1 else f"{float(value):.{DIGITS}f}"
    if value.denominator > 99 or abs(value.numerator) > 999:
        return None
    sign = "-" if value < 0 else ""
    return rf"{sign}\tfrac{{{abs(value.numerator)}}}{{{value.denominator}}}"


def _stacked(label: str) -> str:
    """An action of several moves, one move a line."""
    parts = [escaped(part) for part in label.split()] if "=" in label else [escaped(label)]
    lines = r"\\".join(parts)
    return lines if len(parts) == 1 else rf"\shortstack[l]{{{lines}}}"


def _caption(game: Game, row: str, column: str, given: str, exact: bool) -> str:
    best = int(np.prod(game.exact.shape[1:])) > 1
    return " ".join(
        [
            f"{escaped(game.title)}: {row} chooses the row, {column} the column; payoffs are row, column, each in that",
            "player's own points.",
            *(["Best responses are underlined; a cell underlined twice is a pure Nash equilibrium."] if best else []),
            *([f"Given: {escaped(given)}."] if given else []),
            "Payoffs are exact." if exact else f"Payoffs are rounded to {DIGITS} decimals.",
        ]
    )
