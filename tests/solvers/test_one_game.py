"""One game, one concept: certificates, profiles, events and statuses."""

from fractions import Fraction
from pathlib import Path

import pytest

import sim
from sim.scenario.reader import read_scenario
from sim.solvers.one_game import solve_game, solve_scenario
from tests.made import TWO, made

DEAL = """
[events]
agreed = "a == 'high' and b == 'yes'"
idle = "b == 'no'"
[stakes]
both = { value = "agreed * 2 + (a == 'low' and b == 'no')" }
[interests.A]
both = { weight = 1 }
[interests.B]
both = { weight = 1 }
[orders.a_first]
moves = ["a", "b"]
"""


def test_two_equilibria_that_differ_in_an_event_leave_it_at_sometimes(tmp_path: Path) -> None:
    (found,) = solve_scenario(made(tmp_path, TWO + DEAL).data, "pure-nash")
    assert [dict(one.profile) for one in found.equilibria] == [{"a": "low", "b": "no"}, {"a": "high", "b": "yes"}]
    assert [one.strict for one in found.equilibria] == [True, True]
    assert dict(found.status) == {"agreed": "sometimes", "idle": "sometimes"}
    assert [one.events["agreed"] for one in found.equilibria] == [0, 1]
    assert (found.complete, found.why) == (True, "every profile checked; pure play alone")


def test_the_pair_and_the_first_mover_reach_the_better_one(tmp_path: Path) -> None:
    scenario = made(tmp_path, TWO + DEAL)
    for concept in ("strong-2", "subgame-perfect"):
        (found,) = solve_scenario(scenario.data, concept)
        assert dict(found.status) == {"agreed": "always", "idle": "never"}
        assert found.equilibria[0].payoffs == (2, 2)


def test_a_mixed_equilibrium_gives_an_event_its_share(tmp_path: Path) -> None:
    (found,) = solve_scenario(made(tmp_path, TWO + DEAL).data, "nash")
    mixed = [one for one in found.equilibria if not one.pure]
    assert len(mixed) == 1
    assert mixed[0].events["agreed"] == pytest.approx(1 / 9)  # each plays its part of the better one with 1/3
    assert mixed[0].profile is None
    assert mixed[0].to_dict().keys() >= {"events", "exact", "regret"}


def test_without_an_equilibrium_every_event_has_none(tmp_path: Path) -> None:
    pennies = (
        TWO
        + """
[allow]
a = ["low", "high"]
[events]
same = "(a == 'high') == (b == 'yes')"
[stakes]
match = { value = "same" }
[interests.A]
match = { weight = 1 }
[interests.B]
match = { weight = -1 }
"""
    )
    scenario = made(tmp_path, pennies)
    (found,) = solve_scenario(scenario.data, "pure-nash")
    assert (len(found), dict(found.status)) == (0, {"same": "none"})
    (mixed,) = solve_scenario(scenario.data, "nash")
    assert dict(mixed.status) == {"same": "sometimes"}
    assert mixed.equilibria[0].events["same"] == 0.5


def test_a_number_set_changes_the_game_and_an_unknown_one_is_refused(tmp_path: Path) -> None:
    scenario = made(tmp_path, TWO + DEAL)
    (found,) = solve_scenario(scenario.data, "pure-nash", values={"A.both": Fraction(-1)})
    assert {one.profile["a"] for one in found.equilibria} == {"mid"}
    with pytest.raises(sim.UsageError, match=r"'A\.bth' is no parameter"):
        solve_scenario(scenario.data, "pure-nash", values={"A.bth": Fraction(1)})


def test_three_players_under_nash_have_their_mixed_equilibria_too() -> None:
    game = sim.load("mckelvey-mclennan").game()
    found = solve_game(game, "nash")
    assert found.complete
    assert len(found) == 9
    assert {one.strategies for one in found.equilibria if one.pure} == {
        one.strategies for one in solve_game(game, "pure-nash").equilibria
    }
    assert any(not one.pure for one in found.equilibria)


def test_one_player_alone_takes_its_best(tmp_path: Path) -> None:
    game = sim.Game.from_arrays([1, 3, 3])
    assert [one.strategies[0].index(1) for one in solve_game(game, "pure-nash").equilibria] == [1, 2]


def test_an_order_needs_a_scenario() -> None:
    with pytest.raises(sim.UsageError, match="needs an order"):
        solve_game(sim.Game.from_arrays([[1]], [[1]]), "subgame-perfect")


def test_an_event_that_holds_everywhere_is_always_true_of_mixed_play(tmp_path: Path) -> None:
    rows = [[str(int(i == j) + 10 * int((i + 1) % 7 == j)) for j in range(7)] for i in range(7)]
    table = "[" + ", ".join("[" + ", ".join(row) + "]" for row in rows) + "]"
    other = table.replace("10", "-10")
    options = "[" + ", ".join(f"'s{k}'" for k in range(7)) + "]"
    anything = " or ".join(f"x == 's{k}'" for k in range(7))
    file = tmp_path / "cycle.toml"
    file.write_text(
        f"""[scenario]
name = "cycle"
title = "Seven"
[players.A]
name = "A"
moves.x = {options}
[players.B]
name = "B"
moves.y = {options}
[events]
anything = "{anything}"
one = "x == 's0'"
[payoffs]
A = {table}
B = {other}
"""
    )
    (found,) = solve_scenario(read_scenario(file), "nash")
    assert any(not one.pure for one in found.equilibria)
    assert found.status is not None
    assert found.status["anything"] == "always"
    assert found.status["one"] == "sometimes"


def test_an_action_listed_beside_another_as_a_tie_makes_neither_of_them_strict() -> None:
    near = 1 - 1e-13  # a tie at a range of 1
    game = sim.Game.from_arrays([[1.0], [near], [0.0]], [[0.0], [0.0], [0.0]])
    tied = solve_game(game, "pure-nash")
    assert [one.strict for one in tied.equilibria] == [False, False]
    apart = solve_game(sim.Game.from_arrays([[1.0], [1 - 1e-9], [0.0]], [[0.0], [0.0], [0.0]]), "pure-nash")
    assert [one.strict for one in apart.equilibria] == [True]
