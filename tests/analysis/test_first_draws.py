"""One draw, by number, for each status of each event: what the table names, `explain` confirms."""

import pytest

import sim
from sim.analysis.explain import explain
from sim.analysis.headline import headline
from sim.solvers.concepts import requests_for

DRAWS = 400


@pytest.fixture(scope="module")
def found():
    scenario = sim.load("vladivostok-2023").data
    return scenario, headline(scenario, requests=requests_for(scenario), draws=DRAWS, seed=1)


def test_the_named_draw_has_the_named_status_when_it_is_taken_apart(found) -> None:
    scenario, table = found
    confirmed = 0
    for row in table.rows:
        for status, draw in table.first_draws(row.share).items():
            if draw is not None and confirmed < 60:
                assert explain(scenario, draw=draw, seed=1).statuses[row.share.row][row.share.event] == status
                confirmed += 1
    assert confirmed == 60


def test_a_draw_is_named_exactly_where_the_share_is_not_zero(found) -> None:
    _, table = found
    for row in table.rows:
        for status, draw in table.first_draws(row.share).items():
            assert (draw is not None) == (row.share.share(status) > 0)


def test_the_baseline_shows_each_word_for_deal_and_arms(found) -> None:
    _, table = found
    for event in ("deal", "arms"):
        seen = {
            word
            for row in table.rows
            if row.share.event == event
            for word, k in table.first_draws(row.share).items()
            if k is not None
        }
        assert {"always", "sometimes", "never"} <= seen
