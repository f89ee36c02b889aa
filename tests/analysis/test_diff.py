from pathlib import Path

import pytest

from sim.analysis.diff import diff
from sim.scenario.reader import read_scenario
from sim.scenario.versions import with_values
from sim.solvers.concepts import Request, requests_for
from sim.sweeps.run import all_rows, make_engine, shares

PAIRS = Request("strong-2")
SHIPPED = Path(__file__).parents[2] / "scenarios"


def test_a_file_differs_from_itself_in_nothing(barter) -> None:
    scenario = barter()
    found = diff(scenario, scenario, requests=[PAIRS], draws=50, seed=1)
    assert (found.rows, found.together, found.greatest) == ((), (), 0.0)
    assert "say the same" in found.sentence


def test_the_order_of_sections_comments_and_the_way_a_number_is_written_are_no_edits(barter, tmp_path) -> None:
    scenario = barter()
    text = (
        Path(scenario.path)
        .read_text()
        .replace('name = "barter"', 'name = "again"')
        .replace("weight = 4", "weight = 4.0")
    )
    head, orders = text.split("[orders.russia_first]")
    (tmp_path / "again.toml").write_text(f"# moved\n[orders.russia_first]{orders}\n{head}")
    assert diff(scenario, read_scenario(tmp_path / "again.toml"), requests=[PAIRS], draws=50, seed=1).rows == ()


def test_each_edit_does_alone_what_the_scenario_with_it_alone_does(barter, tmp_path) -> None:
    scenario = barter()
    text = Path(scenario.path).read_text().replace('name = "barter"', 'name = "later"')
    text = text.replace("shells = { weight = 6 }", "shells = { weight = 3 }").replace("weight = 4 }", "weight = 5 }")
    (tmp_path / "later.toml").write_text(text)
    later = read_scenario(tmp_path / "later.toml")
    found = diff(scenario, later, requests=[PAIRS], draws=2000, seed=1)
    assert [row.edit.place for row in found.rows] == ["interests.RU.shells.weight", "interests.NK.food.weight"]
    first, second = found.rows
    assert first.changes[0].always == found.together[0].always
    assert first.changes[0].always[1] == pytest.approx(0.3, abs=0.03)
    assert (second.size, second.reason) == (0, "")
    (alone,) = shares(
        make_engine(with_values(scenario, {"RU.shells": 3}), [PAIRS]), all_rows(make_engine(later, [PAIRS]), 2000, 1)
    )
    assert alone.lower == first.changes[0].always[1]


def test_edits_that_need_others_say_so_and_words_are_told_apart() -> None:
    first, second = (read_scenario(SHIPPED / f"{name}.toml") for name in ("vladivostok-2023", "five-players"))
    found = diff(first, second, requests=requests_for(first, ["pure-nash"]), draws=20, seed=1)
    reasons = {row.edit.place: row.reason for row in found.rows}
    assert reasons["scenario.about"] == "words only"
    assert reasons["players.KR"].startswith("cannot stand alone")


def test_files_without_a_common_event_are_listed_and_not_compared(barter, baseline) -> None:
    found = diff(barter(), baseline, requests=[PAIRS], events=["deal"], draws=20, seed=1)
    assert found.reason == ""  # both have `deal`
    other = diff(baseline, barter(), requests=[PAIRS], draws=20, seed=1)
    assert "has no event" in other.reason
    assert other.together == ()
