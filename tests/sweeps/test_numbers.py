"""Numbers that a store leaves out come back from the seed, to the bit."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

import sim
from sim.sweeps.found import open_sweep
from tests.made import TWO, UNSURE, made
from tests.sweeps.swept import assert_same

EVERY = "[[correlated]]\nof = ['cost', 'odds']\nrho = 0.4\n[[ranked]]\nof = ['A.gain', 'A.face']\ntotal = 10\n"


@pytest.mark.parametrize("sampler", ["mc", "sobol"])
def test_outcomes_alone_give_the_frame_of_the_whole(tmp_path: Path, sampler: str) -> None:
    body = TWO + UNSURE.replace("normal = [0, 1] }", "normal = [0, 1], within = [-2, 1.5] }").replace(
        "gain = { weight = { pert = [1, 2, 5] } }\nface = { weight = -1 }",
        "gain = { weight = 1 }\nface = { weight = -1 }",
    )
    scenario = made(tmp_path, body.replace("[orders.first_a]", EVERY + "[orders.first_a]"))
    common = {"first": 5, "chunk": 16, "sampler": sampler, "seed": 4}
    whole = sim.sweep(scenario, 60, out=tmp_path / "all", **common)
    sim.sweep(scenario, 60, out=tmp_path / "few", store="outcomes", **common)
    names = pq.read_schema(tmp_path / "few/draws/part-00000.parquet").names
    assert not [name for name in names if name.startswith(("p.", "w."))]
    opened = open_sweep(tmp_path / "few")
    assert_same(opened, whole)
    some = ["w.B.gain", "draw", "pure-nash.n", "p.cost", "w.A.gain"]
    assert opened.to_frame(some).equals(whole.to_frame(some))
