import pytest

from sim.analysis.sensitivity import thirds, uncertain_numbers
from sim.analysis.thresholds import main_parameter
from sim.solvers.concepts import Request, requests_for


def test_a_parameter_that_no_payoff_uses_has_no_effect_at_all(barter) -> None:
    scenario = barter()
    effects = thirds(scenario, requests=requests_for(scenario), draws=200, seed=1)
    idle = [one for one in effects if one.parameter == "idle"]
    assert len(idle) == 3
    assert all(one.size == 0 and one.low == one.high and one.low_upper == one.high_upper for one in idle)


def test_the_cost_undoes_the_deal_in_every_draw_where_it_is_high(barter) -> None:
    scenario = barter("{ uniform = [0, 12] }", "{ uniform = [3, 9] }")  # thirds: 2 and 10
    found = {one.row: one for one in thirds(scenario, requests=requests_for(scenario), draws=200, seed=1)[:3]}
    strong = found["strong-2"]
    assert (strong.parameter, strong.low_value, strong.high_value) == ("cost", 2, 10)
    assert (strong.low, strong.high, strong.helps, strong.hurts) == (1, 0, 0, 1)
    nash = found["pure-nash"]  # no deal is always an equilibrium, so only the upper event moves
    assert (nash.low, nash.high, nash.low_upper, nash.high_upper, nash.hurts) == (0, 0, 1, 0, 1)


def test_all_else_stays_as_it_was_drawn(barter) -> None:
    scenario = barter("{ uniform = [0, 12] }", "{ uniform = [3, 9] }")
    effects = thirds(scenario, requests=[Request("strong-2")], draws=4000, seed=1)
    shells = next(one for one in effects if one.parameter == "RU.shells")
    assert abs(shells.low - 4 / 12) < 0.03  # shells 4 against a cost in 0..12
    assert abs(shells.high - 8 / 12) < 0.03
    assert shells.helps == pytest.approx(shells.high - shells.low)
    assert main_parameter(effects) == "cost"


def test_correlated_numbers_are_noted(barter) -> None:
    extra = '[[correlated]]\nof = ["cost", "RU.shells"]\nrho = 0.5\n'
    effects = thirds(
        barter(shells="{ uniform = [3, 9] }", extra=extra), requests=[Request("strong-2")], draws=20, seed=1
    )
    notes = {one.parameter: one.note for one in effects}
    assert notes == {"cost": "correlated with RU.shells, held as drawn", "idle": "", "RU.shells": notes["RU.shells"]}
    assert "cost" in notes["RU.shells"]


def test_fixed_numbers_are_left_out_and_nothing_uncertain_gives_nothing(barter) -> None:
    assert uncertain_numbers(barter()) == ("cost", "idle")
    assert main_parameter(()) is None
