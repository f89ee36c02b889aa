"""Bimatrices of two-player slices: `row payoff, column payoff`, best responses starred, equilibria boxed.

A table too wide for the paper is cut into blocks of columns, one below the other: rows and columns never change places,
so that the first number is the row player's wherever it stands.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from sim.analysis.slices import SliceResult
from sim.game.game import Game
from sim.show.figures.files import Drawing
from sim.show.figures.sheet import DASHES, MARGIN, Key, Sheet, line_height, new_sheet
from sim.show.figures.style import (
    FAINT,
    HEAD,
    INK,
    SMALL,
    SOFT,
    WIDTH,
    in_paper_style,
    shortened,
    text_width,
    wrapped,
)
from sim.show.figures.words import caption, listed, number, plain
from sim.show.results import Provenance
from sim.solvers.equilibria import Equilibrium

CELL = 0.185  # height of a cell, inches
PAD = (0.045, 0.16)  # least and most white beside the text of a cell, inches
LEAST = 2.2  # a narrower table leaves no room for what stands above and below it
BETWEEN = 0.3  # inches between two tables side by side
MOST_MIXED = 3  # mixed equilibria written out under a table; the rest are counted
STAR = "*"


@dataclass(frozen=True, slots=True)
class _Table:
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


def best_responses(game: Game) -> NDArray[np.bool_]:
    """Which cells are best replies of each player, by the exact payoffs: shape (2, rows, columns)."""
    row, column = game.exact
    return np.stack([row == row.max(axis=0, keepdims=True), column == column.max(axis=1, keepdims=True)]).astype(
        np.bool_
    )


@in_paper_style
def payoff_matrices(
    slices: Sequence[SliceResult],
    provenance: Provenance,
    columns: int = 2,
    *,
    titles: Mapping[str, str] | None = None,
    moves: Mapping[str, Sequence[str]] | None = None,
) -> Drawing:
    """Draw one bimatrix a slice.

    Args:
        slices: solved two-player games, at central values or as set.
        provenance: for the caption.
        columns: 1 or 2 columns of a journal.
        titles: player -> name as people say it.
        moves: player -> its moves, to name the one that varies where a player has a single one in the slice.
    """
    inner = WIDTH[columns] - 2 * MARGIN
    tables = [_table(result, inner, titles or {}, moves or {}) for result in slices]
    placed, body = _flow(tables, inner)
    message = _message(slices)
    sheet = new_sheet(columns, message, body, _keys(slices), [_note()])
    for table, (left, top) in zip(tables, placed, strict=True):
        _draw(sheet, table, MARGIN + left, sheet.top + top, titles or {})
    players = list(dict.fromkeys(name for result in slices for name in result.game.players))
    text = caption(
        message,
        "One table a slice, a two-player game inside the whole one: two sides vary, every other move is held as"
        " written. In each cell the row player's payoff, then the column player's; a star marks a best reply to the"
        " other's action, a box a pure equilibrium of the slice, dashed where it is no equilibrium of the whole game."
        " Payoffs are rounded for print, stars and boxes are computed from exact ones.",
        provenance,
        units=f"points of {listed([(titles or {}).get(name, name) for name in players])}, each on a scale of its own:"
        " payoffs of two players cannot be compared",
        rows=["nash (two-player slices)"],
        notes=[_solved(result) for result in slices],
    )
    return Drawing(sheet.figure, text)


def _table(
    result: SliceResult, inner: float, titles: Mapping[str, str], moves_of: Mapping[str, Sequence[str]]
) -> _Table:
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
    return _Table(result, cells, *moves, row_levels, column_levels, row_widths, cell, blocks, head, foot, width)


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


def _flow(tables: Sequence[_Table], inner: float) -> tuple[list[tuple[float, float]], float]:
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


def _draw(sheet: Sheet, table: _Table, left: float, top: float, titles: Mapping[str, str]) -> None:
    game, y = table.result.game, top
    sheet.text(left, y, plain(table.result.name), HEAD, weight="bold")
    y += 0.16
    for line in table.head:
        sheet.text(left, y, line, SMALL, color=SOFT)
        y += line_height(SMALL)
    y += 0.04
    row_name, column_name = (titles.get(name, name) for name in game.players)
    start = left + sum(table.row_widths)
    for block in table.blocks:
        span = table.cell * len(block)
        head = _with_moves(column_name, table.column_moves, span)
        sheet.text(start + span / 2, y, head, SMALL, weight="bold", align="center")
        space = sum(table.row_widths) - 0.05
        sheet.text(left, y, shortened(row_name, space, SMALL, "bold"), SMALL, weight="bold")
        y += line_height(SMALL)
        _column_labels(sheet, table, block, start, y)
        below, x = y + (len(table.column_levels[0]) - 1) * line_height(SMALL), left
        for move, width in zip(table.row_moves, table.row_widths, strict=False):
            sheet.text(x, below, shortened(plain(move), width - 0.03, SMALL), SMALL, color=SOFT)
            x += width
        y += len(table.column_levels[0]) * line_height(SMALL) + 0.04
        _cells(sheet, table, block, left, start, y)
        y += len(table.cells) * CELL + 0.08
    for line in table.foot:
        sheet.text(left, y, line, SMALL)
        y += line_height(SMALL)


def _column_labels(sheet: Sheet, table: _Table, block: range, start: float, top: float) -> None:
    for level in range(len(table.column_levels[0])):
        y = top + level * line_height(SMALL)
        for first, last in _runs(table.column_levels, block, level):
            middle = start + ((first + last + 1) / 2 - block.start) * table.cell
            room = (last - first + 1) * table.cell - 0.04
            label = shortened(plain(table.column_levels[first][level]), room, SMALL)
            sheet.text(middle, y, label, SMALL, align="center")
            if first > block.start and level == 0 and len(table.column_levels[0]) > 1:
                x = start + (first - block.start) * table.cell
                _line(sheet, x, y + 0.01, x, top + len(table.column_levels[0]) * line_height(SMALL) + 0.04)


def _cells(sheet: Sheet, table: _Table, block: range, left: float, start: float, top: float) -> None:
    span = table.cell * len(block)
    for r, line in enumerate(table.cells):
        y = top + r * CELL
        _line(sheet, left if not r else start - table.row_widths[-1], y, start + span, y)
        x = left
        for level, width in enumerate(table.row_widths):
            first = r == 0 or table.row_levels[r][: level + 1] != table.row_levels[r - 1][: level + 1]
            if first:
                label = shortened(plain(table.row_levels[r][level]), width - 0.05, SMALL)
                sheet.text(x, y + CELL / 2, label, SMALL, middle=True)
            x += width
        for c in block:
            middle = start + (c - block.start + 0.5) * table.cell
            sheet.text(middle, y + CELL / 2, line[c], SMALL, align="center", middle=True)
    _line(sheet, left, top + len(table.cells) * CELL, start + span, top + len(table.cells) * CELL)
    for (r, c), whole in pure_cells(table.result).items():
        if c in block:
            _box(sheet, table, start + (c - block.start) * table.cell, top + r * CELL, whole)


def pure_cells(result: SliceResult) -> dict[tuple[int, int], bool]:
    """Cells of the pure equilibria of a slice, and whether each is an equilibrium of the whole game too."""
    found: dict[tuple[int, int], bool] = {}
    for k, one in enumerate(result.solution.equilibria.equilibria):
        if one.pure:
            row, column = (int(np.argmax(strategy)) for strategy in one.strategies)
            found[row, column] = result.in_whole_game[k]
    return found


def _box(sheet: Sheet, table: _Table, left: float, top: float, whole: bool) -> None:
    inset = 0.02
    box = Rectangle(
        (left, sheet.height - top - CELL + inset),
        table.cell,
        CELL - 2 * inset,
        transform=sheet.figure.dpi_scale_trans,
        fill=False,
        edgecolor=INK,
        linewidth=1.1,
        linestyle=DASHES["-" if whole else "--"],
    )
    sheet.figure.add_artist(box)


def _line(sheet: Sheet, x0: float, y0: float, x1: float, y1: float) -> None:
    ends = (min(x0, x1), sheet.height - max(y0, y1))
    rule = Rectangle(
        ends,
        abs(x1 - x0),
        abs(y1 - y0),
        transform=sheet.figure.dpi_scale_trans,
        facecolor="none",
        edgecolor=FAINT,
        linewidth=0.5,
    )
    sheet.figure.add_artist(rule)


def _runs(column_levels: Sequence[Sequence[str]], block: range, level: int) -> list[tuple[int, int]]:
    """Neighbouring columns of a block that share their labels down to `level`: first and last of each run."""
    runs: list[tuple[int, int]] = []
    for c in block:
        if runs and column_levels[c][: level + 1] == column_levels[runs[-1][0]][: level + 1]:
            runs[-1] = (runs[-1][0], c)
        else:
            runs.append((c, c))
    return runs


def _with_moves(player: str, moves: Sequence[str], room: float) -> str:
    """A player's name with its moves, where there is room for them."""
    full = f"{player}: {', '.join(plain(move) for move in moves)}" if moves else player
    return full if text_width(full, SMALL, "bold") <= room else shortened(player, room, SMALL, "bold")


def _given(result: SliceResult) -> str:
    held = ", ".join(f"{plain(move)} = {plain(option)}" for move, option in result.given.items())
    return f"given {held}" if held else "the whole game"


def _below(result: SliceResult, titles: Mapping[str, str]) -> list[str]:
    equilibria = result.solution.equilibria
    mixed = [one for one in equilibria.equilibria if not one.pure]
    lines = [f"mixed: {_mixture(one, result.game, titles)}" for one in mixed[:MOST_MIXED]]
    if len(mixed) > MOST_MIXED:
        lines.append(f"and {len(mixed) - MOST_MIXED} more mixed equilibria")
    return [*lines, _solved(result, short=True)]


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


def _solved(result: SliceResult, short: bool = False) -> str:
    solved = result.solution
    said = f"{solved.solver.split()[0]} {solved.solver_version} finds {solved.found_by_solver}"
    check = "the exact check agrees" if solved.agree else f"exact check {solved.found_by_check}: {solved.differences}"
    degenerate = ", degenerate" if solved.degenerate else ""
    return f"{said}, {check}{degenerate}" if short else f"Slice {result.name}: {said}, {check}{degenerate}."


def _keys(slices: Sequence[SliceResult]) -> list[Key]:
    whole = [flag for result in slices for flag in pure_cells(result).values()]
    keys = [Key("best reply", letter=STAR)]
    if True in whole:
        keys.append(Key("pure equilibrium, of the whole game too", frame="-"))
    if False in whole:
        keys.append(Key("pure equilibrium of the slice alone", frame="--"))
    return keys


def _note() -> str:
    return "Row payoff, column payoff, each in its player's own points: never compare across players."


def _message(slices: Sequence[SliceResult]) -> str:
    """How many equilibria each slice has, and how many of them are pure."""
    parts = []
    for result in slices:
        pure, count = len(pure_cells(result)), len(result.solution.equilibria)
        kind = f"{pure} pure" if 0 < pure < count else "mixed" if pure == 0 else "pure"
        parts.append(f"{count} in {plain(result.name)} ({kind})")
    return f"Extreme equilibria: {', '.join(parts)}"
