"""True for all numbers in the ranges, for some, or for none: a grid of verdicts, by shade and by letter."""

from collections.abc import Mapping, Sequence

from matplotlib.patches import Rectangle

from sim.analysis.prove import Proof
from sim.show.figures.files import Drawing
from sim.show.figures.panels import grouped
from sim.show.figures.sheet import MARGIN, Key, line_height, new_sheet
from sim.show.figures.style import INK, LOOKS, SMALL, WIDTH, Look, in_paper_style, shortened, text_width, wrapped
from sim.show.figures.words import caption, event_label
from sim.show.results import Provenance

ROW = 0.19  # inches from one row to the next
VERDICTS = {  # letter, and the look of the status that it comes nearest to
    "necessary": ("N", LOOKS["always"]),
    "possible": ("P", LOOKS["sometimes"]),
    "impossible": ("I", LOOKS["never"]),
    "undecided": ("?", LOOKS["none"]),
}


@in_paper_style
def prove_figure(
    found: Sequence[Proof], provenance: Provenance, columns: int = 2, *, titles: Mapping[str, str] | None = None
) -> Drawing:
    """Draw the verdicts on all events.

    Args:
        found: one an event, all with the same rows.
        provenance: for the caption.
        columns: 1 or 2 columns of a journal.
        titles: player -> name as people say it, to spell the orders.
    """
    rows = [row.row for row in found[0].rows]
    places, labels = grouped(rows, titles)
    left = max(text_width(label, SMALL) for label in labels) + 0.1
    width = min(1.1, (WIDTH[columns] - 2 * MARGIN - left) / len(found))
    heads, upright = _heads([event_label(one.event) for one in found], width - 0.06)
    headed = max(text_width(lines[0], SMALL) for lines in heads) if upright else _high(heads)
    message = _message(found)
    body = headed + 0.06 + len(labels) * ROW
    sheet = new_sheet(columns, message, body, _keys(found), [_note(found)])
    top = sheet.top + headed + 0.06
    for label, k in zip(labels, range(len(labels)), strict=True):
        style = "normal" if k in places.values() else "italic"
        middle = top + (k + 0.5) * ROW
        sheet.text(MARGIN + left - 0.08, middle, label, SMALL, align="right", middle=True, style=style)
    axes = sheet.axes(MARGIN + left, top, width * len(found), len(labels) * ROW)
    axes.set(xlim=(0, len(found)), ylim=(len(labels), 0), xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
    for k, (one, lines) in enumerate(zip(found, heads, strict=True)):
        if upright:
            at = ((MARGIN + left + (k + 0.5) * width) / sheet.width, 1 - (top - 0.04) / sheet.height)
            sheet.figure.text(*at, lines[0], size=SMALL, rotation=90, ha="center", va="bottom", color=INK)
        for i, line in enumerate([] if upright else lines):
            y = top - 0.04 - (len(lines) - i) * line_height(SMALL)
            sheet.text(MARGIN + left + (k + 0.5) * width, y, line, SMALL, align="center")
        for row in one.rows:
            letter, look = VERDICTS[row.verdict]
            place = places[row.row]
            cell = Rectangle((k + 0.03, place + 0.06), 0.94, 0.88, facecolor=look.face, edgecolor=look.mark)
            cell.set(linewidth=0.0, hatch=look.hatch or None, gid=f"verdict.{one.event}.{row.row}.{row.verdict}")
            axes.add_patch(cell)
            edge = Rectangle((k + 0.03, place + 0.06), 0.94, 0.88, fill=False, edgecolor="#999999", linewidth=0.4)
            axes.add_patch(edge)
            box = {"facecolor": "white", "edgecolor": "none", "pad": 0.8} if look.hatch else None
            middle_of = (k + 0.5, place + 0.52)
            axes.text(*middle_of, letter, size=SMALL, color=look.text, ha="center", va="center", bbox=box)
    text = caption(
        message,
        "One column an event, one row a solution concept (and order of moves). Necessary: it holds in every equilibrium"
        " whatever the numbers in their ranges, proved. Impossible: in none, proved. Possible: a parameter set was"
        " found in which it holds in some equilibrium, and one in which it does not hold in all. Undecided: neither"
        " proved nor refuted.",
        provenance,
        units="none; a verdict over all numbers in their ranges, not a share",
        rows=rows,
        notes=_proofs(found),
        basis=[f"N = {found[0].tried:,} parameter sets searched for witnesses; proofs rest on no sample."],
    )
    return Drawing(sheet.figure, text)


def _heads(labels: Sequence[str], width: float) -> tuple[list[list[str]], bool]:
    """The columns' names in lines; on end where some word is wider than its column."""
    heads = [wrapped(label, width, SMALL) for label in labels]
    if all(text_width(line, SMALL) <= width for lines in heads for line in lines):
        return heads, False
    return [[shortened(label, 1.2, SMALL)] for label in labels], True


def _high(heads: Sequence[Sequence[str]]) -> float:
    return max(map(len, heads)) * line_height(SMALL)


def _keys(found: Sequence[Proof]) -> list[Key]:
    present = {row.verdict for one in found for row in one.rows}
    looks: dict[str, tuple[str, Look]] = {name: own for name, own in VERDICTS.items() if name in present}
    return [Key(f"{letter} {name}", look.face, look.hatch, look.mark) for name, (letter, look) in looks.items()]


def _note(found: Sequence[Proof]) -> str:
    return (
        "Over all numbers in their ranges. Necessary and impossible are proved; possible has a witness on each side,"
        f" found among {found[0].tried:,} parameter sets."
    )


def _proofs(found: Sequence[Proof]) -> list[str]:
    """How each necessary and impossible verdict is known, events together that are known in the same way."""
    how: dict[str, list[str]] = {}
    for one in found:
        for row in one.rows:
            if row.verdict in ("necessary", "impossible"):
                how.setdefault(f"{row.verdict}: {row.proof}", []).append(f"{one.event} under {row.row}")
    return [f"{known} ({', '.join(where)})." for known, where in how.items()]


def _message(found: Sequence[Proof]) -> str:
    counts = dict.fromkeys(VERDICTS, 0)
    for one in found:
        for row in one.rows:
            counts[row.verdict] += 1
    total = sum(counts.values())
    for name, count in counts.items():
        if count == total:
            return f"All {total} verdicts: {name}" + (", so the numbers decide" if name == "possible" else "")
    parts = [f"{count} {name}" for name, count in counts.items() if count]
    return f"Of {total} verdicts over all numbers in their ranges: {', '.join(parts)}"
