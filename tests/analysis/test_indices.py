"""An index is minus one payoff on the scale of the central game, over the equilibria of each draw."""

from pathlib import Path

import numpy as np
import pytest

import sim
from sim.analysis.indices import indices
from sim.solvers.concepts import Request, requests_for

INDEX = '[indices.worry]\nof = "NK"\n[indices.pain]\nof = "RU"\n'


def test_the_index_of_known_equilibria_is_known(barter, scenario_of) -> None:
    scenario = scenario_of(Path(barter("{ uniform = [0, 10] }").path).read_text() + INDEX)
    found = indices(scenario, requests=[Request("pure-nash"), Request("strong-2")], draws=200, seed=1)
    worry, _, strong, _ = found.rows
    assert (worry.index, worry.of, worry.row) == ("worry", "NK", "pure-nash")
    assert worry.central == (0.0, 100.0)  # a deal gives North Korea 4, none gives it 0, and both are equilibria
    assert strong.central == (0.0, 0.0)  # the pair leaves "no deal"
    assert strong.with_equilibrium == 200
    assert strong.greatest is not None
    assert strong.greatest[2] == 100.0  # where the cost is above 6 there is no deal


def test_every_index_equals_a_loop_over_draws_and_profiles() -> None:
    scenario = sim.load("vladivostok-2023")
    requests = requests_for(scenario.data)
    draws = 40
    found = indices(scenario.data, requests=requests, draws=draws, seed=3)
    parameters = scenario.draws(draws, 3)
    center = -scenario.observers()[0, 0]
    felt = -scenario.observers(parameters)[:, 0]
    scaled = 100 * (felt - center.min()) / (center.max() - center.min())
    (row,) = [one for one in found.rows if one.of == "KR" and one.row == "pure-nash"]
    tensors = scenario.payoffs(parameters)
    least = []
    for draw in range(draws):
        stable = [
            scaled[(draw, *at)]
            for at in np.ndindex(scaled.shape[1:])
            if all(tensors[(draw, k, *at)] >= _best(tensors[draw, k], at, axes) - 1e-9 for k, axes in enumerate(AXES))
        ]
        least += [min(stable)] if stable else []
    assert row.with_equilibrium == len(least)
    assert row.least is not None
    assert row.least[1] == pytest.approx(float(np.median(least)), abs=1e-9)


AXES = ((0,), (1, 2), (3, 4), (5,))  # each player's moves in the baseline


def _best(own: np.ndarray, at: tuple[int, ...], axes: tuple[int, ...]) -> float:
    place = tuple(slice(None) if axis in axes else k for axis, k in enumerate(at))
    return float(own[place].max())


def test_a_scenario_without_indices_has_no_rows(barter) -> None:
    assert indices(barter(), requests=[Request("pure-nash")], draws=10, seed=1).rows == ()
