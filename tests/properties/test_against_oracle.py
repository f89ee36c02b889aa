"""The engine's payoffs and every batch concept against the slow second answer, to the last decision."""

from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from tests.oracle import shares
from tests.oracle.concepts import Plain, Profile, strong
from tests.oracle.random_scenarios import scenario_text
from tests.oracle.reading import Scenario

SHIPPED = sorted((Path(__file__).parents[2] / "scenarios").glob("*.toml"))
RANDOM_FILES = 300


def fractions_of(parameters: Any, draw: int) -> dict[str, Fraction]:
    """The exact binary values of one draw."""
    return {name: Fraction(float(column[draw])) for name, column in parameters.items()}


def assert_same_payoffs(
    plain: Scenario, exact: dict[str, dict[Profile, Fraction]], engine: Any, observers: Any
) -> None:
    """Payoffs of one draw agree to 1e-12 of the greatest payoff of the player."""
    for names, tensor in ((plain.players, engine), (plain.observers, observers)):
        assert len(tensor) == len(names)
        for who, own in zip(names, tensor, strict=True):
            expected = np.array([float(value) for value in exact[who].values()]).reshape(own.shape)
            np.testing.assert_allclose(
                own, expected, rtol=0, atol=1e-12 * max(1.0, np.abs(expected).max()), err_msg=who
            )


def assert_same_draws(path: Path, draws: int, seed: int) -> Counter[str]:
    """Central game and draws of one file: payoffs, then every column of a sweep. Counts how often each status came."""
    plain, scenario = Scenario(path), sim.load(path)
    seen: Counter[str] = Counter()
    central = scenario.central()
    game = assert_same_values(plain, scenario, central, 0)
    assert_same_solutions(plain, game, scenario)
    parameters = scenario.draws(draws, seed)
    payoffs, observers = scenario.payoffs(parameters), scenario.observers(parameters)
    concepts = list(dict.fromkeys(name.split(".")[0] for name in shares.equilibria(plain, game)))
    frame = sim.sweep(scenario, draws=draws, seed=seed, concepts=concepts).to_frame()
    assert frame["draw"].tolist() == list(range(draws))
    for draw in range(draws):
        exact = plain.payoffs(fractions_of(parameters, draw))
        assert_same_payoffs(plain, exact, payoffs[draw], observers[draw])
        expected = shares.row(plain, shares.equilibria(plain, shares.plain_game(plain, exact)))
        shown = {column: frame[column].iloc[draw] for column in expected if column in frame.columns}
        assert shown == expected, f"{path.name}, draw {draw}"
        seen.update(value for column, value in expected.items() if column.endswith(".status"))
    return seen


def assert_same_values(plain: Scenario, scenario: Any, parameters: Any, draw: int) -> Plain:
    """Whole ladders first, then the normal form: the allowed actions, moves of one player merged, the last fastest."""
    exact = plain.payoffs(fractions_of(parameters, draw))
    assert_same_payoffs(plain, exact, scenario.payoffs(parameters)[draw], scenario.observers(parameters)[draw])
    normal = scenario.normal_form(parameters)[draw]
    for who, own in zip(plain.players, normal, strict=True):
        cells = [float(exact[who][p]) for p in in_player_order(plain)]
        np.testing.assert_allclose(own.ravel(), cells, rtol=0, atol=1e-12 * max(1.0, max(map(abs, cells))))
    return shares.plain_game(plain, exact)


def in_player_order(plain: Scenario) -> list[Profile]:
    """The allowed profiles, the last action of the last player fastest."""
    order = sorted(range(len(plain.moves)), key=lambda move: plain.players.index(plain.owner[plain.moves[move]]))
    return sorted(plain.profiles(allowed_only=True), key=lambda p: [p[move] for move in order])


def assert_same_solutions(plain: Scenario, game: Plain, scenario: Any) -> None:
    """Every concept of the central game: the very profiles, and the statuses."""
    for name, profiles in shares.equilibria(plain, game).items():
        concept, _, order = name.partition(".")
        found = sim.solve(scenario, concept=concept, **({"order": order} if order else {}))
        named = {tuple(plain.options[move][rank] for move, rank in zip(plain.moves, p, strict=True)) for p in profiles}
        shown = [tuple(one.profile[move] for move in plain.moves) for one in found.equilibria]
        assert len(shown) == len(set(shown)), f"{name}: an equilibrium is listed twice"
        assert set(shown) == named, name
        expected = shares.row(plain, {name: profiles})
        assert dict(found.status) == {event: expected[f"{name}.{event}.status"] for event in plain.events}, name
        assert found.complete, name


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_scenario_has_the_payoffs_and_equilibria_of_the_oracle(path: Path) -> None:
    assert_same_draws(path, draws=4, seed=11)


@pytest.mark.parametrize("first", range(0, RANDOM_FILES, 50))
def test_random_scenarios_full_of_ties_have_those_of_the_oracle(tmp_path: Path, first: int) -> None:
    seen: Counter[str] = Counter()
    for seed in range(first, first + 50):
        path = tmp_path / f"made_{seed}.toml"
        path.write_text(scenario_text(seed, path.stem), encoding="utf-8")
        seen += assert_same_draws(path, draws=2, seed=seed)
    assert all(seen[word] > 0 for word in ("always", "sometimes", "never"))  # the files are no trivial ones


@pytest.mark.parametrize(("gain", "stable"), [(0.9e-12, {0, 1}), (1.1e-12, {1})])
def test_both_sides_of_the_tolerance_are_those_of_the_definition(gain: float, stable: set[int]) -> None:
    own = np.array([[1.0 - gain], [1.0], [0.0]])
    found = sim.solve_many(np.stack([own, np.zeros_like(own)])[None], concept="pure-nash").equilibria(0)
    assert {one.strategies[0].index(1.0) for one in found.equilibria} == stable
    exact = {(k, 0): Fraction(float(own[k, 0])) for k in range(3)}
    plain = Plain.of("AB", [range(3), range(1)], {"A": exact, "B": dict.fromkeys(exact, 0)})
    assert {p[0] for p in strong(plain, 1)} == stable
