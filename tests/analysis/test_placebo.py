import numpy as np
import pytest

from sim.analysis.placebo import coin_rows, placebo, shuffled_rows, shuffled_weights
from sim.scenario.model import ScenarioData
from sim.solvers.concepts import Request, requests_for
from sim.sweeps.run import all_rows, make_engine
from sim.sweeps.streams import sample

THREE_INTERESTS = """
[scenario]
name = "equal"
[players.RU]
name = "Russia"
moves.offer = ["none", "goods", "arms"]
[players.NK]
name = "North Korea"
moves.ask = ["none", "goods", "arms"]
[events]
deal = "ask != 'none' and offer >= ask"
[parameters]
need = { value = { uniform = [0, 1] } }
[stakes]
shells = { value = "deal * need" }
price = { value = "rank(offer) * 0.37" }
food = { value = "deal * rank(offer)" }
[interests.RU]
shells = { weight = FIRST }
price = { weight = -3 }
food = { weight = 3 }
[interests.NK]
shells = { weight = -3 }
price = { weight = 3 }
food = { weight = 3 }
"""


@pytest.mark.parametrize("draws", [4000])
def test_independent_payoffs_give_one_pure_equilibrium_a_game_in_the_mean(baseline: ScenarioData, draws: int) -> None:
    found = placebo(baseline, draws=draws, seed=3, requests=[Request("pure-nash")])
    assert found.coin_standard_error < 0.02
    assert abs(found.coin_mean_equilibria - 1) < 4 * found.coin_standard_error


def test_each_players_coins_are_its_own_and_fall_anew_in_every_draw(barter) -> None:
    engine = make_engine(barter(), [Request("pure-nash")])
    n = coin_rows(engine, 4000, 1).concepts[Request("pure-nash")].n
    # 2x2: 0, 1, 2 equilibria with chances 1/8, 6/8, 1/8 (payoffs shared by both players would never give 0)
    assert abs((n == 0).mean() - 1 / 8) < 0.025
    assert abs((n == 2).mean() - 1 / 8) < 0.025


def test_a_longer_coin_sweep_begins_with_the_shorter_one(barter) -> None:
    engine = make_engine(barter(), [Request("pure-nash")])
    short, long = (coin_rows(engine, draws, 1).concepts[Request("pure-nash")] for draws in (150, 400))
    assert np.array_equal(short.margin, long.margin[:150])
    told = long.margin[long.margin < 1]  # 1: from the best payoff to the worst
    assert len(np.unique(told)) == len(told)  # no block repeats another


def test_shuffling_equal_magnitudes_changes_nothing_to_the_last_bit(scenario_of) -> None:
    scenario = scenario_of(THREE_INTERESTS.replace("FIRST", "3"), "equal")
    engine = make_engine(scenario, requests_for(scenario))
    plain, shuffled = all_rows(engine, 300, 5), shuffled_rows(engine, 300, 5)
    for request in engine.requests:
        assert np.array_equal(plain.concepts[request].status, shuffled.concepts[request].status)
        assert np.array_equal(plain.concepts[request].margin, shuffled.concepts[request].margin)


def test_shuffling_permutes_magnitudes_and_keeps_signs(scenario_of) -> None:
    scenario = scenario_of(THREE_INTERESTS.replace("FIRST", "{ uniform = [5, 9] }"), "equal")
    drawn = sample(scenario, 1, 0, 600)
    moved = shuffled_weights(scenario, drawn, 1, 0, 600)
    names = ["RU.shells", "RU.price", "RU.food"]
    before, after = (np.stack([np.broadcast_to(own[name], 600) for name in names]) for own in (drawn, moved))
    assert np.array_equal(np.sign(before), np.sign(after))
    assert np.array_equal(np.sort(np.abs(before), axis=0), np.sort(np.abs(after), axis=0))
    for row in np.abs(after):  # the large one falls on each interest in a third of the draws
        assert abs((row > 4).mean() - 1 / 3) < 0.08
    assert np.array_equal(moved["need"], drawn["need"])


def test_the_permutation_of_a_draw_does_not_depend_on_where_the_sweep_starts(scenario_of) -> None:
    scenario = scenario_of(THREE_INTERESTS.replace("FIRST", "{ uniform = [5, 9] }"), "equal")
    whole = shuffled_weights(scenario, sample(scenario, 1, 0, 50), 1, 0, 50)
    tail = shuffled_weights(scenario, sample(scenario, 1, 30, 20), 1, 30, 20)
    assert np.array_equal(whole["RU.price"][30:], tail["RU.price"])


def test_a_weight_fixed_at_zero_takes_no_part_in_shuffling(scenario_of) -> None:
    scenario = scenario_of(THREE_INTERESTS.replace("FIRST", "0"), "equal")
    moved = shuffled_weights(scenario, sample(scenario, 1, 0, 40), 1, 0, 40)
    assert (moved["RU.shells"] == 0).all()
    assert (np.abs(moved["RU.food"]) == 3).all()


def test_a_payoff_table_is_shuffled_among_its_profiles(scenario_of) -> None:
    text = """
[scenario]
name = "table"
[players.A]
name = "A"
moves.a = ["l", "r"]
[players.B]
name = "B"
moves.b = ["l", "r"]
[events]
left = "a == 'l'"
[payoffs]
A = [[3, 2], [1, 0]]
B = [[3, 2], [1, 0]]
"""
    scenario = scenario_of(text, "table")
    found = placebo(scenario, draws=2000, seed=1, requests=[Request("pure-nash")])
    assert found.rows[0].share.lower == 1
    assert 0.2 < found.rows[0].shuffled.lower < 0.6
    assert set(found.to_dict()) == {"draws", "seed", "rows", "coin_mean_equilibria", "coin_standard_error"}
