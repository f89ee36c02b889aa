"""nashpy beside the exact enumeration: agreement where it is right, and a plain word where it is not."""

import json
import random
import sys
from dataclasses import replace

import nashpy
import numpy as np
import pytest

from sim.errors import PayoffError, UsageError
from sim.game.game import Game
from sim.solvers.nashpy_bridge import SliceSolution, hold_against, mapped_payoffs, solve_by_nashpy
from sim.solvers.two_player_exact import solve_exact

CHICKEN = Game.from_arrays([[3, 2], [4, 1]], [[3, 4], [2, 1]])


def solved(game: Game) -> SliceSolution:
    return hold_against(game, solve_by_nashpy(game), solve_exact(game))


def test_on_chicken_nashpy_is_confirmed_exactly() -> None:
    answer, solution = solve_by_nashpy(CHICKEN), solved(CHICKEN)
    assert (answer.returned, answer.error, len(answer.equilibria)) == (3, None, 3)
    assert (solution.agree, solution.differences, solution.stands) == (True, "", "nashpy, confirmed exactly")
    assert solution.found_by_solver == solution.found_by_check == 3
    assert solution.relative_regret is not None
    assert solution.relative_regret < 1e-12
    assert not solution.degenerate


def test_where_both_polytopes_are_simple_and_bounded_nashpy_and_the_exact_set_agree() -> None:
    source, compared = random.Random(5), 0
    for _ in range(60):
        m, n = source.randint(2, 4), source.randint(2, 4)
        A, B = ([[source.randint(-9, 9) for _ in range(n)] for _ in range(m)] for _ in range(2))
        solution = solved(Game.from_arrays(A, B))
        if not solution.degenerate:
            compared += 1
            assert solution.agree, solution.differences
    assert compared > 40


def test_the_unit_of_payoffs_is_not_what_nashpy_meets() -> None:
    A, B = CHICKEN.payoffs
    huge = Game.from_arrays(1e9 * A + 1e12, 1e-9 * B)
    assert solved(huge).agree
    assert all(own.min() == 1 and own.max() == 2 for own in mapped_payoffs(huge))


@pytest.mark.parametrize("n", [2, 3])
def test_a_game_in_which_nothing_matters_has_all_its_corners_from_both(n) -> None:
    solution = solved(Game.from_arrays(np.zeros((n, n)), np.zeros((n, n))))
    assert (solution.found_by_solver, solution.found_by_check) == (n * n, n * n)
    assert (solution.agree, solution.degenerate, solution.relative_regret) == (True, True, 0.0)


def test_an_action_that_leaves_the_other_player_its_least_hides_nothing_from_nashpy() -> None:
    A, B = np.array([[0, 1], [0, 2]]), np.array([[1, 0], [1, 0]])
    assert solved(Game.from_arrays(A, B)).agree
    with np.errstate(all="ignore"):  # mapped to [0, 1] instead, a polytope has no bound
        assert len(list(nashpy.Game(A / 2, B).vertex_enumeration())) < 2


def test_in_games_full_of_ties_nashpy_finds_every_extreme_equilibrium() -> None:
    source, degenerate = random.Random(11), 0
    for _ in range(100):
        m, n = source.randint(2, 4), source.randint(2, 4)
        A, B = ([[source.randint(0, 2) for _ in range(n)] for _ in range(m)] for _ in range(2))
        solution = solved(Game.from_arrays(A, B))
        assert solution.agree, (A, B, solution.differences)
        degenerate += solution.degenerate
    assert degenerate > 80


def test_payoffs_of_very_different_size_make_nashpy_invent_and_lose_equilibria() -> None:
    inventing = solved(Game.from_arrays(np.diag([1e6, 1.0, 2.0]), np.diag([1e6, 1.0, 2.0])))
    assert inventing.differences == "30 of nashpy's 37 are no extreme equilibria"
    assert inventing.relative_regret == pytest.approx(2e-6)  # one action gives up 2 of a range of a million
    assert (inventing.stands, inventing.degenerate, len(inventing.equilibria)) == ("ours", False, 7)
    losing = solved(Game.from_arrays(np.diag([1e12, 1.0, 2.0]), np.diag([1e12, 1.0, 2.0])))
    assert losing.differences.startswith("nashpy misses 2 of 7; ")


def test_a_player_with_one_action_stops_nashpy_and_ours_stands() -> None:
    solution = solved(Game.from_arrays([[1], [1]], [[2], [3]]))
    assert "nashpy stopped with QhullError" in solution.differences
    assert (solution.agree, solution.stands, solution.relative_regret) == (False, "ours", None)
    assert (solution.found_by_solver, solution.found_by_check) == (0, 2)


def test_an_invented_answer_is_told_from_an_equilibrium_with_its_regret() -> None:
    answer = solve_by_nashpy(CHICKEN)
    invented = replace(answer, equilibria=(*answer.equilibria, ((0.0, 1.0), (0.0, 1.0))))
    solution = hold_against(CHICKEN, invented, solve_exact(CHICKEN))
    assert solution.differences == "1 of nashpy's 4 are no extreme equilibria"
    assert solution.relative_regret == pytest.approx(1 / 3)  # leaving (1, 1) gains 1 of a range of 3


@pytest.mark.parametrize(("error", "agree"), [(0.9e-7, True), (1.1e-7, False)])
def test_two_strategies_count_as_one_up_to_a_ten_millionth(error, agree) -> None:
    answer = solve_by_nashpy(CHICKEN)
    first, mixed, last = answer.equilibria
    near = ((mixed[0][0] + error, mixed[0][1] - error), mixed[1])
    moved = replace(answer, equilibria=(first, near, last))
    assert hold_against(CHICKEN, moved, solve_exact(CHICKEN)).agree is agree


def test_an_exact_check_that_was_stopped_confirms_nothing() -> None:
    game = Game.from_arrays(np.eye(3, dtype=int), np.eye(3, dtype=int))
    solution = hold_against(game, solve_by_nashpy(game), solve_exact(game, budget_seconds=0.0))
    assert not solution.agree
    assert "not whole" in solution.differences


def test_without_nashpy_a_slice_fails_and_says_what_to_install(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "nashpy", None)
    with pytest.raises(UsageError, match="pip install nashpy"):
        solve_by_nashpy(CHICKEN)


def test_three_players_are_refused() -> None:
    with pytest.raises(PayoffError, match="has 3 players"):
        solve_by_nashpy(Game.from_arrays(*[np.zeros((2, 2, 2))] * 3))


def test_the_entry_of_a_slice_is_plain_json_with_the_promised_keys() -> None:
    entry = json.loads(json.dumps(solved(CHICKEN).to_dict(), allow_nan=False))
    promised = {"solver", "solver_version", "found_by_solver", "found_by_check", "agree", "equilibria"}
    assert promised <= entry.keys()
    assert entry["solver"] == "nashpy vertex_enumeration"
    assert entry["equilibria"][1]["exact"] == [["1/2", "1/2"], ["1/2", "1/2"]]
