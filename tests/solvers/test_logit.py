"""Logit equilibria: the defining equation, closed forms, folds, crossings, limits, and Gambit on the same games."""

import io
from dataclasses import dataclass

import numpy as np
import pygambit
import pytest
from scipy.optimize import brentq

import sim
from sim.errors import UsageError
from sim.game.game import Game
from sim.game.nfg import game_to_nfg
from sim.solvers.logit import ACCEPTED, follow_branches, logit_equilibria
from sim.solvers.two_player_exact import solve_exact


@dataclass
class Branch:
    """What `follow_branches` says of one game."""

    precision: float
    strategies: tuple[tuple[float, ...], ...]
    relative_regret: float
    why: str


def followed(u: np.ndarray, precision: float | None) -> Branch:
    found = follow_branches(u[None], precision)
    shares = () if found.trouble[0] else tuple(tuple(own[0].tolist()) for own in found.strategies)
    return Branch(float(found.precision[0]), shares, float(found.relative_regret[0]), found.verdict(0).why)


def follow_to_precision(u: np.ndarray, precision: float) -> Branch:
    return followed(u, precision)


def follow_to_limit(u: np.ndarray) -> Branch:
    return followed(u, None)


DILEMMA = np.array([[[3.0, 0], [5, 1]], [[3, 5], [0, 1]]])
STAG = np.array([[[4.0, 0], [3, 3]], [[4, 3], [0, 3]]])
PENNIES = np.array([[[9.0, 0], [0, 1]], [[0, 1], [1, 0]]])  # one side's stake is nine times as high
BESIDE_THREE = np.pad(np.eye(3), (0, 1))  # coordination on one of three actions, or a fourth that is good for nothing
SEXES = np.array([[[2.0, 0], [0, 1]], [[1, 0], [0, 2]]])


def drawn(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 10, (len(shape), *shape)).astype(float)


FOLDED = drawn(53, 3, 3)  # its branch turns back at 4.2 and forth again at 0.83
PAIRED = drawn(110, 3, 3)  # two eigenvalues become real and negative on its way, far from 0


def called_for(u: np.ndarray, strategies: tuple[tuple[float, ...], ...], precision: float) -> list[np.ndarray]:
    """The right hand side of the definition, profile by profile."""
    result = []
    for i, own in enumerate(strategies):
        earned = np.zeros(len(own))
        for at in np.ndindex(*u.shape[1:]):
            earned[at[i]] += u[(i, *at)] * np.prod([strategies[k][a] for k, a in enumerate(at) if k != i])
        weights = np.exp(precision * (earned - earned.max()))
        result.append(weights / weights.sum())
    return result


def flat(found: Branch) -> list[float]:
    return [share for own in found.strategies for share in own]


@pytest.mark.parametrize("shape", [(2, 2), (3, 2), (4, 4), (2, 2, 2), (3, 2, 3), (2, 2, 2, 2)])
@pytest.mark.parametrize("precision", [0.01, 0.3, 1.0, 4.0])
def test_each_action_is_played_as_the_definition_says(shape: tuple[int, ...], precision: float) -> None:
    for seed in range(5):
        u = drawn(seed, *shape)
        found = follow_to_precision(u, precision)
        assert found.precision == precision
        for own, right in zip(found.strategies, called_for(u, found.strategies, precision), strict=True):
            assert own == pytest.approx(right, abs=1e-9)


@pytest.mark.parametrize("game", [DILEMMA, STAG])
@pytest.mark.parametrize("precision", [0.2, 0.7, 2.0])
def test_symmetric_two_by_two_games_solve_one_equation(game: np.ndarray, precision: float) -> None:
    def excess(p: float) -> float:
        gain = p * (game[0, 0, 0] - game[0, 1, 0]) + (1 - p) * (game[0, 0, 1] - game[0, 1, 1])
        return np.log(p / (1 - p)) - precision * gain

    root = brentq(excess, 1e-12, 0.5)  # from even play both lean to the second action
    assert flat(follow_to_precision(game, precision)) == pytest.approx([root, 1 - root] * 2, abs=1e-10)


def test_without_precision_play_is_even_and_soon_after_nearly_so() -> None:
    for u in (drawn(1, 3, 4), FOLDED, STAG):
        even = [1 / n for n in u.shape[1:] for _ in range(n)]
        assert flat(follow_to_precision(u, 0)) == pytest.approx(even, abs=1e-15)
        assert flat(follow_to_precision(u, 1e-6)) == pytest.approx(even, abs=1e-5)


def test_one_side_of_unequal_pennies_errs_on_its_high_stake() -> None:  # McKelvey & Palfrey 1995: Nash would be 1/2
    shares = [follow_to_precision(PENNIES, precision).strategies[0][0] for precision in (0.1, 1, 10, 1000)]
    assert shares[1] > 0.85 > shares[2] > shares[3] > 0.5
    limit = follow_to_limit(PENNIES)
    assert flat(limit) == pytest.approx([0.5, 0.5, 0.1, 0.9], abs=1e-5)


def test_the_limit_is_the_only_equilibrium_where_there_is_one() -> None:
    met = 0
    for seed in range(80):
        u = drawn(seed, 3, 3)
        found = solve_exact(Game.from_arrays(*u))
        if len(found) == 1:
            met += 1
            expected = [share for own in found.equilibria[0].strategies for share in own]
            assert flat(follow_to_limit(u)) == pytest.approx(expected, abs=1e-5)
    assert met > 20


@pytest.mark.parametrize("shape", [(3, 3), (2, 4), (3, 3, 3), (2, 2, 2, 2)])
def test_nobody_gains_at_a_limit(shape: tuple[int, ...]) -> None:
    for seed in range(12):
        u = np.random.default_rng(seed).random((len(shape), *shape))
        found = follow_to_limit(u)
        assert found.relative_regret <= ACCEPTED
        for own, table in zip(range(len(shape)), u, strict=True):
            earned = np.moveaxis(table, own, 0)
            for k in reversed([k for k in range(len(shape)) if k != own]):
                earned = earned @ np.array(found.strategies[k])
            assert earned.max() - earned @ np.array(found.strategies[own]) <= ACCEPTED * np.ptp(table)


def test_the_first_crossing_is_the_one_before_the_branch_turns_back() -> None:
    def followed_upwards(u: np.ndarray, goal: float) -> list[float]:
        """By many small rises of the precision alone, each solved by damped iteration from the last."""
        strategies = tuple(tuple([1 / n] * n) for n in u.shape[1:])
        for precision in np.linspace(0, goal, 50):
            for _ in range(120):
                answers = called_for(u, strategies, precision)
                strategies = tuple(
                    tuple(0.9 * np.array(own) + 0.1 * right) for own, right in zip(strategies, answers, strict=True)
                )
        return [share for own in strategies for share in own]

    assert flat(follow_to_precision(FOLDED, 1.0)) == pytest.approx(followed_upwards(FOLDED, 1.0), abs=1e-6)


def gambit(u: np.ndarray, precision: float) -> list[float]:
    game = pygambit.read_nfg(io.StringIO(game_to_nfg(Game.from_arrays(*u))))
    (found,) = pygambit.qre.logit_solve_lambda(game, precision, True)
    return [own[str(k + 1)] for own, n in zip(found.profile, u.shape[1:], strict=True) for k in range(n)]


@pytest.mark.parametrize("precision", [0.5, 1.0, 1.8, 4.1, 4.5, 6.0])
@pytest.mark.parametrize("game", [FOLDED, PAIRED, drawn(231, 3, 3), drawn(3, 2, 3, 2)])
def test_gambit_finds_the_same_point_before_and_beyond_a_fold(game: np.ndarray, precision: float) -> None:
    assert flat(follow_to_precision(game, precision)) == pytest.approx(gambit(game, precision), abs=1e-6)


@pytest.mark.parametrize(
    ("game", "crossing"),
    [
        (np.array([np.eye(2), np.eye(2)]), 2.0),  # even play loses its ground at 2
        (np.array([np.eye(3), np.eye(3)]), 3.0),  # two directions at once: the determinant does not turn
        (SEXES, None),
        (np.array([BESIDE_THREE, BESIDE_THREE]), None),  # two directions at once, where play is not even
    ],
)
def test_where_another_branch_crosses_there_is_no_answer(game: np.ndarray, crossing: float | None) -> None:
    for found in (follow_to_limit(game), follow_to_precision(game, 50)):
        assert found.strategies == ()
        assert "crossed" in found.why
        if crossing is not None:
            assert found.precision == pytest.approx(crossing)
    assert follow_to_precision(game, 1.0).strategies


@pytest.mark.parametrize("beyond", [1.01, 1.1, 1.5, 3.0])
def test_a_crossing_of_two_branches_at_once_is_seen_wherever_the_last_step_ends(beyond: float) -> None:
    source = np.random.default_rng(8)
    for _ in range(12):
        game = np.pad(np.eye(3), (0, 1)) + np.pad(source.random((1, 1)), (3, 0))  # the fourth action is worth something
        game[3, :3] = source.random() / 3
        u = np.array([game, game])
        limit = follow_to_limit(u)
        assert "crossed" in limit.why
        seen = [limit, *(follow_to_precision(u, x * limit.precision) for x in (0.9, 1.0))]
        at = min(one.precision for one in seen if not one.strategies)  # noticed a little late, at times
        assert "crossed" in follow_to_precision(u, beyond * at).why
        assert follow_to_precision(u, at / (1.01 * beyond)).strategies


def test_even_play_that_nothing_crosses_is_the_answer() -> None:
    pennies = np.array([[[1.0, -1], [-1, 1]], [[-1, 1], [1, -1]]])
    assert flat(follow_to_limit(pennies)) == [0.5] * 4
    assert flat(follow_to_precision(pennies, 1e6)) == [0.5] * 4


@pytest.mark.parametrize("scale", [1e-6, 3.0, 1e6])
def test_precision_is_counted_in_the_inverse_unit_of_payoffs(scale: float) -> None:
    plain = follow_to_precision(FOLDED, 2.0)
    other = follow_to_precision(scale * FOLDED + 17, 2.0 / scale)
    assert flat(other) == pytest.approx(flat(plain), abs=1e-8)


def test_a_player_alone_and_players_who_do_not_care() -> None:
    alone = follow_to_precision(np.array([[0.0, 1.0]]), np.log(3))
    assert flat(alone) == pytest.approx([0.25, 0.75])
    assert flat(follow_to_limit(np.zeros((2, 2, 3)))) == pytest.approx([1 / 2] * 2 + [1 / 3] * 3)


@pytest.mark.parametrize("precision", [-1.0, float("nan"), float("inf"), 1e14])
def test_a_precision_out_of_range_is_refused(precision: float) -> None:
    with pytest.raises(UsageError, match="precision"):
        follow_to_precision(DILEMMA, precision)


def test_the_jump_to_the_far_sheet_is_exactly_where_the_branch_turns_back() -> None:
    def sheet(goal: float) -> np.ndarray:
        return np.array(flat(follow_to_precision(FOLDED, goal)))

    near, far = 4.1, 4.5
    before, behind = sheet(near), sheet(far)
    while far - near > 1e-7:
        middle = (near + far) / 2
        here = sheet(middle)
        first = np.abs(here - before).max() < np.abs(here - behind).max()
        near, far = (middle, far) if first else (near, middle)

    def slack(goal: float) -> float:
        """The determinant of the equations' derivative by the shares: 0 where the branch turns back."""
        at, step = sheet(goal), 1e-6
        rows = []
        for k in range(6):
            moved = at + step * np.eye(6)[k]
            answer = called_for(FOLDED, (tuple(moved[:3]), tuple(moved[3:])), goal)
            rows.append((np.concatenate(answer) - np.concatenate([at[:3], at[3:]])) / step)
        return float(np.linalg.det(np.eye(6) - np.array(rows)))

    assert abs(slack(near)) < 0.01 * abs(slack(4.1))


def many(seed: int, draws: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(draws, len(shape), *shape))


@pytest.mark.parametrize("shape", [(3, 4), (2, 2, 2), (1, 3), (4,)])
def test_a_batch_is_its_games_one_by_one(shape: tuple[int, ...]) -> None:
    u = many(1, 20, *shape)
    u[3] = 1.0  # nobody cares
    for concept, precision in (("logit", None), ("qre", 1.5)):
        batch = sim.solve_many(u, concept, precision=precision)
        for k in range(20):
            single = sim.solve(Game.from_arrays(*u[k]), concept, precision=precision)
            mine = batch.equilibria(k)
            assert (len(mine), mine.why) == (len(single), single.why)
            assert mine.extra["precision"] == single.extra["precision"]
            for one, other in zip(mine.equilibria, single.equilibria, strict=True):
                for own, right in zip(one.strategies, other.strategies, strict=True):
                    assert own == pytest.approx(right, abs=1e-15)
        assert not batch.complete.any()


def test_unsolved_games_stand_in_a_batch_without_an_equilibrium_and_say_why() -> None:
    u = np.stack([DILEMMA, np.array([np.eye(2)] * 2), STAG, SEXES])
    batch = sim.solve_many(u, "logit")
    assert batch.counts.tolist() == [1, 0, 1, 0]
    assert "crossed" in batch.equilibria(1).why
    assert batch.extra["precision"][1] == pytest.approx(2)
    assert batch.max_regret[[0, 2]].max() <= ACCEPTED
    assert sim.solve_many(u[[1, 3]], "logit").counts.tolist() == [0, 0]


def test_each_limit_of_a_batch_stops_where_hardly_anybody_gains() -> None:
    u = many(2, 200, 3, 4)
    width = np.ptp(u.reshape(200, 2, -1), axis=2).max(axis=1)
    for close in (1e-2, 1e-4, 1e-8):
        batch = logit_equilibria(u, close=close)
        assert batch.counts.tolist() == [1] * 200
        assert (batch.max_regret <= max(close, ACCEPTED) * width).all()
    assert (logit_equilibria(u, close=1e-2).max_regret > 1e-4).mean() > 0.5  # no further than was asked


def test_most_limits_are_those_that_gambit_reaches() -> None:
    same = 0
    u = many(4, 25, 3, 3)
    batch = sim.solve_many(u, "logit")
    for k, game in enumerate(u):
        peer = pygambit.read_nfg(io.StringIO(game_to_nfg(Game.from_arrays(*game))))
        theirs = pygambit.nash.logit_solve(peer, use_strategic=True).equilibrium
        found = [float(share) for own in theirs for _, share in own]
        mine = [share for own in batch.equilibria(k).equilibria[0].strategies for share in own]
        same += mine == pytest.approx(found, abs=1e-3)
    assert same >= 24


def test_qre_needs_a_precision() -> None:
    with pytest.raises(UsageError, match="precision"):
        sim.solve_many(DILEMMA[None], "qre")


@pytest.mark.parametrize("shape", [(3, 3), (2, 3, 2)])
def test_players_and_actions_may_come_in_any_order_and_payoffs_in_any_unit(shape: tuple[int, ...]) -> None:
    u = many(5, 30, *shape)
    players = len(shape)
    for precision in (None, 2.0):
        plain = follow_branches(u, precision)
        turned = u[:, ::-1].transpose(0, 1, *range(players + 1, 1, -1))
        other = follow_branches(np.ascontiguousarray(turned), precision)
        flipped = follow_branches(np.ascontiguousarray(np.flip(u, axis=2)), precision)
        scaled = follow_branches(1e9 * u + 1e9, None if precision is None else precision / 1e9)
        assert plain.trouble.sum() == other.trouble.sum() == flipped.trouble.sum() == scaled.trouble.sum() == 0
        for k, own in enumerate(plain.strategies):
            assert other.strategies[players - 1 - k] == pytest.approx(own, abs=1e-5)
            assert scaled.strategies[k] == pytest.approx(own, abs=1e-5)
        assert flipped.strategies[0][:, ::-1] == pytest.approx(plain.strategies[0], abs=1e-5)


def test_six_players_of_two_actions_are_followed_too() -> None:
    u = many(6, 3, *[2] * 6)
    found = follow_branches(u, 0.7)
    for k in range(3):
        shares = tuple(tuple(own[k].tolist()) for own in found.strategies)
        for own, right in zip(shares, called_for(u[k], shares, 0.7), strict=True):
            assert own == pytest.approx(right, abs=1e-9)
