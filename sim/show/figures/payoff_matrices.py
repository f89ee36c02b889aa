"""Payoff matrices of two-player slices: `row payoff, column payoff`, best responses starred, equilibria boxed."""

from collections.abc import Mapping, Sequence

from matplotlib.patches import Rectangle

from sim.analysis.slices import SliceResult
from sim.show.figures.bimatrix import CELL, STAR, SliceTable, flow_tables, pure_cells, solved, table_of_slice
from sim.show.figures.files import Drawing
from sim.show.figures.sheet import DASHES, MARGIN, Key, Sheet, line_height, new_sheet
from sim.show.figures.style import FAINT, HEAD, INK, SMALL, SOFT, WIDTH, in_paper_style, shortened, text_width
from sim.show.figures.words import caption, listed, plain
from sim.show.results import Provenance


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
    tables = [table_of_slice(result, inner, titles or {}, moves or {}) for result in slices]
    placed, body = flow_tables(tables, inner)
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
        notes=[solved(result) for result in slices],
    )
    return Drawing(sheet.figure, text)


def _draw(sheet: Sheet, table: SliceTable, left: float, top: float, titles: Mapping[str, str]) -> None:
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


def _column_labels(sheet: Sheet, table: SliceTable, block: range, start: float, top: float) -> None:
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


def _cells(sheet: Sheet, table: SliceTable, block: range, left: float, start: float, top: float) -> None:
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


def _box(sheet: Sheet, table: SliceTable, left: float, top: float, whole: bool) -> None:
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
