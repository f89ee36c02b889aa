"""Two scenarios side by side as plain text."""

from sim.analysis.compare import ComparedRow, Comparison
from sim.show.figures.words import percent
from sim.show.plain_table import paragraph, plain_table

LEGEND = (
    "always: share of sampled parameter sets in which the event holds in every equilibrium; possible: in some, or may. "
    "helps, hurts: share of draws in which the second scenario raises or lowers it, the same draw in both."
)


def plain_comparison(found: Comparison) -> str:
    """A block an event, a row a concept and order."""
    head = f"{found.first} -> {found.second}: {found.draws:,} draws of seed {found.seed}, the same in both"
    blocks = [paragraph(head)]
    for event in dict.fromkeys(row.event for row in found.rows):
        own = [row for row in found.rows if row.event == event]
        names = ["", "always", "helps", "hurts", "| possible", "helps", "hurts"]
        blocks.append(f"{event}, share of {own[0].n:,} draws\n{plain_table([names, *map(_line, own)])}")
    notes = [paragraph(f"Note: {note}", hanging=6) for note in found.notes]
    legend = "\n".join([paragraph(LEGEND), *notes])
    if not found.forced:
        return "\n\n".join([*blocks, legend])
    blocks.insert(0, "Forbidden against allowed: what the option does")
    blocks += ["Forced against forced: what being held to it does, which is another question"]
    for one in found.forced:
        blocks += plain_comparison(one).split("\n\n")[:-1]  # one legend is enough
    return "\n\n".join([*blocks, legend])


def _line(row: ComparedRow) -> list[str]:
    name = row.concept if row.order is None else f"{row.concept}.{row.order}"
    cells = [name]
    for end, bar in (("lower", ""), ("upper", "| ")):
        before, after = (getattr(one, end) for one in (row.first, row.second))
        arrow = f"{percent(before)} -> {percent(after)}"
        cells += [bar + arrow.rjust(12), percent(row.helps[end]), percent(row.hurts[end])]
    return cells
