"""The figures of what two files are needed for: `compare`, `diff` and `hindcast`, drawn from their answers."""

from collections.abc import Mapping
from pathlib import Path

from sim.analysis.compare import Comparison
from sim.analysis.diff import Diff
from sim.analysis.register import Hindcast
from sim.scenario.model import ScenarioData
from sim.scenario.reader import scenario_hash
from sim.show.figures.compare import compare_figure
from sim.show.figures.diff import diff_figure
from sim.show.figures.files import Drawing, save
from sim.show.figures.hindcast import hindcast_figure
from sim.show.results import Provenance


def save_figure(
    found: Comparison | Diff | Hindcast,
    scenario: ScenarioData,
    folder: Path,
    *,
    draws: int,
    seed: int,
    values: Mapping[str, str],
    columns: int = 2,
) -> list[Path]:
    """Write the figure of an answer in all formats, with its caption; nothing where there is nothing to show.

    Args:
        found: the answer.
        scenario: the first of two, or the one that is scored.
        folder: made where it is missing.
        draws: behind the answer.
        seed: of the draws.
        values: of --set, as written.
        columns: 1 or 2 columns of a journal.
    """
    if nothing_to_show(found):
        return []
    source = Provenance(scenario.name, scenario_hash(scenario), seed, draws, values)
    name, drawing = _drawn(found, source, columns, scenario.titles())
    return save(drawing.figure, folder, name, drawing.caption, columns=columns)


def nothing_to_show(found: Comparison | Diff | Hindcast) -> str:
    """Why an answer has no figure; empty where it has one."""
    if isinstance(found, Diff):
        return found.reason if found.rows else "the files say the same"
    if isinstance(found, Hindcast) and not found.rows:
        return "no item is resolved yet"
    return ""


def _drawn(
    found: Comparison | Diff | Hindcast, source: Provenance, columns: int, titles: Mapping[str, str]
) -> tuple[str, Drawing]:
    if isinstance(found, Comparison):
        return "compare", compare_figure(found, source, columns, titles=titles)
    if isinstance(found, Diff):
        return "diff", diff_figure(found, source, columns, titles=titles)
    return "hindcast", hindcast_figure(found, source, columns, titles=titles)
