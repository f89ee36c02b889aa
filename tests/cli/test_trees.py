"""Game trees (`.efg`) at the command line: each concept on the screen and as JSON, warnings, refusals."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Type
from tests.game.written_games import TREES, Branch, Choice, efg_text

Write = Callable[..., str]


def three(left: Branch, right: Branch) -> Choice:
    return Choice(3, "hidden", {"L": left, "R": right})


HORSE = Choice(1, "first", {
    "D": three((3, 3, 2), (0, 0, 0)),
    "C": Choice(2, "second", {"d": three((4, 4, 0), (0, 0, 1)), "c": (1, 1, 1)}),
})  # fmt: skip
ABSENT = Choice(1, "here", {"exit": (0, 1), "go": Choice(1, "here", {"exit": (4, 0), "go": (1, 0)})})  # P2: no move


@pytest.fixture
def write(sim: Type, tmp_path: Path) -> Write:
    """Write a tree as NAME.efg in the folder where commands are typed."""

    def written(name: str, root: Branch, *players: str) -> str:
        (tmp_path / f"{name}.efg").write_text(efg_text(name, list(players), root), encoding="utf-8")
        return f"{name}.efg"

    return written


def solved(sim: Type, *words: str) -> dict[str, Any]:
    said = sim("solve", *words, "--json")
    assert said.exit_code == 0, said.stderr
    (line,) = said.stdout.splitlines()
    return dict(json.loads(line))


@pytest.mark.parametrize(
    ("concept", "count"), [("nash", 2), ("pure-nash", 2), ("strong-3", 0), ("subgame-perfect", 2), ("sequential", 1)]
)
def test_every_concept_of_a_tree_keeps_the_keys_of_an_answer(sim: Type, write: Write, concept: str, count: int) -> None:
    told = solved(sim, write("horse", HORSE, "A", "B", "C"), "--concept", concept)
    assert (told["game"], told["players"], told["concept"]) == ("horse", ["A", "B", "C"], concept)
    assert told["strategies"] == [["D", "C"], ["d", "c"], ["L", "R"]]
    if concept != "nash":  # with mixed ones, Selten's horse has a continuum
        assert len(told["equilibria"]) == count
        assert told["complete"]
        assert told.get("scope") == (None if concept == "subgame-perfect" else "pure")
    for one in told["equilibria"]:
        assert [len(own) for own in one["strategies"]] == [2, 2, 2]
        assert {"strategies", "payoffs", "regret", "relative_regret", "pure", "strict"} <= one.keys()
    assert {"complete", "why", "nash_subsets", "components", "seconds"} <= told.keys()


def test_a_sequential_answer_says_what_is_done_believed_and_why_that_is_consistent(sim: Type, write: Write) -> None:
    file = write("horse", HORSE, "A", "B", "C")
    (one,) = solved(sim, file, "--concept", "sequential")["equilibria"]
    assert one["exact"] == [["0", "1"], ["0", "1"], ["0", "1"]]
    assert one["sequential_regret"] == 0
    (hidden,) = (own for own in one["information_sets"] if own["player"] == "C")
    assert (hidden["plays"], hidden["gain"]) == ([0, 1], 0)
    assert [each["after"] for each in hidden["beliefs"]] == [["D"], ["C", "d"]]
    assert sum(each["share"] for each in hidden["beliefs"]) == 1
    assert {(own["player"], own["action"]) for own in one["trembles"]} == {("A", "D"), ("B", "d"), ("C", "L")}
    assert one["paths"] == [{"actions": ["C", "c"], "share": 1.0}]
    screen = sim("solve", file, "--concept", "sequential").stdout
    assert "horse, sequential: 1 equilibrium (complete: each of 8 pure plans" in screen
    assert "C at 1: R; believes 1 after C, d" in screen


def test_mixed_play_of_a_tree_is_shown_with_its_beliefs(sim: Type, write: Write) -> None:
    file = write("poker", TREES["poker"][1], "one", "two")
    told = solved(sim, file, "--concept", "sequential")
    assert (told["mixed"], told["complete"], len(told["equilibria"])) == (True, True, 1)
    assert "two at 1: 0.6667 meet + 0.3333 pass; believes 0.75 after red, raise; 0.25 after black, raise" in " ".join(
        sim("solve", file, "--concept", "sequential").stdout.split()
    )


def test_a_file_without_a_concept_is_solved_for_nash(sim: Type, write: Write) -> None:
    said = sim("solve", write("poker", TREES["poker"][1], "one", "two"))
    assert said.exit_code == 0
    assert "solved for nash" in said.stderr
    assert "1/3 (1:raise 2:raise) + 2/3 (1:raise 2:fold)" in said.stdout


def test_mixing_plans_where_a_player_forgets_is_warned_of_outside_the_answer(sim: Type, write: Write) -> None:
    file = write("absent", ABSENT, "driver", "road")
    said = sim("solve", file, "--concept", "nash", "--json")
    assert said.exit_code == 0
    assert "absent: driver forgets what it knew or did: a mixed strategy" in said.stderr
    (line,) = said.stdout.splitlines()
    assert "driver forgets" in json.loads(line)["warnings"][0]
    assert "forgets" not in sim("solve", file, "--concept", "pure-nash").stderr
    assert "forgets" not in sim("solve", write("horse", HORSE, "A", "B", "C"), "--concept", "nash").stderr


def test_sequential_play_of_a_forgetful_tree_is_refused(sim: Type, write: Write) -> None:
    file = write("absent", ABSENT, "driver", "road")
    said = sim("solve", file, "--concept", "sequential")
    assert (said.exit_code, said.stdout) == (2, "")
    assert "'sequential' needs perfect recall, and in 'absent' driver forgets" in said.stderr
    told = json.loads(sim("solve", file, "--concept", "sequential", "--json").stdout)
    assert "perfect recall" in told["error"]


@pytest.mark.parametrize("words", [("stag-hunt",), ("table.nfg",)])
def test_what_is_no_tree_has_no_sequential_play(sim: Type, words: tuple[str, ...]) -> None:
    assert sim("export", "stag-hunt", "--to", "nfg", "--out", "table.nfg").exit_code == 0
    said = sim("solve", *words, "--concept", "sequential")
    assert said.exit_code == 2
    assert "'sequential' is for game trees: an .efg file" in said.stderr


def test_a_misspelt_concept_of_trees_is_answered_with_the_right_name(sim: Type, write: Write) -> None:
    said = sim("solve", write("horse", HORSE, "A", "B", "C"), "--concept", "sequentiel")
    assert said.exit_code == 2
    assert "'sequential'" in said.stderr


def test_what_is_complete_in_pure_play_alone_says_so_beside_complete_and_passes_the_check(
    sim: Type, write: Write
) -> None:
    file = write("horse", HORSE, "A", "B", "C")
    said = sim("solve", file, "--concept", "sequential", "--require-complete", "--json")
    told = json.loads(said.stdout)
    assert (said.exit_code, told["complete"], told["scope"]) == (0, True, "pure")
    assert list(told).index("scope") == list(told).index("complete") + 1
    tied = Choice(1, "start", {"a": (1, 1), "b": (1, 0)})
    assert sim("solve", write("tied", tied, "A", "B"), "--concept", "sequential", "--require-complete").exit_code == 0
    assert sim("solve", "tied.efg", "--concept", "subgame-perfect", "--require-complete").exit_code == 1  # may be mixed


def test_a_tree_with_too_many_plans_for_a_normal_form_is_solved_all_the_same(sim: Type, tmp_path: Path) -> None:
    assert sim("export", "five-players", "--to", "efg", "--order", "summit_first", "--out", "five.efg").exit_code == 0
    (order,) = json_lines(sim("solve", "five-players", "--order", "summit_first", "--json").stdout)
    told = solved(sim, "five.efg", "--concept", "subgame-perfect")
    assert told["strategies"] is None
    pure = [one for one in told["equilibria"] if one["pure"]]
    assert len(pure) == len(order["equilibria"]) == 5
    by_payoffs = [sorted(each, key=lambda own: own["payoffs"]) for each in (pure, order["equilibria"])]
    for one, other in zip(*by_payoffs, strict=True):
        assert one["payoffs"] == pytest.approx(other["payoffs"])
        assert (one["strategies"], one["regret"], len(one["paths"])) == (None, 0, 1)
        done = [own["actions"][own["plays"].index(1)] for own in one["behaviour"][:1]]
        assert done == one["paths"][0]["actions"][:1]
    assert "too many plans to name one" in sim("solve", "five.efg", "--concept", "subgame-perfect").stdout


def json_lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_an_error_in_json_names_the_game_by_its_title_where_that_can_be_read(sim: Type, write: Write) -> None:
    file = write("horse", HORSE, "A", "B", "C")
    Path(file).write_text(Path(file).read_text().replace('"horse"', '"Selten\'s horse"'))
    Path("torn.efg").write_text("EFG 2 R")
    said = sim("solve", file, "torn.efg", "--concept", "no-such", "--json")
    assert [one["game"] for one in json_lines(said.stdout)] == ["Selten's horse", "torn"]
    assert said.exit_code == 2


def test_a_workbook_is_told_from_a_scenario_and_from_a_game_file(sim: Type, tmp_path: Path) -> None:
    Path("x.gbt").write_text("<game/>")
    said = sim("solve", "x.gbt")
    assert said.exit_code == 2
    assert "neither a scenario (.toml) nor a game file (.nfg, .efg). Gambit can save" in said.stderr
