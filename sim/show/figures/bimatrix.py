"""A two-player slice laid out as a bimatrix: what stands in each cell, how wide it is, where columns are cut.

A table too wide for the paper is cut into blocks of columns, one below the other: rows and columns never change places,
so that the first number is the row player's wherever it stands.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from sim.analysis.slices import SliceResult
from sim.game.game import Game
from sim.show.figures.sheet import line_height
from sim.show.figures.style import SMALL, text_width, wrapped
from sim.show.figures.words import number, plain
from sim.solvers.equilibria import Equilibrium

CELL = 0.185  # height of a cell, inches
PAD = (0.045, 0.16)  # least and most white beside the text of a cell, inches
LEAST = 2.2  # a narrower table leaves no room for what stands above and below it
BETWEEN = 0.3  # inches between two tables side by side
MOST_MIXED = 3  # mixed equilibria written out under a table; the rest are counted
STAR = "*"


@dataclass(frozen=True, slots=True)
class SliceTable:
    """One slice laid out: texts, widths and the cuts between blocks of columns."""

    result: SliceResult
    cells: list[list[str]]
    row_moves: list[str]  # names of the levels; empty where a player has one move here
    column_moves: list[str]
    row_levels: list[list[str]]  # for each row its options, one a move
    column_levels: list[list[str]]
    row_widths: list[float]  # of each level of row labels
    cell: float
    blocks: list[range]
    head: list[str]
    foot: list[str]
    width: float

    @property
    def header(self) -> float:
        """Height of the column labels of one block, with the players' names."""
        return (len(self.column_levels[0]) + 1) * line_height(SMALL) + 0.04

    @property
    def height(self) -> float:
        """All of it, in inches."""
        blocks = len(self.blocks) * (self.header + len(self.cells) * CELL + 0.08)
        return len(self.head) * line_height(SMALL) + 0.2 + blocks + len(self.foot) * line_height(SMALL) + 0.14


def table_of_slice(
    result: SliceResult, inner: float, titles: Mapping[str, str], moves_of: Mapping[str, Sequence[str]]
) -> SliceTable:
    """Lay a slice out on paper of `inner` inches.

    Args:
        result: a solved slice.
        inner: what is left between the margins.
        titles: player -> name as people say it.
        moves_of: player -> its moves, to name the one that varies where the labels do not.
    """
    game = result.game
    stars = best_responses(game)
    texts = [decimals(own) for own in game.payoffs]
    cells = [
        [
            ", ".join(texts[i][r][c] + (STAR if stars[i, r, c] else "") for i in range(2))
            for c in range(game.payoffs.shape[2])
        ]
        for r in range(game.payoffs.shape[1])
    ]
    (row_moves, row_levels), (column_moves, column_levels) = (levels(own) for own in game.actions)
    row_moves = row_moves or _single_move(result, game.players[0], moves_of)
    column_moves = column_moves or _single_move(result, game.players[1], moves_of)
    row_widths = _row_widths(titles.get(game.players[0], game.players[0]), row_moves, row_levels, inner)
    text = max(text_width(text, SMALL) for line in cells for text in line)
    text = max(text, max(text_width(plain(own[-1]), SMALL) for own in column_levels))
    room = inner - sum(row_widths)
    blocks = _blocks(column_levels, max(1, int(room / (text + PAD[0]) + 1e-9)))
    cell = min(text + PAD[1], room / max(len(own) for own in blocks))
    width = sum(row_widths) + cell * max(len(own) for own in blocks)
    width = max(width, min(inner, LEAST))
    head = wrapped(_given(result), width, SMALL)
    foot = [line for text in _below(result, titles) for line in wrapped(text, width, SMALL)]
    moves = (row_moves, column_moves)
    return SliceTable(result, cells, *moves, row_levels, column_levels, row_widths, cell, blocks, head, foot, width)


def _single_move(result: SliceResult, player: str, moves_of: Mapping[str, Sequence[str]]) -> list[str]:
    """The move of a player that is not held, where it is known to be one."""
    free = [move for move in moves_of.get(player, ()) if move not in result.given]
    return free if len(free) == 1 else []


def _row_widths(name: str, moves: Sequence[str], rows: Sequence[Sequence[str]], inner: float) -> list[float]:
    """Width of each level of row labels; together they hold the player's name, which stands above them."""
    widths = []
    for k in range(len(rows[0])):
        texts = [*(own[k] for own in rows), *moves[k : k + 1]]
        widths.append(min(max(text_width(plain(text), SMALL) for text in texts) + 0.06, inner / 3))
    widths[-1] += max(0.0, min(text_width(name, SMALL, "bold") + 0.08, inner / 3) - sum(widths))
    return widths


def levels(labels: Sequence[str]) -> tuple[list[str], list[list[str]]]:
    """Labels of merged actions split by move: `ask=goods travel=stay` has the moves ask, travel; a plain label none."""
    split = [[part.partition("=") for part in label.split(" ")] for label in labels]
    moves = {tuple(name for name, _, _ in own) for own in split}
    if len(moves) == 1 and all(sign for own in split for _, sign, _ in own):
        return list(moves.pop()), [[option for _, _, option in own] for own in split]
    return [], [[label] for label in labels]


def best_responses(game: Game) -> NDArray[np.bool_]:
    """Which cells are best replies of each player, by the exact payoffs: shape (2, rows, columns)."""
    row, column = game.exact
    return np.stack([row == row.max(axis=0, keepdims=True), column == column.max(axis=1, keepdims=True)]).astype(
        np.bool_
    )


def pure_cells(result: SliceResult) -> dict[tuple[int, int], bool]:
    """Cells of the pure equilibria of a slice, and whether each is an equilibrium of the whole game too."""
    found: dict[tuple[int, int], bool] = {}
    for k, one in enumerate(result.solution.equilibria.equilibria):
        if one.pure:
            row, column = (int(np.argmax(strategy)) for strategy in one.strategies)
            found[row, column] = result.in_whole_game[k]
    return found


def decimals(payoffs: NDArray[np.float64]) -> list[list[str]]:
    """Payoffs of one player as texts with the same number of decimals, enough for three digits of the greatest."""
    if bool((payoffs == np.round(payoffs)).all()) and np.abs(payoffs).max() < 1e6:
        places = 0
    else:
        size = float(np.abs(payoffs).max())
        places = 1 if 10 <= size < 1e5 else 2 if 0.1 <= size < 10 else -1
    texts = [[number(value) if places < 0 else f"{value:.{places}f}" for value in line] for line in payoffs.tolist()]
    zero = {f"-{0:.{max(places, 0)}f}": f"{0:.{max(places, 0)}f}"}  # a rounded trifle has no sign
    return [[zero.get(text, text).replace("-", "−") for text in line] for line in texts]


def _blocks(column_levels: Sequence[Sequence[str]], fitting: int) -> list[range]:
    """Cut the columns into as few blocks as fit, of nearly equal size, and where possible between outer labels."""
    count = len(column_levels)
    needed = -(-count // fitting)
    size = -(-count // needed)
    group = next((k for k in range(1, count) if column_levels[k][0] != column_levels[0][0]), count)
    if size % group and -(-size // group) * group <= fitting:
        size = -(-size // group) * group
    return [range(start, min(start + size, count)) for start in range(0, count, size)]


def flow_tables(tables: Sequence[SliceTable], inner: float) -> tuple[list[tuple[float, float]], float]:
    """Tables side by side where they fit, else below: their places in inches, and the height of all."""
    placed: list[tuple[float, float]] = []
    left = top = deepest = 0.0
    for table in tables:
        if left > 0 and left + table.width > inner:
            left, top = 0.0, top + deepest
            deepest = 0.0
        placed.append((left, top))
        left += table.width + BETWEEN
        deepest = max(deepest, table.height)
    return placed, top + deepest


def _given(result: SliceResult) -> str:
    held = ", ".join(f"{plain(move)} = {plain(option)}" for move, option in result.given.items())
    return f"given {held}" if held else "the whole game"


def _below(result: SliceResult, titles: Mapping[str, str]) -> list[str]:
    equilibria = result.solution.equilibria
    mixed = [one for one in equilibria.equilibria if not one.pure]
    lines = [f"mixed: {_mixture(one, result.game, titles)}" for one in mixed[:MOST_MIXED]]
    if len(mixed) > MOST_MIXED:
        lines.append(f"and {len(mixed) - MOST_MIXED} more mixed equilibria")
    return [*lines, solved(result, short=True)]


def _mixture(one: Equilibrium, game: Game, titles: Mapping[str, str]) -> str:
    parts = []
    for i, player in enumerate(game.players):
        exact = one.exact[i] if one.exact is not None else None
        shares = [
            f"{_fraction(share, exact[k] if exact is not None else None)} {plain(_joined(game.actions[i], k))}"
            for k, share in enumerate(one.strategies[i])
            if share > 0
        ]
        parts.append(f"{titles.get(player, player)} {' + '.join(shares)}")
    return "; ".join(parts)


def _joined(labels: Sequence[str], k: int) -> str:
    """An action's options without the moves' names: `goods/stay`."""
    return "/".join(levels(labels)[1][k])


def _fraction(share: float, exact: Fraction | None) -> str:
    if exact is not None and exact.denominator < 100:
        return str(exact)
    return f"{share:.3f}"


def solved(result: SliceResult, short: bool = False) -> str:
    """What nashpy found, and whether the exact check agrees; the name of the slice first, unless `short`."""
    own = result.solution
    said = f"{own.solver.split()[0]} {own.solver_version} finds {own.found_by_solver}"
    check = "the exact check agrees" if own.agree else f"exact check {own.found_by_check}: {own.differences}"
    degenerate = ", degenerate" if own.degenerate else ""
    return f"{said}, {check}{degenerate}" if short else f"Slice {result.name}: {said}, {check}{degenerate}."
