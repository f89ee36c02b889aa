from itertools import product

import numpy as np
import pytest

from sim.analysis.gain_bounds import least_gains, ranges_of_numbers
from sim.analysis.prove import prove
from sim.game.payoffs import central_parameters, compile_family, payoffs
from sim.solvers.concepts import Request, requests_for
from sim.sweeps.run import all_rows, make_engine, rows_at
from sim.sweeps.status import STATUSES
from sim.sweeps.streams import sample

PAIRS, NASH = Request("strong-2"), Request("pure-nash")


def verdicts(scenario, requests, draws=300):
    return {
        (row.row, row.event): row for one in prove(scenario, requests=requests, draws=draws, seed=1) for row in one.rows
    }


@pytest.mark.parametrize(
    ("cost", "shells", "verdict"),
    [
        ("{ uniform = [0, 5] }", "{ uniform = [6, 9] }", "necessary"),
        ("{ uniform = [0, 6] }", "{ uniform = [6, 9] }", "possible"),  # at one corner Russia is indifferent
        ("{ uniform = [7, 9] }", "{ uniform = [3, 6] }", "impossible"),
        ("{ uniform = [0, 10] }", "6", "possible"),
        ("{ normal = [1, 1] }", "6", "undecided"),  # no range bounds the cost; 300 draws do not show the tail
    ],
)
def test_a_deal_is_necessary_possible_or_impossible_as_its_cost_and_worth_say(barter, cost, shells, verdict) -> None:
    row = verdicts(barter(cost, shells), [PAIRS])["strong-2", "deal"]
    assert row.verdict == verdict


def test_under_plain_nash_no_deal_stands_beside_every_deal(barter) -> None:
    row = verdicts(barter("{ uniform = [0, 5] }"), [NASH])["pure-nash", "deal"]
    assert row.verdict == "possible"
    scenario = barter("{ uniform = [0, 5] }")
    engine = make_engine(scenario, [NASH])
    for witness, words in (
        (row.witness_for, {"always", "sometimes"}),
        (row.witness_against, set(STATUSES) - {"always"}),
    ):
        found = rows_at(engine, central_parameters(scenario) | {name: np.array([x]) for name, x in witness.items()})
        assert STATUSES[int(found.concepts[NASH].status[0, 0])] in words


GAME = """
[scenario]
name = "grid"
[players.A]
name = "A"
moves.a = ["x", "y"]
[players.B]
name = "B"
moves.b = ["x", "y"]
[events]
first = "a == 'x'"
both = "a == 'x' and b == 'x'"
[parameters]
p = {{ value = {{ uniform = [{p[0]}, {p[1]}] }} }}
q = {{ value = {{ uniform = [{q[0]}, {q[1]}] }} }}
[payoffs]
A = [["{0}", "{1}"], ["{2}", "{3}"]]
B = [["{4}", "{5}"], ["{6}", "{7}"]]
[orders.a_first]
moves = ["a", "b"]
[orders.together]
moves = [["a", "b"]]
"""


@pytest.mark.parametrize("seed", range(40))
def test_verdicts_agree_with_a_brute_force_grid_on_two_by_two_games(scenario_of, seed) -> None:
    rng = np.random.default_rng(seed)
    cells = [f"{rng.integers(-2, 3)} + {rng.integers(-1, 2)} * p + {rng.integers(-1, 2)} * q" for _ in range(8)]
    cells = [cell if rng.random() < 0.6 else f"{cell} + {rng.integers(-1, 2)} * p * q" for cell in cells]
    low = rng.integers(-2, 1, 2)
    text = GAME.format(*cells, p=(low[0], low[0] + 1), q=(low[1], low[1] + 1))
    scenario = scenario_of(text, "grid")
    requests = requests_for(scenario)
    engine = make_engine(scenario, requests)
    grid = np.linspace(0, 1, 21)
    p, q = (np.array(own) for own in zip(*product(low[0] + grid, low[1] + grid), strict=True))
    rows = rows_at(engine, {"p": p, "q": q})
    for (name, event), row in verdicts(scenario, requests).items():
        request = next(one for one in requests if one.name == name)
        words = {STATUSES[code] for code in rows.concepts[request].status[engine.events.index(event)].tolist()}
        if words == {"always"}:
            assert row.verdict in ("necessary", "possible", "undecided")
        elif not words & {"always", "sometimes"}:
            assert row.verdict in ("impossible", "possible", "undecided")
        else:
            assert row.verdict == "possible"
        if row.verdict == "necessary":
            assert words == {"always"}
        if row.verdict == "impossible":
            assert not words & {"always", "sometimes"}


def test_most_two_by_two_games_are_decided(scenario_of) -> None:
    rng = np.random.default_rng(7)
    told = []
    for k in range(30):
        cells = [f"{rng.integers(-2, 3)} + {rng.integers(-1, 2)} * p + {rng.integers(-1, 2)} * q" for _ in range(8)]
        scenario = scenario_of(GAME.format(*cells, p=(0, 1), q=(0, 1)).replace('"grid"', f'"grid{k}"'), f"grid{k}")
        told += [row.verdict for row in verdicts(scenario, requests_for(scenario)).values()]
    assert {"necessary", "impossible", "possible"} <= set(told)
    assert told.count("undecided") < 0.1 * len(told)


@pytest.mark.parametrize("player", ["RU", "NK", "US", "CN"])
def test_no_draw_has_a_smaller_gain_than_the_least(baseline, player) -> None:
    family = compile_family(baseline, allowed_only=True)
    least = least_gains(family, player)
    drawn = payoffs(family, sample(baseline, 3, 0, 60), of=(player,))[:, 0].reshape(60, -1)
    for own in drawn:
        assert (own[None, :] - own[:, None] >= least - 1e-9).all()
    assert np.isfinite(least).all()


def test_every_witness_of_the_baseline_lies_in_the_ranges_and_shows_what_it_says(baseline) -> None:
    requests = requests_for(baseline, ["pure-nash", "strong-2"])
    engine, ends = make_engine(baseline, requests), ranges_of_numbers(baseline)
    for (name, event), row in verdicts(baseline, requests, draws=2000).items():
        request = Request(name)
        for witness, shown in ((row.witness_for, (0, 1)), (row.witness_against, (1, 2, 3))):
            if witness is None:
                continue
            assert all(ends[number][0] <= value <= ends[number][1] for number, value in witness.items())
            numbers = central_parameters(baseline) | {number: np.array([value]) for number, value in witness.items()}
            assert rows_at(engine, numbers).concepts[request].status[engine.events.index(event), 0] in shown


def test_what_is_proved_no_draw_contradicts(barter) -> None:
    for cost, shells in (
        ("{ uniform = [0, 5] }", "{ uniform = [6, 9] }"),
        ("{ uniform = [7, 9] }", "{ pert = [3, 4, 6] }"),
    ):
        scenario = barter(cost, shells)
        requests = requests_for(scenario)
        rows = all_rows(make_engine(scenario, requests), 20_000, 5)
        for (name, _), row in verdicts(scenario, requests).items():
            request = next(one for one in requests if one.name == name)
            codes = rows.concepts[request].status[0]
            if row.verdict == "necessary":
                assert (codes == 0).all()
            if row.verdict == "impossible":
                assert (codes >= 2).all()


def test_a_scenario_without_numbers_is_decided_by_its_one_game(scenario_of) -> None:
    scenario = scenario_of(GAME.format(*"30510351", p=(0, 1), q=(0, 1)), "grid")
    fixed = {
        (row.row, row.event): row.verdict
        for one in prove(scenario, requests=[NASH], draws=5, seed=1)
        for row in one.rows
    }
    assert fixed["pure-nash", "both"] == "impossible"  # a prisoners' dilemma: y dominates
