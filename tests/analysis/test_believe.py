from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from sim.analysis.believe import believe
from sim.analysis.ranges import range_of
from sim.game.payoffs import central_parameters
from sim.scenario.versions import with_values
from sim.solvers.concepts import Request, requests_for
from sim.solvers.one_game import solve_scenario
from sim.sweeps.run import make_engine, rows_at
from sim.sweeps.status import STATUSES

PAIRS, NASH = Request("strong-2"), Request("pure-nash")
ENDS = {"some": {"always", "sometimes"}, "all": {"always"}}


def beliefs(scenario, requests, events=None, draws=1000):
    found = believe(scenario, requests=requests, events=events, draws=draws, seed=1)
    return {(row.row, row.event, row.end): row for one in found for row in one.rows}


def status_at(scenario, row, moved, share=1.0):
    central = central_parameters(scenario)
    numbers = {name: np.array([central[name][0] + share * (value - central[name][0])]) for name, value in moved.items()}
    request = Request(row.concept, row.order)
    engine = make_engine(scenario, [request])
    found = rows_at(engine, central | numbers, draws=1)
    return STATUSES[int(found.concepts[request].status[engine.events.index(row.event), 0])]


def test_the_nearest_set_of_one_number_is_its_border(barter) -> None:
    # the deal needs cost < 6; at the central cost of 8 it is two away, of a half-range of 2
    scenario = barter("{ uniform = [6.5, 9.5] }", "{ uniform = [4, 8] }")
    row = beliefs(scenario, [PAIRS])["strong-2", "deal", "some"]
    # central: cost 8, shells 6. Either cost falls to 6.5 and shells rise to 6.5, or shells rise to 8, or any mixture:
    # a point of shells costs 1/2 of a half-range and a point of cost 1/1.5
    assert row.answer == "found"
    assert row.set.keys() == {"RU.shells"}
    assert row.set["RU.shells"] == pytest.approx(8, abs=1e-5)
    assert row.distance == pytest.approx(1, abs=1e-5)
    assert row.bottleneck == "RU.shells"
    assert row.profile == {"offer": "goods", "ask": "goods"}


def test_answers_are_holds_already_found_impossible(barter) -> None:
    already = beliefs(barter("{ uniform = [0, 5] }"), [PAIRS])["strong-2", "deal", "all"]
    assert (already.answer, already.set, already.distance) == ("holds already", {}, 0.0)
    never = beliefs(barter("{ uniform = [7, 9] }", "{ uniform = [3, 6] }"), [PAIRS])["strong-2", "deal", "some"]
    assert (never.answer, never.set, never.distance) == ("impossible", {}, None)
    beside = beliefs(barter("{ uniform = [0, 5] }"), [NASH])["pure-nash", "deal", "all"]
    assert beside.answer == "impossible"  # no deal is an equilibrium whatever the numbers


@pytest.mark.parametrize("event", ["technology", "deal_without_trip"])
def test_what_is_proposed_a_single_solve_confirms_and_one_per_cent_less_does_not_do(baseline, event) -> None:
    requests = requests_for(baseline, ["pure-nash", "strong-2", "subgame-perfect.threat_first"])
    rows = beliefs(baseline, requests, [event])
    found = [row for row in rows.values() if row.answer == "found"]
    assert len(found) >= 3
    for row in found:
        assert status_at(baseline, row, row.set) in ENDS[row.end]
        assert status_at(baseline, row, row.set, 0.99) not in ENDS[row.end]
        scenario = with_values(baseline, {name: Fraction(repr(value)) for name, value in row.set.items()})
        (solved,) = solve_scenario(scenario, row.concept, order=row.order)
        assert solved.status[event] in ENDS[row.end]
        assert row.profile in [dict(one.profile) for one in solved.equilibria]
        for name, value in row.set.items():
            low, high = range_of(baseline, name)
            assert low <= value <= high


GAME = """
[scenario]
name = "near"
[players.A]
name = "A"
moves.a = ["x", "y"]
[players.B]
name = "B"
moves.b = ["x", "y"]
[events]
both = "a == 'x' and b == 'x'"
[parameters]
p = {{ value = {{ uniform = [0, 1] }} }}
q = {{ value = {{ uniform = [0, 1] }} }}
[payoffs]
A = [["{0}", "{1}"], ["{2}", "{3}"]]
B = [["{4}", "{5}"], ["{6}", "{7}"]]
"""


@pytest.mark.parametrize("seed", range(12))
def test_no_set_on_a_grid_is_nearer_by_more_than_a_step(scenario_of, seed) -> None:
    rng = np.random.default_rng(seed)
    cells = [f"{rng.integers(-1, 2)} + {rng.integers(-2, 3)} * p + {rng.integers(-2, 3)} * q" for _ in range(8)]
    scenario = scenario_of(GAME.format(*cells), "near")
    engine = make_engine(scenario, [NASH, PAIRS])
    steps = np.linspace(0, 1, 41)
    p, q = (np.array(own) for own in zip(*product(steps, steps), strict=True))
    rows = rows_at(engine, {"p": p, "q": q})
    distance = np.abs(p - 0.5) / 0.5 + np.abs(q - 0.5) / 0.5
    for (name, _, end), row in beliefs(scenario, [NASH, PAIRS]).items():
        codes = rows.concepts[Request(name)].status[0]
        held = np.isin([STATUSES[code] for code in codes], list(ENDS[end]))
        if not held.any():
            assert row.answer in ("impossible", "not found", "found")  # a set may lie between the grid's lines
            continue
        if row.answer == "not found":
            assert held.sum() <= len(steps)  # it holds on a line alone, where payoffs tie
            continue
        assert row.answer in ("holds already", "found")
        assert row.distance <= distance[held].min() + 1e-4


@pytest.mark.parametrize("end", ["some", "all"])
def test_a_number_with_a_few_values_is_believed_to_be_one_of_them(barter, end) -> None:
    few = "{ choice = { values = [9, 7, 5, 2], shares = [0.7, 0.1, 0.1, 0.1] } }"
    (found,) = believe(barter(few), requests=[Request("pure-nash"), Request("strong-2")], draws=50, seed=1)
    rows = {(row.row, row.end): row for row in found.rows}
    row = rows["strong-2", end]
    assert (row.answer, dict(row.set)) == ("found", {"cost": 5.0})  # the nearest below the worth of 6
    assert row.distance == pytest.approx(4 / 3.5)
    assert dict(rows["pure-nash", "some"].set) == {"cost": 5.0}
