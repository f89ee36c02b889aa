"""A solver of the user's choice beside the exact set: what it misses, what it invents, and where it never ends."""

import subprocess
from dataclasses import replace

import numpy as np
import pytest

from sim.errors import PayoffError, UsageError
from sim.game.game import Game
from sim.solvers import nashpy_process
from sim.solvers.chosen_solver import beside, check_solver, compared
from sim.solvers.nashpy_bridge import answer_of
from sim.solvers.nashpy_process import solve_within
from sim.solvers.two_player_exact import solve_exact
from sim.solvers.verdict import Ground, judge

CHICKEN = Game.from_arrays([[3, 2], [4, 1]], [[3, 4], [2, 1]])
INDIFFERENT = Game.from_arrays(np.ones((2, 2)), np.ones((2, 2)))
ONE_COLUMN = Game.from_arrays([[-2], [-2], [-2], [2], [-2]], [[1], [-1], [1], [-2], [2]])


def answered(game: Game, *pairs, error=None) -> dict:
    answer = answer_of(game, "support_enumeration", "1", pairs, error, ())
    return compared("nashpy-support", answer, solve_exact(game))


def test_support_enumeration_of_chicken_agrees() -> None:
    exact = solve_exact(CHICKEN)
    found = beside(CHICKEN, exact, "nashpy-support")
    entry = found.extra["solver"]
    assert (entry["name"], entry["found"], entry["agree"]) == ("nashpy-support", 3, True)
    assert (entry["missing"], entry["spurious"], entry["error"]) == ([], [], None)
    assert found.equilibria == exact.equilibria
    assert found.why == exact.why  # the ground for complete is ours alone


def test_lemke_howson_of_chicken_misses_the_mixed_equilibrium_and_says_which() -> None:
    entry = beside(CHICKEN, solve_exact(CHICKEN), "nashpy-lemke-howson").extra["solver"]
    assert (entry["found"], entry["missing"], entry["agree"]) == (2, [1], False)
    assert entry["returned"] == 4  # one a label, some of them twice


def test_a_path_that_never_ends_is_stopped_and_what_was_found_is_kept() -> None:
    entry = beside(ONE_COLUMN, solve_exact(ONE_COLUMN), "nashpy-lemke-howson", seconds=3).extra["solver"]
    assert entry["error"] == "no end within 3 s"
    assert not entry["agree"]


def test_a_line_cut_off_by_the_limit_is_no_answer(monkeypatch) -> None:
    def late(command, **rest):
        raise subprocess.TimeoutExpired(command, 1.0, output=b"[[1.0, 0.0], [0.0, 1.0]]\n[[0.5, 0.")

    monkeypatch.setattr(nashpy_process.subprocess, "run", late)
    answer = solve_within(CHICKEN, "support_enumeration", 1.0)
    assert answer.equilibria == (((1.0, 0.0), (0.0, 1.0)),)
    assert answer.error == "no end within 1 s"


def test_a_process_that_dies_is_an_error_and_no_empty_answer(monkeypatch) -> None:
    died = subprocess.CompletedProcess([], 1, stdout=b"", stderr=b"Traceback\nMemoryError: none left")
    monkeypatch.setattr(nashpy_process.subprocess, "run", lambda *command, **rest: died)
    assert solve_within(CHICKEN, "support_enumeration", 1.0).error == "its process ended early: MemoryError: none left"


def test_an_equilibrium_inside_a_component_is_neither_missing_nor_invented() -> None:
    corners = [((a, 1 - a), (b, 1 - b)) for a in (0.0, 1.0) for b in (0.0, 1.0)]
    entry = answered(INDIFFERENT, *corners, ((0.3, 0.7), (0.25, 0.75)))
    assert (entry["not_extreme"], entry["spurious"], entry["agree"]) == (1, [], True)


def test_a_pair_that_is_no_equilibrium_is_named() -> None:
    entry = answered(CHICKEN, ((0.0, 1.0), (0.0, 1.0)))
    assert entry["spurious"] == [[[0.0, 1.0], [0.0, 1.0]]]
    assert (entry["missing"], entry["agree"]) == ([0, 1, 2], False)


def test_an_invented_pair_that_costs_next_to_nothing_is_invented_all_the_same() -> None:
    game = Game.from_arrays(np.diag([1e12, 1.0, 2.0]), np.diag([1e12, 1.0, 2.0]))  # leaving gains 1e-12 of the range
    assert len(answered(game, ((0.0, 1.0, 0.0), (0.0, 0.0, 1.0)))["spurious"]) == 1


def test_answers_of_another_length_or_without_numbers_are_malformed() -> None:
    entry = answered(CHICKEN, ((1.0,), (0.0, 1.0)), ((float("nan"), 0.0), (1.0, 0.0)))
    assert (entry["malformed"], entry["found"], entry["returned"], entry["agree"]) == (2, 0, 2, False)


def test_where_our_set_is_not_known_to_be_whole_nothing_is_agreed() -> None:
    exact = solve_exact(CHICKEN)
    pairs = [one.strategies for one in exact.equilibria]
    answer = answer_of(CHICKEN, "support_enumeration", "1", pairs, None, ())
    assert compared("nashpy-support", answer, exact)["agree"]
    assert not compared("nashpy-support", answer, replace(exact, verdict=judge(Ground.STOPPED, seconds=0)))["agree"]


@pytest.mark.parametrize(
    ("solver", "concept", "players", "said"),
    [
        ("nashpy-vertx", "nash", 2, "Did you mean 'nashpy-vertex'"),
        ("nashpy-vertex", "pure-nash", 2, "ask for nash, not 'pure-nash'"),
        ("nashpy-vertex", "nash", 3, "this one has 3 players"),
    ],
)
def test_what_a_solver_cannot_be_asked_is_refused_in_words(solver, concept, players, said) -> None:
    with pytest.raises(UsageError, match=said):
        check_solver(solver, concept, players)
    with pytest.raises(PayoffError, match="has 3 players"):
        solve_within(Game.from_arrays(*[np.zeros((2, 2, 2))] * 3), "support_enumeration", 1.0)
