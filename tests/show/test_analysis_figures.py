"""Figures of the analyses: what is drawn is what was computed, nothing lies over another, equal bytes every time."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from matplotlib.artist import Artist
from matplotlib.lines import Line2D
from matplotlib.text import Text

from sim.analysis.bounds import events_meant
from sim.analysis.challenge import challenge
from sim.analysis.compare import compare
from sim.analysis.diff import diff
from sim.analysis.register import hindcast, register
from sim.errors import UsageError
from sim.scenario.reader import read_scenario
from sim.scenario.shipped import shipped_scenarios
from sim.show.analysis_figures import FIGURES, drawing, missing, source
from sim.show.chosen_figures import names_of_figures
from sim.show.figures.believe import believe_figure
from sim.show.figures.challenge import challenge_figure
from sim.show.figures.compare import compare_figure
from sim.show.figures.diff import diff_figure
from sim.show.figures.discover import chosen_boxes
from sim.show.figures.files import FORMATS, Drawing, rendered
from sim.show.figures.hindcast import hindcast_figure
from sim.show.figures.placebo import distance
from sim.show.figures.prove import VERDICTS, prove_figure
from sim.show.figures.style import WIDTH, in_paper_style
from sim.show.figures.thresholds import chosen_strips
from sim.show.pieces import Job
from sim.solvers.concepts import Request, default_requests
from tests.show.test_figures import luminance

DRAWS = 300
OF_TWO = ("compare", "diff", "hindcast")
NAMES = (*FIGURES, *OF_TWO)
BOTH_WIDTHS = [(name, columns) for name in NAMES for columns in (1, 2)]
ORDERS = {"cuba-1962": ("washington_first",), "vladivostok-2023": ("russia_proposes",)}

Drawn = Mapping[tuple[str, int], Drawing]


def job_of(name: str, *, draws: int = DRAWS, few: bool = True) -> Job:
    """A job on a shipped scenario, with pairs and one order where there are many rows."""
    (path,) = (path for path in shipped_scenarios() if path.stem == name)
    data = read_scenario(path)
    rows = default_requests(data)
    if few:
        kept = (Request("pure-nash"), Request("strong-2"), *(Request("subgame-perfect", x) for x in ORDERS[name]))
        rows = tuple(row for row in rows if row in kept)
    return Job(data, name, {}, rows, events_meant(data, ()), draws, 1, Path(), 2)


def quiet(name: str) -> Callable[[int, int], None]:
    return lambda done, total: None


@pytest.fixture(scope="module")
def job() -> Job:
    return job_of("cuba-1962")


@pytest.fixture(scope="module")
def found(job: Job, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The answer of every analysis to the same scenario."""
    answers = {name: one.compute(job, quiet) for name, one in FIGURES.items()}
    text = Path(job.scenario.path).read_text()
    changed = tmp_path_factory.mktemp("edited") / "calmer.toml"
    claims = Path(job.scenario.path).parent
    changed.write_text(
        re.sub(r'claims = "([^"]+)"', lambda own: f'claims = "{(claims / own[1]).as_posix()}"', text).replace(
            'name = "cuba-1962"', 'name = "calmer"', 1
        )
    )
    other = with_one_edit(changed)
    asked: dict[str, Any] = {"requests": job.requests, "events": job.events, "draws": DRAWS, "seed": 1}
    answers["compare"] = compare(job.scenario, other, **asked)
    answers["diff"] = diff(job.scenario, other, **asked)
    request = Request("strong-2")
    when = date(2020, 1, 1)
    record = register(job.scenario, request=request, events=job.events, registered=when, draws=DRAWS, seed=1)
    outcomes = {event: event in ("withdrawn", "pledged") for event in job.events[:4]}
    answers["hindcast"] = hindcast(job.scenario, record.to_dict(), outcomes)
    return answers


def with_one_edit(path: Path) -> Any:
    """The scenario with two weights fixed: edits that move something."""
    text = path.read_text()
    for line in ("blood = { weight = { pert = [-30, -15, -5] }", "retreat = { weight = { pert = [-60, -35, -15] }"):
        assert line in text
        text = text.replace(line, line.partition("{")[0] + "{ weight = -5")
    text = text.replace('of = ["answer", "SU.retreat"]', 'of = ["answer", "SU.loss"]')
    path.write_text(text)
    return read_scenario(path)


def draw(name: str, answers: Mapping[str, Any], job: Job) -> Drawing:
    if name in FIGURES:
        return FIGURES[name].draw(answers[name], job)
    figure = {"compare": compare_figure, "diff": diff_figure, "hindcast": hindcast_figure}[name]
    return figure(answers[name], source(job), job.columns, titles=job.scenario.titles())  # type: ignore[operator]


@pytest.fixture(scope="module")
def drawings(found: dict[str, Any], job: Job) -> Drawn:
    drawn = {(name, columns): draw(name, found, replace(job, columns=columns)) for name, columns in BOTH_WIDTHS}
    for one in drawn.values():
        one.figure.set_dpi(300)
        in_paper_style(one.figure.draw_without_rendering)()
    return drawn


def texts(drawn: Drawing) -> list[Text]:
    all_texts = drawn.figure.findobj(lambda one: isinstance(one, Text))
    return [one for one in all_texts if isinstance(one, Text) and one.get_visible() and one.get_text().strip()]


def with_gid(drawn: Drawing, start: str) -> dict[str, Artist]:
    own = drawn.figure.findobj(lambda one: str(one.get_gid()).startswith(start))
    return {str(one.get_gid()): one for one in own}


def troubles(drawn: Drawing) -> list[object]:
    """Texts that leave the paper, are too small, or lie over another."""
    boxes = [(one.get_text(), in_paper_style(one.get_window_extent)()) for one in texts(drawn)]
    page = drawn.figure.bbox
    out: list[object] = [t for t, b in boxes if b.x0 < 0 or b.y0 < 0 or b.x1 > page.x1 or b.y1 > page.y1]
    slack = 1.5  # pixels of 300 to the inch
    out += [
        (one, other)
        for (one, a), (other, b) in combinations(boxes, 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > slack and min(a.y1, b.y1) - max(a.y0, b.y0) > slack
    ]
    return out + [one.get_text() for one in texts(drawn) if one.get_fontsize() < 6.5]


# ---- every figure, both widths


@pytest.mark.parametrize(("name", "columns"), BOTH_WIDTHS)
def test_no_text_of_an_analysis_lies_over_another_leaves_the_paper_or_is_too_small(name, columns, drawings) -> None:
    drawn = drawings[name, columns]
    assert len(texts(drawn)) > 5
    assert troubles(drawn) == []
    assert drawn.figure.get_figwidth() == WIDTH[columns]
    assert drawn.figure.get_figheight() < 9.3


@pytest.mark.parametrize("name", NAMES)
def test_the_caption_of_an_analysis_says_title_units_n_and_seed(name, drawings) -> None:
    drawn = drawings[name, 2]
    title = " ".join(one.get_text() for one in texts(drawn) if one.get_weight() == "bold" and one.get_fontsize() == 9)
    assert drawn.caption.startswith(title)
    assert re.search(r"^Units: \S.*\.$", drawn.caption, re.MULTILINE)
    assert re.search(r"^N = [\d,]+", drawn.caption, re.MULTILINE)
    assert re.search(r"^Scenario cuba-1962, hash \w+; seed 1, 300 draws in the run\.$", drawn.caption, re.MULTILINE)
    assert "strong-2" in drawn.caption
    assert "probability" not in drawn.caption
    assert "likely" not in drawn.caption


@pytest.mark.parametrize("name", NAMES)
def test_an_analysis_is_drawn_with_the_same_bytes_again(name, found, job) -> None:
    twice = [draw(name, found, job) for _ in range(2)]
    kinds = FORMATS if name == "structure" else ("svg",)
    for kind in kinds:
        assert rendered(twice[0].figure, kind, name) == rendered(twice[1].figure, kind, name)
    assert twice[0].caption == twice[1].caption


def test_each_analysis_has_a_figure_of_its_commands_name(job) -> None:
    assert set(FIGURES) <= set(names_of_figures(job.scenario))


# ---- what is drawn is what was computed


def test_ranges_of_the_placebos_run_from_lower_to_upper(found, drawings) -> None:
    for kind in ("share", "shuffled", "coin"):
        lines = with_gid(drawings["placebo", 2], f"{kind}.")
        for row in found["placebo"].rows:
            own = getattr(row, kind)
            line = lines.pop(f"{kind}.{own.event}.{own.row}")
            assert isinstance(line, Line2D)
            assert list(line.get_xdata()) == pytest.approx([own.lower, own.upper])
        assert lines == {}
    assert max(found["placebo"].rows, key=distance).share.event.replace("_", " ") in drawings["placebo", 2].caption


def test_payoffs_of_actions_run_from_the_5th_to_the_95th_percentile(found, drawings) -> None:
    lines = with_gid(drawings["policy", 2], "lower.")
    assert lines
    for row in found["policy"].rows:
        line = lines.get(f"lower.{row.row}.{row.label}")  # rows that say the same share a panel
        if isinstance(line, Line2D):
            assert list(line.get_xdata()) == pytest.approx([row.lower.payoff[0], row.lower.payoff[2]])


def test_every_verdict_has_its_cell_and_its_letter(found, drawings) -> None:
    cells = with_gid(drawings["prove", 1], "verdict.")
    for one in found["prove"]:
        for row in one.rows:
            cells.pop(f"verdict.{one.event}.{row.row}.{row.verdict}")
    assert cells == {}
    letters = [one.get_text() for one in texts(drawings["prove", 1]) if one.get_text() in ("N", "P", "I", "?")]
    said = [VERDICTS[row.verdict][0] for one in found["prove"] for row in one.rows]
    assert sorted(letters) == sorted(said)


def test_verdicts_differ_in_grey_or_hatch() -> None:
    for (_, one), (_, other) in combinations(VERDICTS.values(), 2):
        assert abs(luminance(one.face) - luminance(other.face)) > 0.1 or one.hatch != other.hatch


def test_bars_of_beliefs_are_as_long_as_their_distances(found, drawings) -> None:
    bars = with_gid(drawings["believe", 2], "bar.")
    far = [row for one in found["believe"] for row in one.rows if row.answer == "found"]
    assert far
    for row in far:
        bar = bars.get(f"bar.{row.event}.{row.row}.{row.end}")
        if bar is not None:  # else it is that of the other end, which says the same
            assert bar.get_width() == pytest.approx(row.distance)  # type: ignore[attr-defined]


def test_arrows_of_claims_run_from_before_to_after(found, drawings) -> None:
    lines = with_gid(drawings["challenge", 2], "claim.")
    alive = [row for row in found["challenge"].rows if not row.idle]
    assert len(lines) == min(len(alive), 20)
    for row in alive[:20]:
        (name,) = (gid for gid in lines if gid.startswith(f"claim.{row.claim}.drop."))
        end = "lower" if name.endswith(".always") else "upper"
        own = row.greatest
        line = lines[name]
        assert isinstance(line, Line2D)
        assert list(line.get_xdata()) == pytest.approx([getattr(own.before, end), getattr(own.after, end)])
        moved = [abs(getattr(own.after, one) - getattr(own.before, one)) for one in ("lower", "upper")]
        assert abs(line.get_xdata()[1] - line.get_xdata()[0]) == pytest.approx(max(moved))  # type: ignore[index]


def test_the_curve_of_structures_rises_and_holds_every_share(found, drawings) -> None:
    for event in dict.fromkeys(one.event for one in found["structure"].specifications):
        dots: dict[float, float] = {}
        for line in with_gid(drawings["structure", 2], f"curve.{event}.").values():
            assert isinstance(line, Line2D)
            dots |= dict(zip(line.get_xdata(), line.get_ydata(), strict=True))  # type: ignore[arg-type]
        heights = [dots[x] for x in sorted(dots)]
        own = [one.share for one in found["structure"].specifications if one.event == event]
        assert heights == pytest.approx(sorted(own))


def test_strips_of_thresholds_cover_the_range_in_order(found, drawings, job) -> None:
    central = dict.fromkeys(job.scenario.distributions(), 0.0)
    strips = with_gid(drawings["thresholds", 2], "strip.")
    chosen = chosen_strips(found["thresholds"], central)
    assert strips
    for gid, box in strips.items():
        _, event, rest = gid.split(".", 2)
        own = next(one for one in chosen[event] if rest.startswith(f"{one.parameter}."))
        scale = own.pieces[-1].stop - own.pieces[0].start
        piece = next(one for one in own.pieces if rest == f"{own.parameter}.{one.start!r}")
        assert box.get_width() == pytest.approx((piece.stop - piece.start) / scale)  # type: ignore[attr-defined]


def test_boxes_shown_are_the_densest_gain_of_their_event(found) -> None:
    for one in chosen_boxes(found["discover"]):
        gains = [row.density - row.share for row in found["discover"].rows if row.event == one.event and row.rules]
        assert one.density - one.share == max(gains)


def test_bars_of_worth_are_as_long_as_the_values(found, drawings) -> None:
    bars = with_gid(drawings["learn", 2], "worth.")
    assert bars
    for row in found["learn"].rows:
        bar = bars.get(f"worth.{row.concept if row.order is None else f'{row.concept}.{row.order}'}..{row.label}")
        if bar is not None and row.end == "lower":
            assert bar.get_width() == pytest.approx(row.value)  # type: ignore[attr-defined]


def test_compared_shares_run_from_the_first_to_the_second(found, drawings) -> None:
    lines = with_gid(drawings["compare", 2], "compared.")
    for row in found["compare"].rows:
        line = lines.pop(f"compared.{row.event}.{row.first.row}.always")
        assert isinstance(line, Line2D)
        assert list(line.get_xdata()) == pytest.approx([row.first.lower, row.second.lower])
        lines.pop(f"compared.{row.event}.{row.first.row}.possible", None)
    assert lines == {}


def test_edits_stand_under_what_all_do_together(found, drawings) -> None:
    lines = with_gid(drawings["diff", 2], "edit.")
    assert next(iter(lines)).startswith("edit.all edits together.")
    alive = [row for row in found["diff"].rows if row.size > 0]
    assert len(lines) == 1 + len(alive) > 1


def test_scores_are_the_squared_errors_at_both_ends(found, drawings) -> None:
    bars = with_gid(drawings["hindcast", 1], "brier.")
    for row in found["hindcast"].rows:
        bar = bars.pop(f"brier.{row.event}.{row.end}")
        assert bar.get_width() == pytest.approx((row.share - row.outcome) ** 2)  # type: ignore[attr-defined]
    assert set(bars) == {"brier.mean.lower", "brier.mean.upper"}
    assert "A look back" in drawings["hindcast", 1].caption


def test_divided_claims_are_drawn_beside_the_dropped_ones(job) -> None:
    asked: dict[str, Any] = {"requests": job.requests[:1], "events": job.events[:2], "draws": 100, "seed": 1}
    found = challenge(job.scenario, **asked, shapley=True)
    for columns in (1, 2):
        drawn = challenge_figure(found, source(job), columns, titles=job.scenario.titles())
        drawn.figure.set_dpi(300)
        in_paper_style(drawn.figure.draw_without_rendering)()
        assert troubles(drawn) == []
        assert any(one.get_text() == "points" for one in texts(drawn))
        assert "(Shapley)" in drawn.caption


# ---- bare scenarios, and scenarios of which nothing can be asked


def test_what_a_scenario_does_not_hold_is_said_and_not_drawn() -> None:
    bare = job_of("prisoners-dilemma", few=False)
    reasons = {name: missing(name, bare) for name in FIGURES}
    assert "no register of claims" in reasons["challenge"]
    assert "does not say who decides" in reasons["policy"]
    assert "no number is uncertain" in reasons["thresholds"]
    with pytest.raises(UsageError, match="'challenge' cannot be drawn: the scenario has no register of claims"):
        drawing("challenge", bare, quiet)


@pytest.mark.parametrize("name", ["prisoners-dilemma", "deterrence", "sanctions-4"])
def test_small_games_make_figures_too(name) -> None:
    job = job_of(name, draws=100, few=False)
    drawn = []
    for figure, one in FIGURES.items():
        if figure in ("learn", "discover", "believe") or missing(figure, job):
            continue
        answer = one.compute(job, quiet)
        if one.empty(answer):
            continue
        for columns in (1, 2):
            made = one.draw(answer, replace(job, columns=columns))
            made.figure.set_dpi(300)
            in_paper_style(made.figure.draw_without_rendering)()
            assert troubles(made) == [], (figure, columns)
            drawn.append(figure)
    assert "placebo" in drawn
    assert "prove" in drawn


def test_long_words_over_a_column_stand_on_end(found, job) -> None:
    one = found["prove"][0]
    many = [replace(one, event=f"an_extraordinarily_long_event_{k}") for k in range(6)]
    drawn = prove_figure(many, source(job), 1)
    drawn.figure.set_dpi(300)
    in_paper_style(drawn.figure.draw_without_rendering)()
    assert troubles(drawn) == []
    assert {t.get_rotation() for t in texts(drawn)} == {0.0, 90.0}


def test_beliefs_without_any_number_found_are_still_told(found, job) -> None:
    none = [
        replace(one, rows=tuple(replace(row, answer="impossible", set={}, distance=None) for row in one.rows))
        for one in found["believe"]
    ]
    drawn = believe_figure(none, source(job), 2, central={})
    assert "for no other were numbers found" in drawn.caption
