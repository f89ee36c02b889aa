from pathlib import Path

import pytest

from sim.analysis.incentives import incentives
from sim.scenario.model import ScenarioData


def test_the_worth_of_a_uniform_cost_is_known_in_closed_form(barter) -> None:
    found = incentives(barter(), draws=4000, seed=1)
    assert [row.incentive for row in found.rows] == ["ammunition", "other"]
    paid = found.rows[1].worth["RU"]  # -2 * cost / 2 where there is a deal
    assert paid.central == -5
    assert (paid.low, paid.high) == pytest.approx((-9.5, -0.5), abs=0.15)
    shells = found.rows[0].worth["RU"]
    assert (shells.low, shells.central, shells.high) == (6, 6, 6)
    assert set(found.rows[0].worth) == {"RU"}  # North Korea does not care
    assert found.rows[1].worth["NK"].central == 4


def test_terms_of_one_incentive_are_added_before_the_profile_is_chosen(barter, scenario_of) -> None:
    text = (
        Path(barter().path)
        .read_text()
        .replace('"deal * cost", swing', '"deal * cost", incentive = "ammunition", swing')
    )
    (row, other) = incentives(scenario_of(text), draws=500, seed=1).rows
    assert row.worth["RU"].central == 6 - 5
    assert set(other.worth) == {"NK"}


def test_every_incentive_of_the_baseline_names_claims_and_observers_are_in(baseline: ScenarioData) -> None:
    found = incentives(baseline, draws=200, seed=1)
    assert found.players[-1] == "KR"
    assert all(row.claims and set(row.claims) <= set(baseline.claims) for row in found.rows)
    assert any("KR" in row.worth for row in found.rows)
    for row in found.rows:
        assert all(own.low <= own.high for own in row.worth.values())


def test_a_constant_added_to_a_stake_moves_its_level_and_not_its_spread(barter, scenario_of) -> None:
    text = Path(barter().path).read_text()
    stake = next(line for line in text.splitlines() if line.strip().startswith(("shells", "goods")) and "value" in line)
    shifted = text.replace(stake, stake.replace('value = "', 'value = "7 + '))
    plain, moved = (incentives(one, draws=50, seed=1) for one in (barter(), scenario_of(shifted)))
    assert moved != plain
    levels = []
    for before, after in zip(plain.rows, moved.rows, strict=True):
        for name, own in before.worth.items():
            assert after.worth[name].spread == pytest.approx(own.spread, abs=1e-12)
            levels.append(after.worth[name].central == own.central)
    assert not all(levels)
