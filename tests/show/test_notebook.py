"""What a notebook shows: escaped, whole, and saying how sure it is."""

import re
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.analysis.headline import headline
from sim.analysis.incentives import incentives
from sim.analysis.slices import solve_slices
from sim.game.plain_html import MOST_ROWS, html_table, payoff_texts, signed
from sim.solvers.concepts import requests_for
from tests.show.html_balance import is_balanced

MARKET = Path(__file__).parent / "market.toml"


@pytest.fixture(scope="module")
def market() -> sim.Scenario:
    return sim.load(MARKET)


def test_a_scenario_shows_players_moves_events_and_date(market: sim.Scenario) -> None:
    html = market._repr_html_()
    assert is_balanced(html)
    for text in ("2023-09-06", "South Korea", "ask: none, goods, technology", "offer &gt;= ask", "18 profiles"):
        assert text in html


def test_what_a_file_says_is_escaped(market: sim.Scenario) -> None:
    assert "Shells for &lt;food&gt; &amp; grain" in market._repr_html_()
    bad = "<script>"
    game = sim.Game.from_arrays([[1]], [[1]], players=[bad, "b"], actions=[[bad], ["b"]], title=bad)
    assert bad not in game._repr_html_()
    assert bad not in sim.solve(game)._repr_html_()


def test_a_bimatrix_marks_best_responses_and_boxes_the_one_stable_cell() -> None:
    game = sim.Game.from_arrays([[3, 0], [5, 1]], [[3, 5], [0, 1]], actions=[["c", "d"], ["c", "d"]])
    html = game._repr_html_()
    assert is_balanced(html)
    cells = re.findall(r"<td( class=\"stable\"[^>]*)?>(.*?)</td>", html)[1:]  # the first one is the empty corner
    assert [bool(boxed) for boxed, _ in cells] == [False, False, False, True]
    assert [cell.replace("&nbsp;", " ") for _, cell in cells] == [
        "3, 3",
        "0, <b>5*</b>",
        "<b>5*</b>, 0",
        "<b>1*</b>, <b>1*</b>",
    ]


def test_a_game_of_three_lists_profiles_and_counts_what_it_leaves_out() -> None:
    shape = (5, 5, 5)
    html = sim.Game.from_arrays(*np.arange(3 * 125).reshape(3, *shape))._repr_html_()
    assert is_balanced(html)
    assert html.count("<tr>") == 1 + MOST_ROWS
    assert f"{MOST_ROWS} of 125 profiles" in html


def test_a_set_of_equilibria_says_whether_it_is_all(market: sim.Scenario) -> None:
    pennies = sim.Game.from_arrays([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    whole = sim.solve(pennies)._repr_html_()
    assert is_balanced(whole)
    assert "1 found, complete" in whole
    assert "0.5 (1) + 0.5 (2)" in whole
    three = sim.Game.from_arrays(*np.zeros((3, 2, 2, 2), dtype=int))
    assert "not known to be complete" in sim.solve(three)._repr_html_()
    assert "deal: sometimes" in sim.solve(market, "pure-nash")._repr_html_()


def test_regret_is_not_shown_where_it_is_no_certificate(market: sim.Scenario) -> None:
    assert "relative regret" in sim.solve(market, "strong-2")._repr_html_()
    assert "relative regret" not in sim.solve(market, "subgame-perfect", order="quiet")._repr_html_()


def test_words_stand_left_and_numbers_right() -> None:
    html = html_table("c", ["a", "b", "n"], [["x", "word", "−1.5"], ["y", "2", "3e-16"]])
    assert is_balanced(html)
    assert '<th scope="col">n</th>' in html
    assert '<td style="text-align: left">word</td><td>−1.5</td>' in html
    assert "<td>2</td><td>3e-16</td>" in html


def test_payoffs_that_differ_are_shown_apart() -> None:
    assert payoff_texts(np.array([1000.001, 1000.002])).tolist() == ["1000.001000", "1000.002000"]
    assert payoff_texts(np.array([-0.0001, 2.0])).tolist() == ["0.00", "2.00"]  # and no "-0.00"
    assert payoff_texts(np.array([-3.0, 2.0])).tolist() == ["−3", "2"]


@pytest.fixture(scope="module")
def answers(market: sim.Scenario) -> dict[str, object]:
    data = market.data
    asked = {"requests": requests_for(data), "draws": 20, "seed": 1}
    return {
        "headline": headline(data, **asked),
        "incentives": incentives(data, draws=20, seed=1),
        "slice": solve_slices(sim.load("vladivostok-2023").data)[0],
        "comparison": sim.compare(market, sim.load("vladivostok-2023"), draws=5),
        "explanation": sim.explain(market),
    }


def shown(answer: object) -> str:
    html = answer._repr_html_()  # type: ignore[attr-defined]
    assert is_balanced(html)
    return html


def test_a_headline_shows_every_row_with_its_shares_and_placebos(answers) -> None:
    html, table = shown(answers["headline"]), answers["headline"]
    assert html.count("<tr>") == len(table.rows) + 1
    for row in table.rows:
        assert f">{row.share.lower:.3f}<" in html
        assert f">{row.coin.lower:.3f}<" in html
    assert "20 sampled parameter sets" in html


def test_incentives_show_central_low_and_high_of_every_player(answers) -> None:
    html, table = shown(answers["incentives"]), answers["incentives"]
    for row in table.rows:
        for worth in row.worth.values():
            assert f"{signed(worth.central)} ({signed(worth.low)} to {signed(worth.high)})" in html
    assert "never compare across players" in html


def test_a_slice_shows_its_bimatrix_what_is_held_and_its_equilibria(answers) -> None:
    html, cut = shown(answers["slice"]), answers["slice"]
    assert html.count("<table>") == 2
    assert all(f"{move}={option}" in html for move, option in cut.given.items())
    assert cut.solution.equilibria.why in html


def test_a_comparison_shows_both_ends_of_every_row(answers) -> None:
    html, found = shown(answers["comparison"]), answers["comparison"]
    assert html.count("<tr>") == 2 * len(found.rows) + 1
    assert all(f">{row.helps['upper']:.3f}<" in html for row in found.rows)


def test_an_explanation_shows_terms_above_their_sum(answers) -> None:
    html, found = shown(answers["explanation"]), answers["explanation"]
    assert html.count("<tr>") == len(found.stakes) + len(found.payoffs) + 1
    for term in found.stakes:
        assert f">{signed(term.points)}<" in html
    assert all(f">{signed(payoff)}<" in html for payoff in found.payoffs.values())
