from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from sim.analysis.challenge import challenge, touched_by
from sim.errors import UsageError
from sim.scenario.model import ScenarioData
from sim.scenario.reader import read_scenario
from sim.scenario.versions import with_values
from sim.solvers.concepts import Request
from sim.sweeps.run import all_rows, make_engine

NASH, PAIRS = Request("pure-nash"), Request("strong-2")

CLAIMED = """
[scenario]
name = "claimed"
claims = "claims.toml"
[players.RU]
name = "Russia"
moves.offer = ["none", "goods"]
[players.NK]
name = "North Korea"
moves.ask = ["none", "goods"]
[events]
deal = "offer == 'goods' and ask == 'goods'"
[parameters]
cost = { value = { uniform = [0, 10] }, rests_on = ["dear"], without = 0.5 }
[stakes]
shells = { value = "deal", rests_on = ["needs"] }
payment = { value = "deal * cost" }
food = { value = "deal", rests_on = ["hungry"] }
[interests.RU]
shells = { weight = 6 }
payment = { weight = -1, rests_on = ["pays"] }
[interests.NK]
food = { weight = { uniform = [1, 4] } }
"""
REGISTER = """
[claims.needs]
text = "Russia needs shells."
source_type = "expert"
[claims.dear]
text = "They are dear."
source_type = "expert"
[claims.pays]
text = "It pays in money."
source_type = "writer"
[claims.hungry]
text = "The other is hungry."
source_type = "writer"
[claims.idle]
text = "It rains."
"""


@pytest.fixture
def claimed(tmp_path: Path) -> ScenarioData:
    (tmp_path / "claims.toml").write_text(REGISTER)
    (tmp_path / "claimed.toml").write_text(CLAIMED)
    return read_scenario(tmp_path / "claimed.toml")


def by_claim(found):
    return {row.claim: row for row in found.rows}


def test_dropping_a_claim_gives_what_the_numbers_that_it_names_give(claimed) -> None:
    rows = by_claim(challenge(claimed, requests=[PAIRS], draws=500, seed=1))
    assert rows["needs"].set == {"RU.shells": 0.0}
    assert rows["dear"].set == {"cost": 0.5}  # a parameter takes its value without the claim
    assert rows["hungry"].set == {"NK.food": 0.0}  # through the stake alone
    (before,) = (change.before for change in rows["needs"].changes)
    assert 0.5 < before.lower < 0.7  # cost below 6 of 10
    assert rows["needs"].changes[0].after.upper == 0  # nothing to gain, something to pay
    assert rows["dear"].changes[0].after.lower == 1  # 0.5 is always below 6
    for row in rows.values():
        fixed = with_values(claimed, {name: Fraction(x) for name, x in row.set.items()})
        codes = all_rows(make_engine(fixed, [PAIRS]), 500, 1).concepts[PAIRS].status
        assert row.changes[0].after.counts == tuple(np.bincount(codes[0], minlength=6).tolist())


def test_an_unused_claim_is_idle_and_changes_nothing_to_the_last_bit(claimed) -> None:
    row = by_claim(challenge(claimed, requests=[NASH, PAIRS], draws=300, seed=1))["idle"]
    assert row.idle
    assert row.set == {}
    assert row.flipped == 0
    assert all(change.before == change.after for change in row.changes)


def test_denying_turns_signs_and_doubting_lies_between_keeping_and_dropping(claimed) -> None:
    found = challenge(claimed, requests=[PAIRS], deny=["pays"], doubt={"needs": 0.5}, draws=2000, seed=1)
    deny, doubt = by_claim(found)["pays"], by_claim(found)["needs"]
    assert deny.set == {"RU.payment": 1.0}
    assert deny.changes[0].after.lower == 1  # to pay is now a pleasure
    kept, after = doubt.changes[0].before.lower, doubt.changes[0].after.lower
    assert doubt.action == "doubt=0.5"
    assert after == pytest.approx(kept / 2, abs=0.04)
    for share, end in ((1.0, kept), (0.0, 0.0)):
        found = challenge(claimed, requests=[PAIRS], doubt={"needs": share}, draws=2000, seed=1)
        assert found.rows[0].changes[0].after.lower == end


def test_shapley_shares_add_up_to_the_whole_change(claimed) -> None:
    found = challenge(claimed, requests=[NASH, PAIRS], shapley=True, draws=400, seed=3)
    for row in (*found.shapley, *found.by_source):
        assert sum(row.shares.values()) == pytest.approx(row.whole[0] - row.whole[1], abs=1e-12)
    assert {row.end for row in found.shapley} == {"always", "possible"}
    assert next(iter(found.shapley)).shares["idle"] == 0
    assert set(found.by_source[0].shares) == {"expert", "writer", "not said"}


def test_claims_with_the_same_work_have_the_same_shapley_share(claimed) -> None:
    # payment without `pays` costs nothing; shells without `needs` bring nothing. With both gone nobody gains or loses.
    twin = replace(
        claimed,
        interests=tuple(
            replace(one, rests_on=("needs", "idle")) if one.name == "RU.shells" else one for one in claimed.interests
        ),
    )
    row = challenge(twin, requests=[PAIRS], shapley=True, draws=4000, seed=1).shapley[0]
    needs, idle = row.shares["needs"], row.shares["idle"]
    assert needs == pytest.approx(idle, abs=4 * (row.errors["needs"] + row.errors["idle"]))
    assert needs > 0.1


def test_observers_are_touched_too_and_an_unknown_claim_is_answered_with_the_nearest(claimed, baseline) -> None:
    assert "KR.stock" in touched_by(baseline, "nk-has-surplus").weights
    with pytest.raises(UsageError, match="Did you mean 'needs'"):
        challenge(claimed, requests=[PAIRS], drop=["need"], draws=10, seed=1)
    with pytest.raises(UsageError, match="from 0 to 1"):
        challenge(claimed, requests=[PAIRS], doubt={"needs": 1.5}, draws=10, seed=1)


def test_a_scenario_without_a_register_is_refused(barter) -> None:
    with pytest.raises(UsageError, match="no claims to challenge"):
        challenge(barter(), requests=[PAIRS], draws=10, seed=1)


def test_a_threshold_that_a_claim_moves_is_told_with_and_without_it(claimed) -> None:
    # the deal stands while cost < 6; without the need or the payment nothing turns on the cost
    scenario = replace(claimed, threshold="cost")
    rows = by_claim(challenge(scenario, requests=[PAIRS], draws=20, seed=1))
    told = {claim: [(one.before, one.after) for one in row.thresholds] for claim, row in rows.items()}
    assert told["needs"] == told["pays"] == [((6.0,), ())]
    assert told["dear"] == [((6.0,), None)]  # the cost itself is fixed without it
    assert told["idle"] == []
    assert by_claim(challenge(claimed, requests=[PAIRS], draws=20, seed=1))["needs"].thresholds == ()
