"""Bounds on regions, on their own: where comparing payoffs may exclude a support, and where rounding forbids it."""

import numpy as np

from sim.solvers.region_kernel import excluded_at_once, excluded_by_words, sign_words
from sim.solvers.support_search import support_masks, support_words

SIZES, STRIDES = np.array([2, 2, 2]), np.array([4, 2, 1])


def excluded(table: np.ndarray, masks: tuple[int, int, int], exact: bool) -> bool:
    """By both ways, which must agree."""
    more = np.empty((3, 2, 2), np.uint64)
    sign_words(table, SIZES, more)
    every = support_masks((2, 2, 2))
    place = every.tolist().index(list(masks))
    by_words = excluded_by_words(more, SIZES, every, support_words((2, 2, 2)), place, exact)
    members = [[a for a in (0, 1) if mask >> a & 1] for mask in masks]
    act = np.array([[*own, *(a for a in (0, 1) if a not in own)] for own in members])
    at_once = excluded_at_once(table, SIZES, STRIDES, act, np.array([len(own) for own in members]), exact)
    assert by_words == at_once
    return bool(by_words)


def table(gains: list[list[float]]) -> np.ndarray:
    """Player 1's second action gains so much over the first; the others never care."""
    tensor = np.zeros((3, 2, 2, 2))
    tensor[0, 1] = gains
    return tensor.reshape(3, 8)


def test_an_action_better_at_every_corner_excludes_its_rival_and_its_absence() -> None:
    better = table([[1, 2], [3, 1]])
    for exact in (True, False):
        assert excluded(better, (3, 3, 3), exact)
        assert excluded(better, (1, 3, 3), exact)
        assert not excluded(better, (2, 3, 3), exact)


def test_a_tie_at_a_corner_excludes_only_where_equal_floats_are_equal_payoffs() -> None:
    weakly = table([[0, 2], [3, 1]])
    assert excluded(weakly, (3, 3, 3), True)
    assert not excluded(weakly, (3, 3, 3), False)


def test_only_the_corners_of_the_support_count() -> None:
    mixed = table([[1, -2], [3, -1]])
    assert not excluded(mixed, (3, 3, 3), True)
    assert excluded(mixed, (3, 3, 1), True)
    assert excluded(mixed, (2, 3, 2), True)
    assert not excluded(mixed, (2, 3, 1), True)


def test_gains_that_are_0_everywhere_exclude_nothing() -> None:
    assert not excluded(table([[0, 0], [0, 0]]), (3, 3, 3), True)
