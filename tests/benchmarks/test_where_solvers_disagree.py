"""The page on solvers is what its command writes: the fast tools are asked again and compared cell by cell."""

from fractions import Fraction
from pathlib import Path

import pytest

from benchmarks.exact_truth import Truth
from benchmarks.tools_compared import BY_NAME, TOOLS, Worker, answer, tensor_of
from benchmarks.where_solvers_disagree import Known, larger_games, summary, two_player_games, verdict, versions

FAST = (
    "realpolitik one game",
    "nashpy vertex, mapped",
    "realpolitik batch",
    "Gambit enummixed rational",
    "nashpy support",
    "Gambit lcp",
)


@pytest.fixture(scope="module")
def written(root: Path) -> dict[tuple[str, str], str]:
    """(game, tool) -> cell."""
    cells: dict[tuple[str, str], str] = {}
    head: list[str] = []
    for line in (root / "docs" / "where-solvers-disagree.md").read_text(encoding="utf-8").splitlines():
        if not line.startswith("|"):
            head = []
            continue
        row = [cell.strip() for cell in line.strip("|").split("|")]
        if not head:
            head = row
        elif head[0] == "game":
            cells |= {(row[0], tool): cell for tool, cell in zip(head[1:], row[1:], strict=True)}
    return cells


def test_the_page_names_every_tool_every_game_and_the_versions_installed(root: Path, written) -> None:
    assert {tool for _, tool in written} == set(BY_NAME)
    assert {game for game, _ in written if not game.startswith("---")} == {
        game.name for game in (*two_player_games(), *larger_games())
    }
    assert versions() in (root / "docs" / "where-solvers-disagree.md").read_text(encoding="utf-8")


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", FAST)
def test_a_fast_tool_says_again_what_the_page_says(name: str, written) -> None:
    tool = BY_NAME[name]
    for game in two_player_games():
        assert (game.name, verdict(tool, game, answer(tool, game.tensor))) == (game.name, written[game.name, name])


def test_ours_finds_all_of_every_named_game_on_the_page(written) -> None:
    ours = {cell for (_, tool), cell in written.items() if tool.startswith("realpolitik") and cell != "---"}
    assert all(cell.startswith("all ") and "wrong" not in cell for cell in ours)


def test_the_plain_account_of_a_segment_holds_its_ends_and_the_points_between() -> None:
    truth = Truth([[3, 3], [2, 5], [0, 6]], [[3, 3], [2, 6], [3, 1]])
    third = Fraction(1, 3)
    assert set(truth.equilibria) == {
        ((1, 0, 0), (1, 0)),
        ((1, 0, 0), (2 * third, third)),
        ((0, third, 2 * third), (third, 2 * third)),
    }
    assert truth.holds([1, 0, 0], [0.8, 0.2])
    assert not truth.holds([1, 0, 0], [0.6, 0.4])
    assert not truth.holds([0, 1, 0], [0, 1])


@pytest.mark.parametrize(
    ("tool", "said", "cell"),
    [
        ("nashpy support", {"profiles": [[[1, 0], [0, 1]]], "error": None, "warned": True}, "1 of 3 (warns)"),
        ("nashpy support", {"profiles": [[[1, 0], [1, 0]]], "error": None, "warned": False}, "0 of 3, 1 wrong"),
        ("nashpy support", {"profiles": [[[1], [1, 0]]], "error": None, "warned": False}, "0 of 3, 1 wrong"),
        ("nashpy support", {"profiles": [], "error": "KeyError", "warned": False}, "error"),
        ("Gambit lcp", {"profiles": [[[1, 0], [0, 1]]], "error": None, "warned": False}, "right"),
        ("Gambit lcp", {"profiles": [[[1, 0], [1, 0]]], "error": None, "warned": False}, "1 wrong"),
        ("Gambit logit", {"profiles": [], "error": None, "warned": False}, "none"),
    ],
)
def test_a_cell_says_what_was_found_missed_and_invented(tool: str, said: dict, cell: str) -> None:
    chicken = next(game for game in two_player_games() if game.name == "chicken")
    assert verdict(BY_NAME[tool], chicken, said) == cell


def test_a_tool_that_does_not_end_is_stopped_and_asked_the_next_game(monkeypatch) -> None:
    worker = Worker(BY_NAME["nashpy Lemke-Howson"], seconds=2)
    column = tensor_of([[-2], [-2], [-2], [2], [-2]], [[1], [-1], [1], [-2], [2]])
    chicken = next(game for game in two_player_games() if game.name == "chicken")
    try:
        assert worker.ask(column)["late"]
        assert verdict(worker.tool, chicken, worker.ask(chicken.tensor)) == "right"
    finally:
        worker.close()


def test_a_sample_is_summed_up_by_kinds() -> None:
    cells = ["all 3", "2 of 3", "all 1, 1 wrong", "error", "all 1"]
    assert summary(TOOLS[0], cells) == "right in 2; 1 error, 1 misses, 1 wrong"


def test_games_are_named_once() -> None:
    names = [game.name for game in (*two_player_games(), *larger_games())]
    assert len(set(names)) == len(names)
    assert all(isinstance(game, Known) for game in two_player_games())
