"""What the Makefile runs: the warm-up compiles what the batch solvers use, and the main job does not wait for it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def makefile(root: Path) -> str:
    return (root / "Makefile").read_text(encoding="utf-8")


def test_the_warm_up_leaves_nothing_to_compile_for_batches_sweeps_and_single_games(makefile: str, root: Path) -> None:
    (warm_up,) = re.findall(r'python -c "(import numpy, sim; .*)"\n', makefile)
    count = """
import numba.core.compiler as compiler
made, before = [], compiler.compile_extra
compiler.compile_extra = lambda *a, **k: (made.append(a), before(*a, **k))[1]
sim.solve_many(numpy.random.default_rng(1).normal(size=(2, 3, 2, 2, 3)))
sim.solve_many(numpy.random.default_rng(1).normal(size=(2, 2, 3, 4)))
sim.solve_many(numpy.random.default_rng(1).normal(size=(70, 3, 2, 2, 3)), "strong-2")
scenario = sim.load("vladivostok-2023")
sim.sweep(scenario, 100, 3, concepts=["pure-nash", "subgame-perfect"])
sim.solve(scenario, "strong-3")
scenario.payoffs(scenario.draws(3))
print(len(made))
"""
    said = subprocess.run([sys.executable, "-c", warm_up + count], cwd=root, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "0"


def test_the_main_job_does_not_wait_for_the_warm_up_and_an_installation_does(makefile: str) -> None:
    assert re.search(r"^demo: \$\(STAMP\)$", makefile, re.MULTILINE)
    assert re.search(r"^install: .*\$\(WARM\)$", makefile, re.MULTILINE)
