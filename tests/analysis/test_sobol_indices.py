from collections.abc import Callable
from math import log2, pi

import numpy as np
import pytest

from sim.analysis.pick_freeze import Estimates, halves, pick_freeze, whole_draws
from sim.analysis.sensitivity import telling_rows
from sim.analysis.sobol_indices import CHUNK, Sensitivity, independent_groups, sensitivity
from sim.solvers.concepts import Request, requests_for
from sim.sweeps.sobol import SCRAMBLES, T15_95

POINTS = 16_384

# ---- closed forms


def estimates(
    model: Callable[..., np.ndarray], names: tuple[str, ...], groups=None, *, seed: int = 1, draws: int = POINTS
) -> Estimates:
    """The indices of a model of uniform numbers, each column alone unless groups are given."""
    a, b = ({name: half.uniforms(seed, name, 0, draws) for name in names} for half in halves(names))
    return pick_freeze(lambda numbers: model(numbers)[None], [(a, b)], groups or [(name,) for name in names])


def within(found: np.ndarray, errors: np.ndarray, truth: np.ndarray) -> np.ndarray:
    return np.abs(found - truth) <= T15_95 * errors + 1e-12


def ishigami(numbers) -> np.ndarray:
    x, y, z = (pi * (2 * numbers[name] - 1) for name in "xyz")
    return 100 + np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x) + 0 * numbers["idle"]


def ishigami_truth() -> tuple[np.ndarray, np.ndarray, float]:
    """First and total indices of x, y, z and an idle column, and the variance (Ishigami & Homma 1990)."""
    a, b = 7.0, 0.1
    x, y, xz = 0.5 * (1 + b * pi**4 / 5) ** 2, a**2 / 8, b**2 * pi**8 * (1 / 18 - 1 / 50)
    whole = x + y + xz
    return np.array([x, y, 0, 0]) / whole, np.array([x + xz, y, xz, 0]) / whole, whole


G = (0.0, 0.5, 1.0, 3.0, 9.0, 99.0)  # coefficients of Sobol's g-function


def g_function(numbers) -> np.ndarray:
    factors = [(abs(4 * numbers[f"x{k}"] - 2) + a) / (1 + a) for k, a in enumerate(G)]
    return np.prod(factors, axis=0)


def g_truth() -> tuple[np.ndarray, np.ndarray, float]:
    """Parts of a product of independent factors with mean 1 and these variances (Saltelli & Sobol' 1995)."""
    own = np.array([1 / (3 * (1 + a) ** 2) for a in G])
    whole = float(np.prod(1 + own) - 1)
    return own / whole, own * np.prod(1 + own) / (1 + own) / whole, whole


def test_ishigami_s_indices_lie_within_their_intervals() -> None:
    first, total, variance = ishigami_truth()
    found = estimates(ishigami, ("x", "y", "z", "idle"))
    assert within(found.first[:, 0], found.first_error[:, 0], first).all()
    assert within(found.total[:, 0], found.total_error[:, 0], total).all()
    assert found.mean[0] == pytest.approx(103.5, abs=0.01)
    assert found.variance[0] == pytest.approx(variance, rel=0.01)
    assert within(found.alone, found.alone_error, np.array([first.sum()])).all()
    assert found.total_error.max() < 0.01


def test_the_g_function_s_indices_lie_within_their_intervals() -> None:
    first, total, variance = g_truth()
    found = estimates(g_function, tuple(f"x{k}" for k in range(len(G))))
    assert within(found.first[:, 0], found.first_error[:, 0], first).all()
    assert within(found.total[:, 0], found.total_error[:, 0], total).all()
    assert found.variance[0] == pytest.approx(variance, rel=0.01)


def test_the_intervals_cover_the_truth_as_often_as_they_say() -> None:
    first, total, _ = ishigami_truth()
    hits = []
    for seed in range(60):
        found = estimates(ishigami, ("x", "y", "z", "idle"), seed=seed, draws=2_048)
        hits.append(within(found.first[:3, 0], found.first_error[:3, 0], first[:3]))
        hits.append(within(found.total[:3, 0], found.total_error[:3, 0], total[:3]))
    assert 0.91 <= np.mean(hits) <= 0.99  # 95% of 360


def test_a_group_s_index_is_that_of_its_members_and_of_what_they_do_together() -> None:
    _, total, _ = ishigami_truth()
    found = estimates(ishigami, ("x", "y", "z", "idle"), [("x", "z"), ("y", "idle")])
    truth = np.array([total[0], total[1]])  # z does nothing without x: the group explains all that x takes part in
    assert within(found.first[:, 0], found.first_error[:, 0], truth).all()
    assert within(found.total[:, 0], found.total_error[:, 0], truth).all()


def test_the_parts_of_an_event_of_two_coins_are_a_third_each() -> None:
    found = estimates(lambda own: ((own["x"] < 0.5) & (own["y"] < 0.5)).astype(float), ("x", "y"))
    assert found.mean[0] == pytest.approx(0.25, abs=0.003)
    assert within(found.first[:, 0], found.first_error[:, 0], np.array([1 / 3, 1 / 3])).all()
    assert within(found.total[:, 0], found.total_error[:, 0], np.array([2 / 3, 2 / 3])).all()
    assert within(found.alone, found.alone_error, np.array([2 / 3])).all()


def test_a_column_that_is_permuted_anew_each_time_has_a_first_index_whose_interval_covers_0() -> None:
    """What the model is given as y then says nothing of f, though f varies with it."""
    first, _, _ = ishigami_truth()
    chance = np.random.default_rng(1)
    found = estimates(lambda own: ishigami({**own, "y": chance.permutation(own["y"])}), ("x", "y", "z", "idle"))
    truth = first * np.array([1, 0, 1, 1])
    assert within(found.first[:, 0], found.first_error[:, 0], truth).all()
    assert found.first_error[1, 0] > 0


def test_a_column_that_the_model_does_not_use_has_indices_of_exactly_0() -> None:
    found = estimates(ishigami, ("x", "y", "z", "idle"))
    assert (found.first[3, 0], found.total[3, 0], found.total_error[3, 0]) == (0, 0, 0)


def test_a_second_chunk_only_adds_draws() -> None:
    names = ("x", "y", "z", "idle")
    whole = estimates(ishigami, names, draws=2_048)
    one, other = halves(names)
    parts = [
        tuple({name: half.uniforms(1, name, start, 1_024) for name in names} for half in (one, other))
        for start in (0, 1_024)
    ]
    told: list[tuple[int, int]] = []
    progress = lambda done, all_: told.append((done, all_))  # noqa: E731
    groups = [(name,) for name in names]
    found = pick_freeze(lambda own: ishigami(own)[None], parts, groups, chunks=2, progress=progress)
    assert found.first == pytest.approx(whole.first, abs=1e-9)
    assert found.total_error == pytest.approx(whole.total_error, abs=1e-9)
    assert told[-1] == (8, 8)


def test_draws_become_a_power_of_two_for_each_scramble() -> None:
    assert [whole_draws(n) for n in (1, 16, 17, 10_000, CHUNK, CHUNK + 1)] == [16, 16, 32, 16_384, 16_384, 32_768]
    assert all(log2(whole_draws(n) / SCRAMBLES).is_integer() for n in range(1, 500))


# ---- scenarios


def test_what_is_correlated_or_ranked_is_one_group_and_observers_are_out(scenario_of) -> None:
    scenario = scenario_of(
        """
[scenario]
name = "groups"
[players.A]
name = "A"
moves.a = ["no", "yes"]
[players.B]
name = "B"
moves.b = ["no", "yes"]
[observers.O]
name = "O"
[events]
both = "a == 'yes' and b == 'yes'"
[parameters]
p = { value = { uniform = [0, 1] }, unit = "1" }
q = { value = { uniform = [0, 1] }, unit = "1" }
r = { value = { uniform = [0, 1] }, unit = "1" }
s = { value = { uniform = [0, 1] }, unit = "1" }
[stakes]
one = { value = "both * p" }
two = { value = "both * q" }
three = { value = "(a == 'yes') * (r + s)" }
[interests.A]
one = { weight = 1 }
two = { weight = 1 }
[interests.B]
three = { weight = 1 }
[interests.O]
one = { weight = { uniform = [0, 1] } }
[[correlated]]
of = ["p", "q"]
rho = 0.5
[[correlated]]
of = ["q", "r"]
rho = 0.5
[[ranked]]
of = ["A.one", "A.two"]
total = 10
""",
        "groups",
    )
    assert independent_groups(scenario) == (("p", "q", "r"), ("s",), ("A.one", "A.two"))


def cell(found: Sensitivity, row: str, end: str):
    return next(own for own in found.rows if (own.row, own.end) == (row, end))


def test_a_deal_that_hangs_on_two_numbers_has_the_indices_that_arithmetic_gives(barter) -> None:
    """Deal where cost < shells, cost over 0 to 12 and shells over 3 to 9: the mean of P(deal | cost)^2 is 3/8."""
    scenario = barter("{ uniform = [0, 12] }", "{ uniform = [3, 9] }")
    found = sensitivity(scenario, requests=[Request("strong-2"), Request("pure-nash")], draws=POINTS, seed=1)
    assert found.groups == (("cost",), ("idle",), ("RU.shells",))
    strong = cell(found, "strong-2", "always")
    assert strong.share == pytest.approx(0.5, abs=0.002)
    own = {one.label: one for one in strong.indices}
    cost = (3 / 12 + 6 / 12 / 3 - 1 / 4) / (1 / 4)  # P(deal | cost): 1 below 3, 0 above 9, a line between
    shells = (13 / 48 - 1 / 4) / (1 / 4)  # P(deal | shells) is shells / 12, whose mean square is 39 / 144
    for name, first, total in (("cost", cost, 1 - shells), ("RU.shells", shells, 1 - cost), ("idle", 0, 0)):
        low, high = own[name].first.interval
        assert low - 1e-12 <= first <= high + 1e-12
        low, high = own[name].total.interval
        assert low - 1e-12 <= total <= high + 1e-12
    assert own["idle"].idle
    assert not own["idle"].telling
    assert [one.label for one in strong.indices] == ["cost", "RU.shells", "idle"]


def test_lower_and_upper_events_stand_apart_and_what_is_too_rare_is_not_ranked(barter) -> None:
    found = sensitivity(barter(), requests=[Request("pure-nash")], draws=256, seed=1)
    lower, upper = (cell(found, "pure-nash", end) for end in ("always", "possible"))
    assert (lower.share, lower.indices, lower.alone, lower.note) == (0, (), None, "too rare to rank")  # no deal is Nash
    assert 0.5 < upper.share < 0.7
    assert upper.note == ""
    assert upper.indices[0].names == ("cost",)
    assert upper.indices[0].first.value == pytest.approx(1, abs=0.05)  # the one number that matters makes all of it
    rare = sensitivity(barter("{ uniform = [5.95, 16] }"), requests=[Request("strong-2")], draws=4_096, seed=1)
    assert [(row.note, 0 < row.share < 0.01) for row in rare.rows] == [("too rare to rank", True)] * 2
    often = sensitivity(barter("{ uniform = [0, 6.05] }"), requests=[Request("strong-2")], draws=4_096, seed=1)
    assert [(row.note, 0.99 < row.share < 1) for row in often.rows] == [("too rare to rank", True)] * 2
    assert "Nothing can be ranked" in often.sentence


def test_a_scenario_without_uncertain_numbers_has_nothing_to_rank(scenario_of, barter) -> None:
    from tests.analysis.conftest import BARTER

    text = BARTER.replace("COST", "3").replace("SHELLS", "6").replace("{ uniform = [0, 1] }", "1")
    found = sensitivity(scenario_of(text), requests=[Request("strong-2")], draws=16, seed=1)
    assert found.groups == ()
    assert "Every number is known" in found.sentence
    assert [row.share for row in found.rows] == [1, 1]


def test_what_no_draw_showed_has_an_interval_of_three_draws(barter) -> None:
    own = sensitivity(barter(), requests=[Request("strong-2")], draws=256, seed=1).rows[0]
    idle = own.indices[-1]
    assert idle.names == ("idle",)
    variance = own.share * (1 - own.share)
    assert idle.first.error == pytest.approx(3 / 256 / variance, rel=0.02)  # one draw counts 1 / (256 variance)
    assert idle.total.error == pytest.approx(3 / 256 / variance / 2, rel=0.02)
    low, high = idle.first.interval
    assert low < 0 < high


def test_correlated_numbers_are_told_as_one_group(barter) -> None:
    extra = '[[correlated]]\nof = ["cost", "RU.shells"]\nrho = 0.5\n'
    scenario = barter("{ uniform = [0, 12] }", "{ uniform = [3, 9] }", extra)
    found = sensitivity(scenario, requests=[Request("strong-2")], draws=1_024, seed=1)
    assert found.groups == (("cost", "RU.shells"), ("idle",))
    pair = found.rows[0].indices[0]
    assert pair.label == "cost + RU.shells"
    assert (pair.first.value, pair.total.value) == (pytest.approx(1, abs=0.03), pytest.approx(1, abs=0.03))


def test_the_seed_gives_the_answer_and_the_document_says_what_was_computed(barter) -> None:
    asked = {"requests": [Request("strong-2")], "draws": 200}
    one, same, other = (sensitivity(barter(), seed=seed, **asked) for seed in (4, 4, 5))
    assert one == same
    assert one.rows != other.rows
    document = one.to_dict()
    assert document["draws"] == 256
    assert document["evaluations"] == 256 * 4  # A, B, and one each for cost and idle
    assert document["groups"] == [["cost"], ["idle"]]
    assert document["rows"][0]["indices"][0].keys() == {"names", "first", "total", "idle"}
    assert document["sentence"] == one.sentence
    assert "cost moves most" in one.sentence
    assert "<table" in one._repr_html_()
    assert repr(one) == "<Sensitivity of barter: 2 rows, 1024 evaluations>"


def test_the_telling_rows_are_plain_nash_pairs_and_the_first_two_orders(baseline) -> None:
    names = [row.name for row in telling_rows(requests_for(baseline))]
    assert names == ["pure-nash", "strong-2", "subgame-perfect.russia_proposes", "subgame-perfect.north_korea_proposes"]
    assert telling_rows([Request("strong-3")]) == (Request("strong-3"),)
