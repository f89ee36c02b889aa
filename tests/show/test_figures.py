"""Figures: what is drawn is what was computed, nothing lies over another, and the same run gives the same bytes."""

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest
from matplotlib import rcParams
from matplotlib.artist import Artist
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from PIL import Image

from sim.game.game import Game
from sim.scenario.reader import read_scenario
from sim.show.chosen_figures import NEEDS, OF_THRESHOLD, names_of_figures
from sim.show.figures.bimatrix import best_responses, decimals, levels, pure_cells
from sim.show.figures.convergence import contrasting, spread
from sim.show.figures.draw import LIST, draw_all, plan
from sim.show.figures.files import Drawing, save
from sim.show.figures.payoff_matrices import payoff_matrices
from sim.show.figures.regime_map import TINTS, regime_map_figure, region_spot
from sim.show.figures.sensitivity import chosen_rows, sensitivity_figure, top_effects
from sim.show.figures.shares_by_concept import shares_by_concept
from sim.show.figures.style import LOOKS, STACK, WIDTH, in_paper_style, text_width, wrapped
from sim.show.figures.threshold import contrasting_rows, label_spot, moved_event
from sim.show.figures.words import percent
from sim.show.pieces import NOTHING
from sim.show.results import RunResults
from sim.sweeps.status import STATUSES
from tests.show import made_results as made

NAMES = [
    "payoff-matrices",
    "incentives",
    "shares-by-concept",
    "sensitivity",
    "threshold-strategic_risk",
    "regime-map",
    "convergence",
]
BOTH_WIDTHS = [(name, columns) for name in NAMES for columns in (1, 2)]
TITLES = {"RU": "Russia", "NK": "North Korea", "US": "United States"}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> RunResults:
    return made.results_in(tmp_path_factory.mktemp("scenario"))


@pytest.fixture(scope="module")
def drawings(results: RunResults) -> dict[tuple[str, int], Drawing]:
    planned = plan(results)
    found = {(name, columns): planned[name][0](results, columns) for name, columns in BOTH_WIDTHS}
    for drawing in found.values():
        drawing.figure.set_dpi(300)  # as in print: at fewer dots letters stand on whole pixels, and lines grow longer
        in_paper_style(drawing.figure.draw_without_rendering)()  # axes place their labels only then
    return found


@pytest.fixture(scope="module")
def elsewhere(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple["subprocess.Popen[bytes]", Path]]:
    """Another process that draws the same results, at work while this one does."""
    folder = tmp_path_factory.mktemp("elsewhere")
    code = (
        "import sys; from pathlib import Path; from tests.show.made_results import results_in;"
        "from sim.show.figures.draw import draw_all; out = Path(sys.argv[1]); draw_all(results_in(out), out / 'f', 2)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(folder)], cwd=root) as process:
        yield process, folder / "f"
        process.kill()


@pytest.fixture(scope="module")
def saved(elsewhere, results: RunResults, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Path]]:
    folder = tmp_path_factory.mktemp("figures") / "made" / "here"
    return folder, draw_all(results, folder, 2)


def texts(drawing: Drawing) -> list[Text]:
    found = drawing.figure.findobj(lambda one: isinstance(one, Text))
    return [one for one in found if isinstance(one, Text) and one.get_visible() and one.get_text().strip()]


def with_gid(drawing: Drawing, start: str) -> dict[str, Artist]:
    found = drawing.figure.findobj(lambda one: str(one.get_gid()).startswith(start))
    return {str(one.get_gid()): one for one in found}


def luminance(color: str) -> float:
    red, green, blue = to_rgb(color)
    return 0.299 * red + 0.587 * green + 0.114 * blue


# ---- every figure, both widths


@pytest.mark.parametrize(("name", "columns"), BOTH_WIDTHS)
def test_no_text_lies_over_another_or_leaves_the_paper(name, columns, drawings) -> None:
    drawing = drawings[name, columns]
    boxes = [(one.get_text(), in_paper_style(one.get_window_extent)()) for one in texts(drawing)]
    assert len(boxes) > 5
    page = drawing.figure.bbox
    assert [text for text, box in boxes if box.x0 < 0 or box.y0 < 0 or box.x1 > page.x1 or box.y1 > page.y1] == []
    slack = 1.5  # pixels of 300 to the inch
    over = [
        (one, other)
        for (one, a), (other, b) in combinations(boxes, 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > slack and min(a.y1, b.y1) - max(a.y0, b.y0) > slack
    ]
    assert over == []


@pytest.mark.parametrize(("name", "columns"), BOTH_WIDTHS)
def test_no_text_is_smaller_than_six_and_a_half_points(name, columns, drawings) -> None:
    drawing = drawings[name, columns]
    assert drawing.figure.get_figwidth() == WIDTH[columns] == {1: 3.5, 2: 7.2}[columns]
    assert drawing.figure.get_figheight() < 9.3  # a journal's page
    assert min(one.get_fontsize() for one in texts(drawing)) >= 6.5


@pytest.mark.parametrize("name", NAMES)
def test_the_caption_says_what_a_reader_needs(name, drawings) -> None:
    caption = drawings[name, 2].caption
    title = " ".join(
        one.get_text() for one in texts(drawings[name, 2]) if one.get_weight() == "bold" and one.get_fontsize() == 9
    )
    assert caption.startswith(title)
    assert "Scenario barter, hash abc123; seed 7, 10,000 draws in the run." in caption
    assert re.search(r"^Units: .*points|share", caption, re.MULTILINE)
    if name in ("payoff-matrices", "regime-map"):
        assert "N = 1: every uncertain number at its central value" in caption
    else:
        assert re.search(
            r"^N = [\d,]+ draws\. All shares are shares of sampled parameter sets\.$", caption, re.MULTILINE
        )
        assert re.search(
            r"^Sampling error of [\d,]+ draws only: it says nothing about the ranges being right", caption, re.M
        )
    assert name == "incentives" or "strong-2" in caption or name == "payoff-matrices" or "subgame-perfect." in caption
    assert "probability" not in caption


# ---- files


def test_each_figure_is_three_files_and_a_caption(saved) -> None:
    folder, paths = saved
    kinds = ("pdf", "svg", "png", "caption.txt")
    assert [path.name for path in paths] == [*(f"{name}.{kind}" for name in NAMES for kind in kinds), LIST]
    assert sorted(path.name for path in folder.iterdir()) == sorted(path.name for path in paths)  # no temporary file
    with Image.open(folder / "incentives.png") as image:
        assert image.size[0] == 2160  # 7.2 in at 300 dpi


def test_another_process_draws_the_same_bytes(saved, elsewhere) -> None:
    process, folder = elsewhere
    assert process.wait() == 0
    for path in saved[1]:
        assert (folder / path.name).read_bytes() == path.read_bytes(), path.name


def test_no_date_and_no_doubled_id_stands_in_a_file(saved) -> None:
    folder, _ = saved
    assert not any(re.search(rb"/(CreationDate|ModDate)", path.read_bytes()) for path in folder.glob("*.pdf"))
    ids: list[str] = []
    for name in NAMES:
        svg = (folder / f"{name}.svg").read_text()
        assert "<dc:date>" not in svg
        own = re.findall(r'\bid="([^"]+)"', svg)
        used = re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', svg)
        assert {one or other for one, other in used} <= set(own)
        ids += own
    assert len(ids) == len(set(ids))  # so that all figures fit one page


def test_the_list_names_what_is_left_out_and_why(results, tmp_path) -> None:
    nothing = replace(
        results,
        headline=None,
        incentives=None,
        slices=(),
        effects=(),
        thresholds=(),
        curve=None,
        regime_map=None,
        convergence=None,
    )
    assert [path.name for path in draw_all(nothing, tmp_path, 1)] == [LIST]
    lines = (tmp_path / LIST).read_text().splitlines()
    assert [line.partition(": ")[0] for line in lines] == [name.removesuffix("-strategic_risk") for name in NAMES]
    assert all("left out, " in line for line in lines)
    some = replace(nothing, slices=results.slices)
    assert "payoff-matrices.pdf" in [path.name for path in draw_all(some, tmp_path, 1)]


def test_a_figure_of_another_width_is_refused(drawings, tmp_path) -> None:
    with pytest.raises(ValueError, match=r"3\.5 in wide; 2 columns are 7\.2"):
        save(drawings["incentives", 1].figure, tmp_path, "x", "text", columns=2)
    assert list(tmp_path.iterdir()) == []


def test_drawing_leaves_the_settings_of_the_process_alone(results) -> None:
    before = dict(rcParams)
    shares_by_concept(results.headline, results.provenance, 1)
    assert dict(rcParams) == before


def test_figures_never_load_pyplot(root) -> None:
    code = "import sim.show.figures.draw, sys; print('matplotlib.pyplot' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True).stdout
    assert said.strip() == "False"


# ---- looks


def test_any_two_statuses_differ_in_grey() -> None:
    assert set(LOOKS) == set(STACK) == set(STATUSES)
    for one, other in combinations(LOOKS.values(), 2):
        apart = abs(luminance(one.face) - luminance(other.face))
        assert apart > 0.12 or one.hatch != other.hatch
        assert apart > 0.05 or (one.hatch and other.hatch) or one.hatch != other.hatch
    for look in LOOKS.values():
        assert abs(luminance(look.face) - luminance(look.text)) > 0.4


def test_lines_are_broken_within_their_width() -> None:
    text = "one two three four five six seven eight nine ten"
    lines = wrapped(text, 0.8, 7)
    assert " ".join(lines) == text
    assert len(lines) > 3
    assert max(text_width(line, 7) for line in lines) <= 0.8
    assert wrapped("indivisible", 0.1, 7) == ["indivisible"]


@pytest.mark.parametrize(
    ("share", "said"), [(0, "0%"), (0.001, "<1%"), (0.5, "50%"), (0.999, ">99%"), (1, "100%"), (0.006, "1%")]
)
def test_nothing_and_everything_are_said_only_where_exact(share, said) -> None:
    assert percent(share) == said


# ---- shares by concept


def test_bars_are_as_long_as_the_shares(results, drawings) -> None:
    bars = with_gid(drawings["shares-by-concept", 2], "bar.")
    for row in results.headline.rows:
        left = 0.0
        for status in STACK:
            share = row.share.share(status)
            bar = bars.pop(f"bar.{row.share.event}.{row.share.row}.{status}", None)
            assert (bar is None) == (share == 0)
            if isinstance(bar, Rectangle):
                assert bar.get_width() == pytest.approx(share)
                assert bar.get_x() == pytest.approx(left)
            left += share
            if status == "always":
                assert left == pytest.approx(row.share.lower)
            if status == "unsolved":
                assert left == pytest.approx(row.share.upper)
    assert bars == {}


def test_the_title_of_the_shares_follows_the_table(results) -> None:
    def told(*counts: tuple[int, ...]) -> str:
        rows = [
            replace(results.headline.rows[0], share=made.share(*row, "deal", own))
            for row, own in zip([("pure-nash", None), ("subgame-perfect", "north_korea_proposes")], counts, strict=True)
        ]
        return shares_by_concept(replace(results.headline, rows=tuple(rows)), made.FROM, 2, titles=TITLES).caption

    apart = told((0, 50, 50, 0, 0, 0), (78, 0, 22, 0, 0, 0))
    assert apart.startswith(
        "Deal: always in 0% (pure Nash) to 78% (North Korea proposes) of 10,000 sampled parameter sets."
    )
    assert told((99, 1, 0, 0, 0, 0), (99, 0, 1, 0, 0, 0)).startswith("Deal: always in 99% of 10,000 sampled")


# ---- payoff matrices


def test_stars_are_best_replies_by_exact_payoffs() -> None:
    tiny = np.array([[[1.0, 2.0], [1.0 + 2**-50, 2.0]], [[0.0, 0.0], [1.0, 0.5]]])
    stars = best_responses(Game.from_arrays(*tiny))
    assert stars.tolist() == [[[False, True], [True, True]], [[True, True], [True, False]]]


def test_every_cell_shows_both_payoffs_with_its_stars(results) -> None:
    for result in results.slices:
        drawing = payoff_matrices([result], made.FROM, 2, titles=TITLES)
        shown = [
            text for text in (one.get_text() for one in texts(drawing)) if re.fullmatch(r"[−\d.]+\*?, [−\d.]+\*?", text)
        ]
        row, column = result.game.payoffs
        stars = [
            "*" * int(row[r, c] == row[:, c].max()) + "/" + "*" * int(column[r, c] == column[r].max())
            for r, c in np.ndindex(row.shape)
        ]
        assert sorted("/".join("*" * part.count("*") for part in text.split(", ")) for text in shown) == sorted(stars)
        values = sorted(round(float(text.split(", ")[0].strip("*").replace("−", "-")), 1) for text in shown)
        assert values == pytest.approx(sorted(row.ravel().tolist()), abs=0.051)


def test_boxes_stand_on_pure_equilibria_alone(results) -> None:
    bargain, pennies, stag = results.slices
    assert pure_cells(stag) == {(0, 0): False, (1, 1): False}
    assert pure_cells(pennies) == {}
    stars = best_responses(bargain.game).all(axis=0)
    assert set(pure_cells(bargain)) == {tuple(cell) for cell in np.argwhere(stars).tolist()}
    said = " ".join(one.get_text() for one in texts(payoff_matrices([pennies], made.FROM, 2, titles=TITLES)))
    assert "mixed: North Korea 1/2 stay + 1/2 go; United States 1/2 silent + 1/2 disclose" in said


def test_labels_are_split_by_move_only_where_all_have_the_same() -> None:
    assert levels(["a=x b=y", "a=x b=z"]) == (["a", "b"], [["x", "y"], ["x", "z"]])
    assert levels(["stay at home", "go"]) == ([], [["stay at home"], ["go"]])


def test_decimals_fit_the_size_of_the_payoffs() -> None:
    assert decimals(np.array([[3.0, -12.0]])) == [["3", "−12"]]
    assert decimals(np.array([[3.04, -12.0]])) == [["3.0", "−12.0"]]
    assert decimals(np.array([[-0.001, 1.5]])) == [["0.00", "1.50"]]
    assert decimals(np.array([[1.5e-5, 2e-7]])) == [["1.5e−05", "2e−07"]]


# ---- sensitivity, threshold, regime map, convergence


def test_dumbbells_run_from_the_low_third_to_the_high_third(results, drawings) -> None:
    lines = with_gid(drawings["sensitivity", 2], "dumbbell.")
    keys = chosen_rows(results.effects)
    assert [event for _, event in keys] == list(made.EVENTS)
    for row, event in keys:
        for one in top_effects(results.effects, (row, event), 12):
            line = lines.pop(f"dumbbell.{event}.{row}.{one.parameter}.always")
            assert line.get_xdata() == pytest.approx([one.low, one.high])
            line = lines.pop(f"dumbbell.{event}.{row}.{one.parameter}.upper")
            assert line.get_xdata() == pytest.approx([one.low_upper, one.high_upper])
    assert lines == {}


def test_the_numbers_of_a_panel_are_those_that_change_most_draws(results) -> None:
    key = chosen_rows(results.effects)[0]
    own = [one for one in results.effects if (one.row, one.event) == key]
    chosen = top_effects(results.effects, key, 12)
    assert len(chosen) == 12 < len(own)
    assert min(one.size for one in chosen) >= max(one.size for one in own if one not in chosen)
    still = [replace(one, helps=0.0, hurts=0.0) for one in own]
    assert "none of these numbers (deal)" in sensitivity_figure(still, made.FROM).caption


def test_areas_add_to_all_draws(results, drawings) -> None:
    event = moved_event(results.curve)
    areas = with_gid(drawings["threshold-strategic_risk", 2], "area.")
    for row in contrasting_rows(results.curve, event):
        shares = results.curve.shares[row, event]
        below = np.zeros(len(shares))
        for status in STACK:
            vertices = areas.pop(f"area.{event}.{row}.{status}").get_paths()[0].vertices
            below = below + shares[:, STATUSES.index(status)]
            for x, y in zip(results.curve.grid, below, strict=True):
                assert np.abs(vertices - [x, y]).sum(axis=1).min() < 1e-9
    assert areas == {}


def test_a_name_on_an_area_lies_between_its_edges() -> None:
    grid = np.linspace(0, 10, 11)
    low, high = np.zeros(11), np.where(grid < 5, 0.05, 0.6)  # tall enough on the right alone
    x, y = label_spot(grid, low, high, (2.0, 0.2), avoid=())
    assert x - 1 >= 5
    assert x + 1 <= 10
    assert 0.1 <= y <= 0.5
    x, _ = label_spot(grid, low, high, (2.0, 0.2), avoid=(7.5,))
    assert abs(x - 7.5) > 1
    assert label_spot(grid, low, high, (6.0, 0.2), avoid=()) is None
    assert label_spot(grid, low, high, (2.0, 0.7), avoid=()) is None


def test_the_first_of_the_two_rows_is_moved_most() -> None:
    still, moved = np.tile([0, 0, 1.0, 0, 0, 0], (9, 1)), np.zeros((9, 6))
    moved[:, 0], moved[:, 2] = np.linspace(1, 0, 9), np.linspace(0, 1, 9)
    shares = {
        ("a", "deal"): still,
        ("b", "deal"): moved,
        ("c", "deal"): moved,
        ("a", "trip"): still,
        ("b", "trip"): still,
    }
    curve = replace(made.curve(), shares=shares)
    assert moved_event(curve) == "deal"
    assert contrasting_rows(curve, "deal") == ["b", "a"]
    assert contrasting_rows(replace(curve, shares={("a", "deal"): still}), "deal") == ["a"]


def test_a_regions_label_lies_wholly_inside_it() -> None:
    code = np.zeros((60, 60), dtype=np.int64)
    code[:, 40:] = 1
    size = (3.0, 3.0)
    for region, label in ((0, "deal"), (1, "none")):
        x, y = region_spot(code, region, size, label)
        half = text_width(label, 6.5) / 2 / size[0]
        cells = code[int(y * 60), int((x - half) * 60) : int((x + half) * 60) + 1]
        assert set(cells.tolist()) == {region}
    assert region_spot(code, 1, size, "a very long label that goes on and on without any end at all " * 5) is None


def test_no_label_lies_on_the_central_point(results) -> None:
    regimes = replace(results.regime_map, code=np.zeros_like(results.regime_map.code), labels=("no deal",))
    middle = (41.5, 0.575)
    drawing = regime_map_figure(regimes, made.FROM, 1, central=middle)
    (label,) = [one for one in texts(drawing) if one.get_text() == "no deal"]
    box = label.get_window_extent()
    x, y = drawing.figure.axes[0].transData.transform(middle)
    assert not (box.x0 < x < box.x1 and box.y0 < y < box.y1)


def test_a_region_too_small_for_its_label_stands_in_the_key(drawings) -> None:
    said = [one.get_text() for one in texts(drawings["regime-map", 1])]
    assert any(text.endswith(": deal: technology, in some equilibria trip") for text in said)
    assert any("no deal" in text for text in said)


def test_named_rows_of_a_panel_end_far_apart() -> None:
    ends = {"a": 0.1, "b": 0.11, "c": 0.5, "d": 0.9, "e": 0.52}
    curves = {row: np.full((5, 3), end) for row, end in ends.items()}
    assert contrasting(curves) in (["d", "c", "a"], ["d", "e", "a"])
    assert contrasting({"a": curves["a"], "x": curves["a"]}) == ["a"]


def test_labels_at_the_ends_are_pushed_apart() -> None:
    placed = spread([0.5, 0.51, 0.52, 2.0], 0.1)
    assert min(b - a for a, b in pairwise(placed)) >= 0.1 - 1e-12
    assert placed == pytest.approx([0.41, 0.51, 0.61, 2.0])  # around where they belong
    assert spread([0.1, 0.9], 0.1) == pytest.approx([0.1, 0.9])


# ---- small and bare runs


def test_one_row_one_event_and_one_number_make_figures_too(results) -> None:
    head, map_of_one = results.headline, np.zeros_like(results.regime_map.code)
    small = replace(
        results,
        headline=replace(head, rows=head.rows[:1]),
        incentives=replace(results.incentives, rows=results.incentives.rows[:1]),
        effects=results.effects[:1],
        thresholds=(),
        curve=replace(results.curve, shares=dict([*results.curve.shares.items()][:1])),
        regime_map=replace(results.regime_map, code=map_of_one),
        convergence=replace(results.convergence, rows=dict([*results.convergence.rows.items()][:1])),
    )
    for name, columns in BOTH_WIDTHS:
        drawing = plan(small)[name][0](small, columns)
        assert drawing.caption
        in_paper_style(drawing.figure.draw_without_rendering)()
        boxes = [in_paper_style(one.get_window_extent)() for one in texts(drawing)]
        assert max(box.x1 for box in boxes) <= drawing.figure.bbox.x1
        assert min(box.x0 for box in boxes) >= 0


def test_a_run_without_uncertainty_has_no_convergence(results, tmp_path) -> None:
    path = tmp_path / "barter.toml"
    path.write_text(re.sub(r"value = \{ pert = \[[^]]*\] \}", "value = 9", made.SCENARIO))
    fixed = replace(results, scenario=read_scenario(path))
    assert plan(fixed)["convergence"][1] == "no number is uncertain: every draw is the same"
    assert plan(results)["convergence"][1] == ""


def test_every_figure_says_what_it_waits_for(results) -> None:
    assert {*NEEDS, "threshold-strategic_risk"} == set(plan(results))
    assert set(plan(results)) <= set(names_of_figures(results.scenario))
    for needs in (*NEEDS.values(), OF_THRESHOLD):
        assert set(needs) <= NOTHING.keys()


@pytest.mark.parametrize("name", NAMES)
def test_a_figure_needs_no_result_but_those_that_it_names(name, results) -> None:
    needs = NEEDS.get(name, OF_THRESHOLD)
    alone = replace(results, **{field: empty for field, empty in NOTHING.items() if field not in needs})
    assert plan(alone)[name][1] == ""
    assert plan(alone)[name][0](alone, 2).caption == plan(results)[name][0](results, 2).caption


def test_any_two_regions_differ_in_grey_and_carry_black_text() -> None:
    levels = sorted(np.dot(to_rgb(tint), (0.299, 0.587, 0.114)) for tint in TINTS)
    assert min(np.diff(levels)) > 0.03
    assert levels[0] > 0.5
