"""How draws are cut: everything once, ends where they were before, numbers in order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.sweeps.plan import COSTLY_CHUNK, Piece, pieces_of


@given(st.integers(0, 50), st.integers(1, 200), st.integers(1, 40), st.integers(0, 60), st.sets(st.integers(0, 260)))
def test_every_draw_is_in_one_piece_and_numbers_follow_draws(
    first: int, draws: int, chunk: int, costly: int, ends: set[int]
) -> None:
    pieces = pieces_of(first, first + draws, chunk, costly=costly, ends=ends)
    assert [draw for one in pieces for draw in range(one.start, one.stop)] == list(range(first, first + draws))
    assert [one.number for one in pieces] == list(range(len(pieces)))
    assert all(one.start // chunk == (one.stop - 1) // chunk for one in pieces)
    assert all(one.draws <= COSTLY_CHUNK for one in pieces if one.start < first + costly)


@pytest.mark.parametrize("longer", [31, 45, 300])
def test_pieces_of_a_shorter_sweep_are_pieces_of_the_longer_one(longer: int) -> None:
    shorter = pieces_of(3, 30, 10)
    assert shorter == pieces_of(3, longer, 10, ends=(one.stop for one in shorter))[: len(shorter)]
    assert shorter[0] == Piece(3, 7, 0)
