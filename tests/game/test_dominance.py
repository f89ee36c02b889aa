"""Dominant actions of batches of games, against the definition read aloud."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import PayoffError
from sim.game.dominance import dominant_actions
from sim.solvers.ties import TIE

DILEMMA = np.array([[[[3, 0], [5, 1]], [[3, 5], [0, 1]]]], dtype=float)


@st.composite
def batches(draw: st.DrawFn) -> np.ndarray:
    sizes = draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))
    shape = (draw(st.integers(1, 3)), len(sizes), *sizes)
    source = draw(st.randoms(use_true_random=False))
    return np.array([source.randint(-1, 1) for _ in range(int(np.prod(shape)))], dtype=float).reshape(shape)


def by_definition(own: np.ndarray, player: int, action: int, *, strict: bool) -> bool:
    for profile in np.ndindex(own.shape):
        mine = own[(*profile[:player], action, *profile[player + 1 :])]
        if own[profile] > mine or (strict and profile[player] != action and own[profile] == mine):
            return False
    return True


def test_defection_is_strictly_dominant_in_the_prisoners_dilemma() -> None:
    for own in dominant_actions(DILEMMA, tie=TIE):
        assert own.strictly.tolist() == own.weakly.tolist() == [[False, True]]


@settings(max_examples=150, deadline=None)
@given(batches())
def test_each_draw_has_the_dominant_actions_of_the_definition(payoffs) -> None:
    for player, found in enumerate(dominant_actions(payoffs, tie=TIE)):
        for draw, action in np.ndindex(found.weakly.shape):
            own = payoffs[draw, player]
            assert found.weakly[draw, action] == by_definition(own, player, action, strict=False)
            assert found.strictly[draw, action] == by_definition(own, player, action, strict=True)


@settings(max_examples=60, deadline=None)
@given(batches(), st.sampled_from([1e-9, 2.5, 1e9]), st.sampled_from([0.0, 3.0, -1e3]))
def test_the_unit_and_zero_of_payoffs_change_nothing(payoffs, scale, shift) -> None:
    before, after = dominant_actions(payoffs, tie=TIE), dominant_actions(scale * (payoffs + shift), tie=TIE)
    for one, other in zip(before, after, strict=True):
        assert np.array_equal(one.weakly, other.weakly)
        assert np.array_equal(one.strictly, other.strictly)


@pytest.mark.parametrize(("gain", "tied"), [(0.5e-12, True), (2e-12, False)])
def test_a_gain_up_to_the_tie_is_none(gain, tied) -> None:
    payoffs = np.zeros((1, 2, 2, 2))
    payoffs[0, 0] = [[0, 1], [gain, 1]]
    rows, columns = dominant_actions(payoffs, tie=TIE)
    assert rows.weakly.tolist() == [[tied, True]]
    assert not rows.strictly.any()
    assert columns.weakly.all()


def test_several_tied_actions_are_weakly_dominant_and_none_strictly() -> None:
    (own,) = dominant_actions(np.array([[[2.0, 2.0, 1.0]], [[1.0, 2.0, 1.0]]]), tie=TIE)
    assert own.weakly.tolist() == [[True, True, False], [False, True, False]]
    assert own.strictly.tolist() == [[False, False, False], [False, True, False]]


@pytest.mark.parametrize("payoffs", [np.zeros((1, 2, 2)), np.zeros((2, 2)), np.full((1, 1, 2), np.nan)])
def test_what_is_no_batch_of_games_is_refused(payoffs) -> None:
    with pytest.raises(PayoffError):
        dominant_actions(payoffs, tie=TIE)
