"""A bimatrix as plain text: `row payoff, column payoff`, best responses starred, pure equilibria in brackets.

A table too wide is cut into blocks of columns, one below the other: rows and columns never change places, so that the
first number is the row player's wherever it stands.
"""

from collections.abc import Mapping, Sequence
from math import ceil

from sim.analysis.slices import SliceResult
from sim.game.game import Game
from sim.game.plain_html import payoff_texts
from sim.show.plain_table import WIDTH, paragraph, plain_table

SHORTEST = 6  # characters that a cut label keeps


def bimatrix(result: SliceResult, titles: Mapping[str, str]) -> str:
    """One slice: who plays, what is held, and the table."""
    row, column = (titles.get(name, name) for name in result.game.players)
    held = ", ".join(f"{move}={option}" for move, option in result.given.items())
    given = f"; all else held: {held}" if held else ""
    head = paragraph(f"{result.name}: {row} chooses a row, {column} a column{given}", hanging=2)
    return "\n".join([head, *(matrix_blocks(result.game))])


def matrix_blocks(game: Game, width: int = WIDTH) -> list[str]:
    """The table in as many blocks of columns as it takes, each within `width`."""
    cells = _cells(game)
    rows = [_cut(label, 2 * width // 5) for label in game.actions[0]]
    heads = [[_cut(part, width // 4) for part in label.split(" ")] for label in game.actions[1]]
    widest = max([len(text) for line in cells for text in line] + [len(part) for own in heads for part in own])
    label_width = max(len(row) for row in rows)
    fitting = max(1, (width - 2 - label_width) // (widest + 2))
    blocks = ceil(len(heads) / fitting)
    size = ceil(len(heads) / blocks)
    return [
        _block(rows, heads[start : start + size], [line[start : start + size] for line in cells], widest)
        for start in range(0, len(heads), size)
    ]


def _block(rows: Sequence[str], heads: Sequence[Sequence[str]], cells: Sequence[Sequence[str]], widest: int) -> str:
    """Labels of several moves stand one below the other above their column."""
    depth = max(len(own) for own in heads)
    above = [["", *((own[k] if k < len(own) else "").rjust(widest) for own in heads)] for k in range(depth)]
    table = [*above, *([row, *line] for row, line in zip(rows, cells, strict=True))]
    return plain_table(table, indent=2)


def _cells(game: Game) -> list[list[str]]:
    """Stars and brackets come from the exact payoffs, numbers are rounded for the eye."""
    row, column = game.exact
    stars = (row == row.max(axis=0, keepdims=True), column == column.max(axis=1, keepdims=True))
    texts = [payoff_texts(own, minus="-") for own in game.payoffs]
    lines = []
    for r in range(row.shape[0]):
        line = []
        for c in range(row.shape[1]):
            pair = ", ".join(texts[i][r, c] + ("*" if stars[i][r, c] else "") for i in range(2))
            line.append(f"[{pair}]" if stars[0][r, c] and stars[1][r, c] else f" {pair} ")
        lines.append(line)
    return lines


def _cut(label: str, width: int) -> str:
    width = max(width, SHORTEST)
    return label if len(label) <= width else label[: width - 1] + "…"
