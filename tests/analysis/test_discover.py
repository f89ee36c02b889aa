import numpy as np
import pytest

from sim.analysis.discover import box_of, discover, peel
from sim.solvers.concepts import Request

HEAD = ("strong-2", None, "deal", "always")


def planted(draws: int, seed: int = 1, noise: float = 0.05):
    """The event holds in 0.6 <= a, b <= 0.4 with chance 1 - noise, elsewhere with chance noise; c tells nothing."""
    rng = np.random.default_rng(seed)
    numbers = {name: rng.random(draws) for name in "abc"}
    inside = (numbers["a"] >= 0.6) & (numbers["b"] <= 0.4)
    return numbers, np.where(inside, rng.random(draws) > noise, rng.random(draws) < noise)


def test_a_planted_box_is_found() -> None:
    numbers, truth = planted(8000)
    box = box_of(numbers, truth, HEAD)
    bounds = {rule.name: (rule.low, rule.high) for rule in box.rules}
    assert set(bounds) == {"a", "b"}
    assert bounds["a"][0] == pytest.approx(0.6, abs=0.06)
    assert bounds["b"][1] == pytest.approx(0.4, abs=0.06)
    assert bounds["a"][1] is None
    assert bounds["b"][0] is None
    assert box.density > 0.8
    assert all(rule.stability == 1 for rule in box.rules)
    assert [one.name for one in box.typical[:2]] in (["a", "b"], ["b", "a"])


def test_coverage_and_density_are_of_draws_that_the_search_did_not_see() -> None:
    numbers, truth = planted(8000)
    box = box_of(numbers, truth, HEAD)
    held = {name: own[1::2] for name, own in numbers.items()}
    inside = np.ones(4000, dtype=bool)
    for rule in box.rules:
        inside &= held[rule.name] >= (-np.inf if rule.low is None else rule.low)
        inside &= held[rule.name] <= (np.inf if rule.high is None else rule.high)
    assert (box.n, box.inside) == (4000, int(inside.sum()))
    assert box.density == truth[1::2][inside].mean()
    assert box.coverage == (truth[1::2] & inside).sum() / truth[1::2].sum()
    assert box.interval[0] < box.density < box.interval[1]


def test_noise_has_no_box_and_a_rare_event_is_called_rare() -> None:
    rng = np.random.default_rng(4)
    numbers = {name: rng.random(6000) for name in "ab"}
    assert box_of(numbers, rng.random(6000) < 0.5, HEAD).rules == ()
    rare = box_of(numbers, np.arange(6000) < 10, HEAD)
    assert rare.rules == ()
    assert "too rare" in rare.note


def test_every_peel_keeps_what_it_says() -> None:
    numbers, truth = planted(2000, seed=3)
    table = np.stack(list(numbers.values()), axis=1)
    bounds = peel(table, truth)
    low, high = bounds[0, True], bounds[1, False]
    inside = (table[:, 0] >= low) & (table[:, 1] <= high)
    assert truth[inside].mean() > 2 * truth.mean()
    assert (truth & inside).sum() >= truth.sum() / 2


def test_the_deal_of_a_barter_lives_where_its_cost_is_below_its_worth(barter) -> None:
    found = discover(barter(), requests=[Request("strong-2")], draws=4000, seed=1)
    (box,) = found.rows  # always and possible are the same
    (rule,) = box.rules
    assert rule.name == "cost"
    assert rule.low is None
    assert rule.high == pytest.approx(6, abs=0.5)
    assert "cost <=" in found.sentence
