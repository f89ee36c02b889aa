import csv
import io
import json
import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pygambit
import pytest

import sim
from sim.game.exact import central_rationals, normal_form_game, slice_game
from sim.game.nfg import game_to_nfg
from sim.show.export import export
from sim.show.export_game import export_game, game_to_dict
from sim.show.latex import escaped, game_to_latex

MARKET = Path(__file__).parent / "market.toml"


@pytest.fixture(scope="module")
def market() -> sim.Scenario:
    return sim.load(MARKET)


def read_by_gambit(game: sim.Game, path: Path) -> pygambit.Game:
    path.write_text(game_to_nfg(game), encoding="utf-8")
    return pygambit.read_nfg(path)


def test_gambit_reads_back_the_same_labels_and_the_same_fractions(market: sim.Scenario, tmp_path: Path) -> None:
    path = tmp_path / "market.nfg"
    path.write_text(export(market.data, "nfg", numbers={"need": Fraction(1, 3)}), encoding="utf-8")
    theirs, ours = pygambit.read_nfg(path), market.game(need="1/3")
    assert theirs.title == ours.title
    assert tuple(theirs.players) == ours.players
    assert tuple(tuple(theirs.get_strategies(player)) for player in theirs.players) == ours.actions
    for own, array in zip(ours.exact, theirs.to_arrays(Fraction), strict=True):
        assert (own == array).all()
    assert any(value.denominator % 3 == 0 for value in ours.exact.ravel())  # a third was carried, not rounded


def test_gambit_reads_back_three_players_in_their_own_order(tmp_path: Path) -> None:
    payoffs = np.arange(3 * 2 * 3 * 4).reshape(3, 2, 3, 4)
    theirs = read_by_gambit(sim.Game.from_arrays(*payoffs), tmp_path / "three.nfg")
    for own, array in zip(payoffs, theirs.to_arrays(int), strict=True):
        assert (own == array).all()


def test_labels_that_hold_quotes_and_signs_reach_gambit(tmp_path: Path) -> None:
    actions = [['say "no"', "it's {2}"], ["a\\b", "line\nbreak  twice", "50 %"]]
    zero = np.zeros((2, 3), dtype=int)
    game = sim.Game.from_arrays(zero, zero, players=['the "first"', "Ö"], actions=actions, title='a "title"\\')
    theirs = read_by_gambit(game, tmp_path / "labels.nfg")
    assert theirs.title == 'a "title"/'
    assert list(theirs.players) == ['the "first"', "Ö"]
    assert list(theirs.get_strategies('the "first"')) == ['say "no"', "it's {2}"]
    assert list(theirs.get_strategies("Ö")) == ["a/b", "line break twice", "50 %"]


def test_a_slice_is_exported_as_the_two_player_game_that_it_is(market: sim.Scenario, tmp_path: Path) -> None:
    path = tmp_path / "slice.nfg"
    path.write_text(export(market.data, "nfg", slice="bargain"), encoding="utf-8")
    ours = slice_game(market.data, market.data.slices[0], central_rationals(market.data))
    for own, array in zip(ours.exact, pygambit.read_nfg(path).to_arrays(Fraction), strict=True):
        assert (own == array).all()


def test_json_holds_fractions_beside_floats(market: sim.Scenario) -> None:
    read = json.loads(export(market.data, "json"))
    game = normal_form_game(market.data, central_rationals(market.data))
    assert read == game_to_dict(game)
    exact = np.vectorize(Fraction, otypes=[object])(np.array(read["exact"], dtype=object))
    assert (exact == game.exact).all()
    assert np.array_equal(np.array(read["payoffs"]), game.payoffs)
    assert [len(own) for own in read["strategies"]] == list(game.payoffs.shape[1:])


def test_csv_has_one_row_a_profile_with_moves_events_and_everyones_payoff(market: sim.Scenario) -> None:
    rows = list(csv.DictReader(io.StringIO(export(market.data, "csv"))))
    payoffs, watched = market.payoffs(), market.observers()
    assert len(rows) == payoffs[0, 0].size
    moves = market.data.moves
    for row in rows:
        at = tuple(move.options.index(row[move.name]) for move in moves)
        for k, player in enumerate(market.data.players):
            assert float(row[player.name]) == pytest.approx(payoffs[(0, k, *at)], rel=1e-12)
        for k, observer in enumerate(market.data.observers):
            assert float(row[observer.name]) == pytest.approx(watched[(0, k, *at)], rel=1e-12)
        assert row["trip"] == ("true" if row["travel"] == "go" else "false")


def test_csv_of_a_slice_holds_the_given_moves_where_they_are(market: sim.Scenario) -> None:
    cut = market.data.slices[0]
    rows = list(csv.DictReader(io.StringIO(export(market.data, "csv", slice=cut.name))))
    whole = list(csv.DictReader(io.StringIO(export(market.data, "csv"))))
    given = {move: market.data.move(move).options[rank] for move, rank in cut.given.items()}
    assert rows == [row for row in whole if all(row[move] == option for move, option in given.items())]
    assert 0 < len(rows) <= len(whole)


def test_latex_underlines_best_responses_and_no_other() -> None:
    game = sim.Game.from_arrays([[3, 0], [5, 1]], [[3, 5], [0, 1]], actions=[["c", "d"], ["c", "d"]])
    cells = re.findall(r"\$(\\underline\{)?(-?[\d.]+)\}?\$", game_to_latex(game))
    assert [(bool(mark), value) for mark, value in cells] == [
        (False, "3"), (False, "3"), (False, "0"), (True, "5"),
        (True, "5"), (False, "0"), (True, "1"), (True, "1"),
    ]  # fmt: skip


def test_latex_escapes_every_sign_that_means_something_there() -> None:
    assert escaped(r"a_b & 5% #1 {$x^2$}~\n") == (
        r"a\_b \& 5\% \#1 \{\$x\textasciicircum{}2\$\}\textasciitilde{}\textbackslash{}n"
    )


def test_latex_is_balanced_and_every_row_has_as_many_columns(market: sim.Scenario) -> None:
    text = export(market.data, "latex", slice="bargain")
    assert text.count("{") == text.count("}")
    assert re.findall(r"\\begin\{(\w+)\}", text) == re.findall(r"\\end\{(\w+)\}", text)[::-1]
    body = text.split(r"\midrule")[1].split(r"\bottomrule")[0].strip()
    columns = int(re.search(r"\*\{(\d+)\}\{r@", text)[1])
    rows = [line for line in body.splitlines() if line]
    assert {line.count("&") for line in rows} == {1 + 2 * columns}
    assert all(line.endswith(r"\\") for line in rows)


@pytest.mark.parametrize(
    ("values", "shown", "said"),
    [
        ([[1, 2]], ["1", "2"], "exact"),
        ([[Fraction(1, 4), Fraction(-1, 3)]], ["0.25", r"-\tfrac{1}{3}"], "exact"),
        ([[Fraction(1, 1001), Fraction(-1, 1001)]], ["0.00", "0.00"], "rounded"),
    ],
)
def test_latex_says_whether_its_numbers_are_exact(values: list[list[object]], shown: list[str], said: str) -> None:
    own = np.array(values, dtype=object)
    text = game_to_latex(sim.Game.from_arrays(own, np.zeros((1, 2), dtype=int)))
    assert [value for value in shown if value not in text] == []
    assert f"Payoffs are {said}" in text


def test_a_game_of_four_is_no_bimatrix_and_the_error_names_the_slices() -> None:
    scenario = sim.load("vladivostok-2023")
    with pytest.raises(sim.UsageError, match=r"4 players.*--slice bargain or onlookers or publicity"):
        export(scenario.data, "latex")


def test_an_unknown_form_or_slice_is_answered_with_the_nearest(market: sim.Scenario) -> None:
    with pytest.raises(sim.UsageError, match=r"'ngf' is no form.*'nfg'"):
        export(market.data, "ngf")
    with pytest.raises(sim.UsageError, match=r"no slice 'bargian'.*'bargain'"):
        export(market.data, "nfg", slice="bargian")


def test_gambit_reads_the_tree_of_an_order(tmp_path: Path) -> None:
    scenario = sim.load("deterrence")
    path = tmp_path / "order.efg"
    path.write_text(export(scenario.data, "efg"), encoding="utf-8")  # the file has one order
    theirs, ours = pygambit.read_efg(path), sim.read_game(path)
    assert tuple(theirs.players) == ours.players
    for own, array in zip(ours.to_game().exact, theirs.to_arrays(Fraction), strict=True):
        assert (own == array).all()
    assert export_game(ours, "efg") == export(scenario.data, "efg", order="in_turn")


def test_the_tree_of_an_order_in_another_form_is_its_reduced_normal_form(tmp_path: Path) -> None:
    tree = sim.load("deterrence").data
    path = tmp_path / "reduced.nfg"
    path.write_text(export(tree, "nfg", order="in_turn"), encoding="utf-8")
    efg = tmp_path / "order.efg"
    efg.write_text(export(tree, "efg"), encoding="utf-8")
    ours, reduced = sim.read_game(path), sim.read_game(efg).to_game()
    assert (ours.exact == reduced.exact).all()
    assert ours.actions == reduced.actions


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"to": "efg"}, "name it with --order"),
        ({"to": "efg", "order": "summit_frist"}, "'summit_first'"),
        ({"to": "efg", "order": "summit_first", "slice": "bargain"}, "not both"),
        ({"to": "latex", "order": "summit_first"}, "a page holds"),
    ],
)
def test_a_tree_that_cannot_be_exported_is_answered_with_a_mend(words: dict[str, str], said: str) -> None:
    with pytest.raises(sim.UsageError, match=said):
        export(sim.load("vladivostok-2023").data, **words)
    with pytest.raises(sim.UsageError, match="without an order of moves there is no tree"):
        export(sim.load("stag-hunt").data, "efg")


def test_a_game_in_normal_form_has_no_tree() -> None:
    game = sim.Game.from_arrays([[1]], [[2]])
    with pytest.raises(sim.UsageError, match="export it --to nfg"):
        export_game(game, "efg")
    with pytest.raises(sim.UsageError, match="'nfg'"):
        export_game(game, "ngf")


def test_a_game_that_cannot_hold_private_types_says_that_they_are_left_out(tmp_path: Path) -> None:
    said = '"the types of B are left out: every number has its own value"'
    scenario = sim.load("deterrence-types")
    for form in ("nfg", "efg"):
        path = tmp_path / f"game.{form}"
        path.write_text(export(scenario.data, form), encoding="utf-8")
        assert said in path.read_text(encoding="utf-8")
        assert len((pygambit.read_nfg if form == "nfg" else pygambit.read_efg)(path).players) == 2
    assert "types" not in export(sim.load("deterrence").data, "efg")
