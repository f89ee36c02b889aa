from fractions import Fraction

import numpy as np
import pytest

import sim
from sim.analysis.learn import gain_of_knowing, learn
from sim.analysis.policy import commitments, deciding, policy
from sim.errors import UsageError
from sim.game.exact import normal_form_game
from sim.scenario.versions import with_values
from sim.show.export_game import export_game
from sim.solvers.concepts import Request, requests_for
from sim.solvers.one_game import solve_game
from sim.sweeps.streams import sample

NASH = Request("pure-nash")

LEADER = """
[scenario]
name = "leader"
decides = "A"
[players.A]
name = "A"
moves.a = ["out", "in"]
[players.B]
name = "B"
moves.b = ["wait", "act"]
[events]
done = "a == 'in' and b == 'act'"
[parameters]
prize = { value = { normal = [MEAN, 2] } }
[stakes]
gain = { value = "prize if a == 'in' else 0" }
shift = { value = "1" }
alike = { value = "1 if (a == 'in') == (b == 'act') else 0" }
[interests.A]
gain = { weight = SCALE }
shift = { weight = SHIFT }
[interests.B]
alike = { weight = 1 }
"""


def leader(scenario_of, mean="1", scale="1", shift="0"):
    text = LEADER.replace("MEAN", mean).replace("SCALE", scale).replace("SHIFT", shift)
    return scenario_of(text, "leader")


def test_the_best_action_of_a_draw_has_no_regret_and_the_other_what_it_forgoes(scenario_of) -> None:
    scenario = leader(scenario_of)
    prize = sample(scenario, 1, 0, 4000)["prize"]
    out, enter = policy(scenario, requests=[NASH], draws=4000, seed=1).rows
    assert (out.action, enter.action) == ({"a": "out"}, {"a": "in"})
    assert out.lower == out.upper  # one equilibrium after each
    assert out.lower.mean == pytest.approx(np.maximum(prize, 0).mean())
    assert enter.lower.mean == pytest.approx(np.maximum(-prize, 0).mean())
    assert out.lower.greatest == pytest.approx(prize.max())
    assert out.lower.best + enter.lower.best == 1
    assert out.n == 4000


def test_a_constant_changes_no_regret_and_a_factor_scales_it(scenario_of) -> None:
    rows = [
        policy(leader(scenario_of, scale=scale, shift=shift), requests=[NASH], draws=500, seed=1).rows
        for scale, shift in (("1", "0"), ("1", "40"), ("3", "0"))
    ]
    for plain, moved, scaled in zip(*rows, strict=True):
        assert moved.lower.mean == pytest.approx(plain.lower.mean, rel=1e-9)
        assert moved.lower.greatest == pytest.approx(plain.lower.greatest, rel=1e-9)
        assert scaled.lower.mean == pytest.approx(3 * plain.lower.mean, rel=1e-9)
        assert (moved.lower.best, scaled.lower.best) == (plain.lower.best, plain.lower.best)


def test_each_induced_game_solved_again_from_its_exported_file_gives_the_same_payoffs(baseline, tmp_path) -> None:
    us = deciding(baseline, None)
    assert us.name == "US"
    found = commitments(baseline, us, [NASH], 3, 1)
    drawn = sample(baseline, 1, 0, 3)
    for draw in range(3):
        numbers = {name: Fraction(float(own[draw if len(own) > 1 else 0])) for name, own in drawn.items()}
        for k, action in enumerate(found.actions):
            fixed = _allowing(with_values(baseline, numbers), action)
            path = tmp_path / f"induced-{draw}-{k}.nfg"
            path.write_text(export_game(normal_form_game(fixed, numbers), "nfg"), encoding="utf-8")
            game = sim.read_game(path)
            place = game.players.index("US")
            payoffs = [one.payoffs[place] for one in solve_game(game, "pure-nash").equilibria]
            assert found.lower[NASH][k, draw] == pytest.approx(min(payoffs), abs=1e-9)
            assert found.upper[NASH][k, draw] == pytest.approx(max(payoffs), abs=1e-9)


def _allowing(scenario, action):
    from dataclasses import replace

    moves = tuple(
        replace(move, allowed=(move.options.index(action[move.name]),)) if move.name in action else move
        for move in scenario.moves
    )
    return replace(scenario, moves=moves)


def test_a_level_counts_the_draws_that_reach_it(scenario_of) -> None:
    scenario = leader(scenario_of)
    prize = sample(scenario, 1, 0, 1000)["prize"]
    out, enter = policy(scenario, requests=[NASH], level=0.5, draws=1000, seed=1).rows
    assert out.lower.satisficing == 0
    assert enter.lower.satisficing == (prize >= 0.5).mean()


def test_who_decides_must_be_there_and_have_a_choice(barter, baseline) -> None:
    with pytest.raises(UsageError, match="Who decides"):
        policy(barter(), requests=[NASH], draws=5, seed=1)
    with pytest.raises(UsageError, match="Did you mean 'RU'"):
        policy(barter(), player="RUS", requests=[NASH], draws=5, seed=1)


@pytest.mark.parametrize("mean", [0.0, 0.7, -1.5])
def test_the_value_of_information_is_the_closed_form_for_two_options(scenario_of, mean) -> None:
    from math import exp, pi, sqrt

    from scipy.special import ndtr

    scenario = leader(scenario_of, mean=str(mean))
    found = learn(scenario, player="A", requests=[NASH], draws=20_000, seed=2)
    s = 2.0
    closed = s * exp(-((mean / s) ** 2) / 2) / sqrt(2 * pi) + mean * float(ndtr(mean / s)) - max(mean, 0)
    for one in found.everything:
        assert one.value == pytest.approx(closed, abs=0.04)
    prize = next(row for row in found.rows if row.names == ("prize",))
    assert prize.value == pytest.approx(closed, abs=0.04)
    assert prize.telling


def test_a_number_that_decides_nothing_is_worth_no_more_than_noise(barter) -> None:
    found = learn(barter(), player="RU", requests=[NASH], draws=2000, seed=1)
    idle = [row for row in found.rows if row.names == ("idle",)]
    assert idle
    assert not any(row.value > max(row.null, 1e-12) + 2 * row.error for row in idle)


def test_a_group_is_worth_at_least_its_members(baseline) -> None:
    found = learn(baseline, player="US", requests=requests_for(baseline, ["strong-2"]), draws=600, seed=1)
    groups = [row for row in found.rows if len(row.names) > 1]
    assert groups
    for group in groups:
        for row in found.rows:
            if row.end == group.end and row.concept == group.concept and set(row.names) < set(group.names):
                assert group.value >= row.value


def test_knowing_what_is_the_same_for_all_actions_is_worth_nothing() -> None:
    payoff = np.random.default_rng(1).normal(size=(1, 200)) + np.array([[0.0], [-1.0]])
    assert gain_of_knowing(payoff) == pytest.approx(0, abs=1e-12)


def test_without_a_player_the_share_of_variance_is_told(barter) -> None:
    found = learn(barter(), requests=[Request("strong-2")], draws=4000, seed=1)
    cost = next(row for row in found.rows if row.names == ("cost",) and row.event == "deal" and row.end == "lower")
    idle = next(row for row in found.rows if row.names == ("idle",) and row.event == "deal" and row.end == "lower")
    assert cost.value > 0.7  # the deal is cost < 6 and nothing else; a smooth function explains most of a step
    assert not idle.telling or idle.value < 0.01


def test_where_every_number_is_known_nothing_is_worth_finding_out(barter) -> None:
    found = learn(known(barter), player="RU", requests=[NASH], draws=200, seed=1)
    assert found.rows == ()
    assert all(one.value == 0 for one in found.everything)


def test_ranks_cannot_be_regretted_by_an_amount(root) -> None:
    from sim.scenario.reader import read_scenario

    ranked = read_scenario(root / "scenarios" / "published" / "elmira.toml")
    with pytest.raises(UsageError, match="ranks"):
        policy(ranked, player="MOE", requests=[NASH], draws=5, seed=1)


def known(barter):
    scenario = barter(cost="3")
    return with_values(scenario, {"idle": Fraction(1, 2)})


def test_the_events_of_the_equilibria_that_follow_are_told_for_each_action(barter) -> None:
    # North Korea answers an offer by asking, whatever the offer costs Russia; without one there is no deal
    found = policy(barter(), player="RU", requests=[NASH], draws=50, seed=1)
    told = {row.label: row.to_dict()["events"] for row in found.rows}
    assert told["offer=none"] == {"deal": {"always": 0.0, "possible": 0.0}}
    assert told["offer=goods"] == {"deal": {"always": 1.0, "possible": 1.0}}
