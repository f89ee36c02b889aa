"""Sensitivity indices as plain text: the answer in one sentence, the table, what the words mean."""

from collections.abc import Sequence
from dataclasses import replace

from sim.analysis.sobol_indices import RARE, Part, Sensitivity, SensitivityRow
from sim.show.figures.words import percent
from sim.show.plain_table import paragraph, plain_table
from sim.sweeps.sobol import SCRAMBLES

SHOWN = 12  # groups of one row
FEW = 4  # rows that are shown in full; of more, only what is first in each


def plain_sensitivity(found: Sensitivity) -> str:
    """What is first in every row; all telling groups where few rows are asked for."""
    if not found.groups:
        return paragraph(found.sentence)
    rows, parts = _ends_joined(found.ranked), [paragraph(found.sentence)]
    if len(rows) <= FEW:
        parts += [_whole(row) for row in rows]
    else:
        parts += [_heads([row for row in rows if row.row == name]) for name in dict.fromkeys(row.row for row in rows)]
    rare = [f"{row.event} ({row.end}, {row.row}: {percent(row.share)})" for row in found.rows if row.note]
    if rare:
        ends = f"under {RARE:.0%} or over {1 - RARE:.0%} of draws"
        parts.append(paragraph(f"Too rare to rank, {ends}: {', '.join(rare)}."))
    more = "" if len(rows) <= FEW else " --concept, --order and --event narrow: few rows are shown with all groups."
    return "\n\n".join([*parts, paragraph(_words(found) + more)])


def _ends_joined(rows: Sequence[SensitivityRow]) -> list[SensitivityRow]:
    """Where every draw in which the event is possible has it always, both ends are one row."""
    joined: list[SensitivityRow] = []
    for row in rows:
        if joined and replace(joined[-1], end=row.end) == row:
            joined[-1] = replace(row, end="both")
        else:
            joined.append(row)
    return joined


def _heads(rows: Sequence[SensitivityRow]) -> str:
    """A block a concept and order."""
    table = [["event", "end", "moved most by", "share", "alone", "total", "all alone"]]
    for row in rows:
        one = row.indices[0]
        assert row.alone is not None  # the row is ranked
        figures = (_said(one.first), _said(one.total), _said(row.alone))
        table.append([row.event, row.end, one.label, percent(row.share), *figures])
    return f"{rows[0].row}\n{plain_table(table, left=3)}"


def _whole(row: SensitivityRow) -> str:
    telling = [one for one in row.indices if one.telling]
    table = [["numbers", "alone", "total"]]
    table += [[one.label, _said(one.first), _said(one.total)] for one in telling[:SHOWN]]
    assert row.alone is not None
    table.append(["all together", _said(row.alone), "100%"])
    idle = sum(one.idle for one in row.indices)
    rest = len(telling) - len(telling[:SHOWN])
    said = [f"{rest} more groups with an index above 0: --json has all."] if rest else []
    said += [f"{idle} groups changed nothing in any draw."] if idle else []
    head = f"{row.event} ({row.end}, {row.row}), which holds in {percent(row.share)} of draws"
    return "\n".join([head, plain_table(table), *said])


def _words(found: Sensitivity) -> str:
    return (
        "alone: share of the variance that knowing these numbers would take away; total: share that stays while they"
        " alone are unknown, interactions included. ±: half of a 95% interval, in points. + joins numbers that are"
        " drawn together (correlated or ranked), for which only the group's index is valid. possible: always or"
        f" sometimes. {found.draws:,} draws in {SCRAMBLES} scrambles, {found.evaluations:,} evaluations in all. Shares"
        " are of sampled parameter sets."
    )


def _said(part: Part) -> str:
    """In percent, with half of the interval; below 0 only by chance, but said as it is."""
    return f"{100 * part.value:.0f}% ± {100 * part.error:.0f}".replace("-0%", "0%").replace("-", "−")
