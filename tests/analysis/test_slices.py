from fractions import Fraction

from sim.analysis.slices import solve_slices
from sim.game.exact import central_rationals
from sim.scenario.model import ScenarioData

# Two coordinate; a third would rather answer `left` with `out`, so of the pair's equilibria with it held at `in`
# only `right, right` is one of the whole game. A mixes 1/3 : 2/3 and so does B; the third then gains by `out`.
THREE = """
[scenario]
name = "three"
[players.A]
name = "A"
moves.a = ["left", "right"]
[players.B]
name = "B"
moves.b = ["left", "right"]
[players.C]
name = "C"
moves.c = ["in", "out"]
[stakes]
pair = { value = "2 if a == 'left' and b == 'left' else 1 if a == 'right' and b == 'right' else 0" }
leave = { value = "1 if c == 'out' and a == 'left' else 0" }
[interests.A]
pair = { weight = 1 }
[interests.B]
pair = { weight = WEIGHT }
[interests.C]
leave = { weight = 1 }
[slices.pair]
rows = "A"
columns = "B"
given = { c = "in" }
"""


def test_a_slice_equilibrium_is_tried_against_the_players_held_outside(scenario_of) -> None:
    (found,) = solve_slices(scenario_of(THREE.replace("WEIGHT", "1"), "three"))
    assert found.solution.agree
    played = {
        one.exact: whole for one, whole in zip(found.solution.equilibria.equilibria, found.in_whole_game, strict=True)
    }
    left, right = (Fraction(1), Fraction(0)), (Fraction(0), Fraction(1))
    mixed = (Fraction(1, 3), Fraction(2, 3))
    assert played == {(left, left): False, (right, right): True, (mixed, mixed): False}
    regrets = dict(zip(played, found.regrets_in_whole, strict=True))
    assert regrets == {(left, left): 1, (right, right): 0, (mixed, mixed): float(Fraction(1, 3))}
    assert found.given == {"c": "in"}
    assert found.dominant == ()


def test_numbers_that_are_given_take_the_place_of_central_ones(scenario_of) -> None:
    scenario = scenario_of(THREE.replace("WEIGHT", "{ uniform = [-3, 1] }"), "three")
    (central,) = solve_slices(scenario)  # weight -1: B would rather miss A
    (given,) = solve_slices(scenario, central_rationals(scenario, {"B.pair": Fraction(1)}))
    assert len(central.in_whole_game) == 1
    assert len(given.in_whole_game) == 3


def test_the_baselines_slices_show_all_four_countries_with_sides_of_some_moves(baseline: ScenarioData) -> None:
    found = solve_slices(baseline)
    assert {player for one in found for player in one.game.players} == {"RU", "NK", "US", "CN"}
    for one in found:
        assert len(one.in_whole_game) == len(one.solution.equilibria.equilibria)
        assert [regret == 0 for regret in one.regrets_in_whole] == list(one.in_whole_game)
    onlookers = next(one for one in found if one.name == "onlookers")
    assert any(own.strictly for own in onlookers.dominant)
