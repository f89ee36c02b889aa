"""`sim sensitivity`, and the folders that it and `sim discover` take."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

import sim as realpolitik
from sim.cli.recorded import recorded
from sim.errors import UsageError
from sim.scenario.reader import read_scenario, scenario_hash
from sim.solvers.concepts import Request

Type = Callable[..., Result]
DEAL = ("--event", "deal", "--draws", "64")


def document(sim: Type, *words: str) -> dict:
    said = sim("sensitivity", *words, "--json")
    assert said.exit_code == 0, said.output
    return json.loads(said.stdout)


def heads(found: dict) -> list[str]:
    return list(dict.fromkeys(".".join(filter(None, (row["concept"], row["order"]))) for row in found["rows"]))


def test_python_says_what_the_command_prints(sim: Type) -> None:
    scenario = realpolitik.load("no-war")
    told = document(sim, "no-war", "--concept", "strong-2", "--seed", "3", *DEAL)
    assert realpolitik.sensitivity(scenario, concepts="strong-2", event="deal", draws=64, seed=3).to_dict() == told
    assert [(row["end"], row["event"]) for row in told["rows"]] == [("always", "deal"), ("possible", "deal")]


def test_the_telling_rows_are_asked_unless_others_are_named(sim: Type) -> None:
    told = document(sim, "no-war", *DEAL)
    assert heads(told)[:2] == ["pure-nash", "strong-2"]
    assert len(heads(told)) == 4
    assert heads(document(sim, "no-war", "--concept", "strong-3", *DEAL)) == ["strong-3"]


def test_few_rows_are_shown_with_all_groups_and_many_with_the_first(sim: Type) -> None:
    few = sim("sensitivity", "vladivostok-2023", "--event", "deal", "--concept", "strong-2", "--draws", "512").stdout
    assert "need + RU.shells" in few
    assert "all together" in few
    many = sim("sensitivity", "vladivostok-2023", "--draws", "512").stdout
    assert "all together" not in many
    assert "moved most by" in many
    assert "deal (always, pure-nash: 0%)" in " ".join(many.split())  # too rare
    assert max(map(len, many.splitlines())) <= 100


def test_where_both_ends_are_the_same_draws_they_are_one_row(sim: Type) -> None:
    words = ("--concept", "subgame-perfect", "--order", "russia_proposes", "--event", "deal", "--draws", "256")
    assert "deal (both, subgame-perfect.russia_proposes)" in sim("sensitivity", "vladivostok-2023", *words).stdout


def test_a_folder_of_a_sweep_gives_scenario_numbers_seed_and_concepts(sim: Type) -> None:
    made = ("--draws", "40", "--seed", "5", "--set", "RU.shells=1/3", "--concepts", "strong-2,nash", "--costly", "1")
    assert sim("sweep", "no-war", "--out", "swept", *made).exit_code == 0
    told = document(sim, "swept", *DEAL)
    there = document(sim, "no-war", "--set", "RU.shells=1/3", "--seed", "5", "--concept", "strong-2", *DEAL)
    assert told == there
    assert ["need"] in told["groups"]  # RU.shells, its partner, is fixed
    own = recorded(Path("swept"))
    assert (own.kind, own.file, own.values, own.draws, own.seed) == ("sweep", "no-war", {"RU.shells": "1/3"}, 40, 5)


def test_a_folder_of_a_run_gives_its_scenario_rows_and_events(sim: Type, river: str, tmp_path: Path) -> None:
    scenario = read_scenario(Path(river))
    made = {"scenario": "river", "file": river, "set": {}, "hash": scenario_hash(scenario), "draws": 20, "seed": 2}
    event = scenario.events[0].name
    (tmp_path / "ran").mkdir()
    (tmp_path / "ran/summary.json").write_text(json.dumps(made | {"concepts": ["strong-2"], "events": [event]}))
    own = recorded(Path("ran"))
    assert (own.kind, own.file, own.draws, own.seed) == ("run", river, 20, 2)
    told = document(sim, "ran", "--draws", "64")
    words = ("--seed", "2", "--concept", "strong-2", "--event", event)
    assert told == document(sim, river, *words, "--draws", "64")
    assert document(sim, "ran")["draws"] == 16_384  # its own size, not the run's


def test_a_changed_or_lost_scenario_and_a_folder_of_neither_are_answered_in_one_line(
    sim: Type, river: str, tmp_path: Path
) -> None:
    assert sim("sweep", "river.toml", "--draws", "5", "--out", "swept").exit_code == 0
    assert document(sim, "swept", "--draws", "16")["seed"] == 1
    path = Path(river)
    text = path.read_text()
    path.write_text(text.replace("pert", "triangular"))
    for command in ("sensitivity", "discover"):
        said = sim(command, "swept")
        assert said.exit_code == 2
        assert "'river.toml' is not the scenario that 'swept' was made from" in said.stderr
    path.unlink()
    said = sim("sensitivity", "swept")
    assert said.exit_code == 2
    assert "'swept' was made from 'river.toml', which is not there any more" in said.stderr
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="neither a run nor a sweep"):
        recorded(tmp_path / "empty")


def test_a_shipped_scenario_is_found_by_name_where_the_recorded_file_is_gone(sim: Type, tmp_path: Path) -> None:
    assert sim("sweep", "no-war", "--draws", "5", "--out", "swept").exit_code == 0
    manifest = tmp_path / "swept" / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"file": "no-war"', '"file": "elsewhere/no-war.toml"'))
    assert recorded(Path("swept")).file == "no-war"


def test_seed_and_numbers_are_refused_beside_a_folder(sim: Type) -> None:
    assert sim("sweep", "no-war", "--draws", "5", "--out", "swept").exit_code == 0
    for command in ("sensitivity", "discover"):
        said = sim(command, "swept", "--seed", "2", "--set", "need=0.5")
        assert said.exit_code == 2
        assert "--seed and --set: 'swept' has its own" in said.stderr


def test_a_sweep_of_costly_concepts_alone_asks_for_another(sim: Type) -> None:
    assert sim("sweep", "matching-pennies", "--draws", "2", "--out", "swept", "--concepts", "nash").exit_code == 0
    said = sim("sensitivity", "swept")
    assert said.exit_code == 2
    assert "--concept" in said.stderr


def test_discover_takes_the_draws_of_a_folder(sim: Type) -> None:
    made = ("--draws", "300", "--seed", "7", "--concepts", "strong-2")
    assert sim("sweep", "no-war", "--out", "swept", *made).exit_code == 0
    words = ("--draws", "300", "--seed", "7", "--concept", "strong-2")
    assert sim("discover", "swept", "--json").stdout == sim("discover", "no-war", *words, "--json").stdout


def test_discover_says_where_a_folder_holds_other_draws_than_it_takes(sim: Type) -> None:
    made = ("--draws", "40", "--sampler", "sobol", "--concepts", "strong-2")
    assert sim("sweep", "no-war", "--out", "swept", *made).exit_code == 0
    said = sim("discover", "swept")
    assert said.exit_code == 0
    assert "'swept' holds other draws than the 40 independent ones" in said.stderr
    assert sim("sensitivity", "swept", *DEAL).stderr == ""


def test_recorded_rows_are_those_of_the_sweep(sim: Type) -> None:
    assert sim("sweep", "no-war", "--draws", "5", "--out", "swept", "--concepts", "strong-3,pure-nash").exit_code == 0
    assert recorded(Path("swept")).concepts == ("strong-3", "pure-nash")
    told = document(sim, "swept", *DEAL)
    assert heads(told) == [Request("pure-nash").name]  # the telling one of the two
