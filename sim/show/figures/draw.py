"""All figures of one run, each as files with its caption; what has nothing to show is left out, and the list says"
" why."""

from collections.abc import Callable
from pathlib import Path

from sim.scenario.distributions import central, is_fixed
from sim.show.figures.convergence import convergence_figure
from sim.show.figures.files import Drawing, save
from sim.show.figures.incentives import incentives_figure
from sim.show.figures.payoff_matrices import payoff_matrices
from sim.show.figures.regime_map import regime_map_figure
from sim.show.figures.sensitivity import sensitivity_figure
from sim.show.figures.sensitivity_indices import sensitivity_indices_figure
from sim.show.figures.shares_by_concept import shares_by_concept
from sim.show.figures.style import PAPER, Style
from sim.show.figures.threshold import threshold_figure
from sim.show.results import RunResults
from sim.whole_file import write_whole

LIST = "figures.txt"  # the list, beside the figures

Draw = Callable[[RunResults, int], Drawing]


def draw_all(results: RunResults, folder: Path, columns: int = 2, style: Style = PAPER) -> list[Path]:
    """Write every figure that has something to show, and the list of them with the reasons for those left out.

    Args:
        results: of one run.
        folder: made where it is missing; files of the same names are replaced.
        columns: 1 or 2 columns of a journal.
        style: for paper or for a screen.
    """
    paths: list[Path] = []
    lines: list[str] = []
    for name, (draw, missing) in plan(results).items():
        if missing:
            lines.append(f"{name}: left out, {missing}")
            continue
        drawing = draw(results, columns)
        paths += save(drawing.figure, folder, name, drawing.caption, columns=columns, style=style)
        lines.append(f"{name}: {drawing.caption.splitlines()[0]}")
    return [*paths, write_whole(folder / LIST, "\n".join(lines) + "\n")]


def plan(results: RunResults) -> dict[str, tuple[Draw, str]]:
    """Each figure by name: how it is drawn, and why it is left out (empty where it is drawn).

    What is computed only where it is named has no place in the list of a run that did not.
    """
    curve, headline = results.curve, results.headline
    threshold = "threshold" if curve is None else f"threshold-{curve.parameter}"
    effects = any(one.n > 0 for one in results.effects)
    regions = results.regime_map is not None
    named: dict[str, tuple[Draw, str]] = {}
    if results.variance is not None:
        ranked = results.variance.ranked
        named = {"sensitivity-indices": (_indices, "" if ranked else "no event that could be ranked")}
    return {
        "payoff-matrices": (_matrices, "" if results.slices else "the scenario has no two-player slices"),
        "incentives": (
            _incentives,
            "" if results.incentives and results.incentives.rows else "payoffs are a table, not made of incentives",
        ),
        "shares-by-concept": (_shares, "" if headline and headline.rows else "no event to take shares of"),
        "sensitivity": (_sensitivity, "" if effects else "no uncertain number whose effect could be measured"),
        threshold: (_threshold, "" if curve and curve.shares else "no uncertain number to move through its range"),
        "regime-map": (_regimes, "" if regions else "it takes two uncertain numbers"),
        "convergence": (_convergence, _no_convergence(results)),
        **named,
    }


def _no_convergence(results: RunResults) -> str:
    if all(is_fixed(known) for known in results.scenario.distributions().values()):
        return "no number is uncertain: every draw is the same"
    if results.provenance.draws < 2:
        return "a single draw does not settle"
    return "" if results.convergence and results.convergence.rows else "no event to take shares of"


def _matrices(results: RunResults, columns: int) -> Drawing:
    moves = {player.name: player.moves for player in results.scenario.players}
    titles = results.scenario.titles()
    return payoff_matrices(results.slices, results.provenance, columns, titles=titles, moves=moves)


def _incentives(results: RunResults, columns: int) -> Drawing:
    assert results.incentives is not None  # `plan` has looked
    return incentives_figure(results.incentives, results.provenance, columns, titles=results.scenario.titles())


def _shares(results: RunResults, columns: int) -> Drawing:
    assert results.headline is not None
    return shares_by_concept(results.headline, results.provenance, columns, titles=results.scenario.titles())


def _sensitivity(results: RunResults, columns: int) -> Drawing:
    return sensitivity_figure(results.effects, results.provenance, columns, titles=results.scenario.titles())


def _indices(results: RunResults, columns: int) -> Drawing:
    assert results.variance is not None
    return sensitivity_indices_figure(results.variance, results.provenance, columns, titles=results.scenario.titles())


def _threshold(results: RunResults, columns: int) -> Drawing:
    assert results.curve is not None
    prior = results.scenario.distributions()[results.curve.parameter]
    titles = results.scenario.titles()
    return threshold_figure(results.curve, results.thresholds, prior, results.provenance, columns, titles=titles)


def _regimes(results: RunResults, columns: int) -> Drawing:
    assert results.regime_map is not None
    known = results.scenario.distributions()
    point = (float(central(known[results.regime_map.x])), float(central(known[results.regime_map.y])))
    return regime_map_figure(results.regime_map, results.provenance, columns, central=point)


def _convergence(results: RunResults, columns: int) -> Drawing:
    assert results.convergence is not None
    return convergence_figure(results.convergence, results.provenance, columns, titles=results.scenario.titles())
