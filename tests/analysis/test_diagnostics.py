from sim.analysis.diagnostics import diagnostics, dominant_shares
from sim.game.payoffs import compile_family
from sim.scenario.model import ScenarioData

PLANTED = """
[scenario]
name = "planted"
[players.A]
name = "A"
moves.a = ["x", "y", "z"]
[players.B]
name = "B"
moves.b = ["x", "y"]
[events]
odd = "a == 'x' and a == 'y'"
even = "a == 'x'"
[parameters]
p = { value = { uniform = [0, 1] } }
[stakes]
wide = { value = "4 if a == 'x' else 0" }
huge = { value = "1000000 if b == 'x' and a == 'x' else rank(a) + 2 * rank(b)", swing = 1000000 }
[interests.A]
wide = { weight = "SIGN" }
[interests.B]
huge = { weight = 1 }
"""


def test_each_planted_fault_is_named(scenario_of) -> None:
    found = "\n".join(diagnostics(scenario_of(PLANTED.replace('"SIGN"', "{ uniform = [1, 2] }"), "planted"), 100, 1))
    assert "A has a strictly dominant action in 100.0% of 100" in found
    assert "event 'odd' fails at every allowed profile" in found
    assert "'even'" not in found
    assert "outlier among B's payoffs" in found
    assert "outlier among A's" not in found
    assert "stake 'wide' ranges over 4 swings" in found
    assert "'huge'" not in found


def test_the_share_with_a_dominant_action_is_counted_over_draws(scenario_of) -> None:
    # x is strictly best where its weight is positive: 3 of 4 parts of the range; below, y and z tie
    scenario = scenario_of(PLANTED.replace('"SIGN"', "{ uniform = [-1, 3] }"), "planted")
    shares = dominant_shares(compile_family(scenario), 3000, 1)
    assert abs(shares["A"] - 0.75) < 0.03
    assert shares["B"] == 0
    assert not any("dominant" in one for one in diagnostics(scenario, 3000, 1))


def test_one_known_game_counts_for_all_draws(scenario_of) -> None:
    text = PLANTED.replace('"SIGN"', "1").replace("p = { value = { uniform = [0, 1] } }", "p = { value = 1 }")
    assert dominant_shares(compile_family(scenario_of(text, "planted")), 2500, 1)["A"] == 1


def test_the_baseline_has_no_such_fault(baseline: ScenarioData) -> None:
    assert diagnostics(baseline, 200, 1) == []
