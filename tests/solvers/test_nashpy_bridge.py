"""nashpy beside the exact enumeration: agreement where it is right, and a plain word where it is not."""

import json
import random
import sys
from dataclasses import replace

import numpy as np
import pytest

from sim.errors import PayoffError, UsageError
from sim.game.game import Game
from sim.solvers.nashpy_bridge import SliceSolution, hold_against, solve_by_nashpy, unit_payoffs
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
    assert all(own.min() == 0 and own.max() == 1 for own in unit_payoffs(huge))


def test_an_all_zero_game_stops_nashpy_and_ours_stands() -> None:
    solution = solved(Game.from_arrays(np.zeros((2, 2)), np.zeros((2, 2))))
    assert "nashpy stopped with TypeError" in solution.differences
    assert (solution.agree, solution.stands, solution.relative_regret) == (False, "ours", None)
    assert (solution.found_by_solver, solution.found_by_check, solution.degenerate) == (0, 4, True)


def test_an_action_that_leaves_the_other_player_nothing_hides_equilibria_from_nashpy() -> None:
    solution = solved(Game.from_arrays([[0, 1], [0, 2]], [[1, 0], [1, 0]]))
    assert solution.differences == "nashpy misses 2 of 2: mapped to [0, 1], a best-response polytope has no bound"
    assert solution.stands == "ours"
    assert len(solution.equilibria) == 2


def test_payoffs_of_very_different_size_make_nashpy_miss_or_merge_equilibria() -> None:
    missing = solved(Game.from_arrays(np.diag([1e8, 1.0, 2.0]), np.diag([1e8, 1.0, 2.0])))
    assert missing.differences == "nashpy misses 2 of 7"
    merging = solve_by_nashpy(Game.from_arrays(np.diag([1e9, 1.0, 2.0]), np.diag([1e9, 1.0, 2.0])))
    assert merging.returned > len(merging.equilibria)
    assert not missing.degenerate


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
