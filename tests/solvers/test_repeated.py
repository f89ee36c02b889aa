"""Critical patience: the tournament's dilemma, play simulated for many rounds, and what cannot be held."""

from pathlib import Path

import numpy as np
import pytest

import sim
from sim.errors import UsageError
from sim.solvers.concepts import requests_for
from sim.solvers.repeated import REASONS, critical_patience
from sim.solvers.ties import ranges
from tests.made import made

AXES = ((0,), (1,))
C, D = (0, 0), (1, 1)


def dilemma(t: float = 5, r: float = 3, p: float = 1, s: float = 0) -> np.ndarray:
    row = np.array([[r, s], [t, p]], dtype=float)
    return np.stack([row, row.T])


def patience(*games: np.ndarray, ends: float | list[float] = 0.0, cooperate=C, punish=D):
    u = np.stack(games)
    chance = np.broadcast_to(np.asarray(ends, dtype=float), len(u))
    return critical_patience(u, AXES, ranges(u), (0, 1), cooperate, punish, chance)


def test_the_grim_threat_needs_one_half_in_the_tournaments_dilemma() -> None:  # Axelrod 1984
    found = patience(dilemma())
    assert found.pair.tolist() == [0.5]
    assert found.each.tolist() == [[0.5, 0.5]]


def test_a_chance_of_an_end_asks_for_more_patience() -> None:
    found = patience(*[dilemma()] * 4, ends=[0.0, 0.25, 0.5, 0.51])
    assert found.pair[:3] == pytest.approx([0.5, 2 / 3, 1.0])
    assert np.isnan(found.pair[3])
    assert REASONS[found.reason[3]] == "even full patience is not enough"


def test_the_pair_needs_what_the_less_patient_needs() -> None:
    row = dilemma()[0]
    column = np.array([[3, 9], [0, 1]], dtype=float)  # (9 - 3) / (9 - 1)
    found = patience(np.stack([row, column]))
    assert found.each[0].tolist() == [0.5, 0.75]
    assert found.pair[0] == 0.75


@pytest.mark.parametrize("discount", [0.3, 0.49, 0.51, 0.8])
def test_at_that_patience_a_breach_does_not_pay_over_many_rounds(discount: float) -> None:
    weights = discount ** np.arange(2000)
    keep, breach = 3 * weights.sum(), 5 + 1 * weights[1:].sum()
    assert (keep >= breach) == (discount >= patience(dilemma()).pair[0])


def test_nothing_is_needed_where_a_breach_brings_nothing() -> None:
    stag = np.stack([np.array([[4.0, 0], [3, 3]]), np.array([[4.0, 3], [0, 3]])])
    assert patience(stag).pair.tolist() == [0.0]
    assert patience(stag, ends=1.0).pair.tolist() == [0.0]


@pytest.mark.parametrize(
    ("game", "options", "why"),
    [
        (dilemma(), {"punish": C, "cooperate": D}, "no equilibrium"),
        (dilemma(), {"cooperate": D}, "no worse than cooperation"),
        (dilemma(), {"ends": 1.0}, "not enough"),
        (dilemma(), {"ends": 1.5}, "not between 0 and 1"),
        (dilemma(), {"ends": -0.1}, "not between 0 and 1"),
    ],
)
def test_what_cannot_be_held_has_no_figure_and_a_reason(game: np.ndarray, options: dict, why: str) -> None:
    found = patience(game, **options)
    assert np.isnan(found.pair[0])
    assert why in REASONS[found.reason[0]]


def test_a_breach_may_change_several_moves_at_once() -> None:
    # the row player owns axes 0 and 2; only both changes together tempt it
    own = np.zeros((2, 2, 2))
    own[0, 0, 0], own[1, 0, 1], own[1, 1, 1] = 3, 5, 1
    other = np.zeros((2, 2, 2))
    other[0, 0, 0], other[1, 1, 1] = 3, 1
    u = np.stack([own, other])[None]
    found = critical_patience(u, ((0, 2), (1,)), ranges(u), (0, 1), (0, 0, 0), (1, 1, 1), np.zeros(1))
    assert found.each[0, 0] == 0.5


def test_units_and_zero_points_change_nothing_and_draws_do_not_touch_each_other() -> None:
    chance = np.random.default_rng(3)
    games = [dilemma(*sorted(chance.uniform(0, 9, 4), reverse=True)) for _ in range(50)]
    together = patience(*games)
    alone = [patience(game).pair[0] for game in games]
    assert together.pair.tolist() == alone
    moved = [np.stack([game[0] * 1e6 - 5, game[1]]) for game in games]
    assert patience(*moved).pair == pytest.approx(together.pair, nan_ok=True)
    assert not np.isnan(together.pair).all()


UNSURE = """
[players.A]
name = "A"
moves.b = ["no", "yes"]
moves.a = ["no", "yes"]
[players.B]
name = "B"
moves.c = ["no", "yes"]
[events]
both = "a == 'yes' and c == 'yes'"
[parameters]
ends = { value = { uniform = [0, 1] } }
[stakes]
from_a = { value = "a == 'yes'" }
from_b = { value = "c == 'yes'" }
[interests.A]
from_a = { weight = { uniform = [-2, -1] } }
from_b = { weight = 3 }
[interests.B]
from_a = { weight = 3 }
from_b = { weight = -1 }
[repeated.grim]
players = ["A", "B"]
cooperate = { a = "yes", c = "yes" }
punish = {}
ends = "ends"
"""


def test_a_sweep_counts_the_draws_in_which_some_patience_is_enough(tmp_path: Path) -> None:
    scenario = made(tmp_path, UNSURE)
    frame = sim.sweep(scenario, draws=400, seed=3, concepts=["repeated.grim", "pure-nash"]).to_frame()
    drawn = scenario.draws(400, seed=3)
    need = np.maximum(-drawn["A.from_a"] / 3, 1 / 3) / (1 - drawn["ends"])
    held = frame["repeated.grim.both.status"].to_numpy() == "always"
    assert (held == (need <= 1)).all()
    assert 20 < held.sum() < 380
    assert set(frame["repeated.grim.both.status"]) == {"always", "none"}
    assert set(frame["pure-nash.both.status"]) == {"never"}
    alone = sim.sweep(scenario, draws=1, seed=3, first=7, concepts=["repeated"]).to_frame()
    assert alone["repeated.grim.both.status"][0] == frame["repeated.grim.both.status"][7]


def test_a_patience_of_nearly_one_is_marked_and_never_decided() -> None:
    gaps = patience(dilemma(), dilemma(), ends=[0.5 - 1e-12, 0.3]).gap
    assert gaps[0] < 1e-9 < gaps[1]


def test_a_sweep_marks_draws_whose_patience_is_nearly_one(tmp_path: Path) -> None:
    fixed = made(tmp_path, UNSURE).set(**{"A.from_a": -1}, ends="0.666666666666")  # (3 - 2) / (3 - 0) is one third
    frame = sim.sweep(fixed, draws=1, concepts=["repeated"]).to_frame()
    assert frame["near_tie"].tolist() == [True]
    far = sim.sweep(fixed.set(ends="0.6"), draws=1, concepts=["repeated"]).to_frame()
    assert far["near_tie"].tolist() == [False]


@pytest.mark.parametrize(
    ("body", "concept", "said"),
    [
        (UNSURE, "repeated.grin", "'grim'"),
        (UNSURE[: UNSURE.index("[repeated")], "repeated", "no [repeated.X]"),
        (UNSURE + '[allow]\na = ["no"]\n', "repeated", "[allow] forbids"),
    ],
)
def test_what_a_sweep_cannot_repeat_is_said(tmp_path: Path, body: str, concept: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        sim.sweep(made(tmp_path, body), draws=2, concepts=[concept])
    assert said in str(caught.value)


def test_analyses_of_payoffs_alone_refuse_it(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="sim sweep"):
        requests_for(made(tmp_path, UNSURE).data, ["repeated"])
