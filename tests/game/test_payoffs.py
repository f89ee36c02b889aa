"""Payoffs: sums of weighted stakes by hand, the same bits however draws are cut, plain words where one fails."""

from pathlib import Path

import numpy as np
import pytest

import sim
from sim.game.payoffs import compile_family, event_values, stake_values
from tests.made import TWO, UNSURE, listed, made

SHIPPED = sorted((Path(__file__).parents[2] / "scenarios").glob("*.toml"))


def stake(formula: str, parameters: str = "x = { value = 2 }", weight: str = "1") -> str:
    interests = f"[interests.A]\ns = {{ weight = {weight} }}\n"
    return f'{TWO}[parameters]\n{parameters}\n[stakes]\ns = {{ value = "{formula}" }}\n{interests}'


def test_a_payoff_is_the_sum_of_weight_times_stake_over_swing(tmp_path: Path) -> None:
    scenario = made(tmp_path, TWO + UNSURE)
    u = scenario.payoffs(
        {"need": 1, "size": 3, "cost": 0.5, "odds": 2, "A.gain": 4, "tilt": 0.06, "luck": 0, "mood": 1}
    )
    assert u.shape == (1, 2, 3, 2)
    gain = np.array([[0, 0], [-1, 3 - 1], [-2, 3 - 2]])
    face = np.array([[0, 0.6]] * 3)
    np.testing.assert_allclose(u[0, 0], 4 * gain / 2 - face, atol=1e-15)
    np.testing.assert_allclose(scenario.observers({"tilt": 0.06, "luck": 0})[0, 0], 3 * face, atol=1e-15)


def test_known_and_missing_numbers_count_for_all_draws(tmp_path: Path) -> None:
    scenario = made(tmp_path, TWO + UNSURE)
    u = scenario.payoffs({"need": [0.2, 0.3], "cost": 0.5})
    assert u.shape == (2, 2, 3, 2)
    one = scenario.payoffs(scenario.central() | {"need": 0.3, "cost": [0.5]})
    assert (u[1] == one[0]).all()


@pytest.mark.parametrize("size", [1, 7, 64, 100])
def test_where_draws_are_cut_changes_no_bit(tmp_path: Path, size: int) -> None:
    for scenario in (made(tmp_path, TWO + UNSURE), sim.load("vladivostok-2023")):
        parameters = scenario.draws(150, seed=5)
        whole = scenario.payoffs(parameters)
        for first in range(0, 150, size):
            part = {name: own[first : first + size] for name, own in parameters.items()}
            assert (scenario.payoffs(part) == whole[first : first + size]).all()


def test_a_draw_alone_has_the_bits_that_it_has_among_others() -> None:
    scenario = sim.load("vladivostok-2023")
    whole = scenario.payoffs(scenario.draws(200, seed=5))
    for draw in (0, 1, 128, 199):
        assert (scenario.payoffs(scenario.draws(1, seed=5, first=draw))[0] == whole[draw]).all()


@pytest.mark.parametrize(
    ("formula", "at_high_yes"),
    [
        ("1 / rank(a) if a != 'low' else 7", 0.5),  # moves alone
        ("x / rank(a) if a != 'low' else 7", 1.0),  # with a draw
        ("(a == 'low' or 1 / rank(a) > 0.4) * 1", 1.0),  # not looked at after a truth
        ("(a != 'low' and 1 / rank(a) > 0.6) * 1", 0.0),
        ("log(rank(b)) if b == 'yes' else 0", 0.0),
        ("sqrt(x - 3) if x > 3 else x", 2.0),
        ("helper if a != 'low' else 0", 1.0),  # a stake that no one weighs may be undefined where it is not used
    ],
)
def test_a_branch_that_is_not_taken_is_no_error(tmp_path: Path, formula: str, at_high_yes: float) -> None:
    body = stake(formula).replace("[stakes]", '[stakes]\nhelper = { value = "x / rank(a)" }')
    scenario = made(tmp_path, body)
    assert scenario.payoffs()[0, 0, 2, 1] == at_high_yes
    assert np.isfinite(scenario.payoffs()).all()
    assert float(scenario.game().exact[0][2, 1]) == at_high_yes


@pytest.mark.parametrize(
    ("formula", "profile"),
    [
        ("1 / rank(a)", "a=low b=no"),  # moves alone
        ("(1 / rank(b) > 2) * x", "a=low b=no"),  # a comparison must not hide it
        ("x / (rank(a) - 1) if b == 'yes' else 0", "a=mid b=yes"),
        ("log(x - 2)", "a=low b=no"),
        ("exp(x * 500)", "a=low b=no"),
        ("(0 - x) ** 0.5", "a=low b=no"),
    ],
)
def test_any_other_number_that_fails_names_stake_profile_and_parameters(tmp_path: Path, formula, profile) -> None:
    scenario = made(tmp_path, stake(formula))
    with pytest.raises(sim.PayoffError) as caught:
        scenario.payoffs()
    for part in ("made.toml", "stake 's'", f"at {profile} ", "x=2.0", "Guard it"):
        assert part in str(caught.value)
    with pytest.raises(sim.PayoffError, match=rf"stake 's' has no exact value at {profile}: "):
        scenario.game()


def test_the_draw_that_fails_is_the_one_that_is_named(tmp_path: Path) -> None:
    scenario = made(tmp_path, stake("1 / x"))
    with pytest.raises(sim.PayoffError, match=r"x=0\.0"):
        scenario.payoffs({"x": [1.0] * 200 + [0.0] + [2.0] * 9})


def test_an_event_that_has_no_value_somewhere_is_named(tmp_path: Path) -> None:
    scenario = made(tmp_path, '[events]\nodd = "1 / rank(a) > 0.6"\n' + stake("x"))
    with pytest.raises(sim.PayoffError, match="event 'odd' is not a finite number at a=low b=no"):
        event_values(compile_family(scenario.data))


def test_a_payoff_beyond_the_floats_is_an_error_and_not_a_tie(tmp_path: Path) -> None:
    scenario = made(tmp_path, stake("x * rank(a)", "x = { value = 1e200 }"))
    with pytest.raises(sim.PayoffError, match=r"the payoff of 'A' is not a finite number at a=mid b=no with x=1e\+200"):
        scenario.payoffs({"A.s": 1e200})
    assert np.isfinite(scenario.payoffs({"A.s": 1e100})).all()


@pytest.mark.parametrize("unit", [1e-300, 1e-12, 1e12, 1e300])
def test_the_size_of_payoffs_changes_no_equilibrium(tmp_path: Path, unit: float) -> None:
    scenario = made(tmp_path, TWO + UNSURE)
    u = scenario.normal_form(scenario.draws(200))
    u = 1.0 * np.round(u * 4)  # full of ties
    scaled, plain = (sim.solve_many(own, concept="pure-nash") for own in (u * unit, u))
    assert listed(scaled) == listed(plain)


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({"no_such": 1}, "no number called 'no_such'"),
        ({"need": [1, 2], "cost": [1, 2, 3]}, r"lengths are \[2, 3\]"),
        ({"need": float("nan")}, "'need' holds a value that is not a finite number"),
        ({"need": [0.1, float("inf")]}, "'need' holds a value that is not a finite number"),
        ({"need": "much"}, "'need' must be numbers"),
        ({"need": [[1, 2]]}, "'need' must have one value a draw"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(tmp_path: Path, values, complaint) -> None:
    with pytest.raises(sim.PayoffError, match=complaint):
        made(tmp_path, TWO + UNSURE).payoffs(values)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_floats_and_fractions_agree_on_every_shipped_scenario(path: Path) -> None:
    scenario = sim.load(path)
    game, floats = scenario.game(), scenario.normal_form()[0]
    for exact, own in zip(game.payoffs, floats, strict=True):
        np.testing.assert_allclose(own, exact, rtol=0, atol=1e-11 * max(1.0, np.abs(exact).max()))


def test_allow_cuts_the_normal_form_and_leaves_whole_ladders_elsewhere(tmp_path: Path) -> None:
    whole = made(tmp_path, TWO + UNSURE)
    cut = made(tmp_path, TWO + UNSURE + '[allow]\na = ["low", "high"]\n', "cut")
    parameters = whole.draws(9)
    assert (cut.payoffs(parameters) == whole.payoffs(parameters)).all()
    assert (cut.normal_form(parameters) == whole.normal_form(parameters)[:, :, [0, 2]]).all()
    assert cut.game().actions[0] == ("low", "high")


def test_moves_of_one_player_merge_with_the_last_fastest(tmp_path: Path) -> None:
    players = """
[players.A]
name = "A"
moves.p = ["0", "1"]
[players.B]
name = "B"
moves.q = ["0", "1", "2"]
moves.r = ["0", "1"]
"""
    formula = "100 * rank(p) + 10 * rank(q) + rank(r)"
    body = f'{players}[stakes]\ns = {{ value = "{formula}" }}\n[interests.A]\ns = {{ weight = 1 }}\n'
    scenario = made(tmp_path, body)
    assert scenario.normal_form()[0, 0].tolist() == [[0, 1, 10, 11, 20, 21], [100, 101, 110, 111, 120, 121]]
    assert scenario.game().actions[1][1] == "q=0 r=1"


TABLE = """
[parameters]
x = { value = { uniform = [1, 2] } }
[payoffs]
A = [[3, "1/3"], ["x * 2", 0.5], [-1, 0]]
B = [[0, 1], [1, "x - 1"], ["1 / (x - 1)", 5]]
O = [[0, 0], [0, 0], [0, 9]]
"""


def test_a_table_of_numbers_and_formulas_is_read_cell_by_cell(tmp_path: Path) -> None:
    scenario = made(tmp_path, TWO + TABLE)
    u = scenario.payoffs({"x": [1.5, 2.0]})
    assert u[1].tolist() == [[[3, 1 / 3], [4, 0.5], [-1, 0]], [[0, 1], [1, 1], [1, 5]]]
    assert u[0, 0, 1, 0] == 3
    assert scenario.observers()[0, 0, 2, 1] == 9
    assert [str(cell) for cell in scenario.game().exact[0].ravel()] == ["3", "1/3", "3", "1/2", "-1", "0"]


def test_a_cell_that_fails_is_named_by_its_profile(tmp_path: Path) -> None:
    scenario = made(tmp_path, TWO + TABLE)
    with pytest.raises(sim.PayoffError, match=r"the payoff of 'B' is not a finite number at a=high b=no with x=1\.0"):
        scenario.payoffs({"x": 1})
    with pytest.raises(sim.PayoffError, match="the payoff of 'B' has no exact value at a=high b=no: division by zero"):
        scenario.game(x=1)


def test_a_forbidden_cell_may_fail(tmp_path: Path) -> None:
    scenario = made(tmp_path, TWO + TABLE + '[allow]\na = ["low", "mid"]\n')
    assert np.isfinite(scenario.normal_form({"x": 1})).all()


def test_events_hold_where_their_formula_says(tmp_path: Path) -> None:
    values = event_values(compile_family(made(tmp_path, TWO + UNSURE).data))
    assert values["agreed"].tolist() == [[False, False], [False, True], [False, True]]
    assert values["high"].tolist() == [[False, False], [False, False], [True, True]]


def test_stakes_are_factors_whose_weighted_sum_is_the_payoff() -> None:
    scenario = sim.load("vladivostok-2023")
    family, parameters = compile_family(scenario.data), scenario.draws(5)
    stakes = stake_values(family, parameters)
    for player, own in zip(family.players, np.moveaxis(scenario.payoffs(parameters), 0, -1), strict=True):
        total = sum(stakes[i.stake] * parameters[i.name] / family.swings[i.stake] for i in family.interests[player])
        np.testing.assert_allclose(np.broadcast_to(total, own.shape), own, atol=1e-11)


def test_a_player_without_interests_is_indifferent_everywhere(tmp_path: Path) -> None:
    scenario = made(tmp_path, stake("x * rank(a)"))
    assert (scenario.payoffs()[:, 1] == 0).all()
    assert scenario.payoffs()[0, 0, :, 0].tolist() == [0, 2, 4]
