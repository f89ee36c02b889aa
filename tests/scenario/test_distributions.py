"""Distributions: central values, ranges, and the variants for range robustness."""

import math
from fractions import Fraction
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.distributions import as_uniform, central, fault, is_fixed, support, widened
from sim.scenario.model import Distribution, Kind


def made(kind: Kind, *numbers: float, **more: tuple[Fraction, ...]) -> Distribution:
    return Distribution(kind, tuple(Fraction(str(number)) for number in numbers), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("distribution", "value", "ends"),
    [
        (made("fixed", 3), 3, (3, 3)),
        (made("uniform", 1, 2), Fraction(3, 2), (1, 2)),
        (made("triangular", 0, 1, 5), 1, (0, 5)),
        (made("pert", 0, 1, 5), 1, (0, 5)),
        (made("normal", 2, 1), 2, (-math.inf, math.inf)),
        (made("lognormal", 2, 1), 2, (0, math.inf)),
        (made("beta", 2, 3), Fraction(2, 5), (0, 1)),
        (made("choice", 1, 2, 9, shares=(Fraction(1, 5), Fraction(2, 5), Fraction(2, 5))), 2, (1, 9)),
        (made("ranked", 0, 3, 18), 11, (6, 18)),  # centroid of 3 ordered weights: 11/18, 5/18, 2/18
        (made("ranked", 1, 3, 18), 5, (0, 9)),
        (made("ranked", 2, 3, -18), -2, (-6, 0)),
    ],
)
def test_central_value_and_support(distribution: Distribution, value: Fraction, ends: tuple[float, float]) -> None:
    assert central(distribution) == value
    assert support(distribution) == ends


def test_the_median_of_a_truncated_normal_halves_what_is_left() -> None:
    for low, high in ((-1, 3), (2, 9), (-9, -2)):
        cut = made("normal", 0, 1, within=(Fraction(low), Fraction(high)))
        median, cdf = float(central(cut)), NormalDist().cdf
        assert cdf(median) - cdf(low) == pytest.approx(cdf(high) - cdf(median), rel=1e-9)
        assert support(cut) == (low, high)


@pytest.mark.parametrize(
    "distribution",
    [
        made("uniform", 1, 1),
        made("pert", 1, 0, 2),
        made("triangular", 1, 1, 1),
        made("normal", 0, 0),
        made("normal", 0, 1, within=(Fraction(20), Fraction(30))),
        made("lognormal", 0, 1),
        made("beta", 0, 1),
        made("choice", 1, 2, shares=(Fraction(1, 2), Fraction(1, 3))),
        made("choice", 1, 2, shares=(Fraction(1),)),
    ],
)
def test_numbers_that_make_no_distribution_are_refused(distribution: Distribution) -> None:
    assert fault(distribution)


def test_a_doubled_range_keeps_its_centre_its_sign_and_its_share() -> None:
    assert widened(made("pert", 20, 40, 60), Fraction(2)).numbers == (0, 40, 80)
    assert widened(made("pert", 25, 40, 60), Fraction(1, 2)).numbers == (Fraction(65, 2), 40, 50)
    assert widened(made("pert", -40, -8, -2), Fraction(2)).numbers == (-72, -8, 0)
    assert widened(made("uniform", -1, 1), Fraction(2)).numbers == (-2, 2)
    share = widened(made("pert", 0.4, 0.75, 1), Fraction(2), unit="share of use")
    assert share.numbers == (Fraction(1, 20), Fraction(3, 4), 1)
    assert widened(made("pert", 0.4, 0.75, 1), Fraction(2), unit="index").numbers[2] == Fraction(5, 4)


def test_a_beta_keeps_its_mean_and_its_spread_grows_by_about_the_factor() -> None:
    before = made("beta", 200, 300)
    after = widened(before, Fraction(2))
    spread = [math.sqrt(float(a * b) / float((a + b) ** 2 * (a + b + 1))) for a, b in (before.numbers, after.numbers)]
    assert central(after) == central(before)
    assert spread[1] / spread[0] == pytest.approx(2, rel=0.01)


@pytest.mark.parametrize("ends", [(-1, 4), (0, 3), (1, 9), (-9, -2)])
@pytest.mark.parametrize("factor", [Fraction(1, 2), Fraction(2)])
def test_a_widened_normal_keeps_its_median_wherever_it_is_cut(ends: tuple[int, int], factor: Fraction) -> None:
    before = made("normal", 1, 2, within=(Fraction(ends[0]), Fraction(ends[1])))
    after = widened(before, factor)
    assert fault(after) == ""
    assert float(central(after)) == pytest.approx(float(central(before)), rel=1e-8)
    assert after.numbers[1] == factor * before.numbers[1]


def test_a_choice_whose_values_would_meet_at_a_bound_stays() -> None:
    before = made("choice", 1, 2, 9, shares=(Fraction(1, 5), Fraction(1, 5), Fraction(3, 5)))
    assert widened(before, Fraction(2)) == before
    assert widened(before, Fraction(1, 2)).numbers == (5, Fraction(11, 2), 9)


def test_uniform_takes_the_place_of_pert_and_of_nothing_else() -> None:
    assert as_uniform(made("pert", 0, 1, 5)) == made("uniform", 0, 5)
    assert as_uniform(made("normal", 0, 1)) == made("normal", 0, 1)
    assert is_fixed(made("fixed", 1))
    assert not is_fixed(made("uniform", 0, 1))


@given(
    st.lists(st.integers(-50, 50), min_size=3, max_size=3, unique=True), st.sampled_from([Fraction(1, 2), Fraction(2)])
)
def test_a_widened_pert_is_a_pert_with_the_same_mode(numbers: list[int], factor: Fraction) -> None:
    before = made("pert", *sorted(numbers))
    after = widened(before, factor)
    assert fault(after) == ""
    assert central(after) == central(before)
