"""Draws: each number depends on seed, name and draw alone; correlated and ranked numbers are as declared."""

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import kstest, spearmanr

from sim.sweeps.streams import sample, uniforms
from tests.made import TWO, UNSURE, made

PLAIN = '[stakes]\ns = { value = "rank(a)" }\n[interests.A]\ns = { weight = 1 }\n'


def test_the_uniforms_of_a_name_are_pinned() -> None:
    # a change here changes every published number: it needs a line in the changelog
    assert uniforms(1, "need", 0, 3).tolist() == [0.4003794721657301, 0.3185750491789633, 0.5337853287160139]


def test_a_uniform_is_the_same_however_it_is_reached() -> None:
    whole = uniforms(7, "need", 0, 1000)
    for start, count in [(0, 1), (1, 1), (3, 6), (4, 4), (997, 3), (5, 700)]:
        assert (uniforms(7, "need", start, count) == whole[start : start + count]).all()


def test_another_seed_or_name_gives_other_uniforms_of_the_same_kind() -> None:
    streams = [uniforms(*key, 0, 4000) for key in [(1, "need"), (2, "need"), (1, "needs"), (12, ""), (1, "2/need")]]
    for stream in streams:
        assert kstest(stream, "uniform").pvalue > 1e-3
        assert ((stream >= 0) & (stream < 1)).all()
    correlations = np.corrcoef(streams)[np.triu_indices(5, 1)]
    assert np.abs(correlations).max() < 0.08


def test_far_draws_cost_no_more_than_near_ones() -> None:
    assert len(uniforms(1, "need", 10**15, 3)) == 3


def test_a_longer_sample_begins_with_the_shorter_one(tmp_path: Path) -> None:
    data = made(tmp_path, TWO + UNSURE).data
    long = sample(data, 3, 0, 500)
    for start, count in [(0, 100), (0, 1), (131, 7)]:
        for name, own in sample(data, 3, start, count).items():
            assert (own == (long[name] if len(long[name]) == 1 else long[name][start : start + count])).all(), name


def test_a_parameter_more_moves_no_other(tmp_path: Path) -> None:
    before = made(tmp_path, TWO + UNSURE).draws(50, seed=4)
    more = UNSURE.replace("[parameters]", "[parameters]\nextra = { value = { uniform = [0, 1] } }")
    after = made(tmp_path, TWO + more, "more").draws(50, seed=4)
    assert set(after) == {*before, "extra"}
    assert all((after[name] == own).all() for name, own in before.items())


def test_numbers_come_in_file_order_and_known_ones_too(tmp_path: Path) -> None:
    drawn = made(tmp_path, TWO + UNSURE).draws(4)
    head = ["need", "tilt", "luck", "cost", "odds", "size", "mood", "known"]
    assert list(drawn) == [*head, "A.gain", "A.face", "B.gain", "B.face", "O.face"]
    assert drawn["known"].tolist() == [0.3] * 4


def test_correlated_numbers_have_the_rank_correlation_that_is_written(tmp_path: Path) -> None:
    parameters = "\n".join(f"{name} = {{ value = {{ pert = [0, 1, 9] }} }}" for name in "pqrtx")
    blocks = '[[correlated]]\nof = ["p", "q", "A.s"]\nrho = 0.6\n[[correlated]]\nof = ["r", "t"]\nrho = -0.8\n'
    own = PLAIN.replace("weight = 1", "weight = { uniform = [1, 2] }")
    drawn = made(tmp_path, f"{TWO}[parameters]\n{parameters}\n{own}{blocks}").draws(20_000, seed=2)
    found = spearmanr(np.stack([drawn[name] for name in ("p", "q", "A.s", "r", "t", "x")], axis=1)).statistic
    expected = np.eye(6)
    for pair, rho in {(0, 1): 0.6, (0, 2): 0.6, (1, 2): 0.6, (3, 4): -0.8}.items():
        expected[pair] = expected[pair[::-1]] = rho
    assert np.abs(found - expected).max() < 0.025  # 3.5 standard errors


def test_correlation_leaves_each_distribution_as_it_is(tmp_path: Path) -> None:
    parameters = "\n".join(f"{name} = {{ value = {{ uniform = [0, 1] }} }}" for name in "pq")
    body = f"{TWO}[parameters]\n{parameters}\n{PLAIN}"
    drawn = made(tmp_path, f'{body}[[correlated]]\nof = ["p", "q"]\nrho = 0.9\n').draws(4000)
    assert min(kstest(drawn[name], "uniform").pvalue for name in "pq") > 1e-3


def test_ranked_weights_keep_order_and_total_and_fill_their_simplex(tmp_path: Path) -> None:
    stakes = "[stakes]\n" + "".join(f's{k} = {{ value = "rank(a)" }}\n' for k in range(3))
    signs = {"s0": 1, "s1": -1, "s2": 1}
    interests = "[interests.A]\n" + "".join(f"{name} = {{ weight = {sign} }}\n" for name, sign in signs.items())
    body = f'{TWO}{stakes}{interests}[[ranked]]\nof = ["A.s2", "A.s0", "A.s1"]\ntotal = 90\n'
    drawn = made(tmp_path, body).draws(20_000)
    first, second, third = drawn["A.s2"], drawn["A.s0"], -drawn["A.s1"]
    assert ((first >= second) & (second >= third) & (third >= 0)).all()
    assert first + second + third == pytest.approx(np.full(20_000, 90.0))
    centroid = [90 * (1 + 1 / 2 + 1 / 3) / 3, 90 * (1 / 2 + 1 / 3) / 3, 90 / 9]  # mean of the uniform distribution
    assert [own.mean() for own in (first, second, third)] == pytest.approx(centroid, rel=0.02)
    assert (third < 5).mean() == pytest.approx(1 - (1 - 3 * 5 / 90) ** 2, abs=0.015)  # a smaller copy of the simplex
