"""The analyses from Python say what the commands print."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner

import sim
from sim.cli import cli

STATUSES = {"always", "sometimes", "never", "none", "open", "unsolved"}


@pytest.fixture(scope="module")
def baseline() -> "sim.Scenario":
    return sim.load("vladivostok-2023")


def printed(*words: str) -> dict:
    said = CliRunner().invoke(cli, [*words, "--json"])
    assert said.exit_code == 0, said.output
    return json.loads(said.stdout)


def test_explain_is_the_command(baseline: "sim.Scenario") -> None:
    found = sim.explain(baseline, draw=3, seed=2, player="NK")
    words = ("explain", "vladivostok-2023", "--draw", "3", "--seed", "2", "--player", "NK")
    assert found.to_dict() == printed(*words)


def test_a_profile_is_a_text_or_a_mapping(baseline: "sim.Scenario") -> None:
    text = "offer=goods ask=goods travel=go disclosure=silent response=hold stance=tolerate"
    mapping = dict(part.split("=") for part in text.split())
    found = sim.explain(baseline, text, set={"RU.shells": 12})
    assert found == sim.explain(baseline, mapping, set={"RU.shells": "12"})
    assert found.parameters["RU.shells"] == 12


def test_compare_is_the_command(baseline: "sim.Scenario") -> None:
    found = sim.compare(baseline, sim.load("no-war"), draws=20, event="deal", concepts=["strong-2"])
    words = ("compare", "vladivostok-2023", "no-war", "--draws", "20", "--event", "deal", "--concept", "strong-2")
    assert found.to_dict() == printed(*words)


def test_the_placebo_has_three_shares_a_row(baseline: "sim.Scenario") -> None:
    document = sim.placebo(baseline, draws=30, event="deal").to_dict()
    assert document["draws"] == 30
    assert {row["event"] for row in document["rows"]} == {"deal"}
    for row in document["rows"]:
        for column in ("share", "shuffled", "coin"):
            assert set(row[column]) == STATUSES
            assert sum(row[column].values()) == pytest.approx(1)


def test_pieces_of_a_threshold_cover_the_range_in_order(baseline: "sim.Scenario") -> None:
    document = sim.thresholds(baseline, "strategic_risk", concepts="strong-2", event=["technology", "deal"]).to_dict()
    assert [(row["event"], row["concept"]) for row in document["rows"]] == [
        ("technology", "strong-2"),
        ("deal", "strong-2"),
    ]
    for row in document["rows"]:
        ends = [(piece["from"], piece["to"]) for piece in row["pieces"]]
        assert (ends[0][0], ends[-1][1]) == (8, 75)
        assert all(left[1] == right[0] for left, right in pairwise(ends))


def test_unknown_names_are_answered(baseline: "sim.Scenario") -> None:
    with pytest.raises(sim.UsageError, match="'strategic_risk'"):
        sim.thresholds(baseline, "strategic_rsk")
    with pytest.raises(sim.UsageError, match="'deal'"):
        sim.placebo(baseline, event="dael", draws=5)


def test_a_figure_and_a_report_are_written_where_they_are_told(tmp_path: Path) -> None:
    scenario = sim.load("stag-hunt")
    paths = sim.plot(scenario, tmp_path / "figures", figure="payoff-matrices", draws=5)
    assert {path.suffix for path in paths} == {".pdf", ".svg", ".png", ".txt"}
    assert all(path.exists() for path in paths)
    assert sim.report(scenario, tmp_path, draws=5).name == "report.html"
    with pytest.raises(sim.UsageError, match="'payoff-matrices'"):
        sim.plot(scenario, tmp_path / "none", figure="payoff-matrix", draws=5)
    assert not (tmp_path / "none").exists()


def test_every_public_name_is_there_and_listed() -> None:
    assert [name for name in sim.__all__ if not hasattr(sim, name)] == []
    assert set(sim.__all__) <= set(dir(sim))
