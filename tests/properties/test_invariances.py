"""What must not matter to any ordinal concept: the unit and zero of a payoff, names, the order of a file's tables."""

import random
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from tests.oracle.random_scenarios import scenario_text, sections

NAME = "made"
PUBLISHED = """
[scenario]
name = "made"
[players.A]
name = "Player A"
moves.a_1 = ["no", "some", "all"]
[players.B]
name = "Player B"
moves.b_1 = ["no", "some", "all"]
moves.b_2 = ["left", "right"]
[events]
deal = "a_1 >= b_1 and b_1 != 'no'"
right = "b_2 == 'right'"
[parameters]
need = { value = { pert = [0.2, 1, 2] } }
[stakes]
trade = { value = "deal * need" }
paid = { value = "deal * rank(a_1)" }
side = { value = "right * (1 + deal)" }
one = { value = "1" }
[interests.A]
trade = { weight = @3 }
paid = { weight = @-1 }
side = { weight = @-2 }
one = { weight = @0 }
[interests.B]
trade = { weight = -1 }
paid = { weight = 2 }
side = { weight = 0 }
[orders.first]
moves = ["a_1", ["b_1", "b_2"]]
[orders.second]
moves = ["b_1", "a_1", "b_2"]
"""


def rows(text: str, draws: int = 3) -> dict[str, list[Any]]:
    """Every status and count of the sweep of a file."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{NAME}.toml"
        path.write_text(text, encoding="utf-8")
        scenario = sim.load(path)
        frame = sim.sweep(scenario, draws=draws, seed=5).to_frame()
    return {
        column: frame[column].tolist() for column in frame.columns if column.endswith((".status", ".n", ".n_outcomes"))
    }


def scaled(scale: float, shift: int) -> str:
    """The file with the payoff of A in another unit and from another zero."""
    text = PUBLISHED.replace("one = { weight = @0 }", f"one = {{ weight = {scale * shift!r} }}")
    return re.sub(r"@(-?\d+)", lambda found: repr(scale * float(found[1])), text)


@settings(max_examples=25, deadline=None)
@given(st.floats(-12, 12), st.integers(-10, 10))  # wide, so that an absolute tolerance would fail
def test_the_unit_and_zero_of_one_player_change_no_status(power: float, shift: int) -> None:
    assert rows(scaled(10**power, shift)) == rows(scaled(1.0, 0))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.randoms(use_true_random=False))
def test_the_order_of_the_tables_changes_no_status(seed: int, chance: random.Random) -> None:
    parts = sections(seed, NAME)
    moves = [part for part in parts if part.startswith(("[players", "[observers"))]
    others = [part for part in parts if part not in moves]
    chance.shuffle(others)
    place = chance.randint(0, len(others))
    assert rows("\n\n".join([*others[:place], *moves, *others[place:]])) == rows("\n\n".join(parts))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.randoms(use_true_random=False))
def test_the_order_of_the_players_changes_no_status(seed: int, chance: random.Random) -> None:
    parts = sections(seed, NAME)
    if any(part.startswith("[payoffs]") for part in parts):
        return  # there the nesting follows the order of the moves, so another order is another game
    players = [part for part in parts if part.startswith("[players")]
    others = [part for part in parts if part not in players]
    chance.shuffle(players)
    assert rows("\n\n".join([*others, *players])) == rows("\n\n".join(parts))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_new_names_for_players_moves_and_options_change_no_status(seed: int) -> None:
    text = scenario_text(seed, NAME)
    new = {
        "no": "nought",
        "some": "part",
        "all": "whole",
        "low": "under",
        "high": "over",
        "left": "west",
        "mid": "centre",
    }
    renamed = re.sub(r"'(\w+)'", lambda found: f"'{new.get(found[1], found[1])}'", text)
    renamed = re.sub(r"\b([abcd])_(\d)\b", r"move_\1\2", renamed)
    renamed = re.sub(r"\b(players|interests)\.([ABCD])\b", r"\1.Land\2", renamed)
    renamed = re.sub(r"(?m)^([ABCD]) = \[", r"Land\1 = [", renamed)
    renamed = re.sub(r"'([ABCD])'", r"'Land\1'", renamed)
    renamed = re.sub(r'"([ABCD])\.', r'"Land\1.', renamed)
    renamed_rows, rows_before = (
        rows_central(renamed),
        rows_central(text),
    )  # draws go by name, so only the central game is the same
    assert renamed_rows == rows_before


def rows_central(text: str) -> dict[str, Any]:
    """The statuses of the central game under each concept."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{NAME}.toml"
        path.write_text(text, encoding="utf-8")
        scenario = sim.load(path)
        found = {
            "pure-nash": sim.solve(scenario, concept="pure-nash"),
            "strong-2": sim.solve(scenario, concept="strong-2"),
        }
        for order in re.findall(r"\[orders\.(\w+)\]", text):
            found[order] = sim.solve(scenario, concept="subgame-perfect", order=order)
    return {name: (dict(one.status), len(one.equilibria)) for name, one in found.items()}


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 10**9), st.sampled_from([(2, 2), (3, 2), (2, 3, 2), (2, 2, 2, 2)]), st.randoms(use_true_random=False)
)
def test_another_order_of_actions_or_players_moves_the_equilibria_along(
    seed: int, sizes: tuple[int, ...], chance: random.Random
) -> None:
    payoffs = np.random.Generator(np.random.Philox(seed)).integers(0, 3, (4, len(sizes), *sizes)).astype(float)
    players = chance.sample(range(len(sizes)), len(sizes))
    actions = [chance.sample(range(n), n) for n in sizes]
    moved = payoffs[:, players].transpose(0, 1, *(2 + player for player in players))
    for axis, player in enumerate(players):
        moved = np.take(moved, actions[player], axis=2 + axis)
    for concept in ("pure-nash", "strong-2"):
        before, after = sim.solve_many(payoffs, concept=concept), sim.solve_many(moved, concept=concept)
        for draw in range(len(payoffs)):
            chosen = {tuple(s.index(1.0) for s in one.strategies) for one in before.equilibria(draw).equilibria}
            back = set()
            for one in after.equilibria(draw).equilibria:
                places = [0] * len(sizes)
                for axis, player in enumerate(players):
                    places[player] = actions[player][one.strategies[axis].index(1.0)]
                back.add(tuple(places))
            assert back == chosen
