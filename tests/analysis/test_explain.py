from fractions import Fraction

import numpy as np
import pytest

from sim.analysis.explain import explain, parse_profile
from sim.errors import UsageError
from sim.game.payoffs import compile_family, payoffs
from sim.scenario.model import ScenarioData
from sim.show.explanation import plain_explanation
from sim.solvers.concepts import Request, requests_for
from sim.sweeps.run import all_rows, make_engine
from sim.sweeps.streams import sample

PROFILE = parse_profile("offer=goods ask=goods travel=go disclosure=disclose response=hold stance=tolerate")


@pytest.mark.parametrize("draw", [None, 0, 137])
def test_the_points_of_each_player_and_observer_add_up_to_its_payoff(baseline: ScenarioData, draw: int | None) -> None:
    found = explain(baseline, profile=PROFILE, draw=draw)
    assert list(found.payoffs) == ["RU", "NK", "US", "CN", "KR"]
    for player, payoff in found.payoffs.items():
        terms = [term for term in found.stakes if term.player == player]
        assert sum(term.points for term in terms) == pytest.approx(payoff, abs=1e-9)
        for term in terms:
            assert term.points == pytest.approx(term.weight * term.value / term.swing, abs=1e-9)


def test_draw_k_has_the_parameters_of_row_k_to_the_last_bit(baseline: ScenarioData) -> None:
    rows = all_rows(make_engine(baseline, [Request("pure-nash")]), 300, 4)
    for draw in (0, 137, 299):
        found = explain(baseline, profile=PROFILE, draw=draw, seed=4)
        for name, own in rows.parameters.items():
            assert found.parameters[name] == own[draw if len(own) > 1 else 0]
        assert list(found.parameters) == list(rows.parameters)


def test_a_fixed_number_moves_no_other_number_of_the_draw(baseline: ScenarioData) -> None:
    plain = explain(baseline, profile=PROFILE, draw=7)
    fixed = explain(baseline, profile=PROFILE, draw=7, set={"RU.shells": Fraction(1, 4)})
    differing = {name for name, value in plain.parameters.items() if fixed.parameters[name] != value}
    assert differing == {"RU.shells"}
    assert fixed.parameters["RU.shells"] == 0.25


def test_losses_are_those_of_the_best_other_action(baseline: ScenarioData) -> None:
    found = explain(baseline, profile=PROFILE, draw=3)
    family = compile_family(baseline)
    tensor = payoffs(family, sample(baseline, 1, 3, 1))[0]
    at = tuple(move.options.index(PROFILE[move.name]) for move in baseline.moves)
    for one in found.alternatives:
        row = family.players.index(one.player)
        axes = family.axes_of[row]
        others = [
            tensor[(row, *index)]
            for index in np.ndindex(family.shape)
            if index != at and all(index[k] == at[k] for k in range(len(at)) if k not in axes)
        ]
        assert one.loss == tensor[(row, *at)] - max(others)
        for k, move in enumerate(baseline.moves):
            assert k in axes or one.profile[move.name] == PROFILE[move.name]
    assert [one.player for one in found.alternatives] == ["RU", "NK", "US", "CN"]


def test_an_alternative_that_is_a_gain_has_a_negative_loss(barter) -> None:
    found = explain(barter("2"), profile={"offer": "none", "ask": "goods"})
    losses = {one.player: one.loss for one in found.alternatives}
    assert losses == {"RU": -4, "NK": 0}
    assert found.events == {"deal": False}


def test_forbidden_options_are_no_alternatives(barter) -> None:
    scenario = barter("2", extra='[allow]\noffer = ["none"]\n')
    found = explain(scenario, profile={"offer": "none", "ask": "goods"})
    assert [one.player for one in found.alternatives] == ["NK"]


def test_the_profile_left_out_is_the_first_strong_equilibrium_else_the_first_nash(barter) -> None:
    deal = explain(barter("2"))
    assert (deal.profile, deal.chosen) == ({"offer": "goods", "ask": "goods"}, "strong-2")
    dear = explain(barter("9"))
    assert dear.chosen == "strong-2"
    assert not dear.events["deal"]


def test_without_a_pure_equilibrium_a_profile_must_be_said(scenario_of) -> None:
    pennies = scenario_of(
        '[scenario]\nname = "pennies"\n[players.A]\nname = "A"\nmoves.a = ["x", "y"]\n'
        "[players.B]\nname = 'B'\nmoves.b = ['x', 'y']\n"
        "[payoffs]\nA = [[1, 0], [0, 1]]\nB = [[0, 1], [1, 0]]\n",
        "pennies",
    )
    with pytest.raises(UsageError, match="no pure equilibrium"):
        explain(pennies)
    with pytest.raises(UsageError, match="say an option for every move"):
        explain(pennies, profile={"a": "x"})
    assert explain(pennies, profile={"a": "x", "b": "y"}).payoffs == {"A": 0, "B": 1}


def test_slips_in_a_profile_are_answered_with_the_mend(barter) -> None:
    with pytest.raises(UsageError, match="Did you mean 'offer'"):
        explain(barter(), profile={"ofer": "none", "ask": "none"})
    with pytest.raises(UsageError, match="Did you mean 'goods'"):
        explain(barter(), profile={"offer": "good", "ask": "none"})
    with pytest.raises(UsageError, match="move=option"):
        parse_profile("offer goods")
    with pytest.raises(UsageError, match="no player"):
        explain(barter(), player="XX")


def test_narrowed_to_a_player_it_shows_that_player_alone(baseline: ScenarioData) -> None:
    found = explain(baseline, profile=PROFILE, player="NK").to_dict()
    assert list(found["payoffs"]) == ["NK"]
    assert {term["player"] for term in found["stakes"]} == {"NK"}
    assert [one["player"] for one in found["alternatives"]] == ["NK"]
    assert {"player", "stake", "weight", "value", "swing", "points", "rests_on"} <= set(found["stakes"][0])


def test_every_term_of_the_baseline_rests_on_claims_of_its_register(baseline: ScenarioData) -> None:
    for term in explain(baseline, profile=PROFILE).stakes:
        assert term.rests_on
        assert set(term.rests_on) <= set(baseline.claims)
    assert requests_for(baseline)


def test_moves_left_out_are_those_of_the_first_equilibrium_and_are_named(baseline) -> None:
    whole = explain(baseline)
    part = explain(baseline, profile={"travel": "stay"})
    assert part.profile == {**whole.profile, "travel": "stay"}
    assert (part.chosen, whole.completed) == (whole.chosen, ())
    assert part.completed == tuple(move for move in whole.profile if move != "travel")
    assert explain(baseline, profile=part.profile).completed == ()
    assert (
        f"the moves given, with {', '.join(part.completed)} as in equilibrium 1 of {part.equilibria} under strong-2"
        in (" ".join(plain_explanation(part, baseline).split()))
    )
