"""Small scenarios written inside a test."""

from pathlib import Path

import sim
from sim.solvers.equilibria import EquilibriumBatch

TWO = """
[players.A]
name = "A"
moves.a = ["low", "mid", "high"]
[players.B]
name = "B"
moves.b = ["no", "yes"]
[observers.O]
name = "O"
"""

UNSURE = """
[events]
agreed = "b == 'yes' and a >= 'mid'"
high = "a == 'high'"

[parameters]
need = { value = { pert = [0.1, 0.4, 1.5] } }
tilt = { value = { beta = [0.5, 2] } }
luck = { value = { normal = [0, 1] } }
cost = { value = { uniform = [0, 1] } }
odds = { value = { triangular = [0, 1, 3] } }
size = { value = { lognormal = [1, 0.5] } }
mood = { value = { choice = { values = [1, 2], shares = [0.25, 0.75] } } }
known = { value = 0.3 }

[stakes]
gain = { value = "agreed * need * size - rank(a) * cost * odds", swing = 2 }
face = { value = "sqrt(tilt + known) * (b == 'yes') + luck * mood * exp(-need) * (a == 'mid')" }

[interests.A]
gain = { weight = { pert = [1, 2, 5] } }
face = { weight = -1 }
[interests.B]
gain = { weight = { uniform = [-1, 1] } }
face = { weight = { triangular = [-2, 0.5, 1] } }
[interests.O]
face = { weight = 3 }

[orders.first_a]
moves = ["a", "b"]
"""


def made(folder: Path, body: str, name: str = "made") -> sim.Scenario:
    """Write a scenario file with this body into `folder` and load it."""
    path = folder / f"{name}.toml"
    path.write_text(f'[scenario]\nname = "{name}"\n{body}', encoding="utf-8")
    return sim.load(path)


def listed(batch: EquilibriumBatch) -> list[list[tuple[tuple[float, ...], ...]]]:
    """The strategies of every equilibrium of every draw."""
    return [[one.strategies for one in batch.equilibria(draw).equilibria] for draw in range(len(batch))]
