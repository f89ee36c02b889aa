"""`sim explain`, `sim compare`, `sim export`."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Type = Callable[..., Result]
PROFILE = "release=much pay=power posture=calm credit=lend"


def explained(sim: Type, *words: str) -> dict:
    said = sim("explain", "--json", *words)
    assert said.exit_code == 0, said.output
    return json.loads(said.stdout)


def test_the_terms_of_a_payoff_add_up_to_it(sim: Type, river: str) -> None:
    found = explained(sim, river, "--profile", PROFILE, "--draw", "5", "--seed", "2")
    assert {"parameters", "payoffs", "stakes", "alternatives", "events"} <= set(found)
    for player, payoff in found["payoffs"].items():
        own = [term for term in found["stakes"] if term["player"] == player]
        assert sum(term["points"] for term in own) == pytest.approx(payoff)
        assert all(t["points"] == pytest.approx(t["weight"] * t["value"] / t["swing"]) for t in own)
    assert found["events"]["treaty"]
    assert found["parameters"] != explained(sim, river, "--profile", PROFILE)["parameters"]


def test_a_set_number_is_the_one_explained(sim: Type, river: str) -> None:
    found = explained(sim, river, "--set", "UP.spill=-7", "--profile", PROFILE)
    assert found["parameters"]["UP.spill"] == -7
    assert next(term["points"] for term in found["stakes"] if term["stake"] == "spill") == -7


def test_the_plain_explanation_names_terms_claims_and_the_best_alternative(sim: Type) -> None:
    said = sim("explain", "vladivostok-2023", "--player", "RU")
    assert said.exit_code == 0
    assert "RU Russia:" in said.stdout
    assert "NK North Korea:" not in said.stdout
    assert "ru-needs-shells" in said.stdout
    assert "would lose" in said.stdout
    assert "never compare across players" in said.stdout
    assert max(map(len, said.stdout.splitlines())) <= 100


def test_a_comparison_splits_every_draw_into_helps_hurts_and_nothing(sim: Type) -> None:
    said = sim("compare", "vladivostok-2023", "no-war", "--draws", "40", "--event", "deal", "--json")
    assert said.exit_code == 0, said.output
    document = json.loads(said.stdout)
    assert (document["first"], document["second"], document["draws"]) == ("vladivostok-2023", "no-war", 40)
    for row in document["rows"]:
        assert row["event"] == "deal"
        for end in ("lower", "upper"):
            assert row["helps"][end] + row["hurts"][end] + row["nothing"][end] == pytest.approx(1)
            moved = row["second"][end] - row["first"][end]
            assert row["helps"][end] - row["hurts"][end] == pytest.approx(moved)


def test_the_plain_comparison_fits_the_screen(sim: Type) -> None:
    said = sim("compare", "vladivostok-2023", "no-war", "--draws", "20", "--concept", "pure-nash")
    assert said.exit_code == 0
    assert max(map(len, said.stdout.splitlines())) <= 100
    assert "the same in both" in said.stdout


def test_an_export_goes_to_standard_output_or_to_a_file(sim: Type, river: str, tmp_path: Path) -> None:
    plain = sim("export", river, "--to", "csv")
    assert plain.exit_code == 0
    rows = list(csv.DictReader(plain.stdout.splitlines()))
    assert len(rows) == 16
    assert sim("export", river, "--to", "csv", "--out", "r.csv").stdout == "r.csv\n"
    assert (tmp_path / "r.csv").read_text(encoding="utf-8") == plain.stdout
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_slice_is_exported_alone_with_its_set_numbers(sim: Type, river: str) -> None:
    words = ("export", river, "--to", "nfg", "--slice", "bargain")
    assert sim(*words).stdout.startswith("NFG 1 R")
    assert sim(*words).stdout != sim(*words, "--set", "UP.spill=-7").stdout
    document = json.loads(sim(*words, "--json").stdout)
    assert document["text"] == sim(*words).stdout


def test_a_file_in_a_folder_that_is_not_there_is_refused(sim: Type, river: str) -> None:
    said = sim("export", river, "--to", "nfg", "--out", "no/such/place.nfg")
    assert said.exit_code == 2
    assert "No such file or directory" in said.stderr


def test_a_game_file_leaves_in_every_form_and_a_tree_as_a_tree(sim: Type, tmp_path: Path) -> None:
    assert sim("export", "deterrence", "--to", "efg", "--order", "in_turn", "--out", "d.efg").exit_code == 0
    assert sim("export", "d.efg", "--to", "efg").stdout == (tmp_path / "d.efg").read_text(encoding="utf-8")
    assert sim("export", "d.efg", "--to", "latex").stdout.startswith("% needs \\usepackage{tikz}")
    assert sim("export", "d.efg", "--to", "nfg", "--out", "d.nfg").exit_code == 0
    assert sim("export", "d.nfg", "--to", "nfg").stdout == (tmp_path / "d.nfg").read_text(encoding="utf-8")
    assert sim("export", "d.nfg", "--to", "csv").stdout.startswith("A,B,payoff.A,payoff.B\n")
    for words in (("d.nfg", "--to", "efg"), ("d.nfg", "--to", "nfg", "--order", "x"), ("no.nfg", "--to", "csv")):
        said = sim("export", *words)
        assert (said.exit_code, "Traceback" in said.output) == (2, False)
