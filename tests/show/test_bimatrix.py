"""The bimatrix as text: what is starred and boxed, and that it fits."""

from fractions import Fraction

import numpy as np
import pytest

from sim.game.game import Game
from sim.game.plain_html import game_html
from sim.show.bimatrix import matrix_blocks

STAG_HUNT = Game.from_arrays(
    np.array([[4, 0], [3, 3]]),
    np.array([[4, 3], [0, 3]]),
    players=["ROW", "COL"],
    actions=[["stag", "hare"], ["stag", "hare"]],
)


def test_best_responses_are_starred_and_equilibria_boxed() -> None:
    assert matrix_blocks(STAG_HUNT) == [
        "            stag      hare\n"  #
        "  stag  [4*, 4*]     0, 3\n"
        "  hare     3, 0   [3*, 3*]"
    ]


def wide(columns: int) -> Game:
    payoffs = np.arange(4 * columns).reshape(4, columns) / 7
    names = [f"ask=technology travel=go{k}" for k in range(columns)]
    return Game.from_arrays(payoffs, -payoffs, players=["A", "B"], actions=[["a", "b", "c", "d"], names])


@pytest.mark.parametrize("columns", [1, 3, 8, 40])
def test_a_table_is_cut_into_blocks_that_fit_and_keep_every_cell(columns: int) -> None:
    blocks = matrix_blocks(wide(columns))
    assert max(len(line) for block in blocks for line in block.splitlines()) <= 100
    assert sum(block.count(", ") for block in blocks) == 4 * columns
    assert sum(block.count("ask=technology") for block in blocks) == columns


def test_stars_come_from_exact_payoffs_not_from_what_is_printed() -> None:
    close = np.array([[Fraction(1, 3), Fraction(0)], [Fraction(1, 3) + Fraction(1, 10**9), Fraction(50)]], dtype=object)
    game = Game.from_arrays(close, np.zeros((2, 2), dtype=int), players=["A", "B"])
    first, second = matrix_blocks(game)[0].splitlines()[1:]
    assert first.split()[1] == "0.3,"
    assert second.split()[1] == "[0.3*,"


def test_a_negative_zero_has_no_sign() -> None:
    game = Game.from_arrays([[-0.001, 30.0]], [[1, 2]], players=["A", "B"])
    assert "-0.0" not in matrix_blocks(game)[0]


def test_the_screen_and_the_page_round_payoffs_alike_each_with_its_own_minus() -> None:
    game = Game.from_arrays([[-1.25, 30.0]], [[1, 2]], players=["A", "B"])
    assert "-1.2*, 1" in matrix_blocks(game)[0]
    assert "−1.2" in game_html(game)
