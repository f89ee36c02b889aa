"""Bargaining: Nash's own example, a dense search of the hull, units and zero points, and lotteries that add up."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from sim.solvers.bargaining import Agreement, Point, bargaining

CHANCE = np.random.default_rng(11)
BILL = {"book": (2, 4), "whip": (2, 2), "ball": (2, 1), "bat": (2, 2), "box": (4, 1)}  # worth to Bill, to Jack
JACK = {"pen": (10, 1), "toy": (4, 1), "knife": (6, 2), "hat": (2, 2)}


def points(*pairs: tuple[float, float]) -> list[Point]:
    return [(Fraction(x), Fraction(y)) for x, y in pairs]


def clouds(count: int) -> list[list[Point]]:
    """Gains of few joint actions, coarse enough for ties and points on a line."""
    return [points(*CHANCE.integers(-3, 5, (CHANCE.integers(2, 9), 2)).tolist()) for _ in range(count)]


def paid(agreement: Agreement, gains: list[Point]) -> Point:
    assert sum(share for _, share in agreement.lottery) == 1
    x, y = (sum((share * gains[k][i] for k, share in agreement.lottery), start=Fraction(0)) for i in (0, 1))
    return x, y


def mixtures(gains: list[Point], steps: int = 240) -> np.ndarray:
    """Points of the hull: all mixtures of two, on a fine grid. The upper right edge is among them."""
    share = np.linspace(0, 1, steps + 1)[:, None]
    ends = np.array(gains, dtype=float)
    return np.concatenate([(1 - share) * a + share * b for a in ends for b in ends])


def test_bill_and_jack_trade_seven_goods_for_gains_of_12_and_5() -> None:  # Nash 1950
    goods = {**BILL, **JACK}
    handed = list(product((0, 1), repeat=9))
    gains = []
    for given in handed:
        sign = [g * (-1 if name in BILL else 1) for name, g in zip(goods, given, strict=True)]
        bill = sum(s * worth[0] for s, worth in zip(sign, goods.values(), strict=True))
        jack = -sum(s * worth[1] for s, worth in zip(sign, goods.values(), strict=True))
        gains.append((Fraction(bill), Fraction(jack)))
    found = bargaining(gains).nash
    assert found is not None
    assert (found.gains, found.product, found.only) == ((12, 5), 60, True)
    ((best, share),) = found.lottery
    assert share == 1
    assert [name for name, g in zip(goods, handed[best], strict=True) if g] == [
        *("book", "whip", "ball", "bat"),
        *("pen", "toy", "knife"),
    ]
    others = sorted({x * y for (x, y) in gains if x > 0 and y > 0}, reverse=True)
    assert others[:2] == [60, 56]


def test_no_mixture_has_a_greater_product_of_gains() -> None:
    for gains in clouds(150):
        found = bargaining(gains).nash
        near = mixtures(gains)
        near = near[(near > 1e-12).all(axis=1)]
        assert (found is None) == (len(near) == 0)
        if found is not None:
            assert paid(found, gains) == found.gains
            assert float(found.product) >= near.prod(axis=1).max() - 1e-12


def test_the_fair_solution_gives_each_the_same_share_of_its_greatest_gain() -> None:
    for gains in clouds(150):
        found = bargaining(gains).kalai_smorodinsky
        if found is None:
            continue
        inside = mixtures(gains)
        inside = inside[(inside >= -1e-12).all(axis=1)]
        share = np.array(found.gains, dtype=float) / inside.max(axis=0)
        assert share[0] == pytest.approx(share[1], abs=0.02)  # the grid only comes near the greatest gains
        assert not (inside > np.array(found.gains, dtype=float) + 1e-9).all(axis=1).any()
        assert paid(found, gains) == found.gains


def test_two_prizes_are_tossed_for() -> None:
    found = bargaining(points((0, 0), (4, 0), (0, 2)))
    for one in (found.nash, found.kalai_smorodinsky):
        assert one is not None
        assert one.gains == (2, 1)
        assert one.lottery == ((2, Fraction(1, 2)), (1, Fraction(1, 2)))
        assert one.only


def test_a_lottery_is_not_the_only_one_where_a_third_action_lies_on_the_line() -> None:
    found = bargaining(points((0, 0), (4, 0), (3, Fraction(1, 2)), (0, 2))).nash
    assert found is not None
    assert found.gains == (2, 1)
    assert not found.only


def test_a_pure_action_is_named_before_a_lottery() -> None:
    found = bargaining(points((4, 0), (2, 1), (0, 2), (2, 1))).nash
    assert found is not None
    assert (found.lottery, found.only) == (((1, 1),), False)
    found = bargaining(points((4, 0), (2, 1), (0, 2))).nash
    assert found is not None
    assert (found.lottery, found.only) == (((1, 1),), False)  # the two ends, tossed for, give the same


@pytest.mark.parametrize("pairs", [[(0, 0)], [(0, 0), (3, 0)], [(-1, 5), (-2, -2)], [(0, 0), (-1, 1), (1, -1)]])
def test_there_is_no_bargain_where_nothing_is_better_for_both(pairs: list[tuple[float, float]]) -> None:
    found = bargaining(points(*pairs))
    assert found.nash is None
    assert found.kalai_smorodinsky is None


def test_lotteries_make_a_bargain_of_two_actions_that_each_hurt_one() -> None:
    found = bargaining(points((0, 0), (-1, 5), (5, -1))).nash
    assert found is not None
    assert found.gains == (2, 2)


def test_the_unit_of_one_player_changes_no_lottery() -> None:
    for gains in clouds(60):
        other = [(7 * x, y / 3) for x, y in gains]
        plain, scaled = bargaining(gains), bargaining(other)
        for before, after in zip(
            (plain.nash, plain.kalai_smorodinsky), (scaled.nash, scaled.kalai_smorodinsky), strict=True
        ):
            assert (before is None) == (after is None)
            if before is not None and after is not None:
                assert before.lottery == after.lottery


def test_the_two_players_may_change_places() -> None:
    for gains in clouds(60):
        plain, turned = bargaining(gains), bargaining([(y, x) for x, y in gains])
        assert (plain.nash and plain.nash.gains) == (turned.nash and turned.nash.gains[::-1])
        fair, other = plain.kalai_smorodinsky, turned.kalai_smorodinsky
        assert (fair and fair.gains) == (other and other.gains[::-1])
