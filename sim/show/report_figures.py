"""The figures of the analyses, drawn from answers that are there already."""

from sim.show.analysis_figures import FIGURES, missing, source
from sim.show.figures.files import Drawing
from sim.show.figures.sensitivity_indices import sensitivity_indices_figure
from sim.show.inquiry import Inquiry
from sim.show.pieces import Job

INDICES = "sensitivity-indices"  # `sensitivity` is the figure of single numbers


def drawings(job: Job, inquiry: Inquiry) -> dict[str, Drawing]:
    """By name; what was not asked, or has nothing to show, is left out."""
    found = {name: inquiry.answer(name) for name in inquiry.asked if name in FIGURES and not missing(name, job)}
    if inquiry.thresholds is not None and "thresholds" in found:
        found["thresholds"] = inquiry.thresholds.rows  # the figure is of central values
    drawn = {name: FIGURES[name].draw(own, job) for name, own in found.items() if not FIGURES[name].empty(own)}
    variance = inquiry.sensitivity
    if variance is not None and variance.ranked:
        titles = job.scenario.titles()
        drawn[INDICES] = sensitivity_indices_figure(variance, source(job), job.columns, titles=titles)
    return drawn
