"""Payoffs in a game file beside the scenario: the same as written arrays, and every misfit answered at its place."""

from pathlib import Path

import pytest

import sim
from sim.errors import ScenarioError

HEAD = """[scenario]
name = "beside"

[players.ROW]
name = "Row player"
moves.row = ["up", "down"]
[players.COL]
name = "Column player"
moves.col = ["left", "middle", "right"]

"""
ARRAYS = '[payoffs]\nROW = [[1, "1/3", 0.1], [4, 5, 6]]\nCOL = [[-1, 0, 2], [7, 8, 9]]\n'
BY_TABLE = '[payoffs]\ntable = "g.nfg"\n'
ACTIONS = '{ { "up" "down" } { "left" "middle" "right" } }'
NUMBERS = "1 -1 4 7 1/3 0 5 8 0.1 2 6 9"  # player 1's strategies fastest


def nfg(players: str = '"ROW" "COL"', actions: str = ACTIONS, numbers: str = NUMBERS) -> str:
    return f'NFG 1 R "g" {{ {players} }} {actions}\n\n{numbers}\n'


def load(folder: Path, payoffs: str, head: str = HEAD, **files: str) -> sim.Scenario:
    for suffix, text in files.items():
        (folder / f"g.{suffix}").write_text(text, encoding="utf-8")
    path = folder / "beside.toml"
    path.write_text(head + payoffs, encoding="utf-8")
    return sim.load(path)


def problems(folder: Path, payoffs: str, head: str = HEAD, **files: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        load(folder, payoffs, head, **files)
    return [str(problem).replace(f"{folder}/", "") for problem in caught.value.problems]


@pytest.mark.parametrize(
    "text", [nfg(), nfg(players='"Row player" "Column player"'), nfg('"1" "2"', "{ 2 3 }"), nfg(actions="{ 2 3 }")]
)
def test_a_table_beside_the_file_is_the_same_as_written_arrays(tmp_path: Path, text: str) -> None:
    written = load(tmp_path, ARRAYS)
    beside = load(tmp_path, BY_TABLE, nfg=text)
    assert (beside.game().exact == written.game().exact).all()
    assert beside.hash == written.hash
    assert (beside.payoffs() == written.payoffs()).all()


def test_the_hash_names_what_is_in_the_file_and_not_its_name(tmp_path: Path) -> None:
    one = load(tmp_path, BY_TABLE, nfg=nfg())
    other = load(tmp_path, BY_TABLE, nfg=nfg(numbers=NUMBERS.replace("-1", "-2")))
    assert one.hash != other.hash


def test_moves_of_one_player_are_one_strategy_last_move_fastest_wherever_they_stand(tmp_path: Path) -> None:
    head = """[scenario]
name = "beside"

[players.A]
moves.a = ["no", "yes"]
moves.b = ["x", "y", "z"]
[players.B]
moves.c = ["k", "l"]

"""
    numbers = " ".join(f"{10 * s + k} {-(10 * s + k)}" for k in range(2) for s in range(6))
    tensor = load(tmp_path, BY_TABLE, head, nfg=f'NFG 1 R "" {{ "A" "B" }} {{ 6 2 }}\n\n{numbers}\n').payoffs()[0]
    for a in range(2):
        for b in range(3):
            for c in range(2):
                assert tensor[0, a, b, c] == -tensor[1, a, b, c] == 10 * (3 * a + b) + c


def test_a_tree_beside_the_file_counts_as_its_reduced_normal_form(tmp_path: Path) -> None:
    tree = 'EFG 2 R "g" { "ROW" "COL" }\n' + 'p "" 1 1 "" { "up" "down" } 0\n'
    for row in ((1, 2, 3), (4, 5, 6)):
        tree += 'p "" 2 1 "" { "left" "middle" "right" } 0\n' + "".join(f't "" {k} "" {{ {k}, {-k} }}\n' for k in row)
    game = load(tmp_path, '[payoffs]\ntree = "g.efg"\n', efg=tree).game()
    assert game.exact[0].tolist() == [[1, 2, 3], [4, 5, 6]]
    assert game.actions == (("up", "down"), ("left", "middle", "right"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (nfg('"COL" "ROW"'), "player 1 is 'COL' in g.nfg and 'ROW' here. Name and order players alike in both."),
        (nfg('"ROW"', '{ { "up" "down" } }', "1 2"), "the game in g.nfg has 1 players and the scenario 2."),
        (nfg(actions="{ 3 2 }"), "'ROW' has 3 strategies in g.nfg, but its moves have 2 options."),
        (nfg(actions=ACTIONS.replace('"up" "down"', '"down" "up"')), "are 'down', 'up' in g.nfg and 'up', 'down' here"),
    ],
)
def test_a_file_that_does_not_fit_is_answered_where_it_is_named(tmp_path: Path, text: str, said: str) -> None:
    found = problems(tmp_path, BY_TABLE, nfg=text)
    assert all(one.startswith("beside.toml:12:1: ") for one in found)
    assert said in "\n".join(found)


def test_a_broken_or_missing_file_is_answered_at_its_own_place(tmp_path: Path) -> None:
    (missing,) = problems(tmp_path, BY_TABLE)
    assert missing == "beside.toml:12:1: there is no file g.nfg. A path starts at this file."
    (broken,) = problems(tmp_path, BY_TABLE, nfg=nfg(numbers="1 2"))
    assert broken.startswith("g.nfg:3:4: the file ends after 2 of 12 payoffs")
    (other,) = problems(tmp_path, BY_TABLE.replace("g.nfg", "g.txt"), txt="secret")
    assert other == "beside.toml:12:1: 'table' does not lead to a .nfg file."
    assert "secret" not in other


def test_one_source_of_payoffs_is_enough(tmp_path: Path) -> None:
    both = problems(tmp_path, BY_TABLE + 'tree = "g.efg"\nROW = [[1]]\n')
    assert [text.split(": ", 1)[0] for text in both] == ["beside.toml:13:1", "beside.toml:14:1"]
    assert all("one too many" in text for text in both)


def test_an_observer_has_no_payoffs_in_a_game_file(tmp_path: Path) -> None:
    (said,) = problems(tmp_path, BY_TABLE, HEAD + '[observers.KR]\nname = "Korea"\n\n', nfg=nfg())
    assert "no payoffs of an observer such as 'KR'" in said


def test_a_base_names_the_file_beside_itself(tmp_path: Path) -> None:
    base = tmp_path / "base"
    base.mkdir()
    load(base, BY_TABLE, nfg=nfg())
    path = tmp_path / "further.toml"
    path.write_text('[scenario]\nname = "further"\nextends = "base/beside.toml"\n', encoding="utf-8")
    assert sim.load(path).game().exact[0, 1, 2] == 6
