"""Draws: each number depends on seed, name and draw alone; correlated and ranked numbers are as declared.

What holds of draws holds of both samplers, independent numbers and Sobol' points.
"""

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import beta, kstest, lognorm, norm, spearmanr, triang, uniform

from sim.errors import UsageError
from sim.scenario.model import ScenarioData
from sim.sweeps.streams import INDEPENDENT, Sampler, sample, sobol_over, uniforms
from tests.made import TWO, UNSURE, made

PLAIN = '[stakes]\ns = { value = "rank(a)" }\n[interests.A]\ns = { weight = 1 }\n'


STAKES = "[stakes]\n" + "".join(f's{k} = {{ value = "rank(a)" }}\n' for k in range(3))
RANKED = STAKES + "[interests.A]\ns0 = { weight = 1 }\ns1 = { weight = -1 }\ns2 = { weight = 1 }\n"
RANKED += '[[ranked]]\nof = ["A.s2", "A.s0", "A.s1"]\ntotal = 90\n'
TIED = '[[correlated]]\nof = ["need", "luck", "B.gain"]\nrho = 0.6\n[[correlated]]\nof = ["odds", "mood"]\nrho = -0.8\n'


def sampler_of(kind: str, *scenarios: ScenarioData) -> Sampler:
    return INDEPENDENT if kind == "mc" else sobol_over(scenarios)


@pytest.fixture(params=["mc", "sobol"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


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


def test_far_draws_cost_no_more_than_near_ones_and_are_draws_of_their_own() -> None:
    """Were the numbers between computed, this would not end: 10**15 of them."""
    near, far = uniforms(1, "need", 0, 4000), uniforms(1, "need", 10**15, 4000)
    assert kstest(far, "uniform").pvalue > 1e-3
    assert np.intersect1d(near, far).size == 0
    assert abs(np.corrcoef(near, far)[0, 1]) < 0.08
    assert (uniforms(1, "need", 10**15 + 7, 3) == far[7:10]).all()


@pytest.mark.parametrize("body", [UNSURE, UNSURE + TIED, RANKED], ids=["kinds", "correlated", "ranked"])
def test_a_draw_has_the_same_bits_alone_and_in_any_block(tmp_path: Path, kind: str, body: str) -> None:
    data = made(tmp_path, TWO + body).data
    sampler = sampler_of(kind, data)
    for base in (0, 2**32 - 5, 2**50):
        long = sample(data, 3, base, 100, sampler)
        places = [(first, count) for first in range(17) for count in (1, 2, 7, 16, 33)] + [(0, 83), (99, 1)]
        for first, count in places:
            for name, own in sample(data, 3, base + first, count, sampler).items():
                whole = long[name] if len(long[name]) == 1 else long[name][first : first + count]
                assert own.tobytes() == whole.tobytes(), (name, base, first, count)


def test_every_distribution_keeps_its_quantiles_under_both_samplers(tmp_path: Path, kind: str) -> None:
    data = made(tmp_path, TWO + UNSURE).data
    drawn = sample(data, 6, 0, 16 * 1024, sampler_of(kind, data))
    exact = {"need": beta(1 + 12 / 14, 1 + 44 / 14, 0.1, 1.4), "tilt": beta(0.5, 2), "luck": norm(), "cost": uniform()}
    exact |= {"odds": triang(1 / 3, 0, 3), "size": lognorm(0.5), "B.gain": uniform(-1, 2)}
    exact |= {"A.gain": beta(2, 4, 1, 4), "B.face": triang(2.5 / 3, -2, 3)}
    for name, distribution in exact.items():
        found = kstest(drawn[name], distribution.cdf)
        assert found.pvalue > 1e-3, name
        if kind == "sobol":
            assert found.statistic < 2 / 1024, name  # each of 16 scrambles errs by less than one of its points
    assert (drawn["mood"] == 1).mean() == pytest.approx(0.25, abs=0.01 if kind == "mc" else 1e-12)


def test_a_parameter_more_moves_no_other(tmp_path: Path, kind: str) -> None:
    before = made(tmp_path, TWO + UNSURE + TIED).data
    more = UNSURE.replace("[parameters]", "[parameters]\nextra = { value = { uniform = [0, 1] } }")
    after = made(tmp_path, TWO + more + TIED, "more").data
    sampler = sampler_of(kind, before, after)  # Sobol' points: over the names of all files that are compared
    old, new = (sample(data, 4, 0, 50, sampler) for data in (before, after))
    assert set(new) == {*old, "extra"}
    assert all((new[name] == own).all() for name, own in old.items())


def test_a_block_of_correlations_more_moves_no_bit_of_another(tmp_path: Path, kind: str) -> None:
    one = made(tmp_path, TWO + UNSURE + TIED[: TIED.rindex("[[")], "one").data
    both = made(tmp_path, TWO + UNSURE + TIED, "both").data
    sampler = sampler_of(kind, one, both)
    old, new = sample(one, 4, 0, 200, sampler), sample(both, 4, 0, 200, sampler)
    assert {name for name in old if (old[name] != new[name]).any()} <= {"odds", "mood"}
    assert (old["mood"] != new["mood"]).any() or (old["odds"] != new["odds"]).any()


def test_versions_share_the_uniform_numbers_of_a_name(tmp_path: Path, kind: str) -> None:
    cheap = made(tmp_path, TWO + UNSURE).data
    dear = made(
        tmp_path,
        TWO + UNSURE.replace("cost = { value = { uniform = [0, 1]", "cost = { value = { uniform = [2, 4]"),
        "dear",
    ).data
    sampler = sampler_of(kind, cheap, dear)
    one, other = sample(cheap, 8, 3, 100, sampler), sample(dear, 8, 3, 100, sampler)
    assert other["cost"] == pytest.approx(2 + 2 * one["cost"], rel=1e-15)
    assert all((one[name] == other[name]).all() for name in one if name != "cost")


def test_a_number_known_in_one_version_still_has_its_dimension(tmp_path: Path) -> None:
    unsure = made(tmp_path, TWO + UNSURE).data
    known = made(
        tmp_path, TWO + UNSURE.replace("cost = { value = { uniform = [0, 1] } }", "cost = { value = 0.5 }"), "known"
    ).data
    assert sobol_over([known, unsure]) == sobol_over([unsure]) != sobol_over([known])
    names = sobol_over([unsure]).names
    assert names is not None
    assert list(names) == sorted(names)
    assert "known" not in names


def test_a_draw_before_the_first_or_after_the_last_is_refused() -> None:
    assert len(uniforms(1, "need", 2**63 - 2, 2)) == 2
    for start, count in [(-1, 3), (2**63 - 2, 3)]:
        with pytest.raises(UsageError, match="counted from 0"):
            uniforms(1, "need", start, count)


def test_numbers_come_in_file_order_and_known_ones_too(tmp_path: Path) -> None:
    drawn = made(tmp_path, TWO + UNSURE).draws(4)
    head = ["need", "tilt", "luck", "cost", "odds", "size", "mood", "known"]
    assert list(drawn) == [*head, "A.gain", "A.face", "B.gain", "B.face", "O.face"]
    assert drawn["known"].tolist() == [0.3] * 4


def test_correlated_numbers_have_the_rank_correlation_that_is_written(tmp_path: Path, kind: str) -> None:
    parameters = "\n".join(f"{name} = {{ value = {{ pert = [0, 1, 9] }} }}" for name in "pqrtx")
    blocks = '[[correlated]]\nof = ["p", "q", "A.s"]\nrho = 0.6\n[[correlated]]\nof = ["r", "t"]\nrho = -0.8\n'
    own = PLAIN.replace("weight = 1", "weight = { uniform = [1, 2] }")
    data = made(tmp_path, f"{TWO}[parameters]\n{parameters}\n{own}{blocks}").data
    drawn = sample(data, 2, 0, 20_000, sampler_of(kind, data))
    found = spearmanr(np.stack([drawn[name] for name in ("p", "q", "A.s", "r", "t", "x")], axis=1)).statistic
    expected = np.eye(6)
    for pair, rho in {(0, 1): 0.6, (0, 2): 0.6, (1, 2): 0.6, (3, 4): -0.8}.items():
        expected[pair] = expected[pair[::-1]] = rho
    assert np.abs(found - expected).max() < 0.025  # 3.5 standard errors


def test_correlation_leaves_each_distribution_as_it_is(tmp_path: Path, kind: str) -> None:
    parameters = "\n".join(f"{name} = {{ value = {{ uniform = [0, 1] }} }}" for name in "pq")
    body = f"{TWO}[parameters]\n{parameters}\n{PLAIN}"
    data = made(tmp_path, f'{body}[[correlated]]\nof = ["p", "q"]\nrho = 0.9\n').data
    drawn = sample(data, 1, 0, 4000, sampler_of(kind, data))
    assert min(kstest(drawn[name], "uniform").pvalue for name in "pq") > 1e-3


def test_ranked_weights_keep_order_and_total_and_fill_their_simplex(tmp_path: Path, kind: str) -> None:
    data = made(tmp_path, TWO + RANKED).data
    drawn = sample(data, 1, 0, 20_000, sampler_of(kind, data))
    first, second, third = drawn["A.s2"], drawn["A.s0"], -drawn["A.s1"]
    assert ((first >= second) & (second >= third) & (third >= 0)).all()
    assert first + second + third == pytest.approx(np.full(20_000, 90.0))
    centroid = [90 * (1 + 1 / 2 + 1 / 3) / 3, 90 * (1 / 2 + 1 / 3) / 3, 90 / 9]  # mean of the uniform distribution
    assert [own.mean() for own in (first, second, third)] == pytest.approx(centroid, rel=0.02)
    assert (third < 5).mean() == pytest.approx(1 - (1 - 3 * 5 / 90) ** 2, abs=0.015)  # a smaller copy of the simplex


def test_sobol_points_settle_correlated_and_ranked_numbers_too(tmp_path: Path) -> None:
    tied = made(tmp_path, TWO + UNSURE + TIED).data
    ranked = made(tmp_path, TWO + RANKED, "ranked").data
    spread = {}
    for kind in ("mc", "sobol"):
        means = []
        for seed in range(8):
            own = sample(tied, seed, 0, 8192, sampler_of(kind, tied))
            weights = sample(ranked, seed, 0, 8192, sampler_of(kind, ranked))
            means.append([(own["need"] * own["luck"]).mean(), own["B.gain"].mean(), weights["A.s0"].mean()])
        spread[kind] = np.std(means, axis=0)
    assert (spread["sobol"] < spread["mc"] / 5).all()
