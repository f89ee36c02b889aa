from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from sim.analysis.partition import ThresholdPiece, ThresholdPoint, partition, simplest
from sim.analysis.ranges import range_of
from sim.analysis.regime_map import outcome_label, regime_map
from sim.analysis.thresholds import threshold_curve, thresholds
from sim.errors import UsageError
from sim.game.payoffs import central_parameters
from sim.solvers.concepts import Request, requests_for
from sim.sweeps.run import make_engine, rows_at
from sim.sweeps.status import STATUSES


@pytest.mark.parametrize("shells", ["6", "7.3", "0.001"])
def test_a_threshold_known_in_closed_form_is_met_to_a_billionth_of_the_range(barter, shells) -> None:
    scenario = barter(shells=shells)
    found = {one.row: one for one in thresholds(scenario, "cost", requests=requests_for(scenario))}
    words = {row: [piece.status for piece in one.pieces] for row, one in found.items()}
    assert words["strong-2"] == ["always", "never"]
    assert words["pure-nash"] == ["sometimes", "never"]
    for one in found.values():
        assert one.values[0] == pytest.approx(float(shells), abs=1e-8)
        assert (one.pieces[0].start, one.pieces[-1].stop) == (0, 10)
        assert one.pieces[0].stop == one.pieces[1].start
        assert one.prior == pytest.approx([float(shells) / 10], abs=1e-8)  # of a uniform cost


def test_the_status_differs_on_both_sides_of_each_threshold_and_is_constant_between(baseline) -> None:
    requests = requests_for(baseline, ["pure-nash", "strong-2"])
    low, high = range_of(baseline, "payment")
    found = [one for one in thresholds(baseline, "payment", requests=requests) if one.values]
    assert found
    engine = make_engine(baseline, requests)
    step = 1e-6 * (high - low)
    for one in found:
        values = [piece.start + step for piece in one.pieces] + [piece.stop - step for piece in one.pieces]
        rows = rows_at(engine, central_parameters(baseline) | {"payment": np.array(values)})
        codes = rows.concepts[Request(one.concept, one.order)].status[engine.events.index(one.event)]
        words = [piece.status for piece in one.pieces]
        assert [STATUSES[code] for code in codes] == words * 2
        assert all(left != right for left, right in pairwise(words))


STEPS = """
[scenario]
name = "steps"
[players.A]
name = "A"
moves.a = ["x", "y"]
[players.B]
name = "B"
moves.b = ["x", "y"]
[events]
both = "a == 'x' and b == 'x'"
[parameters]
cost = { value = { uniform = [0, 10] } }
[stakes]
gain = { value = "(3 - cost + (3 if b == 'x' else 0)) if a == 'x' else 0" }
alike = { value = "1 if a == b else 0" }
[interests.A]
gain = { weight = 1 }
[interests.B]
alike = { weight = 1 }
"""


@pytest.mark.parametrize("cells", [1, 2, 512])
def test_three_pieces_inside_one_cell_of_the_grid_are_all_found_where_its_ends_differ(scenario_of, cells) -> None:
    # x is dominant for A below 3, a matter of coordination up to 6, and dominated beyond
    bent = STEPS.replace("3 - cost", "3 - sqrt(cost * cost)")  # the same number, no longer known to be affine
    (found,) = thresholds(scenario_of(bent, "steps"), "cost", requests=[Request("pure-nash")], cells=cells)
    assert [piece.status for piece in found.pieces] == ["always", "sometimes", "never"]
    assert found.values == pytest.approx([3, 6], abs=2e-8)
    assert (found.method, found.resolution) == ("numerical", 10 / cells)


def test_where_payoffs_are_affine_thresholds_are_roots_and_nothing_is_missed(scenario_of) -> None:
    narrow = STEPS.replace("(3 if b == 'x' else 0)", "(0.0001 if b == 'x' else 0)")  # shorter than any cell of a grid
    (found,) = thresholds(scenario_of(narrow, "steps"), "cost", requests=[Request("pure-nash")])
    assert (found.method, found.resolution) == ("exact", 0.0)
    assert found.values == pytest.approx([3, 3.0001], abs=1e-14)
    assert [piece.status for piece in found.pieces] == ["always", "sometimes", "never"]


@pytest.mark.parametrize("number", ["need", "strategic_risk", "US.rally"])
def test_exact_and_numerical_thresholds_agree(baseline, monkeypatch, number) -> None:
    requests = requests_for(baseline)
    exact = thresholds(baseline, number, requests=requests)
    monkeypatch.setattr("sim.analysis.thresholds.is_affine", lambda scenario, parameter: False)
    grid = thresholds(baseline, number, requests=requests)
    assert {one.method for one in exact} == {"exact"}
    assert {one.method for one in grid} == {"numerical"}
    low, high = range_of(baseline, number)
    for one, other in zip(exact, grid, strict=True):
        assert [piece.status for piece in one.pieces] == [piece.status for piece in other.pieces]
        assert one.values == pytest.approx(other.values, abs=2e-9 * (high - low))


def test_none_in_range_is_one_piece(barter) -> None:
    (one,) = thresholds(barter("{ uniform = [0, 5] }"), "cost", requests=[Request("strong-2")])
    assert one.values == ()
    assert one.to_dict()["pieces"] == [{"from": 0.0, "to": 5.0, "status": "always"}]
    assert one.unit == "points"


def test_a_fixed_or_unknown_number_is_refused_with_the_reason(barter) -> None:
    with pytest.raises(UsageError, match=r"'NK\.food' is fixed"):
        thresholds(barter(), "NK.food", requests=[Request("strong-2")])
    with pytest.raises(UsageError, match="Did you mean 'cost'"):
        thresholds(barter(), "csot", requests=[Request("strong-2")])


def test_an_unbounded_number_is_moved_through_its_central_998_thousandths(barter) -> None:
    low, high = range_of(barter("{ normal = [5, 1] }"), "cost")
    assert (low, high) == pytest.approx((5 - 3.0902, 5 + 3.0902), abs=1e-3)
    assert range_of(barter("{ lognormal = [5, 1] }"), "cost")[0] == 0


def test_forcing_the_cost_gives_shares_known_in_closed_form(barter) -> None:
    scenario = barter(shells="{ uniform = [3, 9] }")
    curve = threshold_curve(scenario, "cost", requests=[Request("strong-2")], draws=2000, seed=1, size=11)
    shares = curve.shares["strong-2", "deal"]
    assert shares.shape == (11, 6)
    expected = np.clip((9 - curve.grid) / 6, 0, 1)
    assert np.abs(shares[:, STATUSES.index("always")] - expected).max() < 0.04
    assert shares.sum(axis=1) == pytest.approx(1)


def test_the_map_of_cost_and_value_is_cut_along_its_diagonal(barter) -> None:
    found = regime_map(
        barter(shells="{ uniform = [0, 10] }"), "cost", "RU.shells", request=Request("strong-2"), size=21
    )
    for j, i in np.ndindex(found.code.shape):
        cheap, tie = found.x_grid[i] < found.y_grid[j], i == j  # at a tie no pair gains by leaving either
        label = "in some equilibria deal" if tie else "deal" if cheap else "none of deal"
        assert found.labels[found.code[j, i]] == label
    assert (found.x_unit, found.y_unit) == ("points", "points of RU")


@pytest.mark.parametrize("affine", [True, False])
def test_borders_on_each_line_are_where_cost_meets_worth_and_regions_tell_what_is_played(barter, affine, monkeypatch):
    if not affine:
        monkeypatch.setattr("sim.analysis.regime_map.is_affine", lambda scenario, number: False)
    scenario = barter(shells="{ uniform = [0.03, 9.97] }")
    found = regime_map(scenario, "cost", "RU.shells", request=Request("strong-2"), size=7)
    assert found.method == ("exact" if affine else "numerical")
    for worth, line in zip(found.y_grid, found.lines, strict=True):
        assert [found.labels[k] for _, _, k in line] == ["deal", "none of deal"]
        assert line[0][1] == pytest.approx(worth, abs=1e-8)
        assert (line[0][0], line[-1][1], line[0][1]) == (0, 10, line[1][0])
    told = {region.label: region for region in found.regions}
    assert told["deal"].share == pytest.approx(0.5)
    assert told["deal"].equilibria == ({"offer": "goods", "ask": "goods"},)
    assert told["deal"].played == "offer=goods ask=goods"
    assert told["none of deal"].options == {"offer": ("none",), "ask": ("none", "goods")}
    cost, worth = told["deal"].at
    assert cost < worth


def test_a_region_narrower_than_the_grid_is_on_the_lines(scenario_of) -> None:
    narrow = STEPS.replace("(3 if b == 'x' else 0)", "(0.0001 if b == 'x' else 0)").replace("weight = 1", WEIGHT, 1)
    found = regime_map(scenario_of(narrow, "steps"), "cost", "A.gain", request=Request("pure-nash"), size=5)
    for line in found.lines:
        assert [found.labels[k] for _, _, k in line] == ["both", "in some equilibria both", "none of both"]
        assert [stop for _, stop, _ in line[:2]] == pytest.approx([3, 3.0001], abs=1e-8)


WEIGHT = "weight = { uniform = [1, 2] }"


def test_regions_are_named_by_what_holds_in_every_and_in_some_equilibrium() -> None:
    events = ("deal", "deal_without_trip", "arms")
    assert outcome_label(events, [0, 2, 1]) == "deal; in some equilibria arms"
    assert outcome_label(events, [2, 1, 2]) == "in some equilibria deal without trip"
    assert outcome_label(events, [3, 3, 3]) == "no equilibrium"


def test_a_map_of_a_number_with_itself_is_refused(barter) -> None:
    with pytest.raises(UsageError, match="two numbers"):
        regime_map(barter(), "cost", "cost", request=Request("strong-2"))


@pytest.mark.parametrize("shells", ["5", "7.3", "0.001"])  # on the grid and off it
def test_an_exact_tie_is_a_point_and_the_pieces_beside_it_meet_there(barter, shells) -> None:
    # at cost = shells the deal is as good for Russia as none: neither "deal" nor "none" can be left with a gain
    (found,) = thresholds(barter(shells=shells), "cost", requests=[Request("strong-2")])
    tie = float(shells)
    assert found.to_dict()["points"] == [{"at": tie, "status": "sometimes"}]
    (before, after) = found.pieces
    assert (before.status, after.status) == ("always", "never")
    assert (before.start, after.stop) == (0, 10)
    assert before.stop == after.start == tie


def test_a_tie_at_the_end_of_the_range_is_a_point_and_leaves_one_piece(barter) -> None:
    (found,) = thresholds(barter("{ uniform = [0, 6] }"), "cost", requests=[Request("strong-2")])
    assert found.to_dict()["pieces"] == [{"from": 0.0, "to": 6.0, "status": "always"}]
    assert found.to_dict()["points"] == [{"at": 6.0, "status": "sometimes"}]


def test_a_point_between_two_pieces_of_one_status_leaves_them_one() -> None:
    short = [
        ThresholdPiece(0, 2, "never"),
        ThresholdPiece(2, 2 + 1e-9, "sometimes"),
        ThresholdPiece(2 + 1e-9, 4, "never"),
    ]
    assert partition(short) == ((ThresholdPiece(0, 4, "never"),), (ThresholdPoint(2, "sometimes"),))


@pytest.mark.parametrize(
    ("low", "high", "least"), [(0.33, 0.34, "1/3"), (-0.3, 1, "0"), (-1.51, -1.49, "-3/2"), (2, 2, "2")]
)
def test_the_simplest_fraction_has_the_least_denominator(low, high, least) -> None:
    assert simplest(low, high) == float(Fraction(least))
