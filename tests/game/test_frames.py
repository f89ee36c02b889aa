"""A game as a table, there and back."""

import io
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

import sim
from sim.show.export_game import export_game

THREE = sim.Game.from_arrays(
    *np.arange(36).reshape(3, 2, 3, 2), players=["A", "B", "C"], actions=[["x", "y"], ["k", "l", "m"], ["no", "yes"]]
)


def test_a_game_of_three_comes_back_the_same() -> None:
    frame = THREE.to_frame()
    assert list(frame) == ["A", "B", "C", "payoff.A", "payoff.B", "payoff.C"]
    assert len(frame) == 12
    back = sim.Game.from_frame(frame, title=THREE.title)
    assert (back.players, back.actions, back.title) == (THREE.players, THREE.actions, THREE.title)
    assert (back.exact == THREE.exact).all()


def test_the_order_of_rows_and_of_payoff_columns_changes_no_payoff() -> None:
    frame = THREE.to_frame()
    mixed = frame.sample(frac=1, random_state=3)[["payoff.C", "A", "payoff.A", "C", "B", "payoff.B"]]
    back = sim.Game.from_frame(mixed)
    assert back.players == ("A", "C", "B")
    for row in frame.itertuples(index=False):
        at = tuple(own.index(label) for own, label in zip(back.actions, (row.A, row.C, row.B), strict=True))
        assert [back.payoffs[(k, *at)] for k in range(3)] == [row[3], row[5], row[4]]


def test_a_spreadsheet_read_as_texts_keeps_decimals_and_thirds_exact() -> None:
    game = sim.Game.from_frame({"R": ["u", "d"], "payoff.R": ["0.1", "1/3"]})
    assert game.exact.tolist() == [[Fraction(1, 10), Fraction(1, 3)]]
    text = export_game(sim.Game.from_arrays([[Fraction(1, 10), Fraction(3)]], [[0, 1]]), "csv")
    back = sim.Game.from_frame(pd.read_csv(io.StringIO(text), dtype=str))
    assert back.exact.ravel().tolist() == [Fraction(1, 10), 3, 0, 1]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"R": ["u"], "payoff.R": [1], "payoff.S": [2]}, "'payoff.S' has no partner"),
        ({"R": ["u"], "S": ["l"], "payoff.R": [1]}, "'S' has no partner"),
        ({}, "this one has none"),
        ({"R": [], "payoff.R": []}, "0 of 0 profiles"),
        ({"R": ["u", "d", "u"], "S": ["l", "l", "r"], "payoff.R": [1] * 3, "payoff.S": [1] * 3}, "has 3 of 4 profiles"),
        ({"R": ["u", "u"], "payoff.R": [1, 2]}, "R=u stands twice"),
        ({"R": ["u"], "payoff.R": [float("nan")]}, "finite number"),
        ({"R": ["u"], "payoff.R": ["high"]}, "finite number"),
        ({"R": ["u"], "payoff.R": ["1/0"]}, "finite number"),
        ({"R": ["u"], "payoff.R": ["1e999999999"]}, "finite number"),
        ({"R": ["u", "d"], "payoff.R": [1]}, "differ in length: 1, 2"),
    ],
)
def test_a_table_that_is_no_game_is_refused_in_words(table: dict[str, list[object]], said: str) -> None:
    with pytest.raises(sim.PayoffError, match=said):
        sim.Game.from_frame(table)


@pytest.mark.parametrize(
    ("arrays", "labels", "said"),
    [
        ([[[1, 2], [3]], [[1, 2], [3, 4]]], {}, "differ in length"),
        ([[[1, 2], [3, 4]]], {}, "needs N arrays"),
        ([[["a", 2]], [[3, 4]]], {}, "finite number, not 'a'"),
        ([[[1, 2]], [[3, 4]]], {"players": ["R", "R"]}, "Two players are called 'R'"),
        ([[[1, 2]], [[3, 4]]], {"actions": [["u"], ["l", "l"]]}, "Two actions of 2 are called 'l'"),
        ([[[1, 2]], [[3, 4]]], {"actions": [["u"]]}, r"The labels count \[1\]"),
    ],
)
def test_arrays_that_are_no_game_are_refused_in_words(arrays: list[object], labels: dict[str, object], said) -> None:
    with pytest.raises(sim.PayoffError, match=said):
        sim.Game.from_arrays(*arrays, **labels)


def test_labels_may_be_numbers_and_become_texts() -> None:
    game = sim.Game.from_arrays([[1, 2]], [[3, 4]], players=[1, 2], actions=[[0], [10, 20]])
    assert (game.players, game.actions) == (("1", "2"), (("0",), ("10", "20")))
