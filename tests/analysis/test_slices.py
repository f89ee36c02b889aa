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


def test_a_slice_that_holds_a_forbidden_option_is_no_part_of_the_whole_game(scenario_of) -> None:
    text = THREE.replace("WEIGHT", "1") + '[allow]\nc = ["out"]\n'
    (found,) = solve_slices(scenario_of(text, "three"))
    assert found.forbidden == ("c",)
    assert not any(found.in_whole_game)


RANKS = """
[scenario]
name = "ranks"
[players.A]
name = "A"
moves.a = ["left", "right"]
[players.B]
name = "B"
moves.b = ["left", "right"]
[payoffs]
ordinal = ORDINAL
A = [[3, 1], [2, 4]]
B = [[3, 2], [1, 4]]
[slices.whole]
rows = "A"
columns = "B"
given = { }
"""


def test_a_mix_of_ranks_is_no_answer(scenario_of) -> None:
    (ranks,) = solve_slices(scenario_of(RANKS.replace("ORDINAL", "true"), "ranks"))
    (numbers,) = solve_slices(scenario_of(RANKS.replace("ORDINAL", "false"), "ranks"))
    assert [one.pure for one in ranks.solution.equilibria.equilibria] == [True, True]
    assert ranks.solution.agree
    assert "ranks, so pure equilibria only" in ranks.solution.equilibria.why
    assert len(numbers.solution.equilibria) == 3


def test_a_large_slice_is_asked_in_a_process_that_can_be_stopped(scenario_of, monkeypatch) -> None:
    monkeypatch.setattr("sim.analysis.slices.LARGE", 3)
    monkeypatch.setattr("sim.analysis.slices.SECONDS", 0.0)
    (found,) = solve_slices(scenario_of(RANKS.replace("ORDINAL", "false"), "ranks"))
    assert not found.solution.agree
    assert "no end within 0 s" in found.solution.differences
