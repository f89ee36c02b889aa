"""The figure of Sobol' indices: what it draws, and that nothing waits for it that does not name it."""

import re
from dataclasses import replace
from itertools import combinations

import pytest
from matplotlib.text import Text

from sim.analysis.sobol_indices import Index, Part, Sensitivity, SensitivityRow
from sim.scenario.reader import read_scenario
from sim.show.chosen_figures import draw_chosen, names_of_figures
from sim.show.figures.draw import plan
from sim.show.figures.files import Drawing
from sim.show.figures.sensitivity_indices import chosen_panels, sensitivity_indices_figure
from sim.show.figures.style import WIDTH, in_paper_style
from sim.show.pieces import NAMED_ONLY, NOTHING, Job, Pieces
from sim.solvers.concepts import Request
from tests.show import made_results as made

TITLES = {"RU": "Russia", "NK": "North Korea"}
PAIR = ("strategic_risk_as_it_is_seen", "RU.displeasure_of_the_neighbour")
NAMES = [PAIR, *((f"number_{k}",) for k in range(14)), ("idle",)]


def indices(scale: float, *, turned: bool = False) -> tuple[Index, ...]:
    """Greatest total first; the last is idle. Turned: the pair, first else, comes third."""
    own = []
    for k, names in enumerate(NAMES):
        total = scale * 0.8 / (k + 1) if names != ("idle",) else 0.0
        if turned and names == PAIR:
            total = scale * 0.3
        own.append(Index(names, Part(total / 4, 0.01), Part(total, 0.02)))
    return tuple(sorted(own, key=lambda one: -one.total.value))


def made_sensitivity() -> Sensitivity:
    rows = []
    for event in made.EVENTS:
        rows.append(SensitivityRow("pure-nash", None, event, "always", 0.0, None, ()))
        rows.append(SensitivityRow("pure-nash", None, event, "possible", 0.6, Part(0.4, 0.1), indices(0.9)))
        if event == "technology":
            rows += [SensitivityRow("strong-2", None, event, end, 0.001, None, ()) for end in ("always", "possible")]
        elif event == "trip":
            same = (0.5, Part(0.3, 0.1), indices(1.0))
            rows += [SensitivityRow("strong-2", None, event, end, *same) for end in ("always", "possible")]
        else:
            rows.append(SensitivityRow("strong-2", None, event, "always", 0.4, Part(0.3, 0.1), indices(0.5)))
            possible = indices(1.0, turned=True)
            rows.append(SensitivityRow("strong-2", None, event, "possible", 0.5, Part(0.4, 0.1), possible))
    return Sensitivity("barter", 16_384, 7, tuple(NAMES), tuple(rows))


@pytest.fixture(scope="module", params=[1, 2])
def drawn(request: pytest.FixtureRequest) -> tuple[int, Drawing]:
    columns = request.param
    drawing = sensitivity_indices_figure(made_sensitivity(), made.FROM, columns, titles=TITLES)
    drawing.figure.set_dpi(300)
    in_paper_style(drawing.figure.draw_without_rendering)()
    return columns, drawing


def texts(drawing: Drawing) -> list[Text]:
    found = drawing.figure.findobj(lambda one: isinstance(one, Text))
    return [one for one in found if isinstance(one, Text) and one.get_visible() and one.get_text().strip()]


def test_no_text_lies_over_another_leaves_the_paper_or_is_too_small(drawn) -> None:
    columns, drawing = drawn
    boxes = [(one.get_text(), in_paper_style(one.get_window_extent)()) for one in texts(drawing)]
    page = drawing.figure.bbox
    assert [text for text, box in boxes if box.x0 < 0 or box.y0 < 0 or box.x1 > page.x1 or box.y1 > page.y1] == []
    over = [
        (one, other)
        for (one, a), (other, b) in combinations(boxes, 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > 1.5 and min(a.y1, b.y1) - max(a.y0, b.y0) > 1.5
    ]
    assert over == []
    assert min(one.get_fontsize() for one in texts(drawing)) >= 6.5
    assert drawing.figure.get_figwidth() == WIDTH[columns]
    assert drawing.figure.get_figheight() < 9.3


def test_rings_and_dots_stand_at_the_indices(drawn) -> None:
    _, drawing = drawn
    marks = drawing.figure.findobj(lambda one: str(one.get_gid()).startswith("index.deal."))
    places = {str(one.get_gid()): float(one.get_xdata()[0]) for one in marks}
    label = " + ".join(PAIR)
    assert places[f"index.deal.{label}.always.total"] == pytest.approx(0.4)
    assert places[f"index.deal.{label}.always.first"] == pytest.approx(0.1)
    assert places[f"index.deal.{label}.possible.total"] == pytest.approx(0.3)
    assert places["index.deal.number_0.possible.total"] == pytest.approx(0.4)
    assert not any("idle" in name for name in places)


def test_each_event_has_the_row_of_pairs_or_the_first_that_can_be_ranked() -> None:
    panels = chosen_panels(made_sensitivity(), 5)
    assert [panel.ends[0].event for panel in panels] == list(made.EVENTS)
    rows = {panel.ends[0].event: (panel.ends[0].row, len(panel.ends)) for panel in panels}
    assert rows["deal"] == ("strong-2", 2)
    assert rows["trip"] == ("strong-2", 1)  # both ends are the same draws
    assert rows["technology"] == ("pure-nash", 1)
    assert panels[0].groups[:2] == (PAIR, ("number_0",))  # by the greater of both ends; equals in the order found
    assert len(panels[0].groups) == 5


def test_a_group_whose_interval_reaches_0_is_not_shown() -> None:
    wide = tuple(replace(one, total=Part(one.total.value, 0.3)) for one in indices(1.0))
    row = SensitivityRow("strong-2", None, "deal", "always", 0.5, Part(0.4, 0.1), wide)
    panels = chosen_panels(replace(made_sensitivity(), rows=(row,)), 12)
    assert panels[0].groups == (PAIR, ("number_0",))  # 0.8 and 0.4


def test_the_title_and_the_caption_say_what_is_shown(drawn) -> None:
    _, drawing = drawn
    title = drawing.caption.splitlines()[0]
    assert "strategic risk as it is seen and Russia's weight on displeasure of the neighbour" in title
    assert "N = 16,384 draws." in drawing.caption
    assert f"{16_384 * (len(NAMES) + 2):,} parameter sets were solved" in drawing.caption
    rare = re.search(r"^Too rare to rank.*$", drawing.caption, re.MULTILINE)
    assert rare is not None
    assert "technology (always, pure-nash)" in rare[0]
    assert "deal" not in rare[0]  # its pure-nash row is not shown
    assert "probability" not in drawing.caption


def test_it_is_drawn_where_it_is_named_alone(tmp_path) -> None:
    results = made.results_in(tmp_path)
    assert "sensitivity-indices" not in plan(results)
    assert "sensitivity-indices" in names_of_figures(results.scenario)
    assert set(NAMED_ONLY) <= NOTHING.keys()
    named = replace(results, variance=made_sensitivity())
    draw, missing = plan(named)["sensitivity-indices"]
    assert missing == ""
    assert "16,384" in draw(named, 2).caption
    rare = replace(made_sensitivity(), rows=made_sensitivity().rows[:1])
    assert plan(replace(results, variance=rare))["sensitivity-indices"][1] == "no event that could be ranked"


def test_a_run_computes_no_indices_and_who_names_the_figure_gets_them(root, tmp_path, monkeypatch) -> None:
    def must_not_run(*_: object, **__: object) -> None:
        raise AssertionError("a run waits for indices that it does not show")

    def silent(name: str):
        return lambda done, in_all: None

    scenario = read_scenario(root / "scenarios" / "vladivostok-2023.toml")
    job = Job(scenario, "vladivostok-2023", {}, (Request("strong-2"),), ("deal",), 64, 1, tmp_path, 2)
    paths = draw_chosen(job, tmp_path / "figures", ["sensitivity-indices"], progress=silent)
    assert {path.name for path in paths} >= {"sensitivity-indices.pdf", "sensitivity-indices.caption.txt"}
    monkeypatch.setattr("sim.analysis.sobol_indices.sensitivity", must_not_run)
    for name in NOTHING:
        if name not in NAMED_ONLY:
            monkeypatch.setattr(Pieces, name, NOTHING[name])
    assert Pieces(job, silent).results().variance is None
