"""The Python door: shapes and names of the contract, nothing of the caller's changed, words for what is wrong."""

from pathlib import Path

import numpy as np
import pytest

import sim
from tests.made import TWO, UNSURE, listed, made

TIES = np.random.default_rng(2).integers(0, 3, (60, 3, 2, 2, 3)).astype(float)


def test_a_shipped_scenario_loads_by_name_and_by_path(root: Path) -> None:
    by_name = sim.load("vladivostok-2023")
    assert by_name.hash == sim.load(root / "scenarios/vladivostok-2023.toml").hash
    assert "4 players" in repr(by_name)
    with pytest.raises(sim.UsageError, match="vladivostok-2023"):
        sim.load("vladivostok-2022")


def test_shapes_are_those_of_the_contract() -> None:
    scenario = sim.load("vladivostok-2023")
    parameters = scenario.draws(7)
    assert {own.shape for own in parameters.values()} == {(7,)}
    assert {own.dtype for own in parameters.values()} == {np.dtype(np.float64)}
    u = scenario.payoffs(parameters)
    assert (u.shape, u.dtype) == ((7, 4, 4, 4, 2, 2, 2, 4), np.float64)
    assert scenario.normal_form(parameters).shape == (7, 4, 4, 8, 4, 4)
    assert scenario.observers(parameters).shape == (7, len(scenario.data.observers), 4, 4, 2, 2, 2, 4)
    assert {own.shape for own in scenario.central().values()} == {(1,)}
    assert list(parameters) == list(scenario.central()) == list(scenario.data.distributions())
    assert scenario.payoffs().shape[0] == 1


def test_draws_begin_alike_and_start_anywhere(tmp_path: Path) -> None:
    scenario = made(tmp_path, TWO + UNSURE)
    long, short, tail = scenario.draws(50), scenario.draws(20, seed=1), scenario.draws(30, first=20)
    for name, own in long.items():
        assert (own[:20] == short[name]).all()
        assert (own[20:] == tail[name]).all()
    assert not (scenario.draws(50, seed=2)["need"] == long["need"]).any()


@pytest.mark.parametrize(("n", "first"), [(0, 0), (-3, 0), (5, -1)])
def test_draws_of_nothing_are_refused(tmp_path: Path, n: int, first: int) -> None:
    with pytest.raises(sim.UsageError, match="Draws are counted"):
        made(tmp_path, TWO + UNSURE).draws(n, first=first)


@pytest.mark.parametrize("concept", ["pure-nash", "strong-1", "strong-2", "strong-3"])
def test_solve_many_leaves_its_input_alone_and_answers_the_same_twice(concept: str) -> None:
    given = TIES.copy()
    first, second = sim.solve_many(given, concept=concept), sim.solve_many(given, concept=concept)
    assert (given == TIES).all()
    assert listed(first) == listed(second)
    given.flags.writeable = False
    assert listed(sim.solve_many(given, concept=concept)) == listed(first)


@pytest.mark.parametrize("layout", [np.asfortranarray, lambda u: u[::-1].copy()[::-1], lambda u: u.tolist(), np.int64])
def test_how_the_tensor_lies_in_memory_changes_nothing(layout) -> None:
    expected = sim.solve_many(TIES, concept="pure-nash")
    assert listed(sim.solve_many(layout(TIES), concept="pure-nash")) == listed(expected)


def test_a_batch_shows_counts_regret_and_each_set() -> None:
    batch = sim.solve_many(TIES, concept="pure-nash")
    assert len(batch) == 60
    assert batch.complete.all()
    assert (batch.max_regret == 0).all()
    for draw in (0, 59):
        found = batch.equilibria(draw)
        assert len(found) == batch.counts[draw]
        game = sim.Game.from_arrays(*TIES[draw])
        alone = sim.solve(game, concept="pure-nash")
        for part in ("strategies", "payoffs", "strict", "pure"):
            shown = {one.strategies: getattr(one, part) for one in found.equilibria}
            assert shown == {one.strategies: getattr(one, part) for one in alone.equilibria}


def test_a_great_batch_is_solved_in_parts_with_the_same_answers() -> None:
    many = np.tile(np.round(TIES[:, :2, :, :, 0]), (700, 1, 1, 1))
    whole, part = (sim.solve_many(own, concept="pure-nash") for own in (many, many[:60]))
    assert (whole.counts == np.tile(part.counts, 700)).all()
    assert whole.equilibria(41_999).equilibria == part.equilibria(59).equilibria


@pytest.mark.parametrize(
    ("payoffs", "concept", "error", "complaint"),
    [
        (np.zeros((5, 3, 2, 2)), "pure-nash", sim.PayoffError, r"one axis a player; got \(5, 3, 2, 2\)"),
        (np.zeros((5,)), "pure-nash", sim.PayoffError, "one axis a player"),
        (np.zeros((5, 2, 0, 2)), "pure-nash", sim.PayoffError, "one axis a player"),
        ([[[1, 2], [1]]], "pure-nash", sim.PayoffError, "numbers"),
        ("many", "pure-nash", sim.PayoffError, "numbers"),
        (np.full((1, 1, 2), np.nan), "pure-nash", sim.PayoffError, "not a finite number"),
        ([[[1e308, -1e308]]], "pure-nash", sim.PayoffError, "differ by more"),
        (np.zeros((1, 1, 2)), "subgame-perfect", sim.UsageError, "needs an order"),
        (np.zeros((1, 1, 2)), "strong-2", sim.UsageError, "needs 2 players"),
        (np.zeros((1, 1, 2)), "pure", sim.UsageError, "no solution concept"),
    ],
)
def test_what_cannot_be_solved_is_refused_in_words(payoffs, concept, error, complaint) -> None:
    with pytest.raises(error, match=complaint):
        sim.solve_many(payoffs, concept=concept)


def test_solve_takes_games_and_scenarios(tmp_path: Path) -> None:
    scenario = made(tmp_path, TWO + UNSURE)
    by_scenario, by_game = sim.solve(scenario), sim.solve(scenario.game())
    assert [one.exact for one in by_scenario.equilibria] == [one.exact for one in by_game.equilibria]
    assert sim.solve(scenario, concept="subgame-perfect").order == "first_a"
    with pytest.raises(sim.UsageError, match="name one with order="):
        sim.solve(sim.load("vladivostok-2023"), concept="subgame-perfect")


def test_a_number_set_is_set_in_the_game_and_in_the_draws(tmp_path: Path) -> None:
    scenario = made(tmp_path, TWO + UNSURE)
    fixed = scenario.set(need="1/2", **{"B.gain": 0.25})
    assert set(fixed.draws(5)["need"]) == {0.5}
    assert (fixed.draws(5)["cost"] == scenario.draws(5)["cost"]).all()
    assert (fixed.game().exact == scenario.game(need=0.5, **{"B.gain": "1/4"}).exact).all()
    for bad in ("much", float("nan"), "1/0"):
        with pytest.raises(sim.UsageError, match="'need' must be set to a number"):
            scenario.set(need=bad)
    with pytest.raises(sim.UsageError, match=r"'ned' is no parameter.*'need'"):
        scenario.set(ned=1)


def test_a_sweep_in_memory_has_its_table_and_its_rows(tmp_path: Path) -> None:
    found = sim.sweep(made(tmp_path, TWO + UNSURE), draws=100, seed=3, concepts=["pure-nash"])
    table = found.table()
    assert table["event"].tolist() == ["agreed", "high"]
    words = ["always", "sometimes", "never", "none", "open", "unsolved"]
    assert table[words].sum(axis=1).tolist() == pytest.approx([1, 1])
    frame = found.to_frame()
    assert len(frame) == 100
    assert (frame["pure-nash.agreed.status"] == "always").mean() == table["always"][0] == table["lower"][0]
    assert list(found.to_frame(["draw", "p.need"])) == ["draw", "p.need"]
    assert "100 draws, seed 3" in repr(found)


def test_a_game_file_is_no_scenario_and_the_right_door_is_named() -> None:
    with pytest.raises(sim.UsageError, match=r"use sim\.read_game\('ps\.nfg'\)"):
        sim.load("ps.nfg")


def test_a_batch_is_indexed_and_looped_over_by_draw() -> None:
    batch = sim.solve_many(np.random.default_rng(2).normal(size=(3, 2, 2, 2)))
    assert [one.game for one in batch] == ["draw 0", "draw 1", "draw 2"]
    assert batch[-1].to_dict()["equilibria"] == batch.equilibria(2).to_dict()["equilibria"]
    with pytest.raises(IndexError):
        batch[3]
