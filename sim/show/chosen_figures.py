"""Some figures of a run by name, or all of them."""

from collections.abc import Sequence
from pathlib import Path

from sim.errors import UsageError
from sim.scenario.spelling import did_you_mean
from sim.show.figures.draw import draw_all, plan
from sim.show.figures.files import save
from sim.show.results import RunResults


def draw_chosen(results: RunResults, folder: Path, names: Sequence[str], columns: int) -> list[Path]:
    """Write the named figures, each in all its formats; every figure that has something to show where none is named.

    Raises:
        UsageError: an unknown figure, or one that has nothing to show; nothing is written then.
    """
    if not names:
        return draw_all(results, folder, columns)
    planned = plan(results)
    for name in names:
        if name not in planned:
            raise UsageError(f"'{name}' is no figure here. {did_you_mean(name, planned)}".rstrip())
        if planned[name][1]:
            raise UsageError(f"'{name}' cannot be drawn: {planned[name][1]}.")
    paths = []
    for name in names:
        drawing = planned[name][0](results, columns)
        paths += save(drawing.figure, folder, name, drawing.caption, columns=columns)
    return paths
