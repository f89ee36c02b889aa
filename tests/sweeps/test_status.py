"""From sets to six words and their shares."""

import numpy as np
import pytest

from sim.sweeps.status import (
    STATUSES,
    Share,
    event_statuses,
    outcome_classes,
    present_classes,
    shares_of,
    wilson,
)

EVENTS = {
    "deal": np.array([[True, False], [True, False]]),
    "trip": np.array([[True, True], [False, False]]),
    "sure": np.ones((2, 2), dtype=bool),
    "vain": np.zeros((2, 2), dtype=bool),
}


def words(*draws: list[tuple[int, int]]) -> dict[str, list[str]]:
    """Statuses of each event in draws with these equilibria."""
    mask = np.zeros((len(draws), 2, 2), dtype=bool)
    for draw, profiles in enumerate(draws):
        for at in profiles:
            mask[(draw, *at)] = True
    classes = outcome_classes(EVENTS)
    codes = event_statuses(present_classes(mask, classes), classes)
    return {event: [STATUSES[code] for code in own] for event, own in zip(classes.events, codes, strict=True)}


def test_each_word_where_its_definition_says() -> None:
    found = words([(0, 0)], [(0, 1), (1, 1)], [(0, 0), (0, 1)], [])
    assert found["deal"] == ["always", "never", "sometimes", "none"]
    assert found["trip"] == ["always", "sometimes", "always", "none"]


def test_an_event_true_or_false_everywhere_is_none_where_nothing_is_an_equilibrium() -> None:
    found = words([(0, 0)], [(0, 1), (1, 1)], [])
    assert found["sure"] == ["always", "always", "none"]
    assert found["vain"] == ["never", "never", "none"]


def test_no_draw_with_an_equilibrium_is_no_error() -> None:
    assert words([], []) == {event: ["none", "none"] for event in EVENTS}


def test_outcomes_are_distinct_event_vectors_not_profiles() -> None:
    classes = outcome_classes({"trip": EVENTS["trip"]})
    mask = np.zeros((2, 2, 2), dtype=bool)
    mask[0, 0], mask[1] = True, True
    assert present_classes(mask, classes).sum(axis=0).tolist() == [1, 2]


def test_the_wilson_interval_of_one_in_ten() -> None:  # Newcombe (1998), Stat. Med. 17, method 3: 15 of 148 and 1 of 29
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson(1, 29) == pytest.approx((0.0061, 0.1718), abs=5e-5)


def test_the_interval_stays_between_0_and_1_and_is_never_a_point() -> None:
    assert wilson(0, 20) == pytest.approx((0, 0.1611), abs=5e-5)
    assert wilson(20, 20) == pytest.approx((0.8389, 1), abs=5e-5)


def test_six_shares_add_to_1_and_lower_and_upper_leave_out_what_is_none() -> None:
    share = Share("strong-2", None, "deal", 20, (4, 3, 5, 2, 1, 5))
    assert sum(share.shares().values()) == pytest.approx(1)
    assert share.lower == 0.2
    assert share.upper == pytest.approx((4 + 3 + 1 + 5) / 20)
    assert (share.modal, share.row) == ("never", "strong-2")
    assert share.to_dict().keys() >= {"concept", "order", "event", "n", "lower", "upper", *STATUSES}


def test_counting_is_by_event_and_of_all_draws() -> None:
    codes = np.array([[0, 1, 2, 3, 0], [2, 2, 2, 2, 2]], dtype=np.int8)
    one, other = shares_of("subgame-perfect", "quiet", ("deal", "trip"), codes)
    assert (one.n, one.counts, one.row) == (5, (2, 1, 1, 1, 0, 0), "subgame-perfect.quiet")
    assert other.counts == (0, 0, 5, 0, 0, 0)
