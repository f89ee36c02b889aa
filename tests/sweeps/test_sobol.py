"""Scrambled Sobol' points: scipy's sequence beneath, each scramble evenly spread, an error that can be trusted."""

import numpy as np
import pytest
from scipy.stats import kstest, qmc

from sim.errors import UsageError
from sim.sweeps.sobol import (
    MOST_DRAWS,
    SCRAMBLES,
    direction_numbers,
    scramble_counts,
    scramble_error,
    scramble_interval,
    scramble_sizes,
    sobol_points,
)
from sim.sweeps.streams import Sampler, uniforms

NAMES = ("a", "b", "c", "d", "e")
POINTS = Sampler(NAMES)


def cube(draws: int, seed: int = 1) -> np.ndarray:
    """Uniforms of all names, shape (points, scrambles, names)."""
    own = [POINTS.uniforms(seed, name, 0, draws) for name in NAMES]
    return np.stack(own, axis=-1).reshape(-1, SCRAMBLES, len(NAMES))


def test_without_its_scramble_a_dimension_is_scipys() -> None:
    known = qmc.Sobol(1200, scramble=False, bits=53).random(64)
    for dimension in [*range(40), 300, 1199]:
        plain = np.repeat(direction_numbers(dimension)[:, None], SCRAMBLES, axis=1)
        found = sobol_points(plain, np.zeros(SCRAMBLES, dtype=np.uint64), 0, 64 * SCRAMBLES).reshape(64, SCRAMBLES)
        assert (found == known[:, dimension, None]).all(), dimension


def test_each_scramble_has_one_point_in_each_interval_of_its_first_power_of_two() -> None:
    for points in (2, 8, 64, 1024):
        cells = np.sort(np.floor(cube(points * SCRAMBLES) * points), axis=0)
        assert (cells == np.arange(points)[:, None, None]).all(), points


def test_a_block_further_on_is_as_even_as_the_first() -> None:
    later = POINTS.uniforms(3, "c", 2**40 * SCRAMBLES, 256 * SCRAMBLES).reshape(256, SCRAMBLES)
    assert (np.sort(np.floor(later * 256), axis=0) == np.arange(256)[:, None]).all()


@pytest.mark.parametrize("first", range(11))
def test_two_dimensions_have_one_point_in_every_box_of_any_shape(first: int) -> None:
    u = cube(1024 * SCRAMBLES)  # the first two dimensions of the sequence are a (0, 2)-sequence
    box = np.floor(u[..., 0] * 2**first) * 2 ** (10 - first) + np.floor(u[..., 1] * 2 ** (10 - first))
    assert (np.sort(box, axis=0) == np.arange(1024)[:, None]).all()


def test_scrambles_are_different_and_each_point_alone_is_uniform() -> None:
    first = np.stack([POINTS.uniforms(seed, "b", 0, SCRAMBLES) for seed in range(200)])
    assert len(np.unique(first)) == first.size
    assert kstest(first.ravel(), "uniform").pvalue > 1e-3
    assert np.abs(np.corrcoef(first.T)[np.triu_indices(SCRAMBLES, 1)]).max() < 0.28  # four standard errors
    gap = (POINTS.uniforms(1, "b", 0, 64) - POINTS.uniforms(2, "b", 0, 64)) % 1
    assert len(np.unique(gap)) > SCRAMBLES  # more than a shift


def test_a_smooth_mean_is_found_a_hundred_times_closer_than_by_independent_numbers() -> None:
    draws = 2**13 * SCRAMBLES
    independent = np.stack([uniforms(1, name, 0, draws) for name in NAMES], axis=-1).reshape(-1, SCRAMBLES, 5)
    errors = [np.prod(0.5 + u, axis=-1).mean(axis=0) - 1 for u in (cube(draws), independent)]
    even, chance = (float(np.sqrt((error**2).mean())) for error in errors)
    assert even < chance / 100
    assert abs(float(errors[0].mean())) < 3.5 * even / 4  # without bias


def test_a_name_keeps_its_numbers_while_its_dimension_stays() -> None:
    renamed = Sampler(("a", "b", "other", "z"))
    assert (renamed.uniforms(1, "b", 5, 90) == POINTS.uniforms(1, "b", 5, 90)).all()
    with pytest.raises(ValueError, match="no dimension"):
        renamed.uniforms(1, "c", 0, 1)


def test_the_points_of_a_name_are_pinned() -> None:
    # a change here changes every published number of a Sobol' sweep: it needs a line in the changelog
    assert POINTS.uniforms(1, "c", 15, 2).tolist() == [0.49244650790812383, 0.31627358942587214]


def test_what_the_sequence_does_not_have_is_refused() -> None:
    assert len(POINTS.uniforms(1, "e", MOST_DRAWS - 3, 3)) == 3
    with pytest.raises(UsageError, match="asked for 4 from draw"):
        POINTS.uniforms(1, "e", MOST_DRAWS - 3, 4)
    with pytest.raises(UsageError, match="at most 21201"):
        direction_numbers(21_201)
    assert len(direction_numbers(21_200)) == 53


@pytest.mark.parametrize(("start", "count"), [(0, 5), (0, 16), (3, 100), (15, 2), (31, 1)])
def test_scrambles_are_counted_by_their_draws(start: int, count: int) -> None:
    lanes = np.arange(start, start + count) % SCRAMBLES
    hits = np.random.default_rng(2).random((3, count)) < 0.5
    assert scramble_sizes(start, count).tolist() == [int((lanes == lane).sum()) for lane in range(SCRAMBLES)]
    found = scramble_counts(hits, start)
    assert found.tolist() == [[int(row[lanes == lane].sum()) for lane in range(SCRAMBLES)] for row in hits]
    cut = count // 2
    parts = scramble_counts(hits[:, :cut], start) + scramble_counts(hits[:, cut:], start + cut)
    assert (found == parts).all()


def test_the_error_between_scrambles_is_that_of_sixteen_means() -> None:
    counts = np.array([[*[3] * 8, *[5] * 8], [4] * 16])
    error = scramble_error(counts, np.full(16, 10))
    assert error == pytest.approx([0.1 * np.sqrt(16 / 15) / 4, 0.0])
    assert np.isnan(scramble_error(counts, np.array([0] + [10] * 15))).all()


def test_the_interval_covers_the_true_share_nineteen_times_in_twenty() -> None:
    covered, widths = 0, []
    for seed in range(200):
        u = cube(64 * SCRAMBLES, seed)
        hits = (u.sum(axis=-1) < 2.5).reshape(-1)  # exactly one half, by symmetry
        low, high = scramble_interval(scramble_counts(hits, 0), scramble_sizes(0, len(hits)))
        covered += low <= 0.5 <= high
        widths.append(high - low)
    assert 179 <= covered <= 199  # 190 expected, of deviation 3
    assert np.mean(widths) < 0.6 * 2 * 1.96 * np.sqrt(0.25 / len(hits))  # narrower than of independent draws


def test_scrambles_that_all_agree_leave_an_interval_that_is_not_a_point() -> None:
    low, high = scramble_interval(np.zeros(16, dtype=np.int64), np.full(16, 64))
    assert low == 0
    assert 0 < high < 0.005
