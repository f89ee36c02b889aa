"""Tiny scenarios whose answers are known in closed form."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sim.scenario.model import ScenarioData
from sim.scenario.reader import read_scenario

# Russia gains `shells` and pays `cost` where there is a deal; North Korea gains 4. Nobody delivers alone.
# So "no deal" is Nash in every draw; the deal is Nash, and the only 2-strong outcome, iff cost < RU.shells.
BARTER = """
[scenario]
name = "barter"
[players.RU]
name = "Russia"
moves.offer = ["none", "goods"]
[players.NK]
name = "North Korea"
moves.ask = ["none", "goods"]
[events]
deal = "offer == 'goods' and ask == 'goods'"
[parameters]
cost = { value = COST, unit = "points" }
idle = { value = { uniform = [0, 1] }, unit = "1" }
[stakes]
shells = { value = "deal", incentive = "ammunition" }
payment = { value = "deal * cost", swing = 2.0 }
food = { value = "deal" }
[interests.RU]
shells = { weight = SHELLS }
payment = { weight = -2 }
[interests.NK]
food = { weight = 4 }
[orders.russia_first]
moves = ["offer", "ask"]
"""

Maker = Callable[..., ScenarioData]


@pytest.fixture
def scenario_of(tmp_path: Path) -> Maker:
    """Write a scenario file and read it; the name is its file's."""

    def make(text: str, name: str = "barter") -> ScenarioData:
        path = tmp_path / f"{name}.toml"
        path.write_text(text)
        return read_scenario(path)

    return make


@pytest.fixture
def barter(scenario_of: Maker) -> Maker:
    """The barter game with some cost and some value of shells, each as it stands in the file."""

    def make(cost: str = "{ uniform = [0, 10] }", shells: str = "6", extra: str = "") -> ScenarioData:
        return scenario_of(BARTER.replace("COST", cost).replace("SHELLS", shells) + extra)

    return make


@pytest.fixture(scope="session")
def baseline() -> ScenarioData:
    """The shipped baseline."""
    return read_scenario(Path(__file__).parents[2] / "scenarios" / "vladivostok-2023.toml")
