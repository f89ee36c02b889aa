"""From sets to six words and their shares."""

from typing import Any

import numpy as np
import pytest

from sim.solvers.batch import as_words
from sim.sweeps.status import STATUSES, Share, outcome_classes, shares_of, wilson
from sim.sweeps.status_kernel import read_off

EVENTS = {
    "deal": np.array([[True, False], [True, False]]),
    "trip": np.array([[True, True], [False, False]]),
    "sure": np.ones((2, 2), dtype=bool),
    "vain": np.zeros((2, 2), dtype=bool),
}


def read(masks: np.ndarray, events: dict[str, np.ndarray], margin: float = 0.5, gap: float = 1.0) -> dict[str, Any]:
    """The columns of draws with these equilibria: masks of shape (draws, profiles)."""
    draws, classes = len(masks), outcome_classes(events)
    answers = np.arange(masks.shape[1], dtype=np.int32)[None]
    rows = np.array([[margin] * 64, [gap] * 64])
    status = np.empty((1, len(events), draws), dtype=np.int8)
    n, n_outcomes = np.empty((2, 1, draws), dtype=np.int32)
    margins, near = np.empty((1, draws)), np.zeros(draws, dtype=bool)
    place = (np.array([0], dtype=np.int32), np.array([1], dtype=np.int32))
    found = (status, n, n_outcomes, margins, near)
    read_off(as_words(masks.T), rows, answers, *place, classes.code, classes.holds, 0, draws, 1e-9, *found)
    return {"status": status[0], "n": n[0], "n_outcomes": n_outcomes[0], "margin": margins[0], "near": near}


def words(*draws: list[tuple[int, int]]) -> dict[str, list[str]]:
    """Statuses of each event in draws with these equilibria."""
    mask = np.zeros((len(draws), 2, 2), dtype=bool)
    for draw, profiles in enumerate(draws):
        for at in profiles:
            mask[(draw, *at)] = True
    codes = read(mask.reshape(len(draws), 4), EVENTS)["status"]
    return {event: [STATUSES[code] for code in own] for event, own in zip(EVENTS, codes, strict=True)}


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
    mask = np.zeros((2, 4), dtype=bool)
    mask[0, 0], mask[1] = True, True
    found = read(mask, {"trip": EVENTS["trip"]})
    assert found["n"].tolist() == [1, 4]
    assert found["n_outcomes"].tolist() == [1, 2]


def test_many_equilibria_are_counted_one_by_one_in_every_draw() -> None:
    mask = np.random.default_rng(3).random((64, 700)) < np.linspace(0, 1, 64)[:, None]
    found = read(mask, {"odd": np.arange(700) % 2 == 1})
    assert found["n"].tolist() == mask.sum(axis=1).tolist()


def test_a_margin_is_that_of_an_equilibrium_and_a_small_gap_marks_the_draw() -> None:
    found = read(np.array([[True, False], [False, False]]), {"e": np.array([True, False])}, 0.25, 1e-10)
    assert found["margin"].tolist() == [0.25, np.inf]
    assert found["near"].tolist() == [True, True]


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


def test_of_no_draw_nothing_is_known_and_a_document_says_null() -> None:
    assert wilson(0, 0) == (0, 1)
    share = Share("nash", None, "deal", 0, (0,) * 6)
    assert share.interval("always") == (0, 1)
    document = share.to_dict()
    assert {document[key] for key in (*STATUSES, "lower", "upper")} == {None}
    assert document["n"] == 0
