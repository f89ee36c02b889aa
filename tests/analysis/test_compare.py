from pathlib import Path

import pytest

from sim.analysis.compare import compare, compare_option
from sim.errors import UsageError
from sim.scenario.model import ScenarioData
from sim.solvers.concepts import Request
from sim.sweeps.streams import sample


def test_a_file_compared_with_itself_changes_nothing(baseline: ScenarioData) -> None:
    found = compare(baseline, baseline, draws=60, seed=1)
    assert len(found.rows) == 60
    for row in found.rows:
        assert row.first == row.second
        assert row.nothing == {"lower": 1, "upper": 1}
        assert row.helps == row.hurts == {"lower": 0, "upper": 0}
    assert found.notes == ()


def test_dearer_shells_help_the_deal_within_draws_and_never_hurt_it(barter) -> None:
    found = compare(barter(shells="4"), barter(shells="7"), draws=3000, seed=1)
    rows = {row.concept: row for row in found.rows}
    assert abs(rows["strong-2"].helps["lower"] - 0.3) < 0.03  # cost between 4 and 7, of 0..10
    assert rows["strong-2"].hurts == {"lower": 0, "upper": 0}
    assert rows["pure-nash"].helps["lower"] == 0
    assert rows["pure-nash"].helps["upper"] == rows["strong-2"].helps["upper"]
    for row in found.rows:
        for end in ("lower", "upper"):
            assert row.helps[end] + row.hurts[end] + row.nothing[end] == pytest.approx(1)
            assert row.second.to_dict()[end] - row.first.to_dict()[end] == pytest.approx(
                row.helps[end] - row.hurts[end]
            )


def test_scenarios_with_no_common_event_are_refused_with_both_lists(
    barter, baseline: ScenarioData, scenario_of
) -> None:
    other = scenario_of(
        '[scenario]\nname = "other"\n[players.A]\nname = "A"\nmoves.a = ["x", "y"]\n'
        "[players.B]\nname = 'B'\nmoves.b = ['x', 'y']\n[events]\nboth = \"a == 'x' and b == 'x'\"\n"
        "[payoffs]\nA = [[1, 0], [0, 1]]\nB = [[1, 0], [0, 1]]\n",
        "other",
    )
    with pytest.raises(UsageError, match=r"no event in common.*barter has deal; other has both"):
        compare(barter(), other, draws=10, seed=1)
    with pytest.raises(UsageError, match="barter has no event 'trip'"):
        compare(baseline, barter(), events=["trip"], draws=10, seed=1)
    with pytest.raises(UsageError, match="barter has no order 'summit_first'"):
        compare(baseline, barter(), requests=[Request("subgame-perfect", "summit_first")], draws=10, seed=1)


def test_an_event_written_otherwise_is_noted(barter, scenario_of) -> None:
    first = barter()
    second = scenario_of(Path(first.path).read_text().replace("and ask == 'goods'\"", "and ask != 'none'\""))
    assert "event 'deal' is written differently in the two" in compare(first, second, draws=10, seed=1).notes


def test_games_without_events_are_compared_by_whether_an_equilibrium_exists(scenario_of) -> None:
    def coordination(sign: int) -> ScenarioData:
        return scenario_of(
            '[scenario]\nname = "two"\n[players.A]\nname = "A"\nmoves.a = ["x", "y"]\n'
            "[players.B]\nname = 'B'\nmoves.b = ['x', 'y']\n"
            f"[payoffs]\nA = [[1, 0], [0, 1]]\nB = [[{sign}, 0], [0, {sign}]]\n",
            "two",
        )

    (row, *_) = compare(coordination(1), coordination(-1), draws=10, seed=1).rows
    assert (row.event, row.first.lower, row.second.share("none")) == ("any outcome", 1, 1)


def test_an_option_is_forbidden_against_allowed_and_forced_against_forced_is_a_table_of_its_own(barter) -> None:
    # without "goods" there is no deal; allowed, every 2-strong outcome is a deal where cost < 6; forced to offer, North
    # Korea asks, so there is a deal whatever it costs
    found = compare_option(barter(), "offer=goods", requests=[Request("strong-2")], draws=400, seed=1)
    (row,) = found.rows
    cheap = float((sample(barter(), 1, 0, 400)["cost"] < 6).mean())
    assert (row.first.lower, row.second.lower) == (0, cheap)
    (forced,) = found.forced
    assert (forced.first, forced.second) == ("forced to offer=none", "forced to offer=goods")
    assert (forced.rows[0].first.upper, forced.rows[0].second.lower) == (0, 1)
    assert [own["second"] for own in found.to_dict()["forced_against_forced"]] == ["forced to offer=goods"]


def test_an_option_that_is_not_there_or_stands_alone_is_refused(barter) -> None:
    asked = {"requests": [Request("pure-nash")], "draws": 5, "seed": 1}
    for option, reason in (("offr=goods", "'offer'"), ("offer=good", "'goods'"), ("offer", "MOVE=OPTION")):
        with pytest.raises(UsageError, match=reason):
            compare_option(barter(), option, **asked)
    with pytest.raises(UsageError, match="only allowed option"):
        compare_option(barter(extra='[allow]\noffer = ["none"]\n'), "offer=none", **asked)
