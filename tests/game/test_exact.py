"""The exact route: decimals as written, one tree for both kinds of number, slices and merged moves."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.game.exact import central_rationals, slice_game
from tests.made import TWO, made

TENTHS = """
[parameters]
x = { value = 0.1 }
[stakes]
s = { value = "3 * x * (b == 'yes') - 0.3 * (a == 'high')", swing = 0.7 }
[interests.A]
s = { weight = 0.7 }
"""


def test_decimals_are_what_is_written_and_tie_exactly(tmp_path: Path) -> None:
    game = made(tmp_path, TWO + TENTHS).game()
    assert game.exact[0][2, 1] == 0  # in floats 3 * 0.1 - 0.3 is not
    assert game.exact[0][0, 1] == Fraction(3, 10)
    assert not game.note


@pytest.mark.parametrize("value", [0.2, "0.2", "1/5", Fraction(1, 5)])
def test_a_number_may_be_set_in_any_writing(tmp_path: Path, value) -> None:
    assert made(tmp_path, TWO + TENTHS).game(x=value).exact[0][0, 1] == Fraction(3, 5)


@pytest.mark.parametrize(
    ("formula", "noted"),
    [("sqrt(x)", True), ("x ** 0.5", True), ("x ** x", True), ("x ** 2", False), ("x / 3", False), ("exp(x)", True)],
)
def test_a_rounded_operation_is_noted(tmp_path: Path, formula: str, noted: bool) -> None:
    body = TENTHS.replace("3 * x * (b == 'yes') - 0.3 * (a == 'high')", formula)
    assert bool(made(tmp_path, TWO + body).game().note) is noted


def test_a_slice_holds_every_other_move() -> None:
    scenario = sim.load("vladivostok-2023")
    cut = scenario.data.slices[0]
    numbers = central_rationals(scenario.data)
    game = slice_game(scenario.data, cut, numbers)
    tensor = scenario.payoffs()[0]
    axes = [move.name for move in scenario.data.moves]
    index = tuple(cut.given.get(name, slice(None)) for name in axes)
    names = [player.name for player in scenario.data.players]
    for own, player in zip(game.payoffs, (cut.row_player, cut.column_player), strict=True):
        expected = tensor[(names.index(player), *index)]
        free = [name for name in axes if name not in cut.given]
        order = [free.index(name) for side in (cut.rows, cut.columns) for name in sorted(side, key=axes.index)]
        np.testing.assert_allclose(own, expected.transpose(order).reshape(own.shape), atol=1e-10)


def test_an_unknown_number_is_refused() -> None:
    with pytest.raises(sim.PayoffError, match="no number called 'nobody'"):
        central_rationals(sim.load("vladivostok-2023").data, {"nobody": Fraction(1)})
