import datetime
import json
from math import log

import pytest

from sim.analysis.register import hindcast, register
from sim.errors import UsageError
from sim.solvers.concepts import Request

PAIRS = Request("strong-2")
DAY = datetime.date(2024, 1, 2)


def made(scenario, **more):
    found = register(scenario, request=PAIRS, registered=DAY, draws=1000, seed=1, **more)
    return found, json.loads(json.dumps(found.to_dict()))


def test_a_record_says_what_was_said_of_which_file_and_how_it_will_be_judged(barter) -> None:
    scenario = barter()
    found, record = made(scenario, rules={"deal": "shells cross the border within a year"})
    (item,) = record["items"]
    assert item["rule"] == "shells cross the border within a year"
    assert item["lower"] == item["upper"] == pytest.approx(0.6, abs=0.05)
    assert record["registered"] == "2024-01-02"
    assert found.looks_back  # the scenario has no date of knowledge


def test_scores_are_those_worked_out_by_hand(barter) -> None:
    scenario = barter()
    _, record = made(scenario)
    share = record["items"][0]["lower"]
    happened, did_not = (hindcast(scenario, record, {"deal": outcome}) for outcome in (True, False))
    assert happened.mean("lower") == pytest.approx((1 - share) ** 2)
    assert did_not.mean("lower") == pytest.approx(share**2)
    assert happened.mean_log("upper") == pytest.approx(-log(share))
    assert did_not.mean_log("upper") == pytest.approx(-log(1 - share))
    assert happened.mean("lower", "even") == 0.25
    assert "look back" in happened.sentence.split(".")[0]
    assert any("too few" in text for text in happened.warnings)


def test_what_was_called_impossible_and_happened_has_no_log_score(barter) -> None:
    scenario = barter(shells="0")
    _, record = made(scenario)
    found = hindcast(scenario, record, {"deal": True})
    assert found.rows[0].share == 0
    assert found.rows[0].brier == 1
    assert found.mean_log("lower") is None
    json.dumps(found.to_dict(), allow_nan=False)


def test_an_edited_scenario_and_an_edited_record_are_refused(barter) -> None:
    scenario = barter()
    _, record = made(scenario)
    with pytest.raises(UsageError, match="hash differs"):
        hindcast(barter(shells="5"), record, {"deal": True})
    record["items"][0]["lower"] = 0.99
    with pytest.raises(UsageError, match="was changed"):
        hindcast(scenario, record, {"deal": True})
    with pytest.raises(UsageError, match="no registration"):
        hindcast(scenario, {}, {"deal": True})


def test_an_outcome_that_was_not_registered_is_refused_and_a_missing_one_is_told(baseline) -> None:
    found, record = made(baseline, events=["deal", "arms"])
    with pytest.raises(UsageError, match="'trip' was not registered"):
        hindcast(baseline, record, {"trip": True})
    scored = hindcast(baseline, record, {"deal": True})
    assert scored.unresolved == ("arms",)
    assert any("'arms' is made from deal" in text for text in scored.warnings)
    assert found.looks_back
