from pathlib import Path

import pytest

from sim.analysis.compare import compare
from sim.errors import UsageError
from sim.scenario.model import ScenarioData
from sim.solvers.concepts import Request


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
