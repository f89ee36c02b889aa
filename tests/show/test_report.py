"""The report: one page that stands alone, reads in order, and says what the results say."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

import sim
from sim.analysis.convergence import convergence
from sim.analysis.headline import headline
from sim.analysis.incentives import incentives
from sim.analysis.regime_map import regime_map
from sim.analysis.sensitivity import thirds
from sim.analysis.slices import solve_slices
from sim.analysis.thresholds import threshold_curve, thresholds
from sim.scenario.model import ScenarioData
from sim.show.figures.draw import draw_all
from sim.show.figures.words import percent, plain
from sim.show.report import inline_svg, report_html, strongest, write_report
from sim.show.results import Provenance, RunResults
from sim.show.summary import summary
from sim.solvers.concepts import default_requests
from tests.show.html_balance import is_balanced

MARKET = Path(__file__).parent / "market.toml"
DRAWS = 40


def results_of(scenario: ScenarioData) -> RunResults:
    asked = {"requests": default_requests(scenario), "events": scenario.headline}
    sampled = asked | {"draws": DRAWS, "seed": 1}
    head = headline(scenario, **sampled)
    return RunResults(
        scenario=scenario,
        headline=head,
        incentives=incentives(scenario, draws=DRAWS, seed=1),
        slices=solve_slices(scenario),
        effects=thirds(scenario, **sampled),
        thresholds=thresholds(scenario, "price", **asked),
        curve=threshold_curve(scenario, "price", **sampled, size=5),
        regime_map=regime_map(scenario, "price", "need", request=asked["requests"][0], size=5),
        convergence=convergence(head),
        provenance=Provenance(scenario.name, "0123abcd", 1, DRAWS),
    )


@pytest.fixture(scope="module")
def results() -> RunResults:
    return results_of(sim.load(MARKET).data)


@pytest.fixture(scope="module")
def page(results: RunResults) -> str:
    return report_html(results)


class Outline(HTMLParser):
    """Headings, ids, links, tables and pictures of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.tables: list[set[str]] = []
        self.unnamed: list[str] = []
        self.cells_without_scope = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = dict(attrs)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if own.get("id"):
            self.ids.append(str(own["id"]))
        if tag == "a":
            self.links.append(str(own["href"]))
        for key in ("src", "srcset", "data", "action"):
            if key in own:
                self.fetched.append(str(own[key]))
        if tag in ("link", "script", "iframe", "object", "embed"):
            self.fetched.append(tag)
        if tag == "table":
            self.tables.append(set())
        elif self.tables and tag in ("caption", "thead", "th"):
            self.tables[-1].add(tag)
        if tag == "th" and "scope" not in own:
            self.cells_without_scope += 1
        if tag == "svg" and not (own.get("role") == "img" and own.get("aria-label")):
            self.unnamed.append(tag)


@pytest.fixture(scope="module")
def outline(page: str) -> Outline:
    parser = Outline()
    parser.feed(page)
    return parser


def test_the_page_fetches_nothing(page: str, outline: Outline) -> None:
    assert [one for one in outline.fetched if not one.startswith("data:")] == []
    assert [link for link in outline.links if not link.startswith("#")] == []
    assert re.findall(r"url\((?!#)[^)]*\)|@import", page) == []


def test_every_tag_is_closed_in_turn(page: str) -> None:
    assert is_balanced(re.sub(r"<svg.*?</svg>", "", page, flags=re.DOTALL).replace("<!doctype html>", ""))


def test_no_two_elements_share_an_id_and_every_link_leads_to_one(page: str, outline: Outline) -> None:
    assert len(outline.ids) == len(set(outline.ids))
    used = set(re.findall(r'(?:xlink:href="|href="|url\()#([^")]+)', page))
    assert used
    assert used - set(outline.ids) == set()


def test_headings_go_down_one_level_at_a_time(outline: Outline) -> None:
    assert outline.headings[0] == 1
    assert outline.headings.count(1) == 1
    assert [pair for pair in zip(outline.headings, outline.headings[1:], strict=False) if pair[1] > pair[0] + 1] == []


def test_every_table_has_a_caption_and_headings_with_scope(outline: Outline) -> None:
    assert len(outline.tables) > 8
    assert [k for k, inside in enumerate(outline.tables) if not {"caption", "th"} <= inside] == []
    assert outline.cells_without_scope == 0


def test_every_picture_has_words_for_who_cannot_see_it(page: str, outline: Outline) -> None:
    assert page.count("<svg") == 6  # all but the matrices, which are tables
    assert outline.unnamed == []


def test_parts_come_in_the_order_in_which_a_reader_asks(outline: Outline) -> None:
    parts = [
        "answer",
        "events",
        "figure-shares-by-concept",
        "threshold",
        "map",
        "sensitivity",
        "incentives",
        "matrices",
    ]
    parts += ["convergence", "origins", "limits", "again"]
    assert [one for one in outline.ids if one in parts] == parts


def test_shares_are_those_of_the_summary(results: RunResults, page: str) -> None:
    rows = summary(results)["rows"]
    text = re.findall(r'<tr><th scope="row">[^<]*</th>((?:\s*<td[^>]*>[^<]*</td>)+)\s*</tr>', page)
    shown = [re.findall(r"<td[^>]*>([^<]*)</td>", row) for row in text]
    for row in rows:
        statuses = [percent(row[status]) for status in ("always", "sometimes", "never", "none")]
        rest = [percent(row["open"] + row["unsolved"])]
        placebos = [percent(row["placebo"][kind]["always"]) for kind in ("shuffled", "coin")]
        assert [*statuses, *rest, *placebos, "yes" if row["robust"] else "no", str(row["n"])] in shown


def test_a_sentence_given_is_the_sentence_shown(results: RunResults) -> None:
    page = report_html(results, sentences=["First <one>.", "Second.", "Third."], command="sim run x --set need=1")
    assert "First &lt;one&gt;." in page
    assert "sim run x --set need=1" in page


def test_what_a_file_says_is_escaped(results: RunResults) -> None:
    evil = "<script>alert(1)</script>"
    scenario = results.scenario
    changed = replace(
        scenario,
        title=evil,
        about=evil,
        players=tuple(replace(player, title=evil) for player in scenario.players),
        events=tuple(replace(event, text=evil, about=evil) for event in scenario.events),
        stakes=tuple(replace(stake, about=evil, unit=evil, text=evil) for stake in scenario.stakes),
        parameters=tuple(replace(one, about=evil, unit=evil, rests_on=(evil,)) for one in scenario.parameters),
    )
    page = report_html(replace(results, scenario=changed))
    assert evil not in page
    assert "&lt;script&gt;" in page


def test_names_in_backticks_are_set_as_code_and_stay_escaped(results: RunResults) -> None:
    page = report_html(replace(results, scenario=replace(results.scenario, about="See `need` and `<b>`.")))
    assert "See <code>need</code> and <code>&lt;b&gt;</code>." in page


def test_the_same_results_give_the_same_bytes(results: RunResults, tmp_path: Path) -> None:
    first = write_report(results, tmp_path / "first").read_bytes()
    assert write_report(results, tmp_path / "second").read_bytes() == first
    assert [path.name for path in (tmp_path / "first").iterdir()] == ["report.html"]
    assert str(tmp_path).encode() not in first
    assert str(MARKET.parent).encode() not in first


def test_figures_that_lie_there_already_give_the_same_page(
    results: RunResults, page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_all(results, tmp_path)
    monkeypatch.setattr("sim.show.report.rendered", None)  # nothing is drawn again
    assert report_html(results, drawn=tmp_path) == page


def test_a_table_game_without_anything_uncertain_has_a_page_too(root: Path) -> None:
    scenario = sim.load(root / "scenarios" / "published" / "prisoners-dilemma.toml").data
    bare = RunResults(scenario, None, None, (), (), (), None, None, None, Provenance(scenario.name, "0", 1, 1))
    page = report_html(bare)
    assert "not made of incentives" in page
    assert 'class="stable"' in page
    assert page.count("<svg") == 0


def test_each_number_stands_in_the_effects_once_with_its_greatest(results: RunResults) -> None:
    kept = strongest(results.effects)
    assert kept
    assert len({one.parameter for one in kept}) == len(kept)
    for one in kept:
        assert one.size == max(own.size for own in results.effects if own.parameter == one.parameter)


def test_an_inline_drawing_brings_no_style_sheet_into_the_page() -> None:
    svg = (
        '<?xml version="1.0"?><!DOCTYPE svg><svg width="5pt" height="4pt" viewBox="0 0 5 4"><title>t</title>'
        '<metadata>m</metadata><defs><style type="text/css">*{color: red}</style></defs><g id="a.b"/></svg>'
    )
    made = str(inline_svg(svg, 'a "label" <b>'))
    assert made.startswith('<svg viewBox="0 0 5 4" stroke-linejoin="round"')
    assert 'aria-label="a &#34;label&#34; &lt;b&gt;"' in made
    assert [part for part in ("style>", "metadata", "title", "width=", "DOCTYPE") if part in made] == []


def test_the_summary_holds_what_the_interface_promises(results: RunResults) -> None:
    document = summary(results, ["report.html"])
    assert list(document)[:7] == ["scenario", "hash", "seed", "draws", "rows", "slices", "files"]
    statuses = {"always", "sometimes", "never", "none", "open", "unsolved"}
    for row in document["rows"]:
        assert {"concept", "order", "event", "n", "lower", "upper", "robust"} | statuses <= set(row)
        assert {kind: set(own) for kind, own in row["placebo"].items()} == {"shuffled": statuses, "coin": statuses}
    wanted = {"name", "solver", "solver_version", "found_by_solver", "found_by_check", "agree", "equilibria"}
    assert all(wanted <= set(own) for own in document["slices"])
    assert document["files"] == ["report.html"]
    assert json.dumps(document, allow_nan=False) == json.dumps(summary(results, [Path("report.html")]))


def test_a_title_may_hold_what_means_something_in_a_pattern() -> None:
    assert plain("a\\1 (b)_x", {"B": "(B)"}) == "a\\1 (B) x"
    assert plain("the us_\\q", {"US": "US", "Q": "\\Q"}) == "the US \\Q"
