"""Quantile functions: tables within their error, values in order, published points."""

from fractions import Fraction

import numpy as np
import pytest
from scipy.special import betainc, betaincinv, ndtr

from sim.scenario.model import Distribution
from sim.sweeps.quantiles import TABLE_ERROR, beta_quantile, quantile

HARD = [(0.1, 0.3), (0.1, 0.1), (0.05, 0.05), (0.01, 0.01), (0.001, 0.001), (0.001, 1), (0.07, 0.09), (1e9, 1e9)]
PLAIN = [(1, 1), (1, 5), (5, 1), (1.2, 4.8), (3, 3), (2, 3), (0.5, 0.5), (0.1, 50), (50, 0.1), (100, 200), (1e4, 1)]


def grid() -> np.ndarray:
    """Uniforms as they are drawn (multiples of 2**-53): inside, and deep in both tails."""
    source = np.random.default_rng(3)
    tail = 2.0 ** -source.uniform(1, 53, 400)
    return np.sort(np.floor(np.concatenate([source.random(2000), tail, 1 - tail, [0.0, 0.5]]) * 2.0**53) / 2.0**53)


def made(kind, *numbers, **more) -> Distribution:
    return Distribution(kind, tuple(Fraction(str(number)) for number in numbers), **more)


@pytest.mark.parametrize(("a", "b"), HARD + PLAIN)
def test_a_table_of_beta_quantiles_errs_less_than_a_millionth(a, b) -> None:
    u = grid()
    exact = np.where(u < 0.5, betaincinv(a, b, u), 1 - betaincinv(b, a, 1 - u))  # the form without cancellation
    assert np.abs(beta_quantile(u, a, b) - exact).max() < TABLE_ERROR / 4  # far inside, so that all cells are


@pytest.mark.parametrize(("a", "b"), HARD + PLAIN)
def test_a_greater_uniform_gives_no_smaller_value(a, b) -> None:
    values = beta_quantile(grid(), a, b)
    assert (np.diff(values) >= -1e-16).all()
    assert values.min() >= 0
    assert values.max() <= 1


def test_a_pert_is_the_beta_on_its_range() -> None:  # Malcolm et al. (1959)
    u = grid()
    x = quantile(made("pert", 2, 3, 6))(u)
    assert np.abs(betainc(2, 4, (x - 2) / 4) - u).max() < 1e-6
    assert x[u == 0] == 2


def test_the_triangle_has_its_mode_where_its_areas_meet() -> None:
    value = quantile(made("triangular", 0, 1, 4))
    assert value(np.array([0.0, 0.0625, 0.25, 0.8125])) == pytest.approx([0, 0.5, 1, 2.5])  # areas by hand


def test_a_triangle_whose_mode_is_an_end_is_no_division_by_zero() -> None:
    u = np.array([0.0, 0.19, 0.75])
    assert quantile(made("triangular", 0, 0, 1))(u) == pytest.approx([0, 0.1, 0.5])
    assert quantile(made("triangular", 0, 1, 1))(u**2) == pytest.approx(u)


def test_normal_and_lognormal_are_finite_at_zero_and_halve_at_the_median() -> None:
    u = np.array([0.0, 0.5, 0.975])
    assert quantile(made("normal", 3, 2))(u)[1:] == pytest.approx([3, 3 + 2 * 1.959963984540054])
    assert quantile(made("lognormal", 3, 2))(u)[1:] == pytest.approx([3, 3 * np.exp(2 * 1.959963984540054)])
    assert np.isfinite(quantile(made("normal", 3, 2))(u)).all()


@pytest.mark.parametrize(("low", "high"), [(-1, 3), (2, 9), (-9, -2), (9, 10), (-10, -9)])
def test_a_normal_within_bounds_is_truncated_not_clipped(low, high) -> None:
    u = np.linspace(0, 1, 41)[:-1]
    x = quantile(made("normal", 0, 1, within=(Fraction(low), Fraction(high))))(u)
    assert ((x >= low) & (x <= high)).all()
    sign = 1 if low > 0 else -1  # the tail that keeps its digits
    cdf = [sign * float(ndtr(-sign * end)) for end in (*x, low, high)]
    mass = (np.array(cdf[:-2]) - cdf[-2]) / (cdf[-1] - cdf[-2])
    assert mass == pytest.approx(u, abs=1e-9)
    assert len(np.unique(x)) == len(x)


def test_a_choice_takes_each_value_in_its_share_of_uniforms() -> None:
    value = quantile(made("choice", 7, -1, 7.5, shares=(Fraction(1, 4), Fraction(1, 2), Fraction(1, 4))))
    u = np.array([0.0, 0.2499, 0.25, 0.7499, 0.75, 0.9999])
    assert value(u).tolist() == [7, 7, -1, -1, 7.5, 7.5]


def test_shares_that_do_not_add_up_in_floats_still_leave_no_hole() -> None:
    value = quantile(made("choice", *range(10), shares=(Fraction(1, 10),) * 10))
    assert value(np.array([1 - 2.0**-53]))[0] == 9
